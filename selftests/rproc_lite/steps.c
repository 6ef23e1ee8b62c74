// SPDX-License-Identifier: GPL-2.0-only
/*
 * A crash at every step of every operation, under each policy: the outcome is the one that
 * Documentation/crashes.rst tells, it is heard of once if it counts, and the remote is as
 * good as new. The remote is selftests/steps, which has no hardware.
 *
 * checkpatch: SPACING, BRACES: FIXTURE_DATA(x) is a type, the harness's macros are two
 * statements each. EMBEDDED_FUNCTION_NAME: "stop" is an operation.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>

#include "kselftest_harness.h"
#include "family.h"
#include "guest.h"
#include "remote.h"
#include "segments.h"

#include <linux/rproc_lite_rsc.h>

#define MODULE		"rproc_lite_steps"
#define DEBUGFS		"/sys/kernel/debug/" MODULE "/"
#define DRIVER		"/sys/bus/platform/drivers/" MODULE "/"
#define CONFIG		"load-address=0x1000\0colour=red"

static const char *const points[] = { "before", "amid", "after" };

/* The remote of the module, and its number. */
static int open_it(unsigned int *id)
{
	return remote_open_backend("steps", id);
}

/* --- its operations ---------------------------------------------------------- */

static int config(int fd)
{
	return remote_config_with(fd, CONFIG, sizeof(CONFIG));
}

static int load(int fd)
{
	int image = memfd_of("anything", 8), ret;

	ret = image < 0 ? image : remote_load_fd(fd, image);
	close(image);
	return ret;
}

/* The backend is asked about its only entry, whenever the image is placed. */
static int set_rsc(int fd)
{
	static const uint32_t table[] = {
		RPROC_LITE_RSC_VERSION, 1, 0, 0, 20, RPROC_LITE_RSC_VENDOR_START, 0,
	};

	return remote_set_rsc(fd, table, sizeof(table), RPROC_LITE_NO_DA);
}

static int stop(int fd)
{
	return remote_stop(fd, 0);
}

static int shut_down(int fd)
{
	return remote_shutdown(fd, 0);
}

static int suspend(int fd)
{
	return remote_suspend(fd, 0);
}

static int unbind(int fd)
{
	(void)fd;
	return write_text(DRIVER "unbind", MODULE);
}

static int crash(int fd)
{
	(void)fd;
	return write_text(DEBUGFS "now", "crash");
}

/* As far as the devices, and back at once. */
static int sleep_and_wake(int fd)
{
	(void)fd;
	return sleep_as_far_as("devices", "0");
}

/* From Offline. */
static int reach(int fd, uint32_t state)
{
	int ret = state == RPROC_LITE_OFFLINE ? 0 : config(fd);

	if (ret || state == RPROC_LITE_OFFLINE || state == RPROC_LITE_CONFIGURED)
		return ret;
	ret = load(fd);
	if (!ret)
		ret = set_rsc(fd);
	if (ret || state == RPROC_LITE_READY)
		return ret;
	ret = remote_start(fd);
	if (ret || state == RPROC_LITE_RUNNING)
		return ret;
	switch (state) {
	case RPROC_LITE_STOPPED:
		return stop(fd);
	case RPROC_LITE_SUSPENDED:
		return suspend(fd);
	default:
		ret = remote_crash(fd);
		return ret ? ret : remote_wait_op(fd, RPROC_LITE_OP_NONE);
	}
}

/* --- what is to come of it --------------------------------------------------- */

/**
 * struct outcome - what a combination leads to
 * @state: in the end, if nothing is done about a crash
 * @least: so many crashes are counted
 * @most: or so many, where it is by chance who is first
 * @refused: the operation fails; it may where @crashed
 * @crashed: @state is what the policy makes of it
 */
struct outcome {
	uint32_t state;
	unsigned int least, most;
	bool refused;
	bool crashed;
};

/**
 * struct operation - one
 * @name: of it
 * @from: the state before
 * @to: the state after
 * @act: it
 * @steps: that it takes
 * @suspend: the policy for the system's sleep
 * @policies: bits of enum rproc_lite_recover, where it is worth trying
 */
struct operation {
	const char *name;
	uint32_t from, to;
	int (*act)(int fd);
	const char *steps[8];
	const char *suspend;
	unsigned int policies;
};

#define NOT	(1u << RPROC_LITE_RECOVER_NOT)
#define RESTART	(1u << RPROC_LITE_RECOVER_RESTART)
#define STOP	(1u << RPROC_LITE_RECOVER_STOP)

