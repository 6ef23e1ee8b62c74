/* SPDX-License-Identifier: GPL-2.0-only */
/* A trace buffer, read on and on, across restarts of the remote. */
#ifndef RPROCCTL_TRACE_H
#define RPROCCTL_TRACE_H

#include "device.h"

#define TRACE_CHUNK	16384

/**
 * struct trace - a reader of one trace buffer
 * @dev: the remote; its INFO is kept up to date while following
 * @index: which buffer
 * @cursor: where to read on
 * @size: of the buffer, 0 while not known
 * @last_state: as last seen
 * @last_seq: number of that state
 * @run_seq: number of the Running whose words @cursor is in
 * @rang: the remote did, the last time that we waited
 * @escape: standard output is a terminal
 * @held: bytes at the start of @data that are a character cut short
 * @data: what was read and not yet printed
 */
struct trace {
	struct device *dev;
	u32 index;
	u64 cursor;
	u32 size;
	u32 last_state;
	u64 last_seq;
	u64 run_seq;
	bool rang;
	bool escape;
	size_t held;
	u8 data[TRACE_CHUNK];
};

/* Why following ended. */
enum trace_end {
	TRACE_SIGNAL,		/* signals_caught() */
	TRACE_GONE,		/* the remote is unbound */
	TRACE_STATE,		/* it is not Running any more */
	TRACE_OUTPUT,		/* standard output failed */
	TRACE_ERROR,		/* *v says what */
};

/* From the oldest byte of buffer @index on. */
void trace_init(struct trace *t, struct device *d, u32 index);

/**
 * trace_print() - print all that is there now
 * @t: the reader
 * @v: the reason, if that fails
 *
 * Return: 0, -EPIPE if standard output failed, or the kernel's errno: -ENOENT
 * where there is no such buffer now.
 */
int trace_print(struct trace *t, struct rproc_lite_verdict *v);

/**
 * trace_follow() - print what comes, until something ends that
 * @t: the reader
 * @running_only: end once the remote is not Running, and all was printed
 * @v: the reason of TRACE_ERROR
 */
enum trace_end trace_follow(struct trace *t, bool running_only,
			    struct rproc_lite_verdict *v);

#endif /* RPROCCTL_TRACE_H */
