// SPDX-License-Identifier: GPL-2.0-only
/* The machine around a remote: see guest.h. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "remote.h"

ssize_t read_text(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	int ret = 0;
	ssize_t n;

	if (fd < 0)
		return -errno;
	while (len < size - 1) {
		n = read(fd, buf + len, size - 1 - len);
		if (n < 0 && !len)
			ret = -errno;
		if (n <= 0)
			break;
		len += (size_t)n;
	}
	close(fd);
	buf[len] = '\0';
	return ret ? ret : (ssize_t)len;
}

int write_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

int cpu_of_remote(int fd)
{
	struct rproc_lite_info info;
	unsigned int cpu;
	int ret = remote_info(fd, &info);

	if (ret)
		return ret;
	return sscanf(info.detail, "cpu%u", &cpu) == 1 ? (int)cpu : -ENODEV;
}

int cpu_borrowed(int fd, int *cpu)
{
	*cpu = CPU_NONE;
	if (!remote_kind(fd)->has_cpu)
		return 0;
	*cpu = cpu_of_remote(fd);
	return *cpu < 0 ? *cpu : 0;
}

static const char *online_path(unsigned int cpu)
{
	static char path[64];

	snprintf(path, sizeof(path), "/sys/devices/system/cpu/cpu%u/online", cpu);
	return path;
}

int cpu_is_online(unsigned int cpu)
{
	char buf[8];
	ssize_t n = read_text(online_path(cpu), buf, sizeof(buf));

	return n < 0 ? (int)n : buf[0] == '1';
}

int cpu_set_online(unsigned int cpu, bool online)
{
	return write_text(online_path(cpu), online ? "1" : "0");
}

bool cpu_is_back(int cpu)
{
	return cpu == CPU_NONE || cpu_is_online((unsigned int)cpu) == 1;
}

bool cpu_is_kept(int cpu)
{
	return cpu == CPU_NONE || (cpu_is_online((unsigned int)cpu) == 0 &&
				   cpu_set_online((unsigned int)cpu, true) == -EBUSY);
}

int remote_device(unsigned int id, char *name, size_t size)
{
	char link[64], target[256];
	ssize_t n;

	snprintf(link, sizeof(link), "/sys/class/rproc_lite/rproc_lite%u/device", id);
	n = readlink(link, target, sizeof(target) - 1);
	if (n < 0)
		return -errno;
	target[n] = '\0';
	snprintf(name, size, "%s", basename(target));
	return 0;
}

static int driver_do(const char *device, const char *what)
{
	static const char *const drivers[][2] = {
		{ "rproc-lite,psci-core", "rproc_lite_psci" },
		{ "rproc-lite,reset-core", "rproc_lite_reset" },
		{ "rproc-lite,irq-doorbell", "rproc_lite_doorbell" },
	};
	const size_t num = sizeof(drivers) / sizeof(drivers[0]);
	char path[160], compatible[64];
	size_t i = 0;
	ssize_t n;

	snprintf(path, sizeof(path), "/sys/bus/platform/devices/%s/of_node/compatible", device);
	n = read_text(path, compatible, sizeof(compatible));
	if (n < 0)
		return (int)n;
	while (i < num && strcmp(compatible, drivers[i][0]))
		i++;
	if (i == num)
		return -EINVAL;
	snprintf(path, sizeof(path), "/sys/bus/platform/drivers/%s/%s", drivers[i][1], what);
	return write_text(path, device);
}

int driver_unbind(const char *device)
{
	return driver_do(device, "unbind");
}

int driver_bind(const char *device)
{
	return driver_do(device, "bind");
}

int module_load(const char *name)
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		execlp("modprobe", "modprobe", name, NULL);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		return -errno;
	return status ? -ENOENT : 0;
}

int module_unload(const char *name)
{
	return syscall(SYS_delete_module, name, O_NONBLOCK) ? -errno : 0;
}

bool module_is_loaded(const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "/sys/module/%s/initstate", name);
	return !access(path, F_OK);
}

int module_open(const char *name)
{
	struct utsname u;
	char path[256];
	int fd;

	uname(&u);
	snprintf(path, sizeof(path), "/lib/modules/%s/updates/%s.ko", u.release, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

bool module_is_there(const char *name)
{
	int fd = module_open(name);

	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

#define PM_TEST		"/sys/power/pm_test"
#define PM_TEST_DELAY	"/sys/module/suspend/parameters/pm_test_delay"

int sleep_as_far_as(const char *depth, const char *seconds)
{
	int ret = write_text(PM_TEST, depth);

	if (ret == -ENOENT)
		return -ENOTSUP;
	if (!ret)
		ret = write_text(PM_TEST_DELAY, seconds);
	if (!ret)
		ret = write_text("/sys/power/state", "freeze");
	write_text(PM_TEST_DELAY, "5");
	write_text(PM_TEST, "none");
	return ret;
}

unsigned int count_from_env(unsigned int once)
{
	const char *text = getenv("RPROC_LITE_COUNT");
	unsigned long times = text ? strtoul(text, NULL, 10) : 1;

	if (!times)
		times = 1;
	printf("# RPROC_LITE_COUNT=%lu: %lu times\n", times, times * once);
	fflush(stdout);
	return (unsigned int)times * once;
}
