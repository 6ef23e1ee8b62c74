// SPDX-License-Identifier: GPL-2.0-only
/*
 * The remote is the driver, and Linux the device: we write the status and own the
 * rings. Ring 0 brings messages of Linux's, ring 1 takes ours; one buffer a message,
 * of at most 512 bytes, without any header. They lie in the carveout "vdev0buffer",
 * first those of ring 0.
 *
 * Each time that we begin we send a patterned message of 64 bytes, seq counting
 * beginnings from 1, seed 0. We begin when we start, when Linux sets NEEDS_RESET (or
 * FAILED) in the status and kicks, and by our own command:
 *
 *	/reset [MS]	write status 0, kick both rings, wait until Linux has taken
 *			the kicks (and MS milliseconds more), and begin anew
 *	/lie NAME	see lie.c
 */
#include "firmware.h"
#include "lie.h"
#include "pattern.h"
#include "service.h"
#include "talk.h"
#include "text.h"
#include "vdev.h"

#define FROM_LINUX	0
#define TO_LINUX	1
#define BUFFERS		64
#define STEPS		32
#define HELLO_LEN	64
#define HEARD_US	1000000

/* @out: which of our ids the device has. */
static struct end {
	bool out[BUFFERS];
	uint32_t num;		/* of them that we use */
} ends[2];

static struct vdev vdev;
static uint32_t buffers, beginnings;
static uint64_t pause_us, reset_at;

static uint32_t buffer(unsigned int ring, uint32_t id)
{
	return buffers + (ring * BUFFERS + id) * TALK_MAX;
}

static void offer(unsigned int ring, uint32_t id, uint32_t len)
{
	ends[ring].out[id] = true;
	virtq_offer(&vdev.ring[ring], (uint16_t)id, buffer(ring, id), len, ring == TO_LINUX);
}

/* One that came back, and that was out. */
static bool reap(unsigned int ring, uint32_t *id, uint32_t *len)
{
	struct virtq *q = &vdev.ring[ring];

	if (!virtq_reap(q, id, len))
		return false;
	if (*id >= ends[ring].num || !ends[ring].out[*id] || *len > TALK_MAX) {
		q->broken = true;
		q->bad++;
		return false;
	}
	ends[ring].out[*id] = false;
	return true;
}

/* --- sending ----------------------------------------------------------------- */

/* The id of a buffer of ours that is free, or BUFFERS. */
static uint32_t free_buffer(void)
{
	uint32_t id, len;

	while (reap(TO_LINUX, &id, &len))
		;
	for (id = 0; id < ends[TO_LINUX].num; id++)
		if (!ends[TO_LINUX].out[id])
			return id;
	return BUFFERS;
}

/* One that is Linux's from now on. */
static uint32_t take_buffer(void)
{
	uint32_t id = free_buffer();

	if (id < BUFFERS)
		ends[TO_LINUX].out[id] = true;
	return id;
}

static void send(const struct talk_message *m)
{
	uint32_t id = free_buffer();
	uint8_t *at = mem_at(buffer(TO_LINUX, id), TALK_MAX);

	if (id == BUFFERS || !at) {
		talk_counts.dropped++;
		return;
	}
	memcpy(at, m->data, m->len);
	offer(TO_LINUX, id, m->len);
	talk_counts.sent++;
}

/* --- status ------------------------------------------------------------------ */

static void clear_rings(void)
{
	unsigned int i, k;

	for (i = 0; i < 2; i++) {
		if (!vdev.ring[i].broken)
			memset((void *)vdev.ring[i].desc, 0, vdev.ring[i].bytes);
		ends[i].num = vdev.ring[i].num < BUFFERS ? vdev.ring[i].num : BUFFERS;
		for (k = 0; k < BUFFERS; k++)
			ends[i].out[k] = false;
	}
}

static void say_hello(void)
{
	struct talk_message m = { .len = HELLO_LEN };

	pattern_make(m.data, m.len, ++beginnings, 0);
	send(&m);
}

