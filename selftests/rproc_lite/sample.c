// SPDX-License-Identifier: GPL-2.0-only
/*
 * The example backend of samples/backend, a module apart from ours, drives a third remote:
 * its whole life, what it refuses, and its going.
 */
#include <errno.h>
#include <fcntl.h>

#include "kselftest_harness.h"
#include "guest.h"
#include "remote.h"

#define MODULE		"spare_core"
#define NODE		"/sys/firmware/devicetree/base/remoteproc-2"
#define ID		2
#define CPUS		64

FIXTURE(sample)
{
	int fd;
	bool online[CPUS];
	int cpu;		/* that was taken, -1 before */
};

/* The CPU that is not online any more. */
static int find_taken(const bool *online)
{
	int cpu;

	for (cpu = 1; cpu < CPUS; cpu++)
		if (online[cpu] && !cpu_is_online((unsigned int)cpu))
			return cpu;
	return -1;
}

static int open_soon(void)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	int fd;

	/* Where its mailbox comes later, it does too. */
	do {
		fd = remote_open(ID, O_RDWR);
		if (fd < 0)
			usleep(1000);
	} while (fd < 0 && now_ms() < end);
	return fd;
}

FIXTURE_SETUP(sample)
{
	unsigned int cpu;

	ASSERT_EQ(0, module_load(MODULE));
	self->fd = open_soon();
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	for (cpu = 1; cpu < CPUS; cpu++)
		self->online[cpu] = cpu_is_online(cpu) == 1;
	self->cpu = -1;
}

FIXTURE_TEARDOWN(sample)
{
	close(self->fd);
	if (module_is_loaded(MODULE)) {
		self->fd = remote_open(ID, O_RDWR);
		EXPECT_DONE(remote_offline(self->fd));
		close(self->fd);
		EXPECT_EQ(0, module_unload(MODULE));
	}
	EXPECT_EQ(-ENOENT, remote_open(ID, O_RDWR));
	EXPECT_EQ(-1, find_taken(self->online));
}

TEST_F(sample, describes_itself)
{
	struct rproc_lite_region region;
	struct rproc_lite_info info;

	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_STREQ("r2", info.name);
	EXPECT_STREQ("spare-core", info.backend);
	EXPECT_EQ(1, info.num_regions);
	ASSERT_EQ(0, remote_region(self->fd, 0, &region));
	EXPECT_STREQ("ram", region.name);
	EXPECT_EQ(0x58000000, region.da);
	EXPECT_EQ(0x500000, region.size);
	EXPECT_EQ(0, region.flags);
}

TEST_F(sample, whole_life)
{
	ASSERT_DONE(remote_config(self->fd));
	EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd);
	self->cpu = find_taken(self->online);
	ASSERT_LT(0, self->cpu);
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	EXPECT_STATE(RPROC_LITE_READY, self->fd);
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
	EXPECT_STRNE("", remote_trace_with(self->fd, "hello from the core"));
	ASSERT_DONE(remote_stop(self->fd, 0));
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	EXPECT_STRNE("", remote_trace_with(self->fd, "bye"));

	/* Again, with the image placed anew. */
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	EXPECT_EQ(1, remote_trace_count(self->fd, "hello"));
	EXPECT_EQ(0, remote_trace_count(self->fd, "bye"));
	EXPECT_EQ(0, cpu_is_online((unsigned int)self->cpu));
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	EXPECT_STATE(RPROC_LITE_OFFLINE, self->fd);
	EXPECT_EQ(1, cpu_is_online((unsigned int)self->cpu));
}

/* What it says no to, it says why, and the remote is as it was. */
TEST_F(sample, refuses_in_words)
{
	unsigned int cpu;

	ASSERT_DONE(remote_config(self->fd));
	self->cpu = find_taken(self->online);
	EXPECT_REFUSED(ENOEXEC, remote_load(self->fd, "rproc-lite/echo.elf"));
	EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd);
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "stubborn")));
	/* Linux takes the core back: PSCI won't switch it on a second time. */
	ASSERT_EQ(0, cpu_set_online((unsigned int)self->cpu, true));
	EXPECT_REFUSED(EIO, remote_start(self->fd));
	EXPECT_WORDS("PSCI does not switch", remote_said.text);
	EXPECT_STATE(RPROC_LITE_READY, self->fd);
	ASSERT_EQ(0, cpu_set_online((unsigned int)self->cpu, false));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	EXPECT_REFUSED(ETIMEDOUT, remote_stop(self->fd, 100));
	EXPECT_WORDS("still runs after 100 ms", remote_said.text);
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
	ASSERT_DONE(remote_stop(self->fd, 0));
	ASSERT_DONE(remote_shutdown(self->fd, 0));

	/* Of the last CPU even it can't rob Linux. */
	for (cpu = 1; cpu < CPUS; cpu++) {
		if (self->online[cpu] && (int)cpu != self->cpu) {
			ASSERT_EQ(0, cpu_set_online(cpu, false));
		}
	}
	ASSERT_EQ(0, cpu_set_online(0, false)) TH_LOG("CPU 0 stays");
	EXPECT_REFUSED(EBUSY, remote_config(self->fd));
	EXPECT_STATE(RPROC_LITE_OFFLINE, self->fd);
	for (cpu = 0; cpu < CPUS; cpu++) {
		if (!cpu || self->online[cpu]) {
			EXPECT_EQ(0, cpu_set_online(cpu, true));
		}
	}
}

TEST_F(sample, crashes)
{
	ASSERT_DONE(remote_run(self->fd, "crash"));
	ASSERT_EQ(0, remote_wait_state(self->fd, RPROC_LITE_CRASHED));
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	ASSERT_DONE(remote_run(self->fd, "echo"));
}

/* Its going is a shutdown, and it can come again. */
TEST_F(sample, unloaded_while_it_runs)
{
	ASSERT_DONE(remote_run(self->fd, "echo"));
	EXPECT_EQ(-EAGAIN, module_unload("rproc_lite")) TH_LOG("the sample uses it");
	ASSERT_EQ(0, module_unload(MODULE));
	EXPECT_EQ(-1, find_taken(self->online));
	EXPECT_EQ(-ENODEV, remote_state(self->fd));
	ASSERT_EQ(0, module_load(MODULE));
	close(self->fd);
	self->fd = open_soon();
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_run(self->fd, "echo"));
}

int main(int argc, char **argv)
{
	char compatible[64] = "";

	read_text(NODE "/compatible", compatible, sizeof(compatible));
	if (strcmp(compatible, "example,spare-core")) {
		printf("TAP version 13\n1..0 # SKIP this machine has no remote for the sample\n");
		return 4;
	}
	return test_harness_run(argc, argv);
}
