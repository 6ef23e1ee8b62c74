// SPDX-License-Identifier: GPL-2.0-only
/*
 * A mailbox made of two interrupts and a page of shared memory, for a remote
 * that shares Linux's interrupt controller; or of the memory alone, for one
 * that does not.
 *
 * We ring the remote by setting its interrupt pending, it rings us in the same
 * way. Words go through shared memory, laid out and ordered as
 * <linux/rproc_lite_doorbell.h> says; without such memory the bell rings and
 * says nothing. Without interrupts both sides look at the memory now and then.
 * A message is a pointer to a u32, or ignored.
 *
 * The remote may write anything at any time: each of its words is read once,
 * and bounded before it is used.
 */
#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/io.h>
#include <linux/irq.h>
#include <linux/mailbox_controller.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/of_reserved_mem.h>
#include <linux/platform_device.h>
#include <linux/pm_wakeirq.h>
#include <linux/pm_wakeup.h>
#include <linux/rproc_lite_doorbell.h>
#include <linux/slab.h>
#include "../compat.h"

#define KICK_WORDS	(RPROC_LITE_DOORBELL_KICKS / 32)

static_assert(sizeof(struct rproc_lite_doorbell_way) == 256);
static_assert(sizeof(struct rproc_lite_doorbell) == 520);

/* Shared memory of one channel; channels follow each other at this distance. */
#define CHANNEL_STRIDE	1024
#define CHANNELS_MAX	8

/* Of "rproc-lite,poll-interval-us". */
#define POLL_MIN_US	100
#define POLL_MAX_US	1000000

/**
 * struct bell - one channel
 * @dev: of the controller, for messages
 * @chan: what it is for the mailbox framework
 * @ring_irq: rings the remote; 0 if nothing does
 * @rung_irq: rings us; 0 if nothing does
 * @listening: @rung_irq is requested, or @poll runs
 * @poll: looks at @shm instead, while the channel is open
 * @interval: of @poll
 * @shm: shared with the remote, NULL if there is none
 * @kick: what we last wrote to to_remote.kick
 * @head: what we last wrote to to_remote.head
 * @kick_ack: what we last wrote to to_linux.kick_ack
 * @tail: what we last wrote to to_linux.tail
 *
 * What we write there we keep here too, so that the remote's scribbling can't
 * change our mind. The first two are the sender's, under the channel's lock;
 * the other two belong to the interrupt handler, or to @poll.
 */
struct bell {
	struct device *dev;
	struct mbox_chan *chan;
	int ring_irq;
	int rung_irq;
	bool listening;
	struct hrtimer poll;
	ktime_t interval;
	struct rproc_lite_doorbell *shm;
	u32 kick[KICK_WORDS];
	u32 head;
	u32 kick_ack[KICK_WORDS];
	u32 tail;
};

struct doorbell {
	struct mbox_controller controller;
	struct bell *bells;
};

static u32 shm_read(const __le32 *p)
{
	return le32_to_cpu(READ_ONCE(*p));
}

static void shm_write(__le32 *p, u32 value)
{
	WRITE_ONCE(*p, cpu_to_le32(value));
}

static void send_kick(struct bell *bell, u32 id)
{
	struct rproc_lite_doorbell_way *way = &bell->shm->to_remote;
	u32 i = id / 32, bit = BIT(id % 32);

	/* Data, then is it pending still? The receiver does the reverse. */
	mb();
	if (!((shm_read(&way->kick_ack[i]) ^ bell->kick[i]) & bit)) {
		bell->kick[i] ^= bit;
		shm_write(&way->kick[i], bell->kick[i]);
	}
}

static int send_word(struct bell *bell, u32 word)
{
	struct rproc_lite_doorbell_way *way = &bell->shm->to_remote;

	/* A tail that is off counts as full: such a remote reads nothing. */
	if (bell->head - shm_read(&way->tail) >= RPROC_LITE_DOORBELL_WORDS) {
		dev_warn_ratelimited(bell->dev, "the remote does not take its words: 0x%x waits\n",
				     word);
		return -EBUSY;
	}
	shm_write(&way->word[bell->head % RPROC_LITE_DOORBELL_WORDS], word);
	wmb();	/* the word, then that it is there */
	shm_write(&way->head, ++bell->head);
	return 0;
}

