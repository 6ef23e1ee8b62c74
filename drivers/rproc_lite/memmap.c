// SPDX-License-Identifier: GPL-2.0-only
/*
 * The memory of a remote: the only physical addresses that this module ever
 * touches for it, whatever firmware says.
 */
#include "memmap.h"
#include "env.h"
#include "verdict.h"

#include <linux/io.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>

/* Clearing and copying pause to let others run after so many bytes. */
#define RL_CHUNK	(256u << 10)
#define RL_REGIONS_MAX	256u

void rl_memmap_init(struct rl_memmap *map)
{
	INIT_LIST_HEAD(&map->regions);
	map->num = 0;
	map->next_slot = 0;
}

static int refuse(struct rproc_lite_verdict *v, int error, const struct rl_memmap *map,
		  const struct rproc_lite_mem *mem, const char *why, const char *other)
{
	phys_addr_t pa = mem->pa;

	return rl_refuse(v, error, RPROC_LITE_AT_REGION, map->num,
			 RPROC_LITE_NO_OFFSET,
			 "region %.31s (da 0x%llx, pa %pap, 0x%llx bytes): %s%s",
			 mem->name, mem->da, &pa, mem->size, why, other);
}

static int check_name(const struct rl_memmap *map, const struct rproc_lite_mem *mem,
		      struct rproc_lite_verdict *v)
{
	if (!mem->name[0] || strlen(mem->name) >= RPROC_LITE_NAME_MAX)
		return refuse(v, -EINVAL, map, mem, "its name is empty or too long", "");
	if (rl_memmap_find_name(map, mem->name))
		return refuse(v, -EEXIST, map, mem, "there is one of that name", "");
	return 0;
}

static int check(const struct rl_memmap *map, const struct rproc_lite_mem *mem,
		 struct rproc_lite_verdict *v)
{
	const struct rl_region *r;
	int ret;

	ret = check_name(map, mem, v);
	if (ret)
		return ret;
	if (!mem->size || mem->size > SIZE_MAX ||
	    mem->size > BIT_ULL(RPROC_LITE_REGION_SHIFT))
		return refuse(v, -EINVAL, map, mem, "bad size", "");
	/* The top byte stays out, so that every end is an address too. */
	if (!rl_fits(mem->da, mem->size, U64_MAX) ||
	    !rl_fits(mem->pa, mem->size, (phys_addr_t)-1))
		return refuse(v, -EINVAL, map, mem, "its addresses wrap", "");

	list_for_each_entry(r, &map->regions, node) {
		if (rl_overlaps(r->da, r->size, mem->da, mem->size))
			return refuse(v, -EEXIST, map, mem, "overlaps in da with ", r->name);
		if (rl_overlaps(r->pa, r->size, mem->pa, mem->size))
			return refuse(v, -EEXIST, map, mem, "overlaps in pa with ", r->name);
	}

	/*
	 * RAM that Linux has in its linear map can't be mapped with other
	 * attributes, and must not be: the two would be incoherent.
	 */
	if (region_intersects(mem->pa, mem->size, IORESOURCE_SYSTEM_RAM,
			      IORES_DESC_NONE) != REGION_DISJOINT)
		return refuse(v, -EADDRINUSE, map, mem,
			      "Linux uses this RAM; reserve it with no-map in the devicetree", "");
	return 0;
}

static void disclaim(struct rl_region *r)
{
	if (r->claimed)
		release_mem_region(r->pa, r->size);
	r->claimed = false;
}

int rl_memmap_add(struct rl_memmap *map, const struct rproc_lite_mem *mem,
		  struct rproc_lite_verdict *v)
{
	struct rl_region *r;
	int ret;

	ret = check(map, mem, v);
	if (ret)
		return ret;
	r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (!r)
		return refuse(v, -ENOMEM, map, mem, "out of memory", "");

