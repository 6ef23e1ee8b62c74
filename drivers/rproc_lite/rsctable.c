// SPDX-License-Identifier: GPL-2.0-only
/*
 * Resource tables, read with suspicion. The caller hands over a private copy
 * that nobody else can write, so a word that was checked stays as it was.
 *
 * checkpatch: MACRO_ARG_REUSE: the macros here are for plain variables.
 */
#include "rsctable.h"
#include "verdict.h"
#include <linux/rproc_lite_doorbell.h>

#define HEADER		((u32)sizeof(struct rproc_lite_rsc_table))
#define VDEV		((u32)sizeof(struct rproc_lite_rsc_vdev))
#define VRING		((u32)sizeof(struct rproc_lite_rsc_vring))

/* A word of entry @off: type, name and member tell which. */
#define LE32(table, off, type, member)						\
	get_unaligned_le32((table) + (off) + offsetof(struct rproc_lite_rsc_##type, member))

/* Refuse entry @e for what stands @at bytes into it. */
#define bad_entry(v, e, at, fmt, ...)						\
	rl_refuse(v, -EINVAL, RPROC_LITE_AT_ENTRY, (e)->index, (e)->offset + (at), \
		  "resource table entry %u (%s), byte %u: " fmt, (e)->index,	\
		  rl_rsc_type_name((e)->type), (e)->offset + (u32)(at), ##__VA_ARGS__)

#define bad_table(v, at, fmt, ...)						\
	rl_refuse(v, -EINVAL, RPROC_LITE_AT_TABLE, RPROC_LITE_NO_INDEX, at,	\
		  "resource table, byte %u: " fmt, (u32)(at), ##__VA_ARGS__)

static bool is_vendor(u32 type)
{
	return type >= RPROC_LITE_RSC_VENDOR_START && type <= RPROC_LITE_RSC_VENDOR_END;
}

const char *rl_rsc_type_name(u32 type)
{
	switch (type) {
	case RPROC_LITE_RSC_CARVEOUT:
		return "carveout";
	case RPROC_LITE_RSC_DEVMEM:
		return "devmem";
	case RPROC_LITE_RSC_TRACE:
		return "trace";
	case RPROC_LITE_RSC_VDEV:
		return "vdev";
	case RPROC_LITE_RSC_VDEV_FEATURES:
		return "vdev features";
	default:
		return is_vendor(type) ? "vendor" : "?";
	}
}

u32 rl_rsc_num(const u8 *table)
{
	return LE32(table, 0, table, num);
}

static u32 entry_offset(const u8 *table, u32 index)
{
	return get_unaligned_le32(table + HEADER + 4 * index);
}

/* Bytes that an entry has before anything of variable length; 0 if unknown. */
static u32 fixed_size(u32 type)
{
	switch (type) {
	case RPROC_LITE_RSC_CARVEOUT:
	case RPROC_LITE_RSC_DEVMEM:
		return sizeof(struct rproc_lite_rsc_carveout);
	case RPROC_LITE_RSC_TRACE:
		return sizeof(struct rproc_lite_rsc_trace);
	case RPROC_LITE_RSC_VDEV:
		return VDEV;
	default:
		return is_vendor(type) ? (u32)sizeof(struct rproc_lite_rsc_vendor) : 0;
	}
}

/* All bytes of an entry whose fixed part is there; can't wrap a u64. */
static u64 full_size(const u8 *table, u32 off, u32 type)
{
	u64 size = fixed_size(type);

	if (type == RPROC_LITE_RSC_VDEV)
		size += (u64)table[off + offsetof(struct rproc_lite_rsc_vdev, num_of_vrings)] *
				VRING + LE32(table, off, vdev, config_len);
	else if (is_vendor(type))
		size += LE32(table, off, vendor, len);
	return size;
}

void rl_rsc_get(const u8 *table, u32 index, struct rl_rsc_entry *e)
{
	u32 off = entry_offset(table, index);

	memset(e, 0, sizeof(*e));
	e->index = index;
	e->offset = off;
	e->type = get_unaligned_le32(table + off);
	e->size = (u32)full_size(table, off, e->type);

	switch (e->type) {
	case RPROC_LITE_RSC_CARVEOUT:
	case RPROC_LITE_RSC_DEVMEM:		/* laid out alike */
		e->mem.da = LE32(table, off, carveout, da);
		e->mem.pa = LE32(table, off, carveout, pa);
		e->mem.len = LE32(table, off, carveout, len);
		e->mem.flags = LE32(table, off, carveout, flags);
		memcpy(e->mem.name, table + off + offsetof(struct rproc_lite_rsc_carveout, name),
		       sizeof(e->mem.name));
		break;
	case RPROC_LITE_RSC_TRACE:
		e->mem.da = LE32(table, off, trace, da);
		e->mem.pa = RL_RSC_ANY;
		e->mem.len = LE32(table, off, trace, len);
		memcpy(e->mem.name, table + off + offsetof(struct rproc_lite_rsc_trace, name),
		       sizeof(e->mem.name));
		break;
	case RPROC_LITE_RSC_VDEV:
		e->vdev.id = LE32(table, off, vdev, id);
		e->vdev.notifyid = LE32(table, off, vdev, notifyid);
		e->vdev.dfeatures = LE32(table, off, vdev, dfeatures);
		e->vdev.gfeatures = LE32(table, off, vdev, gfeatures);
		e->vdev.config_len = LE32(table, off, vdev, config_len);
		e->vdev.status = table[off + offsetof(struct rproc_lite_rsc_vdev, status)];
		e->vdev.num_of_vrings =
			table[off + offsetof(struct rproc_lite_rsc_vdev, num_of_vrings)];
		break;
	case RPROC_LITE_RSC_VDEV_FEATURES:
		/* Of a table that is being checked still it may be too short. */
		if (e->size != sizeof(struct rproc_lite_rsc_vdev_features))
			break;
		e->features.vdev = LE32(table, off, vdev_features, vdev);
		e->features.dfeatures = LE32(table, off, vdev_features, dfeatures);
		e->features.gfeatures = LE32(table, off, vdev_features, gfeatures);
		break;
	}
}

bool rl_rsc_get_features(const u8 *table, u32 n, struct rl_rsc_entry *e)
{
	u32 i;

	for (i = 0; i < rl_rsc_num(table); i++) {
		rl_rsc_get(table, i, e);
		if (e->type == RPROC_LITE_RSC_VDEV_FEATURES && e->features.vdev == n)
			return true;
	}
	return false;
}

bool rl_rsc_get_vdev(const u8 *table, u32 n, struct rl_rsc_entry *e)
{
	u32 i;

	for (i = 0; i < rl_rsc_num(table); i++) {
		rl_rsc_get(table, i, e);
		if (e->type == RPROC_LITE_RSC_VDEV && !n--)
			return true;
	}
	return false;
}

void rl_rsc_get_vring(const u8 *table, const struct rl_rsc_entry *e, u32 n,
		      struct rl_rsc_vring *vr)
{
	u32 off = e->offset + VDEV + n * VRING;

	vr->offset = off;
	vr->da = LE32(table, off, vring, da);
	vr->align = LE32(table, off, vring, align);
	vr->num = LE32(table, off, vring, num);
	vr->notifyid = LE32(table, off, vring, notifyid);
}

bool rl_rsc_has_notify_id(const u8 *table, u32 id)
{
	struct rl_rsc_entry e;
	struct rl_rsc_vring vr;
	u32 i, n;

	for (i = 0; i < rl_rsc_num(table); i++) {
		rl_rsc_get(table, i, &e);
		if (e.type != RPROC_LITE_RSC_VDEV)
			continue;
		for (n = 0; n < e.vdev.num_of_vrings; n++) {
			rl_rsc_get_vring(table, &e, n, &vr);
			if (vr.notifyid == id)
				return true;
		}
	}
	return false;
}

static int check_header(const u8 *table, size_t len, struct rproc_lite_verdict *v)
{
	u32 num, i;

	if (len < HEADER)
		return bad_table(v, 0, "%zu bytes are too few for its header", len);
	if (len > RPROC_LITE_RSC_SIZE_MAX)
		return bad_table(v, 0, "%zu bytes, and at most %u are read", len,
				 RPROC_LITE_RSC_SIZE_MAX);
	if (LE32(table, 0, table, ver) != RPROC_LITE_RSC_VERSION)
		return bad_table(v, 0, "version %u, and only 1 is known",
				 LE32(table, 0, table, ver));
	for (i = 0; i < 2; i++)
		if (LE32(table, 0, table, reserved[i]))
			return bad_table(v, 8 + 4 * i, "a reserved word is not zero");

	num = rl_rsc_num(table);
	if (num > RPROC_LITE_RSC_NUM_MAX)
		return bad_table(v, 4, "%u entries, and at most %u are read", num,
				 RPROC_LITE_RSC_NUM_MAX);
	if (!rl_fits(HEADER, 4ULL * num, len))
		return bad_table(v, 4, "the list of %u offsets ends past its %zu bytes",
				 num, len);
	return 0;
}

/* Is there an entry at all, and is all of it in the table? */
static int check_extent(const u8 *table, size_t len, struct rl_rsc_entry *e,
			struct rproc_lite_verdict *v)
{
	u64 size;

	e->offset = entry_offset(table, e->index);
	e->type = RL_RSC_ANY;
	if (!rl_fits(e->offset, 4, len))
		return bad_table(v, HEADER + 4 * e->index,
				 "entry %u at offset 0x%x lies past its %zu bytes",
				 e->index, e->offset, len);
	if (e->offset < HEADER + 4 * rl_rsc_num(table))
		return bad_table(v, HEADER + 4 * e->index,
				 "entry %u at offset 0x%x lies within the header",
				 e->index, e->offset);

	e->type = get_unaligned_le32(table + e->offset);
	size = fixed_size(e->type);
	if (!size)
		return bad_entry(v, e, 0, "unknown type %u", e->type);
	if (!rl_fits(e->offset, size, len))
		return bad_entry(v, e, 0, "its %llu bytes end past the table's %zu",
				 (unsigned long long)size, len);
	size = full_size(table, e->offset, e->type);
	if (!rl_fits(e->offset, size, len))
		return bad_entry(v, e, 0,
				 "with all that belongs to it, its 0x%llx bytes end past the table's 0x%zx",
				 (unsigned long long)size, len);
	return 0;
}

/* We write into entries, so no two may share a byte. The earlier ones are fine. */
static int check_apart(const u8 *table, const struct rl_rsc_entry *e,
		       struct rproc_lite_verdict *v)
{
	u32 i, off;

	for (i = 0; i < e->index; i++) {
		off = entry_offset(table, i);
		if (rl_overlaps(e->offset, e->size, off,
				full_size(table, off, get_unaligned_le32(table + off))))
			return bad_entry(v, e, 0, "overlaps entry %u", i);
	}
	return 0;
}

static int check_mem(const u8 *table, const struct rl_rsc_entry *e,
		     struct rproc_lite_verdict *v)
{
	bool trace = e->type == RPROC_LITE_RSC_TRACE;
	u32 reserved = trace ? LE32(table, e->offset, trace, reserved) :
			       LE32(table, e->offset, carveout, reserved);

	if (reserved)
		return bad_entry(v, e, trace ? 12 : 20, "a reserved word is not zero");
	if (strnlen(e->mem.name, sizeof(e->mem.name)) == sizeof(e->mem.name))
		return bad_entry(v, e, trace ? 16 : 24, "its name does not end");
	if (!e->mem.len)
		return bad_entry(v, e, trace ? 8 : 12, "length 0");
	if (trace && e->mem.len > RPROC_LITE_RSC_TRACE_MAX)
		return bad_entry(v, e, 8, "%u bytes of trace, and at most %u are read",
				 e->mem.len, RPROC_LITE_RSC_TRACE_MAX);
	if (e->mem.da != RL_RSC_ANY && !rl_fits(e->mem.da, e->mem.len, 1ULL << 32))
		return bad_entry(v, e, 4, "0x%x bytes at da 0x%x wrap", e->mem.len,
				 e->mem.da);
	if (e->mem.pa != RL_RSC_ANY && !rl_fits(e->mem.pa, e->mem.len, 1ULL << 32))
		return bad_entry(v, e, 8, "0x%x bytes at pa 0x%x wrap", e->mem.len,
				 e->mem.pa);
	return 0;
}

static int check_vring(const u8 *table, const struct rl_rsc_entry *e, u32 n,
		       struct rproc_lite_verdict *v)
{
	struct rl_rsc_vring vr;
	u32 at, pa;

	rl_rsc_get_vring(table, e, n, &vr);
	at = vr.offset - e->offset;
	if (vr.num > RL_VRING_NUM_MAX || !is_power_of_2(vr.num))
		return bad_entry(v, e, at + 8,
				 "vring %u has %u buffers, not a power of two from 1 to %u",
				 n, vr.num, RL_VRING_NUM_MAX);
	if (vr.align < 4 || vr.align > RL_VRING_ALIGN_MAX || !is_power_of_2(vr.align))
		return bad_entry(v, e, at + 4,
				 "vring %u has alignment %u, not a power of two from 4 to %u",
				 n, vr.align, RL_VRING_ALIGN_MAX);
	if (vr.da != RL_RSC_ANY && (vr.da & (vr.align - 1)))
		return bad_entry(v, e, at, "vring %u at da 0x%x is not aligned to %u",
				 n, vr.da, vr.align);
	if (vr.da != RL_RSC_ANY &&
	    !rl_fits(vr.da, rl_vring_size(vr.num, vr.align), 1ULL << 32))
		return bad_entry(v, e, at, "vring %u at da 0x%x wraps", n, vr.da);
	if (vr.notifyid >= RPROC_LITE_WORD_FIRST && vr.notifyid != RL_RSC_ANY)
		return bad_entry(v, e, at + 12, "vring %u: notify id 0x%x is a control word",
				 n, vr.notifyid);
	pa = LE32(table, vr.offset, vring, pa);
	if (pa && pa != RL_RSC_ANY)
		return bad_entry(v, e, at + 16, "vring %u: a reserved word is not zero", n);
	return 0;
}

static int check_vdev(const u8 *table, const struct rl_rsc_entry *e,
		      struct rproc_lite_verdict *v)
{
	const u8 *reserved = table + e->offset + offsetof(struct rproc_lite_rsc_vdev, reserved);
	u32 n;
	int ret;

	if (reserved[0] || reserved[1])
		return bad_entry(v, e, 26, "a reserved byte is not zero");
	if (!e->vdev.num_of_vrings)
		return bad_entry(v, e, 25, "no vrings");
	for (n = 0; n < e->vdev.num_of_vrings; n++) {
		ret = check_vring(table, e, n, v);
		if (ret)
			return ret;
	}
	return 0;
}

/* All entries are known to be good by themselves. */
static int check_features(const u8 *table, struct rproc_lite_verdict *v)
{
	struct rl_rsc_entry e, first, vdev;
	u32 i;

	for (i = 0; i < rl_rsc_num(table); i++) {
		rl_rsc_get(table, i, &e);
		if (e.type != RPROC_LITE_RSC_VDEV_FEATURES)
			continue;
		if (!rl_rsc_get_vdev(table, e.features.vdev, &vdev))
			return bad_entry(v, &e, 8, "there is no vdev %u", e.features.vdev);
		if (rl_rsc_get_features(table, e.features.vdev, &first) && first.index != i)
			return bad_entry(v, &e, 8, "vdev %u has some already, in entry %u",
					 e.features.vdev, first.index);
	}
	return 0;
}

static int check_entry(const u8 *table, size_t len, u32 index,
		       struct rproc_lite_verdict *v)
{
	struct rl_rsc_entry e = { .index = index };
	int ret;

	ret = check_extent(table, len, &e, v);
	if (ret)
		return ret;
	rl_rsc_get(table, index, &e);
	ret = check_apart(table, &e, v);
	if (!ret && rl_rsc_is_mem(e.type))
		ret = check_mem(table, &e, v);
	if (!ret && e.type == RPROC_LITE_RSC_VDEV)
		ret = check_vdev(table, &e, v);
	if (!ret && e.type == RPROC_LITE_RSC_VDEV_FEATURES &&
	    e.size != sizeof(struct rproc_lite_rsc_vdev_features))
		ret = bad_entry(v, &e, 4, "its length is not 12");
	return ret;
}

/* Has a ring before ring @n of entry @e the fixed notify id @id? */
static bool id_taken(const u8 *table, const struct rl_rsc_entry *e, u32 n, u32 id)
{
	struct rl_rsc_entry other;
	struct rl_rsc_vring vr;
	u32 i, k, rings;

	for (i = 0; i <= e->index; i++) {
		rl_rsc_get(table, i, &other);
		if (other.type != RPROC_LITE_RSC_VDEV)
			continue;
		rings = i == e->index ? n : other.vdev.num_of_vrings;
		for (k = 0; k < rings; k++) {
			rl_rsc_get_vring(table, &other, k, &vr);
			if (vr.notifyid == id)
				return true;
		}
	}
	return false;
}

static int check_notify_ids(const u8 *table, struct rproc_lite_verdict *v)
{
	struct rl_rsc_entry e;
	struct rl_rsc_vring vr;
	u32 i, n;

	for (i = 0; i < rl_rsc_num(table); i++) {
		rl_rsc_get(table, i, &e);
		if (e.type != RPROC_LITE_RSC_VDEV)
			continue;
		for (n = 0; n < e.vdev.num_of_vrings; n++) {
			rl_rsc_get_vring(table, &e, n, &vr);
			if (vr.notifyid != RL_RSC_ANY && id_taken(table, &e, n, vr.notifyid))
				return bad_entry(v, &e, vr.offset - e.offset + 12,
						 "vring %u: notify id %u is taken already",
						 n, vr.notifyid);
		}
	}
	return 0;
}

int rl_rsc_check(const u8 *table, size_t len, struct rproc_lite_verdict *v)
{
	u32 i;
	int ret;

	ret = check_header(table, len, v);
	if (ret)
		return ret;
	for (i = 0; i < rl_rsc_num(table); i++) {
		ret = check_entry(table, len, i, v);
		if (ret)
			return ret;
	}
	return check_notify_ids(table, v) ?: check_features(table, v);
}
