/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_COREDUMP_H
#define RL_COREDUMP_H

#include <linux/types.h>

struct rproc_lite;
struct rproc_lite_policy;

/**
 * rl_coredump() - offer a core dump of a crashed remote to user space
 * @rproc: Crashed, and claimed with RL_EV_DUMP
 * @policy: says how, and how long to wait
 *
 * Through the kernel's devcoredump, for the device that is the remote's parent: all
 * declared RAM that something was placed in. With RPROC_LITE_COREDUMP_INLINE it returns
 * when that was read, nobody wants it any more, its time is over, or the claim was
 * cancelled. What is not dumped is told in the log, and with the crash in @rproc->last.
 *
 * Context: may sleep; without any lock.
 */
void rl_coredump(struct rproc_lite *rproc, const struct rproc_lite_policy *policy);

/* The remote is going: what is left of its dumps has ended. May sleep. */
void rl_coredump_end(struct rproc_lite *rproc);

#endif /* RL_COREDUMP_H */
