// SPDX-License-Identifier: GPL-2.0-only
/* Remotes come and go: what a backend calls, and what is made of its answers. */
#include "fake.h"
#include "store.h"

#include <linux/delay.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/rproc_lite_doorbell.h>
#include <linux/rproc_lite_rsc.h>
#include <linux/slab.h>
#include <linux/string.h>

#define NUM_MAX		256

#define PATIENCE_MS	15000

static const u8 code[64] = { 1, 2, 3 };

TEST(alloc_and_free)
{
	char name[RPROC_LITE_NAME_MAX];
	struct fake f;
	int i;

	for (i = 0; i < 2; i++) {
		if (!fake_alloc(t, &f))
			return fake_exit(&f);
		EXPECT_EQ(t, 'r', rproc_lite_name(f.rproc)[0]);
		EXPECT(t, rproc_lite_priv(f.rproc) == &f);
		EXPECT_ERR(t, -ENODEV, rproc_lite_get(rproc_lite_name(f.rproc)));
		/* What was freed is free for the next. */
		if (!i)
			strscpy(name, rproc_lite_name(f.rproc), sizeof(name));
		EXPECT(t, !strcmp(name, rproc_lite_name(f.rproc)));
		fake_exit(&f);
	}
}

TEST(number_taken)
{
	static const struct rproc_lite_ops no_ops = { .kind = "none" };
	struct device *parent = test_parent();

	/* The alias of r0's node says 0, and that one is there. */
	if (!EXPECT(t, parent))
		return;
	EXPECT_ERR(t, -EBUSY, rproc_lite_alloc(parent, &no_ops, NULL));
	put_device(parent);
}

TEST(numbers_run_out)
{
	static const struct rproc_lite_ops no_ops = { .kind = "none" };
	struct rproc_lite **all = kcalloc(NUM_MAX, sizeof(*all), GFP_KERNEL);
	struct fake f;
	int i;

	if (EXPECT(t, all) && fake_alloc(t, &f)) {
		for (i = 0; i < NUM_MAX; i++) {
			all[i] = rproc_lite_alloc(&f.pdev->dev, &no_ops, NULL);
			if (IS_ERR(all[i]))
				break;
		}
		EXPECT(t, i > NUM_MAX - 16);
		if (EXPECT(t, i < NUM_MAX))
			EXPECT_ERR(t, -EBUSY, all[i]);
		while (i--)
			rproc_lite_free(all[i]);
		fake_exit(&f);
	}
	kfree(all);
}

TEST(bad_names)
{
	struct fake f;

	if (fake_alloc(t, &f)) {
		EXPECT_EQ(t, -EINVAL, fake_add(&f, "", 0, 0, 0x1000));
		EXPECT_EQ(t, -EINVAL, fake_add(&f, "a-name-of-thirty-two-bytes-is-to", 0, 0,
					       0x1000));
		EXPECT_DONE(t, fake_add(&f, "a-name-of-thirty-one-bytes-is-o", 0, 0, 0x1000));
		EXPECT_EQ(t, -EEXIST, fake_add(&f, "a-name-of-thirty-one-bytes-is-o", 0x2000,
					       0x2000, 0x1000));
	}
	fake_exit(&f);
}

TEST(bad_ranges)
{
	struct fake f;

	if (fake_alloc(t, &f)) {
		EXPECT_EQ(t, -EINVAL, fake_add(&f, "empty", 0, 0, 0));
		EXPECT_EQ(t, -EINVAL, fake_add(&f, "da", U64_MAX - 0xfff, 0, 0x2000));
		EXPECT_EQ(t, -EINVAL, fake_add(&f, "da", U64_MAX, 0, 1));
		EXPECT_EQ(t, -EINVAL, fake_add(&f, "pa", 0, -f.pa - 0x1000, 0x2000));
		EXPECT_EQ(t, -EINVAL, fake_add(&f, "all", 0, 0, U64_MAX));
		EXPECT_EQ(t, -EINVAL, fake_add(&f, "huge", 0, 0, BIT_ULL(40)));
	}
	fake_exit(&f);
}

