/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The parts of a remote's memory that nobody has business in: what lies between what is
 * placed there, and the code of the firmware. Who writes there is found out.
 */
#ifndef UNTOUCHED_H
#define UNTOUCHED_H

#include <stdbool.h>

/* After LOAD: fill what is free, and remember the code. Return: 0 or a negative errno. */
int untouched_begin(int fd);
/* Is it all as it was? Says where it is not. */
bool untouched_is(int fd);

#endif /* UNTOUCHED_H */
