// SPDX-License-Identifier: GPL-2.0-only
/*
 * A remote that sleeps: when told to, and when the system does.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <time.h>

#include "kselftest_harness.h"
#include "guest.h"
#include "remote.h"

FIXTURE(sleep)
{
	int fd;
	struct rproc_lite_info before;
};

FIXTURE_SETUP(sleep)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_set_policy(self->fd, USUAL_POLICY, NULL));
	ASSERT_EQ(0, remote_info(self->fd, &self->before));
}

FIXTURE_TEARDOWN(sleep)
{
	EXPECT_DONE(remote_offline(self->fd));
	EXPECT_DONE(remote_set_policy(self->fd, USUAL_POLICY, NULL));
	close(self->fd);
}

TEST_F(sleep, suspend_and_resume)
{
	int i;

	ASSERT_DONE(remote_run(self->fd, "echo"));
	for (i = 0; i < 20; i++) {
		ASSERT_DONE(remote_suspend(self->fd, 0));
		EXPECT_STATE(RPROC_LITE_SUSPENDED, self->fd);
		EXPECT_EQ(i + 1, remote_trace_count(self->fd, "suspended"));
		EXPECT_EQ(i, remote_trace_count(self->fd, "resumed"));
		ASSERT_DONE(remote_resume(self->fd));
		EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
		while (remote_trace_count(self->fd, "resumed") == i)
			remote_poll(self->fd, 1);
	}
	EXPECT_DONE(remote_stop(self->fd, 0));
}

/* Each refusal of the specification's states, and that it changes nothing. */
TEST_F(sleep, in_other_states)
{
	EXPECT_REFUSED(EBADFD, remote_suspend(self->fd, 0));
	EXPECT_WORDS("Running", remote_said.text);
	EXPECT_REFUSED(EBADFD, remote_resume(self->fd));
	EXPECT_WORDS("Suspended", remote_said.text);
	ASSERT_DONE(remote_run(self->fd, "echo"));
	EXPECT_REFUSED(EBADFD, remote_resume(self->fd));
	ASSERT_DONE(remote_suspend(self->fd, 0));
	EXPECT_REFUSED(EBADFD, remote_suspend(self->fd, 0));
	EXPECT_REFUSED(EBADFD, remote_start(self->fd));
	EXPECT_REFUSED(EBADFD, remote_config(self->fd));
	EXPECT_STATE(RPROC_LITE_SUSPENDED, self->fd);
}

TEST_F(sleep, firmware_does_not_answer)
{
	uint64_t begin;

	ASSERT_DONE(remote_run(self->fd, "nosuspend"));
	begin = now_ms();
	EXPECT_REFUSED(ETIMEDOUT, remote_suspend(self->fd, 300));
	EXPECT_LE(300, now_ms() - begin);
	EXPECT_WORDS("did not suspend within 300 ms; it runs on", remote_said.text);
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
	EXPECT_DONE(remote_stop(self->fd, 0));
}

/* What is asleep can be stopped, shut down, and crash. */
TEST_F(sleep, stop)
{
	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_DONE(remote_suspend(self->fd, 0));
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	ASSERT_DONE(remote_suspend(self->fd, 0));
	ASSERT_DONE(remote_shutdown(self->fd, REMOTE_PATIENCE));
}

TEST_F(sleep, crash)
{
	ASSERT_DONE(remote_set_policy(self->fd, "recovery=restart", NULL));
	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_DONE(remote_suspend(self->fd, 0));
	ASSERT_DONE(remote_crash(self->fd));
	ASSERT_EQ(0, remote_wait_recovery(self->fd, RPROC_LITE_RECOVERY_DONE));
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
}

/* A remote that sleeps owes no answers. */
TEST_F(sleep, no_heartbeat)
{
	struct rproc_lite_info now;

	ASSERT_DONE(remote_set_policy(self->fd, "heartbeat-ms=20", "heartbeat-misses=3", NULL));
	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_DONE(remote_suspend(self->fd, 0));
	EXPECT_STATE(RPROC_LITE_SUSPENDED, self->fd);
	/* Nothing new for ten times as long as it would take to be noticed. */
	EXPECT_EQ(0, remote_poll(self->fd, 600));
	EXPECT_STATE(RPROC_LITE_SUSPENDED, self->fd);
	EXPECT_EQ(1, remote_trace_count(self->fd, "suspended"));
	EXPECT_EQ(0, remote_trace_count(self->fd, "resumed"));
	ASSERT_DONE(remote_resume(self->fd));
	ASSERT_EQ(0, remote_info(self->fd, &now));
	EXPECT_EQ(self->before.crash_count, now.crash_count);
}

/* That of xlnx-versal-virt never rings. */
static bool has_alarm(void)
{
	char name[64];

	return read_text("/sys/class/rtc/rtc0/name", name, sizeof(name)) > 0 &&
	       strstr(name, "pl031");
}

