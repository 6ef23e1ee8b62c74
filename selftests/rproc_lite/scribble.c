// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware that writes at random to all that it shares with Linux, while Linux works: with
 * its virtio devices and what upstream's drivers make of them, its trace, memory, events.
 * Whatever comes of it, the remote can be stopped and started again, and works then; and
 * nothing was written where nothing is.
 *
 * Each round has a seed of its own, which it tells. RPROC_LITE_SEED=N is the first one.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "kselftest.h"
#include "family.h"
#include "guest.h"
#include "remote.h"
#include "stock.h"
#include "untouched.h"
#include "virtio_io.h"

#define CHANNEL		0x400
#define ROUNDS		4
/* The least of the firmware's bursts in a round, and of our works. */
#define BURSTS		3000
#define WORKS		150
/* But no longer, ms: some works wait for answers that may not come. */
#define ROUND_MAX	10000

/* The words of the carveout "counter". */
enum {
	COUNT,
	SEED,
	STOP,
};

static const struct firmware {
	const char *name;
	const char *nodes;		/* of the char devices that come of it */
} firmwares[] = {
	{ "scribble", "rpmsg" },
	{ "scribble-serial", "vport" },
};

static const char *const policies[][2] = {
	{ "recovery=none", "coredump=off" },
	{ "recovery=restart", "coredump=copy" },
	{ "recovery=restart", "coredump=off" },
	{ "recovery=none", "coredump=copy" },
};

static struct family listener;
static uint32_t ours;			/* the state of our own choices */
static unsigned int worked;

static uint32_t choose(uint32_t below)
{
	ours ^= ours << 13;
	ours ^= ours >> 17;
	ours ^= ours << 5;
	return ours % below;
}

/* A word of "counter", wherever that is now. */
static off_t word_at(int fd, unsigned int word)
{
	struct rproc_lite_placement p;

	if (remote_placed(fd, RPROC_LITE_PLACED_CARVEOUT, "counter", &p))
		return -1;
	return remote_offset(fd, p.da + 4 * word, 4);
}

static uint32_t get_word(int fd, unsigned int word)
{
	uint32_t value = 0;

	if (pread(fd, &value, 4, word_at(fd, word)) != 4)
		return 0;
	return value;
}

static bool put_word(int fd, unsigned int word, uint32_t value)
{
	return pwrite(fd, &value, 4, word_at(fd, word)) == 4;
}

/* --- work, of which anything may come ---------------------------------------- */

/* Never a poll(): rpmsg_char warns if its channel goes just then. */
static void use_node(const char *name)
{
	char path[300], bytes[600];
	int fd, n = 1 + (int)choose(16);

	snprintf(path, sizeof(path), "/dev/%s", name);
	fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0)
		return;
	memset(bytes, (int)choose(256), sizeof(bytes));
	while (n--) {
		if (write(fd, bytes, 1 + choose(496)) > 0)
			worked++;
		while (read(fd, bytes, sizeof(bytes)) > 0)
			worked++;
	}
	close(fd);
}

static void use_nodes(const char *prefix)
{
	DIR *dev = opendir("/dev");
	struct dirent *e;
	unsigned int n = 0;

	while (dev && n < 8 && (e = readdir(dev))) {
		if (strncmp(e->d_name, prefix, strlen(prefix)) || strstr(e->d_name, "ctrl"))
			continue;
		use_node(e->d_name);
		n++;
	}
	if (dev)
		closedir(dev);
}

static void look_at_memory(int fd)
{
	struct rproc_lite_placement p;
	uint8_t bytes[4096];
	uint64_t len;

	if (remote_placement(fd, choose(12), &p))
		return;
	len = p.size < sizeof(bytes) ? p.size : sizeof(bytes);
	if (pread(fd, bytes, len, remote_offset(fd, p.da, len)) > 0)
		worked++;
}

static void ask(int fd)
{
	static char text[16384];
	struct rproc_lite_virtio v;
	struct rproc_lite_info info;
	uint8_t entry[512];
	struct rproc_lite_rsc rsc = {
		.index = choose(8), .data = (uintptr_t)entry, .data_len = sizeof(entry),
	};

	remote_info(fd, &info);
	virtio_query(fd, 0, &v);
	remote_rsc(fd, &rsc);
	if (remote_trace(fd, 0, text, sizeof(text)) >= 0)
		worked++;
}

static void listen_to_events(void)
{
	struct message m;
	int n;

	family_get(&listener, REMOTE, &m);
	for (n = 0; n < 64 && !family_recv(&listener, &m, 0); n++)
		worked++;
}

static void make_anew(int fd)
{
	virtio_remove(fd, 0);
	virtio_create(fd, 0);
}

static bool is_out_of_use(int fd)
{
	struct rproc_lite_virtio v;

	return !virtio_query(fd, 0, &v) &&
	       ((v.flags & (RPROC_LITE_VIRTIO_BROKEN | RPROC_LITE_VIRTIO_WANTS_RESET)) ||
		!(v.flags & RPROC_LITE_VIRTIO_CREATED));
}

static void work(int fd, const struct firmware *fw)
{
	if (is_out_of_use(fd) && !choose(4))
		make_anew(fd);
	switch (choose(16)) {
	case 0:
		if (!choose(4))
			make_anew(fd);
		break;
	case 1:
		remote_suspend(fd, 20);
		remote_resume(fd);
		break;
	case 2:
		if (!choose(8))
			remote_crash(fd);
		break;
	case 3:
	case 4:
		look_at_memory(fd);
		break;
	case 5:
	case 6:
		ask(fd);
		break;
	case 7:
	case 8:
		listen_to_events();
		break;
	default:
		use_nodes(fw->nodes);
	}
}

