/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_CARVE_H
#define RL_CARVE_H

#include "placement.h"

struct gen_pool;

/**
 * struct rl_carver - free space while a table is being laid out
 * @layout: what has a place already
 * @pool: by region index, made from @layout when first needed; from then on it
 *	knows only what was carved from it, so fixed things come first
 * @short_of_memory: "no room" was said for want of the memory to look for it
 */
struct rl_carver {
	const struct rl_layout *layout;
	struct gen_pool **pool;
	bool short_of_memory;
};

/* Destroy a pool that has given out something still. NULL is fine. */
void rl_pool_free(struct gen_pool *pool);

/* Return: 0 or -ENOMEM; rl_carver_end() is due if 0. */
int rl_carver_begin(struct rl_carver *c, const struct rl_layout *layout);
void rl_carver_end(struct rl_carver *c);

/**
 * rl_carve() - find room
 * @c: begun
 * @name: in the region or window of that name if there is one, else in the first
 *	RAM that has room
 * @size: bytes
 * @align: of the da, a power of two up to RL_VRING_ALIGN_MAX
 * @off: bytes into the region that is returned
 *
 * All of it has a da below 4 GiB.
 *
 * Return: a declared region, or NULL if there is no room.
 */
struct rl_region *rl_carve(struct rl_carver *c, const char *name, u64 size, u32 align,
			   u64 *off);

#endif /* RL_CARVE_H */
