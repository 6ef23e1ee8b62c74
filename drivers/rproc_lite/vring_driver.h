/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_VRING_DRIVER_H
#define RL_VRING_DRIVER_H

#include "vring.h"

struct rproc_lite_verdict;

/**
 * struct rl_vring_slot - what we know of a descriptor that we own
 * @next: the free one after it, or the second of its chain
 * @chained: it has a second
 * @live: it heads a chain that the device has
 * @room: bytes that the device may write to its chain
 */
struct rl_vring_slot {
	u16 next;
	bool chained;
	bool live;
	u32 room;
};

/**
 * struct rl_vring_driver - the driver's end of a ring, whose device is not trusted
 * @vr: the ring
 * @slot: of each descriptor; what is in the ring itself is never read back
 * @event_idx: VIRTIO_RING_F_EVENT_IDX was agreed upon
 * @free: the first free descriptor
 * @num_free: how many there are
 * @avail: chains ever offered
 * @used: chains ever taken back
 * @published: of @avail, how many the device can see
 * @quiet: it was told not to tell us
 */
struct rl_vring_driver {
	struct rl_vring vr;
	struct rl_vring_slot *slot;
	bool event_idx;
	u16 free;
	u32 num_free;
	u16 avail;
	u16 used;
	u16 published;
	bool quiet;
};

/**
 * struct rl_vring_buf - one piece of memory for a device
 * @addr: as the device sees it
 * @len: bytes; 0 for none
 */
struct rl_vring_buf {
	u64 addr;
	u32 len;
};

/* Begin with a ring whose memory is zero. @slot: as many as the ring has descriptors. */
void rl_vring_driver_init(struct rl_vring_driver *d, const struct rl_vring *vr,
			  struct rl_vring_slot *slot, bool event_idx);

/**
 * rl_vring_driver_add() - offer a chain
 * @d: the ring
 * @out: for the device to read
 * @in: for the device to write
 *
 * Return: its id, below the ring's num; -ENOSPC if the ring is full; -EINVAL if
 * both are empty.
 */
int rl_vring_driver_add(struct rl_vring_driver *d, struct rl_vring_buf out,
			struct rl_vring_buf in);

/* Let the device see all that was added. Return: does it want to be told? */
bool rl_vring_driver_publish(struct rl_vring_driver *d);

/**
 * struct rl_vring_done - a chain that came back
 * @id: from rl_vring_driver_add(); free for another now
 * @len: bytes that the device says it wrote
 * @room: bytes that there were to write to
 */
struct rl_vring_done {
	u16 id;
	u32 len;
	u32 room;
};

/**
 * rl_vring_driver_take() - take a chain back
 * @d: the ring
 * @done: filled in, if the result is 1
 * @v: the reason, if the device does what no device may
 *
 * Return: 1; 0 if none came; -EBADMSG for an id that is not out, which is skipped;
 * -EIO for an index that can't be, after which the ring is of no use any more.
 */
int rl_vring_driver_take(struct rl_vring_driver *d, struct rl_vring_done *done,
			 struct rproc_lite_verdict *v);

/* Should the device tell us of the next chain that comes back? Then: is there one now? */
bool rl_vring_driver_want(struct rl_vring_driver *d, bool want);

#endif /* RL_VRING_DRIVER_H */
