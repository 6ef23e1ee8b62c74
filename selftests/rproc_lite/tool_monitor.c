// SPDX-License-Identifier: GPL-2.0-only
/*
 * rprocctl monitor, and rprocctl wait: what they tell and leave out, with what they end,
 * that nothing escapes them, and that they say so if something must.
 *
 * checkpatch: SPACING, BRACES, NAKED_SSCANF: FIXTURE_DATA(x) is a type, the harness's macros
 * are two statements each, and ASSERT_EQ looks at what sscanf() returns.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include "kselftest_harness.h"
#include "command.h"
#include "guest.h"
#include "isjson.h"
#include "remote.h"
#include "watcher.h"

/* The tool's exit codes. */
enum { DONE, FAILED, USAGE, NO_DEVICE, TIMED_OUT };

FIXTURE(tool)
{
	int fd;
	struct watcher w;
	struct command_result r;
};

FIXTURE_SETUP(tool)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	setenv("NO_COLOR", "1", 1);
}

FIXTURE_TEARDOWN(tool)
{
	close(self->fd);
	/* Tests may have made another of it. */
	self->fd = remote_open(REMOTE, O_RDWR);
	EXPECT_DONE(remote_offline(self->fd));
	close(self->fd);
}

#define WORDS(...)	((const char *const[]){ "rprocctl", __VA_ARGS__, NULL })

#define EXPECT_EXIT(code, ...) do {					\
	command(WORDS(__VA_ARGS__), NULL, 0, &self->r);			\
	EXPECT_EQ(code, self->r.status)					\
		TH_LOG("out '%s' err '%s'", self->r.out, self->r.err);	\
} while (0)
#define EXPECT_ERR(text)	EXPECT_WORDS(text, self->r.err)

/* It has begun when it has told how things are. */
#define BEGIN(...) do {							\
	ASSERT_EQ(0, watcher_begin(&self->w, WORDS("monitor", __VA_ARGS__))); \
	line_with(_metadata, &self->w, "now");				\
} while (0)

/* The next line tells of this. */
static void line_with(struct __test_metadata *_metadata, struct watcher *w, const char *text)
{
	ASSERT_EQ(0, watcher_line(w)) TH_LOG("instead of %s", text);
	EXPECT_WORDS(text, w->line);
}

TEST_F(tool, text)
{
	unsigned long long s, us, last = 0;
	unsigned int i;

	BEGIN("r0", "-n", "9");
	EXPECT_WORDS(" r0 now Offline\n", self->w.line);
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_CRASHED));
	ASSERT_DONE(remote_offline(self->fd));
	for (i = 0; i < 9; i++) {
		static const char *const lines[] = {
			" r0 state Offline -> Configured\n", " r0 state Configured -> Ready\n",
			" r0 virtio vdev0 added, Linux as the driver\n",
			" r0 state Ready -> Running\n", " r0 state Running -> Crashed\n",
			" r0 crash firmware, number ",
			" r0 virtio vdev0 removed, Linux as the driver\n",
			" r0 state Crashed -> Stopped\n", " r0 state Stopped -> Offline\n",
		};

		line_with(_metadata, &self->w, lines[i]);
		ASSERT_EQ(2, sscanf(self->w.line, "%llu.%6llu ", &s, &us));
		EXPECT_LE(last, s * 1000000 + us);
		last = s * 1000000 + us;
		if (strstr(lines[i], " crash ")) {
			EXPECT_WORDS(": the firmware reported a crash\n", self->w.line);
		}
	}
	EXPECT_EQ(-EPIPE, watcher_line(&self->w)) TH_LOG("%s", self->w.line);
	EXPECT_EQ(DONE, watcher_end(&self->w, 0));
}

/* The settings as they are taken; and in JSON each on its own. */
TEST_F(tool, policy)
{
	struct watcher json;

	BEGIN("r0", "-n", "2");
	ASSERT_EQ(0, watcher_begin(&json, WORDS("monitor", "r0", "--json", "-n", "2")));
	line_with(_metadata, &json, "\"now\"");
	EXPECT_EXIT(DONE, "policy", "r0", "recovery=restart", "heartbeat-ms=700");
	line_with(_metadata, &self->w, " r0 policy recovery=restart recovery-limit=10 ");
	EXPECT_WORDS(" heartbeat-ms=700 heartbeat-misses=3 coredump=off ", self->w.line);
	EXPECT_WORDS(" delegate=none\n", self->w.line);
	line_with(_metadata, &json, "{\"event\":\"policy\",\"name\":\"r0\",\"id\":0,");
	EXPECT_TRUE(is_json(json.line)) TH_LOG("%s", json.line);
	EXPECT_WORDS("\"policy\":{\"recovery\":\"restart\",\"recovery_limit\":10,", json.line);
	EXPECT_WORDS("\"heartbeat_ms\":700,\"heartbeat_misses\":3,", json.line);
	EXPECT_EXIT(DONE, "policy", "r0", "recovery=none", "heartbeat-ms=0");
	line_with(_metadata, &self->w, " r0 policy recovery=none ");
	line_with(_metadata, &json, "\"recovery\":\"none\"");
	EXPECT_EQ(DONE, watcher_end(&self->w, 0));
	EXPECT_EQ(DONE, watcher_end(&json, 0));
}

