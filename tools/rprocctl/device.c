// SPDX-License-Identifier: GPL-2.0-only
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "device.h"
#include "state.h"
#include "verdict.h"

/* The errno of a call that the kernel said nothing about, in words. */
static int refuse_errno(struct rproc_lite_verdict *v, int error, const char *path)
{
	switch (error) {
	case ENODEV:
		return rl_refuse_plain(v, -ENODEV, RPROC_LITE_AT_NOTHING,
				       "the remote is gone");
	case ENOTTY:
		return rl_refuse_plain(v, -ENOTTY, RPROC_LITE_AT_NOTHING,
				       "%s is no remote, or the module is of another version than this rprocctl",
				       path);
	case EBADF:
		return rl_refuse_plain(v, -EBADF, RPROC_LITE_AT_NOTHING,
				       "%s is not open for writing", path);
	default:
		return rl_refuse_plain(v, -error, RPROC_LITE_AT_NOTHING, "%s",
				       strerror(error));
	}
}

/* @said: where the ioctl would put its own reason, or NULL. */
static int call(struct device *d, unsigned long request, void *arg,
		const struct rproc_lite_verdict *said, struct rproc_lite_verdict *v)
{
	int error;

	if (!ioctl(d->fd, request, arg))
		return 0;
	error = errno;
	if (!said || !said->error || !said->text[0])
		return refuse_errno(v, error, d->path);
	*v = *said;
	v->text[sizeof(v->text) - 1] = '\0';
	return -error;
}

#define END(array)	((array)[sizeof(array) - 1] = '\0')

int device_info(struct device *d, struct rproc_lite_verdict *v)
{
	struct rproc_lite_info info = { 0 };
	int ret;

	ret = call(d, RPROC_LITE_IOC_INFO, &info, NULL, v);
	if (ret)
		return ret;
	END(info.name);
	END(info.backend);
	END(info.detail);
	END(info.image);
	END(info.last.text);
	d->info = info;
	return 0;
}

int device_region(struct device *d, struct rproc_lite_region *r,
		  struct rproc_lite_verdict *v)
{
	int ret = call(d, RPROC_LITE_IOC_REGION, r, NULL, v);

	END(r->name);
	return ret;
}

int device_placement(struct device *d, struct rproc_lite_placement *p,
		     struct rproc_lite_verdict *v)
{
	int ret = call(d, RPROC_LITE_IOC_PLACEMENT, p, NULL, v);

	END(p->name);
	return ret;
}

int device_rsc(struct device *d, struct rproc_lite_rsc *r,
	       struct rproc_lite_verdict *v)
{
	return call(d, RPROC_LITE_IOC_RSC, r, NULL, v);
}

int device_trace(struct device *d, struct rproc_lite_trace *t,
		 struct rproc_lite_verdict *v)
{
	u32 room = t->data_len;
	int ret = call(d, RPROC_LITE_IOC_TRACE, t, NULL, v);

	END(t->name);
	if (!ret && t->data_len > room)
		t->data_len = room;
	return ret;
}

int device_virtio(struct device *d, struct rproc_lite_virtio *virtio,
		  struct rproc_lite_verdict *v)
{
	int ret = call(d, RPROC_LITE_IOC_VIRTIO, virtio, NULL, v);

	END(virtio->name);
	return ret == -ENOENT ? rl_refuse_plain(v, ret, RPROC_LITE_AT_TABLE,
						"the resource table has no vdev %u",
						virtio->index) : ret;
}

int device_create_virtio(struct device *d, u32 index, u32 role, u32 timeout_ms, int *fd,
			 struct rproc_lite_verdict *v)
{
	struct rproc_lite_create_virtio c = {
		.vdev = index,
		.role = role,
		.timeout_ms = timeout_ms,
	};
	int ret = call(d, RPROC_LITE_IOC_CREATE_VIRTIO, &c, &c.verdict, v);

	*fd = ret ? -1 : c.fd;
	return ret;
}

int device_remove_virtio(struct device *d, u32 index, struct rproc_lite_verdict *v)
{
	struct rproc_lite_remove_virtio r = { .vdev = index };

	return call(d, RPROC_LITE_IOC_REMOVE_VIRTIO, &r, &r.verdict, v);
}

/* False if @name is too long for a region's. */
static bool put_name(char to[RPROC_LITE_NAME_MAX], const char *name)
{
	size_t len = strlen(name);

	if (len >= RPROC_LITE_NAME_MAX)
		return false;
	memcpy(to, name, len + 1);
	return true;
}

