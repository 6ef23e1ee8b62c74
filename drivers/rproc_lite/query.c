// SPDX-License-Identifier: GPL-2.0-only
/* What can be asked of a remote. */
#include "query.h"
#include "events.h"
#include "remote.h"
#include "rsctable.h"
#include "tracebuf.h"

#include <linux/cleanup.h>
#include <linux/err.h>
#include <linux/mm.h>

static enum rproc_lite_op op_number(enum rl_event op)
{
	switch (op) {
	case RL_EV_CONFIG:
		return RPROC_LITE_OP_CONFIG;
	case RL_EV_LOAD:
		return RPROC_LITE_OP_LOAD;
	case RL_EV_START:
		return RPROC_LITE_OP_START;
	case RL_EV_STOP:
	case RL_EV_HALT:
		return RPROC_LITE_OP_STOP;
	case RL_EV_SET_RSC:
		return RPROC_LITE_OP_SET_RSC;
	case RL_EV_SHUTDOWN:
		return RPROC_LITE_OP_SHUTDOWN;
	case RL_EV_CREATE_VIRTIO:
		return RPROC_LITE_OP_CREATE_VIRTIO;
	case RL_EV_REMOVE_VIRTIO:
		return RPROC_LITE_OP_REMOVE_VIRTIO;
	case RL_EV_CRASH:
		return RPROC_LITE_OP_CRASH;
	case RL_EV_DUMP:
		return RPROC_LITE_OP_DUMP;
	case RL_EV_RECOVER:
		return RPROC_LITE_OP_RECOVER;
	case RL_EV_SUSPEND:
		return RPROC_LITE_OP_SUSPEND;
	case RL_EV_RESUME:
		return RPROC_LITE_OP_RESUME;
	default:
		return RPROC_LITE_OP_NONE;
	}
}

static void fill_image(struct rproc_lite *rproc, struct rproc_lite_info *info)
{
	const struct rl_image *image = rproc->image;
	struct rl_rsc_entry e;

	info->flags |= RPROC_LITE_INFO_IMAGE;
	if (rproc->kept)
		info->flags |= RPROC_LITE_INFO_KEPT;
	if (rl_store_can_seek(rproc->store))
		info->flags |= RPROC_LITE_INFO_RESTARTABLE;
	info->elf_class = image->elf.class;
	info->elf_machine = image->elf.machine;
	info->entry = image->elf.entry;
	info->image_size = image->elf.memsz;
	info->num_placements = image->layout.num;
	while (rl_layout_nth(&image->layout, RPROC_LITE_PLACED_TRACE, info->num_traces))
		info->num_traces++;
	strscpy(info->image, rproc->store->path, sizeof(info->image));
	info->kept = rproc->kept;
	info->loaded = image->loaded;
	info->digest = image->digest;
	if (image->has_sha256) {
		info->flags |= RPROC_LITE_INFO_SHA256;
		memcpy(info->sha256, image->sha256, sizeof(info->sha256));
	}
	if (!image->table)
		return;
	info->flags |= RPROC_LITE_INFO_TABLE;
	info->table_da = image->elf.table_da;
	info->table_size = image->table_size;
	info->num_entries = rl_rsc_num(image->table);
	while (rl_rsc_get_vdev(image->table, info->num_vdevs, &e))
		info->num_vdevs++;
}

/* With the lock. */
static void fill_info(struct rproc_lite *rproc, struct rproc_lite_info *info)
{
	memset(info, 0, sizeof(*info));
	info->id = rproc->id;
	info->state = rproc->state;
	info->state_seq = atomic64_read(&rproc->state_seq);
	info->state_since = rproc->state_since;
	if (rproc->claimed) {
		info->op = op_number(rproc->op);
		info->op_pid = pid_vnr(rproc->op_pid);
		info->op_done = READ_ONCE(rproc->progress.done);
		info->op_total = READ_ONCE(rproc->progress.total);
	}
	info->crash = rproc->crash;
	info->crash_count = rproc->crash_count;
	info->crash_since = rproc->crash_since;
	info->recovery = rproc->recovery.what;
	info->recovery_attempts = rproc->recovery.attempts;
	info->recovered = rproc->recovery.done;
	info->stop_timeout_ms = rproc->settings.stop_timeout_ms ?: rproc->stop_timeout_ms;
	info->num_regions = rproc->map.num;
	info->last = rproc->last;
	if ((rl_should_run(rproc->state) || rproc->state == RPROC_LITE_CRASHED) &&
	    test_bit(RL_HEARD_READY, &rproc->heard))
		info->flags |= RPROC_LITE_INFO_READY;
	strscpy(info->name, rproc->name, sizeof(info->name));
	strscpy(info->backend, rproc->ops->kind, sizeof(info->backend));
	strscpy(info->detail, rproc->detail, sizeof(info->detail));
	if (rproc->image)
		fill_image(rproc, info);
}

