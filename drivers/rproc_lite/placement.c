// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where everything of an image lies: what the image fixed is looked up in the
 * regions, or refused; what it left open is given a place between.
 */
#include "placement.h"
#include "carve.h"
#include "rsctable.h"
#include "verdict.h"

#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/virtio_ids.h>

#define RL_ALIGN_CARVEOUT	4096u	/* so that it can be mapped by itself */
#define RL_ALIGN_TRACE		64u	/* and of buffers: steps of carve.c and buffers.c */

/* What a buffer of a ring takes: rpmsg's, or a page for others. */
#define RL_BUFFER_RPMSG		512u
#define RL_BUFFER_OTHER		4096u
#define RL_BUFFERS_MIN		4096u
#define RL_BUFFERS_MAX		(4u << 20)

static struct rl_placement *add(struct rl_layout *l, enum rproc_lite_placement_kind kind,
				u32 source, struct rl_region *r, u64 off, u64 size,
				const char *name)
{
	struct rl_placement *p = &l->placement[l->num];

	if (WARN_ON_ONCE(l->num == l->max))
		return p - 1;
	l->num++;
	p->kind = kind;
	p->source = source;
	p->region = r;
	p->off = off;
	p->size = size;
	strscpy(p->name, name, sizeof(p->name));
	return p;
}

static int grow(struct rl_layout *l, u32 more, struct rproc_lite_verdict *v)
{
	struct rl_placement *p;

	p = kvcalloc(l->max + more, sizeof(*p), GFP_KERNEL);
	if (!p)
		return rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING, "out of memory");
	if (l->num)
		memcpy(p, l->placement, l->num * sizeof(*p));
	kvfree(l->placement);
	l->placement = p;
	l->max += more;
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct rl_placement *p = a, *q = b;

	if (p->region != q->region)
		return p->region->index < q->region->index ? -1 : 1;
	if (p->off != q->off)
		return p->off < q->off ? -1 : 1;
	/* What holds the other comes first. */
	return p->size == q->size ? 0 : p->size > q->size ? -1 : 1;
}

static void sort_layout(struct rl_layout *l)
{
	sort(l->placement, l->num, sizeof(*l->placement), by_place, NULL);
}

int rl_layout_segments(struct rl_layout *l, const struct rl_memmap *map,
		       const struct rl_elf *elf, struct rproc_lite_verdict *v)
{
	char name[RPROC_LITE_NAME_MAX];
	struct rl_region *r;
	u32 i;
	int ret;

	l->map = map;
	ret = grow(l, elf->num_segments + 1, v);
	if (ret)
		return ret;
	for (i = 0; i < elf->num_segments; i++) {
		const struct rl_segment *s = &elf->segment[i];

		r = rl_memmap_find_da(map, s->da, s->memsz);
		if (!r)
			return rl_refuse(v, -ENOEXEC, RPROC_LITE_AT_SEGMENT, s->index,
					 RPROC_LITE_NO_OFFSET,
					 "program header %u: 0x%llx bytes at da 0x%llx lie in no region of this remote",
					 s->index, s->memsz, s->da);
		snprintf(name, sizeof(name), "segment %u %c%c%c", s->index,
			 s->flags & 4 ? 'r' : '-', s->flags & 2 ? 'w' : '-',
			 s->flags & 1 ? 'x' : '-');
		add(l, RPROC_LITE_PLACED_SEGMENT, s->index, r, s->da - r->da, s->memsz, name);
	}
	sort_layout(l);
	return 0;
}

/* The work on one table. */
struct want {
	struct rl_layout *layout;
	u8 *table;
	struct rl_carver carver;
	struct rproc_lite_verdict *v;
};

static void put_le32(struct want *w, u32 offset, u32 value)
{
	put_unaligned_le32(value, w->table + offset);
}

static bool any_pa(const struct rl_rsc_entry *e)
{
	/* Carveouts are commonly written with pa 0 for "none yet". */
	return e->mem.pa == RL_RSC_ANY || (e->type == RPROC_LITE_RSC_CARVEOUT && !e->mem.pa);
}

static enum rproc_lite_placement_kind kind_of(u32 type)
{
	switch (type) {
	case RPROC_LITE_RSC_TRACE:
		return RPROC_LITE_PLACED_TRACE;
	case RPROC_LITE_RSC_DEVMEM:
		return RPROC_LITE_PLACED_DEVMEM;
	default:
		return RPROC_LITE_PLACED_CARVEOUT;
	}
}

