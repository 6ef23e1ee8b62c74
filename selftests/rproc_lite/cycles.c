// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many whole lives of a remote in one boot, and nothing that grows with their
 * number: no object of any slab cache, no vmalloc area. Then the modules go, and
 * nothing of theirs is left.
 */
#include <fcntl.h>
#include <unistd.h>

#include "kselftest.h"
#include "guest.h"
#include "remote.h"
#include "stock.h"

#define WARM_UP		5
/* Two halves; and two more of the kind if something seems to grow. */
#define HALVES_MAX	4

static struct stock stock[HALVES_MAX + 1];

static bool live(int fd)
{
	return !remote_run(fd, "echo") && !remote_stop(fd, REMOTE_PATIENCE) &&
	       remote_trace_count(fd, "bye") == 1 && !remote_shutdown(fd, 0);
}

static bool lives(unsigned int count)
{
	int fd = remote_open(REMOTE, O_RDWR);
	uint64_t begin = now_ms();
	unsigned int n = 0;

	if (fd >= 0 && !remote_offline(fd))
		while (n < count && live(fd))
			n++;
	close(fd);
	if (n == count)
		ksft_print_msg("%u lives in %d ms\n", n, (int)(now_ms() - begin));
	else
		ksft_print_msg("died in life %u: %s\n", n, remote_said.text);
	return n == count;
}

/* Return: the half that was the last, 0 if the remote died. */
static unsigned int live_on(unsigned int lives_each)
{
	unsigned int halves = 0, suspects;

	do {
		if (!lives(lives_each))
			return 0;
		stock_take(&stock[++halves]);
		suspects = stock_growing(stock, halves, lives_each);
	} while (halves < 2 || (suspects && halves < HALVES_MAX));
	ksft_test_result(!suspects, "no slab cache grows\n");
	return halves;
}

static void no_area_grows(unsigned int halves, long lives_each)
{
	const struct stock *first = &stock[0], *last = &stock[halves];

	ksft_print_msg("vmalloc areas %ld, then %ld; mappings %ld, %ld; of the regions %ld, %ld\n",
		       first->areas, last->areas, first->mappings, last->mappings,
		       first->ours, last->ours);
	ksft_test_result(first->ours == stock_regions && last->ours == stock_regions &&
			 first->mappings == last->mappings, "each region is mapped once\n");
	ksft_test_result(last->areas - first->areas < halves * lives_each * 9 / 10,
			 "vmalloc areas do not grow\n");
}

static void modules_go(int cpu, const struct stock *last)
{
	static const char *const modules[] = {
		"rproc_lite_platform", "rproc_lite_mailbox", "rproc_lite",
	};
	static struct stock left;
	unsigned int i;
	int ret;

	for (i = 0; i < 3; i++) {
		ret = module_unload(modules[i]);
		ksft_test_result(!ret, "rmmod %s\n", modules[i]);
	}
	ksft_test_result(cpu_is_back(cpu), "the CPU is back\n");
	stock_take(&left);
	ksft_print_msg("mappings left %ld, of the regions %ld\n", left.mappings, left.ours);
	/* The doorbell's, too. */
	ksft_test_result(!left.ours && left.mappings < last->mappings - last->ours,
			 "no mapping is left\n");
	ksft_test_result(!module_load("rproc_lite_platform"), "modprobe\n");
	stock_take(&left);
	ksft_test_result(left.ours == last->ours && left.mappings == last->mappings,
			 "the same mappings as before rmmod\n");
}

int main(void)
{
	unsigned int count, half, halves;
	int fd, cpu;

	remote_or_skip(REMOTE);
	ksft_print_header();
	ksft_set_plan(11);
	count = count_from_env(20);
	half = count / 2 ? count / 2 : 1;
	fd = remote_open(REMOTE, O_RDWR);
	if (cpu_borrowed(fd, &cpu))
		ksft_exit_fail_msg("INFO names no CPU\n");
	stock_begin(fd);
	close(fd);

	if (!lives(WARM_UP))
		ksft_exit_fail_msg("it does not live at all\n");
	stock_take(&stock[0]);
	halves = live_on(half);
	if (!halves)
		ksft_exit_fail_msg("it does not live on\n");
	no_area_grows(halves, half);
	modules_go(cpu, &stock[halves]);
	ksft_test_result_report(log_result(), "no warning in the log\n");
	ksft_finished();
}