/* --- rounds ------------------------------------------------------------------ */

static bool say(const char *what)
{
	ksft_print_msg("%s: %s\n", what, remote_said.text);
	return false;
}

static bool begin(int fd, const struct firmware *fw, unsigned int round)
{
	const char *const *policy = policies[round % ARRAY_SIZE(policies)];

	if (remote_offline(fd) || remote_set_policy(fd, policy[0], policy[1], "recovery-limit=0",
						    "recovery-delay-ms=0", NULL))
		return say("it can't be had");
	if (remote_config(fd) || remote_load(fd, remote_firmware(fd, fw->name)) ||
	    untouched_begin(fd) || remote_start(fd) || remote_wait_ready(fd))
		return say("it does not begin");
	return true;
}

/* As it should be: bytes go there and back. */
static bool talks(int fd, const struct firmware *fw)
{
	bool is_rpmsg = !strcmp(fw->nodes, "rpmsg");
	int io = is_rpmsg ? channel_open(fd, CHANNEL, O_RDWR) : port_open(fd, O_RDWR);
	unsigned int i;
	int ret = io < 0 ? io : 0;

	for (i = 0; i < 8 && !ret; i++)
		ret = is_rpmsg ? io_echo(io, 100 + i, i, 1) : io_echo_bytes(io, 100 + i, i);
	if (io >= 0)
		close(io);
	if (ret)
		ksft_print_msg("it does not talk: %d\n", ret);
	return !ret;
}

/* It runs, or will run again by itself. */
static bool is_up(int fd)
{
	struct rproc_lite_info info;

	if (remote_info(fd, &info))
		return false;
	return info.state == RPROC_LITE_RUNNING || info.state == RPROC_LITE_SUSPENDED ||
	       info.op != RPROC_LITE_OP_NONE || info.recovery == RPROC_LITE_RECOVERY_WAITING ||
	       info.recovery == RPROC_LITE_RECOVERY_BEGUN;
}

/* For as long as it scribbles; less if it goes down, and does not come back. */
static bool let_it_scribble(int fd, const struct firmware *fw, uint32_t seed)
{
	uint64_t end = now_ms() + ROUND_MAX;
	uint32_t bursts = 0, works = 0, now;

	ours = seed;
	while ((bursts < BURSTS || works < WORKS) && is_up(fd) && now_ms() < end) {
		work(fd, fw);
		works++;
		now = get_word(fd, COUNT);
		/* It was started anew meanwhile. */
		if (now < bursts || !get_word(fd, SEED))
			put_word(fd, SEED, seed + 1);
		bursts = now;
	}
	ksft_print_msg("%s, seed %u: %u bursts, %s; of %u works came %u things\n", fw->name, seed,
		       bursts, remote_state_name((uint32_t)remote_state(fd)), works, worked);
	return bursts || !is_up(fd) || say("it does not scribble");
}

/* What recovers may be busy for a while. */
static int stop_patiently(int fd)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	int ret;

	do {
		put_word(fd, STOP, 1);
		ret = remote_stop(fd, REMOTE_PATIENCE);
	} while (ret == -EBUSY && now_ms() < end && !remote_wait_op(fd, RPROC_LITE_OP_NONE));
	return ret;
}

static bool scribbles(int fd, const struct firmware *fw, unsigned int round, uint32_t seed)
{
	bool scribbled;

	if (!begin(fd, fw, round) || !talks(fd, fw))
		return false;
	worked = 0;
	if (!put_word(fd, SEED, seed))
		return say("it can't be told to scribble");
	scribbled = let_it_scribble(fd, fw, seed);
	remote_set_policy(fd, "recovery=none", NULL);
	if (stop_patiently(fd))
		return say("it can't be stopped");
	if (!untouched_is(fd))
		return false;
	if (remote_start(fd) || remote_wait_ready(fd))
		return say("it can't be started again");
	return scribbled && talks(fd, fw) && !remote_offline(fd);
}

static uint32_t first_seed(void)
{
	const char *text = getenv("RPROC_LITE_SEED");
	uint32_t seed = 1;

	if (text)
		seed = (uint32_t)strtoul(text, NULL, 0);
	else if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		seed = 1;
	ksft_print_msg("RPROC_LITE_SEED=%u\n", seed);
	return seed;
}

int main(void)
{
	unsigned int rounds, i, n;
	uint32_t seed;
	int fd;

	remote_or_skip(REMOTE);
	ksft_print_header();
	if (virtio_drivers())
		ksft_exit_skip("no rpmsg drivers for this kernel\n");
	ksft_set_plan(ARRAY_SIZE(firmwares) + 1);
	rounds = count_from_env(ROUNDS);
	seed = first_seed();
	fd = remote_open(REMOTE, O_RDWR);
	if (fd < 0 || family_open(&listener) || family_join(&listener))
		ksft_exit_fail_msg("it can't be opened\n");
	for (i = 0; i < ARRAY_SIZE(firmwares); i++) {
		for (n = 0; n < rounds && scribbles(fd, &firmwares[i], n, seed ? seed : 1); n++)
			seed++;
		ksft_test_result(n == rounds, "%s: %u rounds of %u\n", firmwares[i].name, n,
				 rounds);
	}
	remote_offline(fd);
	remote_set_policy(fd, "recovery=none", "recovery-limit=10", "coredump=off", NULL);
	ksft_test_result_report(log_result(), "no warning in the log\n");
	ksft_finished();
}
