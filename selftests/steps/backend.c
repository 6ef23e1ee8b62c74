// SPDX-License-Identifier: GPL-2.0-only
/*
 * The backend: a core that is on or off, with firmware that answers each word at once. It
 * comes and goes with the driver "rproc_lite_steps" of the platform device of that name.
 */
#include "steps.h"

#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/rproc_lite.h>
#include <linux/rproc_lite_doorbell.h>
#include <linux/sizes.h>

#define NAME		"rproc_lite_steps"
#define MEMORY_DA	0x1000
#define MEMORY_SIZE	SZ_64K
#define STOP_LIMIT_MS	100

static struct platform_device *pdev;
/* The one that there is; who makes something happen to it may be any context. */
static DEFINE_SPINLOCK(lock);
static struct rproc_lite *there;
static bool on;

void happen(unsigned int what)
{
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	if (what & HAPPENS_OFF)
		on = false;
	if (there && (what & HAPPENS_CRASH))
		rproc_lite_report_crash(there, RPROC_LITE_CRASH_WATCHDOG);
	if (there && (what & HAPPENS_RING))
		rproc_lite_rang(there);
	if (there && (what & HAPPENS_ACK))
		rproc_lite_received(there, RPROC_LITE_WORD_SUSPEND_ACK);
	spin_unlock_irqrestore(&lock, flags);
}

/* What a step is for is done after its first point, and before the second. */
static int step(const char *name, int power, struct rproc_lite_verdict *v)
{
	unsigned int what = plan_begin(name, true);

	if (power >= 0 && !(what & HAPPENS_FAIL))
		WRITE_ONCE(on, power);
	plan_go_on(what, true);
	plan_end(what, true);
	if (what & HAPPENS_FAIL)
		return rproc_lite_refuse(v, -EIO, "the step %s is to fail", name);
	return 0;
}

#define AS_IT_IS	(-1)

static int steps_set(struct rproc_lite *rproc, const char *key, const char *value,
		     struct rproc_lite_verdict *v)
{
	return strcmp(key, "colour") ? -EOPNOTSUPP : step("set", AS_IT_IS, v);
}

static int steps_config(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	return step("config", AS_IT_IS, v);
}

static int steps_check_image(struct rproc_lite *rproc, const struct rproc_lite_image_info *image,
			     struct rproc_lite_verdict *v)
{
	return step("check", AS_IT_IS, v);
}

static int steps_handle_rsc(struct rproc_lite *rproc, u32 type, const void *entry, size_t len,
			    struct rproc_lite_verdict *v)
{
	return step("rsc", AS_IT_IS, v);
}

static int steps_start(struct rproc_lite *rproc, const struct rproc_lite_image_info *image,
		       struct rproc_lite_verdict *v)
{
	return step("start", true, v);
}

static int steps_stop(struct rproc_lite *rproc, u32 waited_ms, struct rproc_lite_verdict *v)
{
	return step("stop", false, v);
}

static int steps_shutdown(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	return step("shutdown", AS_IT_IS, v);
}

static bool steps_is_running(struct rproc_lite *rproc)
{
	unsigned int what = plan_begin("running", true);
	bool runs;

	plan_go_on(what, true);
	runs = READ_ONCE(on);
	plan_end(what, true);
	return runs;
}

static void answer(struct rproc_lite *rproc, u32 word)
{
	switch (word) {
	case RPROC_LITE_WORD_SHUTDOWN:
		WRITE_ONCE(on, false);
		rproc_lite_received(rproc, RPROC_LITE_WORD_SHUTDOWN_ACK);
		break;
	case RPROC_LITE_WORD_SUSPEND:
		rproc_lite_received(rproc, RPROC_LITE_WORD_SUSPEND_ACK);
		break;
	case RPROC_LITE_WORD_ECHO_REQUEST:
		rproc_lite_received(rproc, RPROC_LITE_WORD_ECHO_REPLY);
		break;
	}
}

