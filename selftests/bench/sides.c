// SPDX-License-Identifier: GPL-2.0-only
/* The two sides that are measured: see sides.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "extra.h"
#include "guest.h"
#include "remote.h"
#include "sides.h"

#define METERS		"/sys/kernel/debug/rproc_peer/"
#define CLASS		"/sys/class/remoteproc/"
#define PATIENCE_NS	(15 * 1000000000ULL)

/* As in peer/peer.h. */
enum stamp {
	PREPARE, PREPARED, START, STARTED, STOP, STOPPED, UNPREPARE, UNPREPARED, STAMPS
};

const char *const side_names[SIDES] = { "ours", "ours-by-fd", "mainline" };

static int ours = -1;
static char mainline[256];

uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static int read_number(const char *path, uint64_t *number)
{
	char text[64];
	ssize_t n = read_text(path, text, sizeof(text));

	if (n <= 0)
		return n ? (int)n : -EIO;
	*number = strtoull(text, NULL, 10);
	return 0;
}

static int tell_mainline(const char *file, const char *text)
{
	char path[320];

	snprintf(path, sizeof(path), CLASS "%s/%s", mainline, file);
	return write_text(path, text);
}

/* The one that is called "peer". */
static int find_mainline(void)
{
	DIR *d = opendir(CLASS);
	struct dirent *e;
	char path[320], name[32];

	while (d && (e = readdir(d))) {
		snprintf(path, sizeof(path), CLASS "%s/name", e->d_name);
		if (read_text(path, name, sizeof(name)) > 0 && !strcmp(name, "peer\n"))
			snprintf(mainline, sizeof(mainline), "%s", e->d_name);
	}
	if (d)
		closedir(d);
	return mainline[0] ? 0 : -ENODEV;
}

int sides_open(void)
{
	ours = remote_open(REMOTE, O_RDWR);
	if (ours < 0)
		return ours;
	return find_mainline();
}

static int expect_word(void)
{
	return write_text(METERS "first_word", "0");
}

/* The same for both: looking again and again, since neither tells. */
static int wait_for_word(uint64_t *when)
{
	uint64_t end = now_ns() + PATIENCE_NS;
	int ret;

	do {
		ret = read_number(METERS "first_word", when);
	} while (!ret && !*when && now_ns() < end);
	return ret || *when ? ret : -ETIMEDOUT;
}

/* Ours */

static int our_load(enum side side, const char *image)
{
	char path[256];
	int fd, ret;

	if (side == OURS)
		return remote_load(ours, image);
	snprintf(path, sizeof(path), "/lib/firmware/%s", image);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	ret = remote_load_fd(ours, fd);
	close(fd);
	return ret;
}

static int our_life(enum side side, const char *image, struct life *life)
{
	uint64_t begin = now_ns(), at, word = 0;
	int ret = expect_word();

	if (!ret)
		ret = remote_config(ours);
	at = now_ns();
	if (!ret)
		ret = our_load(side, image);
	life->load = now_ns() - at;
	at = now_ns();
	if (!ret)
		ret = remote_start(ours);
	if (!ret)
		ret = wait_for_word(&word);
	life->first_word = word - at;
	at = now_ns();
	if (!ret)
		ret = remote_stop(ours, REMOTE_PATIENCE);
	life->stop = now_ns() - at;
	if (!ret)
		ret = remote_shutdown(ours, REMOTE_PATIENCE);
	life->cycle = now_ns() - begin;
	return ret;
}

/* Mainline's */

static int read_stamps(uint64_t stamp[STAMPS])
{
	char text[512], *at = text;
	int i;

	if (read_text(METERS "stamps", text, sizeof(text)) <= 0)
		return -EIO;
	for (i = 0; i < STAMPS; i++)
		stamp[i] = strtoull(at, &at, 10);
	return 0;
}

static int mainline_life(const char *image, struct life *life)
{
	uint64_t begin, start, stop, end, word = 0, stamp[STAMPS];
	int ret = tell_mainline("firmware", image);

	begin = now_ns();
	if (!ret)
		ret = expect_word();
	start = now_ns();
	if (!ret)
		ret = tell_mainline("state", "start");
	if (!ret)
		ret = wait_for_word(&word);
	stop = now_ns();
	if (!ret)
		ret = tell_mainline("state", "stop");
	end = now_ns();
	if (!ret)
		ret = read_stamps(stamp);
	if (ret)
		return ret;
	life->load = stamp[PREPARE] - start + stamp[START] - stamp[PREPARED];
	life->first_word = word - stamp[START];
	life->stop = stamp[UNPREPARE] - stop;
	life->cycle = end - begin;
	return 0;
}

int side_live(enum side side, const char *image, struct life *life)
{
	return side == MAINLINE ? mainline_life(image, life) : our_life(side, image, life);
}

int side_begin(enum side side, const char *image)
{
	uint64_t word;
	int ret = expect_word();

	if (side == MAINLINE) {
		if (!ret)
			ret = tell_mainline("firmware", image);
		if (!ret)
			ret = tell_mainline("state", "start");
	} else {
		if (!ret)
			ret = remote_config(ours);
		if (!ret)
			ret = our_load(side, image);
		if (!ret)
			ret = remote_start(ours);
	}
	return ret ? ret : wait_for_word(&word);
}

int side_end(enum side side)
{
	return side == MAINLINE ? tell_mainline("state", "stop") :
				  remote_shutdown(ours, REMOTE_PATIENCE);
}

/* Memory */

static int our_extra(enum side side, const char *image)
{
	int ret = remote_config(ours), end;

	if (!ret)
		ret = extra_begin();
	if (!ret)
		ret = our_load(side, image);
	end = extra_end();
	if (!ret)
		ret = remote_shutdown(ours, REMOTE_PATIENCE);
	return ret ? ret : end;
}

static int mainline_extra(const char *image)
{
	uint64_t word;
	int ret = tell_mainline("firmware", image), end;

	if (!ret)
		ret = expect_word();
	if (!ret)
		ret = extra_begin();
	if (!ret)
		ret = tell_mainline("state", "start");
	end = extra_end();
	if (!ret)
		ret = wait_for_word(&word);
	if (!ret)
		ret = tell_mainline("state", "stop");
	return ret ? ret : end;
}

/* Linux gives the CPU up before, since that takes memory too. */
int side_load_extra(enum side side, const char *image, struct extra *e)
{
	int cpu = cpu_of_remote(ours), ret = extra_open();

	if (!ret)
		ret = cpu_set_online((unsigned int)cpu, false);
	if (!ret)
		ret = side == MAINLINE ? mainline_extra(image) : our_extra(side, image);
	if (!ret)
		ret = extra_read(e);
	extra_close();
	cpu_set_online((unsigned int)cpu, true);
	return ret;
}

/* The floor */

int floor_copy(uint64_t bytes, uint64_t *ns)
{
	char text[32];
	int ret;

	snprintf(text, sizeof(text), "%llu", (unsigned long long)bytes);
	ret = write_text(METERS "copy_size", text);
	if (!ret)
		ret = read_number(METERS "copy", ns);
	write_text(METERS "copy_size", "0");
	return ret;
}

int floor_doorbell(const char *image, uint64_t *ns, unsigned int count)
{
	int ret = side_begin(MAINLINE, image), end;

	while (!ret && count--)
		ret = read_number(METERS "echo", ns++);
	end = side_end(MAINLINE);
	return ret ? ret : end;
}
