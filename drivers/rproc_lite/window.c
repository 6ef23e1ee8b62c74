// SPDX-License-Identifier: GPL-2.0-only
/* Windows of regions: names that users give to parts of a remote's memory. */
#include "window.h"
#include "operation.h"
#include "remote.h"
#include "verdict.h"

#include <linux/cleanup.h>

/* The list of regions may change only while nobody has claimed the remote. */
static int begin_mem_change(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	lockdep_assert_held(&rproc->lock);
	if (rproc->going)
		return rl_refuse_plain(v, -ENODEV, RPROC_LITE_AT_STATE, "the remote is gone");
	return rproc->claimed ? rl_refuse_busy(rproc, v) : 0;
}

int rl_add_mem(struct rproc_lite *rproc, const char *name, u64 da, u64 size,
	       struct rproc_lite_verdict *v)
{
	int ret;

	guard(mutex)(&rproc->lock);
	ret = begin_mem_change(rproc, v);
	if (ret)
		return ret;
	guard(rwsem_write)(&rproc->map_sem);
	return rl_memmap_add_window(&rproc->map, name, da, size, v);
}

int rl_remove_mem(struct rproc_lite *rproc, const char *name, struct rproc_lite_verdict *v)
{
	int ret;

	guard(mutex)(&rproc->lock);
	ret = begin_mem_change(rproc, v);
	if (ret)
		return ret;
	guard(rwsem_write)(&rproc->map_sem);
	return rl_memmap_remove_window(&rproc->map, name, v);
}