TEST(overlaps)
{
	struct fake f;

	if (fake_alloc(t, &f)) {
		EXPECT_DONE(t, fake_add(&f, "first", 0x10000, 0x4000, 0x1000));
		EXPECT_EQ(t, -EEXIST, fake_add(&f, "same", 0x10000, 0x4000, 0x1000));
		EXPECT_EQ(t, -EEXIST, fake_add(&f, "da end", 0x10fff, 0, 1));
		EXPECT_EQ(t, -EEXIST, fake_add(&f, "da begin", 0xf000, 0, 0x1001));
		EXPECT_EQ(t, -EEXIST, fake_add(&f, "da within", 0x10100, 0, 0x10));
		EXPECT_EQ(t, -EEXIST, fake_add(&f, "da around", 0xf000, 0, 0x4000));
		EXPECT_EQ(t, -EEXIST, fake_add(&f, "pa end", 0, 0x4fff, 1));
		EXPECT_EQ(t, -EEXIST, fake_add(&f, "pa begin", 0, 0x3000, 0x1001));
		/* Neighbours are fine. */
		EXPECT_DONE(t, fake_add(&f, "below", 0xf000, 0x3000, 0x1000));
		EXPECT_DONE(t, fake_add(&f, "above", 0x11000, 0x5000, 0x1000));
	}
	fake_exit(&f);
}

TEST(ram_in_use)
{
	unsigned long page = __get_free_page(GFP_KERNEL);
	struct rproc_lite_mem mem = { .name = "ours", .size = PAGE_SIZE };
	struct fake f;

	mem.pa = virt_to_phys((void *)page);
	if (EXPECT(t, page) && fake_alloc(t, &f)) {
		EXPECT_EQ(t, -EADDRINUSE, rproc_lite_add_mem(f.rproc, &mem));
		mem.io = true;
		EXPECT_EQ(t, -EADDRINUSE, rproc_lite_add_mem(f.rproc, &mem));
		fake_exit(&f);
	}
	free_page(page);
}

TEST(device_memory_in_use)
{
	struct rproc_lite_mem mem = { .name = "regs", .size = FAKE_SIZE, .io = true };
	struct fake f;

	if (fake_alloc(t, &f)) {
		mem.pa = f.pa;
		EXPECT(t, request_mem_region(f.pa, 0x1000, "somebody's"));
		EXPECT_EQ(t, -EBUSY, rproc_lite_add_mem(f.rproc, &mem));
		release_mem_region(f.pa, 0x1000);
		EXPECT_DONE(t, rproc_lite_add_mem(f.rproc, &mem));
		EXPECT(t, !request_mem_region(f.pa, 0x1000, "somebody's"));
	}
	fake_exit(&f);
}

TEST(get_and_put)
{
	static const char *const none[] = { "", "r", "r00", "R0", "0", "r0 ", "r255" };
	struct rproc_lite *again = rproc_lite_get("r0");
	unsigned int i;

	EXPECT(t, again == t->r0);
	if (!IS_ERR(again)) {
		EXPECT(t, !strcmp("r0", rproc_lite_name(again)));
		rproc_lite_put(again);
	}
	for (i = 0; i < ARRAY_SIZE(none); i++)
		EXPECT_ERR(t, -ENODEV, rproc_lite_get(none[i]));
}

TEST(register_and_unregister)
{
	struct rproc_lite *seen;
	struct fake f;

	if (!fake_init(t, &f))
		return fake_exit(&f);
	seen = rproc_lite_get(rproc_lite_name(f.rproc));
	EXPECT(t, seen == f.rproc);
	if (!IS_ERR(seen))
		rproc_lite_put(seen);
	rproc_lite_unregister(f.rproc);
	f.registered = false;
	EXPECT_ERR(t, -ENODEV, rproc_lite_get(rproc_lite_name(f.rproc)));
	/* Offline, it had nothing to give back. */
	EXPECT_EQ(t, 0, f.calls[FAKE_STOP] + f.calls[FAKE_SHUTDOWN]);
	fake_exit(&f);
}

