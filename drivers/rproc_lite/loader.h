/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_LOADER_H
#define RL_LOADER_H

#include "digest.h"
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
 * @digest: XXH64 of the bytes placed, in the order of the file
 * @sha256: SHA-256 of the same, if @has_sha256
 * @has_sha256: it was wanted
 * @loaded: when, ktime_get_real_ns()
 * @table: our snapshot of its resource table, our choices filled in; NULL if none
 * @table_size: bytes
 * @set_table: the table that set_rsc_table brought, as it came; NULL if none
 * @set_size: bytes
 * @set_da: where the remote reads it, or RPROC_LITE_NO_DA
 */
struct rl_image {
	struct rl_elf elf;
	struct rl_layout layout;
	u64 digest;
	u8 sha256[RL_SHA256_SIZE];
	bool has_sha256;
	u64 loaded;
	u8 *table;
	u32 table_size;
	u8 *set_table;
	u32 set_size;
	u64 set_da;
};

/**
 * struct rl_load_how - what a load is told beside the image
 * @settings: of the remote
 * @sha256: compute that too
 * @expect: refuse an image with another digest, with -ESTALE; NULL for any
 */
struct rl_load_how {
	const struct rl_settings *settings;
	bool sha256;
	const u64 *expect;
};

/**
 * rl_load() - read an image and put it in place
 * @rproc: whose; its backend is asked about the image and its vendor entries
 * @store: where from
 * @how: what else it is told
 * @v: the reason, if refused
 *
 * Whatever can be refused without writing to memory is refused before. If it
 * fails later, what was written is zeroed. It updates the remote's progress, and
 * ends early when the remote's @cancel is set or a signal comes.
 *
 * Specification: remoteproc_load().
 * Context: may sleep; holds no lock while it waits for the store.
 * Return: the image, for rl_image_free(), or an ERR_PTR.
 */
struct rl_image *rl_load(struct rproc_lite *rproc, struct rl_store *store,
			 const struct rl_load_how *how, struct rproc_lite_verdict *v);

/**
 * rl_image_with_table() - the same image with another resource table
 * @rproc: claimed
 * @image: in its memory; stays as it is
 * @table: of @size bytes, or NULL if it lies in the remote's memory at @da
 * @size: bytes
 * @da: where the remote reads it, or RPROC_LITE_NO_DA
 * @v: the reason, if refused; then nothing was written to memory
 *
 * Return: an image to take the place of @image, or an ERR_PTR: -EINVAL, -ENOSPC,
 * -ENOMEM.
 */
struct rl_image *rl_image_with_table(struct rproc_lite *rproc, const struct rl_image *image,
				     const void *table, size_t size, u64 da,
				     struct rproc_lite_verdict *v);

/* Forget an image; memory stays as it is. NULL is fine. */
void rl_image_free(struct rl_image *image);

/* What to tell the backend of an image in the remote's memory. */
void rl_image_info(const struct rproc_lite *rproc, const struct rl_image *image,
		   struct rproc_lite_image_info *info);

#endif /* RL_LOADER_H */
