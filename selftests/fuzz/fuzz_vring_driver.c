// SPDX-License-Identifier: GPL-2.0-only
/*
 * The driver's end of a ring, whose device writes what it likes wherever it likes. What
 * comes back was out, once, with the room that it had; and no descriptor is ever lost or
 * in two chains.
 *
 * The first byte: bits 0 to 2 are the ring's size as a power of two, bit 3 VIRTIO_F_EVENT_IDX.
 */
#include "fuzz.h"
#include "common.h"
#include "vring_driver.h"

#include <stdlib.h>

enum step {
	POKE,			/* a byte anywhere */
	ADD,			/* a chain */
	PUBLISH,
	USE,			/* the next used element, and the index behind it */
	JUMP,			/* any index */
	TAKE,
	WANT,
	STEPS,
};

#define NUM_MAX		128

struct ring {
	struct rl_vring vr;
	size_t size;
	u8 *before;		/* what the device's part was, before the driver's call */
	struct rl_vring_driver drv;
	struct rl_vring_slot *slot;
	struct {
		bool live;
		u32 pieces;
		u32 room;
	} out[NUM_MAX];		/* by id */
	struct rproc_lite_verdict v;
};

static u8 *devices_part(struct ring *r, size_t *len)
{
	*len = r->size - (size_t)(r->vr.used - r->vr.desc);
	return r->vr.used;
}

static void remember(struct ring *r)
{
	size_t len;
	u8 *part = devices_part(r, &len);

	memcpy(r->before, part, len);
}

static void is_untouched(struct ring *r)
{
	size_t len;
	u8 *part = devices_part(r, &len);

	must(!memcmp(r->before, part, len));
}

/* Each descriptor is free, or in one chain that is out. */
static void check_slots(struct ring *r)
{
	bool seen[NUM_MAX] = { false };
	u32 i, n, total = 0;
	u16 id = r->drv.free;

	for (n = 0; n < r->drv.num_free; n++) {
		must(id < r->vr.num && !seen[id] && !r->out[id].live);
		seen[id] = true;
		id = r->slot[id].next;
	}
	for (i = 0; i < r->vr.num; i++) {
		must(r->slot[i].live == r->out[i].live);
		if (!r->out[i].live)
			continue;
		must(!seen[i]);
		seen[i] = true;
		total += r->out[i].pieces;
		if (r->out[i].pieces == 2) {
			must(r->slot[i].chained && !seen[r->slot[i].next]);
			seen[r->slot[i].next] = true;
		}
	}
	must(total + r->drv.num_free == r->vr.num);
	must((u16)(r->drv.avail - r->drv.used) <= r->vr.num);
	must((u16)(r->drv.published - r->drv.used) <= (u16)(r->drv.avail - r->drv.used));
}

/* The descriptor in the ring is what was asked for, whatever was scribbled there. */
static u16 check_desc(struct ring *r, u16 id, struct rl_vring_buf buf, u16 flags)
{
	const u8 *p = r->vr.desc + (size_t)id * RL_VRING_DESC_SIZE;

	must(rl_vring_get64(p) == buf.addr && rl_vring_get32(p + 8) == buf.len);
	must(rl_vring_get16(p + 12) == flags);
	return rl_vring_get16(p + 14);
}

static void add(struct ring *r, struct input *in)
{
	struct rl_vring_buf out = { .len = take8(in) }, to = { .len = take32(in) };
	u32 pieces = !!out.len + !!to.len;
	u16 at = r->drv.avail;
	bool both;
	int id;

	out.addr = 0x1000;
	to.addr = 0x123456789000;
	both = out.len && to.len;
	remember(r);
	id = rl_vring_driver_add(&r->drv, out, to);
	is_untouched(r);
	if (!pieces) {
		must(id == -EINVAL);
		return;
	}
	if (id < 0) {
		must(id == -ENOSPC && r->drv.num_free < pieces);
		return;
	}
	must(id < (int)r->vr.num && !r->out[id].live);
	r->out[id].live = true;
	r->out[id].pieces = pieces;
	r->out[id].room = to.len;
	must(rl_vring_get16(rl_vring_avail_id(&r->vr, at)) == id);
	if (both)
		check_desc(r, check_desc(r, (u16)id, out, RL_VRING_DESC_NEXT), to,
			   RL_VRING_DESC_WRITE);
	else if (out.len)
		check_desc(r, (u16)id, out, 0);
	else
		check_desc(r, (u16)id, to, RL_VRING_DESC_WRITE);
}

