// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mailboxes that take a message for what its sender should: the lowest two bits of a
 * channel's number say. One kind waits to be told that a message went; another tells, by
 * what would be an interrupt ("tells-when-done"); a third one is to be asked, and takes a
 * message in any case ("to-be-asked").
 */
#include "supplies.h"

#include <linux/irq_work.h>
#include <linux/mailbox_controller.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/platform_device.h>
#include <linux/spinlock.h>

enum encoding { RINGS, TAKES_VALUE, TAKES_POINTER, NUM_ENCODINGS };

#define CHANNELS_EACH	4

/* All channels, of all controllers. */
static struct channel {
	struct mbox_chan *chan;
	struct irq_work done;
} channels[CHANNELS];

/* Covers state.open, and keeps a channel open while a word comes. */
static DEFINE_SPINLOCK(lock);

static struct channel *to_channel(struct mbox_chan *chan)
{
	return chan->con_priv;
}

static unsigned int number(const struct channel *channel)
{
	return channel - channels;
}

static enum encoding encoding(const struct channel *channel)
{
	return number(channel) % CHANNELS_EACH;
}

static void tell_done(struct irq_work *work)
{
	mbox_chan_txdone(container_of(work, struct channel, done)->chan, 0);
}

static bool is_deaf(const struct channel *channel)
{
	return READ_ONCE(state.deaf) == number(channel);
}

static bool last_done(struct mbox_chan *chan)
{
	return !is_deaf(to_channel(chan));
}

static int send(struct mbox_chan *chan, void *message)
{
	struct channel *channel = to_channel(chan);

	if (is_deaf(channel) && !chan->mbox->txdone_poll)
		return -EBUSY;
	switch (encoding(channel)) {
	case TAKES_VALUE:
		note("channel %u sent 0x%x", number(channel), (u32)(uintptr_t)message);
		break;
	case TAKES_POINTER:
		note("channel %u sent 0x%x", number(channel), *(u32 *)message);
		break;
	default:
		note("channel %u rung", number(channel));
	}
	if (chan->mbox->txdone_irq)
		irq_work_queue(&channel->done);
	return 0;
}

static void set_open(struct channel *channel, bool open)
{
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	state.open[number(channel)] = open;
	spin_unlock_irqrestore(&lock, flags);
}

static int startup(struct mbox_chan *chan)
{
	struct channel *channel = to_channel(chan);
	int ret = step("channel %u opened", number(channel));

	if (!ret)
		set_open(channel, true);
	return ret;
}

static void shutdown(struct mbox_chan *chan)
{
	struct channel *channel = to_channel(chan);

	/* The framework also closes what could not be opened. */
	if (!state.open[number(channel)])
		return;
	note("channel %u closed", number(channel));
	set_open(channel, false);
	irq_work_sync(&channel->done);
}

static const struct mbox_chan_ops ops = {
	.send_data = send,
	.last_tx_done = last_done,
	.startup = startup,
	.shutdown = shutdown,
};

static int deliver(struct channel *channel, u32 word)
{
	void *message = NULL;

	if (!state.open[number(channel)])
		return -ENOTCONN;
	if (encoding(channel) == TAKES_VALUE)
		message = (void *)(uintptr_t)word;
	else if (encoding(channel) == TAKES_POINTER)
		message = &word;
	mbox_chan_received_data(channel->chan, message);
	return 0;
}

int mailbox_receive(unsigned int n, u32 word)
{
	unsigned long flags;
	int ret;

	if (n >= CHANNELS)
		return -EINVAL;
	spin_lock_irqsave(&lock, flags);
	ret = deliver(&channels[n], word);
	spin_unlock_irqrestore(&lock, flags);
	return ret;
}

static int probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct mbox_controller *controller;
	struct channel *channel;
	u32 first;
	int i;

	if (of_property_read_u32(dev->of_node, "first-channel", &first) ||
	    first > CHANNELS - CHANNELS_EACH || first % CHANNELS_EACH)
		return -EINVAL;
	controller = devm_kzalloc(dev, sizeof(*controller), GFP_KERNEL);
	if (!controller)
		return -ENOMEM;
	controller->chans = devm_kcalloc(dev, NUM_ENCODINGS, sizeof(*controller->chans),
					 GFP_KERNEL);
	if (!controller->chans)
		return -ENOMEM;
	controller->dev = dev;
	controller->ops = &ops;
	controller->num_chans = NUM_ENCODINGS;
	controller->txdone_irq = of_property_read_bool(dev->of_node, "tells-when-done");
	controller->txdone_poll = of_property_read_bool(dev->of_node, "to-be-asked");
	controller->txpoll_period = 1;
	for (i = 0; i < NUM_ENCODINGS; i++) {
		channel = &channels[first + i];
		init_irq_work(&channel->done, tell_done);
		channel->chan = &controller->chans[i];
		channel->chan->con_priv = channel;
	}
	return devm_mbox_controller_register(dev, controller);
}

static const struct of_device_id mailbox_of_match[] = {
	{ .compatible = "rproc-lite-test,mailbox" },
	{ }
};
MODULE_DEVICE_TABLE(of, mailbox_of_match);

static struct platform_driver driver = {
	.probe = probe,
	.driver = {
		.name = "rproc_lite_test_mailbox",
		.of_match_table = mailbox_of_match,
	},
};

int mailbox_init(void)
{
	return platform_driver_register(&driver);
}

void mailbox_exit(void)
{
	platform_driver_unregister(&driver);
}
