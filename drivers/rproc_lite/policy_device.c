// SPDX-License-Identifier: GPL-2.0-only
/* The policy of a remote: from the devicetree, and from whoever sets it later. */
#include "policy_device.h"
#include "events.h"
#include "liveness.h"
#include "mapping.h"
#include "policy.h"
#include "recovery.h"
#include "remote.h"
#include "rights.h"
#include "verdict.h"

#include <linux/cleanup.h>
#include <linux/property.h>
#include <linux/string.h>

/* The value of setting @i, as text; NULL if it is of the wrong kind. */
static const char *read_value(struct device *dev, const char *name, unsigned int i, char *number,
			      size_t len)
{
	const char *word;
	u32 n;

	/* A number may look like a word, so it can't be found out from what is there. */
	if (!rl_policy_is_number(i))
		return device_property_read_string(dev, name, &word) ? NULL : word;
	if (device_property_read_u32(dev, name, &n))
		return NULL;
	snprintf(number, len, "%u", n);
	return number;
}

int rl_policy_begin(struct rproc_lite *rproc)
{
	struct device *dev = rproc->dev.parent;
	struct rproc_lite_verdict v;
	struct rl_setting s = { 0 };
	char name[64], number[16];
	unsigned int i;

	rproc->policy = rl_policy_default;
	for (i = 0; (s.key = rl_policy_key(i)); i++) {
		if (!strcmp(s.key, RL_POLICY_DELEGATE))
			continue;
		snprintf(name, sizeof(name), "rproc-lite,%s", s.key);
		if (!device_property_present(dev, name))
			continue;
		s.value = read_value(dev, name, i, number, sizeof(number));
		if (!s.value) {
			dev_err(dev, "%s is no %s\n", name,
				rl_policy_is_number(i) ? "number" : "word");
			return -EINVAL;
		}
		if (rl_policy_set(&rproc->policy, &s, &v)) {
			dev_err(dev, "%s\n", v.text);
			return -EINVAL;
		}
	}
	return 0;
}

/* Who was given the right can't give it. */
static int check_right(const struct rl_setting *s, enum rl_right right,
		       struct rproc_lite_verdict *v)
{
	if (right == RL_RIGHT_OWN || strcmp(s->key, RL_POLICY_DELEGATE))
		return 0;
	return rl_refuse(v, -EPERM, RPROC_LITE_AT_ARGUMENT, RPROC_LITE_NO_INDEX, s->at,
			 "setting %s: needs CAP_SYS_RAWIO, of who asks and of who opened the device",
			 s->key);
}

static int change(struct rproc_lite_policy *policy, char *data, size_t len,
		  enum rl_right right, struct rproc_lite_verdict *v)
{
	struct rl_setting s;
	size_t at = 0;
	int ret;

	while ((ret = rl_settings_next(data, len, &at, &s, v)) > 0) {
		ret = check_right(&s, right, v) ?: rl_policy_set(policy, &s, v);
		if (ret)
			break;
	}
	return ret;
}

/* What needs one member only reads it without the lock: no member changes by halves. */
static void put_policy(struct rproc_lite *rproc, const struct rproc_lite_policy *policy)
{
	const u32 *from = (const u32 *)policy;
	u32 *to = (u32 *)&rproc->policy;
	size_t i;

	for (i = 0; i < sizeof(*policy) / sizeof(*from); i++)
		WRITE_ONCE(to[i], from[i]);
}

int rl_set_policy(struct rproc_lite *rproc, char *data, size_t len, enum rl_right right,
		  struct rproc_lite_verdict *v)
{
	struct rproc_lite_policy policy, was;
	int ret;

	memset(v, 0, sizeof(*v));
	guard(mutex)(&rproc->lock);
	was = rproc->policy;
	policy = was;
	ret = change(&policy, data, len, right, v);
	if (ret)
		return ret;
	if (was.delegate == policy.delegate) {
		put_policy(rproc, &policy);
	} else {
		/* Who is at the memory by that right ends first. */
		scoped_guard(rwsem_write, &rproc->map_sem)
			put_policy(rproc, &policy);
		rl_right_follow(rproc, &was);
		rl_mapping_check_again(rproc);
	}
	rl_tell_news(rproc);
	if (memcmp(&was, &policy, sizeof(was)))
		rl_tell_policy(rproc);
	/* Who has claimed it looks after it, and does so by what holds when it is done. */
	if (rl_should_run(rproc->state) && !rproc->claimed)
		rl_liveness_watch(rproc);
	rl_recovery_go_on(rproc);
	return 0;
}

int rproc_lite_set_policy(struct rproc_lite *rproc, char *data, size_t len,
			  struct rproc_lite_verdict *v)
{
	return rl_set_policy(rproc, data, len, RL_RIGHT_OWN, v);
}
EXPORT_SYMBOL_GPL(rproc_lite_set_policy);
