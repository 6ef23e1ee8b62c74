/* SPDX-License-Identifier: GPL-2.0-only */
/* A virtio device of the resource table: its status, its rings, and kicks for them. */
#ifndef VDEV_H
#define VDEV_H

#include <linux/rproc_lite_rsc.h>

#include "virtq.h"

#define VDEV_RINGS		4

#define VDEV_ACKNOWLEDGE	0x01
#define VDEV_DRIVER		0x02
#define VDEV_DRIVER_OK		0x04
#define VDEV_FEATURES_OK	0x08
#define VDEV_NEEDS_RESET	0x40
#define VDEV_FAILED		0x80

#define VDEV_F_EVENT_IDX	(1u << 29)

/* What the table said when we began; later only status and features are read there. */
struct vdev {
	volatile struct rproc_lite_rsc_vdev *entry;
	unsigned int num_rings;
	struct {
		uint32_t da, align, num, notifyid;
	} place[VDEV_RINGS];
	struct virtq ring[VDEV_RINGS];
	uint64_t features;
	bool live;
};

enum vdev_state {
	VDEV_GONE,		/* the driver is not there */
	VDEV_FRESH,		/* it came, or came back: all rings are new */
	VDEV_LIVE,
};

void vdev_init(struct vdev *v, volatile struct rproc_lite_rsc_vdev *entry);
/* As its device: is Linux's driver there? */
enum vdev_state vdev_look(struct vdev *v);
/* Tell Linux that we can't go on before it resets us. */
void vdev_ask_for_reset(struct vdev *v);
/* All rings anew, with the features that were agreed upon. */
void vdev_begin_rings(struct vdev *v);
/* Whether that is wanted or not. */
void vdev_kick(struct vdev *v, unsigned int ring);
/* As its device, after virtq_give(). */
void vdev_tell(struct vdev *v, unsigned int ring);
volatile uint8_t *vdev_config(struct vdev *v);

#endif /* VDEV_H */
