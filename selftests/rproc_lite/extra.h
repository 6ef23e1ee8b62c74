/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a system call takes of the kernel's memory while it runs: every allocation that
 * the calling task makes, or a kworker on anyone's behalf, less what is given back by
 * whomever. Each allocator tells of it by the kernel's own tracing:
 *
 *	slab objects	kmem:kmalloc, kmem_cache_alloc, with the bytes of their size class
 *	vmalloc areas	a probe on __vmalloc_node_range, with the bytes in whole pages
 *	pages		kmem:mm_page_alloc, large kmallocs and page tables included
 *
 * Pages that become slabs, vmalloc areas, page cache or the caller's own memory are left
 * out, as the call stack tells: the first two are counted as what they become, and the
 * others are no memory of the call. What is freed late (by RCU, by task work) counts until
 * then.
 *
 * Free memory and the page cache, before and after, can't tell this: the peak lies in
 * between, and what others do is of the same size.
 */
#ifndef EXTRA_H
#define EXTRA_H

#include <stddef.h>
#include <stdint.h>

#define EXTRA_SITES	12

/**
 * struct extra - what was taken
 * @peak: most bytes at any one time
 * @left: bytes not given back when it ended
 * @taken: all allocations, bytes
 * @events: allocations and frees that were looked at
 * @sites: of @site, those with most bytes first
 * @site: who held how much, at the peak
 */
struct extra {
	uint64_t peak;
	uint64_t left;
	uint64_t taken;
	size_t events;
	unsigned int sites;
	struct extra_site {
		char name[56];
		uint64_t bytes;
	} site[EXTRA_SITES];
};

/*
 * Make ready, for the calling process, which stays on its CPU from now on; then what it
 * does from extra_begin() to extra_end() can be read. Return: 0 or a negative errno;
 * -ENODATA if not all was seen.
 */
int extra_open(void);
int extra_begin(void);
int extra_end(void);
int extra_read(struct extra *e);
void extra_close(void);

/* As TAP's comments. */
void extra_print(const char *what, const struct extra *e);

#endif /* EXTRA_H */
