// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "nth.h"
#include "guest.h"

#define WORKERS_MAX	128
#define DEBUGFS		"/sys/kernel/debug/"

static int own = -1;
static int worker[WORKERS_MAX];
static unsigned int workers;

/* Of all kinds, also where the kernel could wait for memory; and nothing is printed. */
static const char *const knobs[][2] = {
	{ DEBUGFS "failslab/ignore-gfp-wait", "N" },
	{ DEBUGFS "failslab/verbose", "0" },
	{ DEBUGFS "fail_page_alloc/ignore-gfp-wait", "N" },
	{ DEBUGFS "fail_page_alloc/min-order", "0" },
	{ DEBUGFS "fail_page_alloc/verbose", "0" },
	{ DEBUGFS "fail_usercopy/verbose", "0" },
};

static const char *const kinds[] = { "failslab", "fail_page_alloc", "fail_usercopy" };

int nth_open(void)
{
	char path[64];
	unsigned int i;
	int ret;

	snprintf(path, sizeof(path), "/proc/self/task/%ld/fail-nth", syscall(SYS_gettid));
	own = open(path, O_RDWR | O_CLOEXEC);
	if (own < 0)
		return -errno;
	for (i = 0; i < sizeof(knobs) / sizeof(knobs[0]); i++) {
		ret = write_text(knobs[i][0], knobs[i][1]);
		if (ret)
			return ret;
	}
	return 0;
}

static int arm(int fd, unsigned int n)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", n);

	return pwrite(fd, text, (size_t)len, 0) == len ? 0 : -errno;
}

/* Reading may be what it meets: then the call before did not. */
static bool met(int fd)
{
	char text[16] = "";
	bool zero = pread(fd, text, sizeof(text) - 1, 0) > 0 && atoi(text) == 0;

	arm(fd, 0);
	return zero;
}

int nth_arm(unsigned int n)
{
	return arm(own, n);
}

bool nth_met(void)
{
	return met(own);
}

/* The addresses from the first of our modules to the last. */
static int our_text(unsigned long *begin, unsigned long *end)
{
	char name[64], line[512];
	unsigned long size, at;
	FILE *f = fopen("/proc/modules", "r");

	*begin = ~0UL;
	*end = 0;
	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%63s %lu %*s %*s %*s %lx", name, &size, &at) != 3 ||
		    strncmp(name, "rproc_lite", 10))
			continue;
		if (at < *begin)
			*begin = at;
		if (at + size > *end)
			*end = at + size;
	}
	if (f)
		fclose(f);
	return *end ? 0 : -ENOENT;
}

/* Of a call's stack; @what: "require", that somebody in it is there, or "reject". */
static int filter(const char *what, unsigned long begin, unsigned long end)
{
	char path[96], text[32];
	unsigned int i;
	int ret = 0;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && !ret; i++) {
		snprintf(path, sizeof(path), DEBUGFS "%s/%s-start", kinds[i], what);
		snprintf(text, sizeof(text), "0x%lx", begin);
		ret = write_text(path, text);
		snprintf(path, sizeof(path), DEBUGFS "%s/%s-end", kinds[i], what);
		snprintf(text, sizeof(text), "0x%lx", end);
		if (!ret)
			ret = write_text(path, text);
	}
	return ret;
}

/* Where a function of the kernel begins, and the next one: the kernel's own are in order. */
static int text_of(const char *function, unsigned long *begin, unsigned long *end)
{
	FILE *f = fopen("/proc/kallsyms", "r");
	unsigned long at;
	char name[256];

	*begin = 0;
	*end = 0;
	while (f && !*end && fscanf(f, "%lx %*c %255[^\n]", &at, name) == 2) {
		if (!*begin && !strcmp(name, function))
			*begin = at;
		else if (*begin && at > *begin)
			*end = at;
	}
	if (f)
		fclose(f);
	return *end ? 0 : -ENOENT;
}

int nth_spare(const char *function)
{
	unsigned long begin = 0, end = 0;
	int ret = function ? text_of(function, &begin, &end) : 0;

	return ret ? ret : filter("reject", begin, end);
}

static void find_workers(void)
{
	DIR *proc = opendir("/proc");
	char path[300], comm[32];
	struct dirent *entry;

	while (proc && workers < WORKERS_MAX && (entry = readdir(proc))) {
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		if (read_text(path, comm, sizeof(comm)) <= 0 || strncmp(comm, "kworker", 7))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/fail-nth", entry->d_name);
		worker[workers] = open(path, O_RDWR | O_CLOEXEC);
		if (worker[workers] >= 0)
			workers++;
	}
	if (proc)
		closedir(proc);
}

int nth_arm_others(unsigned int n)
{
	unsigned long begin, end;
	unsigned int i;
	int ret = our_text(&begin, &end);

	if (!ret)
		ret = filter("require", begin, end);
	find_workers();
	/* One that is gone meanwhile is no loss. */
	for (i = 0; i < workers && !ret; i++)
		arm(worker[i], n);
	return ret;
}

unsigned int nth_met_others(void)
{
	unsigned int i, count = 0;

	for (i = 0; i < workers; i++) {
		count += met(worker[i]);
		close(worker[i]);
	}
	workers = 0;
	filter("require", 0, ~0UL);
	return count;
}
