// SPDX-License-Identifier: GPL-2.0-only
/*
 * GICv3, shared with Linux: we route and enable our one interrupt, and ring
 * Linux by setting another pending. What is shared by several interrupts
 * (ICFGR, CTLR) is Linux's.
 */
#include "arm64.h"
#include "firmware.h"

#define GICD_ISENABLER	(FW_GICD + 0x0100)
#define GICD_ISPENDR	(FW_GICD + 0x0200)
#define GICD_IROUTER	(FW_GICD + 0x6000)
#define GICR_STRIDE	0x20000
#define GICR_WAKER	0x14
#define GICR_ASLEEP	(1u << 2)
#define GICR_SLEEP	(1u << 1)

#define IN		(32 + FW_SPI_IN)
#define OUT		(32 + FW_SPI_OUT)
#define SPURIOUS	1020

static void wake_redistributor(void)
{
	uintptr_t waker = FW_GICR + (cpu_mpidr() & 0xff) * GICR_STRIDE + GICR_WAKER;

	write32(waker, read32(waker) & ~GICR_SLEEP);
	while (read32(waker) & GICR_ASLEEP)
		;
}

static void init_cpu_interface(void)
{
	uint64_t sre;

	__asm__ volatile("mrs %0, S3_0_C12_C12_5" : "=r" (sre));
	__asm__ volatile("msr S3_0_C12_C12_5, %0; isb" :: "r" (sre | 1));
	__asm__ volatile("msr S3_0_C4_C6_0, %0" :: "r" (0xf0ul));	/* PMR */
	__asm__ volatile("msr S3_0_C12_C12_7, %0; isb" :: "r" (1ul));	/* IGRPEN1 */
}

void bell_init(void)
{
	uint64_t where = cpu_mpidr() & 0xff00ffffffull;

	wake_redistributor();
	init_cpu_interface();
	write32(GICD_IROUTER + 8 * IN, (uint32_t)where);
	write32(GICD_IROUTER + 8 * IN + 4, (uint32_t)(where >> 32));
	cpu_full_barrier();
	write32(GICD_ISENABLER + 4 * (IN / 32), 1u << (IN % 32));
}

static void acknowledge(void)
{
	uint64_t id;

	__asm__ volatile("mrs %0, S3_0_C12_C12_0" : "=r" (id));		/* IAR1 */
	cpu_full_barrier();
	if (id < SPURIOUS)
		__asm__ volatile("msr S3_0_C12_C12_1, %0; isb" :: "r" (id));	/* EOIR1 */
}

void bell_wait(void)
{
	cpu_wait_for_interrupt();
	acknowledge();
}

static void ring(unsigned int irq)
{
	cpu_full_barrier();
	write32(GICD_ISPENDR + 4 * (irq / 32), 1u << (irq % 32));
}

void bell_ring(void)
{
	ring(OUT);
}

#ifdef FW_SPI_WATCHDOG
void bell_bark(void)
{
	ring(32 + FW_SPI_WATCHDOG);
}
#endif
