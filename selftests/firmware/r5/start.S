/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the core begins once vectors.S has found our slot: MPU and caches off, so that
 * memory is as the default map says, and nothing of it is cached; interrupts masked.
 */
#include "r5.h"

#define MODE_SVC	0x13

	.arm
	.section .slot, "a"
	.word	_start
	.word	undefined
	.word	other			@ supervisor call
	.word	prefetch_abort
	.word	data_abort
	.word	other			@ no exception
	.word	other			@ interrupts stay masked
	.word	other

	.section .text.start, "ax"
	.globl	_start
_start:
	cpsid	if, #MODE_SVC
	ldr	sp, =stack_top
	b	firmware_main

/* What comes after a fault needs neither the mode nor the stack that it came with. */
	.macro	fault kind
	mov	r0, #\kind
	b	to_c
	.endm

undefined:
	fault	FAULT_UNDEFINED
prefetch_abort:
	fault	FAULT_PREFETCH
data_abort:
	fault	FAULT_DATA
other:
	fault	FAULT_OTHER

to_c:
	mov	r1, lr
	cpsid	if, #MODE_SVC
	ldr	sp, =stack_top
	b	cpu_fault
