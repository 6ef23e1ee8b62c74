// SPDX-License-Identifier: GPL-2.0-only
/* The device's end of a split ring: chains are taken, filled or read, and given back. */
#include "vring_device.h"
#include "verdict.h"

void rl_vring_device_init(struct rl_vring_device *d, const struct rl_vring *vr,
			  bool event_idx)
{
	memset(d, 0, sizeof(*d));
	d->vr = *vr;
	d->event_idx = event_idx;
}

int rl_vring_device_peek(struct rl_vring_device *d, struct rl_vring_chain *c,
			 struct rproc_lite_verdict *v)
{
	u16 idx = rl_vring_get16(rl_vring_avail_idx(&d->vr));
	u16 came = (u16)(idx - d->avail), head;

	if (!came)
		return 0;
	if (came > d->vr.num)
		return rl_refuse_plain(v, -EIO, RPROC_LITE_AT_RING,
				       "available index %u, when %u chains of %u were taken",
				       idx, d->avail, d->vr.num);
	/* The index before what it shows. */
	dma_rmb();
	head = rl_vring_get16(rl_vring_avail_id(&d->vr, d->avail));
	if (head >= d->vr.num)
		return rl_refuse_plain(v, -EIO, RPROC_LITE_AT_RING,
				       "available element %u: there is no descriptor %u",
				       d->avail, head);
	rl_vring_chain_at(d, c, head);
	return 1;
}

void rl_vring_device_take(struct rl_vring_device *d)
{
	/* has() looks at it from anywhere. */
	WRITE_ONCE(d->avail, d->avail + 1);
}

void rl_vring_chain_at(const struct rl_vring_device *d, struct rl_vring_chain *c, u16 head)
{
	memset(c, 0, sizeof(*c));
	c->head = head;
	c->next = head;
	c->more = true;
	c->left = d->vr.num;
}

int rl_vring_chain_next(const struct rl_vring_device *d, struct rl_vring_chain *c,
			struct rproc_lite_verdict *v)
{
	const u8 *p = d->vr.desc + (size_t)c->next * RL_VRING_DESC_SIZE;
	u16 flags, id = c->next;

	if (!c->more)
		return 0;
	if (!c->left--)
		return rl_refuse_plain(v, -EIO, RPROC_LITE_AT_RING,
				       "chain %u has more descriptors than there are", c->head);
	c->addr = rl_vring_get64(p);
	c->len = rl_vring_get32(p + 8);
	flags = rl_vring_get16(p + 12);
	c->next = rl_vring_get16(p + 14);
	c->more = flags & RL_VRING_DESC_NEXT;
	c->write = flags & RL_VRING_DESC_WRITE;
	if (flags & RL_VRING_DESC_INDIRECT)
		return rl_refuse_plain(v, -EIO, RPROC_LITE_AT_RING,
				       "descriptor %u is indirect, which was not agreed upon", id);
	if (c->more && c->next >= d->vr.num)
		return rl_refuse_plain(v, -EIO, RPROC_LITE_AT_RING,
				       "descriptor %u: there is no descriptor %u after it", id,
				       c->next);
	return 1;
}

void rl_vring_device_give(struct rl_vring_device *d, u16 head, u32 len)
{
	u8 *elem = rl_vring_used_elem(&d->vr, d->used);

	rl_vring_put32(elem, head);
	rl_vring_put32(elem + 4, len);
	d->used++;
}

bool rl_vring_device_publish(struct rl_vring_device *d)
{
	u16 old = d->published;

	if (d->published == d->used)
		return false;
	/* What was given before the index that shows it... */
	dma_wmb();
	rl_vring_put16(rl_vring_used_idx(&d->vr), d->used);
	WRITE_ONCE(d->published, d->used);
	/* ...and that before we look whether the driver waits for it. */
	mb();
	if (d->event_idx)
		return rl_vring_passed(rl_vring_get16(rl_vring_used_event(&d->vr)),
				       d->used, old);
	return !(rl_vring_get16(d->vr.avail) & RL_VRING_NO_INTERRUPT);
}

bool rl_vring_device_is_anew(const struct rl_vring_device *d)
{
	return rl_vring_get16(rl_vring_used_idx(&d->vr)) != READ_ONCE(d->published);
}

bool rl_vring_device_has(const struct rl_vring_device *d)
{
	return rl_vring_get16(rl_vring_avail_idx(&d->vr)) != READ_ONCE(d->avail);
}

bool rl_vring_device_want(struct rl_vring_device *d)
{
	if (d->event_idx) {
		rl_vring_put16(rl_vring_avail_event(&d->vr), d->avail);
		/* The wish before the look, or what comes in between is missed. */
		mb();
	}
	return rl_vring_device_has(d);
}
