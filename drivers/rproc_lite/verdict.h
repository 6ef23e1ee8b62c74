/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_VERDICT_H
#define RL_VERDICT_H

#include "env.h"
#include <linux/rproc_lite.h>

/**
 * rl_refuse() - put down why something is refused
 * @v: where; what it said before is lost
 * @error: a negative errno
 * @where: enum rproc_lite_where
 * @index: of the thing at fault, or RPROC_LITE_NO_INDEX
 * @offset: of the byte at fault, or RPROC_LITE_NO_OFFSET
 * @fmt: a sentence without its full stop
 *
 * Context: any.
 * Return: @error, so that the caller can return it in one line.
 */
int __printf(6, 7) rl_refuse(struct rproc_lite_verdict *v, int error, u32 where,
			     u32 index, u64 offset, const char *fmt, ...);

/* The same where neither an index nor an offset says more. */
#define rl_refuse_plain(v, error, where, ...)				\
	rl_refuse(v, error, where, RPROC_LITE_NO_INDEX,			\
		  RPROC_LITE_NO_OFFSET, __VA_ARGS__)

#endif /* RL_VERDICT_H */
