// SPDX-License-Identifier: GPL-2.0-only
/*
 * A relay stands between the ring of a driver in Linux and the ring that is shared
 * with the remote. The driver's ring and its buffers are ordinary memory, which the
 * remote never sees: what is sent is copied to a buffer in the remote's memory, and
 * what comes back is copied from there, once, and checked before the driver hears
 * of it. So the driver may trust lengths and ids, and da need not be pa.
 *
 * A chain that the remote only reads is done, for the driver, when it is copied: its
 * buffer is free again. One that the remote writes to is done when it comes back.
 * What finds no room waits in the driver's ring.
 *
 * The driver's calls come through rl_relay_notify(), in any context. The remote's
 * kicks, in hard interrupts, only queue the work. A driver must not be called back
 * from its own call, so what it is to be told then is left to the work too.
 */
#include "relay.h"
#include "chain.h"
#include "remote.h"
#include "verdict.h"

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>
#include <linux/virtio_ring.h>

#define BUDGET		64			/* chains at a time, with the lock held */
#define ROUNDS		16			/* of these, before other works may run */
#define PART_MAX	(32u << 10)		/* of a stream, with the lock held */

/* What each kind of device is known to need. */
#define RPMSG_HEADER	16u
#define RPMSG_LEN	12u

static struct rl_vring_buf buffer_of(const struct rl_relay *r, const struct rl_buffer *b)
{
	return (struct rl_vring_buf){ .addr = r->buffers.region->da + b->off, .len = b->len };
}

/* From the driver to the remote */

/* Where only bytes count, not what they came in, there is no harm in parting them. */
static bool is_stream(const struct rl_relay *r)
{
	u32 id = r->vdev->entry.vdev.id;

	return id == VIRTIO_ID_CONSOLE || id == VIRTIO_ID_RPROC_SERIAL;
}

/* How many bytes of the chain are to be read, and how many to be written? */
static int measure(struct rl_relay *r, struct rl_vring_chain *c, u32 *out, u32 *in,
		   struct rproc_lite_verdict *v)
{
	u64 room = r->buffers.room;
	int ret;

	*out = 0;
	*in = 0;
	while ((ret = rl_vring_chain_next(&r->private, c, v)) > 0) {
		u32 *sum = c->write ? in : out;

		if (*sum + c->len < c->len)
			return rl_refuse_plain(v, -EIO, RPROC_LITE_AT_RING, "a chain too long");
		*sum += c->len;
	}
	/* Less to write to is the same to the remote, and leaves room for others. */
	*in = min_t(u64, *in, max_t(u64, room / 4, RL_BUFFERS_STEP));
	if ((u64)round_up(*out, RL_BUFFERS_STEP) + round_up(*in, RL_BUFFERS_STEP) > room &&
	    (*in || !is_stream(r)))
		return rl_refuse_plain(v, -EIO, RPROC_LITE_AT_RING,
				       "%u bytes to send, and vdev%ubuffer gives %llu to each ring",
				       *out, r->vdev->n, room);
	return ret;
}

/*
 * The console's driver spins, without interrupts, until what it sent is used: it can't
 * wait for the remote to make room.
 */
static bool drops(const struct rl_relay *r, u32 in)
{
	return r->vdev->entry.vdev.id == VIRTIO_ID_CONSOLE && !in;
}

