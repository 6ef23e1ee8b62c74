// SPDX-License-Identifier: GPL-2.0-only
/*
 * The virtio devices of a remote: made when it starts, or by hand; removed before it
 * stops. Which there are is a list, under the remote's lock; it changes by who has
 * claimed the remote.
 */
#include "virtio.h"
#include "events.h"
#include "operation.h"
#include "remote.h"
#include "vdev.h"
#include "verdict.h"
#include "virtio_device.h"
#include "virtio_driver.h"
#include "virtio_file.h"

#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/uio.h>
#include <linux/virtio.h>

static struct rl_vdev *find(struct rproc_lite *rproc, u32 n)
{
	struct rl_vdev *vdev;

	lockdep_assert_held(&rproc->lock);
	list_for_each_entry(vdev, &rproc->vdevs, node)
		if (vdev->n == n)
			return vdev;
	return NULL;
}

static void list(struct rproc_lite *rproc, struct rl_vdev *vdev)
{
	guard(mutex)(&rproc->lock);
	list_add_tail(&vdev->node, &rproc->vdevs);
	WRITE_ONCE(vdev->listed, true);
	rl_tell_news(rproc);
	rl_tell_virtio(rproc, vdev->n, vdev->role, true);
}

/* Claimed, or nobody can. */
static void remove(struct rl_vdev *vdev)
{
	struct rproc_lite *rproc = vdev->rproc;

	scoped_guard(mutex, &rproc->lock) {
		vdev->ops->cut(vdev);
		list_del(&vdev->node);
		WRITE_ONCE(vdev->listed, false);
		rl_tell_news(rproc);
		rl_tell_virtio(rproc, vdev->n, vdev->role, false);
	}
	vdev->ops->remove(vdev);
}

static struct rl_vdev *make(struct rproc_lite *rproc, u32 n, u32 role,
			    struct rproc_lite_verdict *v)
{
	struct rl_vdev *vdev = role == RPROC_LITE_VIRTIO_DRIVER ?
			       rl_virtio_driver_new(rproc, n, v) :
			       rl_virtio_device_new(rproc, n, v);

	if (!IS_ERR(vdev))
		list(rproc, vdev);
	return vdev;
}

static int show(struct rl_vdev *vdev, struct rproc_lite_verdict *v)
{
	int ret = vdev->role == RPROC_LITE_VIRTIO_DRIVER ? rl_virtio_driver_show(vdev) :
							   rl_virtio_device_show(vdev);

	return ret ? rl_refuse_plain(v, ret, RPROC_LITE_AT_NOTHING,
				     "vdev%u can't be brought up: error %d", vdev->n, -ret) : 0;
}

int rl_virtio_prepare(struct rproc_lite *rproc, bool again, struct rproc_lite_verdict *v)
{
	DECLARE_BITMAP(wanted, RPROC_LITE_RSC_NUM_MAX);
	struct rl_rsc_entry e;
	struct rl_vdev *vdev;
	u32 n;

	if (!rproc->image->table)
		return 0;
	bitmap_copy(wanted, rproc->virtio_again, RPROC_LITE_RSC_NUM_MAX);
	for (n = 0; rl_rsc_get_vdev(rproc->image->table, n, &e); n++) {
		if (rproc->settings.virtio_by_hand &&
		    !(again && test_bit(n, rproc->virtio_again)))
			continue;
		vdev = make(rproc, n, RPROC_LITE_VIRTIO_DRIVER, v);
		if (IS_ERR(vdev)) {
			rl_virtio_remove(rproc);
			bitmap_copy(rproc->virtio_again, wanted, RPROC_LITE_RSC_NUM_MAX);
			return PTR_ERR(vdev);
		}
	}
	bitmap_zero(rproc->virtio_again, RPROC_LITE_RSC_NUM_MAX);
	return 0;
}

int rl_virtio_show(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	struct rl_vdev *vdev;
	int ret = 0;

	/* Only who has claimed the remote changes the list. */
	list_for_each_entry(vdev, &rproc->vdevs, node) {
		ret = show(vdev, v);
		if (ret)
			break;
	}
	return ret;
}

void rl_virtio_remove(struct rproc_lite *rproc)
{
	struct rl_vdev *vdev, *next;

	if (list_empty(&rproc->vdevs))
		return;
	bitmap_zero(rproc->virtio_again, RPROC_LITE_RSC_NUM_MAX);
	scoped_guard(mutex, &rproc->lock) {
		list_for_each_entry(vdev, &rproc->vdevs, node) {
			vdev->ops->cut(vdev);
			if (vdev->role == RPROC_LITE_VIRTIO_DRIVER)
				set_bit(vdev->n, rproc->virtio_again);
		}
	}
	list_for_each_entry_safe(vdev, next, &rproc->vdevs, node)
		remove(vdev);
}