/* The kernel says the same for a name that is not there and for one that is too small. */
static bool region_exists(struct device *d, const char *name)
{
	struct rproc_lite_find f = { .by = RPROC_LITE_BY_NAME };
	struct rproc_lite_verdict ignored;

	return put_name(f.name, name) && !call(d, RPROC_LITE_IOC_FIND, &f, NULL, &ignored);
}

int device_find(struct device *d, struct rproc_lite_find *f, const char *name,
		struct rproc_lite_verdict *v)
{
	int ret = -ENOENT;

	if (f->by != RPROC_LITE_BY_NAME || put_name(f->name, name))
		ret = call(d, RPROC_LITE_IOC_FIND, f, NULL, v);
	END(f->name);
	if (ret != -ENOENT)
		return ret;
	if (f->by == RPROC_LITE_BY_NAME)
		return rl_refuse_plain(v, ret, RPROC_LITE_AT_REGION,
				       region_exists(d, name) ?
				       "region %s has not that many bytes" :
				       "no region is called %s", name);
	if (f->len)
		return rl_refuse_plain(v, ret, RPROC_LITE_AT_REGION,
				       "no region has all %llu bytes from 0x%llx on",
				       (unsigned long long)f->len, (unsigned long long)f->addr);
	return rl_refuse_plain(v, ret, RPROC_LITE_AT_REGION, "no region has the address 0x%llx",
			       (unsigned long long)f->addr);
}

static int change_mem(struct device *d, unsigned long request, struct rproc_lite_mem_window *w,
		      const char *name, struct rproc_lite_verdict *v)
{
	if (!put_name(w->name, name))
		return rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_ARGUMENT,
				       "a region's name has at most %u bytes",
				       RPROC_LITE_NAME_MAX - 1);
	return call(d, request, w, &w->verdict, v);
}

int device_add_mem(struct device *d, const char *name, u64 da, u64 size,
		   struct rproc_lite_verdict *v)
{
	struct rproc_lite_mem_window w = { .da = da, .size = size };

	return change_mem(d, RPROC_LITE_IOC_ADD_MEM, &w, name, v);
}

int device_remove_mem(struct device *d, const char *name, struct rproc_lite_verdict *v)
{
	struct rproc_lite_mem_window w = { 0 };

	return change_mem(d, RPROC_LITE_IOC_REMOVE_MEM, &w, name, v);
}

/* Why can't memory be reached? */
static int refuse_mem(struct device *d, int error, struct rproc_lite_verdict *v)
{
	int ret;

	if (error == EPERM)
		return rl_refuse_plain(v, -EPERM, RPROC_LITE_AT_ARGUMENT,
				       "to write its memory, or to read a device's, needs CAP_SYS_RAWIO or the policy delegate=load");
	if (error != ENXIO)
		return refuse_errno(v, error, d->path);
	ret = device_info(d, v);
	return ret ? ret : rl_refuse_plain(v, -EBADFD, RPROC_LITE_AT_STATE,
					   "its memory can be reached from config until shutdown, and this remote is %s",
					   rl_state_name(d->info.state));
}

int device_read_mem(struct device *d, u64 offset, void *buf, size_t len,
		    struct rproc_lite_verdict *v)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = pread(d->fd, (u8 *)buf + done, len - done, (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return refuse_mem(d, n ? errno : EIO, v);
		done += (size_t)n;
	}
	return 0;
}

int device_write_mem(struct device *d, u64 offset, const void *buf, size_t len,
		     struct rproc_lite_verdict *v)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = pwrite(d->fd, (const u8 *)buf + done, len - done, (off_t)(offset + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return refuse_mem(d, n ? errno : EIO, v);
		done += (size_t)n;
	}
	return 0;
}

int device_set_rsc(struct device *d, const void *table, u32 size, u64 da,
		   struct rproc_lite_verdict *v)
{
	struct rproc_lite_set_rsc s = {
		.size = size,
		.data = (uintptr_t)table,
		.da = da,
	};

	return call(d, RPROC_LITE_IOC_SET_RSC, &s, &s.verdict, v);
}

