// SPDX-License-Identifier: GPL-2.0-only
/* Room between what has a place already: one gen_pool for each region in question. */
#include "carve.h"
#include "rsctable.h"

#include <linux/bitmap.h>
#include <linux/genalloc.h>
#include <linux/slab.h>

/* Bytes of a region, for gen_pool_for_each_chunk(). */
struct extent {
	u64 start;
	u64 end;
};

static void mark_used(struct gen_pool *pool, struct gen_pool_chunk *chunk, void *data)
{
	unsigned int order = pool->min_alloc_order;
	u64 bits = (chunk->end_addr + 1 - chunk->start_addr) >> order;
	const struct extent *used = data;
	u64 start = used->start >> order;
	u64 end = min(bits, round_up(used->end, 1ULL << order) >> order);

	if (start < end)
		bitmap_set(chunk->bits, start, end - start);
}

/*
 * Allocations are in steps of 64 bytes to 4 KiB, so that the map of a large
 * region stays small, and begin at the first multiple of that in the region.
 */
static unsigned int pool_order(const struct rl_region *r)
{
	return clamp(ilog2(r->size) - 15, 6, 12);
}

static u64 pool_lead(const struct rl_region *r)
{
	return round_up(r->da, 1ULL << pool_order(r)) - r->da;
}

/* Bytes that the pool is for; its last step may reach over the region's end. */
static u64 pool_size(const struct rl_region *r)
{
	u64 lead = pool_lead(r);

	return lead < r->size ? round_up(r->size - lead, 1ULL << pool_order(r)) : 0;
}

/* A pool's addresses: not 0, which means failure, and aligned as the da is. */
static unsigned long pool_base(const struct rl_region *r)
{
	return RL_VRING_ALIGN_MAX + ((r->da + pool_lead(r)) & (RL_VRING_ALIGN_MAX - 1));
}

/* Mark what of [off, off + size) in region @in lies in @r, or in what @r is of. */
static void mark_placed(struct gen_pool *pool, const struct rl_region *r,
			const struct rl_region *in, u64 off, u64 size)
{
	u64 first = (r->parent ? r->off : 0) + pool_lead(r);
	struct extent used;

	if (in != (r->parent ?: r) || !rl_overlaps(off, size, first, pool_size(r)))
		return;
	used.start = off > first ? off - first : 0;
	used.end = off + size - first;
	gen_pool_for_each_chunk(pool, mark_used, &used);
}

/* A new pool has all of its region free: take out what is in use. */
static void fill_pool(struct gen_pool *pool, const struct rl_layout *l,
		      const struct rl_region *r)
{
	const struct rl_region *w;
	u32 i;

	for (i = 0; i < l->num; i++)
		mark_placed(pool, r, l->placement[i].region, l->placement[i].off,
			    l->placement[i].size);
	list_for_each_entry(w, &l->map->regions, node)
		if (w->parent == r)
			mark_placed(pool, r, r, w->off, w->size);
}

static void forget_chunk(struct gen_pool *pool, struct gen_pool_chunk *chunk, void *data)
{
	bitmap_zero(chunk->bits,
		    (chunk->end_addr + 1 - chunk->start_addr) >> pool->min_alloc_order);
}

void rl_pool_free(struct gen_pool *pool)
{
	if (!pool)
		return;
	/* The pool insists on being empty. */
	gen_pool_for_each_chunk(pool, forget_chunk, NULL);
	gen_pool_destroy(pool);
}

static struct gen_pool *new_pool(struct rl_carver *c, const struct rl_region *r)
{
	struct gen_pool *pool = gen_pool_create(pool_order(r), NUMA_NO_NODE);

	if (!pool)
		return NULL;
	if (gen_pool_add(pool, pool_base(r), pool_size(r), NUMA_NO_NODE)) {
		gen_pool_destroy(pool);
		return NULL;
	}
	fill_pool(pool, c->layout, r);
	return pool;
}

static struct gen_pool *get_pool(struct rl_carver *c, struct rl_region *r)
{
	struct gen_pool **pool = &c->pool[r->index];

	if (!*pool && pool_size(r)) {
		*pool = new_pool(c, r);
		c->short_of_memory |= !*pool;
	}
	return *pool;
}

static bool carve_from(struct rl_carver *c, struct rl_region *r, u64 size, u32 align, u64 *off)
{
	struct genpool_data_align data = { .align = align };
	struct gen_pool *pool = get_pool(c, r);
	unsigned long addr;

	if (!pool || size > r->size)
		return false;
	addr = gen_pool_alloc_algo(pool, size, gen_pool_first_fit_align, &data);
	if (!addr)
		return false;
	*off = pool_lead(r) + (addr - pool_base(r));
	/* The table's addresses have 32 bits; what lies above is of no use. */
	return rl_fits(*off, size, r->size) && rl_fits(r->da + *off, size, 1ULL << 32);
}

struct rl_region *rl_carve(struct rl_carver *c, const char *name, u64 size, u32 align,
			   u64 *off)
{
	struct rl_region *r = rl_memmap_find_name(c->layout->map, name);

	if (r) {
		if (r->io || !carve_from(c, r, size, align, off))
			return NULL;
		*off += r->off;
		return r->parent ?: r;
	}
	list_for_each_entry(r, &c->layout->map->regions, node)
		if (!r->io && !r->parent && carve_from(c, r, size, align, off))
			return r;
	return NULL;
}

int rl_carver_begin(struct rl_carver *c, const struct rl_layout *layout)
{
	c->layout = layout;
	c->short_of_memory = false;
	c->pool = kcalloc(layout->map->num, sizeof(*c->pool), GFP_KERNEL);
	return c->pool ? 0 : -ENOMEM;
}

void rl_carver_end(struct rl_carver *c)
{
	u32 i;

	for (i = 0; i < c->layout->map->num; i++)
		rl_pool_free(c->pool[i]);
	kfree(c->pool);
}
