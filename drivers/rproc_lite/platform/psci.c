// SPDX-License-Identifier: GPL-2.0-only
/*
 * Calls to the PSCI firmware. The kernel's own are not for modules, so we make
 * the two that we need, by the conduit that the devicetree names.
 */
#include "psci.h"

#include <linux/arm-smccc.h>
#include <linux/of.h>
#include <uapi/linux/psci.h>

static bool use_hvc;

static const struct of_device_id psci_of_match[] = {
	{ .compatible = "arm,psci-1.0" },
	{ .compatible = "arm,psci-0.2" },
	{ }
};

int rl_psci_init(void)
{
	struct device_node *np = of_find_matching_node(NULL, psci_of_match);
	const char *method;
	int ret = -ENODEV;
	bool hvc;

	if (!np)
		return ret;
	if (!of_property_read_string(np, "method", &method)) {
		hvc = !strcmp(method, "hvc");
		/* Again for each core, while others run: it is always the same. */
		WRITE_ONCE(use_hvc, hvc);
		if (hvc || !strcmp(method, "smc"))
			ret = 0;
	}
	of_node_put(np);
	return ret;
}

static int call(unsigned long function, unsigned long a, unsigned long b, unsigned long c)
{
	struct arm_smccc_res res;

	if (READ_ONCE(use_hvc))
		arm_smccc_hvc(function, a, b, c, 0, 0, 0, 0, &res);
	else
		arm_smccc_smc(function, a, b, c, 0, 0, 0, 0, &res);
	return (int)res.a0;
}

int rl_psci_cpu_on(u64 mpidr, phys_addr_t entry)
{
	return call(PSCI_0_2_FN64_CPU_ON, mpidr, entry, 0);
}

int rl_psci_affinity_info(u64 mpidr)
{
	return call(PSCI_0_2_FN64_AFFINITY_INFO, mpidr, 0, 0);
}

const char *rl_psci_words(int ret)
{
	switch (ret) {
	case PSCI_RET_SUCCESS:
		return "success";
	case PSCI_RET_NOT_SUPPORTED:
		return "not supported";
	case PSCI_RET_INVALID_PARAMS:
		return "invalid parameters";
	case PSCI_RET_DENIED:
		return "denied";
	case PSCI_RET_ALREADY_ON:
		return "already on";
	case PSCI_RET_ON_PENDING:
		return "being switched on already";
	case PSCI_RET_INTERNAL_FAILURE:
		return "internal failure";
	case PSCI_RET_INVALID_ADDRESS:
		return "invalid address";
	default:
		return "unknown error";
	}
}
