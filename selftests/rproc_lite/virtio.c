// SPDX-License-Identifier: GPL-2.0-only
/*
 * The virtio devices of a remote: how they are made, told of and removed, whatever
 * user space is about.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 * checkpatch: MULTISTATEMENT_MACRO_USE_DO_WHILE: variants are declared, not run.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "../firmware/pattern.h"
#include "guest.h"
#include "remote.h"
#include "virtio_io.h"

#define FIRST		0x400
#define LENGTH_MAX	496

FIXTURE(vdev)
{
	int fd;
};

FIXTURE_SETUP(vdev)
{
	ASSERT_EQ(0, virtio_drivers());
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
}

FIXTURE_TEARDOWN(vdev)
{
	EXPECT_DONE(remote_offline(self->fd));
	close(self->fd);
}

/* A message there and back. */
static void talks(struct __test_metadata *_metadata, int fd)
{
	int channel = channel_open(fd, FIRST, O_RDWR);

	ASSERT_LE(0, channel) TH_LOG("no channel: error %d", -channel);
	EXPECT_EQ(0, io_echo(channel, 100, 1, 2));
	close(channel);
}

TEST_F(vdev, query)
{
	struct rproc_lite_info info;
	struct rproc_lite_virtio v;
	int channel;

	EXPECT_EQ(-ENOENT, virtio_query(self->fd, 0, &v));
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "queues4")));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(1, info.num_vdevs);
	ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
	EXPECT_EQ(0, v.flags);
	EXPECT_EQ(63, v.id);
	EXPECT_EQ(4, v.num_rings);
	EXPECT_EQ(16, v.config_len);
	EXPECT_EQ(0, v.dfeatures);
	EXPECT_EQ(0, v.status);
	EXPECT_EQ(0, v.gfeatures);
	EXPECT_EQ(0, v.pad);
	EXPECT_STREQ("", v.name);
	EXPECT_EQ(-ENOENT, virtio_query(self->fd, 1, &v));
	ASSERT_DONE(remote_offline(self->fd));

	ASSERT_DONE(remote_run(self->fd, "rpmsg-ei"));
	channel = channel_open(self->fd, FIRST, O_RDWR);
	ASSERT_LE(0, channel);
	ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
	EXPECT_EQ(RPROC_LITE_VIRTIO_CREATED, v.flags);
	EXPECT_EQ(7, v.id);
	EXPECT_EQ(RPROC_LITE_VIRTIO_DRIVER, v.role);
	EXPECT_EQ(7, v.status);
	EXPECT_EQ(2, v.num_rings);
	EXPECT_EQ(0, v.config_len);
	EXPECT_EQ(1u << 29 | 1, v.dfeatures);
	EXPECT_EQ(1u << 29 | 1, v.gfeatures);
	EXPECT_EQ(0, v.bad);
	EXPECT_EQ(0, v.sent);
	EXPECT_EQ(2, v.received);
	EXPECT_EQ(0, strncmp(v.name, "virtio", 6));
	ASSERT_EQ(0, io_echo(channel, 100, 1, 2));
	ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
	EXPECT_EQ(1, v.sent);
	EXPECT_EQ(3, v.received);
	close(channel);
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
	EXPECT_EQ(0, v.flags);
	EXPECT_STREQ("", v.name);
}

TEST_F(vdev, two_vdevs)
{
	struct rproc_lite_info info;
	struct rproc_lite_virtio v;

	ASSERT_DONE(remote_run(self->fd, "vdevs"));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(2, info.num_vdevs);
	ASSERT_EQ(0, virtio_query(self->fd, 1, &v));
	EXPECT_EQ(RPROC_LITE_VIRTIO_CREATED, v.flags);
	EXPECT_EQ(-ENOENT, virtio_query(self->fd, 2, &v));
	ASSERT_DONE(virtio_remove(self->fd, 0));
	ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
	EXPECT_EQ(0, v.flags);
	ASSERT_EQ(0, virtio_query(self->fd, 1, &v));
	EXPECT_EQ(RPROC_LITE_VIRTIO_CREATED, v.flags);
}

