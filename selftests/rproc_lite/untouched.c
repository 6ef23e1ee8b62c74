// SPDX-License-Identifier: GPL-2.0-only
#include "untouched.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "remote.h"

#define SPANS	64
/* Of what is free next to something: who goes past an end writes there first. */
#define EDGE	0x8000u

struct span {
	uint64_t da;
	uint32_t len;
	bool code;
	uint8_t *was;
};

static struct span spans[SPANS];
static unsigned int num;

static int add(int fd, uint64_t da, uint64_t len, bool fill)
{
	struct span *s = &spans[num];
	off_t at = remote_offset(fd, da, len);
	uint32_t i;

	if (!len)
		return 0;
	if (at < 0 || num == SPANS)
		return at < 0 ? (int)at : -ENOSPC;
	s->was = malloc(len);
	if (!s->was)
		return -ENOMEM;
	s->da = da;
	s->len = (uint32_t)len;
	s->code = !fill;
	num++;
	for (i = 0; fill && i < len; i++)
		s->was[i] = (uint8_t)(0x5a ^ i ^ i >> 8 ^ da >> 12);
	if (fill)
		return pwrite(fd, s->was, len, at) == (ssize_t)len ? 0 : -EIO;
	return pread(fd, s->was, len, at) == (ssize_t)len ? 0 : -EIO;
}

/* What is free from here to there, or both ends of it. */
static int add_free(int fd, uint64_t from, uint64_t to)
{
	int ret;

	if (to <= from)
		return 0;
	if (to - from <= 2 * EDGE)
		return add(fd, from, to - from, true);
	ret = add(fd, from, EDGE, true);
	return ret ? ret : add(fd, to - EDGE, EDGE, true);
}

/* Placements come by region and da; some lie in others. */
static int add_region(int fd, const struct rproc_lite_region *r)
{
	struct rproc_lite_placement p = { 0 };
	uint64_t at = r->da;
	uint32_t i;
	int ret = 0;

	for (i = 0; !ret && !remote_placement(fd, i, &p); i++) {
		if (p.region != r->index)
			continue;
		ret = add_free(fd, at, p.da);
		if (p.da + p.size > at)
			at = p.da + p.size;
		if (!ret && p.kind == RPROC_LITE_PLACED_SEGMENT && strstr(p.name, "r-x"))
			ret = add(fd, p.da, p.size, false);
	}
	return ret ? ret : add_free(fd, at, r->da + r->size);
}

int untouched_begin(int fd)
{
	struct rproc_lite_region r;
	uint32_t i;
	int ret = 0;

	while (num)
		free(spans[--num].was);
	for (i = 0; !ret && !remote_region(fd, i, &r); i++)
		if (!(r.flags & (RPROC_LITE_REGION_IO | RPROC_LITE_REGION_WINDOW)))
			ret = add_region(fd, &r);
	return ret;
}

/* A restart that is called off while it loads leaves zeros, all over. */
static bool is_cleared(const struct span *s, const uint8_t *now)
{
	uint32_t i;

	for (i = 0; s->code && i < s->len; i++)
		if (now[i])
			return false;
	return s->code;
}

bool untouched_is(int fd)
{
	unsigned int i;
	bool same = true;
	uint8_t *now;
	uint32_t k;

	for (i = 0; i < num; i++) {
		now = malloc(spans[i].len);
		if (!now || pread(fd, now, spans[i].len,
				  remote_offset(fd, spans[i].da, spans[i].len)) != spans[i].len)
			return false;
		for (k = 0; k < spans[i].len && now[k] == spans[i].was[k]; k++)
			;
		if (k < spans[i].len && !is_cleared(&spans[i], now)) {
			printf("# somebody wrote at da 0x%llx: 0x%02x, not 0x%02x\n",
			       (unsigned long long)spans[i].da + k, now[k], spans[i].was[k]);
			same = false;
		}
		free(now);
	}
	return same;
}
