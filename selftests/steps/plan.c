// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which step something happens at, once, and what. debugfs' rproc_lite_steps has
 *
 *	at	"STEP POINT WHAT...", as "start amid crash fail", plans it, and "" drops it; reads
 *		as "planned", "held" or "over"
 *	go	written: a step that is held goes on
 *	now	written: that happens at once, in a hard interrupt: "crash", "off", "ring", "ack"
 */
#include "steps.h"

#include <linux/completion.h>
#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/fs.h>
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#define NAME_MAX_LEN	32
#define HELD_MAX_MS	30000
/* For who looks after the remote to do so in the middle of a step, if they will. */
#define LOOK_US		1000

static const char *const points[] = { [BEFORE] = "before", [AMID] = "amid", [AFTER] = "after" };
static const char *const happenings[] = { "crash", "off", "hold", "fail", "mute",
					  "ring", "ack" };

static DEFINE_SPINLOCK(lock);	/* what follows, up to the completion */
static char planned[NAME_MAX_LEN];
static unsigned int planned_what;
static enum point planned_point;
static bool held;
static DECLARE_COMPLETION(go);

static struct irq_work interrupt;
static unsigned int interrupt_what;
static struct dentry *dir;

static void interrupted(struct irq_work *unused)
{
	happen(READ_ONCE(interrupt_what));
}

static void happen_in_interrupt(unsigned int what)
{
	WRITE_ONCE(interrupt_what, what);
	irq_work_queue(&interrupt);
	irq_work_sync(&interrupt);
}

static void hold(void)
{
	spin_lock_irq(&lock);
	held = true;
	spin_unlock_irq(&lock);
	if (!wait_for_completion_timeout(&go, msecs_to_jiffies(HELD_MAX_MS)))
		pr_err("a step was held, and nobody let it go on\n");
	spin_lock_irq(&lock);
	held = false;
	spin_unlock_irq(&lock);
}

/* The point is in the upper half of what plan_begin() returns. */
static void pass(enum point point, unsigned int what, bool may_sleep)
{
	if (!what || what >> 16 != point)
		return;
	if (point == AMID && may_sleep) {
		happen_in_interrupt(what);
		usleep_range(LOOK_US, 2 * LOOK_US);
	} else {
		happen(what);
	}
	if (may_sleep && (what & HAPPENS_HOLD))
		hold();
}

unsigned int plan_begin(const char *name, bool may_sleep)
{
	unsigned int what = 0;
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	if (!strcmp(name, planned)) {
		what = planned_what | planned_point << 16;
		planned[0] = '\0';
	}
	spin_unlock_irqrestore(&lock, flags);
	pass(BEFORE, what, may_sleep);
	return what;
}

void plan_go_on(unsigned int what, bool may_sleep)
{
	pass(AMID, what, may_sleep);
}

void plan_end(unsigned int what, bool may_sleep)
{
	pass(AFTER, what, may_sleep);
}

static int take_words(char *text, enum point *point, unsigned int *what)
{
	char *word;
	int i;

	word = strsep(&text, " ");
	i = word ? match_string(points, ARRAY_SIZE(points), word) : -EINVAL;
	if (i < 0)
		return i;
	*point = i;
	while ((word = strsep(&text, " "))) {
		i = match_string(happenings, ARRAY_SIZE(happenings), word);
		if (i < 0)
			return i;
		*what |= BIT(i);
	}
	return *what ? 0 : -EINVAL;
}

static int plan(char *text)
{
	enum point point = BEFORE;
	unsigned int what = 0;
	char *name;
	int ret = 0;

	name = strsep(&text, " ");
	if (strlen(name) >= sizeof(planned))
		return -EINVAL;
	if (*name)
		ret = take_words(text, &point, &what);
	if (ret)
		return ret;
	spin_lock_irq(&lock);
	strscpy(planned, name, sizeof(planned));
	planned_point = point;
	planned_what = what;
	reinit_completion(&go);
	spin_unlock_irq(&lock);
	return 0;
}

/* One line, without its end. */
static int get_line(char *text, size_t size, const char __user *buf, size_t len)
{
	if (len >= size)
		return -EINVAL;
	if (copy_from_user(text, buf, len))
		return -EFAULT;
	text[len] = '\0';
	strim(text);
	return 0;
}

static ssize_t at_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char text[96];
	int ret;

	ret = get_line(text, sizeof(text), buf, len) ?: plan(text);
	return ret ?: (ssize_t)len;
}

static ssize_t at_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	const char *text;

	spin_lock_irq(&lock);
	text = held ? "held\n" : *planned ? "planned\n" : "over\n";
	spin_unlock_irq(&lock);
	return simple_read_from_buffer(buf, len, pos, text, strlen(text));
}

static const struct file_operations at_fops = {
	.owner = THIS_MODULE, .read = at_read, .write = at_write, .llseek = default_llseek,
};

static ssize_t go_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	complete(&go);
	return len;
}

static const struct file_operations go_fops = {
	.owner = THIS_MODULE, .write = go_write, .llseek = default_llseek,
};

static ssize_t now_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char text[16];
	int ret;

	ret = get_line(text, sizeof(text), buf, len);
	if (!ret)
		ret = match_string(happenings, ARRAY_SIZE(happenings), text);
	if (ret < 0)
		return ret;
	happen_in_interrupt(BIT(ret));
	return len;
}

static const struct file_operations now_fops = {
	.owner = THIS_MODULE, .write = now_write, .llseek = default_llseek,
};

int plan_init(void)
{
	interrupt = IRQ_WORK_INIT_HARD(interrupted);
	dir = debugfs_create_dir("rproc_lite_steps", NULL);
	debugfs_create_file("at", 0600, dir, NULL, &at_fops);
	debugfs_create_file("go", 0200, dir, NULL, &go_fops);
	debugfs_create_file("now", 0200, dir, NULL, &now_fops);
	return PTR_ERR_OR_ZERO(dir);
}

void plan_exit(void)
{
	debugfs_remove(dir);
}
