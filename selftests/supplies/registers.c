// SPDX-License-Identifier: GPL-2.0-only
/* Registers of a syscon, 0 at first. Reading them is no step. */
#include "supplies.h"

#include <linux/device.h>
#include <linux/mfd/syscon.h>
#include <linux/regmap.h>

#define REGISTERS	16

static unsigned int value[REGISTERS];

static int register_read(void *context, unsigned int reg, unsigned int *to)
{
	*to = value[reg / 4];
	return 0;
}

static int register_write(void *context, unsigned int reg, unsigned int to)
{
	int ret = step("register 0x%x is 0x%x", reg, to);

	if (!ret)
		value[reg / 4] = to;
	return ret;
}

static const struct regmap_config config = {
	.name = "supplies",
	.reg_bits = 32,
	.reg_stride = 4,
	.val_bits = 32,
	.max_register = 4 * (REGISTERS - 1),
	.reg_read = register_read,
	.reg_write = register_write,
};

int registers_provide(struct device *dev)
{
	struct regmap *map = devm_regmap_init(dev, NULL, NULL, &config);

	return IS_ERR(map) ? PTR_ERR(map) : of_syscon_register_regmap(dev->of_node, map);
}
