// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "remote.h"
#include "snapshot.h"
#include "xxh64.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

static uint64_t digest_region(int fd, const struct rproc_lite_region *r, uint32_t index)
{
	static uint8_t piece[65536];
	struct xxh64 x;
	uint64_t at;
	ssize_t n;

	xxh64_begin(&x);
	for (at = 0; at < r->size; at += (uint64_t)n) {
		n = pread(fd, piece, sizeof(piece),
			  ((off_t)index << RPROC_LITE_REGION_SHIFT) + (off_t)at);
		if (n <= 0)
			return 0;
		xxh64_add(&x, piece, (size_t)n);
	}
	return xxh64_end(&x);
}

void snapshot_take(struct snapshot *s, int fd, bool memory)
{
	uint32_t i;

	memset(s, 0, sizeof(*s));
	remote_info(fd, &s->info);
	remote_policy(fd, &s->policy);
	for (i = 0; i < ARRAY_SIZE(s->regions) && !remote_region(fd, i, &s->regions[i]); i++)
		if (memory && !(s->regions[i].flags &
				(RPROC_LITE_REGION_IO | RPROC_LITE_REGION_WINDOW)))
			s->memory[i] = digest_region(fd, &s->regions[i], i);
	for (i = 0; i < ARRAY_SIZE(s->placements); i++)
		remote_placement(fd, i, &s->placements[i]);
	for (i = 0; i < ARRAY_SIZE(s->virtio); i++) {
		s->virtio[i].index = i;
		ioctl(fd, RPROC_LITE_IOC_VIRTIO, &s->virtio[i]);
	}
}
