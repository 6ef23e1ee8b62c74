// SPDX-License-Identifier: GPL-2.0-only
/* Handles on a remote's memory, and mappings of it, for other modules. */
#include "memmap.h"
#include "remote.h"
#include "verdict.h"

#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/slab.h>

/**
 * struct rproc_lite_io - a piece of a remote's memory
 * @rproc: whose; referenced, so the mapping stays
 * @region: declared
 * @off: bytes into it
 * @size: bytes, all in it
 * @node: of a mapping, in the remote's list
 * @had: who mapped it has this handle
 */
struct rproc_lite_io {
	struct rproc_lite *rproc;
	struct rl_region *region;
	u64 off;
	u64 size;
	struct list_head node;
	bool had;
};

static struct rproc_lite_io *make_io(struct rproc_lite *rproc, struct rl_region *r, u64 off,
				     u64 size)
{
	struct rproc_lite_io *io;

	if (!r)
		return ERR_PTR(-ENOENT);
	io = kzalloc(sizeof(*io), GFP_KERNEL);
	if (!io)
		return ERR_PTR(-ENOMEM);
	get_device(&rproc->dev);
	io->rproc = rproc;
	io->region = r->parent ?: r;
	io->off = r->off + off;
	io->size = size;
	return io;
}

struct rproc_lite_io *rproc_lite_get_io_with_name(struct rproc_lite *rproc, const char *name)
{
	struct rl_region *r;

	guard(mutex)(&rproc->lock);
	r = rl_memmap_find_name(&rproc->map, name);
	return make_io(rproc, r, 0, r ? r->size : 0);
}
EXPORT_SYMBOL_GPL(rproc_lite_get_io_with_name);

struct rproc_lite_io *rproc_lite_get_io_with_pa(struct rproc_lite *rproc, phys_addr_t pa,
						u64 size)
{
	struct rl_region *r;

	guard(mutex)(&rproc->lock);
	r = size ? rl_memmap_find_pa(&rproc->map, pa, size) : NULL;
	return make_io(rproc, r, r ? pa - r->pa : 0, size);
}
EXPORT_SYMBOL_GPL(rproc_lite_get_io_with_pa);

struct rproc_lite_io *rproc_lite_get_io_with_da(struct rproc_lite *rproc, u64 da, u64 size)
{
	struct rl_region *r;

	guard(mutex)(&rproc->lock);
	r = size ? rl_memmap_find_da(&rproc->map, da, size) : NULL;
	return make_io(rproc, r, r ? da - r->da : 0, size);
}
EXPORT_SYMBOL_GPL(rproc_lite_get_io_with_da);

struct rproc_lite_io *rproc_lite_get_io_with_va(struct rproc_lite *rproc, const void *va,
						u64 size)
{
	struct rl_region *r;

	guard(mutex)(&rproc->lock);
	r = size ? rl_memmap_find_va(&rproc->map, va, size) : NULL;
	return make_io(rproc, r, r ? va - r->va : 0, size);
}
EXPORT_SYMBOL_GPL(rproc_lite_get_io_with_va);

void rproc_lite_put_io(struct rproc_lite_io *io)
{
	put_device(&io->rproc->dev);
	kfree(io);
}
EXPORT_SYMBOL_GPL(rproc_lite_put_io);

u64 rproc_lite_io_size(const struct rproc_lite_io *io)
{
	return io->size;
}
EXPORT_SYMBOL_GPL(rproc_lite_io_size);

u64 rproc_lite_io_da(const struct rproc_lite_io *io)
{
	return io->region->da + io->off;
}
EXPORT_SYMBOL_GPL(rproc_lite_io_da);

phys_addr_t rproc_lite_io_pa(const struct rproc_lite_io *io)
{
	return io->region->pa + io->off;
}
EXPORT_SYMBOL_GPL(rproc_lite_io_pa);

/*
 * Reach @len bytes at @off of @io: with map_sem held while the memory has power.
 * Return: 0, -ERANGE or -ENXIO.
 */
static int check_reach(const struct rproc_lite_io *io, u64 off, u64 len)
{
	if (!rl_fits(off, len, io->size))
		return -ERANGE;
	return io->rproc->powered ? 0 : -ENXIO;
}

