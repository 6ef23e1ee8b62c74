// SPDX-License-Identifier: GPL-2.0-only
/* Bits of a register that belongs to the system, and not to the remote. */
#include "field.h"

#include <linux/bitops.h>
#include <linux/device.h>
#include <linux/mfd/syscon.h>
#include <linux/of.h>
#include <linux/regmap.h>

static unsigned int width(u32 mask)
{
	return fls(mask) - __ffs(mask);
}

int rl_field_get(struct rl_field *field, struct device *dev, const char *property,
		 bool with_shift)
{
	int cells = with_shift ? 3 : 2;
	struct regmap *map;
	u32 args[3] = { 0 };

	if (!of_property_present(dev->of_node, property))
		return 0;
	map = syscon_regmap_lookup_by_phandle_args(dev->of_node, property, cells, args);
	if (IS_ERR(map))
		return dev_err_probe(dev, PTR_ERR(map), "%s leads to no syscon with %d cells\n",
				     property, cells);
	if (!args[1] || args[2] > 63)
		return dev_err_probe(dev, -EINVAL, "%s has an empty mask, or too wide a shift\n",
				     property);
	if (with_shift && hweight32(args[1]) != width(args[1]))
		return dev_err_probe(dev, -EINVAL, "%s has a mask with holes\n", property);
	field->map = map;
	field->offset = args[0];
	field->mask = args[1];
	field->shift = args[2];
	return 0;
}

static int update(const struct rl_field *field, u32 bits)
{
	if (!field->map)
		return 0;
	return regmap_update_bits(field->map, field->offset, field->mask, bits);
}

int rl_field_set(const struct rl_field *field, bool on)
{
	return update(field, on ? field->mask : 0);
}

bool rl_field_is(const struct rl_field *field, bool on)
{
	u32 bits;

	if (!field->map || regmap_read(field->map, field->offset, &bits))
		return false;
	return (bits & field->mask) == (on ? field->mask : 0);
}

int rl_field_put(const struct rl_field *field, u64 value)
{
	if (!rl_field_fits(field, value))
		return -EINVAL;
	return update(field, field->map ? (value >> field->shift) << __ffs(field->mask) : 0);
}

bool rl_field_fits(const struct rl_field *field, u64 value)
{
	u64 bits = value >> field->shift;

	return !field->map ||
	       (bits << field->shift == value && !(bits >> width(field->mask)));
}
