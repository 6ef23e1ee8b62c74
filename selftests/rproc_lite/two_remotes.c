// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two remotes at once, each with a core, memory and a doorbell of its own.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. NAKED_SSCANF: ASSERT_EQ() does check it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include <linux/rproc_lite_rsc.h>

#include "kselftest_harness.h"
#include "guest.h"
#include "remote.h"
#include "segments.h"
#include "virtio_io.h"

FIXTURE(two)
{
	int fd[2];
	int cpu[2];
};

FIXTURE_SETUP(two)
{
	unsigned int i;

	for (i = 0; i < 2; i++) {
		self->fd[i] = remote_open(i, O_RDWR);
		ASSERT_LE(0, self->fd[i]);
		ASSERT_DONE(remote_offline(self->fd[i]));
		ASSERT_EQ(0, cpu_borrowed(self->fd[i], &self->cpu[i]));
	}
	ASSERT_TRUE(self->cpu[0] == CPU_NONE || self->cpu[0] != self->cpu[1]);
}

FIXTURE_TEARDOWN(two)
{
	int i;

	for (i = 0; i < 2; i++) {
		EXPECT_DONE(remote_offline(self->fd[i]));
		EXPECT_TRUE(cpu_is_back(self->cpu[i]));
		close(self->fd[i]);
	}
}

/* The words of a remote's firmware on which core it is on; cores of its own are r0, r1. */
static void own_core(struct __test_metadata *_metadata, FIXTURE_DATA(two) *self, int i)
{
	unsigned long long mpidr = 0;
	/* It said so before it was READY. */
	const char *text = remote_trace_with(self->fd[i], "hello");
	const char *at = strstr(text, "MPIDR ");

	ASSERT_NE(NULL, at);
	ASSERT_EQ(1, sscanf(at, "MPIDR %llx", &mpidr));
	EXPECT_EQ((unsigned int)(self->cpu[i] == CPU_NONE ? i : self->cpu[i]), mpidr & 0xff);
}

/* A policy from the devicetree, by word and by number; and what has none. */
TEST_F(two, policies)
{
	struct rproc_lite_policy p;

	ASSERT_EQ(0, remote_policy(self->fd[0], &p));
	EXPECT_EQ(60000, p.recovery_window_ms);
	ASSERT_EQ(0, remote_policy(self->fd[1], &p));
	EXPECT_EQ(RPROC_LITE_RECOVER_NOT, p.recovery);
	if (!remote_kind(self->fd[1])->has_reset) {
		EXPECT_EQ(61000, p.recovery_window_ms);
	}
	EXPECT_EQ(10, p.recovery_limit);
}

TEST_F(two, run_at_once)
{
	int i;

	for (i = 0; i < 2; i++) {
		ASSERT_DONE(remote_run(self->fd[i], "echo"));
	}
	for (i = 0; i < 2; i++) {
		EXPECT_STATE(RPROC_LITE_RUNNING, self->fd[i]);
		EXPECT_TRUE(cpu_is_kept(self->cpu[i]));
		own_core(_metadata, self, i);
	}

	/* One stops, and the other notices nothing. */
	for (i = 0; i < 2; i++) {
		ASSERT_DONE(remote_stop(self->fd[i], REMOTE_PATIENCE));
		EXPECT_STATE(RPROC_LITE_RUNNING, self->fd[!i]);
		EXPECT_EQ(0, remote_trace_count(self->fd[!i], "SHUTDOWN"));
		EXPECT_EQ(1, remote_trace_count(self->fd[i], "bye"));
		ASSERT_DONE(remote_start(self->fd[i]));
		ASSERT_EQ(0, remote_wait_ready(self->fd[i]));
	}
	ASSERT_DONE(remote_shutdown(self->fd[0], REMOTE_PATIENCE));
	EXPECT_TRUE(cpu_is_back(self->cpu[0]));
	EXPECT_TRUE(cpu_is_kept(self->cpu[1]));
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd[1]);
}

