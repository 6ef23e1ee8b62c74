// SPDX-License-Identifier: GPL-2.0-only
/*
 * How we die, and what we leave for a core dump. A debugger shall find the variable
 * die_story, and all of these functions on the stack: none is to be inlined, cloned or
 * left by a jump.
 */
#include "firmware.h"
#include "die.h"
#include <linux/rproc_lite_rsc.h>

#define DIE_FRAME	__attribute__((__noipa__))

volatile struct {
	uint32_t chapter;
	char title[16];
} die_story = { .title = "nothing yet" };

static inline void no_jump(void)
{
	__asm__ volatile("" ::: "memory");
}

static DIE_FRAME void die_at_last(uint32_t chapter)
{
	die_story.chapter = chapter;
	__asm__ volatile("udf #0" ::: "memory");
}

static DIE_FRAME void die_slowly(uint32_t chapter)
{
	die_at_last(chapter + 1);
	no_jump();
}

DIE_FRAME void firmware_die(void)
{
	die_slowly(41);
	no_jump();
}

void die_leave(uint32_t machine, uint32_t signal, const uint64_t *reg, uint32_t num)
{
	volatile struct rproc_lite_registers *area = table_registers();
	uint32_t i;

	if (!area || area->magic == RPROC_LITE_REGISTERS_MAGIC)
		return;
	area->machine = machine;
	area->signal = signal;
	area->num = num;
	for (i = 0; i < num; i++)
		area->reg[i] = reg[i];
	cpu_full_barrier();
	area->magic = RPROC_LITE_REGISTERS_MAGIC;
}
