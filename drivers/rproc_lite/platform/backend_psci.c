// SPDX-License-Identifier: GPL-2.0-only
/*
 * "rproc-lite,psci-core": a spare core of the same cluster, switched on with
 * firmware of our own instead of Linux.
 *
 * PSCI can switch a core on, and ask whether it is off. It can't switch one off
 * that does not cooperate, so neither can we, and say so.
 */
#include "backend_psci.h"
#include "isa.h"
#include "node.h"
#include "psci.h"
#include "spare_cpu.h"

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/rproc_lite.h>
#include <linux/suspend.h>
#include <uapi/linux/psci.h>
#include "../compat.h"

/* How long a core may take to be on, or off, that was switched so. */
#define SWITCH_TIMEOUT_MS	1000

/**
 * struct psci_core - one remote
 * @node: what all kinds have
 * @mpidr: of the core
 * @cpu: its logical number in Linux
 * @claimed: taken from Linux
 * @was_online: to be given back online
 */
struct psci_core {
	struct rl_node node;
	u64 mpidr;
	unsigned int cpu;
	bool claimed;
	bool was_online;
};

static struct psci_core *to_core(struct rproc_lite *rproc)
{
	return container_of(rproc_lite_priv(rproc), struct psci_core, node);
}

static bool is_off(const struct psci_core *core)
{
	return rl_psci_affinity_info(core->mpidr) == PSCI_0_2_AFFINITY_LEVEL_OFF;
}

/*
 * Some PSCI firmware says that a core is off for a while after it has accepted
 * to switch it on, which must not be taken for firmware that ended. Firmware
 * that really ended within moments makes us wait for nothing.
 */
static void wait_until_on(const struct psci_core *core)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(SWITCH_TIMEOUT_MS);

	while (is_off(core) && time_before(jiffies, deadline))
		usleep_range(50, 100);
}

/*
 * The kernel takes a core as gone that says it dies, looks whether it is off for
 * 100 ms and goes on, for it has lost it anyway. We are to use it, and a host that
 * is busy may let it say so later.
 */
static void wait_until_off(const struct psci_core *core)
{
	unsigned long deadline = jiffies + msecs_to_jiffies(SWITCH_TIMEOUT_MS);

	while (!is_off(core) && time_before(jiffies, deadline))
		usleep_range(50, 100);
}

static bool psci_core_is_running(struct rproc_lite *rproc)
{
	return !is_off(to_core(rproc));
}

static int psci_core_shutdown(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	struct psci_core *core = to_core(rproc);
	int ret;

	ret = rl_spare_cpu_release(core->cpu, core->was_online, v);
	if (!ret)
		core->claimed = false;
	return ret;
}

static int psci_core_config(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	struct psci_core *core = to_core(rproc);
	int ret;

	ret = rl_spare_cpu_claim(core->cpu, &core->was_online, v);
	if (ret)
		return ret;
	wait_until_off(core);
	if (!is_off(core)) {
		/* Online again if it was, which also is the best way to find out. */
		if (rl_spare_cpu_release(core->cpu, core->was_online, v))
			rl_spare_cpu_abandon(core->cpu);
		return rproc_lite_refuse(v, -EBUSY,
					 "cpu%u runs something else: it is on, and not for Linux",
					 core->cpu);
	}
	core->claimed = true;
	return 0;
}

static int psci_core_check_image(struct rproc_lite *rproc,
				 const struct rproc_lite_image_info *image,
				 struct rproc_lite_verdict *v)
{
	int ret = rl_isa_check(rl_isa_find("aarch64"), image, v);

	if (ret)
		return ret;
	if (image->entry_pa & 3)
		return rproc_lite_refuse(v, -ENOEXEC,
					 "the entry point 0x%llx is not aligned to an instruction",
					 image->entry);
	return 0;
}

static int psci_core_start(struct rproc_lite *rproc, const struct rproc_lite_image_info *image,
			   struct rproc_lite_verdict *v)
{
	struct psci_core *core = to_core(rproc);
	int ret;

	ret = rl_node_listen(&core->node, v);
	if (ret)
		return ret;
	ret = rl_psci_cpu_on(core->mpidr, image->entry_pa);
	if (ret == PSCI_RET_SUCCESS) {
		wait_until_on(core);
		return 0;
	}
	rl_mbox_close(&core->node.mbox);
	return rproc_lite_refuse(v, -EIO, "PSCI does not switch cpu%u on: %s", core->cpu,
				 rl_psci_words(ret));
}

