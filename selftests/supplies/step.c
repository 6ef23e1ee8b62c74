// SPDX-License-Identifier: GPL-2.0-only
/* What happened, what is to fail, and what is on. */
#include "supplies.h"

#include <linux/debugfs.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#define STEP_MAX	48
#define LOG_SIZE	32768

struct state state;

static DEFINE_SPINLOCK(lock);	/* what follows, and nothing else */
static char log[LOG_SIZE];
static size_t log_len;
static char fails[STEP_MAX];

int step(const char *fmt, ...)
{
	char name[STEP_MAX];
	unsigned long flags;
	va_list args;
	bool failed;

	va_start(args, fmt);
	vsnprintf(name, sizeof(name), fmt, args);
	va_end(args);

	spin_lock_irqsave(&lock, flags);
	failed = !strcmp(name, fails);
	if (failed)
		fails[0] = '\0';
	log_len += scnprintf(log + log_len, sizeof(log) - log_len, "%s%s\n", name,
			     failed ? " fails" : "");
	spin_unlock_irqrestore(&lock, flags);
	return failed ? -EIO : 0;
}

static ssize_t log_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	return simple_read_from_buffer(buf, len, pos, log, READ_ONCE(log_len));
}

static ssize_t log_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	log_len = 0;
	spin_unlock_irqrestore(&lock, flags);
	return len;
}

static const struct file_operations log_fops = {
	.owner = THIS_MODULE, .read = log_read, .write = log_write, .llseek = default_llseek,
};

static ssize_t fail_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char name[STEP_MAX] = "";
	unsigned long flags;

	if (len >= sizeof(name))
		return -EINVAL;
	if (copy_from_user(name, buf, len))
		return -EFAULT;
	spin_lock_irqsave(&lock, flags);
	strscpy(fails, strim(name), sizeof(fails));
	spin_unlock_irqrestore(&lock, flags);
	return len;
}

static const struct file_operations fail_fops = {
	.owner = THIS_MODULE, .write = fail_write, .llseek = default_llseek,
};

static size_t print(char *buf, size_t size, const char *name, const unsigned int *on, int num)
{
	size_t len = scnprintf(buf, size, "%s ", name);

	while (num--)
		len += scnprintf(buf + len, size - len, "%u", *on++);
	return len;
}

static ssize_t state_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	char text[128];
	size_t n;

	n = print(text, sizeof(text), "resets", state.reset, RESETS);
	n += print(text + n, sizeof(text) - n, " clocks", state.clock, CLOCKS);
	n += print(text + n, sizeof(text) - n, " domains", state.domain, DOMAINS);
	return simple_read_from_buffer(buf, len, pos, text, n);
}

static const struct file_operations state_fops = {
	.owner = THIS_MODULE, .read = state_read, .llseek = default_llseek,
};

int step_init(void)
{
	struct dentry *dir = debugfs_create_dir("rproc_lite_supplies", NULL);

	debugfs_create_file("log", 0600, dir, NULL, &log_fops);
	debugfs_create_file("fail", 0200, dir, NULL, &fail_fops);
	debugfs_create_file("state", 0400, dir, NULL, &state_fops);
	return PTR_ERR_OR_ZERO(dir);
}
