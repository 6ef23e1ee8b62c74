// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver role: the remote is a virtio device, and here it is on Linux's virtio
 * bus, for upstream's drivers to bind to as they are. What they see is a device with
 * rings and DMA in ordinary memory; a relay for each ring does the rest.
 */
#include "virtio_driver.h"
#include "compat.h"
#include "kick.h"
#include "relay.h"
#include "remote.h"
#include "verdict.h"

#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_ring.h>
#include <linux/workqueue.h>

/*
 * Features that are about rings and memory, not about what the device is for. Of
 * these only VERSION_1 is between the driver and the remote.
 */
#define RING_FEATURES	(GENMASK_ULL(VIRTIO_TRANSPORT_F_END - 1, VIRTIO_TRANSPORT_F_START) & \
			 ~BIT_ULL(VIRTIO_F_VERSION_1))

/**
 * struct driver_role - a device of the remote's, driven by Linux
 * @base: what the roles have in common
 * @virtio: on Linux's bus
 * @parent: its parent there, for which drivers take memory for DMA
 * @status: as the driver set it
 * @tried: it was to be put on the bus
 * @shown: it was
 * @config: a kick for changes of its configuration space
 * @heed: looks whether the remote wants a reset
 * @lock: covers @relay
 * @relay: of each ring, while a driver has it
 */
struct driver_role {
	struct rl_vdev base;
	struct virtio_device virtio;
	struct platform_device *parent;
	u8 status;
	bool tried;
	bool shown;
	struct rl_kick config;
	struct work_struct heed;
	spinlock_t lock;		/* see above */
	struct rl_relay *relay[];
};

static struct driver_role *role_of(struct virtio_device *virtio)
{
	return container_of(virtio, struct driver_role, virtio);
}

static struct driver_role *role_of_vdev(struct rl_vdev *vdev)
{
	return container_of(vdev, struct driver_role, base);
}

/* What a driver asks of its device */

static void get_config(struct virtio_device *virtio, unsigned int off, void *buf,
		       unsigned int len)
{
	if (rl_vdev_get_config(&role_of(virtio)->base, off, buf, len))
		dev_err_ratelimited(&virtio->dev, "no %u bytes at %u in its configuration\n",
				    len, off);
}

static void set_config(struct virtio_device *virtio, unsigned int off, const void *buf,
		       unsigned int len)
{
	if (rl_vdev_set_config(&role_of(virtio)->base, off, buf, len))
		dev_err_ratelimited(&virtio->dev, "no %u bytes at %u in its configuration\n",
				    len, off);
}

/* The remote may ask for a reset there; all else is ours, whatever it wrote. */
static u8 get_status(struct virtio_device *virtio)
{
	struct driver_role *role = role_of(virtio);
	u8 status = READ_ONCE(role->status);

	/* After a reset it is zero, and the bus insists on that. */
	if (!status)
		return 0;
	return status |
	       (rl_vdev_get_status(&role->base) & VIRTIO_CONFIG_S_NEEDS_RESET);
}

static void each_relay(struct driver_role *role, void (*act)(struct rl_relay *relay))
{
	unsigned long flags;
	u32 i;

	spin_lock_irqsave(&role->lock, flags);
	for (i = 0; i < role->base.entry.vdev.num_of_vrings; i++)
		if (role->relay[i])
			act(role->relay[i]);
	spin_unlock_irqrestore(&role->lock, flags);
}

static void set_status(struct virtio_device *virtio, u8 status)
{
	struct driver_role *role = role_of(virtio);

	status &= ~VIRTIO_CONFIG_S_NEEDS_RESET;
	WRITE_ONCE(role->status, status);
	rl_vdev_set_status(&role->base, status);
	if (status & VIRTIO_CONFIG_S_DRIVER_OK)
		each_relay(role, rl_relay_ready);
}

