// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file of a device that Linux drives is made by its driver, after START has
 * returned or when the firmware announces a channel. The kernel tells of that by
 * making the file: so /dev is watched. With Linux as the device, CREATE_VIRTIO gives
 * the file.
 */
#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <time.h>
#include <unistd.h>

#include <linux/virtio_ids.h>

#include "action.h"
#include "duration.h"
#include "port.h"
#include "report.h"
#include "signals.h"
#include "vdev.h"
#include "virtio.h"

#define UNWATCHED_MS	200	/* between two looks at what no event tells of */

/* Which vdev */

static bool will_do(const struct rproc_lite_virtio *virtio, const struct port_wish *wish)
{
	bool created = virtio->flags & RPROC_LITE_VIRTIO_CREATED;

	if (wish->channel)
		return virtio->id == VIRTIO_ID_RPMSG;
	if (wish->create && wish->role == RPROC_LITE_VIRTIO_DEVICE)
		return !created || virtio->role == RPROC_LITE_VIRTIO_DEVICE;
	return virtio->id == VIRTIO_ID_RPROC_SERIAL || virtio->id == VIRTIO_ID_CONSOLE ||
	       (created && virtio->role == RPROC_LITE_VIRTIO_DEVICE);
}

static int report_none(const struct request *rq, const struct port_wish *wish)
{
	if (!rq->dev->info.num_vdevs)
		return report_text(rq, -ENOENT, "its image has no vdevs");
	if (wish->channel)
		return report_text(rq, -ENOENT,
				   "none of its vdevs is for rpmsg; see: rprocctl virtio list");
	return report_text(rq, -ENOENT,
			   "none of its vdevs is a serial port; see: rprocctl virtio list, help console");
}

/* Return: an exit code. */
static int choose(const struct request *rq, const struct port_wish *wish, u32 *index)
{
	struct rproc_lite_verdict v;
	u32 i;
	int ret;

	if (wish->vdev)
		return virtio_parse_index(rq, wish->vdev, index);
	for (i = 0; i < rq->dev->info.num_vdevs; i++) {
		struct rproc_lite_virtio virtio = { .index = i };

		ret = device_virtio(rq->dev, &virtio, &v);
		if (ret)
			return report(rq, ret, &v);
		*index = i;
		if (will_do(&virtio, wish))
			return EXIT_DONE;
	}
	return report_none(rq, wish);
}

/* Files of Linux's drivers */

static bool is_wanted(const struct sysfs_file *file, const struct port_wish *wish)
{
	if (wish->channel)
		return !strcmp(file->class, "rpmsg") && !strcmp(file->label, wish->channel);
	return !strcmp(file->class, "virtio-ports");
}

