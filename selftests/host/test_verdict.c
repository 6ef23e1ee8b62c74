// SPDX-License-Identifier: GPL-2.0-only
/* Verdicts: all of them is set, and the text always ends. */
#include "common.h"

static void test_fields(void **state)
{
	struct rproc_lite_verdict v;

	(void)state;
	memset(&v, 0xff, sizeof(v));
	assert_int_equal(rl_refuse(&v, -EINVAL, RPROC_LITE_AT_ENTRY, 7, 1234567890123ULL,
				   "%s %d", "text", 42), -EINVAL);
	assert_int_equal(v.error, -EINVAL);
	assert_int_equal(v.where, RPROC_LITE_AT_ENTRY);
	assert_int_equal(v.index, 7);
	assert_int_equal(v.pad, 0);
	assert_int_equal(v.offset, 1234567890123ULL);
	assert_string_equal(v.text, "text 42");
}

/* It goes to user space as it is. */
static void test_nothing_stale(void **state)
{
	struct rproc_lite_verdict v;
	size_t i;

	(void)state;
	memset(&v, 0xff, sizeof(v));
	rl_refuse_plain(&v, -ENOMEM, RPROC_LITE_AT_NOTHING, "short");
	for (i = strlen(v.text); i < sizeof(v.text); i++)
		assert_int_equal(v.text[i], 0);
	assert_int_equal(v.index, RPROC_LITE_NO_INDEX);
	assert_int_equal(v.offset, RPROC_LITE_NO_OFFSET);
}

static void test_long_text(void **state)
{
	char text[2 * RPROC_LITE_TEXT_MAX];
	struct rproc_lite_verdict v[2];
	size_t len;

	(void)state;
	for (len = RPROC_LITE_TEXT_MAX - 2; len < sizeof(text); len++) {
		memset(text, 'x', sizeof(text));
		text[len] = '\0';
		memset(v, 0x55, sizeof(v));
		rl_refuse_plain(&v[0], -EIO, RPROC_LITE_AT_BACKEND, "%s", text);
		assert_int_equal(strlen(v[0].text),
				 len < RPROC_LITE_TEXT_MAX ? len : RPROC_LITE_TEXT_MAX - 1);
		assert_int_equal(v[1].error, 0x55555555);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_nothing_stale),
		cmocka_unit_test(test_long_text),
	};

	return !!cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
