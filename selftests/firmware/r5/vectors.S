/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Each R5 begins, and takes its exceptions, at address 0. Where that is memory that both
 * cores see, both images bring this same code there, and each a slot of its own (start.S),
 * of which this takes the one of the core that it runs on. None of it returns. All
 * registers are kept: r11 and r12 where two of the thread ids would be (r5.h).
 */
#include "r5.h"

	.arm
	.section .vectors, "ax"
	.globl	vectors
vectors:
	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
	b	vector\n
	.endr

	.irp	n, 0, 1, 2, 3, 4, 5, 6, 7
vector\n:
	put_r12
	mov	r12, #4 * \n
	b	dispatch
	.endr

dispatch:
	put_r11
	mrc	p15, 0, r11, c0, c0, 5		@ MPIDR: which core we are
	and	r11, r11, #0xff
	add	r12, r12, r11, lsl #SLOT_SHIFT
	add	r12, r12, #SLOTS
	ldr	pc, [r12]
