// SPDX-License-Identifier: GPL-2.0-only
/*
 * What follows from a crash, as the remote's policy says: nothing, a stop, or restarts
 * up to a limit; and who takes over from it.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>

#include "kselftest_harness.h"
#include "guest.h"
#include "remote.h"
#include "virtio_io.h"

#define CHANNEL	0x400

FIXTURE(recovery)
{
	int fd;
	struct rproc_lite_info before;
};

FIXTURE_SETUP(recovery)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_set_policy(self->fd, USUAL_POLICY, NULL));
	ASSERT_EQ(0, remote_info(self->fd, &self->before));
}

FIXTURE_TEARDOWN(recovery)
{
	EXPECT_DONE(remote_offline(self->fd));
	EXPECT_DONE(remote_set_policy(self->fd, USUAL_POLICY, NULL));
	close(self->fd);
}

/* So many crashes, and restarts that went well, since the test began. */
static void counts(struct __test_metadata *_metadata, FIXTURE_DATA(recovery) *self,
		   uint32_t crashes, uint32_t recovered)
{
	struct rproc_lite_info now;

	ASSERT_EQ(0, remote_info(self->fd, &now));
	EXPECT_EQ(crashes, now.crash_count - self->before.crash_count);
	EXPECT_EQ(recovered, now.recovered - self->before.recovered);
}

static void runs_again(struct __test_metadata *_metadata, FIXTURE_DATA(recovery) *self)
{
	ASSERT_EQ(0, remote_wait_recovery(self->fd, RPROC_LITE_RECOVERY_DONE));
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
	EXPECT_EQ(0, remote_wait_ready(self->fd));
}

TEST_F(recovery, none)
{
	struct rproc_lite_info now;

	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_DONE(remote_crash(self->fd));
	EXPECT_STATE(RPROC_LITE_CRASHED, self->fd);
	ASSERT_EQ(0, remote_info(self->fd, &now));
	EXPECT_EQ(RPROC_LITE_CRASH_USER, now.crash);
	EXPECT_LT(self->before.crash_since, now.crash_since);
	EXPECT_EQ(RPROC_LITE_RECOVERY_NONE, now.recovery);
	EXPECT_WORDS("asked for", now.last.text);
	counts(_metadata, self, 1, 0);
}

/* Only what runs can crash. */
TEST_F(recovery, crash_of_what_does_not_run)
{
	EXPECT_REFUSED(EBADFD, remote_crash(self->fd));
	EXPECT_WORDS("Running or Suspended", remote_said.text);
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_STOPPED));
	EXPECT_REFUSED(EBADFD, remote_crash(self->fd));
	counts(_metadata, self, 0, 0);
}

TEST_F(recovery, restart)
{
	ASSERT_DONE(remote_set_policy(self->fd, "recovery=restart", NULL));
	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_DONE(remote_crash(self->fd));
	runs_again(_metadata, self);
	counts(_metadata, self, 1, 1);
}

TEST_F(recovery, stop)
{
	ASSERT_DONE(remote_set_policy(self->fd, "recovery=stop", NULL));
	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_DONE(remote_crash(self->fd));
	ASSERT_EQ(0, remote_wait_recovery(self->fd, RPROC_LITE_RECOVERY_STOPPED));
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	counts(_metadata, self, 1, 0);
	/* It is as any that was stopped. */
	EXPECT_DONE(remote_start(self->fd));
}

/* A core that went off without a word. */
TEST_F(recovery, of_a_core_that_is_off)
{
	struct rproc_lite_info now;

	ASSERT_DONE(remote_set_policy(self->fd, "recovery=restart", "recovery-limit=1", NULL));
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_CONFIGURED));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "quit")));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_recovery(self->fd, RPROC_LITE_RECOVERY_GIVEN_UP));
	ASSERT_EQ(0, remote_info(self->fd, &now));
	EXPECT_EQ(RPROC_LITE_CRASHED, now.state);
	EXPECT_EQ(RPROC_LITE_CRASH_CORE_OFF, now.crash);
	counts(_metadata, self, 2, 1);
}

