// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <time.h>

#include <linux/rproc_lite_rsc.h>

#include "duration.h"
#include "machine.h"
#include "model.h"
#include "policy.h"
#include "report.h"
#include "state.h"
#include "term.h"
#include "verdict.h"

#define TRIES		4	/* at a picture whose parts fit */
#define COUNT_MAX	65536U	/* of anything; a kernel that says more is mad */

static int no_memory(struct rproc_lite_verdict *v)
{
	return rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING, "out of memory");
}

/* An array of @n; never NULL for want of elements. */
static void *array(u32 n, size_t size)
{
	return calloc(n && n <= COUNT_MAX ? n : 1, size);
}

static int read_regions(struct model *m, struct device *d, struct rproc_lite_verdict *v)
{
	u32 i, n = m->info.num_regions;
	int ret;

	m->regions = array(n, sizeof(*m->regions));
	if (!m->regions)
		return no_memory(v);
	for (i = 0; i < n && i < COUNT_MAX; i++) {
		m->regions[i].index = i;
		ret = device_region(d, &m->regions[i], v);
		if (ret)
			return ret;
		m->num_regions++;
	}
	return 0;
}

static int read_placements(struct model *m, struct device *d, struct rproc_lite_verdict *v)
{
	u32 i, n = m->info.num_placements;
	int ret;

	m->placements = array(n, sizeof(*m->placements));
	if (!m->placements)
		return no_memory(v);
	for (i = 0; i < n && i < COUNT_MAX; i++) {
		m->placements[i].index = i;
		ret = device_placement(d, &m->placements[i], v);
		if (ret)
			return ret;
		m->num_placements++;
	}
	return 0;
}

static int read_entry(struct rsc_entry *e, u32 index, struct device *d,
		      struct rproc_lite_verdict *v)
{
	struct rproc_lite_rsc r = { .index = index };
	u8 *data;
	int ret;

	ret = device_rsc(d, &r, v);
	if (ret)
		return ret;
	if (r.size > RPROC_LITE_RSC_SIZE_MAX)
		r.size = RPROC_LITE_RSC_SIZE_MAX;
	data = calloc(1, r.size ? r.size : 1);
	if (!data)
		return no_memory(v);

	e->data = data;
	e->len = r.size;
	r.data = (uintptr_t)data;
	r.data_len = r.size;
	ret = device_rsc(d, &r, v);
	e->index = index;
	e->type = r.type;
	e->offset = r.offset;
	e->size = r.size;
	return ret;
}

static int read_entries(struct model *m, struct device *d, struct rproc_lite_verdict *v)
{
	u32 i, n = m->info.num_entries;
	int ret;

	m->entries = array(n, sizeof(*m->entries));
	if (!m->entries)
		return no_memory(v);
	for (i = 0; i < n && i < COUNT_MAX; i++) {
		m->num_entries++;
		ret = read_entry(&m->entries[i], i, d, v);
		if (ret)
			return ret;
	}
	return 0;
}

static int read_vdevs(struct model *m, struct device *d, struct rproc_lite_verdict *v)
{
	u32 i, n = m->info.num_vdevs;
	int ret;

	m->vdevs = array(n, sizeof(*m->vdevs));
	if (!m->vdevs)
		return no_memory(v);
	for (i = 0; i < n && i < COUNT_MAX; i++) {
		ret = vdev_read(&m->vdevs[i], d, i, v);
		if (ret)
			return ret;
		m->num_vdevs++;
	}
	return 0;
}

static bool same_picture(const struct rproc_lite_info *a, const struct rproc_lite_info *b)
{
	return a->state_seq == b->state_seq && a->op == b->op &&
	       a->num_regions == b->num_regions && a->num_entries == b->num_entries &&
	       a->num_placements == b->num_placements && a->num_vdevs == b->num_vdevs;
}

static int read_once(struct model *m, struct device *d, struct rproc_lite_verdict *v)
{
	int ret;

	memset(m, 0, sizeof(*m));
	m->info = d->info;
	snprintf(m->path, sizeof(m->path), "%s", d->path);
	ret = read_regions(m, d, v);
	if (!ret)
		ret = read_placements(m, d, v);
	if (!ret)
		ret = read_entries(m, d, v);
	if (!ret)
		ret = read_vdevs(m, d, v);
	return ret;
}

int model_read(struct model *m, struct device *d, struct rproc_lite_verdict *v)
{
	int ret, info, tries;

	for (tries = 1; ; tries++) {
		ret = read_once(m, d, v);
		info = ret && ret != -ENOENT ? ret : device_info(d, v);
		if (!info && !ret && (same_picture(&m->info, &d->info) || tries == TRIES))
			return 0;
		model_free(m);
		/* What was there a moment ago and isn't now: look again. */
		if (info || tries == TRIES)
			return info ? info : ret;
	}
}

