/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_RSCTABLE_H
#define RL_RSCTABLE_H

#include "env.h"
#include "vring.h"
#include <linux/rproc_lite.h>
#include <linux/rproc_lite_rsc.h>

#define RL_RSC_ANY		RPROC_LITE_RSC_ANY
#define RL_VRING_NUM_MAX	32768U
#define RL_VRING_ALIGN_MAX	65536U

/**
 * struct rl_rsc_entry - one entry of a checked table, decoded
 * @index: its place in the table's list
 * @type: enum rproc_lite_rsc_type, or a vendor's
 * @offset: of its first byte in the table
 * @size: bytes in all, rings, configuration space and payload included
 * @mem: carveout, devmem and trace (which has neither @pa nor @flags)
 * @vdev: virtio device
 * @features: upper halves of a virtio device's features
 */
struct rl_rsc_entry {
	u32 index;
	u32 type;
	u32 offset;
	u32 size;
	union {
		struct {
			u32 da;
			u32 pa;
			u32 len;
			u32 flags;
			char name[RPROC_LITE_RSC_NAME_MAX];
		} mem;
		struct {
			u32 id;
			u32 notifyid;
			u32 dfeatures;
			u32 gfeatures;
			u32 config_len;
			u8 status;
			u8 num_of_vrings;
		} vdev;
		struct {
			u32 vdev;
			u32 dfeatures;
			u32 gfeatures;
		} features;
	};
};

/**
 * struct rl_rsc_vring - one ring of a vdev entry, decoded
 * @offset: of its first byte in the table
 * @da: as in the table
 * @align: bytes
 * @num: buffers
 * @notifyid: as in the table
 */
struct rl_rsc_vring {
	u32 offset;
	u32 da;
	u32 align;
	u32 num;
	u32 notifyid;
};

/**
 * rl_rsc_check() - is this a table that we can work with?
 * @table: a private copy of it: nobody may write there any more
 * @len: bytes of it
 * @v: the entry, the offset and the reason, if refused
 *
 * Whether addresses lie in the remote's memory is not asked here.
 *
 * Context: any.
 * Return: 0 or -EINVAL.
 */
int rl_rsc_check(const u8 *table, size_t len, struct rproc_lite_verdict *v);

/* How many entries a checked table has. */
u32 rl_rsc_num(const u8 *table);

/* Decode entry @index of a checked table. */
void rl_rsc_get(const u8 *table, u32 index, struct rl_rsc_entry *e);

/* Decode ring @n of the vdev entry @e of a checked table. */
void rl_rsc_get_vring(const u8 *table, const struct rl_rsc_entry *e, u32 n,
		      struct rl_rsc_vring *vr);

/*
 * Decode the @n-th vdev entry of a checked table: the specification's vdev_id.
 * Return: is there one?
 */
bool rl_rsc_get_vdev(const u8 *table, u32 n, struct rl_rsc_entry *e);

/* The same for the entry with the upper halves of vdev @n's features. */
bool rl_rsc_get_features(const u8 *table, u32 n, struct rl_rsc_entry *e);

/* Has any ring of a checked table that notify id? */
bool rl_rsc_has_notify_id(const u8 *table, u32 id);

/* Does an entry of this type ask for memory? */
static inline bool rl_rsc_is_mem(u32 type)
{
	return type == RPROC_LITE_RSC_CARVEOUT || type == RPROC_LITE_RSC_DEVMEM ||
	       type == RPROC_LITE_RSC_TRACE;
}

/* "carveout", "vdev", "vendor"; "?" for a type that a table can't have. */
const char *rl_rsc_type_name(u32 type);

#endif /* RL_RSCTABLE_H */
