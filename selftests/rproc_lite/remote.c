// SPDX-License-Identifier: GPL-2.0-only
/* A remote, through its char device: see remote.h. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "remote.h"

#define FIRMWARE_PATH	"/lib/firmware/"

struct rproc_lite_verdict remote_said;

int remote_slowness(void)
{
	static int slowness;

	if (!slowness)
		slowness = !access("/sys/kernel/debug/kmemleak", F_OK) ||
			   !access("/sys/kernel/debug/kcsan", F_OK) ? 6 : 1;
	return slowness;
}

uint64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void nap(void)
{
	struct timespec t = { .tv_nsec = 1000000 };

	nanosleep(&t, NULL);
}

void remote_or_skip(unsigned int id)
{
	char path[64];

	snprintf(path, sizeof(path), "/dev/rproc_lite%u", id);
	if (!access(path, F_OK))
		return;
	printf("TAP version 13\n1..0 # SKIP no %s: modprobe rproc_lite_platform?\n", path);
	exit(4);
}

int remote_open(unsigned int id, int flags)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/dev/rproc_lite%u", id);
	fd = open(path, flags | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

static int ask(int fd, unsigned long cmd, void *arg)
{
	return ioctl(fd, cmd, arg) ? -errno : 0;
}

/* What the kernel does not write must not look like an answer. */
static void poison(struct rproc_lite_verdict *v)
{
	memset(v, 0xa5, sizeof(*v));
	strcpy(v->text, "(no verdict was written)");
}

static int act(int fd, unsigned long cmd, uint32_t timeout_ms)
{
	struct rproc_lite_action a = { .timeout_ms = timeout_ms };
	int ret;

	poison(&a.verdict);
	ret = ask(fd, cmd, &a);
	remote_said = a.verdict;
	return ret;
}

int remote_config_with(int fd, const void *data, uint32_t len)
{
	struct rproc_lite_config c = { .data = (uintptr_t)data, .data_len = len };
	int ret;

	poison(&c.verdict);
	ret = ask(fd, RPROC_LITE_IOC_CONFIG, &c);
	remote_said = c.verdict;
	return ret;
}

int remote_config(int fd)
{
	return remote_config_with(fd, NULL, 0);
}

int remote_set_policy(int fd, const char *setting, ...)
{
	struct rproc_lite_config c = { 0 };
	char data[1024];
	va_list more;
	int ret;

	va_start(more, setting);
	for (; setting; setting = va_arg(more, const char *)) {
		strcpy(data + c.data_len, setting);
		c.data_len += (uint32_t)strlen(setting) + 1;
	}
	va_end(more);
	c.data = (uintptr_t)data;
	poison(&c.verdict);
	ret = ask(fd, RPROC_LITE_IOC_SET_POLICY, &c);
	remote_said = c.verdict;
	return ret;
}

int remote_policy(int fd, struct rproc_lite_policy *policy)
{
	memset(policy, 0xa5, sizeof(*policy));
	return ask(fd, RPROC_LITE_IOC_POLICY, policy);
}

int remote_set_rsc(int fd, const void *table, uint32_t size, uint64_t da)
{
	struct rproc_lite_set_rsc s = { .data = (uintptr_t)table, .size = size, .da = da };
	int ret;

	poison(&s.verdict);
	ret = ask(fd, RPROC_LITE_IOC_SET_RSC, &s);
	remote_said = s.verdict;
	return ret;
}

static int mem(int fd, unsigned long cmd, const char *name, uint64_t da, uint64_t size)
{
	struct rproc_lite_mem_window w = { .da = da, .size = size };
	int ret;

	snprintf(w.name, sizeof(w.name), "%s", name);
	poison(&w.verdict);
	ret = ask(fd, cmd, &w);
	remote_said = w.verdict;
	return ret;
}

int remote_add_mem(int fd, const char *name, uint64_t da, uint64_t size)
{
	return mem(fd, RPROC_LITE_IOC_ADD_MEM, name, da, size);
}

int remote_remove_mem(int fd, const char *name)
{
	return mem(fd, RPROC_LITE_IOC_REMOVE_MEM, name, 0, 0);
}

int remote_remove_windows(int fd)
{
	struct rproc_lite_region region;
	uint32_t i = 0;
	int ret;

	while (!remote_region(fd, i, &region)) {
		if (!(region.flags & RPROC_LITE_REGION_WINDOW)) {
			i++;
			continue;
		}
		ret = remote_remove_mem(fd, region.name);
		if (ret)
			return ret;
	}
	return 0;
}

