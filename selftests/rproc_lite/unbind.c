// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver goes, or its modules do, whatever the remote is about: the core is
 * stopped and given back, whoever holds the device open is told, and all can come
 * again.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "guest.h"
#include "remote.h"

#define PLATFORM	"rproc_lite_platform"
#define CORE		"rproc_lite"
#define MAILBOX		"rproc_lite_mailbox"

/* What ends with such a file is over for good. */
static void device_is_gone(struct __test_metadata *_metadata, int fd)
{
	struct rproc_lite_placement placement;
	struct rproc_lite_region region;
	struct rproc_lite_rsc rsc = { 0 };
	struct rproc_lite_info info;
	char text[64];

	EXPECT_TRUE(remote_poll(fd, 0) & POLLHUP);
	EXPECT_EQ(-ENODEV, remote_info(fd, &info));
	EXPECT_EQ(-ENODEV, remote_region(fd, 0, &region));
	EXPECT_EQ(-ENODEV, remote_placement(fd, 0, &placement));
	EXPECT_EQ(-ENODEV, remote_rsc(fd, &rsc));
	EXPECT_EQ(-ENODEV, remote_trace(fd, 0, text, sizeof(text)));
	EXPECT_EQ(-ENODEV, remote_config(fd));
	EXPECT_EQ(-ENODEV, remote_load(fd, "rproc-lite/echo.elf"));
	EXPECT_EQ(-ENODEV, remote_start(fd));
	EXPECT_EQ(-ENODEV, remote_stop(fd, 0));
	EXPECT_EQ(-ENODEV, remote_shutdown(fd, 0));
}

/* It has come again, and works. */
static void all_is_well(struct __test_metadata *_metadata, int cpu)
{
	int fd = remote_open(REMOTE, O_RDWR);

	ASSERT_LE(0, fd) TH_LOG("there is no remote any more");
	EXPECT_STATE(RPROC_LITE_OFFLINE, fd);
	EXPECT_TRUE(cpu_is_back(cpu));
	EXPECT_DONE(remote_run(fd, "echo"));
	EXPECT_DONE(remote_offline(fd));
	EXPECT_TRUE(cpu_is_back(cpu));
	close(fd);
}

/* Whatever a test left behind. */
static void bring_back(struct __test_metadata *_metadata, const char *device)
{
	module_load(PLATFORM);
	if (remote_open(REMOTE, O_RDONLY) < 0)
		driver_bind(device);
	EXPECT_EQ(1, module_is_loaded(PLATFORM));
}

/*
 * The driver is unbound, or its module removed, in each state.
 */
FIXTURE(state)
{
	int fd;
	int cpu;
	char device[64];
};

FIXTURE_VARIANT(state)
{
	uint32_t state;
};

FIXTURE_VARIANT_ADD(state, Offline) { .state = RPROC_LITE_OFFLINE };
FIXTURE_VARIANT_ADD(state, Configured) { .state = RPROC_LITE_CONFIGURED };
FIXTURE_VARIANT_ADD(state, Ready) { .state = RPROC_LITE_READY };
FIXTURE_VARIANT_ADD(state, Running) { .state = RPROC_LITE_RUNNING };
FIXTURE_VARIANT_ADD(state, Stopped) { .state = RPROC_LITE_STOPPED };
FIXTURE_VARIANT_ADD(state, Crashed) { .state = RPROC_LITE_CRASHED };

FIXTURE_SETUP(state)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_EQ(0, cpu_borrowed(self->fd, &self->cpu));
	ASSERT_TRUE(cpu_is_back(self->cpu));
	ASSERT_EQ(0, remote_device(REMOTE, self->device, sizeof(self->device)));
	ASSERT_DONE(remote_reach(self->fd, variant->state));
}

FIXTURE_TEARDOWN(state)
{
	close(self->fd);
	bring_back(_metadata, self->device);
}

TEST_F(state, unbind)
{
	uint64_t begin = now_ms();

	EXPECT_EQ(0, driver_unbind(self->device));
	EXPECT_GT(REMOTE_PROMPT, now_ms() - begin);
	EXPECT_TRUE(cpu_is_back(self->cpu));
	EXPECT_EQ(-ENOENT, remote_open(REMOTE, O_RDWR));
	device_is_gone(_metadata, self->fd);
	ASSERT_EQ(0, close(self->fd));
	ASSERT_EQ(0, driver_bind(self->device));
	all_is_well(_metadata, self->cpu);
}

