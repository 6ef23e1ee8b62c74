/* SPDX-License-Identifier: GPL-2.0-only */
/* The kernel's log, line by line. */
#ifndef KMSG_H
#define KMSG_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* With all that it still has; or with only what comes from now on. */
int kmsg_open(void);
int kmsg_open_end(void);

/*
 * The next line, NUL-terminated; those that were overwritten before they were read are
 * passed over. Return: bytes; 0 if there is none by now; a negative errno.
 */
ssize_t kmsg_line(int log, char *line, size_t size);

/* Reads all lines that there are by now: has one of them both @who and @words? */
bool kmsg_tells(int log, const char *who, const char *words);

#endif /* KMSG_H */
