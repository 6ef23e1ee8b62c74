// SPDX-License-Identifier: GPL-2.0-only
/*
 * Well-behaved, until Linux writes any word but 0, a seed, to the second word (offset 4) of
 * the carveout "counter". From then on we write at random to all that Linux looks at: the
 * resource table, the rings, the buffers, the trace, the registers, and the doorbell's
 * memory; as bytes anywhere, or as what could almost be right. The first word (offset 0)
 * counts the bursts.
 *
 * We go off when the third word (offset 8) is not 0, or SHUTDOWN is seen in the queue of
 * words from Linux, whatever else it says: nothing stops a spare CPU that does not want to.
 *
 * Descriptors are not followed any more, for then Linux's own memory would not be safe.
 */
#include "firmware.h"
#include <linux/rproc_lite_doorbell.h>
#include <linux/rproc_lite_rsc.h>

#include "vdev.h"

#define BELL		((volatile struct rproc_lite_doorbell *)FW_BELL)
#define RINGS		2
#define AT_ONCE		32
#define PAUSE		20000
#define BUFFER		512
/* For so many bursts only some kinds of steps are made, so that Linux comes further. */
#define ERA		64

/* The words of "counter". */
enum {
	BURSTS,
	SEED,
	STOP,
};

struct area {
	volatile uint8_t *at;
	uint32_t len;
};

enum {
	TABLE,
	RING0,
	RING1,
	BUFFERS,
	TRACE,
	REGISTERS,
	DOORBELL,
	AREAS,
};

static struct area areas[AREAS];
static struct virtq rings[RINGS];
static uint32_t ids[RINGS];
static volatile struct rproc_lite_rsc_vdev *vdev;
static volatile uint32_t *words;
static uint32_t state;

static uint32_t random(void)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state;
}

/* Bounds, and what is beside them. */
static uint32_t odd_number(void)
{
	static const uint32_t numbers[] = {
		0, 1, 2, 3, 7, 15, 16, 17, 53, 255, 256, 257, 496, 497, 511, 512, 513, 0x400, 0x401,
		0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff,
	};
	uint32_t i = random() % (2 * sizeof(numbers) / sizeof(numbers[0]));

	return i < sizeof(numbers) / sizeof(numbers[0]) ? numbers[i] : random();
}

