// SPDX-License-Identifier: GPL-2.0-only
/*
 * Faults on purpose, one of each kind that a kernel which watches itself is to find: what finds
 * nothing here proves nothing elsewhere. A fault's name, written to the module's parameter
 * "commit", commits it. scripts/check-detectors looks for what the log says of them.
 */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>
#include <linux/vmalloc.h>

static DEFINE_SPINLOCK(spin);
static DEFINE_MUTEX(one);
static DEFINE_MUTEX(other);
/* For the compiler not to see what is wrong, nor that nobody wants to know. */
static unsigned int unknown = 64;
static unsigned int sink;

static void read_beyond(void)
{
	u8 *bytes = kzalloc(unknown, GFP_KERNEL);

	if (bytes)
		WRITE_ONCE(sink, READ_ONCE(bytes[READ_ONCE(unknown)]));
	kfree(bytes);
}

static void read_beyond_pages(void)
{
	u8 *bytes = vzalloc(unknown);

	if (bytes)
		WRITE_ONCE(sink, READ_ONCE(bytes[READ_ONCE(unknown)]));
	vfree(bytes);
}

static void read_freed(void)
{
	u8 *bytes = kzalloc(unknown, GFP_KERNEL);

	kfree(bytes);
	if (bytes)
		WRITE_ONCE(sink, READ_ONCE(bytes[0]));
}

/* With something in it: one of zeros would be found by who looks less well. */
static void leak(void)
{
	u8 *bytes = kmalloc(unknown, GFP_KERNEL);

	if (bytes)
		memset(bytes, 0x5a, unknown);
}

static void shift_too_far(void)
{
	WRITE_ONCE(sink, 1U << READ_ONCE(unknown));
}

static void index_beyond(void)
{
	u32 few[4] = { 1, 2, 3, 4 };
	unsigned int i = READ_ONCE(unknown) / 16;

	WRITE_ONCE(sink, few[i]);
}

static void sleep_amid_a_spinlock(void)
{
	spin_lock(&spin);
	might_sleep();
	spin_unlock(&spin);
}

static void lock_in_a_circle(void)
{
	mutex_lock(&one);
	mutex_lock(&other);
	mutex_unlock(&other);
	mutex_unlock(&one);

	mutex_lock(&other);
	mutex_lock(&one);
	mutex_unlock(&one);
	mutex_unlock(&other);
}

static void rang(struct timer_list *unused)
{
}

static void free_what_is_armed(void)
{
	struct timer_list *timer = kmalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return;
	timer_setup(timer, rang, 0);
	mod_timer(timer, jiffies + MAX_JIFFY_OFFSET);
	kfree(timer);
}

/* Two that count the same, on as many CPUs as there are. */
static u64 counted;

static int count(void *unused)
{
	unsigned int i;

	for (i = 0; i < 20000000 && !kthread_should_stop(); i++) {
		counted++;
		if (i % 1000 == 0)
			cond_resched();
	}
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

static void race(void)
{
	struct task_struct *task[2];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(task); i++)
		task[i] = kthread_run(count, NULL, "faulty_race/%u", i);
	schedule_timeout_uninterruptible(5 * HZ);
	for (i = 0; i < ARRAY_SIZE(task); i++)
		if (!IS_ERR(task[i]))
			kthread_stop(task[i]);
}

static const struct {
	const char *name;
	void (*commit)(void);
} faults[] = {
	{ "read-beyond", read_beyond },
	{ "read-beyond-pages", read_beyond_pages },
	{ "read-freed", read_freed },
	{ "leak", leak },
	{ "shift", shift_too_far },
	{ "index", index_beyond },
	{ "sleep", sleep_amid_a_spinlock },
	{ "locks", lock_in_a_circle },
	{ "object", free_what_is_armed },
	{ "race", race },
};

static int commit(const char *name, const struct kernel_param *unused)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (sysfs_streq(name, faults[i].name)) {
			faults[i].commit();
			return 0;
		}
	}
	return -EINVAL;
}

static const struct kernel_param_ops commit_ops = { .set = commit };

module_param_cb(commit, &commit_ops, NULL, 0200);
MODULE_PARM_DESC(commit, "A fault by its name, to be committed now");

MODULE_DESCRIPTION("Faults on purpose, for what is to find them");
MODULE_LICENSE("GPL");
