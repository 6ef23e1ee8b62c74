/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_DIGEST_H
#define RL_DIGEST_H

#include <linux/types.h>
#include <linux/xxhash.h>

#define RL_SHA256_SIZE	32

struct rproc_lite_verdict;
struct shash_desc;

/**
 * struct rl_digest - what was placed, in few bytes
 * @xxh: a fast digest, always
 * @sha: SHA-256 beside it, NULL unless wanted: it costs more than the load
 */
struct rl_digest {
	struct xxh64_state xxh;
	struct shash_desc *sha;
};

/**
 * rl_digest_begin() - start from nothing
 * @d: for rl_digest_free(), whatever this returns
 * @sha256: want that too
 * @v: the reason, if it fails
 *
 * Return: 0; -ENOENT if the kernel has no SHA-256; -ENOMEM.
 */
int rl_digest_begin(struct rl_digest *d, bool sha256, struct rproc_lite_verdict *v);

/* Take in some more. Return: 0 or a negative errno of SHA-256's driver. */
int rl_digest_add(struct rl_digest *d, const void *buf, size_t len);

/* @sha256: RL_SHA256_SIZE bytes, written if it was wanted. */
int rl_digest_end(struct rl_digest *d, u64 *xxh64, u8 *sha256);

void rl_digest_free(struct rl_digest *d);

#endif /* RL_DIGEST_H */
