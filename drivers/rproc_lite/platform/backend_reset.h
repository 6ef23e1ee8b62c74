/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_PLATFORM_BACKEND_RESET_H
#define RL_PLATFORM_BACKEND_RESET_H

/* The driver of "rproc-lite,reset-core". Once each, at load and unload. */
int rl_backend_reset_init(void);
void rl_backend_reset_exit(void);

#endif /* RL_PLATFORM_BACKEND_RESET_H */
