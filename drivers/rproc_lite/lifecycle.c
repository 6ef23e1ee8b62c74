// SPDX-License-Identifier: GPL-2.0-only
/* The life of a remote: configure, start, stop, shut down, and what cuts it short. */
#include "lifecycle.h"
#include "content.h"
#include "events.h"
#include "heartbeat.h"
#include "kick.h"
#include "liveness.h"
#include "mapping.h"
#include "operation.h"
#include "recovery.h"
#include "remote.h"
#include "rights.h"
#include "verdict.h"
#include "virtio.h"

#include <linux/cleanup.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/rproc_lite_doorbell.h>
#include <linux/sched/signal.h>
#include <linux/suspend.h>

/* How often to ask whether a core went off; and after it said it would, for so long. */
#define RL_ASK_MS	10
#define RL_ASK_SOON_US	50
#define RL_SOON_MS	20

static const struct rl_settings no_settings;

static void set_settings(struct rproc_lite *rproc, const struct rl_settings *settings)
{
	mutex_lock(&rproc->lock);
	rproc->settings = *settings;
	mutex_unlock(&rproc->lock);
}

/* A setting belongs to the core or to the backend, or is refused. Claimed. */
static int take_setting(struct rproc_lite *rproc, struct rl_settings *settings,
			const struct rl_setting *s, enum rl_right right,
			struct rproc_lite_verdict *v)
{
	int ret = rl_settings_set(settings, s, v);
	bool known = ret != -EOPNOTSUPP;

	if ((!known && !rproc->ops->set) || (known && ret))
		return ret;
	if (!rl_setting_is_harmless(s))
		ret = rl_right_check(rproc, right, s->at, s->key, v);
	return known || ret == -EPERM ? ret : rproc->ops->set(rproc, s->key, s->value, v);
}

static int take_settings(struct rproc_lite *rproc, char *data, size_t len,
			 enum rl_right right, struct rproc_lite_verdict *v)
{
	struct rl_settings settings = { 0 };
	struct rl_setting s;
	size_t at = 0;
	int ret;

	while ((ret = rl_settings_next(data, len, &at, &s, v)) > 0) {
		ret = take_setting(rproc, &settings, &s, right, v);
		if (ret == -EOPNOTSUPP)
			ret = rl_refuse(v, -EINVAL, RPROC_LITE_AT_ARGUMENT,
					RPROC_LITE_NO_INDEX, s.at,
					"setting %.64s: not known here", s.key);
		if (ret)
			break;
	}
	if (!ret)
		set_settings(rproc, &settings);
	return ret;
}

int rl_config(struct rproc_lite *rproc, char *data, size_t len, enum rl_right right,
	      struct rproc_lite_verdict *v)
{
	int ret;

	ret = rl_claim(rproc, RL_EV_CONFIG, v);
	if (ret)
		return ret < 0 ? ret : 0;
	ret = take_settings(rproc, data, len, right, v);
	if (!ret && rproc->ops->config)
		ret = rproc->ops->config(rproc, v);
	if (ret)
		set_settings(rproc, &no_settings);
	if (!ret)
		rl_mapping_allow(rproc);
	return rl_settle(rproc, RPROC_LITE_CONFIGURED, ret, v);
}

int rproc_lite_config(struct rproc_lite *rproc, char *data, size_t len,
		      struct rproc_lite_verdict *v)
{
	return rl_config(rproc, data, len, RL_RIGHT_OWN, v);
}
EXPORT_SYMBOL_GPL(rproc_lite_config);

static int start_remote(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	struct rproc_lite_image_info info;

	rl_image_info(rproc, rproc->image, &info);
	WRITE_ONCE(rproc->heard, 0);
	WRITE_ONCE(rproc->reported, RPROC_LITE_CRASH_NONE);
	rproc->stop_asked = false;
	rproc->owes_ack = false;
	rproc->ran = true;
	rl_heartbeat_reset(rproc);
	/* Who was given the right to choose its code may have lost it while that was placed. */
	scoped_guard(mutex, &rproc->lock)
		if (rproc->tainted)
			return rl_refuse_plain(v, -EPERM, RPROC_LITE_AT_STATE,
					       "its code was chosen by a right that is no more");
	/* All that was placed must be in memory before the remote looks. */
	wmb();
	return rproc->ops->start(rproc, &info, v);
}

