/* SPDX-License-Identifier: GPL-2.0-only */
/* What is left for a core dump, see <linux/rproc_lite_rsc.h>. */
#ifndef DIE_H
#define DIE_H

#include <stdint.h>

/* By a fault, once: where Linux looks for them, if the table has a place for it. */
void die_leave(uint32_t machine, uint32_t signal, const uint64_t *reg, uint32_t num);

#endif /* DIE_H */
