/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_RAW_H
#define RL_RAW_H

#include "elf.h"

/**
 * rl_raw_parse() - take an image as it is: one segment, no headers, no table
 * @src: the image; if its size is not known it is read through to find out
 * @da: where it goes, and begins to run
 * @elf: filled in; class and machine are 0
 * @v: the reason, if refused
 *
 * Context: whatever @src->read needs; else any.
 * Return: 0, -ENOEXEC for an empty image or one that wraps, or what @src->read
 * returned.
 */
int rl_raw_parse(const struct rl_source *src, u64 da, struct rl_elf *elf,
		 struct rproc_lite_verdict *v);

#endif /* RL_RAW_H */
