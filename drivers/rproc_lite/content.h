/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_CONTENT_H
#define RL_CONTENT_H

#include <linux/types.h>

struct rl_image;
struct rl_store;
struct rproc_lite;
struct rproc_lite_verdict;

/**
 * rl_load_image() - Configured or Stopped -> Ready (remoteproc_load)
 * @rproc: the remote
 * @store: where from; kept if it succeeds, freed if not
 * @flags: RPROC_LITE_LOAD_*
 * @v: the reason, if it fails
 *
 * What waits for a stream ends early on any signal, with -EINTR.
 *
 * Return: 0 or a negative errno, as rproc_lite_load().
 */
int rl_load_image(struct rproc_lite *rproc, struct rl_store *store, u32 flags,
		  struct rproc_lite_verdict *v);

/*
 * What ran may have written anywhere: read the image again from its store; @same: and
 * refuse another one, with -ESTALE. The remote is claimed.
 */
int rl_place_again(struct rproc_lite *rproc, bool same, struct rproc_lite_verdict *v);

/* Exchange what is loaded; either may be NULL. The remote is claimed. */
void rl_set_image(struct rproc_lite *rproc, struct rl_image *image, struct rl_store *store,
		  u64 kept);

#endif /* RL_CONTENT_H */
