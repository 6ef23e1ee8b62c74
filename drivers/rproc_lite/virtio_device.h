/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_VIRTIO_DEVICE_H
#define RL_VIRTIO_DEVICE_H

#include <linux/rproc_lite.h>

struct file;
struct iov_iter;
struct poll_table_struct;
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
 * One message each, from ring 2 * @pair + 1 or to ring 2 * @pair: there are both. Return:
 * its length; -EMSGSIZE if it does not fit, and stays; -EAGAIN if there is none and
 * @nonblock; -EINTR; -ECONNRESET after the remote reset the device; -EPIPE if it broke the
 * rules; -ENODEV if it is removed.
 */
ssize_t rl_virtio_device_recv(struct rl_vdev *vdev, u32 pair, struct iov_iter *to,
			      bool nonblock);
ssize_t rl_virtio_device_send(struct rl_vdev *vdev, u32 pair, struct iov_iter *from,
			      bool nonblock);

/*
 * Which of these would not wait: EPOLL*, with EPOLLHUP and EPOLLERR when it is over. @vdev
 * stays referenced until @file is released.
 */
__poll_t rl_virtio_device_poll(struct rl_vdev *vdev, u32 pair, struct file *file,
			       struct poll_table_struct *wait);

#endif /* RL_VIRTIO_DEVICE_H */
