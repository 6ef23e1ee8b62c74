/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_PLATFORM_MBOX_H
#define RL_PLATFORM_MBOX_H

#include <linux/mailbox_client.h>
#include <linux/mod_devicetable.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

struct rproc_lite;

/* What a mailbox controller takes a message pointer for. */
enum rl_mbox_encoding {
	RL_MBOX_NONE,		/* nothing: it only rings */
	RL_MBOX_U32_VALUE,	/* the word itself, cast */
	RL_MBOX_U32_POINTER,	/* a pointer to the word */
};

/* More than the mailbox framework queues; a power of two. */
#define RL_MBOX_SLOTS	32

/**
 * struct rl_mbox - words to and from a remote, through a mailbox
 * @client: of the mailbox framework
 * @chan: NULL while closed, or if the node has no mailbox
 * @from: words from the remote come here, if it is not @chan too
 * @num: how many channels the node names, 0 to 2
 * @rproc: whom the words are for
 * @encoding: of messages
 * @push: tries again to send what found no room
 * @sending: covers what follows, @chan while open, and a word's way into it; any context
 * @slot: words under way, for controllers that take pointers
 * @next: slot
 */
struct rl_mbox {
	struct mbox_client client;
	struct mbox_chan *chan;
	struct mbox_chan *from;
	int num;
	struct rproc_lite *rproc;
	enum rl_mbox_encoding encoding;
	struct delayed_work push;
	spinlock_t sending;		/* see above */
	u32 slot[RL_MBOX_SLOTS];
	u32 next;
};

/*
 * Load the drivers of the mailbox controllers that such nodes name. The driver
 * core does not let a remote's driver look at it before its mailbox works, and
 * where there is no udev (in an initramfs, say) nobody else would load it.
 */
void rl_mbox_request_controllers(const struct of_device_id *matches);

/*
 * Read "mboxes" and "rproc-lite,mbox-encoding" of the device's node, and see
 * that its channels can be had. Return: 0 or a negative errno, logged, also
 * -EPROBE_DEFER.
 */
int rl_mbox_init(struct rl_mbox *mbox, struct device *dev, struct rproc_lite *rproc);

/* Begin with empty channels, before the remote starts. Sleeps. */
int rl_mbox_open(struct rl_mbox *mbox);

/* No word comes any more when this returns. May be called twice. Sleeps. */
void rl_mbox_close(struct rl_mbox *mbox);

/*
 * Pass a word on, while open. A word that the controller does not take at once
 * waits with the mailbox framework, and goes out with the next.
 *
 * Context: any.
 * Return: 0; -ENOTCONN if there is no channel; -ENOBUFS if too many wait.
 */
int rl_mbox_send(struct rl_mbox *mbox, u32 word);

#endif /* RL_PLATFORM_MBOX_H */