TEST_F(tool, json)
{
	static const char *const kinds[] = {
		"{\"event\":\"state\",\"name\":\"r0\",\"id\":0,\"event_seq\":",
		"\"state\":\"Ready\"", "\"vdev\":0,\"role\":\"driver\",\"gone\":false",
		"\"from\":\"Ready\"", "\"state\":\"Crashed\"",
		"\"crash\":\"firmware\",\"crashes\":",
	};
	unsigned int i;

	BEGIN("--json", "r0");
	EXPECT_TRUE(is_json(self->w.line)) TH_LOG("%s", self->w.line);
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_CRASHED));
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		line_with(_metadata, &self->w, kinds[i]);
		EXPECT_TRUE(is_json(self->w.line)) TH_LOG("%s", self->w.line);
	}
	EXPECT_WORDS("\"reason\":{\"errno\":\"EIO\"", self->w.line);
	EXPECT_EQ(DONE, watcher_end(&self->w, SIGINT));
}

TEST_F(tool, chosen_events)
{
	ASSERT_EQ(0, watcher_begin(&self->w, WORDS("monitor", "/dev/rproc_lite0", "--events",
						   "crash,trace", "--count", "1000")));
	ASSERT_EQ(0, watcher_polls(&self->w));
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_CRASHED));
	ASSERT_DONE(remote_offline(self->fd));
	do {
		ASSERT_EQ(0, watcher_line(&self->w));
		EXPECT_EQ(NULL, strstr(self->w.line, " state "));
		EXPECT_EQ(NULL, strstr(self->w.line, " now "));
		EXPECT_EQ(NULL, strstr(self->w.line, " virtio "));
	} while (!strstr(self->w.line, " crash "));
	EXPECT_EQ(DONE, watcher_end(&self->w, SIGTERM));
}

/* What happens to others is theirs. */
TEST_F(tool, chosen_remotes)
{
	int other = remote_open(1, O_RDWR);

	if (other < 0)
		SKIP(return, "there is no r1");
	BEGIN("r1");
	EXPECT_WORDS(" r1 now", self->w.line);
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_config(other));
	line_with(_metadata, &self->w, " r1 state Offline -> Configured\n");
	ASSERT_DONE(remote_offline(other));
	EXPECT_EQ(DONE, watcher_end(&self->w, SIGINT));
	close(other);
}

TEST_F(tool, exit_codes)
{
	EXPECT_EXIT(DONE, "monitor", "--timeout", "20ms");
	EXPECT_EXIT(DONE, "monitor", "--timeout", "0");
	EXPECT_EXIT(TIMED_OUT, "monitor", "r0", "-n", "2", "--timeout", "20ms");
	EXPECT_ERR("monitor r0: 2 events less than wanted after 20 ms");
	EXPECT_EXIT(NO_DEVICE, "monitor", "r0", "r250");
	EXPECT_ERR("no remote is called r250");
	EXPECT_EXIT(USAGE, "monitor", "--events", "state,nonsense");
	EXPECT_ERR("\"nonsense\"; there are: now, added,");
	EXPECT_EXIT(USAGE, "monitor", "--events", "");
	EXPECT_EXIT(USAGE, "monitor", "--events", "overrun");
	EXPECT_EXIT(USAGE, "monitor", "-n", "0");
	EXPECT_EXIT(USAGE, "monitor", "--count", "many");
	EXPECT_EXIT(USAGE, "monitor", "-n");
	EXPECT_EXIT(USAGE, "wait", "r0", "Running", "--count", "1");
	/* The same letter is another option elsewhere, wherever it stands. */
	EXPECT_EXIT(DONE, "--timeout", "20ms", "monitor", "r0", "--events", "now");
	ASSERT_DONE(remote_config(self->fd));
	EXPECT_EXIT(DONE, "load", "-n", "r0", remote_firmware(self->fd, "echo"));
}

TEST_F(tool, nobody_reads)
{
	BEGIN("r0");
	close(self->w.fd);
	EXPECT_EQ(FAILED, watcher_end(&self->w, 0));
}

