/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * All that differs between the kernels that one source builds for. Each piece
 * goes when the oldest kernel with the old form does.
 *
 * checkpatch: LINUX_VERSION_CODE, CONSTANT_COMPARISON, MACRO_ARG_UNUSED: this file
 * is where they belong.
 */
#ifndef RL_COMPAT_H
#define RL_COMPAT_H

#include <linux/devcoredump.h>
#include <linux/device.h>
#include <linux/fs_struct.h>
#include <linux/hrtimer.h>
#include <linux/init_task.h>
#include <linux/mm.h>
#include <linux/platform_device.h>
#include <linux/uio.h>
#include <linux/version.h>
#include <linux/workqueue.h>

/* The header moved in 6.12; stable kernels may carry either, so Kbuild looks. */
#ifdef RL_HAVE_LINUX_UNALIGNED_H
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

/* Named in 6.2. */
#ifndef ITER_DEST
#define ITER_DEST READ
#endif

/* class_create() lost its owner in 6.4. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 4, 0)
#define rl_class_create(name) class_create(THIS_MODULE, name)
#else
#define rl_class_create(name) class_create(name)
#endif

/* __assign_str() lost its source, which __string() has named already, in 6.10. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
#define rl_assign_str(field, source) __assign_str(field, source)
#else
#define rl_assign_str(field, source) __assign_str(field)
#endif

/*
 * The attributes of a dump's request, by their types; its extack. They are in another
 * place from 6.7 on.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
#define rl_dump_attrs(cb)	(genl_dumpit_info(cb)->attrs)
#else
#define rl_dump_attrs(cb)	(genl_dumpit_info(cb)->info.attrs)
#endif

/*
 * What find_vqs gets for each queue came in three arrays up to 6.10. It is written
 * RL_VIRTIO_FIND_VQS(name) { ... }, with @virtio, @nvqs and @vqs as ever.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
#define RL_VIRTIO_FIND_VQS(name)					\
static int name(struct virtio_device *virtio, unsigned int nvqs, struct virtqueue *vqs[], \
		vq_callback_t *callbacks[], const char *const names[], const bool *ctx,	\
		struct irq_affinity *desc)
#define RL_VQ_NAME(i)		(names[i])
#define RL_VQ_CALLBACK(i)	(callbacks[i])
#define RL_VQ_CTX(i)		(ctx && ctx[i])
#else
#define RL_VIRTIO_FIND_VQS(name)					\
static int name(struct virtio_device *virtio, unsigned int nvqs, struct virtqueue *vqs[], \
		struct virtqueue_info vqs_info[], struct irq_affinity *desc)
#define RL_VQ_NAME(i)		(vqs_info[i].name)
#define RL_VQ_CALLBACK(i)	(vqs_info[i].callback)
#define RL_VQ_CTX(i)		(vqs_info[i].ctx)
#endif

/* An hrtimer and its function came to be set up together in 6.13. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void rl_hrtimer_setup(struct hrtimer *timer,
				    enum hrtimer_restart (*function)(struct hrtimer *),
				    clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#else
#define rl_hrtimer_setup hrtimer_setup
#endif

/*
 * The field is there only where some devices are not coherent. By 7.3 it is a flag, which
 * always is.
 */
static inline void rl_set_dma_coherent(struct device *dev)
{
#ifdef RL_HAVE_DEV_SET_DMA_COHERENT
	dev_set_dma_coherent(dev);
#elif defined(CONFIG_ARCH_HAS_SYNC_DMA_FOR_DEVICE) ||	\
	defined(CONFIG_ARCH_HAS_SYNC_DMA_FOR_CPU) ||	\
	defined(CONFIG_ARCH_HAS_SYNC_DMA_FOR_CPU_ALL)
	dev->dma_coherent = true;
#endif
}

/* The first process's root. By 7.3 the kernel itself has another, and nothing is in that. */
static inline void rl_get_init_root(struct path *root)
{
#ifdef RL_HAVE_USERSPACE_INIT_FS
	get_fs_root(userspace_init_fs, root);
#else
	task_lock(&init_task);
	get_fs_root(init_task.fs, root);
	task_unlock(&init_task);
#endif
}

/* For work of any CPU, by the name that it has from 6.17 on. */
#ifdef RL_HAVE_SYSTEM_DFL_WQ
#define rl_unbound_wq system_dfl_wq
#else
#define rl_unbound_wq system_unbound_wq
#endif

/* A vma's flags can be written by these only, from 6.3. */
#ifndef RL_HAVE_VM_FLAGS_SET
static inline void vm_flags_set(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags |= flags;
}

static inline void vm_flags_clear(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags &= ~flags;
}
#endif

/*
 * Remove the dump that is pending for a device: there is a call for it from 6.9. Return:
 * it could be done.
 */
static inline bool rl_coredump_put(struct device *dev)
{
#ifdef RL_HAVE_DEV_COREDUMP_PUT
	dev_coredump_put(dev);
	return true;
#else
	return false;
#endif
}

/*
 * A platform driver's remove returned an int up to 6.10. A driver writes
 * RL_PLATFORM_REMOVE(name) { ... } for a body that returns nothing.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
#define RL_PLATFORM_REMOVE(name)					\
static void name##_void(struct platform_device *pdev);			\
static int name(struct platform_device *pdev)				\
{									\
	name##_void(pdev);						\
	return 0;							\
}									\
static void name##_void(struct platform_device *pdev)
#else
#define RL_PLATFORM_REMOVE(name)					\
static void name(struct platform_device *pdev)
#endif

#endif /* RL_COMPAT_H */
