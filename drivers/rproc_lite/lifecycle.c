// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a remote: the only writer of its state.
 *
 * An operation first claims the remote, under the lock, if the state allows it.
 * From then on it has the backend, the memory and the store to itself and holds
 * no lock, so that others are refused at once instead of waiting, and can ask
 * how it goes. It ends by settling the state, under the lock again. Whoever
 * wants a remote that is claimed sets @cancel, wakes the one who runs the
 * operation, and waits until it has settled.
 */
#include "lifecycle.h"
#include "liveness.h"
#include "mapping.h"
#include "query.h"
#include "remote.h"
#include "store_kept.h"
#include "verdict.h"

#include <linux/jiffies.h>
#include <linux/rproc_lite_doorbell.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <linux/sizes.h>
#include <linux/timekeeping.h>

#define CREATE_TRACE_POINTS
#include "trace.h"

/* How often to ask whether a core went off, before and after it said it would. */
#define RL_ASK_MS	10
#define RL_ASK_SOON_MS	1

/* From claim(): the state is as wanted already. */
#define RL_NOTHING_TO_DO	1

static void set_state(struct rproc_lite *rproc, enum rproc_lite_state state)
{
	lockdep_assert_held(&rproc->lock);
	if (state == rproc->state)
		return;
	trace_rproc_lite_state(rproc->id, rproc->state, state);
	WRITE_ONCE(rproc->state, state);
	rproc->state_since = ktime_get_boottime_ns();
	atomic64_inc(&rproc->state_seq);
	wake_up_all(&rproc->wait);
}

static void take(struct rproc_lite *rproc, enum rl_event op)
{
	lockdep_assert_held(&rproc->lock);
	rproc->claimed = true;
	rproc->op = op;
	rproc->op_task = get_task_struct(current);
	rproc->op_pid = get_pid(task_tgid(current));
	WRITE_ONCE(rproc->cancel, false);
	WRITE_ONCE(rproc->progress.done, 0);
	WRITE_ONCE(rproc->progress.total, 0);
}

int rl_refuse_busy(const struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	return rl_refuse_plain(v, -EBUSY, RPROC_LITE_AT_STATE,
			       "%s is in progress (process %d)",
			       rl_event_name(rproc->op), pid_vnr(rproc->op_pid));
}

/* Begin an operation. Return: 0, RL_NOTHING_TO_DO or a negative errno. */
static int claim(struct rproc_lite *rproc, enum rl_event op, struct rproc_lite_verdict *v)
{
	char words[64];
	int next, ret = 0;

	memset(v, 0, sizeof(*v));
	mutex_lock(&rproc->lock);
	next = rl_state_next(rproc->state, op);
	if (rproc->going) {
		ret = rl_refuse_plain(v, -ENODEV, RPROC_LITE_AT_STATE, "the remote is gone");
	} else if (rproc->claimed) {
		ret = rl_refuse_busy(rproc, v);
	} else if (next < 0) {
		rl_state_words(op, words, sizeof(words));
		ret = rl_refuse_plain(v, -EBADFD, RPROC_LITE_AT_STATE,
				      "%s needs the state %s, and this remote is %s",
				      rl_event_name(op), words, rl_state_name(rproc->state));
	} else if (next == rproc->state && op != RL_EV_SET_RSC) {
		ret = RL_NOTHING_TO_DO;
	} else {
		take(rproc, op);
	}
	mutex_unlock(&rproc->lock);
	return ret;
}

/* Enter a state without ending the operation. */
static void pass_through(struct rproc_lite *rproc, enum rproc_lite_state state)
{
	mutex_lock(&rproc->lock);
	set_state(rproc, state);
	mutex_unlock(&rproc->lock);
}

/*
 * End the operation: in @state if it succeeded, else in the state that it has
 * come to.
 */
static int settle(struct rproc_lite *rproc, enum rproc_lite_state state, int ret,
		  struct rproc_lite_verdict *v)
{
	mutex_lock(&rproc->lock);
	/* Not everybody who fails has words, and not every word ends in failure. */
	if (ret && v->error != ret)
		rl_refuse_plain(v, ret, RPROC_LITE_AT_BACKEND, "%s failed: error %d",
				rl_event_name(rproc->op), -ret);
	if (!ret) {
		memset(v, 0, sizeof(*v));
		set_state(rproc, state);
	} else {
		rproc->last = *v;
	}
	if (rproc->state == RPROC_LITE_RUNNING)
		rl_liveness_watch(rproc);
	rproc->claimed = false;
	put_task_struct(rproc->op_task);
	rproc->op_task = NULL;
	put_pid(rproc->op_pid);
	rproc->op_pid = NULL;
	wake_up_all(&rproc->wait);
	mutex_unlock(&rproc->lock);
	return ret;
}