static const char *const policy_names[] = {
	[RPROC_LITE_RECOVER_NOT] = "recovery=none",
	[RPROC_LITE_RECOVER_RESTART] = "recovery=restart",
	[RPROC_LITE_RECOVER_STOP] = "recovery=stop",
};

static bool is(const char *a, const char *b)
{
	return !strcmp(a, b);
}

/* Does the step decide whether the operation works? Firmware that is told does not. */
static bool decides(const char *step)
{
	return !is(step, "running") && !is(step, "tell-shutdown");
}

/**
 * struct combination - of all that there is
 * @o: the operation
 * @step: of it
 * @point: of the step
 * @what: happens there
 * @policy: enum rproc_lite_recover
 */
struct combination {
	const struct operation *o;
	const char *step;
	const char *point;
	const char *what;
	unsigned int policy;
};

static bool has(const struct combination *c, const char *what)
{
	return strstr(c->what, what);
}

/* Is it a start of a core that then does not run as it should? */
static bool starts_badly(const struct combination *c)
{
	return is(c->step, "start") && !has(c, "fail") &&
	       (has(c, "crash") || !is(c->point, "before"));
}

static void crashed(struct outcome *out, unsigned int least)
{
	out->crashed = true;
	out->least = least;
	out->most = least;
}

/* What stops it, by itself or in another operation, fails: it runs on, as it is. */
static void not_stopped(const struct combination *c, struct outcome *out)
{
	out->state = RPROC_LITE_RUNNING;
	if (has(c, "crash"))
		crashed(out, 1);
	else	/* It was told to stop, and did so after all. */
		out->state = RPROC_LITE_STOPPED;
}

static void of_stopping(const struct combination *c, struct outcome *out)
{
	if (is(c->step, "running"))
		out->most = 1;
	if (!out->refused)
		return;
	if (is(c->step, "shutdown"))
		out->state = RPROC_LITE_STOPPED;
	else if (c->o->from == RPROC_LITE_RUNNING)
		not_stopped(c, out);
}

static void of_sleeping(const struct combination *c, struct outcome *out)
{
	out->refused = false;
	if (is(c->o->suspend, "suspend=stop")) {
		if (is(c->step, "stop") && has(c, "fail"))
			not_stopped(c, out);
		else if (starts_badly(c))
			crashed(out, 1);
		else if (has(c, "fail") && decides(c->step))
			out->state = RPROC_LITE_STOPPED;
		return;
	}
	crashed(out, 1);
}

/* The first crash is the operation. */
static void of_recovering(const struct combination *c, struct outcome *out)
{
	out->refused = false;
	crashed(out, 1);
	if (c->policy == RPROC_LITE_RECOVER_RESTART && starts_badly(c))
		crashed(out, 2);
	if (is(c->step, "running"))
		out->most = 2;
	/* A stop is not tried again. */
	if (c->policy == RPROC_LITE_RECOVER_STOP && is(c->step, "stop") && has(c, "fail")) {
		out->crashed = false;
		out->state = RPROC_LITE_CRASHED;
	}
}

static void expect(const struct combination *c, struct outcome *out)
{
	const struct operation *o = c->o;

	memset(out, 0, sizeof(*out));
	/* The kernel takes no refusal from a driver that is to go. */
	out->refused = o->act != unbind && has(c, "fail") && decides(c->step);
	out->state = out->refused ? o->from : o->to;
	if (o->act == stop || o->act == shut_down)
		of_stopping(c, out);
	else if (o->act == sleep_and_wake)
		of_sleeping(c, out);
	else if (o->act == crash)
		of_recovering(c, out);
	else if (o->act == suspend || o->act == remote_resume || starts_badly(c))
		crashed(out, 1);
	if (!out->crashed)
		return;
	out->state = c->policy == RPROC_LITE_RECOVER_RESTART ? RPROC_LITE_RUNNING :
		     c->policy == RPROC_LITE_RECOVER_STOP ? RPROC_LITE_STOPPED :
		     RPROC_LITE_CRASHED;
}

/* The module is in, and its remote Offline. */
static void begin(struct __test_metadata *_metadata, int *fd, unsigned int *id)
{
	ASSERT_EQ(0, module_load(MODULE));
	*fd = open_it(id);
	ASSERT_LE(0, *fd);
	ASSERT_DONE(shut_down(*fd));
}

/* --- a crash at each step ---------------------------------------------------- */

FIXTURE(steps)
{
	int fd;
	unsigned int id;
	struct family listener;
	struct family asking;
	uint64_t seq;
	/* Crashes of one that was then removed. */
	int lost;
};

