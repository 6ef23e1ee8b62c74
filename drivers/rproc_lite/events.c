// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happens to a remote, told upward. Each notice gets the next number of its
 * remote and is heard by all before the next one is made, so that the numbers are
 * also the order.
 */
#include "events.h"
#include "remote.h"
#include "trace.h"

#include <linux/bitops.h>
#include <linux/cleanup.h>
#include <linux/jiffies.h>
#include <linux/timekeeping.h>

/* A remote may ring many thousand times a second; traces are told of so often. */
#define RL_TRACE_EVERY	msecs_to_jiffies(100)
#define RL_TRACE_ANY	(BITS_PER_LONG - 1)

/* Changes only while there is no remote, so it takes no lock to walk it. */
static LIST_HEAD(listeners);

void rl_events_join(struct rl_listener *listener)
{
	list_add_tail(&listener->node, &listeners);
}

void rl_events_leave(struct rl_listener *listener)
{
	list_del(&listener->node);
}

static bool anybody_listens(void)
{
	struct rl_listener *l;

	list_for_each_entry(l, &listeners, node)
		if (l->listens && l->listens())
			return true;
	return false;
}

static void set_open(struct rl_events *e, bool open)
{
	spin_lock_irq(&e->trace_lock);
	WRITE_ONCE(e->open, open);
	spin_unlock_irq(&e->trace_lock);
}

static void tell(struct rproc_lite *rproc, struct rl_notice *notice)
{
	struct rl_events *e = &rproc->events;
	struct rl_listener *l;

	guard(mutex)(&e->lock);
	if (!READ_ONCE(e->open))
		return;
	notice->rproc = rproc;
	notice->seq = ++e->seq;
	notice->time = ktime_get_boottime_ns();
	list_for_each_entry(l, &listeners, node)
		l->hear(notice);
	/* Nothing comes after that. */
	if (notice->kind == RL_NOTICE_REMOVED)
		set_open(e, false);
}

/* The same of what is told with the remote's lock held. */
static void tell_locked(struct rproc_lite *rproc, struct rl_notice *notice)
{
	lockdep_assert_held(&rproc->lock);
	notice->has_state = true;
	tell(rproc, notice);
}

void rl_tell_added(struct rproc_lite *rproc)
{
	struct rl_notice notice = { .kind = RL_NOTICE_ADDED };

	set_open(&rproc->events, true);
	tell_locked(rproc, &notice);
}

void rl_tell_removed(struct rproc_lite *rproc)
{
	struct rl_notice notice = { .kind = RL_NOTICE_REMOVED };

	tell(rproc, &notice);
	/* The work finds nothing to tell any more, and is not queued again. */
	cancel_delayed_work_sync(&rproc->events.trace);
}

void rl_tell_state(struct rproc_lite *rproc, enum rproc_lite_state from)
{
	struct rl_notice notice = { .kind = RL_NOTICE_STATE, .from = from };

	trace_rproc_lite_state(rproc->id, from, rproc->state);
	tell_locked(rproc, &notice);
}

void rl_tell_crash(struct rproc_lite *rproc)
{
	struct rl_notice notice = { .kind = RL_NOTICE_CRASH };

	trace_rproc_lite_crash(rproc->id, rproc->crash, rproc->crash_count, rproc->last.text);
	tell_locked(rproc, &notice);
}

void rl_tell_virtio(struct rproc_lite *rproc, u32 n, u32 role, bool added)
{
	struct rl_notice notice = {
		.kind = RL_NOTICE_VIRTIO,
		.virtio = { .vdev = n, .role = role, .added = added },
	};

	tell_locked(rproc, &notice);
}

void rl_tell_policy(struct rproc_lite *rproc)
{
	struct rl_notice notice = { .kind = RL_NOTICE_POLICY };

	tell_locked(rproc, &notice);
}

void rl_tell_recovery(struct rproc_lite *rproc, enum rproc_lite_recovery what, u32 attempt,
		      u32 delay_ms, int error)
{
	struct rl_notice notice = {
		.kind = RL_NOTICE_RECOVERY,
		.recovery = {
			.what = what,
			.attempt = attempt,
			.delay_ms = delay_ms,
			.error = error,
		},
	};

	tell_locked(rproc, &notice);
}

void rl_tell_trace(struct rproc_lite *rproc, u32 index)
{
	struct rl_events *e = &rproc->events;
	unsigned long passed, flags;

	if (!anybody_listens())
		return;
	spin_lock_irqsave(&e->trace_lock, flags);
	if (e->open) {
		e->traces |= BIT(min_t(u32, index, RL_TRACE_ANY));
		passed = jiffies - e->traced;
		/* Does nothing if it is queued. */
		queue_delayed_work(system_freezable_wq, &e->trace,
				   passed < RL_TRACE_EVERY ? RL_TRACE_EVERY - passed : 0);
	}
	spin_unlock_irqrestore(&e->trace_lock, flags);
}

static void tell_traces(struct work_struct *work)
{
	struct rl_events *e = container_of(to_delayed_work(work), struct rl_events, trace);
	struct rproc_lite *rproc = container_of(e, struct rproc_lite, events);
	struct rl_notice notice = { .kind = RL_NOTICE_TRACE };
	unsigned long traces, i;

	spin_lock_irq(&e->trace_lock);
	traces = e->traces;
	e->traces = 0;
	e->traced = jiffies;
	spin_unlock_irq(&e->trace_lock);
	/* Who listened may have left. */
	if (!anybody_listens())
		return;
	/* Any is all. */
	if (traces & BIT(RL_TRACE_ANY))
		traces = BIT(RL_TRACE_ANY);
	for_each_set_bit(i, &traces, BITS_PER_LONG) {
		notice.trace = i == RL_TRACE_ANY ? RPROC_LITE_NO_INDEX : i;
		tell(rproc, &notice);
	}
}

bool rl_events_hold(struct rproc_lite *rproc, u64 *seq)
{
	struct rl_events *e = &rproc->events;

	mutex_lock(&e->lock);
	*seq = e->seq;
	if (READ_ONCE(e->open))
		return true;
	mutex_unlock(&e->lock);
	return false;
}

void rl_events_go_on(struct rproc_lite *rproc)
{
	mutex_unlock(&rproc->events.lock);
}

void rl_events_init(struct rproc_lite *rproc)
{
	struct rl_events *e = &rproc->events;

	mutex_init(&e->lock);
	spin_lock_init(&e->trace_lock);
	INIT_DELAYED_WORK(&e->trace, tell_traces);
	e->traced = jiffies - RL_TRACE_EVERY;
}

void rl_events_destroy(struct rproc_lite *rproc)
{
	mutex_destroy(&rproc->events.lock);
}
