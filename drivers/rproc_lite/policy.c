// SPDX-License-Identifier: GPL-2.0-only
/* What a remote does of itself, as settings with names. */
#include "policy.h"
#include "verdict.h"

/* A restart that failed is not tried again sooner than this, whatever the policy. */
#define RL_RETRY_MS	100u

#define MS_MAX		RPROC_LITE_TIMEOUT_MAX_MS
#define AT(field)	offsetof(struct rproc_lite_policy, field)

static const char *const recoveries[] = { "none", "restart", "stop", NULL };
static const char *const permissions[] = { "refuse", "allow", NULL };
static const char *const coredumps[] = { "off", "inline", "copy", NULL };
static const char *const sleeps[] = { "ask", "stop", "run", NULL };
static const char *const refusals[] = { "ignore", "block", NULL };
static const char *const delegations[] = { "none", "load", NULL };

/* Where each setting goes; its words, or else the numbers that it may be. */
static const struct {
	const char *key;
	size_t at;
	const char *const *words;
	u32 min;
	u32 max;
} keys[] = {
	{ "recovery", AT(recovery), recoveries, 0, 0 },
	{ "recovery-limit", AT(recovery_limit), NULL, 0, 1000000 },
	{ "recovery-delay-ms", AT(recovery_delay_ms), NULL, 0, MS_MAX },
	{ "recovery-delay-max-ms", AT(recovery_delay_max_ms), NULL, 0, MS_MAX },
	{ "recovery-window-ms", AT(recovery_window_ms), NULL, 0, MS_MAX },
	{ "recovery-changed", AT(recovery_changed), permissions, 0, 0 },
	{ "heartbeat-ms", AT(heartbeat_ms), NULL, 0, MS_MAX },
	{ "heartbeat-misses", AT(heartbeat_misses), NULL, 1, 1000 },
	{ "coredump", AT(coredump), coredumps, 0, 0 },
	{ "coredump-timeout-ms", AT(coredump_timeout_ms), NULL, 1, MS_MAX },
	{ "suspend", AT(suspend), sleeps, 0, 0 },
	{ "suspend-timeout-ms", AT(suspend_timeout_ms), NULL, 1, MS_MAX },
	{ "suspend-refused", AT(suspend_blocks), refusals, 0, 0 },
	{ RL_POLICY_DELEGATE, AT(delegate), delegations, 0, 0 },
};

const struct rproc_lite_policy rl_policy_default = {
	.recovery = RPROC_LITE_RECOVER_NOT,
	.recovery_limit = 10,
	.recovery_delay_ms = 0,
	.recovery_delay_max_ms = 10000,
	.recovery_window_ms = 60000,
	.heartbeat_misses = 3,
	.coredump = RPROC_LITE_COREDUMP_OFF,
	.coredump_timeout_ms = 10000,
	.suspend = RPROC_LITE_SLEEP_ASK,
	.suspend_timeout_ms = 1000,
};

static void put(struct rproc_lite_policy *policy, unsigned int i, u32 value)
{
	*(u32 *)((char *)policy + keys[i].at) = value;
}

static int set_word(struct rproc_lite_policy *policy, unsigned int i,
		    const struct rl_setting *s, struct rproc_lite_verdict *v)
{
	char why[64] = "wants ";
	size_t at = strlen(why);
	u32 n;

	for (n = 0; keys[i].words[n]; n++) {
		if (!strcmp(s->value, keys[i].words[n])) {
			put(policy, i, n);
			return 0;
		}
		at += (size_t)snprintf(why + at, sizeof(why) - at, "%s%s", n ? " or " : "",
				       keys[i].words[n]);
	}
	return rl_bad_setting(v, s->at, s->key, why);
}

static int set_number(struct rproc_lite_policy *policy, unsigned int i,
		      const struct rl_setting *s, struct rproc_lite_verdict *v)
{
	char why[64];
	u64 n;

	if (!rl_parse_u64(s->value, &n) && n >= keys[i].min && n <= keys[i].max) {
		put(policy, i, (u32)n);
		return 0;
	}
	snprintf(why, sizeof(why), "wants %u to %u", keys[i].min, keys[i].max);
	return rl_bad_setting(v, s->at, s->key, why);
}

int rl_policy_set(struct rproc_lite_policy *policy, const struct rl_setting *s,
		  struct rproc_lite_verdict *v)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(s->key, keys[i].key))
			return keys[i].words ? set_word(policy, i, s, v) :
					       set_number(policy, i, s, v);
	return rl_bad_setting(v, s->at, s->key, "not known here");
}

const char *rl_policy_key(unsigned int i)
{
	return i < ARRAY_SIZE(keys) ? keys[i].key : NULL;
}

bool rl_policy_is_number(unsigned int i)
{
	return !keys[i].words;
}

const char *rl_policy_value(const struct rproc_lite_policy *policy, unsigned int i, char *buf,
			    size_t len)
{
	u32 value = *(const u32 *)((const char *)policy + keys[i].at);
	unsigned int n = 0;

	if (rl_policy_is_number(i)) {
		snprintf(buf, len, "%u", value);
		return buf;
	}
	while (n < value && keys[i].words[n])
		n++;
	snprintf(buf, len, "%s", keys[i].words[n] ? keys[i].words[n] : "?");
	return buf;
}

u32 rl_policy_delay(const struct rproc_lite_policy *policy, u32 attempts, bool failed)
{
	u32 max = policy->recovery_delay_max_ms;
	u64 delay = policy->recovery_delay_ms;

	if (failed && delay < RL_RETRY_MS)
		delay = RL_RETRY_MS;
	if (failed && max < RL_RETRY_MS)
		max = RL_RETRY_MS;
	/* 32 doublings take any delay past any limit. */
	delay <<= attempts < 32 ? attempts : 32;
	return delay < max ? (u32)delay : max;
}
