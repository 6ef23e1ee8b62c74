/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * /dev/rproc_lite<N>, found, opened and asked. Every function that can fail
 * returns 0 or a negative errno and has the reason in *v, the kernel's own
 * where it gave one. Strings that come back always end.
 */
#ifndef RPROCCTL_DEVICE_H
#define RPROCCTL_DEVICE_H

#include "env.h"
#include <linux/rproc_lite.h>

struct device {
	int fd;
	char path[256];
	struct rproc_lite_info info;	/* as device_info() last had it */
};

/* What device_poll() saw. */
#define DEVICE_CHANGED	(1U << 0)
#define DEVICE_GONE	(1U << 1)
#define DEVICE_WOKEN	(1U << 2)	/* by the other file */
#define DEVICE_RANG	(1U << 3)	/* there may be more in a trace */

/**
 * device_numbers() - the N of every /dev/rproc_lite<N>, in order
 * @numbers: an array for the caller to free
 *
 * Return: how many.
 */
size_t device_numbers(u32 **numbers);

/**
 * device_open() - open a remote and ask for its INFO
 * @d: the device; to be closed if this succeeds
 * @remote: its name, its number, or a path
 * @act: open it for writing too
 * @v: the reason
 */
int device_open(struct device *d, const char *remote, bool act,
		struct rproc_lite_verdict *v);
int device_open_number(struct device *d, u32 number, bool act,
		       struct rproc_lite_verdict *v);
void device_close(struct device *d);

int device_info(struct device *d, struct rproc_lite_verdict *v);
int device_region(struct device *d, struct rproc_lite_region *r,
		  struct rproc_lite_verdict *v);
int device_placement(struct device *d, struct rproc_lite_placement *p,
		     struct rproc_lite_verdict *v);
int device_rsc(struct device *d, struct rproc_lite_rsc *r,
	       struct rproc_lite_verdict *v);
int device_trace(struct device *d, struct rproc_lite_trace *t,
		 struct rproc_lite_verdict *v);

/*
 * Fills @f in; @name only with BY_NAME. Return: 0, or -ENOENT if that is not in the
 * remote's memory, all @f->len bytes of it.
 */
int device_find(struct device *d, struct rproc_lite_find *f, const char *name,
		struct rproc_lite_verdict *v);
int device_add_mem(struct device *d, const char *name, u64 da, u64 size,
		   struct rproc_lite_verdict *v);
int device_remove_mem(struct device *d, const char *name, struct rproc_lite_verdict *v);

/* All @len bytes at an offset that device_find() gave. */
int device_read_mem(struct device *d, u64 offset, void *buf, size_t len,
		    struct rproc_lite_verdict *v);
int device_write_mem(struct device *d, u64 offset, const void *buf, size_t len,
		     struct rproc_lite_verdict *v);

int device_virtio(struct device *d, struct rproc_lite_virtio *virtio,
		  struct rproc_lite_verdict *v);
/* @fd: out: a file for messages if Linux is the device, else -1. */
int device_create_virtio(struct device *d, u32 index, u32 role, u32 timeout_ms, int *fd,
			 struct rproc_lite_verdict *v);
int device_remove_virtio(struct device *d, u32 index, struct rproc_lite_verdict *v);

/* @table: NULL if it lies at @da in the remote's memory. */
int device_set_rsc(struct device *d, const void *table, u32 size, u64 da,
		   struct rproc_lite_verdict *v);

/* @data: "key=value" and a NUL, again and again, @len bytes in all. */
int device_config(struct device *d, const char *data, size_t len,
		  struct rproc_lite_verdict *v);
int device_set_policy(struct device *d, const char *data, size_t len,
		      struct rproc_lite_verdict *v);
int device_policy(struct device *d, struct rproc_lite_policy *policy,
		  struct rproc_lite_verdict *v);
/* @op: RPROC_LITE_OP_START, STOP, SHUTDOWN, SUSPEND, RESUME or CRASH. */
int device_act(struct device *d, enum rproc_lite_op op, u32 timeout_ms,
	       struct rproc_lite_verdict *v);
/*
 * @fd: the image, or -1 to have @name looked up on the firmware path.
 * @flags: RPROC_LITE_LOAD_*
 */
int device_load(struct device *d, int fd, const char *name, u32 flags,
		struct rproc_lite_verdict *v);

/* "config", "load"; "?" if it is none. */
const char *device_op_name(u32 op);

/**
 * device_poll() - wait until the state changes
 * @d: the device
 * @rings: wait for the remote to ring, too
 * @wake_fd: wait for this to become readable too, -1 for none
 * @timeout_ms: how long, -1 for ever
 *
 * Return: DEVICE_* bits; 0 when the time is up or a signal came.
 */
unsigned int device_poll(struct device *d, bool rings, int wake_fd, int timeout_ms);

#endif /* RPROCCTL_DEVICE_H */
