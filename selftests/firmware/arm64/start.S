/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the core begins: MMU and caches off, interrupts masked, at whatever
 * exception level the PSCI firmware gives us (EL1 or EL2).
 */
	.section .text.start, "ax"
	.globl	_start
_start:
#ifdef FW_PA
	bl	mmu_on
#endif
	adrp	x0, stack_top
	add	x0, x0, :lo12:stack_top
	mov	sp, x0
	adrp	x0, vectors
	add	x0, x0, :lo12:vectors
	mrs	x1, CurrentEL
	cmp	x1, #(2 << 2)
	b.eq	1f
	msr	vbar_el1, x0
	b	2f
1:	msr	vbar_el2, x0
2:	isb
	b	firmware_main

/* Any exception is a fault: interrupts stay masked, and only wake us. */
fault:
	msr	tpidr_el0, x0
	adrp	x0, fault_registers
	add	x0, x0, :lo12:fault_registers
	.irp	n, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, \
		22, 23, 24, 25, 26, 27, 28, 29, 30
	str	x\n, [x0, #8 * \n]
	.endr
	mrs	x1, tpidr_el0
	str	x1, [x0]
	mov	x1, sp
	str	x1, [x0, #8 * 31]
	mov	x4, x0
	mrs	x3, CurrentEL
	cmp	x3, #(2 << 2)
	b.eq	1f
	mrs	x0, esr_el1
	mrs	x1, elr_el1
	mrs	x2, far_el1
	mrs	x3, spsr_el1
	b	2f
1:	mrs	x0, esr_el2
	mrs	x1, elr_el2
	mrs	x2, far_el2
	mrs	x3, spsr_el2
2:	str	x1, [x4, #8 * 32]
	str	x3, [x4, #8 * 33]
	b	cpu_fault

/* x0 to x30, sp, pc and pstate of the last one. */
	.comm	fault_registers, 8 * 34, 8

	.balign	2048
vectors:
	.rept	16
	.balign	128
	b	fault
	.endr
