// SPDX-License-Identifier: GPL-2.0-only
/* Trace buffers, as a well-behaved writer fills them and as a hostile one does. */
#include "common.h"

#include <stdlib.h>

#include "tracebuf.h"

#define OLDEST	RPROC_LITE_TRACE_OLDEST

/* Firmware's side: text that a NUL follows, round and round. */
struct writer {
	u8 *buf;
	size_t size;
	size_t at;
};

static void put_char(struct writer *w, u8 c)
{
	w->buf[w->at++] = c;
	w->at %= w->size;
	w->buf[w->at] = 0;
}

static void put_text(struct writer *w, const char *s)
{
	while (*s)
		put_char(w, (u8)*s++);
}

static size_t take(const void *buf, size_t size, u64 *cursor, char *out, size_t len)
{
	/* A copy as long as it says: sanitizers see any byte too many. */
	u8 *copy = malloc(size);
	u8 *to = malloc(len ? len : 1);
	size_t n;

	assert_true(copy && to);
	memcpy(copy, buf, size);
	n = rl_trace_read(copy, size, cursor, to, len);
	assert_true(n <= len && n <= size + len);
	assert_true(*cursor <= size);
	memcpy(out, to, n);
	out[n] = '\0';
	free(copy);
	free(to);
	return n;
}

#define assert_reads(buf, size, cursor, text)					\
	do {									\
		char got[256];							\
										\
		assert_int_equal(take(buf, size, cursor, got, 200), strlen(text));\
		assert_string_equal(got, text);					\
	} while (0)

static void test_empty(void **state)
{
	char buf[16] = { 0 };
	u64 cursor = OLDEST;

	(void)state;
	assert_reads(buf, 16, &cursor, "");
	assert_int_equal(cursor, 0);
	assert_reads(buf, 16, &cursor, "");
}

static void test_follow(void **state)
{
	char buf[16] = "hello";
	u64 cursor = OLDEST;

	(void)state;
	assert_reads(buf, 16, &cursor, "hello");
	assert_reads(buf, 16, &cursor, "");
	strcpy(buf + 5, " you");
	assert_reads(buf, 16, &cursor, " you");
	assert_int_equal(cursor, 9);
}

static void test_in_pieces(void **state)
{
	char buf[16] = "0123456789", got[8];
	u64 cursor = OLDEST;

	(void)state;
	assert_int_equal(take(buf, 16, &cursor, got, 4), 4);
	assert_string_equal(got, "0123");
	assert_int_equal(take(buf, 16, &cursor, got, 0), 0);
	assert_int_equal(cursor, 4);
	assert_int_equal(take(buf, 16, &cursor, got, 4), 4);
	assert_string_equal(got, "4567");
	assert_int_equal(take(buf, 16, &cursor, got, 4), 2);
	assert_string_equal(got, "89");
}

