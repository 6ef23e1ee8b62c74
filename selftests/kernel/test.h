/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tests of <linux/rproc_lite.h>, from the kernel's side: how they tell what they found.
 *
 * checkpatch: FUNCTION_ARGUMENTS, MACRO_ARG_REUSE, MACRO_ARG_PRECEDENCE: a macro that defines
 * a function is none that calls one; an expectation prints what it looked at.
 */
#ifndef RPROC_LITE_TEST_H
#define RPROC_LITE_TEST_H

#include <linux/err.h>
#include <linux/rproc_lite.h>
#include <linux/types.h>

/**
 * struct test - what a test knows of itself, and where it reports to
 * @failed: an expectation was not met
 * @r0: the machine's first remote, Offline, referenced
 * @v: for whatever fails
 * @log: TAP of all tests
 * @len: of it
 */
struct test {
	bool failed;
	struct rproc_lite *r0;
	struct rproc_lite_verdict v;
	char *log;
	size_t len;
};

#define TEST_LOG_SIZE	65536

struct test_case {
	const char *name;
	void (*run)(struct test *t);
};

/* scripts/check-calls looks for these. */
#define TEST(name)	static void name(struct test *t)
#define TEST_CASE(name)	{ #name, name }

void __printf(2, 3) test_print(struct test *t, const char *fmt, ...);
bool test_expect(struct test *t, bool met, const char *what, const char *file, int line);
/* The verdict has these words. */
bool test_expect_words(struct test *t, const char *words, const char *file, int line);
bool test_expect_eq(struct test *t, s64 want, s64 got, const char *what, const char *file,
		    int line);

/* Each is true if it is met. */
#define EXPECT(t, met)		test_expect(t, met, #met, __FILE__, __LINE__)
#define EXPECT_EQ(t, want, got)						\
	test_expect_eq(t, (s64)(want), (s64)(got), #got, __FILE__, __LINE__)
#define EXPECT_DONE(t, call)	EXPECT_EQ(t, 0, call)
/* Refused so, in these words. */
#define EXPECT_REFUSED(t, want, words, call) do {			\
	memset(&(t)->v, 0, sizeof((t)->v));				\
	EXPECT_EQ(t, want, call);					\
	EXPECT_EQ(t, want, (t)->v.error);				\
	test_expect_words(t, words, __FILE__, __LINE__);		\
} while (0)
#define EXPECT_ERR(t, want, pointer)	EXPECT_EQ(t, want, PTR_ERR_OR_ZERO(pointer))

/* The device that r0 belongs to, referenced; NULL if there is none. */
struct device *test_parent(void);

/* The three files of tests. */
extern const struct test_case instance_tests[];
extern const struct test_case life_tests[];
extern const struct test_case memory_tests[];

#endif /* RPROC_LITE_TEST_H */
