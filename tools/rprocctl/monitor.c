// SPDX-License-Identifier: GPL-2.0-only
/*
 * rprocctl monitor: what happens to remotes, an event a line. Events of a remote are
 * numbered, so what is lost is noticed, and asked for.
 */
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "duration.h"
#include "family.h"
#include "report.h"
#include "signals.h"
#include "text.h"
#include "verdict.h"

/* As many as the kernel has numbers for. */
#define REMOTES_MAX	256

#define DEFAULT_KINDS	(~EVENT_BIT(RPROC_LITE_CMD_TRACE_NTF))

/**
 * struct monitor - what is to be told, and what was
 * @rq: the request
 * @kinds: EVENT_BITs to tell of
 * @left: events to tell of; 0 is no limit
 * @done: enough were told
 * @lost: some events were not seen, so how things are has to be asked
 * @said_lost: that was told
 * @wanted: remotes to tell of
 * @known: what was heard or asked of a remote
 * @last: number of the newest event of it
 * @seen: it is there, as far as the last question tells
 * @gone: it was told that it is not; its own events of that may come still
 */
struct monitor {
	const struct request *rq;
	unsigned int kinds;
	u64 left;
	bool done;
	bool lost;
	bool said_lost;
	bool wanted[REMOTES_MAX];
	bool known[REMOTES_MAX];
	u64 last[REMOTES_MAX];
	bool seen[REMOTES_MAX];
	bool gone[REMOTES_MAX];
};

static void say(struct monitor *m, const struct event *e)
{
	if (m->done || !(m->kinds & EVENT_BIT(e->cmd)))
		return;
	event_tell(e, wants_json(m->rq));
	if (e->cmd == RPROC_LITE_CMD_GET || e->cmd == EVENT_OVERRUN)
		return;
	if (m->left && !--m->left)
		m->done = true;
}

static void say_lost(struct monitor *m)
{
	const struct event overrun = { .cmd = EVENT_OVERRUN };

	if (!m->said_lost)
		say(m, &overrun);
	m->said_lost = true;
	m->lost = true;
}

static bool is_wanted(const struct monitor *m, const struct event *e)
{
	return e->id < REMOTES_MAX && m->wanted[e->id];
}

static u64 now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (u64)t.tv_sec * 1000000000 + (u64)t.tv_nsec;
}

/* How it is. What is older need not be told any more. */
static void on_answer(const struct event *e, void *arg)
{
	struct monitor *m = arg;
	struct event now = *e;

	if (!is_wanted(m, e))
		return;
	m->known[e->id] = true;
	m->seen[e->id] = true;
	m->gone[e->id] = false;
	m->last[e->id] = e->seq;
	now.time = now_ns();
	say(m, &now);
}

/* That it was removed was lost, too. */
static void say_gone(struct monitor *m, u32 id)
{
	struct event e = { .cmd = RPROC_LITE_CMD_REMOVED_NTF, .id = id, .time = now_ns() };

	snprintf(e.name, sizeof(e.name), "r%u", id);
	m->known[id] = false;
	m->gone[id] = true;
	m->last[id] = 0;
	say(m, &e);
}

/* How all are; and who is not any more. */
static int ask_all(struct monitor *m, struct family *f, struct rproc_lite_verdict *v)
{
	u32 id;
	int ret;

	do {
		memset(m->seen, 0, sizeof(m->seen));
		ret = family_ask(f, RPROC_LITE_NO_INDEX, on_answer, m, v);
	} while (!ret && f->interrupted);
	for (id = 0; !ret && id < REMOTES_MAX; id++)
		if (m->known[id] && !m->seen[id])
			say_gone(m, id);
	return ret;
}

static void on_event(const struct event *e, void *arg)
{
	struct monitor *m = arg;

	if (!is_wanted(m, e))
		return;
	if (m->gone[e->id] && e->cmd != RPROC_LITE_CMD_ADDED_NTF)
		return;
	m->gone[e->id] = false;
	/* The same number is another remote's from here on. */
	if (e->cmd == RPROC_LITE_CMD_ADDED_NTF && e->seq == 1 && m->last[e->id] > 1) {
		m->last[e->id] = 0;
		say_lost(m);
	}
	if (m->known[e->id] && e->seq <= m->last[e->id])
		return;
	/* Of one that was gone before we asked there is nothing but that to be heard. */
	if (e->seq != m->last[e->id] + 1 &&
	    (m->known[e->id] || e->cmd != RPROC_LITE_CMD_REMOVED_NTF))
		say_lost(m);
	m->known[e->id] = e->cmd != RPROC_LITE_CMD_REMOVED_NTF;
	m->last[e->id] = m->known[e->id] ? e->seq : 0;
	say(m, e);
}