/* By hand */

static int check_role(u32 role, struct rproc_lite_verdict *v)
{
	if (role == RPROC_LITE_VIRTIO_DRIVER || role == RPROC_LITE_VIRTIO_DEVICE)
		return 0;
	return rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_ARGUMENT, "there is no role %u", role);
}

/* The one that is there, if it is of use still; NULL if there is none (any more). */
static struct rl_vdev *take_old(struct rproc_lite *rproc, u32 n, u32 role,
				struct rproc_lite_verdict *v)
{
	struct rl_vdev *vdev;

	scoped_guard(mutex, &rproc->lock)
		vdev = find(rproc, n);
	if (!vdev)
		return NULL;
	if (READ_ONCE(vdev->flags)) {
		remove(vdev);
		return NULL;
	}
	if (vdev->role == role)
		return vdev;
	return ERR_PTR(rl_refuse_plain(v, -EEXIST, RPROC_LITE_AT_ARGUMENT,
				       "vdev%u is in use, with Linux as its %s", n,
				       vdev->role == RPROC_LITE_VIRTIO_DRIVER ? "driver" :
				       "device"));
}

/* What is asked for, beside the device's number. */
struct wish {
	u32 role;
	u32 pair;
	void (*rst_cb)(struct virtio_device *vdev);
};

/* Claimed. */
static int check_pair(struct rproc_lite *rproc, u32 n, u32 pair, struct rproc_lite_verdict *v)
{
	struct rl_rsc_entry e;

	if (!rproc->image->table || !rl_rsc_get_vdev(rproc->image->table, n, &e) ||
	    pair < e.vdev.num_of_vrings / 2)
		return 0;
	return rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_ARGUMENT,
			       "vdev%u has %u rings, and so no pair %u", n,
			       e.vdev.num_of_vrings, pair);
}

/* Claimed. Return: the device, referenced and used if Linux is it, or an ERR_PTR. */
static struct rl_vdev *take_or_make(struct rproc_lite *rproc, u32 n, const struct wish *wish,
				    struct rproc_lite_verdict *v)
{
	bool is_device = wish->role == RPROC_LITE_VIRTIO_DEVICE;
	struct rl_vdev *vdev;
	int ret;

	ret = is_device ? check_pair(rproc, n, wish->pair, v) : 0;
	if (ret)
		return ERR_PTR(ret);
	vdev = take_old(rproc, n, wish->role, v);
	if (!vdev) {
		vdev = make(rproc, n, wish->role, v);
		if (IS_ERR(vdev))
			return vdev;
		vdev->rst_cb = wish->rst_cb;
		ret = show(vdev, v);
		if (ret) {
			remove(vdev);
			return ERR_PTR(ret);
		}
	}
	if (!IS_ERR(vdev) && is_device) {
		rl_virtio_device_get(vdev);
		atomic_inc(&vdev->users);
	}
	return vdev;
}

/* @virtio: what the kernel's callers know it by, while it is there. May be NULL. */
static struct rl_vdev *create(struct rproc_lite *rproc, u32 n, const struct wish *wish,
			      struct virtio_device **virtio, struct rproc_lite_verdict *v)
{
	struct rl_vdev *vdev;
	int ret;

	ret = rl_claim(rproc, RL_EV_CREATE_VIRTIO, v);
	if (ret)
		return ERR_PTR(ret);
	vdev = take_or_make(rproc, n, wish, v);
	if (!IS_ERR(vdev) && virtio)
		*virtio = vdev->vdev;
	ret = rl_settle(rproc, RPROC_LITE_RUNNING, PTR_ERR_OR_ZERO(vdev), v);
	return ret ? ERR_PTR(ret) : vdev;
}

static bool is_left_over(struct rl_vdev *vdev)
{
	return READ_ONCE(vdev->listed) && !atomic_read(&vdev->users);
}

/*
 * One user less. The last one removes it, if nobody else does. @vdev is referenced.
 * Whatever has claimed a remote that runs ends by itself, since it waits for nothing of
 * ours; where the state forbids it, who changed that removes all, or changes it again.
 */
