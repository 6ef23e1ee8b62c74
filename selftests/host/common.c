// SPDX-License-Identifier: GPL-2.0-only
#include "common.h"

#include <stdlib.h>

#include <linux/rproc_lite_doorbell.h>

/* Wide enough that no sum can wrap. */
#define u128 unsigned __int128

const struct img_memory host_memory = {
	.da = 0x50000000, .pa = 0x50000000, .size = 0x400000,
};

static int read_bytes(void *ctx, u64 pos, void *buf, size_t len, struct rproc_lite_verdict *v)
{
	struct bytes *b = ctx;
	size_t i;

	b->reads++;
	if (!rl_fits(pos, len, b->size))
		return rl_refuse(v, -ENOEXEC, RPROC_LITE_AT_FILE, RPROC_LITE_NO_INDEX, b->size,
				 "image ends at byte %zu, and more is needed from byte %llu on",
				 b->size, (unsigned long long)pos);
	memcpy(buf, b->data + pos, len);
	for (i = 0; b->change_at && b->reads >= b->change_at && i < len; i++)
		((u8 *)buf)[i] ^= b->change_by;
	return 0;
}

struct rl_source bytes_source(struct bytes *bytes, bool size_known)
{
	return (struct rl_source){
		.read = read_bytes,
		.ctx = bytes,
		.size = size_known ? bytes->size : U64_MAX,
	};
}

static void assert_elf_sane(const struct rl_elf *elf, u64 size)
{
	const struct rl_segment *s, *t;
	u64 memsz = 0, filesz = 0;
	bool entry_found = false;
	u32 i, k;

	assert_true(elf->class == RL_ELF_CLASS32 || elf->class == RL_ELF_CLASS64);
	assert_in_range(elf->num_segments, 1, RL_ELF_SEGMENTS_MAX);
	for (i = 0; i < elf->num_segments; i++) {
		s = &elf->segment[i];
		assert_true(s->memsz && s->filesz <= s->memsz);
		assert_true(!s->filesz || (u128)s->offset + s->filesz <= size);
		assert_true((u128)s->da + s->memsz <= U64_MAX);
		assert_true(!i || s->index > elf->segment[i - 1].index);
		for (k = 0; k < i; k++) {
			t = &elf->segment[k];
			assert_true((u128)s->da + s->memsz <= t->da ||
				    (u128)t->da + t->memsz <= s->da);
		}
		entry_found |= elf->entry >= s->da && elf->entry < s->da + s->memsz;
		memsz += s->memsz;
		filesz += s->filesz;
	}
	assert_true(entry_found);
	assert_int_equal(elf->memsz, memsz);
	assert_int_equal(elf->filesz, filesz);
}

static void assert_found_table_sane(const struct rl_elf *elf)
{
	const struct rl_segment *s = &elf->segment[elf->table_segment];

	assert_true(elf->table_segment < elf->num_segments);
	assert_in_range(elf->table_size, 16, RPROC_LITE_RSC_SIZE_MAX);
	assert_true(elf->table_offset >= s->offset);
	assert_true((u128)elf->table_offset + elf->table_size <= (u128)s->offset + s->filesz);
	assert_int_equal(elf->table_da - s->da, elf->table_offset - s->offset);
}

static void assert_ring_sane(const struct rl_rsc_entry *e, const struct rl_rsc_vring *vr)
{
	assert_true(vr->offset >= e->offset + 28 && vr->offset + 20 <= e->offset + e->size);
	assert_true(vr->num && vr->num <= 32768 && !(vr->num & (vr->num - 1)));
	assert_true(vr->align >= 4 && vr->align <= 65536 && !(vr->align & (vr->align - 1)));
	if (vr->da != RL_RSC_ANY) {
		assert_int_equal(vr->da % vr->align, 0);
		assert_true(vr->da + rl_vring_size(vr->num, vr->align) <= 1ULL << 32);
	}
	assert_true(vr->notifyid < RPROC_LITE_WORD_FIRST || vr->notifyid == RL_RSC_ANY);
}

static void assert_mem_sane(const struct rl_rsc_entry *e)
{
	assert_true(e->mem.len);
	assert_true(strnlen(e->mem.name, sizeof(e->mem.name)) < sizeof(e->mem.name));
	if (e->mem.da != RL_RSC_ANY)
		assert_true((u64)e->mem.da + e->mem.len <= 1ULL << 32);
	if (e->mem.pa != RL_RSC_ANY)
		assert_true((u64)e->mem.pa + e->mem.len <= 1ULL << 32);
}

