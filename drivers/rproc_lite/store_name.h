/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_STORE_NAME_H
#define RL_STORE_NAME_H

struct device;
struct rl_store;
struct rproc_lite_verdict;

/**
 * rl_store_from_name() - an image in the kernel's firmware path
 * @dev: for whom; must outlive the store
 * @name: below /lib/firmware and the like
 * @v: the reason, if refused
 *
 * Return: the store, or an ERR_PTR: -EINVAL for a name that is empty or leads
 * elsewhere, -ENOMEM.
 */
struct rl_store *rl_store_from_name(struct device *dev, const char *name,
				    struct rproc_lite_verdict *v);

#endif /* RL_STORE_NAME_H */
