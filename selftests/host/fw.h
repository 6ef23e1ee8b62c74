/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The test firmware's services on the host: the machine that they run on, and Linux's
 * virtio driver. Either end is woken only as kicks are wanted, so a kick that is
 * missing shows.
 */
#ifndef FW_H
#define FW_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "firmware.h"
#include "service.h"
#include "vdev.h"

#define FW_RINGS	4
#define FW_CONFIG	16

/* What runs too long never ends. */
#define FW_ROUNDS_MAX	100000u

/* The resource table's entry. */
struct fw_table {
	struct rproc_lite_rsc_vdev head;
	struct rproc_lite_rsc_vring ring[FW_RINGS];
	uint8_t config[FW_CONFIG];
} __attribute__((packed));

extern struct fw_table fw_table;
extern char fw_trace[65536];
extern uint64_t fw_now_us;
/* Kicks to Linux that it has not taken. */
extern uint32_t fw_kicks[FW_RINGS];
extern bool fw_died, fw_is_off, fw_hangs;

/* Memory of the remote's, a block for itself. Return: its da. */
uint32_t fw_alloc(uint32_t len);
/* A new machine, with rings for a vdev. */
void fw_reset(unsigned int rings, uint32_t num, uint32_t features);
void fw_free(void);
/* Run the service until it would sleep. */
void fw_run(void);
/* It is kicked. */
void fw_kick(unsigned int ring);
bool fw_said(const char *text);

/**
 * struct linux_ring - the driver's end of a ring, written apart from the firmware's
 * @out: buffers that the device has, by id: their da, 0 if none
 * @len, @write: of them
 */
struct linux_ring {
	unsigned int index;
	uint16_t num;
	bool event_idx, sleeps;
	struct virtq_desc *desc;
	struct virtq_avail *avail;
	struct virtq_used *used;
	uint16_t last_used, told;
	uint32_t out[1024], len[1024], next[1024];
	bool write[1024];
	uint32_t num_out;
};

extern struct linux_ring linux_rings[FW_RINGS];

/* The driver arrives with these features, or leaves. */
void linux_ready(uint32_t features);
void linux_gone(void);
/* Return: the id, or @num if the ring is full. */
uint32_t linux_add(struct linux_ring *r, uint32_t da, uint32_t len, bool write);
/* The device is told, if it wants it, and runs. */
void linux_kick(struct linux_ring *r);
/* One that the device gave back, checked as Linux should. Return: there was one. */
bool linux_get(struct linux_ring *r, uint32_t *da, uint32_t *len);
/* The same, if Linux was told of it: it looks at rings that it was kicked for only. */
bool linux_was_kicked(struct linux_ring *r);

#endif /* FW_H */
