// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mailbox controllers that take a message for different things: every word goes through
 * as it is, either way, for those that carry words; the others ring. The test is the
 * other side, firmware included.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/rproc_lite_doorbell.h>
#include <linux/rproc_lite_rsc.h>

#include "kselftest_harness.h"
#include "guest.h"
#include "kmsg.h"
#include "providers.h"
#include "remote.h"
#include "virtio_io.h"

#define ANY		RPROC_LITE_RSC_ANY
/* rproc-serial, of virtio_console; it takes ring 0 for what comes, ring 1 for what goes. */
#define SERIAL_ID	11
#define RING_SIZE	8U
#define RING_ALIGN	64U

FIXTURE(mailbox)
{
	int fd;
};

FIXTURE_VARIANT(mailbox)
{
	unsigned int id;
	unsigned int channel;
	unsigned int from;
	bool rings;	/* and no more */
};

/* The controller waits to be told that a message went. */
FIXTURE_VARIANT_ADD(mailbox, pointer) { .id = R_ALL, .channel = 2, .from = 2 };
/* The controller tells. */
FIXTURE_VARIANT_ADD(mailbox, value) { .id = R_LITTLE, .channel = 5, .from = 5 };
/* Words go through one channel, and come through another one. */
FIXTURE_VARIANT_ADD(mailbox, pair) { .id = R_PAIR, .channel = 6, .from = 10 };
/* The controller is to be asked. */
FIXTURE_VARIANT_ADD(mailbox, asked) { .id = R_ASKED, .channel = 14, .from = 14 };
FIXTURE_VARIANT_ADD(mailbox, none) { .id = R_LEAST, .channel = 4, .from = 4, .rings = true };

FIXTURE_SETUP(mailbox)
{
	self->fd = provided_open(variant->id);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, let_fail(0));
	ASSERT_DONE(remote_offline(self->fd));
}

FIXTURE_TEARDOWN(mailbox)
{
	/* Nobody is there to be waited for. */
	EXPECT_DONE(remote_shutdown(self->fd, 1));
	close(self->fd);
}

/* The log's line for a word. */
static const char *line_for(unsigned int channel, bool rings, uint32_t word)
{
	static char text[64];

	if (rings)
		snprintf(text, sizeof(text), "channel %u rung\n", channel);
	else
		snprintf(text, sizeof(text), "channel %u sent 0x%x\n", channel, word);
	return text;
}

#define SENT(word)	line_for(variant->channel, variant->rings, word)

TEST_F(mailbox, shutdown_is_asked_for)
{
	const uint64_t limit = 4 * REMOTE_PATIENCE;
	struct job job;

	ASSERT_DONE(provided_reach(self->fd, RPROC_LITE_RUNNING));
	forget_told();
	ASSERT_EQ(0, job_begin(&job, job_stop, self->fd, variant->rings ? 300 : (int)limit));
	EXPECT_WORDS(SENT(RPROC_LITE_WORD_SHUTDOWN), told_with(SENT(RPROC_LITE_WORD_SHUTDOWN)));
	EXPECT_FALSE(job_over(&job));
	/* One that only rings can't answer this. */
	ASSERT_EQ(0, say(variant->from, RPROC_LITE_WORD_SHUTDOWN_ACK));
	ASSERT_EQ(0, job_end(&job, REMOTE_PATIENCE));
	EXPECT_EQ(0, job.result->ret);
	if (variant->rings) {
		EXPECT_LE(300, job.result->ms);
	} else {
		EXPECT_GT(REMOTE_PATIENCE, job.result->ms);
	}
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	/* Nobody hears what comes now. */
	EXPECT_EQ(-ENOTCONN, say(variant->from, RPROC_LITE_WORD_READY));
}

