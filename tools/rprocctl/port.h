/* SPDX-License-Identifier: GPL-2.0-only */
/* A file through which programs speak to a remote, by way of a vdev. */
#ifndef RPROCCTL_PORT_H
#define RPROCCTL_PORT_H

#include "cmd.h"

/**
 * struct port - such a file, open
 * @fd: reads and writes do not wait
 * @vdev: that it belongs to
 * @blind: poll() can't tell when it can be written
 * @name: for people
 */
struct port {
	int fd;
	u32 vdev;
	bool blind;
	char name[80];
};

/**
 * struct port_wish - which one is wanted
 * @vdev: number of the vdev as the user wrote it, NULL for the first that will do
 * @channel: name of an rpmsg channel, NULL for any other kind of file
 * @create: make the vdev's device if there is none
 * @role: what Linux is to be then
 * @deadline: how long to wait for it, milliseconds of CLOCK_MONOTONIC
 */
struct port_wish {
	const char *vdev;
	const char *channel;
	bool create;
	u32 role;
	u64 deadline;
};

/**
 * port_open() - find it, wait for it, open it
 * @rq: whose remote; its INFO is up to date
 * @wish: which
 * @p: to be closed if this succeeds
 *
 * signals_catch() was called.
 *
 * Return: an exit code; a failure is reported already.
 */
int port_open(const struct request *rq, const struct port_wish *wish, struct port *p);
void port_close(struct port *p);

/* The errno of a port that poll() says has ended. */
int port_error(const struct port *p);

/* It ended by @error, or without one: say why. Return: an exit code. */
int port_report_end(const struct request *rq, const struct port *p, int error);

/* Is there still something at the other end, as @rq->dev's INFO and VIRTIO tell? */
bool port_is_alive(const struct request *rq, const struct port *p);

#endif /* RPROCCTL_PORT_H */
