// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading: headers first, then each segment from its store straight into its
 * region. One copy (two for device memory and for streams), and a buffer of
 * 64 KiB at most, however large the image.
 */
#include "loader.h"
#include "remote.h"
#include "rsctable.h"
#include "verdict.h"

#include <linux/err.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

/* Between two looks at whether to go on. */
#define RL_STEP		(256u << 10)
#define RL_BOUNCE	(64u << 10)
#define RL_STREAM_STEP	(16u << 10)	/* may be slow: let people see it move */

struct load {
	struct rproc_lite *rproc;
	struct rl_image *image;
	struct rl_source src;
	rl_cancelled_fn *cancelled;
	struct rl_progress *progress;
	struct rproc_lite_verdict *v;
	bool can_seek;		/* the store can */
	u8 *bounce;		/* for device memory, made when first needed */
	u32 begun;		/* placements that may have been written to */
};

static int out_of_memory(struct load *ld)
{
	return rl_refuse_plain(ld->v, -ENOMEM, RPROC_LITE_AT_NOTHING, "out of memory");
}

static int check_interrupted(struct load *ld)
{
	if (ld->cancelled(ld->rproc))
		return rl_refuse_plain(ld->v, -ECANCELED, RPROC_LITE_AT_NOTHING,
				       "loading was cancelled");
	if (signal_pending(current))
		return rl_refuse_plain(ld->v, -EINTR, RPROC_LITE_AT_NOTHING,
				       "loading was interrupted");
	return 0;
}

static int ask_backend(struct load *ld)
{
	const struct rproc_lite_ops *ops = ld->rproc->ops;
	struct rproc_lite_image_info info;

	if (!ops->check_image)
		return 0;
	rl_image_info(ld->rproc, ld->image, &info);
	return ops->check_image(ld->rproc, &info, ld->v);
}

static int offer_vendor_entries(struct load *ld)
{
	const struct rproc_lite_ops *ops = ld->rproc->ops;
	const u8 *table = ld->image->table;
	struct rl_rsc_entry e;
	u32 i;
	int ret;

	for (i = 0; i < rl_rsc_num(table); i++) {
		rl_rsc_get(table, i, &e);
		if (e.type < RPROC_LITE_RSC_VENDOR_START)
			continue;
		ret = ops->handle_rsc ? ops->handle_rsc(ld->rproc, e.type, table + e.offset,
							e.size, ld->v) : -EOPNOTSUPP;
		if (ret == -EOPNOTSUPP)
			return rl_refuse(ld->v, -EINVAL, RPROC_LITE_AT_ENTRY, i, e.offset,
					 "resource table entry %u (vendor): nothing here knows vendor type %u",
					 i, e.type);
		if (ret)
			return ret;
	}
	return 0;
}

/* Take the one snapshot of the table, check it, and settle what it asks for. */
static int take_table(struct load *ld, bool from_memory)
{
	struct rl_image *image = ld->image;
	const struct rl_elf *elf = &image->elf;
	struct rl_region *r;
	int ret;

	image->table_size = elf->table_size;
	image->table = kvmalloc(elf->table_size, GFP_KERNEL);
	if (!image->table)
		return out_of_memory(ld);
	if (from_memory) {
		r = rl_memmap_find_da(image->layout.map, elf->table_da, elf->table_size);
		rl_region_read(r, elf->table_da - r->da, image->table, elf->table_size);
	} else {
		ret = ld->src.read(ld->src.ctx, elf->table_offset, image->table,
				   elf->table_size, ld->v);
		if (ret)
			return ret;
	}

	ret = rl_rsc_check(image->table, image->table_size, ld->v);
	if (!ret)
		ret = rl_layout_table(&image->layout, elf, image->table, ld->v);
	if (!ret)
		ret = offer_vendor_entries(ld);
	return ret;
}

/* Read @len bytes at @pos of the image to @off of the region. */
static int place_bytes(struct load *ld, struct rl_region *r, u64 off, u64 pos, u64 len)
{
	size_t n, step = RL_STEP;
	int ret;

	if (!ld->can_seek)
		step = RL_STREAM_STEP;
	else if (r->io)
		step = RL_BOUNCE;
	if (r->io && !ld->bounce) {
		ld->bounce = kvmalloc(RL_BOUNCE, GFP_KERNEL);
		if (!ld->bounce)
			return out_of_memory(ld);
	}
	while (len) {
		ret = check_interrupted(ld);
		if (ret)
			return ret;
		n = min_t(u64, len, step);
		ret = ld->src.read(ld->src.ctx, pos, r->io ? ld->bounce : r->va + off, n, ld->v);
		if (ret)
			return ret;
		if (r->io)
			rl_region_write(r, off, ld->bounce, n);
		pos += n;
		off += n;
		len -= n;
		WRITE_ONCE(ld->progress->done, ld->progress->done + n);
		cond_resched();
	}
	return 0;
}

static const struct rl_placement *placement_of(const struct rl_image *image,
					       const struct rl_segment *s)
{
	const struct rl_placement *p;
	u32 n = 0;

	while ((p = rl_layout_nth(&image->layout, RPROC_LITE_PLACED_SEGMENT, n++)))
		if (p->source == s->index)
			break;
	return p;
}