FIXTURE_VARIANT(steps)
{
	struct operation o;
};

#define OPERATION(op, ...) FIXTURE_VARIANT_ADD(steps, op) { { .name = #op, __VA_ARGS__ } }

OPERATION(config, RPROC_LITE_OFFLINE, RPROC_LITE_CONFIGURED, config, { "set", "config" },
	  .policies = RESTART);
OPERATION(load, RPROC_LITE_CONFIGURED, RPROC_LITE_READY, load, { "check" }, .policies = RESTART);
OPERATION(set_rsc, RPROC_LITE_READY, RPROC_LITE_READY, set_rsc, { "rsc" }, .policies = RESTART);
OPERATION(start, RPROC_LITE_READY, RPROC_LITE_RUNNING, remote_start, { "start" },
	  .policies = NOT | RESTART | STOP);
OPERATION(start_again, RPROC_LITE_STOPPED, RPROC_LITE_RUNNING, remote_start,
	  { "check", "rsc", "start" }, .policies = NOT | RESTART | STOP);
OPERATION(stop, RPROC_LITE_RUNNING, RPROC_LITE_STOPPED, stop,
	  { "running", "tell-shutdown", "stop" }, .policies = NOT | RESTART | STOP);
OPERATION(stop_crashed, RPROC_LITE_CRASHED, RPROC_LITE_STOPPED, stop,
	  { "tell-shutdown", "stop" }, .policies = NOT);
OPERATION(shutdown, RPROC_LITE_RUNNING, RPROC_LITE_OFFLINE, shut_down,
	  { "running", "tell-shutdown", "stop", "shutdown" }, .policies = NOT | RESTART | STOP);
OPERATION(shutdown_suspended, RPROC_LITE_SUSPENDED, RPROC_LITE_OFFLINE, shut_down,
	  { "tell-shutdown", "shutdown" }, .policies = NOT | RESTART | STOP);
OPERATION(shutdown_crashed, RPROC_LITE_CRASHED, RPROC_LITE_OFFLINE, shut_down,
	  { "tell-shutdown", "stop", "shutdown" }, .policies = NOT);
OPERATION(removal, RPROC_LITE_RUNNING, RPROC_LITE_OFFLINE, unbind,
	  { "running", "tell-shutdown", "stop", "shutdown" }, .policies = NOT | RESTART | STOP);
OPERATION(suspend, RPROC_LITE_RUNNING, RPROC_LITE_SUSPENDED, suspend, { "tell-suspend" },
	  .policies = NOT | RESTART | STOP);
OPERATION(resume, RPROC_LITE_SUSPENDED, RPROC_LITE_RUNNING, remote_resume, { "tell-resume" },
	  .policies = NOT | RESTART | STOP);
OPERATION(recovery, RPROC_LITE_RUNNING, RPROC_LITE_RUNNING, crash,
	  { "running", "tell-shutdown", "stop", "check", "rsc", "start" }, .policies = RESTART);
OPERATION(recovery_by_stop, RPROC_LITE_RUNNING, RPROC_LITE_STOPPED, crash,
	  { "tell-shutdown", "stop" }, .policies = STOP);
OPERATION(sleep_asked, RPROC_LITE_RUNNING, RPROC_LITE_RUNNING, sleep_and_wake,
	  { "tell-suspend", "tell-resume" }, "suspend=ask", NOT | RESTART);
OPERATION(sleep_stopped, RPROC_LITE_RUNNING, RPROC_LITE_RUNNING, sleep_and_wake,
	  { "tell-shutdown", "stop", "start" }, "suspend=stop", NOT | RESTART);
OPERATION(sleep_running, RPROC_LITE_RUNNING, RPROC_LITE_RUNNING, sleep_and_wake, { "running" },
	  "suspend=run", NOT | RESTART);

FIXTURE_SETUP(steps)
{
	struct message m;

	if (!module_is_there(MODULE))
		SKIP(return, "no module " MODULE);
	begin(_metadata, &self->fd, &self->id);
	ASSERT_EQ(0, family_open(&self->listener));
	ASSERT_EQ(0, family_open(&self->asking));
	ASSERT_EQ(0, family_join(&self->listener));
	ASSERT_EQ(0, family_get(&self->asking, self->id, &m));
	self->seq = attr_u64(&m, RPROC_LITE_A_EVENT_SEQ);
}

FIXTURE_TEARDOWN(steps)
{
	write_text(DEBUGFS "at", "\n");
	close(self->fd);
	family_close(&self->listener);
	family_close(&self->asking);
	module_unload(MODULE);
}

