/* SPDX-License-Identifier: GPL-2.0-only */
/* An image store of our own, that keeps count of how it is used. */
#ifndef RPROC_LITE_TEST_STORE_H
#define RPROC_LITE_TEST_STORE_H

#include <linux/completion.h>
#include <linux/firmware.h>
#include "test.h"

/**
 * struct store - an image in memory
 * @fw: the file that it was read from, or NULL
 * @data: the image
 * @size: bytes
 * @opens: calls of open
 * @loads: calls of load
 * @closes: calls of close
 * @releases: calls of release
 * @next: where a stream goes on
 * @skipped: a stream was asked for other bytes than those that come next
 * @untold: open does not tell the size
 * @open_error: open fails so
 * @load_error: load fails so, from the call number @load_fails on
 * @load_fails: see @load_error
 * @close_error: close fails so
 * @gate: load waits for this, if it is not NULL
 * @waits: completed when load waits
 */
struct store {
	const struct firmware *fw;
	const u8 *data;
	size_t size;
	unsigned int opens, loads, closes, releases;
	u64 next;
	bool skipped, untold;
	int open_error, load_error, close_error;
	unsigned int load_fails;
	struct completion *gate;
	struct completion waits;
};

/* The test firmware of this name for r0. False if it can't be had. */
bool store_init(struct test *t, struct store *s, const char *name);
/* Is r0 a core behind a reset line, an R5? Then its firmware is another, and a stop works. */
bool store_has_reset(void);
void store_init_data(struct store *s, const void *data, size_t size);
void store_exit(struct store *s);
/* It was released, once, and closed as often as opened. */
void store_expect_over(struct test *t, const struct store *s);

extern const struct rproc_lite_image_store_ops store_seek, store_stream;

/* A raw image of these bytes will do where nobody runs it. */
static inline int store_load(struct test *t, struct rproc_lite *rproc, struct store *s)
{
	return rproc_lite_load(rproc, "test", s, &store_seek, 0, NULL, &t->v);
}

#endif /* RPROC_LITE_TEST_STORE_H */
