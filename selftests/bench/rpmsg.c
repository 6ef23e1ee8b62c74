// SPDX-License-Identifier: GPL-2.0-only
/* rpmsg through /dev/rpmsgN: see rpmsg.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "rpmsg.h"
#include "sides.h"

#define PATIENCE_MS	15000
#define MESSAGE_MAX	512

static int find_device(char *path, size_t size)
{
	unsigned int best = ~0u, n;
	DIR *d = opendir("/dev");
	struct dirent *e;
	char rest;

	while (d && (e = readdir(d)))
		if (sscanf(e->d_name, "rpmsg%u%c", &n, &rest) == 1 && n < best)
			best = n;
	if (d)
		closedir(d);
	snprintf(path, size, "/dev/rpmsg%u", best);
	return best == ~0u ? -ENODEV : 0;
}

/* Until there is one, or none. */
static int wait_for_device(char *path, size_t size, int wanted)
{
	uint64_t end = now_ns() + PATIENCE_MS * 1000000ULL;

	while (find_device(path, size) != wanted) {
		if (now_ns() > end)
			return -ETIMEDOUT;
		usleep(1000);
	}
	return 0;
}

int rpmsg_open(void)
{
	char path[64];
	int ret = wait_for_device(path, sizeof(path), 0), fd;

	if (ret)
		return ret;
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int rpmsg_gone(void)
{
	char path[64];

	return wait_for_device(path, sizeof(path), -ENODEV);
}

static int say(int fd, const void *bytes, size_t len)
{
	ssize_t n = write(fd, bytes, len);

	return n == (ssize_t)len ? 0 : n < 0 ? -errno : -EIO;
}

/* What comes next, or -ETIMEDOUT. Return: bytes. */
static int hear(int fd, char *buf, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, PATIENCE_MS) != 1)
		return -ETIMEDOUT;
	n = read(fd, buf, size);
	return n < 0 ? -errno : (int)n;
}

int rpmsg_round_trips(int fd, size_t size, uint64_t *ns, unsigned int count)
{
	char out[MESSAGE_MAX], in[MESSAGE_MAX];
	uint64_t begin;
	int ret;

	memset(out, 'x', sizeof(out));
	while (count--) {
		begin = now_ns();
		ret = say(fd, out, size);
		if (!ret)
			ret = hear(fd, in, sizeof(in));
		*ns++ = now_ns() - begin;
		if (ret < 0)
			return ret;
		if (ret != (int)size || memcmp(in, out, size))
			return -EBADMSG;
	}
	return 0;
}

int rpmsg_send_many(int fd, size_t size, unsigned int count, uint64_t *ns)
{
	char text[MESSAGE_MAX + 1], bytes[MESSAGE_MAX];
	uint64_t begin = now_ns();
	unsigned int had, i;
	int ret;

	memset(bytes, 'x', sizeof(bytes));
	ret = say(fd, text, (size_t)snprintf(text, sizeof(text), "/sink %u", count));
	for (i = 0; !ret && i < count; i++)
		ret = say(fd, bytes, size);
	if (!ret)
		ret = hear(fd, text, MESSAGE_MAX);
	*ns = now_ns() - begin;
	if (ret < 0)
		return ret;
	text[ret] = '\0';
	return sscanf(text, "sink: %u messages", &had) == 1 && had == count ? 0 : -EBADMSG;
}

int rpmsg_get_many(int fd, size_t size, unsigned int count, uint64_t *ns)
{
	char text[MESSAGE_MAX + 1];
	uint64_t begin = now_ns();
	unsigned int had, i;
	int ret;

	ret = say(fd, text, (size_t)snprintf(text, sizeof(text), "/flood %u %zu", count, size));
	for (i = 0; !ret && i < count; i++) {
		ret = hear(fd, text, MESSAGE_MAX);
		ret = ret == (int)size ? 0 : ret < 0 ? ret : -EBADMSG;
	}
	*ns = now_ns() - begin;
	if (!ret)
		ret = hear(fd, text, MESSAGE_MAX);
	if (ret < 0)
		return ret;
	text[ret] = '\0';
	return sscanf(text, "flood: %u sent", &had) == 1 && had == count ? 0 : -EBADMSG;
}