TEST_F(mailbox, crash_is_told)
{
	struct rproc_lite_info info;

	ASSERT_DONE(provided_reach(self->fd, RPROC_LITE_RUNNING));
	ASSERT_EQ(0, say(variant->from, RPROC_LITE_WORD_CRASH));
	if (variant->rings) {
		/* What was in the word is lost, and a ring is no crash. */
		EXPECT_EQ(0, remote_poll(self->fd, 200) & POLLERR);
		EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
		return;
	}
	ASSERT_EQ(0, remote_wait_state(self->fd, RPROC_LITE_CRASHED));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(RPROC_LITE_CRASH_FIRMWARE, info.crash);
}

static int suspend(int fd, int timeout_ms)
{
	return remote_suspend(fd, (uint32_t)timeout_ms);
}

TEST_F(mailbox, suspend_and_resume)
{
	struct job job;

	ASSERT_DONE(provided_reach(self->fd, RPROC_LITE_RUNNING));
	forget_told();
	ASSERT_EQ(0, job_begin(&job, suspend, self->fd, variant->rings ? 100 : REMOTE_PATIENCE));
	EXPECT_WORDS(SENT(RPROC_LITE_WORD_SUSPEND), told_with(SENT(RPROC_LITE_WORD_SUSPEND)));
	ASSERT_EQ(0, say(variant->from, RPROC_LITE_WORD_SUSPEND_ACK));
	ASSERT_EQ(0, job_end(&job, REMOTE_PATIENCE));
	if (variant->rings) {
		EXPECT_EQ(-ETIMEDOUT, job.result->ret);
		EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
		return;
	}
	EXPECT_EQ(0, job.result->ret);
	EXPECT_STATE(RPROC_LITE_SUSPENDED, self->fd);
	EXPECT_DONE(remote_resume(self->fd));
	EXPECT_WORDS(SENT(RPROC_LITE_WORD_RESUME), told());
}

/* With one vdev, whose rings have these ids. */
struct table {
	struct rproc_lite_rsc_table head;
	uint32_t offset[1];
	struct rproc_lite_rsc_vdev vdev;
	struct rproc_lite_rsc_vring ring[2];
} __attribute__((packed));

static int run_serial(int fd, uint32_t rx, uint32_t tx, struct table *got)
{
	struct table t = {
		.head = { .ver = RPROC_LITE_RSC_VERSION, .num = 1 },
		.offset = { offsetof(struct table, vdev) },
		.vdev = {
			.type = RPROC_LITE_RSC_VDEV, .id = SERIAL_ID, .notifyid = 77,
			.num_of_vrings = 2,
		},
		.ring = {
			{ .da = ANY, .align = RING_ALIGN, .num = RING_SIZE, .notifyid = rx },
			{ .da = ANY, .align = RING_ALIGN, .num = RING_SIZE, .notifyid = tx },
		},
	};
	struct rproc_lite_rsc rsc = {
		.data = (uintptr_t)&got->vdev, .data_len = sizeof(got->vdev) + sizeof(got->ring),
	};
	int ret = provided_load(fd, TEST_RAM);

	if (!ret)
		ret = remote_set_rsc(fd, &t, sizeof(t), TEST_RAM + 0x10000);
	if (!ret)
		ret = remote_rsc(fd, &rsc);
	return ret ? ret : remote_start(fd);
}

/* --- the other side of a ring, in the remote's memory --------------------------- */

static uint64_t peek(int fd, uint64_t da, size_t size)
{
	uint64_t value = 0;

	return pread(fd, &value, size, remote_offset(fd, da, size)) == (ssize_t)size ? value : 0;
}

static int poke(int fd, uint64_t da, const void *from, size_t size)
{
	return pwrite(fd, from, size, remote_offset(fd, da, size)) == (ssize_t)size ? 0 : -EIO;
}

static uint64_t avail(uint64_t ring)
{
	return ring + 16 * RING_SIZE;
}

static uint64_t used(uint64_t ring)
{
	uint64_t end = avail(ring) + 6 + 2 * RING_SIZE;

	return (end + RING_ALIGN - 1) / RING_ALIGN * RING_ALIGN;
}

