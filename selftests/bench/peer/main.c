// SPDX-License-Identifier: GPL-2.0-only
/*
 * The other side of "make bench": the core, memory and doorbell of remote r0 as a driver
 * of mainline's remoteproc, which has none for them. It is written as mainline's own
 * drivers are, and where they differ as the faster ones: memory is mapped once, and not
 * anew for each start.
 *
 * checkpatch: UNDOCUMENTED_DT_STRING: the node is the bench's own.
 */
#include "peer.h"

#include <linux/io.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_reserved_mem.h>
#include <linux/platform_device.h>
#include <linux/remoteproc.h>

static int map_region(struct peer *peer, int index, struct device_node *np)
{
	struct reserved_mem *rmem = of_reserved_mem_lookup(np);
	struct peer_region *r = &peer->region[index];

	if (!rmem)
		return -EINVAL;
	r->name = rmem->name;
	of_property_read_string_index(peer->dev->of_node, "memory-region-names", index, &r->name);
	r->pa = rmem->base;
	r->size = rmem->size;
	r->va = devm_memremap(peer->dev, r->pa, r->size, MEMREMAP_WC);
	return PTR_ERR_OR_ZERO(r->va);
}

static int map_regions(struct peer *peer)
{
	struct device_node *np;
	int i, ret;

	for (i = 0; i < PEER_REGIONS; i++) {
		np = of_parse_phandle(peer->dev->of_node, "memory-region", i);
		if (!np)
			break;
		ret = map_region(peer, i, np);
		of_node_put(np);
		if (ret)
			return ret;
	}
	return i ? 0 : -EINVAL;
}

static int find_cpu(struct peer *peer)
{
	struct device_node *np = of_parse_phandle(peer->dev->of_node, "cpu", 0);
	int cpu = np ? of_cpu_node_to_id(np) : -ENODEV;
	const __be32 *reg;
	int len;

	reg = np ? of_get_property(np, "reg", &len) : NULL;
	if (reg)
		peer->mpidr = of_read_number(reg, len / sizeof(*reg));
	of_node_put(np);
	peer->cpu = cpu;
	return cpu < 0 || !reg ? -ENODEV : 0;
}

static int peer_probe(struct platform_device *pdev)
{
	struct peer *peer = devm_kzalloc(&pdev->dev, sizeof(*peer), GFP_KERNEL);
	int ret;

	if (!peer)
		return -ENOMEM;
	peer->dev = &pdev->dev;
	ret = find_cpu(peer);
	if (!ret)
		ret = map_regions(peer);
	if (!ret)
		ret = peer_core_probe(peer);
	if (!ret)
		ret = peer_meters_probe(peer);
	return ret;
}

static const struct of_device_id peer_of_match[] = {
	{ .compatible = "rproc-lite-bench,peer" },
	{ }
};
MODULE_DEVICE_TABLE(of, peer_of_match);

static struct platform_driver peer_driver = {
	.probe = peer_probe,
	.driver = {
		.name = "rproc_peer",
		.of_match_table = peer_of_match,
	},
};
module_platform_driver(peer_driver);

MODULE_DESCRIPTION("The bench's core for mainline remoteproc");
MODULE_AUTHOR("The rproc_lite developers");
MODULE_LICENSE("GPL");
