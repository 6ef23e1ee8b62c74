// SPDX-License-Identifier: GPL-2.0-only
#include "store.h"

#include <linux/device.h>
#include <linux/minmax.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/string.h>

static int store_open(void *store, struct rproc_lite *rproc, const char *path, u64 *size,
		      struct rproc_lite_verdict *v)
{
	struct store *s = store;

	s->opens++;
	s->next = 0;
	if (s->open_error)
		return rproc_lite_refuse(v, s->open_error, "%s can't be opened", path);
	if (!s->untold)
		*size = s->size;
	return 0;
}

static ssize_t store_read(void *store, u64 offset, void *buf, size_t len,
			  struct rproc_lite_verdict *v)
{
	struct store *s = store;

	if (s->gate) {
		complete(&s->waits);
		wait_for_completion(s->gate);
	}
	/* Without a word: the core finds one. */
	if (s->load_error && s->loads++ >= s->load_fails)
		return s->load_error;
	if (offset != s->next)
		s->skipped = true;
	if (offset >= s->size)
		return 0;
	len = min_t(u64, len, s->size - offset);
	memcpy(buf, s->data + offset, len);
	s->next = offset + len;
	return len;
}

static int store_close(void *store, struct rproc_lite_verdict *v)
{
	struct store *s = store;

	s->closes++;
	return s->close_error ? rproc_lite_refuse(v, s->close_error, "it changed") : 0;
}

static void store_release(void *store)
{
	struct store *s = store;

	s->releases++;
}

const struct rproc_lite_image_store_ops store_seek = {
	.owner = THIS_MODULE,
	.features = RPROC_LITE_STORE_SEEK,
	.open = store_open,
	.load = store_read,
	.close = store_close,
	.release = store_release,
};

const struct rproc_lite_image_store_ops store_stream = {
	.owner = THIS_MODULE,
	.open = store_open,
	.load = store_read,
	.close = store_close,
	.release = store_release,
};

void store_init_data(struct store *s, const void *data, size_t size)
{
	memset(s, 0, sizeof(*s));
	s->data = data;
	s->size = size;
	init_completion(&s->waits);
}

/* Firmware is linked for the addresses that the remote sees. */
static bool is_translated(struct test *t)
{
	struct rproc_lite_io *io = rproc_lite_get_io_with_name(t->r0, "code");
	bool is;

	if (!EXPECT_ERR(t, 0, io))
		return false;
	is = rproc_lite_io_da(io) != rproc_lite_io_pa(io);
	rproc_lite_put_io(io);
	return is;
}

bool store_has_reset(void)
{
	struct device_node *np = of_find_node_by_path("rproc0");
	bool is = of_device_is_compatible(np, "rproc-lite,reset-core");

	of_node_put(np);
	return is;
}

bool store_init(struct test *t, struct store *s, const char *name)
{
	const char *suffix = store_has_reset() ? "-r5" : is_translated(t) ? "-da" : "";
	struct device *dev = test_parent();
	const struct firmware *fw = NULL;
	char path[64];

	snprintf(path, sizeof(path), "rproc-lite/%s%s.elf", name, suffix);
	if (!EXPECT(t, dev))
		return false;
	EXPECT_DONE(t, request_firmware(&fw, path, dev));
	put_device(dev);
	store_init_data(s, fw ? fw->data : NULL, fw ? fw->size : 0);
	s->fw = fw;
	return fw;
}

void store_exit(struct store *s)
{
	release_firmware(s->fw);
}

void store_expect_over(struct test *t, const struct store *s)
{
	EXPECT_EQ(t, 1, s->releases);
	EXPECT_EQ(t, s->opens, s->closes);
}
