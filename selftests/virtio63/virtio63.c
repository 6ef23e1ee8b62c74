// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver for the test firmware "queues4" (virtio id 63): two pairs of rings, the even
 * one from the remote and the odd one to it, and configuration space. User space has
 * /dev/virtio63-0 and -1 for the bytes of each pair, one buffer a call, and
 * /dev/virtio63-config, whose offsets are those of configuration space, also beyond it.
 *
 * checkpatch: LINUX_VERSION_CODE, CONSTANT_COMPARISON: it is for two kernels.
 */
#include <linux/completion.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/version.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>

#define PAIRS		2
#define BUFFERS		4
#define SIZE		2048
#define CONFIG_MAX	64
#define PATIENCE	(10 * HZ)
#define EARLY		(HZ / 2)

/* One pair; @in: came, @out: the remote has taken what was sent. */
struct pair {
	struct miscdevice misc;
	char name[16];
	struct virtqueue *from, *to;
	struct completion in, out;
	struct mutex lock;	/* one reader or writer at a time */
	void *data;
};

static bool early;
module_param(early, bool, 0644);
MODULE_PARM_DESC(early, "Send before the device is told that the driver is ready, and insist on not being called before");

static struct pair pairs[PAIRS];
static struct virtio_device *device;
static void *memory;

static void came(struct virtqueue *vq)
{
	complete(&pairs[vq->index / 2].in);
}

static void went(struct virtqueue *vq)
{
	complete(&pairs[vq->index / 2].out);
}

static struct pair *pair_of(struct file *file)
{
	return container_of(file->private_data, struct pair, misc);
}

static int offer(struct pair *p, void *buf)
{
	struct scatterlist sg;

	sg_init_one(&sg, buf, SIZE);
	return virtqueue_add_inbuf(p->from, &sg, 1, buf, GFP_KERNEL);
}

/* What is done in a ring; -ETIME if nothing is in time. */
static void *get_buf(struct virtqueue *vq, struct completion *done, unsigned int *len)
{
	unsigned long end = jiffies + PATIENCE;
	void *buf;

	while (!(buf = virtqueue_get_buf(vq, len)) && time_before(jiffies, end))
		wait_for_completion_timeout(done, HZ / 10);
	return buf;
}

static ssize_t pair_read(struct file *file, char __user *user, size_t len, loff_t *pos)
{
	struct pair *p = pair_of(file);
	unsigned int n;
	ssize_t ret;
	void *buf;

	mutex_lock(&p->lock);
	buf = get_buf(p->from, &p->in, &n);
	ret = !buf ? -ETIME : n > SIZE ? -EPROTO : n > len ? -EMSGSIZE : n;
	if (ret > 0 && copy_to_user(user, buf, n))
		ret = -EFAULT;
	if (buf && offer(p, buf))
		ret = -EIO;
	virtqueue_kick(p->from);
	mutex_unlock(&p->lock);
	return ret;
}

static ssize_t pair_write(struct file *file, const char __user *user, size_t len, loff_t *pos)
{
	struct pair *p = pair_of(file);
	struct scatterlist sg;
	unsigned int n;
	ssize_t ret = len;

	if (len > SIZE)
		return -EMSGSIZE;
	mutex_lock(&p->lock);
	if (copy_from_user(p->data, user, len))
		ret = -EFAULT;
	sg_init_one(&sg, p->data, len);
	if (ret > 0 && virtqueue_add_outbuf(p->to, &sg, 1, p, GFP_KERNEL))
		ret = -EIO;
	if (ret > 0) {
		virtqueue_kick(p->to);
		if (!get_buf(p->to, &p->out, &n))
			ret = -ETIME;
	}
	mutex_unlock(&p->lock);
	return ret;
}

static const struct file_operations pair_fops = {
	.owner = THIS_MODULE,
	.read = pair_read,
	.write = pair_write,
};

static ssize_t config_read(struct file *file, char __user *user, size_t len, loff_t *pos)
{
	u8 buf[CONFIG_MAX];

	len = min(len, sizeof(buf));
	/* What is not written must not look like an answer. */
	memset(buf, 0xa5, sizeof(buf));
	device->config->get(device, *pos, buf, len);
	return copy_to_user(user, buf, len) ? -EFAULT : len;
}

static ssize_t config_write(struct file *file, const char __user *user, size_t len, loff_t *pos)
{
	u8 buf[CONFIG_MAX];

	len = min(len, sizeof(buf));
	if (copy_from_user(buf, user, len))
		return -EFAULT;
	device->config->set(device, *pos, buf, len);
	return len;
}

static const struct file_operations config_fops = {
	.owner = THIS_MODULE,
	.read = config_read,
	.write = config_write,
	.llseek = default_llseek,
};