/* Every crash, once, in order. */
TEST_F_TIMEOUT(tool, crashes, 900)
{
	unsigned int i, n = count_from_env(10);
	struct rproc_lite_info info;
	char wanted[64];

	ASSERT_EQ(0, remote_info(self->fd, &info));
	BEGIN("r0", "--json", "--events", "now,crash");
	for (i = 1; i <= n; i++) {
		ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_CRASHED));
		ASSERT_DONE(remote_offline(self->fd));
	}
	for (i = 1; i <= n; i++) {
		snprintf(wanted, sizeof(wanted), "\"crashes\":%u,", info.crash_count + i);
		line_with(_metadata, &self->w, wanted);
	}
	kill(self->w.pid, SIGINT);
	EXPECT_EQ(-EPIPE, watcher_line(&self->w)) TH_LOG("%s", self->w.line);
	EXPECT_EQ(DONE, watcher_end(&self->w, 0));
}

/* What netlink sockets have lost so far. */
static unsigned long drops(void)
{
	unsigned long sum = 0, n;
	char line[256];
	FILE *f = fopen("/proc/net/netlink", "r");

	while (f && fgets(line, sizeof(line), f))
		if (sscanf(line, "%*s %*s %*s %*s %*s %*s %*s %*s %lu", &n) == 1)
			sum += n;
	if (f)
		fclose(f);
	return sum;
}

/*
 * From Offline to Ready, so many events that whoever does not take them loses some: changes of
 * state first, and then what takes less time.
 */
static void overflow(struct __test_metadata *_metadata, int fd)
{
	unsigned long before = drops();
	char firmware[64];
	unsigned int i;

	snprintf(firmware, sizeof(firmware), "%s", remote_firmware(fd, "notable"));
	ASSERT_DONE(remote_config(fd));
	ASSERT_DONE(remote_load(fd, firmware));
	for (i = 0; i < 100; i++) {
		ASSERT_DONE(remote_stop(fd, 0));
		ASSERT_DONE(remote_load(fd, firmware));
	}
	for (i = 0; i % 32 || drops() == before; i++) {
		ASSERT_DONE(remote_set_policy(fd, i % 2 ? "coredump=off" : "coredump=copy", NULL));
	}
}

/* Events that nobody took are lost; that is told, where it was, and how things are then. */
TEST_F_TIMEOUT(tool, overrun, 150)
{
	unsigned int told = 0;

	BEGIN("r0", "--events", "now,state");
	ASSERT_EQ(0, watcher_polls(&self->w));
	kill(self->w.pid, SIGSTOP);
	overflow(_metadata, self->fd);
	ASSERT_DONE(remote_stop(self->fd, 0));
	kill(self->w.pid, SIGCONT);

	for (;;) {
		ASSERT_EQ(0, watcher_line(&self->w));
		if (!strstr(self->w.line, " state "))
			break;
		told++;
	}
	EXPECT_LT(100, told);
	EXPECT_STREQ("overrun: events were lost\n", self->w.line);
	line_with(_metadata, &self->w, " r0 now Stopped\n");
	/* And so on, as ever. */
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "notable")));
	line_with(_metadata, &self->w, " r0 state Stopped -> Ready\n");
	EXPECT_EQ(DONE, watcher_end(&self->w, SIGINT));
}

/* What came before was not lost, and is not forgotten over it. */
TEST_F_TIMEOUT(tool, overrun_of_wait, 150)
{
	ASSERT_EQ(0, watcher_begin(&self->w, WORDS("wait", "r0", "Crashed")));
	ASSERT_EQ(0, watcher_polls(&self->w));
	kill(self->w.pid, SIGSTOP);
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_CRASHED));
	ASSERT_DONE(remote_offline(self->fd));
	overflow(_metadata, self->fd);
	kill(self->w.pid, SIGCONT);
	line_with(_metadata, &self->w, "r0: Crashed\n");
	EXPECT_EQ(DONE, watcher_end(&self->w, 0));
}

/* That it went was lost, too; then that is told with how things are. */
TEST_F_TIMEOUT(tool, overrun_and_removed, 150)
{
	char device[64];

	ASSERT_EQ(0, remote_device(REMOTE, device, sizeof(device)));
	BEGIN("r0", "--events", "now,removed,added");
	ASSERT_EQ(0, watcher_polls(&self->w));
	kill(self->w.pid, SIGSTOP);
	overflow(_metadata, self->fd);
	ASSERT_EQ(0, driver_unbind(device));
	kill(self->w.pid, SIGCONT);
	line_with(_metadata, &self->w, "overrun: events were lost\n");
	line_with(_metadata, &self->w, " r0 removed\n");
	/* It comes again as any that was not there. */
	ASSERT_EQ(0, driver_bind(device));
	line_with(_metadata, &self->w, " r0 added ");
	EXPECT_EQ(DONE, watcher_end(&self->w, SIGINT));
}

#define STEPS	"/sys/kernel/debug/rproc_lite_steps/"

