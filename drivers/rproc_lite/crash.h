/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_CRASH_H
#define RL_CRASH_H

#include "env.h"
#include <linux/rproc_lite.h>

struct rproc_lite;

/*
 * A remote that should run does not: to Crashed, or Stopped if it had been asked to
 * shut down. Does nothing while an operation runs, in another state, or if
 * run_seq is not @seq any more: that was another run, or seen amid a stop that
 * failed. Return: whether it was looked at.
 */
bool rl_crashed(struct rproc_lite *rproc, u64 seq, enum rproc_lite_crash cause);

#endif /* RL_CRASH_H */
