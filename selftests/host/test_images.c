// SPDX-License-Identifier: GPL-2.0-only
/*
 * The parsers and whole images: each bad case gives its reason, each odd one is
 * accepted, and no damage to the good image confuses them.
 */
#include "common.h"

#include <stdlib.h>

#define RANDOM_ROUNDS	20000

static void check_refused(const struct img_case *c, unsigned int bits, bool size_known)
{
	struct rproc_lite_verdict v;
	struct rl_elf elf;
	struct bytes b;
	struct img im;
	bool ends = !size_known && (c->stream_ends & bits);
	u32 where = ends ? RPROC_LITE_AT_FILE : c->where;
	const char *text = ends ? "image ends at byte" : c->text;
	u32 index;
	u64 offset;
	int ret;

	img_make(&im, c, bits, &host_memory);
	b = (struct bytes){ .data = im.data, .size = im.size };
	ret = examine(&b, size_known, &elf, &v);
	img_fault(&im, c, &index, &offset);
	if (ends) {
		index = RPROC_LITE_NO_INDEX;
		offset = im.size;
	}

	if (c->kind == IMG_REMOTE) {
		/* The parsers alone cannot know. */
		if (ret)
			fail_msg("%s (ELF%u): refused, but only a remote could: %s", c->name,
				 bits, v.text);
	} else if (ret != c->error || v.where != where || !strstr(v.text, text) ||
		   v.index != index || v.offset != offset) {
		print_error("expected error %d at %u/%#x/%#llx \"%s\"\n", c->error, where, index,
			    (unsigned long long)offset, text);
		fail_msg("%s (ELF%u%s): got %d at %u/%#x/%#llx \"%s\"", c->name, bits,
			 size_known ? "" : ", stream", ret, v.where, v.index,
			 (unsigned long long)v.offset, ret ? v.text : "accepted");
	}
	img_free(&im);
}

static void test_bad_case(void **state)
{
	const struct img_case *c = *state;

	check_refused(c, 64, true);
	if (!c->no_stream)
		check_refused(c, 64, false);
	if (c->only64)
		return;
	check_refused(c, 32, true);
	if (!c->no_stream)
		check_refused(c, 32, false);
}

static void test_fine_case(void **state)
{
	const struct img_case *c = *state;
	struct rproc_lite_verdict v;
	struct rl_elf elf;
	struct bytes b;
	struct img im;
	unsigned int bits;

	for (bits = 32; bits <= 64; bits += 32) {
		img_make(&im, c, bits, &host_memory);
		b = (struct bytes){ .data = im.data, .size = im.size };
		if (examine(&b, true, &elf, &v) || examine(&b, false, &elf, &v))
			fail_msg("%s (ELF%u): refused: %s", c->name, bits, v.text);
		img_free(&im);
	}
}

/* What the parsers say of the good image, word by word. */
static void test_good_details(void **state)
{
	struct rproc_lite_verdict v;
	struct rl_rsc_entry e;
	struct rl_rsc_vring vr;
	struct rl_elf elf;
	struct bytes b;
	struct img im;
	unsigned int bits;
	const u8 *table;

	(void)state;
	for (bits = 32; bits <= 64; bits += 32) {
		img_build(&im, bits, &host_memory);
		b = (struct bytes){ .data = im.data, .size = im.size };
		assert_int_equal(examine(&b, true, &elf, &v), 0);
		assert_int_equal(elf.class, bits / 32);
		assert_int_equal(elf.machine, 183);
		assert_int_equal(elf.entry, host_memory.da);
		assert_int_equal(elf.num_segments, 2);
		assert_int_equal(elf.segment[0].flags, 5);
		assert_int_equal(elf.segment[0].offset, im.code);
		assert_int_equal(elf.segment[1].index, 1);
		assert_int_equal(elf.segment[1].flags, 6);
		assert_int_equal(elf.segment[1].da, host_memory.da + IMG_DATA_AT);
		assert_int_equal(elf.segment[1].memsz, IMG_DATA_MEMSZ);
		assert_int_equal(elf.segment[1].filesz, im.data_end - im.data_seg);
		assert_true(elf.has_table);
		assert_int_equal(elf.table_offset, im.table);
		assert_int_equal(elf.table_size, im.table_size);

		table = im.data + im.table;
		assert_int_equal(rl_rsc_num(table), IMG_ENTRIES);
		rl_rsc_get(table, 0, &e);
		assert_int_equal(e.type, RPROC_LITE_RSC_CARVEOUT);
		assert_int_equal(e.size, 56);
		assert_int_equal(e.mem.da, RL_RSC_ANY);
		assert_int_equal(e.mem.len, 0x1000);
		assert_string_equal(e.mem.name, "heap");
		rl_rsc_get(table, 1, &e);
		assert_int_equal(e.type, RPROC_LITE_RSC_DEVMEM);
		assert_int_equal(e.mem.da, host_memory.da + 0x2000);
		rl_rsc_get(table, 2, &e);
		assert_int_equal(e.type, RPROC_LITE_RSC_TRACE);
		assert_int_equal(e.size, 48);
		assert_int_equal(e.mem.len, IMG_TRACE_SIZE);
		assert_string_equal(e.mem.name, "trace0");
		rl_rsc_get(table, 3, &e);
		assert_int_equal(e.type, RPROC_LITE_RSC_VDEV);
		assert_int_equal(e.size, 28 + 2 * 20 + 8);
		assert_int_equal(e.vdev.id, 7);
		assert_int_equal(e.vdev.num_of_vrings, 2);
		assert_int_equal(e.vdev.config_len, 8);
		rl_rsc_get_vring(table, &e, 1, &vr);
		assert_int_equal(vr.da, host_memory.da + 0x8000);
		assert_int_equal(vr.align, 4096);
		assert_int_equal(vr.num, 16);
		assert_int_equal(vr.notifyid, 1);
		img_free(&im);
	}
}

