/* SPDX-License-Identifier: GPL-2.0-only */
/* A vdev of the resource table, and what became of it, in words and in JSON. */
#ifndef RPROCCTL_VDEV_H
#define RPROCCTL_VDEV_H

#include "device.h"
#include "json.h"
#include "sysfs.h"

/**
 * struct vdev - all that is known of one
 * @virtio: as the kernel tells
 * @sysfs: what came of it, if it is on Linux's virtio bus
 */
struct vdev {
	struct rproc_lite_virtio virtio;
	struct sysfs_virtio sysfs;
};

/**
 * vdev_read() - ask for one
 * @vd: to be freed if this succeeds
 * @d: the remote
 * @index: which one, from 0
 * @v: the reason; -ENOENT past the last
 */
int vdev_read(struct vdev *vd, struct device *d, u32 index, struct rproc_lite_verdict *v);
void vdev_free(struct vdev *vd);

static inline bool vdev_is_created(const struct vdev *vd)
{
	return vd->virtio.flags & RPROC_LITE_VIRTIO_CREATED;
}

/* "rpmsg"; NULL for one that we do not know. */
const char *vdev_id_name(u32 id);

/* "rpmsg", "virtio 63"; returns @buf. */
#define VDEV_TYPE_MAX	24
const char *vdev_type(char buf[VDEV_TYPE_MAX], u32 id);

/* "driver" or "device": what Linux is. */
const char *vdev_role_name(u32 role);

/* "ACKNOWLEDGE DRIVER DRIVER_OK, broken"; returns @buf. */
#define VDEV_STATUS_MAX	128
const char *vdev_status(char buf[VDEV_STATUS_MAX], const struct vdev *vd);

/* A line: what it is, and what came of it. */
void vdev_print(FILE *f, const struct vdev *vd);

/* The files that came of it, with what they call themselves. */
void vdev_print_files(FILE *f, const struct vdev *vd);

/* Members of its object. */
void vdev_json(struct json *j, const struct vdev *vd);

#endif /* RPROCCTL_VDEV_H */
