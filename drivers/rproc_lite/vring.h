/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A split virtqueue: where its parts lie, and how to read and write them when
 * somebody else does the same.
 */
#ifndef RL_VRING_H
#define RL_VRING_H

#include "env.h"

#define RL_VRING_DESC_SIZE	16u
#define RL_VRING_DESC_NEXT	1u
#define RL_VRING_DESC_WRITE	2u	/* for the device to write to */
#define RL_VRING_DESC_INDIRECT	4u

#define RL_VRING_NO_INTERRUPT	1u	/* in the flags of avail */
#define RL_VRING_NO_NOTIFY	1u	/* in the flags of used */

#define RL_VIRTIO_RING_F_EVENT_IDX	29

/**
 * struct rl_vring - a ring in memory
 * @num: descriptors, a power of two, at most 32768
 * @desc: table of 16 bytes each
 * @avail: from the driver: flags, idx, @num ids, used_event
 * @used: from the device: flags, idx, @num (id, length), avail_event
 *
 * What the other side writes is read once; all is little-endian.
 */
struct rl_vring {
	u32 num;
	u8 *desc;
	u8 *avail;
	u8 *used;
};

/* Bytes that a ring of @num descriptors takes; its used part begins at a multiple of @align. */
static inline u64 rl_vring_size(u32 num, u32 align)
{
	u64 driver = (u64)num * (RL_VRING_DESC_SIZE + 2) + 6;

	return ((driver + align - 1) & ~((u64)align - 1)) + 6 + (u64)num * 8;
}

static inline void rl_vring_init(struct rl_vring *vr, void *base, u32 num, u32 align)
{
	u64 used = rl_vring_size(num, align) - 6 - (u64)num * 8;

	vr->num = num;
	vr->desc = base;
	vr->avail = vr->desc + (size_t)num * RL_VRING_DESC_SIZE;
	vr->used = vr->desc + used;
}

static inline u16 rl_vring_get16(const u8 *p)
{
	return le16_to_cpu(READ_ONCE(*(const __le16 *)p));
}

static inline u32 rl_vring_get32(const u8 *p)
{
	return le32_to_cpu(READ_ONCE(*(const __le32 *)p));
}

static inline u64 rl_vring_get64(const u8 *p)
{
	return rl_vring_get32(p) | (u64)rl_vring_get32(p + 4) << 32;
}

static inline void rl_vring_put16(u8 *p, u16 value)
{
	WRITE_ONCE(*(__le16 *)p, cpu_to_le16(value));
}

static inline void rl_vring_put32(u8 *p, u32 value)
{
	WRITE_ONCE(*(__le32 *)p, cpu_to_le32(value));
}

static inline void rl_vring_put64(u8 *p, u64 value)
{
	rl_vring_put32(p, (u32)value);
	rl_vring_put32(p + 4, (u32)(value >> 32));
}

/* The places that both sides look at. */
static inline u8 *rl_vring_avail_idx(const struct rl_vring *vr)
{
	return vr->avail + 2;
}

static inline u8 *rl_vring_avail_id(const struct rl_vring *vr, u16 at)
{
	return vr->avail + 4 + 2 * (size_t)(at & (vr->num - 1));
}

static inline u8 *rl_vring_used_event(const struct rl_vring *vr)
{
	return vr->avail + 4 + 2 * (size_t)vr->num;
}

static inline u8 *rl_vring_used_idx(const struct rl_vring *vr)
{
	return vr->used + 2;
}

static inline u8 *rl_vring_used_elem(const struct rl_vring *vr, u16 at)
{
	return vr->used + 4 + 8 * (size_t)(at & (vr->num - 1));
}

static inline u8 *rl_vring_avail_event(const struct rl_vring *vr)
{
	return vr->used + 4 + 8 * (size_t)vr->num;
}

/* Has an index that went from @old to @now passed @event? (Virtio 1.2, 2.7.10) */
static inline bool rl_vring_passed(u16 event, u16 now, u16 old)
{
	return (u16)(now - event - 1) < (u16)(now - old);
}

#endif /* RL_VRING_H */
