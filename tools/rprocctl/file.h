/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that commands read and write. What goes wrong is reported already. */
#ifndef RPROCCTL_FILE_H
#define RPROCCTL_FILE_H

#include "cmd.h"
#include "hexdump.h"

/* "-" is standard input, unless that is a terminal. Return: an exit code. */
int file_open(const struct request *rq, const char *path, int *fd);
void file_close(int fd);

/* Up to @len bytes, fewer only at the end. Return: how many, or a negative errno. */
ssize_t file_read(int fd, void *buf, size_t len);

/**
 * struct output - where bytes of the remote's memory go
 * @f: a file, or standard output
 * @path: of it, for people
 * @hex: it is a terminal
 */
struct output {
	FILE *f;
	const char *path;
	bool hex;
	struct hexdump dump;
};

/* -o FILE, or standard output. @addr: of the first byte. Return: an exit code. */
int output_open(const struct request *rq, struct output *o, u64 addr);

/* @len: as for hexdump_add(). False if it can't be written. */
bool output_add(struct output *o, const u8 *data, size_t len);

/* Return: an exit code. @complete: nothing went wrong so far. */
int output_close(const struct request *rq, struct output *o, bool complete);

#endif /* RPROCCTL_FILE_H */
