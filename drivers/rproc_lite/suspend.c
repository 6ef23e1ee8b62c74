// SPDX-License-Identifier: GPL-2.0-only
/*
 * A remote that sleeps: its firmware was asked to, and agreed. Nothing is said to it
 * until it is to go on, for any word wakes it.
 */
#include "heartbeat.h"
#include "kick.h"
#include "operation.h"
#include "remote.h"
#include "verdict.h"

#include <linux/hrtimer.h>
#include <linux/rproc_lite.h>
#include <linux/rproc_lite_doorbell.h>

static bool is_answered(struct rproc_lite *rproc, enum rl_heard heard)
{
	return test_bit(heard, &rproc->heard) || READ_ONCE(rproc->cancel) ||
	       READ_ONCE(rproc->reported);
}

/* Return: -ERESTARTSYS if killed. */
static long wait_for_answer(struct rproc_lite *rproc, enum rl_heard heard, u32 timeout_ms)
{
	ktime_t deadline = ktime_add_ms(ktime_get(), timeout_ms);

	return ___wait_event(rproc->wait,
			     is_answered(rproc, heard) || !ktime_before(ktime_get(), deadline),
			     (TASK_KILLABLE | TASK_FREEZABLE), 0, 0L,
			     schedule_hrtimeout(&deadline, HRTIMER_MODE_ABS));
}

/* Claimed. Tell @word, and wait to hear what answers it. */
static int ask(struct rproc_lite *rproc, u32 word, enum rl_heard heard, u32 timeout_ms,
	       struct rproc_lite_verdict *v)
{
	long ret;

	clear_bit(heard, &rproc->heard);
	ret = rproc->ops->send ? rproc->ops->send(rproc, word) : -ENOTCONN;
	if (ret)
		return rl_refuse_plain(v, ret, RPROC_LITE_AT_BACKEND,
				       "the firmware can't be told to suspend: error %ld", -ret);
	if (word == RPROC_LITE_WORD_SUSPEND)
		rproc->owes_ack = true;
	ret = wait_for_answer(rproc, heard, timeout_ms);
	if (test_bit(heard, &rproc->heard))
		return 0;
	if (READ_ONCE(rproc->reported))
		return rl_refuse_plain(v, -EIO, RPROC_LITE_AT_BACKEND,
				       "the remote crashed instead of suspending");
	if (READ_ONCE(rproc->cancel))
		return rl_refuse_plain(v, -ECANCELED, RPROC_LITE_AT_NOTHING,
				       "suspending was cancelled");
	if (ret < 0)
		return rl_refuse_plain(v, -EINTR, RPROC_LITE_AT_NOTHING,
				       "interrupted while waiting for the firmware to suspend");
	return rl_refuse_plain(v, -ETIMEDOUT, RPROC_LITE_AT_BACKEND,
			       "the firmware did not suspend within %u ms; it runs on",
			       timeout_ms);
}

/*
 * Claimed. The answer to a SUSPEND of before must not pass for that to the next one. It takes
 * its words one after the other, so it has answered that one, or never will, once it has
 * answered a later word.
 */
static int settle_debts(struct rproc_lite *rproc, u32 timeout_ms, struct rproc_lite_verdict *v)
{
	int ret;

	if (!rproc->owes_ack)
		return 0;
	ret = test_bit(RL_HEARD_SUSPEND_ACK, &rproc->heard) ? 0 :
	      ask(rproc, RPROC_LITE_WORD_ECHO_REQUEST, RL_HEARD_ECHO_REPLY, timeout_ms, v);
	rproc->owes_ack = ret;
	return ret;
}

/* Claimed. */
static int ask_to_suspend(struct rproc_lite *rproc, u32 timeout_ms, struct rproc_lite_verdict *v)
{
	int ret = settle_debts(rproc, timeout_ms, v);

	if (ret)
		return ret;
	ret = ask(rproc, RPROC_LITE_WORD_SUSPEND, RL_HEARD_SUSPEND_ACK, timeout_ms, v);
	if (!ret)
		rproc->owes_ack = false;
	return ret;
}

/* Claimed. Return: 0, or why it can't be told. */
static int wake(struct rproc_lite *rproc)
{
	int ret = rproc->ops->send(rproc, RPROC_LITE_WORD_RESUME);

	if (!ret)
		rl_kick_unhush(rproc);
	return ret;
}

int rproc_lite_suspend(struct rproc_lite *rproc, u32 timeout_ms, struct rproc_lite_verdict *v)
{
	int ret;

	ret = rl_claim(rproc, RL_EV_SUSPEND, v);
	if (ret)
		return ret;
	rl_heartbeat_pause(rproc);
	rl_kick_hush(rproc);
	ret = ask_to_suspend(rproc, timeout_ms ?: READ_ONCE(rproc->policy.suspend_timeout_ms), v);
	/* Its kicks are due, in any case. */
	if (ret && (!rproc->ops->send || wake(rproc)))
		rl_kick_unhush(rproc);
	return rl_settle(rproc, RPROC_LITE_SUSPENDED, ret, v);
}
EXPORT_SYMBOL_GPL(rproc_lite_suspend);

int rproc_lite_resume(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	int ret;

	ret = rl_claim(rproc, RL_EV_RESUME, v);
	if (ret)
		return ret;
	rl_heartbeat_reset(rproc);
	ret = wake(rproc);
	if (ret)
		rl_refuse_plain(v, ret, RPROC_LITE_AT_BACKEND,
				"the firmware can't be told to go on: error %d", -ret);
	return rl_settle(rproc, RPROC_LITE_RUNNING, ret, v);
}
EXPORT_SYMBOL_GPL(rproc_lite_resume);
