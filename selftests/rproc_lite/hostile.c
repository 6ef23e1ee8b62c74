// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware that lies, in each way that selftests/firmware/evil.c knows: Linux goes on,
 * user space gets nothing that was not sent, what is wrong is counted and told, and
 * after that the same remote talks again.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>

#include "kselftest_harness.h"
#include "../firmware/pattern.h"
#include "guest.h"
#include "kmsg.h"
#include "remote.h"
#include "virtio_io.h"

#define FIRST		0x400
#define BROKEN		RPROC_LITE_VIRTIO_BROKEN
#define WANTS_RESET	RPROC_LITE_VIRTIO_WANTS_RESET
/* Echoes asked for after the lie. */
#define ECHOES		3
/* When nothing came for so long, nothing more comes. */
#define QUIET		100
/* Whatever happens then, is not known before. */
#define ANY		0xffffffffu

FIXTURE(hostile)
{
	int fd;
	int log;
	int channel;
	uint64_t bad;
	unsigned int echoes;	/* that came back */
	unsigned int words;	/* the lie itself came back */
	char said[64];
};

FIXTURE_VARIANT(hostile)
{
	const char *lie;
	uint32_t flags;		/* what the device has in the end, but for CREATED */
	uint32_t bad;		/* and bad messages */
	bool goes_on;		/* and what we send is answered still */
	bool lasts;		/* the trace tells when it is over */
	bool table;		/* what the firmware goes by is spoiled until it starts again */
	bool either;		/* it is broken, or has bad messages */
};

#define LIE(name, ...)								\
	FIXTURE_VARIANT_ADD(hostile, name) { __VA_ARGS__ }

LIE(id_range, .lie = "id-range 0", .bad = 1, .goes_on = true);
/* More than were sent are used; or an unknown one is, if more were sent meanwhile. */
LIE(id_range_out, .lie = "id-range 1", .flags = ANY, .bad = ANY, .either = true);
LIE(id_huge, .lie = "id-huge 0", .bad = 1, .goes_on = true);
LIE(id_huge_out, .lie = "id-huge 1", .flags = ANY, .bad = ANY, .either = true);
LIE(id_twice, .lie = "id-twice 0", .bad = ANY, .goes_on = true);
LIE(id_twice_out, .lie = "id-twice 1", .flags = ANY, .bad = ANY, .either = true);
LIE(len_0, .lie = "len-0", .bad = 1, .goes_on = true);
LIE(len_1, .lie = "len-1", .bad = 1, .goes_on = true);
LIE(len_15, .lie = "len-15", .bad = 1, .goes_on = true);
LIE(len_over, .lie = "len-over", .bad = 1, .goes_on = true);
LIE(len_max, .lie = "len-max", .bad = 1, .goes_on = true);
LIE(hdr_long, .lie = "hdr-long", .bad = 1, .goes_on = true);
LIE(hdr_max, .lie = "hdr-max", .bad = 1, .goes_on = true);
LIE(idx_jump, .lie = "idx-jump 0", .flags = BROKEN);
LIE(idx_jump_out, .lie = "idx-jump 1", .flags = BROKEN);
LIE(idx_half, .lie = "idx-half 0", .flags = BROKEN);
LIE(idx_half_out, .lie = "idx-half 1", .flags = BROKEN);
LIE(idx_back, .lie = "idx-back 0", .flags = BROKEN);
LIE(idx_back_out, .lie = "idx-back 1", .flags = BROKEN);
LIE(desc, .lie = "desc", .goes_on = true);
LIE(desc_all, .lie = "desc-all");
LIE(avail, .lie = "avail");
LIE(table_da, .lie = "table-da", .goes_on = true);
LIE(table_num, .lie = "table-num", .goes_on = true);
LIE(table_notify, .lie = "table-notify", .goes_on = true);
LIE(table_config, .lie = "table-config", .goes_on = true);
LIE(table_status, .lie = "table-status", .flags = WANTS_RESET);
LIE(table_all, .lie = "table-all", .flags = ANY, .table = true);
LIE(storm, .lie = "storm 500", .goes_on = true, .lasts = true);
LIE(scribble, .lie = "scribble 500", .flags = ANY, .bad = ANY, .lasts = true);

FIXTURE_SETUP(hostile)
{
	ASSERT_EQ(0, virtio_drivers());
	self->log = kmsg_open_end();
	ASSERT_LE(0, self->log);
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_run(self->fd, "evil"));
	self->channel = channel_open(self->fd, FIRST, O_RDWR);
	ASSERT_LE(0, self->channel);
}

