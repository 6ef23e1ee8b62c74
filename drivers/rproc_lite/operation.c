// SPDX-License-Identifier: GPL-2.0-only
/*
 * One operation at a time, and the state that it leads to: the only writer of a
 * remote's state.
 *
 * An operation first claims the remote, under the lock, if the state allows it.
 * From then on it has the backend, the memory and the store to itself and holds
 * no lock, so that others are refused at once instead of waiting, and can ask
 * how it goes. It ends by settling the state, under the lock again. Whoever
 * wants a remote that is claimed sets @cancel, wakes the one who runs the
 * operation, and waits until it has settled.
 */
#include "operation.h"
#include "events.h"
#include "liveness.h"
#include "remote.h"
#include "verdict.h"

#include <linux/sched/task.h>
#include <linux/timekeeping.h>

void rl_set_state(struct rproc_lite *rproc, enum rproc_lite_state state)
{
	enum rproc_lite_state from = rproc->state;

	lockdep_assert_held(&rproc->lock);
	if (state == from)
		return;
	WRITE_ONCE(rproc->state, state);
	rproc->state_since = ktime_get_boottime_ns();
	atomic64_inc(&rproc->state_seq);
	atomic64_inc(&rproc->run_seq);
	rl_tell_news(rproc);
	rl_tell_state(rproc, from);
}

void rl_take(struct rproc_lite *rproc, enum rl_event op)
{
	lockdep_assert_held(&rproc->lock);
	WRITE_ONCE(rproc->op, op);
	/* rl_op_runs() sees by what, if it sees that it is. */
	smp_store_release(&rproc->claimed, true);
	rproc->op_task = get_task_struct(current);
	rproc->op_pid = get_pid(task_tgid(current));
	WRITE_ONCE(rproc->cancel, false);
	WRITE_ONCE(rproc->progress.done, 0);
	WRITE_ONCE(rproc->progress.total, 0);
	/* Who waited for the last operation need not wait for this one. */
	wake_up_all(&rproc->wait);
}

bool rl_op_runs(const struct rproc_lite *rproc, enum rl_event *op)
{
	/* First, or it might be by what came before: rl_take(). */
	if (!smp_load_acquire(&rproc->claimed))
		return false;
	*op = READ_ONCE(rproc->op);
	return true;
}

int rl_refuse_busy(const struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	return rl_refuse_plain(v, -EBUSY, RPROC_LITE_AT_STATE,
			       "%s is in progress (process %d)",
			       rl_event_name(rproc->op), pid_vnr(rproc->op_pid));
}

void rl_cancel(struct rproc_lite *rproc)
{
	lockdep_assert_held(&rproc->lock);
	WRITE_ONCE(rproc->cancel, true);
	if (rproc->op_task)
		wake_up_process(rproc->op_task);
	wake_up_all(&rproc->wait);
}

/*
 * Nobody asked for what follows a crash, or a word that came late, so nobody is refused
 * for it: it is short, or gives way to who wants the remote to stop, or does just that.
 */
static bool is_waited_for(enum rl_event now, enum rl_event op)
{
	switch (now) {
	case RL_EV_CRASH:
	case RL_EV_HALT:
		return true;
	case RL_EV_DUMP:
	case RL_EV_RECOVER:
		return op == RL_EV_STOP || op == RL_EV_SHUTDOWN;
	default:
		return false;
	}
}

static bool gives_way(enum rl_event now)
{
	return now == RL_EV_DUMP || now == RL_EV_RECOVER;
}

static bool is_in_the_way(struct rproc_lite *rproc, enum rl_event op)
{
	lockdep_assert_held(&rproc->lock);
	/* Who is called back by the operation itself can't wait for it. */
	if (!rproc->claimed || rproc->op_task == current || !is_waited_for(rproc->op, op))
		return false;
	if (gives_way(rproc->op))
		rl_cancel(rproc);
	return true;
}

/*
 * It is over, or somebody else came first, whose operation may take any time. Or that is to
 * give way, and nobody has told it yet.
 */
static bool is_out_of_the_way(const struct rproc_lite *rproc, enum rl_event op)
{
	enum rl_event now;

	return !rl_op_runs(rproc, &now) || !is_waited_for(now, op) ||
	       (gives_way(now) && !READ_ONCE(rproc->cancel));
}

/* While the system goes to sleep, nothing wakes up; nor is what would be lost loaded. */
static bool must_sleep(const struct rproc_lite *rproc, enum rl_event op)
{
	return (rproc->system.asleep && (op == RL_EV_START || op == RL_EV_RESUME)) ||
	       (rproc->system.deep && (op == RL_EV_LOAD || op == RL_EV_SET_RSC));
}

