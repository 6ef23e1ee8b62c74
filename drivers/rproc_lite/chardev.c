// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/rproc_lite<N>: takes arguments apart and puts answers together. Memory
 * of user space is touched without any lock of the remote, since it may take
 * for ever.
 */
#include "chardev.h"
#include "lifecycle.h"
#include "mapping.h"
#include "query.h"
#include "remote.h"
#include "store_file.h"
#include "store_name.h"
#include "verdict.h"

#include <linux/build_bug.h>
#include <linux/compat.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/rproc_lite_rsc.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

/* What comes at once of a trace. */
#define RL_TRACE_PIECE	(64u << 10)

/* The same for 32-bit user space: fixed sizes, and no hole for an ABI to fill. */
static_assert(sizeof(struct rproc_lite_verdict) == 256);
static_assert(sizeof(struct rproc_lite_info) == 784);
static_assert(sizeof(struct rproc_lite_config) == 272);
static_assert(sizeof(struct rproc_lite_region) == 64);
static_assert(sizeof(struct rproc_lite_placement) == 64);
static_assert(sizeof(struct rproc_lite_find) == 96);
static_assert(sizeof(struct rproc_lite_mem_window) == 312);
static_assert(sizeof(struct rproc_lite_rsc) == 32);
static_assert(sizeof(struct rproc_lite_trace) == 64);
static_assert(sizeof(struct rproc_lite_set_rsc) == 280);
static_assert(sizeof(struct rproc_lite_action) == 264);
static_assert(sizeof(struct rproc_lite_load) == 528);

/**
 * struct opened - one open file
 * @rproc: the remote, kept by the file's character device
 * @seen: the state_seq that INFO last told
 */
struct opened {
	struct rproc_lite *rproc;
	atomic64_t seen;
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

static __poll_t rl_poll(struct file *file, poll_table *wait)
{
	struct opened *o = file->private_data;

	poll_wait(file, &o->rproc->wait, wait);
	if (READ_ONCE(o->rproc->going))
		return EPOLLHUP | EPOLLERR;
	if (atomic64_read(&o->rproc->state_seq) != atomic64_read(&o->seen))
		return EPOLLPRI;
	return 0;
}

static int get_info(struct opened *o, struct rproc_lite_info __user *arg)
{
	struct rproc_lite_info *info;
	int ret;

	info = kmalloc(sizeof(*info), GFP_KERNEL);
	if (!info)
		return -ENOMEM;
	ret = rl_query_info(o->rproc, info);
	if (!ret && copy_to_user(arg, info, sizeof(*info)))
		ret = -EFAULT;
	if (!ret)
		atomic64_set(&o->seen, info->state_seq);
	kfree(info);
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

static int get_trace(struct opened *o, struct rproc_lite_trace __user *arg)
{
	struct rproc_lite_trace trace;
	void *data;
	int ret;

	if (copy_from_user(&trace, arg, sizeof(trace)))
		return -EFAULT;
	if (trace.pad)
		return -EINVAL;
	trace.data_len = min(trace.data_len, RL_TRACE_PIECE);
	data = kvmalloc(trace.data_len ?: 1, GFP_KERNEL);
	if (!data)
		return -ENOMEM;
	ret = rl_query_trace(o->rproc, &trace, data);
	if (!ret && (copy_to_user(u64_to_user_ptr(trace.data), data, trace.data_len) ||
		     copy_to_user(arg, &trace, sizeof(trace))))
		ret = -EFAULT;
	kvfree(data);
	return ret;
}

static int bad_argument(struct rproc_lite_verdict *v, const char *why)
{
	return rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_ARGUMENT, "%s", why);
}

/* Opened read-only, a file only tells. */
static int check_may_act(struct file *file, struct rproc_lite_verdict *v)
{
	if (file->f_mode & FMODE_WRITE)
		return 0;
	return rl_refuse_plain(v, -EBADF, RPROC_LITE_AT_ARGUMENT,
			       "the device was opened read-only");
}

static int check_action(const struct rproc_lite_action *a, bool waits,
			struct rproc_lite_verdict *v)
{
	if (a->flags)
		return bad_argument(v, "unknown flags");
	if (a->timeout_ms && !waits)
		return bad_argument(v, "only stop and shutdown take a time limit");
	if (a->timeout_ms > RPROC_LITE_TIMEOUT_MAX_MS)
		return bad_argument(v, "a time limit over an hour");
	return 0;
}

static int act(struct file *file, unsigned int cmd, struct rproc_lite_action __user *arg)
{
	struct rproc_lite *rproc = ((struct opened *)file->private_data)->rproc;
	bool waits = cmd == RPROC_LITE_IOC_STOP || cmd == RPROC_LITE_IOC_SHUTDOWN;
	struct rproc_lite_verdict v = { 0 };
	struct rproc_lite_action a;
	int ret;

	if (copy_from_user(&a, arg, offsetof(struct rproc_lite_action, verdict)))
		return -EFAULT;
	ret = check_may_act(file, &v);
	if (!ret)
		ret = check_action(&a, waits, &v);
	if (!ret) {
		switch (cmd) {
		case RPROC_LITE_IOC_START:
			ret = rproc_lite_start(rproc, &v);
			break;
		case RPROC_LITE_IOC_STOP:
			ret = rproc_lite_stop(rproc, a.timeout_ms, &v);
			break;
		case RPROC_LITE_IOC_SHUTDOWN:
			ret = rproc_lite_shutdown(rproc, a.timeout_ms, &v);
			break;
		}
	}
	/* What was done is done, and its result matters more than the words. */
	if (copy_to_user(&arg->verdict, &v, sizeof(v)) && !ret)
		ret = -EFAULT;
	return ret;
}

static int do_change_mem(struct rproc_lite *rproc, unsigned int cmd,
			 const struct rproc_lite_mem_window *w, struct rproc_lite_verdict *v)
{
	if (w->flags)
		return bad_argument(v, "unknown flags");
	if (w->pad)
		return bad_argument(v, "padding is not zero");
	if (strnlen(w->name, sizeof(w->name)) == sizeof(w->name))
		return bad_argument(v, "the name does not end");
	if (cmd == RPROC_LITE_IOC_ADD_MEM)
		return rl_add_mem(rproc, w->name, w->da, w->size, v);
	if (w->da || w->size)
		return bad_argument(v, "a window is removed by its name alone");
	return rl_remove_mem(rproc, w->name, v);
}

static int change_mem(struct file *file, unsigned int cmd,
		      struct rproc_lite_mem_window __user *arg)
{
	struct rproc_lite *rproc = ((struct opened *)file->private_data)->rproc;
	struct rproc_lite_verdict v = { 0 };
	struct rproc_lite_mem_window w;
	int ret;

