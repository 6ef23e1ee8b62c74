// SPDX-License-Identifier: GPL-2.0-only
/* A real remote's life, driven by the exported calls, with an image store of our own. */
#include "store.h"

#include <linux/delay.h>
#include <linux/rproc_lite_rsc.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/workqueue.h>

#define PATIENCE_MS	15000

static int load(struct test *t, struct store *s, const struct rproc_lite_image_store_ops *ops,
		u32 flags)
{
	return rproc_lite_load(t->r0, "kernel's", s, ops, flags, NULL, &t->v);
}

/* Where @text is within the first 256 KiB of @io, or -1. */
static s64 find_text(struct rproc_lite_io *io, const char *text)
{
	const size_t step = 4096, more = 128;
	char *buf = kmalloc(step + more, GFP_KERNEL), *at;
	s64 found = -1;
	u64 off;

	for (off = 0; buf && found < 0 && off < 0x40000; off += step) {
		if (rproc_lite_io_read(io, off, buf, step + more))
			break;
		for (at = buf; at < buf + step && found < 0; at++)
			if (!strncmp(at, text, strlen(text)))
				found = off + (at - buf);
	}
	kfree(buf);
	return found;
}

/* The firmware, and not its image, has the number behind these words. */
static bool says_hello(struct test *t)
{
	struct rproc_lite_io *io = rproc_lite_get_io_with_name(t->r0, "code");
	bool found = false;
	int i;

	if (!EXPECT_ERR(t, 0, io))
		return false;
	for (i = 0; i < PATIENCE_MS / 10 && !found; i++) {
		found = find_text(io, "hello from the core with MPIDR 0x") >= 0;
		if (!found)
			usleep_range(9000, 10000);
	}
	rproc_lite_put_io(io);
	return found;
}

/* As info tells: said by load, and by nothing else here. */
TEST(whole_life)
{
	struct rproc_lite_info info;
	struct store s;

	if (!store_init(t, &s, "echo"))
		return;
	EXPECT_DONE(t, rproc_lite_config(t->r0, NULL, 0, &t->v));
	EXPECT_DONE(t, rproc_lite_load(t->r0, "kernel's", &s, &store_seek,
				       RPROC_LITE_LOAD_SHA256, &info, &t->v));
	EXPECT_EQ(t, RPROC_LITE_READY, info.state);
	EXPECT(t, !strcmp(info.image, "kernel's"));
	EXPECT(t, info.flags & RPROC_LITE_INFO_SHA256);
	EXPECT(t, info.flags & RPROC_LITE_INFO_RESTARTABLE);
	EXPECT_EQ(t, 1, info.num_traces);
	EXPECT_DONE(t, rproc_lite_start(t->r0, &t->v));
	EXPECT(t, says_hello(t));
	EXPECT_DONE(t, rproc_lite_stop(t->r0, 0, &t->v));
	EXPECT_EQ(t, 1, s.opens);
	/* Read anew, from a store that can. */
	EXPECT_DONE(t, rproc_lite_start(t->r0, &t->v));
	EXPECT_EQ(t, 2, s.opens);
	EXPECT_EQ(t, 2, s.closes);
	EXPECT_EQ(t, 0, s.releases);
	EXPECT(t, says_hello(t));
	EXPECT_DONE(t, rproc_lite_shutdown(t->r0, 0, &t->v));
	store_expect_over(t, &s);
	store_exit(&s);
}

/* One after the other, and not again. */
TEST(stream)
{
	struct store s;

	if (!store_init(t, &s, "echo"))
		return;
	EXPECT_DONE(t, rproc_lite_config(t->r0, NULL, 0, &t->v));
	EXPECT_DONE(t, load(t, &s, &store_stream, 0));
	EXPECT(t, !s.skipped);
	EXPECT_DONE(t, rproc_lite_start(t->r0, &t->v));
	EXPECT(t, says_hello(t));
	EXPECT_DONE(t, rproc_lite_stop(t->r0, 0, &t->v));
	EXPECT_REFUSED(t, -ESPIPE, "stream", rproc_lite_start(t->r0, &t->v));
	EXPECT_EQ(t, 1, s.opens);
	EXPECT_DONE(t, rproc_lite_shutdown(t->r0, 0, &t->v));
	store_expect_over(t, &s);
	store_exit(&s);
}

