/* SPDX-License-Identifier: GPL-2.0-only */
/* What Linux made of a virtio device: the driver, and files in /dev, from sysfs. */
#ifndef RPROCCTL_SYSFS_H
#define RPROCCTL_SYSFS_H

#include "env.h"

#define SYSFS_NAME_MAX	64
#define SYSFS_DEV_DIR	"/dev"

/**
 * struct sysfs_file - a file in /dev
 * @name: of it, without /dev/
 * @class: of the device behind it: "virtio-ports", "rpmsg"
 * @label: what the device calls itself, "" if it does not: of rpmsg, the channel
 */
struct sysfs_file {
	char name[SYSFS_NAME_MAX];
	char class[SYSFS_NAME_MAX];
	char label[SYSFS_NAME_MAX];
};

/**
 * struct sysfs_virtio - a device on Linux's virtio bus
 * @driver: that is bound to it, or ""
 * @files: that came of it, in order
 * @num_files: how many
 */
struct sysfs_virtio {
	char driver[SYSFS_NAME_MAX];
	struct sysfs_file *files;
	size_t num_files;
};

/* @name: "virtio0". What can't be read is not there. */
void sysfs_read(struct sysfs_virtio *s, const char *name);
void sysfs_free(struct sysfs_virtio *s);

#endif /* RPROCCTL_SYSFS_H */