/*
 * The system's sleep: until the clock's alarm, or, where there is none, as far as its
 * devices and for seconds.
 */
static int system_sleep(bool only_devices)
{
	int ret;

	if (only_devices || !has_alarm() || write_text("/sys/class/rtc/rtc0/wakealarm", "+2"))
		return sleep_as_far_as("devices", "5");
	ret = write_text("/sys/power/state", "freeze");
	write_text("/sys/class/rtc/rtc0/wakealarm", "0");
	return ret;
}

FIXTURE(system)
{
	int fd;
	uint64_t seq;
};

FIXTURE_SETUP(system)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_set_policy(self->fd, USUAL_POLICY, NULL));
}

FIXTURE_TEARDOWN(system)
{
	EXPECT_DONE(remote_offline(self->fd));
	EXPECT_DONE(remote_set_policy(self->fd, USUAL_POLICY, NULL));
	close(self->fd);
}

TEST_F(system, asks)
{
	ASSERT_DONE(remote_run(self->fd, "echo"));
	self->seq = remote_state_seq(self->fd);
	ASSERT_EQ(0, system_sleep(false));
	ASSERT_EQ(0, remote_wait_state(self->fd, RPROC_LITE_RUNNING));
	EXPECT_EQ(self->seq + 2, remote_state_seq(self->fd));
	EXPECT_EQ(1, remote_trace_count(self->fd, "suspended"));
	EXPECT_STRNE("", remote_trace_with(self->fd, "resumed"));
}

static void hear(int number)
{
	(void)number;
}

/* Signals all the time; each is heard before the next call. */
static int hear_signals(int fd, int often)
{
	struct rproc_lite_info info;
	int i, ret;

	signal(SIGUSR1, hear);
	do {
		for (i = 0; i < often; i++)
			raise(SIGUSR1);
		ret = remote_info(fd, &info);
	} while (!ret);
	return ret;
}

/*
 * More a test of the bench: the remote is Offline, so that Linux has several cores, of which QEMU
 * may let tasks like these go round for ever. Documentation/testing.rst has why, and guest-init
 * what is done about it.
 */
TEST_F_TIMEOUT(system, freezes_who_hears_signals, 600)
{
	unsigned int left = count_from_env(25);
	struct job jobs[8];
	int i, ret;

	for (i = 0; i < 8; i++) {
		ASSERT_EQ(0, job_begin(&jobs[i], hear_signals, self->fd, 100));
	}
	while (left--) {
		ret = sleep_as_far_as("freezer", "0");
		if (ret == -ENOTSUP)
			SKIP(return, "no pm_test");
		ASSERT_EQ(0, ret);
	}
	for (i = 0; i < 8; i++) {
		EXPECT_EQ(-ETIMEDOUT, job_end(&jobs[i], 0))
			TH_LOG("INFO: %d", jobs[i].result->ret);
	}
}

/* The same as far as the devices, and back: what pm_test is for. */
TEST_F(system, is_tested)
{
	ASSERT_DONE(remote_run(self->fd, "echo"));
	self->seq = remote_state_seq(self->fd);
	ASSERT_EQ(0, system_sleep(true));
	ASSERT_EQ(0, remote_wait_state(self->fd, RPROC_LITE_RUNNING));
	EXPECT_EQ(self->seq + 2, remote_state_seq(self->fd));
}

TEST_F(system, stops)
{
	ASSERT_DONE(remote_set_policy(self->fd, "suspend=stop", NULL));
	ASSERT_DONE(remote_run(self->fd, "echo"));
	self->seq = remote_state_seq(self->fd);
	ASSERT_EQ(0, system_sleep(false));
	ASSERT_EQ(0, remote_wait_state(self->fd, RPROC_LITE_RUNNING));
	EXPECT_EQ(self->seq + 2, remote_state_seq(self->fd));
	EXPECT_EQ(0, remote_wait_ready(self->fd));
}

TEST_F(system, lets_run)
{
	ASSERT_DONE(remote_set_policy(self->fd, "suspend=run", NULL));
	ASSERT_DONE(remote_run(self->fd, "echo"));
	self->seq = remote_state_seq(self->fd);
	ASSERT_EQ(0, system_sleep(false));
	EXPECT_EQ(self->seq, remote_state_seq(self->fd));
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
	EXPECT_EQ(0, remote_trace_count(self->fd, "suspended"));
	EXPECT_DONE(remote_stop(self->fd, 0));
}

/* Who was put to sleep by hand stays so. */
TEST_F(system, leaves_what_slept_before)
{
	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_DONE(remote_suspend(self->fd, 0));
	self->seq = remote_state_seq(self->fd);
	ASSERT_EQ(0, system_sleep(false));
	EXPECT_EQ(self->seq, remote_state_seq(self->fd));
	EXPECT_STATE(RPROC_LITE_SUSPENDED, self->fd);
}

