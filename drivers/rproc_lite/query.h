/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_QUERY_H
#define RL_QUERY_H

#include <linux/rproc_lite.h>

#include "rights.h"

struct rproc_lite;

/*
 * What the uapi structs of the same name say. All answer at once, whatever
 * operation is running; -ENODEV if the remote is going away, -ENOENT past the
 * last index. Context: may sleep, takes the remote's lock.
 */
int rl_query_info(struct rproc_lite *rproc, struct rproc_lite_info *info);
int rl_query_policy(struct rproc_lite *rproc, struct rproc_lite_policy *policy);
/* Both at once, and the number of the last notice; up to the notice that it was removed. */
int rl_query_told(struct rproc_lite *rproc, struct rproc_lite_info *info,
		  struct rproc_lite_policy *policy, u64 *seq);
int rl_query_region(struct rproc_lite *rproc, struct rproc_lite_region *region);
int rl_query_placement(struct rproc_lite *rproc, struct rproc_lite_placement *placement);

/* @rsc->data_len bytes of the entry are copied to @data, fewer if it is shorter. */
int rl_query_rsc(struct rproc_lite *rproc, struct rproc_lite_rsc *rsc, void *data);

/*
 * At most @trace->data_len bytes of text are copied to @data. Also -ENOMEM, and -EPERM for one in
 * device memory without @right.
 */
int rl_query_trace(struct rproc_lite *rproc, enum rl_right right, struct rproc_lite_trace *trace,
		   void *data);

#endif /* RL_QUERY_H */