/* Who holds one that is gone is told so, and can let go. */
TEST(held_while_it_goes)
{
	phys_addr_t pa = 0;
	struct rproc_lite *held;
	struct rproc_lite_io *io;
	u64 da = FAKE_DA;
	struct fake f;
	void *va;
	u8 byte;

	if (!fake_init(t, &f))
		return fake_exit(&f);
	EXPECT_DONE(t, fake_config(t, &f));
	held = rproc_lite_get(rproc_lite_name(f.rproc));
	io = rproc_lite_get_io_with_name(f.rproc, "ram");
	va = rproc_lite_mmap(f.rproc, &pa, &da, 0x100, RPROC_LITE_MMAP_ANY, NULL);
	EXPECT_ERR(t, 0, held);
	EXPECT_ERR(t, 0, io);
	EXPECT_ERR(t, 0, va);
	fake_exit(&f);
	EXPECT_EQ(t, 1, f.calls[FAKE_SHUTDOWN]);
	EXPECT_REFUSED(t, -ENODEV, "gone", rproc_lite_config(held, NULL, 0, &t->v));
	EXPECT_REFUSED(t, -ENODEV, "gone", rproc_lite_start(held, &t->v));
	EXPECT_REFUSED(t, -ENODEV, "gone", rproc_lite_stop(held, 0, &t->v));
	EXPECT_REFUSED(t, -ENODEV, "gone", rproc_lite_shutdown(held, 0, &t->v));
	EXPECT_REFUSED(t, -ENODEV, "gone",
		       rproc_lite_set_rsc_table(held, code, sizeof(code), 0, &t->v));
	EXPECT_ERR(t, -ENODEV, rproc_lite_mmap(held, &pa, &da, 0x100, RPROC_LITE_MMAP_ANY, NULL));
	EXPECT_EQ(t, -ENXIO, rproc_lite_io_read(io, 0, &byte, 1));
	EXPECT_EQ(t, 1, f.calls[FAKE_CONFIG]);
	EXPECT_DONE(t, rproc_lite_munmap(held, va, NULL));
	rproc_lite_put_io(io);
	rproc_lite_put(held);
}

/* To Running, with @s for its image. */
static void fake_run(struct test *t, struct fake *f, struct store *s)
{
	store_init_data(s, code, sizeof(code));
	EXPECT_DONE(t, fake_config(t, f));
	EXPECT_DONE(t, store_load(t, f->rproc, s));
	EXPECT_DONE(t, rproc_lite_start(f->rproc, &t->v));
}

TEST(unregister_while_running)
{
	struct store s;
	struct fake f;

	if (fake_init(t, &f)) {
		fake_run(t, &f, &s);
		rproc_lite_unregister(f.rproc);
		f.registered = false;
		EXPECT_EQ(t, RPROC_LITE_WORD_SHUTDOWN, f.sent);
		EXPECT_EQ(t, 1, f.calls[FAKE_STOP]);
		EXPECT_EQ(t, 1, f.calls[FAKE_SHUTDOWN]);
		store_expect_over(t, &s);
	}
	fake_exit(&f);
}

/* It can't be stopped: it goes nevertheless, and nothing of the image stays. */
TEST(unregister_what_does_not_stop)
{
	struct store s;
	struct fake f;

	if (fake_init(t, &f)) {
		fake_run(t, &f, &s);
		f.error[FAKE_STOP] = -EIO;
		rproc_lite_unregister(f.rproc);
		f.registered = false;
		EXPECT_EQ(t, 1, f.calls[FAKE_STOP]);
		EXPECT_EQ(t, 0, f.calls[FAKE_SHUTDOWN]);
		store_expect_over(t, &s);
	}
	fake_exit(&f);
}

