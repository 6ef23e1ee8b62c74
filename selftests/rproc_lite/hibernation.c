// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hibernation: all memory is lost, so whatever the state of a remote, its image is.
 *
 * The kernel is busy for five seconds each time.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/sendfile.h>

#include "kselftest_harness.h"
#include "guest.h"
#include "remote.h"

/* Until before there is an image. */
static int hibernate(void)
{
	int ret;

	if (write_text("/sys/power/pm_test", "freezer"))
		return -ENOTSUP;
	ret = write_text("/sys/power/state", "disk");
	write_text("/sys/power/pm_test", "none");
	return ret;
}

FIXTURE(hibernated)
{
	int fd;
	uint64_t seq;
};

FIXTURE_SETUP(hibernated)
{
	char states[64];

	if (read_text("/sys/power/state", states, sizeof(states)) <= 0 || !strstr(states, "disk"))
		SKIP(return, "this kernel does not hibernate");
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	/* Of no weight here. */
	ASSERT_DONE(remote_set_policy(self->fd, USUAL_POLICY, NULL));
	ASSERT_DONE(remote_set_policy(self->fd, "suspend=run", NULL));
}

FIXTURE_TEARDOWN(hibernated)
{
	EXPECT_DONE(remote_offline(self->fd));
	EXPECT_DONE(remote_set_policy(self->fd, USUAL_POLICY, NULL));
	close(self->fd);
}

TEST_F(hibernated, running)
{
	ASSERT_DONE(remote_run(self->fd, "echo"));
	self->seq = remote_state_seq(self->fd);
	ASSERT_EQ(0, hibernate());
	ASSERT_EQ(0, remote_wait_state(self->fd, RPROC_LITE_RUNNING));
	EXPECT_EQ(self->seq + 2, remote_state_seq(self->fd));
	EXPECT_EQ(0, remote_wait_ready(self->fd));
}

/* Half of an image would be lost, so it is not loaded at all. */
TEST_F(hibernated, loading)
{
	struct job job;
	int ends[2];

	ASSERT_DONE(remote_config(self->fd));
	ASSERT_EQ(0, job_begin_load(&job, self->fd, ends));
	ASSERT_EQ(0, hibernate());
	ASSERT_EQ(0, job_end(&job, REMOTE_PATIENCE));
	EXPECT_EQ(-ECANCELED, job.result->ret);
	EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd);
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	EXPECT_DONE(remote_start(self->fd));
	close(ends[0]);
	close(ends[1]);
}

TEST_F(hibernated, ready)
{
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	ASSERT_EQ(0, hibernate());
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	ASSERT_DONE(remote_start(self->fd));
	EXPECT_EQ(0, remote_wait_ready(self->fd));
}

TEST_F(hibernated, suspended)
{
	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_DONE(remote_suspend(self->fd, 0));
	ASSERT_EQ(0, hibernate());
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	ASSERT_DONE(remote_start(self->fd));
	EXPECT_EQ(0, remote_wait_ready(self->fd));
}

/* It can't be started again: it keeps the system awake if it is told to. */
TEST_F(hibernated, from_stream)
{
	int ends[2], file;
	struct job job;

	file = remote_open_firmware(self->fd, "echo");
	ASSERT_LE(0, file);
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_EQ(0, job_begin_load(&job, self->fd, ends));
	while (sendfile(ends[1], file, NULL, 65536) > 0)
		;
	close(ends[1]);
	ASSERT_EQ(0, job_end(&job, REMOTE_PATIENCE));
	ASSERT_DONE(job.result->ret);
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_DONE(remote_set_policy(self->fd, "suspend-refused=block", NULL));
	EXPECT_EQ(-EBUSY, hibernate());
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);

	ASSERT_DONE(remote_set_policy(self->fd, "suspend-refused=ignore", NULL));
	ASSERT_EQ(0, hibernate());
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	EXPECT_REFUSED(ESPIPE, remote_start(self->fd));
	close(ends[0]);
	close(file);
}

REMOTE_TEST_MAIN
