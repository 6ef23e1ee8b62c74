// SPDX-License-Identifier: GPL-2.0-only
/*
 * A remote that lies to Linux, each time in one way: "/evil NAME [ARGUMENT]". There
 * is no answer but where one is named. The trace says "evil: NAME", and "evil: NAME
 * over" when something that lasts is over. RING is 0 (to Linux, if not said) or 1.
 *
 * Entries of a used ring, followed by a kick:
 *	id-range RING		an id one past the last
 *	id-huge RING		id 0xffffffff
 *	id-twice RING		one that was given already
 *	len-0 len-1 len-15	a message in a buffer that is said to hold so many bytes
 *	len-over		one more than the buffer has
 *	len-max			0xffffffff
 *	hdr-long		the header says one byte more than came
 *	hdr-max			the header says 65535 bytes
 * The used index, followed by a kick; entries that it covers are what was there:
 *	idx-jump RING		ahead by one more than the ring has
 *	idx-half RING		ahead by 0x8000
 *	idx-back RING		back by 2, behind what Linux has seen
 * What is Linux's to write, followed by kicks of both rings:
 *	desc			a message "evil: desc" comes in a buffer whose descriptor is
 *				garbage by then; all goes on
 *	desc-all avail		garbage in all descriptors, or in the avail ring, of both
 *				rings; nothing is answered until Linux resets us
 *	table-da table-num table-notify
 *				garbage in that word of both rings; all goes on
 *	table-config		65536 bytes of config space and 255 rings; all goes on
 *	table-status		status 0xff; nothing is answered until Linux resets us
 *	table-all		garbage in all of the vdev's entry; no answers, mostly
 * For so many ms (1000):
 *	storm MS		kicks of all 256 notify ids; then all goes on
 *	scribble MS		garbage all over both rings; nothing is answered until
 *				Linux resets us
 */
#include "firmware.h"
#include "pattern.h"
#include "rpmsg.h"
#include "text.h"
#include <linux/rproc_lite_doorbell.h>

#define RINGS		2
#define LASTING_MS	1000
#define AT_ONCE		256

struct evil {
	const char *name;
	/* @ring or @argument, as it was said. */
	void (*act)(struct talk_message *m, uint32_t argument, uint32_t value);
	uint32_t value;
};

static struct {
	const char *name;
	uint64_t until;
	bool scribble;
} lasting;