/*
 * The segment that comes next in the file after @last; a stream has no other
 * order, and a disk likes it too.
 */
static const struct rl_segment *next_in_file(const struct rl_elf *elf,
					     const struct rl_segment *last)
{
	const struct rl_segment *next = NULL;
	u32 i;

	for (i = 0; i < elf->num_segments; i++) {
		const struct rl_segment *s = &elf->segment[i];

		if (last && (s->offset < last->offset ||
			     (s->offset == last->offset && s <= last)))
			continue;
		if (!next || s->offset < next->offset)
			next = s;
	}
	return next;
}

static int place_segments(struct load *ld)
{
	struct rl_image *image = ld->image;
	const struct rl_segment *s = NULL;
	const struct rl_placement *p;
	int ret;

	WRITE_ONCE(ld->progress->total, image->elf.filesz);
	while ((s = next_in_file(&image->elf, s))) {
		p = placement_of(image, s);
		ld->begun++;
		ret = place_bytes(ld, p->region, p->off, s->offset, s->filesz);
		if (ret)
			return ret;
		rl_region_zero(p->region, p->off + s->filesz, s->memsz - s->filesz);
	}
	return 0;
}

/* Undo place_segments(), as far as it came. */
static void zero_segments(struct load *ld)
{
	const struct rl_segment *s = NULL;
	const struct rl_placement *p;

	while (ld->begun-- && (s = next_in_file(&ld->image->elf, s))) {
		p = placement_of(ld->image, s);
		rl_region_zero(p->region, p->off, s->memsz);
	}
}

/* Clear what we chose the place of, and let the firmware read where that is. */
static void publish_table(struct load *ld)
{
	const struct rl_image *image = ld->image;
	const struct rl_elf *elf = &image->elf;
	struct rl_region *r;
	u32 i;

	for (i = 0; i < image->layout.num; i++) {
		const struct rl_placement *p = &image->layout.placement[i];

		if (p->chosen)
			rl_region_zero(p->region, p->off, p->size);
	}
	if (!image->table)
		return;
	r = rl_memmap_find_da(image->layout.map, elf->table_da, elf->table_size);
	rl_region_write(r, elf->table_da - r->da, image->table, image->table_size);
}

/* All that can be said about the image without writing to memory. */
static int examine(struct load *ld)
{
	struct rl_image *image = ld->image;
	int ret;

	ret = rl_elf_parse(&ld->src, &image->elf, ld->v);
	if (!ret)
		ret = rl_layout_segments(&image->layout, &ld->rproc->map, &image->elf, ld->v);
	if (!ret)
		ret = ask_backend(ld);
	if (!ret && ld->can_seek)
		ret = rl_elf_find_table(&ld->src, &image->elf, ld->v);
	if (!ret && image->elf.has_table)
		ret = take_table(ld, false);
	return ret;
}

static int load(struct load *ld)
{
	int ret;

	ret = examine(ld);
	if (!ret)
		ret = place_segments(ld);
	/* A stream gives its section headers only now, behind the segments. */
	if (!ret && !ld->can_seek)
		ret = rl_elf_find_table(&ld->src, &ld->image->elf, ld->v);
	if (!ret && !ld->can_seek && ld->image->elf.has_table)
		ret = take_table(ld, true);
	if (ret)
		zero_segments(ld);
	else
		publish_table(ld);
	return ret;
}

struct rl_image *rl_load(struct rproc_lite *rproc, struct rl_store *store,
			 rl_cancelled_fn *cancelled, struct rl_progress *progress,
			 struct rproc_lite_verdict *v)
{
	struct load ld = {
		.rproc = rproc,
		.can_seek = rl_store_can_seek(store),
		.cancelled = cancelled,
		.progress = progress,
		.v = v,
	};
	int ret;

	ld.image = kvzalloc(sizeof(*ld.image), GFP_KERNEL);
	if (!ld.image)
		return ERR_PTR(out_of_memory(&ld));
	WRITE_ONCE(progress->done, 0);
	WRITE_ONCE(progress->total, 0);

	ret = rl_store_begin(store, cancelled, rproc, &ld.src, v);
	if (!ret) {
		ret = load(&ld);
		rl_store_end(store);
	}
	kvfree(ld.bounce);
	if (!ret)
		return ld.image;
	rl_image_free(ld.image);
	return ERR_PTR(ret);
}

void rl_image_free(struct rl_image *image)
{
	if (!image)
		return;
	rl_layout_free(&image->layout);
	kvfree(image->table);
	kvfree(image);
}

void rl_image_info(const struct rproc_lite *rproc, const struct rl_image *image,
		   struct rproc_lite_image_info *info)
{
	const struct rl_elf *elf = &image->elf;
	struct rl_region *r = rl_memmap_find_da(&rproc->map, elf->entry, 1);

	info->elf_class = elf->class;
	info->elf_machine = elf->machine;
	info->entry = elf->entry;
	/* The entry lies in a segment, and that in a region. */
	info->entry_pa = r->pa + (elf->entry - r->da);
}
