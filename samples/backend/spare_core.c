// SPDX-License-Identifier: GPL-2.0-only
/* A backend to copy: a spare core that PSCI switches on. README.rst explains each part. */
#include <linux/arm-smccc.h>
#include <linux/cpu.h>
#include <linux/iopoll.h>
#include <linux/mailbox_client.h>
#include <linux/of_reserved_mem.h>
#include <linux/platform_device.h>
#include <linux/rproc_lite.h>
#include <uapi/linux/psci.h>

struct spare_core {
	struct rproc_lite *rproc;
	struct mbox_client client;
	struct mbox_chan *chan;
	u32 word[2][256];	/* notify ids, control words: this mailbox takes pointers */
	int cpu;
	u64 mpidr;
	bool use_hvc;
};

static int config(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	struct spare_core *core = rproc_lite_priv(rproc);

	return min(remove_cpu(core->cpu), 0);
}

static int psci(struct spare_core *core, u32 function, phys_addr_t entry)
{
	struct arm_smccc_res res;

	if (core->use_hvc)
		arm_smccc_hvc(function, core->mpidr, entry, 0, 0, 0, 0, 0, &res);
	else
		arm_smccc_smc(function, core->mpidr, entry, 0, 0, 0, 0, 0, &res);
	return (int)res.a0;
}

static int start(struct rproc_lite *rproc, const struct rproc_lite_image_info *image,
		 struct rproc_lite_verdict *v)
{
	struct spare_core *core = rproc_lite_priv(rproc);
	struct mbox_chan *chan = mbox_request_channel(&core->client, 0);

	if (IS_ERR(chan))
		return rproc_lite_refuse(v, PTR_ERR(chan), "the mailbox can't be had");
	core->chan = chan;
	if (!psci(core, PSCI_0_2_FN64_CPU_ON, image->entry_pa))
		return 0;
	mbox_free_channel(chan);
	return rproc_lite_refuse(v, -EIO, "PSCI does not switch cpu%d on", core->cpu);
}

static int send(struct rproc_lite *rproc, u32 word)
{
	struct spare_core *core = rproc_lite_priv(rproc);
	int ret;

	core->word[word >> 31][word % 256] = word;
	ret = mbox_send_message(core->chan, &core->word[word >> 31][word % 256]);
	mbox_client_txdone(core->chan, 0);
	return min(ret, 0);
}

static void received(struct mbox_client *client, void *word)
{
	rproc_lite_received(container_of(client, struct spare_core, client)->rproc, *(u32 *)word);
}

static int stop(struct rproc_lite *rproc, u32 waited_ms, struct rproc_lite_verdict *v)
{
	struct spare_core *core = rproc_lite_priv(rproc);
	int ret;

	if (read_poll_timeout(psci, ret, ret == PSCI_0_2_AFFINITY_LEVEL_OFF, 1000, USEC_PER_SEC,
			      false, core, PSCI_0_2_FN64_AFFINITY_INFO, 0))	/* or soon */
		return rproc_lite_refuse(v, -ETIMEDOUT, "it still runs after %u ms", waited_ms);
	mbox_free_channel(core->chan);
	return 0;
}

static int shutdown(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	struct spare_core *core = rproc_lite_priv(rproc);

	return min(add_cpu(core->cpu), 0);
}

static const struct rproc_lite_ops ops = {
	.kind = "spare-core", .config = config, .start = start, .send = send, .stop = stop,
	.shutdown = shutdown,
};

static int read_node(struct device *dev, struct spare_core *core)
{
	struct device_node *conduit = of_find_node_by_path("/psci");
	struct device_node *np = of_parse_phandle(dev->of_node, "cpu", 0);
	struct device_node *ram = of_parse_phandle(dev->of_node, "memory-region", 0);
	struct reserved_mem *rmem = ram ? of_reserved_mem_lookup(ram) : NULL;

	core->use_hvc = of_property_match_string(conduit, "method", "hvc") >= 0;
	core->cpu = of_cpu_node_to_id(np);
	if (core->cpu >= 0)
		core->mpidr = of_read_number(of_get_property(np, "reg", NULL), of_n_addr_cells(np));
	of_node_put(conduit);
	of_node_put(np);
	of_node_put(ram);
	if (!conduit || core->cpu < 0 || !rmem)
		return dev_err_probe(dev, -EINVAL, "no PSCI, cpu or memory-region\n");
	return rproc_lite_add_mem(core->rproc, &(struct rproc_lite_mem){
		.name = "ram", .da = rmem->base, .pa = rmem->base, .size = rmem->size });
}

static void gone(void *data)
{
	struct spare_core *core = data;

	rproc_lite_unregister(core->rproc);
	mbox_free_channel(core->chan);	/* does nothing if stop did it */
	rproc_lite_free(core->rproc);
}

static int probe(struct platform_device *pdev)
{
	struct spare_core *core = devm_kzalloc(&pdev->dev, sizeof(*core), GFP_KERNEL);
	int ret;

	if (!core)
		return -ENOMEM;
	core->client = (struct mbox_client){
		.dev = &pdev->dev, .rx_callback = received, .knows_txdone = true };
	core->rproc = rproc_lite_alloc(&pdev->dev, &ops, core);
	if (IS_ERR(core->rproc))
		return PTR_ERR(core->rproc);
	ret = read_node(&pdev->dev, core) ?: rproc_lite_register(core->rproc, "spare", 5000);
	if (ret)
		rproc_lite_free(core->rproc);
	return ret ?: devm_add_action_or_reset(&pdev->dev, gone, core);
}

static const struct of_device_id matches[] = { { .compatible = "example,spare-core" }, { } };
MODULE_DEVICE_TABLE(of, matches);
static struct platform_driver spare_core_driver = {
	.probe = probe, .driver = { .name = "spare_core", .of_match_table = matches },
};
module_platform_driver(spare_core_driver);
MODULE_DESCRIPTION("Sample backend of rproc_lite");
MODULE_LICENSE("GPL");
