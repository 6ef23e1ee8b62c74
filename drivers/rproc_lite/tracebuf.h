/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_TRACEBUF_H
#define RL_TRACEBUF_H

#include "env.h"

/**
 * rl_trace_read() - what a trace buffer holds from a cursor on
 * @buf: one copy of the buffer: the remote goes on writing to the original
 * @size: bytes of it, not zero
 * @cursor: offset where the last call stopped, or RPROC_LITE_TRACE_OLDEST; is
 *	moved on
 * @out: for the text, which may hold any byte but NUL
 * @len: bytes of @out
 *
 * Firmware writes text that a NUL follows, from the start of the buffer; when
 * it comes to the end it stops, or goes on at the start. So a NUL at the
 * cursor means that nothing is new. A remote that writes more than the whole
 * buffer between two calls overtakes the reader, who then gets what is there.
 *
 * Context: any.
 * Return: bytes in @out; 0 if nothing is new.
 */
size_t rl_trace_read(const u8 *buf, size_t size, u64 *cursor, u8 *out, size_t len);

#endif /* RL_TRACEBUF_H */
