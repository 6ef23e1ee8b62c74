// SPDX-License-Identifier: GPL-2.0-only
/* rproc_lite: the life of remote processors. */
#include "device.h"
#include "netlink.h"
#include "uevent.h"

#include <linux/module.h>

static int __init rproc_lite_init(void)
{
	int ret;

	ret = rl_device_init();
	if (ret)
		return ret;
	ret = rl_netlink_init();
	if (ret) {
		rl_device_exit();
		return ret;
	}
	rl_uevent_init();
	return 0;
}
module_init(rproc_lite_init);

static void __exit rproc_lite_exit(void)
{
	rl_uevent_exit();
	rl_netlink_exit();
	rl_device_exit();
}
module_exit(rproc_lite_exit);

MODULE_DESCRIPTION("Life cycle of remote processors");
MODULE_AUTHOR("The rproc_lite developers");
MODULE_LICENSE("GPL");
