// SPDX-License-Identifier: GPL-2.0-only
/* The policy of a remote: from the devicetree, and from whoever sets it later. */
#include "policy_device.h"
#include "liveness.h"
#include "policy.h"
#include "remote.h"

#include <linux/cleanup.h>
#include <linux/property.h>

int rl_policy_begin(struct rproc_lite *rproc)
{
	struct device *dev = rproc->dev.parent;
	struct rproc_lite_verdict v;
	struct rl_setting s = { 0 };
	char name[64], number[16];
	unsigned int i;
	u32 n;

	rproc->policy = rl_policy_default;
	for (i = 0; (s.key = rl_policy_key(i)); i++) {
		snprintf(name, sizeof(name), "rproc-lite,%s", s.key);
		if (!device_property_present(dev, name))
			continue;
		if (device_property_read_string(dev, name, &s.value)) {
			if (device_property_read_u32(dev, name, &n)) {
				dev_err(dev, "%s is neither a word nor a number\n", name);
				return -EINVAL;
			}
			snprintf(number, sizeof(number), "%u", n);
			s.value = number;
		}
		if (rl_policy_set(&rproc->policy, &s, &v)) {
			dev_err(dev, "%s\n", v.text);
			return -EINVAL;
		}
	}
	return 0;
}

int rproc_lite_set_policy(struct rproc_lite *rproc, char *data, size_t len,
			  struct rproc_lite_verdict *v)
{
	struct rproc_lite_policy policy;
	struct rl_setting s;
	size_t at = 0;
	int ret;

	memset(v, 0, sizeof(*v));
	guard(mutex)(&rproc->lock);
	policy = rproc->policy;
	while ((ret = rl_settings_next(data, len, &at, &s, v)) > 0) {
		ret = rl_policy_set(&policy, &s, v);
		if (ret)
			break;
	}
	if (ret)
		return ret;
	rproc->policy = policy;
	rl_tell_news(rproc);
	if (rl_should_run(rproc->state))
		rl_liveness_watch(rproc);
	return 0;
}
EXPORT_SYMBOL_GPL(rproc_lite_set_policy);