static void leave(struct rl_vdev *vdev)
{
	struct rproc_lite *rproc = vdev->rproc;
	struct rproc_lite_verdict v;
	u64 seq;
	int ret;

	if (!atomic_dec_and_test(&vdev->users))
		return;
	while (is_left_over(vdev)) {
		seq = atomic64_read(&rproc->state_seq);
		ret = rl_claim(rproc, RL_EV_REMOVE_VIRTIO, &v);
		if (ret) {
			/* Who claimed it may be asleep with the system, and then so are we. */
			wait_event_state(rproc->wait, !is_left_over(vdev) ||
					 atomic64_read(&rproc->state_seq) != seq ||
					 ((ret == -EBUSY || ret == -EINTR) &&
					  !READ_ONCE(rproc->claimed)),
					 (TASK_IDLE | TASK_FREEZABLE));
			continue;
		}
		if (is_left_over(vdev))
			remove(vdev);
		rl_settle(rproc, rproc->state, 0, &v);
	}
}

static struct rl_vdev *create_device(struct rproc_lite *rproc, u32 n, const struct wish *wish,
				     u32 timeout_ms, struct virtio_device **virtio,
				     struct rproc_lite_verdict *v)
{
	struct rl_vdev *vdev;
	int ret;

	vdev = create(rproc, n, wish, virtio, v);
	if (IS_ERR(vdev))
		return vdev;
	ret = rl_virtio_device_wait(vdev, timeout_ms ?: RL_VIRTIO_TIMEOUT_MS, v);
	if (!ret)
		return vdev;
	leave(vdev);
	rl_virtio_device_put(vdev);
	return ERR_PTR(ret);
}

struct file *rl_virtio_open(struct rproc_lite *rproc, u32 n, u32 pair, u32 timeout_ms,
			    struct rproc_lite_verdict *v)
{
	const struct wish wish = { .role = RPROC_LITE_VIRTIO_DEVICE, .pair = pair };
	struct rl_vdev *vdev;
	struct file *file;

	vdev = create_device(rproc, n, &wish, timeout_ms, NULL, v);
	if (IS_ERR(vdev))
		return ERR_CAST(vdev);
	file = rl_virtio_file(vdev, pair, leave);
	if (IS_ERR(file)) {
		rl_refuse_plain(v, PTR_ERR(file), RPROC_LITE_AT_NOTHING,
				"a file can't be had: error %ld", -PTR_ERR(file));
		leave(vdev);
	}
	rl_virtio_device_put(vdev);
	return file;
}

struct virtio_device *rproc_lite_create_virtio(struct rproc_lite *rproc, unsigned int vdev_id,
					       unsigned int role,
					       void (*rst_cb)(struct virtio_device *vdev),
					       struct rproc_lite_verdict *v)
{
	const struct wish wish = { .role = role, .rst_cb = rst_cb };
	struct virtio_device *virtio = NULL;
	struct rl_vdev *vdev;
	int ret;

	ret = check_role(role, v);
	if (ret)
		return ERR_PTR(ret);
	if (role == RPROC_LITE_VIRTIO_DRIVER) {
		vdev = create(rproc, vdev_id, &wish, &virtio, v);
	} else {
		vdev = create_device(rproc, vdev_id, &wish, 0, &virtio, v);
		if (!IS_ERR(vdev))
			rl_virtio_device_put(vdev);
	}
	return IS_ERR(vdev) ? ERR_CAST(vdev) : virtio;
}
EXPORT_SYMBOL_GPL(rproc_lite_create_virtio);

/* The listed one that the kernel's callers know by @virtio. */
static struct rl_vdev *find_virtio(struct rproc_lite *rproc, const struct virtio_device *virtio)
{
	struct rl_vdev *vdev;

	lockdep_assert_held(&rproc->lock);
	list_for_each_entry(vdev, &rproc->vdevs, node)
		if (vdev->vdev == virtio)
			return vdev;
	return NULL;
}

/* By what the kernel's callers know it, or by its number if that is NULL. */
static int remove_one(struct rproc_lite *rproc, const struct virtio_device *virtio, u32 n,
		      struct rproc_lite_verdict *v)
{
	struct rl_vdev *vdev;
	int ret;

	ret = rl_claim(rproc, RL_EV_REMOVE_VIRTIO, v);
	if (ret)
		return ret;
	scoped_guard(mutex, &rproc->lock)
		vdev = virtio ? find_virtio(rproc, virtio) : find(rproc, n);
	if (vdev)
		remove(vdev);
	else if (virtio)
		ret = rl_refuse_plain(v, -ENOENT, RPROC_LITE_AT_ARGUMENT,
				      "there is no such virtio device");
	else
		ret = rl_refuse_plain(v, -ENOENT, RPROC_LITE_AT_ARGUMENT,
				      "there is no virtio device of vdev%u", n);
	return rl_settle(rproc, rproc->state, ret, v);
}

