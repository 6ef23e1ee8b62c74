// SPDX-License-Identifier: GPL-2.0-only
/* Digests of what was placed. */
#include "digest.h"
#include "verdict.h"

#include <crypto/hash.h>
#include <linux/err.h>
#include <linux/slab.h>

int rl_digest_begin(struct rl_digest *d, bool sha256, struct rproc_lite_verdict *v)
{
	struct crypto_shash *tfm;

	d->sha = NULL;
	xxh64_reset(&d->xxh, 0);
	if (!sha256)
		return 0;
	tfm = crypto_alloc_shash("sha256", 0, 0);
	if (IS_ERR(tfm))
		return rl_refuse_plain(v, PTR_ERR(tfm), RPROC_LITE_AT_ARGUMENT,
				       "this kernel has no SHA-256");
	d->sha = kmalloc(sizeof(*d->sha) + crypto_shash_descsize(tfm), GFP_KERNEL);
	if (!d->sha) {
		crypto_free_shash(tfm);
		return rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING, "out of memory");
	}
	d->sha->tfm = tfm;
	return crypto_shash_init(d->sha);
}

int rl_digest_add(struct rl_digest *d, const void *buf, size_t len)
{
	xxh64_update(&d->xxh, buf, len);
	return d->sha ? crypto_shash_update(d->sha, buf, len) : 0;
}

int rl_digest_end(struct rl_digest *d, u64 *xxh64, u8 *sha256)
{
	*xxh64 = xxh64_digest(&d->xxh);
	return d->sha ? crypto_shash_final(d->sha, sha256) : 0;
}

void rl_digest_free(struct rl_digest *d)
{
	if (!d->sha)
		return;
	crypto_free_shash(d->sha->tfm);
	kfree_sensitive(d->sha);
	d->sha = NULL;
}