static int plan(const struct combination *c)
{
	char text[96];

	snprintf(text, sizeof(text), "%s %s %s", c->step, c->point, c->what);
	return write_text(DEBUGFS "at", text);
}

static bool plan_is(const char *what)
{
	char text[32];

	return read_text(DEBUGFS "at", text, sizeof(text)) > 0 && is(text, what);
}

/* Nothing more follows, of itself. */
static bool is_quiet(const struct rproc_lite_info *info)
{
	return info->op == RPROC_LITE_OP_NONE && info->recovery != RPROC_LITE_RECOVERY_BEGUN &&
	       info->recovery != RPROC_LITE_RECOVERY_WAITING;
}

static bool is_come_to(const struct rproc_lite_info *info, uint32_t before,
		       const struct outcome *out)
{
	return plan_is("over\n") && info->state == out->state && is_quiet(info) &&
	       info->crash_count - before >= out->least;
}

/* Return: crashes counted, or a negative errno. */
static int wait_for_outcome(int fd, uint32_t before, const struct outcome *out)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	struct rproc_lite_info info;

	for (;;) {
		if (remote_info(fd, &info))
			return -ENODEV;
		if (is_come_to(&info, before, out))
			return (int)(info.crash_count - before);
		if (now_ms() >= end)
			break;
		remote_poll(fd, 10);
	}
	printf("# %s instead of %s, %u crashes, recovery %u, op %u, step %s: %s\n",
	       remote_state_name(info.state), remote_state_name(out->state),
	       info.crash_count - before, info.recovery, info.op,
	       plan_is("over\n") ? "taken" : "not taken", info.last.text);
	return -ETIMEDOUT;
}

/* All told up to now, without a gap. Return: crashes of who is there, or a negative errno. */
static int hear_all(FIXTURE_DATA(steps) *self)
{
	struct message m;
	uint64_t last;
	int ret, n = 0;

	ret = family_get(&self->asking, self->id, &m);
	if (ret)
		return ret;
	last = attr_u64(&m, RPROC_LITE_A_EVENT_SEQ);
	while (self->seq != last) {
		ret = family_recv(&self->listener, &m, REMOTE_PATIENCE);
		if (ret)
			return ret;
		if (attr_u32(&m, RPROC_LITE_A_ID) != self->id)
			continue;
		if (attr_u64(&m, RPROC_LITE_A_EVENT_SEQ) != ++self->seq)
			return -EILSEQ;
		n += m.cmd == RPROC_LITE_CMD_CRASH_NTF;
		/* The next one begins anew. */
		if (m.cmd == RPROC_LITE_CMD_REMOVED_NTF) {
			self->seq = 0;
			self->lost = n;
			n = 0;
		}
	}
	return n;
}

/* It comes again after a removal. */
static int come_again(FIXTURE_DATA(steps) *self)
{
	int ret;

	close(self->fd);
	ret = write_text(DRIVER "bind", MODULE);
	self->fd = open_it(&self->id);
	return ret ? ret : self->fd < 0 ? self->fd : 0;
}

/* A whole life, without another crash. */
static int live_well(int fd)
{
	int ret = reach(fd, RPROC_LITE_SUSPENDED);

	if (!ret)
		ret = remote_resume(fd);
	if (!ret)
		ret = stop(fd);
	if (!ret)
		ret = remote_start(fd);
	if (!ret && remote_state(fd) != RPROC_LITE_RUNNING)
		ret = -EBADFD;
	return ret ? ret : shut_down(fd);
}

