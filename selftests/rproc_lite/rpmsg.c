// SPDX-License-Identifier: GPL-2.0-only
/*
 * Upstream's rpmsg drivers, as they are, to firmware with two endpoints: every byte of
 * every message is checked, here and there.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/rpmsg.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "../firmware/pattern.h"
#include "guest.h"
#include "remote.h"
#include "virtio_io.h"

/* The firmware's endpoints, and what a message may have. */
#define FIRST		0x400
#define SECOND		0x401
#define SHORT		16
#define LENGTH_MAX	496
/* Messages that may be under way. */
#define WINDOW		64

FIXTURE(rpmsg)
{
	int fd;
	int channel;
};

FIXTURE_VARIANT(rpmsg)
{
	const char *firmware;
	unsigned int messages;
};

FIXTURE_VARIANT_ADD(rpmsg, plain) { .firmware = "rpmsg", .messages = 10000 };
FIXTURE_VARIANT_ADD(rpmsg, event_idx) { .firmware = "rpmsg-ei", .messages = 2000 };

FIXTURE_SETUP(rpmsg)
{
	ASSERT_EQ(0, virtio_drivers());
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_run(self->fd, variant->firmware));
	self->channel = channel_open(self->fd, FIRST, O_RDWR);
	ASSERT_LE(0, self->channel) TH_LOG("no channel: error %d", -self->channel);
	srand(1);
}

FIXTURE_TEARDOWN(rpmsg)
{
	close(self->channel);
	EXPECT_DONE(remote_offline(self->fd));
	close(self->fd);
}

TEST_F(rpmsg, all_lengths)
{
	static uint8_t large[LENGTH_MAX + 1];
	uint32_t len;

	for (len = 1; len <= LENGTH_MAX; len++) {
		ASSERT_EQ(0, io_echo_bytes(self->channel, len, len)) TH_LOG("length %u", len);
	}
	for (len = PATTERN_HEADER; len <= LENGTH_MAX; len++) {
		ASSERT_EQ(0, io_echo(self->channel, len, len, 7)) TH_LOG("length %u", len);
	}
	EXPECT_EQ(-EMSGSIZE, io_write(self->channel, large, sizeof(large)));
	EXPECT_EQ(0, io_echo(self->channel, LENGTH_MAX, 0, 0));
}