TEST(kept_stream)
{
	struct store s;

	if (!store_init(t, &s, "echo"))
		return;
	EXPECT_DONE(t, rproc_lite_config(t->r0, NULL, 0, &t->v));
	EXPECT_DONE(t, load(t, &s, &store_stream, RPROC_LITE_LOAD_KEEP));
	/* There is a copy. */
	EXPECT(t, !s.skipped);
	store_expect_over(t, &s);
	store_exit(&s);
	EXPECT_DONE(t, rproc_lite_start(t->r0, &t->v));
	EXPECT(t, says_hello(t));
	EXPECT_DONE(t, rproc_lite_stop(t->r0, 0, &t->v));
	EXPECT_DONE(t, rproc_lite_start(t->r0, &t->v));
	EXPECT(t, says_hello(t));
	EXPECT_DONE(t, rproc_lite_shutdown(t->r0, 0, &t->v));
}

/* The next image takes the last one's place. */
TEST(loaded_twice)
{
	struct store first, second;

	if (!store_init(t, &first, "echo"))
		return;
	if (store_init(t, &second, "chatty")) {
		EXPECT_DONE(t, rproc_lite_config(t->r0, NULL, 0, &t->v));
		EXPECT_DONE(t, load(t, &first, &store_seek, 0));
		EXPECT_DONE(t, rproc_lite_stop(t->r0, 0, &t->v));
		EXPECT_EQ(t, 0, first.releases);
		EXPECT_DONE(t, load(t, &second, &store_seek, 0));
		store_expect_over(t, &first);
		EXPECT_DONE(t, rproc_lite_shutdown(t->r0, 0, &t->v));
		store_expect_over(t, &second);
		store_exit(&second);
	}
	store_exit(&first);
}

static const struct rproc_lite_image_store_ops *const both[] = { &store_seek, &store_stream };

/* Whatever fails, and for both kinds of store: released once, and nothing is loaded. */
TEST(store_fails)
{
	struct store s;
	unsigned int i, n;

	if (!store_init(t, &s, "echo"))
		return;
	EXPECT_DONE(t, rproc_lite_config(t->r0, NULL, 0, &t->v));
	for (i = 0; i < ARRAY_SIZE(both); i++) {
		const struct firmware *fw = s.fw;

		store_init_data(&s, fw->data, fw->size);
		s.open_error = -EACCES;
		EXPECT_REFUSED(t, -EACCES, "kernel's can't be opened", load(t, &s, both[i], 0));
		EXPECT_EQ(t, 1, s.releases);
		for (n = 0; n < 4; n++) {
			store_init_data(&s, fw->data, fw->size);
			s.load_error = -EIO;
			s.load_fails = n;
			t->v.error = 0;
			if (!load(t, &s, both[i], 0)) {
				/* It took fewer calls than that. */
				EXPECT(t, n);
				EXPECT_DONE(t, rproc_lite_shutdown(t->r0, 0, &t->v));
				EXPECT_DONE(t, rproc_lite_config(t->r0, NULL, 0, &t->v));
				break;
			}
			EXPECT_EQ(t, -EIO, t->v.error);
			EXPECT(t, strstr(t->v.text, "can't be read"));
			store_expect_over(t, &s);
		}
		store_init_data(&s, fw->data, fw->size);
		s.close_error = -ESTALE;
		EXPECT_REFUSED(t, -ESTALE, "it changed", load(t, &s, both[i], 0));
		store_expect_over(t, &s);
		/* Too short, and of no bytes at all. */
		store_init_data(&s, fw->data, 100);
		EXPECT_REFUSED(t, -ENOEXEC, "end past the file", load(t, &s, both[i], 0));
		store_expect_over(t, &s);
		store_init_data(&s, fw->data, 0);
		EXPECT_REFUSED(t, -ENOEXEC, "image", load(t, &s, both[i], 0));
		store_expect_over(t, &s);
		s.fw = fw;
	}
	EXPECT_REFUSED(t, -EBADFD, "start needs", rproc_lite_start(t->r0, &t->v));
	EXPECT_DONE(t, rproc_lite_shutdown(t->r0, 0, &t->v));
	store_exit(&s);
}

/* An image that can't be read again, although its store promised. */
TEST(restart_fails)
{
	struct store s;

	if (!store_init(t, &s, "echo"))
		return;
	EXPECT_DONE(t, rproc_lite_config(t->r0, NULL, 0, &t->v));
	EXPECT_DONE(t, load(t, &s, &store_seek, 0));
	EXPECT_DONE(t, rproc_lite_stop(t->r0, 0, &t->v));
	s.open_error = -ENOENT;
	EXPECT_REFUSED(t, -ENOENT, "can't be opened", rproc_lite_start(t->r0, &t->v));
	EXPECT_REFUSED(t, -EBADFD, "this remote is Stopped",
		       rproc_lite_config(t->r0, NULL, 0, &t->v));
	s.open_error = 0;
	EXPECT_DONE(t, rproc_lite_start(t->r0, &t->v));
	EXPECT(t, says_hello(t));
	EXPECT_DONE(t, rproc_lite_shutdown(t->r0, 0, &t->v));
	EXPECT_EQ(t, 1, s.releases);
	store_exit(&s);
}

