// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver that lies to Linux, each time in one way: "/lie NAME [RING]". There is no
 * answer; the trace says "driver: lie NAME". RING is 1 (to Linux, if not said), where it
 * is a message, or 0, where it is what Linux has to write its next one to. But for "max",
 * "long" and "mixed", we leave the ring alone from then on, until we begin anew.
 *
 * A chain of one descriptor:
 *	outside		in Linux's own memory
 *	null		at address 0
 *	beyond		8 bytes before and 8 behind the end of a region
 *	wrap		8 bytes before and 8 behind the end of all addresses
 *	high		in a region, but for bit 32
 *	huge		in a region, of 4 GiB less one byte
 *	circle		followed by itself
 *	far		followed by one that the ring does not have
 *	indirect	a table
 *	max		65536 bytes, of our image
 *	long		one more
 * Of two, to Linux only:
 *	mixed		bytes 16 to 31 of our image to write, which nobody should, and 0 to 15
 *			to read
 * The available ring:
 *	head		a descriptor that the ring does not have
 *	idx-jump	its index is ahead by one more than the ring has
 *	idx-half	ahead by 0x8000
 *	idx-back	back by 1
 * For so many ms (1000):
 *	scribble MS	random bytes all over both rings
 *	smear MS	the same, but only where a driver writes
 */
#include "firmware.h"
#include "lie.h"
#include "text.h"

#define RINGS		2
#define TO_LINUX	1
#define LASTING_MS	1000
#define AT_ONCE		64
#define REGION_END	(FW_BASE + 0x400000ull)
#define LINUX_MEMORY	0x40000000ull
/* For the ring to be filled in. */
#define ITSELF		0xfffe
#define ONE_TOO_FAR	0xffff

static const struct lie {
	const char *name;
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
	uint16_t next;
	uint16_t head;
	uint16_t jump;
	bool fair;
	bool mixed;
} lies[] = {
	{ .name = "outside", .addr = LINUX_MEMORY, .len = 16 },
	{ .name = "null", .addr = 0, .len = 16 },
	{ .name = "beyond", .addr = REGION_END - 8, .len = 16 },
	{ .name = "wrap", .addr = UINT64_MAX - 7, .len = 16 },
	{ .name = "high", .addr = 1ull << 32 | FW_BASE, .len = 16 },
	{ .name = "huge", .addr = FW_BASE, .len = 0xffffffff },
	{ .name = "circle", .addr = FW_BASE, .len = 1, .flags = VIRTQ_DESC_NEXT, .next = ITSELF },
	{ .name = "far", .addr = FW_BASE, .len = 1, .flags = VIRTQ_DESC_NEXT,
	  .next = ONE_TOO_FAR },
	{ .name = "indirect", .addr = FW_BASE, .len = 16, .flags = VIRTQ_DESC_INDIRECT },
	{ .name = "max", .addr = FW_BASE, .len = 65536, .fair = true },
	{ .name = "long", .addr = FW_BASE, .len = 65537, .fair = true },
	{ .name = "mixed", .addr = FW_BASE, .len = 16, .fair = true, .mixed = true },
	{ .name = "head", .head = ONE_TOO_FAR },
	{ .name = "idx-jump", .jump = ONE_TOO_FAR },
	{ .name = "idx-half", .jump = 0x8000 },
	{ .name = "idx-back", .jump = 0xfffe },		/* and one for the chain itself */
};

static struct vdev *vdev;
static uint32_t (*take_id)(void);
static uint64_t scribble_until;
static bool smear;

static uint32_t random(void)
{
	static uint32_t x = 2463534242u;

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	return x;
}

void lie_begin(struct vdev *v, uint32_t (*take)(void))
{
	vdev = v;
	take_id = take;
	scribble_until = 0;
}

static void write_desc(struct virtq *q, const struct lie *lie, uint32_t id, uint16_t flags)
{
	q->desc[id].addr = lie->addr;
	q->desc[id].len = lie->len;
	q->desc[id].flags = lie->flags | flags;
	q->desc[id].next = lie->next == ITSELF ? (uint16_t)id :
			   lie->next == ONE_TOO_FAR ? q->num : lie->next;
}

/* One more message. */
static void lie_to_linux(struct virtq *q, const struct lie *lie)
{
	uint32_t id = take_id(), more;

	if (id >= q->num)
		return;
	write_desc(q, lie, id, 0);
	if (lie->mixed) {
		more = take_id();
		if (more >= q->num)
			return;
		write_desc(q, lie, more, 0);
		q->desc[id].addr += lie->len;
		q->desc[id].flags = VIRTQ_DESC_WRITE | VIRTQ_DESC_NEXT;
		q->desc[id].next = (uint16_t)more;
	}
	q->avail->ring[q->next_avail & (q->num - 1)] =
		lie->head == ONE_TOO_FAR ? q->num : (uint16_t)id;
	q->next_avail++;
}

/* Whichever buffer Linux takes next. */
static void lie_from_linux(struct virtq *q, const struct lie *lie)
{
	uint32_t i;

	for (i = 0; i < q->num; i++) {
		if (lie->len)
			write_desc(q, lie, i, VIRTQ_DESC_WRITE);
		if (lie->head == ONE_TOO_FAR)
			q->avail->ring[i] = q->num;
	}
}

static void tell(struct virtq *q, const struct lie *lie, uint32_t ring)
{
	if (ring == TO_LINUX)
		lie_to_linux(q, lie);
	else
		lie_from_linux(q, lie);
	if (lie->jump == ONE_TOO_FAR)
		q->next_avail = (uint16_t)(q->used->idx + q->num + 1);
	else
		q->next_avail += lie->jump;
	cpu_full_barrier();
	q->avail->idx = q->next_avail;
	q->broken = !lie->fair;
	vdev_kick(vdev, ring);
}

bool lie_work(void)
{
	struct virtq *q;
	uint32_t bytes;
	unsigned int n;

	if (!scribble_until)
		return false;
	for (n = 0; n < AT_ONCE; n++) {
		q = &vdev->ring[random() % RINGS];
		bytes = smear ? 18u * q->num + 6 : q->bytes;
		((volatile uint8_t *)q->desc)[random() % bytes] = (uint8_t)random();
	}
	vdev_kick(vdev, random() % RINGS);
	if (clock_us() >= scribble_until)
		scribble_until = 0;
	return true;
}

static void scribble(uint32_t ms)
{
	uint32_t i;

	for (i = 0; i < RINGS; i++)
		vdev->ring[i].broken = true;
	scribble_until = clock_us() + 1000ull * (ms ? ms : LASTING_MS);
}

bool lie_run(struct talk_message *m, char *args)
{
	const char *name = text_word(&args);
	uint32_t argument = TO_LINUX;
	const struct lie *lie;
	bool said, scribbles;

	said = text_number(text_word(&args), &argument);
	for (lie = lies; lie < lies + sizeof(lies) / sizeof(lies[0]); lie++)
		if (text_equal(lie->name, name))
			break;
	smear = text_equal(name, "smear");
	scribbles = smear || text_equal(name, "scribble");
	if (lie == lies + sizeof(lies) / sizeof(lies[0]) && !scribbles)
		return talk_say(m, "lie", "no such lie");
	if (scribbles)
		scribble(said ? argument : 0);
	else if (argument < RINGS)
		tell(&vdev->ring[argument], lie, argument);
	else
		return talk_say(m, "lie", "no such ring");
	/* Who waits for this relies on what was done. */
	print(FW_NAME ": lie ");
	print(name);
	print("\n");
	return false;
}
