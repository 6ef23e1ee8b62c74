// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading: headers first, then each segment from its store into its region,
 * through a buffer that stays in the cache: what is in the region can be slow to
 * read back, and what is digested must be what was placed.
 *
 * A load takes at most 128 KiB beside the image's own memory: this buffer and
 * what the store needs to read piece by piece.
 */
#include "loader.h"
#include "raw.h"
#include "remote.h"
#include "rsctable.h"
#include "settings.h"
#include "verdict.h"

#include <linux/err.h>
#include <linux/slab.h>
#include <linux/timekeeping.h>

#define RL_STEP		(64u << 10)
#define RL_STREAM_STEP	(16u << 10)	/* may be slow: let people see it move */

struct load {
	struct rproc_lite *rproc;
	struct rl_image *image;
	struct rl_source src;
	struct rl_store *store;
	const struct rl_load_how *how;
	struct rproc_lite_verdict *v;
	u8 *bounce;
	size_t step;		/* bytes of @bounce */
	struct rl_digest digest;
	u32 begun;		/* placements that may have been written to */
};

static int out_of_memory(struct load *ld)
{
	return rl_refuse_plain(ld->v, -ENOMEM, RPROC_LITE_AT_NOTHING, "out of memory");
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
		if (e.type < RPROC_LITE_RSC_VENDOR_START ||
		    e.type == RPROC_LITE_RSC_VDEV_FEATURES)
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

/* Check the snapshot of a table, and find a place for what it asks for. */
static int settle_table(struct load *ld)
{
	struct rl_image *image = ld->image;
	int ret;

	ret = rl_rsc_check(image->table, image->table_size, ld->v);
	if (!ret)
		ret = rl_layout_table(&image->layout, &image->elf, image->table, ld->v);
	if (!ret)
		ret = offer_vendor_entries(ld);
	return ret;
}

/* Take the one snapshot of the table that the image brings. */
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
	return settle_table(ld);
}

