// SPDX-License-Identifier: GPL-2.0-only
/*
 * A heartbeat, for firmware that hangs: it is asked for an echo again and again.
 * What does not answer when it starts may be slow to begin, or know nothing of
 * echoes; what said that it is there, and then owes some answers, crashed.
 */
#include "heartbeat.h"
#include "remote.h"

#include <linux/jiffies.h>
#include <linux/rproc_lite_doorbell.h>

static void beat(struct work_struct *work)
{
	struct rproc_lite *rproc = container_of(to_delayed_work(work), struct rproc_lite,
						heartbeat.work);
	u32 period = READ_ONCE(rproc->policy.heartbeat_ms);
	struct rl_heartbeat *h = &rproc->heartbeat;

	if (!period || READ_ONCE(rproc->state) != RPROC_LITE_RUNNING || !rproc->ops->send)
		return;
	if (test_and_clear_bit(RL_HEARD_ECHO_REPLY, &rproc->heard)) {
		h->lives = true;
		h->misses = 0;
	} else if (h->asked) {
		h->misses++;
	}
	if (!h->lives && !test_bit(RL_HEARD_READY, &rproc->heard))
		h->misses = 0;
	if (h->misses >= READ_ONCE(rproc->policy.heartbeat_misses)) {
		rproc_lite_report_crash(rproc, RPROC_LITE_CRASH_HEARTBEAT);
		return;
	}
	/* If it takes no more words it does not get on with those that it has: a miss. */
	h->asked = rproc->ops->send(rproc, RPROC_LITE_WORD_ECHO_REQUEST) != -ENOTCONN;
	queue_delayed_work(system_freezable_wq, &h->work, msecs_to_jiffies(period));
}

void rl_heartbeat_init(struct rproc_lite *rproc)
{
	INIT_DELAYED_WORK(&rproc->heartbeat.work, beat);
}

void rl_heartbeat_reset(struct rproc_lite *rproc)
{
	WRITE_ONCE(rproc->heartbeat.asked, false);
	rproc->heartbeat.lives = false;
	rproc->heartbeat.misses = 0;
}

void rl_heartbeat_watch(struct rproc_lite *rproc)
{
	struct rl_heartbeat *h = &rproc->heartbeat;
	u32 period = rproc->policy.heartbeat_ms;

	lockdep_assert_held(&rproc->lock);
	if (!period || rproc->going)
		return;
	/* Another period holds at once, and what was asked before has its time. */
	if (period != h->period)
		mod_delayed_work(system_freezable_wq, &h->work, msecs_to_jiffies(period));
	else
		queue_delayed_work(system_freezable_wq, &h->work, msecs_to_jiffies(period));
	h->period = period;
}

void rl_heartbeat_pause(struct rproc_lite *rproc)
{
	cancel_delayed_work_sync(&rproc->heartbeat.work);
	/* An answer that comes meanwhile counts; one that does not is not owed. */
	WRITE_ONCE(rproc->heartbeat.asked, false);
}
