// SPDX-License-Identifier: GPL-2.0-only
/* Power domains, off at first. */
#include "supplies.h"

#include <linux/device.h>
#include <linux/pm_domain.h>

static struct generic_pm_domain domain[DOMAINS] = {
	{ .name = "supplies0" }, { .name = "supplies1" }, { .name = "supplies2" },
};

static struct generic_pm_domain *domains[DOMAINS];

static struct genpd_onecell_data data = { .domains = domains, .num_domains = DOMAINS };

static int domain_on(struct generic_pm_domain *d)
{
	int ret = step("domain %d on", (int)(d - domain));

	if (!ret)
		state.domain[d - domain]++;
	return ret;
}

static int domain_off(struct generic_pm_domain *d)
{
	note("domain %d off", (int)(d - domain));
	state.domain[d - domain]--;
	return 0;
}

static int domain_attach(struct generic_pm_domain *d, struct device *dev)
{
	int ret = step("domain %d attached", (int)(d - domain));

	if (!ret)
		state.attached[d - domain]++;
	return ret;
}

static void domain_detach(struct generic_pm_domain *d, struct device *dev)
{
	state.attached[d - domain]--;
}

int domains_provide(struct device *dev)
{
	int i, ret;

	for (i = 0; i < DOMAINS; i++) {
		domain[i].power_on = domain_on;
		domain[i].power_off = domain_off;
		domain[i].attach_dev = domain_attach;
		domain[i].detach_dev = domain_detach;
		ret = pm_genpd_init(&domain[i], NULL, true);
		if (ret)
			return ret;
		domains[i] = &domain[i];
	}
	return of_genpd_add_provider_onecell(dev->of_node, &data);
}
