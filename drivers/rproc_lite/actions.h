/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_ACTIONS_H
#define RL_ACTIONS_H

#include <linux/rproc_lite.h>

struct file;

/**
 * rl_action_ioctl() - the ioctls that change something
 * @rproc: the remote
 * @file: of the remote: what it was opened for, and by whom, says what is allowed
 * @cmd: which
 * @arg: its argument
 *
 * Return: 0 or a negative errno; -ENOTTY if there is no such ioctl.
 */
int rl_action_ioctl(struct rproc_lite *rproc, const struct file *file, unsigned int cmd,
		    void __user *arg);

#endif /* RL_ACTIONS_H */
