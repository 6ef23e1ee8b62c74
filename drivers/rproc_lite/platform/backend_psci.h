/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_PLATFORM_BACKEND_PSCI_H
#define RL_PLATFORM_BACKEND_PSCI_H

/* The driver of "rproc-lite,psci-core". Once each, at load and unload. */
int rl_backend_psci_init(void);
void rl_backend_psci_exit(void);

#endif /* RL_PLATFORM_BACKEND_PSCI_H */
