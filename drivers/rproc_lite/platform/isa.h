/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_PLATFORM_ISA_H
#define RL_PLATFORM_ISA_H

struct rproc_lite_image_info;
struct rproc_lite_verdict;

/* What machine code a core runs. */
struct rl_isa;

/* By the name that the bindings have for it: "arm". Return: NULL for others. */
const struct rl_isa *rl_isa_find(const char *name);

const char *rl_isa_name(const struct rl_isa *isa);

/* Is the image of that kind? Return: 0, or -ENOEXEC with the reason. */
int rl_isa_check(const struct rl_isa *isa, const struct rproc_lite_image_info *image,
		 struct rproc_lite_verdict *v);

#endif /* RL_PLATFORM_ISA_H */
