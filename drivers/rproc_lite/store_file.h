/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_STORE_FILE_H
#define RL_STORE_FILE_H

struct file;
struct rl_store;
struct rproc_lite_verdict;

/**
 * rl_store_from_file() - an image in a file of any kind
 * @file: a reference is taken
 * @name: what to call it
 * @v: the reason, if refused
 *
 * Return: the store, or an ERR_PTR: -EBADF for a file that isn't open for
 * reading, -EISDIR, -EINVAL for one that is neither regular, nor a pipe, nor a
 * socket, -ENOMEM, or what a security module says.
 */
struct rl_store *rl_store_from_file(struct file *file, const char *name,
				    struct rproc_lite_verdict *v);

#endif /* RL_STORE_FILE_H */
