/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_ACTIONS_H
#define RL_ACTIONS_H

#include <linux/rproc_lite.h>

/**
 * rl_action_ioctl() - the ioctls that change something
 * @rproc: the remote
 * @may: the file was opened for writing
 * @cmd: which
 * @arg: its argument
 *
 * Return: 0 or a negative errno; -ENOTTY if there is no such ioctl.
 */
int rl_action_ioctl(struct rproc_lite *rproc, bool may, unsigned int cmd, void __user *arg);

#endif /* RL_ACTIONS_H */
