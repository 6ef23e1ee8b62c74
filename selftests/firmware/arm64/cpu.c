// SPDX-License-Identifier: GPL-2.0-only
/* The core: who it is, what went wrong, how it ends. */
#include "arm64.h"
#include "die.h"
#include "firmware.h"

#define EM_AARCH64	183
#define PSCI_CPU_OFF	0x84000002

uint64_t cpu_mpidr(void)
{
	uint64_t mpidr;

	__asm__ volatile("mrs %0, mpidr_el1" : "=r" (mpidr));
	return mpidr;
}

static unsigned int level(void)
{
	uint64_t el;

	__asm__ volatile("mrs %0, CurrentEL" : "=r" (el));
	return (unsigned int)(el >> 2);
}

void cpu_introduce(void)
{
	print("MPIDR ");
	print_hex(cpu_mpidr());
	print(" at EL");
	print_dec(level());
}

void cpu_full_barrier(void)
{
	__asm__ volatile("dsb sy" ::: "memory");
}

void cpu_wait_for_interrupt(void)
{
	__asm__ volatile("wfi" ::: "memory");
}

/* PSCI is above us: at EL2, or at EL3 where EL2 is ours. */
void cpu_off(void)
{
	register uint64_t function __asm__("x0") = PSCI_CPU_OFF;

	cpu_full_barrier();
	if (level() == 2)
		__asm__ volatile("smc #0" : "+r" (function) :: "x1", "x2", "x3", "memory");
	else
		__asm__ volatile("hvc #0" : "+r" (function) :: "x1", "x2", "x3", "memory");
	for (;;)
		cpu_wait_for_interrupt();
}

void cpu_quit(void)
{
	cpu_off();
}

/* What Linux calls it. */
static uint32_t signal_of(uint64_t esr)
{
	switch (esr >> 26 & 0x3f) {
	case 0x00:		/* unknown */
	case 0x0e:		/* illegal state */
		return 4;
	case 0x20:		/* aborts: of instructions, of data */
	case 0x21:
	case 0x24:
	case 0x25:
		return 11;
	case 0x22:		/* alignment: of pc, of sp */
	case 0x26:
		return 7;
	case 0x3c:		/* brk */
		return 5;
	}
	return 0;
}

void cpu_fault(uint64_t esr, uint64_t elr, uint64_t far)
{
	print(FW_NAME ": fault, ESR ");
	print_hex(esr);
	print(", ELR ");
	print_hex(elr);
	print(", FAR ");
	print_hex(far);
	print("\n");
	die_leave(EM_AARCH64, signal_of(esr), fault_registers, NUM_REGISTERS);
	firmware_fault();
}