/* Until the driver has made its @n-th buffer available; then, which one that is. */
static int next_buffer(int fd, uint64_t ring, unsigned int n)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;

	while ((uint16_t)(peek(fd, avail(ring) + 2, 2) - n) >= 0x8000 && now_ms() < end)
		usleep(1000);
	return (int)peek(fd, avail(ring) + 4 + 2 * ((n - 1) % RING_SIZE), 2);
}

/* Give the @n-th buffer back, with @len bytes in it. */
static int give_back(int fd, uint64_t ring, unsigned int n, uint32_t buffer, uint32_t len)
{
	uint32_t element[2] = { buffer, len };
	uint16_t idx = (uint16_t)n;
	int ret;

	ret = poke(fd, used(ring) + 4 + 8 * ((n - 1) % RING_SIZE), element, sizeof(element));
	return ret ? ret : poke(fd, used(ring) + 2, &idx, sizeof(idx));
}

/* Bytes come and go, and the ids of the rings are words as any others: also 0. */
TEST_F(mailbox, kicks)
{
	static const uint32_t ids[][2] = {
		{ 0, 1 }, { 1, 0 }, { 0xfffffeff, 0x80000000 }, { 0x12345678, 0x7fffffff },
	};
	struct table t;
	char text[8] = "";
	unsigned int i, n;
	int port, buffer;
	uint64_t desc;

	ASSERT_EQ(0, module_load("virtio_console"));
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		forget_told();
		ASSERT_DONE(run_serial(self->fd, ids[i][0], ids[i][1], &t));
		ASSERT_EQ(ids[i][0], t.ring[0].notifyid);
		/* The driver has room for what comes, and says so. */
		EXPECT_WORDS(SENT(ids[i][0]), told_with(SENT(ids[i][0])));
		port = port_open(self->fd, O_RDWR);
		ASSERT_LE(0, port);

		for (n = 1; n <= RING_SIZE + 2; n++) {
			forget_told();
			ASSERT_EQ(5, write(port, "going", 5));
			EXPECT_WORDS(SENT(ids[i][1]), told_with(SENT(ids[i][1])));
			buffer = next_buffer(self->fd, t.ring[1].da, n);
			desc = t.ring[1].da + 16 * (unsigned int)buffer;
			ASSERT_EQ(5, peek(self->fd, desc + 8, 4));
			EXPECT_EQ(*(const uint32_t *)"going",
				  peek(self->fd, peek(self->fd, desc, 8), 4));
			ASSERT_EQ(0, give_back(self->fd, t.ring[1].da, n, (uint32_t)buffer, 0));
			ASSERT_EQ(0, say(variant->from, ids[i][1]));

			buffer = next_buffer(self->fd, t.ring[0].da, n);
			desc = t.ring[0].da + 16 * (unsigned int)buffer;
			ASSERT_EQ(0, poke(self->fd, peek(self->fd, desc, 8), "coming", 6));
			ASSERT_EQ(0, give_back(self->fd, t.ring[0].da, n, (uint32_t)buffer, 6));
			/*
			 * Nothing comes before it is rung for. One that only rings may be
			 * looked at late, for all rings, by the ring of before.
			 */
			if (n == 1 && !variant->rings) {
				EXPECT_EQ(0, io_poll(port, POLLIN, 50));
			}
			ASSERT_EQ(0, say(variant->from, ids[i][0]));
			ASSERT_EQ(0, io_read_all(port, text, 6));
			ASSERT_STREQ("coming", text);
		}
		close(port);
		ASSERT_DONE(remote_shutdown(self->fd, 1));
	}
}

static unsigned int num_told(const char *text)
{
	const char *at = told();
	unsigned int n;

	for (n = 0; (at = strstr(at, text)); n++)
		at++;
	return n;
}