static int psci_core_stop(struct rproc_lite *rproc, u32 waited_ms, struct rproc_lite_verdict *v)
{
	struct psci_core *core = to_core(rproc);

	if (!is_off(core) && !core->node.mbox.chan)
		return rproc_lite_refuse(v, -ETIMEDOUT,
					 "there is no mailbox to ask cpu%u's firmware to stop, and PSCI can't by force; it still runs",
					 core->cpu);
	if (!is_off(core))
		return rproc_lite_refuse(v, -ETIMEDOUT,
					 "the firmware did not switch cpu%u off within %u ms, and PSCI can't by force; it still runs",
					 core->cpu, waited_ms);
	rl_mbox_close(&core->node.mbox);
	return 0;
}

static const struct rproc_lite_ops psci_core_ops = {
	.kind = "psci-core",
	.config = psci_core_config,
	.check_image = psci_core_check_image,
	.start = psci_core_start,
	.stop = psci_core_stop,
	.shutdown = psci_core_shutdown,
	.is_running = psci_core_is_running,
	.send = rl_node_send,
};

/* The core that the "cpu" phandle means. */
static int find_cpu(struct device *dev, struct psci_core *core)
{
	struct device_node *np = of_parse_phandle(dev->of_node, "cpu", 0);
	const __be32 *reg;
	int cpu, len;

	if (!np)
		return dev_err_probe(dev, -EINVAL, "no cpu phandle\n");
	cpu = of_cpu_node_to_id(np);
	reg = of_get_property(np, "reg", &len);
	if (reg)
		core->mpidr = of_read_number(reg, len / sizeof(*reg));
	of_node_put(np);
	if (cpu < 0 || !reg)
		return dev_err_probe(dev, -EINVAL, "the cpu phandle leads to no CPU here\n");
	core->cpu = cpu;
	return 0;
}

static int psci_core_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct psci_core *core;
	char detail[16];
	int ret;

	core = devm_kzalloc(dev, sizeof(*core), GFP_KERNEL);
	if (!core)
		return -ENOMEM;
	ret = find_cpu(dev, core);
	if (ret)
		return ret;
	ret = rl_psci_init();
	if (ret)
		return dev_err_probe(dev, ret, "no PSCI 0.2 or later\n");
	platform_set_drvdata(pdev, core);
	snprintf(detail, sizeof(detail), "cpu%u", core->cpu);
	return rl_node_register(&core->node, pdev, &psci_core_ops, detail);
}

RL_PLATFORM_REMOVE(psci_core_remove)
{
	struct psci_core *core = platform_get_drvdata(pdev);

	rl_node_unregister(&core->node);
	/* Nothing to do where the remote could be shut down. */
	if (core->claimed)
		rl_spare_cpu_abandon(core->cpu);
}

/* PSCI's firmware does not suspend a system of which a core is on; say so before it does. */
static int psci_core_sleep(struct device *dev)
{
	const struct psci_core *core = dev_get_drvdata(dev);

	if (pm_suspend_target_state != PM_SUSPEND_MEM || !core->claimed || is_off(core))
		return 0;
	dev_err(dev, "cpu%u is on, with firmware of its own: the system can only idle\n",
		core->cpu);
	return -EBUSY;
}

static DEFINE_SIMPLE_DEV_PM_OPS(psci_core_pm, psci_core_sleep, NULL);

static const struct of_device_id psci_core_of_match[] = {
	{ .compatible = "rproc-lite,psci-core" },
	{ }
};
MODULE_DEVICE_TABLE(of, psci_core_of_match);

static struct platform_driver psci_core_driver = {
	.probe = psci_core_probe,
	.remove = psci_core_remove,
	.driver = {
		.name = "rproc_lite_psci",
		.of_match_table = psci_core_of_match,
		.pm = pm_sleep_ptr(&psci_core_pm),
	},
};

int rl_backend_psci_init(void)
{
	int ret;

	ret = rl_spare_cpu_init();
	if (ret)
		return ret;
	rl_mbox_request_controllers(psci_core_of_match);
	ret = platform_driver_register(&psci_core_driver);
	if (ret)
		rl_spare_cpu_exit();
	return ret;
}

void rl_backend_psci_exit(void)
{
	platform_driver_unregister(&psci_core_driver);
	rl_spare_cpu_exit();
}
