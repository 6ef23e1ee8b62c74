// SPDX-License-Identifier: GPL-2.0-only
#include "kcov.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <unistd.h>

#include <linux/kcov.h>

#define WORDS		(256u << 10)
/* Powers of two, larger than what may be in them. */
#define PLACES		(1u << 16)
#define STEPS		(1u << 18)

static unsigned long *trace;
static uint64_t places[PLACES], steps[STEPS];
static unsigned int num_places;

static int open_file(void)
{
	int fd = open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);

	if (fd >= 0 || errno != ENOENT)
		return fd;
	mount("debugfs", "/sys/kernel/debug", "debugfs", 0, NULL);
	return open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC);
}

int kcov_open(void)
{
	int fd = open_file();

	if (fd < 0)
		return -errno;
	if (ioctl(fd, KCOV_INIT_TRACE, WORDS))
		return -errno;
	trace = mmap(NULL, WORDS * sizeof(long), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (trace == MAP_FAILED)
		return -errno;
	return ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC) ? -errno : 0;
}

void kcov_begin(void)
{
	__atomic_store_n(&trace[0], 0, __ATOMIC_RELAXED);
}

/* Was it not there? Then it is. */
static bool add(uint64_t *set, uint32_t size, uint64_t value)
{
	uint32_t at = (uint32_t)(value * 0x9e3779b97f4a7c15ULL >> 32), n;

	for (n = 0; n < 16; n++, at++) {
		if (set[at % size] == value)
			return false;
		if (!set[at % size]) {
			set[at % size] = value;
			return true;
		}
	}
	return false;
}

unsigned int kcov_end(void)
{
	unsigned long n = __atomic_load_n(&trace[0], __ATOMIC_RELAXED), i;
	uint64_t before = 1, now;
	unsigned int news = 0;

	for (i = 0; i < n && i < WORDS - 1; i++) {
		now = trace[i + 1];
		num_places += add(places, PLACES, now);
		/* The low bits tell modules' code apart. */
		news += add(steps, STEPS, now << 32 | (before & 0xffffffff));
		before = now;
	}
	return news;
}

unsigned int kcov_places(void)
{
	return num_places;
}
