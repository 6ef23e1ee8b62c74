// SPDX-License-Identifier: GPL-2.0-only
/* No interrupt goes from Linux to us, nor back: both sides look at the doorbell's memory. */
#include "firmware.h"

/* Turns between two looks, so that the memory has some peace. */
#define PAUSE	64

void bell_init(void)
{
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
