// SPDX-License-Identifier: GPL-2.0-only
/*
 * A virtio device of the resource table. Linux writes the status whenever it likes
 * and only sometimes kicks: whoever uses the rings looks first.
 */
#include "firmware.h"
#include "vdev.h"
#include <linux/rproc_lite_doorbell.h>

void vdev_init(struct vdev *v, volatile struct rproc_lite_rsc_vdev *entry)
{
	unsigned int i;

	v->entry = entry;
	v->live = false;
	v->num_rings = entry->num_of_vrings < VDEV_RINGS ? entry->num_of_vrings : VDEV_RINGS;
	for (i = 0; i < v->num_rings; i++) {
		v->place[i].da = entry->vring[i].da;
		v->place[i].align = entry->vring[i].align;
		v->place[i].num = entry->vring[i].num;
		v->place[i].notifyid = entry->vring[i].notifyid;
	}
}

void vdev_begin_rings(struct vdev *v)
{
	unsigned int i;

	v->features = (v->entry->gfeatures & v->entry->dfeatures) |
		      (uint64_t)table_upper_features() << 32;
	for (i = 0; i < v->num_rings; i++)
		virtq_begin(&v->ring[i], v->place[i].da, v->place[i].num, v->place[i].align,
			    v->features & VDEV_F_EVENT_IDX);
}

static bool driver_is_there(struct vdev *v)
{
	uint8_t status = v->entry->status;

	return (status & VDEV_DRIVER_OK) && !(status & (VDEV_NEEDS_RESET | VDEV_FAILED));
}

/* The driver left and came back between two looks: only we write the used index. */
static bool was_replaced(struct vdev *v)
{
	unsigned int i;

	for (i = 0; i < v->num_rings; i++)
		if (v->ring[i].used && v->ring[i].used->idx != v->ring[i].next_used)
			return true;
	return false;
}

enum vdev_state vdev_look(struct vdev *v)
{
	if (!driver_is_there(v)) {
		if (v->live)
			print(FW_NAME ": driver gone\n");
		v->live = false;
		return VDEV_GONE;
	}
	/* It set up the rings before it wrote the status. */
	cpu_full_barrier();
	if (v->live && !was_replaced(v))
		return VDEV_LIVE;
	vdev_begin_rings(v);
	v->live = true;
	print(FW_NAME ": driver ready, features ");
	print_hex(v->features);
	print("\n");
	return VDEV_FRESH;
}

void vdev_ask_for_reset(struct vdev *v)
{
	v->entry->status |= VDEV_NEEDS_RESET;
	v->live = false;
	vdev_kick(v, 0);
}

void vdev_kick(struct vdev *v, unsigned int ring)
{
	if (v->place[ring].notifyid < RPROC_LITE_DOORBELL_KICKS)
		doorbell_send(v->place[ring].notifyid);
}

void vdev_tell(struct vdev *v, unsigned int ring)
{
	if (virtq_wants_interrupt(&v->ring[ring]))
		vdev_kick(v, ring);
}

volatile uint8_t *vdev_config(struct vdev *v)
{
	return (volatile uint8_t *)&v->entry->vring[v->num_rings];
}