TEST_F(vdev, by_hand)
{
	struct rproc_lite_virtio v, again;
	int i;

	ASSERT_DONE(virtio_run(self->fd, "rpmsg", "virtio=manual"));
	ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
	EXPECT_EQ(0, v.flags);
	EXPECT_REFUSED(ENOENT, virtio_remove(self->fd, 0));
	for (i = 0; i < 5; i++) {
		ASSERT_DONE(virtio_create(self->fd, 0));
		talks(_metadata, self->fd);
		ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
		EXPECT_EQ(RPROC_LITE_VIRTIO_CREATED, v.flags);
		/* What is there stays. */
		ASSERT_DONE(virtio_create(self->fd, 0));
		ASSERT_EQ(0, virtio_query(self->fd, 0, &again));
		EXPECT_EQ(0, memcmp(&v, &again, sizeof(v)));
		talks(_metadata, self->fd);
		ASSERT_DONE(virtio_remove(self->fd, 0));
		EXPECT_REFUSED(ENOENT, virtio_remove(self->fd, 0));
		EXPECT_WORDS("no virtio device of vdev0", remote_said.text);
		ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
		EXPECT_EQ(0, v.flags);
		EXPECT_EQ(0, v.status);
	}
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
}

TEST_F(vdev, refused)
{
	struct rproc_lite_create_virtio c = { .vdev = 1 };
	struct rproc_lite_remove_virtio r = { .flags = 1 };
	struct rproc_lite_virtio v;
	int reader;

	ASSERT_DONE(virtio_run(self->fd, "rpmsg", NULL));
	talks(_metadata, self->fd);
	EXPECT_REFUSED(ENOENT, virtio_create_with(self->fd, &c));
	EXPECT_EQ(-1, c.fd);
	EXPECT_WORDS("no vdev 1", remote_said.text);
	EXPECT_REFUSED(ENOENT, virtio_remove(self->fd, 1));
	c = (struct rproc_lite_create_virtio){ .role = RPROC_LITE_VIRTIO_DEVICE };
	EXPECT_REFUSED(EEXIST, virtio_create_with(self->fd, &c));
	EXPECT_WORDS("in use, with Linux as its driver", remote_said.text);
	c = (struct rproc_lite_create_virtio){ .role = 2 };
	EXPECT_REFUSED(EINVAL, virtio_create_with(self->fd, &c));
	c = (struct rproc_lite_create_virtio){ .flags = 1 };
	EXPECT_REFUSED(EINVAL, virtio_create_with(self->fd, &c));
	c = (struct rproc_lite_create_virtio){ .pair = 1 };
	EXPECT_REFUSED(EINVAL, virtio_create_with(self->fd, &c));
	c = (struct rproc_lite_create_virtio){ .timeout_ms = 1 };
	EXPECT_REFUSED(EINVAL, virtio_create_with(self->fd, &c));
	EXPECT_EQ(-1, ioctl(self->fd, RPROC_LITE_IOC_REMOVE_VIRTIO, &r));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, ioctl(self->fd, RPROC_LITE_IOC_VIRTIO, NULL));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, ioctl(self->fd, RPROC_LITE_IOC_CREATE_VIRTIO, NULL));
	EXPECT_EQ(EFAULT, errno);

	/* Who reads may ask only. */
	reader = remote_open(REMOTE, O_RDONLY);
	EXPECT_EQ(0, virtio_query(reader, 0, &v));
	EXPECT_REFUSED(EBADF, virtio_create(reader, 0));
	EXPECT_REFUSED(EBADF, virtio_remove(reader, 0));
	close(reader);
	talks(_metadata, self->fd);
}

TEST_F(vdev, states)
{
	static const uint32_t states[] = {
		RPROC_LITE_OFFLINE, RPROC_LITE_CONFIGURED, RPROC_LITE_READY, RPROC_LITE_STOPPED,
		RPROC_LITE_CRASHED,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		ASSERT_DONE(remote_reach(self->fd, states[i]));
		EXPECT_REFUSED(EBADFD, virtio_create(self->fd, 0));
		EXPECT_WORDS("create_virtio needs the state Running", remote_said.text);
		EXPECT_EQ(RPROC_LITE_AT_STATE, remote_said.where);
		EXPECT_REFUSED(EBADFD, virtio_remove(self->fd, 0));
		EXPECT_WORDS("remove_virtio needs the state Running", remote_said.text);
		EXPECT_STATE(states[i], self->fd);
		ASSERT_DONE(remote_offline(self->fd));
	}
	EXPECT_EQ(-EINVAL, remote_config_with(self->fd, "virtio=maybe", 13));
	EXPECT_WORDS("auto or manual", remote_said.text);
}

