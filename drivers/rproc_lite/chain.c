// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies between the chains of a Linux driver and the remote's memory, or ours. The driver
 * is trusted: its buffers are ordinary memory, by their physical addresses.
 */
#include "chain.h"
#include "memmap.h"
#include "verdict.h"
#include "vring_device.h"

#include <linux/highmem.h>
#include <linux/minmax.h>

enum direction {
	TO_REMOTE,		/* from what is there to be read */
	TO_DRIVER,		/* to where it may be written */
	TO_US,			/* from what was written there */
};

/**
 * struct copy - one that is under way
 * @way: from where to where
 * @region: the remote's end, unless @way is TO_US
 * @buf: ours, if it is
 * @off: bytes into either, where it goes on
 */
struct copy {
	enum direction way;
	struct rl_region *region;
	u8 *buf;
	u64 off;
};

/* All of it lies in one page. */
static void copy_bytes(struct copy *copy, void *va, u32 len)
{
	switch (copy->way) {
	case TO_REMOTE:
		rl_region_write(copy->region, copy->off, va, len);
		break;
	case TO_DRIVER:
		rl_region_read(copy->region, copy->off, va, len);
		break;
	case TO_US:
		memcpy(copy->buf + copy->off, va, len);
		break;
	}
	copy->off += len;
}

static void copy_piece(struct copy *copy, phys_addr_t pa, u32 len)
{
	u32 n;
	void *va;

	for (; len; pa += n, len -= n) {
		n = min_t(u32, len, PAGE_SIZE - offset_in_page(pa));
		va = kmap_local_page(pfn_to_page(PHYS_PFN(pa)));
		copy_bytes(copy, va + offset_in_page(pa), n);
		kunmap_local(va);
	}
}

static void copy_part(const struct rl_vring_device *d, struct rl_chain_part part,
		      struct copy *copy)
{
	struct rproc_lite_verdict v;
	bool write = copy->way != TO_REMOTE;
	struct rl_vring_chain c;
	u32 skip, n;

	rl_vring_chain_at(d, &c, part.head);
	while (part.len && rl_vring_chain_next(d, &c, &v) > 0) {
		if (c.write != write)
			continue;
		skip = min(part.skip, c.len);
		part.skip -= skip;
		n = min(part.len, c.len - skip);
		copy_piece(copy, c.addr + skip, n);
		part.len -= n;
	}
}

void rl_chain_to_remote(const struct rl_vring_device *d, struct rl_chain_part part,
			struct rl_region *region, u64 off)
{
	struct copy copy = { .way = TO_REMOTE, .region = region, .off = off };

	copy_part(d, part, &copy);
}

void rl_chain_to_driver(const struct rl_vring_device *d, struct rl_chain_part part,
			struct rl_region *region, u64 off)
{
	struct copy copy = { .way = TO_DRIVER, .region = region, .off = off };

	copy_part(d, part, &copy);
}

void rl_chain_to_us(const struct rl_vring_device *d, struct rl_chain_part part, void *buf)
{
	struct copy copy = { .way = TO_US, .buf = buf };

	copy_part(d, part, &copy);
}
