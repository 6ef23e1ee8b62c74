// SPDX-License-Identifier: GPL-2.0-only
/*
 * A vdev entry of the resource table: what the two sides share of a virtio device
 * beside its rings.
 */
#include "vdev.h"
#include "remote.h"
#include "verdict.h"

#include <linux/rproc_lite_rsc.h>
#include <linux/slab.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>

#define STATUS		offsetof(struct rproc_lite_rsc_vdev, status)
#define GFEATURES	offsetof(struct rproc_lite_rsc_vdev, gfeatures)
#define UPPER		offsetof(struct rproc_lite_rsc_vdev_features, gfeatures)

static const struct rl_placement *find_ring(const struct rl_vdev *vdev, u32 i)
{
	char name[RPROC_LITE_NAME_MAX];

	snprintf(name, sizeof(name), "vdev%uvring%u", vdev->n, i);
	return rl_layout_find(&vdev->rproc->image->layout, RPROC_LITE_PLACED_VRING, name);
}

void rl_vdev_ring(const struct rl_vdev *vdev, u32 i, struct rl_vdev_ring *ring)
{
	const struct rl_placement *p = find_ring(vdev, i);
	struct rl_region *r = p->region;
	struct rl_rsc_vring vr;

	rl_rsc_get_vring(vdev->rproc->image->table, &vdev->entry, i, &vr);
	ring->notifyid = vr.notifyid;
	ring->region = r;
	ring->off = p->off;
	ring->align = vr.align;
	rl_vring_init(&ring->vr, rl_region_va(r) + p->off, vr.num, vr.align);
}

/* Words are read and written whole, which an odd address does not allow. */
static int check_rings(const struct rl_vdev *vdev, struct rproc_lite_verdict *v)
{
	const struct rl_placement *p;
	u32 i;

	for (i = 0; i < vdev->entry.vdev.num_of_vrings; i++) {
		p = find_ring(vdev, i);
		if (!p || (rl_placement_da(p) | (p->region->pa + p->off)) % RL_VRING_DESC_SIZE)
			return rl_refuse(v, -EINVAL, RPROC_LITE_AT_RING, i, RPROC_LITE_NO_OFFSET,
					 "vdev%uvring%u at da 0x%llx: not aligned to 16 bytes",
					 vdev->n, i, p ? rl_placement_da(p) : 0);
	}
	return 0;
}

int rl_vdev_init(struct rl_vdev *vdev, struct rproc_lite *rproc, u32 n, u32 role,
		 struct rproc_lite_verdict *v)
{
	const struct rl_image *image = rproc->image;
	struct rl_rsc_entry e;

	vdev->rproc = rproc;
	vdev->n = n;
	vdev->role = role;
	INIT_LIST_HEAD(&vdev->node);
	if (!image->table || !rl_rsc_get_vdev(image->table, n, &vdev->entry))
		return rl_refuse_plain(v, -ENOENT, RPROC_LITE_AT_TABLE,
				       "the resource table has no vdev %u", n);
	vdev->dfeatures = rl_vdev_dfeatures(image->table, n, &vdev->entry);
	if (rl_rsc_get_features(image->table, n, &e))
		vdev->upper = e.offset;
	if (image->elf.table_da != RPROC_LITE_NO_DA) {
		vdev->region = rl_memmap_find_da(&rproc->map, image->elf.table_da,
						 image->table_size);
		vdev->at = image->elf.table_da - vdev->region->da;
	}
	return check_rings(vdev, v);
}

int rl_vdev_begin(struct rl_vdev *vdev, const struct rl_vdev *found,
		  const struct rl_vdev_ops *ops, struct virtio_device *virtio)
{
	const struct rl_image *image = found->rproc->image;

	*vdev = *found;
	INIT_LIST_HEAD(&vdev->node);
	vdev->ops = ops;
	vdev->vdev = virtio;
	virtio->id.device = vdev->entry.vdev.id;
	if (!vdev->region) {
		vdev->local = kmemdup(image->table, image->table_size, GFP_KERNEL);
		if (!vdev->local)
			return -ENOMEM;
	}
	get_device(&vdev->rproc->dev);
	return 0;
}

void rl_vdev_fini(struct rl_vdev *vdev)
{
	kfree(vdev->local);
	put_device(&vdev->rproc->dev);
}

u64 rl_vdev_buffers(const struct rl_vdev *vdev, struct rl_region **region, u64 *off)
{
	const struct rl_layout *layout = &vdev->rproc->image->layout;
	char name[RPROC_LITE_NAME_MAX];
	const struct rl_placement *p;

	snprintf(name, sizeof(name), "vdev%ubuffer", vdev->n);
	p = rl_layout_find(layout, RPROC_LITE_PLACED_CARVEOUT, name) ?:
	    rl_layout_find(layout, RPROC_LITE_PLACED_BUFFERS, name);
	if (!p)
		return 0;
	*region = p->region;
	*off = p->off;
	return p->size;
}