/* With the MMU off an access must be aligned to its size. */
static void put32(volatile uint8_t *at, uint32_t value)
{
	unsigned int i;

	for (i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static void any_byte(void)
{
	struct area *a = &areas[random() % AREAS];

	if (a->len)
		a->at[random() % a->len] = (uint8_t)random();
}

static void any_word(void)
{
	struct area *a = &areas[random() % AREAS];

	if (a->len >= 8)
		put32(a->at + (random() % (a->len - 4) & ~3u), odd_number());
}

/* A buffer comes back that was there, or was not. */
static void use(void)
{
	struct virtq *q = &rings[random() % RINGS];
	uint32_t at = q->used->idx & (q->num - 1), id;

	id = q->avail->ring[random() & (q->num - 1)];
	q->used->ring[at].id = random() % 4 ? id : odd_number();
	q->used->ring[at].len = odd_number();
	cpu_full_barrier();
	q->used->idx += random() % 256 ? 1 : (uint16_t)odd_number();
}

/* As rpmsg's header and an announcement have it, in some buffer. */
static void write_message(void)
{
	volatile uint8_t *b = areas[BUFFERS].at;
	uint32_t i, len = odd_number() % (BUFFER - 16);

	if (areas[BUFFERS].len < BUFFER)
		return;
	b += random() % (areas[BUFFERS].len / BUFFER) * BUFFER;
	put32(b, odd_number());					/* from */
	put32(b + 4, random() % 2 ? 53 : odd_number());		/* to */
	put32(b + 8, 0);
	put32(b + 12, (random() % 4 ? 40 : len) | (random() % 8 ? 0 : odd_number() << 16));
	for (i = 0; i < 32; i++)
		b[16 + i] = i < 9 ? (uint8_t)"rpmsg-raw"[i] : 0;
	if (random() % 4 == 0)
		b[16 + random() % 32] = (uint8_t)random();
	put32(b + 48, 0x400 + random() % 16);
	put32(b + 52, random() % 2);
}

static void change_status(void)
{
	static const uint8_t values[] = { 0, 7, 0xf, 0x40, 0x47, 0x80, 0xff };

	vdev->status = values[random() % sizeof(values)];
}

static void kick(void)
{
	uint32_t id = random() % 2 ? ids[random() % RINGS] : random();

	id %= RPROC_LITE_DOORBELL_KICKS;
	BELL->to_linux.kick[id / 32] ^= 1u << id % 32;
}

/* CRASH is rare, since it ends a round. */
static void say_word(void)
{
	uint32_t head = BELL->to_linux.head, word = RPROC_LITE_WORD_FIRST + random() % 0x20;

	if (word == RPROC_LITE_WORD_CRASH && random() % 1024)
		word = odd_number();
	BELL->to_linux.word[head % RPROC_LITE_DOORBELL_WORDS] = word;
	cpu_full_barrier();
	BELL->to_linux.head = head + 1;
}

static void one_step(uint32_t kinds)
{
	uint32_t kind = random() % 16;

	switch (kinds >> kind & 1 ? kind : 16) {
	case 0:
	case 1:
	case 2:
		any_byte();
		break;
	case 3:
	case 4:
		any_word();
		break;
	case 5:
	case 6:
	case 7:
	case 8:
		use();
		break;
	case 9:
	case 10:
	case 11:
		write_message();
		break;
	case 12:
		if (random() % 64 == 0)
			change_status();
		break;
	case 13:
		say_word();
		break;
	case 14:
	case 15:
		kick();
		break;
	}
}

static bool is_to_stop(void)
{
	unsigned int i;

	for (i = 0; i < RPROC_LITE_DOORBELL_WORDS; i++)
		if (BELL->to_remote.word[i] == RPROC_LITE_WORD_SHUTDOWN)
			return true;
	return words[STOP] != 0;
}

void scribble_begin(void)
{
	const struct rproc_lite_rsc_trace *trace = table_trace();
	volatile struct rproc_lite_rsc_vring *vr;
	unsigned int i;

	words = table_counter();
	vdev = table_vdev();
	areas[TABLE].at = table_bytes(&areas[TABLE].len);
	for (i = 0; i < RINGS; i++) {
		vr = &vdev->vring[i];
		ids[i] = vr->notifyid;
		virtq_begin(&rings[i], vr->da, vr->num, vr->align, false);
		areas[RING0 + i].at = (volatile uint8_t *)rings[i].desc;
		areas[RING0 + i].len = rings[i].bytes;
	}
	areas[BUFFERS].at = (volatile uint8_t *)(uintptr_t)table_buffers();
	areas[BUFFERS].len = FW_BUFFERS;
	areas[TRACE].at = (volatile uint8_t *)(uintptr_t)trace->da;
	areas[TRACE].len = trace->len;
	areas[REGISTERS].at = (volatile uint8_t *)table_registers();
	areas[REGISTERS].len = 512;
	areas[DOORBELL].at = (volatile uint8_t *)BELL;
	areas[DOORBELL].len = sizeof(*BELL);
}

int scribble_is_wanted(void)
{
	return words[SEED] != 0;
}

void scribble_run(void)
{
	volatile uint32_t pause;
	uint32_t kinds = 0;
	unsigned int n;

	print(FW_NAME ": begins\n");
	state = words[SEED];
	while (!is_to_stop()) {
		if (words[BURSTS] % ERA == 0)
			kinds = random() & (random() % 4 ? random() : 0xffffffff);
		for (n = 1 + random() % AT_ONCE; n; n--)
			one_step(kinds);
		cpu_full_barrier();
		bell_ring();
		words[BURSTS]++;
		for (pause = random() % PAUSE; pause; pause--)
			;
	}
	cpu_off();
}
