/* SPDX-License-Identifier: GPL-2.0-only */
/* What "driver" tells Linux that is not so: lie.c. */
#ifndef LIE_H
#define LIE_H

#include <stdbool.h>

#include "talk.h"
#include "vdev.h"

/* @vdev: ours; @take: a descriptor of ring 1 that Linux does not have, and now gets. */
void lie_begin(struct vdev *vdev, uint32_t (*take)(void));
bool lie_run(struct talk_message *m, char *args);
/* Some of what lasts. Return: it goes on. */
bool lie_work(void);

#endif /* LIE_H */
