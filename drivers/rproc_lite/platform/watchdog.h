/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_PLATFORM_WATCHDOG_H
#define RL_PLATFORM_WATCHDOG_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct platform_device;
struct rproc_lite;

/**
 * struct rl_watchdog - an interrupt that says that a remote's firmware hangs
 * @rproc: the remote
 * @irq: 0 if there is none
 * @lock: covers @muted
 * @muted: it barked, and would go on
 * @listen: ends that, in time
 * @deadline: of @listen, jiffies
 */
struct rl_watchdog {
	struct rproc_lite *rproc;
	int irq;
	spinlock_t lock;	/* see above */
	bool muted;
	struct delayed_work listen;
	unsigned long deadline;
};

/**
 * rl_watchdog_init() - hear of the interrupt named "watchdog", if there is one
 * @watchdog: zeroed
 * @pdev: has the node
 * @rproc: may be reported to from now on
 *
 * Return: 0 or a negative errno, logged.
 */
int rl_watchdog_init(struct rl_watchdog *watchdog, struct platform_device *pdev,
		     struct rproc_lite *rproc);

/*
 * The remote is about to start: it may bark again. A line that is still held has time to
 * fall, by the reset or by what the firmware does first.
 */
void rl_watchdog_arm(struct rl_watchdog *watchdog);

/* When this returns it barks no more. */
void rl_watchdog_fini(struct rl_watchdog *watchdog);

#endif /* RL_PLATFORM_WATCHDOG_H */
