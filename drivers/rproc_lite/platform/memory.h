/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_PLATFORM_MEMORY_H
#define RL_PLATFORM_MEMORY_H

struct platform_device;
struct rproc_lite;

/*
 * Give the remote all memory that its node names: "memory-region" as RAM,
 * "reg" as device memory, at the da that its bus makes of it. Return: 0 or a
 * negative errno, logged.
 */
int rl_platform_add_memory(struct platform_device *pdev, struct rproc_lite *rproc);

#endif /* RL_PLATFORM_MEMORY_H */
