// SPDX-License-Identifier: GPL-2.0-only
/*
 * Time: the cycle counter, which runs once it is asked to, here in steps of 64 cycles. It
 * has 32 bits: whoever wants to know the time looks more often than it takes them round
 * (275 s at 1 GHz).
 */
#include "firmware.h"

#define PMCR_ENABLE	(1u << 0)
#define PMCR_BY_64	(1u << 3)
#define CYCLE_COUNTER	(1u << 31)

static void begin(void)
{
	__asm__ volatile("mcr p15, 0, %0, c9, c12, 0" :: "r" (PMCR_ENABLE | PMCR_BY_64));
	__asm__ volatile("mcr p15, 0, %0, c9, c12, 1; isb" :: "r" (CYCLE_COUNTER));
}

uint64_t clock_us(void)
{
	static uint64_t ticks;
	static uint32_t last;
	uint32_t now;

	if (!ticks)
		begin();
	__asm__ volatile("isb; mrc p15, 0, %0, c9, c13, 0" : "=r" (now) :: "memory");
	/* The first step begins wherever the counter was; 0 is for "not begun". */
	ticks += ticks ? now - last : 1;
	last = now;
	return ticks * 64 / FW_CYCLES_PER_US;
}
