/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_LIFECYCLE_H
#define RL_LIFECYCLE_H

#include "env.h"
#include "rights.h"
#include <linux/rproc_lite.h>

/*
 * Refuse all that is new, cancel what runs, stop and shut down, whatever it
 * takes. For unregistering.
 */
void rl_teardown(struct rproc_lite *rproc);

/*
 * What ran is stopped, if it is not, and the same image started anew, with the devices
 * that it had; @same: if nobody changed its file. Claimed. Return: 0 or a negative
 * errno, and the remote does not run, or can't be stopped.
 */
int rl_restart(struct rproc_lite *rproc, bool same, struct rproc_lite_verdict *v);

/*
 * STOP, if the remote is in one of @states (bits) by then. Return: 0, and @from is where it
 * was; RL_NOTHING_TO_DO, and it is as it was; or a negative errno.
 */
int rl_stop_in(struct rproc_lite *rproc, unsigned long states, u32 timeout_ms,
	       enum rproc_lite_state *from, struct rproc_lite_verdict *v);

/* A stop that nobody waits for, claimed as RL_EV_HALT; to be settled. Return: 0 or an errno. */
int rl_halt(struct rproc_lite *rproc, struct rproc_lite_verdict *v);

/* rproc_lite_config() by @right: -EPERM if a setting chooses what runs, and it does not hold. */
int rl_config(struct rproc_lite *rproc, char *data, size_t len, enum rl_right right,
	      struct rproc_lite_verdict *v);

/* START; @again: with the devices that it had, also those that were made by hand. */
int rl_start(struct rproc_lite *rproc, bool again, struct rproc_lite_verdict *v);

/* For the system's end: stop what runs, whatever it takes; nothing starts any more. */
void rl_stop_for_good(struct rproc_lite *rproc);

#endif /* RL_LIFECYCLE_H */
