// SPDX-License-Identifier: GPL-2.0-only
/*
 * "rproc-lite,reset-core": a core behind reset lines, as microcontrollers beside Linux
 * are. What else keeps it from running (power domains, clocks, a register that holds
 * it) and where it begins is in the devicetree too, and so no SoC has code here.
 *
 * The binding documents the order of all steps. Whether the firmware sleeps the
 * hardware does not tell, so it is believed that says so; but it can always be stopped.
 * That somebody else holds the core can be seen.
 */
#include "backend_reset.h"
#include "field.h"
#include "isa.h"
#include "node.h"
#include "power.h"
#include "resets.h"

#include <linux/bitops.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/rproc_lite.h>
#include "../compat.h"

/**
 * struct reset_core - one remote
 * @node: what all kinds have
 * @isa: what it runs
 * @power: on while it is not Offline
 * @resets: all released only while it runs
 * @hold: bits that are set while it must not run
 * @release: bits that are set while it may
 * @boot: where it begins
 * @runs: it was let go, and not stopped since
 * @half_stopped: a stop failed on the way, so that lines that hold it are our own doing
 */
struct reset_core {
	struct rl_node node;
	const struct rl_isa *isa;
	struct rl_power power;
	struct rl_resets resets;
	struct rl_field hold;
	struct rl_field release;
	struct rl_field boot;
	bool runs;
	bool half_stopped;
};

static struct reset_core *to_core(struct rproc_lite *rproc)
{
	return container_of(rproc_lite_priv(rproc), struct reset_core, node);
}

static int let_go(struct reset_core *core, struct rproc_lite_verdict *v)
{
	int ret;

	ret = rl_field_set(&core->hold, false);
	if (!ret)
		ret = rl_field_set(&core->release, true);
	if (ret)
		return rproc_lite_refuse(v, -EIO, "the core can't be released: error %d", -ret);
	return 0;
}

/* Held, and in reset, whatever it was before. Can be repeated if it fails. */
static int halt_core(struct reset_core *core, struct rproc_lite_verdict *v)
{
	int ret;

	ret = rl_field_set(&core->release, false);
	if (!ret)
		ret = rl_field_set(&core->hold, true);
	if (ret)
		return rproc_lite_refuse(v, -EIO, "the core can't be held: error %d", -ret);
	return rl_resets_assert(&core->resets, v);
}

static int reset_core_config(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	struct reset_core *core = to_core(rproc);
	int ret;

	/* Who was there before us may have left it in any state. */
	core->resets.released = core->resets.num;
	ret = halt_core(core, v);
	return ret ?: rl_power_on(&core->power, v);
}

static int reset_core_check_image(struct rproc_lite *rproc,
				  const struct rproc_lite_image_info *image,
				  struct rproc_lite_verdict *v)
{
	struct reset_core *core = to_core(rproc);
	int ret = rl_isa_check(core->isa, image, v);

	if (ret)
		return ret;
	if (!rl_field_fits(&core->boot, image->entry))
		return rproc_lite_refuse(v, -ENOEXEC,
					 "the core can't begin at the entry point 0x%llx: its boot vector has bits %u to %u",
					 image->entry, core->boot.shift,
					 core->boot.shift + hweight32(core->boot.mask) - 1);
	return 0;
}

static int run(struct reset_core *core, u64 entry, struct rproc_lite_verdict *v)
{
	int ret;

	ret = rl_field_put(&core->boot, entry);
	if (ret)
		return rproc_lite_refuse(v, -EIO, "the boot vector can't be set: error %d", -ret);
	ret = rl_resets_release(&core->resets, v);
	return ret ?: let_go(core, v);
}

static int reset_core_start(struct rproc_lite *rproc, const struct rproc_lite_image_info *image,
			    struct rproc_lite_verdict *v)
{
	struct reset_core *core = to_core(rproc);
	struct rproc_lite_verdict halting;
	int ret;

	ret = rl_node_listen(&core->node, v);
	if (ret)
		return ret;
	ret = run(core, image->entry, v);
	WRITE_ONCE(core->half_stopped, false);
	WRITE_ONCE(core->runs, !ret);
	if (!ret)
		return 0;
	rl_mbox_close(&core->node.mbox);
	if (halt_core(core, &halting))
		return rproc_lite_refuse(v, -EUCLEAN, "it neither starts nor stops: %s",
					 halting.text);
	return ret;
}

static int reset_core_stop(struct rproc_lite *rproc, u32 waited_ms, struct rproc_lite_verdict *v)
{
	struct reset_core *core = to_core(rproc);
	int ret;

	/* First, or who looks asks for lines that change just now. */
	WRITE_ONCE(core->runs, false);
	ret = halt_core(core, v);
	WRITE_ONCE(core->half_stopped, ret);
	WRITE_ONCE(core->runs, ret);
	if (!ret)
		rl_mbox_close(&core->node.mbox);
	return ret;
}

