/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_LIVENESS_H
#define RL_LIVENESS_H

struct rproc_lite;

/* Once, when the remote is made. */
void rl_liveness_init(struct rproc_lite *rproc);

/* Look after the remote from now on, while it should run. With the lock held. */
void rl_liveness_watch(struct rproc_lite *rproc);

/* Stop looking, for good; waits for a look in progress. Sleeps. */
void rl_liveness_end(struct rproc_lite *rproc);

#endif /* RL_LIVENESS_H */
