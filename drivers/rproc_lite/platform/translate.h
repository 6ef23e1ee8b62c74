/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_PLATFORM_TRANSLATE_H
#define RL_PLATFORM_TRANSLATE_H

struct device;
struct rproc_lite_mem;

/**
 * rl_translate_to_da() - find where the remote sees a piece of memory
 * @dev: the remote, whose bus may have "dma-ranges"
 * @mem: with @pa and @size; @da is filled in
 *
 * It is the first range that holds all of @mem; where there are none, or the
 * property is empty, da is pa. Which bus counts, and how buses above it translate
 * further, is as the kernel has it for DMA.
 *
 * Context: may sleep.
 * Return: 0; or -EINVAL, logged, if no range holds all of it.
 */
int rl_translate_to_da(struct device *dev, struct rproc_lite_mem *mem);

#endif /* RL_PLATFORM_TRANSLATE_H */
