// SPDX-License-Identifier: GPL-2.0-only
/*
 * More than two rings, and configuration space: firmware "queues4", with the driver of
 * selftests/virtio63.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "kselftest_harness.h"
#include "../firmware/pattern.h"
#include "guest.h"
#include "remote.h"
#include "virtio_io.h"

#define BUFFER_MAX	2048
#define CONFIG_LEN	16
#define MAGIC		0x34474643U

FIXTURE(queues4)
{
	int fd;
	int pair[2];
	int config;
};

static int open_soon(const char *path)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	int fd;

	do {
		fd = open(path, O_RDWR | O_CLOEXEC);
	} while (fd < 0 && now_ms() < end && !usleep(1000));
	return fd < 0 ? -errno : fd;
}

FIXTURE_SETUP(queues4)
{
	if (!module_is_loaded("virtio63")) {
		ASSERT_EQ(0, module_load("virtio63"));
	}
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_run(self->fd, "queues4"));
	self->pair[0] = open_soon("/dev/virtio63-0");
	self->pair[1] = open_soon("/dev/virtio63-1");
	self->config = open_soon("/dev/virtio63-config");
	ASSERT_LE(0, self->pair[0]);
	ASSERT_LE(0, self->pair[1]);
	ASSERT_LE(0, self->config);
	srand(1);
}

FIXTURE_TEARDOWN(queues4)
{
	close(self->pair[0]);
	close(self->pair[1]);
	close(self->config);
	EXPECT_DONE(remote_offline(self->fd));
	close(self->fd);
}

static uint32_t config_word(struct __test_metadata *_metadata, FIXTURE_DATA(queues4) *self,
			    unsigned int i)
{
	uint8_t word[4];

	EXPECT_EQ(4, pread(self->config, word, 4, 4 * i));
	return pattern_get(word);
}

/* The firmware gives first, and counts then; so soon it is that, or the test fails. */
static void expect_word_soon(struct __test_metadata *_metadata, FIXTURE_DATA(queues4) *self,
			     unsigned int i, uint32_t value)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;

	while (config_word(_metadata, self, i) != value && now_ms() < end)
		usleep(1000);
	EXPECT_EQ(value, config_word(_metadata, self, i));
}

TEST_F(queues4, both_pairs)
{
	static uint8_t out[BUFFER_MAX], in[BUFFER_MAX];
	uint32_t sum[2] = { 0, 0 };
	struct rproc_lite_virtio v;
	int i, n, p;
	size_t j;

	for (i = 0; i < 200; i++) {
		for (p = 0; p < 2; p++) {
			n = 1 + rand() % BUFFER_MAX;
			for (j = 0; j < (size_t)n; j++)
				out[j] = pattern_byte((uint32_t)(2 * i + p), (uint32_t)j);
			ASSERT_EQ(n, write(self->pair[p], out, (size_t)n));
			/* Both are under way at once, every other time. */
			if (i & 1) {
				ASSERT_EQ(1, write(self->pair[!p], "x", 1));
				ASSERT_EQ(1, read(self->pair[!p], in, sizeof(in)));
				ASSERT_EQ('x', in[0]);
				sum[!p]++;
			}
			ASSERT_EQ(n, read(self->pair[p], in, sizeof(in)));
			ASSERT_EQ(0, memcmp(out, in, (size_t)n));
			sum[p] += (uint32_t)n;
		}
	}
	for (p = 0; p < 2; p++)
		expect_word_soon(_metadata, self, 1 + p, sum[p]);
	ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
	EXPECT_EQ(4, v.num_rings);
	EXPECT_EQ(600, v.sent);
	EXPECT_EQ(v.sent, v.received);
	EXPECT_EQ(0, v.bad);
}

