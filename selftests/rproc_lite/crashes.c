// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many crashes and recoveries in one boot, with messages going to and fro by rpmsg: the
 * firmware talks again after each, a listener and rprocctl monitor hear of each exactly
 * once and in order, and nothing grows with their number.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kselftest.h"
#include "family.h"
#include "guest.h"
#include "remote.h"
#include "stock.h"
#include "virtio_io.h"
#include "watcher.h"

#define CHANNEL		0x400
#define MESSAGES	8
#define WARM_UP		5
/* Two halves; and two more of the kind if something seems to grow. */
#define HALVES_MAX	4

static struct stock stock[HALVES_MAX + 1];
static struct family listener;
static struct watcher monitor;
static struct rproc_lite_info before;
static unsigned int crashes;		/* as INFO should count them */
static uint64_t seq;			/* of the last event */
static uint64_t slowest, total;		/* from a crash to the first echo after it, ms */
static int channel;

/* Messages are on their way when it crashes. */
static bool crash(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < MESSAGES; i++)
		if (io_echo(channel, 100 + i, i, n))
			return false;
	for (i = 0; i < MESSAGES; i++)
		if (io_send(channel, 100 + i, i, n))
			return false;
	return write(channel, "/crash", 6) == 6;
}

/* All events, up to the one that it runs again: one crash, and no gap. */
static bool hears_of_it(void)
{
	unsigned int heard = 0;
	struct message m;
	int ret;

	for (;;) {
		ret = family_recv(&listener, &m, REMOTE_PATIENCE);
		if (ret) {
			ksft_print_msg("no event: %d\n", ret);
			return false;
		}
		if (attr_u64(&m, RPROC_LITE_A_EVENT_SEQ) != seq + 1) {
			ksft_print_msg("event %llu after %llu\n",
				       (unsigned long long)attr_u64(&m, RPROC_LITE_A_EVENT_SEQ),
				       (unsigned long long)seq);
			return false;
		}
		seq++;
		if (m.cmd == RPROC_LITE_CMD_CRASH_NTF) {
			heard++;
			if (attr_u32(&m, RPROC_LITE_A_CRASH_COUNT) != crashes + 1)
				return false;
		}
		if (m.cmd == RPROC_LITE_CMD_RECOVERY_NTF &&
		    attr_u32(&m, RPROC_LITE_A_RECOVERY) == RPROC_LITE_RECOVERY_DONE)
			break;
	}
	crashes++;
	return heard == 1;
}

/* The monitor's next line is of that crash, whatever came before. */
static bool is_monitored(void)
{
	char wanted[32];

	if (watcher_line(&monitor)) {
		ksft_print_msg("the monitor says nothing\n");
		return false;
	}
	snprintf(wanted, sizeof(wanted), "\"crashes\":%u,", crashes);
	if (strstr(monitor.line, "\"event\":\"crash\"") && strstr(monitor.line, wanted))
		return true;
	ksft_print_msg("instead of %s the monitor says %s", wanted, monitor.line);
	return false;
}

static bool live(int fd, unsigned int n)
{
	uint64_t begin;

	if (!crash(n))
		return false;
	begin = now_ms();
	if (!hears_of_it() || !is_monitored())
		return false;
	close(channel);
	channel = channel_open(fd, CHANNEL, O_RDWR);
	if (channel < 0 || io_echo(channel, 64, n, n))
		return false;
	begin = now_ms() - begin;
	total += begin;
	if (begin > slowest)
		slowest = begin;
	return true;
}

static bool lives(int fd, unsigned int count)
{
	unsigned int n = 0;

	total = 0;
	slowest = 0;
	while (n < count && live(fd, n))
		n++;
	if (n == count)
		ksft_print_msg("%u crashes; from each to talking again %llu ms, at most %llu ms\n",
			       n, (unsigned long long)total / n, (unsigned long long)slowest);
	else
		ksft_print_msg("not after crash %u\n", n);
	return n == count;
}

/* Return: the half that was the last, 0 if the remote died. */
static unsigned int live_on(int fd, unsigned int lives_each)
{
	unsigned int halves = 0, suspects;

	do {
		if (!lives(fd, lives_each))
			return 0;
		stock_take(&stock[++halves]);
		suspects = stock_growing(stock, halves, lives_each);
	} while (halves < 2 || (suspects && halves < HALVES_MAX));
	ksft_test_result(!suspects, "no slab cache grows\n");
	return halves;
}

static bool begin(int fd)
{
	static const char *const argv[] = {
		"rprocctl", "monitor", "r0", "--json", "--events", "crash", NULL,
	};
	struct message m;

	if (remote_offline(fd) || remote_set_policy(fd, "recovery=restart", "recovery-limit=0",
						    "recovery-delay-ms=0", NULL) ||
	    remote_run(fd, "rpmsg") || remote_info(fd, &before))
		return false;
	channel = channel_open(fd, CHANNEL, O_RDWR);
	crashes = before.crash_count;
	if (channel < 0 || family_open(&listener) || family_join(&listener) ||
	    family_get(&listener, REMOTE, &m))
		return false;
	seq = attr_u64(&m, RPROC_LITE_A_EVENT_SEQ);
	return !watcher_begin(&monitor, argv) && !watcher_polls(&monitor);
}

int main(void)
{
	unsigned int count, half, halves, recovered;
	struct rproc_lite_info info;
	int fd;

	remote_or_skip(REMOTE);
	ksft_print_header();
	if (virtio_drivers())
		ksft_exit_skip("no rpmsg drivers for this kernel\n");
	ksft_set_plan(6);
	count = count_from_env(100);
	half = count / 2 ? count / 2 : 1;
	fd = remote_open(REMOTE, O_RDWR);
	if (fd < 0 || !begin(fd))
		ksft_exit_fail_msg("it does not begin: %s\n", remote_said.text);
	stock_begin(fd);

	if (!lives(fd, WARM_UP))
		ksft_exit_fail_msg("it does not recover at all\n");
	stock_take(&stock[0]);
	halves = live_on(fd, half);
	ksft_test_result(halves, "it recovers from each crash, and each is heard of once\n");
	if (!halves)
		ksft_exit_fail_msg("it does not live on\n");
	ksft_print_msg("vmalloc areas %ld, then %ld\n", stock[0].areas, stock[halves].areas);
	ksft_test_result(stock[halves].areas - stock[0].areas < (long)(halves * half * 9 / 10),
			 "vmalloc areas do not grow\n");
	remote_info(fd, &info);
	recovered = info.recovered - before.recovered;
	ksft_test_result(info.crash_count == crashes &&
			 recovered + 1 >= crashes - before.crash_count,
			 "INFO counts %u crashes\n", crashes);
	kill(monitor.pid, SIGINT);
	ksft_test_result(watcher_line(&monitor) == -EPIPE && !watcher_end(&monitor, 0),
			 "the monitor has no more to tell\n");
	close(channel);
	remote_offline(fd);
	remote_set_policy(fd, USUAL_POLICY, NULL);
	ksft_test_result_report(log_result(), "no warning in the log\n");
	ksft_finished();
}
