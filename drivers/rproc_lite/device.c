// SPDX-License-Identifier: GPL-2.0-only
/* A remote as a device: its number, its name, its coming and going. */
#include "device.h"
#include "chardev.h"
#include "compat.h"
#include "coredump.h"
#include "events.h"
#include "heartbeat.h"
#include "kick.h"
#include "lifecycle.h"
#include "liveness.h"
#include "mapping.h"
#include "policy_device.h"
#include "recovery.h"
#include "remote.h"
#include "system.h"
#include "verdict.h"

#include <linux/cleanup.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/of.h>
#include <linux/slab.h>

#define RL_NUM_MAX	256
#define RL_ALIAS	"rproc"

static struct class *rl_class;
static dev_t rl_devt;
static DEFINE_IDA(rl_ids);
static atomic_t rl_generation = ATOMIC_INIT(1);

static ssize_t name_show(struct device *dev, struct device_attribute *attr, char *buf)
{
	struct rproc_lite *rproc = container_of(dev, struct rproc_lite, dev);

	return sysfs_emit(buf, "%s\n", rproc->name);
}
static DEVICE_ATTR_RO(name);

static struct attribute *rl_attrs[] = {
	&dev_attr_name.attr,
	NULL
};
ATTRIBUTE_GROUPS(rl);

/* The number is free for another as soon as this one is not to be seen. */
static void free_id(struct rproc_lite *rproc)
{
	if (rproc->has_id)
		ida_free(&rl_ids, rproc->id);
	rproc->has_id = false;
}

static void release(struct device *dev)
{
	struct rproc_lite *rproc = container_of(dev, struct rproc_lite, dev);

	rl_mapping_destroy(rproc);
	rl_memmap_destroy(&rproc->map);
	free_id(rproc);
	rl_events_destroy(rproc);
	rl_kick_destroy(rproc);
	mutex_destroy(&rproc->lock);
	kfree(rproc);
}

static void new_generation(void)
{
	if (!atomic_inc_return(&rl_generation))
		atomic_inc(&rl_generation);
}

unsigned int rl_device_generation(void)
{
	return atomic_read(&rl_generation);
}

static int choose_id(const struct device_node *np)
{
	int id = np ? of_alias_get_id((struct device_node *)np, RL_ALIAS) : -ENODEV;

	if (id >= RL_NUM_MAX)
		return -ERANGE;
	if (id >= 0)
		id = ida_alloc_range(&rl_ids, id, id, GFP_KERNEL);
	else
		id = ida_alloc_range(&rl_ids, of_alias_get_highest_id(RL_ALIAS) < 0 ? 0 :
				     of_alias_get_highest_id(RL_ALIAS) + 1,
				     RL_NUM_MAX - 1, GFP_KERNEL);
	return id == -ENOSPC ? -EBUSY : id;
}

struct rproc_lite *rproc_lite_alloc(struct device *parent, const struct rproc_lite_ops *ops,
				    void *priv)
{
	struct rproc_lite *rproc;
	int id, ret;

	rproc = kzalloc(sizeof(*rproc), GFP_KERNEL);
	if (!rproc)
		return ERR_PTR(-ENOMEM);
	id = choose_id(parent->of_node);
	if (id < 0) {
		kfree(rproc);
		return ERR_PTR(id);
	}

	rproc->id = id;
	rproc->has_id = true;
	snprintf(rproc->name, sizeof(rproc->name), "r%d", id);
	rproc->ops = ops;
	rproc->priv = priv;
	rl_memmap_init(&rproc->map);
	mutex_init(&rproc->lock);
	init_waitqueue_head(&rproc->wait);
	INIT_LIST_HEAD(&rproc->vdevs);
	INIT_LIST_HEAD(&rproc->mmaps);
	rl_kick_init(rproc);
	rl_events_init(rproc);
	rl_liveness_init(rproc);
	rl_heartbeat_init(rproc);
	rl_recovery_init(rproc);

	/* From here on all is undone by release(). */
	device_initialize(&rproc->dev);
	rproc->dev.parent = parent;
	rproc->dev.class = rl_class;
	rproc->dev.groups = rl_groups;
	rproc->dev.release = release;
	rproc->dev.devt = MKDEV(MAJOR(rl_devt), MINOR(rl_devt) + id);
	ret = rl_mapping_init(rproc);
	if (ret) {
		free_id(rproc);
		put_device(&rproc->dev);
		return ERR_PTR(ret);
	}
	return rproc;
}
EXPORT_SYMBOL_GPL(rproc_lite_alloc);

void rproc_lite_free(struct rproc_lite *rproc)
{
	rl_liveness_end(rproc);
	rl_memmap_disclaim(&rproc->map);
	free_id(rproc);
	put_device(&rproc->dev);
}
EXPORT_SYMBOL_GPL(rproc_lite_free);

