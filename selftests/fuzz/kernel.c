// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pool of addresses in one chunk: plain, and slow.
 *
 * checkpatch: OPEN_BRACE: a parameter that is a function misleads it.
 */
#include "kernel.h"

#define LONG_BITS	(8 * sizeof(long))

struct gen_pool *gen_pool_create(int order, int node)
{
	struct gen_pool *pool = calloc(1, sizeof(*pool));

	(void)node;
	if (pool)
		pool->min_alloc_order = order;
	return pool;
}

static size_t steps_of(const struct gen_pool *pool)
{
	return (pool->chunk.end_addr + 1 - pool->chunk.start_addr) >> pool->min_alloc_order;
}

/* Sanitizers see who looks past the last step. */
int gen_pool_add(struct gen_pool *pool, unsigned long addr, size_t size, int node)
{
	(void)node;
	pool->chunk.start_addr = addr;
	pool->chunk.end_addr = addr + size - 1;
	pool->chunk.bits = calloc(steps_of(pool) / LONG_BITS + 1, sizeof(long));
	return pool->chunk.bits ? 0 : -1;
}

static bool is_set(const struct gen_pool *pool, size_t step)
{
	return pool->chunk.bits[step / LONG_BITS] >> step % LONG_BITS & 1;
}

/* Only an empty pool may be destroyed. */
void gen_pool_destroy(struct gen_pool *pool)
{
	size_t i;

	for (i = 0; pool->chunk.bits && i < steps_of(pool); i++)
		if (is_set(pool, i))
			abort();
	free(pool->chunk.bits);
	free(pool);
}

void bitmap_set(unsigned long *bits, unsigned int start, unsigned int len)
{
	for (; len; len--, start++)
		bits[start / LONG_BITS] |= 1ul << start % LONG_BITS;
}

void bitmap_zero(unsigned long *bits, unsigned int len)
{
	memset(bits, 0, (len + LONG_BITS - 1) / LONG_BITS * sizeof(long));
}

unsigned long gen_pool_alloc_algo(struct gen_pool *pool, size_t size, enum gen_pool_algo algo,
				  void *data)
{
	const struct genpool_data_align *wanted = data;
	size_t n = steps_of(pool), need, i, free = 0;
	int order = pool->min_alloc_order;
	unsigned long align = (unsigned long)wanted->align, start = pool->chunk.start_addr;

	(void)algo;
	need = (size + (1ul << order) - 1) >> order;
	for (i = 0; need && i < n; i++) {
		/* Only a step at which all may begin opens a hole. */
		if (is_set(pool, i) || (!free && align >> order &&
					((start >> order) + i) % (align >> order))) {
			free = 0;
			continue;
		}
		if (++free < need)
			continue;
		i -= need - 1;
		bitmap_set(pool->chunk.bits, (unsigned int)i, (unsigned int)need);
		return start + (i << order);
	}
	return 0;
}

void gen_pool_for_each_chunk(struct gen_pool *pool,
			     void (*fn)(struct gen_pool *pool, struct gen_pool_chunk *chunk,
					void *data), void *data)
{
	if (pool->chunk.bits)
		fn(pool, &pool->chunk, data);
}
