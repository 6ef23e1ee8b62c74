// SPDX-License-Identifier: GPL-2.0-only
/* rprocctl policy: what a remote does of itself. */
#include "action.h"
#include "device.h"
#include "json.h"
#include "model.h"
#include "policy.h"
#include "report.h"
#include "verdict.h"

#define KEY_WIDTH	24

static void tell_text(const struct rproc_lite_policy *policy)
{
	char value[MODEL_SETTING_MAX];
	unsigned int i;

	for (i = 0; rl_policy_key(i); i++)
		printf("%-*s%s\n", KEY_WIDTH, rl_policy_key(i),
		       rl_policy_value(policy, i, value, sizeof(value)));
}

static void tell_json(const struct request *rq, const struct rproc_lite_policy *policy)
{
	struct json j;

	json_begin(&j, stdout);
	json_string(&j, "name", rq->dev->info.name);
	model_json_policy(&j, policy);
	json_end(&j);
}

/* The arguments behind the remote, each with its NUL. */
static int set(const struct request *rq, struct rproc_lite_verdict *v)
{
	char data[RPROC_LITE_CONFIG_MAX];
	struct device writable;
	size_t len = 0, n;
	int i, ret;

	for (i = 1; rq->args[i]; i++) {
		n = strlen(rq->args[i]) + 1;
		if (n > sizeof(data) - len)
			return rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_ARGUMENT,
					       "settings of over %zu bytes", sizeof(data));
		memcpy(data + len, rq->args[i], n);
		len += n;
	}
	/* To look at it, the right to read is enough. */
	ret = device_open(&writable, rq->subject, true, v);
	if (ret)
		return ret;
	ret = device_set_policy(&writable, data, len, v);
	device_close(&writable);
	return ret;
}

int cmd_policy(const struct request *rq)
{
	struct rproc_lite_policy policy;
	struct rproc_lite_verdict v;
	int ret;

	ret = rq->arg ? set(rq, &v) : 0;
	if (!ret)
		ret = device_policy(rq->dev, &policy, &v);
	if (ret)
		return report(rq, ret, &v);
	if (wants_json(rq))
		tell_json(rq, &policy);
	else
		tell_text(&policy);
	return EXIT_DONE;
}