static int reset_core_shutdown(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	struct reset_core *core = to_core(rproc);
	int ret;

	/* Nothing new but after a start that failed and could not be undone. */
	ret = halt_core(core, v);
	if (!ret)
		rl_power_off(&core->power);
	return ret;
}

static bool reset_core_is_running(struct rproc_lite *rproc)
{
	struct reset_core *core = to_core(rproc);
	bool runs = READ_ONCE(core->runs);

	if (!runs || READ_ONCE(core->half_stopped))
		return runs;
	return !rl_resets_any_asserted(&core->resets) && !rl_field_is(&core->hold, true) &&
	       !rl_field_is(&core->release, false);
}

static const struct rproc_lite_ops reset_core_ops = {
	.kind = "reset-core",
	.forces_stop = true,
	.config = reset_core_config,
	.check_image = reset_core_check_image,
	.start = reset_core_start,
	.stop = reset_core_stop,
	.shutdown = reset_core_shutdown,
	.is_running = reset_core_is_running,
	.send = rl_node_send,
};

static int get_isa(struct device *dev, struct reset_core *core)
{
	const char *name;

	if (!of_property_read_string(dev->of_node, "rproc-lite,isa", &name))
		core->isa = rl_isa_find(name);
	if (core->isa)
		return 0;
	return dev_err_probe(dev, -EINVAL, "rproc-lite,isa is none that is known\n");
}

static int get_fields(struct device *dev, struct reset_core *core)
{
	int ret;

	ret = rl_field_get(&core->hold, dev, "rproc-lite,hold", false);
	if (!ret)
		ret = rl_field_get(&core->release, dev, "rproc-lite,release", false);
	return ret ?: rl_field_get(&core->boot, dev, "rproc-lite,boot-vector", true);
}

static int reset_core_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct reset_core *core;
	int ret;

	core = devm_kzalloc(dev, sizeof(*core), GFP_KERNEL);
	if (!core)
		return -ENOMEM;
	ret = get_isa(dev, core);
	if (!ret)
		ret = get_fields(dev, core);
	if (!ret)
		ret = rl_resets_get(&core->resets, dev);
	if (!ret)
		ret = rl_power_get(&core->power, dev);
	if (ret)
		return ret;
	if (!core->resets.num && !core->hold.map && !core->release.map)
		return dev_err_probe(dev, -EINVAL,
				     "neither resets nor rproc-lite,hold or rproc-lite,release\n");
	platform_set_drvdata(pdev, core);
	return rl_node_register(&core->node, pdev, &reset_core_ops, rl_isa_name(core->isa));
}

RL_PLATFORM_REMOVE(reset_core_remove)
{
	struct reset_core *core = platform_get_drvdata(pdev);

	rl_node_unregister(&core->node);
	/* Nothing to do where it could be shut down; else this is the last force there is. */
	rl_power_off(&core->power);
}

static bool has_domains(const struct reset_core *core, const struct device *dev)
{
	return core->power.num_domains || dev->pm_domain;
}

/*
 * Its power domains go off with the system, whatever we say, and what ran there would be
 * lost without anybody's noticing.
 */
static int reset_core_sleep(struct device *dev)
{
	const struct reset_core *core = dev_get_drvdata(dev);

	if (!READ_ONCE(core->runs) || !has_domains(core, dev))
		return 0;
	dev_err(dev, "runs, in power domains that the system's sleep switches off: stop it before, or let its policy do so\n");
	return -EBUSY;
}

/* So is what waits there to be started; from here on nothing but the domains can fail. */
static int reset_core_sleep_noirq(struct device *dev)
{
	const struct reset_core *core = dev_get_drvdata(dev);

	if (has_domains(core, dev))
		rproc_lite_memory_lost(core->node.rproc);
	return 0;
}

static const struct dev_pm_ops reset_core_pm = {
	SYSTEM_SLEEP_PM_OPS(reset_core_sleep, NULL)
	NOIRQ_SYSTEM_SLEEP_PM_OPS(reset_core_sleep_noirq, NULL)
};

static const struct of_device_id reset_core_of_match[] = {
	{ .compatible = "rproc-lite,reset-core" },
	{ }
};
MODULE_DEVICE_TABLE(of, reset_core_of_match);

static struct platform_driver reset_core_driver = {
	.probe = reset_core_probe,
	.remove = reset_core_remove,
	.driver = {
		.name = "rproc_lite_reset",
		.of_match_table = reset_core_of_match,
		.pm = pm_sleep_ptr(&reset_core_pm),
	},
};

int rl_backend_reset_init(void)
{
	rl_mbox_request_controllers(reset_core_of_match);
	return platform_driver_register(&reset_core_driver);
}

void rl_backend_reset_exit(void)
{
	platform_driver_unregister(&reset_core_driver);
}
