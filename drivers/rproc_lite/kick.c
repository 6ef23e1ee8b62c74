// SPDX-License-Identifier: GPL-2.0-only
/*
 * Kicks: who hears of the remote's; and Linux's, which none may lose: a mailbox that has no
 * room has it later, and the remote would wait for ever for what nobody rings for again.
 */
#include "kick.h"
#include "remote.h"
#include "rsctable.h"
#include "trace.h"
#include "verdict.h"

/* How soon what found no room is tried again, ms. */
#define AGAIN_MS	1
#define OWED		XA_MARK_0

/* The remote's */

int rl_kick_add(struct rproc_lite *rproc, struct rl_kick *kick)
{
	return xa_insert_irq(&rproc->kicks.heard, kick->id, kick, GFP_KERNEL);
}

void rl_kick_del(struct rproc_lite *rproc, struct rl_kick *kick)
{
	xa_erase_irq(&rproc->kicks.heard, kick->id);
	synchronize_rcu();
}

void rl_kick_one(struct rproc_lite *rproc, u32 id)
{
	struct rl_kick *kick;

	trace_rproc_lite_kick(rproc->id, true, id);
	rcu_read_lock();
	kick = xa_load(&rproc->kicks.heard, id);
	if (kick)
		kick->rang(kick);
	rcu_read_unlock();
}

void rl_kick_all(struct rproc_lite *rproc)
{
	struct rl_kick *kick;
	unsigned long id;

	trace_rproc_lite_kick(rproc->id, true, -1);
	rcu_read_lock();
	xa_for_each(&rproc->kicks.heard, id, kick)
		kick->rang(kick);
	rcu_read_unlock();
}

/* Linux's */

static int ring(struct rproc_lite *rproc, u32 id)
{
	int ret = 0;

	rcu_read_lock();
	if (!READ_ONCE(rproc->kicks.quiet)) {
		ret = rproc->ops->send ? rproc->ops->send(rproc, id) : -ENOTCONN;
		if (!ret)
			trace_rproc_lite_kick(rproc->id, false, id);
	}
	rcu_read_unlock();
	return ret;
}

static void owe(struct rl_kicks *kicks, u32 id, bool owed)
{
	unsigned long flags;

	xa_lock_irqsave(&kicks->known, flags);
	if (owed)
		__xa_set_mark(&kicks->known, id, OWED);
	else
		__xa_clear_mark(&kicks->known, id, OWED);
	xa_unlock_irqrestore(&kicks->known, flags);
}

void rl_kick_remote(struct rproc_lite *rproc, u32 id)
{
	struct rl_kicks *kicks = &rproc->kicks;

	if (ring(rproc, id) != -ENOBUFS)
		return;
	owe(kicks, id, true);
	queue_delayed_work(system_highpri_wq, &kicks->again, msecs_to_jiffies(AGAIN_MS));
}

static void again(struct work_struct *work)
{
	struct rl_kicks *kicks = container_of(to_delayed_work(work), struct rl_kicks, again);
	unsigned long id;
	void *entry;

	xa_for_each_marked(&kicks->known, id, entry, OWED) {
		owe(kicks, id, false);
		rl_kick_remote(container_of(kicks, struct rproc_lite, kicks), id);
	}
}

void rl_kick_hush(struct rproc_lite *rproc)
{
	WRITE_ONCE(rproc->kicks.quiet, true);
	synchronize_rcu();
}

void rl_kick_unhush(struct rproc_lite *rproc)
{
	unsigned long id;
	void *entry;

	WRITE_ONCE(rproc->kicks.quiet, false);
	xa_for_each(&rproc->kicks.known, id, entry)
		rl_kick_remote(rproc, id);
}

/* Beginning and end */

void rl_kick_end(struct rproc_lite *rproc)
{
	cancel_delayed_work_sync(&rproc->kicks.again);
	xa_destroy(&rproc->kicks.known);
}

int rl_kick_begin(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	const u8 *table = rproc->image->table;
	struct rl_rsc_entry e;
	struct rl_rsc_vring vr;
	int ret = 0;
	u32 n, i;

	WRITE_ONCE(rproc->kicks.quiet, false);
	for (n = 0; !ret && table && rl_rsc_get_vdev(table, n, &e); n++) {
		for (i = 0; !ret && i < e.vdev.num_of_vrings; i++) {
			rl_rsc_get_vring(table, &e, i, &vr);
			ret = xa_insert_irq(&rproc->kicks.known, vr.notifyid, xa_mk_value(0),
					    GFP_KERNEL);
		}
	}
	if (!ret)
		return 0;
	rl_kick_end(rproc);
	return rl_refuse_plain(v, ret, RPROC_LITE_AT_NOTHING, "out of memory");
}

void rl_kick_init(struct rproc_lite *rproc)
{
	/* The same, since the two have one lock class. */
	xa_init_flags(&rproc->kicks.heard, XA_FLAGS_LOCK_IRQ);
	xa_init_flags(&rproc->kicks.known, XA_FLAGS_LOCK_IRQ);
	INIT_DELAYED_WORK(&rproc->kicks.again, again);
}

void rl_kick_destroy(struct rproc_lite *rproc)
{
	xa_destroy(&rproc->kicks.heard);
	xa_destroy(&rproc->kicks.known);
}
