// SPDX-License-Identifier: GPL-2.0-only
#include "fake.h"

#include <linux/rproc_lite_doorbell.h>
#include <linux/string.h>

static int fake_op(struct rproc_lite *rproc, enum fake_op op, struct rproc_lite_verdict *v)
{
	struct fake *f = rproc_lite_priv(rproc);

	f->calls[op]++;
	if (!f->error[op] || f->quiet)
		return f->error[op];
	return rproc_lite_refuse(v, f->error[op], "the fake fails at %d", op);
}

static int fake_set(struct rproc_lite *rproc, const char *key, const char *value,
		    struct rproc_lite_verdict *v)
{
	if (strcmp(key, "colour"))
		return -EOPNOTSUPP;
	return fake_op(rproc, FAKE_SET, v);
}

static int fake_ops_config(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	return fake_op(rproc, FAKE_CONFIG, v);
}

static int fake_check_image(struct rproc_lite *rproc, const struct rproc_lite_image_info *image,
			    struct rproc_lite_verdict *v)
{
	return fake_op(rproc, FAKE_CHECK, v);
}

static int fake_handle_rsc(struct rproc_lite *rproc, u32 type, const void *entry, size_t len,
			   struct rproc_lite_verdict *v)
{
	return fake_op(rproc, FAKE_RSC, v);
}

static int fake_start(struct rproc_lite *rproc, const struct rproc_lite_image_info *image,
		      struct rproc_lite_verdict *v)
{
	return fake_op(rproc, FAKE_START, v);
}

static int fake_stop(struct rproc_lite *rproc, u32 waited_ms, struct rproc_lite_verdict *v)
{
	return fake_op(rproc, FAKE_STOP, v);
}

static int fake_shutdown(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	return fake_op(rproc, FAKE_SHUTDOWN, v);
}

static int fake_send(struct rproc_lite *rproc, u32 word)
{
	struct fake *f = rproc_lite_priv(rproc);

	f->sent = word;
	f->calls[FAKE_SEND]++;
	if (f->answers)
		rproc_lite_received(rproc, RPROC_LITE_WORD_SHUTDOWN_ACK);
	return f->error[FAKE_SEND];
}

static bool fake_is_running(struct rproc_lite *rproc)
{
	struct fake *f = rproc_lite_priv(rproc);
	bool ponders = xchg(&f->ponders, false);

	complete(&f->asked);
	if (ponders)
		wait_for_completion(&f->answer);
	return !ponders;
}

#define FAKE_CALLS							\
	.kind = "fake",							\
	.set = fake_set,						\
	.config = fake_ops_config,					\
	.check_image = fake_check_image,				\
	.handle_rsc = fake_handle_rsc,					\
	.start = fake_start,						\
	.stop = fake_stop,						\
	.shutdown = fake_shutdown,					\
	.send = fake_send

static const struct rproc_lite_ops fake_ops = { FAKE_CALLS };

static const struct rproc_lite_ops watched_ops = {
	FAKE_CALLS,
	.forces_stop = true,
	.is_running = fake_is_running,
};

static bool alloc_with(struct test *t, struct fake *f, const struct rproc_lite_ops *ops)
{
	struct rproc_lite_io *io;

	memset(f, 0, sizeof(*f));
	f->answers = true;
	init_completion(&f->asked);
	init_completion(&f->answer);
	io = rproc_lite_get_io_with_name(t->r0, "shared");
	if (!EXPECT_ERR(t, 0, io))
		return false;
	f->pa = rproc_lite_io_pa(io) + rproc_lite_io_size(io) / 2;
	rproc_lite_put_io(io);
	f->pdev = platform_device_register_simple("rproc_lite_fake", PLATFORM_DEVID_AUTO, NULL, 0);
	if (!EXPECT_ERR(t, 0, f->pdev)) {
		f->pdev = NULL;
		return false;
	}
	f->rproc = rproc_lite_alloc(&f->pdev->dev, ops, f);
	if (EXPECT_ERR(t, 0, f->rproc))
		return true;
	f->rproc = NULL;
	return false;
}

bool fake_alloc(struct test *t, struct fake *f)
{
	return alloc_with(t, f, &fake_ops);
}

int fake_add(struct fake *f, const char *name, u64 da, u64 off, u64 size)
{
	const struct rproc_lite_mem mem = {
		.name = name, .da = da, .pa = f->pa + off, .size = size,
	};

	return rproc_lite_add_mem(f->rproc, &mem);
}

static bool init_with(struct test *t, struct fake *f, const struct rproc_lite_ops *ops)
{
	struct rproc_lite_mem regs = { .name = "regs", .da = FAKE_IO_DA, .size = FAKE_SIZE,
				       .io = true };

	if (!alloc_with(t, f, ops))
		return false;
	regs.pa = f->pa + FAKE_SIZE;
	if (!EXPECT_DONE(t, fake_add(f, "ram", FAKE_DA, 0, FAKE_SIZE)) ||
	    !EXPECT_DONE(t, rproc_lite_add_mem(f->rproc, &regs)) ||
	    !EXPECT_DONE(t, rproc_lite_register(f->rproc, "nothing", 100)))
		return false;
	f->registered = true;
	return true;
}

bool fake_init(struct test *t, struct fake *f)
{
	return init_with(t, f, &fake_ops);
}

bool fake_init_watched(struct test *t, struct fake *f)
{
	return init_with(t, f, &watched_ops);
}

void fake_exit(struct fake *f)
{
	if (f->registered)
		rproc_lite_unregister(f->rproc);
	f->registered = false;
	if (f->rproc)
		rproc_lite_free(f->rproc);
	f->rproc = NULL;
	platform_device_unregister(f->pdev);
	f->pdev = NULL;
}

int fake_config(struct test *t, struct fake *f)
{
	char settings[] = FAKE_SETTINGS;

	return rproc_lite_config(f->rproc, settings, sizeof(settings), &t->v);
}
