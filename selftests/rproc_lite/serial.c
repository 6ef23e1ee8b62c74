// SPDX-License-Identifier: GPL-2.0-only
/*
 * Upstream's virtio_console, as it is, to firmware that echoes bytes (rproc-serial):
 * every byte that comes back is checked, by where it is in the stream.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "../firmware/pattern.h"
#include "guest.h"
#include "remote.h"
#include "virtio_io.h"

/* virtio_console takes so much of one write(2). */
#define WRITE_MAX	32768

FIXTURE(serial)
{
	int fd;
	int port;
	uint64_t sent;		/* bytes written, and read again, ever */
	uint64_t came;
	uint8_t buf[WRITE_MAX];
};

FIXTURE_VARIANT(serial)
{
	const char *firmware;
	unsigned int messages;
};

FIXTURE_VARIANT_ADD(serial, plain) { .firmware = "serial", .messages = 10000 };
FIXTURE_VARIANT_ADD(serial, event_idx) { .firmware = "serial-ei", .messages = 2000 };

FIXTURE_SETUP(serial)
{
	ASSERT_EQ(0, virtio_drivers());
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_run(self->fd, variant->firmware));
	self->port = port_open(self->fd, O_RDWR);
	ASSERT_LE(0, self->port) TH_LOG("no port: error %d", -self->port);
	srand(1);
}

FIXTURE_TEARDOWN(serial)
{
	close(self->port);
	EXPECT_DONE(remote_offline(self->fd));
	close(self->fd);
}

/* The byte at @at in the stream. */
static uint8_t byte_at(uint64_t at)
{
	return pattern_byte((uint32_t)(at >> 9), (uint32_t)(at & 511));
}

/* Return: bytes written, or a negative errno. */
static ssize_t put(FIXTURE_DATA(serial) *self, size_t len)
{
	ssize_t n;
	size_t i;

	for (i = 0; i < len; i++)
		self->buf[i] = byte_at(self->sent + i);
	n = write(self->port, self->buf, len);
	if (n < 0)
		return -errno;
	self->sent += (uint64_t)n;
	return n;
}

/* Read once, and check. Return: bytes, or a negative errno; -EBADMSG if one is wrong. */
static ssize_t get(FIXTURE_DATA(serial) *self, size_t len)
{
	ssize_t n, i;

	n = read(self->port, self->buf, len);
	if (n < 0)
		return -errno;
	for (i = 0; i < n; i++) {
		if (self->buf[i] == byte_at(self->came + (uint64_t)i))
			continue;
		printf("# byte %llu is %02x, not %02x\n", (unsigned long long)self->came + i,
		       self->buf[i], byte_at(self->came + (uint64_t)i));
		return -EBADMSG;
	}
	self->came += (uint64_t)n;
	return n;
}

/* All that was written comes back, and no more. */
static void drain(struct __test_metadata *_metadata, FIXTURE_DATA(serial) *self)
{
	while (self->came < self->sent) {
		ASSERT_EQ(POLLIN, io_poll(self->port, POLLIN, REMOTE_PATIENCE))
			TH_LOG("%llu bytes are missing",
			       (unsigned long long)(self->sent - self->came));
		ASSERT_LT(0, get(self, sizeof(self->buf)));
	}
	ASSERT_EQ(self->sent, self->came);
	EXPECT_EQ(0, io_poll(self->port, POLLIN, 20));
}

TEST_F(serial, all_sizes)
{
	static const size_t large[] = {
		255, 256, 257, 511, 512, 4095, 4096, 4097, 8191, 8192, 12289, 16384, 20000,
		WRITE_MAX - 1, WRITE_MAX,
	};
	size_t i;

	for (i = 1; i <= 64; i++) {
		ASSERT_EQ((ssize_t)i, put(self, i));
		drain(_metadata, self);
	}
	for (i = 0; i < ARRAY_SIZE(large); i++) {
		ASSERT_EQ((ssize_t)large[i], put(self, large[i]));
		drain(_metadata, self);
	}
}

/* Blocking reads and writes, by two processes. */
static int write_much(int port, int chunks)
{
	uint8_t buf[1024];
	uint64_t at = 0;
	ssize_t n;
	int i, j;

	for (i = 0; i < chunks; i++) {
		for (j = 0; j < (int)sizeof(buf); j++)
			buf[j] = byte_at(at + (uint64_t)j);
		for (j = 0; j < (int)sizeof(buf); j += (int)n) {
			n = write(port, buf + j, sizeof(buf) - (size_t)j);
			if (n <= 0)
				return -errno;
		}
		at += sizeof(buf);
	}
	return 0;
}

