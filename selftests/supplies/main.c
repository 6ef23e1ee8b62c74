// SPDX-License-Identifier: GPL-2.0-only
/* The device. It stays for good, as syscons and power domains do. */
#include "supplies.h"

#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>

static int supplies_probe(struct platform_device *pdev)
{
	int ret;

	ret = resets_provide(&pdev->dev);
	if (!ret)
		ret = clocks_provide(&pdev->dev);
	if (!ret)
		ret = domains_provide(&pdev->dev);
	return ret ?: registers_provide(&pdev->dev);
}

static const struct of_device_id supplies_of_match[] = {
	{ .compatible = "rproc-lite-test,supplies" },
	{ }
};
MODULE_DEVICE_TABLE(of, supplies_of_match);

static struct platform_driver supplies_driver = {
	.probe = supplies_probe,
	.driver = {
		.name = "rproc_lite_supplies",
		.of_match_table = supplies_of_match,
		.suppress_bind_attrs = true,
	},
};

static int __init supplies_init(void)
{
	int ret = step_init();

	if (!ret)
		ret = mailbox_init();
	if (ret)
		return ret;
	ret = platform_driver_register(&supplies_driver);
	if (ret)
		mailbox_exit();
	return ret;
}
module_init(supplies_init);

MODULE_DESCRIPTION("Resets, clocks, power domains, registers and mailboxes for tests");
MODULE_AUTHOR("The rproc_lite developers");
MODULE_LICENSE("GPL");