static void begin(void)
{
	uint32_t id;

	vdev.entry->status = VDEV_ACKNOWLEDGE;
	vdev.entry->status |= VDEV_DRIVER;
	vdev.entry->gfeatures = vdev.entry->dfeatures & VDEV_F_EVENT_IDX;
	cpu_full_barrier();
	vdev.entry->status |= VDEV_FEATURES_OK;
	cpu_full_barrier();
	vdev_begin_rings(&vdev);
	clear_rings();
	for (id = 0; id < ends[FROM_LINUX].num; id++)
		offer(FROM_LINUX, id, TALK_MAX);
	cpu_full_barrier();
	vdev.entry->status |= VDEV_DRIVER_OK;
	vdev.live = true;
	say_hello();
	vdev_kick(&vdev, FROM_LINUX);
	vdev_kick(&vdev, TO_LINUX);
	print(FW_NAME ": begun, features ");
	print_hex(vdev.features);
	print("\n");
}

static void reset(void)
{
	print(FW_NAME ": reset\n");
	vdev.live = false;
	talk_forget();
	lie_begin(&vdev, take_buffer);
	vdev.entry->status = 0;
	vdev_kick(&vdev, FROM_LINUX);
	vdev_kick(&vdev, TO_LINUX);
	reset_at = clock_us();
}

/* May we begin again? Linux must not miss that we were gone. */
static bool reset_is_over(void)
{
	uint64_t since = clock_us() - reset_at;

	if (since >= HEARD_US + pause_us)
		return true;
	return since >= pause_us && doorbell_heard(vdev.place[FROM_LINUX].notifyid) &&
		doorbell_heard(vdev.place[TO_LINUX].notifyid);
}

static bool run_reset(struct talk_message *m, char *args)
{
	uint32_t ms = 0;

	(void)m;
	text_number(text_word(&args), &ms);
	pause_us = 1000ull * ms;
	reset();
	return false;
}

const struct talk_command talk_more_commands[] = {
	{ "reset", run_reset },
	{ "lie", lie_run },
	{ NULL, NULL },
};

/* --- receiving --------------------------------------------------------------- */

/* What waits until we take messages again: it comes with no other kick. */
static bool held;

static bool answer(void)
{
	struct talk_message m = { .us = 0 };
	uint32_t id;

	held = talk_on_hold();
	if (held || !reap(FROM_LINUX, &id, &m.len))
		return false;
	memcpy(m.data, mem_at(buffer(FROM_LINUX, id), TALK_MAX), m.len);
	offer(FROM_LINUX, id, TALK_MAX);
	if (talk_answer(&m))
		send(&m);
	return true;
}

/* Only with a buffer for the answer. */
static bool step(void)
{
	struct talk_message m;

	if (vdev.entry->status & (VDEV_NEEDS_RESET | VDEV_FAILED)) {
		pause_us = 0;
		reset();
		return false;
	}
	if (free_buffer() == BUFFERS)
		return false;
	if (answer())
		return true;
	if (!talk_more(&m))
		return false;
	send(&m);
	return true;
}

void service_begin(void)
{
	vdev_init(&vdev, table_vdev());
	buffers = table_buffers();
	talk_begin(TALK_MAX);
	lie_begin(&vdev, take_buffer);
	if (mem_at(buffers, 2 * BUFFERS * TALK_MAX))
		begin();
	else
		buffers = 0;
}

void service_kick(uint32_t id)
{
	(void)id;
}

bool service_work(void)
{
	unsigned int n;

	if (!buffers)
		return false;
	if (!vdev.live) {
		if (!reset_is_over())
			return true;
		pause_us = 0;
		begin();
	}
	held = false;
	for (n = 0; n < STEPS && step(); n++)
		;
	if (!vdev.live || lie_work())
		return true;
	if (virtq_wants_notify(&vdev.ring[FROM_LINUX]))
		vdev_kick(&vdev, FROM_LINUX);
	if (virtq_wants_notify(&vdev.ring[TO_LINUX]))
		vdev_kick(&vdev, TO_LINUX);
	return n == STEPS || held;
}
