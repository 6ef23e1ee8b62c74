/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What of the kernel memmap.c, carve.c and placement.c need, on the host: the Makefile
 * makes the headers that they include of this one. No memory is mapped, so nothing that
 * reaches it can be called.
 *
 * checkpatch: MACRO_ARG_UNUSED, NEW_TYPEDEFS: the kernel's calls have more to ask than we.
 */
#ifndef KERNEL_H
#define KERNEL_H

#include <stdlib.h>

#include "env.h"

typedef uint64_t phys_addr_t;
typedef unsigned int gfp_t;

#define __iomem
#define __force
#define PAGE_SIZE		4096ul
#define BIT(n)			(1ul << (n))
#define BIT_ULL(n)		(1ull << (n))
#define GFP_KERNEL		0u
#define GFP_KERNEL_ACCOUNT	0u
#define NUMA_NO_NODE		(-1)
#define WARN_ON_ONCE(what)	((what) ? abort(), true : false)

#define min(a, b)		((a) < (b) ? (a) : (b))
#define max(a, b)		((a) > (b) ? (a) : (b))
#define min_t(type, a, b)	min((type)(a), (type)(b))
#define clamp(x, low, high)	min(max(x, low), high)
#define clamp_t(type, x, low, high)	clamp((type)(x), (type)(low), (type)(high))
#define round_up(x, to)		(((x) + (to) - 1) / (to) * (to))
#define ALIGN(x, to)		round_up((x), (__typeof__(x))(to))
#define PAGE_ALIGN(x)		round_up((x), PAGE_SIZE)
#define IS_ALIGNED(x, to)	(!((x) % (to)))
#define container_of(p, type, member) ((type *)((char *)(p) - offsetof(type, member)))
#define get_unaligned(p)	(*(p))
#define put_unaligned(value, p)	(*(p) = (value))

static inline void put_unaligned_le32(uint32_t value, void *p)
{
	uint8_t *b = p;

	b[0] = (uint8_t)value;
	b[1] = (uint8_t)(value >> 8);
	b[2] = (uint8_t)(value >> 16);
	b[3] = (uint8_t)(value >> 24);
}

static inline int ilog2(uint64_t n)
{
	return 63 - __builtin_clzll(n);
}

static inline ssize_t strscpy(char *to, const char *from, size_t size)
{
	return snprintf(to, size, "%s", from);
}

/* --- lists --- */

struct list_head {
	struct list_head *next, *prev;
};

#define list_entry(p, type, member) container_of(p, type, member)
#define list_for_each_entry(p, head, member)					\
	for (p = list_entry((head)->next, __typeof__(*p), member);		\
	     &p->member != (head);						\
	     p = list_entry(p->member.next, __typeof__(*p), member))
#define list_for_each_entry_safe(p, n, head, member)				\
	for (p = list_entry((head)->next, __typeof__(*p), member),		\
	     n = list_entry(p->member.next, __typeof__(*p), member);		\
	     &p->member != (head);						\
	     p = n, n = list_entry(n->member.next, __typeof__(*p), member))

static inline void INIT_LIST_HEAD(struct list_head *head)
{
	head->next = head;
	head->prev = head;
}

static inline void list_add_tail(struct list_head *node, struct list_head *head)
{
	node->next = head;
	node->prev = head->prev;
	head->prev->next = node;
	head->prev = node;
}

static inline void list_del(struct list_head *node)
{
	node->next->prev = node->prev;
	node->prev->next = node->next;
}

/* --- memory of our own --- */

#define kzalloc(size, gfp)	calloc(1, size)
#define kcalloc(n, size, gfp)	calloc(n, size)
#define kvcalloc(n, size, gfp)	calloc(n, size)
#define kfree(p)		free(p)
#define kvfree(p)		free(p)

#define sort(base, n, size, cmp, swap) do {					\
	if (n)									\
		qsort(base, n, size, cmp);					\
} while (0)

/* --- a pool, as genalloc.h describes it: steps of a size, first fit --- */

struct gen_pool;

struct gen_pool_chunk {
	unsigned long start_addr;
	unsigned long end_addr;		/* of its last byte */
	unsigned long *bits;
};

struct genpool_data_align {
	int align;
};

struct gen_pool {
	int min_alloc_order;
	struct gen_pool_chunk chunk;
};

enum gen_pool_algo {
	gen_pool_first_fit_align,
};

struct gen_pool *gen_pool_create(int order, int node);
int gen_pool_add(struct gen_pool *pool, unsigned long addr, size_t size, int node);
void gen_pool_destroy(struct gen_pool *pool);
unsigned long gen_pool_alloc_algo(struct gen_pool *pool, size_t size, enum gen_pool_algo algo,
				  void *data);
void gen_pool_for_each_chunk(struct gen_pool *pool,
			     void (*fn)(struct gen_pool *pool, struct gen_pool_chunk *chunk,
					void *data), void *data);
void bitmap_set(unsigned long *bits, unsigned int start, unsigned int len);
void bitmap_zero(unsigned long *bits, unsigned int len);

/* --- memory of a remote's, which is not there --- */

#define IORESOURCE_SYSTEM_RAM	0
#define IORES_DESC_NONE		0
#define REGION_DISJOINT		0
#define MEMREMAP_WC		0

#define region_intersects(start, size, flags, desc)	REGION_DISJOINT
#define request_mem_region(start, size, name)		true
#define release_mem_region(start, size)			((void)0)
#define ioremap(start, size)				((void *)16)
#define memremap(start, size, flags)			((void *)16)
#define iounmap(p)					((void)0)
#define memunmap(p)					((void)0)
#define cond_resched()					((void)0)
#define memcpy_toio(to, from, len)			abort()
#define memcpy_fromio(to, from, len)			abort()
#define memset_io(to, value, len)			abort()
#define __raw_writel(value, to)				abort()
#define __raw_writew(value, to)				abort()
#define __raw_readl(from)				(abort(), 0)
#define __raw_readw(from)				(abort(), 0)

#endif /* KERNEL_H */
