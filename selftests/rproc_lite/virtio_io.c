// SPDX-License-Identifier: GPL-2.0-only
/*
 * A remote's virtio devices, as user space has them: see virtio_io.h.
 *
 * The kernel makes the nodes of /dev by itself; sysfs tells which is whose. What is to
 * come is looked for again and again, since a guest without udev is told of nothing.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/rpmsg.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "../firmware/pattern.h"
#include "guest.h"
#include "remote.h"
#include "virtio_io.h"

#define DEVICES		"/sys/bus/virtio/devices"
#define DRIVERS		"/sys/bus/virtio/drivers"
#define MESSAGE_MAX	512

int virtio_drivers(void)
{
	static const char *const names[] = {
		"virtio_console", "virtio_rpmsg_bus", "rpmsg_ns", "rpmsg_ctrl", "rpmsg_char",
	};
	unsigned int i;
	int ret = 0;

	for (i = 0; i < sizeof(names) / sizeof(names[0]) && !ret; i++)
		if (!module_is_loaded(names[i]))
			ret = module_load(names[i]);
	return ret;
}

int virtio_query(int fd, uint32_t vdev, struct rproc_lite_virtio *v)
{
	memset(v, 0xa5, sizeof(*v));
	v->index = vdev;
	return ioctl(fd, RPROC_LITE_IOC_VIRTIO, v) ? -errno : 0;
}

static void poison(struct rproc_lite_verdict *v)
{
	memset(v, 0xa5, sizeof(*v));
	strcpy(v->text, "(no verdict was written)");
}

int virtio_create_with(int fd, struct rproc_lite_create_virtio *c)
{
	int ret;

	poison(&c->verdict);
	c->fd = -2;
	ret = ioctl(fd, RPROC_LITE_IOC_CREATE_VIRTIO, c) ? -errno : 0;
	remote_said = c->verdict;
	return ret;
}

int virtio_create(int fd, uint32_t vdev)
{
	struct rproc_lite_create_virtio c = { .vdev = vdev };

	return virtio_create_with(fd, &c);
}

int virtio_remove(int fd, uint32_t vdev)
{
	struct rproc_lite_remove_virtio r = { .vdev = vdev };
	int ret;

	poison(&r.verdict);
	ret = ioctl(fd, RPROC_LITE_IOC_REMOVE_VIRTIO, &r) ? -errno : 0;
	remote_said = r.verdict;
	return ret;
}

int virtio_run(int fd, const char *firmware, const char *setting)
{
	int ret = remote_config_with(fd, setting, setting ? (uint32_t)strlen(setting) + 1 : 0);

	if (!ret)
		ret = remote_load(fd, remote_firmware(fd, firmware));
	if (!ret)
		ret = remote_start(fd);
	return ret ? ret : remote_wait_ready(fd);
}

int virtio_wait_flags(int fd, uint32_t flags, struct rproc_lite_virtio *v)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	int ret;

	do {
		ret = virtio_query(fd, 0, v);
		if (ret || (v->flags & flags) == flags)
			return ret;
		remote_poll(fd, 10);
	} while (now_ms() < end);
	return -ETIMEDOUT;
}

static int bind_or_not(int fd, const char *driver, const char *what)
{
	struct rproc_lite_virtio v;
	char path[128];
	int ret = virtio_query(fd, 0, &v);

	if (ret)
		return ret;
	snprintf(path, sizeof(path), DRIVERS "/%s/%s", driver, what);
	return write_text(path, v.name);
}

int virtio_driver_unbind(int fd, const char *driver)
{
	return bind_or_not(fd, driver, "unbind");
}

int virtio_driver_bind(int fd, const char *driver)
{
	return bind_or_not(fd, driver, "bind");
}

/* --- which node? ------------------------------------------------------------- */

/* The first entry of @dir that begins and ends so, into @name. */
static bool find_entry(const char *dir, const char *begin, const char *end, char *name,
		       size_t size)
{
	DIR *d = opendir(dir);
	bool found = false;
	struct dirent *e;
	size_t len;

	while (d && !found && (e = readdir(d))) {
		len = strlen(e->d_name);
		if (strncmp(e->d_name, begin, strlen(begin)) || len < strlen(end) ||
		    strcmp(e->d_name + len - strlen(end), end))
			continue;
		snprintf(name, size, "%s", e->d_name);
		found = true;
	}
	if (d)
		closedir(d);
	return found;
}

