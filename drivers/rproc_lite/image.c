// SPDX-License-Identifier: GPL-2.0-only
/*
 * Images, wherever they come from. A store gives bytes; here they become "these
 * bytes, please", also for a store that goes by only once.
 */
#include "image.h"
#include "remote.h"
#include "verdict.h"

#include <linux/freezer.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

/*
 * A stream keeps the last bytes that went by, since an ELF file's headers point
 * backwards: names come before the section headers that tell what they are.
 */
#define WINDOW_KEEP	(48u << 10)
#define WINDOW_SIZE	(WINDOW_KEEP + max(15u << 10, (unsigned int)PAGE_SIZE))

struct rl_window {
	u64 base;		/* position of buf[0] */
	size_t fill;		/* bytes in buf */
	u8 buf[];
};

struct rl_store *rl_store_new(const struct rproc_lite_image_store_ops *ops, void *store,
			      const char *path)
{
	struct rl_store *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s || !try_module_get(ops->owner)) {
		if (ops->release)
			ops->release(store);
		kfree(s);
		return NULL;
	}
	s->ops = ops;
	s->store = store;
	strscpy(s->path, path, sizeof(s->path));
	return s;
}

static void release(struct rl_store *s)
{
	if (s->ops->release && !s->released)
		s->ops->release(s->store);
	s->released = true;
}

void rl_store_free(struct rl_store *s)
{
	if (!s)
		return;
	release(s);
	module_put(s->ops->owner);
	kfree(s);
}

bool rl_interrupted(void)
{
	struct sighand_struct *sighand = rcu_dereference_raw(current->sighand);

	if (try_to_freeze()) {
		spin_lock_irq(&sighand->siglock);
		recalc_sigpending();
		spin_unlock_irq(&sighand->siglock);
	}
	return signal_pending(current);
}

static int ends_early(struct rproc_lite_verdict *v, u64 pos, u64 size)
{
	return rl_refuse(v, -ENOEXEC, RPROC_LITE_AT_FILE, RPROC_LITE_NO_INDEX, size,
			 "image ends at byte %llu, and more is needed from byte %llu on",
			 size, pos);
}

ssize_t rl_store_load_some(struct rl_store *s, u64 pos, void *buf, size_t len,
			   struct rproc_lite_verdict *v)
{
	ssize_t n;

	if (READ_ONCE(s->rproc->cancel))
		return rl_refuse_plain(v, -ECANCELED, RPROC_LITE_AT_NOTHING,
				       "loading was cancelled");
	if (rl_interrupted())
		return rl_refuse_plain(v, -EINTR, RPROC_LITE_AT_NOTHING,
				       "loading was interrupted");
	cond_resched();
	v->error = 0;
	n = s->ops->load(s->store, pos, buf, len, v);
	if (n > (ssize_t)len)
		n = -EIO;
	if (n < 0 && !v->error)
		rl_refuse(v, n, RPROC_LITE_AT_FILE, RPROC_LITE_NO_INDEX, pos,
			  "image, byte %llu: can't be read: error %zd", pos, -n);
	return n;
}

static int read_anywhere(void *ctx, u64 pos, void *buf, size_t len,
			 struct rproc_lite_verdict *v)
{
	struct rl_store *s = ctx;
	u64 first = pos;
	ssize_t n;

	while (len) {
		n = rl_store_load_some(s, pos, buf, len, v);
		if (n < 0)
			return n;
		if (!n)
			return ends_early(v, first, pos);
		pos += n;
		buf += n;
		len -= n;
	}
	return 0;
}

/* Take in some more of a stream; forget the oldest if there is no room. */
static int window_more(struct rl_store *s, u64 wanted, struct rproc_lite_verdict *v)
{
	struct rl_window *w = s->window;
	ssize_t n;

	/* A pipe of packets throws away what does not fit of one, a page at most. */
	if (WINDOW_SIZE - w->fill < PAGE_SIZE) {
		memmove(w->buf, w->buf + w->fill - WINDOW_KEEP, WINDOW_KEEP);
		w->base += w->fill - WINDOW_KEEP;
		w->fill = WINDOW_KEEP;
	}
	n = rl_store_load_some(s, w->base + w->fill, w->buf + w->fill,
			       WINDOW_SIZE - w->fill, v);
	if (n < 0)
		return n;
	if (!n)
		return ends_early(v, wanted, w->base + w->fill);
	w->fill += n;
	return 0;
}

static int read_forward(void *ctx, u64 pos, void *buf, size_t len,
			struct rproc_lite_verdict *v)
{
	struct rl_store *s = ctx;
	struct rl_window *w = s->window;
	size_t n;
	int ret;

	while (len) {
		if (pos < w->base)
			return rl_refuse(v, -ESPIPE, RPROC_LITE_AT_FILE, RPROC_LITE_NO_INDEX, pos,
					 "image, byte %llu: needed again, but this stream can't go back; load it from a file",
					 pos);
		if (pos >= w->base + w->fill) {
			ret = window_more(s, pos, v);
			if (ret)
				return ret;
			continue;
		}
		n = min_t(u64, len, w->base + w->fill - pos);
		memcpy(buf, w->buf + (pos - w->base), n);
		buf += n;
		pos += n;
		len -= n;
	}
	return 0;
}

static int begin_stream(struct rl_store *s, struct rproc_lite_verdict *v)
{
	if (s->used)
		return rl_refuse_plain(v, -ESPIPE, RPROC_LITE_AT_FILE,
				       "the image came as a stream and can't be read again; load it again");
	s->window = kvmalloc(struct_size(s->window, buf, WINDOW_SIZE), GFP_KERNEL);
	if (!s->window)
		return rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING, "out of memory");
	s->window->base = 0;
	s->window->fill = 0;
	s->used = true;
	return 0;
}

int rl_store_begin(struct rl_store *s, struct rproc_lite *rproc, struct rl_source *src,
		   struct rproc_lite_verdict *v)
{
	int ret;

	if (!rl_store_can_seek(s)) {
		ret = begin_stream(s, v);
		if (ret)
			return ret;
	}
	s->rproc = rproc;
	src->ctx = s;
	src->read = rl_store_can_seek(s) ? read_anywhere : read_forward;
	src->size = U64_MAX;
	ret = s->ops->open ? s->ops->open(s->store, rproc, s->path, &src->size, v) : 0;
	if (ret) {
		kvfree(s->window);
		s->window = NULL;
	}
	return ret;
}

int rl_store_end(struct rl_store *s, struct rproc_lite_verdict *v)
{
	int ret = s->ops->close ? s->ops->close(s->store, v) : 0;

	/* Let go of what is spent, or whoever writes to it would wait for ever. */
	if (!rl_store_can_seek(s))
		release(s);
	kvfree(s->window);
	s->window = NULL;
	return ret;
}