int remote_start(int fd)
{
	return act(fd, RPROC_LITE_IOC_START, 0);
}

int remote_crash(int fd)
{
	return act(fd, RPROC_LITE_IOC_CRASH, 0);
}

int remote_suspend(int fd, uint32_t timeout_ms)
{
	return act(fd, RPROC_LITE_IOC_SUSPEND, timeout_ms);
}

int remote_resume(int fd)
{
	return act(fd, RPROC_LITE_IOC_RESUME, 0);
}

int remote_stop(int fd, uint32_t timeout_ms)
{
	return act(fd, RPROC_LITE_IOC_STOP, timeout_ms);
}

int remote_shutdown(int fd, uint32_t timeout_ms)
{
	return act(fd, RPROC_LITE_IOC_SHUTDOWN, timeout_ms);
}

static int load(int fd, uint32_t source, int image, const char *name, uint32_t flags)
{
	struct rproc_lite_load l = { .source = source, .fd = image, .flags = flags };
	int ret;

	snprintf(l.name, sizeof(l.name), "%s", name);
	poison(&l.verdict);
	ret = ask(fd, RPROC_LITE_IOC_LOAD, &l);
	remote_said = l.verdict;
	return ret;
}

int remote_load(int fd, const char *name)
{
	return load(fd, RPROC_LITE_FROM_NAME, 0, name, 0);
}

int remote_load_fd(int fd, int image)
{
	return remote_load_flags(fd, image, 0);
}

int remote_load_flags(int fd, int image, uint32_t flags)
{
	return load(fd, RPROC_LITE_FROM_FD, image, "by fd", flags);
}

int remote_info(int fd, struct rproc_lite_info *info)
{
	memset(info, 0xa5, sizeof(*info));
	return ask(fd, RPROC_LITE_IOC_INFO, info);
}

int remote_state(int fd)
{
	struct rproc_lite_info info;
	int ret = remote_info(fd, &info);

	return ret ? ret : (int)info.state;
}

int remote_op(int fd)
{
	struct rproc_lite_info info;
	int ret = remote_info(fd, &info);

	return ret ? ret : (int)info.op;
}

int remote_region(int fd, uint32_t index, struct rproc_lite_region *region)
{
	memset(region, 0xa5, sizeof(*region));
	region->index = index;
	return ask(fd, RPROC_LITE_IOC_REGION, region);
}

int remote_placement(int fd, uint32_t index, struct rproc_lite_placement *placement)
{
	memset(placement, 0xa5, sizeof(*placement));
	placement->index = index;
	return ask(fd, RPROC_LITE_IOC_PLACEMENT, placement);
}

int remote_rsc(int fd, struct rproc_lite_rsc *rsc)
{
	return ask(fd, RPROC_LITE_IOC_RSC, rsc);
}

int remote_find(int fd, struct rproc_lite_find *find)
{
	return ask(fd, RPROC_LITE_IOC_FIND, find);
}

off_t remote_offset(int fd, uint64_t da, uint64_t len)
{
	struct rproc_lite_find f = { .by = RPROC_LITE_BY_DA, .addr = da, .len = len };
	int ret = remote_find(fd, &f);

	return ret ? ret : (off_t)f.offset;
}

int remote_placed(int fd, uint32_t kind, const char *name, struct rproc_lite_placement *found)
{
	uint32_t i;

	for (i = 0; !remote_placement(fd, i, found); i++)
		if (found->kind == kind && (!name || !strcmp(found->name, name)))
			return 0;
	return -ENOENT;
}

ssize_t remote_trace(int fd, uint32_t index, char *buf, size_t size)
{
	struct rproc_lite_trace t = { .index = index, .cursor = RPROC_LITE_TRACE_OLDEST };
	size_t len = 0;
	int ret;

	do {
		t.data = (uintptr_t)buf + len;
		t.data_len = (uint32_t)(size - 1 - len);
		ret = ask(fd, RPROC_LITE_IOC_TRACE, &t);
		if (ret)
			return ret;
		len += t.data_len;
	} while (t.data_len && len < size - 1);
	buf[len] = '\0';
	return (ssize_t)len;
}

const char *remote_trace_with(int fd, const char *text)
{
	static char buf[65536];
	uint64_t end = now_ms() + REMOTE_PATIENCE;

	do {
		if (remote_trace(fd, 0, buf, sizeof(buf)) >= 0 && strstr(buf, text))
			return buf;
		nap();
	} while (now_ms() < end);
	return "";
}