static int bell_send(struct mbox_chan *chan, void *message)
{
	struct bell *bell = chan->con_priv;
	u32 word = bell->shm ? *(u32 *)message : 0;
	int ret = 0;

	if (bell->shm && word >= RPROC_LITE_WORD_FIRST)
		ret = send_word(bell, word);
	else if (bell->shm && word < RPROC_LITE_DOORBELL_KICKS)
		send_kick(bell, word);
	else if (bell->shm)
		dev_warn_ratelimited(bell->dev, "no room for notify id %u: the remote is rung without it\n",
				     word);
	if (ret)
		return ret;
	/* The interrupt controller's own write is relaxed. */
	wmb();
	if (!bell->ring_irq)
		return 0;
	return irq_set_irqchip_state(bell->ring_irq, IRQCHIP_STATE_PENDING, true);
}

static void take_kicks(struct mbox_chan *chan, struct bell *bell)
{
	struct rproc_lite_doorbell_way *way = &bell->shm->to_linux;
	unsigned long pending;
	u32 i, kick, word;
	int bit;

	for (i = 0; i < KICK_WORDS; i++) {
		kick = shm_read(&way->kick[i]);
		pending = kick ^ bell->kick_ack[i];
		if (!pending)
			continue;
		bell->kick_ack[i] = kick;
		shm_write(&way->kick_ack[i], kick);
		mb();	/* taken, and only then look at what it is about */
		for_each_set_bit(bit, &pending, 32) {
			word = i * 32 + bit;
			mbox_chan_received_data(chan, &word);
		}
	}
}

static void take_words(struct mbox_chan *chan, struct bell *bell)
{
	struct rproc_lite_doorbell_way *way = &bell->shm->to_linux;
	u32 head = shm_read(&way->head), word;

	if (head - bell->tail > RPROC_LITE_DOORBELL_WORDS) {
		dev_warn_ratelimited(bell->dev, "the remote's count of words makes no sense\n");
		bell->tail = head;
	}
	rmb();	/* how many, then which */
	while (bell->tail != head) {
		word = shm_read(&way->word[bell->tail++ % RPROC_LITE_DOORBELL_WORDS]);
		mbox_chan_received_data(chan, &word);
	}
	shm_write(&way->tail, head);
}

static irqreturn_t bell_rung(int irq, void *arg)
{
	struct mbox_chan *chan = arg;
	struct bell *bell = chan->con_priv;

	/* If it is to wake the system, it also keeps it from going to sleep just now. */
	pm_wakeup_event(bell->dev, 0);
	rmb();	/* rung, and only then look why */
	if (bell->shm) {
		take_kicks(chan, bell);
		take_words(chan, bell);
	} else {
		mbox_chan_received_data(chan, NULL);
	}
	return IRQ_HANDLED;
}

static enum hrtimer_restart bell_poll(struct hrtimer *timer)
{
	struct bell *bell = container_of(timer, struct bell, poll);

	take_kicks(bell->chan, bell);
	take_words(bell->chan, bell);
	hrtimer_forward_now(timer, bell->interval);
	return HRTIMER_RESTART;
}

/* Whatever is to tell us that we are rung. */
static int listen(struct bell *bell)
{
	if (!bell->rung_irq) {
		hrtimer_start(&bell->poll, bell->interval, HRTIMER_MODE_REL_SOFT);
		return 0;
	}
	/* What the last one rang, if nobody listened any more. */
	irq_set_irqchip_state(bell->ring_irq, IRQCHIP_STATE_PENDING, false);
	irq_set_irqchip_state(bell->rung_irq, IRQCHIP_STATE_PENDING, false);
	return request_irq(bell->rung_irq, bell_rung, 0, dev_name(bell->dev), bell->chan);
}

