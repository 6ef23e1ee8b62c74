/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_VRING_DEVICE_H
#define RL_VRING_DEVICE_H

#include "vring.h"

struct rproc_lite_verdict;

/**
 * struct rl_vring_device - the device's end of a ring, whose driver is not trusted
 * @vr: the ring
 * @event_idx: VIRTIO_RING_F_EVENT_IDX was agreed upon
 * @avail: chains ever taken
 * @used: chains ever given back
 * @published: of @used, how many the driver can see
 */
struct rl_vring_device {
	struct rl_vring vr;
	bool event_idx;
	u16 avail;
	u16 used;
	u16 published;
};

/**
 * struct rl_vring_chain - a walk along a chain
 * @head: its id
 * @left: how many descriptors it may still have, or it is a circle
 * @next: the id of the next
 * @more: there is a next
 * @addr: of the piece that the walk is at, as the driver gave it
 * @len: bytes of it
 * @write: it is for us to write
 */
struct rl_vring_chain {
	u16 head;
	u32 left;
	u16 next;
	bool more;
	u64 addr;
	u32 len;
	bool write;
};

/* Begin with a ring whose memory is zero. */
void rl_vring_device_init(struct rl_vring_device *d, const struct rl_vring *vr,
			  bool event_idx);

/**
 * rl_vring_device_peek() - look at the next chain, which stays where it is
 * @d: the ring
 * @c: at its start, for rl_vring_chain_next()
 * @v: the reason, if the driver does what no driver may
 *
 * Return: 1; 0 if there is none; -EIO, after which the ring is of no use any more.
 */
int rl_vring_device_peek(struct rl_vring_device *d, struct rl_vring_chain *c,
			 struct rproc_lite_verdict *v);

/* Take the chain that was peeked at. */
void rl_vring_device_take(struct rl_vring_device *d);

/**
 * rl_vring_chain_at() - walk a chain that was taken before once more
 * @d: the ring
 * @c: filled in
 * @head: its id, below the ring's num
 */
void rl_vring_chain_at(const struct rl_vring_device *d, struct rl_vring_chain *c, u16 head);

/**
 * rl_vring_chain_next() - go to the next piece
 * @d: the ring
 * @c: the walk
 * @v: the reason, if the chain is none
 *
 * Return: 1; 0 at the end; -EIO.
 */
int rl_vring_chain_next(const struct rl_vring_device *d, struct rl_vring_chain *c,
			struct rproc_lite_verdict *v);

/* Give a chain back, with @len bytes written to it. */
void rl_vring_device_give(struct rl_vring_device *d, u16 head, u32 len);

/* Let the driver see all that was given. Return: does it want to be told? */
bool rl_vring_device_publish(struct rl_vring_device *d);

/* Has the driver emptied the ring since? Nobody else writes what we look at. */
bool rl_vring_device_is_anew(const struct rl_vring_device *d);

/* Is there a chain to take, at a glance? */
bool rl_vring_device_has(const struct rl_vring_device *d);

/* Tell the driver that we want to hear of its next chain. Then: is there one now? */
bool rl_vring_device_want(struct rl_vring_device *d);

#endif /* RL_VRING_DEVICE_H */