/* Pass the next chain on, or a part. Return: 1; 0 if there is none, or no room; -EIO. */
static int offer(struct rl_relay *r, struct rproc_lite_verdict *v)
{
	struct rl_relay_slot slot = { 0 };
	struct rl_vring_chain c;
	u32 out, in, skip = r->parted;
	bool part;
	int id, ret;

	r->waiting = false;
	ret = rl_vring_device_peek(&r->private, &c, v);
	if (ret <= 0)
		return ret;
	slot.head = c.head;
	ret = measure(r, &c, &out, &in, v);
	if (ret)
		return ret;
	out -= skip;
	part = is_stream(r) && !in && out > min_t(u64, r->buffers.room, PART_MAX);
	if (part)
		out = min_t(u64, r->buffers.room / 2, PART_MAX);
	r->waiting = r->shared.num_free < 2 || !rl_buffers_get(&r->buffers, &slot.out, out);
	if (!r->waiting && !rl_buffers_get(&r->buffers, &slot.in, in)) {
		rl_buffers_put(&r->buffers, &slot.out);
		r->waiting = true;
	}
	if (r->waiting && drops(r, in)) {
		rl_vring_device_take(&r->private);
		rl_vring_device_give(&r->private, slot.head, 0);
		r->parted = 0;
		return 1;
	}
	if (r->waiting)
		return 0;

	rl_chain_to_remote(&r->private,
			   (struct rl_chain_part){ .head = slot.head, .skip = skip, .len = out },
			   r->buffers.region, slot.out.off);
	id = rl_vring_driver_add(&r->shared, buffer_of(r, &slot.out), buffer_of(r, &slot.in));
	r->parted = part ? skip + out : 0;
	if (part) {
		r->slot[id] = slot;
		return 1;
	}
	rl_vring_device_take(&r->private);
	if (id < 0) {			/* an empty chain */
		rl_vring_device_give(&r->private, slot.head, 0);
		return 1;
	}
	r->slot[id] = slot;
	if (out)
		r->sent++;
	if (in)
		r->in_use++;
	else
		rl_vring_device_give(&r->private, slot.head, 0);
	return 1;
}

/* From the remote to the driver */

/* May the driver see this? It is in its own memory by now. */
static bool is_good(struct rl_relay *r, u16 head, u32 len)
{
	u8 header[RPMSG_HEADER];

	if (r->vdev->entry.vdev.id != VIRTIO_ID_RPMSG)
		return true;
	/* The bus subtracts the header's length without a look. */
	if (len < sizeof(header))
		return false;
	rl_chain_to_us(&r->private,
		       (struct rl_chain_part){ .head = head, .len = sizeof(header) }, header);
	return get_unaligned_le16(header + RPMSG_LEN) <= len - sizeof(header);
}

/* A chain came back that the driver must not see: let the remote write again. */
static void offer_again(struct rl_relay *r, const struct rl_relay_slot *slot)
{
	int id = rl_vring_driver_add(&r->shared, buffer_of(r, &slot->out),
				     buffer_of(r, &slot->in));

	r->slot[id] = *slot;
	r->in_use++;
	r->bad++;
}

/* Take one chain back. Return: 1; 0 if none came; -EIO. */
static int take_back(struct rl_relay *r, struct rproc_lite_verdict *v)
{
	struct rl_vring_done done;
	struct rl_relay_slot slot;
	int ret;

	ret = rl_vring_driver_take(&r->shared, &done, v);
	if (ret == -EBADMSG) {
		r->bad++;
		return 1;
	}
	if (ret <= 0)
		return ret;
	slot = r->slot[done.id];
	if (!slot.in.len) {
		rl_buffers_put(&r->buffers, &slot.out);
		return 1;
	}
	r->in_use--;
	if (done.len <= done.room)
		rl_chain_to_driver(&r->private,
				   (struct rl_chain_part){ .head = slot.head, .len = done.len },
				   r->buffers.region, slot.in.off);
	if (done.len > done.room || !is_good(r, slot.head, done.len)) {
		offer_again(r, &slot);
		return 1;
	}
	r->received++;
	rl_vring_device_give(&r->private, slot.head, done.len);
	rl_buffers_put(&r->buffers, &slot.out);
	rl_buffers_put(&r->buffers, &slot.in);
	return 1;
}

/* Both ways at once */

/* What is left to do when the lock is open again. */
struct after {
	bool ring;		/* the remote is to be told */
	bool more;		/* it did something meanwhile */
	u64 bad;		/* messages so far, if there is a new one */
};

