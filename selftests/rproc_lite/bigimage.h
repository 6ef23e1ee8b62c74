/* SPDX-License-Identifier: GPL-2.0-only */
/* Large images: the test firmware, and behind it as many bytes more as one wants. */
#ifndef BIGIMAGE_H
#define BIGIMAGE_H

#include <stddef.h>
#include <stdint.h>

#include "segments.h"

/**
 * struct big_image - what is wanted, and what came of it
 * @da: where the bytes go
 * @size: how many; they look random
 * @debug: bytes behind them in the file, in a section that nobody loads
 * @zstd: compressed as zstd does it; then the bytes are runs, not random
 * @needed: out: bytes of the file that a load has to read
 * @digest: out: XXH64 of what is placed
 * @loaded: out: bytes that are placed
 */
struct big_image {
	uint64_t da;
	size_t size;
	size_t debug;
	int zstd;
	uint64_t needed;
	uint64_t digest;
	uint64_t loaded;
};

/* To @file, from where it is. Return: 0 or a negative errno. */
int big_image_write(struct big_image *big, const struct segments *firmware, int file);

/* Byte @i of those @size. */
uint8_t big_image_byte(const struct big_image *big, size_t i);

#endif /* BIGIMAGE_H */
