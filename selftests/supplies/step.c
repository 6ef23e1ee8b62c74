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

struct state state = { .deaf = -1 };

static DEFINE_SPINLOCK(lock);	/* what follows, and nothing else */
static char log[LOG_SIZE];
static size_t log_len;
static char fails[STEP_MAX];
static unsigned int fails_at;

static int outcome(const char *name)
{
	size_t len = strlen(name);
	int ret;

	if (fails_at)
		return --fails_at ? 0 : -EIO;
	if (strncmp(name, fails, len))
		return 0;
	ret = !fails[len] ? -EIO : !strcmp(fails + len, " late") ? -ETIMEDOUT : 0;
	if (ret)
		fails[0] = '\0';
	return ret;
}

int step(const char *fmt, ...)
{
	char name[STEP_MAX];
	unsigned long flags;
	va_list args;
	int ret;

	va_start(args, fmt);
	vsnprintf(name, sizeof(name), fmt, args);
	va_end(args);

	spin_lock_irqsave(&lock, flags);
	ret = outcome(name);
	log_len += scnprintf(log + log_len, sizeof(log) - log_len, "%s%s\n", name,
			     ret == -EIO ? " fails" : "");
	spin_unlock_irqrestore(&lock, flags);
	return ret;
}

void note(const char *fmt, ...)
{
	unsigned long flags;
	va_list args;

	va_start(args, fmt);
	spin_lock_irqsave(&lock, flags);
	log_len += vscnprintf(log + log_len, sizeof(log) - log_len, fmt, args);
	log_len += scnprintf(log + log_len, sizeof(log) - log_len, "\n");
	spin_unlock_irqrestore(&lock, flags);
	va_end(args);
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
	if (kstrtouint(strim(name), 0, &fails_at)) {
		fails_at = 0;
		strscpy(fails, strim(name), sizeof(fails));
	}
	spin_unlock_irqrestore(&lock, flags);
	return len;
}

static ssize_t fail_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	char text[16];
	int n = scnprintf(text, sizeof(text), "%u\n", READ_ONCE(fails_at));

	return simple_read_from_buffer(buf, len, pos, text, n);
}

static const struct file_operations fail_fops = {
	.owner = THIS_MODULE, .read = fail_read, .write = fail_write, .llseek = default_llseek,
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

static ssize_t held_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	char text[128];
	size_t n;

	n = print(text, sizeof(text), "domains", state.attached, DOMAINS);
	n += print(text + n, sizeof(text) - n, " channels", state.open, CHANNELS);
	return simple_read_from_buffer(buf, len, pos, text, n);
}

static const struct file_operations held_fops = {
	.owner = THIS_MODULE, .read = held_read, .llseek = default_llseek,
};

static ssize_t word_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	char text[STEP_MAX] = "";
	unsigned int channel;
	u32 word;
	int ret;

	if (len >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, buf, len))
		return -EFAULT;
	if (sscanf(text, "%u %i", &channel, (int *)&word) != 2)
		return -EINVAL;
	ret = mailbox_receive(channel, word);
	return ret ?: (ssize_t)len;
}

static const struct file_operations word_fops = {
	.owner = THIS_MODULE, .write = word_write, .llseek = default_llseek,
};

static ssize_t deaf_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	int ret = kstrtoint_from_user(buf, len, 0, &state.deaf);

	return ret ?: (ssize_t)len;
}

static const struct file_operations deaf_fops = {
	.owner = THIS_MODULE, .write = deaf_write, .llseek = default_llseek,
};

int step_init(void)
{
	struct dentry *dir = debugfs_create_dir("rproc_lite_supplies", NULL);

	debugfs_create_file("log", 0600, dir, NULL, &log_fops);
	debugfs_create_file("fail", 0600, dir, NULL, &fail_fops);
	debugfs_create_file("state", 0400, dir, NULL, &state_fops);
	debugfs_create_file("held", 0400, dir, NULL, &held_fops);
	debugfs_create_file("word", 0200, dir, NULL, &word_fops);
	debugfs_create_file("deaf", 0200, dir, NULL, &deaf_fops);
	return PTR_ERR_OR_ZERO(dir);
}
