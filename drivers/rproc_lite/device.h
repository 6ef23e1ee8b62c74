/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_DEVICE_H
#define RL_DEVICE_H

struct rproc_lite;

/* The class and the numbers of all remotes. Once each, at load and unload. */
int rl_device_init(void);
void rl_device_exit(void);

/* The remote with the smallest number from @id on, for rproc_lite_put(); or NULL. */
struct rproc_lite *rl_device_next(int id);

/* Changes when a remote comes or goes; never 0. */
unsigned int rl_device_generation(void);

#endif /* RL_DEVICE_H */
