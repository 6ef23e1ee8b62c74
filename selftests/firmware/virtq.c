// SPDX-License-Identifier: GPL-2.0-only
/* What both ends of a virtqueue have in common: where its parts lie, event indices. */
#include "firmware.h"
#include "virtq.h"

void virtq_begin(struct virtq *q, uint32_t da, uint32_t num, uint32_t align, bool event_idx)
{
	uint32_t avail_end = 16 * num + 6 + 2 * num, used;
	uint8_t *base;

	*q = (struct virtq){ .broken = true };
	if (!num || num > 32768 || num & (num - 1) || !align || align & (align - 1) || da % 16)
		return;
	used = (avail_end + align - 1) & ~(align - 1);
	q->bytes = used + 6 + 8 * num;
	base = mem_at(da, q->bytes);
	if (!base)
		return;
	q->desc = (volatile struct virtq_desc *)base;
	q->avail = (volatile struct virtq_avail *)(base + 16 * num);
	q->used = (volatile struct virtq_used *)(base + used);
	q->num = (uint16_t)num;
	q->event_idx = event_idx;
	q->broken = false;
}

/* Going from @before to @now, did an index pass the one that the other end named? */
bool virtq_passed(uint16_t event, uint16_t now, uint16_t before)
{
	return (uint16_t)(now - event - 1) < (uint16_t)(now - before);
}

volatile uint16_t *virtq_used_event(struct virtq *q)
{
	return &q->avail->ring[q->num];
}

volatile uint16_t *virtq_avail_event(struct virtq *q)
{
	return (volatile uint16_t *)&q->used->ring[q->num];
}
