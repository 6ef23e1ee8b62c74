/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A remote's virtio devices, as user space has them: what the device tells of them,
 * and the char devices that upstream's drivers make. Calls return 0 (or a result) or
 * a negative errno; what waits does so up to REMOTE_PATIENCE ms.
 */
#ifndef VIRTIO_IO_H
#define VIRTIO_IO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/rproc_lite.h>

/* Upstream's drivers, loaded if they are not. */
int virtio_drivers(void);

int virtio_query(int fd, uint32_t vdev, struct rproc_lite_virtio *v);
/* As the driver; and with all that there is to say. @c's verdict is remote_said too. */
int virtio_create(int fd, uint32_t vdev);
int virtio_create_with(int fd, struct rproc_lite_create_virtio *c);
int virtio_remove(int fd, uint32_t vdev);

/* From Offline to Running, with settings ("virtio=manual"), or NULL for none. */
int virtio_run(int fd, const char *firmware, const char *setting);

/* Until all these flags are set for vdev 0, and then what is told of it. */
int virtio_wait_flags(int fd, uint32_t flags, struct rproc_lite_virtio *v);

/* vdev 0's device and a driver of upstream's: "virtio_rproc_serial", "virtio_rpmsg_bus". */
int virtio_driver_unbind(int fd, const char *driver);
int virtio_driver_bind(int fd, const char *driver);

/*
 * Open the char device that is there, or comes soon, for vdev 0: the console's port;
 * the channel to the remote's address @dst; rpmsg_ctrl.
 */
int port_open(int fd, int flags);
int channel_open(int fd, uint32_t dst, int flags);
int ctrl_open(int fd, int flags);
/* Another endpoint of @ctrl's bus; @src 0xffffffff: any. @fd: the remote. */
int endpoint_open(int fd, int ctrl, const char *name, uint32_t src, uint32_t dst, int flags);
/* Until there is no such node for vdev 0 any more. */
int channel_wait_gone(int fd, uint32_t dst);

/* Return: what poll() reports of @fd for @events within so many ms. */
int io_poll(int fd, short events, int timeout_ms);
/* One read(2) or write(2), waiting by poll() first. Return: bytes. */
ssize_t io_read(int fd, void *buf, size_t len);
ssize_t io_write(int fd, const void *buf, size_t len);
/* Read until @len bytes came. Return: 0, -ETIMEDOUT, or read(2)'s error. */
int io_read_all(int fd, void *buf, size_t len);

/* Send a command of selftests/firmware/talk.h; its answer comes back as text. */
int io_say(int fd, const char *command);
int io_hear(int fd, char *answer, size_t size);
/* Both. */
int io_ask(int fd, const char *command, char *answer, size_t size);

/* Write a patterned message of @len bytes (at least 16), seed @seed + @seq. */
int io_send(int fd, uint32_t len, uint32_t seq, uint32_t seed);
/* Read one, and check all of it. Return: 0, -EBADMSG if anything is wrong with it. */
int io_recv(int fd, uint32_t len, uint32_t seq, uint32_t seed);
/* One there and back. */
int io_echo(int fd, uint32_t len, uint32_t seq, uint32_t seed);
/* Bytes of any kind, 1 to 512, there and back. */
int io_echo_bytes(int fd, uint32_t len, uint32_t seed);

#endif /* VIRTIO_IO_H */