/*
 * All that has come; then, if that was not all that happened, how things are. ENOBUFS comes
 * before what there was room for, so where something is missing the numbers tell.
 */
static int catch_up(struct monitor *m, struct family *f, struct rproc_lite_verdict *v)
{
	int ret;

	do {
		ret = family_take(f, on_event, m, v);
		if (ret == -ENOBUFS) {
			m->lost = true;
			ret = 1;
		}
	} while (ret > 0 && !m->done);
	if (!ret && m->lost && !m->done) {
		say_lost(m);
		m->said_lost = false;
		ret = ask_all(m, f, v);
		m->lost = false;
	}
	return ret < 0 ? ret : 0;
}

static int finish(const struct monitor *m)
{
	char limit[DURATION_MAX];

	if (!m->left || signals_caught())
		return EXIT_DONE;
	return report_text(m->rq, -ETIMEDOUT, "%llu events less than wanted after %s",
			   (unsigned long long)m->left, duration_text(limit, m->rq->timeout_ms));
}

static int follow(struct monitor *m, struct family *f)
{
	bool limited = m->rq->given & OPT_TIMEOUT;
	u64 end = duration_now(CLOCK_MONOTONIC) + m->rq->timeout_ms, now;
	struct pollfd fds[] = {
		{ .fd = family_fd(f), .events = POLLIN },
		{ .fd = signals_fd(), .events = POLLIN },
		/* Who reads what we tell may go, and nothing happen for long. */
		{ .fd = STDOUT_FILENO },
	};
	struct rproc_lite_verdict v;
	int ret;

	ret = ask_all(m, f, &v);
	for (;;) {
		if (fflush(stdout) || ferror(stdout) || (fds[2].revents & (POLLERR | POLLHUP)))
			return report_note(m->rq, -EPIPE,
					   &(struct rproc_lite_verdict) {
						.text = "nobody reads the events any more" });
		if (ret)
			return report(m->rq, ret, &v);
		now = duration_now(CLOCK_MONOTONIC);
		if (m->done || signals_caught() || (limited && now >= end))
			return finish(m);
		poll(fds, ARRAY_SIZE(fds),
		     !limited ? -1 : end - now > INT_MAX ? INT_MAX : (int)(end - now));
		ret = catch_up(m, f, &v);
	}
}

/* The remotes that there are, looked for one by name. */
struct lookup {
	const char *name;
	u32 id;
	bool found;
};

static void compare(const struct event *e, void *arg)
{
	struct lookup *l = arg;
	char number[16], path[64];

	snprintf(number, sizeof(number), "%u", e->id);
	snprintf(path, sizeof(path), "/dev/rproc_lite%u", e->id);
	if (strcmp(l->name, e->name) && strcmp(l->name, number) && strcmp(l->name, path))
		return;
	l->id = e->id;
	l->found = e->id < REMOTES_MAX;
}

static int choose(struct monitor *m, struct family *f, struct rproc_lite_verdict *v)
{
	char *const *arg = m->rq->args;
	char shown[128];
	int ret;

	if (!*arg)
		memset(m->wanted, true, sizeof(m->wanted));
	for (; *arg; arg++) {
		struct lookup l = { .name = *arg };

		ret = family_ask(f, RPROC_LITE_NO_INDEX, compare, &l, v);
		if (ret)
			return ret;
		if (!l.found)
			return rl_refuse_plain(v, -ENODEV, RPROC_LITE_AT_ARGUMENT,
					       "no remote is called %s",
					       text_escape(shown, sizeof(shown), *arg));
		m->wanted[l.id] = true;
	}
	return 0;
}

static int monitor(struct monitor *m)
{
	struct rproc_lite_verdict v;
	struct family f;
	int ret, code;

	ret = family_open(&f, &v);
	if (ret)
		return report(m->rq, ret, &v);
	ret = choose(m, &f, &v);
	code = ret ? report(m->rq, ret, &v) : follow(m, &f);
	family_close(&f);
	return code;
}

int cmd_monitor(const struct request *rq)
{
	static struct monitor m;
	const char *bad = "";
	char shown[128];

	m.rq = rq;
	m.left = rq->count;
	m.kinds = DEFAULT_KINDS;
	if (rq->given & OPT_EVENTS)
		m.kinds = event_parse_kinds(rq->events, &bad);
	if (!m.kinds) {
		report_text(rq, -EINVAL, "no event is called \"%s\"; there are: " EVENT_KINDS,
			    text_escape(shown, sizeof(shown), bad));
		return EXIT_USAGE;
	}
	m.kinds |= EVENT_BIT(EVENT_OVERRUN);
	signals_catch();
	signal(SIGPIPE, SIG_IGN);
	return monitor(&m);
}