/* Move all that can be moved. @receive: also what the driver will hear of. */
static void move(struct rl_relay *r, bool receive, struct after *a)
{
	u64 bad = r->bad;
	int n = BUDGET, ret = 0;

	lockdep_assert_held(&r->lock);
	while (receive && n && (ret = take_back(r, &r->verdict)) > 0)
		n--;
	while (ret >= 0 && n && (ret = offer(r, &r->verdict)) > 0)
		n--;
	r->owed |= rl_vring_device_publish(&r->private);
	a->ring = rl_vring_driver_publish(&r->shared);
	/* What was sent is looked at when more is sent, unless somebody waits. */
	a->more = rl_vring_driver_want(&r->shared, r->in_use || r->waiting) || !n;
	r->error = ret < 0;
	r->dead = r->error;
	if (r->bad != bad)
		a->bad = r->bad;
}

static void ring(struct rl_relay *r)
{
	rl_kick_remote(r->vdev->rproc, r->ring.notifyid);
}

/* Is all of a chain to be read? */
static bool is_for_reading(struct rl_relay *r, struct rl_vring_chain *c)
{
	struct rproc_lite_verdict v;
	bool write = false;

	while (rl_vring_chain_next(&r->private, c, &v) > 0)
		write |= c->write;
	return !write;
}

/*
 * Nothing goes through any more. What the driver sends is taken from it none the less:
 * its users would wait for room, and the driver for its users, before it goes.
 */
static void swallow(struct rl_relay *r)
{
	struct rproc_lite_verdict v;
	struct rl_vring_chain c;

	lockdep_assert_held(&r->lock);
	while (rl_vring_device_peek(&r->private, &c, &v) > 0) {
		u16 head = c.head;

		if (!is_for_reading(r, &c))
			break;
		rl_vring_device_take(&r->private);
		rl_vring_device_give(&r->private, head, 0);
	}
	r->owed |= rl_vring_device_publish(&r->private) && !r->silent;
}

void rl_relay_notify(struct rl_relay *r)
{
	struct after a = { 0 };
	unsigned long flags;
	bool later;

	spin_lock_irqsave(&r->lock, flags);
	if (!r->dead)
		move(r, !r->in_use, &a);
	else
		swallow(r);
	later = r->owed || a.more || r->error;
	spin_unlock_irqrestore(&r->lock, flags);
	if (a.ring)
		ring(r);
	if (later)
		queue_work(system_highpri_wq, &r->work);
}

static void rang(struct rl_kick *kick)
{
	struct rl_relay *r = container_of(kick, struct rl_relay, kick);

	queue_work(system_highpri_wq, &r->work);
}

/* Return: is the driver to be told now? */
static bool take_debt(struct rl_relay *r)
{
	bool tell = r->owed && r->ready;

	lockdep_assert_held(&r->lock);
	if (tell)
		r->owed = false;
	return tell;
}

/* One round. Return: is there more to do? */
static bool serve(struct rl_relay *r)
{
	struct after a = { 0 };
	unsigned long flags;
	bool tell, error;

	spin_lock_irqsave(&r->lock, flags);
	if (!r->dead)
		move(r, true, &a);
	tell = take_debt(r);
	error = r->error;
	r->error = false;
	spin_unlock_irqrestore(&r->lock, flags);
	if (a.ring)
		ring(r);
	if (a.bad)
		dev_warn_ratelimited(&r->vdev->rproc->dev,
				     "vdev%u ring %u: %llu bad messages by now\n", r->vdev->n,
				     r->index, a.bad);
	if (tell)
		vring_interrupt(0, r->vq);
	/* What was wrong stays so, since nothing moves any more. */
	if (error)
		rl_vdev_broke(r->vdev, r->index, &r->verdict);
	return a.more && !error;
}

static void work(struct work_struct *w)
{
	struct rl_relay *r = container_of(w, struct rl_relay, work);
	int rounds;

	rl_vdev_heed_status(r->vdev);
	for (rounds = 0; rounds < ROUNDS; rounds++) {
		if (!serve(r))
			return;
		cond_resched();
	}
	queue_work(system_highpri_wq, &r->work);
}

/* Coming and going */

