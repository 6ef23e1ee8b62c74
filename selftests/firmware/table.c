// SPDX-License-Identifier: GPL-2.0-only
/*
 * The resource table. Linux reads it before we run, and writes the addresses
 * that we left open.
 */
#include "firmware.h"
#include <linux/rproc_lite_rsc.h>

#define ANY	RPROC_LITE_RSC_ANY
#define BUFFERS	16

#ifdef FW_NO_TABLE

const struct rproc_lite_rsc_trace *table_trace(void)
{
	return NULL;
}

#else

struct vdev {
	struct rproc_lite_rsc_vdev head;
	struct rproc_lite_rsc_vring ring[2];
} __attribute__((packed));

static volatile struct {
	struct rproc_lite_rsc_table head;
	uint32_t offset[FW_VDEVS + 2];
	struct rproc_lite_rsc_carveout carveout;
	struct rproc_lite_rsc_trace trace;
	struct vdev vdev[FW_VDEVS];
} __attribute__((packed)) table __attribute__((section(".resource_table"), used)) = {
	.head = { .ver = RPROC_LITE_RSC_VERSION, .num = FW_VDEVS + 2 },
	.offset = {
		offsetof(__typeof__(table), carveout),
		offsetof(__typeof__(table), trace),
		offsetof(__typeof__(table), vdev[0]),
#if FW_VDEVS > 1
		offsetof(__typeof__(table), vdev[1]),
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
				.type = RPROC_LITE_RSC_VDEV, .id = 7, .dfeatures = 1,
				.num_of_vrings = 2,
			},
			.ring = {
				{ .da = ANY, .align = 4096, .num = BUFFERS, .notifyid = ANY },
				{ .da = ANY, .align = 4096, .num = BUFFERS, .notifyid = ANY },
			},
		},
	},
};

const struct rproc_lite_rsc_trace *table_trace(void)
{
	return (const struct rproc_lite_rsc_trace *)&table.trace;
}

#endif