/* Who polls hears of devices that come and go. */
TEST_F(vdev, news)
{
	struct rproc_lite_info info;

	ASSERT_DONE(virtio_run(self->fd, "rpmsg", "virtio=manual"));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(0, remote_poll(self->fd, 0));
	ASSERT_DONE(virtio_create(self->fd, 0));
	EXPECT_EQ(POLLPRI, remote_poll(self->fd, 0));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(0, remote_poll(self->fd, 0));
	ASSERT_DONE(virtio_remove(self->fd, 0));
	EXPECT_EQ(POLLPRI, remote_poll(self->fd, 0));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_REFUSED(ENOENT, virtio_remove(self->fd, 0));
	EXPECT_EQ(0, remote_poll(self->fd, 0));
}

/* The firmware wants a reset: that is told, and another device works at once. */
TEST_F(vdev, wants_reset)
{
	struct rproc_lite_info info;
	struct rproc_lite_virtio v;
	int channel, i;

	ASSERT_DONE(virtio_run(self->fd, "rpmsg", NULL));
	for (i = 0; i < 3; i++) {
		channel = channel_open(self->fd, FIRST, O_RDWR);
		ASSERT_LE(0, channel);
		ASSERT_EQ(0, remote_info(self->fd, &info));
		ASSERT_EQ(0, io_say(channel, "/reset"));
		EXPECT_EQ(POLLPRI, remote_poll(self->fd, REMOTE_PATIENCE));
		ASSERT_EQ(0, virtio_wait_flags(self->fd, RPROC_LITE_VIRTIO_WANTS_RESET, &v));
		EXPECT_EQ(RPROC_LITE_VIRTIO_CREATED | RPROC_LITE_VIRTIO_WANTS_RESET, v.flags);
		EXPECT_EQ(0x47, v.status);
		EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
		ASSERT_DONE(virtio_create(self->fd, 0));
		EXPECT_EQ(-EPIPE, io_write(channel, "x", 1));
		close(channel);
		ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
		EXPECT_EQ(RPROC_LITE_VIRTIO_CREATED, v.flags);
		talks(_metadata, self->fd);
	}
}

/*
 * It goes while user space is in the midst of something.
 */
enum going {
	BY_STOP,
	BY_SHUTDOWN,
	BY_REMOVE,
	BY_CRASH,
	BY_OFF,
	BY_UNBIND,		/* of the remote's own driver */
	BY_DRIVER,		/* of upstream's */
	BY_RMMOD,
};

FIXTURE(busy)
{
	int fd;
	int node;
	struct job job;
	char device[64];
};

FIXTURE_VARIANT(busy)
{
	job_fn *job;
	enum going going;
	bool serial;		/* the console's port, not a channel of rpmsg */
	bool full;		/* the remote takes nothing, and a writer waits */
	bool killed;		/* who waits is killed before */
};

static int node_open(int fd, bool serial)
{
	return serial ? port_open(fd, O_RDWR) : channel_open(fd, FIRST, O_RDWR);
}

FIXTURE_SETUP(busy)
{
	ASSERT_EQ(0, virtio_drivers());
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_EQ(0, remote_device(REMOTE, self->device, sizeof(self->device)));
	ASSERT_DONE(remote_run(self->fd, variant->serial ? "serial" : "rpmsg"));
	self->node = node_open(self->fd, variant->serial);
	ASSERT_LE(0, self->node);
}

FIXTURE_TEARDOWN(busy)
{
	close(self->node);
	if (access("/dev/rproc_lite0", F_OK))
		driver_bind(self->device);
	module_load("rproc_lite_platform");
	close(self->fd);
	self->fd = remote_open(REMOTE, O_RDWR);
	EXPECT_LE(0, self->fd);
	EXPECT_DONE(remote_offline(self->fd));
	close(self->fd);
}

/* What a user does until something ends it. Return: that. */
static int keep_reading(int node, int unused)
{
	char text[512];
	ssize_t n;

	(void)unused;
	do {
		n = read(node, text, sizeof(text));
	} while (n > 0);
	return n ? -errno : 0;
}