int rproc_lite_remove_virtio(struct rproc_lite *rproc, struct virtio_device *virtio,
			     struct rproc_lite_verdict *v)
{
	if (!virtio)
		return rl_refuse_plain(v, -ENOENT, RPROC_LITE_AT_ARGUMENT,
				       "there is no such virtio device");
	return remove_one(rproc, virtio, 0, v);
}
EXPORT_SYMBOL_GPL(rproc_lite_remove_virtio);

int rl_virtio_remove_one(struct rproc_lite *rproc, u32 n, struct rproc_lite_verdict *v)
{
	return remove_one(rproc, NULL, n, v);
}

/* For other modules, when Linux is the device. The device stays for the caller's time. */
static struct rl_vdev *get_device_role(struct rproc_lite *rproc,
				       const struct virtio_device *virtio, u32 pair)
{
	struct rl_vdev *vdev;

	guard(mutex)(&rproc->lock);
	vdev = find_virtio(rproc, virtio);
	if (!vdev)
		return ERR_PTR(-ENODEV);
	if (vdev->role != RPROC_LITE_VIRTIO_DEVICE || pair >= vdev->entry.vdev.num_of_vrings / 2)
		return ERR_PTR(-EINVAL);
	rl_virtio_device_get(vdev);
	return vdev;
}

static ssize_t exchange(struct rproc_lite *rproc, const struct virtio_device *virtio,
			unsigned int pair, struct kvec *kv, bool receive, bool nonblock)
{
	struct rl_vdev *vdev;
	struct iov_iter iter;
	ssize_t ret;

	vdev = get_device_role(rproc, virtio, pair);
	if (IS_ERR(vdev))
		return PTR_ERR(vdev);
	iov_iter_kvec(&iter, receive ? ITER_DEST : ITER_SOURCE, kv, 1, kv->iov_len);
	ret = receive ? rl_virtio_device_recv(vdev, pair, &iter, nonblock) :
			rl_virtio_device_send(vdev, pair, &iter, nonblock);
	rl_virtio_device_put(vdev);
	/* No system call is to be begun anew. */
	return ret == -ERESTARTSYS ? -EINTR : ret;
}

ssize_t rproc_lite_virtio_recv(struct rproc_lite *rproc, const struct virtio_device *virtio,
			       unsigned int pair, void *buf, size_t len, bool nonblock)
{
	struct kvec kv = { .iov_base = buf, .iov_len = len };

	return exchange(rproc, virtio, pair, &kv, true, nonblock);
}
EXPORT_SYMBOL_GPL(rproc_lite_virtio_recv);

ssize_t rproc_lite_virtio_send(struct rproc_lite *rproc, const struct virtio_device *virtio,
			       unsigned int pair, const void *buf, size_t len, bool nonblock)
{
	struct kvec kv = { .iov_base = (void *)buf, .iov_len = len };

	return exchange(rproc, virtio, pair, &kv, false, nonblock);
}
EXPORT_SYMBOL_GPL(rproc_lite_virtio_send);

static void query_live(struct rl_vdev *vdev, struct rproc_lite_virtio *info)
{
	info->flags |= RPROC_LITE_VIRTIO_CREATED;
	if (test_bit(RL_VDEV_WANTS_RESET, &vdev->flags))
		info->flags |= RPROC_LITE_VIRTIO_WANTS_RESET;
	if (test_bit(RL_VDEV_BROKEN, &vdev->flags))
		info->flags |= RPROC_LITE_VIRTIO_BROKEN;
	info->role = vdev->role;
	info->status = rl_vdev_get_status(vdev);
	info->gfeatures = rl_vdev_get_gfeatures(vdev);
	vdev->ops->count(vdev, info);
}

int rl_virtio_query(struct rproc_lite *rproc, struct rproc_lite_virtio *info)
{
	const u8 *table;
	struct rl_rsc_entry e;
	struct rl_vdev *vdev;

	guard(mutex)(&rproc->lock);
	if (rproc->going)
		return -ENODEV;
	table = rproc->image ? rproc->image->table : NULL;
	if (!table || !rl_rsc_get_vdev(table, info->index, &e))
		return -ENOENT;
	info->id = e.vdev.id;
	info->dfeatures = rl_vdev_dfeatures(table, info->index, &e);
	info->num_rings = e.vdev.num_of_vrings;
	info->config_len = e.vdev.config_len;
	vdev = find(rproc, info->index);
	if (vdev)
		query_live(vdev, info);
	return 0;
}
