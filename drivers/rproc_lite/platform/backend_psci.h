/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_PLATFORM_BACKEND_PSCI_H
#define RL_PLATFORM_BACKEND_PSCI_H

#include <linux/kconfig.h>

/*
 * The driver of "rproc-lite,psci-core". Once each, at load and unload. Only for AArch64, which
 * is what its images are.
 */
#if IS_ENABLED(CONFIG_ARM64) && IS_ENABLED(CONFIG_HOTPLUG_CPU) && IS_ENABLED(CONFIG_ARM_PSCI_FW)
int rl_backend_psci_init(void);
void rl_backend_psci_exit(void);
#else
static inline int rl_backend_psci_init(void)
{
	return 0;
}

static inline void rl_backend_psci_exit(void)
{
}
#endif

#endif /* RL_PLATFORM_BACKEND_PSCI_H */
