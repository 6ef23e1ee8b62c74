/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_DEVICE_H
#define RL_DEVICE_H

/* The class and the numbers of all remotes. Once each, at load and unload. */
int rl_device_init(void);
void rl_device_exit(void);

#endif /* RL_DEVICE_H */
