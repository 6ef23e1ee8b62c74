/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_CHAIN_H
#define RL_CHAIN_H

#include <linux/types.h>

struct rl_region;
struct rl_vring_device;

/**
 * struct rl_chain_part - some bytes of a chain of a Linux driver's
 * @head: the chain's id in the driver's ring
 * @skip: they begin after so many of those that go the same way
 * @len: how many; the chain has as many
 */
struct rl_chain_part {
	u16 head;
	u32 skip;
	u32 len;
};

/*
 * Copy what the driver gave to be read to @off bytes into @region; what is there to where
 * the driver wants it written; or what was written so to @buf. @d is our end of the
 * driver's ring, with its lock held: until the chain is given back, it is ours. The caller
 * has checked that the bytes lie in the region. Any context.
 */
void rl_chain_to_remote(const struct rl_vring_device *d, struct rl_chain_part part,
			struct rl_region *region, u64 off);
void rl_chain_to_driver(const struct rl_vring_device *d, struct rl_chain_part part,
			struct rl_region *region, u64 off);
void rl_chain_to_us(const struct rl_vring_device *d, struct rl_chain_part part, void *buf);

#endif /* RL_CHAIN_H */