static int make_rings(struct rl_relay *r, bool event_idx)
{
	u32 num = r->ring.vr.num;
	struct rl_vring vr;
	int ret;

	r->size = PAGE_ALIGN(rl_vring_size(num, PAGE_SIZE));
	r->pages = alloc_pages_exact(r->size, GFP_KERNEL | __GFP_ZERO | __GFP_NOWARN);
	r->known = kvcalloc(num, sizeof(*r->known), GFP_KERNEL);
	r->slot = kvcalloc(num, sizeof(*r->slot), GFP_KERNEL);
	if (!r->pages || !r->known || !r->slot)
		return -ENOMEM;
	ret = rl_buffers_init(&r->buffers, r->vdev, r->index);
	if (ret)
		return ret;
	rl_vring_init(&vr, r->pages, num, PAGE_SIZE);
	rl_vring_device_init(&r->private, &vr, false);
	rl_region_set(r->ring.region, r->ring.off, 0, rl_vring_size(num, r->ring.align));
	rl_vring_driver_init(&r->shared, &r->ring.vr, r->known, event_idx);
	return 0;
}

struct rl_relay *rl_relay_new(struct rl_vdev *vdev, u32 index, bool event_idx)
{
	struct rl_relay *r;
	int ret;

	r = kzalloc(sizeof(*r), GFP_KERNEL);
	if (!r)
		return ERR_PTR(-ENOMEM);
	spin_lock_init(&r->lock);
	INIT_WORK(&r->work, work);
	r->vdev = vdev;
	r->index = index;
	rl_vdev_ring(vdev, index, &r->ring);
	r->kick.id = r->ring.notifyid;
	r->kick.rang = rang;
	ret = make_rings(r, event_idx);
	if (!ret)
		return r;
	rl_relay_free(r);
	return ERR_PTR(ret);
}

int rl_relay_attach(struct rl_relay *r, struct virtqueue *vq)
{
	int ret;

	r->vq = vq;
	ret = rl_kick_add(r->vdev->rproc, &r->kick);
	if (ret)
		r->vq = NULL;
	return ret;
}

void rl_relay_ready(struct rl_relay *r)
{
	unsigned long flags;

	spin_lock_irqsave(&r->lock, flags);
	r->ready = true;
	if (r->owed)
		queue_work(system_highpri_wq, &r->work);
	spin_unlock_irqrestore(&r->lock, flags);
}

void rl_relay_cut(struct rl_relay *r)
{
	unsigned long flags;

	spin_lock_irqsave(&r->lock, flags);
	r->dead = true;
	/* One without a virtqueue may not even have a ring. */
	if (r->vq)
		swallow(r);
	if (r->owed)
		queue_work(system_highpri_wq, &r->work);
	spin_unlock_irqrestore(&r->lock, flags);
}

void rl_relay_count(struct rl_relay *r, struct rproc_lite_virtio *info)
{
	unsigned long flags;

	spin_lock_irqsave(&r->lock, flags);
	info->sent += r->sent;
	info->received += r->received;
	info->bad += r->bad;
	spin_unlock_irqrestore(&r->lock, flags);
}

void rl_relay_silence(struct rl_relay *r)
{
	unsigned long flags;
	bool tell;

	rl_relay_cut(r);
	cancel_work_sync(&r->work);
	spin_lock_irqsave(&r->lock, flags);
	tell = take_debt(r);
	r->silent = true;
	spin_unlock_irqrestore(&r->lock, flags);
	if (tell)
		vring_interrupt(0, r->vq);
}

void rl_relay_stop(struct rl_relay *r)
{
	rl_relay_cut(r);
	if (r->vq)
		rl_kick_del(r->vdev->rproc, &r->kick);
	cancel_work_sync(&r->work);
	r->vq = NULL;
}

void rl_relay_free(struct rl_relay *r)
{
	rl_relay_stop(r);
	rl_buffers_fini(&r->buffers);
	if (r->pages)
		free_pages_exact(r->pages, r->size);
	kvfree(r->known);
	kvfree(r->slot);
	kfree(r);
}
