// SPDX-License-Identifier: GPL-2.0-only
/*
 * A copy of an image that came as a stream, for those who want to start it
 * again and have the memory to spare.
 */
#include "store_kept.h"
#include "image.h"
#include "verdict.h"

#include <linux/err.h>
#include <linux/mm.h>
#include <linux/slab.h>

#define FIRST	(256u << 10)

struct kept {
	u8 *buf;
	size_t room;
	size_t size;
};

static int kept_open(void *store, struct rproc_lite *rproc, const char *path, u64 *size,
		     struct rproc_lite_verdict *v)
{
	struct kept *k = store;

	*size = k->size;
	return 0;
}

static ssize_t kept_load(void *store, u64 pos, void *buf, size_t len,
			 struct rproc_lite_verdict *v)
{
	struct kept *k = store;

	if (pos >= k->size)
		return 0;
	len = min_t(u64, len, k->size - pos);
	memcpy(buf, k->buf + pos, len);
	return len;
}

static void kept_release(void *store)
{
	struct kept *k = store;

	kvfree(k->buf);
	kfree(k);
}

static const struct rproc_lite_image_store_ops kept_ops = {
	.features = RPROC_LITE_STORE_SEEK,
	.open = kept_open,
	.load = kept_load,
	.release = kept_release,
};

/* At least a page, as long as not more than @limit bytes are kept. */
static int make_room(struct kept *k, u64 limit, struct rproc_lite_verdict *v)
{
	/* With room to see that there is more than the limit. */
	size_t room = min_t(u64, k->room ? 2 * (u64)k->room : FIRST, limit + PAGE_SIZE);
	u8 *buf;

	buf = kvmalloc(room, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!buf)
		return rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING,
				       "out of memory for keeping a copy");
	if (k->size)
		memcpy(buf, k->buf, k->size);
	kvfree(k->buf);
	k->buf = buf;
	k->room = room;
	return 0;
}

static int take_all(struct kept *k, struct rl_store *stream, u64 limit,
		    struct rproc_lite_verdict *v)
{
	ssize_t n;
	int ret;

	do {
		/* As much as a packet may have. */
		if (k->room - k->size < PAGE_SIZE) {
			ret = make_room(k, limit, v);
			if (ret)
				return ret;
		}
		n = rl_store_load_some(stream, k->size, k->buf + k->size, k->room - k->size, v);
		if (n < 0)
			return n;
		k->size += n;
		if (k->size > limit)
			return rl_refuse_plain(v, -EFBIG, RPROC_LITE_AT_FILE,
					       "the stream gives more than the %llu bytes that are kept",
					       limit);
	} while (n);
	return 0;
}

struct rl_store *rl_store_keep(struct rl_store *stream, struct rproc_lite *rproc, u64 limit,
			       u64 *kept, struct rproc_lite_verdict *v)
{
	struct rl_store *s = NULL;
	struct rl_source src;
	struct kept *k;
	int ret;

	ret = rl_store_begin(stream, rproc, &src, v);
	if (ret)
		return ERR_PTR(ret);
	k = kzalloc(sizeof(*k), GFP_KERNEL);
	if (!k)
		ret = rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING, "out of memory");
	if (!ret)
		ret = take_all(k, stream, limit, v);
	if (!ret)
		ret = rl_store_end(stream, v);
	else
		rl_store_end(stream, &(struct rproc_lite_verdict){ 0 });
	if (!ret) {
		*kept = k->room;
		s = rl_store_new(&kept_ops, k, stream->path);
		if (!s)
			return ERR_PTR(rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING,
						       "out of memory"));
		rl_store_free(stream);
		return s;
	}
	if (k)
		kept_release(k);
	return ERR_PTR(ret);
}
