/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_OPERATION_H
#define RL_OPERATION_H

#include "env.h"
#include "state.h"
#include <linux/rproc_lite.h>

struct rproc_lite;

/* From rl_claim(): the state is as wanted already. */
#define RL_NOTHING_TO_DO	1

/**
 * rl_claim() - begin an operation
 * @rproc: the remote
 * @op: which
 * @v: cleared, or the reason
 *
 * Context: may sleep.
 * Return: 0, and rl_settle() is due; RL_NOTHING_TO_DO; -ENODEV if the remote is
 * going away; -EBUSY while another operation runs; -EBADFD if the state does
 * not allow it; -EPERM if only SHUTDOWN leads on, see rights.h.
 */
int rl_claim(struct rproc_lite *rproc, enum rl_event op, struct rproc_lite_verdict *v);

/**
 * rl_settle() - end the operation
 * @rproc: claimed
 * @state: the state from now on, if @ret is 0; else it stays what it has come to
 * @ret: how the operation ended
 * @v: cleared if well, else the reason, which is kept; words are found if it has none
 *
 * Return: @ret.
 */
int rl_settle(struct rproc_lite *rproc, enum rproc_lite_state state, int ret,
	      struct rproc_lite_verdict *v);

/* The same with the lock held, by who has more to say before another operation begins. */
void rl_settle_locked(struct rproc_lite *rproc, enum rproc_lite_state state, int ret,
		      struct rproc_lite_verdict *v);

/* Enter a state without ending the operation. */
void rl_pass_through(struct rproc_lite *rproc, enum rproc_lite_state state);

/* The same with the lock held, for what happens without an operation. */
void rl_set_state(struct rproc_lite *rproc, enum rproc_lite_state state);

/* Tell who runs the operation, if one runs, to give up; with the lock held. */
void rl_cancel(struct rproc_lite *rproc);

/* Does an operation run, and which? Without the lock: by the time it is told it may be over. */
bool rl_op_runs(const struct rproc_lite *rproc, enum rl_event *op);

/* Claim with the lock held, whatever the state and who waits. */
void rl_take(struct rproc_lite *rproc, enum rl_event op);

/* -EBUSY, saying who is at work; the remote is claimed, with its lock held. */
int rl_refuse_busy(const struct rproc_lite *rproc, struct rproc_lite_verdict *v);

#endif /* RL_OPERATION_H */
