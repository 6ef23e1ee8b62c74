// SPDX-License-Identifier: GPL-2.0-only
/*
 * figures [PERCENT [PART]]: measure rproc_lite and mainline's remoteproc side by side, in
 * rounds that take turns; PERCENT of the usual rounds; all, or one of the parts times,
 * doorbell, rpmsg and memory. What was measured is a line each:
 *
 *	sample WHAT SIDE SIZE VALUE
 *
 * with SIZE in MiB of an image, or bytes of a message; VALUE in ns, in bytes of memory or in
 * messages a second. Lines that begin with # are for people.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bigimage.h"
#include "extra.h"
#include "remote.h"
#include "rpmsg.h"
#include "sides.h"

#define FOLDER		"/lib/firmware/rproc-lite-figures"
#define REGION		"big"
/* It has no resource table: the two sides differ in what such a table may leave open. */
#define FIRMWARE	"notable"
#define DOORBELLS	2000
/* Its channels are /dev/rpmsgN for both sides alike. */
#define RPMSG_FIRMWARE	"rproc-lite/rpmsg.elf"
#define RPMSG_ROUNDS	12
#define ROUND_TRIPS	500
#define MANY		2000

static const struct size {
	unsigned int mib;
	unsigned int rounds;
} sizes[] = { { 1, 60 }, { 16, 30 }, { 64, 20 } };

#define NUM_SIZES	(sizeof(sizes) / sizeof(sizes[0]))

static void fail(const char *what, int ret)
{
	printf("# %s: %s%s%s\n", what, strerror(-ret), remote_said.text[0] ? ": " : "",
	       remote_said.text);
	exit(1);
}

static void check(const char *what, int ret)
{
	if (ret)
		fail(what, ret);
}

static void sample(const char *what, const char *side, unsigned int size, uint64_t value)
{
	printf("sample %s %s %u %llu\n", what, side, size, (unsigned long long)value);
	fflush(stdout);
}

static unsigned int scaled(unsigned int count, unsigned int percent)
{
	return count * percent / 100 ? count * percent / 100 : 1;
}

static const char *image_name(unsigned int mib)
{
	static char name[64];

	snprintf(name, sizeof(name), "rproc-lite-figures/%u.elf", mib);
	return name;
}

static void make_image(const struct segments *firmware, uint64_t da, unsigned int mib)
{
	struct big_image big = { .da = da, .size = (size_t)mib << 20, .debug = big.size / 8 };
	char path[128];
	int file;

	snprintf(path, sizeof(path), "/lib/firmware/%s", image_name(mib));
	file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	check(path, file < 0 ? -errno : big_image_write(&big, firmware, file));
	close(file);
}

static void make_images(void)
{
	struct rproc_lite_find region = { .by = RPROC_LITE_BY_NAME, .name = REGION };
	int fd = remote_open(REMOTE, O_RDONLY);
	struct segments firmware;
	unsigned int i;

	check("the remote", fd < 0 ? fd : remote_find(fd, &region));
	check(FIRMWARE, segments_read(&firmware, fd, FIRMWARE));
	mkdir(FOLDER, 0755);
	for (i = 0; i < NUM_SIZES; i++)
		make_image(&firmware, region.da, sizes[i].mib);
	segments_free(&firmware);
	close(fd);
}

static void live(enum side side, unsigned int mib, bool counts)
{
	struct life life;

	check(side_names[side], side_live(side, image_name(mib), &life));
	if (!counts)
		return;
	sample("load", side_names[side], mib, life.load);
	sample("first-word", side_names[side], mib, life.first_word);
	sample("stop", side_names[side], mib, life.stop);
	sample("cycle", side_names[side], mib, life.cycle);
}

/* Each round has all sides; who comes first changes. The first round only warms up. */
static void measure_times(const struct size *size, unsigned int rounds)
{
	unsigned int round, i;
	uint64_t ns;

	printf("# %u MiB: %u rounds\n", size->mib, rounds);
	for (round = 0; round <= rounds; round++) {
		for (i = 0; i < SIDES; i++)
			live((enum side)((round + i) % SIDES), size->mib, round);
		check("the copy", floor_copy((uint64_t)size->mib << 20, &ns));
		if (round)
			sample("load", "floor", size->mib, ns);
	}
}

