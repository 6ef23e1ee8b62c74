/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_VIRTIO_DRIVER_H
#define RL_VIRTIO_DRIVER_H

#include <linux/rproc_lite.h>

struct rl_vdev;

/**
 * rl_virtio_driver_new() - a device on Linux's virtio bus, for a driver of Linux's
 * @rproc: claimed, with an image
 * @n: which vdev of the resource table
 * @v: the reason, if it fails
 *
 * Nobody sees it before rl_virtio_driver_show().
 *
 * Context: may sleep.
 * Return: the device or an ERR_PTR: -ENOENT, -EINVAL, -ENOSPC if there is no room
 * for buffers, -ENOMEM.
 */
struct rl_vdev *rl_virtio_driver_new(struct rproc_lite *rproc, u32 n,
				     struct rproc_lite_verdict *v);

/* Let drivers bind to it. If that fails, it still is to be removed. May sleep. */
int rl_virtio_driver_show(struct rl_vdev *vdev);

#endif /* RL_VIRTIO_DRIVER_H */