static const struct {
	const char *name;
	unsigned long request;
} ops[] = {
	[RPROC_LITE_OP_NONE] = { "none", 0 },
	[RPROC_LITE_OP_CONFIG] = { "config", RPROC_LITE_IOC_CONFIG },
	[RPROC_LITE_OP_LOAD] = { "load", 0 },
	[RPROC_LITE_OP_START] = { "start", RPROC_LITE_IOC_START },
	[RPROC_LITE_OP_STOP] = { "stop", RPROC_LITE_IOC_STOP },
	[RPROC_LITE_OP_SHUTDOWN] = { "shutdown", RPROC_LITE_IOC_SHUTDOWN },
	[RPROC_LITE_OP_SET_RSC] = { "rsc set", 0 },
	[RPROC_LITE_OP_CREATE_VIRTIO] = { "virtio create", 0 },
	[RPROC_LITE_OP_REMOVE_VIRTIO] = { "virtio remove", 0 },
	[RPROC_LITE_OP_CRASH] = { "crash", RPROC_LITE_IOC_CRASH },
	[RPROC_LITE_OP_DUMP] = { "dump", 0 },
	[RPROC_LITE_OP_RECOVER] = { "recover", 0 },
	[RPROC_LITE_OP_SUSPEND] = { "suspend", RPROC_LITE_IOC_SUSPEND },
	[RPROC_LITE_OP_RESUME] = { "resume", RPROC_LITE_IOC_RESUME },
};

const char *device_op_name(u32 op)
{
	return op < ARRAY_SIZE(ops) ? ops[op].name : "?";
}

static int settings(struct device *d, unsigned long request, const char *data, size_t len,
		    struct rproc_lite_verdict *v)
{
	struct rproc_lite_config c = {
		.data_len = (u32)len,
		.data = (uintptr_t)data,
	};

	return call(d, request, &c, &c.verdict, v);
}

int device_config(struct device *d, const char *data, size_t len, struct rproc_lite_verdict *v)
{
	return settings(d, RPROC_LITE_IOC_CONFIG, data, len, v);
}

int device_set_policy(struct device *d, const char *data, size_t len,
		      struct rproc_lite_verdict *v)
{
	return settings(d, RPROC_LITE_IOC_SET_POLICY, data, len, v);
}

int device_policy(struct device *d, struct rproc_lite_policy *policy,
		  struct rproc_lite_verdict *v)
{
	return call(d, RPROC_LITE_IOC_POLICY, policy, NULL, v);
}

int device_act(struct device *d, enum rproc_lite_op op, u32 timeout_ms,
	       struct rproc_lite_verdict *v)
{
	struct rproc_lite_action a = { .timeout_ms = timeout_ms };

	return call(d, ops[op].request, &a, &a.verdict, v);
}

int device_load(struct device *d, int fd, const char *name, u32 flags,
		struct rproc_lite_verdict *v)
{
	struct rproc_lite_load l = {
		.flags = flags,
		.source = fd < 0 ? RPROC_LITE_FROM_NAME : RPROC_LITE_FROM_FD,
		.fd = fd < 0 ? 0 : fd,
	};
	size_t len = strlen(name);

	if (len >= sizeof(l.name)) {
		if (fd < 0)
			return rl_refuse_plain(v, -ENAMETOOLONG, RPROC_LITE_AT_ARGUMENT,
					       "a firmware's name has at most %zu bytes",
					       sizeof(l.name) - 1);
		/* Only a label: its end says most. */
		name += len - (sizeof(l.name) - 1);
		len = sizeof(l.name) - 1;
	}
	memcpy(l.name, name, len);
	return call(d, RPROC_LITE_IOC_LOAD, &l, &l.verdict, v);
}

void device_close(struct device *d)
{
	close(d->fd);
	d->fd = -1;
}

unsigned int device_poll(struct device *d, bool rings, int wake_fd, int timeout_ms)
{
	struct pollfd fds[] = {
		{ .fd = d->fd, .events = (short)(POLLPRI | (rings ? POLLIN : 0)) },
		{ .fd = wake_fd, .events = POLLIN },
	};
	unsigned int seen = 0;

	if (poll(fds, ARRAY_SIZE(fds), timeout_ms) <= 0)
		return 0;
	if (fds[0].revents & POLLPRI)
		seen |= DEVICE_CHANGED;
	if (fds[0].revents & POLLIN)
		seen |= DEVICE_RANG;
	if (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL))
		seen |= DEVICE_GONE;
	if (fds[1].revents)
		seen |= DEVICE_WOKEN;
	return seen;
}
