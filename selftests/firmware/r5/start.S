/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Where the core begins once vectors.S has found our slot: MPU and caches off, so that
 * memory is as the default map says, and nothing of it is cached; interrupts masked.
 */
#include "r5.h"

#define MODE_SVC	0x13
#define FAULT_STACK	2048

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

/*
 * What comes after a fault needs neither the mode nor the stack that it came with, which
 * stays as it is for a debugger. All code runs in the mode to which it goes back, so that
 * its sp and lr are found there.
 */
	.macro	fault kind
	mov	r12, #\kind
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
	ldr	r11, =fault_registers
	stm	r11, {r0-r10}
	mov	r0, r12
	mov	r1, lr
	get_r11	r2
	str	r2, [r11, #4 * 11]
	get_r12	r2
	str	r2, [r11, #4 * 12]
	mrs	r2, spsr
	str	r2, [r11, #4 * 16]
	cpsid	if, #MODE_SVC
	str	sp, [r11, #4 * 13]
	str	lr, [r11, #4 * 14]
	ldr	sp, =fault_stack + FAULT_STACK
	b	cpu_fault

	.comm	fault_registers, 4 * 17, 4
	.comm	fault_stack, FAULT_STACK, 8