/* Its word is believed where nobody can look, or where it is stopped by force anyway. */
static bool is_off(struct rproc_lite *rproc)
{
	if (rproc->ops->is_running && !rproc->ops->is_running(rproc))
		return true;
	return (rproc->ops->forces_stop || !rproc->ops->is_running) &&
	       test_bit(RL_HEARD_SHUTDOWN_ACK, &rproc->heard);
}

/* Wait for the remote to say something, killably or, for a teardown, not. */
static void wait_for_word(struct rproc_lite *rproc, unsigned int sleep, long timeout)
{
	bool acked = test_bit(RL_HEARD_SHUTDOWN_ACK, &rproc->heard);
	long left = timeout;

#define woken (test_bit(RL_HEARD_SHUTDOWN_ACK, &rproc->heard) != acked || READ_ONCE(rproc->cancel))
	___wait_event(rproc->wait, woken || !left, sleep, 0, 0,
		      left = schedule_timeout(left));
#undef woken
}

/* Ask the firmware to shut down, and give it time. */
static int ask_to_stop(struct rproc_lite *rproc, u32 timeout_ms, unsigned int sleep,
		       struct rproc_lite_verdict *v)
{
	/* Never less than was promised, and jiffies may lag. */
	ktime_t deadline = ktime_add_ms(ktime_get(), timeout_ms);
	unsigned long soon = 0;
	int ret;

	/* Who can't be told need not be waited for. */
	if (!rproc->ops->send)
		return 0;
	ret = rproc->ops->send(rproc, RPROC_LITE_WORD_SHUTDOWN);
	if (ret == -ENOTCONN)
		return 0;
	/* One that takes no more words has some of the same kind still to take. */
	rproc->stop_asked = true;

	while (!is_off(rproc) && ktime_before(ktime_get(), deadline)) {
		if (!soon && test_bit(RL_HEARD_SHUTDOWN_ACK, &rproc->heard))
			soon = jiffies + msecs_to_jiffies(RL_SOON_MS);
		if (soon && time_before(jiffies, soon))
			usleep_range(RL_ASK_SOON_US, 2 * RL_ASK_SOON_US);
		else
			wait_for_word(rproc, sleep, msecs_to_jiffies(RL_ASK_MS));
		if (READ_ONCE(rproc->cancel))
			return rl_refuse_plain(v, -ECANCELED, RPROC_LITE_AT_NOTHING,
					       "stopping was cancelled");
		if (sleep != TASK_UNINTERRUPTIBLE && fatal_signal_pending(current))
			return rl_refuse_plain(v, -EINTR, RPROC_LITE_AT_NOTHING,
					       "interrupted while waiting for the firmware to shut down");
	}
	return 0;
}

/* Why wait for firmware that crashed, if there are other means? */
static bool is_beyond_asking(const struct rproc_lite *rproc)
{
	return rproc->state == RPROC_LITE_CRASHED && rproc->ops->forces_stop;
}

/* See to it that the remote does not run any more. Claimed. */
static int halt_remote(struct rproc_lite *rproc, u32 timeout_ms, unsigned int sleep,
		       struct rproc_lite_verdict *v)
{
	int ret;

	if (!timeout_ms)
		timeout_ms = rproc->settings.stop_timeout_ms ?: rproc->stop_timeout_ms;
	rl_heartbeat_pause(rproc);
	ret = is_off(rproc) || is_beyond_asking(rproc) ? 0 :
	      ask_to_stop(rproc, timeout_ms, sleep, v);
	if (ret)
		return ret;
	ret = rproc->ops->stop(rproc, timeout_ms, v);
	if (!ret)
		rl_kick_end(rproc);
	else	/* Who saw a core that was off saw one that was not to be. */
		atomic64_inc_return_release(&rproc->run_seq);
	return ret;
}

/* Bring the remote from any state to Stopped. Claimed. */
static int stop_remote(struct rproc_lite *rproc, u32 timeout_ms, unsigned int sleep,
		       struct rproc_lite_verdict *v)
{
	struct rproc_lite_verdict ignored;
	int ret;

	if (rproc->state == RPROC_LITE_READY || rproc->state == RPROC_LITE_STOPPED)
		return 0;
	/* Drivers let go while the remote can be told of it. */
	rl_virtio_remove(rproc);
	ret = halt_remote(rproc, timeout_ms, sleep, v);
	/* It runs on, so it goes on as it was. */
	if (ret && !READ_ONCE(rproc->going) && rl_should_run(rproc->state) &&
	    !rl_virtio_prepare(rproc, true, &ignored))
		rl_virtio_show(rproc, &ignored);
	return ret;
}