int remote_trace_count(int fd, const char *text)
{
	char buf[65536], *at = buf;
	int n = 0;

	if (remote_trace(fd, 0, buf, sizeof(buf)) < 0)
		return -1;
	while ((at = strstr(at, text))) {
		at += strlen(text);
		n++;
	}
	return n;
}

int remote_poll(int fd, int timeout_ms)
{
	struct pollfd p = { .fd = fd, .events = POLLPRI };

	return poll(&p, 1, timeout_ms) < 0 ? -errno : p.revents;
}

int remote_wait_state(int fd, uint32_t state)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE, now;
	int seen;

	for (;;) {
		seen = remote_state(fd);
		now = now_ms();
		if (seen < 0 || seen == (int)state)
			return seen < 0 ? seen : 0;
		if (now >= end)
			return -ETIMEDOUT;
		remote_poll(fd, (int)(end - now));
	}
}

/* No event tells of operations, nor of READY. */
static int wait_info(int fd, bool (*is)(const struct rproc_lite_info *, uint32_t), uint32_t arg)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	struct rproc_lite_info info;
	int ret;

	for (;;) {
		ret = remote_info(fd, &info);
		if (ret || is(&info, arg))
			return ret;
		if (now_ms() >= end)
			return -ETIMEDOUT;
		nap();
	}
}

static bool is_op(const struct rproc_lite_info *info, uint32_t op)
{
	return info->op == op;
}

static bool is_ready(const struct rproc_lite_info *info, uint32_t unused)
{
	(void)unused;
	return info->flags & RPROC_LITE_INFO_READY;
}

int remote_wait_op(int fd, uint32_t op)
{
	return wait_info(fd, is_op, op);
}

static bool is_recovery(const struct rproc_lite_info *info, uint32_t what)
{
	return info->recovery == what;
}

int remote_wait_recovery(int fd, uint32_t what)
{
	return wait_info(fd, is_recovery, what);
}

int remote_wait_ready(int fd)
{
	return wait_info(fd, is_ready, 0);
}

int remote_open_backend(const char *backend, unsigned int *id)
{
	struct rproc_lite_info info;
	int fd;

	for (*id = 0; *id < 32; ++*id) {
		fd = remote_open(*id, O_RDWR);
		if (fd >= 0 && !remote_info(fd, &info) && !strcmp(info.backend, backend))
			return fd;
		if (fd >= 0)
			close(fd);
	}
	return -ENOENT;
}

bool remote_is_translated(int fd)
{
	struct rproc_lite_region region;

	return !remote_region(fd, 0, &region) && region.da != region.pa;
}

static const struct remote_kind kinds[] = {
	{ .backend = "psci-core", .elf_class = 2, .elf_machine = 183, .has_cpu = true },
	{ .backend = "reset-core", .elf_class = 1, .elf_machine = 40, .has_reset = true },
	/* samples/backend: as psci-core, but that it has its own ways. */
	{ .backend = "", .elf_class = 2, .elf_machine = 183 },
};

const struct remote_kind *remote_kind(int fd)
{
	const struct remote_kind *k = kinds;
	struct rproc_lite_info info;

	if (remote_info(fd, &info))
		info.backend[0] = '\0';
	while (*k->backend && strcmp(k->backend, info.backend))
		k++;
	return k;
}

void remote_cpu_or_skip(unsigned int id)
{
	bool has_cpu;
	int fd;

	remote_or_skip(id);
	fd = remote_open(id, O_RDONLY);
	has_cpu = remote_kind(fd)->has_cpu;
	close(fd);
	if (has_cpu)
		return;
	printf("TAP version 13\n1..0 # SKIP the remote is no CPU of Linux's\n");
	exit(4);
}

/* Where the firmware of each remote of the bench lies: selftests/firmware/Makefile. */
static const struct place {
	uint64_t da;
	bool has_reset;
	const char *suffix;
} places[] = {
	{ 0x50000000, false, "" },
	{ 0x54000000, false, "-r1" },
	{ 0x58000000, false, "-r2" },
	{ 0x10000000, false, "-da" },
	{ 0x10000000, true, "-r5" },
	{ 0x14000000, true, "-r5-r1" },
	{ 0x18000000, false, "-v2" },
};

static const char *firmware_suffix(int fd)
{
	bool has_reset = remote_kind(fd)->has_reset;
	struct rproc_lite_region region;
	unsigned int i;

	if (remote_region(fd, 0, &region))
		return "";
	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (places[i].da == region.da && places[i].has_reset == has_reset)
			return places[i].suffix;
	return "";
}

