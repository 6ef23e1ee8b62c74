// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <strings.h>

#include "machine.h"

static const struct {
	const char *name;
	u32 machine;
} machines[] = {
	{ "AArch64", 183 },
	{ "ARM", 40 },
	{ "RISC-V", 243 },
	{ "RISCV", 243 },
	{ "x86-64", 62 },
	{ "i386", 3 },
	{ "MIPS", 8 },
	{ "PowerPC", 20 },
	{ "PowerPC64", 21 },
	{ "Xtensa", 94 },
	{ "MicroBlaze", 189 },
	{ "Hexagon", 164 },
	{ "TI C6000", 140 },
	{ "TI PRU", 144 },
	{ "ARC", 195 },
	{ "LoongArch", 258 },
};

const char *machine_name(char buf[MACHINE_MAX], u32 machine)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(machines); i++) {
		if (machines[i].machine == machine) {
			snprintf(buf, MACHINE_MAX, "%s", machines[i].name);
			return buf;
		}
	}
	snprintf(buf, MACHINE_MAX, "machine %u", machine);
	return buf;
}

bool machine_parse(const char *s, u32 *machine)
{
	unsigned long n;
	char *end;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(machines); i++) {
		if (!strcasecmp(machines[i].name, s)) {
			*machine = machines[i].machine;
			return true;
		}
	}
	if (*s < '0' || *s > '9')
		return false;
	n = strtoul(s, &end, 0);
	if (*end || n > 0xffff)
		return false;
	*machine = (u32)n;
	return true;
}

const char *machine_class(u32 elf_class)
{
	switch (elf_class) {
	case 0:
		return "raw binary";
	case 1:
		return "ELF32";
	case 2:
		return "ELF64";
	default:
		return "?";
	}
}
