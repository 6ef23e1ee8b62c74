/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_RECOVERY_H
#define RL_RECOVERY_H

struct rproc_lite;

/* Once, when the remote is made. */
void rl_recovery_init(struct rproc_lite *rproc);

/* It crashed: do what its policy says, once it is free. Claimed, with the lock. */
void rl_recovery_plan(struct rproc_lite *rproc);

/* Somebody starts, stops or shuts it down: whatever was planned is theirs now. Claimed. */
void rl_recovery_forget(struct rproc_lite *rproc);

/* The policy changed, or the system slept: what is due now? With the lock. */
void rl_recovery_go_on(struct rproc_lite *rproc);

/* Plan nothing any more: the remote is going. Waits for what is done now. Sleeps. */
void rl_recovery_end(struct rproc_lite *rproc);

#endif /* RL_RECOVERY_H */