/* The first that can be opened. Return: 0, -ENOENT if there is none (yet), or why not. */
static int open_file(const struct vdev *vd, const struct port_wish *wish, struct port *p)
{
	const struct sysfs_file *file;
	int ret = -ENOENT;
	size_t i;

	for (i = 0; i < vd->sysfs.num_files && p->fd < 0; i++) {
		file = &vd->sysfs.files[i];
		if (!is_wanted(file, wish))
			continue;
		snprintf(p->name, sizeof(p->name), SYSFS_DEV_DIR "/%s", file->name);
		p->fd = open(p->name, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
		ret = p->fd < 0 ? -errno : 0;
		/* The node is there a moment before its driver knows of it. */
		if (ret == -ENXIO || ret == -ENODEV)
			ret = -ENOENT;
	}
	/* rpmsg_char asks the bus, and that of virtio does not answer. */
	p->blind = wish->channel;
	return ret;
}

static int report_late(const struct request *rq, const struct vdev *vd,
		       const struct port_wish *wish)
{
	const char *name = vd->virtio.name;

	if (!vd->sysfs.driver[0])
		return report_text(rq, -ETIMEDOUT, "%s has no driver; try: modprobe %s", name,
				   vd->virtio.id == VIRTIO_ID_RPMSG ? "virtio_rpmsg_bus" :
				   "virtio_console");
	if (wish->channel)
		return report_text(rq, -ETIMEDOUT,
				   "no file of a channel \"%s\" came of %s; if it is there, try: modprobe rpmsg_char",
				   wish->channel, name);
	return report_text(rq, -ETIMEDOUT, "no port came of %s, whose driver is %s", name,
			   vd->sysfs.driver);
}

/* Wait until there may be another file, or the remote has changed. */
static void wait_for_change(const struct request *rq, int watch, u64 left)
{
	struct pollfd fds[] = {
		{ .fd = watch, .events = POLLIN },
		{ .fd = rq->dev->fd, .events = POLLPRI },
		{ .fd = signals_fd(), .events = POLLIN },
	};
	char events[4096];

	if (left > UNWATCHED_MS)
		left = UNWATCHED_MS;
	poll(fds, ARRAY_SIZE(fds), (int)left);
	while (watch >= 0 && read(watch, events, sizeof(events)) > 0)
		;
	signals_drain();
}

/* One look. Return: true if that is all, with an exit code. */
static bool try_file(const struct request *rq, const struct port_wish *wish, struct port *p,
		     int *code)
{
	struct rproc_lite_verdict v;
	struct vdev vd;
	int ret;

	ret = vdev_read(&vd, rq->dev, p->vdev, &v);
	if (ret) {
		*code = report(rq, ret, &v);
		return true;
	}
	ret = open_file(&vd, wish, p);
	*code = EXIT_DONE;
	if (ret && !port_is_alive(rq, p))
		*code = port_report_end(rq, p, 0);
	else if (ret && signals_caught())
		*code = report_text(rq, -EINTR, "interrupted");
	else if (ret && ret != -ENOENT)
		*code = report_text(rq, ret, "%s: %s", p->name, strerror(-ret));
	else if (ret && duration_now(CLOCK_MONOTONIC) >= wish->deadline)
		*code = report_late(rq, &vd, wish);
	vdev_free(&vd);
	return !ret || *code != EXIT_DONE;
}

static int wait_for_file(const struct request *rq, const struct port_wish *wish,
			 struct port *p)
{
	int code, watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	u64 now;

	/* Before the first look, so that nothing slips through. */
	if (watch >= 0 && inotify_add_watch(watch, SYSFS_DEV_DIR, IN_CREATE | IN_ATTRIB) < 0) {
		close(watch);
		watch = -1;
	}
	while (!try_file(rq, wish, p, &code)) {
		now = duration_now(CLOCK_MONOTONIC);
		wait_for_change(rq, watch, wish->deadline > now ? wish->deadline - now : 0);
	}
	if (watch >= 0)
		close(watch);
	return code;
}

/* With Linux as the device */

static int be_device(const struct request *rq, const struct port_wish *wish, struct port *p)
{
	u64 now = duration_now(CLOCK_MONOTONIC), left;
	struct rproc_lite_verdict v;
	int ret;

	left = wish->deadline > now ? wish->deadline - now : 1;
	if (left > RPROC_LITE_TIMEOUT_MAX_MS)
		left = RPROC_LITE_TIMEOUT_MAX_MS;
	ret = device_create_virtio(rq->dev, p->vdev, RPROC_LITE_VIRTIO_DEVICE, (u32)left,
				   &p->fd, &v);
	if (ret)
		return report(rq, ret, &v);
	snprintf(p->name, sizeof(p->name), "vdev%u", p->vdev);
	fcntl(p->fd, F_SETFL, O_NONBLOCK);
	return EXIT_DONE;
}

static int be_driver(const struct request *rq, const struct port_wish *wish, struct port *p)
{
	struct rproc_lite_verdict v;
	int ret, fd;

	if (wish->create) {
		ret = device_create_virtio(rq->dev, p->vdev, RPROC_LITE_VIRTIO_DRIVER, 0, &fd,
					   &v);
		if (ret)
			return report(rq, ret, &v);
	}
	return wait_for_file(rq, wish, p);
}

int port_open(const struct request *rq, const struct port_wish *wish, struct port *p)
{
	struct rproc_lite_virtio virtio = { 0 };
	struct rproc_lite_verdict v;
	int ret;

	p->fd = -1;
	p->blind = false;
	p->name[0] = '\0';
	ret = choose(rq, wish, &p->vdev);
	if (ret != EXIT_DONE)
		return ret;
	virtio.index = p->vdev;
	ret = device_virtio(rq->dev, &virtio, &v);
	if (ret)
		return report(rq, ret, &v);
	if (wish->create ? wish->role == RPROC_LITE_VIRTIO_DEVICE :
	    (virtio.flags & RPROC_LITE_VIRTIO_CREATED) &&
	    virtio.role == RPROC_LITE_VIRTIO_DEVICE)
		return be_device(rq, wish, p);
	if (virtio.id == VIRTIO_ID_RPMSG && !wish->channel) {
		report_text(rq, -EINVAL, "vdev%u is for rpmsg: say --rpmsg and a channel's name",
			    p->vdev);
		return EXIT_USAGE;
	}
	return be_driver(rq, wish, p);
}

void port_close(struct port *p)
{
	close(p->fd);
	p->fd = -1;
}

int port_error(const struct port *p)
{
	char byte;

	return read(p->fd, &byte, 1) < 0 ? errno : 0;
}

static bool is_stopping(const struct rproc_lite_info *info)
{
	return info->op == RPROC_LITE_OP_STOP || info->op == RPROC_LITE_OP_SHUTDOWN;
}

bool port_is_alive(const struct request *rq, const struct port *p)
{
	struct rproc_lite_virtio virtio = { .index = p->vdev };
	struct rproc_lite_verdict v;

	return !device_info(rq->dev, &v) && rq->dev->info.state == RPROC_LITE_RUNNING &&
	       !device_virtio(rq->dev, &virtio, &v) &&
	       virtio.flags == RPROC_LITE_VIRTIO_CREATED;
}

int port_report_end(const struct request *rq, const struct port *p, int error)
{
	struct rproc_lite_virtio virtio = { .index = p->vdev };
	struct rproc_lite_verdict v;
	int ret;

	ret = device_info(rq->dev, &v);
	if (ret)
		return report(rq, ret, &v);
	if (rq->dev->info.state != RPROC_LITE_RUNNING)
		return action_report_end(rq);
	if (is_stopping(&rq->dev->info))
		return report_text(rq, -ECANCELED, "someone else stops it");
	ret = device_virtio(rq->dev, &virtio, &v);
	if (ret)
		return report(rq, ret, &v);
	if (virtio.flags & RPROC_LITE_VIRTIO_BROKEN)
		return report_text(rq, -EIO,
				   "the firmware broke the rules of vdev%u; the kernel's log says how",
				   p->vdev);
	if ((virtio.flags & RPROC_LITE_VIRTIO_WANTS_RESET) || error == ECONNRESET)
		return report_text(rq, -EIO, "the firmware wants vdev%u to be reset", p->vdev);
	if (!(virtio.flags & RPROC_LITE_VIRTIO_CREATED))
		return report_text(rq, -EIO, "vdev%u has no device; virtio create makes one",
				   p->vdev);
	return report_text(rq, -EIO, "%s: %s", p->name, error ? strerror(error) : "it has ended");
}
