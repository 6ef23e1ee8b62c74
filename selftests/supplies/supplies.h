/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a remote may need of its system, as a device "rproc-lite-test,supplies": reset
 * lines, clocks, power domains and registers that change nothing but a count; and
 * mailboxes, "rproc-lite-test,mailbox". Each step is logged, and can be made to fail.
 *
 * In debugfs, rproc_lite_supplies/:
 *	log	each step since it was last written to, a line each: "clock 1 on"
 *	fail	written: the step that fails next time, whoever takes it; or a number N:
 *		the N-th step from now that can fail does, once. Read: how many steps are
 *		left until then
 *	state	what is on now, "resets 00 clocks 00 domains 000": how often, or
 *		whether asserted
 *	held	which power domains are attached, and which channels are open
 *	word	written: "CHANNEL WORD", which the other side sends
 *	deaf	written: a channel whose other side takes nothing; -1: none
 */
#ifndef SUPPLIES_H
#define SUPPLIES_H

#include <linux/types.h>

struct device;

#define RESETS		2
#define CLOCKS		2
#define DOMAINS		3
#define CHANNELS	16

struct state {
	unsigned int reset[RESETS];
	unsigned int clock[CLOCKS];
	unsigned int domain[DOMAINS];
	unsigned int attached[DOMAINS];
	unsigned int open[CHANNELS];
	int deaf;
};

extern struct state state;

int step_init(void);

/*
 * Log a step. Any context. Return: 0; -EIO if it is to fail; or -ETIMEDOUT if "NAME late" is what
 * fails, for a step that is done and says that it is not.
 */
int __printf(1, 2) step(const char *fmt, ...);
/* One that can't fail. */
void __printf(1, 2) note(const char *fmt, ...);

/* Their providers, of that device's node. Return: 0 or a negative errno. */
int resets_provide(struct device *dev);
int clocks_provide(struct device *dev);
int domains_provide(struct device *dev);
int registers_provide(struct device *dev);

/* The driver of mailboxes. */
int mailbox_init(void);
void mailbox_exit(void);
/* A word comes from the other side. Return: 0, or -ENOTCONN if nobody has the channel. */
int mailbox_receive(unsigned int channel, u32 word);

#endif /* SUPPLIES_H */