/* Write back where a carveout, devmem or trace entry lies. */
static void settle_mem(struct want *w, const struct rl_rsc_entry *e,
		       const struct rl_region *r, u64 off)
{
	u64 pa = r->pa + off;

	put_le32(w, e->offset + 4, r->da + off);
	if (e->type != RPROC_LITE_RSC_TRACE)
		put_le32(w, e->offset + 8, pa + e->mem.len <= U32_MAX ? pa : RL_RSC_ANY);
}

static int outside(struct want *w, const struct rl_rsc_entry *e, u32 at, const char *what,
		   u64 addr, u64 len)
{
	return rl_refuse(w->v, -EINVAL, RPROC_LITE_AT_ENTRY, e->index, e->offset + at,
			 "resource table entry %u (%s), byte %u: 0x%llx bytes at %s 0x%llx lie in no region of this remote",
			 e->index, rl_rsc_type_name(e->type), e->offset + at, len, what, addr);
}

/* A carveout, devmem or trace entry that says where it is. */
static int place_fixed_mem(struct want *w, const struct rl_rsc_entry *e)
{
	struct rl_region *r;
	u64 off;

	if (e->mem.da != RL_RSC_ANY) {
		r = rl_memmap_find_da(w->layout->map, e->mem.da, e->mem.len);
		if (!r)
			return outside(w, e, 4, "da", e->mem.da, e->mem.len);
		off = e->mem.da - r->da;
	} else if (!any_pa(e)) {
		r = rl_memmap_find_pa(w->layout->map, e->mem.pa, e->mem.len);
		if (!r)
			return outside(w, e, 8, "pa", e->mem.pa, e->mem.len);
		off = e->mem.pa - r->pa;
		if (!rl_fits(r->da + off, e->mem.len, 1ULL << 32))
			return outside(w, e, 8, "32-bit da for pa", e->mem.pa, e->mem.len);
	} else {
		return 0;
	}
	if (!any_pa(e) && e->mem.pa != r->pa + off)
		return rl_refuse(w->v, -EINVAL, RPROC_LITE_AT_ENTRY, e->index, e->offset + 8,
				 "resource table entry %u (%s), byte %u: da 0x%x is pa 0x%llx here, not 0x%x",
				 e->index, rl_rsc_type_name(e->type), e->offset + 8, e->mem.da,
				 (u64)r->pa + off, e->mem.pa);

	settle_mem(w, e, r, off);
	add(w->layout, kind_of(e->type), e->index, r, off, e->mem.len, e->mem.name);
	return 0;
}

static int no_room(struct want *w, const struct rl_rsc_entry *e, u64 size)
{
	return rl_refuse(w->v, -ENOSPC, RPROC_LITE_AT_ENTRY, e->index, e->offset,
			 "resource table entry %u (%s): no room for its 0x%llx bytes in this remote's regions",
			 e->index, rl_rsc_type_name(e->type), size);
}

/* One that leaves the choice to us. */
static int place_any_mem(struct want *w, const struct rl_rsc_entry *e)
{
	struct rl_region *r;
	u64 off;

	if (e->mem.da != RL_RSC_ANY || !any_pa(e))
		return 0;
	if (e->type == RPROC_LITE_RSC_DEVMEM)
		return rl_refuse(w->v, -EINVAL, RPROC_LITE_AT_ENTRY, e->index, e->offset + 4,
				 "resource table entry %u (devmem), byte %u: says neither da nor pa",
				 e->index, e->offset + 4);
	r = rl_carve(&w->carver, e->mem.name, e->mem.len,
		     e->type == RPROC_LITE_RSC_TRACE ? RL_ALIGN_TRACE : RL_ALIGN_CARVEOUT, &off);
	if (!r)
		return no_room(w, e, e->mem.len);
	settle_mem(w, e, r, off);
	add(w->layout, kind_of(e->type), e->index, r, off, e->mem.len, e->mem.name)->chosen = true;
	return 0;
}

