/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_VDEV_H
#define RL_VDEV_H

#include <linux/list.h>
#include <linux/rproc_lite.h>
#include <linux/types.h>

#include "placement.h"
#include "rsctable.h"
#include "vring.h"

struct rl_vdev;

/**
 * struct rl_vdev_ops - what the two roles do in their own ways
 * @cut: nothing more is sent or received, who waits is woken; with a lock held
 * @remove: the device goes away; frees @vdev sooner or later
 * @count: fill in the messages of &struct rproc_lite_virtio
 */
struct rl_vdev_ops {
	void (*cut)(struct rl_vdev *vdev);
	void (*remove)(struct rl_vdev *vdev);
	void (*count)(struct rl_vdev *vdev, struct rproc_lite_virtio *info);
};

/**
 * struct rl_vdev - a vdev entry of the resource table that is in use
 * @node: in the remote's list, with its lock held
 * @rproc: the remote, referenced from rl_vdev_begin() on
 * @n: it is the n-th vdev entry: the specification's vdev_id
 * @role: &enum rproc_lite_virtio_role
 * @entry: from the snapshot of the table
 * @upper: offset in the table of the entry with the upper halves of its features, 0 if
 *	there is none
 * @dfeatures: what the remote offers
 * @region: where the table that the remote sees lies; NULL if it sees none
 * @at: bytes from the region's start to the table
 * @local: what stands for the table that the remote would see, for want of a @region
 * @ops: of the role
 * @vdev: what the kernel's callers know it by
 * @rst_cb: theirs, to be told that the remote wants a reset; may be NULL
 * @flags: RL_VDEV_*
 * @listed: in the remote's list still; written with its lock held
 * @users: with Linux as the device: files, who waits for the remote's driver, and the
 *	kernel's callers; more only by who claimed the remote
 */
struct rl_vdev {
	struct list_head node;
	struct rproc_lite *rproc;
	u32 n;
	u32 role;
	struct rl_rsc_entry entry;
	u32 upper;
	u64 dfeatures;
	struct rl_region *region;
	u64 at;
	u8 *local;
	const struct rl_vdev_ops *ops;
	struct virtio_device *vdev;
	void (*rst_cb)(struct virtio_device *vdev);
	unsigned long flags;
	bool listed;
	atomic_t users;
};

#define RL_VDEV_WANTS_RESET	0	/* the remote asked for one */
#define RL_VDEV_BROKEN		1	/* the remote did what it must not */

/**
 * struct rl_vdev_ring - one of its rings
 * @notifyid: to ring for it
 * @region: where it lies
 * @off: bytes into the region
 * @align: of its used part, bytes
 * @vr: the ring
 */
struct rl_vdev_ring {
	u32 notifyid;
	struct rl_region *region;
	u64 off;
	u32 align;
	struct rl_vring vr;
};

/**
 * rl_vdev_init() - find a device in the table that is loaded
 * @vdev: zeroed
 * @rproc: claimed, with an image
 * @n: which of its vdevs
 * @role: &enum rproc_lite_virtio_role
 * @v: the reason, if there is no such device, or its rings can't be used
 *
 * Return: 0, -ENOENT, or -EINVAL for rings that no CPU could work with.
 */
int rl_vdev_init(struct rl_vdev *vdev, struct rproc_lite *rproc, u32 n, u32 role,
		 struct rproc_lite_verdict *v);

/**
 * rl_vdev_begin() - make what was found one to be used for long
 * @vdev: filled in, part of what a role has
 * @found: by rl_vdev_init()
 * @ops: of the role
 * @virtio: what the kernel's callers will know it by; its id is filled in
 *
 * Return: 0 or -ENOMEM; rl_vdev_fini() is due if 0.
 */
int rl_vdev_begin(struct rl_vdev *vdev, const struct rl_vdev *found,
		  const struct rl_vdev_ops *ops, struct virtio_device *virtio);
void rl_vdev_fini(struct rl_vdev *vdev);

/* Ring @i of @vdev, which has more. */
void rl_vdev_ring(const struct rl_vdev *vdev, u32 i, struct rl_vdev_ring *ring);

/* Room for buffers of all its rings: bytes, 0 if there is none. */
u64 rl_vdev_buffers(const struct rl_vdev *vdev, struct rl_region **region, u64 *off);

/* What both sides write to: one byte, read once. */
u8 rl_vdev_get_status(const struct rl_vdev *vdev);
void rl_vdev_set_status(const struct rl_vdev *vdev, u8 status);
u64 rl_vdev_get_gfeatures(const struct rl_vdev *vdev);
void rl_vdev_set_gfeatures(const struct rl_vdev *vdev, u64 features);

/* What the remote offers, from a checked table. */
u64 rl_vdev_dfeatures(const u8 *table, u32 n, const struct rl_rsc_entry *entry);

/* Configuration space. Return: 0, or -ERANGE for bytes that it does not have. */
int rl_vdev_get_config(const struct rl_vdev *vdev, u32 off, void *buf, u32 len);
int rl_vdev_set_config(const struct rl_vdev *vdev, u32 off, const void *buf, u32 len);

/* The remote wants a reset: say so, once, to who made the device and to user space. */
void rl_vdev_reset_wanted(struct rl_vdev *vdev);
/* The same, if its status says so. */
void rl_vdev_heed_status(struct rl_vdev *vdev);

/* The remote broke the rules, by what @v says: say so, once, to the log and user space. */
void rl_vdev_broke(struct rl_vdev *vdev, u32 ring, const struct rproc_lite_verdict *v);

#endif /* RL_VDEV_H */
