// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPUs that Linux lends to remotes. While one is claimed, nobody can bring it
 * online: a hotplug callback refuses. It runs inside the hotplug machinery and
 * so looks at nothing but an atomic mask.
 */
#include "spare_cpu.h"

#include <linux/cleanup.h>
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/mutex.h>
#include <linux/rproc_lite.h>

/* Who claims and who gives back take turns; the hotplug callback only looks. */
static DEFINE_MUTEX(claim_lock);
static struct cpumask claimed;
static enum cpuhp_state hotplug_state;

static int refuse_claimed(unsigned int cpu)
{
	return cpumask_test_cpu(cpu, &claimed) ? -EBUSY : 0;
}

int rl_spare_cpu_init(void)
{
	int ret;

	ret = cpuhp_setup_state_nocalls(CPUHP_BP_PREPARE_DYN, "rproc_lite:claimed",
					refuse_claimed, NULL);
	if (ret < 0)
		return ret;
	hotplug_state = ret;
	return 0;
}

void rl_spare_cpu_exit(void)
{
	cpuhp_remove_state_nocalls(hotplug_state);
}

int rl_spare_cpu_claim(unsigned int cpu, bool *was_online, struct rproc_lite_verdict *v)
{
	int ret;

	/* One that Linux was told not to have ("nosmp") has no device to be taken away. */
	if (!get_cpu_device(cpu))
		return rproc_lite_refuse(v, -ENODEV, "Linux does not have cpu%u", cpu);
	guard(mutex)(&claim_lock);
	if (cpumask_test_and_set_cpu(cpu, &claimed))
		return rproc_lite_refuse(v, -EBUSY, "cpu%u belongs to another remote", cpu);
	ret = remove_cpu(cpu);
	if (ret < 0) {
		cpumask_clear_cpu(cpu, &claimed);
		return rproc_lite_refuse(v, ret, "cpu%u can't be taken from Linux: error %d%s",
					 cpu, -ret, ret == -EBUSY ?
					 " (the last one, or CPUs are being suspended)" : "");
	}
	/* 1 says that it was offline already. */
	*was_online = !ret;
	return 0;
}

int rl_spare_cpu_release(unsigned int cpu, bool was_online, struct rproc_lite_verdict *v)
{
	int ret;

	guard(mutex)(&claim_lock);
	cpumask_clear_cpu(cpu, &claimed);
	if (!was_online)
		return 0;
	ret = add_cpu(cpu);
	if (ret >= 0)
		return 0;
	cpumask_set_cpu(cpu, &claimed);
	return rproc_lite_refuse(v, ret, "cpu%u does not come back online: error %d; try again",
				 cpu, -ret);
}

void rl_spare_cpu_abandon(unsigned int cpu)
{
	cpumask_clear_cpu(cpu, &claimed);
}