void model_free(struct model *m)
{
	size_t i;

	for (i = 0; i < m->num_entries; i++)
		free((void *)m->entries[i].data);
	for (i = 0; i < m->num_vdevs; i++)
		vdev_free(&m->vdevs[i]);
	free(m->vdevs);
	free(m->entries);
	free(m->placements);
	free(m->regions);
	memset(m, 0, sizeof(*m));
}

int model_tell(const struct request *rq,
	       int (*tell)(const struct request *rq, const struct model *m))
{
	struct rproc_lite_verdict v;
	struct model m;
	int ret, code;

	ret = model_read(&m, rq->dev, &v);
	if (ret)
		return report(rq, ret, &v);
	code = tell(rq, &m);
	model_free(&m);
	return code;
}

u64 model_age(const struct rproc_lite_info *info)
{
	u64 now = duration_now(CLOCK_BOOTTIME), since = info->state_since / 1000000;

	return now > since ? now - since : 0;
}

const char *model_crash_text(u32 crash)
{
	switch (crash) {
	case RPROC_LITE_CRASH_NONE:
		return "none";
	case RPROC_LITE_CRASH_FIRMWARE:
		return "the firmware said so";
	case RPROC_LITE_CRASH_CORE_OFF:
		return "the core was found off";
	case RPROC_LITE_CRASH_WATCHDOG:
		return "its watchdog barked";
	case RPROC_LITE_CRASH_HEARTBEAT:
		return "the firmware did not answer";
	case RPROC_LITE_CRASH_USER:
		return "somebody asked for it";
	default:
		return "for a reason that this rprocctl does not know";
	}
}

const char *model_crash_word(u32 crash)
{
	switch (crash) {
	case RPROC_LITE_CRASH_FIRMWARE:
		return "firmware";
	case RPROC_LITE_CRASH_CORE_OFF:
		return "core-off";
	case RPROC_LITE_CRASH_WATCHDOG:
		return "watchdog";
	case RPROC_LITE_CRASH_HEARTBEAT:
		return "heartbeat";
	case RPROC_LITE_CRASH_USER:
		return "user";
	default:
		return "unknown";
	}
}

/* "recovery_limit": JSON's readers want names. */
static const char *setting_name(char *buf, size_t len, const char *key)
{
	char *dash;

	snprintf(buf, len, "%s", key);
	while ((dash = strchr(buf, '-')))
		*dash = '_';
	return buf;
}

void model_json_policy(struct json *j, const struct rproc_lite_policy *policy)
{
	char name[64], value[MODEL_SETTING_MAX];
	const char *key;
	unsigned int i;
	u64 n;

	for (i = 0; (key = rl_policy_key(i)); i++) {
		setting_name(name, sizeof(name), key);
		rl_policy_value(policy, i, value, sizeof(value));
		if (rl_policy_is_number(i) && !rl_parse_u64(value, &n))
			json_u64(j, name, n);
		else
			json_string(j, name, value);
	}
}

const char *model_recovery_word(u32 recovery)
{
	static const char *const words[] = {
		[RPROC_LITE_RECOVERY_NONE] = "none",
		[RPROC_LITE_RECOVERY_WAITING] = "waiting",
		[RPROC_LITE_RECOVERY_BEGUN] = "begun",
		[RPROC_LITE_RECOVERY_DONE] = "done",
		[RPROC_LITE_RECOVERY_FAILED] = "failed",
		[RPROC_LITE_RECOVERY_GIVEN_UP] = "given-up",
		[RPROC_LITE_RECOVERY_STOPPED] = "stopped",
	};

	return recovery < ARRAY_SIZE(words) ? words[recovery] : "unknown";
}

const char *model_state_color(u32 state)
{
	switch (state) {
	case RPROC_LITE_RUNNING:
		return TERM_GREEN;
	case RPROC_LITE_CRASHED:
		return TERM_RED;
	default:
		return NULL;
	}
}

const char *model_kind_name(u32 kind)
{
	switch (kind) {
	case RPROC_LITE_PLACED_SEGMENT:
		return "segment";
	case RPROC_LITE_PLACED_TABLE:
		return "table";
	case RPROC_LITE_PLACED_CARVEOUT:
		return "carveout";
	case RPROC_LITE_PLACED_DEVMEM:
		return "devmem";
	case RPROC_LITE_PLACED_TRACE:
		return "trace";
	case RPROC_LITE_PLACED_VRING:
		return "vring";
	case RPROC_LITE_PLACED_BUFFERS:
		return "buffers";
	default:
		return "?";
	}
}

void model_json_region_flags(struct json *j, u32 flags)
{
	json_bool(j, "io", flags & RPROC_LITE_REGION_IO);
	json_bool(j, "mappable", flags & RPROC_LITE_REGION_MAPPABLE);
	json_bool(j, "window", flags & RPROC_LITE_REGION_WINDOW);
}

void model_json_region(struct json *j, const struct rproc_lite_region *r)
{
	json_string(j, "name", r->name);
	json_u64(j, "da", r->da);
	json_u64(j, "pa", r->pa);
	json_u64(j, "size", r->size);
	model_json_region_flags(j, r->flags);
}

