// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device role: the remote has the driver, and Linux is the device. Its rings
 * come in pairs, as consoles and rpmsg have them: an even one takes what we send, the
 * odd one after it brings what the remote sends.
 */
#include "virtio_device.h"
#include "kick.h"
#include "messages.h"
#include "remote.h"
#include "vdev.h"
#include "verdict.h"
#include "vring_device.h"

#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/ktime.h>
#include <linux/poll.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/uio.h>
#include <linux/virtio.h>
#include <linux/virtio_config.h>

#define READY_POLL_MS	10

struct device_role;

/**
 * struct end - our end of one ring
 * @kick: the remote rang for it
 * @role: whose ring
 * @lock: covers what follows; not held while user memory is touched
 * @ring: where it lies
 * @messages: what goes over it
 */
struct end {
	struct rl_kick kick;
	struct device_role *role;
	struct mutex lock;		/* see above */
	struct rl_vdev_ring ring;
	struct rl_messages messages;
};

/**
 * struct device_role - a device that the remote drives
 * @base: what the roles have in common
 * @virtio: on no bus: what the kernel's callers know it by
 * @refs: of the remote's list, of each file, of who waits
 * @wait: woken by kicks, and when it ends
 * @look: sees to it that a reset has consequences
 * @beginning: held by who sets @ready
 * @ready: the remote's driver was seen to be
 * @was_reset: and then not to be, if for a moment
 * @removed: nobody has it any more but who holds a file
 * @gate: covers @dead, and looks at the remote's memory without an end's lock; any
 *	context
 * @dead: nothing goes through any more
 * @end: of each ring
 */
struct device_role {
	struct rl_vdev base;
	struct virtio_device virtio;
	struct kref refs;
	wait_queue_head_t wait;
	struct work_struct look;
	struct mutex beginning;		/* see above */
	bool ready;
	bool was_reset;
	bool removed;
	spinlock_t gate;		/* see above */
	bool dead;
	struct end end[];
};

static struct device_role *role_of_vdev(struct rl_vdev *vdev)
{
	return container_of(vdev, struct device_role, base);
}

/* What the remote's driver is up to */

/* 0 when it is over: the memory may have lost its power since. */
static u8 status_of(struct device_role *role)
{
	unsigned long flags;
	u8 status;

	spin_lock_irqsave(&role->gate, flags);
	status = role->dead ? 0 : rl_vdev_get_status(&role->base);
	spin_unlock_irqrestore(&role->gate, flags);
	return status;
}

static bool driver_is_ready(struct device_role *role)
{
	u8 status = status_of(role);

	return (status & VIRTIO_CONFIG_S_DRIVER_OK) &&
	       !(status & (VIRTIO_CONFIG_S_NEEDS_RESET | VIRTIO_CONFIG_S_FAILED));
}

/*
 * The remote may begin anew as soon as its kick was taken, so whether it was gone is
 * seen now or never.
 */
static void rang(struct rl_kick *kick)
{
	struct device_role *role = container_of(kick, struct end, kick)->role;

	if (READ_ONCE(role->ready) && !driver_is_ready(role) && !READ_ONCE(role->dead)) {
		WRITE_ONCE(role->was_reset, true);
		schedule_work(&role->look);
	}
	wake_up(&role->wait);
}

/* A driver that was ready and is not any more has reset the device. */
static void look(struct work_struct *work)
{
	struct device_role *role = container_of(work, struct device_role, look);

	if (!READ_ONCE(role->dead))
		rl_vdev_reset_wanted(&role->base);
}

/* Only from now on does it count what was agreed upon, and where the indices begin. */
static void begin(struct device_role *role)
{
	u64 agreed = rl_vdev_get_gfeatures(&role->base) & role->base.dfeatures;
	u32 i;

	role->virtio.features = agreed;
	for (i = 0; i < role->base.entry.vdev.num_of_vrings; i++) {
		guard(mutex)(&role->end[i].lock);
		rl_vring_device_init(&role->end[i].messages.dev, &role->end[i].ring.vr,
				     agreed & BIT(RL_VIRTIO_RING_F_EVENT_IDX));
		rl_vring_device_want(&role->end[i].messages.dev);
	}
	/* Who sees it without an end's lock looks at the rings that were begun. */
	smp_store_release(&role->ready, true);
}