const char *remote_firmware(int fd, const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "rproc-lite/%s%s.elf", name, firmware_suffix(fd));
	return path;
}

int remote_open_firmware(int fd, const char *name)
{
	char path[256];
	int file;

	snprintf(path, sizeof(path), FIRMWARE_PATH "%s", remote_firmware(fd, name));
	file = open(path, O_RDONLY | O_CLOEXEC);
	return file < 0 ? -errno : file;
}

uint64_t remote_state_seq(int fd)
{
	struct rproc_lite_info info;

	return remote_info(fd, &info) ? 0 : info.state_seq;
}

int remote_offline(int fd)
{
	int ret = remote_shutdown(fd, REMOTE_PATIENCE);

	/* It may take a second word. */
	if (ret == -ETIMEDOUT)
		ret = remote_shutdown(fd, REMOTE_PATIENCE);
	return ret;
}

int remote_run(int fd, const char *name)
{
	int ret = remote_config(fd);

	if (!ret)
		ret = remote_load(fd, remote_firmware(fd, name));
	if (!ret)
		ret = remote_start(fd);
	return ret ? ret : remote_wait_ready(fd);
}

int remote_reach(int fd, uint32_t state)
{
	int ret = 0;

	if (state == RPROC_LITE_OFFLINE)
		return 0;
	if (state == RPROC_LITE_CRASHED) {
		ret = remote_run(fd, "crash");
		if (!ret)
			ret = remote_wait_state(fd, state);
		/* It is Crashed before all that follows from it is done. */
		return ret ? ret : remote_wait_op(fd, RPROC_LITE_OP_NONE);
	}
	ret = remote_config(fd);
	if (ret || state == RPROC_LITE_CONFIGURED)
		return ret;
	ret = remote_load(fd, remote_firmware(fd, "echo"));
	if (ret || state == RPROC_LITE_READY)
		return ret;
	ret = remote_start(fd);
	if (!ret)
		ret = remote_wait_ready(fd);
	if (ret || state == RPROC_LITE_RUNNING)
		return ret;
	return remote_stop(fd, REMOTE_PATIENCE);
}

const char *remote_state_name(uint32_t state)
{
	static const char *const names[] = {
		"Offline", "Configured", "Ready", "Running", "Stopped", "Suspended", "Crashed",
	};

	return state < sizeof(names) / sizeof(names[0]) ? names[state] : "?";
}

int job_stop(int fd, int timeout_ms)
{
	return remote_stop(fd, (uint32_t)timeout_ms);
}

int job_shutdown(int fd, int timeout_ms)
{
	return remote_shutdown(fd, (uint32_t)timeout_ms);
}

int job_load(int fd, int image)
{
	return remote_load_fd(fd, image);
}

int job_begin(struct job *job, job_fn *fn, int fd, int arg)
{
	uint64_t begin;

	job->result = mmap(NULL, sizeof(*job->result), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (job->result == MAP_FAILED)
		return -errno;
	job->result->ret = JOB_KILLED;
	job->pid = fork();
	if (job->pid < 0)
		return -errno;
	if (!job->pid) {
		/* Whatever becomes of the test, nothing of it stays behind. */
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		begin = now_ms();
		job->result->ret = fn(fd, arg);
		job->result->ms = now_ms() - begin;
		job->result->said = remote_said;
		_exit(0);
	}
	job->pidfd = (int)syscall(SYS_pidfd_open, job->pid, 0);
	return job->pidfd < 0 ? -errno : 0;
}

int job_begin_load(struct job *job, int fd, int ends[2])
{
	int ret;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	ret = job_begin(job, job_load, fd, ends[0]);
	return ret ? ret : remote_wait_op(fd, RPROC_LITE_OP_LOAD);
}

bool job_over(const struct job *job)
{
	struct pollfd p = { .fd = job->pidfd, .events = POLLIN };

	return poll(&p, 1, 0) > 0;
}

int job_end(struct job *job, int timeout_ms)
{
	struct pollfd p = { .fd = job->pidfd, .events = POLLIN };
	int ret = poll(&p, 1, timeout_ms) == 1 ? 0 : -ETIMEDOUT;

	if (ret)
		kill(job->pid, SIGKILL);
	waitpid(job->pid, NULL, 0);
	close(job->pidfd);
	remote_said = job->result->said;
	return ret;
}