/* The writer stops at the end, and no NUL is left. */
static void test_full(void **state)
{
	char buf[8] = { 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h' };
	u64 cursor = OLDEST;

	(void)state;
	assert_reads(buf, 8, &cursor, "abcdefgh");
	assert_int_equal(cursor, 8);
	assert_reads(buf, 8, &cursor, "");
	cursor = 5;
	assert_reads(buf, 8, &cursor, "fgh");
}

static void test_follow_around(void **state)
{
	u8 buf[16] = { 0 };
	struct writer w = { buf, sizeof(buf), 0 };
	u64 cursor = OLDEST;

	(void)state;
	put_text(&w, "0123456789");
	assert_reads(buf, 16, &cursor, "0123456789");
	put_text(&w, "abcdefghij");
	assert_reads(buf, 16, &cursor, "abcdefghij");
	assert_int_equal(cursor, 4);
	assert_reads(buf, 16, &cursor, "");
}

/* What came before the text that came round. */
static void test_oldest_after_wrap(void **state)
{
	u8 buf[8] = { 0 };
	struct writer w = { buf, sizeof(buf), 0 };
	u64 cursor = OLDEST;

	(void)state;
	put_text(&w, "0123456789");
	assert_reads(buf, 8, &cursor, "3456789");
	assert_int_equal(cursor, 2);
}

static void test_nul_at_the_end(void **state)
{
	u8 buf[8] = { 0 };
	struct writer w = { buf, sizeof(buf), 0 };
	u64 cursor = OLDEST;

	(void)state;
	put_text(&w, "0123456");
	assert_reads(buf, 8, &cursor, "0123456");
	assert_int_equal(cursor, 7);
	put_text(&w, "7");
	assert_reads(buf, 8, &cursor, "7");
	put_text(&w, "8");
	assert_reads(buf, 8, &cursor, "8");
}

/* Whatever the lengths, a reader who keeps up misses nothing and repeats nothing. */
static void test_keeps_up(void **state)
{
	u8 buf[32] = { 0 };
	struct writer w = { buf, sizeof(buf), 0 };
	char piece[32], got[64];
	unsigned int round, i, n;
	u64 cursor = OLDEST;
	u8 c = 0;

	(void)state;
	for (round = 0; round < 5000; round++) {
		n = (round * 7 + round / 32) % 32;
		for (i = 0; i < n; i++) {
			piece[i] = (char)('!' + c++ % 90);
			put_char(&w, (u8)piece[i]);
		}
		piece[n] = '\0';
		assert_int_equal(take(buf, sizeof(buf), &cursor, got, 40), n);
		assert_string_equal(got, piece);
	}
}

static void test_cursor_garbage(void **state)
{
	static const u64 cursors[] = { 9, 10, 1000, 1ULL << 32, (1ULL << 32) + 3, 1ULL << 63,
				       OLDEST - 1, OLDEST };
	char buf[8] = "abc";
	size_t i;
	u64 cursor;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(cursors); i++) {
		cursor = cursors[i];
		assert_reads(buf, 8, &cursor, "abc");
	}
	/* Right behind the end: the text that came round. */
	cursor = 8;
	assert_reads(buf, 8, &cursor, "abc");
	cursor = 3;
	assert_reads(buf, 8, &cursor, "");
}

static void test_one_byte(void **state)
{
	char buf[1] = { 0 };
	u64 cursor = OLDEST;

	(void)state;
	assert_reads(buf, 1, &cursor, "");
	cursor = 1;
	assert_reads(buf, 1, &cursor, "");
	buf[0] = 'x';
	cursor = OLDEST;
	assert_reads(buf, 1, &cursor, "x");
	assert_reads(buf, 1, &cursor, "");
}

/* No content and no cursor may lead astray, or around without end. */
static void test_hostile(void **state)
{
	char got[300];
	u8 buf[24];
	u64 cursor, r = 88172645463325252ULL;
	unsigned int round, i;

	(void)state;
	for (round = 0; round < 200000; round++) {
		for (i = 0; i < sizeof(buf); i++) {
			r ^= r << 13;
			r ^= r >> 7;
			r ^= r << 17;
			buf[i] = (u8)(r & 3 ? r >> 8 : 0);
		}
		cursor = r >> 60 ? (r >> 8) % 30 : r;
		take(buf, 1 + r % sizeof(buf), &cursor, got, (r >> 16) % 256);
		take(buf, sizeof(buf), &cursor, got, 256);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_follow),
		cmocka_unit_test(test_in_pieces),
		cmocka_unit_test(test_full),
		cmocka_unit_test(test_follow_around),
		cmocka_unit_test(test_oldest_after_wrap),
		cmocka_unit_test(test_nul_at_the_end),
		cmocka_unit_test(test_keeps_up),
		cmocka_unit_test(test_cursor_garbage),
		cmocka_unit_test(test_one_byte),
		cmocka_unit_test(test_hostile),
	};

	return !!cmocka_run_group_tests_name("tracebuf", tests, NULL, NULL);
}