/* By the notify id of the device, as virtio has it. */
TEST_F(mailbox, reset_is_wanted)
{
	uint64_t status = TEST_RAM + 0x10000 + offsetof(struct table, vdev.status);
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	struct rproc_lite_virtio v;
	struct table t;
	uint8_t bits;

	ASSERT_EQ(0, module_load("virtio_console"));
	ASSERT_DONE(run_serial(self->fd, 1, 2, &t));
	ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
	EXPECT_FALSE(v.flags & RPROC_LITE_VIRTIO_WANTS_RESET);
	bits = (uint8_t)(peek(self->fd, status, 1) | 0x40);
	ASSERT_EQ(0, poke(self->fd, status, &bits, 1));
	ASSERT_EQ(0, say(variant->from, 77));
	do {
		ASSERT_EQ(0, virtio_query(self->fd, 0, &v));
	} while (!(v.flags & RPROC_LITE_VIRTIO_WANTS_RESET) && now_ms() < end && !usleep(1000));
	EXPECT_TRUE(v.flags & RPROC_LITE_VIRTIO_WANTS_RESET);
}

/* Which word was meant, a controller that only rings can't tell: all rings are looked at. */
TEST_F(mailbox, many_words)
{
	unsigned int i, n = 0;

	ASSERT_DONE(provided_reach(self->fd, RPROC_LITE_RUNNING));
	forget_told();
	/* Asked for its life 1000 times a second, and it never answers. */
	ASSERT_DONE(remote_set_policy(self->fd, "heartbeat-ms=1", "heartbeat-misses=1000", NULL));
	for (i = 0; i < (unsigned int)REMOTE_PATIENCE && n < 100; i++) {
		usleep(1000);
		n = num_told(SENT(RPROC_LITE_WORD_ECHO_REQUEST));
	}
	EXPECT_LE(100, n);
	ASSERT_DONE(remote_set_policy(self->fd, "heartbeat-ms=0", "heartbeat-misses=3", NULL));
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
}

/* What the mailbox framework queues at most. */
#define QUEUED	20U

FIXTURE(deaf)
{
	int fd;
};

FIXTURE_VARIANT(deaf)
{
	unsigned int id;
	int channel;
	unsigned int taken;	/* without being asked whether it takes any */
};

FIXTURE_VARIANT_ADD(deaf, refuses) { .id = R_ALL, .channel = 2 };
FIXTURE_VARIANT_ADD(deaf, asked) { .id = R_ASKED, .channel = 14, .taken = 1 };

FIXTURE_SETUP(deaf)
{
	self->fd = provided_open(variant->id);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(provided_reach(self->fd, RPROC_LITE_RUNNING));
	forget_told();
	ASSERT_EQ(0, let_be_deaf(variant->channel));
}

FIXTURE_TEARDOWN(deaf)
{
	EXPECT_EQ(0, let_be_deaf(-1));
	EXPECT_DONE(remote_shutdown(self->fd, 1));
	close(self->fd);
}

/* Firmware that takes nothing for a while loses nothing of what was accepted, and is heard. */
TEST_F(deaf, for_a_while)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	const char *shutdown, *suspend;
	struct job job;
	char sent[64];
	unsigned int i;
	int log;

	log = kmsg_open_end();
	ASSERT_LE(0, log);
	snprintf(sent, sizeof(sent), "channel %d sent", variant->channel);
	for (i = 0; i < 2 * QUEUED; i++) {
		EXPECT_GT(0, remote_suspend(self->fd, 1));
	}
	EXPECT_FALSE(kmsg_tells(log, "mailbox", "MBOX_TX_QUEUE_LEN"));
	close(log);
	EXPECT_EQ(variant->taken, num_told(sent));
	ASSERT_EQ(0, let_be_deaf(-1));
	while (num_told(sent) < variant->taken + QUEUED && now_ms() < end)
		usleep(1000);
	EXPECT_EQ(variant->taken + QUEUED, num_told(sent));
	/* Those which were refused later are not among them. */
	suspend = line_for((unsigned int)variant->channel, false, RPROC_LITE_WORD_SUSPEND);
	EXPECT_EQ(0, strncmp(told(), suspend, strlen(suspend)));

	forget_told();
	shutdown = line_for((unsigned int)variant->channel, false, RPROC_LITE_WORD_SHUTDOWN);
	ASSERT_EQ(0, job_begin(&job, job_stop, self->fd, 4 * REMOTE_PATIENCE));
	EXPECT_WORDS(shutdown, told_with(shutdown));
	ASSERT_EQ(0, say((unsigned int)variant->channel, RPROC_LITE_WORD_SHUTDOWN_ACK));
	ASSERT_EQ(0, job_end(&job, REMOTE_PATIENCE));
	EXPECT_EQ(0, job.result->ret);
}