/* Firmware that owes too many answers. */
TEST_F(recovery, of_firmware_that_does_not_answer)
{
	struct rproc_lite_info now, running;

	ASSERT_DONE(remote_set_policy(self->fd, "heartbeat-ms=50", "heartbeat-misses=4", NULL));
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_CONFIGURED));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "noecho")));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_info(self->fd, &running));
	ASSERT_EQ(0, remote_wait_state(self->fd, RPROC_LITE_CRASHED));
	ASSERT_EQ(0, remote_info(self->fd, &now));
	EXPECT_EQ(RPROC_LITE_CRASH_HEARTBEAT, now.crash);
	EXPECT_WORDS("does not answer", now.last.text);
	/* Not before the last answer was due. */
	if (running.state == RPROC_LITE_RUNNING) {
		EXPECT_LE(200000000, now.crash_since - running.state_since);
	}
	counts(_metadata, self, 1, 0);
}

/* What answers lives, for as long as it is asked. */
TEST_F(recovery, heartbeat)
{
	ASSERT_DONE(remote_set_policy(self->fd, "heartbeat-ms=10", "heartbeat-misses=50", NULL));
	ASSERT_DONE(remote_run(self->fd, "echo"));
	/* News would be a crash. A hundred answers. */
	remote_state(self->fd);
	EXPECT_EQ(0, remote_poll(self->fd, 1000));
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
	counts(_metadata, self, 0, 0);
	/* Asked for and dropped while it runs, too. */
	ASSERT_DONE(remote_set_policy(self->fd, "heartbeat-ms=0", NULL));
	ASSERT_DONE(remote_stop(self->fd, 0));
}

TEST_F(recovery, of_a_watchdog_that_barks)
{
	struct rproc_lite_info now;

	ASSERT_DONE(remote_set_policy(self->fd, "recovery=restart", "recovery-limit=2", NULL));
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_CONFIGURED));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "watchdog")));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_recovery(self->fd, RPROC_LITE_RECOVERY_GIVEN_UP));
	ASSERT_EQ(0, remote_info(self->fd, &now));
	EXPECT_EQ(RPROC_LITE_CRASH_WATCHDOG, now.crash);
	EXPECT_WORDS("watchdog", now.last.text);
	counts(_metadata, self, 3, 2);
}

/* What crashes again and again is given up, and can be started anew by hand. */
TEST_F(recovery, limit)
{
	struct rproc_lite_info now;

	ASSERT_DONE(remote_set_policy(self->fd, "recovery=restart", "recovery-limit=3", NULL));
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_CONFIGURED));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "crash")));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_recovery(self->fd, RPROC_LITE_RECOVERY_GIVEN_UP));
	ASSERT_EQ(0, remote_info(self->fd, &now));
	EXPECT_EQ(RPROC_LITE_CRASHED, now.state);
	EXPECT_EQ(RPROC_LITE_CRASH_FIRMWARE, now.crash);
	EXPECT_EQ(3, now.recovery_attempts);
	counts(_metadata, self, 4, 3);

	/* Another life, another budget. */
	ASSERT_DONE(remote_stop(self->fd, 0));
	ASSERT_EQ(0, remote_info(self->fd, &now));
	EXPECT_EQ(RPROC_LITE_RECOVERY_NONE, now.recovery);
	EXPECT_EQ(0, now.recovery_attempts);
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_recovery(self->fd, RPROC_LITE_RECOVERY_GIVEN_UP));
	counts(_metadata, self, 8, 6);
}

/* Each restart waits twice as long as the one before, but no longer than the limit. */
TEST_F(recovery, delay_grows)
{
	struct rproc_lite_info now;

	ASSERT_DONE(remote_set_policy(self->fd, "recovery=restart", "recovery-limit=4",
				      "recovery-delay-ms=100", "recovery-delay-max-ms=250",
				      NULL));
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_CONFIGURED));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "crash")));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_state(self->fd, RPROC_LITE_CRASHED));
	ASSERT_EQ(0, remote_info(self->fd, &now));
	self->before.crash_since = now.crash_since;
	ASSERT_EQ(0, remote_wait_recovery(self->fd, RPROC_LITE_RECOVERY_GIVEN_UP));
	ASSERT_EQ(0, remote_info(self->fd, &now));
	/* 100 + 200 + 250 + 250 ms. */
	EXPECT_LE(800000000, now.crash_since - self->before.crash_since);
}

