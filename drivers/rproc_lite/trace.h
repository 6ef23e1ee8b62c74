/* SPDX-License-Identifier: GPL-2.0-only */
/* checkpatch: OPEN_ENDED_LINE, PARENTHESIS_ALIGNMENT: trace events are written so. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM rproc_lite

#if !defined(RL_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define RL_TRACE_H

#include <linux/tracepoint.h>
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

#endif /* RL_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
