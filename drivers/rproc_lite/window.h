/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_WINDOW_H
#define RL_WINDOW_H

#include <linux/rproc_lite.h>

/*
 * Name part of a region, or take the name away: see rl_memmap_add_window().
 * -EBUSY while an operation runs.
 */
int rl_add_mem(struct rproc_lite *rproc, const char *name, u64 da, u64 size,
	       struct rproc_lite_verdict *v);
int rl_remove_mem(struct rproc_lite *rproc, const char *name, struct rproc_lite_verdict *v);

#endif /* RL_WINDOW_H */
