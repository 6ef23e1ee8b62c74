/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_CONTENT_H
#define RL_CONTENT_H

#include <linux/types.h>

#include "rights.h"

struct rl_image;
struct rl_store;

/**
 * rl_load_image() - Configured or Stopped -> Ready (remoteproc_load)
 * @rproc: the remote
 * @store: where from; kept if it succeeds, freed if not
 * @flags: RPROC_LITE_LOAD_*
 * @right: to load what is no name in the firmware path; RL_RIGHT_OWN for a name
 * @v: the reason, if it fails
 *
 * What waits for a stream ends early on any signal, with -EINTR.
 *
 * Return: 0 or a negative errno, as rproc_lite_load(); -EPERM without the right.
 */
int rl_load_image(struct rproc_lite *rproc, struct rl_store *store, u32 flags,
		  enum rl_right right, struct rproc_lite_verdict *v);

/* rproc_lite_set_rsc_table() by @right: -EPERM without one. */
int rl_set_rsc_table(struct rproc_lite *rproc, const void *table, size_t size, u64 da,
		     enum rl_right right, struct rproc_lite_verdict *v);

/*
 * What ran may have written anywhere: read the image again from its store; @same: and
 * refuse another one, with -ESTALE. The remote is claimed.
 */
int rl_place_again(struct rproc_lite *rproc, bool same, struct rproc_lite_verdict *v);

/*
 * Is memory not what was placed there, so that rl_place_again() is due before it runs? What ran
 * for a moment, before its start failed, may have written anywhere, too. The remote is claimed.
 */
bool rl_must_place_again(const struct rproc_lite *rproc);

/* Exchange what is loaded; either may be NULL. The remote is claimed. */
void rl_set_image(struct rproc_lite *rproc, struct rl_image *image, struct rl_store *store,
		  u64 kept);

#endif /* RL_CONTENT_H */
