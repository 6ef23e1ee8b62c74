// SPDX-License-Identifier: GPL-2.0-only
/*
 * What follows from a crash: nothing, a stop, or restarts, until one holds or the
 * policy's limit is reached. It is a work, and an operation only while it does
 * something: whoever stops or shuts the remote down takes over. Who has claimed it
 * before us does so, or is the crash itself, for which rl_claim() waits.
 */
#include "recovery.h"
#include "compat.h"
#include "coredump.h"
#include "events.h"
#include "lifecycle.h"
#include "operation.h"
#include "policy.h"
#include "remote.h"
#include "verdict.h"

#include <linux/cleanup.h>
#include <linux/jiffies.h>
#include <linux/timekeeping.h>

/* For who waits to be the next one to claim a remote. */
#define RL_YIELD_MS	100

static void queue(struct rproc_lite *rproc, u32 delay_ms)
{
	lockdep_assert_held(&rproc->lock);
	if (!rproc->going)
		mod_delayed_work(rl_unbound_wq, &rproc->recovery.work,
				 msecs_to_jiffies(delay_ms));
}

/* Is that crash still nobody else's business? */
static bool is_due(struct rproc_lite *rproc)
{
	lockdep_assert_held(&rproc->lock);
	return !rproc->going && rproc->state == RPROC_LITE_CRASHED &&
	       rproc->recovery.seq == atomic64_read(&rproc->state_seq);
}

static void tell(struct rproc_lite *rproc, enum rproc_lite_recovery what, u32 delay_ms,
		 int error)
{
	lockdep_assert_held(&rproc->lock);
	rproc->recovery.what = what;
	rl_tell_recovery(rproc, what, rproc->recovery.attempts +
			 (what == RPROC_LITE_RECOVERY_WAITING), delay_ms, error);
	rl_tell_news(rproc);
}

static void give_up(struct rproc_lite *rproc, const char *why)
{
	lockdep_assert_held(&rproc->lock);
	dev_err(&rproc->dev, "is not restarted any more: %s\n", why);
	rproc->recovery.seq = 0;
	tell(rproc, RPROC_LITE_RECOVERY_GIVEN_UP, 0, 0);
}

/* Return: to be restarted now. */
static bool is_time(struct rproc_lite *rproc)
{
	const struct rproc_lite_policy *policy = &rproc->policy;
	struct rl_recovery *r = &rproc->recovery;
	long left;
	u32 delay;

	lockdep_assert_held(&rproc->lock);
	if (policy->recovery_limit && r->attempts >= policy->recovery_limit) {
		give_up(rproc, "it crashed too often");
		return false;
	}
	if (!r->timed) {
		delay = rl_policy_delay(policy, r->attempts, r->failed);
		r->timed = true;
		r->due = jiffies + msecs_to_jiffies(delay);
		if (delay)
			tell(rproc, RPROC_LITE_RECOVERY_WAITING, delay, 0);
	}
	/* Looked at once: a moment later it may be over. */
	left = (long)(r->due - jiffies);
	if (left > 0)
		queue(rproc, jiffies_to_msecs(left));
	return left <= 0;
}

/* Who chose what would be started again may not do so any more. */
static bool is_forbidden(struct rproc_lite *rproc)
{
	lockdep_assert_held(&rproc->lock);
	if (!rproc->tainted)
		return false;
	give_up(rproc, "the policy delegated what it no longer does");
	return true;
}

/* Will it be as bad the next time? */
static bool is_lasting(int error)
{
	return error == -ESPIPE || error == -ESTALE || error == -ENOEXEC || error == -EPERM;
}

static void note_outcome(struct rproc_lite *rproc, int ret, const struct rproc_lite_verdict *v)
{
	struct rl_recovery *r = &rproc->recovery;

	lockdep_assert_held(&rproc->lock);
	r->failed = ret;
	if (!ret) {
		r->done++;
		r->up_since = ktime_get_boottime_ns();
		tell(rproc, RPROC_LITE_RECOVERY_DONE, 0, 0);
		return;
	}
	dev_err(&rproc->dev, "could not be restarted: %s\n", v->text);
	tell(rproc, RPROC_LITE_RECOVERY_FAILED, 0, ret);
	if (!is_due(rproc))
		return;
	if (is_lasting(ret))
		give_up(rproc, "it would fail again");
	else
		queue(rproc, 0);
}

static void restart(struct rproc_lite *rproc)
{
	struct rproc_lite_verdict v;
	bool due, same;
	int ret;

	ret = rl_claim(rproc, RL_EV_RECOVER, &v);
	if (ret)
		return;
	scoped_guard(mutex, &rproc->lock) {
		due = is_due(rproc) && !is_forbidden(rproc);
		same = !rproc->policy.recovery_changed;
		if (due) {
			rproc->recovery.timed = false;
			rproc->recovery.attempts++;
			tell(rproc, RPROC_LITE_RECOVERY_BEGUN, 0, 0);
		}
	}
	if (!due) {
		rl_settle(rproc, rproc->state, 0, &v);
		return;
	}
	ret = rl_restart(rproc, same, &v);
	/* What follows, the next crash perhaps, comes after what is said of this one. */
	guard(mutex)(&rproc->lock);
	rl_settle_locked(rproc, RPROC_LITE_RUNNING, ret, &v);
	note_outcome(rproc, ret, &v);
}

