/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Split virtqueues, either end of them. Pure C: what it needs of the machine are
 * mem_at(), memcpy() and cpu_full_barrier(), so that the host can test it.
 *
 * Nothing that the other end writes leads out of the ring or into a loop without
 * end. What makes no sense at all leaves the ring "broken": untouched until
 * virtq_begin().
 */
#ifndef VIRTQ_H
#define VIRTQ_H

#include <stdbool.h>
#include <stdint.h>

#define VIRTQ_DESC_NEXT		1
#define VIRTQ_DESC_WRITE	2
#define VIRTQ_DESC_INDIRECT	4
#define VIRTQ_NO_NOTIFY		1	/* used: the device wants no kicks */
#define VIRTQ_NO_INTERRUPT	1	/* avail: the driver wants no kicks */

/* A longer chain, or one of more bytes, is refused. */
#define VIRTQ_PIECES		16
#define VIRTQ_BYTES_MAX		(1u << 20)

struct virtq_desc {
	uint64_t addr;
	uint32_t len;
	uint16_t flags;
	uint16_t next;
};

struct virtq_avail {
	uint16_t flags;
	uint16_t idx;
	uint16_t ring[];	/* then the driver's event index */
};

struct virtq_used_elem {
	uint32_t id;
	uint32_t len;
};

struct virtq_used {
	uint16_t flags;
	uint16_t idx;
	struct virtq_used_elem ring[];	/* then the device's event index */
};

struct virtq {
	volatile struct virtq_desc *desc;
	volatile struct virtq_avail *avail;
	volatile struct virtq_used *used;
	uint32_t bytes;		/* of all three, from desc */
	uint16_t num;
	uint16_t next_avail;	/* the device takes, the driver fills this next */
	uint16_t next_used;	/* the other way round */
	uint16_t told;		/* up to here the other end was told of */
	bool event_idx;
	bool broken;
	uint32_t bad;		/* entries that made no sense */
};

/* The da of a buffer or ring as a pointer; NULL if it can be none. */
void *mem_at(uint64_t da, uint64_t len);

/* A ring as its driver left it, or will find it. Else it is broken. */
void virtq_begin(struct virtq *q, uint32_t da, uint32_t num, uint32_t align, bool event_idx);
bool virtq_passed(uint16_t event, uint16_t now, uint16_t before);
volatile uint16_t *virtq_used_event(struct virtq *q);
volatile uint16_t *virtq_avail_event(struct virtq *q);

/* --- the device's end: virtq_device.c --- */

struct virtq_piece {
	uint8_t *at;
	uint32_t len;
};

struct virtq_chain {
	uint16_t head;
	uint16_t num_read, num_write;	/* pieces to read come first */
	uint32_t readable, writable;	/* bytes */
	struct virtq_piece piece[VIRTQ_PIECES];
};

/* Is there a chain to take? */
bool virtq_pending(struct virtq *q);
/* Takes it. Bad ones are given back on the way, empty. */
bool virtq_take(struct virtq *q, struct virtq_chain *c);
/* Bytes of it, from @offset on. Return: how many there were. */
uint32_t virtq_read(const struct virtq_chain *c, uint32_t offset, void *to, uint32_t len);
uint32_t virtq_write(const struct virtq_chain *c, uint32_t offset, const void *from, uint32_t len);
void virtq_give(struct virtq *q, uint32_t head, uint32_t len);
/* Does the driver want a kick for what was given since the last time? */
bool virtq_wants_interrupt(struct virtq *q);
/* We want kicks. Return: something is there already. */
bool virtq_listen(struct virtq *q);
/* We want none, for we look anyway. */
void virtq_ignore(struct virtq *q);

/* --- the driver's end: virtq_driver.c; each descriptor is a chain by itself --- */

/* Buffer @id may be @read or written by the device. */
void virtq_offer(struct virtq *q, uint16_t id, uint32_t da, uint32_t len, bool read);
/* One that comes back; @len is what the device wrote, as it says. */
bool virtq_reap(struct virtq *q, uint32_t *id, uint32_t *len);
bool virtq_wants_notify(struct virtq *q);

#endif /* VIRTQ_H */
