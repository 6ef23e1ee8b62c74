/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_RELAY_H
#define RL_RELAY_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "buffers.h"
#include "kick.h"
#include "vdev.h"
#include "vring_device.h"
#include "vring_driver.h"

struct rproc_lite_virtio;
struct virtqueue;

/**
 * struct rl_relay_slot - a chain of the driver's that the remote has
 * @head: its id in the private ring
 * @out: what the remote reads
 * @in: what it writes
 */
struct rl_relay_slot {
	u16 head;
	struct rl_buffer out;
	struct rl_buffer in;
};

/**
 * struct rl_relay - between the ring of a Linux driver and that of the remote
 * @kick: the remote rang
 * @work: it rang, or there is something to tell the driver
 * @vdev: whose ring this is
 * @index: which of its rings
 * @vq: what the driver has
 * @pages: the private ring's memory
 * @size: bytes of it
 * @ring: the shared ring
 * @lock: covers @buffers and all that follows; taken in any context
 * @buffers: where its messages lie for the remote
 * @private: our end of the driver's ring: we are its device
 * @shared: our end of the remote's: we are its driver
 * @known: of the descriptors of the shared ring
 * @slot: by id in the shared ring
 * @in_use: chains that the remote may write to
 * @parted: bytes of the driver's next chain that went already
 * @waiting: a chain of the driver's found no room
 * @ready: the driver may be told
 * @owed: and is to be
 * @dead: nothing goes through any more; what the driver sends is lost
 * @silent: and the driver does not want to hear of that
 * @error: the remote broke the rules, which is not told yet
 * @verdict: by what
 * @sent: chains that went to the remote to read
 * @received: chains that came back written to
 * @bad: chains that came back in a way that is not allowed, and were not passed on
 */
struct rl_relay {
	struct rl_kick kick;
	struct work_struct work;
	struct rl_vdev *vdev;
	u32 index;
	struct virtqueue *vq;
	void *pages;
	size_t size;
	struct rl_vdev_ring ring;
	spinlock_t lock;		/* see above */
	struct rl_buffers buffers;
	struct rl_vring_device private;
	struct rl_vring_driver shared;
	struct rl_vring_slot *known;
	struct rl_relay_slot *slot;
	u32 in_use;
	u32 parted;
	bool waiting;
	bool ready;
	bool owed;
	bool dead;
	bool silent;
	bool error;
	struct rproc_lite_verdict verdict;
	u64 sent;
	u64 received;
	u64 bad;
};

/**
 * rl_relay_new() - begin to relay a ring
 * @vdev: of the remote
 * @index: which of its rings
 * @event_idx: VIRTIO_RING_F_EVENT_IDX was agreed upon with the remote
 *
 * The driver's virtqueue is made by rl_relay_attach().
 *
 * Context: may sleep.
 * Return: the relay or an ERR_PTR.
 */
struct rl_relay *rl_relay_new(struct rl_vdev *vdev, u32 index, bool event_idx);

/* @vq works on @pages, through rl_relay_notify(). From now on the remote is heard. */
int rl_relay_attach(struct rl_relay *relay, struct virtqueue *vq);

/*
 * The driver is ready to be called back (DRIVER_OK). Any context. Before, it is not, whatever
 * the remote does: drivers rely on devices that keep silent till then.
 */
void rl_relay_ready(struct rl_relay *relay);

/* The driver added something. Any context, without the relay's lock. */
void rl_relay_notify(struct rl_relay *relay);

/*
 * Nothing goes through any more. What the driver sends it gets back at once, as if it
 * had been sent, so that nobody waits for room. Any context.
 */
void rl_relay_cut(struct rl_relay *relay);

/* Adds what went through it, and what did not, to @info's counts. Any context. */
void rl_relay_count(struct rl_relay *relay, struct rproc_lite_virtio *info);

/* Cut, and after this call the driver is not called back any more. May sleep. */
void rl_relay_silence(struct rl_relay *relay);

/* Cut, and wait until nothing runs; the virtqueue can be deleted then. May sleep. */
void rl_relay_stop(struct rl_relay *relay);

/* Stop, and free all but the virtqueue, which must be gone. May sleep. */
void rl_relay_free(struct rl_relay *relay);

#endif /* RL_RELAY_H */
