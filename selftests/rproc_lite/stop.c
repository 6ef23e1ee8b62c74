// SPDX-License-Identifier: GPL-2.0-only
/*
 * How a remote comes to an end: when told to, late, by itself, by a crash.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>

#include "kselftest_harness.h"
#include "code.h"
#include "guest.h"
#include "remote.h"

/* Timers tick in 4 ms. */
#define LIMIT	300
/* When firmware ends that is late for it. */
#define LATE_MS	2000

FIXTURE(stop)
{
	int fd;
	int cpu;
	bool has_reset;
	uint32_t crashes;
};

FIXTURE_SETUP(stop)
{
	struct rproc_lite_info info;

	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	self->crashes = info.crash_count;
	ASSERT_EQ(0, cpu_borrowed(self->fd, &self->cpu));
	self->has_reset = remote_kind(self->fd)->has_reset;
}

FIXTURE_TEARDOWN(stop)
{
	EXPECT_DONE(remote_offline(self->fd));
	EXPECT_TRUE(cpu_is_back(self->cpu));
	close(self->fd);
}

static void no_crash(struct __test_metadata *_metadata, FIXTURE_DATA(stop) *self)
{
	struct rproc_lite_info info;

	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(self->crashes, info.crash_count);
}

static void crashed(struct __test_metadata *_metadata, FIXTURE_DATA(stop) *self, uint32_t cause,
		    const char *words)
{
	struct rproc_lite_info info;

	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(RPROC_LITE_CRASHED, info.state);
	EXPECT_EQ(cause, info.crash);
	EXPECT_EQ(self->crashes + 1, info.crash_count);
	EXPECT_EQ(-EIO, info.last.error);
	EXPECT_WORDS(words, info.last.text);
}

/* What is told to stop says so, and is off. */
TEST_F(stop, obedient)
{
	uint64_t begin;

	ASSERT_DONE(remote_run(self->fd, "echo"));
	begin = now_ms();
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	EXPECT_GT(REMOTE_PROMPT, now_ms() - begin);
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	EXPECT_EQ(1, remote_trace_count(self->fd, "SHUTDOWN"));
	EXPECT_EQ(1, remote_trace_count(self->fd, "bye"));
	no_crash(_metadata, self);
}

/* Told before it has so much as begun, it stops none the less. */
TEST_F(stop, at_once)
{
	uint64_t begin;
	int i;

	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	for (i = 0; i < 20; i++) {
		ASSERT_DONE(remote_start(self->fd));
		begin = now_ms();
		ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
		begin = now_ms() - begin;
		ASSERT_EQ(1, remote_trace_count(self->fd, "bye"))
			TH_LOG("stopped after %u ms, it says, when the firmware had said '%s'",
			       (unsigned int)begin, remote_trace_with(self->fd, ""));
	}
	no_crash(_metadata, self);
}

#define SKIP_IF_RESET() do {							\
	if (self->has_reset)							\
		SKIP(return, "this remote is stopped whatever it says");	\
} while (0)
#define SKIP_IF_NO_RESET() do {							\
	if (!self->has_reset)							\
		SKIP(return, "this remote can't be stopped against its will");	\
} while (0)

