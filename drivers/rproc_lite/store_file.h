/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_STORE_FILE_H
#define RL_STORE_FILE_H

#include <linux/stat.h>
#include <linux/types.h>

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

/* May an image be read from it, as a security module sees it too? 0 or as above. */
int rl_check_file(struct file *file, struct rproc_lite_verdict *v);

/**
 * struct rl_regular - a regular file that is being read
 * @file: it
 * @was: what it was like when the reading began
 */
struct rl_regular {
	struct file *file;
	struct kstat was;
};

/* The reading begins. @size: its bytes. Return: 0 or a negative errno. */
int rl_regular_begin(struct rl_regular *r, u64 *size, struct rproc_lite_verdict *v);

/* Up to @len bytes at @pos. Return: how many, 0 at the end, or a negative errno. */
ssize_t rl_regular_read(struct rl_regular *r, u64 pos, void *buf, size_t len,
			struct rproc_lite_verdict *v);

/* The reading is over. Return: 0; -ESTALE if the file changed meanwhile. */
int rl_regular_end(const struct rl_regular *r, struct rproc_lite_verdict *v);

#endif /* RL_STORE_FILE_H */
