/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPROCCTL_HEXDUMP_H
#define RPROCCTL_HEXDUMP_H

#include "env.h"

#define HEXDUMP_LINE	16	/* bytes */

/**
 * struct hexdump - memory as text, 16 bytes a line, with their address
 * @f: where to
 * @addr: of the next byte
 * @last: the line before
 * @began: there is one
 * @skipping: that was like the one before it, and is not shown
 */
struct hexdump {
	FILE *f;
	u64 addr;
	u8 last[HEXDUMP_LINE];
	bool began;
	bool skipping;
};

/* Some more. @len: bytes, but for the last call a multiple of HEXDUMP_LINE. */
void hexdump_add(struct hexdump *h, const u8 *data, size_t len);

/* The address behind the last byte. */
void hexdump_end(struct hexdump *h);

#endif /* RPROCCTL_HEXDUMP_H */
