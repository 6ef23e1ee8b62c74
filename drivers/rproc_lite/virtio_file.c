// SPDX-License-Identifier: GPL-2.0-only
/*
 * A file for each pair of rings that the remote drives: programs read and write messages
 * through it.
 */
#include "virtio_file.h"
#include "virtio_device.h"

#include <linux/anon_inodes.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/slab.h>

/**
 * struct opened - one open file
 * @vdev: the device, referenced
 * @pair: which rings
 * @closed: called when it is
 */
struct opened {
	struct rl_vdev *vdev;
	u32 pair;
	void (*closed)(struct rl_vdev *vdev);
};

static bool is_nonblock(const struct kiocb *iocb)
{
	return (iocb->ki_filp->f_flags & O_NONBLOCK) || (iocb->ki_flags & IOCB_NOWAIT);
}

static ssize_t read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct opened *o = iocb->ki_filp->private_data;

	return rl_virtio_device_recv(o->vdev, o->pair, to, is_nonblock(iocb));
}

static ssize_t write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct opened *o = iocb->ki_filp->private_data;

	return rl_virtio_device_send(o->vdev, o->pair, from, is_nonblock(iocb));
}

static __poll_t poll(struct file *file, poll_table *wait)
{
	struct opened *o = file->private_data;

	return rl_virtio_device_poll(o->vdev, o->pair, file, wait);
}

static int release(struct inode *inode, struct file *file)
{
	struct opened *o = file->private_data;

	o->closed(o->vdev);
	rl_virtio_device_put(o->vdev);
	kfree(o);
	return 0;
}

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.llseek = noop_llseek,
	.read_iter = read_iter,
	.write_iter = write_iter,
	.poll = poll,
	.release = release,
};

struct file *rl_virtio_file(struct rl_vdev *vdev, u32 pair,
			    void (*closed)(struct rl_vdev *vdev))
{
	struct file *file;
	struct opened *o;

	o = kmalloc(sizeof(*o), GFP_KERNEL);
	if (!o)
		return ERR_PTR(-ENOMEM);
	o->vdev = vdev;
	o->pair = pair;
	o->closed = closed;
	rl_virtio_device_get(vdev);
	file = anon_inode_getfile("rproc_lite-virtio", &fops, o, O_RDWR | O_CLOEXEC);
	if (!IS_ERR(file))
		return file;
	rl_virtio_device_put(vdev);
	kfree(o);
	return file;
}