/* Rings that share bytes, or lie over the table, would corrupt each other. */
static int check_vring_apart(struct want *w, const struct rl_rsc_entry *e, u32 at,
			     const struct rl_region *r, u64 off, u64 size)
{
	u32 i;

	for (i = 0; i < w->layout->num; i++) {
		const struct rl_placement *p = &w->layout->placement[i];

		if ((p->kind == RPROC_LITE_PLACED_VRING || p->kind == RPROC_LITE_PLACED_TABLE) &&
		    p->region == r && rl_overlaps(p->off, p->size, off, size))
			return rl_refuse(w->v, -EINVAL, RPROC_LITE_AT_ENTRY, e->index, at,
					 "resource table entry %u (vdev), byte %u: vring at da 0x%llx overlaps %s",
					 e->index, at, r->da + off, p->name);
	}
	return 0;
}

/*
 * Room for a vring: in the carveout, window or region of its name, or anywhere. The
 * carveouts that the table itself asks for all have a place by now.
 */
static struct rl_region *carve_vring(struct want *w, const char *name, u64 size, u32 align,
				     u64 *off)
{
	const struct rl_placement *p;

	p = rl_layout_find(w->layout, RPROC_LITE_PLACED_CARVEOUT, name);
	if (!p)
		return rl_carve(&w->carver, name, size, align, off);
	/* It is the remote's address that is to be aligned. */
	*off = ALIGN(rl_placement_da(p), align) - p->region->da;
	return !p->region->io && rl_fits(*off - p->off, size, p->size) ? p->region : NULL;
}

static int place_vring(struct want *w, const struct rl_rsc_entry *e, u32 vdev, u32 n,
		       bool fixed)
{
	char name[RPROC_LITE_NAME_MAX];
	struct rl_rsc_vring vr;
	struct rl_region *r;
	u64 off, size;
	bool is_fixed;
	int ret;

	rl_rsc_get_vring(w->table, e, n, &vr);
	is_fixed = vr.da != RL_RSC_ANY;
	if (is_fixed != fixed)
		return 0;
	snprintf(name, sizeof(name), "vdev%uvring%u", vdev, n);
	size = rl_vring_size(vr.num, vr.align);
	if (fixed) {
		r = rl_memmap_find_da(w->layout->map, vr.da, size);
		if (!r)
			return outside(w, e, vr.offset - e->offset, "da", vr.da, size);
		off = vr.da - r->da;
	} else {
		r = carve_vring(w, name, size, max(vr.align, RL_ALIGN_TRACE), &off);
		if (!r)
			return no_room(w, e, size);
		put_le32(w, vr.offset, r->da + off);
	}
	/* Its carveout may have been given any place. */
	ret = check_vring_apart(w, e, vr.offset, r, off, size);
	if (ret)
		return ret;
	add(w->layout, RPROC_LITE_PLACED_VRING, e->index, r, off, size, name)->chosen = !fixed;
	return 0;
}

/* Memory first, then the rings, which may lie in it. */
static int place_mems(struct want *w, bool fixed)
{
	struct rl_rsc_entry e;
	int ret = 0;
	u32 i;

	for (i = 0; i < rl_rsc_num(w->table) && !ret; i++) {
		rl_rsc_get(w->table, i, &e);
		if (rl_rsc_is_mem(e.type))
			ret = fixed ? place_fixed_mem(w, &e) : place_any_mem(w, &e);
	}
	return ret;
}

static int place_vrings(struct want *w, bool fixed)
{
	struct rl_rsc_entry e;
	u32 n, vdev;
	int ret = 0;

	for (vdev = 0; !ret && rl_rsc_get_vdev(w->table, vdev, &e); vdev++)
		for (n = 0; n < e.vdev.num_of_vrings && !ret; n++)
			ret = place_vring(w, &e, vdev, n, fixed);
	return ret;
}

/*
 * Buffers for all rings of a vdev, as large as they can be used; less will do, so
 * for want of room nothing is refused here.
 */
