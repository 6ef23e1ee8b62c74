/* SPDX-License-Identifier: GPL-2.0-only */
/* All that can be known of a remote at one time, to be compared with another. */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <stdbool.h>
#include <stdint.h>

#include <linux/rproc_lite.h>

/**
 * struct snapshot - what the remote's calls tell
 * @memory: a digest of each region of RAM, if that was asked for and it is not Offline
 */
struct snapshot {
	struct rproc_lite_info info;
	struct rproc_lite_policy policy;
	struct rproc_lite_region regions[16];
	struct rproc_lite_placement placements[32];
	struct rproc_lite_virtio virtio[4];
	uint64_t memory[16];
};

void snapshot_take(struct snapshot *s, int fd, bool memory);

#endif /* SNAPSHOT_H */