static void try_out(struct __test_metadata *_metadata, FIXTURE_DATA(steps) *self,
		    const struct combination *c)
{
	struct rproc_lite_info before, after;
	struct outcome out;
	int ret, counted = 0;

	expect(c, &out);
	ASSERT_DONE(remote_set_policy(self->fd, policy_names[c->policy],
				      c->o->suspend ? c->o->suspend : "suspend=ask",
				      "suspend-timeout-ms=200", "recovery-limit=0", NULL));
	ASSERT_DONE(reach(self->fd, c->o->from));
	ASSERT_EQ(0, remote_info(self->fd, &before));
	ASSERT_EQ(c->o->from, before.state);
	/* What it takes to be Crashed is told of, too. */
	ASSERT_LE(0, hear_all(self));

	ASSERT_EQ(0, plan(c));
	ret = c->o->act(self->fd);
	if (c->o->act == unbind) {
		ASSERT_EQ(0, come_again(self));
		ASSERT_EQ(0, remote_info(self->fd, &before));
	}
	if (!out.crashed) {
		EXPECT_EQ(out.refused, ret != 0) TH_LOG("returned %d", ret);
	}
	EXPECT_NE(-EBUSY, ret);
	counted = wait_for_outcome(self->fd, before.crash_count, &out);
	EXPECT_LE((int)out.least, counted);
	EXPECT_GE((int)out.most, counted);

	ASSERT_EQ(0, write_text(DEBUGFS "at", "\n"));
	/* The policy's stop is not over as soon as it is Stopped. */
	ASSERT_EQ(0, remote_wait_op(self->fd, RPROC_LITE_OP_NONE));
	ASSERT_DONE(shut_down(self->fd));
	ASSERT_DONE(live_well(self->fd));
	ASSERT_EQ(0, remote_info(self->fd, &after));
	EXPECT_EQ(counted, (int)(after.crash_count - before.crash_count));
	self->lost = 0;
	EXPECT_EQ(counted, hear_all(self));
	/* Someone may have looked whether it runs before it was to go. */
	EXPECT_GE(is(c->step, "running"), self->lost);
}

/* What may happen at this step? */
static const char *const *happenings(const char *step)
{
	static const char *const told[] = { "crash", "crash mute", "crash fail", "off", NULL };
	static const char *const asked[] = { "crash", "off", NULL };
	static const char *const idle[] = { "crash", "crash fail", NULL };
	static const char *const other[] = { "crash", "crash fail", "off", "off fail", NULL };

	if (!strncmp(step, "tell", 4))
		return told;
	if (is(step, "running"))
		return asked;
	return is(step, "set") || is(step, "config") ? idle : other;
}

static unsigned int try_step(struct __test_metadata *_metadata, FIXTURE_DATA(steps) *self,
			     struct combination *c)
{
	const char *const *what;
	unsigned int i, n = 0;

	for (what = happenings(c->step); *what; what++) {
		for (i = 0; i < 3; i++) {
			c->what = *what;
			c->point = points[i];
			try_out(_metadata, self, c);
			n++;
			/* What follows would only wait for what can't come. */
			ASSERT_TRUE(__test_passed(_metadata))
				TH_LOG("%s: %s %s %s, %s", c->o->name, c->step, c->point, c->what,
				       policy_names[c->policy]);
		}
	}
	return n;
}

TEST_F_TIMEOUT(steps, crash, 600)
{
	struct combination c = { .o = &variant->o };
	uint64_t begin = now_ms();
	unsigned int i, n = 0;

	for (c.policy = 0; c.policy <= RPROC_LITE_RECOVER_STOP; c.policy++) {
		if (!(variant->o.policies & (1u << c.policy)))
			continue;
		for (i = 0; variant->o.steps[i]; i++) {
			c.step = variant->o.steps[i];
			n += try_step(_metadata, self, &c);
		}
	}
	printf("# %s: %u crashes, %u ms\n", variant->o.name, n, (unsigned int)(now_ms() - begin));
}

/* --- who wants it to stop, meanwhile ----------------------------------------- */

FIXTURE(taken_over)
{
	int fd;
	unsigned int id;
	struct job job;
};

FIXTURE_VARIANT(taken_over)
{
	int (*act)(int fd);
	uint32_t to;
};

FIXTURE_VARIANT_ADD(taken_over, stop) { .act = stop, .to = RPROC_LITE_STOPPED };
FIXTURE_VARIANT_ADD(taken_over, shutdown) { .act = shut_down, .to = RPROC_LITE_OFFLINE };
FIXTURE_VARIANT_ADD(taken_over, removal) { .act = unbind, .to = RPROC_LITE_OFFLINE };

FIXTURE_SETUP(taken_over)
{
	if (!module_is_there(MODULE))
		SKIP(return, "no module " MODULE);
	begin(_metadata, &self->fd, &self->id);
}

FIXTURE_TEARDOWN(taken_over)
{
	close(self->fd);
	module_unload(MODULE);
}

static int do_it(int fd, int which)
{
	return which == RPROC_LITE_STOPPED ? stop(fd) : which ? unbind(fd) : shut_down(fd);
}

/* It sleeps in a call. */
static int wait_asleep(const struct job *job)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	char path[64], text[256];

	snprintf(path, sizeof(path), "/proc/%d/syscall", job->pid);
	while (now_ms() < end) {
		if (read_text(path, text, sizeof(text)) > 0 && strncmp(text, "running", 7))
			return 0;
		poll(NULL, 0, 1);
	}
	return -ETIMEDOUT;
}

