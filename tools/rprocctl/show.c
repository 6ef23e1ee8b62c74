// SPDX-License-Identifier: GPL-2.0-only
/* rprocctl show: one remote, whole. */
#include <time.h>

#include "cmd.h"
#include "duration.h"
#include "machine.h"
#include "map.h"
#include "state.h"
#include "term.h"
#include "text.h"

#define KEY_WIDTH	14

/* "state:        " */
static void key(const char *name)
{
	printf("%s:%*s", name, KEY_WIDTH - 1 - (int)strlen(name), "");
}

static void line(const char *name, const char *value)
{
	char buf[TEXT_ESCAPED(RPROC_LITE_PATH_MAX)];

	key(name);
	puts(*value ? text_escape(buf, sizeof(buf), value) : "-");
}

static void print_state(const struct rproc_lite_info *info)
{
	const char *color = model_state_color(info->state);
	char age[DURATION_MAX];

	key("state");
	if (color)
		term_paint(stdout, color);
	fputs(rl_state_name(info->state), stdout);
	if (color)
		term_plain(stdout);
	printf(" for %s\n", duration_text(age, model_age(info)));
}

static void print_operation(const struct rproc_lite_info *info)
{
	char done[TEXT_SIZE_MAX], total[TEXT_SIZE_MAX];

	if (info->op == RPROC_LITE_OP_NONE)
		return;
	key("operation");
	fputs(device_op_name(info->op), stdout);
	if (info->op_pid)
		printf(" by process %u", info->op_pid);
	if (info->op == RPROC_LITE_OP_LOAD && info->op_total)
		printf(", %s of %s placed", text_size(done, info->op_done),
		       text_size(total, info->op_total));
	else if (info->op == RPROC_LITE_OP_LOAD)
		printf(", %s placed", text_size(done, info->op_done));
	putchar('\n');
}

static void print_loaded(const struct rproc_lite_info *info)
{
	time_t seconds = (time_t)(info->loaded / 1000000000);
	char when[32] = "";
	struct tm tm;

	if (localtime_r(&seconds, &tm))
		strftime(when, sizeof(when), "%Y-%m-%d %H:%M:%S", &tm);
	line("loaded", when);
}

static void print_restartable(const struct rproc_lite_info *info)
{
	char size[TEXT_SIZE_MAX];

	key("restartable");
	if (info->flags & RPROC_LITE_INFO_KEPT)
		printf("yes, from a kept copy that takes %s\n", text_size(size, info->kept));
	else if (info->flags & RPROC_LITE_INFO_RESTARTABLE)
		puts("yes");
	else
		puts("no, it came as a stream and was not kept");
}

static void print_image(const struct rproc_lite_info *info)
{
	char machine[MACHINE_MAX], size[TEXT_SIZE_MAX], digest[MODEL_DIGEST_MAX];
	char table[MODEL_TABLE_MAX];

	if (!(info->flags & RPROC_LITE_INFO_IMAGE)) {
		line("image", "none");
		return;
	}
	line("image", *info->image ? info->image : "unnamed");
	line("class", machine_class(info->elf_class));
	if (info->elf_class)
		line("machine", machine_name(machine, info->elf_machine));
	key("entry");
	printf("0x%llx\n", (unsigned long long)info->entry);
	line("size", text_size(size, info->image_size));
	line("xxh64", model_xxh64(digest, info));
	if (info->flags & RPROC_LITE_INFO_SHA256)
		line("sha256", model_sha256(digest, info));
	print_loaded(info);
	key("table");
	if (info->flags & RPROC_LITE_INFO_TABLE)
		puts(model_table_text(table, info));
	else
		puts("none");
	key("traces");
	printf("%u\n", info->num_traces);
	line("said READY", info->flags & RPROC_LITE_INFO_READY ? "yes" : "no");
	print_restartable(info);
}

static void print_history(const struct rproc_lite_info *info)
{
	char limit[DURATION_MAX];

	line("stop limit", duration_text(limit, info->stop_timeout_ms));
	key("crashes");
	if (info->crash == RPROC_LITE_CRASH_NONE)
		printf("%u\n", info->crash_count);
	else
		printf("%u, the last: %s\n", info->crash_count, model_crash_text(info->crash));
	if (info->crash != RPROC_LITE_CRASH_NONE) {
		key("recovery");
		printf("%s, %u in a row, %u went well\n", model_recovery_word(info->recovery),
		       info->recovery_attempts, info->recovered);
	}
	line("last failure", info->last.error ? info->last.text : "none");
}

static void print_remote(const struct model *m)
{
	const struct rproc_lite_info *info = &m->info;

	line("name", info->name);
	print_state(info);
	print_operation(info);
	line("device", m->path);
	line("backend", info->backend);
	line("detail", info->detail);
	print_image(info);
	print_history(info);
}

static void show_text(const struct model *m, bool ascii)
{
	size_t i;

	print_remote(m);
	if (m->num_entries)
		puts("\nresource table");
	for (i = 0; i < m->num_entries; i++)
		rsc_print(stdout, &m->entries[i]);
	if (m->num_vdevs)
		puts("\nvirtio devices");
	for (i = 0; i < m->num_vdevs; i++)
		vdev_print(stdout, &m->vdevs[i]);
	if (m->num_regions) {
		puts("\nmemory (bars by the square root of the size)");
		map_print(stdout, m, ascii);
	}
}

static void json_placements(struct json *j, const struct model *m, u32 region)
{
	const struct rproc_lite_placement *p;
	size_t i;

	json_array(j, "placements");
	for (i = 0; i < m->num_placements; i++) {
		p = &m->placements[i];
		if (p->region != region)
			continue;
		json_object(j, NULL);
		json_string(j, "kind", model_kind_name(p->kind));
		json_string(j, "name", p->name);
		json_u64(j, "source", p->source);
		json_u64(j, "da", p->da);
		json_u64(j, "size", p->size);
		json_object_end(j);
	}
	json_array_end(j);
}

static void show_json(const struct model *m)
{
	struct json j;
	size_t i;

	json_begin(&j, stdout);
	model_json_info(&j, &m->info, m->path);
	json_array(&j, "entries");
	for (i = 0; i < m->num_entries; i++)
		rsc_json(&j, &m->entries[i]);
	json_array_end(&j);
	model_json_vdevs(&j, m);
	json_array(&j, "regions");
	for (i = 0; i < m->num_regions; i++) {
		const struct rproc_lite_region *r = &m->regions[i];

		json_object(&j, NULL);
		model_json_region(&j, r);
		json_placements(&j, m, r->index);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_end(&j);
}

static int tell(const struct request *rq, const struct model *m)
{
	if (wants_json(rq))
		show_json(m);
	else
		show_text(m, rq->given & OPT_ASCII);
	return EXIT_DONE;
}

int cmd_show(const struct request *rq)
{
	return model_tell(rq, tell);
}