TEST_F(queues4, config)
{
	static const struct {
		long at;
		size_t len;
	} outside[] = {
		{ CONFIG_LEN, 1 }, { CONFIG_LEN, 4 }, { CONFIG_LEN - 1, 2 }, { CONFIG_LEN - 2, 4 },
		{ 0, CONFIG_LEN + 1 }, { 0, 64 }, { 1000000, 8 }, { 0x7ffffff0, 32 },
		{ 0xfffffffe, 4 }, { 0xffffffff, 1 },
	};
	uint8_t before[CONFIG_LEN], after[CONFIG_LEN], buf[64], zero[64] = { 0 };
	unsigned int i;

	/* That comes after READY. */
	expect_word_soon(_metadata, self, 0, MAGIC);
	ASSERT_EQ(CONFIG_LEN, pread(self->config, before, CONFIG_LEN, 0));
	for (i = 0; i < ARRAY_SIZE(outside); i++) {
		memset(buf, 0x5a, sizeof(buf));
		ASSERT_EQ((ssize_t)outside[i].len, pread(self->config, buf, outside[i].len,
							 outside[i].at));
		EXPECT_EQ(0, memcmp(buf, zero, outside[i].len))
			TH_LOG("%zu bytes at %ld", outside[i].len, outside[i].at);
		memset(buf, 0x5a, sizeof(buf));
		ASSERT_EQ((ssize_t)outside[i].len, pwrite(self->config, buf, outside[i].len,
							  outside[i].at));
	}
	ASSERT_EQ(CONFIG_LEN, pread(self->config, after, CONFIG_LEN, 0));
	EXPECT_EQ(0, memcmp(before, after, CONFIG_LEN));

	/* What is written there the remote sees. */
	ASSERT_EQ(4, pwrite(self->config, "\x78\x56\x34\x12", 4, 12));
	EXPECT_EQ(0x12345678, config_word(_metadata, self, 3));
	ASSERT_EQ(1, write(self->pair[0], "x", 1));
	EXPECT_STRNE("", remote_trace_with(self->fd, "config word 0x12345678"));
	ASSERT_EQ(1, read(self->pair[0], buf, sizeof(buf)));
}

/* All of it goes and comes again. */
TEST_F(queues4, again)
{
	uint8_t in[16];
	int i, p;

	for (i = 0; i < 5; i++) {
		for (p = 0; p < 2; p++)
			close(self->pair[p]);
		close(self->config);
		ASSERT_DONE(virtio_remove(self->fd, 0));
		ASSERT_DONE(virtio_create(self->fd, 0));
		self->pair[0] = open_soon("/dev/virtio63-0");
		self->pair[1] = open_soon("/dev/virtio63-1");
		self->config = open_soon("/dev/virtio63-config");
		for (p = 0; p < 2; p++) {
			ASSERT_EQ(5, write(self->pair[p], "again", 5));
			ASSERT_EQ(5, read(self->pair[p], in, sizeof(in)));
			EXPECT_EQ(0, memcmp(in, "again", 5));
		}
	}
}

#define EARLY	"/sys/module/virtio63/parameters/early"

/* A driver that is not ready is not called back, though there is something to tell. */
TEST_F(queues4, driver_not_ready)
{
	char in[16];
	int p;

	for (p = 0; p < 2; p++)
		close(self->pair[p]);
	close(self->config);
	ASSERT_DONE(virtio_remove(self->fd, 0));
	ASSERT_EQ(0, write_text(EARLY, "1"));
	ASSERT_DONE(virtio_create(self->fd, 0));
	ASSERT_EQ(0, write_text(EARLY, "0"));
	self->pair[0] = open_soon("/dev/virtio63-0");
	self->pair[1] = open_soon("/dev/virtio63-1");
	self->config = open_soon("/dev/virtio63-config");
	ASSERT_LE(0, self->pair[0]);
	EXPECT_EQ(5, read(self->pair[0], in, sizeof(in)));
	EXPECT_EQ(0, memcmp(in, "early", 5));
}

REMOTE_TEST_MAIN
