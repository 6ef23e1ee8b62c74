// SPDX-License-Identifier: GPL-2.0-only
/*
 * Images in the kernel's firmware path, read piece by piece. The firmware loader
 * opens the file anew for each piece, so it may be another one by then: the
 * first piece is looked at again after the last. A compressed file can only be
 * had whole.
 */
#include "store_name.h"
#include "image.h"
#include "verdict.h"

#include <linux/err.h>
#include <linux/firmware.h>
#include <linux/slab.h>

/* Headers are read through a piece of it; all that is larger comes straight. */
#define PIECE	(16u << 10)
#define HEAD	4096u

/**
 * struct named - an image by name
 * @dev: for the firmware loader
 * @name: for the firmware loader
 * @whole: all of it, if it can't be had otherwise
 * @piece: bytes @at to @at + @fill of it
 * @at: see @piece
 * @fill: see @piece
 * @end: where it ends, U64_MAX until a piece came up short
 * @head: its first bytes, as they were
 * @head_fill: of @head
 */
struct named {
	struct device *dev;
	const char *name;
	const struct firmware *whole;
	u8 *piece;
	u64 at;
	size_t fill;
	u64 end;
	u8 head[HEAD];
	size_t head_fill;
};

static int cant_read(struct named *n, int error, struct rproc_lite_verdict *v)
{
	if (error == -ENOENT)
		return rl_refuse_plain(v, error, RPROC_LITE_AT_FILE,
				       "no firmware %.150s in the kernel's firmware path",
				       n->name);
	return rl_refuse_plain(v, error, RPROC_LITE_AT_FILE,
			       "firmware %.150s can't be read: error %d", n->name, -error);
}

/* Bytes from @pos on, fewer at the end. */
static ssize_t fetch(struct named *n, u64 pos, void *buf, size_t len)
{
	const struct firmware *fw;
	ssize_t got;
	int ret;

	if (pos >= n->end)
		return 0;
	ret = request_partial_firmware_into_buf(&fw, n->name, n->dev, buf, len, pos);
	/* Nothing there is no file to the firmware loader, as no file is. */
	if (ret == -ENOENT && pos) {
		n->end = pos;
		return 0;
	}
	if (ret)
		return ret;
	got = fw->size;
	release_firmware(fw);
	if (got < len)
		n->end = pos + got;
	return got;
}

static int named_open(void *store, struct rproc_lite *rproc, const char *path, u64 *size,
		      struct rproc_lite_verdict *v)
{
	struct named *n = store;
	ssize_t got;
	int ret;

	n->piece = kvmalloc(PIECE, GFP_KERNEL);
	if (!n->piece)
		return rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING, "out of memory");
	n->end = U64_MAX;
	got = fetch(n, 0, n->piece, PIECE);
	if (got >= 0) {
		n->at = 0;
		n->fill = got;
		n->head_fill = min_t(size_t, got, HEAD);
		memcpy(n->head, n->piece, n->head_fill);
		return 0;
	}
	kvfree(n->piece);
	n->piece = NULL;
	ret = got == -ENOENT ? request_firmware_direct(&n->whole, n->name, n->dev) : got;
	if (ret)
		return cant_read(n, ret, v);
	*size = n->whole->size;
	return 0;
}

static ssize_t named_load(void *store, u64 pos, void *buf, size_t len,
			  struct rproc_lite_verdict *v)
{
	struct named *n = store;
	ssize_t got;

	if (n->whole) {
		if (pos >= n->whole->size)
			return 0;
		len = min_t(u64, len, n->whole->size - pos);
		memcpy(buf, n->whole->data + pos, len);
		return len;
	}
	if (pos > LLONG_MAX)
		return 0;
	if (len < PIECE && (pos < n->at || pos - n->at >= n->fill)) {
		got = fetch(n, pos, n->piece, PIECE);
		if (got < 0)
			return cant_read(n, got, v);
		n->at = pos;
		n->fill = got;
	}
	if (pos >= n->at && pos - n->at < n->fill) {
		len = min_t(u64, len, n->at + n->fill - pos);
		memcpy(buf, n->piece + (pos - n->at), len);
		return len;
	}
	if (len < PIECE)
		return 0;
	got = fetch(n, pos, buf, len);
	return got < 0 ? cant_read(n, got, v) : got;
}

/* Is it still what it was when the reading began? */
static int check_head(struct named *n, struct rproc_lite_verdict *v)
{
	ssize_t got;

	n->end = U64_MAX;
	got = fetch(n, 0, n->piece, HEAD);
	if (got == n->head_fill && !memcmp(n->piece, n->head, got))
		return 0;
	return rl_refuse_plain(v, -ESTALE, RPROC_LITE_AT_FILE,
			       "firmware %.150s changed while it was being read", n->name);
}

static int named_close(void *store, struct rproc_lite_verdict *v)
{
	struct named *n = store;
	int ret = n->whole ? 0 : check_head(n, v);

	release_firmware(n->whole);
	n->whole = NULL;
	kvfree(n->piece);
	n->piece = NULL;
	return ret;
}

static void named_release(void *store)
{
	struct named *n = store;

	kfree(n->name);
	kfree(n);
}

static const struct rproc_lite_image_store_ops named_ops = {
	.features = RPROC_LITE_STORE_SEEK,
	.open = named_open,
	.load = named_load,
	.close = named_close,
	.release = named_release,
};

static bool climbs(const char *name)
{
	return !strcmp(name, "..") || !strncmp(name, "../", 3) || strstr(name, "/../") ||
	       (strlen(name) >= 3 && !strcmp(name + strlen(name) - 3, "/.."));
}

struct rl_store *rl_store_from_name(struct device *dev, const char *name,
				    struct rproc_lite_verdict *v)
{
	struct rl_store *s = NULL;
	struct named *n;

	if (!name[0])
		return ERR_PTR(rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_ARGUMENT,
					       "firmware name is empty"));
	if (climbs(name))
		return ERR_PTR(rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_ARGUMENT,
					       "firmware name leads out of the firmware path"));
	n = kzalloc(sizeof(*n), GFP_KERNEL);
	if (n) {
		n->dev = dev;
		n->name = kstrdup(name, GFP_KERNEL);
		if (n->name)
			s = rl_store_new(&named_ops, n, name);
		else
			kfree(n);
	}
	if (!s)
		return ERR_PTR(rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING,
					       "out of memory"));
	return s;
}
