/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts for the Cortex-R5 know of each other. */
#ifndef R5_H
#define R5_H

/* Where each core's eight words are, in the order of the vectors; firmware.ld knows too. */
#define SLOTS		0x800
#define SLOT_SHIFT	5

/* What cpu_fault() is told. */
#define FAULT_UNDEFINED	0
#define FAULT_PREFETCH	1
#define FAULT_DATA	2
#define FAULT_OTHER	3

#ifdef __ASSEMBLER__

/* The registers that the vectors need, to and from where they are kept. */
	.macro	put_r11
	mcr	p15, 0, r11, c13, c0, 2
	.endm
	.macro	put_r12
	mcr	p15, 0, r12, c13, c0, 3
	.endm
	.macro	get_r11 to
	mrc	p15, 0, \to, c13, c0, 2
	.endm
	.macro	get_r12 to
	mrc	p15, 0, \to, c13, c0, 3
	.endm

#else

#include <stdint.h>

/* Called from start.S, with the registers saved there, but for the pc; @lr is the exception's. */
#define NUM_REGISTERS	17
extern uint32_t fault_registers[NUM_REGISTERS];
void cpu_fault(uint32_t kind, uint32_t lr) __attribute__((__noreturn__));

#endif /* !__ASSEMBLER__ */

#endif /* R5_H */
