/* SPDX-License-Identifier: GPL-2.0-only */
/* What the parts for the Cortex-R5 know of each other. */
#ifndef R5_H
#define R5_H

/* Where each core's eight words are, in the order of the vectors; firmware.ld knows too. */
#define SLOTS		0x800
#define SLOT_SHIFT	5

/* What cpu_fault() is told. */
#define FAULT_UNDEFINED	0
#define FAULT_PREFETCH	1
#define FAULT_DATA	2
#define FAULT_OTHER	3

#ifndef __ASSEMBLER__

#include <stdint.h>

/* Called from start.S; @lr is the exception's. */
void cpu_fault(uint32_t kind, uint32_t lr) __attribute__((__noreturn__));

#endif /* !__ASSEMBLER__ */

#endif /* R5_H */
