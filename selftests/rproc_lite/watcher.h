/* SPDX-License-Identifier: GPL-2.0-only */
/* A program that runs on and prints lines, which are read as they come. */
#ifndef WATCHER_H
#define WATCHER_H

#include <stddef.h>
#include <sys/types.h>

struct watcher {
	pid_t pid;
	int fd;
	char buf[8192];
	size_t len;
	char line[4096];
};

/* Begin; @argv is looked for in PATH. Standard error is joined to the output. */
int watcher_begin(struct watcher *w, const char *const *argv);
/* The next line, with its newline, in @w->line. Return: 0, -ETIMEDOUT, -EPIPE at the end. */
int watcher_line(struct watcher *w);
/* Until it sleeps in poll(). */
int watcher_polls(struct watcher *w);
/* Send it a signal, if not 0, and wait for its end. Return: status, as command() has it. */
int watcher_end(struct watcher *w, int sig);

#endif /* WATCHER_H */