static void reset(struct virtio_device *virtio)
{
	struct driver_role *role = role_of(virtio);
	struct rl_vdev_ring ring;
	u32 i;

	/* The driver itself is here, so its rings stay. */
	for (i = 0; i < role->base.entry.vdev.num_of_vrings; i++)
		if (role->relay[i])
			rl_relay_silence(role->relay[i]);
	WRITE_ONCE(role->status, 0);
	rl_vdev_set_status(&role->base, 0);
	rl_vdev_set_gfeatures(&role->base, 0);
	/* Nobody else would tell the firmware, which must forget the rings. */
	rl_vdev_ring(&role->base, 0, &ring);
	rl_kick_remote(role->base.rproc, ring.notifyid);
}

static u64 get_features(struct virtio_device *virtio)
{
	/* How the remote's rings work is between it and the relays. */
	return role_of(virtio)->base.dfeatures & ~RING_FEATURES;
}

/* What the relays make use of, if the remote offers it. */
static u64 ring_features(const struct driver_role *role)
{
	return role->base.dfeatures & BIT_ULL(VIRTIO_RING_F_EVENT_IDX);
}

static int finalize_features(struct virtio_device *virtio)
{
	struct driver_role *role = role_of(virtio);

	vring_transport_features(virtio);
	rl_vdev_set_gfeatures(&role->base, virtio->features | ring_features(role));
	return 0;
}

static const char *bus_name(struct virtio_device *virtio)
{
	return dev_name(&role_of(virtio)->base.rproc->dev);
}

/* Its rings */

static bool notify(struct virtqueue *vq)
{
	rl_relay_notify(vq->priv);
	return true;
}

static void set_relay(struct driver_role *role, u32 i, struct rl_relay *relay)
{
	unsigned long flags;

	spin_lock_irqsave(&role->lock, flags);
	role->relay[i] = relay;
	spin_unlock_irqrestore(&role->lock, flags);
}

static struct virtqueue *make_vq(struct driver_role *role, u32 i, const char *name,
				 vq_callback_t *callback, bool ctx)
{
	struct rl_relay *relay;
	struct virtqueue *vq;
	int ret;

	if (i >= role->base.entry.vdev.num_of_vrings)
		return ERR_PTR(-ENOENT);
	relay = rl_relay_new(&role->base, i, ring_features(role));
	if (IS_ERR(relay))
		return ERR_CAST(relay);
	vq = vring_new_virtqueue(i, relay->private.vr.num, PAGE_SIZE, &role->virtio, true, ctx,
				 relay->pages, notify, callback, name);
	ret = vq ? rl_relay_attach(relay, vq) : -ENOMEM;
	if (ret) {
		if (vq)
			vring_del_virtqueue(vq);
		rl_relay_free(relay);
		return ERR_PTR(ret);
	}
	vq->priv = relay;
	vq->num_max = relay->private.vr.num;
	set_relay(role, i, relay);
	return vq;
}

static void del_vqs(struct virtio_device *virtio)
{
	struct driver_role *role = role_of(virtio);
	struct virtqueue *vq, *next;
	struct rl_relay *relay;

	list_for_each_entry_safe(vq, next, &virtio->vqs, list) {
		relay = vq->priv;
		set_relay(role, relay->index, NULL);
		rl_relay_stop(relay);
		vring_del_virtqueue(vq);
		rl_relay_free(relay);
	}
	cancel_work_sync(&role->heed);
	/* Whoever binds next begins with all of it new. */
	WRITE_ONCE(role->base.flags, 0);
	rl_tell_news(role->base.rproc);
}

RL_VIRTIO_FIND_VQS(find_vqs)
{
	struct driver_role *role = role_of(virtio);
	u32 ring = 0, i;

	for (i = 0; i < nvqs; i++) {
		vqs[i] = NULL;
		if (!RL_VQ_NAME(i))
			continue;
		vqs[i] = make_vq(role, ring++, RL_VQ_NAME(i), RL_VQ_CALLBACK(i), RL_VQ_CTX(i));
		if (IS_ERR(vqs[i])) {
			del_vqs(virtio);
			return PTR_ERR(vqs[i]);
		}
	}
	return 0;
}

static const struct virtio_config_ops config_ops = {
	.get = get_config,
	.set = set_config,
	.get_status = get_status,
	.set_status = set_status,
	.reset = reset,
	.find_vqs = find_vqs,
	.del_vqs = del_vqs,
	.get_features = get_features,
	.finalize_features = finalize_features,
	.bus_name = bus_name,
};

