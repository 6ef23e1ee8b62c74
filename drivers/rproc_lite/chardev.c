// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/rproc_lite<N>, and what can be asked through it. Memory of user space is
 * touched without any lock of the remote, since it may take for ever.
 */
#include "chardev.h"
#include "actions.h"
#include "mapping.h"
#include "query.h"
#include "remote.h"
#include "virtio.h"

#include <linux/bitmap.h>
#include <linux/build_bug.h>
#include <linux/compat.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/rproc_lite_rsc.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>

/* What comes at once of a trace. */
#define RL_TRACE_PIECE	(64u << 10)

/* The same for 32-bit user space: fixed sizes, and no hole for an ABI to fill. */
static_assert(sizeof(struct rproc_lite_info) == 808);
static_assert(sizeof(struct rproc_lite_policy) == 64);
static_assert(sizeof(struct rproc_lite_region) == 64);
static_assert(sizeof(struct rproc_lite_placement) == 64);
static_assert(sizeof(struct rproc_lite_find) == 96);
static_assert(sizeof(struct rproc_lite_rsc) == 32);
static_assert(sizeof(struct rproc_lite_trace) == 64);
static_assert(sizeof(struct rproc_lite_virtio) == 104);

/**
 * struct opened - one open file
 * @rproc: the remote, kept by the file's character device
 * @seen: the news when INFO was last asked for
 * @lock: covers the next group
 * @heard: how often the remote had rung when TRACE was last asked for
 * @follows: the traces that were asked for, by index
 * @empty: of these, the ones in which there was no more since @heard
 */
struct opened {
	struct rproc_lite *rproc;
	atomic64_t seen;

	spinlock_t lock;	/* see above */
	u64 heard;
	DECLARE_BITMAP(follows, RPROC_LITE_RSC_NUM_MAX);
	DECLARE_BITMAP(empty, RPROC_LITE_RSC_NUM_MAX);
};

static int rl_open(struct inode *inode, struct file *file)
{
	struct opened *o;

	o = kzalloc(sizeof(*o), GFP_KERNEL);
	if (!o)
		return -ENOMEM;
	o->rproc = container_of(inode->i_cdev, struct rproc_lite, cdev);
	get_device(&o->rproc->dev);
	atomic64_set(&o->seen, -1);
	spin_lock_init(&o->lock);
	o->heard = U64_MAX;
	file->private_data = o;
	rl_mapping_open(o->rproc, file);
	return 0;
}

static int rl_release(struct inode *inode, struct file *file)
{
	struct opened *o = file->private_data;

	put_device(&o->rproc->dev);
	kfree(o);
	return 0;
}

/* Is there a trace to ask for? One that this file has asked for before, or any. */
static bool may_have_trace(struct opened *o)
{
	bool may;

	spin_lock(&o->lock);
	may = o->heard != atomic64_read(&o->rproc->rings) ||
	      !bitmap_subset(o->follows, o->empty, RPROC_LITE_RSC_NUM_MAX);
	spin_unlock(&o->lock);
	return may;
}

/* TRACE @index was asked for when the remote had rung @rings times. @over: no such trace. */
static void note_trace(struct opened *o, u64 rings, u32 index, bool over, bool empty)
{
	spin_lock(&o->lock);
	if (o->heard != rings) {
		o->heard = rings;
		bitmap_zero(o->empty, RPROC_LITE_RSC_NUM_MAX);
	}
	if (index < RPROC_LITE_RSC_NUM_MAX) {
		__assign_bit(index, o->follows, !over);
		__assign_bit(index, o->empty, empty);
	}
	spin_unlock(&o->lock);
}

static __poll_t rl_poll(struct file *file, poll_table *wait)
{
	struct opened *o = file->private_data;
	__poll_t events = 0;

	poll_wait(file, &o->rproc->wait, wait);
	if (READ_ONCE(o->rproc->going))
		return EPOLLHUP | EPOLLERR;
	if (atomic64_read(&o->rproc->news) != atomic64_read(&o->seen))
		events |= EPOLLPRI;
	if (may_have_trace(o))
		events |= EPOLLIN;
	return events;
}

static int get_info(struct opened *o, struct rproc_lite_info __user *arg)
{
	u64 news = atomic64_read(&o->rproc->news);
	struct rproc_lite_info *info;
	int ret;

	info = kmalloc(sizeof(*info), GFP_KERNEL);
	if (!info)
		return -ENOMEM;
	ret = rl_query_info(o->rproc, info);
	if (!ret && copy_to_user(arg, info, sizeof(*info)))
		ret = -EFAULT;
	if (!ret)
		atomic64_set(&o->seen, news);
	kfree(info);
	return ret;
}

static int get_policy(struct opened *o, struct rproc_lite_policy __user *arg)
{
	struct rproc_lite_policy policy;
	int ret;

	ret = rl_query_policy(o->rproc, &policy);
	if (!ret && copy_to_user(arg, &policy, sizeof(policy)))
		ret = -EFAULT;
	return ret;
}

static int get_region(struct opened *o, struct rproc_lite_region __user *arg)
{
	struct rproc_lite_region region = { 0 };
	int ret;

	if (get_user(region.index, &arg->index))
		return -EFAULT;
	ret = rl_query_region(o->rproc, &region);
	if (!ret && copy_to_user(arg, &region, sizeof(region)))
		ret = -EFAULT;
	return ret;
}