/* The devices first, as far as that can fail; drivers have them once it runs. */
static int start_with_virtio(struct rproc_lite *rproc, bool again,
			     struct rproc_lite_verdict *v)
{
	struct rproc_lite_verdict ignored;
	int ret;

	ret = rl_kick_begin(rproc, v);
	if (ret)
		return ret;
	ret = rl_virtio_prepare(rproc, again, v);
	if (ret) {
		rl_kick_end(rproc);
		return ret;
	}
	ret = start_remote(rproc, v);
	if (ret) {
		rl_virtio_remove(rproc);
		rl_kick_end(rproc);
		/* What could not be undone may run, whatever the state was. */
		if (ret == -EUCLEAN)
			rl_pass_through(rproc, RPROC_LITE_CRASHED);
		return ret;
	}
	ret = rl_virtio_show(rproc, v);
	if (!ret)
		return 0;
	rl_virtio_remove(rproc);
	/* What can't be stopped again runs, and is not what was wanted. */
	if (halt_remote(rproc, 0, TASK_UNINTERRUPTIBLE, &ignored))
		rl_pass_through(rproc, RPROC_LITE_CRASHED);
	return ret;
}

int rl_start(struct rproc_lite *rproc, bool again, struct rproc_lite_verdict *v)
{
	int ret;

	ret = rl_claim(rproc, RL_EV_START, v);
	if (ret)
		return ret;
	rl_recovery_forget(rproc);
	if (rl_must_place_again(rproc))
		ret = rl_place_again(rproc, false, v);
	if (!ret)
		ret = start_with_virtio(rproc, again, v);
	return rl_settle(rproc, RPROC_LITE_RUNNING, ret, v);
}

int rproc_lite_start(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	return rl_start(rproc, false, v);
}
EXPORT_SYMBOL_GPL(rproc_lite_start);

int rl_restart(struct rproc_lite *rproc, bool same, struct rproc_lite_verdict *v)
{
	int ret;

	ret = halt_remote(rproc, 0, TASK_UNINTERRUPTIBLE, v);
	if (!ret)
		ret = rl_place_again(rproc, same, v);
	return ret ?: start_with_virtio(rproc, true, v);
}

int rl_halt(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	int ret = stop_remote(rproc, 0, TASK_UNINTERRUPTIBLE, v);

	/* It is off, and can't be had back: whoever looks again would try for ever. */
	if (ret && rl_should_run(rproc->state) && is_off(rproc))
		rl_pass_through(rproc, RPROC_LITE_CRASHED);
	return ret;
}

int rl_stop_in(struct rproc_lite *rproc, unsigned long states, u32 timeout_ms,
	       enum rproc_lite_state *from, struct rproc_lite_verdict *v)
{
	int ret;

	ret = rl_claim(rproc, RL_EV_STOP, v);
	if (ret)
		return ret;
	*from = rproc->state;
	if (!(states & BIT(*from))) {
		rl_settle(rproc, *from, 0, v);
		return RL_NOTHING_TO_DO;
	}
	rl_recovery_forget(rproc);
	ret = stop_remote(rproc, timeout_ms, TASK_KILLABLE | TASK_FREEZABLE, v);
	return rl_settle(rproc, RPROC_LITE_STOPPED, ret, v);
}

int rproc_lite_stop(struct rproc_lite *rproc, u32 timeout_ms, struct rproc_lite_verdict *v)
{
	enum rproc_lite_state from;
	int ret;

	ret = rl_stop_in(rproc, ~0ul, timeout_ms, &from, v);
	return ret < 0 ? ret : 0;
}
EXPORT_SYMBOL_GPL(rproc_lite_stop);

/* Bring the remote to where it can be Offline. Claimed. */
static int shut_down(struct rproc_lite *rproc, u32 timeout_ms, unsigned int sleep,
		     struct rproc_lite_verdict *v)
{
	int ret;

