// SPDX-License-Identifier: GPL-2.0-only
/* The mailbox client: words between a remote and the core. */
#include "mbox.h"

#include <linux/device.h>
#include <linux/kmod.h>
#include <linux/mailbox_controller.h>
#include <linux/of.h>
#include <linux/rproc_lite.h>
#include <linux/string.h>

/* How soon words that found no room are tried again, ms. */
#define PUSH_MS		5

static void received(struct mbox_client *client, void *message)
{
	struct rl_mbox *mbox = container_of(client, struct rl_mbox, client);

	switch (mbox->encoding) {
	case RL_MBOX_NONE:
		rproc_lite_rang(mbox->rproc);
		break;
	case RL_MBOX_U32_VALUE:
		rproc_lite_received(mbox->rproc, (u32)(uintptr_t)message);
		break;
	case RL_MBOX_U32_POINTER:
		if (message)
			rproc_lite_received(mbox->rproc, *(u32 *)message);
		break;
	}
}

static int get_encoding(struct rl_mbox *mbox, struct device *dev)
{
	static const char *const names[] = {
		[RL_MBOX_NONE] = "none",
		[RL_MBOX_U32_VALUE] = "u32-value",
		[RL_MBOX_U32_POINTER] = "u32-pointer",
	};
	const char *name;
	int ret;

	ret = of_property_read_string(dev->of_node, "rproc-lite,mbox-encoding", &name);
	if (!ret)
		ret = match_string(names, ARRAY_SIZE(names), name);
	if (ret < 0)
		return dev_err_probe(dev, -EINVAL,
				     "rproc-lite,mbox-encoding is none of none, u32-value, u32-pointer\n");
	mbox->encoding = ret;
	return 0;
}

/* Our own takes no word for a pointer, and would follow it. */
static int check_encoding(struct rl_mbox *mbox, struct device *dev)
{
	struct of_phandle_args args;
	bool ours = false;
	int i;

	if (mbox->encoding != RL_MBOX_U32_VALUE)
		return 0;
	for (i = 0; !of_parse_phandle_with_args(dev->of_node, "mboxes", "#mbox-cells", i, &args);
	     i++) {
		ours |= of_device_is_compatible(args.np, "rproc-lite,irq-doorbell");
		of_node_put(args.np);
	}
	if (!ours)
		return 0;
	return dev_err_probe(dev, -EINVAL,
			     "rproc-lite,irq-doorbell takes pointers: rproc-lite,mbox-encoding can't be u32-value\n");
}

void rl_mbox_request_controllers(const struct of_device_id *matches)
{
	struct of_phandle_args args;
	struct device_node *np;
	const char *compatible;

	for_each_matching_node(np, matches) {
		if (of_parse_phandle_with_args(np, "mboxes", "#mbox-cells", 0, &args))
			continue;
		if (!of_property_read_string(args.np, "compatible", &compatible))
			request_module("of:N%pOFn%sC%s", args.np, "T(null)", compatible);
		of_node_put(args.np);
	}
}

/*
 * If the mailbox's driver goes, the remote has to go first. The kernel knows of that from
 * the devicetree, but forgets it of drivers that come late (deferred_probe_timeout).
 */
static int depend_on_controller(struct rl_mbox *mbox, struct device *dev)
{
	struct mbox_chan *channels[] = { mbox->chan, mbox->from };
	int i;

	for (i = 0; i < mbox->num; i++)
		if (!device_link_add(dev, channels[i]->mbox->dev, DL_FLAG_AUTOREMOVE_CONSUMER))
			return dev_err_probe(dev, -EINVAL,
					     "the mailbox's driver can't be depended on\n");
	return 0;
}

/*
 * What the controller did not accept goes as soon as it does, in order. The framework submits the
 * next message when the last one is said to have gone. Where no interrupt says that, we do: at
 * once, or, where the controller can be asked, when it agrees. (The framework would ask it, too,
 * but not again about a message that was refused.)
 */
static void push(struct rl_mbox *mbox)
{
	struct mbox_chan *chan = mbox->chan;
	const struct mbox_controller *controller = chan->mbox;
	unsigned int left;

	lockdep_assert_held(&mbox->sending);
	if (controller->txdone_irq)
		return;
	do {
		left = READ_ONCE(chan->msg_count);
		if (controller->txdone_poll && !controller->ops->last_tx_done(chan))
			break;
		mbox_client_txdone(chan, 0);
	} while (READ_ONCE(chan->msg_count) < left);
	if (left)
		schedule_delayed_work(&mbox->push, msecs_to_jiffies(PUSH_MS));
}

