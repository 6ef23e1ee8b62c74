/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_POLICY_H
#define RL_POLICY_H

#include "env.h"
#include "settings.h"
#include <linux/rproc_lite.h>

/* The setting that is a right, and so not for whoever may change the others. */
#define RL_POLICY_DELEGATE	"delegate"

/* What holds for a remote of which nobody said anything. */
extern const struct rproc_lite_policy rl_policy_default;

/**
 * rl_policy_set() - take one setting of a remote's policy
 * @policy: is changed, but not if the setting is refused
 * @s: the setting
 * @v: the reason, if refused
 *
 * Return: 0; -EINVAL for one that is not known, or a value that it can't have.
 */
int rl_policy_set(struct rproc_lite_policy *policy, const struct rl_setting *s,
		  struct rproc_lite_verdict *v);

/* The name of setting @i, from 0; NULL past the last. */
const char *rl_policy_key(unsigned int i);

/* The value of setting @i, as rl_policy_set() takes it. Return: @buf. */
const char *rl_policy_value(const struct rproc_lite_policy *policy, unsigned int i, char *buf,
			    size_t len);

/* Is setting @i a number? */
bool rl_policy_is_number(unsigned int i);

/*
 * How long to wait before a restart, in milliseconds, after @attempts in a row; of
 * which the last @failed, or else ran and crashed.
 */
u32 rl_policy_delay(const struct rproc_lite_policy *policy, u32 attempts, bool failed);

#endif /* RL_POLICY_H */
