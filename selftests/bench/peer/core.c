// SPDX-License-Identifier: GPL-2.0-only
/*
 * The remote, as mainline wants it. What mainline's own ELF loader does is left to it.
 */
#include "peer.h"

#include <linux/arm-smccc.h>
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/iopoll.h>
#include <linux/ktime.h>
#include <linux/mailbox_controller.h>
#include <linux/remoteproc.h>
#include <linux/rproc_lite_doorbell.h>
#include <linux/virtio_ring.h>
#include <uapi/linux/psci.h>

#define STOP_TIMEOUT	msecs_to_jiffies(5000)
#define OFF_TIMEOUT_US	5000000

static int (*load_rsc_table)(struct rproc *rproc, const struct firmware *fw);

static void stamp(struct peer *peer, enum peer_stamp which)
{
	WRITE_ONCE(peer->stamp[which], ktime_get_ns());
}

/* QEMU's virt has its PSCI behind hvc. */
static int psci(unsigned long function, unsigned long a, unsigned long b)
{
	struct arm_smccc_res res;

	arm_smccc_hvc(function, a, b, 0, 0, 0, 0, 0, &res);
	return (int)res.a0;
}

static bool is_off(const struct peer *peer)
{
	return psci(PSCI_0_2_FN64_AFFINITY_INFO, peer->mpidr, 0) == PSCI_0_2_AFFINITY_LEVEL_OFF;
}

static void look_at_vrings(struct work_struct *work)
{
	struct peer *peer = container_of(work, struct peer, work);
	unsigned int id;

	for_each_set_bit(id, peer->rung, PEER_IDS) {
		clear_bit(id, peer->rung);
		rproc_vq_interrupt(peer->rproc, id);
	}
}

static void received(struct mbox_client *client, void *message)
{
	struct peer *peer = container_of(client, struct peer, client);
	u32 word = *(u32 *)message;

	if (word == RPROC_LITE_WORD_ECHO_REPLY) {
		WRITE_ONCE(peer->replied, ktime_get_ns());
	} else if (word == RPROC_LITE_WORD_SHUTDOWN_ACK) {
		complete(&peer->acked);
	} else if (word < PEER_IDS) {
		set_bit(word, peer->rung);
		schedule_work(&peer->work);
	}
}

int peer_send(struct peer *peer, u32 word)
{
	unsigned int n = (u32)atomic_inc_return(&peer->next) % ARRAY_SIZE(peer->slot);
	int ret;

	if (!peer->chan)
		return -ENOTCONN;
	peer->slot[n] = word;
	ret = mbox_send_message(peer->chan, &peer->slot[n]);
	if (ret < 0)
		return ret;
	mbox_client_txdone(peer->chan, 0);
	return 0;
}

static int add_carveouts(struct peer *peer)
{
	struct rproc_mem_entry *mem;
	struct peer_region *r;

	for (r = peer->region; r < peer->region + PEER_REGIONS && r->va; r++) {
		mem = rproc_mem_entry_init(peer->dev, r->va, r->pa, r->size, r->pa, NULL, NULL,
					   "%s", r->name);
		if (!mem)
			return -ENOMEM;
		rproc_add_carveout(peer->rproc, mem);
	}
	return 0;
}

static int peer_prepare(struct rproc *rproc)
{
	struct peer *peer = *(struct peer **)rproc->priv;
	int ret;

	stamp(peer, PEER_PREPARE);
	ret = remove_cpu(peer->cpu);
	if (ret < 0)
		return ret;
	/* 1 says that it was offline already. */
	peer->was_online = !ret;
	ret = add_carveouts(peer);
	stamp(peer, PEER_PREPARED);
	return ret;
}

static int peer_unprepare(struct rproc *rproc)
{
	struct peer *peer = *(struct peer **)rproc->priv;
	int ret = 0;

	stamp(peer, PEER_UNPREPARE);
	if (peer->was_online)
		ret = add_cpu(peer->cpu);
	stamp(peer, PEER_UNPREPARED);
	return ret < 0 ? ret : 0;
}

static int peer_start(struct rproc *rproc)
{
	struct peer *peer = *(struct peer **)rproc->priv;
	int ret;

	stamp(peer, PEER_START);
	reinit_completion(&peer->acked);
	peer->chan = mbox_request_channel(&peer->client, 0);
	if (IS_ERR(peer->chan)) {
		ret = PTR_ERR(peer->chan);
		peer->chan = NULL;
		return ret;
	}
	/* All that was placed must be in memory before the core looks. */
	wmb();
	ret = psci(PSCI_0_2_FN64_CPU_ON, peer->mpidr, rproc->bootaddr);
	if (ret != PSCI_RET_SUCCESS) {
		mbox_free_channel(peer->chan);
		peer->chan = NULL;
		return -EIO;
	}
	stamp(peer, PEER_STARTED);
	return 0;
}