/* Linux may have no more to say, and the remote waits for what there is. */
static void push_work(struct work_struct *work)
{
	struct rl_mbox *mbox = container_of(to_delayed_work(work), struct rl_mbox, push);
	unsigned long flags;

	spin_lock_irqsave(&mbox->sending, flags);
	if (mbox->chan)
		push(mbox);
	spin_unlock_irqrestore(&mbox->sending, flags);
}

int rl_mbox_init(struct rl_mbox *mbox, struct device *dev, struct rproc_lite *rproc)
{
	int ret, num;

	mbox->rproc = rproc;
	spin_lock_init(&mbox->sending);
	INIT_DELAYED_WORK(&mbox->push, push_work);
	num = of_count_phandle_with_args(dev->of_node, "mboxes", "#mbox-cells");
	if (num == -ENOENT)
		return 0;
	if (num < 1 || num > 2)
		return dev_err_probe(dev, num < 0 ? num : -EINVAL,
				     "mboxes can't be understood, or are not one or two\n");
	ret = get_encoding(mbox, dev);
	if (!ret)
		ret = check_encoding(mbox, dev);
	if (ret)
		return ret;

	mbox->num = num;
	mbox->client.dev = dev;
	mbox->client.rx_callback = received;
	mbox->client.knows_txdone = true;
	ret = rl_mbox_open(mbox);
	if (ret)
		return dev_err_probe(dev, ret, "the mailbox can't be had\n");
	ret = depend_on_controller(mbox, dev);
	rl_mbox_close(mbox);
	return ret;
}

int rl_mbox_open(struct rl_mbox *mbox)
{
	struct mbox_chan *chan, *from = NULL;

	if (!mbox->num)
		return 0;
	chan = mbox_request_channel(&mbox->client, 0);
	if (IS_ERR(chan))
		return PTR_ERR(chan);
	if (mbox->num > 1)
		from = mbox_request_channel(&mbox->client, 1);
	if (IS_ERR(from)) {
		mbox_free_channel(chan);
		return PTR_ERR(from);
	}
	mbox->chan = chan;
	mbox->from = from;
	return 0;
}

void rl_mbox_close(struct rl_mbox *mbox)
{
	struct mbox_chan *chan;
	unsigned long flags;

	spin_lock_irqsave(&mbox->sending, flags);
	chan = mbox->chan;
	mbox->chan = NULL;
	spin_unlock_irqrestore(&mbox->sending, flags);
	cancel_delayed_work_sync(&mbox->push);
	if (mbox->from)
		mbox_free_channel(mbox->from);
	mbox->from = NULL;
	if (chan)
		mbox_free_channel(chan);
}

static int send(struct rl_mbox *mbox, u32 word)
{
	u32 *slot = &mbox->slot[mbox->next % RL_MBOX_SLOTS];
	void *message;
	int ret;

	lockdep_assert_held(&mbox->sending);
	if (!mbox->chan)
		return -ENOTCONN;
	/* There may be room by now for what waits, and so for this. */
	if (READ_ONCE(mbox->chan->msg_count))
		push(mbox);
	/* The framework would refuse it, too, but say so in the log each time. */
	if (READ_ONCE(mbox->chan->msg_count) >= MBOX_TX_QUEUE_LEN)
		return -ENOBUFS;
	*slot = word;
	/* Even one who only rings must not be sent NULL: that means "no message". */
	message = mbox->encoding == RL_MBOX_U32_VALUE ? (void *)(uintptr_t)word : slot;
	ret = mbox_send_message(mbox->chan, message);
	if (ret < 0)
		return ret;
	mbox->next++;
	push(mbox);
	return 0;
}

/*
 * Of two who say at the same time that theirs went, the framework would take one for
 * nobody's, and send nothing any more.
 */
int rl_mbox_send(struct rl_mbox *mbox, u32 word)
{
	unsigned long flags;
	int ret;

	spin_lock_irqsave(&mbox->sending, flags);
	ret = send(mbox, word);
	spin_unlock_irqrestore(&mbox->sending, flags);
	return ret;
}