/* Coming and going */

static void config_rang(struct rl_kick *kick)
{
	struct driver_role *role = container_of(kick, struct driver_role, config);

	virtio_config_changed(&role->virtio);
	/* It is also how the remote says that it wants a reset. */
	queue_work(system_highpri_wq, &role->heed);
}

static void heed(struct work_struct *work)
{
	struct driver_role *role = container_of(work, struct driver_role, heed);

	/* Without a driver there are no rings, and nothing to reset. */
	if (!list_empty(&role->virtio.vqs))
		rl_vdev_heed_status(&role->base);
}

static void cut(struct rl_vdev *vdev)
{
	struct driver_role *role = role_of_vdev(vdev);

	/* Not virtio_break_device(): rpmsg's senders would wait for ever for room. */
	each_relay(role, rl_relay_cut);
}

static void free_role(struct driver_role *role)
{
	rl_vdev_fini(&role->base);
	kfree(role);
}

static void release(struct device *dev)
{
	free_role(role_of(dev_to_virtio(dev)));
}

static void remove(struct rl_vdev *vdev)
{
	struct driver_role *role = role_of_vdev(vdev);
	struct platform_device *parent = role->parent;

	if (role->config.rang)
		rl_kick_del(vdev->rproc, &role->config);
	cancel_work_sync(&role->heed);
	if (role->shown) {
		get_device(&role->virtio.dev);
		unregister_virtio_device(&role->virtio);
		/* The bus leaves it acknowledged, for another driver; there is none. */
		rl_vdev_set_status(vdev, 0);
	}
	/* Registering begins with a reference, and keeps it if it fails. */
	if (role->tried)
		put_device(&role->virtio.dev);
	else
		free_role(role);
	platform_device_unregister(parent);
}

static void count(struct rl_vdev *vdev, struct rproc_lite_virtio *info)
{
	struct driver_role *role = role_of_vdev(vdev);
	unsigned long flags;
	u32 i;

	/* Only then it has a name. */
	if (smp_load_acquire(&role->shown))
		strscpy(info->name, dev_name(&role->virtio.dev), sizeof(info->name));
	spin_lock_irqsave(&role->lock, flags);
	for (i = 0; i < vdev->entry.vdev.num_of_vrings; i++)
		if (role->relay[i])
			rl_relay_count(role->relay[i], info);
	spin_unlock_irqrestore(&role->lock, flags);
}

static const struct rl_vdev_ops driver_role_ops = {
	.cut = cut,
	.remove = remove,
	.count = count,
};

/*
 * A platform device, because drivers may keep it longer than us. It is coherent: what
 * a driver of Linux's shares is with a relay, not with the remote.
 */
static struct platform_device *make_parent(const struct rl_vdev *vdev)
{
	struct platform_device *parent;
	char name[RPROC_LITE_NAME_MAX];
	int ret;

	snprintf(name, sizeof(name), "%s-vdev%u", dev_name(&vdev->rproc->dev), vdev->n);
	parent = platform_device_alloc(name, PLATFORM_DEVID_NONE);
	if (!parent)
		return ERR_PTR(-ENOMEM);
	parent->dev.parent = &vdev->rproc->dev;
	ret = dma_coerce_mask_and_coherent(&parent->dev, DMA_BIT_MASK(64));
	rl_set_dma_coherent(&parent->dev);
	if (!ret)
		ret = platform_device_add(parent);
	if (!ret)
		return parent;
	platform_device_put(parent);
	return ERR_PTR(ret);
}

/* The entry's own notify id, if it has one that is not a ring's. */
static int hear_config(struct driver_role *role)
{
	int ret;

	role->config.id = role->base.entry.vdev.notifyid;
	if (!role->config.id || role->config.id == RL_RSC_ANY ||
	    rl_rsc_has_notify_id(role->base.rproc->image->table, role->config.id))
		return 0;
	role->config.rang = config_rang;
	ret = rl_kick_add(role->base.rproc, &role->config);
	if (ret)
		role->config.rang = NULL;
	else
		/* It may have rung since the driver was ready. */
		config_rang(&role->config);
	return ret == -EBUSY ? 0 : ret;
}