TEST_F(serial, blocking)
{
	struct job job;
	ssize_t n;

	ASSERT_EQ(0, job_begin(&job, write_much, self->port, 400));
	self->sent = 400 * 1024;
	while (self->came < self->sent) {
		n = get(self, 1 + (size_t)rand() % 5000);
		ASSERT_LT(0, n);
	}
	ASSERT_EQ(0, job_end(&job, REMOTE_PATIENCE));
	EXPECT_EQ(0, job.result->ret);
}

/* A reader waits for what is not there yet. */
static int write_late(int port, int len)
{
	usleep(200000);
	return write_much(port, len / 1024);
}

TEST_F(serial, read_waits)
{
	struct job job;

	ASSERT_EQ(0, job_begin(&job, write_late, self->port, 1024));
	self->sent = 1024;
	ASSERT_LT(0, get(self, sizeof(self->buf)));
	ASSERT_EQ(0, job_end(&job, REMOTE_PATIENCE));
	EXPECT_LE(200, job.result->ms);
	drain(_metadata, self);
}

static void set_nonblock(struct __test_metadata *_metadata, int port)
{
	ASSERT_EQ(0, fcntl(port, F_SETFL, O_NONBLOCK));
}

TEST_F(serial, nonblock)
{
	ssize_t n = 0;

	set_nonblock(_metadata, self->port);
	EXPECT_EQ(-EAGAIN, get(self, 1));
	EXPECT_EQ(POLLOUT, io_poll(self->port, POLLIN | POLLOUT, 0));
	/* Nobody reads, so in the end there is no room anywhere. */
	while (self->sent < 4 << 20) {
		n = put(self, 1 + (size_t)rand() % 4096);
		if (n == -EAGAIN && io_poll(self->port, POLLOUT, 500) == 0)
			break;
		ASSERT_TRUE(n > 0 || n == -EAGAIN) TH_LOG("%zd", n);
	}
	ASSERT_EQ(-EAGAIN, n) TH_LOG("%llu bytes, and never full",
				     (unsigned long long)self->sent);
	printf("# full with %llu bytes\n", (unsigned long long)self->sent);
	EXPECT_EQ(POLLIN, io_poll(self->port, POLLIN | POLLOUT, 0));
	drain(_metadata, self);
	EXPECT_EQ(POLLOUT, io_poll(self->port, POLLIN | POLLOUT, REMOTE_PATIENCE));
}

/* Only one at a time, and what it left unread is not the next one's. */
TEST_F(serial, open_again)
{
	int i;

	EXPECT_EQ(EBUSY, open("/dev/vport0p0", O_RDWR) < 0 ? errno : 0);
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(100, put(self, 100));
		drain(_metadata, self);
		ASSERT_EQ(0, close(self->port));
		self->port = port_open(self->fd, O_RDWR);
		ASSERT_LE(0, self->port);
	}
}

/*
 * Many messages of many sizes, as many at a time as there is room for.
 */
TEST_F_TIMEOUT(serial, long_run, 3600)
{
	unsigned int count = count_from_env(variant->messages), n = 0;
	struct rproc_lite_virtio v;
	uint64_t begin = now_ms();
	size_t left = 0;
	ssize_t done;
	int seen;

	set_nonblock(_metadata, self->port);
	while (n < count || left || self->came < self->sent) {
		seen = io_poll(self->port, POLLIN | (n < count || left ? POLLOUT : 0),
			       REMOTE_PATIENCE);
		ASSERT_LT(0, seen) TH_LOG("%u messages out, and no more", n);
		if (seen & POLLIN)
			ASSERT_LT(0, get(self, sizeof(self->buf)));
		if (!(seen & POLLOUT))
			continue;
		if (!left) {
			left = 1 + (size_t)rand() % 496;
			n++;
		}
		done = put(self, left);
		ASSERT_TRUE(done > 0 || done == -EAGAIN) TH_LOG("%zd", done);
		left -= done > 0 ? (size_t)done : 0;
	}
	printf("# %u messages, %llu bytes there and back, in %d ms\n", count,
	       (unsigned long long)self->came, (int)(now_ms() - begin));
	ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
	EXPECT_LE(count, v.sent);
	EXPECT_LT(0, v.received);
	EXPECT_EQ(0, v.bad);
}

REMOTE_TEST_MAIN
