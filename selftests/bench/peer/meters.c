// SPDX-License-Identifier: GPL-2.0-only
/*
 * What can only be measured in the kernel, in debugfs's rproc_peer/:
 *
 *	stamps		when mainline last called what, CLOCK_MONOTONIC, ns: enum peer_stamp
 *	first_word	when the first word came from any mailbox since 0 was written here
 *	copy_size	how much
 *	copy		reading copies so much from memory of the kernel's to the last region,
 *			as plainly as can be, and tells how many ns that took
 *	echo		reading sends the running firmware a word, and tells how many ns it
 *			took until the answer came
 */
#include "peer.h"

#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/kprobes.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/rproc_lite_doorbell.h>
#include <linux/sched.h>
#include <linux/seq_file.h>
#include <linux/sizes.h>
#include <linux/vmalloc.h>

#define ECHO_TIMEOUT_NS	(NSEC_PER_SEC)

static struct dentry *dir;
static u64 first_word;
static u64 copy_size;
static void *copy_source;

static int stamps_show(struct seq_file *s, void *unused)
{
	struct peer *peer = s->private;
	int i;

	for (i = 0; i < PEER_STAMPS; i++)
		seq_printf(s, "%llu\n", READ_ONCE(peer->stamp[i]));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(stamps);

/* Where words of any mailbox come by, whoever its client is. */
static int see_word(struct kprobe *probe, struct pt_regs *regs)
{
	if (!READ_ONCE(first_word))
		WRITE_ONCE(first_word, ktime_get_ns());
	return 0;
}

static struct kprobe word_probe = {
	.symbol_name = "mbox_chan_received_data",
	.pre_handler = see_word,
};

static int copy_size_set(void *data, u64 size)
{
	struct peer *peer = data;
	struct peer_region *r = peer->region;

	while (r + 1 < peer->region + PEER_REGIONS && r[1].va)
		r++;
	if (size > r->size)
		return -EINVAL;
	vfree(copy_source);
	copy_source = size ? vmalloc(size) : NULL;
	if (size && !copy_source)
		return -ENOMEM;
	if (size)
		memset(copy_source, 0x5a, size);
	copy_size = size;
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(copy_size_fops, NULL, copy_size_set, "%llu\n");

static int copy_get(void *data, u64 *ns)
{
	struct peer *peer = data;
	struct peer_region *r = peer->region;
	u64 at, n, begin;

	while (r + 1 < peer->region + PEER_REGIONS && r[1].va)
		r++;
	begin = ktime_get_ns();
	for (at = 0; at < copy_size; at += n) {
		n = min_t(u64, copy_size - at, SZ_1M);
		memcpy(r->va + at, copy_source + at, n);
		cond_resched();
	}
	*ns = ktime_get_ns() - begin;
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(copy_fops, copy_get, NULL, "%llu\n");

static int echo_get(void *data, u64 *ns)
{
	struct peer *peer = data;
	u64 begin, replied;
	int ret;

	WRITE_ONCE(peer->replied, 0);
	begin = ktime_get_ns();
	ret = peer_send(peer, RPROC_LITE_WORD_ECHO_REQUEST);
	if (ret)
		return ret;
	do {
		cpu_relax();
		replied = READ_ONCE(peer->replied);
	} while (!replied && ktime_get_ns() - begin < ECHO_TIMEOUT_NS);
	if (!replied)
		return -ETIMEDOUT;
	*ns = replied - begin;
	return 0;
}
DEFINE_DEBUGFS_ATTRIBUTE(echo_fops, echo_get, NULL, "%llu\n");

static void meters_go(void *unused)
{
	debugfs_remove(dir);
	unregister_kprobe(&word_probe);
	vfree(copy_source);
	copy_source = NULL;
	copy_size = 0;
}

int peer_meters_probe(struct peer *peer)
{
	int ret = register_kprobe(&word_probe);

	if (ret)
		return ret;
	dir = debugfs_create_dir("rproc_peer", NULL);
	debugfs_create_file("stamps", 0400, dir, peer, &stamps_fops);
	debugfs_create_u64("first_word", 0600, dir, &first_word);
	debugfs_create_file("copy_size", 0200, dir, peer, &copy_size_fops);
	debugfs_create_file("copy", 0400, dir, peer, &copy_fops);
	debugfs_create_file("echo", 0400, dir, peer, &echo_fops);
	return devm_add_action_or_reset(peer->dev, meters_go, NULL);
}
