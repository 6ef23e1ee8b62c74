// SPDX-License-Identifier: GPL-2.0-only
/* Kinds of machine code, and which images are of them. */
#include "isa.h"

#include <linux/elf.h>
#include <linux/kernel.h>
#include <linux/rproc_lite.h>

/**
 * struct rl_isa - one kind
 * @name: in devicetrees
 * @machine: e_machine of its images
 * @class: of its images; ELFCLASSNONE if both will do
 */
struct rl_isa {
	const char *name;
	u16 machine;
	u8 class;
};

static const struct rl_isa isas[] = {
	{ "aarch64", EM_AARCH64, ELFCLASSNONE },
	{ "arm", EM_ARM, ELFCLASS32 },
	{ "riscv32", EM_RISCV, ELFCLASS32 },
	{ "riscv64", EM_RISCV, ELFCLASS64 },
	{ "xtensa", EM_XTENSA, ELFCLASS32 },
};

const struct rl_isa *rl_isa_find(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(isas); i++)
		if (!strcmp(isas[i].name, name))
			return &isas[i];
	return NULL;
}

const char *rl_isa_name(const struct rl_isa *isa)
{
	return isa->name;
}

/* For a message: what users know these numbers by. */
static const char *machine_name(u16 machine)
{
	switch (machine) {
	case EM_AARCH64:
		return "AArch64";
	case EM_ARM:
		return "32-bit Arm";
	case EM_RISCV:
		return "RISC-V";
	case EM_XTENSA:
		return "Xtensa";
	default:
		return "another";
	}
}

int rl_isa_check(const struct rl_isa *isa, const struct rproc_lite_image_info *image,
		 struct rproc_lite_verdict *v)
{
	/* A raw binary does not say what it is for; who loads it does. */
	if (!image->elf_class)
		return 0;
	if (image->elf_machine != isa->machine)
		return rproc_lite_refuse(v, -ENOEXEC,
					 "the image is for machine %u (%s), not %u (%s)",
					 image->elf_machine, machine_name(image->elf_machine),
					 isa->machine, machine_name(isa->machine));
	if (isa->class && image->elf_class != isa->class)
		return rproc_lite_refuse(v, -ENOEXEC,
					 "the image is ELF%u, not ELF%u: the core is %s",
					 image->elf_class * 32, isa->class * 32, isa->name);
	return 0;
}
