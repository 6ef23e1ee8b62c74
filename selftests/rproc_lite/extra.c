// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a system call takes of the kernel's memory: see extra.h.
 *
 * All events of one call are kept in the trace buffer, read when it is over, and played
 * back: once for the peak, and again up to there for who held how much.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "extra.h"
#include "guest.h"

#define TRACING		"/sys/kernel/tracing/"
#define INSTANCE	TRACING "instances/rproc_lite_extra/"
#define PROBES		"rproc_lite_extra"
#define PROBE_SIZE	"p:" PROBES "/area_size __vmalloc_node_range%s size=%%x0"
#define PROBE_TAKEN	"r:" PROBES "/area_taken __vmalloc_node_range%s ptr=$retval"
#define PROBE_GIVEN	"p:" PROBES "/area_given vfree ptr=%x0"
#define NO_PROBES	"-:" PROBES "/area_size\n-:" PROBES "/area_taken\n-:" PROBES "/area_given\n"
/* For the CPU that the call runs on, and for others, where little happens meanwhile. */
#define BUFFER_KB	"12288"
#define SMALL_BUFFER_KB	"256"
#define MAX_SITES	512

struct event {
	uint64_t key;		/* address, or page frame number */
	uint64_t bytes;		/* 0: given back */
	unsigned int site;
};

static struct event *events;
static size_t num_events, room;
static char site_name[MAX_SITES][56];
static unsigned int num_sites;
static bool has_probes;

/* Setting it up */

static int set(const char *file, const char *text)
{
	char path[256];

	snprintf(path, sizeof(path), INSTANCE "%s", file);
	return write_text(path, text);
}

static int append(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC), ret = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

/* Its name has a suffix where allocations are profiled. */
static int probe_vmalloc(void)
{
	static const char *const suffixes[] = { "_noprof", "" };
	char text[128];
	unsigned int i;
	int ret = 0;

	for (i = 0; i < 2; i++) {
		snprintf(text, sizeof(text), PROBE_SIZE, suffixes[i]);
		ret = append(TRACING "kprobe_events", text);
		if (ret)
			continue;
		has_probes = true;
		snprintf(text, sizeof(text), PROBE_TAKEN, suffixes[i]);
		ret = append(TRACING "kprobe_events", text);
		break;
	}
	return ret ? ret : append(TRACING "kprobe_events", PROBE_GIVEN);
}

static int enable(const char *event, const char *filter)
{
	char file[128];
	int ret;

	snprintf(file, sizeof(file), "events/%s/filter", event);
	ret = set(file, filter);
	snprintf(file, sizeof(file), "events/%s/enable", event);
	return ret ? ret : set(file, "1");
}

static int enable_all(void)
{
	static const char *const takes[] = {
		"kmem/kmalloc", "kmem/kmem_cache_alloc", "kmem/mm_page_alloc",
		PROBES "/area_size", PROBES "/area_taken",
	};
	static const char *const gives[] = {
		"kmem/kfree", "kmem/kmem_cache_free", "kmem/mm_page_free",
		"kmem/mm_page_free_batched", PROBES "/area_given",
	};
	char ours[96], trigger[128];
	unsigned int i;
	int ret = 0;

	snprintf(ours, sizeof(ours), "common_pid == %d || comm ~ \"kworker*\"", getpid());
	for (i = 0; !ret && i < sizeof(takes) / sizeof(takes[0]); i++)
		ret = enable(takes[i], ours);
	for (i = 0; !ret && i < sizeof(gives) / sizeof(gives[0]); i++)
		ret = enable(gives[i], "0");
	snprintf(trigger, sizeof(trigger), "stacktrace if %s", ours);
	return ret ? ret : set("events/kmem/mm_page_alloc/trigger", trigger);
}

static int make_room(void)
{
	int cpu = sched_getcpu(), ret;
	cpu_set_t cpus;
	char file[64];

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	if (sched_setaffinity(0, sizeof(cpus), &cpus))
		return -errno;
	ret = set("buffer_size_kb", SMALL_BUFFER_KB);
	snprintf(file, sizeof(file), "per_cpu/cpu%d/buffer_size_kb", cpu);
	return ret ? ret : set(file, BUFFER_KB);
}

int extra_open(void)
{
	int ret;

	extra_close();
	if (mkdir(INSTANCE, 0700))
		return -errno;
	set("tracing_on", "0");
	ret = probe_vmalloc();
	if (!ret)
		ret = make_room();
	if (!ret)
		ret = set("options/context-info", "0");
	if (!ret)
		ret = set("options/hash-ptr", "0");
	if (!ret)
		ret = enable_all();
	if (ret)
		extra_close();
	return ret;
}

void extra_close(void)
{
	set("events/enable", "0");
	set("events/kmem/mm_page_alloc/trigger", "!stacktrace");
	rmdir(INSTANCE);
	if (has_probes || !access(TRACING "events/" PROBES, F_OK))
		append(TRACING "kprobe_events", NO_PROBES);
	has_probes = false;
	free(events);
	events = NULL;
	room = 0;
}

