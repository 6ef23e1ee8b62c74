/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_PLATFORM_POWER_H
#define RL_PLATFORM_POWER_H

#include <linux/types.h>

struct clk_bulk_data;
struct device;
struct rproc_lite_verdict;

#define RL_POWER_DOMAINS_MAX	8

/**
 * struct rl_power - power domains and clocks of a remote
 * @domain: devices of which each has one of the domains, in order
 * @num_domains: how many there are
 * @clocks: in order
 * @num_clocks: how many there are
 * @on: they are
 */
struct rl_power {
	struct device *domain[RL_POWER_DOMAINS_MAX];
	int num_domains;
	struct clk_bulk_data *clocks;
	int num_clocks;
	bool on;
};

/*
 * Get what "power-domains" and "clocks" of the device's node name, all off for now.
 * Return: 0 or a negative errno, logged, also -EPROBE_DEFER.
 */
int rl_power_get(struct rl_power *power, struct device *dev);

/*
 * The domains and then the clocks, in order; all or nothing. Sleeps. Return: 0, or -EIO
 * with the reason.
 */
int rl_power_on(struct rl_power *power, struct rproc_lite_verdict *v);

/* The other way round. May be called twice. */
void rl_power_off(struct rl_power *power);

#endif /* RL_PLATFORM_POWER_H */
