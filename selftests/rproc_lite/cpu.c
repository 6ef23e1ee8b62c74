// SPDX-License-Identifier: GPL-2.0-only
/* The CPU that a remote borrows: kept while it is borrowed, given back as it was. */
#include <errno.h>
#include <fcntl.h>

#include "kselftest_harness.h"
#include "code.h"
#include "guest.h"
#include "remote.h"

FIXTURE(cpu)
{
	int fd;
	unsigned int cpu;
};

FIXTURE_SETUP(cpu)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_LE(0, cpu_of_remote(self->fd));
	self->cpu = (unsigned int)cpu_of_remote(self->fd);
	ASSERT_EQ(1, cpu_is_online(self->cpu));
}

FIXTURE_TEARDOWN(cpu)
{
	EXPECT_DONE(remote_offline(self->fd));
	cpu_set_online(self->cpu, true);
	close(self->fd);
}

/* From being configured on, nobody has it but us. */
TEST_F(cpu, kept)
{
	static const uint32_t states[] = {
		RPROC_LITE_CONFIGURED, RPROC_LITE_READY, RPROC_LITE_RUNNING,
		RPROC_LITE_STOPPED, RPROC_LITE_CRASHED,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		ASSERT_DONE(remote_reach(self->fd, states[i]));
		EXPECT_EQ(0, cpu_is_online(self->cpu));
		EXPECT_EQ(-EBUSY, cpu_set_online(self->cpu, true))
			TH_LOG("in the state %s", remote_state_name(states[i]));
		EXPECT_EQ(0, cpu_is_online(self->cpu));
		EXPECT_STATE(states[i], self->fd);
		ASSERT_DONE(remote_offline(self->fd));
		EXPECT_EQ(1, cpu_is_online(self->cpu));
	}
}

/* Given back, it is Linux's to have on and off. */
TEST_F(cpu, free_afterwards)
{
	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_DONE(remote_offline(self->fd));
	EXPECT_EQ(0, cpu_set_online(self->cpu, false));
	EXPECT_EQ(0, cpu_is_online(self->cpu));
	EXPECT_EQ(0, cpu_set_online(self->cpu, true));
	EXPECT_EQ(1, cpu_is_online(self->cpu));
}

TEST_F(cpu, stays_offline)
{
	ASSERT_EQ(0, cpu_set_online(self->cpu, false));
	ASSERT_DONE(remote_run(self->fd, "echo"));
	EXPECT_EQ(-EBUSY, cpu_set_online(self->cpu, true));
	ASSERT_DONE(remote_offline(self->fd));
	EXPECT_EQ(0, cpu_is_online(self->cpu));

	/* Also next time; and the time after it was online again. */
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	EXPECT_EQ(0, cpu_is_online(self->cpu));
	ASSERT_EQ(0, cpu_set_online(self->cpu, true));
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	EXPECT_EQ(1, cpu_is_online(self->cpu));
}

/* Writing 0 to what is offline already changes nothing. */
TEST_F(cpu, offlined_while_kept)
{
	ASSERT_DONE(remote_run(self->fd, "echo"));
	cpu_set_online(self->cpu, false);
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	EXPECT_EQ(1, cpu_is_online(self->cpu));
}

/* Of the last CPU nobody can be robbed. */
TEST_F(cpu, last_one)
{
	char buf[64];
	unsigned int other;

	ASSERT_LT(0, read_text("/sys/devices/system/cpu/present", buf, sizeof(buf)));
	for (other = 0; other < 64; other++)
		if (other != self->cpu && cpu_is_online(other) == 1)
			cpu_set_online(other, false);
	EXPECT_REFUSED(EBUSY, remote_config(self->fd));
	EXPECT_WORDS("can't be taken", remote_said.text);
	EXPECT_STATE(RPROC_LITE_OFFLINE, self->fd);
	EXPECT_EQ(1, cpu_is_online(self->cpu));
	for (other = 0; other < 64; other++)
		if (other != self->cpu)
			cpu_set_online(other, true);
	EXPECT_DONE(remote_config(self->fd));
}

/*
 * Still on when it is asked for, and off a moment later, which a busy host may let the kernel's
 * own last steps on it look like. Here it is firmware that was given up before it ended.
 */
TEST_F(cpu, off_soon)
{
	struct rproc_lite_info info;
	char device[64];
	int image;

	ASSERT_EQ(0, remote_device(REMOTE, device, sizeof(device)));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	image = code_late(self->fd, info.stop_timeout_ms + 400);
	ASSERT_LE(0, image);
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load_fd(self->fd, image));
	ASSERT_DONE(remote_start(self->fd));
	close(image);
	ASSERT_EQ(0, driver_unbind(device));
	EXPECT_EQ(0, cpu_is_online(self->cpu));
	ASSERT_EQ(0, driver_bind(device));
	close(self->fd);
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	EXPECT_DONE(remote_run(self->fd, "echo"));
	EXPECT_DONE(remote_offline(self->fd));
	EXPECT_EQ(0, cpu_set_online(self->cpu, true));
}

int main(int argc, char **argv)
{
	remote_cpu_or_skip(REMOTE);
	return test_harness_run(argc, argv);
}