/* What the state does not allow does nothing, but for the store, which is let go. */
TEST(states)
{
	struct store s;

	if (!store_init(t, &s, "echo"))
		return;
	EXPECT_REFUSED(t, -EBADFD, "this remote is Offline", load(t, &s, &store_seek, 0));
	EXPECT_EQ(t, 0, s.opens);
	EXPECT_EQ(t, 1, s.releases);
	EXPECT_REFUSED(t, -EBADFD, "this remote is Offline", rproc_lite_start(t->r0, &t->v));
	EXPECT_DONE(t, rproc_lite_stop(t->r0, 0, &t->v));
	EXPECT_DONE(t, rproc_lite_shutdown(t->r0, 0, &t->v));

	EXPECT_DONE(t, rproc_lite_config(t->r0, NULL, 0, &t->v));
	EXPECT_REFUSED(t, -EBADFD, "this remote is Configured",
		       rproc_lite_config(t->r0, NULL, 0, &t->v));
	EXPECT_REFUSED(t, -EBADFD, "this remote is Configured", rproc_lite_stop(t->r0, 0, &t->v));
	s.releases = 0;
	EXPECT_DONE(t, load(t, &s, &store_seek, 0));
	EXPECT_DONE(t, rproc_lite_start(t->r0, &t->v));
	EXPECT_REFUSED(t, -EBADFD, "this remote is Running",
		       rproc_lite_config(t->r0, NULL, 0, &t->v));
	EXPECT_DONE(t, rproc_lite_shutdown(t->r0, 0, &t->v));
	EXPECT_EQ(t, 1, s.releases);
	store_exit(&s);
}

TEST(settings)
{
	char good[] = "stop-timeout-ms=200", bad[] = "stop-timeout-ms=0", cut[] = { 'a', '=' };
	struct store s;

	EXPECT_REFUSED(t, -EINVAL, "stop-timeout-ms",
		       rproc_lite_config(t->r0, bad, sizeof(bad), &t->v));
	EXPECT_REFUSED(t, -EINVAL, "does not end",
		       rproc_lite_config(t->r0, cut, sizeof(cut), &t->v));
	if (!store_init(t, &s, "stubborn"))
		return;
	EXPECT_DONE(t, rproc_lite_config(t->r0, good, sizeof(good), &t->v));
	EXPECT_DONE(t, load(t, &s, &store_seek, 0));
	EXPECT_DONE(t, rproc_lite_start(t->r0, &t->v));
	EXPECT(t, says_hello(t));
	/* Its firmware stops when it is told twice. */
	if (!store_has_reset())
		EXPECT_REFUSED(t, -ETIMEDOUT, "within 200 ms", rproc_lite_stop(t->r0, 0, &t->v));
	EXPECT_DONE(t, rproc_lite_stop(t->r0, PATIENCE_MS, &t->v));
	EXPECT_DONE(t, rproc_lite_shutdown(t->r0, 0, &t->v));
	store_exit(&s);
}

/* A load that takes long. */
struct slow_load {
	struct work_struct work;
	struct test t;
	struct store *s;
	int ret;
};

static void slow_load(struct work_struct *work)
{
	struct slow_load *l = container_of(work, struct slow_load, work);

	l->ret = load(&l->t, l->s, &store_seek, 0);
}

TEST(one_at_a_time)
{
	struct slow_load l = { .t = *t };
	struct completion gate;
	struct rproc_lite_io *io;
	struct store s, other;
	u8 byte;

	if (!store_init(t, &s, "echo"))
		return;
	init_completion(&gate);
	s.gate = &gate;
	l.s = &s;
	store_init_data(&other, s.data, s.size);
	EXPECT_DONE(t, rproc_lite_config(t->r0, NULL, 0, &t->v));
	INIT_WORK_ONSTACK(&l.work, slow_load);
	schedule_work(&l.work);
	EXPECT(t, wait_for_completion_timeout(&s.waits, msecs_to_jiffies(PATIENCE_MS)));
	EXPECT_REFUSED(t, -EBUSY, "load is in progress", load(t, &other, &store_seek, 0));
	EXPECT_EQ(t, 1, other.releases);
	EXPECT_REFUSED(t, -EBUSY, "load is in progress", rproc_lite_start(t->r0, &t->v));
	EXPECT_REFUSED(t, -EBUSY, "load is in progress", rproc_lite_shutdown(t->r0, 0, &t->v));
	EXPECT_REFUSED(t, -EBUSY, "load is in progress",
		       rproc_lite_set_rsc_table(t->r0, s.data, 16, RPROC_LITE_NO_DA, &t->v));
	/* Memory is there meanwhile. */
	io = rproc_lite_get_io_with_name(t->r0, "shared");
	if (EXPECT_ERR(t, 0, io)) {
		EXPECT_DONE(t, rproc_lite_io_read(io, 0, &byte, 1));
		rproc_lite_put_io(io);
	}
	complete_all(&gate);
	flush_work(&l.work);
	destroy_work_on_stack(&l.work);
	EXPECT_DONE(t, l.ret);
	EXPECT_DONE(t, rproc_lite_start(t->r0, &t->v));
	EXPECT(t, says_hello(t));
	EXPECT_DONE(t, rproc_lite_shutdown(t->r0, 0, &t->v));
	store_expect_over(t, &s);
	store_exit(&s);
}

