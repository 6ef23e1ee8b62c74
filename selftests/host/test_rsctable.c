// SPDX-License-Identifier: GPL-2.0-only
/* Resource tables by themselves: lengths, sizes, limits. */
#include "common.h"

#include <stdlib.h>

static void good_table(struct img *im)
{
	img_build(im, 64, &host_memory);
}

static int check(const u8 *table, size_t len, struct rproc_lite_verdict *v)
{
	u8 *copy = malloc(len ? len : 1);
	int ret;

	assert_non_null(copy);
	memcpy(copy, table, len);
	memset(v, 0, sizeof(*v));
	ret = rl_rsc_check(copy, len, v);
	if (ret)
		assert_verdict_sane(v, -EINVAL);
	else
		assert_table_sane(copy, len);
	free(copy);
	return ret;
}

/* Every length below the whole is refused, every one above is not. */
static void test_every_length(void **state)
{
	struct rproc_lite_verdict v;
	struct img im;
	size_t len;

	(void)state;
	good_table(&im);
	for (len = 0; len < im.table_size; len++) {
		assert_int_equal(check(im.data + im.table, len, &v), -EINVAL);
		assert_true(v.where == RPROC_LITE_AT_TABLE || v.where == RPROC_LITE_AT_ENTRY);
		assert_true(v.offset <= im.table_size);
	}
	for (; len < im.table_size + 32; len++)
		assert_int_equal(check(im.data + im.table, len, &v), 0);
	img_free(&im);
}

static void put_word(u8 *p, u32 w)
{
	p[0] = (u8)w;
	p[1] = (u8)(w >> 8);
	p[2] = (u8)(w >> 16);
	p[3] = (u8)(w >> 24);
}

/* As many entries, and as many rings, as a table can have. */
static void test_limits(void **state)
{
	static u8 table[RPROC_LITE_RSC_SIZE_MAX + 1];
	struct rproc_lite_verdict v;
	u32 i, at, rings = 0;

	(void)state;
	memset(table, 0, sizeof(table));
	put_word(table, 1);
	put_word(table + 4, 256);
	for (i = 0; i < 256; i++) {
		at = 16 + 4 * 256 + 56 * i;
		put_word(table + 16 + 4 * i, at);
		put_word(table + at + 12, 1);
	}
	assert_int_equal(check(table, 65536, &v), 0);
	assert_int_equal(check(table, 65537, &v), -EINVAL);

	memset(table, 0, sizeof(table));
	put_word(table, 1);
	put_word(table + 4, 12);
	at = 16 + 4 * 12;
	for (i = 0; i < 12; i++) {
		put_word(table + 16 + 4 * i, at);
		put_word(table + at, RPROC_LITE_RSC_VDEV);
		table[at + 25] = 255;
		for (at += 28; table[16 + 4 * i] && rings % 255 < 254; at += 20, rings++) {
			put_word(table + at + 4, 4);
			put_word(table + at + 8, 1);
			put_word(table + at + 12, rings);
		}
		put_word(table + at + 4, 4);
		put_word(table + at + 8, 1);
		put_word(table + at + 12, rings++);
		at += 20;
	}
	assert_int_equal(rings, 12 * 255);
	assert_int_equal(check(table, at, &v), 0);
	/* The last ring takes the first one's id. */
	put_word(table + at - 8, 0);
	assert_int_equal(check(table, at, &v), -EINVAL);
	assert_int_equal(v.index, 11);
	assert_int_equal(v.offset, at - 8);
}

/* The last byte of each entry is at the last byte of the table. */
static void test_vendor(void **state)
{
	static const u32 types[] = { 127, 128, 300, 512, 513 };
	struct rproc_lite_verdict v;
	struct rl_rsc_entry e;
	u8 table[64] = { 0 };
	size_t i;

	(void)state;
	put_word(table, 1);
	put_word(table + 4, 1);
	put_word(table + 16, 20);
	for (i = 0; i < ARRAY_SIZE(types); i++) {
		put_word(table + 20, types[i]);
		put_word(table + 24, 64 - 28);
		assert_int_equal(check(table, 64, &v),
				 types[i] < 128 || types[i] > 512 ? -EINVAL : 0);
		put_word(table + 24, 64 - 28 + 1);
		assert_int_equal(check(table, 64, &v), -EINVAL);
	}
	put_word(table + 20, 128);
	put_word(table + 24, 0);
	assert_int_equal(check(table, 64, &v), 0);
	rl_rsc_get(table, 0, &e);
	assert_int_equal(e.size, 8);
	assert_string_equal(rl_rsc_type_name(e.type), "vendor");
}

/* The specification's formula, by hand. */
static void test_vring_size(void **state)
{
	(void)state;
	assert_int_equal(rl_vring_size(1, 4), 24 + 6 + 8);
	assert_int_equal(rl_vring_size(256, 4096), 8192 + 6 + 8 * 256);
	assert_int_equal(rl_vring_size(16, 4096), 4096 + 6 + 8 * 16);
	assert_int_equal(rl_vring_size(32768, 65536), 655360 + 6 + 8 * 32768);
}

static void test_type_names(void **state)
{
	(void)state;
	assert_string_equal(rl_rsc_type_name(0), "carveout");
	assert_string_equal(rl_rsc_type_name(1), "devmem");
	assert_string_equal(rl_rsc_type_name(2), "trace");
	assert_string_equal(rl_rsc_type_name(3), "vdev");
	assert_string_equal(rl_rsc_type_name(4), "?");
	assert_string_equal(rl_rsc_type_name(127), "?");
	assert_string_equal(rl_rsc_type_name(128), "vendor");
	assert_string_equal(rl_rsc_type_name(512), "vendor");
	assert_string_equal(rl_rsc_type_name(513), "?");
	assert_string_equal(rl_rsc_type_name(0xffffffff), "?");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_length),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_vendor),
		cmocka_unit_test(test_vring_size),
		cmocka_unit_test(test_type_names),
	};

	return !!cmocka_run_group_tests_name("rsctable", tests, NULL, NULL);
}