TEST_F(state, remove_module)
{
	uint64_t begin = now_ms();

	EXPECT_EQ(0, module_unload(PLATFORM));
	EXPECT_GT(REMOTE_PROMPT, now_ms() - begin);
	EXPECT_TRUE(cpu_is_back(self->cpu));
	if (self->cpu != CPU_NONE) {
		EXPECT_EQ(0, cpu_set_online((unsigned int)self->cpu, false));
		EXPECT_EQ(0, cpu_set_online((unsigned int)self->cpu, true));
	}
	device_is_gone(_metadata, self->fd);
	/* The core module is what this file keeps. */
	EXPECT_EQ(-EAGAIN, module_unload(CORE));
	ASSERT_EQ(0, close(self->fd));
	EXPECT_EQ(0, module_unload(CORE));
	ASSERT_EQ(0, module_load(PLATFORM));
	all_is_well(_metadata, self->cpu);
}

/* Where others depend on the driver core to take it away: its mailbox goes. */
TEST_F(state, unbind_mailbox)
{
	uint64_t end;

	EXPECT_EQ(0, write_text("/sys/bus/platform/drivers/rproc_lite_doorbell/unbind",
				"mailbox-0"));
	EXPECT_TRUE(cpu_is_back(self->cpu));
	device_is_gone(_metadata, self->fd);
	ASSERT_EQ(0, close(self->fd));
	ASSERT_EQ(0, write_text("/sys/bus/platform/drivers/rproc_lite_doorbell/bind",
				"mailbox-0"));
	/* The driver core may bind it by itself, now or soon. */
	for (end = now_ms() + REMOTE_PATIENCE; now_ms() < end; usleep(1000))
		if (!access("/dev/rproc_lite0", F_OK) || !driver_bind(self->device))
			break;
	all_is_well(_metadata, self->cpu);
}

/* Somebody still has the old one open: that is no reason not to come again. */
TEST_F(state, rebind_with_old_file_open)
{
	EXPECT_EQ(0, driver_unbind(self->device));
	EXPECT_EQ(0, driver_bind(self->device));
	all_is_well(_metadata, self->cpu);
	device_is_gone(_metadata, self->fd);
}

static int unbind_soon(int ms, int unused)
{
	char device[64];

	(void)unused;
	usleep((useconds_t)ms * 1000);
	if (remote_device(REMOTE, device, sizeof(device)))
		return -ENODEV;
	return driver_unbind(device);
}

TEST_F(state, poller_is_woken)
{
	struct rproc_lite_info info;
	struct job job;
	uint64_t end;
	int seen;

	ASSERT_EQ(0, remote_info(self->fd, &info));
	ASSERT_EQ(0, job_begin(&job, unbind_soon, 100, 0));
	/* Changes of state on the way wake, too. */
	end = now_ms() + REMOTE_PATIENCE;
	do {
		seen = remote_poll(self->fd, REMOTE_PATIENCE);
		remote_info(self->fd, &info);
	} while (seen == POLLPRI && now_ms() < end);
	EXPECT_TRUE(seen & POLLHUP);
	ASSERT_EQ(0, job_end(&job, REMOTE_PATIENCE));
	EXPECT_EQ(0, job.result->ret);
	ASSERT_EQ(0, close(self->fd));
	ASSERT_EQ(0, driver_bind(self->device));
	all_is_well(_metadata, self->cpu);
}

/*
 * An operation is under way.
 */
FIXTURE(op)
{
	int fd;
	int ends[2];
	int cpu;
	char device[64];
	struct job job;
};

FIXTURE_VARIANT(op)
{
	bool load;
	bool robbed;
	job_fn *stop;
	uint32_t op;
};

FIXTURE_VARIANT_ADD(op, load)
{
	.load = true, .op = RPROC_LITE_OP_LOAD,
};

/* The loader was woken for bytes that somebody else took. */
FIXTURE_VARIANT_ADD(op, load_robbed)
{
	.load = true, .robbed = true, .op = RPROC_LITE_OP_LOAD,
};

FIXTURE_VARIANT_ADD(op, stop)
{
	.stop = job_stop, .op = RPROC_LITE_OP_STOP,
};

FIXTURE_VARIANT_ADD(op, shutdown)
{
	.stop = job_shutdown, .op = RPROC_LITE_OP_SHUTDOWN,
};

FIXTURE_SETUP(op)
{
	char c[16];
	int i;

	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_EQ(0, cpu_borrowed(self->fd, &self->cpu));
	ASSERT_EQ(0, remote_device(REMOTE, self->device, sizeof(self->device)));
	ASSERT_EQ(0, pipe2(self->ends, O_CLOEXEC));
	if (!variant->load) {
		ASSERT_DONE(remote_run(self->fd, "stubborn"));
		ASSERT_EQ(0, job_begin(&self->job, variant->stop, self->fd, 4 * REMOTE_PATIENCE));
		ASSERT_STRNE("", remote_trace_with(self->fd, "SHUTDOWN"));
	} else {
		ASSERT_DONE(remote_config(self->fd));
		ASSERT_EQ(0, job_begin(&self->job, job_load, self->fd, self->ends[0]));
	}
	ASSERT_EQ(0, remote_wait_op(self->fd, variant->op));
	/* Together less than a magic number, so that it goes on waiting whoever wins. */
	for (i = 0; variant->robbed && i < 15; i++) {
		ASSERT_EQ(1, write(self->ends[1], "\177", 1));
		fcntl(self->ends[0], F_SETFL, O_NONBLOCK);
		if (read(self->ends[0], c, sizeof(c)) < 0) {
			ASSERT_EQ(EAGAIN, errno);
		}
		fcntl(self->ends[0], F_SETFL, 0);
		usleep(1000);
	}
}

