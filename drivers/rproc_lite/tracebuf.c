// SPDX-License-Identifier: GPL-2.0-only
/* Trace buffers: where text begins and ends in memory that a remote writes. */
#include "tracebuf.h"

#include <linux/rproc_lite.h>

/* Where the oldest text begins, in a buffer that has a NUL. */
static size_t oldest(const u8 *buf, size_t size)
{
	size_t nul = (size_t)((const u8 *)memchr(buf, 0, size) - buf);

	/* Text behind the NUL is from before the writer came round. */
	return nul + 1 < size && buf[nul + 1] ? nul + 1 : 0;
}

size_t rl_trace_read(const u8 *buf, size_t size, u64 *cursor, u8 *out, size_t len)
{
	bool ends = memchr(buf, 0, size);
	size_t at, n = 0;

	if (*cursor <= size)
		at = (size_t)*cursor;
	else
		at = ends ? oldest(buf, size) : 0;

	while (n < len) {
		if (at == size && ends)
			at = 0;
		/* Full, and never ended: the writer stopped, and so do we. */
		if (at == size || !buf[at])
			break;
		out[n++] = buf[at++];
	}
	*cursor = at;
	return n;
}
