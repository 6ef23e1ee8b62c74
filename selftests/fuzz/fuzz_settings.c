// SPDX-License-Identifier: GPL-2.0-only
/* Configuration data and policies: "key=value" and a NUL, again and again. */
#include "fuzz.h"
#include "common.h"
#include "policy.h"

#include <stdlib.h>

/* Another way to the same number. */
static bool model_of_number(const char *text, u64 *value)
{
	bool hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
	const char *digits = hex ? text + 2 : text;
	size_t len = strlen(digits);
	char *end;

	if (!len || strspn(digits, hex ? "0123456789abcdefABCDEF" : "0123456789") != len)
		return false;
	errno = 0;
	*value = strtoull(digits, &end, hex ? 16 : 10);
	return !errno && !*end;
}

static void check_number(const char *text)
{
	u64 is = 0, should = 0;
	int ret = rl_parse_u64(text, &is);

	must(!ret == model_of_number(text, &should));
	must(ret || is == should);
}

/* As the uapi header and Documentation/crashes.rst have it. */
static void check_limits(const struct rproc_lite_policy *p)
{
	must(p->recovery <= RPROC_LITE_RECOVER_STOP && p->recovery_changed <= 1);
	must(p->coredump <= RPROC_LITE_COREDUMP_COPY && p->suspend <= RPROC_LITE_SLEEP_RUN);
	must(p->suspend_blocks <= 1 && p->recovery_limit <= 1000000);
	must(p->heartbeat_misses >= 1 && p->heartbeat_misses <= 1000);
	must(p->recovery_delay_ms <= RPROC_LITE_TIMEOUT_MAX_MS);
	must(p->recovery_delay_max_ms <= RPROC_LITE_TIMEOUT_MAX_MS);
	must(p->recovery_window_ms <= RPROC_LITE_TIMEOUT_MAX_MS);
	must(p->heartbeat_ms <= RPROC_LITE_TIMEOUT_MAX_MS);
	must(p->coredump_timeout_ms && p->coredump_timeout_ms <= RPROC_LITE_TIMEOUT_MAX_MS);
	must(p->suspend_timeout_ms && p->suspend_timeout_ms <= RPROC_LITE_TIMEOUT_MAX_MS);
	must(!p->pad[0] && !p->pad[1]);
}

/* A policy that was set bit by bit is one that could be asked for at once. */
static void check_policy(const struct rproc_lite_policy *policy)
{
	struct rproc_lite_policy again = rl_policy_default;
	struct rproc_lite_verdict v;
	struct rl_setting s = { 0 };
	char value[64];
	unsigned int i;

	for (i = 0; rl_policy_key(i); i++) {
		s.key = rl_policy_key(i);
		s.value = rl_policy_value(policy, i, value, sizeof(value));
		must(!rl_policy_set(&again, &s, &v));
	}
	must(!memcmp(&again, policy, sizeof(again)));
	for (i = 0; i < 40; i++) {
		must(rl_policy_delay(policy, i, false) <= policy->recovery_delay_max_ms);
		must(rl_policy_delay(policy, i, true) >= rl_policy_delay(policy, i, false));
		must(rl_policy_delay(policy, i, true) <= 100 ||
		     rl_policy_delay(policy, i, true) <= policy->recovery_delay_max_ms);
	}
}

static void take_setting(struct rl_settings *settings, struct rproc_lite_policy *policy,
			 const struct rl_setting *s)
{
	struct rproc_lite_policy before = *policy;
	struct rproc_lite_verdict v;
	int ret;

	check_number(s->value);
	ret = rl_settings_set(settings, s, &v);
	must(!ret || ret == -EOPNOTSUPP || ret == -EINVAL);
	if (ret == -EINVAL)
		assert_verdict_sane(&v, ret);
	must(settings->stop_timeout_ms <= RPROC_LITE_TIMEOUT_MAX_MS);

	ret = rl_policy_set(policy, s, &v);
	must(!ret || ret == -EINVAL);
	if (ret) {
		assert_verdict_sane(&v, ret);
		must(!memcmp(&before, policy, sizeof(before)));
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct rproc_lite_policy policy = rl_policy_default;
	struct input in = { data, size };
	char *text = (char *)take_copy(&in, size);
	struct rl_settings settings = { 0 };
	struct rproc_lite_verdict v;
	struct rl_setting s;
	size_t at = 0, was;
	int ret;

	for (;;) {
		was = at;
		ret = rl_settings_next(text, size, &at, &s, &v);
		if (ret <= 0)
			break;
		must(s.at == was && at > was && at <= size);
		must(s.key == text + was && *s.key && !strchr(s.key, '='));
		must(s.value == s.key + strlen(s.key) + 1);
		must(s.value + strlen(s.value) + 1 == text + at);
		take_setting(&settings, &policy, &s);
	}
	must(ret == -EINVAL || at == size);
	if (ret)
		assert_verdict_sane(&v, ret);
	check_limits(&policy);
	check_policy(&policy);
	free(text);
	return 0;
}
