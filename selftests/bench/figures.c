// SPDX-License-Identifier: GPL-2.0-only
/*
 * figures [SCALE]: measure rproc_lite and mainline's remoteproc side by side, in rounds that
 * take turns. SCALE percent of the usual rounds. What was measured is a line each:
 *
 *	sample WHAT SIDE MIB VALUE
 *
 * with times in ns and memory in bytes; lines that begin with # are for people.
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
#include "sides.h"

#define FOLDER		"/lib/firmware/rproc-lite-figures"
#define REGION		"big"
/* It has no resource table: the two sides differ in what such a table may leave open. */
#define FIRMWARE	"notable"
#define DOORBELLS	2000

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

static void sample(const char *what, const char *side, unsigned int mib, uint64_t value)
{
	printf("sample %s %s %u %llu\n", what, side, mib, (unsigned long long)value);
	fflush(stdout);
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

static void measure_doorbell(unsigned int count)
{
	static uint64_t ns[DOORBELLS];
	unsigned int i;

	printf("# doorbell: %u round trips\n", count);
	check("the doorbell", floor_doorbell(image_name(sizes[0].mib), ns, count));
	for (i = 0; i < count; i++)
		sample("doorbell", "floor", 0, ns[i]);
}

static unsigned int scaled(unsigned int count, unsigned int percent)
{
	return count * percent / 100 ? count * percent / 100 : 1;
}

int main(int argc, char **argv)
{
	unsigned int percent = argc > 1 ? (unsigned int)strtoul(argv[1], NULL, 10) : 100, i;

	check("the two sides", sides_open());
	make_images();
	for (i = 0; i < NUM_SIZES; i++)
		measure_times(&sizes[i], scaled(sizes[i].rounds, percent));
	measure_doorbell(scaled(DOORBELLS, percent));
	for (i = 0; i < NUM_SIZES; i++)
		measure_memory(&sizes[i]);
	return 0;
}