FIXTURE_TEARDOWN(hostile)
{
	close(self->channel);
	close(self->log);
	EXPECT_DONE(remote_offline(self->fd));
	close(self->fd);
}

/* A message that came: an echo of ours as it was, or the words of the lie. */
static bool is_right(FIXTURE_DATA(hostile) *self, const uint8_t *data, ssize_t n)
{
	if (n == 100 && pattern_is(data, 100) && pattern_check(data, 100) == 100) {
		self->echoes++;
		return pattern_get(data + 12) == pattern_get(data + 4) + 9;
	}
	self->words++;
	return (n == (ssize_t)strlen(self->said) && !memcmp(data, self->said, (size_t)n)) ||
	       (n == 10 && !memcmp(data, "evil: desc", 10));
}

static void take_all(struct __test_metadata *_metadata, FIXTURE_DATA(hostile) *self)
{
	uint8_t data[1024];
	ssize_t n;

	while (io_poll(self->channel, POLLIN, QUIET) > 0) {
		n = read(self->channel, data, sizeof(data));
		ASSERT_LT(0, n);
		EXPECT_TRUE(is_right(self, data, n))
			TH_LOG("%zd bytes, %02x %02x %02x %02x", n, data[0], data[1], data[2],
			       data[3]);
	}
}

static void talks(struct __test_metadata *_metadata, FIXTURE_DATA(hostile) *self)
{
	uint32_t i;

	close(self->channel);
	self->channel = channel_open(self->fd, FIRST, O_RDWR);
	ASSERT_LE(0, self->channel);
	for (i = 0; i < 20; i++) {
		ASSERT_EQ(0, io_echo(self->channel, 480 - i, i, 4));
	}
}

TEST_F(hostile, lies)
{
	char words[80], name[32];
	struct rproc_lite_virtio v;
	uint32_t i;

	ASSERT_EQ(0, io_echo(self->channel, 100, 1, 2));
	snprintf(self->said, sizeof(self->said), "/evil %s", variant->lie);
	snprintf(name, sizeof(name), "%.*s", (int)strcspn(variant->lie, " "), variant->lie);
	ASSERT_EQ(0, io_say(self->channel, self->said));
	snprintf(words, sizeof(words), variant->lasts ? "evil: %s over" : "evil: %s", name);
	ASSERT_STRNE("", remote_trace_with(self->fd, words));

	/* Before more comes: an index that went back would be right again after some messages. */
	if (variant->flags && variant->flags != ANY) {
		ASSERT_EQ(0, virtio_wait_flags(self->fd, variant->flags, &v));
	}
	/* Whether it answers or not, this does not wait. */
	ASSERT_EQ(0, fcntl(self->channel, F_SETFL, O_NONBLOCK));
	for (i = 0; i < ECHOES; i++) {
		ASSERT_EQ(0, io_send(self->channel, 100, i, 9));
	}
	take_all(_metadata, self);
	if (variant->goes_on) {
		EXPECT_EQ(ECHOES, self->echoes);
	}
	EXPECT_GE(2, self->words);
	ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
	if (variant->flags != ANY) {
		EXPECT_EQ(RPROC_LITE_VIRTIO_CREATED | variant->flags, v.flags);
	}
	if (variant->bad != ANY) {
		EXPECT_EQ(variant->bad, v.bad);
	}
	if (variant->either) {
		EXPECT_TRUE((v.flags & BROKEN) || v.bad);
	}
	if (v.flags & BROKEN) {
		EXPECT_TRUE(kmsg_tells(self->log, "vdev0", "vdev0 is out of use, by ring"));
	} else if (v.flags & WANTS_RESET) {
		EXPECT_TRUE(kmsg_tells(self->log, "vdev0", "vdev0: the firmware wants it reset"));
	} else if (v.bad) {
		EXPECT_TRUE(kmsg_tells(self->log, "vdev0", "bad messages by now"));
	}

	/* Removed and made again, it talks. */
	ASSERT_DONE(virtio_remove(self->fd, 0));
	ASSERT_DONE(virtio_create(self->fd, 0));
	if (!variant->table)
		talks(_metadata, self);
	/* And so does a new start. */
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	ASSERT_DONE(remote_start(self->fd));
	talks(_metadata, self);
}

REMOTE_TEST_MAIN