static int wait_held(void)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;

	while (!plan_is("held\n")) {
		if (now_ms() > end)
			return -ETIMEDOUT;
		poll(NULL, 0, 1);
	}
	return 0;
}

/* Something that nobody asked for is held: a stop waits for it. */
static void begin_meanwhile(struct __test_metadata *_metadata, FIXTURE_DATA(taken_over) *self,
			    const FIXTURE_VARIANT(taken_over) *variant)
{
	int which = variant->act == unbind ? -1 : (int)variant->to;

	ASSERT_EQ(0, wait_held());
	ASSERT_EQ(0, job_begin(&self->job, do_it, self->fd, which));
	ASSERT_EQ(0, wait_asleep(&self->job));
}

/* It goes on, and the stop is not lost. */
static void end_meanwhile(struct __test_metadata *_metadata, FIXTURE_DATA(taken_over) *self,
			  const FIXTURE_VARIANT(taken_over) *variant)
{
	EXPECT_FALSE(job_over(&self->job));
	ASSERT_EQ(0, write_text(DEBUGFS "go", "\n"));
	ASSERT_EQ(0, job_end(&self->job, REMOTE_PATIENCE));
	ASSERT_EQ(0, self->job.result->ret) TH_LOG("told: %s", remote_said.text);
	if (variant->act == unbind) {
		close(self->fd);
		ASSERT_EQ(0, write_text(DRIVER "bind", MODULE));
		self->fd = open_it(&self->id);
		ASSERT_LE(0, self->fd);
	}
	ASSERT_STATE(variant->to, self->fd);
	ASSERT_DONE(shut_down(self->fd));
	ASSERT_DONE(live_well(self->fd));
}

/* A restart is held at a step, and it crashes again there. */
TEST_F_TIMEOUT(taken_over, restart, 120)
{
	static const char *const steps[] = { "stop", "check", "rsc", "start" };
	struct combination c = { .what = "hold" };
	unsigned int i;

	for (i = 0; i < 3 * sizeof(steps) / sizeof(steps[0]); i++) {
		c.step = steps[i / 3];
		c.point = points[i % 3];
		printf("# %s %s\n", c.step, c.point);
		ASSERT_DONE(remote_set_policy(self->fd, "recovery=restart", "recovery-limit=0",
					      NULL));
		ASSERT_DONE(reach(self->fd, RPROC_LITE_RUNNING));
		ASSERT_EQ(0, plan(&c));
		ASSERT_EQ(0, crash(self->fd));
		begin_meanwhile(_metadata, self, variant);
		ASSERT_EQ(0, crash(self->fd));
		end_meanwhile(_metadata, self, variant);
	}
}

/* What the policy stops after a crash. */
TEST_F(taken_over, halt)
{
	struct combination c = { .step = "stop", .what = "hold" };
	unsigned int i;

	for (i = 0; i < 3; i++) {
		c.point = points[i];
		printf("# %s\n", c.point);
		ASSERT_DONE(remote_set_policy(self->fd, "recovery=stop", NULL));
		ASSERT_DONE(reach(self->fd, RPROC_LITE_RUNNING));
		ASSERT_EQ(0, plan(&c));
		ASSERT_EQ(0, crash(self->fd));
		begin_meanwhile(_metadata, self, variant);
		end_meanwhile(_metadata, self, variant);
	}
}

/* Its core goes off, but who told it to stop could not be told so. Return: is that held? */
static bool obeys_late(struct __test_metadata *_metadata, FIXTURE_DATA(taken_over) *self)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;

	ASSERT_DONE(reach(self->fd, RPROC_LITE_RUNNING));
	ASSERT_EQ(0, write_text(DEBUGFS "at", "stop before fail"));
	ASSERT_GT(0, stop(self->fd));
	ASSERT_EQ(0, write_text(DEBUGFS "at", "stop before hold"));
	while (!plan_is("held\n") && remote_state(self->fd) != RPROC_LITE_STOPPED &&
	       now_ms() < end)
		poll(NULL, 0, 1);
	return plan_is("held\n");
}

TEST_F(taken_over, late_stop)
{
	/* The module may look before the plan is made. */
	while (!obeys_late(_metadata, self)) {
		ASSERT_STATE(RPROC_LITE_STOPPED, self->fd);
		ASSERT_DONE(shut_down(self->fd));
	}
	begin_meanwhile(_metadata, self, variant);
	end_meanwhile(_metadata, self, variant);
}

/* --- what else such a remote is good for -------------------------------------- */

FIXTURE(odd)
{
	int fd;
	unsigned int id;
};