static bool device_dir(int fd, char *dir, size_t size)
{
	struct rproc_lite_virtio v;

	if (virtio_query(fd, 0, &v) || !v.name[0])
		return false;
	snprintf(dir, size, DEVICES "/%s", v.name);
	return true;
}

/* Each finds the name of a node, in /dev, of vdev 0's device. */
static bool find_port(int fd, uint32_t unused, char *name, size_t size)
{
	char dir[128], ports[192];

	(void)unused;
	if (!device_dir(fd, dir, sizeof(dir)))
		return false;
	snprintf(ports, sizeof(ports), "%s/virtio-ports", dir);
	return find_entry(ports, "vport", "", name, size);
}

static bool find_channel(int fd, uint32_t dst, char *name, size_t size)
{
	char dir[128], end[16], device[256], nodes[512];

	snprintf(end, sizeof(end), ".%d", (int)dst);
	if (!device_dir(fd, dir, sizeof(dir)) ||
	    !find_entry(dir, strrchr(dir, '/') + 1, end, device, sizeof(device)))
		return false;
	snprintf(nodes, sizeof(nodes), "%s/%s/rpmsg", dir, device);
	return find_entry(nodes, "rpmsg", "", name, size);
}

static bool find_ctrl(int fd, uint32_t unused, char *name, size_t size)
{
	char dir[128], device[256], nodes[512];

	(void)unused;
	if (!device_dir(fd, dir, sizeof(dir)) ||
	    !find_entry(dir, strrchr(dir, '/') + 1, ".rpmsg_ctrl.0.0", device, sizeof(device)))
		return false;
	snprintf(nodes, sizeof(nodes), "%s/%s/rpmsg", dir, device);
	return find_entry(nodes, "rpmsg_ctrl", "", name, size);
}

typedef bool find_fn(int fd, uint32_t dst, char *name, size_t size);

/* It may come, go and come again meanwhile; the last one's user may not be gone yet. */
static int open_soon(int fd, find_fn *find, uint32_t dst, int flags)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	char name[256], path[300];
	int node, err = ENOENT;

	do {
		if (find(fd, dst, name, sizeof(name))) {
			snprintf(path, sizeof(path), "/dev/%s", name);
			node = open(path, flags | O_CLOEXEC);
			if (node >= 0)
				return node;
			err = errno;
		}
		usleep(1000);
	} while (now_ms() < end);
	return -err;
}

int port_open(int fd, int flags)
{
	return open_soon(fd, find_port, 0, flags);
}

int channel_open(int fd, uint32_t dst, int flags)
{
	return open_soon(fd, find_channel, dst, flags);
}

int ctrl_open(int fd, int flags)
{
	return open_soon(fd, find_ctrl, 0, flags);
}

int channel_wait_gone(int fd, uint32_t dst)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	char name[256];

	do {
		if (!find_channel(fd, dst, name, sizeof(name)))
			return 0;
		usleep(1000);
	} while (now_ms() < end);
	return -ETIMEDOUT;
}

/* Endpoints of rpmsg_ctrl's are its children, and are known by their name alone. */
static bool find_endpoint(int fd, const char *want, char *name, size_t size)
{
	char dir[128], device[256], ctrl[256], nodes[1024], path[1400], text[64];
	struct dirent *e;
	bool found = false;
	DIR *d;

	if (!device_dir(fd, dir, sizeof(dir)) || !find_ctrl(fd, 0, ctrl, sizeof(ctrl)) ||
	    !find_entry(dir, strrchr(dir, '/') + 1, ".rpmsg_ctrl.0.0", device, sizeof(device)))
		return false;
	snprintf(nodes, sizeof(nodes), "%s/%s/rpmsg/%s", dir, device, ctrl);
	d = opendir(nodes);
	while (d && !found && (e = readdir(d))) {
		snprintf(path, sizeof(path), "%s/%s/name", nodes, e->d_name);
		if (strncmp(e->d_name, "rpmsg", 5) || read_text(path, text, sizeof(text)) <= 0)
			continue;
		text[strcspn(text, "\n")] = '\0';
		found = !strcmp(text, want);
		snprintf(name, size, "%s", e->d_name);
	}
	if (d)
		closedir(d);
	return found;
}