static int steps_send(struct rproc_lite *rproc, u32 word)
{
	unsigned int what = plan_begin(word == RPROC_LITE_WORD_SHUTDOWN ? "tell-shutdown" :
				       word == RPROC_LITE_WORD_SUSPEND ? "tell-suspend" :
				       word == RPROC_LITE_WORD_RESUME ? "tell-resume" : "tell",
				       false);

	if (READ_ONCE(on) && !(what & (HAPPENS_FAIL | HAPPENS_MUTE)))
		answer(rproc, word);
	plan_go_on(what, false);
	plan_end(what, false);
	return what & HAPPENS_FAIL ? -EIO : 0;
}

static const struct rproc_lite_ops steps_ops = {
	.kind = "steps",
	.set = steps_set,
	.config = steps_config,
	.check_image = steps_check_image,
	.handle_rsc = steps_handle_rsc,
	.start = steps_start,
	.stop = steps_stop,
	.shutdown = steps_shutdown,
	.is_running = steps_is_running,
	.send = steps_send,
};

static void set_there(struct rproc_lite *rproc)
{
	spin_lock_irq(&lock);
	there = rproc;
	spin_unlock_irq(&lock);
}

static void gone(void *data)
{
	rproc_lite_unregister(data);
	set_there(NULL);
	rproc_lite_free(data);
}

/* Half of a region of r0's. */
static int add_half_of_shared(struct rproc_lite *rproc)
{
	struct rproc_lite *r0 = rproc_lite_get("r0");
	struct rproc_lite_mem mem = { .name = "ram", .da = MEMORY_DA, .size = MEMORY_SIZE };
	struct rproc_lite_io *io;
	int ret;

	if (IS_ERR(r0))
		return PTR_ERR(r0);
	io = rproc_lite_get_io_with_name(r0, "shared");
	ret = PTR_ERR_OR_ZERO(io);
	if (!ret) {
		mem.pa = rproc_lite_io_pa(io) + rproc_lite_io_size(io) / 2;
		rproc_lite_put_io(io);
		ret = rproc_lite_add_mem(rproc, &mem);
	}
	rproc_lite_put(r0);
	return ret;
}

static int steps_probe(struct platform_device *pdev)
{
	struct rproc_lite *rproc = rproc_lite_alloc(&pdev->dev, &steps_ops, NULL);
	int ret;

	if (IS_ERR(rproc))
		return PTR_ERR(rproc);
	WRITE_ONCE(on, false);
	set_there(rproc);
	ret = add_half_of_shared(rproc);
	if (!ret)
		ret = rproc_lite_register(rproc, "nothing", STOP_LIMIT_MS);
	if (!ret)
		return devm_add_action_or_reset(&pdev->dev, gone, rproc);
	set_there(NULL);
	rproc_lite_free(rproc);
	return ret;
}

static struct platform_driver steps_driver = {
	.probe = steps_probe,
	.driver = { .name = NAME },
};

static int __init steps_init(void)
{
	int ret;

	ret = plan_init();
	if (ret)
		return ret;
	ret = platform_driver_register(&steps_driver);
	if (ret)
		goto no_driver;
	pdev = platform_device_register_simple(NAME, PLATFORM_DEVID_NONE, NULL, 0);
	ret = PTR_ERR_OR_ZERO(pdev);
	if (!ret)
		return 0;
	platform_driver_unregister(&steps_driver);
no_driver:
	plan_exit();
	return ret;
}
module_init(steps_init);

static void __exit steps_exit(void)
{
	platform_device_unregister(pdev);
	platform_driver_unregister(&steps_driver);
	plan_exit();
}
module_exit(steps_exit);

MODULE_DESCRIPTION("A backend of rproc_lite to which something happens at any step");
MODULE_AUTHOR("The rproc_lite developers");
MODULE_LICENSE("GPL");