/* Both talk rpmsg at the same time, and neither hears the other. */
TEST_F(two, talk_at_once)
{
	int channel[2], i;
	char text[64];
	uint32_t seq;

	ASSERT_EQ(0, virtio_drivers());
	for (i = 0; i < 2; i++) {
		ASSERT_DONE(remote_run(self->fd[i], "rpmsg"));
		channel[i] = channel_open(self->fd[i], 0x400, O_RDWR);
		ASSERT_LE(0, channel[i]);
		ASSERT_EQ(0, io_say(channel[i], i ? "/flood 200 496 1" : "/flood 200 496 7000"));
	}
	for (seq = 0; seq < 200; seq++) {
		ASSERT_EQ(0, io_recv(channel[0], 496, seq, 7000));
		ASSERT_EQ(0, io_recv(channel[1], 496, seq, 1));
	}
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, io_hear(channel[i], text, sizeof(text)));
	}
	for (seq = 0; seq < 200; seq++) {
		for (i = 0; i < 2; i++) {
			ASSERT_EQ(0, io_send(channel[i], 16 + seq, seq, (uint32_t)i << 20));
		}
		for (i = 0; i < 2; i++) {
			ASSERT_EQ(0, io_recv(channel[i], 16 + seq, seq, (uint32_t)i << 20));
		}
	}
	/* One crashes, and the other's device stays. */
	ASSERT_EQ(0, io_say(channel[0], "/crash"));
	ASSERT_EQ(0, remote_wait_state(self->fd[0], RPROC_LITE_CRASHED));
	ASSERT_EQ(0, io_echo(channel[1], 100, 1, 1));
	close(channel[0]);
	close(channel[1]);
}

/* What one waits for does not keep the other. */
TEST_F(two, one_waits)
{
	struct job job;
	uint64_t begin;

	ASSERT_DONE(remote_run(self->fd[0], "stubborn"));
	ASSERT_EQ(0, job_begin(&job, job_stop, self->fd[0], 4 * REMOTE_PATIENCE));
	ASSERT_EQ(0, remote_wait_op(self->fd[0], RPROC_LITE_OP_STOP));
	begin = now_ms();
	ASSERT_DONE(remote_run(self->fd[1], "echo"));
	ASSERT_DONE(remote_offline(self->fd[1]));
	EXPECT_GT(REMOTE_PROMPT, now_ms() - begin);
	EXPECT_FALSE(job_over(&job));
	kill(job.pid, SIGKILL);
	EXPECT_EQ(0, job_end(&job, REMOTE_PROMPT));
}

/* One's crash is not the other's. */
TEST_F(two, one_crashes)
{
	ASSERT_DONE(remote_run(self->fd[0], "echo"));
	ASSERT_DONE(remote_run(self->fd[1], "crash"));
	ASSERT_EQ(0, remote_wait_state(self->fd[1], RPROC_LITE_CRASHED));
	EXPECT_EQ(0, remote_poll(self->fd[0], 0) & ~POLLPRI);
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd[0]);
	ASSERT_DONE(remote_stop(self->fd[0], REMOTE_PATIENCE));
}

/* The other's firmware lies in the other's memory. */
TEST_F(two, others_firmware)
{
	char path[64];

	snprintf(path, sizeof(path), "%s", remote_firmware(self->fd[1], "echo"));
	ASSERT_DONE(remote_config(self->fd[0]));
	EXPECT_REFUSED(ENOEXEC, remote_load(self->fd[0], path));
	EXPECT_WORDS("no region", remote_said.text);
	EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd[0]);
}

/* A resource table with one entry of memory, and one with one ring. */
struct one {
	struct rproc_lite_rsc_table head;
	uint32_t offset[1];
	union {
		struct rproc_lite_rsc_carveout mem;
		struct {
			struct rproc_lite_rsc_vdev head;
			struct rproc_lite_rsc_vring ring;
		} __attribute__((packed)) vdev;
	};
} __attribute__((packed));

static int set_mem(int fd, uint32_t type, uint32_t da, uint32_t pa)
{
	struct one t = {
		.head = { .ver = RPROC_LITE_RSC_VERSION, .num = 1 },
		.offset = { offsetof(struct one, mem) },
		.mem = { .type = type, .da = da, .pa = pa, .len = 0x1000, .name = "one" },
	};

	return remote_set_rsc(fd, &t, sizeof(t), RPROC_LITE_NO_DA);
}

static int set_ring(int fd, uint32_t da)
{
	struct one t = {
		.head = { .ver = RPROC_LITE_RSC_VERSION, .num = 1 },
		.offset = { offsetof(struct one, mem) },
		.vdev = {
			.head = { .type = RPROC_LITE_RSC_VDEV, .id = 3, .num_of_vrings = 1 },
			.ring = { .da = da, .align = 16, .num = 8, .notifyid = 1 },
		},
	};

	return remote_set_rsc(fd, &t, offsetof(struct one, vdev) + sizeof(t.vdev),
			      RPROC_LITE_NO_DA);
}

