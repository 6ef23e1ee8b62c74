/* SPDX-License-Identifier: GPL-2.0-only */
/* Other programs, run to their end: what they print, and with what they end. */
#ifndef COMMAND_H
#define COMMAND_H

#include <stddef.h>

/**
 * struct command_result - how a program ended
 * @status: its exit status; 128 and the signal that killed it; 127 if there is none
 * @out: its standard output, NUL-terminated, cut if there is more
 * @out_len: bytes of it
 * @err: standard error
 * @err_len: bytes of it
 */
struct command_result {
	int status;
	char out[65536];
	size_t out_len;
	char err[4096];
	size_t err_len;
};

/*
 * Run @argv, looked for in PATH, with the @len bytes of @in on its standard input, a pipe
 * (or none, if @in is NULL). Who hangs is killed after COMMAND_PATIENCE ms.
 */
void command(const char *const *argv, const void *in, size_t len, struct command_result *r);

#define COMMAND_PATIENCE	60000

#endif /* COMMAND_H */
