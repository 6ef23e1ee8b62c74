/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPROCCTL_VIRTIO_H
#define RPROCCTL_VIRTIO_H

#include "cmd.h"

/* The vdev that the user means by @s. Return: an exit code; nonsense is reported already. */
int virtio_parse_index(const struct request *rq, const char *s, u32 *index);

#endif /* RPROCCTL_VIRTIO_H */
