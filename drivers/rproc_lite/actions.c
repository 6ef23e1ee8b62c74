// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ioctls that change something: each takes its argument apart, acts, and
 * leaves a verdict in it.
 */
#include "actions.h"
#include "content.h"
#include "lifecycle.h"
#include "policy_device.h"
#include "remote.h"
#include "rights.h"
#include "store_file.h"
#include "store_name.h"
#include "verdict.h"
#include "virtio.h"
#include "window.h"

#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/rproc_lite_rsc.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

/* The same for 32-bit user space: fixed sizes, and no hole for an ABI to fill. */
static_assert(sizeof(struct rproc_lite_verdict) == 256);
static_assert(sizeof(struct rproc_lite_config) == 272);
static_assert(sizeof(struct rproc_lite_load) == 528);
static_assert(sizeof(struct rproc_lite_action) == 264);
static_assert(sizeof(struct rproc_lite_set_rsc) == 280);
static_assert(sizeof(struct rproc_lite_mem_window) == 312);
static_assert(sizeof(struct rproc_lite_create_virtio) == 280);
static_assert(sizeof(struct rproc_lite_remove_virtio) == 264);

/* Who asks: for which remote, and by what right. */
struct asker {
	struct rproc_lite *rproc;
	enum rl_right right;
};

/* One argument, as far as user space fills it in. */
union argument {
	struct rproc_lite_config config;
	struct rproc_lite_load load;
	struct rproc_lite_action action;
	struct rproc_lite_set_rsc set_rsc;
	struct rproc_lite_mem_window window;
	struct rproc_lite_create_virtio create_virtio;
	struct rproc_lite_remove_virtio remove_virtio;
};

static int bad_argument(struct rproc_lite_verdict *v, const char *why)
{
	return rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_ARGUMENT, "%s", why);
}

