// SPDX-License-Identifier: GPL-2.0-only
/*
 * The system goes to sleep, or ends: what runs is suspended, stopped or left alone, as
 * its policy says, while there still are processes and files; and before another
 * kernel has the memory, all that runs is stopped.
 */
#include "system.h"
#include "lifecycle.h"
#include "operation.h"
#include "recovery.h"
#include "remote.h"
#include "verdict.h"

#include <linux/cleanup.h>
#include <linux/jiffies.h>
#include <linux/reboot.h>
#include <linux/suspend.h>

/* Beyond what it may take to stop, for an operation to end before the system sleeps. */
#define RL_PATIENCE_MS	1000u

static void set_asleep(struct rproc_lite *rproc, bool asleep, bool is_deep)
{
	guard(mutex)(&rproc->lock);
	if (asleep)
		WRITE_ONCE(rproc->system.sleeps, rproc->system.sleeps + 1);
	WRITE_ONCE(rproc->system.asleep, asleep);
	WRITE_ONCE(rproc->system.deep, asleep && is_deep);
	wake_up_all(&rproc->wait);
}

static bool is_about_memory(enum rl_event op)
{
	return op == RL_EV_LOAD || op == RL_EV_SET_RSC || op == RL_EV_DUMP;
}

/*
 * What loads or configures is frozen, wherever it is, and what is dumped does not run; but what
 * is about memory does not outlive a deep sleep. As a condition that is waited for it can't
 * take the lock; who changes any of it wakes us.
 */
static bool must_end(const struct rproc_lite *rproc, bool is_deep)
{
	enum rl_event op;

	return rl_op_runs(rproc, &op) && op != RL_EV_CONFIG &&
	       (is_deep || !is_about_memory(op));
}

/* There is nothing to load into, and nothing left to dump. */
static void give_up_memory(struct rproc_lite *rproc)
{
	guard(mutex)(&rproc->lock);
	if (rproc->claimed && is_about_memory(rproc->op))
		rl_cancel(rproc);
	if (rproc->state == RPROC_LITE_CRASHED)
		rproc->recovery.dumped = true;
}

static bool can_start_again(struct rproc_lite *rproc)
{
	guard(mutex)(&rproc->lock);
	return rproc->store && rl_store_can_seek(rproc->store);
}

/* What has to do with the system's sleep; in one that is deep all memory is lost. */
static unsigned long states_that_matter(bool is_deep)
{
	return BIT(RPROC_LITE_RUNNING) |
	       (is_deep ? BIT(RPROC_LITE_READY) | BIT(RPROC_LITE_SUSPENDED) : 0);
}

static int stop_for_sleep(struct rproc_lite *rproc, bool is_deep, bool blocks,
			  struct rproc_lite_verdict *v)
{
	bool comes_back = can_start_again(rproc);
	enum rproc_lite_state from;
	int ret;

	/* It would be lost without need; or with need, and that is what is not wanted. */
	if (!comes_back && (!is_deep || blocks))
		return rl_refuse_plain(v, -ESPIPE, RPROC_LITE_AT_FILE,
				       "its image came as a stream, so it could not be started again");
	ret = rl_stop_in(rproc, states_that_matter(is_deep), 0, &from, v);
	if (ret)
		return ret < 0 ? ret : 0;
	rproc->system.stopped = from == RPROC_LITE_RUNNING && comes_back;
	if (!rproc->system.stopped)
		dev_warn(&rproc->dev, "was %s, and is stopped for good as the system hibernates\n",
			 rl_state_name(from));
	return 0;
}