static bool over(const struct device_role *role)
{
	/* With why: ended(). */
	return smp_load_acquire(&role->dead);
}

/* Only we write used indices: an older end of ours may have, to rings that are new. */
static bool rings_are_new(struct device_role *role)
{
	bool are_new = true;
	unsigned long flags;
	u32 i;

	/* The status before what it promises. */
	rmb();
	spin_lock_irqsave(&role->gate, flags);
	for (i = 0; !role->dead && i < role->base.entry.vdev.num_of_vrings; i++)
		if (rl_vring_get16(rl_vring_used_idx(&role->end[i].ring.vr)))
			are_new = false;
	spin_unlock_irqrestore(&role->gate, flags);
	return are_new;
}

static bool may_begin(struct device_role *role)
{
	return driver_is_ready(role) && rings_are_new(role);
}

/* The remote's driver is to begin anew. */
static void say_needs_reset(struct device_role *role)
{
	u8 status = rl_vdev_get_status(&role->base);

	rl_vdev_set_status(&role->base, status | VIRTIO_CONFIG_S_NEEDS_RESET);
	rl_kick_remote(role->base.rproc, role->end[0].ring.notifyid);
}

/* A driver that was ready before we came need not have been ready for us. */
static void see_to_new_rings(struct device_role *role)
{
	guard(mutex)(&role->beginning);
	if (!over(role) && !role->ready && driver_is_ready(role) && !rings_are_new(role))
		say_needs_reset(role);
}

int rl_virtio_device_wait(struct rl_vdev *vdev, u32 timeout_ms, struct rproc_lite_verdict *v)
{
	ktime_t deadline = ktime_add_ms(ktime_get(), timeout_ms);
	struct device_role *role = role_of_vdev(vdev);

	/* With what was agreed upon. */
	if (smp_load_acquire(&role->ready))
		return 0;
	/* Not every driver rings when it is ready. */
	while (!over(role) && !READ_ONCE(role->ready) && !may_begin(role) &&
	       ktime_before(ktime_get(), deadline)) {
		see_to_new_rings(role);
		if (wait_event_interruptible_timeout(role->wait, over(role) || may_begin(role),
						     msecs_to_jiffies(READY_POLL_MS)) < 0)
			return rl_refuse_plain(v, -EINTR, RPROC_LITE_AT_NOTHING,
					       "interrupted while waiting for the firmware's driver");
	}
	/* Others may have waited for the same, and be at work by now. */
	guard(mutex)(&role->beginning);
	if (over(role))
		return rl_refuse_plain(v, -ENODEV, RPROC_LITE_AT_STATE,
				       "vdev%u was removed meanwhile", vdev->n);
	if (role->ready)
		return 0;
	if (!may_begin(role))
		return rl_refuse_plain(v, -ETIMEDOUT, RPROC_LITE_AT_BACKEND,
				       "the firmware's driver of vdev%u was not ready within %u ms: status 0x%x",
				       vdev->n, timeout_ms, status_of(role));
	begin(role);
	return 0;
}

/* Messages */

/* Why does nothing go through? */
static int ended(const struct device_role *role)
{
	if (READ_ONCE(role->removed))
		return -ENODEV;
	if (test_bit(RL_VDEV_WANTS_RESET, &role->base.flags))
		return -ECONNRESET;
	return test_bit(RL_VDEV_BROKEN, &role->base.flags) ? -EPIPE : -ENODEV;
}

/* Worth a try? Without the lock, since it is asked by who is about to sleep. */
static bool has_chain(struct end *e)
{
	struct rl_vring_device *dev = &e->messages.dev;
	struct device_role *role = e->role;
	unsigned long flags;
	bool has;

	spin_lock_irqsave(&role->gate, flags);
	has = role->dead || !list_empty(&e->messages.kept);
	/* If they were begun, the rings as begin() left them. */
	if (!has && smp_load_acquire(&role->ready))
		has = rl_vring_device_has(dev) || rl_vring_device_is_anew(dev);
	spin_unlock_irqrestore(&role->gate, flags);
	return has;
}

/*
 * What the two ways have in common: one try. Who begins anew empties its rings, so a
 * used index that is not what we wrote there tells of a reset that we missed.
 */
