/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_IMAGE_H
#define RL_IMAGE_H

#include <linux/rproc_lite.h>
#include "elf.h"

struct rl_window;

/**
 * struct rl_store - where an image comes from
 * @ops: how to read it
 * @store: for @ops
 * @path: for @ops, and for people
 * @window: what a stream that is being read keeps, NULL otherwise
 * @used: a stream was read, and has nothing more to give
 * @released: the same, and @store is gone
 * @rproc: for whom it is being read
 */
struct rl_store {
	const struct rproc_lite_image_store_ops *ops;
	void *store;
	char path[RPROC_LITE_PATH_MAX];
	struct rl_window *window;
	bool used;
	bool released;
	struct rproc_lite *rproc;
};

/**
 * rl_store_new() - take charge of a store
 * @ops: how to read it; must outlive the store
 * @store: for @ops; released at the end, or now if this fails
 * @path: what it is called
 *
 * Return: the store, or NULL when out of memory.
 */
struct rl_store *rl_store_new(const struct rproc_lite_image_store_ops *ops, void *store,
			      const char *path);

/* Release a store. NULL is fine. */
void rl_store_free(struct rl_store *store);

/**
 * rl_store_begin() - prepare for one reading, from the start
 * @store: not being read; a stream can be read only once
 * @rproc: for whom
 * @src: what to read from until rl_store_end()
 * @v: the reason, if it fails
 *
 * Return: 0 or a negative errno.
 */
int rl_store_begin(struct rl_store *store, struct rproc_lite *rproc, struct rl_source *src,
		   struct rproc_lite_verdict *v);

/*
 * The reading is over, well or not. Return: 0, or a negative errno if what was
 * read can't be trusted after all, because it changed meanwhile.
 */
int rl_store_end(struct rl_store *store, struct rproc_lite_verdict *v);

/*
 * One piece, straight from the store, which is being read: up to @len bytes at
 * @pos. Return: how many, 0 at the end, or a negative errno with @v filled in.
 */
ssize_t rl_store_load_some(struct rl_store *store, u64 pos, void *buf, size_t len,
			   struct rproc_lite_verdict *v);

/*
 * Has a signal come for the current task? A freezer's, which only looks like
 * one, is obeyed here and forgotten. May sleep, in the task state RUNNING.
 */
bool rl_interrupted(void);

/* Can it be read in any order, and again? */
static inline bool rl_store_can_seek(const struct rl_store *store)
{
	return store->ops->features & RPROC_LITE_STORE_SEEK;
}

#endif /* RL_IMAGE_H */