static int peer_stop(struct rproc *rproc)
{
	struct peer *peer = *(struct peer **)rproc->priv;
	bool off;
	int ret;

	stamp(peer, PEER_STOP);
	ret = peer_send(peer, RPROC_LITE_WORD_SHUTDOWN);
	if (!ret && !wait_for_completion_timeout(&peer->acked, STOP_TIMEOUT))
		ret = -ETIMEDOUT;
	if (!ret)
		ret = read_poll_timeout(is_off, off, off, 50, OFF_TIMEOUT_US, false, peer);
	if (ret)
		return ret;
	mbox_free_channel(peer->chan);
	peer->chan = NULL;
	flush_work(&peer->work);
	stamp(peer, PEER_STOPPED);
	return 0;
}

static void peer_kick(struct rproc *rproc, int vqid)
{
	struct peer *peer = *(struct peer **)rproc->priv;

	peer_send(peer, vqid);
}

/*
 * Mainline finds no place for a trace buffer that has none, and tells of a vring's only after
 * the core was started, which is late for our firmware. So both get one at the end of
 * "shared", as boards have it that name such places in their devicetree.
 */
static u32 take_shared(struct peer *peer, size_t size, void **va)
{
	struct peer_region *r = peer->region;

	while (r < peer->region + PEER_REGIONS && r->va && strcmp(r->name, "shared"))
		r++;
	size = PAGE_ALIGN(size);
	if (r == peer->region + PEER_REGIONS || !r->va || size > r->size - peer->taken)
		return FW_RSC_ADDR_ANY;
	peer->taken += size;
	*va = r->va + r->size - peer->taken;
	return r->pa + r->size - peer->taken;
}

static int place_vring(struct peer *peer, struct fw_rsc_vdev_vring *ring, int index)
{
	size_t size = vring_size(ring->num, ring->align);
	struct rproc_mem_entry *mem;
	void *va;

	ring->da = take_shared(peer, size, &va);
	if (ring->da == FW_RSC_ADDR_ANY)
		return -ENOSPC;
	mem = rproc_mem_entry_init(peer->dev, va, ring->da, PAGE_ALIGN(size), ring->da, NULL,
				   NULL, "vdev0vring%d", index);
	if (!mem)
		return -ENOMEM;
	rproc_add_carveout(peer->rproc, mem);
	return 0;
}

static int place_entry(struct peer *peer, struct fw_rsc_hdr *entry)
{
	struct fw_rsc_trace *trace = (void *)entry->data;
	struct fw_rsc_vdev *vdev = (void *)entry->data;
	int i, ret = 0;
	void *va;

	if (entry->type == RSC_TRACE)
		trace->da = take_shared(peer, trace->len, &va);
	for (i = 0; entry->type == RSC_VDEV && i < vdev->num_of_vrings && !ret; i++)
		ret = place_vring(peer, &vdev->vring[i], i);
	return ret;
}

/* Firmware without a table is fine, as for most of mainline's drivers. */
static int peer_parse_fw(struct rproc *rproc, const struct firmware *fw)
{
	struct peer *peer = *(struct peer **)rproc->priv;
	struct resource_table *table;
	int ret = load_rsc_table(rproc, fw);
	u32 i;

	if (ret)
		return ret == -EINVAL ? 0 : ret;
	/* It is the bench's own firmware, and mainline has looked at it. */
	table = rproc->table_ptr;
	peer->taken = 0;
	for (i = 0; i < table->num && !ret; i++)
		ret = place_entry(peer, (void *)table + table->offset[i]);
	return ret;
}

static const struct rproc_ops peer_ops = {
	.prepare = peer_prepare,
	.unprepare = peer_unprepare,
	.start = peer_start,
	.stop = peer_stop,
	.kick = peer_kick,
};

int peer_core_probe(struct peer *peer)
{
	struct rproc *rproc;

	init_completion(&peer->acked);
	INIT_WORK(&peer->work, look_at_vrings);
	peer->client.dev = peer->dev;
	peer->client.rx_callback = received;
	peer->client.knows_txdone = true;

	rproc = devm_rproc_alloc(peer->dev, "peer", &peer_ops, NULL, sizeof(peer));
	if (!rproc)
		return -ENOMEM;
	*(struct peer **)rproc->priv = peer;
	peer->rproc = rproc;
	rproc->auto_boot = false;
	/* The default, which mainline takes when there is no op of its kind. */
	load_rsc_table = rproc->ops->parse_fw;
	rproc->ops->parse_fw = peer_parse_fw;
	return devm_rproc_add(peer->dev, rproc);
}
