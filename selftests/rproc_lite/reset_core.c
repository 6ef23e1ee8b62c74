// SPDX-License-Identifier: GPL-2.0-only
/*
 * What only a core behind a reset line can: be stopped against its firmware's will. And
 * that it is one kind of remote among others.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "remote.h"
#include "segments.h"

/* Timers tick in 4 ms. */
#define LIMIT	300
/* Long enough for firmware that counts to have counted, and what does not is looked at. */
#define WHILE	200
#define REMOTES	3

/* r0 and r1 have a reset line, and r2 is a core of Linux's. */
FIXTURE(reset_core)
{
	int fd[REMOTES];
	int num;
};

FIXTURE_SETUP(reset_core)
{
	int fd;

	for (self->num = 0; self->num < REMOTES; self->num++) {
		fd = remote_open((unsigned int)self->num, O_RDWR);
		ASSERT_LE(0, fd);
		self->fd[self->num] = fd;
		ASSERT_DONE(remote_offline(fd));
	}
	ASSERT_TRUE(remote_kind(self->fd[1])->has_reset);
	ASSERT_TRUE(remote_kind(self->fd[2])->has_cpu);
}

FIXTURE_TEARDOWN(reset_core)
{
	int i;

	for (i = 0; i < self->num; i++) {
		EXPECT_DONE(remote_offline(self->fd[i]));
		close(self->fd[i]);
	}
}

/* Where in the device file the firmware "hang" has its two words. */
static off_t counter_offset(int fd)
{
	struct rproc_lite_placement p;

	if (remote_placed(fd, RPROC_LITE_PLACED_CARVEOUT, "counter", &p))
		return -ENOENT;
	return remote_offset(fd, p.da, 8);
}

static uint32_t counter(int fd)
{
	uint32_t words[2] = { 0 };

	return pread(fd, words, sizeof(words), counter_offset(fd)) == sizeof(words) ? words[0] : 0;
}

/* How far it counts in a while. */
static uint32_t counted(int fd)
{
	uint32_t begin = counter(fd);

	poll(NULL, 0, WHILE);
	return counter(fd) - begin;
}

/* Running firmware that hears nothing, with interrupts off, and counts. */
static int run_hung(int fd)
{
	uint32_t words[2] = { 0, 1 };
	uint64_t end;
	int ret;

	ret = remote_run(fd, "hang");
	if (ret)
		return ret;
	if (pwrite(fd, &words[1], 4, counter_offset(fd) + 4) != 4)
		return -EIO;
	for (end = now_ms() + REMOTE_PATIENCE; now_ms() < end;)
		if (counted(fd))
			return 0;
	return -ETIMEDOUT;
}

/*
 * It stands still, and goes on to. QEMU ends a core in a thread of its own, which may let
 * it finish what it has begun.
 */
static bool stands_still(int fd)
{
	uint64_t end = now_ms() + REMOTE_PROMPT;
	uint32_t last;

	while (counted(fd))
		if (now_ms() > end)
			return false;
	last = counter(fd);
	return last && !counted(fd) && !counted(fd) && counter(fd) == last;
}

static void stopped_by_force(struct __test_metadata *_metadata, int fd)
{
	uint64_t begin = now_ms(), took;

	ASSERT_DONE(remote_stop(fd, LIMIT));
	took = now_ms() - begin;
	printf("# a limit of %d ms took %d ms\n", LIMIT, (int)took);
	/* It had its time to answer, and no more. */
	EXPECT_LE(LIMIT, took);
	EXPECT_GT(LIMIT + REMOTE_PROMPT, took);
	EXPECT_STATE(RPROC_LITE_STOPPED, fd);
	EXPECT_TRUE(stands_still(fd));
	EXPECT_STATE(RPROC_LITE_STOPPED, fd);
}

TEST_F(reset_core, hung_is_stopped)
{
	struct rproc_lite_info before, after;
	int fd = self->fd[0];

	ASSERT_EQ(0, remote_info(fd, &before));
	ASSERT_EQ(0, run_hung(fd));
	stopped_by_force(_metadata, fd);
	EXPECT_EQ(0, remote_trace_count(fd, "SHUTDOWN"));

	/* The same image, from its beginning; and another. */
	ASSERT_DONE(remote_start(fd));
	ASSERT_EQ(0, remote_wait_ready(fd));
	EXPECT_EQ(0, counted(fd));
	ASSERT_DONE(remote_stop(fd, REMOTE_PATIENCE));
	EXPECT_EQ(1, remote_trace_count(fd, "bye"));
	ASSERT_DONE(remote_load(fd, remote_firmware(fd, "echo")));
	ASSERT_DONE(remote_start(fd));
	ASSERT_EQ(0, remote_wait_ready(fd));
	ASSERT_EQ(0, remote_info(fd, &after));
	EXPECT_EQ(before.crash_count, after.crash_count);
}

