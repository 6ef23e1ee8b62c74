// SPDX-License-Identifier: GPL-2.0-only
/* Memory of a remote, from its devicetree node. */
#include "memory.h"
#include "translate.h"

#include <linux/ioport.h>
#include <linux/of.h>
#include <linux/of_reserved_mem.h>
#include <linux/platform_device.h>
#include <linux/rproc_lite.h>

/* Add it, after a look at where its da is and whether it may be mapped. */
static int add(struct device *dev, struct rproc_lite *rproc, struct rproc_lite_mem *mem)
{
	int ret = rl_translate_to_da(dev, mem);

	if (ret)
		return ret;
	mem->mappable = of_property_match_string(dev->of_node, "rproc-lite,mappable",
						 mem->name) >= 0;
	return rproc_lite_add_mem(rproc, mem);
}

static int add_reserved(struct device *dev, struct rproc_lite *rproc, int index,
			struct device_node *np)
{
	struct rproc_lite_mem mem = { 0 };
	struct reserved_mem *rmem;

	rmem = of_reserved_mem_lookup(np);
	if (!rmem) {
		dev_err(dev, "memory-region %d (%pOFn) is not reserved\n", index, np);
		return -EINVAL;
	}
	if (!of_property_read_bool(np, "no-map")) {
		dev_err(dev, "memory-region %d (%pOFn) lacks no-map\n", index, np);
		return -EADDRINUSE;
	}
	if (of_property_read_string_index(dev->of_node, "memory-region-names", index, &mem.name))
		mem.name = rmem->name;
	mem.pa = rmem->base;
	mem.size = rmem->size;
	return add(dev, rproc, &mem);
}

static int add_window(struct device *dev, struct rproc_lite *rproc, int index,
		      const struct resource *res)
{
	struct rproc_lite_mem mem = {
		.pa = res->start,
		.size = resource_size(res),
		.io = true,
	};

	if (of_property_read_string_index(dev->of_node, "reg-names", index, &mem.name)) {
		dev_err(dev, "reg %d has no name in reg-names\n", index);
		return -EINVAL;
	}
	return add(dev, rproc, &mem);
}

int rl_platform_add_memory(struct platform_device *pdev, struct rproc_lite *rproc)
{
	struct device_node *np;
	struct resource *res;
	int i, ret;

	for (i = 0; (np = of_parse_phandle(pdev->dev.of_node, "memory-region", i)); i++) {
		ret = add_reserved(&pdev->dev, rproc, i, np);
		of_node_put(np);
		if (ret)
			return ret;
	}
	for (i = 0; (res = platform_get_resource(pdev, IORESOURCE_MEM, i)); i++) {
		ret = add_window(&pdev->dev, rproc, i, res);
		if (ret)
			return ret;
	}
	return 0;
}
