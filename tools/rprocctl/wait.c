// SPDX-License-Identifier: GPL-2.0-only
/* rprocctl wait: until the remote is in one of some states. */
#include <limits.h>
#include <poll.h>
#include <strings.h>
#include <time.h>

#include "cmd.h"
#include "device.h"
#include "duration.h"
#include "family.h"
#include "report.h"
#include "state.h"
#include "text.h"

/* The state whose name is the @len bytes at @s, in any case; -1 if none is. */
static int parse_state(const char *s, size_t len)
{
	const char *name;
	int state;

	for (state = 0; state < RL_STATE_NUM; state++) {
		name = rl_state_name(state);
		if (strlen(name) == len && !strncasecmp(name, s, len))
			return state;
	}
	return -1;
}

/* "Ready,Stopped" to bits. 0 if it is not such a list; *bad is what is wrong. */
static unsigned int parse_states(const char *s, const char **bad)
{
	unsigned int states = 0;
	size_t len;
	int state;

	for (;;) {
		len = strcspn(s, ",");
		state = parse_state(s, len);
		if (state < 0) {
			*bad = s;
			return 0;
		}
		states |= 1U << state;
		if (!s[len])
			return states;
		s += len + 1;
	}
}

/**
 * struct waiting - what is waited for, and what is known
 * @rq: the request
 * @states: bits of those that will do
 * @now: the newest state, as asked for or told
 * @found: @now is one of @states
 * @gone: the remote is
 */
struct waiting {
	const struct request *rq;
	unsigned int states;
	struct event now;
	bool found;
	bool gone;
};

static int tell(const struct waiting *w, u64 waited)
{
	char name[TEXT_ESCAPED(RPROC_LITE_NAME_MAX)];
	struct json j;

	if (!wants_json(w->rq)) {
		printf("%s: %s\n", text_escape(name, sizeof(name), w->now.name),
		       rl_state_name(w->now.state));
		return EXIT_DONE;
	}
	json_begin(&j, stdout);
	json_string(&j, "verb", w->rq->cmd->name);
	json_string(&j, "name", w->now.name);
	json_string(&j, "state", rl_state_name(w->now.state));
	json_u64(&j, "state_seq", w->now.state_seq);
	json_u64(&j, "waited_ms", waited);
	json_end(&j);
	return EXIT_DONE;
}

/* An answer, or an event; those that are older than an answer are in it already. */
static void look(const struct event *e, void *arg)
{
	struct waiting *w = arg;

	if (e->id != w->rq->dev->info.id || w->found || e->seq <= w->now.seq)
		return;
	if (e->cmd == RPROC_LITE_CMD_REMOVED_NTF)
		w->gone = true;
	if (!e->has_state)
		return;
	w->now = *e;
	w->found = e->state < RL_STATE_NUM && (w->states & 1U << e->state);
}

static int ask(struct waiting *w, struct family *f, struct rproc_lite_verdict *v)
{
	w->now.seq = 0;
	return family_ask(f, w->rq->dev->info.id, look, w, v);
}

/* What has come by now; if some of it was lost, how things are. */
static int catch_up(struct waiting *w, struct family *f, struct rproc_lite_verdict *v)
{
	bool lost = false;
	int ret;

	/* What came before some was lost is there still, and older than any answer. */
	do {
		ret = family_take(f, look, w, v);
		if (ret == -ENOBUFS && !lost) {
			lost = true;
			ret = 1;
		}
	} while (ret == 1 && !w->found);
	if (ret < 0 && ret != -ENOBUFS)
		return ret;
	return lost && !w->found ? ask(w, f, v) : 0;
}

static int wait_with(struct waiting *w, struct family *f)
{
	u64 start = duration_now(CLOCK_MONOTONIC), waited, left;
	bool limited = w->rq->given & OPT_TIMEOUT;
	struct pollfd fd = { .fd = family_fd(f), .events = POLLIN };
	struct rproc_lite_verdict v;
	char limit[DURATION_MAX];
	int ret;

	/* Whatever comes after this answer is told, since we listen already. */
	ret = ask(w, f, &v);
	for (;;) {
		waited = duration_now(CLOCK_MONOTONIC) - start;
		if (ret)
			return report(w->rq, ret, &v);
		if (w->found)
			return tell(w, waited);
		if (w->gone)
			return report_text(w->rq, -ENODEV, "the remote is gone");
		if (limited && waited >= w->rq->timeout_ms)
			return report_text(w->rq, -ETIMEDOUT, "still %s after %s",
					   rl_state_name(w->now.state),
					   duration_text(limit, w->rq->timeout_ms));

		left = w->rq->timeout_ms - waited;
		poll(&fd, 1, !limited ? -1 : left > INT_MAX ? INT_MAX : (int)left);
		ret = catch_up(w, f, &v);
	}
}

/* What is over before we look at it is not seen; else the same. */
static int wait_without(struct waiting *w)
{
	u64 start = duration_now(CLOCK_MONOTONIC), waited, left;
	bool limited = w->rq->given & OPT_TIMEOUT;
	struct rproc_lite_info *info = &w->rq->dev->info;
	struct rproc_lite_verdict v;
	char limit[DURATION_MAX];
	int ret;

	memcpy(w->now.name, info->name, sizeof(w->now.name));
	for (;;) {
		waited = duration_now(CLOCK_MONOTONIC) - start;
		w->now.state = info->state;
		w->now.state_seq = info->state_seq;
		if (info->state < RL_STATE_NUM && (w->states & 1U << info->state))
			return tell(w, waited);
		if (limited && waited >= w->rq->timeout_ms)
			return report_text(w->rq, -ETIMEDOUT, "still %s after %s",
					   rl_state_name(info->state),
					   duration_text(limit, w->rq->timeout_ms));
		left = w->rq->timeout_ms - waited;
		if (device_poll(w->rq->dev, false, -1, !limited ? -1 :
				left > INT_MAX ? INT_MAX : (int)left) & DEVICE_GONE)
			return report_text(w->rq, -ENODEV, "the remote is gone");
		ret = device_info(w->rq->dev, &v);
		if (ret)
			return report(w->rq, ret, &v);
	}
}

static int wait_for(const struct request *rq, unsigned int states)
{
	struct waiting w = { .rq = rq, .states = states };
	struct rproc_lite_verdict v;
	struct family f;
	int ret;

	ret = family_open(&f, &v);
	/* In a network namespace of one's own there are no events, but for poll(). */
	if (ret == -ENOENT)
		return wait_without(&w);
	if (ret)
		return report(rq, ret, &v);
	ret = wait_with(&w, &f);
	family_close(&f);
	return ret;
}

int cmd_wait(const struct request *rq)
{
	const char *bad = "";
	unsigned int states;
	char shown[128];

	states = parse_states(rq->arg, &bad);
	if (states)
		return wait_for(rq, states);
	report_text(rq, -EINVAL, "no state is called \"%s\"; see: rprocctl help wait",
		    text_escape(shown, sizeof(shown), bad));
	return EXIT_USAGE;
}