int extra_begin(void)
{
	int ret = set("trace", "0");

	return ret ? ret : set("tracing_on", "1");
}

/* Reading what there is */

static unsigned int site_of(const char *name, size_t len)
{
	unsigned int i;

	if (len >= sizeof(site_name[0]))
		len = sizeof(site_name[0]) - 1;
	for (i = 0; i < num_sites; i++)
		if (!strncmp(site_name[i], name, len) && !site_name[i][len])
			return i;
	if (num_sites == MAX_SITES)
		return 0;
	memcpy(site_name[num_sites], name, len);
	site_name[num_sites][len] = '\0';
	return num_sites++;
}

static int add(uint64_t key, uint64_t bytes, unsigned int site)
{
	struct event *more;

	if (num_events == room) {
		room = room ? 2 * room : 4096;
		more = realloc(events, room * sizeof(*events));
		if (!more)
			return -ENOMEM;
		events = more;
	}
	events[num_events++] = (struct event){ .key = key, .bytes = bytes, .site = site };
	return 0;
}

static uint64_t number(const char *line, const char *field, int base)
{
	const char *at = strstr(line, field);

	return at ? strtoull(at + strlen(field), NULL, base) : 0;
}

static bool is(const char *line, const char *event)
{
	size_t len = strlen(event);

	return !strncmp(line, event, len) && line[len] == ':';
}

#define FRAME		" => "
#define AREAS_MAX	4

/**
 * struct reader - what was read, and is not yet complete
 * @page: pages, whose stack is still to come
 * @area: bytes of vmalloc areas that are being made: one's list of pages may be another
 * @areas: of @area
 */
struct reader {
	struct {
		uint64_t pfn;
		uint64_t bytes;
		unsigned int site;
		bool named;
		bool is_table;
		bool counted_elsewhere;
	} page;
	uint64_t area[AREAS_MAX];
	unsigned int areas;
};

static bool has_any(const char *line, const char *const *words)
{
	for (; *words; words++)
		if (strstr(line, *words))
			return true;
	return false;
}

static void look_at_frame(struct reader *r, const char *line)
{
	static const char *const elsewhere[] = {
		"allocate_slab", "new_slab", "__vmalloc_node_range", "filemap_", "page_cache_",
		"shmem_", "handle_mm_fault", NULL,
	};
	static const char *const tables[] = {
		"__pte_alloc_kernel", "__pmd_alloc", "__pud_alloc", NULL
	};
	const char *name = line + strlen(FRAME);

	/* One that maps an area is not in the area's size. */
	if (has_any(name, tables))
		r->page.is_table = true;
	if (!r->page.is_table && has_any(name, elsewhere))
		r->page.counted_elsewhere = true;
	if (!r->page.named && !strstr(name, "alloc") && !strstr(name, "get_free_page")) {
		r->page.site = site_of(name, strcspn(name, "+\n"));
		r->page.named = true;
	}
}

static int settle(struct reader *r)
{
	int ret = 0;

	if (r->page.is_table)
		r->page.site = site_of("page tables", 11);
	if (r->page.bytes && !r->page.counted_elsewhere)
		ret = add(r->page.pfn, r->page.bytes, r->page.site);
	memset(&r->page, 0, sizeof(r->page));
	return ret;
}

static int look_at_object(const char *line)
{
	uint64_t bytes = number(line, "bytes_alloc=", 10);
	const char *name = strstr(line, "call_site=");
	bool large = is(line, "kmalloc") && bytes > 2 * (uint64_t)getpagesize();

	/* A large one was counted as pages. */
	if (!name || large)
		return 0;
	name += strlen("call_site=");
	return add(number(line, "ptr=", 16), bytes, site_of(name, strcspn(name, "+ ")));
}

static int look_at_area(struct reader *r, const char *line)
{
	uint64_t page = (uint64_t)getpagesize(), ptr;

	if (is(line, "area_size")) {
		if (r->areas == AREAS_MAX)
			return -EOVERFLOW;
		r->area[r->areas++] = (number(line, "size=", 16) + page - 1) & ~(page - 1);
		return 0;
	}
	if (!r->areas)
		return 0;
	r->areas--;
	ptr = number(line, "ptr=", 16);
	return ptr ? add(ptr, r->area[r->areas], site_of("vmalloc", 7)) : 0;
}

static int look_at_event(struct reader *r, const char *line)
{
	if (is(line, "kmalloc") || is(line, "kmem_cache_alloc"))
		return look_at_object(line);
	if (is(line, "area_size") || is(line, "area_taken"))
		return look_at_area(r, line);
	if (is(line, "kfree") || is(line, "kmem_cache_free") || is(line, "area_given"))
		return add(number(line, "ptr=", 16), 0, 0);
	if (is(line, "mm_page_free") || is(line, "mm_page_free_batched"))
		return add(number(line, "pfn=", 16), 0, 0);
	if (is(line, "mm_page_alloc") && !strstr(line, "page=(null)")) {
		r->page.pfn = number(line, "pfn=", 16);
		r->page.bytes = (uint64_t)getpagesize() << number(line, "order=", 10);
	}
	return 0;
}

