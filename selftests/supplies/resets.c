// SPDX-License-Identifier: GPL-2.0-only
/* Reset lines, not asserted at first. */
#include "supplies.h"

#include <linux/device.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/reset-controller.h>

static int line_assert(struct reset_controller_dev *rcdev, unsigned long id)
{
	int ret = step("reset %lu asserted", id);

	if (!ret)
		state.reset[id] = 1;
	return ret;
}

static int line_deassert(struct reset_controller_dev *rcdev, unsigned long id)
{
	int ret = step("reset %lu deasserted", id);

	if (!ret || ret == -ETIMEDOUT)
		state.reset[id] = 0;
	return ret;
}

static int line_status(struct reset_controller_dev *rcdev, unsigned long id)
{
	/* Who looks after a core that runs asks at any time, which is no step. */
	if (!state.reset[id])
		return 0;
	/* "Asserted, but no": what a controller says whose line is stuck. */
	return step("reset %lu asked", id) ? 0 : (int)state.reset[id];
}

static const struct reset_control_ops ops = {
	.assert = line_assert,
	.deassert = line_deassert,
	.status = line_status,
};

static int line_get(struct reset_controller_dev *rcdev, const struct of_phandle_args *spec)
{
	int ret = spec->args[0] < RESETS ? step("reset %u got", spec->args[0]) : -EINVAL;

	return ret ?: (int)spec->args[0];
}

static struct reset_controller_dev controller = {
	.ops = &ops,
	.owner = THIS_MODULE,
	.nr_resets = RESETS,
	.of_reset_n_cells = 1,
	.of_xlate = line_get,
};

int resets_provide(struct device *dev)
{
	controller.of_node = dev->of_node;
	return devm_reset_controller_register(dev, &controller);
}