/*
 * A client begins, before it starts its remote: what the memory holds is from the
 * last one. A remote that could not be stopped then may disagree, which harms only
 * its own words.
 */
static int bell_startup(struct mbox_chan *chan)
{
	struct bell *bell = chan->con_priv;
	int ret;

	if (bell->shm) {
		memset(bell->shm, 0, sizeof(*bell->shm));
		memset(bell->kick, 0, sizeof(bell->kick));
		memset(bell->kick_ack, 0, sizeof(bell->kick_ack));
		bell->head = 0;
		bell->tail = 0;
		shm_write(&bell->shm->magic, RPROC_LITE_DOORBELL_MAGIC);
	}
	ret = listen(bell);
	bell->listening = !ret;
	return ret;
}

/* The framework calls this after a startup that failed, too. */
static void bell_shutdown(struct mbox_chan *chan)
{
	struct bell *bell = chan->con_priv;

	if (!bell->listening)
		return;
	bell->listening = false;
	if (bell->rung_irq)
		free_irq(bell->rung_irq, chan);
	else
		hrtimer_cancel(&bell->poll);
}

static const struct mbox_chan_ops bell_ops = {
	.send_data = bell_send,
	.startup = bell_startup,
	.shutdown = bell_shutdown,
};

/* Interrupt @index of the node, edge-triggered: being pending is the message. */
static int get_edge_irq(struct platform_device *pdev, int index)
{
	int irq = platform_get_irq(pdev, index);
	int ret;

	if (irq < 0)
		return irq;
	ret = irq_set_irq_type(irq, IRQ_TYPE_EDGE_RISING);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "interrupt %d can't be edge-triggered\n",
				     index);
	return irq;
}

/* Both interrupts of each channel. */
static int get_irqs(struct platform_device *pdev, struct doorbell *db)
{
	int i;

	for (i = 0; i < db->controller.num_chans; i++) {
		struct bell *bell = &db->bells[i];

		bell->ring_irq = get_edge_irq(pdev, 2 * i);
		if (bell->ring_irq < 0)
			return bell->ring_irq;
		bell->rung_irq = get_edge_irq(pdev, 2 * i + 1);
		if (bell->rung_irq < 0)
			return bell->rung_irq;
	}
	return 0;
}

static int get_interval(struct platform_device *pdev, struct doorbell *db)
{
	u32 interval;
	int i, ret;

	ret = of_property_read_u32(pdev->dev.of_node, "rproc-lite,poll-interval-us", &interval);
	if (ret || interval < POLL_MIN_US || interval > POLL_MAX_US)
		return dev_err_probe(&pdev->dev, -EINVAL,
				     "no interrupts, nor a rproc-lite,poll-interval-us from %u to %u\n",
				     POLL_MIN_US, POLL_MAX_US);
	for (i = 0; i < db->controller.num_chans; i++) {
		db->bells[i].interval = ns_to_ktime((u64)interval * NSEC_PER_USEC);
		rl_hrtimer_setup(&db->bells[i].poll, bell_poll, CLOCK_MONOTONIC,
				 HRTIMER_MODE_REL_SOFT);
	}
	return 0;
}

static int map_shm(struct platform_device *pdev, struct doorbell *db,
		   const struct reserved_mem *rmem)
{
	int i, channels = db->controller.num_chans;
	void *shm;

	if (!rmem)
		return 0;
	shm = devm_memremap(&pdev->dev, rmem->base, channels * CHANNEL_STRIDE, MEMREMAP_WC);
	if (IS_ERR(shm))
		return PTR_ERR(shm);
	for (i = 0; i < channels; i++)
		db->bells[i].shm = shm + i * CHANNEL_STRIDE;
	return 0;
}

