/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_POLICY_DEVICE_H
#define RL_POLICY_DEVICE_H

struct rproc_lite;

/*
 * The policy of a remote that nobody knows of yet: as its firmware node says, by
 * "rproc-lite,<setting>". Errors are logged. Return: 0 or -EINVAL.
 */
int rl_policy_begin(struct rproc_lite *rproc);

#endif /* RL_POLICY_DEVICE_H */
