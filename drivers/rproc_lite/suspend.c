// SPDX-License-Identifier: GPL-2.0-only
/*
 * A remote that sleeps: its firmware was asked to, and agreed. Nothing is said to it
 * until it is to go on, for any word wakes it.
 */
#include "heartbeat.h"
#include "operation.h"
#include "remote.h"
#include "vdev.h"
#include "verdict.h"

#include <linux/jiffies.h>
#include <linux/rproc_lite.h>
#include <linux/rproc_lite_doorbell.h>

static bool is_answered(struct rproc_lite *rproc)
{
	return test_bit(RL_HEARD_SUSPEND_ACK, &rproc->heard) || READ_ONCE(rproc->cancel) ||
	       READ_ONCE(rproc->reported);
}

/* Return: -ERESTARTSYS if killed. */
static long wait_for_answer(struct rproc_lite *rproc, u32 timeout_ms)
{
	/* The jiffy that has begun does not count. */
	long left = msecs_to_jiffies(timeout_ms) + 1;

	return ___wait_event(rproc->wait, is_answered(rproc) || !left,
			     (TASK_KILLABLE | TASK_FREEZABLE), 0, 0L,
			     left = schedule_timeout(left));
}

/* Claimed. */
static int ask(struct rproc_lite *rproc, u32 timeout_ms, struct rproc_lite_verdict *v)
{
	long ret;

	clear_bit(RL_HEARD_SUSPEND_ACK, &rproc->heard);
	ret = rproc->ops->send ? rproc->ops->send(rproc, RPROC_LITE_WORD_SUSPEND) : -ENOTCONN;
	if (ret)
		return rl_refuse_plain(v, ret, RPROC_LITE_AT_BACKEND,
				       "the firmware can't be told to suspend: error %ld", -ret);
	ret = wait_for_answer(rproc, timeout_ms);
	if (test_bit(RL_HEARD_SUSPEND_ACK, &rproc->heard))
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

/* Claimed. Return: 0, or why it can't be told. */
static int wake(struct rproc_lite *rproc)
{
	int ret = rproc->ops->send(rproc, RPROC_LITE_WORD_RESUME);

	if (!ret)
		rl_vdev_unhush(rproc);
	return ret;
}

int rproc_lite_suspend(struct rproc_lite *rproc, u32 timeout_ms, struct rproc_lite_verdict *v)
{
	int ret;

	ret = rl_claim(rproc, RL_EV_SUSPEND, v);
	if (ret)
		return ret;
	rl_heartbeat_pause(rproc);
	rl_vdev_hush(rproc);
	ret = ask(rproc, timeout_ms ?: READ_ONCE(rproc->policy.suspend_timeout_ms), v);
	/* Its kicks are due, in any case. */
	if (ret && (!rproc->ops->send || wake(rproc)))
		rl_vdev_unhush(rproc);
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