FIXTURE_TEARDOWN(op)
{
	kill(self->job.pid, SIGKILL);
	close(self->ends[0]);
	close(self->ends[1]);
	close(self->fd);
	bring_back(_metadata, self->device);
}

/* Unbind in time, wait for the operation, see what it was told. */
static void goes_in_time(struct __test_metadata *_metadata, FIXTURE_DATA(op) *self,
			 int (*go)(const char *), const char *what)
{
	uint64_t begin = now_ms();

	EXPECT_FALSE(job_over(&self->job));
	EXPECT_EQ(0, go(what));
	EXPECT_GT(REMOTE_PROMPT, now_ms() - begin);
	ASSERT_EQ(0, job_end(&self->job, REMOTE_PROMPT));
	EXPECT_EQ(-ECANCELED, self->job.result->ret);
	EXPECT_EQ(-ECANCELED, remote_said.error);
	EXPECT_WORDS("cancelled", remote_said.text);
	EXPECT_TRUE(cpu_is_back(self->cpu));
	device_is_gone(_metadata, self->fd);
	ASSERT_EQ(0, close(self->fd));
}

TEST_F(op, unbind)
{
	goes_in_time(_metadata, self, driver_unbind, self->device);
	ASSERT_EQ(0, driver_bind(self->device));
	all_is_well(_metadata, self->cpu);
}

TEST_F(op, remove_module)
{
	goes_in_time(_metadata, self, module_unload, PLATFORM);
	ASSERT_EQ(0, module_load(PLATFORM));
	all_is_well(_metadata, self->cpu);
}

/* Two want it to go: the operation's process is killed at the same time. */
TEST_F(op, unbind_and_kill)
{
	ASSERT_EQ(0, kill(self->job.pid, SIGKILL));
	EXPECT_EQ(0, driver_unbind(self->device));
	ASSERT_EQ(0, job_end(&self->job, REMOTE_PROMPT));
	EXPECT_TRUE(cpu_is_back(self->cpu));
	ASSERT_EQ(0, close(self->fd));
	ASSERT_EQ(0, driver_bind(self->device));
	all_is_well(_metadata, self->cpu);
}

/* What the modules hold of each other. */
TEST(module_counts)
{
	int fd = remote_open(REMOTE, O_RDWR);
	int cpu;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, cpu_borrowed(fd, &cpu));
	ASSERT_DONE(remote_run(fd, "echo"));
	EXPECT_EQ(-EAGAIN, module_unload(CORE));
	EXPECT_EQ(-EAGAIN, module_unload(MAILBOX));
	EXPECT_STATE(RPROC_LITE_RUNNING, fd);
	EXPECT_TRUE(cpu_is_kept(cpu));
	ASSERT_DONE(remote_offline(fd));
	close(fd);
	EXPECT_EQ(0, module_unload(PLATFORM));
	EXPECT_EQ(0, module_unload(MAILBOX));
	EXPECT_EQ(0, module_unload(CORE));
	EXPECT_FALSE(module_is_loaded(CORE));
	ASSERT_EQ(0, module_load(PLATFORM));
	all_is_well(_metadata, cpu);
}

/* Over and over, with somebody at the door. */
TEST(storm)
{
	char device[64];
	struct job job;
	int fd, cpu, i;

	ASSERT_EQ(0, remote_device(REMOTE, device, sizeof(device)));
	for (i = 0; i < 15; i++) {
		fd = remote_open(REMOTE, O_RDWR);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, job_begin(&job, unbind_soon, i * 7, 0));
		/* Whatever they say, until it is gone. */
		while (remote_state(fd) >= 0) {
			remote_config(fd);
			remote_load(fd, remote_firmware(fd, "echo"));
			remote_start(fd);
			remote_shutdown(fd, REMOTE_PATIENCE);
		}
		close(fd);
		ASSERT_EQ(0, job_end(&job, REMOTE_PATIENCE));
		ASSERT_EQ(0, job.result->ret);
		ASSERT_EQ(0, driver_bind(device));
	}
	fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, fd);
	ASSERT_EQ(0, cpu_borrowed(fd, &cpu));
	close(fd);
	all_is_well(_metadata, cpu);
}

REMOTE_TEST_MAIN