static void measure_memory(const struct size *size)
{
	struct extra extra;
	unsigned int i;

	for (i = 0; i < SIDES; i++) {
		check("memory", side_load_extra((enum side)i, image_name(size->mib), &extra));
		sample("memory", side_names[i], size->mib, extra.peak);
		extra_print(side_names[i], &extra);
	}
}

static void measure_doorbell(unsigned int percent)
{
	unsigned int count = scaled(DOORBELLS, percent), i;
	static uint64_t ns[DOORBELLS];

	printf("# doorbell: %u round trips\n", count);
	check("the doorbell", floor_doorbell(image_name(sizes[0].mib), ns, count));
	for (i = 0; i < count; i++)
		sample("doorbell", "floor", 0, ns[i]);
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static void measure_round_trips(int fd, const char *side, unsigned int size)
{
	static uint64_t ns[ROUND_TRIPS];

	check("round trips", rpmsg_round_trips(fd, size, ns, ROUND_TRIPS));
	qsort(ns, ROUND_TRIPS, sizeof(ns[0]), by_value);
	sample("rpmsg-p50", side, size, ns[ROUND_TRIPS / 2]);
	sample("rpmsg-p99", side, size, ns[ROUND_TRIPS * 99 / 100]);
}

static void measure_rates(int fd, const char *side, unsigned int size)
{
	uint64_t ns;

	check("messages to the remote", rpmsg_send_many(fd, size, MANY, &ns));
	sample("rpmsg-to-remote", side, size, MANY * 1000000000ULL / ns);
	check("messages from the remote", rpmsg_get_many(fd, size, MANY, &ns));
	sample("rpmsg-from-remote", side, size, MANY * 1000000000ULL / ns);
}

static void measure_rpmsg_once(enum side side)
{
	static const unsigned int lengths[] = { 1, 64, 496 };
	const char *name = side_names[side];
	unsigned int i;
	int fd;

	check(RPMSG_FIRMWARE, side_begin(side, RPMSG_FIRMWARE));
	fd = rpmsg_open();
	check("/dev/rpmsgN", fd < 0 ? fd : 0);
	for (i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		measure_round_trips(fd, name, lengths[i]);
		/* The firmware sends none that is shorter than its own header. */
		if (lengths[i] >= 16)
			measure_rates(fd, name, lengths[i]);
	}
	close(fd);
	check(RPMSG_FIRMWARE, side_end(side));
	check("/dev/rpmsgN", rpmsg_gone());
}

static void measure_rpmsg(unsigned int percent)
{
	unsigned int rounds = scaled(RPMSG_ROUNDS, percent), round;

	printf("# rpmsg: %u rounds\n", rounds);
	for (round = 0; round < rounds; round++) {
		measure_rpmsg_once(round % 2 ? MAINLINE : OURS);
		measure_rpmsg_once(round % 2 ? OURS : MAINLINE);
	}
}

static void measure_all_times(unsigned int percent)
{
	unsigned int i;

	for (i = 0; i < NUM_SIZES; i++)
		measure_times(&sizes[i], scaled(sizes[i].rounds, percent));
}

static void measure_all_memory(unsigned int percent)
{
	unsigned int i;

	(void)percent;
	for (i = 0; i < NUM_SIZES; i++)
		measure_memory(&sizes[i]);
}

static const struct part {
	const char *name;
	void (*measure)(unsigned int percent);
} parts[] = {
	{ "times", measure_all_times },
	{ "doorbell", measure_doorbell },
	{ "rpmsg", measure_rpmsg },
	{ "memory", measure_all_memory },
};

int main(int argc, char **argv)
{
	unsigned int percent = argc > 1 ? (unsigned int)strtoul(argv[1], NULL, 10) : 100, i;

	check("the two sides", sides_open());
	make_images();
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (argc < 3 || !strcmp(argv[2], parts[i].name))
			parts[i].measure(percent);
	return 0;
}