FIXTURE_SETUP(odd)
{
	if (!module_is_there(MODULE))
		SKIP(return, "no module " MODULE);
	begin(_metadata, &self->fd, &self->id);
	ASSERT_DONE(remote_set_policy(self->fd, "recovery=none", NULL));
}

FIXTURE_TEARDOWN(odd)
{
	write_text(DEBUGFS "at", "\n");
	close(self->fd);
	module_unload(MODULE);
}

/* An answer that comes too late is none to the next question. */
TEST_F(odd, late_answer)
{
	ASSERT_DONE(reach(self->fd, RPROC_LITE_RUNNING));
	ASSERT_EQ(0, write_text(DEBUGFS "at", "tell-suspend before mute"));
	EXPECT_REFUSED(ETIMEDOUT, remote_suspend(self->fd, 100));
	/* It does not come, and there is no echo either: the firmware does not get so far. */
	ASSERT_EQ(0, write_text(DEBUGFS "at", "tell before mute"));
	EXPECT_REFUSED(ETIMEDOUT, remote_suspend(self->fd, 100));
	EXPECT_TRUE(plan_is("over\n"));
	/* It comes before the echo, so the answer to this SUSPEND is the one after it. */
	ASSERT_EQ(0, write_text(DEBUGFS "at", "tell before ack"));
	ASSERT_DONE(remote_suspend(self->fd, REMOTE_PATIENCE));
	EXPECT_TRUE(plan_is("over\n"));
	ASSERT_DONE(remote_resume(self->fd));

	/* It came before the next SUSPEND, which then is like any other. */
	ASSERT_EQ(0, write_text(DEBUGFS "at", "tell-suspend before mute"));
	EXPECT_REFUSED(ETIMEDOUT, remote_suspend(self->fd, 100));
	ASSERT_EQ(0, write_text(DEBUGFS "now", "ack"));
	ASSERT_EQ(0, write_text(DEBUGFS "at", "tell-suspend before mute"));
	EXPECT_REFUSED(ETIMEDOUT, remote_suspend(self->fd, 100));
	EXPECT_TRUE(plan_is("over\n"));
	ASSERT_DONE(stop(self->fd));
}

#define TRACE_SIZE	64

/* Two traces, one after the other, and nothing in them of whoever had the memory before. */
static int set_traces(int fd)
{
	static const char nothing[2 * TRACE_SIZE];
	struct {
		struct rproc_lite_rsc_table head;
		uint32_t offset[2];
		struct rproc_lite_rsc_trace trace[2];
	} __attribute__((packed)) table = {
		.head = { .ver = RPROC_LITE_RSC_VERSION, .num = 2 },
	};
	uint32_t i;

	for (i = 0; i < 2; i++) {
		table.offset[i] = (uint32_t)offsetof(__typeof__(table), trace[i]);
		table.trace[i].type = RPROC_LITE_RSC_TRACE;
		table.trace[i].da = 0x2000 + i * TRACE_SIZE;
		table.trace[i].len = TRACE_SIZE;
		snprintf((char *)table.trace[i].name, sizeof(table.trace[i].name), "t%u", i);
	}
	if (pwrite(fd, nothing, sizeof(nothing), remote_offset(fd, 0x2000, sizeof(nothing))) < 0)
		return -errno;
	return remote_set_rsc(fd, &table, sizeof(table), RPROC_LITE_NO_DA);
}

/* The firmware writes there, as one that begins anew at the end. @at: of all that it wrote. */
static int write_trace(int fd, uint32_t index, size_t at, const char *text)
{
	off_t begin = remote_offset(fd, 0x2000 + index * TRACE_SIZE, TRACE_SIZE);

	for (; *text; text++, at++)
		if (pwrite(fd, "", 1, begin + (off_t)((at + 1) % TRACE_SIZE)) != 1 ||
		    pwrite(fd, text, 1, begin + (off_t)(at % TRACE_SIZE)) != 1)
			return -EIO;
	return write_text(DEBUGFS "now", "ring");
}

/* A reader, and what it has read. */
struct reader {
	int fd;
	struct rproc_lite_trace t;
	char text[256];
	size_t len;
};

static int reader_begin(struct reader *r, unsigned int id, uint32_t index)
{
	memset(r, 0, sizeof(*r));
	r->t.index = index;
	r->t.cursor = RPROC_LITE_TRACE_OLDEST;
	r->fd = remote_open(id, O_RDONLY);
	return r->fd;
}

