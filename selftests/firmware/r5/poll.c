// SPDX-License-Identifier: GPL-2.0-only
/*
 * No interrupt goes from Linux to us, nor back: both sides look at the doorbell's memory. But
 * a DMA channel, which is ours, has an interrupt of Linux's, and that is the watchdog's.
 */
#include "firmware.h"

/* Turns between two looks, so that the memory has some peace. */
#define PAUSE	64

#define ADMA_ISR	(FW_ADMA + 0x100)
#define ADMA_IEN	(FW_ADMA + 0x108)
#define ADMA_IDS	(FW_ADMA + 0x10c)
#define ADMA_INV_APB	(1u << 0)
#define ADMA_ALL	0xfffu
/* There is no register there: to read it is such a fault. */
#define ADMA_NOTHING	(FW_ADMA + 0x10)

/* The line is held until somebody does that; the last one did not. */
static void be_quiet(void)
{
	write32(ADMA_IDS, ADMA_ALL);
	write32(ADMA_ISR, ADMA_ALL);
}

void bell_init(void)
{
	be_quiet();
}

void bell_bark(void)
{
	write32(ADMA_IEN, ADMA_INV_APB);
	read32(ADMA_NOTHING);
}

void bell_wait(void)
{
	unsigned int i;

	while (!doorbell_pending())
		for (i = 0; i < PAUSE; i++)
			__asm__ volatile("nop");
}

void bell_ring(void)
{
	cpu_full_barrier();
}
