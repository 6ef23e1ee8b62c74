/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_PLATFORM_FIELD_H
#define RL_PLATFORM_FIELD_H

#include <linux/types.h>

struct device;
struct regmap;

/**
 * struct rl_field - bits of a register of a syscon
 * @map: NULL if the node names none
 * @offset: of the register
 * @mask: its bits, not zero
 * @shift: of a value that is put there
 */
struct rl_field {
	struct regmap *map;
	u32 offset;
	u32 mask;
	u32 shift;
};

/*
 * Read a property, which is optional: <&syscon offset mask>, or <&syscon offset mask shift>
 * if @with_shift. Return: 0 or a negative errno, logged, also -EPROBE_DEFER.
 */
int rl_field_get(struct rl_field *field, struct device *dev, const char *property,
		 bool with_shift);

/*
 * Set or clear all its bits, or put a value there that fits. Nothing is done if there is
 * no field. Return: 0 or a negative errno.
 */
int rl_field_set(const struct rl_field *field, bool on);
int rl_field_put(const struct rl_field *field, u64 value);

/* All its bits are as @on says. False if there is no field, or it can't be read. */
bool rl_field_is(const struct rl_field *field, bool on);

/* Can the value be put there, with no bit of it lost? Any can if there is no field. */
bool rl_field_fits(const struct rl_field *field, u64 value);

#endif /* RL_PLATFORM_FIELD_H */
