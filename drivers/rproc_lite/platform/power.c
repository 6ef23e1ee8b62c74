// SPDX-License-Identifier: GPL-2.0-only
/* Power domains and clocks of a remote. */
#include "power.h"

#include <linux/clk.h>
#include <linux/device.h>
#include <linux/of.h>
#include <linux/pm_domain.h>
#include <linux/pm_runtime.h>
#include <linux/rproc_lite.h>

static void detach(void *domain)
{
	dev_pm_domain_detach(domain, true);
}

static int attach(struct rl_power *power, struct device *dev, int i)
{
	struct device *domain = dev_pm_domain_attach_by_id(dev, i);

	if (IS_ERR_OR_NULL(domain))
		return dev_err_probe(dev, domain ? PTR_ERR(domain) : -EOPNOTSUPP,
				     "power domain %d can't be had\n", i);
	power->domain[i] = domain;
	return devm_add_action_or_reset(dev, detach, domain);
}

/* The driver core attaches a single one to the device, and leaves several to its driver. */
static int get_domains(struct rl_power *power, struct device *dev)
{
	int i, ret, num;

	num = of_count_phandle_with_args(dev->of_node, "power-domains", "#power-domain-cells");
	if (num == -ENOENT)
		return 0;
	if (num < 0 || num > RL_POWER_DOMAINS_MAX)
		return dev_err_probe(dev, num < 0 ? num : -EINVAL,
				     "power-domains can't be understood, or are over %d\n",
				     RL_POWER_DOMAINS_MAX);
	power->num_domains = num;
	if (num == 1) {
		power->domain[0] = dev;
		return devm_pm_runtime_enable(dev);
	}
	for (i = 0; i < num; i++) {
		ret = attach(power, dev, i);
		if (ret)
			return ret;
	}
	return 0;
}

int rl_power_get(struct rl_power *power, struct device *dev)
{
	int ret;

	ret = get_domains(power, dev);
	if (ret)
		return ret;
	ret = devm_clk_bulk_get_all(dev, &power->clocks);
	if (ret < 0)
		return dev_err_probe(dev, ret, "a clock can't be had\n");
	power->num_clocks = ret;
	return 0;
}

static void domains_off(struct rl_power *power, int num)
{
	while (num--)
		pm_runtime_put_sync(power->domain[num]);
}

static int domains_on(struct rl_power *power, struct rproc_lite_verdict *v)
{
	int i, ret;

	for (i = 0; i < power->num_domains; i++) {
		ret = pm_runtime_resume_and_get(power->domain[i]);
		if (ret) {
			/* Or it could never be tried again. */
			pm_runtime_set_suspended(power->domain[i]);
			domains_off(power, i);
			return rproc_lite_refuse(v, -EIO,
						 "power domain %d can't be switched on: error %d",
						 i, -ret);
		}
	}
	return 0;
}

static void clocks_off(struct rl_power *power, int num)
{
	while (num--)
		clk_disable_unprepare(power->clocks[num].clk);
}

/* The kernel's bulk call does not tell which one failed. */
static int clocks_on(struct rl_power *power, struct rproc_lite_verdict *v)
{
	int i, ret;

	for (i = 0; i < power->num_clocks; i++) {
		ret = clk_prepare_enable(power->clocks[i].clk);
		if (ret) {
			clocks_off(power, i);
			return rproc_lite_refuse(v, -EIO,
						 "clock %d can't be switched on: error %d", i,
						 -ret);
		}
	}
	return 0;
}

int rl_power_on(struct rl_power *power, struct rproc_lite_verdict *v)
{
	int ret;

	ret = domains_on(power, v);
	if (ret)
		return ret;
	ret = clocks_on(power, v);
	if (ret) {
		domains_off(power, power->num_domains);
		return ret;
	}
	power->on = true;
	return 0;
}

void rl_power_off(struct rl_power *power)
{
	if (!power->on)
		return;
	power->on = false;
	clocks_off(power, power->num_clocks);
	domains_off(power, power->num_domains);
}