void model_json_vdevs(struct json *j, const struct model *m)
{
	size_t i;

	json_array(j, "vdevs");
	for (i = 0; i < m->num_vdevs; i++) {
		json_object(j, NULL);
		vdev_json(j, &m->vdevs[i]);
		json_object_end(j);
	}
	json_array_end(j);
}

const char *model_table_text(char buf[MODEL_TABLE_MAX], const struct rproc_lite_info *info)
{
	const char *entries = info->num_entries == 1 ? "entry" : "entries";

	if (info->table_da == RPROC_LITE_NO_DA)
		snprintf(buf, MODEL_TABLE_MAX, "%u B, %u %s, not in the remote's memory",
			 info->table_size, info->num_entries, entries);
	else
		snprintf(buf, MODEL_TABLE_MAX, "%u B at 0x%llx, %u %s", info->table_size,
			 (unsigned long long)info->table_da, info->num_entries, entries);
	return buf;
}

static void json_operation(struct json *j, const struct rproc_lite_info *info)
{
	if (info->op == RPROC_LITE_OP_NONE) {
		json_null(j, "operation");
		return;
	}
	json_object(j, "operation");
	json_string(j, "verb", device_op_name(info->op));
	json_u64_or_null(j, "pid", info->op_pid, 0);
	json_u64(j, "done", info->op_done);
	json_u64_or_null(j, "total", info->op_total, 0);
	json_object_end(j);
}

const char *model_xxh64(char buf[MODEL_DIGEST_MAX], const struct rproc_lite_info *info)
{
	snprintf(buf, MODEL_DIGEST_MAX, "%016llx", (unsigned long long)info->digest);
	return buf;
}

const char *model_sha256(char buf[MODEL_DIGEST_MAX], const struct rproc_lite_info *info)
{
	size_t i;

	for (i = 0; i < sizeof(info->sha256); i++)
		snprintf(buf + 2 * i, 3, "%02x", info->sha256[i]);
	return buf;
}

void model_json_digests(struct json *j, const struct rproc_lite_info *info)
{
	char digest[MODEL_DIGEST_MAX];

	json_string(j, "xxh64", model_xxh64(digest, info));
	if (info->flags & RPROC_LITE_INFO_SHA256)
		json_string(j, "sha256", model_sha256(digest, info));
	else
		json_null(j, "sha256");
}

static void json_image(struct json *j, const struct rproc_lite_info *info)
{
	char machine[MACHINE_MAX];

	if (!(info->flags & RPROC_LITE_INFO_IMAGE)) {
		json_null(j, "image");
		return;
	}
	json_object(j, "image");
	json_string(j, "name", info->image);
	json_string(j, "class", machine_class(info->elf_class));
	json_string(j, "machine", machine_name(machine, info->elf_machine));
	json_u64(j, "machine_number", info->elf_machine);
	json_u64(j, "entry", info->entry);
	json_u64(j, "memory_size", info->image_size);
	model_json_digests(j, info);
	json_u64(j, "loaded_ms", info->loaded / 1000000);
	json_u64(j, "kept", info->kept);
	json_bool(j, "said_ready", info->flags & RPROC_LITE_INFO_READY);
	json_bool(j, "restartable", info->flags & RPROC_LITE_INFO_RESTARTABLE);
	if (info->flags & RPROC_LITE_INFO_TABLE) {
		json_object(j, "table");
		json_u64_or_null(j, "da", info->table_da, RPROC_LITE_NO_DA);
		json_u64(j, "size", info->table_size);
		json_u64(j, "entries", info->num_entries);
		json_object_end(j);
	} else {
		json_null(j, "table");
	}
	json_object_end(j);
}

void model_json_info(struct json *j, const struct rproc_lite_info *info, const char *path)
{
	json_string(j, "name", info->name);
	json_u64(j, "id", info->id);
	json_string(j, "device", path);
	json_string(j, "state", rl_state_name(info->state));
	json_u64(j, "state_seq", info->state_seq);
	json_u64(j, "state_ms", model_age(info));
	json_operation(j, info);
	json_string(j, "backend", info->backend);
	json_string(j, "detail", info->detail);
	json_image(j, info);
	json_u64(j, "traces", info->num_traces);
	json_u64(j, "stop_timeout_ms", info->stop_timeout_ms);
	json_u64(j, "crashes", info->crash_count);
	if (info->crash == RPROC_LITE_CRASH_NONE)
		json_null(j, "last_crash");
	else
		json_string(j, "last_crash", model_crash_word(info->crash));
	json_string(j, "recovery", model_recovery_word(info->recovery));
	json_u64(j, "recovery_attempts", info->recovery_attempts);
	json_u64(j, "recovered", info->recovered);
	if (info->last.error) {
		json_object(j, "last_failure");
		report_json_verdict(j, &info->last);
		json_object_end(j);
	} else {
		json_null(j, "last_failure");
	}
}