/* One that refuses is let run, unless told otherwise. */
TEST_F(system, is_refused)
{
	ASSERT_DONE(remote_set_policy(self->fd, "suspend-timeout-ms=200", NULL));
	ASSERT_DONE(remote_run(self->fd, "nosuspend"));
	self->seq = remote_state_seq(self->fd);
	ASSERT_EQ(0, system_sleep(false));
	EXPECT_EQ(self->seq, remote_state_seq(self->fd));

	ASSERT_DONE(remote_set_policy(self->fd, "suspend-refused=block", NULL));
	EXPECT_EQ(-EBUSY, system_sleep(false));
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
	/* And nothing is left behind that would keep it from being started. */
	ASSERT_DONE(remote_stop(self->fd, 0));
	EXPECT_DONE(remote_start(self->fd));
}

/*
 * The remote rings while the system sleeps, long before the clock's alarm.
 */
#define DOORBELL	"/sys/bus/platform/devices/mailbox-0/power/"
#define RING_MS		1500
#define ALARM_S		8
#define ALARM		"+8"

FIXTURE(ring)
{
	int fd;
	off_t counter;
};

FIXTURE_SETUP(ring)
{
	struct rproc_lite_placement p;

	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	if (remote_kind(self->fd)->has_reset)
		SKIP(return, "there is no interrupt to wake by: the doorbell is looked at");
	if (!has_alarm() || access("/sys/class/rtc/rtc0/wakealarm", W_OK))
		SKIP(return, "no alarm clock, so nothing would end a sleep that no ring ends");
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_set_policy(self->fd, USUAL_POLICY, NULL));
	ASSERT_DONE(remote_set_policy(self->fd, "suspend=run", NULL));
	ASSERT_DONE(remote_run(self->fd, "ring"));
	ASSERT_EQ(0, remote_placed(self->fd, RPROC_LITE_PLACED_CARVEOUT, "counter", &p));
	self->counter = remote_offset(self->fd, p.da, 8);
	ASSERT_LE(0, self->counter);
}

FIXTURE_TEARDOWN(ring)
{
	EXPECT_DONE(remote_offline(self->fd));
	EXPECT_DONE(remote_set_policy(self->fd, USUAL_POLICY, NULL));
	close(self->fd);
}

/* Of what goes on while the system sleeps. */
static uint64_t boottime_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

/* Who has the interrupt that woke the system, "" if none did. */
static const char *woken_by(void)
{
	static char text[64];
	char path[64];

	if (read_text("/sys/power/pm_wakeup_irq", text, sizeof(text)) <= 0)
		return "";
	snprintf(path, sizeof(path), "/sys/kernel/irq/%d/actions", atoi(text));
	return read_text(path, text, sizeof(text)) > 0 ? text : "";
}

/* Return: how long it slept, ms, with its ring in the middle; or a negative errno. */
static int sleep_through_ring(int fd, off_t counter)
{
	uint32_t words[2] = { 0, RING_MS }, rung = 0;
	uint64_t begin = boottime_ms();
	int ret;

	if (pwrite(fd, words, sizeof(words), counter) != sizeof(words))
		return -EIO;
	write_text("/sys/class/rtc/rtc0/wakealarm", "0");
	ret = write_text("/sys/class/rtc/rtc0/wakealarm", ALARM);
	if (!ret)
		ret = write_text("/sys/power/state", "freeze");
	write_text("/sys/class/rtc/rtc0/wakealarm", "0");
	if (pread(fd, &rung, sizeof(rung), counter) != sizeof(rung))
		return -EIO;
	return ret ? ret : rung != 1 ? -ENOMSG : (int)(boottime_ms() - begin);
}

TEST_F(ring, wakes)
{
	int slept;

	slept = sleep_through_ring(self->fd, self->counter);
	printf("# woken after %d ms\n", slept);
	EXPECT_LE(RING_MS, slept);
	EXPECT_GT(ALARM_S * 1000 - RING_MS, slept);
	EXPECT_STREQ("mailbox-0\n", woken_by());
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
	EXPECT_DONE(remote_stop(self->fd, 0));
}

/* As without wakeup-source: what it says is heard afterwards. */
TEST_F(ring, does_not_wake)
{
	int slept;

	ASSERT_EQ(0, write_text(DOORBELL "wakeup", "disabled"));
	slept = sleep_through_ring(self->fd, self->counter);
	EXPECT_EQ(0, write_text(DOORBELL "wakeup", "enabled"));
	printf("# woken after %d ms\n", slept);
	EXPECT_LE((ALARM_S - 1) * 1000, slept);
	EXPECT_STRNE("mailbox-0\n", woken_by());
	EXPECT_DONE(remote_stop(self->fd, 0));
}

REMOTE_TEST_MAIN