void assert_table_sane(const u8 *table, size_t size)
{
	static u32 ids[65536 / 20], froms[RPROC_LITE_RSC_NUM_MAX], tos[RPROC_LITE_RSC_NUM_MAX];
	struct rl_rsc_entry e;
	struct rl_rsc_vring vr;
	u32 i, k, num = rl_rsc_num(table), num_ids = 0;

	assert_true(num <= RPROC_LITE_RSC_NUM_MAX);
	for (i = 0; i < num; i++) {
		rl_rsc_get(table, i, &e);
		assert_true(e.offset >= 16 + 4 * num && e.size >= 8);
		assert_true((u64)e.offset + e.size <= size);
		assert_string_not_equal(rl_rsc_type_name(e.type), "?");
		froms[i] = e.offset;
		tos[i] = e.offset + e.size;
		for (k = 0; k < i; k++)
			assert_true(tos[k] <= froms[i] || tos[i] <= froms[k]);
		if (e.type <= RPROC_LITE_RSC_TRACE)
			assert_mem_sane(&e);
		if (e.type != RPROC_LITE_RSC_VDEV)
			continue;
		assert_true(e.vdev.num_of_vrings);
		for (k = 0; k < e.vdev.num_of_vrings; k++) {
			rl_rsc_get_vring(table, &e, k, &vr);
			assert_ring_sane(&e, &vr);
			if (vr.notifyid != RL_RSC_ANY)
				ids[num_ids++] = vr.notifyid;
		}
	}
	for (i = 0; i < num_ids; i++)
		for (k = 0; k < i; k++)
			assert_int_not_equal(ids[i], ids[k]);
}

void assert_verdict_sane(const struct rproc_lite_verdict *v, int error)
{
	size_t len = strnlen(v->text, sizeof(v->text));

	assert_int_equal(v->error, error);
	assert_in_range(v->where, RPROC_LITE_AT_ARGUMENT, RPROC_LITE_AT_RING);
	assert_int_equal(v->pad, 0);
	assert_in_range(len, 10, sizeof(v->text) - 2);
	assert_true(v->text[len - 1] != '.' && v->text[len - 1] != '\n');
}

/* A private copy, of which a sanitizer knows where it ends. */
static int examine_table(const struct rl_source *src, const struct rl_elf *elf,
			 struct rproc_lite_verdict *v)
{
	u8 *table = malloc(elf->table_size);
	int ret;

	assert_non_null(table);
	ret = src->read(src->ctx, elf->table_offset, table, elf->table_size, v);
	if (!ret)
		ret = rl_rsc_check(table, elf->table_size, v);
	if (!ret)
		assert_table_sane(table, elf->table_size);
	free(table);
	return ret;
}

/* A stream learns while it reads the segments that it ends too soon. */
static int read_segments(const struct rl_source *src, const struct rl_elf *elf,
			 struct rproc_lite_verdict *v)
{
	int ret = 0;
	u32 i;
	u8 b;

	for (i = 0; i < elf->num_segments && !ret; i++)
		if (elf->segment[i].filesz)
			ret = src->read(src->ctx, elf->segment[i].offset +
					elf->segment[i].filesz - 1, &b, 1, v);
	return ret;
}

int examine(struct bytes *bytes, bool size_known, struct rl_elf *elf,
	    struct rproc_lite_verdict *v)
{
	struct rl_source src = bytes_source(bytes, size_known);
	int ret;

	memset(v, 0, sizeof(*v));
	/* What it does not set must not matter. */
	memset(elf, 0xa5, sizeof(*elf));
	ret = rl_elf_parse(&src, elf, v);
	if (!ret && !size_known)
		ret = read_segments(&src, elf, v);
	if (!ret)
		assert_elf_sane(elf, bytes->size);
	if (!ret)
		ret = rl_elf_find_table(&src, elf, v);
	if (!ret && elf->has_table) {
		assert_found_table_sane(elf);
		ret = examine_table(&src, elf, v);
	}
	if (ret)
		assert_verdict_sane(v, ret);
	return ret;
}