	if (copy_from_user(&w, arg, offsetof(struct rproc_lite_mem_window, verdict)))
		return -EFAULT;
	ret = check_may_act(file, &v);
	if (!ret)
		ret = do_change_mem(rproc, cmd, &w, &v);
	if (copy_to_user(&arg->verdict, &v, sizeof(v)) && !ret)
		ret = -EFAULT;
	return ret;
}

static int do_set_rsc(struct rproc_lite *rproc, const struct rproc_lite_set_rsc *s,
		      struct rproc_lite_verdict *v)
{
	void *table = NULL;
	int ret;

	if (s->flags)
		return bad_argument(v, "unknown flags");
	if (!s->data && s->da == RPROC_LITE_NO_DA)
		return bad_argument(v, "neither a table nor an address of one");
	if (!s->size || s->size > RPROC_LITE_RSC_SIZE_MAX)
		return bad_argument(v, "a resource table of no bytes, or of over 64 KiB");
	if (s->data) {
		table = vmemdup_user(u64_to_user_ptr(s->data), s->size);
		if (IS_ERR(table))
			return PTR_ERR(table);
	}
	ret = rproc_lite_set_rsc_table(rproc, table, s->size, s->da, v);
	kvfree(table);
	return ret;
}

static int set_rsc(struct file *file, struct rproc_lite_set_rsc __user *arg)
{
	struct rproc_lite *rproc = ((struct opened *)file->private_data)->rproc;
	struct rproc_lite_verdict v = { 0 };
	struct rproc_lite_set_rsc s;
	int ret;

	if (copy_from_user(&s, arg, offsetof(struct rproc_lite_set_rsc, verdict)))
		return -EFAULT;
	ret = check_may_act(file, &v);
	if (!ret)
		ret = do_set_rsc(rproc, &s, &v);
	if (copy_to_user(&arg->verdict, &v, sizeof(v)) && !ret)
		ret = -EFAULT;
	return ret;
}

static int do_config(struct rproc_lite *rproc, const struct rproc_lite_config *c,
		     struct rproc_lite_verdict *v)
{
	char *data;
	int ret;