/* Over and over, also by shutdown, and when it has crashed before. */
TEST_F(reset_core, hung_is_shut_down)
{
	int fd = self->fd[0], i;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, run_hung(fd));
		ASSERT_DONE(remote_shutdown(fd, LIMIT));
		EXPECT_STATE(RPROC_LITE_OFFLINE, fd);
	}
	ASSERT_DONE(remote_run(fd, "crash"));
	ASSERT_EQ(0, remote_wait_state(fd, RPROC_LITE_CRASHED));
	ASSERT_DONE(remote_stop(fd, LIMIT));
	ASSERT_DONE(remote_start(fd));
}

/* One core's reset is not the other's. */
TEST_F(reset_core, the_other_goes_on)
{
	int i;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, run_hung(self->fd[0]));
		ASSERT_EQ(0, run_hung(self->fd[1]));
		stopped_by_force(_metadata, self->fd[i]);
		EXPECT_NE(0, counted(self->fd[!i]));
		ASSERT_DONE(remote_start(self->fd[i]));
		ASSERT_EQ(0, remote_wait_ready(self->fd[i]));
		EXPECT_NE(0, counted(self->fd[!i]));
		EXPECT_STATE(RPROC_LITE_RUNNING, self->fd[!i]);
		ASSERT_DONE(remote_shutdown(self->fd[0], LIMIT));
		ASSERT_DONE(remote_shutdown(self->fd[1], LIMIT));
	}
}

/* All three at the same time, of two kinds; each ends by itself. */
TEST_F(reset_core, beside_a_cpu)
{
	int i, j;

	for (i = 0; i < REMOTES; i++) {
		ASSERT_DONE(remote_run(self->fd[i], "echo"));
	}
	for (i = 0; i < REMOTES; i++) {
		ASSERT_DONE(remote_stop(self->fd[i], REMOTE_PATIENCE));
		EXPECT_EQ(1, remote_trace_count(self->fd[i], "bye"));
		for (j = 0; j < REMOTES; j++)
			EXPECT_STATE(j > i ? RPROC_LITE_RUNNING : RPROC_LITE_STOPPED, self->fd[j]);
		for (j = i + 1; j < REMOTES; j++)
			EXPECT_EQ(0, remote_trace_count(self->fd[j], "SHUTDOWN"));
	}
	for (i = REMOTES - 1; i >= 0; i--) {
		ASSERT_DONE(remote_start(self->fd[i]));
		ASSERT_EQ(0, remote_wait_ready(self->fd[i]));
	}
	for (i = 0; i < REMOTES; i++)
		EXPECT_STATE(RPROC_LITE_RUNNING, self->fd[i]);
}

/* What hangs does not keep the other kind. */
TEST_F(reset_core, hung_beside_a_cpu)
{
	ASSERT_EQ(0, run_hung(self->fd[0]));
	ASSERT_DONE(remote_run(self->fd[2], "echo"));
	ASSERT_DONE(remote_offline(self->fd[2]));
	EXPECT_NE(0, counted(self->fd[0]));
	stopped_by_force(_metadata, self->fd[0]);
}

/* Each gets what is for the other's machine, as it would be loaded there. */
TEST_F(reset_core, wrong_machine)
{
	char path[128];
	int i;

	for (i = 0; i < REMOTES; i += 2) {
		ASSERT_DONE(remote_config(self->fd[i]));
		snprintf(path, sizeof(path), "%s", remote_firmware(self->fd[2 - i], "echo"));
		EXPECT_REFUSED(ENOEXEC, remote_load(self->fd[i], path));
		EXPECT_WORDS(i ? "machine 40, not 183" : "machine 183, not 40", remote_said.text);
		EXPECT_EQ(RPROC_LITE_AT_BACKEND, remote_said.where);
		EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd[i]);
		ASSERT_DONE(remote_load(self->fd[i], remote_firmware(self->fd[i], "echo")));
	}
}

/* The machine is right, but no image of such a core has 64 bits. */
TEST_F(reset_core, wrong_class)
{
	struct segments s;
	int file;

	ASSERT_EQ(0, segments_read(&s, self->fd[2], "echo"));
	((Elf64_Ehdr *)s.file)->e_machine = EM_ARM;
	file = memfd_of(s.file, s.size);
	ASSERT_LE(0, file);
	ASSERT_DONE(remote_config(self->fd[0]));
	EXPECT_REFUSED(ENOEXEC, remote_load_fd(self->fd[0], file));
	EXPECT_WORDS("ELF64, not ELF32", remote_said.text);
	close(file);
	segments_free(&s);
}

int main(int argc, char **argv)
{
	bool has_reset;
	int fd;

	remote_or_skip(0);
	fd = remote_open(0, O_RDONLY);
	has_reset = remote_kind(fd)->has_reset;
	close(fd);
	if (!has_reset) {
		printf("TAP version 13\n1..0 # SKIP the remote has no reset line\n");
		return 4;
	}
	return test_harness_run(argc, argv);
}