TEST_F(stop, limit_is_kept)
{
	struct rproc_lite_info before, after;
	uint64_t begin, took;
	char words[64];

	SKIP_IF_RESET();
	ASSERT_DONE(remote_run(self->fd, "stubborn"));
	ASSERT_EQ(0, remote_info(self->fd, &before));
	begin = now_ms();
	EXPECT_REFUSED(ETIMEDOUT, remote_stop(self->fd, LIMIT));
	took = now_ms() - begin;
	EXPECT_LE(LIMIT, took);
	EXPECT_GT(LIMIT + REMOTE_PROMPT, took);
	printf("# a limit of %d ms took %d ms\n", LIMIT, (int)took);
	snprintf(words, sizeof(words), "%d ms", LIMIT);
	EXPECT_WORDS(words, remote_said.text);
	EXPECT_EQ(RPROC_LITE_AT_BACKEND, remote_said.where);

	/* That is the truth: the state, and the core. */
	ASSERT_EQ(0, remote_info(self->fd, &after));
	EXPECT_EQ(RPROC_LITE_RUNNING, after.state);
	EXPECT_EQ(before.state_seq, after.state_seq);
	EXPECT_EQ(before.state_since, after.state_since);
	EXPECT_EQ(-ETIMEDOUT, after.last.error);
	EXPECT_STREQ(remote_said.text, after.last.text);
	EXPECT_TRUE(cpu_is_kept(self->cpu));

	/* It is alive, and gives way to the second word. */
	EXPECT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	EXPECT_EQ(2, remote_trace_count(self->fd, "SHUTDOWN"));
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	no_crash(_metadata, self);
}

TEST_F(stop, shutdown_limit_is_kept)
{
	uint64_t begin, took;

	SKIP_IF_RESET();
	ASSERT_DONE(remote_run(self->fd, "stubborn"));
	begin = now_ms();
	EXPECT_REFUSED(ETIMEDOUT, remote_shutdown(self->fd, LIMIT));
	took = now_ms() - begin;
	EXPECT_LE(LIMIT, took);
	EXPECT_GT(LIMIT + REMOTE_PROMPT, took);
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
	EXPECT_TRUE(cpu_is_kept(self->cpu));
	EXPECT_DONE(remote_shutdown(self->fd, REMOTE_PATIENCE));
	EXPECT_STATE(RPROC_LITE_OFFLINE, self->fd);
	EXPECT_TRUE(cpu_is_back(self->cpu));
}

/* Not told how long, it takes the remote's own limit. */
TEST_F(stop, own_limit)
{
	struct rproc_lite_info info;
	uint64_t begin, took;

	ASSERT_DONE(remote_run(self->fd, "stubborn"));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	begin = now_ms();
	if (self->has_reset) {
		EXPECT_DONE(remote_stop(self->fd, 0));
	} else {
		EXPECT_REFUSED(ETIMEDOUT, remote_stop(self->fd, 0));
	}
	took = now_ms() - begin;
	EXPECT_LE(info.stop_timeout_ms, took);
	EXPECT_GT(info.stop_timeout_ms + REMOTE_PROMPT, took);
}

/* Asked first, for as long as there is; then, in spite of what it says, stopped. */
TEST_F(stop, by_reset)
{
	uint64_t begin, took;
	int i;

	SKIP_IF_NO_RESET();
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "deaf")));
	for (i = 0; i < 2; i++) {
		ASSERT_DONE(remote_start(self->fd));
		ASSERT_EQ(0, remote_wait_ready(self->fd));
		begin = now_ms();
		EXPECT_DONE(remote_stop(self->fd, LIMIT));
		took = now_ms() - begin;
		EXPECT_LE(LIMIT, took);
		EXPECT_GT(LIMIT + REMOTE_PROMPT, took);
		EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
		EXPECT_EQ(1, remote_trace_count(self->fd, "SHUTDOWN"));
		EXPECT_EQ(0, remote_trace_count(self->fd, "bye"));
	}
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	begin = now_ms();
	EXPECT_DONE(remote_shutdown(self->fd, LIMIT));
	took = now_ms() - begin;
	EXPECT_LE(LIMIT, took);
	EXPECT_GT(LIMIT + REMOTE_PROMPT, took);
	EXPECT_STATE(RPROC_LITE_OFFLINE, self->fd);
	no_crash(_metadata, self);
}