	strscpy(r->name, mem->name, sizeof(r->name));
	r->da = mem->da;
	r->pa = mem->pa;
	r->size = mem->size;
	r->io = mem->io;
	r->mappable = mem->mappable;
	/* Registers that a driver of Linux's has are not for firmware. */
	r->claimed = r->io && request_mem_region(r->pa, r->size, r->name);
	if (r->io && !r->claimed) {
		kfree(r);
		return refuse(v, -EBUSY, map, mem, "a driver has it", "");
	}
	if (r->io)
		r->iova = ioremap(r->pa, r->size);
	else
		r->va = memremap(r->pa, r->size, MEMREMAP_WC);
	if (!r->iova && !r->va) {
		disclaim(r);
		kfree(r);
		return refuse(v, -ENOMEM, map, mem, "can't be mapped", "");
	}
	r->slot = map->next_slot++;
	r->index = map->num++;
	list_add_tail(&r->node, &map->regions);
	return 0;
}

static int check_window(const struct rl_memmap *map, const struct rl_region *parent,
			const struct rproc_lite_mem *mem, struct rproc_lite_verdict *v)
{
	const struct rl_region *r;
	int ret;

	ret = check_name(map, mem, v);
	if (ret)
		return ret;
	if (!mem->size)
		return refuse(v, -EINVAL, map, mem, "bad size", "");
	if (map->num >= RL_REGIONS_MAX)
		return refuse(v, -ENOSPC, map, mem, "too many regions", "");
	if (!parent)
		return refuse(v, -ENOENT, map, mem, "lies in no declared region", "");
	list_for_each_entry(r, &map->regions, node)
		if (r->parent && rl_overlaps(r->da, r->size, mem->da, mem->size))
			return refuse(v, -EEXIST, map, mem, "overlaps with ", r->name);
	return 0;
}

int rl_memmap_add_window(struct rl_memmap *map, const char *name, u64 da, u64 size,
			 struct rproc_lite_verdict *v)
{
	struct rl_region *parent = rl_memmap_find_da(map, da, size), *r;
	struct rproc_lite_mem mem = { .name = name, .da = da, .size = size };
	int ret;

	if (parent)
		mem.pa = parent->pa + (da - parent->da);
	ret = check_window(map, parent, &mem, v);
	if (ret)
		return ret;
	r = kzalloc(sizeof(*r), GFP_KERNEL_ACCOUNT);
	if (!r)
		return refuse(v, -ENOMEM, map, &mem, "out of memory", "");

	strscpy(r->name, name, sizeof(r->name));
	r->parent = parent;
	r->off = da - parent->da;
	r->io = parent->io;
	r->mappable = parent->mappable;
	r->da = da;
	r->pa = mem.pa;
	r->size = size;
	r->index = map->num++;
	list_add_tail(&r->node, &map->regions);
	return 0;
}

/* Unmap and forget a region; those behind it move up. */
static void remove_region(struct rl_memmap *map, struct rl_region *gone)
{
	struct rl_region *r;

	list_for_each_entry(r, &map->regions, node)
		if (r->index > gone->index)
			r->index--;
	map->num--;
	list_del(&gone->node);
	if (gone->iova)
		iounmap(gone->iova);
	disclaim(gone);
	if (gone->va)
		memunmap(gone->va);
	kfree(gone);
}

int rl_memmap_remove_window(struct rl_memmap *map, const char *name,
			    struct rproc_lite_verdict *v)
{
	struct rl_region *gone = rl_memmap_find_name(map, name);

	if (!gone)
		return rl_refuse_plain(v, -ENOENT, RPROC_LITE_AT_REGION,
				       "there is no region %.31s", name);
	if (!gone->parent)
		return rl_refuse(v, -EPERM, RPROC_LITE_AT_REGION, gone->index,
				 RPROC_LITE_NO_OFFSET,
				 "region %.31s was declared, not added, and stays", name);
	remove_region(map, gone);
	return 0;
}

void rl_memmap_destroy(struct rl_memmap *map)
{
	struct rl_region *r, *tmp;

	list_for_each_entry_safe(r, tmp, &map->regions, node)
		remove_region(map, r);
}

