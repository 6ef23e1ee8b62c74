// SPDX-License-Identifier: GPL-2.0-only
/* The core: who it is, what went wrong, how it ends. */
#include "die.h"
#include "firmware.h"
#include "r5.h"

#define EM_ARM		40
#define CRL_RST_CPU_R5	0xff5e0300

void cpu_introduce(void)
{
	uint32_t mpidr, cpsr;

	__asm__ volatile("mrc p15, 0, %0, c0, c0, 5" : "=r" (mpidr));
	__asm__ volatile("mrs %0, cpsr" : "=r" (cpsr));
	print("MPIDR ");
	print_hex(mpidr);
	print(" in mode ");
	print_hex(cpsr & 0x1f);
}

void cpu_full_barrier(void)
{
	__asm__ volatile("dsb" ::: "memory");
}

/* No R5 can switch itself off: it sleeps, and the reset line makes an end of it. */
void cpu_off(void)
{
	cpu_full_barrier();
	for (;;)
		__asm__ volatile("wfi" ::: "memory");
}

/* The reset line's own register: the CRL's RST_CPU_R5, a bit for each core. */
void cpu_quit(void)
{
	cpu_full_barrier();
	write32(CRL_RST_CPU_R5, read32(CRL_RST_CPU_R5) | 1u << FW_CORE);
	cpu_off();
}

static void print_register(const char *name, uint32_t value)
{
	print(name);
	print_hex(value);
}

/* The link register is so far behind the instruction. */
static uint32_t behind(uint32_t kind)
{
	return kind == FAULT_DATA ? 8 : 4;
}

static void leave_registers(uint32_t kind, uint32_t pc)
{
	/* What Linux calls it. */
	static const uint8_t signals[] = { 4, 11, 11, 0 };
	uint64_t reg[NUM_REGISTERS];
	uint32_t i;

	fault_registers[15] = pc;
	for (i = 0; i < NUM_REGISTERS; i++)
		reg[i] = fault_registers[i];
	die_leave(EM_ARM, signals[kind], reg, NUM_REGISTERS);
}

void cpu_fault(uint32_t kind, uint32_t lr)
{
	static const char *const names[] = {
		"undefined instruction", "prefetch abort", "data abort", "stray exception",
	};
	uint32_t status, address;

	print(FW_NAME ": fault, ");
	print(names[kind]);
	print_register(" at ", lr - behind(kind));
	if (kind == FAULT_DATA) {
		__asm__ volatile("mrc p15, 0, %0, c5, c0, 0" : "=r" (status));
		__asm__ volatile("mrc p15, 0, %0, c6, c0, 0" : "=r" (address));
		print_register(", DFSR ", status);
		print_register(", DFAR ", address);
	} else if (kind == FAULT_PREFETCH) {
		__asm__ volatile("mrc p15, 0, %0, c5, c0, 1" : "=r" (status));
		print_register(", IFSR ", status);
	}
	print("\n");
	leave_registers(kind, lr - behind(kind));
	firmware_fault();
}
