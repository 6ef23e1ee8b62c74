// SPDX-License-Identifier: GPL-2.0-only
/* What the kernel holds: see stock.h. */
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
#include "kmsg.h"
#include "remote.h"
#include "stock.h"

/* A count is the least of so many. */
#define LOOKS		4

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

static int shrink_fds[STOCK_CACHES];
static unsigned int num_shrink_fds;

/* Once, since opening and closing them leaves objects for RCU to free. */
static void open_slabs(void)
{
	DIR *d = opendir("/sys/kernel/slab");
	char path[320];
	struct dirent *e;
	int fd;

	while (d && (e = readdir(d)) && num_shrink_fds < STOCK_CACHES) {
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

static struct stock_cache *find_cache(struct stock *m, const char *name)
{
	unsigned int i;

	for (i = 0; i < m->caches; i++)
		if (!strcmp(m->cache[i].name, name))
			return &m->cache[i];
	return NULL;
}

static void count_slab(struct stock *m, const char *name, long objects)
{
	struct stock_cache *c = find_cache(m, name);

	if (c && c->objects > objects)
		c->objects = objects;
	if (c || m->caches == STOCK_CACHES)
		return;
	c = &m->cache[m->caches++];
	snprintf(c->name, sizeof(c->name), "%s", name);
	c->objects = objects;
}

static void count_slabs(struct stock *m)
{
	/* They have one for each object of all others, or a pool of those. */
	static const char *const watchers[] = { "kmemleak_object", "debug_objects_cache" };
	char *line, *save, name[48];
	long objects;

	if (read_text("/proc/slabinfo", text, sizeof(text)) <= 0)
		ksft_exit_skip("no /proc/slabinfo\n");
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (*line != '#' && sscanf(line, "%47s %ld", name, &objects) == 2 &&
		    strcmp(name, watchers[0]) && strcmp(name, watchers[1]))
			count_slab(m, name, objects);
}

static struct rproc_lite_region regions[8];
unsigned int stock_regions;

/* Those that are nobody else's: what cores share is mapped for each of them. */
static void find_regions(int fd)
{
	uint32_t i;

	for (i = 0; stock_regions < 8 && !remote_region(fd, i, &regions[stock_regions]); i++)
		if (strcmp(regions[stock_regions].name, "vectors"))
			stock_regions++;
}

void stock_begin(int fd)
{
	open_slabs();
	find_regions(fd);
}

static bool is_ours(unsigned long long pa)
{
	unsigned int i;

	for (i = 0; i < stock_regions; i++)
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

/* Areas that are free, but not yet given back, have their structures still, kmemleak's too. */
static void forget_unpurged(struct stock *m, long unpurged)
{
	static const char *const names[] = { "vmap_area", "kmemleak_scan_area" };
	struct stock_cache *c;
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		c = find_cache(m, names[i]);
		if (c)
			c->objects -= unpurged;
	}
}

static void count_areas(struct stock *m)
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

void stock_take(struct stock *m)
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

static long objects_of(struct stock *m, const char *name)
{
	struct stock_cache *c = find_cache(m, name);

	return c ? c->objects : 0;
}

/* As much as one object for each life, a little breath aside, in every half. */
static bool grows(struct stock *stock, const char *name, unsigned int halves, long lives_each)
{
	unsigned int i;

	for (i = 0; i < halves; i++)
		if (objects_of(&stock[i + 1], name) - objects_of(&stock[i], name) <
		    lives_each * 9 / 10)
			return false;
	return true;
}

unsigned int stock_growing(struct stock *stock, unsigned int halves, long lives_each)
{
	const struct stock *last = &stock[halves];
	unsigned int i, j, n = 0;

	for (i = 0; i < last->caches; i++) {
		const char *name = last->cache[i].name;

		if (!grows(stock, name, halves, lives_each))
			continue;
		n++;
		ksft_print_msg("%s: %ld objects", name, objects_of(&stock[0], name));
		for (j = 1; j <= halves; j++)
			printf(", then %ld", objects_of(&stock[j], name));
		printf("\n");
	}
	return n;
}

static bool alarms(const char *line)
{
	static const char *const alarming[] = {
		"WARNING:", "BUG:", "Call trace:", "Oops", "refcount_t", "Unable to handle",
		"possible circular", "possible recursive", "possible irq", "inconsistent lock",
		"suspicious RCU", "sleeping function called", "UBSAN", "blocked for more than",
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(alarming); i++)
		if (strstr(line, alarming[i]))
			return true;
	return false;
}

static bool log_is_clean(void)
{
	bool clean = true;
	int log = kmsg_open();
	ssize_t n;

	if (log < 0)
		return false;
	while ((n = kmsg_line(log, text, sizeof(text))) > 0) {
		if (alarms(text)) {
			ksft_print_msg("the log says: %.255s\n", text);
			clean = false;
		}
	}
	close(log);
	return clean && !n;
}

/*
 * A kernel that watches itself reports what is none of ours, too, and all of a report tells whose
 * it is: scripts/complaints looks there.
 */
int log_result(void)
{
	if (remote_slowness() > 1)
		return KSFT_SKIP;
	return log_is_clean() ? KSFT_PASS : KSFT_FAIL;
}
