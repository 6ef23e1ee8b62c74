/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages over one ring of which the remote is the driver. One that goes either way is in
 * memory of ours, so that none of a program's is touched with a lock held.
 *
 * Calls that take a struct rl_messages are for one at a time, which the caller sees to, with
 * the remote's map_sem held for reading where chains are looked into.
 */
#ifndef RL_MESSAGES_H
#define RL_MESSAGES_H

#include <linux/list.h>
#include <linux/types.h>

#include "vring_device.h"

struct rl_memmap;

/* A message that a program or module gives or takes is at most so long. */
#define RL_MESSAGE_MAX	65536u

/**
 * struct rl_message - one that goes either way
 * @node: in the list of those that reached nobody
 * @seq: of those from the remote: the first is 0
 * @len: bytes of @data
 * @data: what it says
 */
struct rl_message {
	struct list_head node;
	u64 seq;
	size_t len;
	u8 data[];
};

/**
 * struct rl_messages - what goes over one ring
 * @dev: our end of it
 * @map: where the remote's buffers may lie
 * @kept: fetched messages that reached nobody, to be fetched again
 * @count: messages that went over
 * @bad: chains that were given back unread
 */
struct rl_messages {
	struct rl_vring_device dev;
	struct rl_memmap *map;
	struct list_head kept;
	u64 count;
	u64 bad;
};

/* All but @ms->dev, which begins when the remote's driver does. */
void rl_messages_init(struct rl_messages *ms, struct rl_memmap *map);

/* Those that are kept are lost. */
void rl_messages_fini(struct rl_messages *ms);

/* Room for @len bytes, which are not set, or NULL. May sleep. */
struct rl_message *rl_message_new(size_t len);

/* NULL is none. */
void rl_message_free(struct rl_message *m);

/**
 * rl_messages_fetch() - the next message that the remote sent
 * @ms: of a ring that brings them
 * @m: the message, then the caller's
 * @room: bytes that it may have
 * @ring: set if the remote is to be told, else left as it is
 * @v: the rule that was broken, with -EIO
 *
 * Context: may sleep.
 * Return: 1; 0 if there is none, or if it was longer than RL_MESSAGE_MAX and was given back;
 * -EMSGSIZE if it has more than @room, and stays; -ENOMEM; -EIO if the remote broke the rules.
 */
int rl_messages_fetch(struct rl_messages *ms, struct rl_message **m, size_t room, bool *ring,
		      struct rproc_lite_verdict *v);

/**
 * rl_messages_put() - a message to the remote
 * @ms: of a ring that takes them
 * @m: the message, still the caller's
 * @ring: set if the remote is to be told, else left as it is
 * @v: the rule that was broken, with -EIO
 *
 * Context: may sleep.
 * Return: 1; 0 if there is no buffer for it; -EMSGSIZE if the next is too small; -EIO if the
 * remote broke the rules.
 */
int rl_messages_put(struct rl_messages *ms, struct rl_message *m, bool *ring,
		    struct rproc_lite_verdict *v);

/* One that was fetched and reached nobody: it is fetched again, and in its turn. */
void rl_messages_keep(struct rl_messages *ms, struct rl_message *m);

#endif /* RL_MESSAGES_H */
