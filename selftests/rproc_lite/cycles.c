// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many whole lives of a remote in one boot, and nothing that grows with their
 * number: no object of any slab cache, no vmalloc area. Then the modules go, and
 * nothing of theirs is left.
 *
 * A leak of one object a life adds as many objects to one cache as there are lives.
 * Caches breathe, so only what grows so again and again is a leak.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/membarrier.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "kselftest.h"
#include "guest.h"
#include "remote.h"

#define CACHES_MAX	512
#define WARM_UP		5
/* Two halves; and two more of the kind if something seems to grow. */
#define HALVES_MAX	4
/* A count is the least of so many. */
#define LOOKS		4

struct cache {
	char name[48];
	long objects;
};

struct memory {
	struct cache cache[CACHES_MAX];
	unsigned int caches;
	long areas;		/* of vmalloc, in all, but for the stacks of processes */
	long mappings;		/* those of them that map something */
	long ours;		/* those of them that map the remote's regions */
};

static struct memory stock[HALVES_MAX + 1];
static char text[1 << 20];

/* All that waits for a grace period, for a work behind it, or to be of use again. */
static void settle(void)
{
	int i;

	for (i = 0; i < 3; i++) {
		write_text("/proc/sys/vm/drop_caches", "2");
		syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0);
		usleep(100000);
	}
}

static int shrink_fds[CACHES_MAX];
static unsigned int num_shrink_fds;

/* Once, since opening and closing them leaves objects for RCU to free. */
static void open_slabs(void)
{
	DIR *d = opendir("/sys/kernel/slab");
	char path[320];
	struct dirent *e;
	int fd;

	while (d && (e = readdir(d)) && num_shrink_fds < CACHES_MAX) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink", e->d_name);
		fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd >= 0)
			shrink_fds[num_shrink_fds++] = fd;
	}
	if (d)
		closedir(d);
	ksft_print_msg("%u slab caches\n", num_shrink_fds);
}

/*
 * Give back what caches keep for later. The slab that a CPU allocates from counts
 * as full, so this must not begin one of many small objects: what is written is
 * copied into an object of its size.
 */
static void shrink_slabs(void)
{
	char one[3000] = "1";
	unsigned int i;

	memset(one + 1, ' ', sizeof(one) - 1);
	for (i = 0; i < num_shrink_fds; i++)
		if (pwrite(shrink_fds[i], one, sizeof(one), 0) < 0)
			ksft_print_msg("a slab cache can't be shrunk: %s\n", strerror(errno));
}

static struct cache *find_cache(struct memory *m, const char *name)
{
	unsigned int i;

	for (i = 0; i < m->caches; i++)
		if (!strcmp(m->cache[i].name, name))
			return &m->cache[i];
	return NULL;
}

static void count_slab(struct memory *m, const char *name, long objects)
{
	struct cache *c = find_cache(m, name);

	if (c && c->objects > objects)
		c->objects = objects;
	if (c || m->caches == CACHES_MAX)
		return;
	c = &m->cache[m->caches++];
	snprintf(c->name, sizeof(c->name), "%s", name);
	c->objects = objects;
}

static void count_slabs(struct memory *m)
{
	char *line, *save, name[48];
	long objects;

	if (read_text("/proc/slabinfo", text, sizeof(text)) <= 0)
		ksft_exit_skip("no /proc/slabinfo\n");
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (*line != '#' && sscanf(line, "%47s %ld", name, &objects) == 2)
			count_slab(m, name, objects);
}

static struct rproc_lite_region regions[8];
static unsigned int num_regions;

static void find_regions(int fd)
{
	while (num_regions < 8 && !remote_region(fd, num_regions, &regions[num_regions]))
		num_regions++;
}

static bool is_ours(unsigned long long pa)
{
	unsigned int i;

	for (i = 0; i < num_regions; i++)
		if (pa >= regions[i].pa && pa - regions[i].pa < regions[i].size)
			return true;
	return false;
}

/* Stacks are as many as there happen to be processes. */
static bool is_stack(const char *line)
{
	return strstr(line, "kernel_clone") || strstr(line, "fork_idle") ||
	       strstr(line, "dup_task_struct");
}

/* Areas that are free, but not yet given back, have their structures still. */
static void forget_unpurged(struct memory *m, long unpurged)
{
	struct cache *c = find_cache(m, "vmap_area");

	if (c)
		c->objects -= unpurged;
}

static void count_areas(struct memory *m)
{
	char *line, *save, *phys;
	long unpurged = 0;

	if (read_text("/proc/vmallocinfo", text, sizeof(text)) <= 0)
		ksft_exit_skip("no /proc/vmallocinfo\n");
	m->areas = 0;
	m->mappings = 0;
	m->ours = 0;
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		if (strstr(line, "unpurged")) {
			unpurged++;
			continue;
		}
		m->areas += !is_stack(line);
		phys = strstr(line, "phys=");
		m->mappings += !!phys;
		m->ours += phys && is_ours(strtoull(phys + 5, NULL, 0));
	}
	forget_unpurged(m, unpurged);
}

static void take_stock(struct memory *m)
{
	int i;

	m->caches = 0;
	settle();
	for (i = 0; i < LOOKS; i++) {
		shrink_slabs();
		count_slabs(m);
	}
	count_areas(m);
}

static long objects_of(struct memory *m, const char *name)
{
	struct cache *c = find_cache(m, name);

	return c ? c->objects : 0;
}

