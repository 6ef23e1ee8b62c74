// SPDX-License-Identifier: GPL-2.0-only
/*
 * From our addresses to the remote's, by the "dma-ranges" of its bus.
 *
 * The kernel keeps its own copy of them to itself and the DMA API, so we look
 * for the bus, which takes a few lines, and leave the rest to its parser.
 */
#include "translate.h"

#include <linux/device.h>
#include <linux/of_address.h>
#include <linux/rproc_lite.h>
#include "../env.h"

/*
 * The bus whose ranges translate for @np, or NULL if none does. An empty property
 * passes on to the bus above, and so does a bus right above @np that has none at
 * all; above that, "none" is the end. So it is for the kernel's own devices.
 */
static struct device_node *translating_bus(struct device_node *np)
{
	struct device_node *bus = of_get_parent(np);
	bool is_parent = true;
	const void *ranges;
	int len;

	while (bus) {
		ranges = of_get_property(bus, "dma-ranges", &len);
		if (ranges && len > 0)
			break;
		if (!ranges && !is_parent) {
			of_node_put(bus);
			return NULL;
		}
		is_parent = false;
		bus = of_get_next_parent(bus);
	}
	return bus;
}

/*
 * If the range holds all of @mem, find its da. A range that leads nowhere on a bus
 * above is at OF_BAD_ADDR, where no memory is.
 */
static bool translate(const struct of_range *range, struct rproc_lite_mem *mem)
{
	u64 off = mem->pa - range->cpu_addr;

	if (mem->pa < range->cpu_addr || !rl_fits(off, mem->size, range->size) ||
	    !rl_fits(range->bus_addr, off, U64_MAX))
		return false;
	mem->da = range->bus_addr + off;
	return true;
}

int rl_translate_to_da(struct device *dev, struct rproc_lite_mem *mem)
{
	struct device_node *bus = translating_bus(dev->of_node);
	struct of_range_parser parser;
	struct of_range range;
	bool found = false;

	if (!bus) {
		mem->da = mem->pa;
		return 0;
	}
	of_pci_dma_range_parser_init(&parser, bus);
	while (!found && of_pci_range_parser_one(&parser, &range))
		found = translate(&range, mem);
	if (!found)
		dev_err(dev, "%s (pa %pap, 0x%llx bytes) lies in no range of %pOF's dma-ranges: the remote can't see it\n",
			mem->name, &mem->pa, mem->size, bus);
	of_node_put(bus);
	return found ? 0 : -EINVAL;
}