void rl_memmap_disclaim(struct rl_memmap *map)
{
	struct rl_region *r;

	list_for_each_entry(r, &map->regions, node)
		disclaim(r);
}

struct rl_region *rl_memmap_find_da(const struct rl_memmap *map, u64 da, u64 len)
{
	struct rl_region *r;

	list_for_each_entry(r, &map->regions, node)
		if (!r->parent && da >= r->da && rl_fits(da - r->da, len, r->size))
			return r;
	return NULL;
}

struct rl_region *rl_memmap_find_pa(const struct rl_memmap *map, u64 pa, u64 len)
{
	struct rl_region *r;

	list_for_each_entry(r, &map->regions, node)
		if (!r->parent && pa >= r->pa && rl_fits(pa - r->pa, len, r->size))
			return r;
	return NULL;
}

struct rl_region *rl_memmap_find_name(const struct rl_memmap *map, const char *name)
{
	struct rl_region *r;

	list_for_each_entry(r, &map->regions, node)
		if (!strcmp(r->name, name))
			return r;
	return NULL;
}

struct rl_region *rl_memmap_nth(const struct rl_memmap *map, u32 index)
{
	struct rl_region *r;

	list_for_each_entry(r, &map->regions, node)
		if (r->index == index)
			return r;
	return NULL;
}

struct rl_region *rl_memmap_find_slot(const struct rl_memmap *map, u64 slot)
{
	struct rl_region *r;

	list_for_each_entry(r, &map->regions, node)
		if (!r->parent && r->slot == slot)
			return r;
	return NULL;
}

struct rl_region *rl_memmap_find_va(const struct rl_memmap *map, const void *va, u64 len)
{
	struct rl_region *r;

	list_for_each_entry(r, &map->regions, node)
		if (r->va && va >= r->va && rl_fits(va - r->va, len, r->size))
			return r;
	return NULL;
}

u32 rl_region_flags(const struct rl_region *r)
{
	return (r->io ? RPROC_LITE_REGION_IO : 0) |
	       (r->mappable ? RPROC_LITE_REGION_MAPPABLE : 0) |
	       (r->parent ? RPROC_LITE_REGION_WINDOW : 0);
}

/* A register wants one access of its own width; memcpy_toio() may use bytes. */
static void write_io(void __iomem *to, const void *buf, size_t len)
{
	if (len == 4 && IS_ALIGNED((uintptr_t)to, 4))
		__raw_writel(get_unaligned((const u32 *)buf), to);
	else if (len == 2 && IS_ALIGNED((uintptr_t)to, 2))
		__raw_writew(get_unaligned((const u16 *)buf), to);
	else
		memcpy_toio(to, buf, len);
}

static void read_io(const void __iomem *from, void *buf, size_t len)
{
	if (len == 4 && IS_ALIGNED((uintptr_t)from, 4))
		put_unaligned(__raw_readl(from), (u32 *)buf);
	else if (len == 2 && IS_ALIGNED((uintptr_t)from, 2))
		put_unaligned(__raw_readw(from), (u16 *)buf);
	else
		memcpy_fromio(buf, from, len);
}

void rl_region_write(struct rl_region *r, u64 off, const void *buf, size_t len)
{
	if (r->io)
		write_io(r->iova + off, buf, len);
	else
		memcpy(r->va + off, buf, len);
}

void rl_region_read(struct rl_region *r, u64 off, void *buf, size_t len)
{
	if (r->io)
		read_io(r->iova + off, buf, len);
	else
		memcpy(buf, r->va + off, len);
}

void rl_region_set(struct rl_region *r, u64 off, u8 value, u64 len)
{
	while (len) {
		size_t n = min_t(u64, len, RL_CHUNK);

		if (r->io)
			memset_io(r->iova + off, value, n);
		else
			memset(r->va + off, value, n);
		off += n;
		len -= n;
		cond_resched();
	}
}
