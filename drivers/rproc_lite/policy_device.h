/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_POLICY_DEVICE_H
#define RL_POLICY_DEVICE_H

#include <linux/types.h>

#include "rights.h"

/*
 * The policy of a remote that nobody knows of yet: as its firmware node says, by
 * "rproc-lite,<setting>". Errors are logged. Return: 0 or -EINVAL.
 */
int rl_policy_begin(struct rproc_lite *rproc);

/* rproc_lite_set_policy() by @right: -EPERM if a setting wants another. */
int rl_set_policy(struct rproc_lite *rproc, char *data, size_t len, enum rl_right right,
		  struct rproc_lite_verdict *v);

#endif /* RL_POLICY_DEVICE_H */
