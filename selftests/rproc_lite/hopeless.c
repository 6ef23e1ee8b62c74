// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware that nothing stops, and what is left then: the truth. This takes a
 * core away until the machine is reset, so it has to be the last test.
 *
 * checkpatch: BRACES: the harness's macros are two statements each.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>

#include "kselftest_harness.h"
#include "code.h"
#include "guest.h"
#include "remote.h"

#define LIMIT	300

/* The tests of one remote go on where the one before has left it. */
TEST(deaf_runs_on)
{
	int fd = remote_open(REMOTE, O_RDWR), cpu, i;
	struct rproc_lite_info info;
	uint64_t begin, took;

	ASSERT_LE(0, fd);
	ASSERT_DONE(remote_offline(fd));
	cpu = cpu_of_remote(fd);
	ASSERT_LE(0, cpu);
	ASSERT_DONE(remote_run(fd, "deaf"));

	for (i = 1; i <= 3; i++) {
		begin = now_ms();
		EXPECT_REFUSED(ETIMEDOUT, remote_stop(fd, LIMIT));
		took = now_ms() - begin;
		EXPECT_LE(LIMIT, took);
		EXPECT_GT(LIMIT + REMOTE_PROMPT, took);
		EXPECT_WORDS("300 ms", remote_said.text);
		EXPECT_WORDS("still runs", remote_said.text);
		/* So it does, and has heard us. */
		EXPECT_EQ(i, remote_trace_count(fd, "deaf: SHUTDOWN"));
		EXPECT_EQ(-EBUSY, cpu_set_online((unsigned int)cpu, true));
	}
	EXPECT_REFUSED(ETIMEDOUT, remote_shutdown(fd, LIMIT));
	ASSERT_EQ(0, remote_info(fd, &info));
	EXPECT_EQ(RPROC_LITE_RUNNING, info.state);
	EXPECT_EQ(-ETIMEDOUT, info.last.error);
	EXPECT_EQ(0, cpu_is_online((unsigned int)cpu));
	close(fd);
}

/* More words than the mailbox holds, to one that has them pile up or not. */
TEST(deaf_is_told_often)
{
	int fd = remote_open(REMOTE, O_RDWR), i;

	ASSERT_LE(0, fd);
	ASSERT_STATE(RPROC_LITE_RUNNING, fd);
	for (i = 0; i < 80; i++)
		EXPECT_REFUSED(ETIMEDOUT, remote_stop(fd, 1));
	EXPECT_STATE(RPROC_LITE_RUNNING, fd);
	close(fd);
}

/* Its driver goes: that must not hang, and the core is not touched. */
TEST(deaf_is_abandoned)
{
	int fd = remote_open(REMOTE, O_RDWR), cpu;
	struct rproc_lite_info info;
	uint64_t begin, took;
	char device[64];

	ASSERT_LE(0, fd);
	ASSERT_STATE(RPROC_LITE_RUNNING, fd);
	cpu = cpu_of_remote(fd);
	ASSERT_EQ(0, remote_info(fd, &info));
	ASSERT_EQ(0, remote_device(REMOTE, device, sizeof(device)));
	begin = now_ms();
	EXPECT_EQ(0, driver_unbind(device));
	took = now_ms() - begin;
	EXPECT_GT(info.stop_timeout_ms + REMOTE_PROMPT, took);
	EXPECT_EQ(-ENODEV, remote_stop(fd, 0));
	EXPECT_EQ(0, cpu_is_online((unsigned int)cpu));
	close(fd);

	/* Bound again, it sees that the core runs something. */
	ASSERT_EQ(0, driver_bind(device));
	fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, fd);
	EXPECT_STATE(RPROC_LITE_OFFLINE, fd);
	EXPECT_REFUSED(EBUSY, remote_config(fd));
	EXPECT_WORDS("runs something else", remote_said.text);
	EXPECT_STATE(RPROC_LITE_OFFLINE, fd);
	close(fd);
}

/* One that takes no words at all; on a remote of its own, where there is one. */
TEST(hung_takes_no_words)
{
	int fd = remote_open(1, O_RDWR), image, i;

	if (fd < 0) {
		SKIP(return, "it takes a second remote: -m virt4");
	}
	ASSERT_DONE(remote_offline(fd));
	image = code_hung(fd);
	ASSERT_LE(0, image);
	ASSERT_DONE(remote_config(fd));
	ASSERT_DONE(remote_load_fd(fd, image));
	ASSERT_DONE(remote_start(fd));
	for (i = 0; i < 80; i++)
		EXPECT_REFUSED(ETIMEDOUT, remote_stop(fd, 10));
	EXPECT_STATE(RPROC_LITE_RUNNING, fd);
	EXPECT_EQ(-EBUSY, cpu_set_online((unsigned int)cpu_of_remote(fd), true));
	close(image);
	close(fd);
}

int main(int argc, char **argv)
{
	remote_cpu_or_skip(REMOTE);
	return test_harness_run(argc, argv);
}
