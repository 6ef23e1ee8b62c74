// SPDX-License-Identifier: GPL-2.0-only
/* The device's end of a virtqueue: chains are taken, used, and given back. */
#include "firmware.h"
#include "virtq.h"

bool virtq_pending(struct virtq *q)
{
	uint16_t ready;

	if (q->broken)
		return false;
	ready = q->avail->idx - q->next_avail;
	if (ready > q->num) {
		q->broken = true;
		q->bad++;
		return false;
	}
	return ready;
}

/* One more piece. Those that the device writes come last. */
static bool add_piece(struct virtq_chain *c, uint64_t addr, uint32_t len, bool write)
{
	uint32_t n = c->num_read + c->num_write;
	uint32_t *sum = write ? &c->writable : &c->readable;

	if (n == VIRTQ_PIECES || len > VIRTQ_BYTES_MAX - *sum || (!write && c->num_write))
		return false;
	c->piece[n].at = mem_at(addr, len);
	c->piece[n].len = len;
	if (!c->piece[n].at)
		return false;
	*sum += len;
	if (write)
		c->num_write++;
	else
		c->num_read++;
	return true;
}

/* VIRTQ_PIECES ends it, if nothing else does. */
static bool walk(struct virtq *q, struct virtq_chain *c)
{
	uint16_t i = c->head, flags;

	c->num_read = 0;
	c->num_write = 0;
	c->readable = 0;
	c->writable = 0;
	do {
		if (i >= q->num)
			return false;
		flags = q->desc[i].flags;
		if (flags & VIRTQ_DESC_INDIRECT)
			return false;
		if (!add_piece(c, q->desc[i].addr, q->desc[i].len, flags & VIRTQ_DESC_WRITE))
			return false;
		i = q->desc[i].next;
	} while (flags & VIRTQ_DESC_NEXT);
	return true;
}

bool virtq_take(struct virtq *q, struct virtq_chain *c)
{
	uint16_t tries;

	/* The driver may add while we give back: no more than a ring full in one go. */
	for (tries = 0; tries < q->num && virtq_pending(q); tries++) {
		cpu_full_barrier();
		c->head = q->avail->ring[q->next_avail++ & (q->num - 1)];
		if (walk(q, c))
			return true;
		q->bad++;
		if (c->head >= q->num)
			q->broken = true;
		else
			virtq_give(q, c->head, 0);
	}
	return false;
}

/* Some bytes of some pieces, to or from @bytes. */
static uint32_t copy(const struct virtq_piece *p, unsigned int num, uint32_t offset,
		     void *bytes, uint32_t len, bool write)
{
	uint32_t done = 0, n;

	for (; num && done < len; num--, p++) {
		if (offset >= p->len) {
			offset -= p->len;
			continue;
		}
		n = p->len - offset < len - done ? p->len - offset : len - done;
		if (write)
			memcpy(p->at + offset, (uint8_t *)bytes + done, n);
		else
			memcpy((uint8_t *)bytes + done, p->at + offset, n);
		done += n;
		offset = 0;
	}
	return done;
}

uint32_t virtq_read(const struct virtq_chain *c, uint32_t offset, void *to, uint32_t len)
{
	return copy(c->piece, c->num_read, offset, to, len, false);
}

uint32_t virtq_write(const struct virtq_chain *c, uint32_t offset, const void *from, uint32_t len)
{
	return copy(c->piece + c->num_read, c->num_write, offset, (void *)from, len, true);
}

void virtq_give(struct virtq *q, uint32_t head, uint32_t len)
{
	uint16_t i = q->next_used & (q->num - 1);

	q->used->ring[i].id = head;
	q->used->ring[i].len = len;
	cpu_full_barrier();
	q->used->idx = ++q->next_used;
}

bool virtq_wants_interrupt(struct virtq *q)
{
	uint16_t before = q->told;

	q->told = q->next_used;
	if (q->broken || before == q->told)
		return false;
	/* What was given must be seen before we look whether to tell of it. */
	cpu_full_barrier();
	if (q->event_idx)
		return virtq_passed(*virtq_used_event(q), q->told, before);
	return !(q->avail->flags & VIRTQ_NO_INTERRUPT);
}

bool virtq_listen(struct virtq *q)
{
	if (q->broken)
		return false;
	if (q->event_idx)
		*virtq_avail_event(q) = q->next_avail;
	else
		q->used->flags = 0;
	/* What comes after this look is followed by a kick. */
	cpu_full_barrier();
	return virtq_pending(q);
}

void virtq_ignore(struct virtq *q)
{
	/* With event indices there is nothing to do: ours lies behind. */
	if (!q->broken && !q->event_idx)
		q->used->flags = VIRTQ_NO_NOTIFY;
}
