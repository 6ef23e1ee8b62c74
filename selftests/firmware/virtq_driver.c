// SPDX-License-Identifier: GPL-2.0-only
/* The driver's end of a virtqueue: buffers are offered, and come back. */
#include "firmware.h"
#include "virtq.h"

void virtq_offer(struct virtq *q, uint16_t id, uint32_t da, uint32_t len, bool read)
{
	if (q->broken)
		return;
	q->desc[id].addr = da;
	q->desc[id].len = len;
	q->desc[id].flags = read ? 0 : VIRTQ_DESC_WRITE;
	q->desc[id].next = 0;
	q->avail->ring[q->next_avail & (q->num - 1)] = id;
	cpu_full_barrier();
	q->avail->idx = ++q->next_avail;
}

/* Whether that id is out, and what may be written to it, is the caller's to know. */
bool virtq_reap(struct virtq *q, uint32_t *id, uint32_t *len)
{
	uint16_t i = q->next_used & (q->num - 1), ready;

	if (q->broken)
		return false;
	/* Asked anew each time: the index that we wait for has passed. */
	if (q->event_idx) {
		*virtq_used_event(q) = q->next_used;
		cpu_full_barrier();
	}
	ready = q->used->idx - q->next_used;
	if (!ready)
		return false;
	cpu_full_barrier();
	*id = q->used->ring[i].id;
	*len = q->used->ring[i].len;
	if (ready > q->num || *id >= q->num) {
		q->broken = true;
		q->bad++;
		return false;
	}
	q->next_used++;
	return true;
}

bool virtq_wants_notify(struct virtq *q)
{
	uint16_t before = q->told;

	q->told = q->next_avail;
	if (q->broken || before == q->told)
		return false;
	cpu_full_barrier();
	if (q->event_idx)
		return virtq_passed(*virtq_avail_event(q), q->told, before);
	return !(q->used->flags & VIRTQ_NO_NOTIFY);
}