/* What can't work is refused here: a driver's probe has nobody to tell. */
static int check_room(const struct rl_vdev *vdev, struct rproc_lite_verdict *v)
{
	u32 rings = vdev->entry.vdev.num_of_vrings;
	struct rl_region *region;
	u64 off, size;

	size = rl_vdev_buffers(vdev, &region, &off);
	/* Relays begin at a multiple of 64, and give buffers in steps of it. */
	if (size && (size - min(size, round_up(off, 64) - off)) / 64 >= rings)
		return 0;
	return rl_refuse_plain(v, -ENOSPC, RPROC_LITE_AT_REGION,
			       "vdev%u: %llu bytes for buffers of %u rings; give it a region vdev%ubuffer",
			       vdev->n, size, rings, vdev->n);
}

/* Nor what drivers take for granted, and complain of. */
static int check_sizes(const struct rl_vdev *vdev, struct rproc_lite_verdict *v)
{
	struct rl_vdev_ring ring;
	u32 i, first = 0;

	for (i = 0; i < vdev->entry.vdev.num_of_vrings; i++) {
		rl_vdev_ring(vdev, i, &ring);
		first = i ? first : ring.vr.num;
		if (ring.vr.num < 2)
			return rl_refuse(v, -EINVAL, RPROC_LITE_AT_RING, i, RPROC_LITE_NO_OFFSET,
					 "vdev%uvring%u: a ring of one buffer is too small for Linux to drive",
					 vdev->n, i);
		if (vdev->entry.vdev.id == VIRTIO_ID_RPMSG && ring.vr.num != first)
			return rl_refuse(v, -EINVAL, RPROC_LITE_AT_RING, i, RPROC_LITE_NO_OFFSET,
					 "vdev%uvring%u: rpmsg wants rings of one size, not of %u and %u",
					 vdev->n, i, first, ring.vr.num);
	}
	return 0;
}

static struct driver_role *make_role(const struct rl_vdev *base)
{
	struct driver_role *role;

	role = kzalloc(struct_size(role, relay, base->entry.vdev.num_of_vrings), GFP_KERNEL);
	if (!role)
		return NULL;
	if (rl_vdev_begin(&role->base, base, &driver_role_ops, &role->virtio)) {
		kfree(role);
		return NULL;
	}
	spin_lock_init(&role->lock);
	INIT_WORK(&role->heed, heed);
	role->virtio.config = &config_ops;
	role->virtio.dev.release = release;
	return role;
}

struct rl_vdev *rl_virtio_driver_new(struct rproc_lite *rproc, u32 n,
				     struct rproc_lite_verdict *v)
{
	struct rl_vdev base = { 0 };
	struct driver_role *role;
	int ret;

	ret = rl_vdev_init(&base, rproc, n, RPROC_LITE_VIRTIO_DRIVER, v);
	if (!ret)
		ret = check_room(&base, v);
	if (!ret)
		ret = check_sizes(&base, v);
	if (ret)
		return ERR_PTR(ret);
	role = make_role(&base);
	if (!role)
		return ERR_PTR(rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING,
					       "out of memory"));
	role->parent = make_parent(&role->base);
	if (IS_ERR(role->parent)) {
		ret = PTR_ERR(role->parent);
		free_role(role);
		return ERR_PTR(rl_refuse_plain(v, ret, RPROC_LITE_AT_NOTHING,
					       "vdev%u: no device for it: error %d", n, -ret));
	}
	role->virtio.dev.parent = &role->parent->dev;
	return &role->base;
}

int rl_virtio_driver_show(struct rl_vdev *vdev)
{
	struct driver_role *role = role_of_vdev(vdev);
	int ret;

	role->tried = true;
	ret = register_virtio_device(&role->virtio);
	if (ret)
		return ret;
	/* It has its name before it is asked for. */
	smp_store_release(&role->shown, true);
	return hear_config(role);
}
