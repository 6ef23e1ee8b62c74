/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_IMAGE_H
#define RL_IMAGE_H

#include "elf.h"

struct device;
struct file;
struct rl_store;

/**
 * typedef rl_cancelled_fn - asked again and again while a store waits
 * @arg: as given
 *
 * Whoever makes this true must then wake the task that reads.
 */
typedef bool rl_cancelled_fn(void *arg);

/**
 * rl_store_open_name() - an image in the kernel's firmware path
 * @dev: for whom
 * @name: below /lib/firmware and the like
 * @v: the reason, if refused
 *
 * Return: the store, or an ERR_PTR.
 */
struct rl_store *rl_store_open_name(struct device *dev, const char *name,
				    struct rproc_lite_verdict *v);

/**
 * rl_store_open_file() - an image in a file of any kind
 * @file: a reference is taken
 * @v: the reason, if refused
 *
 * Return: the store, or an ERR_PTR: -EBADF for a file that isn't open for
 * reading, -EISDIR, -EINVAL for one that is neither regular, nor a pipe, nor a
 * socket, -ENOMEM, or what a security module says.
 */
struct rl_store *rl_store_open_file(struct file *file, struct rproc_lite_verdict *v);

void rl_store_close(struct rl_store *store);

/**
 * rl_store_begin() - prepare for one reading, from the start
 * @store: opened; a stream can be read only once
 * @cancelled: ends a wait for a stream's next bytes
 * @arg: for @cancelled
 * @src: what to read from until rl_store_end()
 * @v: the reason, if refused
 *
 * Return: 0 or a negative errno.
 */
int rl_store_begin(struct rl_store *store, rl_cancelled_fn *cancelled, void *arg,
		   struct rl_source *src, struct rproc_lite_verdict *v);

/* The reading is over, well or not: free what only it needed. */
void rl_store_end(struct rl_store *store);

/* Can it be read in any order, and again? */
bool rl_store_can_seek(const struct rl_store *store);

#endif /* RL_IMAGE_H */