static bool live(int fd)
{
	return !remote_run(fd, "echo") && !remote_stop(fd, REMOTE_PATIENCE) &&
	       remote_trace_count(fd, "bye") == 1 && !remote_shutdown(fd, 0);
}

static bool lives(unsigned int count)
{
	int fd = remote_open(REMOTE, O_RDWR);
	uint64_t begin = now_ms();
	unsigned int n = 0;

	if (fd >= 0 && !remote_offline(fd))
		while (n < count && live(fd))
			n++;
	close(fd);
	if (n == count)
		ksft_print_msg("%u lives in %d ms\n", n, (int)(now_ms() - begin));
	else
		ksft_print_msg("died in life %u: %s\n", n, remote_said.text);
	return n == count;
}

/* As much as one object for each life, a little breath aside, in every half. */
static bool grows(const char *name, unsigned int halves, long lives_each)
{
	unsigned int i;

	for (i = 0; i < halves; i++)
		if (objects_of(&stock[i + 1], name) - objects_of(&stock[i], name) <
		    lives_each * 9 / 10)
			return false;
	return true;
}

static unsigned int growing(unsigned int halves, long lives_each)
{
	struct memory *last = &stock[halves];
	unsigned int i, j, n = 0;

	for (i = 0; i < last->caches; i++) {
		const char *name = last->cache[i].name;

		if (!grows(name, halves, lives_each))
			continue;
		n++;
		ksft_print_msg("%s: %ld objects", name, objects_of(&stock[0], name));
		for (j = 1; j <= halves; j++)
			printf(", then %ld", objects_of(&stock[j], name));
		printf("\n");
	}
	return n;
}

/* Return: the half that was the last, 0 if the remote died. */
static unsigned int live_on(unsigned int lives_each)
{
	unsigned int halves = 0, suspects;

	do {
		if (!lives(lives_each))
			return 0;
		take_stock(&stock[++halves]);
		suspects = growing(halves, lives_each);
	} while (halves < 2 || (suspects && halves < HALVES_MAX));
	ksft_test_result(!suspects, "no slab cache grows\n");
	return halves;
}

static void no_area_grows(unsigned int halves, long lives_each)
{
	const struct memory *first = &stock[0], *last = &stock[halves];

	ksft_print_msg("vmalloc areas %ld, then %ld; mappings %ld, %ld; of the regions %ld, %ld\n",
		       first->areas, last->areas, first->mappings, last->mappings,
		       first->ours, last->ours);
	ksft_test_result(first->ours == num_regions && last->ours == num_regions &&
			 first->mappings == last->mappings, "each region is mapped once\n");
	ksft_test_result(last->areas - first->areas < halves * lives_each * 9 / 10,
			 "vmalloc areas do not grow\n");
}

/* What there is of the kernel's log: nothing that alarms. */
static bool log_is_clean(void)
{
	static const char *const alarming[] = {
		"WARNING:", "BUG:", "Call trace:", "Oops", "refcount_t", "Unable to handle",
	};
	int fd = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	bool clean = true;
	unsigned int i;
	ssize_t n;

	if (fd < 0)
		return false;
	for (;;) {
		n = read(fd, text, sizeof(text) - 1);
		if (n < 0 && errno == EPIPE)
			continue;	/* overwritten meanwhile */
		if (n <= 0)
			break;
		text[n] = '\0';
		for (i = 0; i < ARRAY_SIZE(alarming); i++) {
			if (strstr(text, alarming[i])) {
				ksft_print_msg("the log says: %s\n", text);
				clean = false;
			}
		}
	}
	close(fd);
	return clean;
}

static void modules_go(int cpu, const struct memory *last)
{
	static const char *const modules[] = {
		"rproc_lite_platform", "rproc_lite_mailbox", "rproc_lite",
	};
	static struct memory left;
	unsigned int i;
	int ret;

	for (i = 0; i < 3; i++) {
		ret = module_unload(modules[i]);
		ksft_test_result(!ret, "rmmod %s\n", modules[i]);
	}
	ksft_test_result(cpu_is_back(cpu), "the CPU is back\n");
	take_stock(&left);
	ksft_print_msg("mappings left %ld, of the regions %ld\n", left.mappings, left.ours);
	/* The doorbell's, too. */
	ksft_test_result(!left.ours && left.mappings < last->mappings - last->ours,
			 "no mapping is left\n");
	ksft_test_result(!module_load("rproc_lite_platform"), "modprobe\n");
	take_stock(&left);
	ksft_test_result(left.ours == last->ours && left.mappings == last->mappings,
			 "the same mappings as before rmmod\n");
}

int main(void)
{
	unsigned int count, half, halves;
	int fd, cpu;

	remote_or_skip(REMOTE);
	ksft_print_header();
	ksft_set_plan(11);
	count = count_from_env(20);
	half = count / 2 ? count / 2 : 1;
	fd = remote_open(REMOTE, O_RDWR);
	if (cpu_borrowed(fd, &cpu))
		ksft_exit_fail_msg("INFO names no CPU\n");
	find_regions(fd);
	close(fd);

	open_slabs();
	if (!lives(WARM_UP))
		ksft_exit_fail_msg("it does not live at all\n");
	take_stock(&stock[0]);
	halves = live_on(half);
	if (!halves)
		ksft_exit_fail_msg("it does not live on\n");
	no_area_grows(halves, half);
	modules_go(cpu, &stock[halves]);
	ksft_test_result(log_is_clean(), "no warning in the log\n");
	ksft_finished();
}