/* At most @max bytes. Return: how many, or a negative errno. */
static int reader_read(struct reader *r, int fd, uint32_t max)
{
	r->t.data = (uintptr_t)r->text + r->len;
	r->t.data_len = max;
	if (ioctl(fd, RPROC_LITE_IOC_TRACE, &r->t))
		return -errno;
	r->len += r->t.data_len;
	return (int)r->t.data_len;
}

static bool has_more(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) == 1 && p.revents == POLLIN;
}

/* One file that reads two traces: what is in the one is not forgotten over the other. */
TEST_F(odd, two_traces)
{
	struct reader r[2];

	ASSERT_DONE(reach(self->fd, RPROC_LITE_CONFIGURED));
	ASSERT_DONE(load(self->fd));
	ASSERT_DONE(set_traces(self->fd));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_LE(0, reader_begin(&r[0], self->id, 0));
	ASSERT_LE(0, reader_begin(&r[1], self->id, 1));
	EXPECT_TRUE(has_more(r[0].fd));
	EXPECT_EQ(0, reader_read(&r[0], r[0].fd, 100));
	EXPECT_EQ(0, reader_read(&r[1], r[0].fd, 100));
	EXPECT_FALSE(has_more(r[0].fd));

	ASSERT_EQ(0, write_trace(self->fd, 0, 0, "first"));
	EXPECT_TRUE(has_more(r[0].fd));
	/* The other one has nothing. */
	EXPECT_EQ(0, reader_read(&r[1], r[0].fd, 100));
	EXPECT_TRUE(has_more(r[0].fd));
	EXPECT_EQ(5, reader_read(&r[0], r[0].fd, 100));
	EXPECT_TRUE(has_more(r[0].fd));
	EXPECT_EQ(0, reader_read(&r[0], r[0].fd, 100));
	EXPECT_FALSE(has_more(r[0].fd));
	/* Who reads one only is not told of the other for ever. */
	ASSERT_EQ(0, write_trace(self->fd, 1, 0, "second"));
	EXPECT_TRUE(has_more(r[1].fd));
	EXPECT_EQ(6, reader_read(&r[1], r[1].fd, 100));
	EXPECT_EQ(0, reader_read(&r[1], r[1].fd, 100));
	EXPECT_FALSE(has_more(r[1].fd));
	EXPECT_TRUE(has_more(r[0].fd));
	close(r[0].fd);
	close(r[1].fd);
	ASSERT_DONE(stop(self->fd));
}

/* Several readers of one trace that wraps many times: each reads all of it, at its pace. */
TEST_F(odd, several_readers)
{
	struct reader r[3];
	char all[256], line[16];
	size_t at = 0;
	int i, n;

	ASSERT_DONE(reach(self->fd, RPROC_LITE_CONFIGURED));
	ASSERT_DONE(load(self->fd));
	ASSERT_DONE(set_traces(self->fd));
	ASSERT_DONE(remote_start(self->fd));
	for (i = 0; i < 3; i++) {
		ASSERT_LE(0, reader_begin(&r[i], self->id, 0));
	}
	for (n = 0; n < 24; n++) {
		snprintf(line, sizeof(line), "line %02d\n", n);
		ASSERT_EQ(0, write_trace(self->fd, 0, at, line));
		memcpy(all + at, line, 8);
		at += 8;
		/* Byte by byte; at once; and a few lines later. */
		while (reader_read(&r[0], r[0].fd, 1) == 1)
			;
		EXPECT_EQ(8, reader_read(&r[1], r[1].fd, 100));
		if (n % 4 == 3) {
			EXPECT_TRUE(has_more(r[2].fd));
			EXPECT_EQ(32, reader_read(&r[2], r[2].fd, 100));
			EXPECT_EQ(0, reader_read(&r[2], r[2].fd, 100));
		}
		EXPECT_FALSE(has_more(r[0].fd));
	}
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(at, r[i].len);
		EXPECT_EQ(0, memcmp(all, r[i].text, at)) TH_LOG("reader %d: %s", i, r[i].text);
		close(r[i].fd);
	}
	ASSERT_DONE(stop(self->fd));
}

/* Where r0's memory is reached in another way, it is the same to this remote. */
int main(int argc, char **argv)
{
	bool elsewhere;
	int fd;

	remote_or_skip(REMOTE);
	fd = remote_open(REMOTE, O_RDONLY);
	elsewhere = remote_kind(fd)->has_reset || remote_is_translated(fd);
	close(fd);
	if (elsewhere) {
		printf("TAP version 13\n1..0 # SKIP its remote is the same on all machines\n");
		return 4;
	}
	return test_harness_run(argc, argv);
}
