// SPDX-License-Identifier: GPL-2.0-only
/* Remotes that the devicetree describes. */
#include "backend_psci.h"
#include "backend_reset.h"

#include <linux/module.h>

static int __init rproc_lite_platform_init(void)
{
	int ret;

	ret = rl_backend_psci_init();
	if (ret)
		return ret;
	ret = rl_backend_reset_init();
	if (ret)
		rl_backend_psci_exit();
	return ret;
}
module_init(rproc_lite_platform_init);

static void __exit rproc_lite_platform_exit(void)
{
	rl_backend_reset_exit();
	rl_backend_psci_exit();
}
module_exit(rproc_lite_platform_exit);

MODULE_DESCRIPTION("Remote processors from the devicetree");
MODULE_AUTHOR("The rproc_lite developers");
MODULE_LICENSE("GPL");
MODULE_SOFTDEP("pre: rproc_lite_mailbox");