static int get_placement(struct opened *o, struct rproc_lite_placement __user *arg)
{
	struct rproc_lite_placement placement = { 0 };
	int ret;

	if (get_user(placement.index, &arg->index))
		return -EFAULT;
	ret = rl_query_placement(o->rproc, &placement);
	if (!ret && copy_to_user(arg, &placement, sizeof(placement)))
		ret = -EFAULT;
	return ret;
}

static int find(struct opened *o, struct rproc_lite_find __user *arg)
{
	struct rproc_lite_find f;
	int ret;

	if (copy_from_user(&f, arg, sizeof(f)))
		return -EFAULT;
	if (f.pad || f.by > RPROC_LITE_BY_VA ||
	    strnlen(f.name, sizeof(f.name)) == sizeof(f.name))
		return -EINVAL;
	ret = rl_mapping_find(o->rproc, &f);
	if (!ret && copy_to_user(arg, &f, sizeof(f)))
		ret = -EFAULT;
	return ret;
}

static int get_virtio(struct opened *o, struct rproc_lite_virtio __user *arg)
{
	struct rproc_lite_virtio virtio = { 0 };
	int ret;

	if (get_user(virtio.index, &arg->index))
		return -EFAULT;
	ret = rl_virtio_query(o->rproc, &virtio);
	if (!ret && copy_to_user(arg, &virtio, sizeof(virtio)))
		ret = -EFAULT;
	return ret;
}

static int get_rsc(struct opened *o, struct rproc_lite_rsc __user *arg)
{
	struct rproc_lite_rsc rsc;
	void *data;
	int ret;

	if (copy_from_user(&rsc, arg, sizeof(rsc)))
		return -EFAULT;
	if (rsc.pad)
		return -EINVAL;
	rsc.data_len = rsc.data ? min(rsc.data_len, RPROC_LITE_RSC_SIZE_MAX) : 0;
	data = kvmalloc(rsc.data_len ?: 1, GFP_KERNEL);
	if (!data)
		return -ENOMEM;
	ret = rl_query_rsc(o->rproc, &rsc, data);
	if (!ret && (copy_to_user(u64_to_user_ptr(rsc.data), data, rsc.data_len) ||
		     copy_to_user(arg, &rsc, sizeof(rsc))))
		ret = -EFAULT;
	kvfree(data);
	return ret;
}

static int get_trace(struct file *file, struct rproc_lite_trace __user *arg)
{
	struct opened *o = file->private_data;
	u64 rings = atomic64_read(&o->rproc->rings);
	bool wanted;
	struct rproc_lite_trace trace;
	void *data;
	int ret;

	if (copy_from_user(&trace, arg, sizeof(trace)))
		return -EFAULT;
	if (trace.pad)
		return -EINVAL;
	trace.data_len = min(trace.data_len, RL_TRACE_PIECE);
	wanted = trace.data_len;
	data = kvmalloc(trace.data_len ?: 1, GFP_KERNEL);
	if (!data)
		return -ENOMEM;
	ret = rl_query_trace(o->rproc, rl_right_of(o->rproc, file), &trace, data);
	if (!ret && (copy_to_user(u64_to_user_ptr(trace.data), data, trace.data_len) ||
		     copy_to_user(arg, &trace, sizeof(trace))))
		ret = -EFAULT;
	/* Until it comes back with nothing there is more to ask for. */
	if (ret == -ENOENT || (!ret && wanted))
		note_trace(o, rings, trace.index, ret, !trace.data_len);
	kvfree(data);
	return ret;
}

static long rl_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct opened *o = file->private_data;
	void __user *p = (void __user *)arg;

	if (READ_ONCE(o->rproc->going))
		return -ENODEV;
	switch (cmd) {
	case RPROC_LITE_IOC_INFO:
		return get_info(o, p);
	case RPROC_LITE_IOC_POLICY:
		return get_policy(o, p);
	case RPROC_LITE_IOC_REGION:
		return get_region(o, p);
	case RPROC_LITE_IOC_PLACEMENT:
		return get_placement(o, p);
	case RPROC_LITE_IOC_RSC:
		return get_rsc(o, p);
	case RPROC_LITE_IOC_TRACE:
		return get_trace(file, p);
	case RPROC_LITE_IOC_FIND:
		return find(o, p);
	case RPROC_LITE_IOC_VIRTIO:
		return get_virtio(o, p);
	default:
		return rl_action_ioctl(o->rproc, file, cmd, p);
	}
}

static ssize_t rl_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct opened *o = file->private_data;

	return rl_mapping_read(o->rproc, file, buf, len, pos);
}

static ssize_t rl_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct opened *o = file->private_data;

	return rl_mapping_write(o->rproc, file, buf, len, pos);
}

static int rl_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct opened *o = file->private_data;

	return rl_mapping_mmap(o->rproc, file, vma);
}

const struct file_operations rl_chardev_fops = {
	.owner = THIS_MODULE,
	.open = rl_open,
	.release = rl_release,
	.llseek = noop_llseek,
	.read = rl_read,
	.write = rl_write,
	.mmap = rl_mmap,
	.poll = rl_poll,
	.unlocked_ioctl = rl_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};
