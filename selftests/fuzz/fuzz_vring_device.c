// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device's end of a ring, whose driver writes what it likes, also while a chain is
 * walked. The ring's memory is a block by itself, and no walk is longer than the ring.
 *
 * The first byte: bits 0 to 2 are the ring's size as a power of two, bit 3 VIRTIO_F_EVENT_IDX.
 */
#include "fuzz.h"
#include "common.h"
#include "vring_device.h"

#include <stdlib.h>

enum step {
	POKE,			/* a byte anywhere */
	DESC,			/* a descriptor */
	OFFER,			/* the next entry of the available ring, and the index behind it */
	JUMP,			/* any index */
	LOOK,			/* peek, and walk */
	TAKE,			/* peek, walk, take, give back */
	PUBLISH,
	WANT,
	STEPS,
};

struct ring {
	struct rl_vring vr;
	size_t size;
	u8 *before;		/* what the driver's part was, before the device's call */
	struct rl_vring_device dev;
	struct rproc_lite_verdict v;
};

/* What only the driver writes: descriptors and available ring. */
static size_t drivers_part(const struct ring *r)
{
	return (size_t)(r->vr.avail - r->vr.desc) + 6 + 2 * r->vr.num;
}

static void remember(struct ring *r)
{
	memcpy(r->before, r->vr.desc, drivers_part(r));
}

static void is_untouched(struct ring *r)
{
	must(!memcmp(r->before, r->vr.desc, drivers_part(r)));
}

static void poke(struct ring *r, struct input *in)
{
	u16 at = take16(in);

	r->vr.desc[at % r->size] = take8(in);
}

static void write_desc(struct ring *r, struct input *in)
{
	u8 *p = r->vr.desc + (size_t)(take8(in) % r->vr.num) * RL_VRING_DESC_SIZE;

	rl_vring_put64(p, take32(in));
	rl_vring_put32(p + 8, take32(in));
	rl_vring_put16(p + 12, take8(in));
	rl_vring_put16(p + 14, take8(in));
}

static void offer(struct ring *r, struct input *in)
{
	rl_vring_put16(rl_vring_avail_id(&r->vr, r->dev.avail), take8(in));
	rl_vring_put16(rl_vring_avail_idx(&r->vr), (u16)(r->dev.avail + take8(in) % 4));
}

/* Each piece is as the driver wrote it, and there are no more than the ring has. */
static void walk(struct ring *r, struct rl_vring_chain c, struct input *in)
{
	u16 head = c.head, at;
	u32 pieces = 0;
	const u8 *p;
	int ret;

	must(head < r->vr.num);
	for (;;) {
		at = c.next;
		remember(r);
		ret = rl_vring_chain_next(&r->dev, &c, &r->v);
		is_untouched(r);
		if (ret <= 0)
			break;
		must(++pieces <= r->vr.num && at < r->vr.num && c.head == head);
		must(!c.more || c.next < r->vr.num);
		p = r->vr.desc + at * RL_VRING_DESC_SIZE;
		must(c.addr == rl_vring_get64(p) && c.len == rl_vring_get32(p + 8));
		must(c.write == !!(rl_vring_get16(p + 12) & RL_VRING_DESC_WRITE));
		/* It goes on writing. */
		if (in->left && *in->at % 4 == 3)
			poke(r, in);
	}
	if (ret)
		assert_verdict_sane(&r->v, -EIO);
	else
		must(pieces);
}

static bool look(struct ring *r, struct rl_vring_chain *c)
{
	struct rl_vring_device was = r->dev;
	u16 idx = rl_vring_get16(rl_vring_avail_idx(&r->vr));
	u16 came = (u16)(idx - r->dev.avail);
	int ret;

	must(rl_vring_device_has(&r->dev) == !!came);
	remember(r);
	ret = rl_vring_device_peek(&r->dev, c, &r->v);
	is_untouched(r);
	must(!memcmp(&was, &r->dev, sizeof(was)));
	must(came ? ret : !ret);
	must(came <= r->vr.num || ret == -EIO);
	if (ret < 0)
		assert_verdict_sane(&r->v, -EIO);
	return ret > 0;
}

static void take_chain(struct ring *r, struct input *in)
{
	u16 used = r->dev.used, shown;
	struct rl_vring_chain c;
	const u8 *elem;
	u32 len;

	if (!look(r, &c))
		return;
	walk(r, c, in);
	len = take32(in);
	shown = rl_vring_get16(rl_vring_used_idx(&r->vr));
	remember(r);
	rl_vring_device_take(&r->dev);
	rl_vring_device_give(&r->dev, c.head, len);
	is_untouched(r);
	elem = rl_vring_used_elem(&r->vr, used);
	must(rl_vring_get32(elem) == c.head && rl_vring_get32(elem + 4) == len);
	must(r->dev.used == (u16)(used + 1));
	/* Nobody sees it yet. */
	must(shown == rl_vring_get16(rl_vring_used_idx(&r->vr)));
}

static void publish(struct ring *r)
{
	bool news = r->dev.published != r->dev.used, told;

	remember(r);
	told = rl_vring_device_publish(&r->dev);
	is_untouched(r);
	must(r->dev.published == r->dev.used && (news || !told));
	if (news)
		must(!rl_vring_device_is_anew(&r->dev));
}

static void want(struct ring *r)
{
	u16 idx = rl_vring_get16(rl_vring_avail_idx(&r->vr));

	remember(r);
	must(rl_vring_device_want(&r->dev) == (idx != r->dev.avail));
	is_untouched(r);
	if (r->dev.event_idx)
		must(rl_vring_get16(rl_vring_avail_event(&r->vr)) == r->dev.avail);
}

static void one_step(struct ring *r, struct input *in)
{
	struct rl_vring_chain c;

	switch ((enum step)(take8(in) % STEPS)) {
	case POKE:
		poke(r, in);
		break;
	case DESC:
		write_desc(r, in);
		break;
	case OFFER:
		offer(r, in);
		break;
	case JUMP:
		rl_vring_put16(rl_vring_avail_idx(&r->vr), take16(in));
		break;
	case LOOK:
		if (look(r, &c))
			walk(r, c, in);
		break;
	case TAKE:
		take_chain(r, in);
		break;
	case PUBLISH:
		publish(r);
		break;
	default:
		want(r);
		break;
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, size };
	u8 kind = take8(&in);
	u32 num = 1u << (kind & 7);
	struct ring r = { .size = rl_vring_size(num, 4) };
	void *memory = fuzz_alloc(r.size);

	rl_vring_init(&r.vr, memory, num, 4);
	r.before = fuzz_alloc(r.size);
	rl_vring_device_init(&r.dev, &r.vr, kind & 8);
	while (in.left)
		one_step(&r, &in);
	free(r.before);
	free(memory);
	return 0;
}
