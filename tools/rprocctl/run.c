// SPDX-License-Identifier: GPL-2.0-only
/*
 * rprocctl run: a remote's whole life as one command.
 *
 * An ioctl waits killably: a signal that is caught does not end it. So that
 * Ctrl-C ends a load from a pipe that gives nothing, load and start run in a
 * child, which it kills; the parent puts things in order. Only a remote that
 * was configured here is ever stopped or shut down here.
 */
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "action.h"
#include "console.h"
#include "duration.h"
#include "model.h"
#include "report.h"
#include "signals.h"
#include "state.h"
#include "text.h"
#include "trace.h"

#define BUSY_MS		10000	/* how long others' operations are waited for */
#define BUSY_STEP_MS	50
#define REAP_STEP_MS	1000

static void say_state(const struct device *d)
{
	char name[TEXT_ESCAPED(RPROC_LITE_NAME_MAX)];

	fprintf(stderr, "%s: %s\n", text_escape(name, sizeof(name), d->info.name),
		rl_state_name(d->info.state));
}

static void run_child(const struct request *rq, pid_t parent, const sigset_t *mask)
{
	int code;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(EXIT_FAILED);
	signals_release();
	sigprocmask(SIG_SETMASK, mask, NULL);
	code = load_run(rq, stderr);
	if (code == EXIT_DONE)
		code = action_run(rq, RPROC_LITE_OP_START, stderr);
	_exit(code);
}

/* Wait for the child, and end it if we are to end. Its exit code. */
static int reap(pid_t child)
{
	struct pollfd woken = { .fd = signals_fd(), .events = POLLIN };
	bool killed = false;
	int status;
	pid_t ret;

	for (;;) {
		ret = waitpid(child, &status, WNOHANG);
		if (ret == child)
			return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_FAILED;
		if (ret < 0 && errno != EINTR)
			return EXIT_FAILED;
		if (signals_caught() && !killed) {
			kill(child, SIGTERM);
			killed = true;
		}
		poll(&woken, 1, REAP_STEP_MS);
		signals_drain();
	}
}

/* Load and start. No signal may slip in before the child takes them as its end. */
static int bring_up(const struct request *rq)
{
	sigset_t all, mask;
	pid_t parent = getpid(), child;

	fflush(stdout);
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &mask);
	child = fork();
	if (!child)
		run_child(rq, parent, &mask);
	sigprocmask(SIG_SETMASK, &mask, NULL);
	if (child < 0)
		return report_text(rq, -errno, "fork: %s", strerror(errno));
	return reap(child);
}

/* Somebody else's operation may be under way: wait for its end, within reason. */
static int act_patiently(struct device *d, enum rproc_lite_op op, u32 timeout_ms,
			 struct rproc_lite_verdict *v)
{
	u64 start = duration_now(CLOCK_MONOTONIC);
	struct rproc_lite_verdict ignored;
	int ret;

	for (;;) {
		ret = device_act(d, op, timeout_ms, v);
		if (ret != -EBUSY || duration_now(CLOCK_MONOTONIC) - start > BUSY_MS)
			return ret;
		device_info(d, &ignored);
		device_poll(d, false, -1, BUSY_STEP_MS);
	}
}

static bool is_up(const struct device *d)
{
	return d->info.state == RPROC_LITE_RUNNING || d->info.state == RPROC_LITE_SUSPENDED;
}

/* Stop, print the last words, shut down. An exit code. */
static int bring_down(const struct request *rq, struct trace *t)
{
	struct device *d = rq->dev;
	struct rproc_lite_verdict v, ignored;
	int ret, code = EXIT_DONE;

	ret = device_info(d, &v);
	if (!ret && is_up(d)) {
		ret = act_patiently(d, RPROC_LITE_OP_STOP, (u32)rq->timeout_ms, &v);
		if (ret)
			code = report(rq, ret, &v);
		if (t)
			trace_print(t, &ignored);
		ret = device_info(d, &v);
		if (!ret)
			say_state(d);
		if (!ret && is_up(d))
			return code;
	}
	if (!ret)
		ret = act_patiently(d, RPROC_LITE_OP_SHUTDOWN, (u32)rq->timeout_ms, &v);
	if (!ret)
		ret = device_info(d, &v);
	if (ret)
		return report(rq, ret, &v);
	say_state(d);
	return code;
}

static int follow(const struct request *rq, struct trace *t)
{
	struct rproc_lite_verdict v;

	device_info(rq->dev, &v);	/* if that fails, following says so */
	if (!rq->dev->info.num_traces)
		fputs("rprocctl: the image has no trace buffer; Ctrl-C stops it\n", stderr);
	trace_init(t, rq->dev, 0);
	switch (trace_follow(t, true, &v)) {
	case TRACE_SIGNAL:
		return EXIT_DONE;
	case TRACE_GONE:
		return report_text(rq, -ENODEV, "the remote is gone");
	case TRACE_STATE:
		return action_report_end(rq);
	case TRACE_ERROR:
		return report(rq, v.error, &v);
	default:
		return report_text(rq, -EPIPE, "nobody reads the trace any more");
	}
}

static int attach(const struct request *rq)
{
	struct console_wish wish = {
		.port.deadline = duration_now(CLOCK_MONOTONIC) + CONSOLE_LIMIT_MS,
		.idle_ms = CONSOLE_IDLE_MS,
	};
	struct rproc_lite_verdict v;
	int ret = device_info(rq->dev, &v);

	return ret ? report(rq, ret, &v) : console_run(rq, &wish);
}

int cmd_run(const struct request *rq)
{
	bool console = rq->given & OPT_CONSOLE;
	static struct trace t;
	int code, down;

	if (console && !strcmp(rq->arg, "-")) {
		report_text(rq, -EINVAL, "standard input can't be the image and the console");
		return EXIT_USAGE;
	}
	signals_catch();
	signal(SIGPIPE, SIG_IGN);
	code = action_run(rq, RPROC_LITE_OP_CONFIG, stderr);
	if (code != EXIT_DONE)
		return code;

	code = bring_up(rq);
	if (code != EXIT_DONE || signals_caught()) {
		down = bring_down(rq, NULL);
		return signals_caught() ? down : code;
	}

	code = console ? attach(rq) : follow(rq, &t);
	if (code == EXIT_NO_DEVICE)
		return code;
	down = bring_down(rq, console ? NULL : &t);
	return code != EXIT_DONE ? code : down;
}
