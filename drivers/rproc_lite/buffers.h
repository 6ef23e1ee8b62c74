/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_BUFFERS_H
#define RL_BUFFERS_H

#include <linux/types.h>

struct gen_pool;
struct rl_region;
struct rl_vdev;

/* They begin and end at multiples of this, bytes. */
#define RL_BUFFERS_STEP		64u
#define RL_BUFFERS_SPARES	16

/**
 * struct rl_buffer - a piece of the remote's memory
 * @off: bytes into the region
 * @len: bytes, 0 if there is none
 */
struct rl_buffer {
	u64 off;
	u32 len;
};

/**
 * struct rl_buffers - the buffers of one ring; whoever has it sees to locking
 * @region: they lie there
 * @room: bytes for them
 * @base: of @pool in the region, less than an address of it by RL_BUFFERS_STEP
 * @pool: gives them out
 * @spare: came back, for the next of the same length
 * @num_spare: how many
 */
struct rl_buffers {
	struct rl_region *region;
	u64 room;
	u64 base;
	struct gen_pool *pool;
	struct rl_buffer spare[RL_BUFFERS_SPARES];
	u32 num_spare;
};

/**
 * rl_buffers_init() - a ring's share of what its device has
 * @buffers: zeroed
 * @vdev: the device
 * @index: which of its rings
 *
 * Return: 0, -ENOSPC if there is no room for buffers, -ENOMEM; rl_buffers_fini() is due
 * whatever this returns.
 */
int rl_buffers_init(struct rl_buffers *buffers, const struct rl_vdev *vdev, u32 index);
void rl_buffers_fini(struct rl_buffers *buffers);

/* One of @len bytes, or of none. Any context. Return: there is room. */
bool rl_buffers_get(struct rl_buffers *buffers, struct rl_buffer *b, u32 len);
/* Any context. @b has none then. */
void rl_buffers_put(struct rl_buffers *buffers, struct rl_buffer *b);

#endif /* RL_BUFFERS_H */
