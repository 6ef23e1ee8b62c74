/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_LIFECYCLE_H
#define RL_LIFECYCLE_H

#include "env.h"
#include <linux/rproc_lite.h>

struct rl_store;
struct rproc_lite;

/*
 * The operations, beside those of <linux/rproc_lite.h>. Each claims the remote,
 * does its work without a lock, and settles the state; it returns 0, or a
 * negative errno with @v filled in: -ENODEV if the remote is going away, -EBUSY
 * while another operation runs, -EBADFD if the state does not allow it, or what
 * went wrong. They may sleep; what waits for a stream ends early on any signal,
 * what waits for firmware on a fatal one, with -EINTR.
 */

/**
 * rl_load_image() - Configured or Stopped -> Ready (remoteproc_load)
 * @rproc: the remote
 * @store: where from; kept if it succeeds, freed if not
 * @flags: RPROC_LITE_LOAD_*
 * @v: the reason, if it fails
 */
int rl_load_image(struct rproc_lite *rproc, struct rl_store *store, u32 flags,
		  struct rproc_lite_verdict *v);

/* -EBUSY, saying who is at work; the remote is claimed, with its lock held. */
int rl_refuse_busy(const struct rproc_lite *rproc, struct rproc_lite_verdict *v);

/*
 * Refuse all that is new, cancel what runs, stop and shut down, whatever it
 * takes. For unregistering.
 */
void rl_teardown(struct rproc_lite *rproc);

/*
 * A remote that should run does not: Running -> Crashed, or Stopped if it had
 * been asked to shut down. Does nothing while an operation runs, in another state,
 * or if state_seq is not @seq any more: that was another run. Return: whether it
 * was looked at.
 */
bool rl_crashed(struct rproc_lite *rproc, u64 seq, enum rproc_lite_crash cause);

#endif /* RL_LIFECYCLE_H */
