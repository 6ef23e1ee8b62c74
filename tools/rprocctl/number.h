/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers on the command line, as in C: 4096 or 0x1000. All of @s must be one. */
#ifndef RPROCCTL_NUMBER_H
#define RPROCCTL_NUMBER_H

#include "env.h"

#define NUMBER_WANTED	"a number is wanted, as in C: 4096 or 0x1000"
#define SIZE_WANTED	"a number of bytes is wanted: 4096, 0x1000, 4K or 1M"

bool number_parse(const char *s, u64 *n);

/* The same, or with a K, M or G behind it, powers of 1024. */
bool number_parse_size(const char *s, u64 *n);

#endif /* RPROCCTL_NUMBER_H */
