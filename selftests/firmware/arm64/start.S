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
	mrs	x3, CurrentEL
	cmp	x3, #(2 << 2)
	b.eq	1f
	mrs	x0, esr_el1
	mrs	x1, elr_el1
	mrs	x2, far_el1
	b	cpu_fault
1:	mrs	x0, esr_el2
	mrs	x1, elr_el2
	mrs	x2, far_el2
	b	cpu_fault

	.balign	2048
vectors:
	.rept	16
	.balign	128
	b	fault
	.endr