/*
 * A device that has something to say as it goes, while the queue is full of its kicks. Returns
 * what the other side will be told; it takes nothing yet.
 */
static const char *owe_a_kick(struct __test_metadata *_metadata, FIXTURE_DATA(deaf) *self,
			      unsigned int channel)
{
	struct table t;
	int port, buffer;
	const char *line;
	unsigned int n;

	ASSERT_EQ(0, let_be_deaf(-1));
	ASSERT_DONE(remote_shutdown(self->fd, 1));
	ASSERT_EQ(0, module_load("virtio_console"));
	forget_told();
	ASSERT_DONE(run_serial(self->fd, 1, 2, &t));
	line = line_for(channel, false, 1);
	EXPECT_WORDS(line, told_with(line));
	port = port_open(self->fd, O_RDWR);
	ASSERT_LE(0, port);

	forget_told();
	ASSERT_EQ(0, let_be_deaf((int)channel));
	for (n = 1; n <= 2 * QUEUED; n++) {
		ASSERT_EQ(5, write(port, "going", 5));
		buffer = next_buffer(self->fd, t.ring[1].da, n);
		ASSERT_EQ(0, give_back(self->fd, t.ring[1].da, n, (uint32_t)buffer, 0));
	}
	close(port);
	ASSERT_DONE(virtio_remove(self->fd, 0));
	EXPECT_EQ(0, num_told(line));
	return line;
}

TEST_F(deaf, is_kicked_later)
{
	const char *line = owe_a_kick(_metadata, self, (unsigned int)variant->channel);

	ASSERT_EQ(0, let_be_deaf(-1));
	EXPECT_WORDS(line, told_with(line));
}

/* A stop that fails leaves it running, and is not the end of what it has to be told. */
TEST_F(deaf, is_kicked_after_a_stop_that_failed)
{
	const char *line = owe_a_kick(_metadata, self, (unsigned int)variant->channel);

	ASSERT_EQ(0, let_fail(1));
	EXPECT_REFUSED(EIO, remote_stop(self->fd, 1));
	EXPECT_TRUE(has_failed());
	ASSERT_EQ(0, let_be_deaf(-1));
	EXPECT_WORDS(line, told_with(line));
}

#define MAILBOXES	"/sys/bus/platform/drivers/rproc_lite_test_mailbox/"

/* Of whichever of its channels the controller goes, the remote goes first. */
TEST(controller_goes)
{
	static const char *const controllers[] = { "mailbox-11", "mailbox-12" };
	unsigned int i;
	int fd;

	for (i = 0; i < sizeof(controllers) / sizeof(controllers[0]); i++) {
		fd = provided_open(R_PAIR);
		ASSERT_LE(0, fd);
		ASSERT_DONE(remote_offline(fd));
		ASSERT_DONE(provided_reach(fd, RPROC_LITE_RUNNING));
		EXPECT_EQ(0, write_text(MAILBOXES "unbind", controllers[i]));
		EXPECT_EQ(-ENOENT, remote_open(R_PAIR, O_RDWR));
		close(fd);
		EXPECT_EQ(0, write_text(MAILBOXES "bind", controllers[i]));
		write_text("/sys/bus/platform/drivers/rproc_lite_reset/bind", "remoteproc-14");
		write_text("/sys/bus/platform/drivers/rproc_lite_reset/bind", "remoteproc-11");
		write_text("/sys/bus/platform/drivers/rproc_lite_reset/bind", "remoteproc-12");
	}
	fd = provided_open(R_PAIR);
	EXPECT_LE(0, fd);
	close(fd);
}

PROVIDERS_TEST_MAIN