/* Return: 0, or a negative errno with @v: it does not do as its policy says. */
static int put_to_sleep(struct rproc_lite *rproc, const struct rproc_lite_policy *policy,
			bool is_deep, struct rproc_lite_verdict *v)
{
	u32 patience = RL_PATIENCE_MS + policy->suspend_timeout_ms + rproc->stop_timeout_ms;
	int ret = 0;

	if (is_deep)
		give_up_memory(rproc);
	wait_event_timeout(rproc->wait, !must_end(rproc, is_deep), msecs_to_jiffies(patience));
	if (!is_deep && READ_ONCE(rproc->state) != RPROC_LITE_RUNNING)
		return 0;
	if (must_end(rproc, is_deep))
		return rl_refuse_plain(v, -EBUSY, RPROC_LITE_AT_STATE,
				       "what is in progress does not end");
	if (!(states_that_matter(is_deep) & BIT(READ_ONCE(rproc->state))))
		return 0;
	if (is_deep || policy->suspend == RPROC_LITE_SLEEP_STOP) {
		ret = stop_for_sleep(rproc, is_deep, policy->suspend_blocks, v);
	} else if (policy->suspend == RPROC_LITE_SLEEP_ASK) {
		ret = rproc_lite_suspend(rproc, 0, v);
		rproc->system.suspended = !ret;
	}
	/* It went another way meanwhile, which was not ours to begin with. */
	return ret == -EBADFD ? 0 : ret;
}

static void wake_up_again(struct rproc_lite *rproc)
{
	struct rl_system *s = &rproc->system;
	struct rproc_lite_verdict v;
	int ret = 0;

	set_asleep(rproc, false, false);
	if (s->suspended)
		ret = rproc_lite_resume(rproc, &v);
	else if (s->stopped)
		ret = rl_start(rproc, true, &v);
	/* Somebody else may have waited for just that. */
	if (ret && ret != -EBADFD && ret != -EBUSY)
		dev_err(&rproc->dev, "does not go on after the system's sleep: %s\n", v.text);
	s->suspended = false;
	s->stopped = false;
	guard(mutex)(&rproc->lock);
	rl_recovery_go_on(rproc);
}

/* @is_deep: nothing is left afterwards of what runs, nor of its memory. */
static int before_sleep(struct rproc_lite *rproc, bool is_deep)
{
	struct rproc_lite_policy policy;
	struct rproc_lite_verdict v;
	int ret;

	scoped_guard(mutex, &rproc->lock)
		policy = rproc->policy;
	set_asleep(rproc, true, is_deep);
	ret = put_to_sleep(rproc, &policy, is_deep, &v);
	if (!ret)
		return NOTIFY_OK;
	dev_warn(&rproc->dev, "%s as the system goes to sleep: %s\n",
		 policy.suspend_blocks ? "keeps it awake" : "runs on", v.text);
	if (!policy.suspend_blocks)
		return NOTIFY_OK;
	wake_up_again(rproc);
	return notifier_from_errno(-EBUSY);
}

static int sleep(struct notifier_block *nb, unsigned long event, void *unused)
{
	struct rproc_lite *rproc = container_of(nb, struct rproc_lite, system.sleep);

	switch (event) {
	case PM_SUSPEND_PREPARE:
		return before_sleep(rproc, false);
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		return before_sleep(rproc, true);
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		wake_up_again(rproc);
		return NOTIFY_OK;
	}
	return NOTIFY_DONE;
}

static int reboot(struct notifier_block *nb, unsigned long event, void *unused)
{
	struct rproc_lite *rproc = container_of(nb, struct rproc_lite, system.reboot);

	set_asleep(rproc, true, false);
	rl_stop_for_good(rproc);
	return NOTIFY_OK;
}

int rl_system_begin(struct rproc_lite *rproc)
{
	int ret;

	rproc->system.sleep.notifier_call = sleep;
	rproc->system.reboot.notifier_call = reboot;
	ret = register_pm_notifier(&rproc->system.sleep);
	if (ret)
		return ret;
	ret = register_reboot_notifier(&rproc->system.reboot);
	if (ret)
		unregister_pm_notifier(&rproc->system.sleep);
	return ret;
}

void rl_system_end(struct rproc_lite *rproc)
{
	unregister_reboot_notifier(&rproc->system.reboot);
	unregister_pm_notifier(&rproc->system.sleep);
}