static bool cancelled(struct rproc_lite *rproc)
{
	return READ_ONCE(rproc->cancel);
}

static const struct rl_settings no_settings;

static void set_settings(struct rproc_lite *rproc, const struct rl_settings *settings)
{
	mutex_lock(&rproc->lock);
	rproc->settings = *settings;
	mutex_unlock(&rproc->lock);
}

/* Every setting belongs to the core or to the backend, or is refused. Claimed. */
static int take_settings(struct rproc_lite *rproc, char *data, size_t len,
			 struct rproc_lite_verdict *v)
{
	struct rl_settings settings = { 0 };
	struct rl_setting s;
	size_t at = 0;
	int ret;

	while ((ret = rl_settings_next(data, len, &at, &s, v)) > 0) {
		ret = rl_settings_set(&settings, &s, v);
		if (ret == -EOPNOTSUPP && rproc->ops->set)
			ret = rproc->ops->set(rproc, s.key, s.value, v);
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

int rproc_lite_config(struct rproc_lite *rproc, char *data, size_t len,
		      struct rproc_lite_verdict *v)
{
	int ret;

	ret = claim(rproc, RL_EV_CONFIG, v);
	if (ret)
		return ret < 0 ? ret : 0;
	ret = take_settings(rproc, data, len, v);
	if (!ret && rproc->ops->config)
		ret = rproc->ops->config(rproc, v);
	if (ret)
		set_settings(rproc, &no_settings);
	if (!ret)
		rl_mapping_allow(rproc);
	return settle(rproc, RPROC_LITE_CONFIGURED, ret, v);
}
EXPORT_SYMBOL_GPL(rproc_lite_config);

/* Exchange what is loaded; either may be NULL. Claimed. */
static void set_image(struct rproc_lite *rproc, struct rl_image *image,
		      struct rl_store *store, u64 kept)
{
	struct rl_image *old_image;
	struct rl_store *old_store;

	mutex_lock(&rproc->lock);
	old_image = rproc->image;
	old_store = rproc->store;
	rproc->image = image;
	rproc->store = store;
	rproc->kept = kept;
	WRITE_ONCE(rproc->heard, 0);
	mutex_unlock(&rproc->lock);

	rl_image_free(old_image);
	if (old_store != store)
		rl_store_free(old_store);
}

/* No sane image is larger than what it is for, but for what debuggers want. */
static u64 keep_limit(const struct rproc_lite *rproc)
{
	const struct rl_region *r;
	u64 limit = SZ_64M;

	list_for_each_entry(r, &rproc->map.regions, node)
		limit += r->size;
	return limit;
}

int rl_load_image(struct rproc_lite *rproc, struct rl_store *store, u32 flags,
		  struct rproc_lite_verdict *v)
{
	struct rl_load_how how = {
		.settings = &rproc->settings,
		.sha256 = flags & RPROC_LITE_LOAD_SHA256,
	};
	struct rl_image *image = NULL;
	struct rl_store *kept_store;
	u64 kept = 0;
	int ret;

	ret = claim(rproc, RL_EV_LOAD, v);
	if (ret) {
		rl_store_free(store);
		return ret;
	}
	if ((flags & RPROC_LITE_LOAD_KEEP) && !rl_store_can_seek(store)) {
		kept_store = rl_store_keep(store, rproc, keep_limit(rproc), &kept, v);
		ret = PTR_ERR_OR_ZERO(kept_store);
		if (!ret)
			store = kept_store;
	}
	if (!ret) {
		image = rl_load(rproc, store, &how, v);
		ret = PTR_ERR_OR_ZERO(image);
	}
	if (ret)
		rl_store_free(store);
	else
		set_image(rproc, image, store, kept);
	return settle(rproc, RPROC_LITE_READY, ret, v);
}

/* What ran may have written anywhere: read the image again from its store. */
static int place_again(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	struct rl_load_how how = {
		.settings = &rproc->settings,
		.sha256 = rproc->image->has_sha256,
	};
	struct rl_image *image, *other, *old = rproc->image;

	image = rl_load(rproc, rproc->store, &how, v);
	/* A table that was set belongs to the image, and outlives this placing. */
	if (!IS_ERR(image) && old->set_table) {
		other = rl_image_with_table(rproc, image, old->set_table, old->set_size,
					    old->set_da, v);
		rl_image_free(image);
		image = other;
	}
	if (IS_ERR(image))
		return PTR_ERR(image);
	set_image(rproc, image, rproc->store, rproc->kept);
	return 0;
}

int rproc_lite_set_rsc_table(struct rproc_lite *rproc, const void *table, size_t size,
			     u64 da, struct rproc_lite_verdict *v)
{
	struct rl_image *image;
	int ret;

	ret = claim(rproc, RL_EV_SET_RSC, v);
	if (ret)
		return ret;
	image = rl_image_with_table(rproc, rproc->image, table, size, da, v);
	if (!IS_ERR(image))
		set_image(rproc, image, rproc->store, rproc->kept);
	return settle(rproc, RPROC_LITE_READY, PTR_ERR_OR_ZERO(image), v);
}
EXPORT_SYMBOL_GPL(rproc_lite_set_rsc_table);

static int start_remote(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	struct rproc_lite_image_info info;

	rl_image_info(rproc, rproc->image, &info);
	WRITE_ONCE(rproc->heard, 0);
	rproc->stop_asked = false;
	/* All that was placed must be in memory before the remote looks. */
	wmb();
	return rproc->ops->start(rproc, &info, v);
}

int rproc_lite_start(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	int ret;

	ret = claim(rproc, RL_EV_START, v);
	if (ret)
		return ret;
	if (rproc->state == RPROC_LITE_STOPPED)
		ret = place_again(rproc, v);
	if (!ret)
		ret = start_remote(rproc, v);
	return settle(rproc, RPROC_LITE_RUNNING, ret, v);
}
EXPORT_SYMBOL_GPL(rproc_lite_start);

static bool is_off(struct rproc_lite *rproc)
{
	if (rproc->ops->is_running)
		return !rproc->ops->is_running(rproc);
	return test_bit(RL_HEARD_SHUTDOWN_ACK, &rproc->heard);
}

/* Wait for the remote to say something, killably or, for a teardown, not. */
static void wait_for_word(struct rproc_lite *rproc, unsigned int sleep, long timeout)
{
	bool acked = test_bit(RL_HEARD_SHUTDOWN_ACK, &rproc->heard);
	long left = timeout;

#define woken (test_bit(RL_HEARD_SHUTDOWN_ACK, &rproc->heard) != acked || cancelled(rproc))
	___wait_event(rproc->wait, woken || !left, sleep, 0, 0,
		      left = schedule_timeout(left));
#undef woken
}

/* Ask the firmware to shut down, and give it time. */
static int ask_to_stop(struct rproc_lite *rproc, u32 timeout_ms, unsigned int sleep,
		       struct rproc_lite_verdict *v)
{
	/* The jiffy that has begun does not count: never less than was promised. */
	unsigned long deadline = jiffies + msecs_to_jiffies(timeout_ms) + 1;
	bool acked;
	int ret;

	/* Who can't be told need not be waited for. */
	if (!rproc->ops->send)
		return 0;
	ret = rproc->ops->send(rproc, RPROC_LITE_WORD_SHUTDOWN);
	if (ret == -ENOTCONN)
		return 0;
	/* One that takes no more words has some of the same kind still to take. */
	rproc->stop_asked = true;

	while (!is_off(rproc) && time_before(jiffies, deadline)) {
		acked = test_bit(RL_HEARD_SHUTDOWN_ACK, &rproc->heard);
		wait_for_word(rproc, sleep, msecs_to_jiffies(acked ? RL_ASK_SOON_MS : RL_ASK_MS));
		if (cancelled(rproc))
			return rl_refuse_plain(v, -ECANCELED, RPROC_LITE_AT_NOTHING,
					       "stopping was cancelled");
		if (sleep != TASK_UNINTERRUPTIBLE && fatal_signal_pending(current))
			return rl_refuse_plain(v, -EINTR, RPROC_LITE_AT_NOTHING,
					       "interrupted while waiting for the firmware to shut down");
	}
	return 0;
}

/* Bring the remote from any state to Stopped. Claimed. */
static int stop_remote(struct rproc_lite *rproc, u32 timeout_ms, unsigned int sleep,
		       struct rproc_lite_verdict *v)
{
	int ret;

	if (rproc->state == RPROC_LITE_READY || rproc->state == RPROC_LITE_STOPPED)
		return 0;
	if (!timeout_ms)
		timeout_ms = rproc->settings.stop_timeout_ms ?: rproc->stop_timeout_ms;
	ret = is_off(rproc) ? 0 : ask_to_stop(rproc, timeout_ms, sleep, v);
	return ret ?: rproc->ops->stop(rproc, timeout_ms, v);
}

int rproc_lite_stop(struct rproc_lite *rproc, u32 timeout_ms, struct rproc_lite_verdict *v)
{
	int ret;

	ret = claim(rproc, RL_EV_STOP, v);
	if (ret)
		return ret < 0 ? ret : 0;
	ret = stop_remote(rproc, timeout_ms, TASK_KILLABLE | TASK_FREEZABLE, v);
	return settle(rproc, RPROC_LITE_STOPPED, ret, v);
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
		pass_through(rproc, RPROC_LITE_STOPPED);
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
	set_image(rproc, NULL, NULL, 0);
	set_settings(rproc, &no_settings);
	return 0;
}

int rproc_lite_shutdown(struct rproc_lite *rproc, u32 timeout_ms, struct rproc_lite_verdict *v)
{
	int ret;

	ret = claim(rproc, RL_EV_SHUTDOWN, v);
	if (ret)
		return ret < 0 ? ret : 0;
	ret = shut_down(rproc, timeout_ms, TASK_KILLABLE | TASK_FREEZABLE, v);
	return settle(rproc, RPROC_LITE_OFFLINE, ret, v);
}
EXPORT_SYMBOL_GPL(rproc_lite_shutdown);

void rl_teardown(struct rproc_lite *rproc)
{
	struct rproc_lite_verdict v = { 0 };
	int ret = 0;

	mutex_lock(&rproc->lock);
	rproc->going = true;
	WRITE_ONCE(rproc->cancel, true);
	if (rproc->op_task)
		wake_up_process(rproc->op_task);
	wake_up_all(&rproc->wait);
	mutex_unlock(&rproc->lock);

	/* Nothing new begins, so what runs now is the last to be waited for. */
	rl_liveness_end(rproc);
	wait_event(rproc->wait, !READ_ONCE(rproc->claimed));

	mutex_lock(&rproc->lock);
	take(rproc, RL_EV_SHUTDOWN);
	mutex_unlock(&rproc->lock);
	if (rproc->state != RPROC_LITE_OFFLINE)
		ret = shut_down(rproc, rproc->stop_timeout_ms, TASK_UNINTERRUPTIBLE, &v);
	settle(rproc, RPROC_LITE_OFFLINE, ret, &v);
	if (ret)
		dev_err(&rproc->dev, "goes away while %s: %s\n",
			rl_state_name(rproc->state), v.text);
	rl_mapping_revoke(rproc);
	if (ret)
		set_image(rproc, NULL, NULL, 0);
}

int rproc_lite_load(struct rproc_lite *rproc, const char *path, void *store,
		    const struct rproc_lite_image_store_ops *ops, u32 flags,
		    struct rproc_lite_info *info, struct rproc_lite_verdict *v)
{
	struct rl_store *s;
	int ret;

	s = rl_store_new(ops, store, path);
	if (!s)
		return rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING, "out of memory");
	ret = rl_load_image(rproc, s, flags, v);
	return ret || !info ? ret : rl_query_info(rproc, info);
}
EXPORT_SYMBOL_GPL(rproc_lite_load);

static const char *const crash_words[] = {
	[RPROC_LITE_CRASH_FIRMWARE] = "the firmware reported a crash",
	[RPROC_LITE_CRASH_CORE_OFF] = "the core went off while it should run",
};

bool rl_crashed(struct rproc_lite *rproc, u64 seq, enum rproc_lite_crash cause)
{
	struct rproc_lite_verdict v = { 0 };
	bool looked = false, late = false;

	mutex_lock(&rproc->lock);
	if (!rproc->claimed && !rproc->going && rproc->state == RPROC_LITE_RUNNING &&
	    atomic64_read(&rproc->state_seq) == seq) {
		looked = true;
		late = cause == RPROC_LITE_CRASH_CORE_OFF && rproc->stop_asked;
		if (!late) {
			rproc->crash = cause;
			rproc->crash_count++;
			rl_refuse_plain(&rproc->last, -EIO, RPROC_LITE_AT_BACKEND, "%s",
					crash_words[cause]);
			dev_warn(&rproc->dev, "crashed: %s\n", crash_words[cause]);
			set_state(rproc, RPROC_LITE_CRASHED);
		}
	}
	mutex_unlock(&rproc->lock);

	/* It was told to shut down, after all, if by one who did not wait. */
	if (late)
		rproc_lite_stop(rproc, 0, &v);
	return looked;
}
