// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where an image and what its table asks for is placed: in declared regions, one thing
 * beside the other, and written back to a table that is as good as before.
 *
 * The input: regions, windows and segments, each as take_*() below reads it; then the
 * table, of which the remote may or may not see a copy.
 */
#include "fuzz.h"
#include "memmap.h"
#include "placement.h"
#include "rsctable.h"
#include "verdict.h"

#include <stdlib.h>

static const char *const names[] = {
	"code", "heap", "vdev0vring0", "vdev0vring1", "vdev0buffer", "vdev1vring0", "trace0",
	"vdev1buffer",
};

static const char *take_name(u8 how)
{
	return names[how % ARRAY_SIZE(names)];
}

/* Pages, or not. */
static u64 take_size(struct input *in, u8 how)
{
	return how & 0x40 ? take32(in) % (8u << 20) : (u64)take16(in) % 2048 << 12;
}

static u64 take_address(struct input *in, u8 how)
{
	return how & 0x20 ? take64(in) : (u64)take32(in) << (how & 0x10 ? 8 : 0);
}

static void take_regions(struct input *in, struct rl_memmap *map)
{
	u32 i, num = 1 + take8(in) % 4;
	struct rproc_lite_verdict v;
	struct rproc_lite_mem mem;
	u8 how;

	for (i = 0; i < num; i++) {
		how = take8(in);
		mem = (struct rproc_lite_mem){
			.name = take_name(how), .io = how & 0x80, .mappable = true,
		};
		mem.size = take_size(in, how);
		mem.da = take_address(in, how);
		mem.pa = take8(in) & 1 ? take_address(in, how) : mem.da;
		rl_memmap_add(map, &mem, &v);
	}
}

static void take_windows(struct input *in, struct rl_memmap *map)
{
	u32 i, num = take8(in) % 4;
	struct rproc_lite_verdict v;
	struct rl_region *r;
	u64 off, size;
	u8 how;

	for (i = 0; i < num; i++) {
		how = take8(in);
		off = take32(in);
		size = take_size(in, how);
		r = rl_memmap_nth(map, how >> 3 & 3);
		if (r)
			rl_memmap_add_window(map, take_name(how), r->da + off, size, &v);
	}
}

static void take_segments(struct input *in, const struct rl_memmap *map, struct rl_elf *elf)
{
	u32 i, num = take8(in) % 4;
	struct rl_region *r;
	struct rl_segment s;
	u8 how;

	for (i = 0; i < num; i++) {
		how = take8(in);
		r = rl_memmap_nth(map, how & 3);
		s = (struct rl_segment){ .index = i, .flags = 7, .da = r ? r->da : 0 };
		s.da += take32(in);
		s.memsz = take_size(in, how);
		if (s.memsz && rl_fits(s.da, s.memsz, U64_MAX) &&
		    (!elf->num_segments || !rl_overlaps(s.da, s.memsz, elf->segment[0].da,
							elf->segment[0].memsz)))
			elf->segment[elf->num_segments++] = s;
	}
}

/* What is placed lies in what was declared. */
static void check_inside(const struct rl_layout *l)
{
	u32 i;

	for (i = 0; i < l->num; i++) {
		const struct rl_placement *p = &l->placement[i];

		must(p->region && !p->region->parent && p->size);
		must(rl_fits(p->off, p->size, p->region->size));
		must(!p->chosen || !p->region->io);
		must(strnlen(p->name, sizeof(p->name)) < sizeof(p->name));
	}
}

static bool holds(const struct rl_placement *p, const struct rl_placement *q)
{
	return p->region == q->region && p->kind == RPROC_LITE_PLACED_CARVEOUT &&
	       !strcmp(p->name, q->name) && q->off >= p->off &&
	       rl_fits(q->off - p->off, q->size, p->size);
}

