/* SPDX-License-Identifier: GPL-2.0-only */
/* checkpatch: OPEN_ENDED_LINE, PARENTHESIS_ALIGNMENT: trace events are written so. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM rproc_lite

#if !defined(RL_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define RL_TRACE_H

#include <linux/tracepoint.h>
#include "compat.h"
#include "state.h"

/* A remote went from one state to another. */
TRACE_EVENT(rproc_lite_state,
	TP_PROTO(int id, enum rproc_lite_state from, enum rproc_lite_state to),
	TP_ARGS(id, from, to),
	TP_STRUCT__entry(
		__field(int, id)
		__field(int, from)
		__field(int, to)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->from = from;
		__entry->to = to;
	),
	TP_printk("r%d %s -> %s", __entry->id,
		  __print_symbolic(__entry->from,
				   { 0, "Offline" }, { 1, "Configured" }, { 2, "Ready" },
				   { 3, "Running" }, { 4, "Stopped" }, { 5, "Suspended" },
				   { 6, "Crashed" }),
		  __print_symbolic(__entry->to,
				   { 0, "Offline" }, { 1, "Configured" }, { 2, "Ready" },
				   { 3, "Running" }, { 4, "Stopped" }, { 5, "Suspended" },
				   { 6, "Crashed" }))
);

/* An image was loaded, or placed again; or that failed. */
TRACE_EVENT(rproc_lite_load,
	TP_PROTO(int id, const char *image, u64 bytes, int error),
	TP_ARGS(id, image, bytes, error),
	TP_STRUCT__entry(
		__field(int, id)
		__string(image, image)
		__field(u64, bytes)
		__field(int, error)
	),
	TP_fast_assign(
		__entry->id = id;
		rl_assign_str(image, image);
		__entry->bytes = bytes;
		__entry->error = error;
	),
	TP_printk("r%d %s: %llu bytes, error %d", __entry->id, __get_str(image),
		  __entry->bytes, __entry->error)
);

/* One side rang for the other; with -1 for all that it may be about. */
TRACE_EVENT(rproc_lite_kick,
	TP_PROTO(int id, bool from_remote, s64 notifyid),
	TP_ARGS(id, from_remote, notifyid),
	TP_STRUCT__entry(
		__field(int, id)
		__field(bool, from_remote)
		__field(s64, notifyid)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->from_remote = from_remote;
		__entry->notifyid = notifyid;
	),
	TP_printk("r%d %s %lld", __entry->id,
		  __entry->from_remote ? "rings for" : "is rung for", __entry->notifyid)
);

/* A remote does not run any more, and should. */
TRACE_EVENT(rproc_lite_crash,
	TP_PROTO(int id, enum rproc_lite_crash cause, u32 count, const char *text),
	TP_ARGS(id, cause, count, text),
	TP_STRUCT__entry(
		__field(int, id)
		__field(int, cause)
		__field(u32, count)
		__string(text, text)
	),
	TP_fast_assign(
		__entry->id = id;
		__entry->cause = cause;
		__entry->count = count;
		rl_assign_str(text, text);
	),
	TP_printk("r%d cause %d, the %u. time: %s", __entry->id, __entry->cause,
		  __entry->count, __get_str(text))
);

#endif /* RL_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