TEST_F(rpmsg, nonblock)
{
	char text[64];

	ASSERT_EQ(0, fcntl(self->channel, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(-1, read(self->channel, text, sizeof(text)));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(0, io_poll(self->channel, POLLIN, 0));
	ASSERT_EQ(0, io_echo(self->channel, 100, 1, 2));
	EXPECT_EQ(0, io_poll(self->channel, POLLIN, 0));
}

/* Without waiting, until there is no room, or @max were written. Return: how many. */
static uint32_t write_messages(int channel, uint32_t max)
{
	uint8_t message[SHORT];
	uint32_t n;

	fcntl(channel, F_SETFL, O_NONBLOCK);
	for (n = 0; n < max; n++) {
		pattern_make(message, sizeof(message), n, n);
		if (write(channel, message, sizeof(message)) < 0)
			break;
	}
	fcntl(channel, F_SETFL, 0);
	return n;
}

/* It is full while nobody takes anything, and goes on after that. */
TEST_F(rpmsg, full)
{
	const uint32_t max = 2000;
	char text[64], command[16];
	uint32_t hold, n, i;

	/* Where writing takes longer than that, it is never full: then once more, and longer. */
	for (hold = 300;; hold *= 4) {
		ASSERT_GT(60000, hold);
		snprintf(command, sizeof(command), "/hold %u", hold);
		ASSERT_EQ(0, io_ask(self->channel, command, text, sizeof(text)));
		ASSERT_STREQ("hold: begins", text);
		n = write_messages(self->channel, max);
		if (n < max)
			break;
		for (i = 0; i < n; i++) {
			ASSERT_EQ(0, io_recv(self->channel, SHORT, i, 0));
		}
	}
	EXPECT_EQ(EAGAIN, errno);
	printf("# full with %u messages\n", n);
	/* A blocking one waits for room. */
	ASSERT_EQ(0, io_send(self->channel, LENGTH_MAX, n, 0));
	for (i = 0; i < n; i++) {
		ASSERT_EQ(0, io_recv(self->channel, SHORT, i, 0));
	}
	ASSERT_EQ(0, io_recv(self->channel, LENGTH_MAX, n, 0));
}

/* Many endpoints of ours talk to both of the firmware's, all at the same time. */
TEST_F(rpmsg, endpoints)
{
	uint32_t seq, len;
	int ept[8], ctrl;
	char name[32];
	int i;

	ctrl = ctrl_open(self->fd, O_RDWR);
	ASSERT_LE(0, ctrl);
	ept[0] = self->channel;
	ept[1] = channel_open(self->fd, SECOND, O_RDWR);
	for (i = 2; i < 8; i++) {
		snprintf(name, sizeof(name), "ours-%d", i);
		ept[i] = endpoint_open(self->fd, ctrl, name, i & 2 ? 2000 + (uint32_t)i : -1u,
				       i & 1 ? FIRST : SECOND, O_RDWR);
	}
	for (i = 0; i < 8; i++) {
		ASSERT_LE(0, ept[i]);
	}
	for (seq = 0; seq < 50; seq++) {
		len = PATTERN_HEADER + (seq * 37) % (LENGTH_MAX - PATTERN_HEADER + 1);
		for (i = 0; i < 8; i++) {
			ASSERT_EQ(0, io_send(ept[i], len, seq, (uint32_t)i << 16));
		}
		for (i = 0; i < 8; i++) {
			ASSERT_EQ(0, io_recv(ept[i], len, seq, (uint32_t)i << 16))
				TH_LOG("endpoint %d, message %u", i, seq);
		}
	}
	for (i = 0; i < 8; i++)
		EXPECT_EQ(0, io_poll(ept[i], POLLIN, 0));
	/* One goes, and the others stay. */
	ASSERT_EQ(0, ioctl(ept[2], RPMSG_DESTROY_EPT_IOCTL));
	EXPECT_EQ(-EPIPE, io_write(ept[2], "x", 1));
	EXPECT_EQ(0, io_echo(ept[3], 16, 1, 1));
	for (i = 1; i < 8; i++)
		close(ept[i]);
	close(ctrl);
}

/* From the remote, as fast as it can. */
TEST_F_TIMEOUT(rpmsg, flood, 600)
{
	unsigned int count = count_from_env(1000), i, size;
	char command[64], text[128], words[64];

	for (size = PATTERN_HEADER; size <= LENGTH_MAX; size += 480) {
		snprintf(command, sizeof(command), "/flood %u %u 77", count, size);
		ASSERT_EQ(0, io_say(self->channel, command));
		for (i = 0; i < count; i++) {
			ASSERT_EQ(0, io_recv(self->channel, size, i, 77));
		}
		ASSERT_EQ(0, io_hear(self->channel, text, sizeof(text)));
		snprintf(words, sizeof(words), "flood: %u sent", count);
		EXPECT_WORDS(words, text);
		printf("# %s, of %u bytes\n", text, size);
	}
}

/* To the remote. */
TEST_F_TIMEOUT(rpmsg, sink, 600)
{
	unsigned int count = count_from_env(1000), i, bytes = 0, len;
	char command[64], text[128], words[128];

	snprintf(command, sizeof(command), "/sink %u", count);
	ASSERT_EQ(0, io_say(self->channel, command));
	for (i = 0; i < count; i++) {
		len = PATTERN_HEADER + (unsigned int)rand() % (LENGTH_MAX - PATTERN_HEADER + 1);
		ASSERT_EQ(0, io_send(self->channel, len, i, 5));
		bytes += len;
	}
	ASSERT_EQ(0, io_hear(self->channel, text, sizeof(text)));
	snprintf(words, sizeof(words), "sink: %u messages %u bytes 0 bad 0 gaps", count, bytes);
	EXPECT_WORDS(words, text);
	printf("# %s\n", text);
}

/* Both at once, by two channels. */
TEST_F(rpmsg, both_ways)
{
	int second = channel_open(self->fd, SECOND, O_RDWR);
	char text[128];
	unsigned int i;

	ASSERT_LE(0, second);
	ASSERT_EQ(0, io_say(self->channel, "/flood 500 496"));
	ASSERT_EQ(0, io_say(second, "/sink 500"));
	for (i = 0; i < 500; i++) {
		ASSERT_EQ(0, io_send(second, LENGTH_MAX, i, 1));
		ASSERT_EQ(0, io_recv(self->channel, LENGTH_MAX, i, 0));
	}
	ASSERT_EQ(0, io_hear(second, text, sizeof(text)));
	EXPECT_WORDS("sink: 500 messages 248000 bytes 0 bad 0 gaps", text);
	ASSERT_EQ(0, io_hear(self->channel, text, sizeof(text)));
	EXPECT_WORDS("flood: 500 sent", text);
	close(second);
}

/* Channels come and go while the remote runs. */
TEST_F(rpmsg, announce)
{
	char text[64];
	int other, i;

	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, io_ask(self->channel, "/announce rpmsg-raw 0x420", text,
				    sizeof(text)));
		EXPECT_STREQ("announce: rpmsg-raw 0x420", text);
		other = channel_open(self->fd, 0x420, O_RDWR);
		ASSERT_LE(0, other);
		ASSERT_EQ(0, io_echo(other, 100, 1, 1));
		ASSERT_EQ(0, io_ask(self->channel, "/unannounce rpmsg-raw 0x420", text,
				    sizeof(text)));
		EXPECT_STREQ("unannounce: done", text);
		ASSERT_EQ(0, channel_wait_gone(self->fd, 0x420));
		/* Who has it open is told. */
		EXPECT_EQ(POLLERR, io_poll(other, POLLIN, REMOTE_PATIENCE));
		EXPECT_EQ(-EPIPE, io_read(other, text, sizeof(text)));
		EXPECT_EQ(-EPIPE, io_write(other, "x", 1));
		close(other);
		ASSERT_EQ(0, io_echo(self->channel, 100, 2, 2));
	}
}

