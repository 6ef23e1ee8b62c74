/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The remote: what the core knows of one. Layers 2 to 4 share it; each part
 * says who writes it.
 */
#ifndef RL_REMOTE_H
#define RL_REMOTE_H

#include <linux/cdev.h>
#include <linux/completion.h>
#include <linux/device.h>
#include <linux/mutex.h>
#include <linux/notifier.h>
#include <linux/pid.h>
#include <linux/rwsem.h>
#include <linux/rproc_lite.h>
#include <linux/rproc_lite_rsc.h>
#include <linux/wait.h>
#include <linux/workqueue.h>

#include "events.h"
#include "kick.h"
#include "loader.h"
#include "memmap.h"
#include "settings.h"
#include "state.h"

struct rl_dump;

/* What the remote has told us since it was started: bits of heard. */
enum rl_heard {
	RL_HEARD_READY,
	RL_HEARD_SHUTDOWN_ACK,
	RL_HEARD_SUSPEND_ACK,
	RL_HEARD_ECHO_REPLY,
};

/**
 * struct rl_heartbeat - asking the firmware whether it lives, see heartbeat.c
 * @work: asks, and looks for the answer to what was asked before
 * @period: that it was last queued for, milliseconds
 * @asked: it was asked, and not paused since
 * @lives: it said that it does, so it can be held to it
 * @misses: answers in a row that it owes
 */
struct rl_heartbeat {
	struct delayed_work work;
	u32 period;
	bool asked;
	bool lives;
	u32 misses;
};

/**
 * struct rl_recovery - what is done about a crash, see recovery.c
 * @work: does it
 * @seq: state_seq of the crash; 0 if nothing is to be done (any more)
 * @what: &enum rproc_lite_recovery
 * @attempts: restarts in a row
 * @failed: the last of them did
 * @dumped: a core dump was made of it, or tried
 * @timed: @due is known
 * @due: when the next one is, jiffies
 * @done: restarts that went well
 * @up_since: when the last one of these was, ktime_get_boottime_ns()
 */
struct rl_recovery {
	struct delayed_work work;
	u64 seq;
	u32 what;
	u32 attempts;
	bool failed;
	bool dumped;
	bool timed;
	unsigned long due;
	u32 done;
	u64 up_since;
};

/**
 * struct rl_system - what the system's sleep and end mean to a remote, see system.c
 * @sleep: before and after the system's sleep
 * @reboot: before another kernel has the memory
 * @asleep: nothing starts or resumes now
 * @deep: nor is anything loaded, for it would be lost
 * @sleeps: how often that began
 * @suspended: by us, so resume it
 * @stopped: by us, so start it
 */
struct rl_system {
	struct notifier_block sleep;
	struct notifier_block reboot;
	bool asleep;
	bool deep;
	u32 sleeps;
	bool suspended;
	bool stopped;
};