static int look_at(struct reader *r, const char *line)
{
	int ret;

	if (!strncmp(line, FRAME, strlen(FRAME))) {
		look_at_frame(r, line);
		return 0;
	}
	if (strstr(line, "<stack trace>"))
		return 0;
	ret = settle(r);
	return ret ? ret : look_at_event(r, line);
}

static int read_events(void)
{
	FILE *f = fopen(INSTANCE "trace", "re");
	struct reader r = { 0 };
	size_t size = 0;
	char *line = NULL;
	int ret = 0;

	if (!f)
		return -errno;
	num_events = 0;
	num_sites = 0;
	site_of("others", 6);
	while (!ret && getline(&line, &size, f) > 0)
		ret = look_at(&r, line);
	if (!ret)
		ret = settle(&r);
	free(line);
	fclose(f);
	return ret;
}

/* A buffer that ran over has no beginning. */
static bool ran_over(void)
{
	char path[128], text[1024];
	const char *at;
	int cpu;

	for (cpu = 0;; cpu++) {
		snprintf(path, sizeof(path), INSTANCE "per_cpu/cpu%d/stats", cpu);
		if (read_text(path, text, sizeof(text)) < 0)
			return false;
		at = strstr(text, "overrun: ");
		if (!at || strtoul(at + 9, NULL, 10) || number(text, "dropped events: ", 10))
			return true;
	}
}

/* Playing it back */

struct book {
	struct event *slot;
	size_t mask;
};

static struct event *find(struct book *b, uint64_t key)
{
	size_t i = (size_t)(key * 0x9e3779b97f4a7c15ULL >> 20) & b->mask;

	while (b->slot[i].key && b->slot[i].key != key)
		i = (i + 1) & b->mask;
	return &b->slot[i];
}

/* Up to event @end. Return: the event at the peak. */
static size_t play(struct book *b, size_t end, uint64_t *held, struct extra *e)
{
	uint64_t now = 0;
	size_t i, peak = 0;

	memset(b->slot, 0, (b->mask + 1) * sizeof(*b->slot));
	memset(held, 0, MAX_SITES * sizeof(*held));
	e->peak = 0;
	e->taken = 0;
	for (i = 0; i < end; i++) {
		struct event *old = find(b, events[i].key);

		/* Taken again without having been seen to be given back: once is enough. */
		now -= old->bytes;
		held[old->site] -= old->bytes;
		*old = events[i];
		now += old->bytes;
		held[old->site] += old->bytes;
		e->taken += old->bytes;
		if (now > e->peak) {
			e->peak = now;
			peak = i + 1;
		}
	}
	e->left = now;
	return peak;
}

static void list_sites(const uint64_t *held, struct extra *e)
{
	bool done[MAX_SITES] = { false };
	unsigned int i, most;

	for (e->sites = 0; e->sites < EXTRA_SITES; e->sites++) {
		most = MAX_SITES;
		for (i = 0; i < num_sites; i++)
			if (!done[i] && held[i] && (most == MAX_SITES || held[i] > held[most]))
				most = i;
		if (most == MAX_SITES)
			return;
		done[most] = true;
		strcpy(e->site[e->sites].name, site_name[most]);
		e->site[e->sites].bytes = held[most];
	}
}

int extra_end(void)
{
	return set("tracing_on", "0");
}

int extra_read(struct extra *e)
{
	static uint64_t held[MAX_SITES];
	struct extra then;
	struct book b;
	size_t peak;
	int ret;

	memset(e, 0, sizeof(*e));
	ret = ran_over() ? -ENODATA : read_events();
	if (ret)
		return ret;
	for (b.mask = 1024; b.mask < 2 * num_events; b.mask *= 2)
		;
	b.slot = malloc(b.mask-- * sizeof(*b.slot));
	if (!b.slot)
		return -ENOMEM;
	peak = play(&b, num_events, held, e);
	play(&b, peak, held, &then);
	list_sites(held, e);
	e->events = num_events;
	free(b.slot);
	return 0;
}

void extra_print(const char *what, const struct extra *e)
{
	unsigned int i;

	printf("# %s: %.1f KiB at most, %.1f left in the end, %.1f taken in all (%zu events)\n",
	       what, (double)e->peak / 1024, (double)e->left / 1024, (double)e->taken / 1024,
	       e->events);
	for (i = 0; i < e->sites; i++)
		printf("#   %10.2f KiB  %s\n", (double)e->site[i].bytes / 1024, e->site[i].name);
	fflush(stdout);
}
