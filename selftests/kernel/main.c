// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module that no product has: whoever opens debugfs' rproc_lite_test has it run all
 * tests, and reads their TAP.
 */
#include "test.h"

#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

static const struct test_case *const groups[] = { instance_tests, life_tests, memory_tests };
static const char *const group_names[] = { "instance", "life", "memory" };

static DEFINE_MUTEX(one_at_a_time);
static struct dentry *file_entry;

static void run_one(struct test *t, const char *group, const struct test_case *c,
		    unsigned int number)
{
	t->failed = false;
	memset(&t->v, 0, sizeof(t->v));
	t->r0 = rproc_lite_get("r0");
	if (IS_ERR(t->r0)) {
		test_print(t, "ok %u - %s.%s # SKIP no r0\n", number, group, c->name);
		return;
	}
	EXPECT_DONE(t, rproc_lite_shutdown(t->r0, 0, &t->v));
	c->run(t);
	memset(&t->v, 0, sizeof(t->v));
	EXPECT_DONE(t, rproc_lite_shutdown(t->r0, 0, &t->v));
	rproc_lite_put(t->r0);
	test_print(t, "%sok %u - %s.%s\n", t->failed ? "not " : "", number, group, c->name);
}

static void run_all(struct test *t)
{
	const struct test_case *c;
	unsigned int number = 0;
	size_t i;

	test_print(t, "TAP version 13\n");
	for (i = 0; i < ARRAY_SIZE(groups); i++)
		for (c = groups[i]; c->name; c++)
			run_one(t, group_names[i], c, ++number);
	test_print(t, "1..%u\n", number);
}

static int run_open(struct inode *inode, struct file *file)
{
	struct test *t;

	t = kzalloc(sizeof(*t), GFP_KERNEL);
	if (!t)
		return -ENOMEM;
	t->log = kvmalloc(TEST_LOG_SIZE, GFP_KERNEL);
	if (!t->log) {
		kfree(t);
		return -ENOMEM;
	}
	mutex_lock(&one_at_a_time);
	run_all(t);
	mutex_unlock(&one_at_a_time);
	file->private_data = t;
	return 0;
}

static ssize_t run_read(struct file *file, char __user *buf, size_t len, loff_t *pos)
{
	struct test *t = file->private_data;

	return simple_read_from_buffer(buf, len, pos, t->log, t->len);
}

static int run_release(struct inode *inode, struct file *file)
{
	struct test *t = file->private_data;

	kvfree(t->log);
	kfree(t);
	return 0;
}

static const struct file_operations run_fops = {
	.owner = THIS_MODULE,
	.open = run_open,
	.read = run_read,
	.release = run_release,
	.llseek = default_llseek,
};

static int __init rproc_lite_test_init(void)
{
	file_entry = debugfs_create_file("rproc_lite_test", 0400, NULL, NULL, &run_fops);
	return PTR_ERR_OR_ZERO(file_entry);
}
module_init(rproc_lite_test_init);

static void __exit rproc_lite_test_exit(void)
{
	debugfs_remove(file_entry);
}
module_exit(rproc_lite_test_exit);

MODULE_DESCRIPTION("Tests of rproc_lite's kernel API");
MODULE_AUTHOR("The rproc_lite developers");
MODULE_LICENSE("GPL");
