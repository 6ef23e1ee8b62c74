/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_CHARDEV_H
#define RL_CHARDEV_H

#include <linux/fs.h>

/* /dev/rproc_lite<N>, as <uapi/linux/rproc_lite.h> describes it. */
extern const struct file_operations rl_chardev_fops;

#endif /* RL_CHARDEV_H */
