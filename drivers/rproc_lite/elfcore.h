/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_ELFCORE_H
#define RL_ELFCORE_H

#include "env.h"
#include <linux/rproc_lite_core.h>
#include <linux/rproc_lite_rsc.h>

/**
 * struct rl_elfcore_load - memory that a core dump holds
 * @da: where it is for the remote
 * @size: bytes
 * @offset: out: where they are in the dump
 */
struct rl_elfcore_load {
	u64 da;
	u64 size;
	u64 offset;
};

/**
 * struct rl_elfcore_registers - registers of the remote, checked
 * @signal: as in &struct rproc_lite_registers
 * @num: of @reg, as many as the machine has
 * @reg: in its order
 */
struct rl_elfcore_registers {
	u32 signal;
	u32 num;
	u64 reg[RPROC_LITE_REGISTERS_MAX];
};

/**
 * struct rl_elfcore - an ELF core to be written
 * @class: RL_ELF_CLASS32 or RL_ELF_CLASS64
 * @machine: e_machine
 * @registers: NULL if there are none
 * @pid: what the processor's thread is called, not 0
 * @note: ours
 * @load: the memory, by ascending da
 * @num: of @load
 * @head_size: out: bytes before the memory
 * @size: out: bytes in all
 */
struct rl_elfcore {
	u8 class;
	u16 machine;
	const struct rl_elfcore_registers *registers;
	u32 pid;
	const struct rproc_lite_core_note *note;
	struct rl_elfcore_load *load;
	u32 num;
	u64 head_size;
	u64 size;
};

/* Could memory be in a dump of that class? */
bool rl_elfcore_holds(u8 class, u64 da, u64 size);

/**
 * rl_elfcore_plan() - say where in the dump things are
 * @core: all that is not "out" is filled in; each load is one that it holds
 *
 * Return: 0; -EFBIG if the class has no such offsets, or so many loads.
 */
int rl_elfcore_plan(struct rl_elfcore *core);

/* Write all that comes before the memory: @core->head_size bytes of a planned dump. */
void rl_elfcore_head(const struct rl_elfcore *core, u8 *buf);

/**
 * rl_elfcore_registers() - take the registers that firmware left
 * @area: one copy of what it left
 * @machine: e_machine of its image
 * @registers: filled in
 * @v: the reason, if refused
 *
 * Return: 0; -ENODATA if it left none; -EINVAL if they are no good.
 */
int rl_elfcore_registers(const struct rproc_lite_registers *area, u16 machine,
			 struct rl_elfcore_registers *registers, struct rproc_lite_verdict *v);

#endif /* RL_ELFCORE_H */