/* What we chose is apart from all else, but for a ring in the carveout of its name. */
static void check_apart(const struct rl_layout *l)
{
	u32 i, k;

	for (i = 0; i < l->num; i++) {
		const struct rl_placement *p = &l->placement[i];
		bool in_carveout = false;

		for (k = 0; k < l->num && p->kind == RPROC_LITE_PLACED_VRING; k++)
			in_carveout |= p->chosen && holds(&l->placement[k], p);
		for (k = 0; k < l->num; k++) {
			const struct rl_placement *q = &l->placement[k];
			bool rings = p->kind == RPROC_LITE_PLACED_VRING &&
				     (q->kind == RPROC_LITE_PLACED_VRING ||
				      q->kind == RPROC_LITE_PLACED_TABLE);

			if (k == i || p->region != q->region ||
			    !rl_overlaps(p->off, p->size, q->off, q->size))
				continue;
			must(!rings);
			must(!p->chosen || in_carveout || holds(p, q));
		}
	}
}

/* A window is for what has its name, and nothing else that we choose. */
static void check_windows(const struct rl_memmap *map, const struct rl_layout *l)
{
	struct rl_region *w;
	bool in_carveout;
	u32 i, k;

	for (i = 0; i < l->num; i++) {
		const struct rl_placement *p = &l->placement[i];

		if (!p->chosen)
			continue;
		in_carveout = false;
		for (k = 0; k < l->num; k++)
			in_carveout |= k != i && holds(&l->placement[k], p);
		list_for_each_entry(w, &map->regions, node)
			must(in_carveout || w->parent != p->region ||
			     !rl_overlaps(w->off, w->size, p->off, p->size) ||
			     !strcmp(w->name, p->name));
	}
}

static const struct rl_placement *placed_at(const struct rl_layout *l, u32 source, u64 da,
					    u64 size)
{
	u32 i;

	for (i = 0; i < l->num; i++)
		if (l->placement[i].source == source && l->placement[i].size == size &&
		    rl_placement_da(&l->placement[i]) == da)
			return &l->placement[i];
	return NULL;
}

/* The table tells the remote where all is, and is still one that we would accept. */
static void check_table(const struct rl_layout *l, const u8 *table, size_t size)
{
	struct rproc_lite_verdict v;
	struct rl_rsc_vring vr;
	struct rl_rsc_entry e;
	u32 i, n;

	if (rl_rsc_check(table, size, &v))
		fuzz_fail(__FILE__, __LINE__, v.text);
	for (i = 0; i < rl_rsc_num(table); i++) {
		rl_rsc_get(table, i, &e);
		if (rl_rsc_is_mem(e.type))
			must(placed_at(l, i, e.mem.da, e.mem.len));
		if (e.type != RPROC_LITE_RSC_VDEV)
			continue;
		for (n = 0; n < e.vdev.num_of_vrings; n++) {
			rl_rsc_get_vring(table, &e, n, &vr);
			must(placed_at(l, i, vr.da, rl_vring_size(vr.num, vr.align)));
			must(vr.notifyid != RL_RSC_ANY);
		}
	}
}

static void must_say_why(const struct rproc_lite_verdict *v, int ret)
{
	must(v->error == ret && v->where && strnlen(v->text, sizeof(v->text)) > 10);
}

static void lay_out(const struct rl_memmap *map, struct rl_elf *elf, u8 *table, size_t size)
{
	struct rl_layout layout = { 0 };
	struct rproc_lite_verdict v;
	int ret;

	ret = rl_layout_segments(&layout, map, elf, &v);
	if (!ret)
		ret = rl_layout_table(&layout, elf, table, &v);
	check_inside(&layout);
	if (!ret) {
		check_apart(&layout);
		check_windows(map, &layout);
		check_table(&layout, table, size);
	} else {
		must_say_why(&v, ret);
	}
	rl_layout_free(&layout);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, size };
	struct rl_elf elf = { .class = RL_ELF_CLASS64 };
	struct rproc_lite_verdict v;
	struct rl_memmap map;
	u8 *table;

	rl_memmap_init(&map);
	take_regions(&in, &map);
	take_windows(&in, &map);
	take_segments(&in, &map, &elf);
	size = in.left;
	table = take_copy(&in, size);
	/* Where the first segment begins, if there is one: else we alone see it. */
	elf.table_size = (u32)size;
	elf.table_da = elf.num_segments ? elf.segment[0].da : RPROC_LITE_NO_DA;
	if (!rl_rsc_check(table, size, &v))
		lay_out(&map, &elf, table, size);
	free(table);
	rl_memmap_destroy(&map);
	return 0;
}