/* One trace, of 64 bytes, wherever. */
static const struct {
	struct rproc_lite_rsc_table head;
	__le32 offset[1];
	struct rproc_lite_rsc_trace trace;
} __packed one_trace = {
	.head = { .ver = cpu_to_le32(1), .num = cpu_to_le32(1) },
	.offset = { cpu_to_le32(20) },
	.trace = { .type = cpu_to_le32(RPROC_LITE_RSC_TRACE), .da = cpu_to_le32(~0),
		   .len = cpu_to_le32(64), .name = "mine" },
};

static int set_table(struct test *t, const void *table, size_t size, u64 da)
{
	return rproc_lite_set_rsc_table(t->r0, table, size, da, &t->v);
}

TEST(set_rsc_table)
{
	struct rproc_lite_rsc_trace placed = { 0 };
	struct rproc_lite_io *io;
	struct store s;
	u64 da;

	EXPECT_REFUSED(t, -EBADFD, "this remote is Offline",
		       set_table(t, &one_trace, sizeof(one_trace), RPROC_LITE_NO_DA));
	if (!store_init(t, &s, "notable"))
		return;
	EXPECT_DONE(t, rproc_lite_config(t->r0, NULL, 0, &t->v));
	EXPECT_DONE(t, load(t, &s, &store_seek, 0));
	io = rproc_lite_get_io_with_name(t->r0, "shared");
	if (!EXPECT_ERR(t, 0, io))
		goto out;
	da = rproc_lite_io_da(io);

	/* Nowhere; in memory, with the choice written there; and from there. */
	EXPECT_DONE(t, set_table(t, &one_trace, sizeof(one_trace), RPROC_LITE_NO_DA));
	EXPECT_DONE(t, set_table(t, &one_trace, sizeof(one_trace), da));
	EXPECT_DONE(t, rproc_lite_io_read(io, 20, &placed, sizeof(placed)));
	EXPECT(t, placed.da != cpu_to_le32(~0));
	EXPECT_DONE(t, rproc_lite_io_write(io, 0x100, &one_trace, sizeof(one_trace)));
	EXPECT_DONE(t, set_table(t, NULL, sizeof(one_trace), da + 0x100));
	rproc_lite_put_io(io);

	EXPECT_REFUSED(t, -EINVAL, "0 bytes", set_table(t, &one_trace, 0, RPROC_LITE_NO_DA));
	EXPECT_REFUSED(t, -EINVAL, "bytes",
		       set_table(t, &one_trace, RPROC_LITE_RSC_SIZE_MAX + 1, RPROC_LITE_NO_DA));
	EXPECT_REFUSED(t, -EINVAL, "resource table",
		       set_table(t, &one_trace, sizeof(one_trace) - 1, RPROC_LITE_NO_DA));
	EXPECT_REFUSED(t, -EINVAL, "no region", set_table(t, &one_trace, sizeof(one_trace), 4096));
	EXPECT_REFUSED(t, -EINVAL, "no region", set_table(t, NULL, sizeof(one_trace), 4096));
	EXPECT_REFUSED(t, -EINVAL, "neither",
		       set_table(t, NULL, sizeof(one_trace), RPROC_LITE_NO_DA));
	EXPECT_DONE(t, rproc_lite_start(t->r0, &t->v));
	EXPECT_REFUSED(t, -EBADFD, "this remote is Running",
		       set_table(t, &one_trace, sizeof(one_trace), RPROC_LITE_NO_DA));
out:
	EXPECT_DONE(t, rproc_lite_shutdown(t->r0, 0, &t->v));
	store_exit(&s);
}

const struct test_case life_tests[] = {
	TEST_CASE(whole_life),
	TEST_CASE(stream),
	TEST_CASE(kept_stream),
	TEST_CASE(loaded_twice),
	TEST_CASE(store_fails),
	TEST_CASE(restart_fails),
	TEST_CASE(states),
	TEST_CASE(settings),
	TEST_CASE(one_at_a_time),
	TEST_CASE(set_rsc_table),
	{ }
};
