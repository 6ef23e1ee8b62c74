/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Faults by count: the n-th thing that may fail (an allocation of slab or pages, a copy
 * to or from user space) does. For the calling thread, whatever it asks of the kernel; or
 * for all kworkers, of what they do in our modules.
 *
 * Kernels without CONFIG_FAULT_INJECTION know none of it.
 */
#ifndef NTH_H
#define NTH_H

#include <stdbool.h>

/* Return: 0; -ENOENT if this kernel can't; or another negative errno. */
int nth_open(void);

/* From now on, this thread's n-th; then: was it met? */
int nth_arm(unsigned int n);
bool nth_met(void);

/* Nothing fails below that function of the kernel's; NULL: everywhere again. */
int nth_spare(const char *function);

/* The same of every kworker that there is; how many of them met theirs. */
int nth_arm_others(unsigned int n);
unsigned int nth_met_others(void);

#endif /* NTH_H */
