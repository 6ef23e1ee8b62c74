// SPDX-License-Identifier: GPL-2.0-only
#include "messages.h"
#include "memmap.h"
#include "verdict.h"

#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/slab.h>

void rl_messages_init(struct rl_messages *ms, struct rl_memmap *map)
{
	ms->map = map;
	INIT_LIST_HEAD(&ms->kept);
}

void rl_messages_fini(struct rl_messages *ms)
{
	struct rl_message *m, *after;

	list_for_each_entry_safe(m, after, &ms->kept, node)
		rl_message_free(m);
}

struct rl_message *rl_message_new(size_t len)
{
	struct rl_message *m = kvmalloc(struct_size(m, data, len), GFP_KERNEL);

	if (m)
		m->len = len;
	return m;
}

void rl_message_free(struct rl_message *m)
{
	kvfree(m);
}

static int outside(const struct rl_vring_chain *c, struct rproc_lite_verdict *v)
{
	return rl_refuse_plain(v, -EIO, RPROC_LITE_AT_RING,
			       "%u bytes at da 0x%llx lie in no region of this remote", c->len,
			       c->addr);
}

/* How many bytes of a chain are for us to read, or to write? */
static int measure(struct rl_messages *ms, struct rl_vring_chain c, bool write, u64 *len,
		   struct rproc_lite_verdict *v)
{
	int ret;

	*len = 0;
	while ((ret = rl_vring_chain_next(&ms->dev, &c, v)) > 0) {
		if (c.write != write)
			continue;
		if (!rl_memmap_find_da(ms->map, c.addr, c.len))
			return outside(&c, v);
		*len += c.len;
	}
	return ret;
}

/*
 * The next chain, and how many bytes of it are for us to read, or to write. Return: 1; 0 if
 * there is none; -EIO.
 */
static int next(struct rl_messages *ms, struct rl_vring_chain *c, bool write, u64 *len,
		struct rproc_lite_verdict *v)
{
	int ret;

	ret = rl_vring_device_peek(&ms->dev, c, v);
	if (ret <= 0)
		return ret;
	return measure(ms, *c, write, len, v) ?: 1;
}

/* Copy between a chain and @buf. The remote may change it meanwhile, so look again. */
static int copy(struct rl_messages *ms, struct rl_vring_chain c, bool write, void *buf,
		size_t len, struct rproc_lite_verdict *v)
{
	struct rl_region *r;
	size_t n;
	int ret = 0;

	while (len && (ret = rl_vring_chain_next(&ms->dev, &c, v)) > 0) {
		if (c.write != write)
			continue;
		n = min_t(size_t, len, c.len);
		r = rl_memmap_find_da(ms->map, c.addr, n);
		if (!r)
			return outside(&c, v);
		if (write)
			rl_region_write(r, c.addr - r->da, buf, n);
		else
			rl_region_read(r, c.addr - r->da, buf, n);
		buf += n;
		len -= n;
	}
	if (!ret && len)
		return rl_refuse_plain(v, -EIO, RPROC_LITE_AT_RING,
				       "chain %u changed while it was read", c.head);
	return min(ret, 0);
}

/* Give a chain back. Return: should the remote be told? */
static bool give(struct rl_messages *ms, u16 head, size_t len)
{
	rl_vring_device_take(&ms->dev);
	rl_vring_device_give(&ms->dev, head, len);
	rl_vring_device_want(&ms->dev);
	return rl_vring_device_publish(&ms->dev);
}

/* The first of those that reached nobody. Return: 1, 0 if there is none, -EMSGSIZE. */
static int fetch_kept(struct rl_messages *ms, struct rl_message **m, size_t room)
{
	struct rl_message *first = list_first_entry_or_null(&ms->kept, struct rl_message, node);

	if (!first)
		return 0;
	if (first->len > room)
		return -EMSGSIZE;
	list_del(&first->node);
	*m = first;
	return 1;
}

int rl_messages_fetch(struct rl_messages *ms, struct rl_message **m, size_t room, bool *ring,
		      struct rproc_lite_verdict *v)
{
	struct rl_vring_chain c;
	u64 size;
	int ret;

	ret = fetch_kept(ms, m, room);
	if (ret)
		return ret;
	ret = next(ms, &c, false, &size, v);
	if (ret <= 0)
		return ret;
	if (size > RL_MESSAGE_MAX) {
		WRITE_ONCE(ms->bad, ms->bad + 1);
		*ring = give(ms, c.head, 0);
		return 0;
	}
	if (size > room)
		return -EMSGSIZE;
	*m = rl_message_new(size);
	if (!*m)
		return -ENOMEM;
	ret = copy(ms, c, false, (*m)->data, size, v);
	if (ret) {
		rl_message_free(*m);
		return ret;
	}
	(*m)->seq = ms->count;
	WRITE_ONCE(ms->count, ms->count + 1);
	*ring = give(ms, c.head, 0);
	return 1;
}

int rl_messages_put(struct rl_messages *ms, struct rl_message *m, bool *ring,
		    struct rproc_lite_verdict *v)
{
	struct rl_vring_chain c;
	u64 room;
	int ret;

	ret = next(ms, &c, true, &room, v);
	if (ret <= 0)
		return ret;
	if (m->len > room)
		return -EMSGSIZE;
	ret = copy(ms, c, true, m->data, m->len, v);
	if (ret)
		return ret;
	WRITE_ONCE(ms->count, ms->count + 1);
	*ring = give(ms, c.head, m->len);
	return 1;
}

void rl_messages_keep(struct rl_messages *ms, struct rl_message *m)
{
	struct list_head *at;

	list_for_each(at, &ms->kept)
		if (list_entry(at, struct rl_message, node)->seq > m->seq)
			break;
	list_add_tail(&m->node, at);
}
