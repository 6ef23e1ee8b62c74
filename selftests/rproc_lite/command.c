// SPDX-License-Identifier: GPL-2.0-only
/* Other programs, run to their end: see command.h. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "command.h"
#include "remote.h"

enum { IN, OUT, ERR, ENDS };

static void become(const char *const *argv, int ends[ENDS][2])
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	dup2(ends[IN][0], STDIN_FILENO);
	dup2(ends[OUT][1], STDOUT_FILENO);
	dup2(ends[ERR][1], STDERR_FILENO);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

/* Feed and read until it has closed both; false if it takes too long. */
static bool talk(int ends[ENDS][2], const char *in, size_t len, struct command_result *r)
{
	uint64_t end = now_ms() + COMMAND_PATIENCE;
	struct pollfd p[ENDS] = {
		{ .fd = ends[IN][1], .events = POLLOUT },
		{ .fd = ends[OUT][0], .events = POLLIN },
		{ .fd = ends[ERR][0], .events = POLLIN },
	};
	char *to[ENDS] = { NULL, r->out, r->err };
	size_t room[ENDS] = { 0, sizeof(r->out) - 1, sizeof(r->err) - 1 };
	size_t *got[ENDS] = { NULL, &r->out_len, &r->err_len };
	char rest[4096];
	ssize_t n;
	int i;

	while ((p[OUT].fd >= 0 || p[ERR].fd >= 0) && now_ms() < end) {
		if (poll(p, ENDS, 1000) < 0)
			continue;
		if (p[IN].revents) {
			n = write(p[IN].fd, in, len);
			if (n > 0) {
				in += n;
				len -= (size_t)n;
			}
			if (n < 0 || !len) {
				close(p[IN].fd);
				p[IN].fd = -1;
			}
		}
		for (i = OUT; i <= ERR; i++) {
			if (!p[i].revents)
				continue;
			if (*got[i] < room[i])
				n = read(p[i].fd, to[i] + *got[i], room[i] - *got[i]);
			else
				n = read(p[i].fd, rest, sizeof(rest));
			if (n <= 0)
				p[i].fd = -1;
			else if (*got[i] < room[i])
				*got[i] += (size_t)n;
		}
	}
	if (p[IN].fd >= 0)
		close(p[IN].fd);
	return p[OUT].fd < 0 && p[ERR].fd < 0;
}

void command(const char *const *argv, const void *in, size_t len, struct command_result *r)
{
	int ends[ENDS][2], status, i;
	void (*old)(int);
	pid_t pid;

	memset(r, 0, sizeof(*r));
	r->status = 127;
	for (i = 0; i < ENDS; i++)
		if (pipe2(ends[i], O_CLOEXEC))
			return;
	pid = fork();
	if (!pid)
		become(argv, ends);
	close(ends[IN][0]);
	close(ends[OUT][1]);
	close(ends[ERR][1]);
	/* Who is fed more than it wants closes its end. */
	old = signal(SIGPIPE, SIG_IGN);
	fcntl(ends[IN][1], F_SETFL, O_NONBLOCK);
	if (!in) {
		close(ends[IN][1]);
		ends[IN][1] = -1;
	}
	if (!talk(ends, in, len, r))
		kill(pid, SIGKILL);
	signal(SIGPIPE, old);
	close(ends[OUT][0]);
	close(ends[ERR][0]);
	waitpid(pid, &status, 0);
	r->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
