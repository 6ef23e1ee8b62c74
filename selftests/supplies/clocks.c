// SPDX-License-Identifier: GPL-2.0-only
/* Clocks of no particular rate. */
#include "supplies.h"

#include <linux/clk-provider.h>
#include <linux/device.h>
#include <linux/of.h>

static struct clk_hw hw[CLOCKS];

static int clock_enable(struct clk_hw *clock)
{
	int ret = step("clock %d on", (int)(clock - hw));

	if (!ret)
		state.clock[clock - hw]++;
	return ret;
}

static void clock_disable(struct clk_hw *clock)
{
	note("clock %d off", (int)(clock - hw));
	state.clock[clock - hw]--;
}

static int clock_is_enabled(struct clk_hw *clock)
{
	return !!state.clock[clock - hw];
}

static const struct clk_ops ops = {
	.enable = clock_enable,
	.disable = clock_disable,
	.is_enabled = clock_is_enabled,
};

static struct clk_hw *clock_get(struct of_phandle_args *spec, void *unused)
{
	int ret = spec->args[0] < CLOCKS ? step("clock %u got", spec->args[0]) : -EINVAL;

	return ret ? ERR_PTR(ret) : &hw[spec->args[0]];
}

int clocks_provide(struct device *dev)
{
	static const char *const names[CLOCKS] = { "supplies0", "supplies1" };
	struct clk_init_data init = { .ops = &ops };
	int i, ret;

	for (i = 0; i < CLOCKS; i++) {
		init.name = names[i];
		hw[i].init = &init;
		ret = devm_clk_hw_register(dev, &hw[i]);
		if (ret)
			return ret;
	}
	return devm_of_clk_add_hw_provider(dev, clock_get, NULL);
}