/* While it waits to be restarted, it is anybody's. */
TEST_F(recovery, stopped_while_it_waits)
{
	struct rproc_lite_info now;

	ASSERT_DONE(remote_set_policy(self->fd, "recovery=restart",
				      "recovery-delay-ms=3600000",
				      "recovery-delay-max-ms=3600000", NULL));
	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_DONE(remote_crash(self->fd));
	ASSERT_EQ(0, remote_wait_recovery(self->fd, RPROC_LITE_RECOVERY_WAITING));
	EXPECT_STATE(RPROC_LITE_CRASHED, self->fd);
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	ASSERT_EQ(0, remote_info(self->fd, &now));
	EXPECT_EQ(RPROC_LITE_RECOVERY_NONE, now.recovery);
	EXPECT_DONE(remote_start(self->fd));
	counts(_metadata, self, 1, 0);
}

/* A stop that comes in the middle of a restart is not lost, and not refused. */
TEST_F(recovery, stopped_while_restarting)
{
	ASSERT_DONE(remote_set_policy(self->fd, "recovery=restart", NULL));
	/* It does as it is told the second time, so the restart takes its time. */
	ASSERT_DONE(remote_run(self->fd, "stubborn"));
	ASSERT_DONE(remote_crash(self->fd));
	ASSERT_EQ(0, remote_wait_op(self->fd, RPROC_LITE_OP_RECOVER));
	EXPECT_REFUSED(EBUSY, remote_start(self->fd));
	EXPECT_WORDS("recover", remote_said.text);
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	counts(_metadata, self, 1, 0);
}

TEST_F(recovery, shut_down_while_restarting)
{
	ASSERT_DONE(remote_set_policy(self->fd, "recovery=restart", NULL));
	ASSERT_DONE(remote_run(self->fd, "stubborn"));
	ASSERT_DONE(remote_crash(self->fd));
	ASSERT_EQ(0, remote_wait_op(self->fd, RPROC_LITE_OP_RECOVER));
	ASSERT_DONE(remote_shutdown(self->fd, REMOTE_PATIENCE));
	EXPECT_STATE(RPROC_LITE_OFFLINE, self->fd);
}

#define COPY	"/tmp/recovery.elf"

/* Another image than the one that crashed is not what was asked for. */
TEST_F(recovery, of_a_file_that_changed)
{
	char cmd[256];
	int file;

	ASSERT_DONE(remote_set_policy(self->fd, "recovery=restart", NULL));
	snprintf(cmd, sizeof(cmd), "cp /lib/firmware/%s " COPY,
		 remote_firmware(self->fd, "echo"));
	ASSERT_EQ(0, system(cmd));
	file = open(COPY, O_RDONLY | O_CLOEXEC);
	ASSERT_LE(0, file);
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load_fd(self->fd, file));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	snprintf(cmd, sizeof(cmd), "cat /lib/firmware/%s > " COPY,
		 remote_firmware(self->fd, "deaf"));
	ASSERT_EQ(0, system(cmd));

	ASSERT_DONE(remote_crash(self->fd));
	ASSERT_EQ(0, remote_wait_recovery(self->fd, RPROC_LITE_RECOVERY_GIVEN_UP));
	EXPECT_STATE(RPROC_LITE_CRASHED, self->fd);
	counts(_metadata, self, 1, 0);

	/* Unless somebody said that it is. */
	ASSERT_DONE(remote_set_policy(self->fd, "recovery-changed=allow", NULL));
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	snprintf(cmd, sizeof(cmd), "cat /lib/firmware/%s > " COPY,
		 remote_firmware(self->fd, "echo"));
	ASSERT_EQ(0, system(cmd));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	snprintf(cmd, sizeof(cmd), "cat /lib/firmware/%s > " COPY,
		 remote_firmware(self->fd, "chatty"));
	ASSERT_EQ(0, system(cmd));
	ASSERT_DONE(remote_crash(self->fd));
	runs_again(_metadata, self);
	close(file);
}

