// SPDX-License-Identifier: GPL-2.0-only
/* The driver's end of a split ring: chains are offered, and come back used. */
#include "vring_driver.h"
#include "verdict.h"

void rl_vring_driver_init(struct rl_vring_driver *d, const struct rl_vring *vr,
			  struct rl_vring_slot *slot, bool event_idx)
{
	u32 i;

	memset(d, 0, sizeof(*d));
	d->vr = *vr;
	d->slot = slot;
	d->event_idx = event_idx;
	d->num_free = vr->num;
	for (i = 0; i < vr->num; i++) {
		memset(&slot[i], 0, sizeof(slot[i]));
		slot[i].next = (u16)(i + 1);
	}
}

static u16 take_free(struct rl_vring_driver *d)
{
	u16 id = d->free;

	d->free = d->slot[id].next;
	d->num_free--;
	return id;
}

static void put_free(struct rl_vring_driver *d, u16 id)
{
	d->slot[id].next = d->free;
	d->free = id;
	d->num_free++;
}

static void write_desc(struct rl_vring_driver *d, u16 id, struct rl_vring_buf buf, u16 flags,
		       u16 next)
{
	u8 *p = d->vr.desc + (size_t)id * RL_VRING_DESC_SIZE;

	rl_vring_put64(p, buf.addr);
	rl_vring_put32(p + 8, buf.len);
	rl_vring_put16(p + 12, flags);
	rl_vring_put16(p + 14, next);
}

int rl_vring_driver_add(struct rl_vring_driver *d, struct rl_vring_buf out,
			struct rl_vring_buf in)
{
	bool both = out.len && in.len;
	u16 first, second = 0;

	if (!out.len && !in.len)
		return -EINVAL;
	if (d->num_free < 1u + both)
		return -ENOSPC;
	first = take_free(d);
	if (both) {
		second = take_free(d);
		write_desc(d, second, in, RL_VRING_DESC_WRITE, 0);
	}
	if (out.len)
		write_desc(d, first, out, both ? RL_VRING_DESC_NEXT : 0, second);
	else
		write_desc(d, first, in, RL_VRING_DESC_WRITE, 0);
	d->slot[first].next = second;
	d->slot[first].chained = both;
	d->slot[first].live = true;
	d->slot[first].room = in.len;
	rl_vring_put16(rl_vring_avail_id(&d->vr, d->avail), first);
	d->avail++;
	return first;
}

bool rl_vring_driver_publish(struct rl_vring_driver *d)
{
	u16 old = d->published;

	if (d->published == d->avail)
		return false;
	/* Chains before the index that shows them... */
	dma_wmb();
	rl_vring_put16(rl_vring_avail_idx(&d->vr), d->avail);
	d->published = d->avail;
	/* ...and that before we look whether the device waits for it. */
	mb();
	if (d->event_idx)
		return rl_vring_passed(rl_vring_get16(rl_vring_avail_event(&d->vr)),
				       d->avail, old);
	return !(rl_vring_get16(d->vr.used) & RL_VRING_NO_NOTIFY);
}

int rl_vring_driver_take(struct rl_vring_driver *d, struct rl_vring_done *done,
			 struct rproc_lite_verdict *v)
{
	u16 idx = rl_vring_get16(rl_vring_used_idx(&d->vr));
	u16 out = (u16)(d->published - d->used), came = (u16)(idx - d->used);
	struct rl_vring_slot *slot;
	const u8 *elem;
	u32 id;

	if (!came)
		return 0;
	if (came > out)
		return rl_refuse_plain(v, -EIO, RPROC_LITE_AT_RING,
				       "used index %u, when %u chains were used and %u are out",
				       idx, d->used, out);
	/* The index before what it shows. */
	dma_rmb();
	elem = rl_vring_used_elem(&d->vr, d->used);
	id = rl_vring_get32(elem);
	done->len = rl_vring_get32(elem + 4);
	d->used++;
	slot = id < d->vr.num ? &d->slot[id] : NULL;
	if (!slot || !slot->live)
		return rl_refuse_plain(v, -EBADMSG, RPROC_LITE_AT_RING,
				       "used element %u: chain %u is not out", d->used - 1u, id);
	done->id = (u16)id;
	done->room = slot->room;
	slot->live = false;
	if (slot->chained)
		put_free(d, slot->next);
	put_free(d, done->id);
	return 1;
}

bool rl_vring_driver_want(struct rl_vring_driver *d, bool want)
{
	if (d->event_idx && (want || !d->quiet))
		rl_vring_put16(rl_vring_used_event(&d->vr),
			       want ? d->used : (u16)(d->used - 1));
	else if (!d->event_idx && want == d->quiet)
		rl_vring_put16(d->vr.avail, want ? 0 : RL_VRING_NO_INTERRUPT);
	d->quiet = !want;
	if (!want)
		return false;
	/* The wish before the look, or what comes in between is missed. */
	mb();
	return rl_vring_get16(rl_vring_used_idx(&d->vr)) != d->used;
}