/* Read @len bytes at @pos of the image to @off of the region. */
static int place_bytes(struct load *ld, struct rl_region *r, u64 off, u64 pos, u64 len)
{
	struct rl_progress *progress = &ld->rproc->progress;
	size_t n;
	int ret;

	while (len) {
		n = min_t(u64, len, ld->step);
		ret = ld->src.read(ld->src.ctx, pos, ld->bounce, n, ld->v);
		if (ret)
			return ret;
		rl_region_write(r, off, ld->bounce, n);
		ret = rl_digest_add(&ld->digest, ld->bounce, n);
		if (ret)
			return rl_refuse_plain(ld->v, ret, RPROC_LITE_AT_NOTHING,
					       "SHA-256 failed: error %d", -ret);
		pos += n;
		off += n;
		len -= n;
		WRITE_ONCE(progress->done, progress->done + n);
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

	WRITE_ONCE(ld->rproc->progress.total, image->elf.filesz);
	while ((s = next_in_file(&image->elf, s))) {
		p = placement_of(image, s);
		ld->begun++;
		ret = place_bytes(ld, p->region, p->off, s->offset, s->filesz);
		if (ret)
			return ret;
		rl_region_set(p->region, p->off + s->filesz, 0, s->memsz - s->filesz);
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
		rl_region_set(p->region, p->off, 0, s->memsz);
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
			rl_region_set(p->region, p->off, 0, p->size);
	}
	if (!image->table || elf->table_da == RPROC_LITE_NO_DA)
		return;
	r = rl_memmap_find_da(image->layout.map, elf->table_da, elf->table_size);
	rl_region_write(r, elf->table_da - r->da, image->table, image->table_size);
}

/* Is it ELF? What is not may be raw, if it was said where that goes. */
static int parse(struct load *ld)
{
	const struct rl_settings *settings = ld->how->settings;
	struct rl_elf *elf = &ld->image->elf;
	u8 magic[4];
	int ret;

	ld->v->error = 0;
	ret = ld->src.read(ld->src.ctx, 0, magic, sizeof(magic), ld->v);
	if (ret && ret != -ENOEXEC)
		return ret;
	if (!settings->has_load_address || (!ret && rl_elf_is(magic, sizeof(magic))))
		return rl_elf_parse(&ld->src, elf, ld->v);
	if (ld->src.size == U64_MAX && !rl_store_can_seek(ld->store))
		return rl_refuse_plain(ld->v, -ESPIPE, RPROC_LITE_AT_FILE,
				       "a raw image must be of known size: load it from a file, or keep it");
	return rl_raw_parse(&ld->src, settings->load_address, elf, ld->v);
}

static int set_entry(struct load *ld)
{
	const struct rl_settings *settings = ld->how->settings;

	if (!settings->has_boot_address)
		return 0;
	if (!rl_memmap_find_da(&ld->rproc->map, settings->boot_address, 1))
		return rl_refuse_plain(ld->v, -ENOEXEC, RPROC_LITE_AT_REGION,
				       "boot-address 0x%llx lies in no region of this remote",
				       settings->boot_address);
	ld->image->elf.entry = settings->boot_address;
	return 0;
}

/* All that can be said about the image without writing to memory. */
static int examine(struct load *ld)
{
	struct rl_image *image = ld->image;
	int ret;

	ret = parse(ld);
	if (!ret)
		ret = set_entry(ld);
	/* Of what is for another machine, the addresses are wrong too, but that says less. */
	if (!ret)
		ret = ask_backend(ld);
	if (!ret)
		ret = rl_layout_segments(&image->layout, &ld->rproc->map, &image->elf, ld->v);
	if (!ret && rl_store_can_seek(ld->store))
		ret = rl_elf_find_table(&ld->src, &image->elf, ld->v);
	if (!ret && image->elf.has_table)
		ret = take_table(ld, false);
	return ret;
}

static int place(struct load *ld)
{
	int ret;

	ret = place_segments(ld);
	if (ret || rl_store_can_seek(ld->store))
		return ret;
	/* A stream gives its section headers only now, behind the segments. */
	ret = rl_elf_find_table(&ld->src, &ld->image->elf, ld->v);
	if (!ret && ld->image->elf.has_table)
		ret = take_table(ld, true);
	return ret;
}

static int finish(struct load *ld)
{
	struct rl_image *image = ld->image;
	int ret;

	image->loaded = ktime_get_real_ns();
	image->has_sha256 = ld->how->sha256;
	ret = rl_digest_end(&ld->digest, &image->digest, image->sha256);
	if (!ret && ld->how->expect && *ld->how->expect != image->digest)
		ret = rl_refuse_plain(ld->v, -ESTALE, RPROC_LITE_AT_FILE,
				      "the image is not the one that was loaded before: its digest is %016llx, and was %016llx",
				      image->digest, *ld->how->expect);
	return ret;
}

static int load(struct load *ld)
{
	struct rproc_lite_verdict ignored;
	int ret, end;

	ret = rl_store_begin(ld->store, ld->rproc, &ld->src, ld->v);
	if (ret)
		return ret;
	ret = examine(ld);
	if (!ret)
		ret = place(ld);
	end = rl_store_end(ld->store, ret ? &ignored : ld->v);
	if (!ret)
		ret = end;
	if (!ret)
		ret = finish(ld);
	if (ret)
		zero_segments(ld);
	else
		publish_table(ld);
	return ret;
}

struct rl_image *rl_load(struct rproc_lite *rproc, struct rl_store *store,
			 const struct rl_load_how *how, struct rproc_lite_verdict *v)
{
	struct load ld = { .rproc = rproc, .store = store, .how = how, .v = v };
	int ret;

	WRITE_ONCE(rproc->progress.done, 0);
	WRITE_ONCE(rproc->progress.total, 0);
	ld.image = kvzalloc(sizeof(*ld.image), GFP_KERNEL);
	ld.step = rl_store_can_seek(store) ? RL_STEP : RL_STREAM_STEP;
	ld.bounce = kvmalloc(ld.step, GFP_KERNEL);
	if (ld.image && ld.bounce)
		ret = rl_digest_begin(&ld.digest, how->sha256, v);
	else
		ret = out_of_memory(&ld);
	if (!ret)
		ret = load(&ld);
	rl_digest_free(&ld.digest);
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
	kvfree(image->set_table);
	kvfree(image->table);
	kvfree(image);
}

/* A copy of a table from wherever it is, or an ERR_PTR. */
static u8 *copy_table(struct rproc_lite *rproc, const void *table, size_t size, u64 da,
		      struct rproc_lite_verdict *v)
{
	struct rl_region *r = NULL;
	u8 *copy;

	if (!size || size > RPROC_LITE_RSC_SIZE_MAX)
		return ERR_PTR(rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_TABLE,
					       "a resource table of %zu bytes", size));
	if (!table && da == RPROC_LITE_NO_DA)
		return ERR_PTR(rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_TABLE,
					       "neither a table nor an address of one"));
	if (da != RPROC_LITE_NO_DA) {
		r = rl_memmap_find_da(&rproc->map, da, size);
		if (!r)
			return ERR_PTR(rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_REGION,
						       "0x%zx bytes at da 0x%llx lie in no region of this remote",
						       size, da));
	}
	copy = kvmalloc(size, GFP_KERNEL);
	if (!copy)
		return ERR_PTR(rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING,
					       "out of memory"));
	if (table)
		memcpy(copy, table, size);
	else
		rl_region_read(r, da - r->da, copy, size);
	return copy;
}