/**
 * struct rproc_lite - one remote processor
 * @dev: /dev/rproc_lite<N>; its last reference frees all this
 * @cdev: of @dev
 * @id: the N
 * @has_id: it is not free for another yet
 * @name: "r<N>"
 * @detail: which piece of hardware, for people
 * @ops: of the backend; called by whoever claimed the remote, and is_running also
 *	by liveness.c
 * @priv: the backend's
 * @map: the remote's memory, fixed at registration
 * @stop_timeout_ms: how long to wait for firmware
 *
 * @lock: covers the next group. Never held while calling the backend, or while
 *	waiting for user space or firmware
 * @going: being unregistered: nothing new begins
 * @state: written by lifecycle.c only
 * @state_since: ktime_get_boottime_ns() when it began
 * @claimed: an operation runs, and has @ops, @image's memory and @store to itself
 * @op: which, while @claimed
 * @op_task: who runs it, referenced
 * @op_pid: its thread group, referenced
 * @settings: what config was told, while not Offline
 * @image: what is loaded, NULL if nothing
 * @store: where it came from, to load it again
 * @kept: bytes of memory that @store takes to be able to
 * @vdevs: the virtio devices that there are, &struct rl_vdev; changed by who claimed
 *	the remote
 * @mmaps: what other modules have mapped, &struct rproc_lite_io
 * @crash: the last crash
 * @crash_count: crashes so far
 * @crash_since: when it was, ktime_get_boottime_ns()
 * @last: the last failure or crash
 * @policy: what it does of itself; @delegate is written with @map_sem held, too
 * @tainted: who lost the right to may have chosen its settings, image or memory
 * @recovery: from the last crash
 * @system: goes to sleep, or ends
 *
 * @virtio_again: the devices that Linux drove before the last rl_virtio_remove(); for who
 *	claimed the remote
 * @dump: the last core dump that was made, NULL if none was; for who claimed the remote
 * @ran: what is loaded, or the backend tried; for who claimed the remote
 * @placed_after: how many @losses there had been; for who claimed the remote
 * @stop_asked: the firmware was told to shut down, and may do so late. Written by
 *	who claimed the remote, read with @lock held and nobody claiming it
 *
 * @map_sem: covers the next three, and is held while memory is reached for user
 *	space. Taken inside @lock and the mmap lock
 * @powered: the memory can be reached
 * @map_generation: of mappings that hold
 * @inode: has the mappings of all files
 *
 * @state_seq: counts changes of @state
 * @run_seq: counts what makes it a new question whether the core runs: changes of @state,
 *	and stops that failed
 * @news: counts all that poll tells of; read without @lock
 * @rings: counts words and rings of the remote
 * @losses: counts how often what was in the remote's own memory was lost
 * @kicks: of both sides
 * @cancel: the claimed operation should give up; read without @lock
 * @progress: of the load that runs
 * @heard: &enum rl_heard, set from any context
 * @reported: &enum rproc_lite_crash, what was reported since it began to run; set from
 *	any context
 * @owes_ack: a SUSPEND was not answered; for who claimed the remote
 * @events: of events.c
 * @wait: woken when @heard, @state, @claimed, @cancel or @going change
 * @heartbeat: asks a running remote
 * @liveness: looks after a running remote, see liveness.c
 * @liveness_lock: covers @liveness_ended and the queueing of @liveness
 * @liveness_ended: it is not queued any more
 */
struct rproc_lite {
	struct device dev;
	struct cdev cdev;
	int id;
	bool has_id;
	char name[RPROC_LITE_NAME_MAX];
	char detail[RPROC_LITE_NAME_MAX];
	const struct rproc_lite_ops *ops;
	void *priv;
	struct rl_memmap map;
	u32 stop_timeout_ms;

	struct mutex lock;		/* see above */
	bool going;
	enum rproc_lite_state state;
	u64 state_since;
	bool claimed;
	enum rl_event op;
	struct task_struct *op_task;
	struct pid *op_pid;
	struct rl_settings settings;
	struct rl_image *image;
	struct rl_store *store;
	u64 kept;
	struct list_head vdevs;
	struct list_head mmaps;
	enum rproc_lite_crash crash;
	u32 crash_count;
	u64 crash_since;
	struct rproc_lite_verdict last;
	struct rproc_lite_policy policy;
	bool tainted;
	struct rl_recovery recovery;
	struct rl_system system;

	DECLARE_BITMAP(virtio_again, RPROC_LITE_RSC_NUM_MAX);
	struct rl_dump *dump;
	bool ran;
	int placed_after;
	bool stop_asked;

	struct rw_semaphore map_sem;	/* see above */
	bool powered;
	unsigned long map_generation;
	struct inode *inode;

	atomic64_t state_seq;
	atomic64_t run_seq;
	atomic64_t news;
	atomic64_t rings;
	atomic_t losses;
	struct rl_kicks kicks;
	bool cancel;
	struct rl_progress progress;
	unsigned long heard;
	u32 reported;
	bool owes_ack;
	struct rl_events events;
	wait_queue_head_t wait;
	struct rl_heartbeat heartbeat;
	struct delayed_work liveness;
	spinlock_t liveness_lock;	/* see above */
	bool liveness_ended;
};

/* Wake who polls: there is something new to ask for. Any context. */
static inline void rl_tell_news(struct rproc_lite *rproc)
{
	atomic64_inc(&rproc->news);
	wake_up_all(&rproc->wait);
}

#endif /* RL_REMOTE_H */