/* @act: CONFIG or SET_POLICY, which differ in what they do with the settings. */
static int do_settings(const struct asker *by, const struct rproc_lite_config *c,
		       int (*act)(struct rproc_lite *rproc, char *data, size_t len,
				  enum rl_right right, struct rproc_lite_verdict *v),
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
	ret = act(by->rproc, data, c->data_len, by->right, v);
	kfree(data);
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

static int do_load(const struct asker *by, struct rproc_lite_load *l,
		   struct rproc_lite_verdict *v)
{
	enum rl_right right = by->right;
	struct rl_store *store;
	int ret;

	ret = check_load(l, v);
	if (ret)
		return ret;
	if (l->source == RPROC_LITE_FROM_NAME) {
		store = rl_store_from_name(&by->rproc->dev, l->name, v);
		right = RL_RIGHT_OWN;
	} else {
		store = open_fd(l->fd, l->name, v);
	}
	if (IS_ERR(store))
		return PTR_ERR(store);
	return rl_load_image(by->rproc, store, l->flags, right, v);
}

static int do_set_rsc(const struct asker *by, const struct rproc_lite_set_rsc *s,
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
	ret = rl_set_rsc_table(by->rproc, table, s->size, s->da, by->right, v);
	kvfree(table);
	return ret;
}

static int check_window(const struct rproc_lite_mem_window *w, struct rproc_lite_verdict *v)
{
	if (w->flags)
		return bad_argument(v, "unknown flags");
	if (w->pad)
		return bad_argument(v, "padding is not zero");
	if (strnlen(w->name, sizeof(w->name)) == sizeof(w->name))
		return bad_argument(v, "the name does not end");
	return 0;
}

static int do_add_mem(struct rproc_lite *rproc, const struct rproc_lite_mem_window *w,
		      struct rproc_lite_verdict *v)
{
	return check_window(w, v) ?: rl_add_mem(rproc, w->name, w->da, w->size, v);
}

static int do_remove_mem(struct rproc_lite *rproc, const struct rproc_lite_mem_window *w,
			 struct rproc_lite_verdict *v)
{
	if (w->da || w->size)
		return bad_argument(v, "a window is removed by its name alone");
	return check_window(w, v) ?: rl_remove_mem(rproc, w->name, v);
}

static int check_action(const struct rproc_lite_action *a, bool waits,
			struct rproc_lite_verdict *v)
{
	if (a->flags)
		return bad_argument(v, "unknown flags");
	if (a->timeout_ms && !waits)
		return bad_argument(v, "only stop, shutdown and suspend take a time limit");
	if (a->timeout_ms > RPROC_LITE_TIMEOUT_MAX_MS)
		return bad_argument(v, "a time limit over an hour");
	return 0;
}

static int do_action(struct rproc_lite *rproc, unsigned int cmd,
		     const struct rproc_lite_action *a, struct rproc_lite_verdict *v)
{
	int ret;

	ret = check_action(a, cmd == RPROC_LITE_IOC_STOP || cmd == RPROC_LITE_IOC_SHUTDOWN ||
			   cmd == RPROC_LITE_IOC_SUSPEND, v);
	if (ret)
		return ret;
	switch (cmd) {
	case RPROC_LITE_IOC_SUSPEND:
		return rproc_lite_suspend(rproc, a->timeout_ms, v);
	case RPROC_LITE_IOC_RESUME:
		return rproc_lite_resume(rproc, v);
	case RPROC_LITE_IOC_CRASH:
		return rproc_lite_crash(rproc, v);
	case RPROC_LITE_IOC_START:
		return rproc_lite_start(rproc, v);
	case RPROC_LITE_IOC_STOP:
		return rproc_lite_stop(rproc, a->timeout_ms, v);
	default:
		return rproc_lite_shutdown(rproc, a->timeout_ms, v);
	}
}

static int check_create_virtio(const struct rproc_lite_create_virtio *c,
			       struct rproc_lite_verdict *v)
{
	if (c->flags)
		return bad_argument(v, "unknown flags");
	if (c->role != RPROC_LITE_VIRTIO_DRIVER && c->role != RPROC_LITE_VIRTIO_DEVICE)
		return bad_argument(v, "unknown role");
	if (c->role == RPROC_LITE_VIRTIO_DRIVER && (c->timeout_ms || c->pair))
		return bad_argument(v, "a time limit and a pair are for the role of the device");
	if (c->timeout_ms > RPROC_LITE_TIMEOUT_MAX_MS)
		return bad_argument(v, "a time limit over an hour");
	return 0;
}

/* Linux is the device: a descriptor is told first, and then works. */
static int open_virtio(struct rproc_lite *rproc, const struct rproc_lite_create_virtio *c,
		       __s32 __user *told, struct rproc_lite_verdict *v)
{
	struct file *file;
	int fd;

	fd = get_unused_fd_flags(O_CLOEXEC);
	if (fd < 0)
		return rl_refuse_plain(v, fd, RPROC_LITE_AT_NOTHING, "no file descriptor is left");
	file = rl_virtio_open(rproc, c->vdev, c->pair, c->timeout_ms, v);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	if (put_user(fd, told)) {
		put_unused_fd(fd);
		fput(file);
		return -EFAULT;
	}
	fd_install(fd, file);
	return 0;
}

static int do_create_virtio(struct rproc_lite *rproc, const struct rproc_lite_create_virtio *c,
			    __s32 __user *told, struct rproc_lite_verdict *v)
{
	struct virtio_device *virtio;
	int ret;

	ret = check_create_virtio(c, v);
	if (ret)
		return ret;
	if (put_user(-1, told))
		return -EFAULT;
	if (c->role == RPROC_LITE_VIRTIO_DEVICE)
		return open_virtio(rproc, c, told, v);
	virtio = rproc_lite_create_virtio(rproc, c->vdev, c->role, NULL, v);
	return PTR_ERR_OR_ZERO(virtio);
}

static int do_remove_virtio(struct rproc_lite *rproc, const struct rproc_lite_remove_virtio *r,
			    struct rproc_lite_verdict *v)
{
	if (r->flags)
		return bad_argument(v, "unknown flags");
	return rl_virtio_remove_one(rproc, r->vdev, v);
}

static int dispatch(const struct asker *by, unsigned int cmd, union argument *arg,
		    void __user *user, struct rproc_lite_verdict *v)
{
	struct rproc_lite_create_virtio __user *create = user;
	struct rproc_lite *rproc = by->rproc;

	switch (cmd) {
	case RPROC_LITE_IOC_CONFIG:
		return do_settings(by, &arg->config, rl_config, v);
	case RPROC_LITE_IOC_SET_POLICY:
		return do_settings(by, &arg->config, rl_set_policy, v);
	case RPROC_LITE_IOC_LOAD:
		return do_load(by, &arg->load, v);
	case RPROC_LITE_IOC_SET_RSC:
		return do_set_rsc(by, &arg->set_rsc, v);
	case RPROC_LITE_IOC_ADD_MEM:
		return do_add_mem(rproc, &arg->window, v);
	case RPROC_LITE_IOC_REMOVE_MEM:
		return do_remove_mem(rproc, &arg->window, v);
	case RPROC_LITE_IOC_CREATE_VIRTIO:
		return do_create_virtio(rproc, &arg->create_virtio, &create->fd, v);
	case RPROC_LITE_IOC_REMOVE_VIRTIO:
		return do_remove_virtio(rproc, &arg->remove_virtio, v);
	default:
		return do_action(rproc, cmd, &arg->action, v);
	}
}

/* Where the verdict begins, behind all that comes in; 0 for no ioctl of ours. */
static size_t input_size(unsigned int cmd)
{
	switch (cmd) {
	case RPROC_LITE_IOC_CONFIG:
	case RPROC_LITE_IOC_SET_POLICY:
		return offsetof(struct rproc_lite_config, verdict);
	case RPROC_LITE_IOC_LOAD:
		return offsetof(struct rproc_lite_load, verdict);
	case RPROC_LITE_IOC_SET_RSC:
		return offsetof(struct rproc_lite_set_rsc, verdict);
	case RPROC_LITE_IOC_ADD_MEM:
	case RPROC_LITE_IOC_REMOVE_MEM:
		return offsetof(struct rproc_lite_mem_window, verdict);
	case RPROC_LITE_IOC_CREATE_VIRTIO:
		return offsetof(struct rproc_lite_create_virtio, verdict);
	case RPROC_LITE_IOC_REMOVE_VIRTIO:
		return offsetof(struct rproc_lite_remove_virtio, verdict);
	case RPROC_LITE_IOC_START:
	case RPROC_LITE_IOC_STOP:
	case RPROC_LITE_IOC_SHUTDOWN:
	case RPROC_LITE_IOC_SUSPEND:
	case RPROC_LITE_IOC_RESUME:
	case RPROC_LITE_IOC_CRASH:
		return offsetof(struct rproc_lite_action, verdict);
	default:
		return 0;
	}
}

int rl_action_ioctl(struct rproc_lite *rproc, const struct file *file, unsigned int cmd,
		    void __user *arg)
{
	const struct asker by = { .rproc = rproc, .right = rl_right_of(rproc, file) };
	struct rproc_lite_verdict v = { 0 };
	size_t size = input_size(cmd);
	void __user *verdict = arg + size;
	union argument *in;
	int ret;

	if (!size)
		return -ENOTTY;
	in = memdup_user(arg, size);
	if (IS_ERR(in))
		return PTR_ERR(in);
	/* What could not be told must not be done. */
	if (clear_user(verdict, sizeof(v)))
		ret = -EFAULT;
	else if (!(file->f_mode & FMODE_WRITE))
		ret = rl_refuse_plain(&v, -EBADF, RPROC_LITE_AT_ARGUMENT,
				      "the device was opened read-only");
	else
		ret = dispatch(&by, cmd, in, arg, &v);
	kfree(in);
	/* Done is done, even if whoever asked took the memory away meanwhile. */
	if (ret && ret != -EFAULT && copy_to_user(verdict, &v, sizeof(v)))
		ret = -EFAULT;
	return ret;
}