/* The headers and segments of @old, for another table at @da. */
static struct rl_image *image_like(struct rproc_lite *rproc, const struct rl_image *old,
				   size_t size, u64 da, struct rproc_lite_verdict *v)
{
	struct rl_image *image = kmemdup(old, sizeof(*old), GFP_KERNEL);
	int ret;

	if (!image)
		return ERR_PTR(rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING,
					       "out of memory"));
	memset(&image->layout, 0, sizeof(image->layout));
	image->table = NULL;
	image->set_table = NULL;
	image->elf.has_table = true;
	image->elf.table_da = da;
	image->elf.table_size = size;
	image->elf.table_segment = 0;
	ret = rl_layout_segments(&image->layout, &rproc->map, &image->elf, v);
	if (!ret)
		return image;
	rl_image_free(image);
	return ERR_PTR(ret);
}

struct rl_image *rl_image_with_table(struct rproc_lite *rproc, const struct rl_image *image,
				     const void *table, size_t size, u64 da,
				     struct rproc_lite_verdict *v)
{
	struct load ld = { .rproc = rproc, .v = v };
	u8 *copy;
	int ret;

	copy = copy_table(rproc, table, size, da, v);
	if (IS_ERR(copy))
		return ERR_CAST(copy);
	ld.image = image_like(rproc, image, size, da, v);
	if (IS_ERR(ld.image)) {
		kvfree(copy);
		return ld.image;
	}
	ld.image->set_table = copy;
	ld.image->set_size = size;
	ld.image->set_da = da;
	ld.image->table_size = size;
	ld.image->table = kmemdup(copy, size, GFP_KERNEL);
	ret = ld.image->table ? settle_table(&ld) : out_of_memory(&ld);
	if (ret) {
		rl_image_free(ld.image);
		return ERR_PTR(ret);
	}
	publish_table(&ld);
	return ld.image;
}

void rl_image_info(const struct rproc_lite *rproc, const struct rl_image *image,
		   struct rproc_lite_image_info *info)
{
	const struct rl_elf *elf = &image->elf;
	struct rl_region *r = rl_memmap_find_da(&rproc->map, elf->entry, 1);

	info->elf_class = elf->class;
	info->elf_machine = elf->machine;
	info->entry = elf->entry;
	/* The entry lies in a segment, and that in a region, or the image is refused. */
	info->entry_pa = r ? r->pa + (elf->entry - r->da) : 0;
}
