// SPDX-License-Identifier: GPL-2.0-only
#include "kmsg.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* As much as the kernel puts in one, and its end. */
#define LINE	(8192 + 1)

int kmsg_open(void)
{
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);

	return log < 0 ? -errno : log;
}

int kmsg_open_end(void)
{
	int log = kmsg_open(), error;

	if (log >= 0 && lseek(log, 0, SEEK_END) < 0) {
		error = errno;
		close(log);
		return -error;
	}
	return log;
}

ssize_t kmsg_line(int log, char *line, size_t size)
{
	ssize_t n;

	do {
		n = read(log, line, size - 1);
	} while (n < 0 && errno == EPIPE);
	line[n > 0 ? n : 0] = '\0';
	if (n < 0)
		return errno == EAGAIN ? 0 : -errno;
	return n;
}

bool kmsg_tells(int log, const char *who, const char *words)
{
	bool found = false;
	char line[LINE];

	while (kmsg_line(log, line, sizeof(line)) > 0)
		found |= strstr(line, who) && strstr(line, words);
	return found;
}
