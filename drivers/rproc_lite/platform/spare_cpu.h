/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_PLATFORM_SPARE_CPU_H
#define RL_PLATFORM_SPARE_CPU_H

#include <linux/types.h>

struct rproc_lite_verdict;

/* Once each, at load and unload; nothing is claimed at unload. */
int rl_spare_cpu_init(void);
void rl_spare_cpu_exit(void);

/**
 * rl_spare_cpu_claim() - take a CPU from Linux and keep it off
 * @cpu: logical number
 * @was_online: whether it was Linux's, for rl_spare_cpu_release()
 * @v: the reason, if it fails
 *
 * Context: may sleep; takes the hotplug locks.
 * Return: 0; -EBUSY if another remote has it, or Linux needs it, or CPUs are
 * being suspended.
 */
int rl_spare_cpu_claim(unsigned int cpu, bool *was_online, struct rproc_lite_verdict *v);

/**
 * rl_spare_cpu_release() - give it back
 * @cpu: claimed, and powered off
 * @was_online: bring it online again
 * @v: the reason, if it fails; then it is still claimed
 *
 * Return: 0 or a negative errno.
 */
int rl_spare_cpu_release(unsigned int cpu, bool was_online, struct rproc_lite_verdict *v);

/*
 * Give up the claim on a CPU that does not stop. Whoever tries to bring it online
 * then fails, until it is off.
 */
void rl_spare_cpu_abandon(unsigned int cpu);

#endif /* RL_PLATFORM_SPARE_CPU_H */