/* What can't be read again can't be restarted, and it is said at once. */
TEST_F(recovery, of_a_stream)
{
	char cmd[256];
	FILE *pipe;

	ASSERT_DONE(remote_set_policy(self->fd, "recovery=restart", NULL));
	snprintf(cmd, sizeof(cmd), "cat /lib/firmware/%s", remote_firmware(self->fd, "echo"));
	pipe = popen(cmd, "r");
	ASSERT_NE(NULL, pipe);
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load_fd(self->fd, fileno(pipe)));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_DONE(remote_crash(self->fd));
	ASSERT_EQ(0, remote_wait_recovery(self->fd, RPROC_LITE_RECOVERY_GIVEN_UP));
	EXPECT_STATE(RPROC_LITE_CRASHED, self->fd);
	counts(_metadata, self, 1, 0);
	pclose(pipe);
}

TEST_F(recovery, policy)
{
	struct rproc_lite_policy before, p;

	ASSERT_EQ(0, remote_policy(self->fd, &before));
	EXPECT_EQ(RPROC_LITE_RECOVER_NOT, before.recovery);
	ASSERT_DONE(remote_set_policy(self->fd, "recovery=stop", "recovery-limit=7",
				      "heartbeat-ms=0x10", "suspend=run", NULL));
	ASSERT_EQ(0, remote_policy(self->fd, &p));
	EXPECT_EQ(RPROC_LITE_RECOVER_STOP, p.recovery);
	EXPECT_EQ(7, p.recovery_limit);
	EXPECT_EQ(16, p.heartbeat_ms);
	EXPECT_EQ(RPROC_LITE_SLEEP_RUN, p.suspend);
	EXPECT_EQ(before.recovery_delay_max_ms, p.recovery_delay_max_ms);

	/* All or nothing. */
	before = p;
	EXPECT_REFUSED(EINVAL, remote_set_policy(self->fd, "recovery-limit=8",
						 "recovery=maybe", NULL));
	EXPECT_WORDS("none or restart or stop", remote_said.text);
	EXPECT_EQ(strlen("recovery-limit=8") + 1, remote_said.offset);
	EXPECT_REFUSED(EINVAL, remote_set_policy(self->fd, "recovery-limit=8",
						 "heartbeat-misses=0", NULL));
	EXPECT_WORDS("1 to 1000", remote_said.text);
	EXPECT_REFUSED(EINVAL, remote_set_policy(self->fd, "colour=red", NULL));
	EXPECT_WORDS("colour", remote_said.text);
	EXPECT_REFUSED(EINVAL, remote_set_policy(self->fd, "recovery", NULL));
	ASSERT_EQ(0, remote_policy(self->fd, &p));
	EXPECT_EQ(0, memcmp(&before, &p, sizeof(p)));
	/* It does not go with the hardware. */
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_STOPPED));
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_EQ(0, remote_policy(self->fd, &p));
	EXPECT_EQ(0, memcmp(&before, &p, sizeof(p)));
}

/*
 * Firmware that crashes as it begins, or as it is told to end or to sleep.
 */
FIXTURE(moment)
{
	int fd;
	struct rproc_lite_info before;
};

FIXTURE_VARIANT(moment)
{
	const char *recovery;
	uint32_t state;		/* where that leads */
};

FIXTURE_VARIANT_ADD(moment, none) { "recovery=none", RPROC_LITE_CRASHED };
FIXTURE_VARIANT_ADD(moment, stop) { "recovery=stop", RPROC_LITE_STOPPED };
FIXTURE_VARIANT_ADD(moment, restart) { "recovery=restart", RPROC_LITE_RUNNING };

