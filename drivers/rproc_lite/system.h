/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_SYSTEM_H
#define RL_SYSTEM_H

struct rproc_lite;

/* Hear of the system's sleep and end. Return: 0 or a negative errno. */
int rl_system_begin(struct rproc_lite *rproc);

/* Undo rl_system_begin(). Not with any lock of the remote. */
void rl_system_end(struct rproc_lite *rproc);

#endif /* RL_SYSTEM_H */