static int unbind_steps(int fd, int unused)
{
	(void)fd;
	(void)unused;
	return write_text("/sys/bus/platform/drivers/rproc_lite_steps/unbind", "rproc_lite_steps");
}

/* Who begins to listen while it goes hears how that ends, and of no overrun. */
TEST_F(tool, begun_as_it_goes)
{
	char name[8], wanted[64];
	unsigned int id;
	struct job job;
	int fd;

	if (!module_is_there("rproc_lite_steps"))
		SKIP(return, "no module rproc_lite_steps");
	ASSERT_EQ(0, module_load("rproc_lite_steps"));
	fd = remote_open_backend("steps", &id);
	ASSERT_LE(0, fd);
	snprintf(name, sizeof(name), "r%u", id);
	ASSERT_DONE(remote_config(fd));
	ASSERT_EQ(0, write_text(STEPS "at", "shutdown before hold"));
	ASSERT_EQ(0, job_begin(&job, unbind_steps, fd, 0));
	while (!(remote_poll(fd, REMOTE_PATIENCE) & POLLHUP))
		remote_state(fd);
	BEGIN(name);
	snprintf(wanted, sizeof(wanted), " %s now Configured\n", name);
	EXPECT_WORDS(wanted, self->w.line);
	ASSERT_EQ(0, write_text(STEPS "go", "\n"));
	snprintf(wanted, sizeof(wanted), " %s state Configured -> Offline\n", name);
	line_with(_metadata, &self->w, wanted);
	snprintf(wanted, sizeof(wanted), " %s removed\n", name);
	line_with(_metadata, &self->w, wanted);
	EXPECT_EQ(DONE, watcher_end(&self->w, SIGINT));
	ASSERT_EQ(0, job_end(&job, REMOTE_PATIENCE));
	close(fd);
	EXPECT_EQ(0, module_unload("rproc_lite_steps"));
}

TEST_F(tool, removed_and_added)
{
	char device[64], wanted[64];

	ASSERT_EQ(0, remote_device(REMOTE, device, sizeof(device)));
	snprintf(wanted, sizeof(wanted), " r0 added %s ", remote_kind(self->fd)->backend);
	BEGIN("r0");
	ASSERT_EQ(0, driver_unbind(device));
	line_with(_metadata, &self->w, " r0 removed\n");
	ASSERT_EQ(0, driver_bind(device));
	line_with(_metadata, &self->w, wanted);
	close(self->fd);
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_config(self->fd));
	line_with(_metadata, &self->w, " r0 state Offline -> Configured\n");
	EXPECT_EQ(DONE, watcher_end(&self->w, SIGINT));
}

/* However short it was: who waits need not run meanwhile. */
TEST_F(tool, wait_for_a_moment)
{
	ASSERT_EQ(0, watcher_begin(&self->w, WORDS("wait", "r0", "Crashed", "--json")));
	ASSERT_EQ(0, watcher_polls(&self->w));
	kill(self->w.pid, SIGSTOP);
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_CRASHED));
	ASSERT_DONE(remote_offline(self->fd));
	kill(self->w.pid, SIGCONT);
	line_with(_metadata, &self->w, "\"state\":\"Crashed\"");
	EXPECT_TRUE(is_json(self->w.line));
	EXPECT_EQ(DONE, watcher_end(&self->w, 0));
}

TEST_F(tool, wait_for_what_goes)
{
	char device[64];

	ASSERT_EQ(0, remote_device(REMOTE, device, sizeof(device)));
	ASSERT_EQ(0, watcher_begin(&self->w, WORDS("wait", "r0", "Running")));
	ASSERT_EQ(0, watcher_polls(&self->w));
	ASSERT_EQ(0, driver_unbind(device));
	line_with(_metadata, &self->w, "wait r0: the remote is gone");
	EXPECT_EQ(NO_DEVICE, watcher_end(&self->w, 0));
	ASSERT_EQ(0, driver_bind(device));
}

/* Without the module there is nothing to listen to, and that is said. */
TEST_F(tool, no_module)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	int ret;

	BEGIN("r0");
	close(self->fd);
	EXPECT_EQ(0, module_unload("rproc_lite_platform"));
	line_with(_metadata, &self->w, " r0 removed\n");
	/* It tells first, and lets go of the device then. */
	while ((ret = module_unload("rproc_lite")) == -EAGAIN && now_ms() < end)
		usleep(1000);
	EXPECT_EQ(0, ret);
	line_with(_metadata, &self->w, "monitor r0: the module rproc_lite is gone");
	EXPECT_EQ(NO_DEVICE, watcher_end(&self->w, 0));
	EXPECT_EXIT(FAILED, "monitor");
	EXPECT_ERR("there is no netlink family rproc_lite here: the module is not loaded");
	ASSERT_EQ(0, module_load("rproc_lite_platform"));
}

REMOTE_TEST_MAIN