int rl_query_info(struct rproc_lite *rproc, struct rproc_lite_info *info)
{
	guard(mutex)(&rproc->lock);
	if (rproc->going)
		return -ENODEV;
	fill_info(rproc, info);
	return 0;
}

int rl_query_told(struct rproc_lite *rproc, struct rproc_lite_info *info,
		  struct rproc_lite_policy *policy, u64 *seq)
{
	guard(mutex)(&rproc->lock);
	if (!rl_events_hold(rproc, seq))
		return -ENODEV;
	fill_info(rproc, info);
	*policy = rproc->policy;
	rl_events_go_on(rproc);
	return 0;
}

int rl_query_policy(struct rproc_lite *rproc, struct rproc_lite_policy *policy)
{
	guard(mutex)(&rproc->lock);
	if (rproc->going)
		return -ENODEV;
	*policy = rproc->policy;
	return 0;
}

int rl_query_region(struct rproc_lite *rproc, struct rproc_lite_region *region)
{
	const struct rl_region *r;

	guard(mutex)(&rproc->lock);
	if (rproc->going)
		return -ENODEV;
	r = rl_memmap_nth(&rproc->map, region->index);
	if (!r)
		return -ENOENT;
	region->flags = rl_region_flags(r);
	region->da = r->da;
	region->pa = r->pa;
	region->size = r->size;
	memcpy(region->name, r->name, sizeof(region->name));
	return 0;
}

int rl_query_placement(struct rproc_lite *rproc, struct rproc_lite_placement *placement)
{
	const struct rl_placement *p;

	guard(mutex)(&rproc->lock);
	if (rproc->going)
		return -ENODEV;
	if (!rproc->image || placement->index >= rproc->image->layout.num)
		return -ENOENT;
	p = &rproc->image->layout.placement[placement->index];
	placement->kind = p->kind;
	placement->region = p->region->index;
	placement->source = p->source;
	placement->da = rl_placement_da(p);
	placement->size = p->size;
	memcpy(placement->name, p->name, sizeof(placement->name));
	return 0;
}

int rl_query_rsc(struct rproc_lite *rproc, struct rproc_lite_rsc *rsc, void *data)
{
	struct rl_rsc_entry e;
	const u8 *table;

	guard(mutex)(&rproc->lock);
	if (rproc->going)
		return -ENODEV;
	table = rproc->image ? rproc->image->table : NULL;
	if (!table || rsc->index >= rl_rsc_num(table))
		return -ENOENT;
	rl_rsc_get(table, rsc->index, &e);
	rsc->type = e.type;
	rsc->offset = e.offset;
	rsc->size = e.size;
	rsc->data_len = min(rsc->data_len, e.size);
	memcpy(data, table + e.offset, rsc->data_len);
	return 0;
}

/* A copy of the trace buffer, for the remote goes on writing to it. */
static u8 *copy_trace(struct rproc_lite *rproc, enum rl_right right, const struct rl_placement *p)
{
	u8 *copy = kvmalloc(p->size, GFP_KERNEL);
	int ret = 0;

	if (!copy)
		return ERR_PTR(-ENOMEM);
	guard(rwsem_read)(&rproc->map_sem);
	if (!rproc->powered)
		ret = -ENOENT;
	else if (p->region->io && !rl_right_holds(rproc, right))
		ret = -EPERM;
	if (ret) {
		kvfree(copy);
		return ERR_PTR(ret);
	}
	rl_region_read(p->region, p->off, copy, p->size);
	return copy;
}

/* Declared regions outlive the remote's files, so a placement can be used unlocked. */
static int find_trace(struct rproc_lite *rproc, u32 index, struct rl_placement *found)
{
	const struct rl_placement *p;

	guard(mutex)(&rproc->lock);
	if (rproc->going)
		return -ENODEV;
	p = rproc->image ? rl_layout_nth(&rproc->image->layout, RPROC_LITE_PLACED_TRACE,
					 index) : NULL;
	if (!p)
		return -ENOENT;
	*found = *p;
	return 0;
}

int rl_query_trace(struct rproc_lite *rproc, enum rl_right right, struct rproc_lite_trace *trace,
		   void *data)
{
	struct rl_placement p;
	u8 *copy;
	int ret;

	ret = find_trace(rproc, trace->index, &p);
	if (ret)
		return ret;
	copy = copy_trace(rproc, right, &p);
	if (IS_ERR(copy))
		return PTR_ERR(copy);
	trace->size = p.size;
	memcpy(trace->name, p.name, sizeof(trace->name));
	trace->data_len = rl_trace_read(copy, p.size, &trace->cursor, data, trace->data_len);
	kvfree(copy);
	return 0;
}
