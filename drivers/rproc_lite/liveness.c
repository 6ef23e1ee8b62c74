// SPDX-License-Identifier: GPL-2.0-only
/*
 * Is a running remote still alive? What it says arrives in any context and is
 * only noted; a work looks at the notes, and at the core itself, which may go
 * off without a word.
 */
#include "liveness.h"
#include "crash.h"
#include "events.h"
#include "heartbeat.h"
#include "kick.h"
#include "remote.h"

#include <linux/cleanup.h>
#include <linux/rproc_lite_doorbell.h>

/* How long a core that went off without a word may go unnoticed. */
#define RL_LOOK_EVERY	msecs_to_jiffies(200)

/*
 * A word may come at any time, so the end is decided under a lock (no guard(): of one in a whole
 * function, sparse says that it is never released). What is queued already comes no later for it,
 * and at once if nothing is to be waited for.
 */
static void look_in(struct rproc_lite *rproc, unsigned long delay)
{
	unsigned long flags;

	spin_lock_irqsave(&rproc->liveness_lock, flags);
	if (!rproc->liveness_ended) {
		if (delay)
			queue_delayed_work(system_freezable_wq, &rproc->liveness, delay);
		else
			mod_delayed_work(system_freezable_wq, &rproc->liveness, 0);
	}
	spin_unlock_irqrestore(&rproc->liveness_lock, flags);
}

static void look(struct work_struct *work)
{
	struct rproc_lite *rproc = container_of(to_delayed_work(work), struct rproc_lite,
						liveness);
	enum rproc_lite_crash cause;
	/* Before the look that it is for. */
	u64 seq = atomic64_read_acquire(&rproc->run_seq);

	if (!rl_should_run(READ_ONCE(rproc->state)))
		return;
	cause = READ_ONCE(rproc->reported);
	if (cause == RPROC_LITE_CRASH_NONE && rproc->ops->is_running &&
	    !rproc->ops->is_running(rproc))
		cause = RPROC_LITE_CRASH_CORE_OFF;

	if (cause == RPROC_LITE_CRASH_NONE || !rl_crashed(rproc, seq, cause))
		look_in(rproc, RL_LOOK_EVERY);
}

void rl_liveness_init(struct rproc_lite *rproc)
{
	spin_lock_init(&rproc->liveness_lock);
	INIT_DELAYED_WORK(&rproc->liveness, look);
}

void rl_liveness_watch(struct rproc_lite *rproc)
{
	look_in(rproc, READ_ONCE(rproc->reported) ? 0 : RL_LOOK_EVERY);
	rl_heartbeat_watch(rproc);
}

void rl_liveness_end(struct rproc_lite *rproc)
{
	scoped_guard(spinlock_irqsave, &rproc->liveness_lock)
		rproc->liveness_ended = true;
	cancel_delayed_work_sync(&rproc->liveness);
	rl_heartbeat_pause(rproc);
}

void rproc_lite_report_crash(struct rproc_lite *rproc, enum rproc_lite_crash cause)
{
	/* The first to say so knows best. */
	cmpxchg(&rproc->reported, RPROC_LITE_CRASH_NONE, cause);
	look_in(rproc, 0);
	wake_up(&rproc->wait);
}
EXPORT_SYMBOL_GPL(rproc_lite_report_crash);

/* Whatever it rings for, it may have written to a trace. */
static void hear(struct rproc_lite *rproc)
{
	atomic64_inc(&rproc->rings);
	rl_tell_trace(rproc, RPROC_LITE_NO_INDEX);
	wake_up(&rproc->wait);
}

void rproc_lite_received(struct rproc_lite *rproc, u32 word)
{
	switch (word) {
	case RPROC_LITE_WORD_READY:
		set_bit(RL_HEARD_READY, &rproc->heard);
		break;
	case RPROC_LITE_WORD_SHUTDOWN_ACK:
		set_bit(RL_HEARD_SHUTDOWN_ACK, &rproc->heard);
		break;
	case RPROC_LITE_WORD_SUSPEND_ACK:
		set_bit(RL_HEARD_SUSPEND_ACK, &rproc->heard);
		break;
	case RPROC_LITE_WORD_ECHO_REPLY:
		set_bit(RL_HEARD_ECHO_REPLY, &rproc->heard);
		break;
	case RPROC_LITE_WORD_CRASH:
		rproc_lite_report_crash(rproc, RPROC_LITE_CRASH_FIRMWARE);
		break;
	default:
		if (word < RPROC_LITE_WORD_FIRST)
			rl_kick_one(rproc, word);
	}
	hear(rproc);
}
EXPORT_SYMBOL_GPL(rproc_lite_received);

void rproc_lite_rang(struct rproc_lite *rproc)
{
	/* It has no words, so this is all that it can say to anything. */
	set_bit(RL_HEARD_ECHO_REPLY, &rproc->heard);
	rl_kick_all(rproc);
	hear(rproc);
}
EXPORT_SYMBOL_GPL(rproc_lite_rang);