/* All of a raw image is found, though its store does not tell how much that is. */
TEST(raw_of_untold_size)
{
	static const size_t sizes[] = { 1, 64, 4097, FAKE_SIZE - 1, FAKE_SIZE };
	u8 *bytes = kmalloc(FAKE_SIZE + 1, GFP_KERNEL), *back = kmalloc(FAKE_SIZE, GFP_KERNEL);
	struct rproc_lite_info info;
	struct rproc_lite_io *io;
	struct store s;
	struct fake f;
	size_t i;

	if (!EXPECT(t, bytes && back))
		goto free;
	if (!fake_init(t, &f))
		goto exit;
	for (i = 0; i <= FAKE_SIZE; i++)
		bytes[i] = i % 251;
	EXPECT_DONE(t, fake_config(t, &f));
	io = rproc_lite_get_io_with_name(f.rproc, "ram");
	EXPECT_ERR(t, 0, io);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		store_init_data(&s, bytes, sizes[i]);
		s.untold = true;
		EXPECT_DONE(t, rproc_lite_load(f.rproc, "test", &s, &store_seek, 0, &info, &t->v));
		EXPECT_EQ(t, sizes[i], info.image_size);
		EXPECT_DONE(t, rproc_lite_io_read(io, 0, back, sizes[i]));
		EXPECT(t, !memcmp(bytes, back, sizes[i]));
		EXPECT_DONE(t, rproc_lite_stop(f.rproc, 0, &t->v));
	}
	store_init_data(&s, bytes, FAKE_SIZE + 1);
	s.untold = true;
	EXPECT_REFUSED(t, -ENOEXEC, "in no region", store_load(t, f.rproc, &s));
	store_init_data(&s, bytes, 0);
	s.untold = true;
	EXPECT_REFUSED(t, -ENOEXEC, "is empty", store_load(t, f.rproc, &s));
	rproc_lite_put_io(io);
exit:
	fake_exit(&f);
free:
	kfree(bytes);
	kfree(back);
}

/* What the backend refuses leaves the state, and its words come through. */
TEST(backend_fails)
{
	struct store s;
	struct fake f;

	if (!fake_init(t, &f))
		return fake_exit(&f);
	store_init_data(&s, code, sizeof(code));
	f.error[FAKE_CONFIG] = -EIO;
	EXPECT_REFUSED(t, -EIO, "the fake fails at 1", fake_config(t, &f));
	f.quiet = true;
	EXPECT_REFUSED(t, -EIO, "config failed: error 5", fake_config(t, &f));
	f.quiet = false;
	f.error[FAKE_CONFIG] = 0;
	EXPECT_DONE(t, fake_config(t, &f));
	EXPECT_EQ(t, 3, f.calls[FAKE_CONFIG]);

	f.error[FAKE_CHECK] = -ENOEXEC;
	EXPECT_REFUSED(t, -ENOEXEC, "the fake fails at 2", store_load(t, f.rproc, &s));
	store_expect_over(t, &s);
	f.error[FAKE_CHECK] = 0;
	store_init_data(&s, code, sizeof(code));
	EXPECT_DONE(t, store_load(t, f.rproc, &s));

	f.error[FAKE_START] = -ENODATA;
	EXPECT_REFUSED(t, -ENODATA, "the fake fails at 4", rproc_lite_start(f.rproc, &t->v));
	/* If it may run, it is not Ready. */
	f.error[FAKE_START] = -EUCLEAN;
	EXPECT_REFUSED(t, -EUCLEAN, "the fake fails at 4", rproc_lite_start(f.rproc, &t->v));
	EXPECT_REFUSED(t, -EBADFD, "this remote is Crashed", rproc_lite_start(f.rproc, &t->v));
	f.error[FAKE_START] = 0;
	EXPECT_DONE(t, rproc_lite_shutdown(f.rproc, 0, &t->v));
	store_expect_over(t, &s);
	store_init_data(&s, code, sizeof(code));
	EXPECT_DONE(t, fake_config(t, &f));
	EXPECT_DONE(t, store_load(t, f.rproc, &s));
	EXPECT_DONE(t, rproc_lite_start(f.rproc, &t->v));

	f.error[FAKE_STOP] = -EPROTO;
	EXPECT_REFUSED(t, -EPROTO, "the fake fails at 5", rproc_lite_stop(f.rproc, 0, &t->v));
	EXPECT_REFUSED(t, -EBADFD, "this remote is Running", rproc_lite_start(f.rproc, &t->v));
	f.error[FAKE_STOP] = 0;
	f.error[FAKE_SHUTDOWN] = -EBUSY;
	EXPECT_REFUSED(t, -EBUSY, "the fake fails at 6", rproc_lite_shutdown(f.rproc, 0, &t->v));
	EXPECT_REFUSED(t, -EBADFD, "this remote is Stopped", fake_config(t, &f));
	f.error[FAKE_SHUTDOWN] = 0;
	EXPECT_DONE(t, rproc_lite_shutdown(f.rproc, 0, &t->v));
	EXPECT_EQ(t, 3, f.calls[FAKE_STOP]);
	EXPECT_EQ(t, 3, f.calls[FAKE_SHUTDOWN]);
	store_expect_over(t, &s);
	fake_exit(&f);
}