/* With the lock, once nothing is in the way that we wait for; without it, if killed. */
static int lock_for(struct rproc_lite *rproc, enum rl_event op)
{
	int ret = 0;

	mutex_lock(&rproc->lock);
	while (!ret && !rproc->going) {
		if (is_in_the_way(rproc, op)) {
			mutex_unlock(&rproc->lock);
			ret = wait_event_state(rproc->wait, is_out_of_the_way(rproc, op),
					       (TASK_KILLABLE | TASK_FREEZABLE));
		} else if (must_sleep(rproc, op)) {
			mutex_unlock(&rproc->lock);
			ret = wait_event_state(rproc->wait,
					       !READ_ONCE(rproc->system.asleep) ||
					       READ_ONCE(rproc->going),
					       (TASK_KILLABLE | TASK_FREEZABLE));
		} else {
			break;
		}
		if (!ret)
			mutex_lock(&rproc->lock);
	}
	return ret;
}

/* What a lost right led to is not used any more. A restart looks for itself. */
static bool is_tainted(const struct rproc_lite *rproc, enum rl_event op)
{
	return rproc->tainted && (op == RL_EV_LOAD || op == RL_EV_SET_RSC || op == RL_EV_START);
}

int rl_claim(struct rproc_lite *rproc, enum rl_event op, struct rproc_lite_verdict *v)
{
	char words[64];
	int next, ret = 0;

	memset(v, 0, sizeof(*v));
	if (lock_for(rproc, op))
		return rl_refuse_plain(v, -EINTR, RPROC_LITE_AT_NOTHING, "interrupted");
	next = rl_state_next(rproc->state, op);
	if (rproc->going) {
		ret = rl_refuse_plain(v, -ENODEV, RPROC_LITE_AT_STATE, "the remote is gone");
	} else if (rproc->claimed) {
		ret = rl_refuse_busy(rproc, v);
	} else if (rproc->system.asleep && op == RL_EV_RECOVER) {
		ret = rl_refuse_plain(v, -EBUSY, RPROC_LITE_AT_STATE, "the system sleeps");
	} else if (next < 0) {
		rl_state_words(op, words, sizeof(words));
		ret = rl_refuse_plain(v, -EBADFD, RPROC_LITE_AT_STATE,
				      "%s needs the state %s, and this remote is %s",
				      rl_event_name(op), words, rl_state_name(rproc->state));
	} else if (is_tainted(rproc, op)) {
		ret = rl_refuse_plain(v, -EPERM, RPROC_LITE_AT_STATE,
				      "the policy delegated what it no longer does: shut the remote down first");
	} else if (next == rproc->state && !rl_event_stays(op)) {
		ret = RL_NOTHING_TO_DO;
	} else {
		rl_take(rproc, op);
	}
	mutex_unlock(&rproc->lock);
	return ret;
}

void rl_pass_through(struct rproc_lite *rproc, enum rproc_lite_state state)
{
	mutex_lock(&rproc->lock);
	rl_set_state(rproc, state);
	mutex_unlock(&rproc->lock);
}

void rl_settle_locked(struct rproc_lite *rproc, enum rproc_lite_state state, int ret,
		      struct rproc_lite_verdict *v)
{
	lockdep_assert_held(&rproc->lock);
	/* Not everybody who fails has words, and not every word ends in failure. */
	if (ret && v->error != ret)
		rl_refuse_plain(v, ret, RPROC_LITE_AT_BACKEND, "%s failed: error %d",
				rl_event_name(rproc->op), -ret);
	if (!ret) {
		memset(v, 0, sizeof(*v));
		rl_set_state(rproc, state);
	} else {
		rproc->last = *v;
	}
	if (rl_should_run(rproc->state))
		rl_liveness_watch(rproc);
	if (rproc->state == RPROC_LITE_OFFLINE)
		rproc->tainted = false;
	/* After all that it did. */
	smp_store_release(&rproc->claimed, false);
	put_task_struct(rproc->op_task);
	rproc->op_task = NULL;
	put_pid(rproc->op_pid);
	rproc->op_pid = NULL;
	wake_up_all(&rproc->wait);
}

int rl_settle(struct rproc_lite *rproc, enum rproc_lite_state state, int ret,
	      struct rproc_lite_verdict *v)
{
	mutex_lock(&rproc->lock);
	rl_settle_locked(rproc, state, ret, v);
	mutex_unlock(&rproc->lock);
	return ret;
}
