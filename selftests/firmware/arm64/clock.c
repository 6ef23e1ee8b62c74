// SPDX-License-Identifier: GPL-2.0-only
/* Time: the generic timer's counter, which runs without being asked to. */
#include "firmware.h"

uint64_t clock_us(void)
{
	uint64_t ticks, hz;

	__asm__ volatile("isb; mrs %0, cntvct_el0" : "=r" (ticks) :: "memory");
	__asm__ volatile("mrs %0, cntfrq_el0" : "=r" (hz));
	return hz ? ticks / hz * 1000000 + ticks % hz * 1000000 / hz : 0;
}