static bool is_asked(struct test *t, struct fake *f)
{
	return EXPECT(t, wait_for_completion_timeout(&f->asked, msecs_to_jiffies(PATIENCE_MS)));
}

/* Who looks amid a stop sees a core that is off. If that fails it was none of its business. */
TEST(looked_at_while_a_stop_fails)
{
	struct store s;
	struct fake f;

	if (!fake_init_watched(t, &f))
		return fake_exit(&f);
	WRITE_ONCE(f.ponders, true);
	fake_run(t, &f, &s);
	if (is_asked(t, &f)) {
		f.error[FAKE_STOP] = -EIO;
		EXPECT_REFUSED(t, -EIO, "the fake fails at 5", rproc_lite_stop(f.rproc, 0, &t->v));
		f.error[FAKE_STOP] = 0;
		/* The stop itself has looked, too. */
		reinit_completion(&f.asked);
		complete(&f.answer);
		/* Who did not believe it looks again. */
		is_asked(t, &f);
		EXPECT_REFUSED(t, -EBADFD, "this remote is Running",
			       rproc_lite_start(f.rproc, &t->v));
	}
	complete(&f.answer);
	fake_exit(&f);
	store_expect_over(t, &s);
}

/* A setting that the core does not know is the backend's, or nobody's. */
TEST(settings_of_the_backend)
{
	char known[] = "colour=red\0stop-timeout-ms=50", unknown[] = "colour=red\0taste=sour";
	struct fake f;

	if (fake_init(t, &f)) {
		EXPECT_REFUSED(t, -EINVAL, "taste: not known",
			       rproc_lite_config(f.rproc, unknown, sizeof(unknown), &t->v));
		EXPECT_EQ(t, 0, f.calls[FAKE_CONFIG]);
		EXPECT_DONE(t, rproc_lite_config(f.rproc, known, sizeof(known), &t->v));
		EXPECT_EQ(t, 2, f.calls[FAKE_SET]);
		EXPECT_DONE(t, rproc_lite_shutdown(f.rproc, 0, &t->v));
	}
	fake_exit(&f);
}

/* Words come in any context, also before and after it runs. */
TEST(words_from_the_remote)
{
	unsigned long flags;
	struct store s;
	struct fake f;
	int i;

	if (!fake_init(t, &f))
		return fake_exit(&f);
	rproc_lite_received(f.rproc, RPROC_LITE_WORD_CRASH);
	rproc_lite_rang(f.rproc);
	fake_run(t, &f, &s);
	local_irq_save(flags);
	rproc_lite_received(f.rproc, RPROC_LITE_WORD_READY);
	rproc_lite_rang(f.rproc);
	local_irq_restore(flags);
	EXPECT_REFUSED(t, -EBADFD, "this remote is Running", rproc_lite_start(f.rproc, &t->v));

	local_irq_save(flags);
	rproc_lite_received(f.rproc, RPROC_LITE_WORD_CRASH);
	local_irq_restore(flags);
	/* A work of the core's sees to it. */
	for (i = 0; i < 5000; i++) {
		rproc_lite_start(f.rproc, &t->v);
		if (strstr(t->v.text, "this remote is Crashed"))
			break;
		usleep_range(1000, 2000);
	}
	EXPECT_REFUSED(t, -EBADFD, "this remote is Crashed", rproc_lite_start(f.rproc, &t->v));
	EXPECT_DONE(t, rproc_lite_stop(f.rproc, 0, &t->v));
	EXPECT_DONE(t, rproc_lite_start(f.rproc, &t->v));
	fake_exit(&f);
	store_expect_over(t, &s);
}

