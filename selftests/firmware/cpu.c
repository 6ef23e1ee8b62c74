// SPDX-License-Identifier: GPL-2.0-only
/* The core: who it is, how it waits, how it ends. */
#include "firmware.h"

#define PSCI_CPU_OFF	0x84000002

uint64_t cpu_mpidr(void)
{
	uint64_t mpidr;

	__asm__ volatile("mrs %0, mpidr_el1" : "=r" (mpidr));
	return mpidr;
}

unsigned int cpu_level(void)
{
	uint64_t level;

	__asm__ volatile("mrs %0, CurrentEL" : "=r" (level));
	return (unsigned int)(level >> 2);
}

void cpu_full_barrier(void)
{
	__asm__ volatile("dsb sy" ::: "memory");
}

/* A pending interrupt wakes the core even while it is masked. */
void cpu_wait_for_interrupt(void)
{
	__asm__ volatile("wfi" ::: "memory");
}

/* PSCI is above us: at EL2, or at EL3 where EL2 is ours. */
void cpu_off(void)
{
	register uint64_t function __asm__("x0") = PSCI_CPU_OFF;

	cpu_full_barrier();
	if (cpu_level() == 2)
		__asm__ volatile("smc #0" : "+r" (function) :: "x1", "x2", "x3", "memory");
	else
		__asm__ volatile("hvc #0" : "+r" (function) :: "x1", "x2", "x3", "memory");
	for (;;)
		cpu_wait_for_interrupt();
}