int rproc_lite_add_mem(struct rproc_lite *rproc, const struct rproc_lite_mem *mem)
{
	struct rproc_lite_verdict v;
	int ret;

	ret = rl_memmap_add(&rproc->map, mem, &v);
	if (ret)
		dev_err(rproc->dev.parent, "%s\n", v.text);
	return ret;
}
EXPORT_SYMBOL_GPL(rproc_lite_add_mem);

/* Who sees it at once and acts must not be heard of before it is. */
static int show(struct rproc_lite *rproc)
{
	int ret;

	guard(mutex)(&rproc->lock);
	ret = cdev_device_add(&rproc->cdev, &rproc->dev);
	if (ret)
		return ret;
	new_generation();
	rl_tell_added(rproc);
	return 0;
}

int rproc_lite_register(struct rproc_lite *rproc, const char *detail, u32 stop_timeout_ms)
{
	int ret;

	strscpy(rproc->detail, detail, sizeof(rproc->detail));
	rproc->stop_timeout_ms = stop_timeout_ms;
	rproc->state_since = ktime_get_boottime_ns();
	ret = dev_set_name(&rproc->dev, "rproc_lite%d", rproc->id);
	if (ret)
		return ret;
	ret = rl_policy_begin(rproc);
	if (ret)
		return ret;
	ret = rl_system_begin(rproc);
	if (ret)
		return ret;
	cdev_init(&rproc->cdev, &rl_chardev_fops);
	rproc->cdev.owner = THIS_MODULE;
	ret = show(rproc);
	if (ret)
		rl_system_end(rproc);
	return ret;
}
EXPORT_SYMBOL_GPL(rproc_lite_register);

void rproc_lite_unregister(struct rproc_lite *rproc)
{
	rl_system_end(rproc);
	/* First the remote, while it can still be watched; files outlive both. */
	rl_teardown(rproc);
	/* One that can't be stopped runs on, and who rings at it goes. */
	rl_kick_end(rproc);
	rl_coredump_end(rproc);
	cdev_device_del(&rproc->cdev, &rproc->dev);
	new_generation();
	rl_tell_removed(rproc);
	rl_memmap_disclaim(&rproc->map);
	free_id(rproc);
}
EXPORT_SYMBOL_GPL(rproc_lite_unregister);

static int has_name(struct device *dev, const void *name)
{
	return !strcmp(container_of(dev, struct rproc_lite, dev)->name, name);
}

struct rproc_lite *rproc_lite_get(const char *name)
{
	struct device *dev = class_find_device(rl_class, NULL, name, has_name);

	return dev ? container_of(dev, struct rproc_lite, dev) : ERR_PTR(-ENODEV);
}
EXPORT_SYMBOL_GPL(rproc_lite_get);

/* The one with the smallest number from @id on. */
struct next {
	int id;
	struct rproc_lite *found;
};

static int look_for_next(struct device *dev, void *data)
{
	struct rproc_lite *rproc = container_of(dev, struct rproc_lite, dev);
	struct next *next = data;

	if (rproc->id < next->id || (next->found && rproc->id > next->found->id))
		return 0;
	get_device(&rproc->dev);
	if (next->found)
		put_device(&next->found->dev);
	next->found = rproc;
	return 0;
}

struct rproc_lite *rl_device_next(int id)
{
	struct next next = { .id = id };

	class_for_each_device(rl_class, NULL, &next, look_for_next);
	return next.found;
}

void rproc_lite_put(struct rproc_lite *rproc)
{
	put_device(&rproc->dev);
}
EXPORT_SYMBOL_GPL(rproc_lite_put);

void *rproc_lite_priv(const struct rproc_lite *rproc)
{
	return rproc->priv;
}
EXPORT_SYMBOL_GPL(rproc_lite_priv);

const char *rproc_lite_name(const struct rproc_lite *rproc)
{
	return rproc->name;
}
EXPORT_SYMBOL_GPL(rproc_lite_name);

int rproc_lite_refuse(struct rproc_lite_verdict *v, int error, const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	rl_refuse_plain(v, error, RPROC_LITE_AT_BACKEND, "%pV", &vaf);
	va_end(args);
	return error;
}
EXPORT_SYMBOL_GPL(rproc_lite_refuse);

int rl_device_init(void)
{
	int ret;

	ret = alloc_chrdev_region(&rl_devt, 0, RL_NUM_MAX, "rproc_lite");
	if (ret)
		return ret;
	rl_class = rl_class_create("rproc_lite");
	if (IS_ERR(rl_class)) {
		unregister_chrdev_region(rl_devt, RL_NUM_MAX);
		return PTR_ERR(rl_class);
	}
	return 0;
}

void rl_device_exit(void)
{
	class_destroy(rl_class);
	unregister_chrdev_region(rl_devt, RL_NUM_MAX);
	ida_destroy(&rl_ids);
}