	if (c->flags)
		return bad_argument(v, "unknown flags");
	if (c->data_len > RPROC_LITE_CONFIG_MAX)
		return bad_argument(v, "settings of over 4096 bytes");
	data = memdup_user(u64_to_user_ptr(c->data), c->data_len);
	if (IS_ERR(data))
		return PTR_ERR(data);
	ret = rproc_lite_config(rproc, data, c->data_len, v);
	kfree(data);
	return ret;
}

static int config(struct file *file, struct rproc_lite_config __user *arg)
{
	struct rproc_lite *rproc = ((struct opened *)file->private_data)->rproc;
	struct rproc_lite_verdict v = { 0 };
	struct rproc_lite_config c;
	int ret;

	if (copy_from_user(&c, arg, offsetof(struct rproc_lite_config, verdict)))
		return -EFAULT;
	ret = check_may_act(file, &v);
	if (!ret)
		ret = do_config(rproc, &c, &v);
	if (copy_to_user(&arg->verdict, &v, sizeof(v)) && !ret)
		ret = -EFAULT;
	return ret;
}

static int check_load(const struct rproc_lite_load *l, struct rproc_lite_verdict *v)
{
	if (l->flags & ~(RPROC_LITE_LOAD_SHA256 | RPROC_LITE_LOAD_KEEP))
		return bad_argument(v, "unknown flags");
	if (l->pad)
		return bad_argument(v, "padding is not zero");
	if (l->source != RPROC_LITE_FROM_NAME && l->source != RPROC_LITE_FROM_FD)
		return bad_argument(v, "unknown kind of source");
	if (l->source == RPROC_LITE_FROM_NAME && l->fd)
		return bad_argument(v, "both a name and a file descriptor");
	if (strnlen(l->name, sizeof(l->name)) == sizeof(l->name))
		return bad_argument(v, "the name does not end");
	return 0;
}

static struct rl_store *open_fd(int fd, const char *name, struct rproc_lite_verdict *v)
{
	struct file *file = fget(fd);
	struct rl_store *store;

	if (!file)
		return ERR_PTR(rl_refuse_plain(v, -EBADF, RPROC_LITE_AT_ARGUMENT,
					       "file descriptor %d is not open", fd));
	store = rl_store_from_file(file, name[0] ? name : "(unnamed)", v);
	fput(file);
	return store;
}

static int do_load(struct rproc_lite *rproc, struct rproc_lite_load *l,
		   struct rproc_lite_verdict *v)
{
	struct rl_store *store;
	int ret;

	ret = check_load(l, v);
	if (ret)
		return ret;
	if (l->source == RPROC_LITE_FROM_NAME)
		store = rl_store_from_name(&rproc->dev, l->name, v);
	else
		store = open_fd(l->fd, l->name, v);
	if (IS_ERR(store))
		return PTR_ERR(store);
	return rl_load_image(rproc, store, l->flags, v);
}

static int load(struct file *file, struct rproc_lite_load __user *arg)
{
	struct rproc_lite *rproc = ((struct opened *)file->private_data)->rproc;
	struct rproc_lite_verdict v = { 0 };
	struct rproc_lite_load *l;
	int ret;

	l = memdup_user(arg, offsetof(struct rproc_lite_load, verdict));
	if (IS_ERR(l))
		return PTR_ERR(l);
	ret = check_may_act(file, &v);
	if (!ret)
		ret = do_load(rproc, l, &v);
	kfree(l);
	if (copy_to_user(&arg->verdict, &v, sizeof(v)) && !ret)
		ret = -EFAULT;
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
	case RPROC_LITE_IOC_REGION:
		return get_region(o, p);
	case RPROC_LITE_IOC_PLACEMENT:
		return get_placement(o, p);
	case RPROC_LITE_IOC_RSC:
		return get_rsc(o, p);
	case RPROC_LITE_IOC_TRACE:
		return get_trace(o, p);
	case RPROC_LITE_IOC_FIND:
		return find(o, p);
	case RPROC_LITE_IOC_ADD_MEM:
	case RPROC_LITE_IOC_REMOVE_MEM:
		return change_mem(file, cmd, p);
	case RPROC_LITE_IOC_LOAD:
		return load(file, p);
	case RPROC_LITE_IOC_CONFIG:
		return config(file, p);
	case RPROC_LITE_IOC_SET_RSC:
		return set_rsc(file, p);
	case RPROC_LITE_IOC_START:
	case RPROC_LITE_IOC_STOP:
	case RPROC_LITE_IOC_SHUTDOWN:
		return act(file, cmd, p);
	default:
		return -ENOTTY;
	}
}

static ssize_t rl_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	return rl_mapping_read(((struct opened *)file->private_data)->rproc, buf, len, pos);
}

static ssize_t rl_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	return rl_mapping_write(((struct opened *)file->private_data)->rproc, buf, len, pos);
}

static int rl_mmap(struct file *file, struct vm_area_struct *vma)
{
	return rl_mapping_mmap(((struct opened *)file->private_data)->rproc, vma);
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
