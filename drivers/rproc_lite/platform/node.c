// SPDX-License-Identifier: GPL-2.0-only
/* A remote that a devicetree node describes: what all kinds have in common. */
#include "node.h"
#include "memory.h"

#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/rproc_lite.h>

#define DEFAULT_STOP_TIMEOUT_MS	5000

static int get_timeout(struct device *dev, u32 *timeout)
{
	*timeout = DEFAULT_STOP_TIMEOUT_MS;
	of_property_read_u32(dev->of_node, "rproc-lite,stop-timeout-ms", timeout);
	if (!*timeout || *timeout > RPROC_LITE_TIMEOUT_MAX_MS)
		return dev_err_probe(dev, -EINVAL, "rproc-lite,stop-timeout-ms out of range\n");
	return 0;
}

int rl_node_register(struct rl_node *node, struct platform_device *pdev,
		     const struct rproc_lite_ops *ops, const char *detail)
{
	struct device *dev = &pdev->dev;
	u32 timeout;
	int ret;

	ret = get_timeout(dev, &timeout);
	if (ret)
		return ret;
	node->rproc = rproc_lite_alloc(dev, ops, node);
	if (IS_ERR(node->rproc))
		return dev_err_probe(dev, PTR_ERR(node->rproc), "no remote\n");
	ret = rl_mbox_init(&node->mbox, dev, node->rproc);
	if (!ret)
		ret = rl_platform_add_memory(pdev, node->rproc);
	if (!ret)
		ret = rl_watchdog_init(&node->watchdog, pdev, node->rproc);
	if (!ret)
		ret = rproc_lite_register(node->rproc, detail, timeout);
	if (ret) {
		rl_watchdog_fini(&node->watchdog);
		rproc_lite_free(node->rproc);
	}
	return ret;
}

void rl_node_unregister(struct rl_node *node)
{
	rproc_lite_unregister(node->rproc);
	/* Nothing to do where the remote could be stopped. */
	rl_mbox_close(&node->mbox);
	rl_watchdog_fini(&node->watchdog);
	rproc_lite_free(node->rproc);
}

int rl_node_listen(struct rl_node *node, struct rproc_lite_verdict *v)
{
	int ret = rl_mbox_open(&node->mbox);

	rl_watchdog_arm(&node->watchdog);

	if (ret)
		return rproc_lite_refuse(v, ret, "the mailbox can't be had: error %d", -ret);
	return 0;
}

int rl_node_send(struct rproc_lite *rproc, u32 word)
{
	struct rl_node *node = rproc_lite_priv(rproc);

	return rl_mbox_send(&node->mbox, word);
}
