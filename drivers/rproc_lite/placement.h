/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_PLACEMENT_H
#define RL_PLACEMENT_H

#include "elf.h"
#include "memmap.h"

/**
 * struct rl_placement - something of an image that has a place in a region
 * @kind: what it is
 * @source: index of the program header or table entry that it comes from
 * @chosen: by us; else the image fixed the address
 * @region: which region
 * @off: bytes into it
 * @size: bytes; all of them lie in the region
 * @name: for people, and to find it by
 */
struct rl_placement {
	enum rproc_lite_placement_kind kind;
	u32 source;
	bool chosen;
	struct rl_region *region;
	u64 off;
	u64 size;
	char name[RPROC_LITE_NAME_MAX];
};

/**
 * struct rl_layout - where all of an image lies
 * @map: in these regions
 * @num: of @placement
 * @max: of @placement
 * @placement: sorted by region and offset once complete
 */
struct rl_layout {
	const struct rl_memmap *map;
	u32 num;
	u32 max;
	struct rl_placement *placement;
};

/**
 * rl_layout_segments() - find each segment's place
 * @layout: zeroed; rl_layout_free() is due whatever this returns
 * @map: the remote's memory
 * @elf: parsed
 * @v: the segment at fault, if refused
 *
 * Return: 0, -ENOEXEC for a segment outside the regions, -ENOMEM.
 */
int rl_layout_segments(struct rl_layout *layout, const struct rl_memmap *map,
		       const struct rl_elf *elf, struct rproc_lite_verdict *v);

/**
 * rl_layout_table() - find, or choose, the place of all that a table asks for
 * @layout: with the segments in it
 * @elf: with the table found
 * @table: our snapshot of it, checked; addresses and notify ids chosen are
 *	written there
 * @v: the entry at fault, if refused
 *
 * Nothing is written to the remote's memory.
 *
 * Return: 0; -EINVAL for an address outside the regions; -ENOSPC where there is
 * no room; -ENOMEM.
 */
int rl_layout_table(struct rl_layout *layout, const struct rl_elf *elf, u8 *table,
		    struct rproc_lite_verdict *v);

void rl_layout_free(struct rl_layout *layout);

/* The @n-th placement of a kind, in the layout's order; NULL past the last. */
const struct rl_placement *rl_layout_nth(const struct rl_layout *layout,
					 enum rproc_lite_placement_kind kind, u32 n);

/* The first placement of a kind with that name; NULL if there is none. */
const struct rl_placement *rl_layout_find(const struct rl_layout *layout,
					  enum rproc_lite_placement_kind kind, const char *name);

static inline u64 rl_placement_da(const struct rl_placement *p)
{
	return p->region->da + p->off;
}

#endif /* RL_PLACEMENT_H */
