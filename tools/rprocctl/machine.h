/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPROCCTL_MACHINE_H
#define RPROCCTL_MACHINE_H

#include "env.h"

#define MACHINE_MAX	32

/* "AArch64"; "machine 4711" for one not known. Returns @buf. */
const char *machine_name(char buf[MACHINE_MAX], u32 machine);

/* The other way, in any case, or a number. False if neither. */
bool machine_parse(const char *s, u32 *machine);

/* "ELF64" */
const char *machine_class(u32 elf_class);

#endif /* RPROCCTL_MACHINE_H */