static void stop(struct rproc_lite *rproc)
{
	struct rproc_lite_verdict v;
	bool due;
	int ret;

	if (rl_claim(rproc, RL_EV_HALT, &v))
		return;
	scoped_guard(mutex, &rproc->lock)
		due = is_due(rproc);
	if (!due) {
		rl_settle(rproc, rproc->state, 0, &v);
		return;
	}
	ret = rl_halt(rproc, &v);
	/* Who waits for it is the next to write these. */
	guard(mutex)(&rproc->lock);
	rl_settle_locked(rproc, RPROC_LITE_STOPPED, ret, &v);
	rproc->recovery.seq = 0;
	tell(rproc, ret ? RPROC_LITE_RECOVERY_FAILED : RPROC_LITE_RECOVERY_STOPPED, 0, ret);
}

/* Who reads a dump sleeps while the system does. With the lock. */
static bool must_dump_later(const struct rproc_lite *rproc)
{
	return rproc->system.asleep && rproc->policy.coredump != RPROC_LITE_COREDUMP_OFF &&
	       !rproc->recovery.dumped;
}

/* First of all, what can be known of the crash is kept. Return: go on now. */
static bool dump(struct rproc_lite *rproc)
{
	struct rproc_lite_policy policy;
	struct rproc_lite_verdict v;
	bool due, wanted;

	scoped_guard(mutex, &rproc->lock) {
		if (is_due(rproc) && must_dump_later(rproc))
			return false;
		if (rproc->recovery.dumped || rproc->policy.coredump == RPROC_LITE_COREDUMP_OFF)
			return true;
	}
	if (rl_claim(rproc, RL_EV_DUMP, &v))
		return true;
	scoped_guard(mutex, &rproc->lock) {
		policy = rproc->policy;
		due = is_due(rproc);
		if (due)
			rproc->recovery.dumped = true;
	}
	if (due && policy.coredump != RPROC_LITE_COREDUMP_OFF)
		rl_coredump(rproc, &policy);
	wanted = READ_ONCE(rproc->cancel);
	rl_settle(rproc, rproc->state, 0, &v);
	/* Whoever wants it is to have it, unless they are killed before they do. */
	if (wanted) {
		guard(mutex)(&rproc->lock);
		queue(rproc, RL_YIELD_MS);
	}
	return !wanted;
}

static void recover(struct work_struct *work)
{
	struct rproc_lite *rproc = container_of(to_delayed_work(work), struct rproc_lite,
						recovery.work);
	u32 what = RPROC_LITE_RECOVER_NOT;

	if (!dump(rproc))
		return;
	scoped_guard(mutex, &rproc->lock) {
		if (is_due(rproc))
			what = rproc->policy.recovery;
		if (what == RPROC_LITE_RECOVER_RESTART && !is_time(rproc))
			what = RPROC_LITE_RECOVER_NOT;
	}
	if (what == RPROC_LITE_RECOVER_RESTART)
		restart(rproc);
	else if (what == RPROC_LITE_RECOVER_STOP)
		stop(rproc);
}

void rl_recovery_init(struct rproc_lite *rproc)
{
	INIT_DELAYED_WORK(&rproc->recovery.work, recover);
}

void rl_recovery_plan(struct rproc_lite *rproc)
{
	u64 window = (u64)rproc->policy.recovery_window_ms * NSEC_PER_MSEC;
	struct rl_recovery *r = &rproc->recovery;

	lockdep_assert_held(&rproc->lock);
	if (rproc->crash_since - r->up_since > window)
		r->attempts = 0;
	r->seq = atomic64_read(&rproc->state_seq);
	r->what = RPROC_LITE_RECOVERY_NONE;
	r->failed = false;
	r->dumped = false;
	r->timed = false;
	queue(rproc, 0);
}

void rl_recovery_forget(struct rproc_lite *rproc)
{
	guard(mutex)(&rproc->lock);
	rproc->recovery.seq = 0;
	rproc->recovery.attempts = 0;
	rproc->recovery.what = RPROC_LITE_RECOVERY_NONE;
}

void rl_recovery_go_on(struct rproc_lite *rproc)
{
	lockdep_assert_held(&rproc->lock);
	if (is_due(rproc))
		queue(rproc, 0);
}

void rl_recovery_end(struct rproc_lite *rproc)
{
	cancel_delayed_work_sync(&rproc->recovery.work);
}