FIXTURE_SETUP(moment)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_set_policy(self->fd, USUAL_POLICY, NULL));
	ASSERT_DONE(remote_set_policy(self->fd, variant->recovery, "recovery-limit=3", NULL));
	ASSERT_EQ(0, remote_info(self->fd, &self->before));
}

FIXTURE_TEARDOWN(moment)
{
	/* First, or it is restarted between the two words that it takes to stop it. */
	EXPECT_DONE(remote_set_policy(self->fd, USUAL_POLICY, NULL));
	EXPECT_DONE(remote_offline(self->fd));
	close(self->fd);
}

/* Until so many crashes have led to a state. */
static int wait_crashes(int fd, uint32_t before, uint32_t crashes, uint32_t state)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	struct rproc_lite_info now;

	do {
		if (remote_info(fd, &now))
			return -ENODEV;
		if (now.crash_count - before == crashes && now.state == state &&
		    now.op == RPROC_LITE_OP_NONE)
			return 0;
		remote_poll(fd, 10);
	} while (now_ms() < end);
	printf("# %u crashes, %s\n", now.crash_count - before, remote_state_name(now.state));
	return -ETIMEDOUT;
}

/* Again and again, so a restart is given up. */
TEST_F(moment, begin)
{
	bool restarts = variant->state == RPROC_LITE_RUNNING;

	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "crash-early")));
	ASSERT_DONE(remote_start(self->fd));
	EXPECT_EQ(0, wait_crashes(self->fd, self->before.crash_count, restarts ? 4 : 1,
				  restarts ? RPROC_LITE_CRASHED : variant->state));
	EXPECT_STRNE("", remote_trace_with(self->fd, "fault"));
}

/*
 * It is stopped all the same where there is a way to force it. Elsewhere it runs on, and
 * crashed, which the policy does something about; then it is stopped by the next word.
 */
TEST_F(moment, shutdown)
{
	ASSERT_DONE(remote_run(self->fd, "crash-shutdown"));
	if (remote_kind(self->fd)->has_reset) {
		ASSERT_DONE(remote_stop(self->fd, 300));
		EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
		EXPECT_EQ(0, wait_crashes(self->fd, self->before.crash_count, 0,
					  RPROC_LITE_STOPPED));
		return;
	}
	EXPECT_REFUSED(ETIMEDOUT, remote_stop(self->fd, 300));
	EXPECT_EQ(0, wait_crashes(self->fd, self->before.crash_count, 1, variant->state));
}

/* SUSPEND ends at once, and not after its time. */
TEST_F(moment, suspend)
{
	uint64_t begin;

	ASSERT_DONE(remote_run(self->fd, "crash-suspend"));
	begin = now_ms();
	EXPECT_REFUSED(EIO, remote_suspend(self->fd, 4 * REMOTE_PATIENCE));
	EXPECT_GT(REMOTE_PATIENCE, now_ms() - begin);
	EXPECT_WORDS("crashed instead", remote_said.text);
	EXPECT_EQ(0, wait_crashes(self->fd, self->before.crash_count, 1, variant->state));
}

/*
 * Each cause, from the crash to firmware that talks again.
 */
FIXTURE(cause)
{
	int fd;
	int channel;
	struct rproc_lite_info before;
};

FIXTURE_VARIANT(cause)
{
	uint32_t cause;
	const char *command;	/* that brings it about; none for the ioctl */
	bool hangs;
};

FIXTURE_VARIANT_ADD(cause, firmware) { RPROC_LITE_CRASH_FIRMWARE, "/crash" };
FIXTURE_VARIANT_ADD(cause, core_off) { RPROC_LITE_CRASH_CORE_OFF, "/off" };
FIXTURE_VARIANT_ADD(cause, watchdog) { RPROC_LITE_CRASH_WATCHDOG, "/bark" };
FIXTURE_VARIANT_ADD(cause, heartbeat) { RPROC_LITE_CRASH_HEARTBEAT, "/hang", true };
FIXTURE_VARIANT_ADD(cause, user) { RPROC_LITE_CRASH_USER };

