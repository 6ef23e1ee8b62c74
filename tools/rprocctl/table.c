// SPDX-License-Identifier: GPL-2.0-only
/* rprocctl rsc show and rsc set. */
#include <stdlib.h>

#include <linux/rproc_lite_rsc.h>

#include "file.h"
#include "mem.h"
#include "model.h"
#include "report.h"
#include "state.h"
#include "text.h"

/* How a table is to be shown that there is none of. */
static int no_table(const struct request *rq, const struct rproc_lite_info *info)
{
	return report_text(rq, -ENOENT, "%s", info->flags & RPROC_LITE_INFO_IMAGE ?
			   "what is loaded has no resource table" : "no image is loaded");
}

static void put_le32(u8 *p, u32 n)
{
	p[0] = (u8)n;
	p[1] = (u8)(n >> 8);
	p[2] = (u8)(n >> 16);
	p[3] = (u8)(n >> 24);
}

/*
 * A table that lies nowhere in the remote's memory, from its entries. What is
 * between them and is no entry's becomes zeros.
 */
static int raw_from_entries(const struct request *rq, const struct model *m)
{
	size_t i, head = sizeof(struct rproc_lite_rsc_table), size = m->info.table_size;
	const struct rsc_entry *e;
	struct output o;
	int code;
	u8 *table;

	if (!rl_fits(head, m->num_entries * 4, size))
		return report_text(rq, -EINVAL, "the table's size makes no sense");
	table = calloc(1, size);
	if (!table)
		return report_text(rq, -ENOMEM, "out of memory");
	put_le32(table, RPROC_LITE_RSC_VERSION);
	put_le32(table + 4, (u32)m->num_entries);
	for (i = 0; i < m->num_entries; i++) {
		e = &m->entries[i];
		put_le32(table + head + i * 4, e->offset);
		if (rl_fits(e->offset, e->len, size))
			memcpy(table + e->offset, e->data, e->len);
	}
	code = output_open(rq, &o, 0);
	if (code == EXIT_DONE) {
		output_add(&o, table, size);
		code = output_close(rq, &o, true);
	}
	free(table);
	return code;
}

/* As it is in the remote's memory now, where it is there. */
static int show_raw(const struct request *rq, const struct model *m)
{
	struct rproc_lite_find f = {
		.by = RPROC_LITE_BY_DA, .addr = m->info.table_da, .len = m->info.table_size,
	};
	struct rproc_lite_verdict v;
	int ret;

	if (m->info.table_da == RPROC_LITE_NO_DA)
		return raw_from_entries(rq, m);
	ret = device_find(rq->dev, &f, NULL, &v);
	return ret ? report(rq, ret, &v) : mem_output(rq, &f, m->info.table_size);
}

static int show_text(const struct model *m)
{
	char where[MODEL_TABLE_MAX];
	size_t i;

	printf("%s\n", model_table_text(where, &m->info));
	for (i = 0; i < m->num_entries; i++)
		rsc_print(stdout, &m->entries[i]);
	return EXIT_DONE;
}

static int show_json(const struct model *m)
{
	struct json j;
	size_t i;

	json_begin(&j, stdout);
	json_string(&j, "name", m->info.name);
	json_u64_or_null(&j, "da", m->info.table_da, RPROC_LITE_NO_DA);
	json_u64(&j, "size", m->info.table_size);
	json_array(&j, "entries");
	for (i = 0; i < m->num_entries; i++)
		rsc_json(&j, &m->entries[i]);
	json_array_end(&j);
	json_end(&j);
	return EXIT_DONE;
}

static int show(const struct request *rq, const struct model *m)
{
	if (!(m->info.flags & RPROC_LITE_INFO_TABLE))
		return no_table(rq, &m->info);
	if (rq->given & OPT_RAW)
		return show_raw(rq, m);
	return wants_json(rq) ? show_json(m) : show_text(m);
}

int cmd_rsc_show(const struct request *rq)
{
	if ((rq->given & OPT_RAW) ? wants_json(rq) : rq->given & OPT_OUTPUT) {
		report_text(rq, -EINVAL, "--output goes with --raw, and --json does not");
		return EXIT_USAGE;
	}
	return model_tell(rq, show);
}

static int tell(const struct request *rq)
{
	const struct rproc_lite_info *info = &rq->dev->info;
	char name[TEXT_ESCAPED(RPROC_LITE_NAME_MAX)], where[MODEL_TABLE_MAX];
	struct json j;

	if (!wants_json(rq)) {
		printf("%s: resource table: %s\n", text_escape(name, sizeof(name), info->name),
		       model_table_text(where, info));
		return EXIT_DONE;
	}
	json_begin(&j, stdout);
	json_string(&j, "verb", rq->cmd->name);
	json_string(&j, "name", info->name);
	json_string(&j, "state", rl_state_name(info->state));
	json_u64(&j, "state_seq", info->state_seq);
	json_u64_or_null(&j, "da", info->table_da, RPROC_LITE_NO_DA);
	json_u64(&j, "size", info->table_size);
	json_u64(&j, "entries", info->num_entries);
	json_end(&j);
	return EXIT_DONE;
}

static int set(const struct request *rq, const void *table, u64 size)
{
	struct rproc_lite_verdict v;
	int ret;

	ret = device_set_rsc(rq->dev, table, size > U32_MAX ? U32_MAX : (u32)size,
			     rq->given & OPT_DA ? rq->da : RPROC_LITE_NO_DA, &v);
	if (!ret)
		ret = device_info(rq->dev, &v);
	return ret ? report(rq, ret, &v) : tell(rq);
}

static int set_from_file(const struct request *rq)
{
	/* A byte more than there may be: then the kernel says so. */
	static u8 table[RPROC_LITE_RSC_SIZE_MAX + 1];
	ssize_t n;
	int code, fd;

	code = file_open(rq, rq->arg, &fd);
	if (code != EXIT_DONE)
		return code;
	n = file_read(fd, table, sizeof(table));
	file_close(fd);
	if (n < 0)
		return report_text(rq, (int)n, "%s: %s", rq->arg, strerror((int)-n));
	return set(rq, table, (u64)n);
}

int cmd_rsc_set(const struct request *rq)
{
	unsigned int in_memory = rq->given & (OPT_DA | OPT_LEN);

	if (rq->arg ? !(in_memory & OPT_LEN) : in_memory == (OPT_DA | OPT_LEN))
		return rq->arg ? set_from_file(rq) : set(rq, NULL, rq->len);
	report_text(rq, -EINVAL, "FILE is wanted, maybe with --da; or --da and --len");
	return EXIT_USAGE;
}
