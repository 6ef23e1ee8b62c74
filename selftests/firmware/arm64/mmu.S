/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * For machines on which our addresses (da) are not the physical ones (pa): the
 * MMU makes them so. FW_BASE and FW_SHARED are what Linux calls da, FW_PA and
 * FW_SHARED_PA where that lies in truth.
 *
 * The tables are static: levels 1 and 2 of a 4 GiB space, of blocks of 2 MiB. All
 * memory is Normal, non-cacheable, as Linux has it mapped.
 */
#include "firmware.h"

#ifdef FW_PA

#if FW_GICD >> 30 != FW_BASE >> 30 || FW_SHARED >> 30 == FW_BASE >> 30 || \
	FW_PA >> 30 == FW_BASE >> 30
#error "the tables are not made for these addresses"
#endif

#define DEVICE		0		/* index in MAIR */
#define NORMAL		1
#define MAIR		0x4404		/* Device-nGnRE; Normal, non-cacheable */

#define TABLE		3
#define BLOCK		(1 | 1 << 10)	/* access flag */
#define NO_EXEC		(3 << 53)
#define ATTRIBUTES(i)	((i) << 2)
#define MIB2		0x200000

/* 4 GiB, 4 KiB granule, walks non-cacheable; the bits mean the same at EL2, or RES1. */
#define TCR		(32 | 1 << 23 | 1 << 31)
#define SCTLR_EL1	0x30d00801	/* RES1 bits and M */
#define SCTLR_EL2	0x30c50831

	.text

/* Turn it on, and return to where we came from as da. Position-independent. */
	.globl	mmu_on
mmu_on:
	adrp	x0, boot_level1
	add	x0, x0, :lo12:boot_level1
	adrp	x1, level1
	add	x1, x1, :lo12:level1
	mov	x2, #MAIR
	ldr	w3, =TCR
	mrs	x4, CurrentEL
	cmp	x4, #(2 << 2)
	b.eq	1f
	ldr	w4, =SCTLR_EL1
	msr	mair_el1, x2
	msr	tcr_el1, x3
	msr	ttbr0_el1, x0
	isb
	tlbi	vmalle1
	dsb	nsh
	msr	sctlr_el1, x4
	b	2f
1:	ldr	w4, =SCTLR_EL2
	msr	mair_el2, x2
	msr	tcr_el2, x3
	msr	ttbr0_el2, x0
	isb
	tlbi	alle2
	dsb	nsh
	msr	sctlr_el2, x4
2:	isb
	ldr	w4, =3f
	br	x4

	/* From here on we are at da, and can do without the physical address. */
3:	b.eq	4f
	msr	ttbr0_el1, x1
	isb
	tlbi	vmalle1
	b	5f
4:	msr	ttbr0_el2, x1
	isb
	tlbi	alle2
5:	dsb	nsh
	isb
	ldr	w4, =(FW_BASE - FW_PA)
	add	w30, w30, w4
	ret

	.ltorg

/* Entries for [va, va + blocks * 2 MiB); a table's are given in their order. */
	.macro	map table, va, pa, blocks, attributes
	.org	\table + 8 * ((\va) >> 21 & 511)
	.set	.Lat, \pa
	.rept	\blocks
	.quad	.Lat | \attributes
	.set	.Lat, .Lat + MIB2
	.endr
	.endm

/* 32 bits are all that a relocation of ELF32 has. */
	.macro	next level1, va, level2
	.org	\level1 + 8 * ((\va) >> 30)
	.word	\level2 - FW_BASE + FW_PA + TABLE, 0
	.endm

	.section .mmu, "aw"
	.balign	4096
low:
	map	low, FW_GICD, FW_GICD, 1, (BLOCK | ATTRIBUTES(DEVICE) | NO_EXEC)
	map	low, FW_BASE, FW_PA, 2, (BLOCK | ATTRIBUTES(NORMAL))
	.org	low + 4096
shared:
	map	shared, FW_SHARED, FW_SHARED_PA, 1, (BLOCK | ATTRIBUTES(NORMAL) | NO_EXEC)
	.org	shared + 4096
/* Where the MMU finds us when it is turned on; not to be seen any more afterwards. */
boot:
	map	boot, FW_PA, FW_PA, 1, (BLOCK | ATTRIBUTES(NORMAL))
	.org	boot + 4096

level1:
	next	level1, FW_BASE, low
	next	level1, FW_SHARED, shared
	.org	level1 + 64
boot_level1:
	next	boot_level1, FW_BASE, low
	next	boot_level1, FW_PA, boot
	.org	boot_level1 + 64

#endif /* FW_PA */
