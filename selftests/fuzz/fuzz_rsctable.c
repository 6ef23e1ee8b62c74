// SPDX-License-Identifier: GPL-2.0-only
/* A resource table: what is accepted lies in it, and what is refused is pointed at. */
#include "fuzz.h"
#include "common.h"

#include <stdlib.h>

static void check_features(const u8 *table)
{
	u32 i, num = rl_rsc_num(table);
	struct rl_rsc_entry e, f, vdev;

	for (i = 0; i < num; i++) {
		rl_rsc_get(table, i, &e);
		if (e.type != RPROC_LITE_RSC_VDEV_FEATURES)
			continue;
		must(rl_rsc_get_vdev(table, e.features.vdev, &vdev));
		must(e.size == sizeof(struct rproc_lite_rsc_vdev_features));
		must(vdev.type == RPROC_LITE_RSC_VDEV);
		must(rl_rsc_get_features(table, e.features.vdev, &f) && f.index == i);
	}
}

/* The lists by vdev and by ring are the list of entries. */
static void check_vdevs(const u8 *table)
{
	u32 i, k, n = 0, num = rl_rsc_num(table);
	struct rl_rsc_entry e, vdev;
	struct rl_rsc_vring vr;

	for (i = 0; i < num; i++) {
		rl_rsc_get(table, i, &e);
		if (e.type != RPROC_LITE_RSC_VDEV)
			continue;
		must(rl_rsc_get_vdev(table, n++, &vdev) && vdev.index == i);
		for (k = 0; k < e.vdev.num_of_vrings; k++) {
			rl_rsc_get_vring(table, &e, k, &vr);
			must(rl_rsc_has_notify_id(table, vr.notifyid));
		}
	}
	must(!rl_rsc_get_vdev(table, n, &vdev));
}

static void check_verdict(const struct rproc_lite_verdict *v, const u8 *table, size_t size)
{
	assert_verdict_sane(v, -EINVAL);
	must(v->offset <= size);
	must(v->where == RPROC_LITE_AT_TABLE || v->where == RPROC_LITE_AT_ENTRY);
	if (v->where == RPROC_LITE_AT_ENTRY)
		must(v->index < rl_rsc_num(table));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, size };
	u8 *table = take_copy(&in, size);
	struct rproc_lite_verdict v, w;
	int ret;

	ret = rl_rsc_check(table, size, &v);
	must(!memcmp(table, data, size));
	must(rl_rsc_check(table, size, &w) == ret);
	if (ret) {
		must(!memcmp(&v, &w, sizeof(v)));
		check_verdict(&v, table, size);
	} else {
		assert_table_sane(table, size);
		check_features(table);
		check_vdevs(table);
	}
	free(table);
	return 0;
}