/* Whatever one's image, table and settings name in the other's memory, nothing is there. */
static void reach_over(struct __test_metadata *_metadata, int fd,
		       const struct rproc_lite_region *r)
{
	static const uint32_t kinds[] = { RPROC_LITE_RSC_CARVEOUT, RPROC_LITE_RSC_DEVMEM };
	char settings[64], raw[4096] = "these bytes go nowhere";
	int n, image = memfd_of(raw, sizeof(raw));
	uint32_t da = (uint32_t)r->da, pa = (uint32_t)r->pa;
	unsigned int i;

	n = snprintf(settings, sizeof(settings), "load-address=0x%x", da);
	ASSERT_DONE(remote_config_with(fd, settings, (uint32_t)n + 1));
	EXPECT_REFUSED(ENOEXEC, remote_load_fd(fd, image));
	close(image);
	EXPECT_REFUSED(ENOENT, remote_add_mem(fd, "window", da, 0x1000));
	ASSERT_DONE(remote_load(fd, remote_firmware(fd, "echo")));
	for (i = 0; i < 2; i++) {
		EXPECT_REFUSED(EINVAL, set_mem(fd, kinds[i], da, RPROC_LITE_RSC_ANY));
		EXPECT_REFUSED(EINVAL, set_mem(fd, kinds[i], RPROC_LITE_RSC_ANY, pa));
		EXPECT_REFUSED(EINVAL, set_mem(fd, kinds[i], da, pa));
	}
	EXPECT_REFUSED(EINVAL, set_ring(fd, da));
	EXPECT_REFUSED(EINVAL, set_ring(fd, da + 0x800));
	ASSERT_DONE(remote_start(fd));
	ASSERT_EQ(0, remote_wait_ready(fd));
}

TEST_F(two, memory_of_the_other)
{
	static uint8_t was[1 << 20], is[1 << 20];
	struct rproc_lite_region r, own;
	off_t at;
	size_t i;

	/* What they share (some do) is each one's own. */
	ASSERT_EQ(0, remote_region(self->fd[1], 1, &r));
	ASSERT_GE(sizeof(was), r.size);
	for (i = 0; !remote_region(self->fd[0], (uint32_t)i, &own); i++) {
		ASSERT_FALSE(own.pa < r.pa + r.size && r.pa < own.pa + own.size);
	}
	at = (off_t)1 << RPROC_LITE_REGION_SHIFT;
	for (i = 0; i < r.size; i++)
		was[i] = (uint8_t)(i * 7 + (i >> 8) * 3 + 1);
	ASSERT_DONE(remote_config(self->fd[1]));
	ASSERT_EQ((ssize_t)r.size, pwrite(self->fd[1], was, r.size, at));
	reach_over(_metadata, self->fd[0], &r);
	ASSERT_DONE(remote_offline(self->fd[0]));
	ASSERT_EQ((ssize_t)r.size, pread(self->fd[1], is, r.size, at));
	EXPECT_EQ(0, memcmp(was, is, r.size));
}

static int cycles(int fd, int count)
{
	int i, ret = 0;

	for (i = 0; !ret && i < count; i++) {
		ret = remote_run(fd, "echo");
		if (!ret)
			ret = remote_shutdown(fd, REMOTE_PATIENCE);
	}
	return ret;
}

/* Both live their lives, over and over, at the same time. */
TEST_F_TIMEOUT(two, side_by_side, 600)
{
	unsigned int count = count_from_env(20);
	struct job job[2];
	int i;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, job_begin(&job[i], cycles, self->fd[i], (int)count));
	}
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, job_end(&job[i], 500000));
		EXPECT_EQ(0, job[i].result->ret) TH_LOG("told: %s", remote_said.text);
	}
}

/* The driver goes with both of them running. */
TEST_F(two, remove_module)
{
	int i;

	for (i = 0; i < 2; i++) {
		ASSERT_DONE(remote_run(self->fd[i], "echo"));
	}
	EXPECT_EQ(0, module_unload("rproc_lite_platform"));
	for (i = 0; i < 2; i++) {
		EXPECT_TRUE(cpu_is_back(self->cpu[i]));
		close(self->fd[i]);
	}
	ASSERT_EQ(0, module_load("rproc_lite_platform"));
	for (i = 0; i < 2; i++) {
		self->fd[i] = remote_open((unsigned int)i, O_RDWR);
		ASSERT_LE(0, self->fd[i]);
	}
}

int main(int argc, char **argv)
{
	remote_or_skip(0);
	remote_or_skip(1);
	return test_harness_run(argc, argv);
}
