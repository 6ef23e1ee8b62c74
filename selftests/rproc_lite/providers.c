// SPDX-License-Identifier: GPL-2.0-only
/* The remotes of machine virtprov: see providers.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"
#include "providers.h"
#include "remote.h"

#define MODULE	"rproc_lite_supplies"
#define FILES	"/sys/kernel/debug/" MODULE "/"
#define NODE	"/sys/firmware/devicetree/base/mailbox-10"

int provided_open(unsigned int id)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	int fd;

	while ((fd = remote_open(id, O_RDWR)) == -ENOENT && now_ms() < end)
		usleep(1000);
	return fd;
}

void providers_or_skip(void)
{
	static const unsigned int ids[] = { R_ALL, R_LITTLE, R_LEAST, R_PAIR, R_ASKED };
	size_t i;
	int fd;

	if (access(NODE, F_OK)) {
		printf("TAP version 13\n1..0 # SKIP no such mailboxes in this machine\n");
		exit(4);
	}
	module_load(MODULE);
	module_load("rproc_lite_platform");
	for (i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		fd = provided_open(ids[i]);
		if (fd < 0) {
			printf("Bail out! r%u did not come: error %d\n", ids[i], -fd);
			exit(1);
		}
		remote_offline(fd);
		close(fd);
	}
}

const char *told(void)
{
	static char text[40960];

	return read_text(FILES "log", text, sizeof(text)) < 0 ? "" : text;
}

int forget_told(void)
{
	return write_text(FILES "log", "\n");
}

const char *told_with(const char *text)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;

	while (!strstr(told(), text) && now_ms() < end)
		usleep(1000);
	return told();
}

int balance(struct balance *now)
{
	char users[16];
	ssize_t n;

	n = read_text(FILES "state", now->text, sizeof(now->text) / 2);
	if (n < 0)
		return (int)n;
	n = read_text(FILES "held", now->text + n, sizeof(now->text) / 2);
	if (n < 0)
		return (int)n;
	n = read_text("/sys/module/" MODULE "/refcnt", users, sizeof(users));
	now->users = atoi(users);
	return n < 0 ? (int)n : 0;
}

int balance_wait(const struct balance *want)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	struct balance now;
	int ret;

	do {
		ret = balance(&now);
		if (ret)
			return ret;
		if (!strcmp(now.text, want->text) && now.users == want->users)
			return 0;
		usleep(1000);
	} while (now_ms() < end);
	printf("# this was wanted, with %d users: %s\n# this is so, with %d: %s\n", want->users,
	       want->text, now.users, now.text);
	return -ETIMEDOUT;
}

int let_fail(unsigned int n)
{
	char text[16];

	snprintf(text, sizeof(text), "%u", n);
	return write_text(FILES "fail", text);
}

int let_step_fail(const char *name)
{
	return write_text(FILES "fail", name);
}

int let_be_deaf(int channel)
{
	char text[16];

	snprintf(text, sizeof(text), "%d", channel);
	return write_text(FILES "deaf", text);
}

bool has_failed(void)
{
	char text[16] = "";

	return read_text(FILES "fail", text, sizeof(text)) > 0 && !atoi(text);
}

int say(unsigned int channel, uint32_t word)
{
	char text[64];

	snprintf(text, sizeof(text), "%u 0x%x", channel, word);
	return write_text(FILES "word", text);
}

/* A page of zeros, which nothing runs. */
static int nothing(void)
{
	int file = memfd_create("nothing", MFD_CLOEXEC);

	if (file >= 0 && !ftruncate(file, 4096))
		return file;
	close(file);
	return -EIO;
}

int provided_load_at(int fd, uint32_t address, uint32_t entry)
{
	char settings[64];
	int ret, len, file;

	len = snprintf(settings, sizeof(settings), "load-address=0x%x%cboot-address=0x%x",
		       address, 0, entry);
	ret = remote_config_with(fd, settings, (uint32_t)len + 1);
	if (ret)
		return ret;
	file = nothing();
	ret = remote_load_fd(fd, file);
	close(file);
	return ret;
}

int provided_load(int fd, uint32_t entry)
{
	return provided_load_at(fd, TEST_RAM, entry);
}

int provided_reach(int fd, uint32_t state)
{
	int ret = 0;

	if (state == RPROC_LITE_CONFIGURED)
		return remote_config(fd);
	if (state != RPROC_LITE_OFFLINE)
		ret = provided_load(fd, TEST_RAM);
	if (!ret && state != RPROC_LITE_OFFLINE && state != RPROC_LITE_READY)
		ret = remote_start(fd);
	if (!ret && state == RPROC_LITE_STOPPED)
		ret = remote_stop(fd, 1);
	if (!ret && state == RPROC_LITE_CRASHED)
		ret = remote_crash(fd);
	return ret;
}
