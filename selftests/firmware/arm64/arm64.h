/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts for AArch64 know of each other. */
#ifndef ARM64_H
#define ARM64_H

#include <stdint.h>

uint64_t cpu_mpidr(void);
/* A pending interrupt wakes the core even while it is masked. */
void cpu_wait_for_interrupt(void);
/* Called from start.S, with the registers that are saved there. */
#define NUM_REGISTERS	34
extern uint64_t fault_registers[NUM_REGISTERS];
void cpu_fault(uint64_t esr, uint64_t elr, uint64_t far) __attribute__((__noreturn__));

#endif /* ARM64_H */
