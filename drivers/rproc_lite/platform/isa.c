// SPDX-License-Identifier: GPL-2.0-only
/* Kinds of machine code, and which images are of them. */
#include "isa.h"

#include <linux/elf.h>
#include <linux/kernel.h>
#include <linux/rproc_lite.h>
#include <linux/string.h>

/**
 * struct rl_isa - one kind
 * @name: in devicetrees
 * @words: what users know @machine by
 * @machine: e_machine of its images
 * @class: of its images; ELFCLASSNONE if both will do
 */
struct rl_isa {
	const char *name;
	const char *words;
	u16 machine;
	u8 class;
};

static const struct rl_isa isas[] = {
	{ "aarch64", "AArch64", EM_AARCH64, ELFCLASSNONE },
	{ "arm", "32-bit Arm", EM_ARM, ELFCLASS32 },
	{ "riscv32", "RISC-V", EM_RISCV, ELFCLASS32 },
	{ "riscv64", "RISC-V", EM_RISCV, ELFCLASS64 },
	{ "xtensa", "Xtensa", EM_XTENSA, ELFCLASS32 },
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

int rl_isa_check(const struct rl_isa *isa, const struct rproc_lite_image_info *image,
		 struct rproc_lite_verdict *v)
{
	/* A raw binary does not say what it is for; who loads it does. */
	if (!image->elf_class)
		return 0;
	if (image->elf_machine != isa->machine)
		return rproc_lite_refuse(v, -ENOEXEC,
					 "the image is for machine %u, not %u (%s)",
					 image->elf_machine, isa->machine, isa->words);
	if (isa->class && image->elf_class != isa->class)
		return rproc_lite_refuse(v, -ENOEXEC,
					 "the image is ELF%u, not ELF%u: the core is %s",
					 image->elf_class * 32, isa->class * 32, isa->name);
	return 0;
}