int endpoint_open(int fd, int ctrl, const char *name, uint32_t src, uint32_t dst, int flags)
{
	struct rpmsg_endpoint_info info = { .src = src, .dst = dst };
	char node[256], path[300];
	int ept;

	snprintf(info.name, sizeof(info.name), "%s", name);
	if (ioctl(ctrl, RPMSG_CREATE_EPT_IOCTL, &info))
		return -errno;
	if (!find_endpoint(fd, name, node, sizeof(node)))
		return -ENOENT;
	snprintf(path, sizeof(path), "/dev/%s", node);
	ept = open(path, flags | O_CLOEXEC);
	return ept < 0 ? -errno : ept;
}

/* --- bytes and messages ------------------------------------------------------ */

int io_poll(int fd, short events, int timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, timeout_ms) < 0 ? -errno : p.revents;
}

ssize_t io_read(int fd, void *buf, size_t len)
{
	ssize_t n;

	if (!io_poll(fd, POLLIN, REMOTE_PATIENCE))
		return -ETIMEDOUT;
	n = read(fd, buf, len);
	return n < 0 ? -errno : n;
}

ssize_t io_write(int fd, const void *buf, size_t len)
{
	ssize_t n;

	do {
		n = write(fd, buf, len);
	} while (n < 0 && errno == EAGAIN && io_poll(fd, POLLOUT, REMOTE_PATIENCE) > 0);
	return n < 0 ? -errno : n;
}

int io_read_all(int fd, void *buf, size_t len)
{
	uint8_t *at = buf;
	ssize_t n;

	while (len) {
		n = io_read(fd, at, len);
		if (n <= 0)
			return n ? (int)n : -EPIPE;
		at += n;
		len -= (size_t)n;
	}
	return 0;
}

int io_say(int fd, const char *command)
{
	ssize_t n = io_write(fd, command, strlen(command));

	return n < 0 ? (int)n : n == (ssize_t)strlen(command) ? 0 : -EIO;
}

int io_hear(int fd, char *answer, size_t size)
{
	ssize_t n = io_read(fd, answer, size - 1);

	answer[n > 0 ? n : 0] = '\0';
	return n < 0 ? (int)n : 0;
}

int io_ask(int fd, const char *command, char *answer, size_t size)
{
	int ret = io_say(fd, command);

	answer[0] = '\0';
	return ret ? ret : io_hear(fd, answer, size);
}

int io_send(int fd, uint32_t len, uint32_t seq, uint32_t seed)
{
	uint8_t data[MESSAGE_MAX];
	ssize_t n;

	pattern_make(data, len, seq, seed + seq);
	n = io_write(fd, data, len);
	return n < 0 ? (int)n : n == (ssize_t)len ? 0 : -EIO;
}

static void tell_wrong(const uint8_t *data, ssize_t n, uint32_t len, uint32_t seq)
{
	printf("# wrong: %zd bytes for %u, begins %02x %02x %02x %02x, seq %u for %u\n", n, len,
	       data[0], data[1], data[2], data[3], n >= 8 ? pattern_get(data + 4) : 0, seq);
}

int io_recv(int fd, uint32_t len, uint32_t seq, uint32_t seed)
{
	uint8_t data[MESSAGE_MAX];
	ssize_t n = io_read(fd, data, sizeof(data));

	if (n < 0)
		return (int)n;
	if ((uint32_t)n == len && pattern_is(data, len) && pattern_get(data + 4) == seq &&
	    pattern_get(data + 12) == seed + seq && pattern_check(data, len) == len)
		return 0;
	tell_wrong(data, n, len, seq);
	return -EBADMSG;
}

int io_echo(int fd, uint32_t len, uint32_t seq, uint32_t seed)
{
	int ret = io_send(fd, len, seq, seed);

	return ret ? ret : io_recv(fd, len, seq, seed);
}

int io_echo_bytes(int fd, uint32_t len, uint32_t seed)
{
	uint8_t out[MESSAGE_MAX], in[MESSAGE_MAX + 1];
	uint32_t i;
	ssize_t n;

	for (i = 0; i < len; i++)
		out[i] = pattern_byte(seed, i);
	/* Not by chance a command, or what claims to be a pattern. */
	out[0] = (uint8_t)(0x80 | seed);
	n = io_write(fd, out, len);
	if (n != (ssize_t)len)
		return n < 0 ? (int)n : -EIO;
	n = io_read(fd, in, sizeof(in));
	if (n != (ssize_t)len)
		return n < 0 ? (int)n : -EMSGSIZE;
	return memcmp(in, out, len) ? -EBADMSG : 0;
}