/* Linux tells the remote of channels of its own. */
TEST_F(rpmsg, announced_by_linux)
{
	struct rpmsg_endpoint_info info = { .name = "rpmsg-raw", .src = 3000, .dst = FIRST };
	int ctrl = ctrl_open(self->fd, O_RDWR);

	ASSERT_LE(0, ctrl);
	ASSERT_EQ(0, ioctl(ctrl, RPMSG_CREATE_DEV_IOCTL, &info));
	EXPECT_STRNE("", remote_trace_with(self->fd, "Linux announces rpmsg-raw 0xbb8"));
	ASSERT_EQ(0, ioctl(ctrl, RPMSG_RELEASE_DEV_IOCTL, &info));
	EXPECT_STRNE("", remote_trace_with(self->fd, "Linux destroys rpmsg-raw 0xbb8"));
	close(ctrl);
}

static uint32_t length_of(uint32_t seq)
{
	return PATTERN_HEADER + (seq * 2654435761u >> 8) % (LENGTH_MAX - PATTERN_HEADER + 1);
}

/* Whoever has a channel open has it for one life of the remote, and harms no other. */
TEST_F_TIMEOUT(rpmsg, held_through_lives, 900)
{
	unsigned int lives = count_from_env(10), i, k;
	int *held = calloc(lives, sizeof(*held));
	char byte = 0;

	ASSERT_NE(NULL, held);
	for (i = 0; i < lives; i++) {
		for (k = 0; k < 8; k++) {
			ASSERT_EQ(0, io_echo(self->channel, 100 + k, k, i)) TH_LOG("life %u", i);
		}
		held[i] = self->channel;
		ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
		for (k = 0; k <= i; k++) {
			EXPECT_NE(0, io_poll(held[k], POLLIN, REMOTE_PROMPT));
			EXPECT_GE(0, write(held[k], &byte, 1)) TH_LOG("of life %u, in %u", k, i);
		}
		ASSERT_DONE(remote_start(self->fd));
		ASSERT_EQ(0, remote_wait_ready(self->fd));
		self->channel = channel_open(self->fd, FIRST, O_RDWR);
		ASSERT_LE(0, self->channel) TH_LOG("life %u: error %d", i, -self->channel);
	}
	EXPECT_EQ(0, io_echo(self->channel, LENGTH_MAX, 0, 0));
	for (i = 0; i < lives; i++)
		close(held[i]);
	EXPECT_EQ(0, io_echo(self->channel, LENGTH_MAX, 1, 0));
	free(held);
}

/* Bit 32 of the features has its place in an entry of its own. */
TEST_F(rpmsg, version_1)
{
	struct rproc_lite_virtio v;

	ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
	EXPECT_EQ(0, v.dfeatures >> 32);
	EXPECT_EQ(0, v.gfeatures >> 32);
	close(self->channel);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_run(self->fd, "rpmsg-v1"));
	self->channel = channel_open(self->fd, FIRST, O_RDWR);
	ASSERT_LE(0, self->channel);
	ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
	EXPECT_EQ(0x100000001, v.dfeatures);
	EXPECT_EQ(0x100000001, v.gfeatures);
	/* Which VERSION_1 wants to be agreed upon before DRIVER_OK. */
	EXPECT_EQ(0xf, v.status);
	EXPECT_STRNE("", remote_trace_with(self->fd, "driver ready, features 0x100000001"));
	EXPECT_EQ(0, io_echo(self->channel, LENGTH_MAX, 0, 0));
}

/*
 * Many messages of all lengths, several at a time.
 */
TEST_F_TIMEOUT(rpmsg, long_run, 3600)
{
	unsigned int count = count_from_env(variant->messages), out = 0, in;
	struct rproc_lite_virtio before, v;
	uint64_t begin = now_ms();
	char text[128];

	ASSERT_EQ(0, virtio_query(self->fd, 0, &before));
	for (in = 0; in < count; in++) {
		for (; out < count && out - in < WINDOW; out++) {
			ASSERT_EQ(0, io_send(self->channel, length_of(out), out, 3));
		}
		ASSERT_EQ(0, io_recv(self->channel, length_of(in), in, 3));
	}
	printf("# %u messages there and back in %d ms\n", count, (int)(now_ms() - begin));
	ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
	EXPECT_EQ(before.sent + count, v.sent);
	EXPECT_EQ(before.received + count, v.received);
	EXPECT_EQ(0, v.bad);
	ASSERT_EQ(0, io_ask(self->channel, "/status", text, sizeof(text)));
	EXPECT_WORDS("bad 0 dropped 0", text);
}

REMOTE_TEST_MAIN
