/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_VIRTIO_DEVICE_H
#define RL_VIRTIO_DEVICE_H

#include <linux/rproc_lite.h>

struct file;
struct iov_iter;
struct rl_vdev;

/**
 * rl_virtio_device_new() - a device that the remote drives, and Linux is
 * @rproc: claimed, with an image
 * @n: which vdev of the resource table
 * @v: the reason, if it fails
 *
 * Context: may sleep.
 * Return: the device or an ERR_PTR: -ENOENT, -EINVAL, -ENOMEM.
 */
struct rl_vdev *rl_virtio_device_new(struct rproc_lite *rproc, u32 n,
				     struct rproc_lite_verdict *v);

/* Hear the remote's kicks. If that fails, it still is to be removed. May sleep. */
int rl_virtio_device_show(struct rl_vdev *vdev);

/* Keep it and let it go again, beside its being listed. */
void rl_virtio_device_get(struct rl_vdev *vdev);
void rl_virtio_device_put(struct rl_vdev *vdev);

/**
 * rl_virtio_device_wait() - wait until the remote's driver is ready
 * @vdev: referenced
 * @timeout_ms: at most so long
 * @v: the reason, if it fails
 *
 * Return: 0, -ETIMEDOUT, -EINTR, or -ENODEV if it is removed meanwhile.
 */
int rl_virtio_device_wait(struct rl_vdev *vdev, u32 timeout_ms, struct rproc_lite_verdict *v);

/*
 * A file for rings 2 * @pair and 2 * @pair + 1, which there are. @closed is called
 * when it is. Return: the file or an ERR_PTR.
 */
struct file *rl_virtio_device_file(struct rl_vdev *vdev, u32 pair,
				   void (*closed)(struct rl_vdev *vdev));

/*
 * One message each. Return: its length; -EMSGSIZE if it does not fit, and stays;
 * -EAGAIN if there is none and @nonblock; -EINTR; -ECONNRESET after the remote
 * reset the device; -EPIPE if it broke the rules; -ENODEV if it is removed.
 */
ssize_t rl_virtio_device_recv(struct rl_vdev *vdev, u32 pair, struct iov_iter *to,
			      bool nonblock);
ssize_t rl_virtio_device_send(struct rl_vdev *vdev, u32 pair, struct iov_iter *from,
			      bool nonblock);

#endif /* RL_VIRTIO_DEVICE_H */
