// SPDX-License-Identifier: GPL-2.0-only
/* rprocctl wait: until the remote is in one of some states. */
#include <limits.h>
#include <strings.h>
#include <time.h>

#include "cmd.h"
#include "device.h"
#include "duration.h"
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

static int tell(const struct request *rq, const struct rproc_lite_info *info, u64 waited)
{
	char name[TEXT_ESCAPED(RPROC_LITE_NAME_MAX)];
	struct json j;

	if (!wants_json(rq)) {
		printf("%s: %s\n", text_escape(name, sizeof(name), info->name),
		       rl_state_name(info->state));
		return EXIT_DONE;
	}
	json_begin(&j, stdout);
	json_string(&j, "verb", rq->cmd->name);
	json_string(&j, "name", info->name);
	json_string(&j, "state", rl_state_name(info->state));
	json_u64(&j, "state_seq", info->state_seq);
	json_u64(&j, "waited_ms", waited);
	json_end(&j);
	return EXIT_DONE;
}

static int wait_for(const struct request *rq, unsigned int states)
{
	u64 start = duration_now(CLOCK_MONOTONIC), waited, left;
	bool limited = rq->given & OPT_TIMEOUT;
	struct rproc_lite_verdict v;
	char limit[DURATION_MAX];
	int ret, step;

	for (;;) {
		const struct rproc_lite_info *info = &rq->dev->info;

		waited = duration_now(CLOCK_MONOTONIC) - start;
		if (info->state < RL_STATE_NUM && (states & 1U << info->state))
			return tell(rq, info, waited);
		if (limited && waited >= rq->timeout_ms)
			return report_text(rq, -ETIMEDOUT, "still %s after %s",
					   rl_state_name(info->state),
					   duration_text(limit, rq->timeout_ms));

		left = rq->timeout_ms - waited;
		step = !limited ? -1 : left > INT_MAX ? INT_MAX : (int)left;
		if (device_poll(rq->dev, false, -1, step) & DEVICE_GONE)
			return report_text(rq, -ENODEV, "the remote is gone");
		ret = device_info(rq->dev, &v);
		if (ret)
			return report(rq, ret, &v);
	}
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