static int attempt(struct end *e, bool receive, struct rl_message **m, size_t room)
{
	struct rproc_lite_verdict v;
	bool ring = false, anew;
	int ret = 0;

	scoped_guard(mutex, &e->lock) {
		if (over(e->role))
			return ended(e->role);
		if (!READ_ONCE(e->role->ready))
			return 0;
		anew = READ_ONCE(e->role->was_reset) || rl_vring_device_is_anew(&e->messages.dev);
		/* Regions that the chains name may be looked up, while windows come and go. */
		if (!anew) {
			down_read(&e->role->base.rproc->map_sem);
			ret = receive ? rl_messages_fetch(&e->messages, m, room, &ring, &v) :
					rl_messages_put(&e->messages, *m, &ring, &v);
			up_read(&e->role->base.rproc->map_sem);
		}
		if (ring)
			rl_kick_remote(e->role->base.rproc, e->ring.notifyid);
	}
	if (anew)
		rl_vdev_reset_wanted(&e->role->base);
	else if (ret == -EIO)
		rl_vdev_broke(&e->role->base, e - e->role->end, &v);
	else
		return ret;
	return ended(e->role);
}

static int exchange(struct end *e, bool receive, struct rl_message **m, size_t room,
		    bool nonblock)
{
	int ret;

	for (;;) {
		ret = attempt(e, receive, m, room);
		if (ret)
			return ret;
		if (nonblock)
			return -EAGAIN;
		ret = wait_event_interruptible(e->role->wait, has_chain(e));
		if (ret)
			return ret;
		/* A remote that sends nothing but what is too long keeps us here. */
		if (signal_pending(current))
			return -ERESTARTSYS;
		cond_resched();
	}
}

/* What was fetched, but reached nobody: whoever reads next gets it. */
static void keep(struct end *e, struct rl_message *m)
{
	scoped_guard(mutex, &e->lock)
		rl_messages_keep(&e->messages, m);
	wake_up(&e->role->wait);
}

ssize_t rl_virtio_device_recv(struct rl_vdev *vdev, u32 pair, struct iov_iter *to,
			      bool nonblock)
{
	struct end *e = &role_of_vdev(vdev)->end[2 * pair + 1];
	struct rl_message *m;
	size_t len;
	int ret;

	ret = exchange(e, true, &m, iov_iter_count(to), nonblock);
	if (ret < 0)
		return ret;
	len = m->len;
	if (copy_to_iter(m->data, len, to) != len) {
		keep(e, m);
		return -EFAULT;
	}
	rl_message_free(m);
	return len;
}

ssize_t rl_virtio_device_send(struct rl_vdev *vdev, u32 pair, struct iov_iter *from,
			      bool nonblock)
{
	struct end *e = &role_of_vdev(vdev)->end[2 * pair];
	size_t len = iov_iter_count(from);
	struct rl_message *m;
	int ret;

	if (len > RL_MESSAGE_MAX)
		return -EMSGSIZE;
	m = rl_message_new(len);
	if (!m)
		return -ENOMEM;
	ret = copy_from_iter(m->data, len, from) == len ? 0 : -EFAULT;
	if (!ret)
		ret = exchange(e, false, &m, 0, nonblock);
	rl_message_free(m);
	return ret < 0 ? ret : len;
}

__poll_t rl_virtio_device_poll(struct rl_vdev *vdev, u32 pair, struct file *file,
			       poll_table *wait)
{
	struct device_role *role = role_of_vdev(vdev);
	__poll_t ready = 0;

	poll_wait(file, &role->wait, wait);
	if (over(role))
		return EPOLLHUP | EPOLLERR;
	if (has_chain(&role->end[2 * pair]))
		ready |= EPOLLOUT | EPOLLWRNORM;
	if (has_chain(&role->end[2 * pair + 1]))
		ready |= EPOLLIN | EPOLLRDNORM;
	return ready;
}

/* Coming and going */

static void cut(struct rl_vdev *vdev)
{
	struct device_role *role = role_of_vdev(vdev);
	unsigned long flags;

	spin_lock_irqsave(&role->gate, flags);
	/* What ended() tells of is there by now. */
	smp_store_release(&role->dead, true);
	spin_unlock_irqrestore(&role->gate, flags);
	wake_up_all(&role->wait);
}

