// SPDX-License-Identifier: GPL-2.0-only
/* A watchdog: the interrupt that a remote's hardware raises when its firmware hangs. */
#include "watchdog.h"

#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/jiffies.h>
#include <linux/platform_device.h>
#include <linux/rproc_lite.h>

/* For a line that is held as the remote starts to fall; and how often to look. */
#define FALL_MS		1000
#define LOOK_MS		20

/* One that holds its line would bark for ever: we can't reach what silences it. */
static bool goes_on(int irq)
{
	return irq_get_trigger_type(irq) & IRQ_TYPE_LEVEL_MASK;
}

static irqreturn_t bark(int irq, void *data)
{
	struct rl_watchdog *watchdog = data;
	unsigned long flags;

	spin_lock_irqsave(&watchdog->lock, flags);
	if (goes_on(irq) && !watchdog->muted) {
		watchdog->muted = true;
		disable_irq_nosync(irq);
	}
	spin_unlock_irqrestore(&watchdog->lock, flags);
	rproc_lite_report_crash(watchdog->rproc, RPROC_LITE_CRASH_WATCHDOG);
	return IRQ_HANDLED;
}

/* Nobody looks at its interrupt while it is muted, so that it is pending is the line. */
static bool is_held(int irq)
{
	bool held = false;

	return !irq_get_irqchip_state(irq, IRQCHIP_STATE_PENDING, &held) && held;
}

static void unmute(struct rl_watchdog *watchdog)
{
	unsigned long flags;

	spin_lock_irqsave(&watchdog->lock, flags);
	if (watchdog->muted) {
		watchdog->muted = false;
		enable_irq(watchdog->irq);
	}
	spin_unlock_irqrestore(&watchdog->lock, flags);
}

/* What is held for too long barks, whoever began. */
static void listen(struct work_struct *work)
{
	struct rl_watchdog *watchdog = container_of(to_delayed_work(work), struct rl_watchdog,
						    listen);

	if (is_held(watchdog->irq) && time_before(jiffies, watchdog->deadline))
		schedule_delayed_work(&watchdog->listen, msecs_to_jiffies(LOOK_MS));
	else
		unmute(watchdog);
}

int rl_watchdog_init(struct rl_watchdog *watchdog, struct platform_device *pdev,
		     struct rproc_lite *rproc)
{
	int irq, ret;

	irq = platform_get_irq_byname_optional(pdev, "watchdog");
	if (irq == -ENXIO)
		return 0;
	if (irq < 0)
		return dev_err_probe(&pdev->dev, irq, "the watchdog's interrupt can't be had\n");
	watchdog->rproc = rproc;
	spin_lock_init(&watchdog->lock);
	INIT_DELAYED_WORK(&watchdog->listen, listen);
	ret = request_irq(irq, bark, 0, dev_name(&pdev->dev), watchdog);
	if (ret)
		return dev_err_probe(&pdev->dev, ret, "the watchdog's interrupt can't be had\n");
	watchdog->irq = irq;
	return 0;
}

void rl_watchdog_arm(struct rl_watchdog *watchdog)
{
	if (!watchdog->irq)
		return;
	cancel_delayed_work_sync(&watchdog->listen);
	watchdog->deadline = jiffies + msecs_to_jiffies(FALL_MS);
	listen(&watchdog->listen.work);
}

void rl_watchdog_fini(struct rl_watchdog *watchdog)
{
	if (!watchdog->irq)
		return;
	cancel_delayed_work_sync(&watchdog->listen);
	free_irq(watchdog->irq, watchdog);
}
