// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "signals.h"

static const int noted[] = { SIGINT, SIGTERM, SIGHUP };

static volatile sig_atomic_t caught;
static int wake[2] = { -1, -1 };

static void on_signal(int sig)
{
	int error = errno;

	if (sig != SIGCHLD)
		caught = 1;
	/* A full pipe is readable already. */
	if (write(wake[1], "", 1) < 0)
		errno = error;
	errno = error;
}

/* No SA_RESTART: a write to a stopped terminal or a full pipe must give up. */
void signals_catch(void)
{
	struct sigaction once = { .sa_handler = on_signal, .sa_flags = SA_RESETHAND };
	struct sigaction child = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	struct sigaction old;
	size_t i;

	if (wake[0] < 0 && pipe2(wake, O_CLOEXEC | O_NONBLOCK)) {
		wake[0] = -1;
		wake[1] = -1;
	}
	for (i = 0; i < ARRAY_SIZE(noted); i++) {
		/* nohup's wish stands. */
		if (!sigaction(noted[i], NULL, &old) && old.sa_handler == SIG_IGN)
			continue;
		sigaction(noted[i], &once, NULL);
	}
	sigaction(SIGCHLD, &child, NULL);
}

bool signals_caught(void)
{
	return caught;
}

int signals_fd(void)
{
	return wake[0];
}

void signals_drain(void)
{
	char buf[64];

	while (read(wake[0], buf, sizeof(buf)) > 0)
		;
}

void signals_release(void)
{
	struct sigaction old;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(noted); i++)
		if (!sigaction(noted[i], NULL, &old) && old.sa_handler != SIG_IGN)
			signal(noted[i], SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	caught = 0;
}