/* Without an answer it is waited for; without a way to ask, it is not. */
TEST(stop_waits)
{
	struct store s;
	ktime_t begin;
	struct fake f;

	if (!fake_init(t, &f))
		return fake_exit(&f);
	fake_run(t, &f, &s);
	f.answers = false;
	begin = ktime_get();
	EXPECT_DONE(t, rproc_lite_stop(f.rproc, 150, &t->v));
	EXPECT(t, ktime_ms_delta(ktime_get(), begin) >= 150);
	EXPECT_DONE(t, rproc_lite_start(f.rproc, &t->v));
	f.error[FAKE_SEND] = -ENOTCONN;
	EXPECT_DONE(t, rproc_lite_stop(f.rproc, 3600000, &t->v));
	EXPECT_EQ(t, 2, f.calls[FAKE_STOP]);
	fake_exit(&f);
}

/* A table with an entry of type 200, with four bytes. */
TEST(vendor_entries)
{
	static const __le32 table[] = {
		cpu_to_le32(1), cpu_to_le32(1), 0, 0, cpu_to_le32(20),
		cpu_to_le32(200), cpu_to_le32(4), cpu_to_le32(0x12345678),
	};
	struct store s;
	struct fake f;

	if (!fake_init(t, &f))
		return fake_exit(&f);
	store_init_data(&s, code, sizeof(code));
	EXPECT_DONE(t, fake_config(t, &f));
	EXPECT_DONE(t, store_load(t, f.rproc, &s));
	f.error[FAKE_RSC] = -EPROTO;
	EXPECT_REFUSED(t, -EPROTO, "the fake fails at 3",
		       rproc_lite_set_rsc_table(f.rproc, table, sizeof(table), RPROC_LITE_NO_DA,
						&t->v));
	f.error[FAKE_RSC] = -EOPNOTSUPP;
	EXPECT_REFUSED(t, -EINVAL, "nothing here knows vendor type 200",
		       rproc_lite_set_rsc_table(f.rproc, table, sizeof(table), RPROC_LITE_NO_DA,
						&t->v));
	f.error[FAKE_RSC] = 0;
	EXPECT_DONE(t, rproc_lite_set_rsc_table(f.rproc, table, sizeof(table), RPROC_LITE_NO_DA,
						&t->v));
	fake_exit(&f);
}

const struct test_case instance_tests[] = {
	TEST_CASE(alloc_and_free),
	TEST_CASE(number_taken),
	TEST_CASE(numbers_run_out),
	TEST_CASE(bad_names),
	TEST_CASE(bad_ranges),
	TEST_CASE(overlaps),
	TEST_CASE(ram_in_use),
	TEST_CASE(device_memory_in_use),
	TEST_CASE(get_and_put),
	TEST_CASE(register_and_unregister),
	TEST_CASE(held_while_it_goes),
	TEST_CASE(unregister_while_running),
	TEST_CASE(unregister_what_does_not_stop),
	TEST_CASE(raw_of_untold_size),
	TEST_CASE(backend_fails),
	TEST_CASE(looked_at_while_a_stop_fails),
	TEST_CASE(settings_of_the_backend),
	TEST_CASE(words_from_the_remote),
	TEST_CASE(stop_waits),
	TEST_CASE(vendor_entries),
	{ }
};