/* The memory, with room for @channels; NULL if the node names none. */
static const struct reserved_mem *find_shm(struct device *dev, int channels)
{
	struct device_node *np = of_parse_phandle(dev->of_node, "memory-region", 0);
	struct reserved_mem *rmem;

	if (!np)
		return NULL;
	rmem = of_reserved_mem_lookup(np);
	if (!rmem || !of_property_read_bool(np, "no-map") ||
	    rmem->size < (u64)channels * CHANNEL_STRIDE) {
		dev_err(dev, "memory-region %pOFn is not reserved, lacks no-map, or has under %d bytes\n",
			np, channels * CHANNEL_STRIDE);
		rmem = ERR_PTR(-EINVAL);
	}
	of_node_put(np);
	return rmem;
}

static int make_channels(struct device *dev, struct doorbell *db, int channels)
{
	int i;

	db->bells = devm_kcalloc(dev, channels, sizeof(*db->bells), GFP_KERNEL);
	db->controller.chans = devm_kcalloc(dev, channels, sizeof(*db->controller.chans),
					    GFP_KERNEL);
	if (!db->bells || !db->controller.chans)
		return -ENOMEM;
	for (i = 0; i < channels; i++) {
		db->bells[i].dev = dev;
		db->bells[i].chan = &db->controller.chans[i];
		db->controller.chans[i].con_priv = &db->bells[i];
	}
	db->controller.dev = dev;
	db->controller.ops = &bell_ops;
	db->controller.num_chans = channels;
	return 0;
}

static void no_wakeup(void *dev)
{
	dev_pm_clear_wake_irq(dev);
	device_init_wakeup(dev, false);
}

/* "wakeup-source": a remote that rings wakes the system. There is one such interrupt. */
static int allow_wakeup(struct device *dev, const struct doorbell *db)
{
	int ret;

	if (!of_property_read_bool(dev->of_node, "wakeup-source"))
		return 0;
	ret = device_init_wakeup(dev, true);
	if (ret)
		return ret;
	ret = dev_pm_set_wake_irq(dev, db->bells[0].rung_irq);
	if (!ret)
		return devm_add_action_or_reset(dev, no_wakeup, dev);
	device_init_wakeup(dev, false);
	return ret;
}

static int doorbell_probe(struct platform_device *pdev)
{
	int irqs = platform_irq_count(pdev), channels, ret;
	const struct reserved_mem *shm;
	struct device *dev = &pdev->dev;
	struct doorbell *db;

	if (irqs < 0)
		return irqs;
	if (irqs % 2)
		return dev_err_probe(dev, -EINVAL, "%d interrupts are no pairs of two\n", irqs);
	shm = find_shm(dev, irqs ? irqs / 2 : 1);
	if (IS_ERR(shm))
		return PTR_ERR(shm);
	if (!irqs && !shm)
		return dev_err_probe(dev, -EINVAL, "neither interrupts nor memory\n");
	channels = irqs ? irqs / 2 : min_t(u64, shm->size / CHANNEL_STRIDE, CHANNELS_MAX);

	db = devm_kzalloc(dev, sizeof(*db), GFP_KERNEL);
	if (!db)
		return -ENOMEM;
	ret = make_channels(dev, db, channels);
	if (!ret)
		ret = irqs ? get_irqs(pdev, db) : get_interval(pdev, db);
	if (!ret)
		ret = map_shm(pdev, db, shm);
	if (!ret && irqs)
		ret = allow_wakeup(dev, db);
	return ret ?: devm_mbox_controller_register(dev, &db->controller);
}

static const struct of_device_id doorbell_of_match[] = {
	{ .compatible = "rproc-lite,irq-doorbell" },
	{ }
};
MODULE_DEVICE_TABLE(of, doorbell_of_match);

static struct platform_driver doorbell_driver = {
	.probe = doorbell_probe,
	.driver = {
		.name = "rproc_lite_doorbell",
		.of_match_table = doorbell_of_match,
	},
};
module_platform_driver(doorbell_driver);

MODULE_DESCRIPTION("Mailbox of interrupts and shared memory");
MODULE_AUTHOR("The rproc_lite developers");
MODULE_LICENSE("GPL");
