/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_STORE_KEPT_H
#define RL_STORE_KEPT_H

#include <linux/types.h>

struct rl_store;
struct rproc_lite;
struct rproc_lite_verdict;

/**
 * rl_store_keep() - exchange a stream for a copy of all that it gives
 * @stream: a store that can't seek; is freed if this succeeds
 * @rproc: for whom
 * @limit: bytes, more are refused
 * @kept: bytes of memory that the copy takes
 * @v: the reason, if it fails
 *
 * Context: may sleep, waits for the stream.
 * Return: a store that can seek, or an ERR_PTR: -EFBIG, -ENOMEM, or what
 * reading the stream returned.
 */
struct rl_store *rl_store_keep(struct rl_store *stream, struct rproc_lite *rproc, u64 limit,
			       u64 *kept, struct rproc_lite_verdict *v);

#endif /* RL_STORE_KEPT_H */