FIXTURE_SETUP(cause)
{
	self->channel = -1;
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	if (virtio_drivers())
		SKIP(return, "no rpmsg drivers for this kernel");
	if (variant->hangs && !remote_kind(self->fd)->has_reset)
		SKIP(return, "a core that hangs can't be had back here: see hopeless");
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_set_policy(self->fd, USUAL_POLICY, NULL));
	ASSERT_DONE(remote_run(self->fd, "rpmsg"));
	self->channel = channel_open(self->fd, CHANNEL, O_RDWR);
	ASSERT_LE(0, self->channel);
	ASSERT_EQ(0, io_echo(self->channel, 64, 1, 1));
	if (variant->hangs) {
		/* Not so few that a busy host seems to be a crash. */
		ASSERT_DONE(remote_set_policy(self->fd, "heartbeat-ms=100", "heartbeat-misses=30",
					      NULL));
	}
	ASSERT_EQ(0, remote_info(self->fd, &self->before));
}

FIXTURE_TEARDOWN(cause)
{
	close(self->channel);
	EXPECT_DONE(remote_offline(self->fd));
	EXPECT_DONE(remote_set_policy(self->fd, USUAL_POLICY, NULL));
	close(self->fd);
}

static void bring_about(struct __test_metadata *_metadata, FIXTURE_DATA(cause) *self,
			const char *command)
{
	if (command) {
		ASSERT_EQ(0, io_say(self->channel, command));
	} else {
		ASSERT_DONE(remote_crash(self->fd));
	}
}

static void heard_once(struct __test_metadata *_metadata, FIXTURE_DATA(cause) *self,
		       uint32_t cause)
{
	struct rproc_lite_info now;

	ASSERT_EQ(0, remote_info(self->fd, &now));
	EXPECT_EQ(cause, now.crash);
	EXPECT_EQ(1, now.crash_count - self->before.crash_count);
}

TEST_F(cause, none)
{
	bring_about(_metadata, self, variant->command);
	ASSERT_EQ(0, remote_wait_state(self->fd, RPROC_LITE_CRASHED));
	heard_once(_metadata, self, variant->cause);
	EXPECT_DONE(remote_stop(self->fd, 0));
	EXPECT_DONE(remote_start(self->fd));
	heard_once(_metadata, self, variant->cause);
}

TEST_F(cause, stop)
{
	ASSERT_DONE(remote_set_policy(self->fd, "recovery=stop", NULL));
	bring_about(_metadata, self, variant->command);
	ASSERT_EQ(0, remote_wait_recovery(self->fd, RPROC_LITE_RECOVERY_STOPPED));
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	heard_once(_metadata, self, variant->cause);
}

/* And a second time: what the first one left must not count again, nor be in its way. */
TEST_F(cause, restart)
{
	uint64_t begin;
	int i;

	ASSERT_DONE(remote_set_policy(self->fd, "recovery=restart", NULL));
	for (i = 0; i < 2; i++) {
		bring_about(_metadata, self, variant->command);
		begin = now_ms();
		ASSERT_EQ(0, remote_wait_recovery(self->fd, RPROC_LITE_RECOVERY_DONE));
		close(self->channel);
		self->channel = channel_open(self->fd, CHANNEL, O_RDWR);
		ASSERT_LE(0, self->channel);
		ASSERT_EQ(0, io_echo(self->channel, 64, 1, 1));
		printf("# from the crash to talking again: %d ms\n", (int)(now_ms() - begin));
		heard_once(_metadata, self, variant->cause);
		ASSERT_EQ(0, remote_info(self->fd, &self->before));
		/* So that the next one's outcome can be told from this one's. */
		ASSERT_DONE(remote_stop(self->fd, 0));
		ASSERT_DONE(remote_start(self->fd));
		close(self->channel);
		self->channel = channel_open(self->fd, CHANNEL, O_RDWR);
		ASSERT_LE(0, self->channel);
	}
}

REMOTE_TEST_MAIN