static void free_role(struct kref *refs)
{
	struct device_role *role = container_of(refs, struct device_role, refs);
	u32 i;

	for (i = 0; i < role->base.entry.vdev.num_of_vrings; i++) {
		rl_messages_fini(&role->end[i].messages);
		mutex_destroy(&role->end[i].lock);
	}
	mutex_destroy(&role->beginning);
	rl_vdev_fini(&role->base);
	kfree(role);
}

void rl_virtio_device_get(struct rl_vdev *vdev)
{
	kref_get(&role_of_vdev(vdev)->refs);
}

void rl_virtio_device_put(struct rl_vdev *vdev)
{
	kref_put(&role_of_vdev(vdev)->refs, free_role);
}

static void remove(struct rl_vdev *vdev)
{
	struct device_role *role = role_of_vdev(vdev);
	u32 i;

	WRITE_ONCE(role->removed, true);
	cut(vdev);
	for (i = 0; i < vdev->entry.vdev.num_of_vrings; i++)
		if (role->end[i].kick.rang)
			rl_kick_del(vdev->rproc, &role->end[i].kick);
	cancel_work_sync(&role->look);
	/* Whoever is at it now is the last. */
	mutex_lock(&role->beginning);
	mutex_unlock(&role->beginning);
	for (i = 0; i < vdev->entry.vdev.num_of_vrings; i++) {
		mutex_lock(&role->end[i].lock);
		mutex_unlock(&role->end[i].lock);
	}
	/* If the remote ended it, it has begun anew already, or will. */
	if (!role->was_reset)
		say_needs_reset(role);
	rl_virtio_device_put(vdev);
}

static void count(struct rl_vdev *vdev, struct rproc_lite_virtio *info)
{
	struct device_role *role = role_of_vdev(vdev);
	u32 i;

	for (i = 0; i < vdev->entry.vdev.num_of_vrings; i++) {
		if (i % 2)
			info->received += READ_ONCE(role->end[i].messages.count);
		else
			info->sent += READ_ONCE(role->end[i].messages.count);
		info->bad += READ_ONCE(role->end[i].messages.bad);
	}
}

static const struct rl_vdev_ops device_role_ops = {
	.cut = cut,
	.remove = remove,
	.count = count,
};

static void init_end(struct device_role *role, u32 i)
{
	struct end *e = &role->end[i];

	e->role = role;
	mutex_init(&e->lock);
	rl_messages_init(&e->messages, &role->base.rproc->map);
	rl_vdev_ring(&role->base, i, &e->ring);
	e->kick.id = e->ring.notifyid;
}

static struct device_role *make_role(const struct rl_vdev *base)
{
	struct device_role *role;
	u32 i;

	role = kzalloc(struct_size(role, end, base->entry.vdev.num_of_vrings), GFP_KERNEL);
	if (!role)
		return NULL;
	if (rl_vdev_begin(&role->base, base, &device_role_ops, &role->virtio)) {
		kfree(role);
		return NULL;
	}
	kref_init(&role->refs);
	init_waitqueue_head(&role->wait);
	mutex_init(&role->beginning);
	spin_lock_init(&role->gate);
	INIT_WORK(&role->look, look);
	for (i = 0; i < base->entry.vdev.num_of_vrings; i++)
		init_end(role, i);
	return role;
}

struct rl_vdev *rl_virtio_device_new(struct rproc_lite *rproc, u32 n,
				     struct rproc_lite_verdict *v)
{
	struct rl_vdev base = { 0 };
	struct device_role *role;
	int ret;

	ret = rl_vdev_init(&base, rproc, n, RPROC_LITE_VIRTIO_DEVICE, v);
	if (ret)
		return ERR_PTR(ret);
	role = make_role(&base);
	if (!role)
		return ERR_PTR(rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING,
					       "out of memory"));
	return &role->base;
}

int rl_virtio_device_show(struct rl_vdev *vdev)
{
	struct device_role *role = role_of_vdev(vdev);
	int ret;
	u32 i;

	for (i = 0; i < vdev->entry.vdev.num_of_vrings; i++) {
		struct rl_kick *kick = &role->end[i].kick;

		kick->rang = rang;
		ret = rl_kick_add(vdev->rproc, kick);
		if (ret) {
			kick->rang = NULL;
			return ret;
		}
	}
	return 0;
}
