/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_LOADER_H
#define RL_LOADER_H

#include "image.h"
#include "placement.h"

/**
 * struct rl_progress - how far a load has come, for others to watch
 * @done: bytes placed; read with READ_ONCE()
 * @total: bytes that will have been placed, 0 while not known
 */
struct rl_progress {
	u64 done;
	u64 total;
};

/**
 * struct rl_image - what lies in a remote's memory
 * @elf: its headers
 * @layout: where it lies
 * @table: our snapshot of its resource table, our choices filled in; NULL if none
 * @table_size: bytes
 */
struct rl_image {
	struct rl_elf elf;
	struct rl_layout layout;
	u8 *table;
	u32 table_size;
};

/**
 * rl_load() - read an image and put it in place
 * @rproc: whose; its backend is asked about the image and its vendor entries
 * @store: where from
 * @cancelled: ends the load early; its argument is @rproc
 * @progress: is updated meanwhile
 * @v: the reason, if refused
 *
 * Whatever can be refused without writing to memory is refused before. If it
 * fails later, what was written is zeroed.
 *
 * Specification: remoteproc_load().
 * Context: may sleep; holds no lock while it waits for the store.
 * Return: the image, for rl_image_free(), or an ERR_PTR.
 */
struct rl_image *rl_load(struct rproc_lite *rproc, struct rl_store *store,
			 rl_cancelled_fn *cancelled, struct rl_progress *progress,
			 struct rproc_lite_verdict *v);

/* Forget an image; memory stays as it is. NULL is fine. */
void rl_image_free(struct rl_image *image);

/* What to tell the backend of an image in the remote's memory. */
void rl_image_info(const struct rproc_lite *rproc, const struct rl_image *image,
		   struct rproc_lite_image_info *info);

#endif /* RL_LOADER_H */
