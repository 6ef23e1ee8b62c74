/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the kernel holds, taken stock of now and again: objects of slab caches, areas of
 * vmalloc. A leak of one object a life adds as many objects to one cache as there are
 * lives. Caches breathe, so only what grows so again and again is a leak.
 */
#ifndef STOCK_H
#define STOCK_H

#include <stdbool.h>

#define STOCK_CACHES	512

struct stock_cache {
	char name[48];
	long objects;
};

struct stock {
	struct stock_cache cache[STOCK_CACHES];
	unsigned int caches;
	long areas;		/* of vmalloc, in all, but for the stacks of processes */
	long mappings;		/* those of them that map something */
	long ours;		/* those of them that map the remote's regions */
};

/* How many regions the remote has, and no other remote. */
extern unsigned int stock_regions;

/* Once, with the remote open. Ends the program where /proc does not tell. */
void stock_begin(int fd);
void stock_take(struct stock *s);
/*
 * How many caches have grown by about an object for each life, in every of so many spans
 * of so many lives; @stock[0] was taken before them. They are named in the output.
 */
unsigned int stock_growing(struct stock *stock, unsigned int spans, long lives_each);

/* Is there nothing in the kernel's log that alarms? KSFT_PASS, _FAIL or _SKIP. */
int log_result(void);

#endif /* STOCK_H */
