// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whoever works with a remote is killed, at any moment: another goes on from
 * there, and the CPU comes back.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "guest.h"
#include "remote.h"

/* About what a whole life takes; the moment of death is random within. */
#define LIFE_US	90000

FIXTURE(killed)
{
	int fd;
	int cpu;
	unsigned int count;
	unsigned int seen[7];	/* states found after a death */
};

FIXTURE_SETUP(killed)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_EQ(0, cpu_borrowed(self->fd, &self->cpu));
	self->count = count_from_env(20);
	/* Orphans are ours, so that we see their end. */
	ASSERT_EQ(0, prctl(PR_SET_CHILD_SUBREAPER, 1));
	/* The same moments each time, as far as time can be repeated. */
	srand(1);
}

FIXTURE_TEARDOWN(killed)
{
	unsigned int i;

	for (i = 0; i < 7; i++)
		if (self->seen[i])
			printf("# %u died with the remote %s\n", self->seen[i],
			       remote_state_name(i));
	EXPECT_DONE(remote_offline(self->fd));
	EXPECT_TRUE(cpu_is_back(self->cpu));
	close(self->fd);
}

static int live_for_ever(int fd, const char *firmware)
{
	char name[128];
	int file;

	snprintf(name, sizeof(name), "%s", remote_firmware(fd, firmware));
	file = remote_open_firmware(fd, firmware);
	for (;;) {
		remote_config(fd);
		if (rand() % 2)
			remote_load(fd, name);
		else
			remote_load_fd(fd, file);
		remote_start(fd);
		if (rand() % 2) {
			remote_stop(fd, REMOTE_PATIENCE);
			remote_start(fd);
		}
		remote_shutdown(fd, REMOTE_PATIENCE);
	}
	return 0;
}

static int by_ioctl(int fd, int life)
{
	srand((unsigned int)life);
	return live_for_ever(fd, "echo");
}

static int by_ioctl_stubborn(int fd, int life)
{
	srand((unsigned int)life);
	return live_for_ever(fd, "stubborn");
}

/* One that can be killed as a whole. */
static void be_quiet_group(void)
{
	setpgid(0, 0);
	close(1);
	close(2);
	open("/dev/null", O_WRONLY);
	open("/dev/null", O_WRONLY);
}

/* The end of all processes of a group, which are our children by then. */
static int wait_group(pid_t group)
{
	uint64_t end = now_ms() + REMOTE_PROMPT;

	while (waitpid(-group, NULL, WNOHANG) >= 0) {
		if (now_ms() > end)
			return -ETIMEDOUT;
		usleep(1000);
	}
	return 0;
}

static int by_tool(int fd, int life)
{
	static const char script[] =
		"while :; do rprocctl config r0; rprocctl load r0 $F; rprocctl start r0;"
		"rprocctl stop r0; rprocctl shutdown r0; done";

	(void)life;
	setenv("F", remote_firmware(fd, "echo"), 1);
	be_quiet_group();
	execl("/bin/sh", "sh", "-c", script, NULL);
	_exit(127);
}

static int by_tool_run(int fd, int life)
{
	(void)life;
	be_quiet_group();
	execlp("rprocctl", "rprocctl", "run", "r0", remote_firmware(fd, "echo"), NULL);
	_exit(127);
}

static void die_often(struct __test_metadata *_metadata, FIXTURE_DATA(killed) *self, job_fn *fn,
		      unsigned int life_us, bool group)
{
	struct rproc_lite_info info;
	struct job job;
	unsigned int i;
	int state;

	for (i = 0; i < self->count; i++) {
		ASSERT_EQ(0, job_begin(&job, fn, self->fd, (int)i));
		usleep((useconds_t)((unsigned int)rand() % life_us));
		/* It may not have made itself a group yet. */
		if (group)
			kill(-job.pid, SIGKILL);
		kill(job.pid, SIGKILL);
		ASSERT_EQ(0, job_end(&job, REMOTE_PROMPT));
		ASSERT_EQ(0, wait_group(job.pid)) TH_LOG("a child of its lives on");

		/*
		 * When it is dead, nothing of its is under way; the module may be about to
		 * see that firmware obeyed a word of its.
		 */
		ASSERT_DONE(remote_info(self->fd, &info));
		ASSERT_TRUE(info.op == RPROC_LITE_OP_NONE || !kill((pid_t)info.op_pid, 0))
			TH_LOG("operation %u of process %u", info.op, info.op_pid);
		state = (int)info.state;
		ASSERT_LE(0, state);
		ASSERT_GT(7, state);
		ASSERT_NE(RPROC_LITE_CRASHED, (unsigned int)state);
		self->seen[state]++;
		ASSERT_DONE(remote_offline(self->fd));
		ASSERT_TRUE(cpu_is_back(self->cpu));
		ASSERT_DONE(remote_run(self->fd, "echo"));
		ASSERT_DONE(remote_offline(self->fd));
	}
}

TEST_F_TIMEOUT(killed, by_ioctl, 600)
{
	die_often(_metadata, self, by_ioctl, LIFE_US, false);
}

TEST_F_TIMEOUT(killed, while_it_waits, 600)
{
	die_often(_metadata, self, by_ioctl_stubborn, 3 * LIFE_US, false);
}

static bool no_tool(void)
{
	return access("/usr/bin/rprocctl", X_OK) && access("/usr/sbin/rprocctl", X_OK);
}

TEST_F_TIMEOUT(killed, rprocctl, 600)
{
	if (no_tool()) {
		SKIP(return, "no rprocctl");
	}
	die_often(_metadata, self, by_tool, 6 * LIFE_US, true);
}

TEST_F_TIMEOUT(killed, rprocctl_run, 600)
{
	if (no_tool()) {
		SKIP(return, "no rprocctl");
	}
	die_often(_metadata, self, by_tool_run, 3 * LIFE_US, false);
}

REMOTE_TEST_MAIN
