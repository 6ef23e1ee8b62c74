/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_MEMMAP_H
#define RL_MEMMAP_H

#include <linux/list.h>
#include <linux/rproc_lite.h>
#include <linux/types.h>

/**
 * struct rl_region - memory that the remote may use, mapped
 * @node: in its &struct rl_memmap, in the order they were added
 * @index: its place there
 * @slot: of a declared region, tells its offset in the remote's file; never changes
 * @io: device memory
 * @claimed: of device memory, no driver but us may have it now
 * @mappable: user space may map it
 * @parent: the region that this is a window of, NULL if it is none
 * @off: of a window, bytes into @parent
 * @name: unique in the map
 * @da: address for the remote
 * @pa: address for us
 * @size: bytes; neither @da nor @pa plus this wraps
 * @va: mapping of RAM, write-combining; NULL if @io
 * @iova: mapping of device memory; NULL if not @io
 */
struct rl_region {
	struct list_head node;
	u32 index;
	u32 slot;
	bool io;
	bool claimed;
	bool mappable;
	struct rl_region *parent;
	u64 off;
	char name[RPROC_LITE_NAME_MAX];
	u64 da;
	phys_addr_t pa;
	u64 size;
	void *va;
	void __iomem *iova;
};

/*
 * All regions of a remote: first those that were declared, which stay as they
 * are once it is registered, then windows of them, which only have another
 * name. The list changes under the remote's lock and its map_sem, and never while
 * an operation has claimed it: whoever holds one of the three can read it.
 */
struct rl_memmap {
	struct list_head regions;
	u32 num;
	u32 next_slot;
};

void rl_memmap_init(struct rl_memmap *map);
void rl_memmap_destroy(struct rl_memmap *map);
/* Nobody touches device memory any more: others may claim it, before all of us is gone. */
void rl_memmap_disclaim(struct rl_memmap *map);

/**
 * rl_memmap_add() - check a piece of memory and map it
 * @map: not yet shared
 * @mem: copied
 * @v: the reason, if refused
 *
 * Return: 0, -EINVAL, -EEXIST, -EADDRINUSE or -ENOMEM, as rproc_lite_add_mem().
 */
int rl_memmap_add(struct rl_memmap *map, const struct rproc_lite_mem *mem,
		  struct rproc_lite_verdict *v);

/**
 * rl_memmap_add_window() - give part of a region a name of its own
 * @map: with the remote's lock held, and the remote not claimed
 * @name: unique in the map
 * @da: where it begins
 * @size: bytes; all of them in one declared region, and in no other window
 * @v: the reason, if refused
 *
 * What a resource table asks for by that name is placed there, and nothing else.
 *
 * Return: 0, -EINVAL, -EEXIST, -ENOENT or -ENOMEM.
 */
int rl_memmap_add_window(struct rl_memmap *map, const char *name, u64 da, u64 size,
			 struct rproc_lite_verdict *v);

/* Remove a window. Return: 0, -ENOENT, or -EPERM for what was declared. */
int rl_memmap_remove_window(struct rl_memmap *map, const char *name,
			    struct rproc_lite_verdict *v);

/*
 * The declared region that holds all @len bytes from @da, from @pa; NULL if none
 * does.
 */
struct rl_region *rl_memmap_find_da(const struct rl_memmap *map, u64 da, u64 len);
struct rl_region *rl_memmap_find_pa(const struct rl_memmap *map, u64 pa, u64 len);
struct rl_region *rl_memmap_find_name(const struct rl_memmap *map, const char *name);
/* The declared region of that slot, that has all @len bytes from @va mapped. */
struct rl_region *rl_memmap_find_slot(const struct rl_memmap *map, u64 slot);
struct rl_region *rl_memmap_find_va(const struct rl_memmap *map, const void *va, u64 len);

/* Where a region is mapped, whatever its kind. */
static inline void *rl_region_va(const struct rl_region *r)
{
	return r->io ? (__force void *)r->iova : r->va;
}

/* RPROC_LITE_REGION_* of a region. */
u32 rl_region_flags(const struct rl_region *r);

struct rl_region *rl_memmap_nth(const struct rl_memmap *map, u32 index);

/*
 * Copy and clear by the means that the memory's kind wants. @off and @len lie
 * in the region: the caller has checked.
 */
void rl_region_write(struct rl_region *r, u64 off, const void *buf, size_t len);
void rl_region_read(struct rl_region *r, u64 off, void *buf, size_t len);
void rl_region_set(struct rl_region *r, u64 off, u8 value, u64 len);

#endif /* RL_MEMMAP_H */