/* Ended at every byte: as a file and as a stream, always a reason. */
static void test_truncated_everywhere(void **state)
{
	struct rproc_lite_verdict v;
	struct rl_elf elf;
	struct bytes b;
	struct img im;
	unsigned int bits;
	size_t size;
	u8 *part;

	(void)state;
	for (bits = 32; bits <= 64; bits += 32) {
		img_build(&im, bits, &host_memory);
		for (size = 0; size < im.size; size++) {
			part = malloc(size ? size : 1);
			assert_non_null(part);
			memcpy(part, im.data, size);
			b = (struct bytes){ .data = part, .size = size };
			if (examine(&b, true, &elf, &v) != -ENOEXEC)
				fail_msg("accepted at %zu of %zu bytes", size, im.size);
			if (examine(&b, false, &elf, &v) != -ENOEXEC || v.offset != size)
				fail_msg("stream accepted at %zu of %zu bytes", size, im.size);
			free(part);
		}
		img_free(&im);
	}
}

/* Each byte by itself: accepted or not, but never astray; examine() checks. */
static void test_corrupted_everywhere(void **state)
{
	static const u8 values[] = { 0, 1, 0x7f, 0x80, 0xff };
	struct rproc_lite_verdict v;
	struct rl_elf elf;
	struct bytes b;
	struct img im;
	unsigned int bits, i, refused = 0;
	size_t at;
	u8 was;

	(void)state;
	for (bits = 32; bits <= 64; bits += 32) {
		img_build(&im, bits, &host_memory);
		b = (struct bytes){ .data = im.data, .size = im.size };
		for (at = 0; at < im.size; at++) {
			was = im.data[at];
			for (i = 0; i <= ARRAY_SIZE(values); i++) {
				im.data[at] = i < ARRAY_SIZE(values) ? values[i] : was ^ 1;
				refused += !!examine(&b, true, &elf, &v);
				examine(&b, false, &elf, &v);
			}
			im.data[at] = was;
		}
		img_free(&im);
	}
	/* Or the loop did not do what it says. */
	assert_true(refused > 1000);
}

/* Several bytes at once, the same ones in every run. */
static void test_corrupted_at_random(void **state)
{
	struct rproc_lite_verdict v;
	struct rl_elf elf;
	struct bytes b;
	struct img im;
	unsigned int round, n;
	size_t at;
	u64 r = 88172645463325252ULL;

	(void)state;
	for (round = 0; round < RANDOM_ROUNDS; round++) {
		img_build(&im, round & 1 ? 32 : 64, &host_memory);
		for (n = 0; n < 1 + round % 6; n++) {
			r ^= r << 13;
			r ^= r >> 7;
			r ^= r << 17;
			/* The table's bytes, every other time. */
			at = round & 2 ? im.table + r % im.table_size : r % im.size;
			im.data[at] = (u8)(r >> 40 & 1 ? r >> 32 : (r >> 32) % 5);
		}
		b = (struct bytes){ .data = im.data, .size = im.size };
		examine(&b, true, &elf, &v);
		examine(&b, false, &elf, &v);
		img_free(&im);
	}
}

int main(void)
{
	static const struct CMUnitTest whole[] = {
		cmocka_unit_test(test_good_details),
		cmocka_unit_test(test_truncated_everywhere),
		cmocka_unit_test(test_corrupted_everywhere),
		cmocka_unit_test(test_corrupted_at_random),
	};
	unsigned int num = img_bad_num + img_fine_num + ARRAY_SIZE(whole);
	struct CMUnitTest *tests = calloc(num, sizeof(*tests));
	unsigned int i, n = 0;
	int failed;

	if (!tests)
		return 1;
	for (i = 0; i < img_fine_num; i++)
		tests[n++] = (struct CMUnitTest){
			.name = img_fine[i].name,
			.test_func = test_fine_case,
			.initial_state = (void *)&img_fine[i],
		};
	for (i = 0; i < img_bad_num; i++)
		tests[n++] = (struct CMUnitTest){
			.name = img_bad[i].name,
			.test_func = test_bad_case,
			.initial_state = (void *)&img_bad[i],
		};
	for (i = 0; i < ARRAY_SIZE(whole); i++)
		tests[n++] = whole[i];
	failed = _cmocka_run_group_tests("images", tests, num, NULL, NULL);
	free(tests);
	return !!failed;
}
