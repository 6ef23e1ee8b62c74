/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_VIRTIO_H
#define RL_VIRTIO_H

#include <linux/rproc_lite.h>

struct file;

/* How long the remote's driver may take to be ready, if the caller does not say. */
#define RL_VIRTIO_TIMEOUT_MS	5000u

/**
 * rl_virtio_prepare() - make the devices that the resource table tells of
 * @rproc: claimed, with an image that is about to be started
 * @again: it is to go on as it was: also those that were made by hand, with Linux as
 *	their driver, until rl_virtio_remove()
 * @v: the reason, if one can't be made; then there is none
 *
 * If CONFIG said so, there are none but by hand.
 *
 * Return: 0 or a negative errno.
 */
int rl_virtio_prepare(struct rproc_lite *rproc, bool again, struct rproc_lite_verdict *v);

/* The remote runs: let drivers have them. Return: 0, or a negative errno and @v. */
int rl_virtio_show(struct rproc_lite *rproc, struct rproc_lite_verdict *v);

/* Remove all: all are cut first, so that drivers and users let go. Claimed. */
void rl_virtio_remove(struct rproc_lite *rproc);

/**
 * rl_virtio_open() - be the device of a vdev, for user space
 * @rproc: Running
 * @n: which vdev
 * @pair: which of its pairs of rings
 * @timeout_ms: for the remote's driver to be ready; 0 for RL_VIRTIO_TIMEOUT_MS
 * @v: the reason, if it fails
 *
 * Return: a file, see rl_virtio_file(); or an ERR_PTR.
 */
struct file *rl_virtio_open(struct rproc_lite *rproc, u32 n, u32 pair, u32 timeout_ms,
			    struct rproc_lite_verdict *v);

/* Remove the device of vdev @n. Return: 0, -ENOENT, or as rl_claim(). */
int rl_virtio_remove_one(struct rproc_lite *rproc, u32 n, struct rproc_lite_verdict *v);

/* Fill in what is to be told of vdev @info->index. Return: 0, -ENOENT, -ENODEV. */
int rl_virtio_query(struct rproc_lite *rproc, struct rproc_lite_virtio *info);

#endif /* RL_VIRTIO_H */
