// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reset lines, in an order. The kernel's bulk calls deassert from the last one on, and
 * do not tell which one failed.
 */
#include "resets.h"

#include <linux/delay.h>
#include <linux/device.h>
#include <linux/of.h>
#include <linux/reset.h>
#include <linux/rproc_lite.h>

static int get_line(struct rl_resets *resets, struct device *dev, int i)
{
	struct reset_control *control;

	if (of_property_read_string_index(dev->of_node, "reset-names", i,
					  &resets->line[i].name))
		return dev_err_probe(dev, -EINVAL, "reset %d has no name in reset-names\n", i);
	control = devm_reset_control_get_exclusive_by_index(dev, i);
	if (IS_ERR(control))
		return dev_err_probe(dev, PTR_ERR(control), "reset %s can't be had\n",
				     resets->line[i].name);
	resets->line[i].control = control;
	return 0;
}

static int get_assert_us(struct rl_resets *resets, struct device *dev)
{
	of_property_read_u32(dev->of_node, "rproc-lite,reset-assert-us", &resets->assert_us);
	if (resets->assert_us > RL_RESET_ASSERT_US_MAX)
		return dev_err_probe(dev, -EINVAL, "rproc-lite,reset-assert-us out of range\n");
	return 0;
}

int rl_resets_get(struct rl_resets *resets, struct device *dev)
{
	int i, ret, num;

	ret = get_assert_us(resets, dev);
	if (ret)
		return ret;
	num = of_count_phandle_with_args(dev->of_node, "resets", "#reset-cells");
	if (num == -ENOENT)
		return 0;
	if (num < 0 || num > RL_RESETS_MAX)
		return dev_err_probe(dev, num < 0 ? num : -EINVAL,
				     "resets can't be understood, or are over %d\n",
				     RL_RESETS_MAX);
	for (i = 0; i < num; i++) {
		ret = get_line(resets, dev, i);
		if (ret)
			return ret;
	}
	resets->num = num;
	resets->released = num;
	return 0;
}

int rl_resets_release(struct rl_resets *resets, struct rproc_lite_verdict *v)
{
	int ret;

	while (resets->released < resets->num) {
		/* Counted first: one that says that it failed may have done it. */
		int i = resets->released++;

		ret = reset_control_deassert(resets->line[i].control);
		if (ret)
			return rproc_lite_refuse(v, -EIO, "reset %s can't be deasserted: error %d",
						 resets->line[i].name, -ret);
	}
	return 0;
}

/* Where the controller can tell, it has to agree; that also sees the write through. */
static int assert_line(struct reset_control *control)
{
	int ret = reset_control_assert(control);

	if (ret)
		return ret;
	return reset_control_status(control) == 0 ? -EIO : 0;
}

int rl_resets_assert(struct rl_resets *resets, struct rproc_lite_verdict *v)
{
	int ret;

	if (!resets->released)
		return 0;
	for (; resets->released; resets->released--) {
		ret = assert_line(resets->line[resets->released - 1].control);
		if (ret)
			return rproc_lite_refuse(v, -EIO, "reset %s can't be asserted: error %d",
						 resets->line[resets->released - 1].name, -ret);
	}
	fsleep(resets->assert_us);
	return 0;
}

bool rl_resets_any_asserted(const struct rl_resets *resets)
{
	int i;

	for (i = 0; i < resets->num; i++)
		if (reset_control_status(resets->line[i].control) > 0)
			return true;
	return false;
}
