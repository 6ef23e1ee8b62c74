// SPDX-License-Identifier: GPL-2.0-only
/* The ELF parser and its source: what it reads, and what a source may do to it. */
#include "common.h"

/* A source that fails at the n-th read, or that hands out what it likes. */
struct source {
	struct bytes bytes;
	unsigned int reads;
	unsigned int fail_at;
	u64 highest;
	bool forward_only;
	u64 last;
};

static int watched_read(void *ctx, u64 pos, void *buf, size_t len,
			struct rproc_lite_verdict *v)
{
	struct source *s = ctx;

	if (s->reads++ == s->fail_at)
		return rl_refuse(v, -EIO, RPROC_LITE_AT_FILE, RPROC_LITE_NO_INDEX, pos,
				 "the disk is broken");
	assert_true(rl_fits(pos, len, s->bytes.size));
	assert_true(len && len <= 64);
	if (pos + len > s->highest)
		s->highest = pos + len;
	memcpy(buf, s->bytes.data + pos, len);
	return 0;
}

static int parse(struct source *s, unsigned int fail_at, struct rl_elf *elf,
		 struct rproc_lite_verdict *v)
{
	struct rl_source src = { .read = watched_read, .ctx = s, .size = s->bytes.size };
	int ret;

	s->reads = 0;
	s->highest = 0;
	s->fail_at = fail_at;
	ret = rl_elf_parse(&src, elf, v);
	if (!ret)
		ret = rl_elf_find_table(&src, elf, v);
	return ret;
}

/* What the source said is handed on, whichever read it was. */
static void test_read_errors(void **state)
{
	struct rproc_lite_verdict v;
	struct source s = { 0 };
	struct rl_elf elf;
	struct img im;
	unsigned int i, reads;

	(void)state;
	img_build(&im, 64, &host_memory);
	s.bytes = (struct bytes){ .data = im.data, .size = im.size };
	assert_int_equal(parse(&s, ~0u, &elf, &v), 0);
	reads = s.reads;
	assert_true(reads > 8);
	for (i = 0; i < reads; i++) {
		assert_int_equal(parse(&s, i, &elf, &v), -EIO);
		assert_string_equal(v.text, "the disk is broken");
		assert_int_equal(s.reads, i + 1);
	}
	img_free(&im);
}

/* A stream cannot go back: the headers come without a look at what is behind. */
static void test_headers_first(void **state)
{
	struct source s = { .fail_at = ~0u };
	struct rl_source src = { .read = watched_read, .ctx = &s, .size = U64_MAX };
	struct rproc_lite_verdict v;
	struct rl_elf elf;
	struct img im;

	(void)state;
	img_build(&im, 64, &host_memory);
	s.bytes = (struct bytes){ .data = im.data, .size = im.size };
	assert_int_equal(rl_elf_parse(&src, &elf, &v), 0);
	assert_true(s.highest <= im.code);
	assert_false(elf.has_table);
	img_free(&im);
}

/* A second image is parsed as if the first had not been (the loader is not sticky). */
static void test_not_sticky(void **state)
{
	struct rproc_lite_verdict v;
	struct source s = { 0 };
	struct rl_elf elf;
	struct img im;

	(void)state;
	img_build(&im, 64, &host_memory);
	s.bytes = (struct bytes){ .data = im.data, .size = im.size };
	assert_int_equal(parse(&s, ~0u, &elf, &v), 0);
	assert_true(elf.has_table);
	img_set(&im, EH_MAGIC0, 0, 0);
	assert_int_equal(parse(&s, ~0u, &elf, &v), -ENOEXEC);
	img_set(&im, EH_MAGIC0, 0, 0x7f);
	img_set(&im, EH_SHSTRNDX, 0, 0);
	assert_int_equal(parse(&s, ~0u, &elf, &v), 0);
	assert_false(elf.has_table);
	assert_int_equal(elf.num_segments, 2);
	img_free(&im);
}

static void test_fits(void **state)
{
	(void)state;
	assert_true(rl_fits(0, 0, 0));
	assert_true(rl_fits(10, 0, 10));
	assert_false(rl_fits(11, 0, 10));
	assert_true(rl_fits(3, 7, 10));
	assert_false(rl_fits(3, 8, 10));
	assert_false(rl_fits(U64_MAX, 2, 10));
	assert_false(rl_fits(2, U64_MAX, 10));
	assert_false(rl_fits(U64_MAX - 1, U64_MAX, U64_MAX));
	assert_true(rl_fits(0, U64_MAX, U64_MAX));
}

static void test_overlaps(void **state)
{
	(void)state;
	assert_true(rl_overlaps(0, 10, 9, 1));
	assert_false(rl_overlaps(0, 10, 10, 1));
	assert_true(rl_overlaps(9, 1, 0, 10));
	assert_false(rl_overlaps(10, 1, 0, 10));
	assert_true(rl_overlaps(5, 1, 5, 1));
	assert_false(rl_overlaps(5, 0, 5, 1));
	assert_false(rl_overlaps(5, 1, 5, 0));
	assert_true(rl_overlaps(0, U64_MAX, U64_MAX - 1, 1));
	assert_false(rl_overlaps(U64_MAX - 1, 1, 0, U64_MAX - 1));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read_errors),
		cmocka_unit_test(test_headers_first),
		cmocka_unit_test(test_not_sticky),
		cmocka_unit_test(test_fits),
		cmocka_unit_test(test_overlaps),
	};

	return !!cmocka_run_group_tests_name("elf", tests, NULL, NULL);
}
