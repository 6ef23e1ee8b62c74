/* SPDX-License-Identifier: GPL-2.0-only */
/* All that is known of a remote, from which text and JSON are made. */
#ifndef RPROCCTL_MODEL_H
#define RPROCCTL_MODEL_H

#include "cmd.h"
#include "device.h"
#include "json.h"
#include "rsc.h"
#include "vdev.h"

struct model {
	struct rproc_lite_info info;
	char path[256];
	struct rproc_lite_region *regions;
	size_t num_regions;
	struct rproc_lite_placement *placements;
	size_t num_placements;
	struct rsc_entry *entries;
	size_t num_entries;
	struct vdev *vdevs;
	size_t num_vdevs;
};

/**
 * model_read() - ask for everything
 * @m: to be freed if this succeeds
 * @d: the remote
 * @v: the reason
 *
 * Asks again if the remote changed meanwhile, so that the parts fit.
 */
int model_read(struct model *m, struct device *d, struct rproc_lite_verdict *v);
void model_free(struct model *m);

/**
 * model_tell() - read it, and tell of it
 * @rq: whose device
 * @tell: does so; returns an exit code
 *
 * Return: an exit code; a failure is reported already.
 */
int model_tell(const struct request *rq,
	       int (*tell)(const struct request *rq, const struct model *m));

/* Members of the remote's object that INFO has; @path is its device. */
void model_json_info(struct json *j, const struct rproc_lite_info *info, const char *path);

/* What tells which bytes were placed. */
void model_json_digests(struct json *j, const struct rproc_lite_info *info);

/* An XXH64 or SHA-256 as text; returns @buf. */
#define MODEL_DIGEST_MAX	65
const char *model_xxh64(char buf[MODEL_DIGEST_MAX], const struct rproc_lite_info *info);
const char *model_sha256(char buf[MODEL_DIGEST_MAX], const struct rproc_lite_info *info);

/* For how long it has been in its state, milliseconds. */
u64 model_age(const struct rproc_lite_info *info);

/* "the firmware said so" */
const char *model_crash_text(u32 crash);
/* "waiting": what becomes of it after a crash. */
const char *model_recovery_word(u32 recovery);

/* "firmware", "core-off", "unknown" */
const char *model_crash_word(u32 crash);

/* TERM_GREEN for Running, or NULL: for term_paint(). */
const char *model_state_color(u32 state);

/* Members of the policy's object. A setting's value as text takes so much room. */
#define MODEL_SETTING_MAX	16
void model_json_policy(struct json *j, const struct rproc_lite_policy *policy);

/* Members of a region's object. */
void model_json_region(struct json *j, const struct rproc_lite_region *r);
void model_json_region_flags(struct json *j, u32 flags);

/* "vdevs": an array of their objects. */
void model_json_vdevs(struct json *j, const struct model *m);

/* "300 B at 0x50000000, 3 entries"; returns @buf. */
#define MODEL_TABLE_MAX	80
const char *model_table_text(char buf[MODEL_TABLE_MAX], const struct rproc_lite_info *info);

/* "segment", "vring" */
const char *model_kind_name(u32 kind);

#endif /* RPROCCTL_MODEL_H */
