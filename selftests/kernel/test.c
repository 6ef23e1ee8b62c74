// SPDX-License-Identifier: GPL-2.0-only
/* What tests report, and where r0 is. */
#include "test.h"

#include <linux/kernel.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/string.h>

void test_print(struct test *t, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	t->len += vscnprintf(t->log + t->len, TEST_LOG_SIZE - t->len, fmt, args);
	va_end(args);
}

bool test_expect(struct test *t, bool met, const char *what, const char *file, int line)
{
	if (!met)
		test_print(t, "# %s:%d: not so: %s\n", kbasename(file), line, what);
	t->failed |= !met;
	return met;
}

bool test_expect_words(struct test *t, const char *words, const char *file, int line)
{
	bool met = strstr(t->v.text, words);

	if (!met)
		test_print(t, "# %s:%d: '%s' does not tell of '%s'\n", kbasename(file), line,
			   t->v.text, words);
	t->failed |= !met;
	return met;
}

bool test_expect_eq(struct test *t, s64 want, s64 got, const char *what, const char *file,
		    int line)
{
	if (want != got)
		test_print(t, "# %s:%d: %s is %lld, not %lld%s%s\n", kbasename(file), line, what,
			   got, want, t->v.error ? ": " : "", t->v.text);
	t->failed |= want != got;
	return want == got;
}

struct device *test_parent(void)
{
	struct device_node *np = of_find_node_by_path("rproc0");
	struct device *dev = np ? bus_find_device_by_of_node(&platform_bus_type, np) : NULL;

	of_node_put(np);
	return dev;
}