int rproc_lite_io_read(struct rproc_lite_io *io, u64 off, void *buf, size_t len)
{
	int ret;

	guard(rwsem_read)(&io->rproc->map_sem);
	ret = check_reach(io, off, len);
	if (!ret)
		rl_region_read(io->region, io->off + off, buf, len);
	return ret;
}
EXPORT_SYMBOL_GPL(rproc_lite_io_read);

int rproc_lite_io_write(struct rproc_lite_io *io, u64 off, const void *buf, size_t len)
{
	int ret;

	guard(rwsem_read)(&io->rproc->map_sem);
	ret = check_reach(io, off, len);
	if (!ret)
		rl_region_write(io->region, io->off + off, buf, len);
	return ret;
}
EXPORT_SYMBOL_GPL(rproc_lite_io_write);

int rproc_lite_io_set(struct rproc_lite_io *io, u64 off, u8 value, u64 len)
{
	int ret;

	guard(rwsem_read)(&io->rproc->map_sem);
	ret = check_reach(io, off, len);
	if (!ret)
		rl_region_set(io->region, io->off + off, value, len);
	return ret;
}
EXPORT_SYMBOL_GPL(rproc_lite_io_set);

int rproc_lite_io_copy(struct rproc_lite_io *to, u64 to_off, struct rproc_lite_io *from,
		       u64 from_off, size_t len)
{
	u8 piece[256];
	size_t n;
	int ret = 0;

	if (!rl_fits(to_off, len, to->size) || !rl_fits(from_off, len, from->size))
		return -ERANGE;
	while (len && !ret) {
		n = min(len, sizeof(piece));
		ret = rproc_lite_io_read(from, from_off, piece, n);
		if (!ret)
			ret = rproc_lite_io_write(to, to_off, piece, n);
		to_off += n;
		from_off += n;
		len -= n;
	}
	return ret;
}
EXPORT_SYMBOL_GPL(rproc_lite_io_copy);

static bool suits(const struct rl_region *r, unsigned int attribute)
{
	return attribute == RPROC_LITE_MMAP_ANY ||
	       attribute == (r->io ? RPROC_LITE_MMAP_DEVICE : RPROC_LITE_MMAP_WC);
}

static void *io_va(const struct rproc_lite_io *io)
{
	return rl_region_va(io->region) + io->off;
}

void *rproc_lite_mmap(struct rproc_lite *rproc, phys_addr_t *pa, u64 *da, size_t size,
		      unsigned int attribute, struct rproc_lite_io **io)
{
	bool by_da = *da != RPROC_LITE_NO_DA;
	struct rproc_lite_io *new;
	struct rl_region *r;
	u64 off;

	guard(mutex)(&rproc->lock);
	if (rproc->going)
		return ERR_PTR(-ENODEV);
	if (rproc->state == RPROC_LITE_OFFLINE)
		return ERR_PTR(-ENXIO);
	r = !size ? NULL : by_da ? rl_memmap_find_da(&rproc->map, *da, size) :
				   rl_memmap_find_pa(&rproc->map, *pa, size);
	if (!r)
		return ERR_PTR(-ENOENT);
	off = by_da ? *da - r->da : *pa - r->pa;
	if (!suits(r, attribute) || (by_da && *pa && *pa != r->pa + off))
		return ERR_PTR(-EINVAL);
	new = make_io(rproc, r, off, size);
	if (IS_ERR(new))
		return new;
	new->had = io;
	list_add(&new->node, &rproc->mmaps);
	*da = r->da + off;
	*pa = r->pa + off;
	if (io)
		*io = new;
	return io_va(new);
}
EXPORT_SYMBOL_GPL(rproc_lite_mmap);

/* Others may have mapped the same: theirs stays. */
static struct rproc_lite_io *take_mapping(struct rproc_lite *rproc, const void *va,
					  const struct rproc_lite_io *io)
{
	struct rproc_lite_io *i;

	lockdep_assert_held(&rproc->lock);
	list_for_each_entry(i, &rproc->mmaps, node) {
		if (io_va(i) == va && (io ? i == io : !i->had)) {
			list_del(&i->node);
			return i;
		}
	}
	return NULL;
}

int rproc_lite_munmap(struct rproc_lite *rproc, void *va, struct rproc_lite_io *io)
{
	struct rproc_lite_io *found;

	scoped_guard(mutex, &rproc->lock)
		found = take_mapping(rproc, va, io);
	if (!found)
		return -EINVAL;
	rproc_lite_put_io(found);
	return 0;
}
EXPORT_SYMBOL_GPL(rproc_lite_munmap);
