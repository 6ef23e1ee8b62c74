/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What happens to a remote, told upward: lower layers tell, and surfaces that have
 * joined hear of it, in order.
 */
#ifndef RL_EVENTS_H
#define RL_EVENTS_H

#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rproc_lite.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct rproc_lite;

enum rl_notice_kind {
	RL_NOTICE_ADDED,
	RL_NOTICE_REMOVED,
	RL_NOTICE_STATE,
	RL_NOTICE_CRASH,
	RL_NOTICE_RECOVERY,
	RL_NOTICE_VIRTIO,
	RL_NOTICE_TRACE,
	RL_NOTICE_POLICY,
};

/**
 * struct rl_notice - one thing that happened
 * @rproc: to this remote
 * @kind: which of the parts below holds
 * @seq: of this remote's notices, from 1 on and without a gap
 * @time: CLOCK_BOOTTIME, nanoseconds
 * @has_state: the remote's lock is held, so its state can be looked at
 * @from: STATE: the one before
 * @recovery: RECOVERY
 * @virtio: VIRTIO
 * @trace: TRACE: index of the buffer, or RPROC_LITE_NO_INDEX for any
 */
struct rl_notice {
	struct rproc_lite *rproc;
	enum rl_notice_kind kind;
	u64 seq;
	u64 time;
	bool has_state;
	union {
		enum rproc_lite_state from;
		struct {
			enum rproc_lite_recovery what;
			u32 attempt;
			u32 delay_ms;
			int error;
		} recovery;
		struct {
			u32 vdev;
			u32 role;
			bool added;
		} virtio;
		u32 trace;
	};
};

/**
 * struct rl_listener - a surface that hears of everything
 * @node: in the list of all
 * @hear: what happened; may sleep, but not tell anything itself, nor claim the remote
 * @listens: is there anybody whom @hear would tell? Any context. NULL: of what is only
 *	told if somebody listens it need not hear
 */
struct rl_listener {
	struct list_head node;
	void (*hear)(const struct rl_notice *notice);
	bool (*listens)(void);
};

/* Only while there is no remote: at load and unload. */
void rl_events_join(struct rl_listener *listener);
void rl_events_leave(struct rl_listener *listener);

/**
 * struct rl_events - what telling needs of a remote; a part of struct rproc_lite
 * @lock: makes the order of hearing that of @seq. Taken inside the remote's lock
 * @seq: of the last notice
 * @trace_lock: covers the next two
 * @open: added, and not removed: nothing is told otherwise
 * @traces: bits of those that may have news, the last bit for any
 * @trace: tells of them
 * @traced: when it last did, jiffies
 */
struct rl_events {
	struct mutex lock;		/* see above */
	u64 seq;
	spinlock_t trace_lock;		/* see above */
	bool open;
	unsigned long traces;
	struct delayed_work trace;
	unsigned long traced;
};

/* Once, when the remote is made, and when its memory is given back. */
void rl_events_init(struct rproc_lite *rproc);
void rl_events_destroy(struct rproc_lite *rproc);

/*
 * Nothing is told until the next call: *seq is the number of the last notice. Return:
 * false, and no next call, if nothing will be told any more. The remote's lock may be held.
 */
bool rl_events_hold(struct rproc_lite *rproc, u64 *seq);
void rl_events_go_on(struct rproc_lite *rproc);

/* Nothing is told before the one or after the other. With the remote's lock; without. */
void rl_tell_added(struct rproc_lite *rproc);
void rl_tell_removed(struct rproc_lite *rproc);

/* With the remote's lock held, after what they tell of was written. */
void rl_tell_state(struct rproc_lite *rproc, enum rproc_lite_state from);
void rl_tell_crash(struct rproc_lite *rproc);
void rl_tell_virtio(struct rproc_lite *rproc, u32 n, u32 role, bool added);
void rl_tell_policy(struct rproc_lite *rproc);

/**
 * rl_tell_recovery() - how it goes on after a crash
 * @rproc: the remote
 * @what: the step
 * @attempt: which one, from 1; 0 for none
 * @delay_ms: how long WAITING waits
 * @error: why FAILED, a negative errno
 *
 * Context: may sleep; the remote's lock is held.
 */
void rl_tell_recovery(struct rproc_lite *rproc, enum rproc_lite_recovery what, u32 attempt,
		      u32 delay_ms, int error);

/* There may be more in a trace buffer, or (RPROC_LITE_NO_INDEX) in any. Any context. */
void rl_tell_trace(struct rproc_lite *rproc, u32 index);

#endif /* RL_EVENTS_H */
