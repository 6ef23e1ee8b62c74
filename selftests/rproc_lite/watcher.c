// SPDX-License-Identifier: GPL-2.0-only
/* A program that prints lines: see watcher.h. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "remote.h"
#include "watcher.h"

int watcher_begin(struct watcher *w, const char *const *argv)
{
	int ends[2];

	memset(w, 0, sizeof(*w));
	if (pipe(ends))
		return -errno;
	w->pid = fork();
	if (!w->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		signal(SIGPIPE, SIG_DFL);
		dup2(ends[1], STDOUT_FILENO);
		dup2(ends[1], STDERR_FILENO);
		close(ends[0]);
		close(ends[1]);
		execvp(argv[0], (char *const *)argv);
		_exit(127);
	}
	close(ends[1]);
	w->fd = ends[0];
	return w->pid < 0 ? -errno : 0;
}

/* Take a line off the front of the buffer. */
static bool take_line(struct watcher *w)
{
	char *end = memchr(w->buf, '\n', w->len);
	size_t n;

	if (!end)
		return false;
	n = (size_t)(end - w->buf) + 1;
	snprintf(w->line, sizeof(w->line), "%.*s", (int)n, w->buf);
	w->len -= n;
	memmove(w->buf, w->buf + n, w->len);
	return true;
}

int watcher_line(struct watcher *w)
{
	struct pollfd p = { .fd = w->fd, .events = POLLIN };
	ssize_t n;

	while (!take_line(w)) {
		w->line[0] = '\0';
		if (w->len == sizeof(w->buf))
			return -EMSGSIZE;
		if (poll(&p, 1, REMOTE_PATIENCE) <= 0)
			return -ETIMEDOUT;
		n = read(w->fd, w->buf + w->len, sizeof(w->buf) - w->len);
		if (n <= 0)
			return -EPIPE;
		w->len += (size_t)n;
	}
	return 0;
}

int watcher_polls(struct watcher *w)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	char path[64], text[256], *rest;

	snprintf(path, sizeof(path), "/proc/%d/syscall", w->pid);
	while (now_ms() < end) {
		/* "running" if it sleeps in none. */
		if (read_text(path, text, sizeof(text)) > 0 &&
		    strtol(text, &rest, 10) == SYS_ppoll && rest != text)
			return 0;
		poll(NULL, 0, 1);
	}
	return -ETIMEDOUT;
}

int watcher_end(struct watcher *w, int sig)
{
	int status;

	if (sig)
		kill(w->pid, sig);
	if (waitpid(w->pid, &status, 0) != w->pid)
		return -errno;
	close(w->fd);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
