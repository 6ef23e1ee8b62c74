// SPDX-License-Identifier: GPL-2.0-only
/*
 * The resource table. Linux reads it before we run, and writes the addresses
 * that we left open.
 */
#include "firmware.h"
#include <linux/rproc_lite_rsc.h>

#define ANY	RPROC_LITE_RSC_ANY

/* What a variant may have otherwise. */
#ifndef FW_TRACE_SIZE
#define FW_TRACE_SIZE	4096
#endif
#ifndef FW_VDEVS
#define FW_VDEVS	1
#endif
#ifndef FW_VDEV_ID
#define FW_VDEV_ID	7
#endif
#ifndef FW_FEATURES
#define FW_FEATURES	1
#endif
#ifndef FW_RINGS
#define FW_RINGS	2
#endif
#ifndef FW_RING_NUM
#define FW_RING_NUM	16
#endif
#ifndef FW_CONFIG_LEN
#define FW_CONFIG_LEN	0
#endif

#ifdef FW_NO_TABLE

const struct rproc_lite_rsc_trace *table_trace(void)
{
	return NULL;
}

volatile uint32_t *table_counter(void)
{
	return NULL;
}

#else

struct vdev {
	struct rproc_lite_rsc_vdev head;
	struct rproc_lite_rsc_vring ring[FW_RINGS];
	uint8_t config[FW_CONFIG_LEN];
} __attribute__((packed));

/* Ours come last, so that all before them are as in every variant. */
enum {
	EXTRA_ENTRIES = 0
#ifdef FW_BUFFERS
		+ 1
#endif
#ifdef FW_UPPER_FEATURES
		+ 1
#endif
#ifdef FW_COUNTER
		+ 1
#endif
#ifdef FW_REGISTERS
		+ 1
#endif
};

#define ENTRIES	(FW_VDEVS + 2 + EXTRA_ENTRIES)

static volatile struct {
	struct rproc_lite_rsc_table head;
	uint32_t offset[ENTRIES];
	struct rproc_lite_rsc_carveout carveout;
	struct rproc_lite_rsc_trace trace;
	struct vdev vdev[FW_VDEVS];
#ifdef FW_BUFFERS
	struct rproc_lite_rsc_carveout buffers;
#endif
#ifdef FW_UPPER_FEATURES
	struct rproc_lite_rsc_vdev_features upper;
#endif
#ifdef FW_COUNTER
	struct rproc_lite_rsc_carveout counter;
#endif
#ifdef FW_REGISTERS
	struct rproc_lite_rsc_carveout registers;
#endif
} __attribute__((packed)) table __attribute__((section(".resource_table"), used)) = {
	.head = { .ver = RPROC_LITE_RSC_VERSION, .num = ENTRIES },
	.offset = {
		offsetof(__typeof__(table), carveout),
		offsetof(__typeof__(table), trace),
		offsetof(__typeof__(table), vdev[0]),
#if FW_VDEVS > 1
		offsetof(__typeof__(table), vdev[1]),
#endif
#ifdef FW_BUFFERS
		offsetof(__typeof__(table), buffers),
#endif
#ifdef FW_UPPER_FEATURES
		offsetof(__typeof__(table), upper),
#endif
#ifdef FW_COUNTER
		offsetof(__typeof__(table), counter),
#endif
#ifdef FW_REGISTERS
		offsetof(__typeof__(table), registers),
#endif
	},
	.carveout = {
		.type = RPROC_LITE_RSC_CARVEOUT, .da = ANY, .pa = ANY, .len = 0x10000,
		.name = "shared",
	},
	.trace = { .type = RPROC_LITE_RSC_TRACE, .da = ANY, .len = FW_TRACE_SIZE, .name = "log" },
	.vdev = {
		[0 ... FW_VDEVS - 1] = {
			.head = {
				.type = RPROC_LITE_RSC_VDEV, .id = FW_VDEV_ID,
				.dfeatures = FW_FEATURES, .config_len = FW_CONFIG_LEN,
				.num_of_vrings = FW_RINGS,
			},
			.ring = {
				[0 ... FW_RINGS - 1] = {
					.da = ANY, .align = 4096, .num = FW_RING_NUM,
					.notifyid = ANY,
				},
			},
		},
	},
#ifdef FW_BUFFERS
	.buffers = {
		.type = RPROC_LITE_RSC_CARVEOUT, .da = ANY, .pa = ANY, .len = FW_BUFFERS,
		.name = "vdev0buffer",
	},
#endif
#ifdef FW_UPPER_FEATURES
	.upper = {
		.type = RPROC_LITE_RSC_VDEV_FEATURES, .len = 12, .vdev = 0,
		.dfeatures = FW_UPPER_FEATURES,
	},
#endif
#ifdef FW_COUNTER
	.counter = {
		.type = RPROC_LITE_RSC_CARVEOUT, .da = ANY, .pa = ANY, .len = 4096,
		.name = "counter",
	},
#endif
#ifdef FW_REGISTERS
	.registers = {
		.type = RPROC_LITE_RSC_CARVEOUT, .da = ANY, .pa = ANY, .len = 4096,
		.name = RPROC_LITE_REGISTERS_NAME,
	},
#endif
};

volatile uint8_t *table_bytes(uint32_t *len)
{
	*len = sizeof(table);
	return (volatile uint8_t *)&table;
}

const struct rproc_lite_rsc_trace *table_trace(void)
{
	return (const struct rproc_lite_rsc_trace *)&table.trace;
}

volatile struct rproc_lite_rsc_vdev *table_vdev(void)
{
	return &table.vdev[0].head;
}

uint32_t table_upper_features(void)
{
#ifdef FW_UPPER_FEATURES
	return table.upper.gfeatures & table.upper.dfeatures;
#else
	return 0;
#endif
}

uint32_t table_buffers(void)
{
#ifdef FW_BUFFERS
	return table.buffers.da;
#else
	return 0;
#endif
}

volatile uint32_t *table_counter(void)
{
#ifdef FW_COUNTER
	return (volatile uint32_t *)(uintptr_t)table.counter.da;
#else
	return NULL;
#endif
}

#endif

volatile struct rproc_lite_registers *table_registers(void)
{
#ifdef FW_REGISTERS
	return (volatile struct rproc_lite_registers *)(uintptr_t)table.registers.da;
#else
	return NULL;
#endif
}
