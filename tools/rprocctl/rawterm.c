// SPDX-License-Identifier: GPL-2.0-only
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include "rawterm.h"

/* What else may end us. Ctrl-C and its like are noted, and end us in an orderly way. */
static const int deadly[] = {
	SIGQUIT, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGALRM, SIGUSR1, SIGUSR2,
};

static int terminal = -1;
static struct termios before;

static void on_deadly(int sig)
{
	tcsetattr(terminal, TCSANOW, &before);
	raise(sig);
}

static void guard(void)
{
	struct sigaction once = { .sa_handler = on_deadly, .sa_flags = SA_RESETHAND };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(deadly); i++)
		sigaction(deadly[i], &once, NULL);
	/* Whoever stops us from elsewhere would leave the shell with a raw terminal. */
	signal(SIGTSTP, SIG_IGN);
}

bool rawterm_enter(int fd)
{
	struct termios raw;

	if (tcgetattr(fd, &before))
		return false;
	terminal = fd;
	guard();
	raw = before;
	cfmakeraw(&raw);
	raw.c_oflag = before.c_oflag;
	return !tcsetattr(fd, TCSANOW, &raw);
}

void rawterm_leave(void)
{
	size_t i;

	if (terminal < 0)
		return;
	tcsetattr(terminal, TCSANOW, &before);
	for (i = 0; i < ARRAY_SIZE(deadly); i++)
		signal(deadly[i], SIG_DFL);
	signal(SIGTSTP, SIG_DFL);
	terminal = -1;
}
