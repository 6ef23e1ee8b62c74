/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_MAPPING_H
#define RL_MAPPING_H

#include <linux/rproc_lite.h>
#include <linux/types.h>

struct file;
struct vm_area_struct;

/*
 * A remote's memory, as a file shows it: each declared region begins at its own
 * file offset. All of it can be reached from config until shutdown.
 */

/* One inode for the mappings of all files of a remote. Return: 0 or -errno. */
int rl_mapping_init(struct rproc_lite *rproc);
void rl_mapping_destroy(struct rproc_lite *rproc);

/* For a file of the remote that is being opened. */
void rl_mapping_open(struct rproc_lite *rproc, struct file *file);

/* The remote's memory has power from now on. */
void rl_mapping_allow(struct rproc_lite *rproc);

/* It loses it: whoever still has it mapped gets SIGBUS. May sleep. */
void rl_mapping_revoke(struct rproc_lite *rproc);

/*
 * The policy delegates something else: who has it mapped by what was is looked at again, and
 * gets SIGBUS. May sleep; called with @lock held, and not @map_sem.
 */
void rl_mapping_check_again(struct rproc_lite *rproc);

/* mmap(2), pread(2) and pwrite(2) of the remote's file, by the right of who calls. */
int rl_mapping_mmap(struct rproc_lite *rproc, const struct file *file,
		    struct vm_area_struct *vma);
ssize_t rl_mapping_read(struct rproc_lite *rproc, const struct file *file, char __user *buf,
			size_t len, loff_t *pos);
ssize_t rl_mapping_write(struct rproc_lite *rproc, const struct file *file,
			 const char __user *buf, size_t len, loff_t *pos);

/**
 * rl_mapping_find() - find memory
 * @rproc: the remote
 * @find: in and out as in the uapi
 *
 * Return: 0; -ENOENT for a miss; -ENODEV.
 */
int rl_mapping_find(struct rproc_lite *rproc, struct rproc_lite_find *find);

#endif /* RL_MAPPING_H */
