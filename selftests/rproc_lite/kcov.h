/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which places of our modules a thread's calls came to, as the kernel's KCOV tells. Of the
 * debug kernel only our modules are built with it.
 */
#ifndef KCOV_H
#define KCOV_H

#include <stdbool.h>

/* Return: 0, or a negative errno: -ENOENT where there is no KCOV. */
int kcov_open(void);
/* What follows, until the end, is one run. */
void kcov_begin(void);
/* Return: how many steps, from one place to the next, nobody made before. */
unsigned int kcov_end(void);
/* How many places all runs together came to. */
unsigned int kcov_places(void);

#endif /* KCOV_H */
