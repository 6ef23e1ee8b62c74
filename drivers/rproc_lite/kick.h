/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_KICK_H
#define RL_KICK_H

#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

struct rproc_lite;
struct rproc_lite_verdict;

/**
 * struct rl_kicks - a remote's kicks, by notify id
 * @heard: who wants to hear of which, &struct rl_kick; read under RCU
 * @known: of the rings in its resource table; those marked are still to be rung for
 * @again: rings for these
 * @quiet: it is not to be rung at; read under RCU
 */
struct rl_kicks {
	struct xarray heard;
	struct xarray known;
	struct delayed_work again;
	bool quiet;
};

/**
 * struct rl_kick - who wants to hear of a notify id
 * @id: which
 * @rang: the remote rang for it, or without saying for whom; any context
 */
struct rl_kick {
	u32 id;
	void (*rang)(struct rl_kick *kick);
};

void rl_kick_init(struct rproc_lite *rproc);
void rl_kick_destroy(struct rproc_lite *rproc);

/*
 * Before it starts: what the image's table has may be rung for until rl_kick_end(). The remote
 * is claimed. Return: 0, or -ENOMEM with the reason.
 */
int rl_kick_begin(struct rproc_lite *rproc, struct rproc_lite_verdict *v);
/* It does not run any more, and what was still to be rung for is forgotten. Sleeps. */
void rl_kick_end(struct rproc_lite *rproc);

/**
 * rl_kick_add() - hear of a notify id
 * @rproc: the remote
 * @kick: to be called until rl_kick_del()
 *
 * Return: 0, -EBUSY if somebody does already, -ENOMEM.
 */
int rl_kick_add(struct rproc_lite *rproc, struct rl_kick *kick);

/* When this returns it is not called any more. */
void rl_kick_del(struct rproc_lite *rproc, struct rl_kick *kick);

/* The remote rang for notify id @id; or for all. Any context. */
void rl_kick_one(struct rproc_lite *rproc, u32 id);
void rl_kick_all(struct rproc_lite *rproc);

/* Ring at the remote, as soon as the mailbox has room, whoever is gone by then. Any context. */
void rl_kick_remote(struct rproc_lite *rproc, u32 id);

/* Do not ring at it any more, until rl_kick_unhush(). The remote is claimed; sleeps. */
void rl_kick_hush(struct rproc_lite *rproc);
/* Ring again, and for all, since they may have been meant to. The remote is claimed. */
void rl_kick_unhush(struct rproc_lite *rproc);

#endif /* RL_KICK_H */
