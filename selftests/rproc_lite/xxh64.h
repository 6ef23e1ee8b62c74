/* SPDX-License-Identifier: GPL-2.0-only */
/* XXH64 of seed 0, by its specification: what INFO's digest must be. */
#ifndef XXH64_H
#define XXH64_H

#include <stddef.h>
#include <stdint.h>

struct xxh64 {
	uint64_t acc[4];
	uint64_t len;
	uint8_t rest[32];
};

void xxh64_begin(struct xxh64 *x);
void xxh64_add(struct xxh64 *x, const void *bytes, size_t len);
uint64_t xxh64_end(const struct xxh64 *x);

uint64_t xxh64(const void *bytes, size_t len);

#endif /* XXH64_H */