/* It was told, and goes off when nobody waits any more: no crash. */
TEST_F(stop, late)
{
	struct rproc_lite_info info;
	int image;

	SKIP_IF_RESET();
	image = code_late(self->fd, LATE_MS);
	ASSERT_LE(0, image);
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load_fd(self->fd, image));
	ASSERT_DONE(remote_start(self->fd));
	EXPECT_REFUSED(ETIMEDOUT, remote_stop(self->fd, LIMIT));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(RPROC_LITE_RUNNING, info.state);
	/* Its end wakes a poller. */
	EXPECT_EQ(POLLPRI, remote_poll(self->fd, REMOTE_PATIENCE));
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	no_crash(_metadata, self);

	/* And is no licence for the next run. */
	ASSERT_DONE(remote_start(self->fd));
	EXPECT_EQ(0, remote_wait_state(self->fd, RPROC_LITE_CRASHED));
	crashed(_metadata, self, RPROC_LITE_CRASH_CORE_OFF, "went off");
	close(image);
}

/* Off between two words. */
TEST_F(stop, late_for_the_second)
{
	int image;

	SKIP_IF_RESET();
	image = code_late(self->fd, LATE_MS);
	ASSERT_LE(0, image);
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load_fd(self->fd, image));
	ASSERT_DONE(remote_start(self->fd));
	EXPECT_REFUSED(ETIMEDOUT, remote_stop(self->fd, LIMIT));
	EXPECT_DONE(remote_shutdown(self->fd, LATE_MS + REMOTE_PATIENCE));
	EXPECT_STATE(RPROC_LITE_OFFLINE, self->fd);
	no_crash(_metadata, self);
	close(image);
}

TEST_F(stop, off_by_itself)
{
	struct rproc_lite_info info;
	uint64_t begin;

	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "quit")));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	begin = now_ms();
	/* Nothing else could wake us. */
	if (info.state == RPROC_LITE_RUNNING) {
		EXPECT_EQ(POLLPRI, remote_poll(self->fd, REMOTE_PATIENCE));
	}
	EXPECT_GT(REMOTE_PROMPT, now_ms() - begin);
	crashed(_metadata, self, RPROC_LITE_CRASH_CORE_OFF, "went off");
	EXPECT_STRNE("", remote_trace_with(self->fd, "switching myself off"));

	/* The core stays ours until it is given back. */
	EXPECT_TRUE(cpu_is_kept(self->cpu));
	begin = now_ms();
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	EXPECT_GT(REMOTE_PROMPT, now_ms() - begin);
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	self->crashes++;
	ASSERT_DONE(remote_start(self->fd));
	EXPECT_EQ(0, remote_wait_state(self->fd, RPROC_LITE_CRASHED));
	crashed(_metadata, self, RPROC_LITE_CRASH_CORE_OFF, "went off");
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	EXPECT_TRUE(cpu_is_back(self->cpu));
}

TEST_F(stop, crash)
{
	struct rproc_lite_info info;

	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "crash")));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_state(self->fd, RPROC_LITE_CRASHED));
	crashed(_metadata, self, RPROC_LITE_CRASH_FIRMWARE, "firmware reported");
	EXPECT_STRNE("", remote_trace_with(self->fd, "fault"));
	EXPECT_TRUE(cpu_is_kept(self->cpu));

	/* This one can still be told to stop, and is, if there is no other way. */
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	EXPECT_EQ(!self->has_reset, remote_trace_count(self->fd, "bye"));

	/* What was the last crash stays known; the next one is another. */
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(RPROC_LITE_CRASH_FIRMWARE, info.crash);
	self->crashes++;
	EXPECT_EQ(self->crashes, info.crash_count);
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_state(self->fd, RPROC_LITE_CRASHED));
	crashed(_metadata, self, RPROC_LITE_CRASH_FIRMWARE, "firmware reported");
	ASSERT_DONE(remote_shutdown(self->fd, REMOTE_PATIENCE));
	EXPECT_STATE(RPROC_LITE_OFFLINE, self->fd);
}

/* Other firmware after a crash starts with a clean slate. */
TEST_F(stop, healthy_after_crash)
{
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_CRASHED));
	self->crashes++;
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	/* Longer than it takes to look after a remote twice. */
	EXPECT_EQ(0, remote_poll(self->fd, 600));
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
	no_crash(_metadata, self);
}

REMOTE_TEST_MAIN