static uint32_t random(void)
{
	static uint32_t x = 2463534242u;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

static void fill_randomly(volatile void *at, uint32_t len)
{
	volatile uint8_t *b = at;

	while (len--)
		*b++ = (uint8_t)random();
}

static struct virtq *ring(uint32_t i)
{
	return &rpmsg_vdev.ring[i];
}

static void kick_both(void)
{
	vdev_kick(&rpmsg_vdev, 0);
	vdev_kick(&rpmsg_vdev, 1);
}

/* We can't follow our own rings any more: hands off. */
static void leave_rings_alone(void)
{
	ring(0)->broken = true;
	ring(1)->broken = true;
}

/* --- used entries ------------------------------------------------------------ */

static void give_id(struct talk_message *m, uint32_t i, uint32_t id)
{
	(void)m;
	virtq_give(ring(i), id, RPMSG_HEADER);
	vdev_kick(&rpmsg_vdev, i);
}

static void give_past_end(struct talk_message *m, uint32_t i, uint32_t value)
{
	(void)value;
	give_id(m, i, ring(i)->num);
}

/* The buffer that this very command came in was given already. */
static void give_twice(struct talk_message *m, uint32_t i, uint32_t value)
{
	struct virtq_chain c;

	(void)value;
	if (i == RPMSG_TO_LINUX) {
		if (!rpmsg_fill(&c, m, m->len))
			return;
		virtq_give(ring(i), c.head, RPMSG_HEADER + m->len);
	} else {
		c.head = (uint16_t)ring(i)->used->ring[(ring(i)->next_used - 1) &
						       (ring(i)->num - 1)].id;
	}
	virtq_give(ring(i), c.head, RPMSG_HEADER + m->len);
	vdev_kick(&rpmsg_vdev, i);
}

static void give_len(struct talk_message *m, uint32_t i, uint32_t len)
{
	struct virtq_chain c;

	(void)i;
	if (!rpmsg_fill(&c, m, m->len))
		return;
	virtq_give(ring(0), c.head, len);
	vdev_kick(&rpmsg_vdev, 0);
}

static void give_over(struct talk_message *m, uint32_t i, uint32_t value)
{
	struct virtq_chain c;

	(void)i;
	(void)value;
	if (!rpmsg_fill(&c, m, m->len))
		return;
	virtq_give(ring(0), c.head, c.writable + 1);
	vdev_kick(&rpmsg_vdev, 0);
}

/* @len 0: one more than there are. */
static void give_header(struct talk_message *m, uint32_t i, uint32_t len)
{
	struct virtq_chain c;

	(void)i;
	if (!rpmsg_fill(&c, m, len ? len : m->len + 1))
		return;
	virtq_give(ring(0), c.head, RPMSG_HEADER + m->len);
	vdev_kick(&rpmsg_vdev, 0);
}

/* We go on from there, as if we had meant it. */
static void move_index(struct talk_message *m, uint32_t i, uint32_t by)
{
	struct virtq *q = ring(i);

	(void)m;
	q->next_used += (uint16_t)(by ? by : q->num + 1u);
	q->used->idx = q->next_used;
	vdev_kick(&rpmsg_vdev, i);
}

/* --- what is Linux's --------------------------------------------------------- */

static void spoil_one(struct talk_message *m, uint32_t i, uint32_t value)
{
	struct virtq *q = ring(0);
	struct virtq_chain c;

	(void)i;
	(void)value;
	talk_say(m, "evil", "desc");
	if (!rpmsg_fill(&c, m, m->len))
		return;
	q->desc[c.head].addr = (uint64_t)random() << 32 | random();
	q->desc[c.head].len = 0xffffffff;
	q->desc[c.head].flags = VIRTQ_DESC_NEXT | VIRTQ_DESC_INDIRECT;
	q->desc[c.head].next = c.head;
	virtq_give(q, c.head, RPMSG_HEADER + m->len);
	kick_both();
}

static void spoil_descs(struct talk_message *m, uint32_t argument, uint32_t value)
{
	uint32_t i;

	(void)m;
	(void)argument;
	(void)value;
	for (i = 0; i < RINGS; i++)
		fill_randomly(ring(i)->desc, 16u * ring(i)->num);
	leave_rings_alone();
	kick_both();
}

static void spoil_avail(struct talk_message *m, uint32_t argument, uint32_t value)
{
	uint32_t i;

	(void)m;
	(void)argument;
	(void)value;
	for (i = 0; i < RINGS; i++)
		fill_randomly(ring(i)->avail, 6u + 2u * ring(i)->num);
	leave_rings_alone();
	kick_both();
}

/* @offset of a word of a ring of the table. */
static void spoil_ring_word(struct talk_message *m, uint32_t argument, uint32_t offset)
{
	volatile uint8_t *at = (volatile uint8_t *)rpmsg_vdev.entry->vring;
	uint32_t i;

	(void)m;
	(void)argument;
	for (i = 0; i < RINGS; i++)
		fill_randomly(at + i * sizeof(rpmsg_vdev.entry->vring[0]) + offset, 4);
	kick_both();
}

static void spoil_config(struct talk_message *m, uint32_t argument, uint32_t value)
{
	(void)m;
	(void)argument;
	rpmsg_vdev.entry->config_len = value;
	rpmsg_vdev.entry->num_of_vrings = 255;
	kick_both();
}

static void spoil_status(struct talk_message *m, uint32_t argument, uint32_t value)
{
	(void)m;
	(void)argument;
	rpmsg_vdev.entry->status = (uint8_t)value;
	kick_both();
}

static void spoil_table(struct talk_message *m, uint32_t argument, uint32_t value)
{
	(void)m;
	(void)argument;
	(void)value;
	fill_randomly(rpmsg_vdev.entry, sizeof(*rpmsg_vdev.entry) +
		      RINGS * sizeof(rpmsg_vdev.entry->vring[0]));
	kick_both();
}

/* --- what lasts -------------------------------------------------------------- */

static void last(struct talk_message *m, uint32_t ms, uint32_t scribble)
{
	(void)m;
	lasting.scribble = scribble;
	lasting.until = clock_us() + 1000ull * (ms ? ms : LASTING_MS);
	if (scribble)
		leave_rings_alone();
}

static void scribble(void)
{
	struct virtq *q;
	unsigned int n;

	for (n = 0; n < AT_ONCE; n++) {
		q = ring(random() % RINGS);
		((volatile uint8_t *)q->desc)[random() % q->bytes] = (uint8_t)random();
	}
	kick_both();
}

static void storm(void)
{
	uint32_t id;

	for (id = 0; id < RPROC_LITE_DOORBELL_KICKS; id++)
		doorbell_send(id);
}

static void tell(const char *name, const char *more)
{
	print("evil: ");
	print(name);
	print(more);
	print("\n");
}

bool evil_goes_on(void)
{
	return lasting.name;
}

void evil_work(void)
{
	if (lasting.scribble)
		scribble();
	else
		storm();
	if (clock_us() < lasting.until)
		return;
	tell(lasting.name, " over");
	lasting.name = NULL;
}

/* --- which ------------------------------------------------------------------- */

#define RING_WORD(member) offsetof(struct rproc_lite_rsc_vring, member)

static const struct evil evils[] = {
	{ "id-range", give_past_end, 0 },
	{ "id-huge", give_id, 0xffffffff },
	{ "id-twice", give_twice, 0 },
	{ "len-0", give_len, 0 },
	{ "len-1", give_len, 1 },
	{ "len-15", give_len, 15 },
	{ "len-over", give_over, 0 },
	{ "len-max", give_len, 0xffffffff },
	{ "hdr-long", give_header, 0 },
	{ "hdr-max", give_header, 0xffff },
	{ "idx-jump", move_index, 0 },
	{ "idx-half", move_index, 0x8000 },
	{ "idx-back", move_index, 0xfffe },
	{ "desc", spoil_one, 0 },
	{ "desc-all", spoil_descs, 0 },
	{ "avail", spoil_avail, 0 },
	{ "table-da", spoil_ring_word, RING_WORD(da) },
	{ "table-num", spoil_ring_word, RING_WORD(num) },
	{ "table-notify", spoil_ring_word, RING_WORD(notifyid) },
	{ "table-config", spoil_config, 0x10000 },
	{ "table-status", spoil_status, 0xff },
	{ "table-all", spoil_table, 0 },
	{ "storm", last, false },
	{ "scribble", last, true },
};

bool evil_run(struct talk_message *m, char *args)
{
	const char *name = text_word(&args);
	uint32_t argument = 0;
	unsigned int i;

	for (i = 0; i < sizeof(evils) / sizeof(evils[0]); i++)
		if (text_equal(evils[i].name, name))
			break;
	if (i == sizeof(evils) / sizeof(evils[0]))
		return talk_say(m, "evil", "no such evil");
	text_number(text_word(&args), &argument);
	if (evils[i].act == last)
		lasting.name = evils[i].name;
	else if (argument >= RINGS)
		return talk_say(m, "evil", "no such ring");
	tell(evils[i].name, "");
	evils[i].act(m, argument, evils[i].value);
	return false;
}
