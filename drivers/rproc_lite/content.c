// SPDX-License-Identifier: GPL-2.0-only
/* What a remote has loaded: to load it, to place it again, to give it another table. */
#include "content.h"
#include "operation.h"
#include "query.h"
#include "remote.h"
#include "store_kept.h"
#include "trace.h"
#include "verdict.h"

#include <linux/sizes.h>

void rl_set_image(struct rproc_lite *rproc, struct rl_image *image, struct rl_store *store,
		  u64 kept)
{
	struct rl_image *old_image;
	struct rl_store *old_store;

	mutex_lock(&rproc->lock);
	old_image = rproc->image;
	old_store = rproc->store;
	rproc->image = image;
	rproc->store = store;
	rproc->kept = kept;
	WRITE_ONCE(rproc->heard, 0);
	mutex_unlock(&rproc->lock);

	rl_image_free(old_image);
	if (old_store != store)
		rl_store_free(old_store);
}

/* What is in memory now is @image, as it came, but for what was lost since @losses. */
static void set_placed(struct rproc_lite *rproc, struct rl_image *image, struct rl_store *store,
		       u64 kept, int losses)
{
	rl_set_image(rproc, image, store, kept);
	rproc->placed_after = losses;
	rproc->ran = false;
}

/* Ordinary memory is not the remote's own, and stays. */
static bool is_lost(const struct rproc_lite *rproc)
{
	const struct rl_layout *layout = &rproc->image->layout;
	u32 i;

	if (rproc->placed_after == atomic_read(&rproc->losses))
		return false;
	for (i = 0; i < layout->num; i++)
		if (layout->placement[i].region->io)
			return true;
	return false;
}

bool rl_must_place_again(const struct rproc_lite *rproc)
{
	return rproc->state == RPROC_LITE_STOPPED || is_lost(rproc) ||
	       (rproc->ran && rl_store_can_seek(rproc->store));
}

void rproc_lite_memory_lost(struct rproc_lite *rproc)
{
	atomic_inc(&rproc->losses);
}
EXPORT_SYMBOL_GPL(rproc_lite_memory_lost);

/* No sane image is larger than what it is for, but for what debuggers want. */
static u64 keep_limit(const struct rproc_lite *rproc)
{
	const struct rl_region *r;
	u64 limit = SZ_64M;

	list_for_each_entry(r, &rproc->map.regions, node)
		limit += r->size;
	return limit;
}

int rl_load_image(struct rproc_lite *rproc, struct rl_store *store, u32 flags,
		  enum rl_right right, struct rproc_lite_verdict *v)
{
	struct rl_load_how how = {
		.settings = &rproc->settings,
		.sha256 = flags & RPROC_LITE_LOAD_SHA256,
	};
	int ret, losses = atomic_read(&rproc->losses);
	struct rl_image *image = NULL;
	struct rl_store *kept_store;
	u64 kept = 0;

	ret = rl_claim(rproc, RL_EV_LOAD, v);
	if (ret) {
		rl_store_free(store);
		return ret;
	}
	ret = rl_right_check(rproc, right, RPROC_LITE_NO_OFFSET, "an image by descriptor", v);
	if (!ret && (flags & RPROC_LITE_LOAD_KEEP) && !rl_store_can_seek(store)) {
		kept_store = rl_store_keep(store, rproc, keep_limit(rproc), &kept, v);
		ret = PTR_ERR_OR_ZERO(kept_store);
		if (!ret)
			store = kept_store;
	}
	if (!ret) {
		image = rl_load(rproc, store, &how, v);
		ret = PTR_ERR_OR_ZERO(image);
	}
	trace_rproc_lite_load(rproc->id, store->path, ret ? 0 : image->elf.memsz, ret);
	if (ret)
		rl_store_free(store);
	else
		set_placed(rproc, image, store, kept, losses);
	return rl_settle(rproc, RPROC_LITE_READY, ret, v);
}

static int place_again(struct rproc_lite *rproc, bool same, struct rproc_lite_verdict *v)
{
	struct rl_image *image, *other, *old = rproc->image;
	int losses = atomic_read(&rproc->losses);
	struct rl_load_how how = {
		.settings = &rproc->settings,
		.sha256 = old->has_sha256,
		.expect = same ? &old->digest : NULL,
	};

	image = rl_load(rproc, rproc->store, &how, v);
	/* A table that was set belongs to the image, and outlives this placing. */
	if (!IS_ERR(image) && old->set_table) {
		other = rl_image_with_table(rproc, image, old->set_table, old->set_size,
					    old->set_da, v);
		rl_image_free(image);
		image = other;
	}
	trace_rproc_lite_load(rproc->id, rproc->store->path,
			      IS_ERR(image) ? 0 : image->elf.memsz, PTR_ERR_OR_ZERO(image));
	if (IS_ERR(image))
		return PTR_ERR(image);
	set_placed(rproc, image, rproc->store, rproc->kept, losses);
	return 0;
}

int rl_place_again(struct rproc_lite *rproc, bool same, struct rproc_lite_verdict *v)
{
	int ret;

	if (is_lost(rproc) && !rl_store_can_seek(rproc->store))
		return rl_refuse_plain(v, -ESPIPE, RPROC_LITE_AT_FILE,
				       "its memory was off as the system slept, and its image came as a stream: stop it, and load it again");
	/* The system may sleep meanwhile, too. */
	do {
		ret = place_again(rproc, same, v);
	} while (!ret && is_lost(rproc));
	return ret;
}

int rl_set_rsc_table(struct rproc_lite *rproc, const void *table, size_t size, u64 da,
		     enum rl_right right, struct rproc_lite_verdict *v)
{
	struct rl_image *image;
	int ret;

	ret = rl_claim(rproc, RL_EV_SET_RSC, v);
	if (ret)
		return ret;
	ret = rl_right_check(rproc, right, RPROC_LITE_NO_OFFSET, "a resource table", v);
	if (ret)
		return rl_settle(rproc, RPROC_LITE_READY, ret, v);
	image = rl_image_with_table(rproc, rproc->image, table, size, da, v);
	if (!IS_ERR(image))
		rl_set_image(rproc, image, rproc->store, rproc->kept);
	return rl_settle(rproc, RPROC_LITE_READY, PTR_ERR_OR_ZERO(image), v);
}

int rproc_lite_set_rsc_table(struct rproc_lite *rproc, const void *table, size_t size,
			     u64 da, struct rproc_lite_verdict *v)
{
	return rl_set_rsc_table(rproc, table, size, da, RL_RIGHT_OWN, v);
}
EXPORT_SYMBOL_GPL(rproc_lite_set_rsc_table);

int rproc_lite_load(struct rproc_lite *rproc, const char *path, void *store,
		    const struct rproc_lite_image_store_ops *ops, u32 flags,
		    struct rproc_lite_info *info, struct rproc_lite_verdict *v)
{
	struct rl_store *s;
	int ret;

	s = rl_store_new(ops, store, path);
	if (!s)
		return rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING, "out of memory");
	ret = rl_load_image(rproc, s, flags, RL_RIGHT_OWN, v);
	return ret || !info ? ret : rl_query_info(rproc, info);
}
EXPORT_SYMBOL_GPL(rproc_lite_load);
