/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_PLATFORM_PSCI_H
#define RL_PLATFORM_PSCI_H

#include <linux/types.h>

/* Find out how to call the firmware. Return: 0 or -ENODEV without PSCI 0.2. */
int rl_psci_init(void);

/* Start a core, by its MPIDR, at a physical address. Return: a PSCI_RET_*. */
int rl_psci_cpu_on(u64 mpidr, phys_addr_t entry);

/* Return: a PSCI_0_2_AFFINITY_LEVEL_*, or a negative PSCI_RET_*. */
int rl_psci_affinity_info(u64 mpidr);

/* "the address is not in memory" for a PSCI_RET_*. */
const char *rl_psci_words(int ret);

#endif /* RL_PLATFORM_PSCI_H */
