/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_PLATFORM_NODE_H
#define RL_PLATFORM_NODE_H

#include "mbox.h"
#include "watchdog.h"

struct platform_device;
struct rproc_lite_ops;
struct rproc_lite_verdict;

/**
 * struct rl_node - a remote that a devicetree node describes: what all kinds have
 * @rproc: its core object, whose rproc_lite_priv() this is
 * @watchdog: says that its firmware hangs
 * @mbox: words to and from its firmware; opened before it starts, closed when it is off
 */
struct rl_node {
	struct rproc_lite *rproc;
	struct rl_watchdog watchdog;
	struct rl_mbox mbox;
};

/**
 * rl_node_register() - make the remote known
 * @node: zeroed
 * @pdev: has the node: memory, "mboxes", "rproc-lite,stop-timeout-ms"
 * @ops: of its kind, which may be called before this returns
 * @detail: which one of its kind
 *
 * Return: 0 or a negative errno, logged, also -EPROBE_DEFER.
 */
int rl_node_register(struct rl_node *node, struct platform_device *pdev,
		     const struct rproc_lite_ops *ops, const char *detail);

/* The remote is stopped and shut down, if it can be; then nothing calls @ops any more. */
void rl_node_unregister(struct rl_node *node);

/*
 * Before the remote starts: open the mailbox, or say why not, and heed the watchdog.
 * Return: 0 or a negative errno.
 */
int rl_node_listen(struct rl_node *node, struct rproc_lite_verdict *v);

/* The op @send. */
int rl_node_send(struct rproc_lite *rproc, u32 word);

#endif /* RL_PLATFORM_NODE_H */