/*
 * As racy as a table that the remote sees: who asks does not wait for who writes. A copy of
 * our own is no better.
 */
static void read_table(const struct rl_vdev *vdev, u32 off, void *buf, u32 len)
{
	if (vdev->region)
		rl_region_read(vdev->region, vdev->at + off, buf, len);
	else	/* see above */
		data_race(memcpy(buf, vdev->local + off, len));
}

static void write_table(const struct rl_vdev *vdev, u32 off, const void *buf, u32 len)
{
	if (vdev->region)
		rl_region_write(vdev->region, vdev->at + off, buf, len);
	else	/* see above */
		data_race(memcpy(vdev->local + off, buf, len));
}

static u32 read_word(const struct rl_vdev *vdev, u32 off)
{
	__le32 word;

	read_table(vdev, off, &word, sizeof(word));
	return le32_to_cpu(word);
}

static void write_word(const struct rl_vdev *vdev, u32 off, u32 value)
{
	__le32 word = cpu_to_le32(value);

	write_table(vdev, off, &word, sizeof(word));
}

u8 rl_vdev_get_status(const struct rl_vdev *vdev)
{
	u8 status;

	read_table(vdev, vdev->entry.offset + STATUS, &status, sizeof(status));
	return status;
}

void rl_vdev_set_status(const struct rl_vdev *vdev, u8 status)
{
	/* What the status promises is there before it. */
	wmb();
	write_table(vdev, vdev->entry.offset + STATUS, &status, sizeof(status));
}

u64 rl_vdev_dfeatures(const u8 *table, u32 n, const struct rl_rsc_entry *entry)
{
	struct rl_rsc_entry e;
	u64 features = entry->vdev.dfeatures;

	if (rl_rsc_get_features(table, n, &e))
		features |= (u64)e.features.dfeatures << 32;
	return features;
}

u64 rl_vdev_get_gfeatures(const struct rl_vdev *vdev)
{
	u64 features = read_word(vdev, vdev->entry.offset + GFEATURES);

	if (vdev->upper)
		features |= (u64)read_word(vdev, vdev->upper + UPPER) << 32;
	return features;
}

void rl_vdev_set_gfeatures(const struct rl_vdev *vdev, u64 features)
{
	write_word(vdev, vdev->entry.offset + GFEATURES, lower_32_bits(features));
	if (vdev->upper)
		write_word(vdev, vdev->upper + UPPER, upper_32_bits(features));
}

/* Configuration space ends the entry. */
static u32 config_at(const struct rl_vdev *vdev)
{
	return vdev->entry.offset + vdev->entry.size - vdev->entry.vdev.config_len;
}

int rl_vdev_get_config(const struct rl_vdev *vdev, u32 off, void *buf, u32 len)
{
	if (!rl_fits(off, len, vdev->entry.vdev.config_len)) {
		memset(buf, 0, len);
		return -ERANGE;
	}
	read_table(vdev, config_at(vdev) + off, buf, len);
	return 0;
}

int rl_vdev_set_config(const struct rl_vdev *vdev, u32 off, const void *buf, u32 len)
{
	if (!rl_fits(off, len, vdev->entry.vdev.config_len))
		return -ERANGE;
	write_table(vdev, config_at(vdev) + off, buf, len);
	return 0;
}

void rl_vdev_reset_wanted(struct rl_vdev *vdev)
{
	if (test_and_set_bit(RL_VDEV_WANTS_RESET, &vdev->flags))
		return;
	dev_warn(&vdev->rproc->dev, "vdev%u: the firmware wants it reset\n", vdev->n);
	vdev->ops->cut(vdev);
	if (vdev->rst_cb)
		vdev->rst_cb(vdev->vdev);
	rl_tell_news(vdev->rproc);
}

void rl_vdev_heed_status(struct rl_vdev *vdev)
{
	if (rl_vdev_get_status(vdev) & VIRTIO_CONFIG_S_NEEDS_RESET)
		rl_vdev_reset_wanted(vdev);
}

void rl_vdev_broke(struct rl_vdev *vdev, u32 ring, const struct rproc_lite_verdict *v)
{
	if (test_and_set_bit(RL_VDEV_BROKEN, &vdev->flags))
		return;
	dev_warn(&vdev->rproc->dev, "vdev%u is out of use, by ring %u's fault: %s\n", vdev->n,
		 ring, v->text);
	vdev->ops->cut(vdev);
	rl_tell_news(vdev->rproc);
}