static int keep_writing(int node, int unused)
{
	static const char text[LENGTH_MAX] = "x";
	ssize_t n;

	(void)unused;
	do {
		n = write(node, text, sizeof(text));
	} while (n > 0);
	return n ? -errno : 0;
}

static int keep_polling(int node, int unused)
{
	int seen;

	(void)unused;
	do {
		seen = io_poll(node, POLLPRI, 1000);
	} while (!seen);
	return seen;
}

/* Without poll(2): rpmsg_char's warns if the endpoint goes while it begins. */
static int keep_echoing(int node, int unused)
{
	char out[100] = "echo", in[LENGTH_MAX];
	ssize_t n;

	(void)unused;
	do {
		n = write(node, out, sizeof(out));
		if (n > 0)
			n = read(node, in, sizeof(in));
		if (n > 0 && (n != sizeof(out) || memcmp(in, out, sizeof(out))))
			return -EBADMSG;
	} while (n > 0);
	return n ? -errno : 0;
}

#define GOING(name_, job_, going_, ...)						\
	FIXTURE_VARIANT_ADD(busy, name_) { .job = job_, .going = going_, __VA_ARGS__ }

#define GOING_ALL(how, going_)							\
	GOING(read_##how, keep_reading, going_);				\
	GOING(write_##how, keep_writing, going_);				\
	GOING(poll_##how, keep_polling, going_);				\
	GOING(echo_##how, keep_echoing, going_)

/* Where nobody reads, a console's writer ends up waiting. */
#define GOING_MORE(how, going_)							\
	GOING(full_##how, keep_writing, going_, .full = true);			\
	GOING(killed_##how, keep_writing, going_, .full = true, .killed = true);	\
	GOING(serial_read_##how, keep_reading, going_, .serial = true);		\
	GOING(serial_full_##how, keep_writing, going_, .serial = true);		\
	GOING(serial_killed_##how, keep_writing, going_, .serial = true, .killed = true); \
	GOING(serial_poll_##how, keep_polling, going_, .serial = true)

GOING_ALL(stop, BY_STOP);
GOING_ALL(shutdown, BY_SHUTDOWN);
GOING_ALL(remove, BY_REMOVE);
GOING_ALL(crash, BY_CRASH);
GOING_ALL(off, BY_OFF);
GOING_ALL(unbind, BY_UNBIND);
GOING_ALL(driver, BY_DRIVER);
GOING_ALL(rmmod, BY_RMMOD);
GOING_MORE(stop, BY_STOP);
GOING_MORE(remove, BY_REMOVE);
GOING_MORE(unbind, BY_UNBIND);
GOING_MORE(driver, BY_DRIVER);

static const char *driver_of(bool serial)
{
	return serial ? "virtio_rproc_serial" : "virtio_rpmsg_bus";
}

/* Make it go. */
static void go(struct __test_metadata *_metadata, FIXTURE_DATA(busy) *self, enum going going,
	       bool serial, int other)
{
	switch (going) {
	case BY_STOP:
		ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
		break;
	case BY_SHUTDOWN:
		ASSERT_DONE(remote_shutdown(self->fd, REMOTE_PATIENCE));
		break;
	case BY_REMOVE:
		ASSERT_DONE(virtio_remove(self->fd, 0));
		break;
	case BY_CRASH:
	case BY_OFF:
		ASSERT_EQ(0, io_say(other, going == BY_CRASH ? "/crash" : "/off"));
		ASSERT_EQ(0, remote_wait_state(self->fd, RPROC_LITE_CRASHED));
		ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
		break;
	case BY_UNBIND:
		ASSERT_EQ(0, driver_unbind(self->device));
		break;
	case BY_DRIVER:
		ASSERT_EQ(0, virtio_driver_unbind(self->fd, driver_of(serial)));
		break;
	case BY_RMMOD:
		ASSERT_EQ(0, module_unload("rproc_lite_platform"));
		break;
	}
}

/* And back, to talk again. */
static void come(struct __test_metadata *_metadata, FIXTURE_DATA(busy) *self, enum going going,
		 bool serial)
{
	switch (going) {
	case BY_STOP:
	case BY_CRASH:
	case BY_OFF:
		ASSERT_DONE(remote_start(self->fd));
		break;
	case BY_REMOVE:
		ASSERT_DONE(virtio_create(self->fd, 0));
		break;
	case BY_DRIVER:
		ASSERT_EQ(0, virtio_driver_bind(self->fd, driver_of(serial)));
		break;
	case BY_UNBIND:
		ASSERT_EQ(0, driver_bind(self->device));
		break;
	case BY_RMMOD:
		ASSERT_EQ(0, module_load("rproc_lite_platform"));
		break;
	default:
		break;
	}
	if (going == BY_UNBIND || going == BY_RMMOD) {
		close(self->fd);
		self->fd = remote_open(REMOTE, O_RDWR);
		ASSERT_LE(0, self->fd);
	}
	if (remote_state(self->fd) == RPROC_LITE_OFFLINE) {
		ASSERT_DONE(remote_run(self->fd, serial ? "serial" : "rpmsg"));
	}
	self->node = node_open(self->fd, serial);
	ASSERT_LE(0, self->node);
	EXPECT_EQ(0, io_echo(self->node, 100, 1, 2));
}

/* Until a writer gets nothing written any more. */
static void wait_full(struct __test_metadata *_metadata, FIXTURE_DATA(busy) *self)
{
	struct rproc_lite_virtio v = { .sent = 0 };
	uint64_t sent;

	do {
		sent = v.sent;
		usleep(50000);
		ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
	} while (!v.sent || v.sent != sent);
}

TEST_F(busy, goes)
{
	uint64_t begin;
	char text[32];
	int other = -1;

	if (!variant->serial) {
		other = channel_open(self->fd, FIRST + 1, O_RDWR);
		ASSERT_LE(0, other);
	}
	if (variant->full) {
		ASSERT_EQ(0, io_ask(other, "/hold 100000", text, sizeof(text)));
	}
	ASSERT_EQ(0, job_begin(&self->job, variant->job, self->node, 0));
	usleep(30000);
	if (variant->full || (variant->serial && variant->job == keep_writing))
		wait_full(_metadata, self);
	EXPECT_FALSE(job_over(&self->job));
	if (variant->killed)
		kill(self->job.pid, SIGKILL);
	begin = now_ms();
	go(_metadata, self, variant->going, variant->serial, other);
	EXPECT_GT(REMOTE_PROMPT, now_ms() - begin);
	ASSERT_EQ(0, job_end(&self->job, REMOTE_PROMPT)) TH_LOG("it hangs");
	if (!variant->killed)
		printf("# it was told %d, after %d ms\n", self->job.result->ret,
		       (int)(now_ms() - begin));
	EXPECT_NE(-EBADMSG, self->job.result->ret);
	close(other);
	close(self->node);
	self->node = -1;
	come(_metadata, self, variant->going, variant->serial);
}

/* Opens it itself, so that it closes when it is killed. */
static int open_and_echo(int fd, int unused)
{
	int channel = channel_open(fd, FIRST + 1, O_RDWR);

	return channel < 0 ? channel : keep_echoing(channel, unused);
}

TEST_F(vdev, users_killed)
{
	unsigned int i, count = count_from_env(20);
	struct job job;

	ASSERT_DONE(remote_run(self->fd, "rpmsg"));
	for (i = 0; i < count; i++) {
		ASSERT_EQ(0, job_begin(&job, open_and_echo, self->fd, 0));
		usleep((useconds_t)(rand() % 30000));
		kill(job.pid, SIGKILL);
		ASSERT_EQ(0, job_end(&job, REMOTE_PROMPT));
		EXPECT_EQ(JOB_KILLED, job.result->ret);
		talks(_metadata, self->fd);
	}
}

/* The device comes and goes all the time, and users take what there is. */
TEST_F(vdev, comes_and_goes)
{
	unsigned int i, count = count_from_env(20);
	struct job job;

	ASSERT_DONE(virtio_run(self->fd, "rpmsg", "virtio=manual"));
	for (i = 0; i < count; i++) {
		ASSERT_EQ(0, job_begin(&job, open_and_echo, self->fd, 0));
		ASSERT_DONE(virtio_create(self->fd, 0));
		usleep((useconds_t)(rand() % 30000));
		ASSERT_DONE(virtio_remove(self->fd, 0));
		kill(job.pid, SIGKILL);
		ASSERT_EQ(0, job_end(&job, REMOTE_PROMPT));
		EXPECT_TRUE(job.result->ret == JOB_KILLED || job.result->ret == -EPIPE)
			TH_LOG("%d", job.result->ret);
	}
	ASSERT_DONE(virtio_create(self->fd, 0));
	talks(_metadata, self->fd);
}

/*
 * Rings and buffers lie where windows of their names are.
 */
static void placed(struct __test_metadata *_metadata, int fd, uint32_t kind, const char *name,
		   uint64_t da, uint64_t size)
{
	struct rproc_lite_placement p;

	ASSERT_EQ(0, remote_placed(fd, kind, name, &p)) TH_LOG("%s", name);
	EXPECT_LE(da, p.da) TH_LOG("%s", name);
	EXPECT_GE(da + size, p.da + p.size) TH_LOG("%s", name);
}

FIXTURE(window)
{
	int fd;
};

FIXTURE_SETUP(window)
{
	ASSERT_EQ(0, virtio_drivers());
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_EQ(0, remote_remove_windows(self->fd));
}

FIXTURE_TEARDOWN(window)
{
	EXPECT_DONE(remote_offline(self->fd));
	EXPECT_EQ(0, remote_remove_windows(self->fd));
	close(self->fd);
}

/* Some places in the region for what is shared. */
static uint64_t shared(struct __test_metadata *_metadata, int fd, uint64_t off)
{
	struct rproc_lite_region r;
	uint32_t i;

	for (i = 0; !remote_region(fd, i, &r); i++)
		if (!strcmp(r.name, "shared"))
			return r.da + off;
	ASSERT_EQ(0, -ENOENT);
	return 0;
}

/* All lengths, and more at a time than there is room for. */
static void talks_much(struct __test_metadata *_metadata, int fd)
{
	int channel = channel_open(fd, FIRST, O_RDWR);
	uint32_t i;

	ASSERT_LE(0, channel);
	for (i = PATTERN_HEADER; i <= LENGTH_MAX; i += 8) {
		ASSERT_EQ(0, io_echo(channel, i, i, 1));
	}
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(0, io_send(channel, LENGTH_MAX, i, 2));
	}
	for (i = 0; i < 100; i++) {
		ASSERT_EQ(0, io_recv(channel, LENGTH_MAX, i, 2));
	}
	close(channel);
}

TEST_F(window, all)
{
	uint64_t ring0 = shared(_metadata, self->fd, 0x80000);
	uint64_t ring1 = shared(_metadata, self->fd, 0x90000);
	/* As odd as it may be. */
	uint64_t buffer = shared(_metadata, self->fd, 0xa0008);

	ASSERT_DONE(remote_add_mem(self->fd, "vdev0vring0", ring0, 0x4000));
	ASSERT_DONE(remote_add_mem(self->fd, "vdev0vring1", ring1, 0x3000));
	ASSERT_DONE(remote_add_mem(self->fd, "vdev0buffer", buffer, 0x10010));
	ASSERT_DONE(remote_run(self->fd, "rpmsg"));
	placed(_metadata, self->fd, RPROC_LITE_PLACED_VRING, "vdev0vring0", ring0, 0x4000);
	placed(_metadata, self->fd, RPROC_LITE_PLACED_VRING, "vdev0vring1", ring1, 0x3000);
	placed(_metadata, self->fd, RPROC_LITE_PLACED_BUFFERS, "vdev0buffer", buffer, 0x10010);
	talks_much(_metadata, self->fd);
}

TEST_F(window, small)
{
	uint64_t buffer = shared(_metadata, self->fd, 0xa0000);

	ASSERT_DONE(remote_add_mem(self->fd, "vdev0buffer", buffer, 4096));
	ASSERT_DONE(remote_run(self->fd, "rpmsg"));
	placed(_metadata, self->fd, RPROC_LITE_PLACED_BUFFERS, "vdev0buffer", buffer, 4096);
	talks_much(_metadata, self->fd);
}

/* Nothing next to the buffers is touched. */
TEST_F(window, fenced)
{
	uint64_t buffer = shared(_metadata, self->fd, 0xa0008);
	uint8_t before[4096], after[4096];
	off_t at;
	int i;

	memset(before, 0x5a, sizeof(before));
	ASSERT_DONE(remote_add_mem(self->fd, "fence0", buffer - 4096, 4096));
	ASSERT_DONE(remote_add_mem(self->fd, "vdev0buffer", buffer, 4096 + 64));
	ASSERT_DONE(remote_add_mem(self->fd, "fence1", buffer + 4096 + 64, 4096));
	ASSERT_DONE(remote_config(self->fd));
	for (i = 0; i < 2; i++) {
		at = remote_offset(self->fd, i ? buffer + 4096 + 64 : buffer - 4096, 4096);
		ASSERT_LE(0, at);
		ASSERT_EQ(4096, pwrite(self->fd, before, 4096, at));
	}
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "rpmsg")));
	ASSERT_DONE(remote_start(self->fd));
	talks_much(_metadata, self->fd);
	for (i = 0; i < 2; i++) {
		at = remote_offset(self->fd, i ? buffer + 4096 + 64 : buffer - 4096, 4096);
		ASSERT_EQ(4096, pread(self->fd, after, 4096, at));
		EXPECT_EQ(0, memcmp(before, after, 4096));
	}
}

/* Bytes are not bound to what they were written in. */
TEST_F(window, small_serial)
{
	uint64_t buffer = shared(_metadata, self->fd, 0xa0000);
	static uint8_t out[32768], in[32768];
	unsigned int i;
	int port;

	for (i = 0; i < sizeof(out); i++)
		out[i] = pattern_byte(i >> 10, i);
	ASSERT_DONE(remote_add_mem(self->fd, "vdev0buffer", buffer, 4096));
	ASSERT_DONE(remote_run(self->fd, "serial"));
	port = port_open(self->fd, O_RDWR);
	ASSERT_LE(0, port);
	for (i = 1; i <= sizeof(out); i = i == sizeof(out) ? i + 1 : 3 * i < sizeof(out) ?
					  3 * i : sizeof(out)) {
		ASSERT_EQ((ssize_t)i, io_write(port, out, i));
		ASSERT_EQ(0, io_read_all(port, in, i)) TH_LOG("%u bytes", i);
		EXPECT_EQ(0, memcmp(in, out, i)) TH_LOG("%u bytes", i);
	}
	close(port);
}

TEST_F(window, too_small)
{
	uint64_t buffer = shared(_metadata, self->fd, 0xa0000);
	struct rproc_lite_virtio v;

	ASSERT_DONE(remote_add_mem(self->fd, "vdev0buffer", buffer, 64));
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "rpmsg")));
	EXPECT_REFUSED(ENOSPC, remote_start(self->fd));
	EXPECT_WORDS("vdev0buffer", remote_said.text);
	printf("# told: %s\n", remote_said.text);
	EXPECT_STATE(RPROC_LITE_READY, self->fd);
	ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
	EXPECT_EQ(0, v.flags);
	/* By hand the same; and with more room it goes. */
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(virtio_run(self->fd, "rpmsg", "virtio=manual"));
	EXPECT_REFUSED(ENOSPC, virtio_create(self->fd, 0));
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_EQ(0, remote_remove_windows(self->fd));
	ASSERT_DONE(remote_run(self->fd, "rpmsg"));
	talks(_metadata, self->fd);
}

/* Firmware that does not stop when told to goes on, and so do its devices. */
TEST_F(vdev, stop_fails)
{
	struct rproc_lite_virtio v;
	int channel;

	if (remote_kind(self->fd)->has_reset)
		SKIP(return, "no stop of this remote fails");
	ASSERT_DONE(remote_run(self->fd, "rpmsg-stubborn"));
	channel = channel_open(self->fd, FIRST, O_RDWR);
	ASSERT_LE(0, channel);
	ASSERT_EQ(0, io_echo(channel, 100, 1, 2));
	EXPECT_REFUSED(ETIMEDOUT, remote_stop(self->fd, 200));
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
	/* They were removed, and came again. */
	EXPECT_EQ(-EPIPE, io_write(channel, "x", 1));
	close(channel);
	ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
	EXPECT_EQ(RPROC_LITE_VIRTIO_CREATED, v.flags);
	talks(_metadata, self->fd);
	EXPECT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
}

REMOTE_TEST_MAIN
