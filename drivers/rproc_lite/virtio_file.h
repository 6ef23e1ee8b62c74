/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_VIRTIO_FILE_H
#define RL_VIRTIO_FILE_H

#include <linux/types.h>

struct file;
struct rl_vdev;

/**
 * rl_virtio_file() - a file that reads and writes the messages of a pair of rings
 * @vdev: a device that the remote drives
 * @pair: rings 2 * @pair and 2 * @pair + 1, which there are
 * @closed: called when the file is
 *
 * Context: may sleep.
 * Return: the file, which has a reference to @vdev of its own, or an ERR_PTR.
 */
struct file *rl_virtio_file(struct rl_vdev *vdev, u32 pair,
			    void (*closed)(struct rl_vdev *vdev));

#endif /* RL_VIRTIO_FILE_H */
