/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_HEARTBEAT_H
#define RL_HEARTBEAT_H

struct rproc_lite;

/* Once, when the remote is made. */
void rl_heartbeat_init(struct rproc_lite *rproc);

/* It begins to run, or to run on: nothing was asked or missed yet. Not while it runs. */
void rl_heartbeat_reset(struct rproc_lite *rproc);

/* Ask from now on, while it is Running, if its policy says so. With the lock held. */
void rl_heartbeat_watch(struct rproc_lite *rproc);

/* Ask no more, for now; waits for one that asks. Sleeps. */
void rl_heartbeat_pause(struct rproc_lite *rproc);

#endif /* RL_HEARTBEAT_H */