static void place_buffers(struct want *w, const struct rl_rsc_entry *e, u32 vdev)
{
	char name[RPROC_LITE_NAME_MAX];
	struct rl_rsc_vring vr;
	struct rl_region *r;
	u64 off, least, size = 0;
	u32 n;

	snprintf(name, sizeof(name), "vdev%ubuffer", vdev);
	if (rl_layout_find(w->layout, RPROC_LITE_PLACED_CARVEOUT, name))
		return;
	r = rl_memmap_find_name(w->layout->map, name);
	for (n = 0; n < e->vdev.num_of_vrings && !r; n++) {
		rl_rsc_get_vring(w->table, e, n, &vr);
		size += (u64)vr.num * (e->vdev.id == VIRTIO_ID_RPMSG ? RL_BUFFER_RPMSG :
								     RL_BUFFER_OTHER);
	}
	size = r ? r->size - min(r->size, round_up(r->da, RL_ALIGN_TRACE) - r->da) :
		   clamp_t(u64, PAGE_ALIGN(size), RL_BUFFERS_MIN, RL_BUFFERS_MAX);
	least = r ? RL_ALIGN_TRACE : RL_BUFFERS_MIN;
	for (; size >= least; size /= 2) {
		r = rl_carve(&w->carver, name, size, RL_ALIGN_TRACE, &off);
		if (!r)
			continue;
		add(w->layout, RPROC_LITE_PLACED_BUFFERS, e->index, r, off, size,
		    name)->chosen = true;
		return;
	}
}

/* The lowest ids that are free, to the rings that asked for any. */
static void choose_notify_ids(struct want *w)
{
	struct rl_rsc_entry e;
	struct rl_rsc_vring vr;
	u32 i, n, id = 0;

	for (i = 0; i < rl_rsc_num(w->table); i++) {
		rl_rsc_get(w->table, i, &e);
		if (e.type != RPROC_LITE_RSC_VDEV)
			continue;
		for (n = 0; n < e.vdev.num_of_vrings; n++) {
			rl_rsc_get_vring(w->table, &e, n, &vr);
			if (vr.notifyid != RL_RSC_ANY)
				continue;
			while (rl_rsc_has_notify_id(w->table, id))
				id++;
			put_le32(w, vr.offset + 12, id++);
		}
	}
}

static u32 count_wants(const u8 *table)
{
	struct rl_rsc_entry e;
	u32 i, num = 0;

	for (i = 0; i < rl_rsc_num(table); i++) {
		rl_rsc_get(table, i, &e);
		num += e.type == RPROC_LITE_RSC_VDEV ? e.vdev.num_of_vrings + 1 : 1;
	}
	return num;
}

int rl_layout_table(struct rl_layout *l, const struct rl_elf *elf, u8 *table,
		    struct rproc_lite_verdict *v)
{
	struct want w = { .layout = l, .table = table, .v = v };
	struct rl_rsc_entry e;
	struct rl_region *r;
	u32 vdev;
	int ret;

	ret = grow(l, count_wants(table) + 1, v);
	if (ret)
		return ret;
	ret = rl_carver_begin(&w.carver, l);
	if (ret)
		return rl_refuse_plain(v, ret, RPROC_LITE_AT_NOTHING, "out of memory");

	/* It lies in a segment and so in a region, unless the remote does not see it. */
	r = rl_memmap_find_da(l->map, elf->table_da, elf->table_size);
	if (r)
		add(l, RPROC_LITE_PLACED_TABLE, elf->segment[elf->table_segment].index, r,
		    elf->table_da - r->da, elf->table_size, ".resource_table");

	ret = place_mems(&w, true);
	if (!ret)
		ret = place_vrings(&w, true);
	/* The pools are filled from what has a place by now. */
	if (!ret)
		ret = place_mems(&w, false);
	if (!ret)
		ret = place_vrings(&w, false);
	if (!ret) {
		choose_notify_ids(&w);
		for (vdev = 0; rl_rsc_get_vdev(table, vdev, &e); vdev++)
			place_buffers(&w, &e, vdev);
	}
	if (w.carver.short_of_memory)
		ret = rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING, "out of memory");
	sort_layout(l);
	rl_carver_end(&w.carver);
	return ret;
}

void rl_layout_free(struct rl_layout *l)
{
	kvfree(l->placement);
	l->placement = NULL;
	l->num = 0;
	l->max = 0;
}

const struct rl_placement *rl_layout_nth(const struct rl_layout *l,
					 enum rproc_lite_placement_kind kind, u32 n)
{
	u32 i;

	for (i = 0; i < l->num; i++)
		if (l->placement[i].kind == kind && !n--)
			return &l->placement[i];
	return NULL;
}

const struct rl_placement *rl_layout_find(const struct rl_layout *l,
					  enum rproc_lite_placement_kind kind, const char *name)
{
	u32 i;

	for (i = 0; i < l->num; i++)
		if (l->placement[i].kind == kind && !strcmp(l->placement[i].name, name))
			return &l->placement[i];
	return NULL;
}