static struct miscdevice config_misc = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "virtio63-config",
	.fops = &config_fops,
};

static int find_vqs(struct virtio_device *virtio, struct virtqueue **vqs)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 11, 0)
	struct virtqueue_info info[2 * PAIRS] = {
		{ "from0", came }, { "to0", went }, { "from1", came }, { "to1", went },
	};

	return virtio_find_vqs(virtio, 2 * PAIRS, vqs, info, NULL);
#else
	static const char * const names[] = { "from0", "to0", "from1", "to1" };
	vq_callback_t *callbacks[] = { came, went, came, went };

	return virtio_find_vqs(virtio, 2 * PAIRS, vqs, callbacks, names, NULL);
#endif
}

static int fill(struct virtqueue **vqs)
{
	unsigned int i, b;
	int ret = 0;

	for (i = 0; i < PAIRS && !ret; i++) {
		struct pair *p = &pairs[i];

		p->from = vqs[2 * i];
		p->to = vqs[2 * i + 1];
		init_completion(&p->in);
		init_completion(&p->out);
		p->data = memory + i * (BUFFERS + 1) * SIZE;
		for (b = 1; b <= BUFFERS && !ret; b++)
			ret = offer(p, p->data + b * SIZE);
	}
	return ret;
}

/* What is sent is taken soon, but of that the driver may hear when it is ready, and not before. */
static int send_early(struct virtio_device *virtio)
{
	struct pair *p = &pairs[0];
	struct scatterlist sg;
	unsigned int n;

	memcpy(p->data, "early", 5);
	sg_init_one(&sg, p->data, 5);
	if (virtqueue_add_outbuf(p->to, &sg, 1, p, GFP_KERNEL))
		return -EIO;
	virtqueue_kick(p->to);
	if (wait_for_completion_timeout(&p->out, EARLY))
		return -EPROTO;
	virtio_device_ready(virtio);
	if (!wait_for_completion_timeout(&p->out, PATIENCE))
		return -ETIME;
	return virtqueue_get_buf(p->to, &n) ? 0 : -EIO;
}

static int show(void)
{
	unsigned int i;
	int ret;

	ret = misc_register(&config_misc);
	for (i = 0; i < PAIRS && !ret; i++) {
		virtqueue_kick(pairs[i].from);
		ret = misc_register(&pairs[i].misc);
	}
	return ret;
}

/* The tests close what they opened before they take the device away. */
static void probe_failed(struct virtio_device *virtio)
{
	virtio_reset_device(virtio);
	virtio->config->del_vqs(virtio);
	kfree(memory);
	device = NULL;
}

static int probe(struct virtio_device *virtio)
{
	struct virtqueue *vqs[2 * PAIRS];
	int ret;

	if (device)
		return -EBUSY;
	memory = kzalloc(PAIRS * (BUFFERS + 1) * SIZE, GFP_KERNEL);
	if (!memory)
		return -ENOMEM;
	ret = find_vqs(virtio, vqs);
	if (ret) {
		kfree(memory);
		return ret;
	}
	device = virtio;
	ret = fill(vqs);
	if (!ret && early)
		ret = send_early(virtio);
	else if (!ret)
		virtio_device_ready(virtio);
	if (!ret)
		ret = show();
	if (ret)
		probe_failed(virtio);
	return ret;
}

static void remove(struct virtio_device *virtio)
{
	unsigned int i;

	for (i = 0; i < PAIRS; i++)
		misc_deregister(&pairs[i].misc);
	misc_deregister(&config_misc);
	probe_failed(virtio);
}

static const struct virtio_device_id ids[] = {
	{ 63, VIRTIO_DEV_ANY_ID },
	{ 0 },
};
MODULE_DEVICE_TABLE(virtio, ids);

static struct virtio_driver driver = {
	.driver.name = KBUILD_MODNAME,
	.id_table = ids,
	.probe = probe,
	.remove = remove,
};

static int __init virtio63_init(void)
{
	unsigned int i;

	for (i = 0; i < PAIRS; i++) {
		mutex_init(&pairs[i].lock);
		snprintf(pairs[i].name, sizeof(pairs[i].name), "virtio63-%u", i);
		pairs[i].misc.minor = MISC_DYNAMIC_MINOR;
		pairs[i].misc.name = pairs[i].name;
		pairs[i].misc.fops = &pair_fops;
	}
	return register_virtio_driver(&driver);
}
module_init(virtio63_init);

static void __exit virtio63_exit(void)
{
	unregister_virtio_driver(&driver);
}
module_exit(virtio63_exit);

MODULE_DESCRIPTION("Driver of the test firmware queues4");
MODULE_LICENSE("GPL");
