/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_PLATFORM_RESETS_H
#define RL_PLATFORM_RESETS_H

#include <linux/types.h>

struct device;
struct reset_control;
struct rproc_lite_verdict;

#define RL_RESETS_MAX		8
#define RL_RESET_ASSERT_US_MAX	1000000

/**
 * struct rl_resets - the reset lines of a remote, in the order in which they are released
 * @num: how many there are
 * @released: how many, from the first on, may not be asserted
 * @assert_us: how long it takes until the core is in reset once all are asserted
 * @line: each of them
 */
struct rl_resets {
	int num;
	int released;
	u32 assert_us;
	struct {
		struct reset_control *control;
		const char *name;
	} line[RL_RESETS_MAX];
};

/*
 * Read "resets" and what goes with them in the device's node, and get each for this device
 * alone. What state they are in is not known then. Return: 0 or a negative errno,
 * logged, also -EPROBE_DEFER.
 */
int rl_resets_get(struct rl_resets *resets, struct device *dev);

/*
 * Deassert the lines, the first one first; or assert those that may not be, the last
 * one first. If releasing fails, all have to be asserted, that one too, before it is tried
 * again; asserting goes on from there when it is called again. Sleeps. Return: 0, or -EIO
 * with the reason.
 */
int rl_resets_release(struct rl_resets *resets, struct rproc_lite_verdict *v);
int rl_resets_assert(struct rl_resets *resets, struct rproc_lite_verdict *v);

/* Is one known to be asserted? Controllers that can't tell are believed to do as told. */
bool rl_resets_any_asserted(const struct rl_resets *resets);

#endif /* RL_PLATFORM_RESETS_H */