static void publish(struct ring *r)
{
	bool news = r->drv.published != r->drv.avail, told;

	remember(r);
	told = rl_vring_driver_publish(&r->drv);
	is_untouched(r);
	must(r->drv.published == r->drv.avail && (news || !told));
	if (news)
		must(rl_vring_get16(rl_vring_avail_idx(&r->vr)) == r->drv.avail);
}

static void use(struct ring *r, struct input *in)
{
	u8 *elem = rl_vring_used_elem(&r->vr, r->drv.used);

	rl_vring_put32(elem, take8(in));
	rl_vring_put32(elem + 4, take32(in));
	rl_vring_put16(rl_vring_used_idx(&r->vr), (u16)(r->drv.used + take8(in) % 4));
}

static void take_back(struct ring *r)
{
	u16 idx = rl_vring_get16(rl_vring_used_idx(&r->vr)), used = r->drv.used;
	u16 came = (u16)(idx - used), out = (u16)(r->drv.published - used);
	u32 id = rl_vring_get32(rl_vring_used_elem(&r->vr, used));
	u32 len = rl_vring_get32(rl_vring_used_elem(&r->vr, used) + 4);
	struct rl_vring_done done = { 0 };
	int ret;

	remember(r);
	ret = rl_vring_driver_take(&r->drv, &done, &r->v);
	is_untouched(r);
	if (!came) {
		must(!ret && r->drv.used == used);
	} else if (came > out) {
		must(ret == -EIO && r->drv.used == used);
	} else if (id >= r->vr.num || !r->out[id].live) {
		must(ret == -EBADMSG && r->drv.used == (u16)(used + 1));
	} else {
		must(ret == 1 && r->drv.used == (u16)(used + 1));
		must(done.id == id && done.len == len && done.room == r->out[id].room);
		r->out[id].live = false;
	}
	if (ret < 0)
		assert_verdict_sane(&r->v, ret);
}

static void want(struct ring *r, bool wanted)
{
	bool there = rl_vring_get16(rl_vring_used_idx(&r->vr)) != r->drv.used;

	remember(r);
	must(rl_vring_driver_want(&r->drv, wanted) == (wanted && there));
	is_untouched(r);
	if (r->drv.event_idx && wanted)
		must(rl_vring_get16(rl_vring_used_event(&r->vr)) == r->drv.used);
}

static void one_step(struct ring *r, struct input *in)
{
	u16 at;

	switch ((enum step)(take8(in) % STEPS)) {
	case POKE:
		at = take16(in);
		r->vr.desc[at % r->size] = take8(in);
		break;
	case ADD:
		add(r, in);
		break;
	case PUBLISH:
		publish(r);
		break;
	case USE:
		use(r, in);
		break;
	case JUMP:
		rl_vring_put16(rl_vring_used_idx(&r->vr), take16(in));
		break;
	case TAKE:
		take_back(r);
		break;
	default:
		want(r, take8(in) & 1);
		break;
	}
	check_slots(r);
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
	r.slot = fuzz_alloc(num * sizeof(*r.slot));
	rl_vring_driver_init(&r.drv, &r.vr, r.slot, kind & 8);
	while (in.left)
		one_step(&r, &in);
	free(r.slot);
	free(r.before);
	free(memory);
	return 0;
}