	if (rproc->state != RPROC_LITE_CONFIGURED) {
		ret = stop_remote(rproc, timeout_ms, sleep, v);
		if (ret)
			return ret;
		rl_pass_through(rproc, RPROC_LITE_STOPPED);
	}
	rl_mapping_revoke(rproc);
	if (rproc->ops->shutdown) {
		ret = rproc->ops->shutdown(rproc, v);
		if (ret) {
			/* It has power still; but who had it mapped has lost it. */
			rl_mapping_allow(rproc);
			return ret;
		}
	}
	rl_set_image(rproc, NULL, NULL, 0);
	set_settings(rproc, &no_settings);
	return 0;
}

int rproc_lite_shutdown(struct rproc_lite *rproc, u32 timeout_ms, struct rproc_lite_verdict *v)
{
	int ret;

	ret = rl_claim(rproc, RL_EV_SHUTDOWN, v);
	if (ret)
		return ret < 0 ? ret : 0;
	rl_recovery_forget(rproc);
	ret = shut_down(rproc, timeout_ms, TASK_KILLABLE | TASK_FREEZABLE, v);
	return rl_settle(rproc, RPROC_LITE_OFFLINE, ret, v);
}
EXPORT_SYMBOL_GPL(rproc_lite_shutdown);

void rl_stop_for_good(struct rproc_lite *rproc)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(rproc->stop_timeout_ms);
	struct rproc_lite_verdict v = { 0 };
	int ret;

	mutex_lock(&rproc->lock);
	/* It may be in a file that does not answer any more, or another may be the next. */
	while (rproc->claimed && !rproc->going && time_before(jiffies, deadline)) {
		rl_cancel(rproc);
		mutex_unlock(&rproc->lock);
		wait_event_timeout(rproc->wait, !READ_ONCE(rproc->claimed),
				   msecs_to_jiffies(RL_ASK_MS));
		mutex_lock(&rproc->lock);
	}
	if (rproc->claimed || rproc->going ||
	    (!rl_should_run(rproc->state) && rproc->state != RPROC_LITE_CRASHED)) {
		if (rproc->claimed && !rproc->going)
			dev_err(&rproc->dev, "is busy (%s) as the system ends\n",
				rl_event_name(rproc->op));
		mutex_unlock(&rproc->lock);
		return;
	}
	rl_take(rproc, RL_EV_STOP);
	mutex_unlock(&rproc->lock);

	/* The limit is not for who may only write the device to choose. */
	ret = stop_remote(rproc, rproc->stop_timeout_ms, TASK_UNINTERRUPTIBLE, &v);
	rl_settle(rproc, RPROC_LITE_STOPPED, ret, &v);
	if (ret)
		dev_err(&rproc->dev, "can't be stopped before the system ends: %s\n", v.text);
	else
		dev_info(&rproc->dev, "stopped before the system ends\n");
}

/*
 * Who runs it may be frozen, and deaf to being cancelled. We are not, since nobody may be who
 * has a device's lock; so the system's sleep is what has to give way.
 */
static void wait_for_last(struct rproc_lite *rproc)
{
	while (!wait_event_timeout(rproc->wait, !READ_ONCE(rproc->claimed),
				   msecs_to_jiffies(RL_ASK_MS))) {
		guard(mutex)(&rproc->lock);
		if (rproc->op_task && READ_ONCE(rproc->op_task->__state) & TASK_FROZEN)
			pm_system_wakeup();
	}
}

void rl_teardown(struct rproc_lite *rproc)
{
	struct rproc_lite_verdict v = { 0 };
	int ret = 0;

	mutex_lock(&rproc->lock);
	WRITE_ONCE(rproc->going, true);
	rl_cancel(rproc);
	mutex_unlock(&rproc->lock);

	/* Nothing new begins, so what runs now is the last to be waited for. */
	rl_liveness_end(rproc);
	rl_recovery_end(rproc);
	wait_for_last(rproc);

	mutex_lock(&rproc->lock);
	rl_take(rproc, RL_EV_SHUTDOWN);
	mutex_unlock(&rproc->lock);
	if (rproc->state != RPROC_LITE_OFFLINE)
		ret = shut_down(rproc, rproc->stop_timeout_ms, TASK_UNINTERRUPTIBLE, &v);
	rl_settle(rproc, RPROC_LITE_OFFLINE, ret, &v);
	if (ret)
		dev_err(&rproc->dev, "goes away while %s: %s\n",
			rl_state_name(rproc->state), v.text);
	rl_mapping_revoke(rproc);
	if (ret)
		rl_set_image(rproc, NULL, NULL, 0);
}
