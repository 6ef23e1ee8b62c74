// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the messages of a ring lie in while the remote has them: its own memory, of which each
 * ring of a device has the same share.
 */
#include "buffers.h"
#include "carve.h"
#include "vdev.h"

#include <linux/errno.h>
#include <linux/genalloc.h>
#include <linux/log2.h>
#include <linux/math64.h>

int rl_buffers_init(struct rl_buffers *buffers, const struct rl_vdev *vdev, u32 index)
{
	u64 off, size, lead;

	size = rl_vdev_buffers(vdev, &buffers->region, &off);
	lead = round_up(off, RL_BUFFERS_STEP) - off;
	if (size > lead)
		buffers->room = round_down(div_u64(size - lead, vdev->entry.vdev.num_of_vrings),
					   RL_BUFFERS_STEP);
	if (!buffers->room)
		return -ENOSPC;
	/* An address of 0 means failure to gen_pool. */
	buffers->base = off + lead + buffers->room * index - RL_BUFFERS_STEP;
	buffers->pool = gen_pool_create(ilog2(RL_BUFFERS_STEP), NUMA_NO_NODE);
	if (!buffers->pool)
		return -ENOMEM;
	return gen_pool_add(buffers->pool, RL_BUFFERS_STEP, buffers->room, NUMA_NO_NODE);
}

void rl_buffers_fini(struct rl_buffers *buffers)
{
	/* What the remote still has of ours it keeps; its ring ends with the device. */
	rl_pool_free(buffers->pool);
}

static void drop_spares(struct rl_buffers *buffers)
{
	struct rl_buffer *b;

	while (buffers->num_spare) {
		b = &buffers->spare[--buffers->num_spare];
		gen_pool_free(buffers->pool, b->off - buffers->base, b->len);
	}
}

bool rl_buffers_get(struct rl_buffers *buffers, struct rl_buffer *b, u32 len)
{
	unsigned long addr;

	b->len = len;
	if (!len)
		return true;
	if (buffers->num_spare && buffers->spare[buffers->num_spare - 1].len == len) {
		*b = buffers->spare[--buffers->num_spare];
		return true;
	}
	addr = gen_pool_alloc(buffers->pool, len);
	if (!addr && buffers->num_spare) {
		drop_spares(buffers);
		addr = gen_pool_alloc(buffers->pool, len);
	}
	if (!addr) {
		b->len = 0;
		return false;
	}
	b->off = buffers->base + addr;
	return true;
}

void rl_buffers_put(struct rl_buffers *buffers, struct rl_buffer *b)
{
	if (b->len && buffers->num_spare < RL_BUFFERS_SPARES)
		buffers->spare[buffers->num_spare++] = *b;
	else if (b->len)
		gen_pool_free(buffers->pool, b->off - buffers->base, b->len);
	b->len = 0;
}
