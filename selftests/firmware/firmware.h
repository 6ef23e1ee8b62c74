/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts of the test firmware know of each other, and of the board. */
#ifndef FIRMWARE_H
#define FIRMWARE_H

/*
 * The board: what the Makefile says of a remote, which is what dts/ gives it. FW_PA and
 * FW_SHARED are set where the addresses that we use (da) are not the physical ones (pa).
 */
#ifdef FW_PA
#define FW_SHARED_PA	(FW_PA + 0x400000)
#else
#define FW_SHARED	(FW_BASE + 0x400000)
#endif
#define FW_BELL		(FW_SHARED + 0x100000)

#ifndef __ASSEMBLER__

#include <stddef.h>
#include <stdint.h>

/* trace.c: text for Linux to read */
void trace_init(void);
void print(const char *s);
void print_hex(uint64_t value);
void print_dec(uint32_t value);

/* doorbell.c: words to and from Linux */
void doorbell_send(uint32_t word);
/* Is there anything to take? */
int doorbell_pending(void);
/* Is there a control word? Writes nowhere, nor has it a stack frame. */
int doorbell_word_pending(void);
/* Is there a control word? A kick? Takes it. */
int doorbell_word(uint32_t *word);
int doorbell_kick(uint32_t *id);
/* Has Linux taken our last kick of this id? */
int doorbell_heard(uint32_t id);

/* --- of each architecture, in a folder of its own --- */

/* cpu.c: the core itself; which one we are, and in what mode, goes to the trace */
void cpu_introduce(void);
void cpu_full_barrier(void);
/* Never again. Off, where the core can do that itself; else asleep. */
void cpu_off(void) __attribute__((__noreturn__));
/* Off, by whatever means, for Linux to find. */
void cpu_quit(void) __attribute__((__noreturn__));

/* gic.c, poll.c: how either side learns that the other one wrote */
void bell_init(void);
/* Until Linux may have written; at once if it has. */
void bell_wait(void);
void bell_ring(void);
/* Raise the interrupt of the watchdog, where the board has one. */
#if defined(FW_SPI_WATCHDOG) || defined(FW_ADMA)
#define FW_HAS_WATCHDOG
#endif
void bell_bark(void);

/* clock.c: since some time */
uint64_t clock_us(void);

/* memory.c: there is no C library */
void *memcpy(void *to, const void *from, size_t len);
void *memset(void *to, int value, size_t len);

/* table.c: the resource table; NULL in the variant without one */
struct rproc_lite_rsc_trace;
struct rproc_lite_rsc_vdev;
const struct rproc_lite_rsc_trace *table_trace(void);
volatile struct rproc_lite_rsc_vdev *table_vdev(void);
/* Of what was agreed upon for that vdev, bits 32 to 63. */
uint32_t table_upper_features(void);
/* The da of the carveout for buffers, 0 if there is none. */
uint32_t table_buffers(void);

/* All of it. */
volatile uint8_t *table_bytes(uint32_t *len);

/* The carveout "counter": a page, NULL if there is none. See hang.c and scribble.c. */
volatile uint32_t *table_counter(void);

/* The carveout for registers, see die.c; NULL if there is none. */
struct rproc_lite_registers;
volatile struct rproc_lite_registers *table_registers(void);

/* main.c, called from start.S */
void firmware_main(void) __attribute__((__noreturn__));
/* Deaf and busy for ever; table_counter()[0] goes up all the while. */
void firmware_hang(void) __attribute__((__noreturn__));
/* That was one; the trace says which. */
void firmware_fault(void) __attribute__((__noreturn__));

/* scribble.c: where all is; is it wanted; until we go off */
void scribble_begin(void);
int scribble_is_wanted(void);
void scribble_run(void) __attribute__((__noreturn__));

/* die.c: by a fault */
void firmware_die(void);

static inline uint32_t read32(uintptr_t addr)
{
	return *(volatile uint32_t *)addr;
}

static inline void write32(uintptr_t addr, uint32_t value)
{
	*(volatile uint32_t *)addr = value;
}

#endif /* !__ASSEMBLER__ */

#endif /* FIRMWARE_H */
