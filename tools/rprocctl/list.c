// SPDX-License-Identifier: GPL-2.0-only
/* rprocctl list: a line a remote. */
#include <stdlib.h>

#include "cmd.h"
#include "device.h"
#include "model.h"
#include "report.h"
#include "state.h"
#include "term.h"
#include "text.h"

enum column { NAME, STATE, BACKEND, DETAIL, IMAGE, COLUMNS };

struct row {
	char cell[COLUMNS][TEXT_ESCAPED(RPROC_LITE_PATH_MAX)];
	const char *color;
};

static void put(char *cell, const char *s)
{
	text_escape(cell, TEXT_ESCAPED(RPROC_LITE_PATH_MAX), *s ? s : "-");
}

static void fill(struct row *r, const struct rproc_lite_info *info)
{
	char state[48];

	snprintf(state, sizeof(state), info->op ? "%s (%s)" : "%s",
		 rl_state_name(info->state), device_op_name(info->op));
	put(r->cell[NAME], info->name);
	put(r->cell[STATE], state);
	put(r->cell[BACKEND], info->backend);
	put(r->cell[DETAIL], info->detail);
	put(r->cell[IMAGE], info->flags & RPROC_LITE_INFO_IMAGE ? info->image : "");
	r->color = model_state_color(info->state);
}

static void print_rows(const struct row *rows, size_t count)
{
	int width[COLUMNS] = { 0 }, c, w;
	size_t i;

	for (i = 0; i < count; i++) {
		for (c = 0; c < COLUMNS; c++) {
			w = text_width(rows[i].cell[c]);
			if (w > width[c])
				width[c] = w;
		}
	}
	for (i = 0; i < count; i++) {
		for (c = 0; c < COLUMNS; c++) {
			if (c == STATE && rows[i].color)
				term_paint(stdout, rows[i].color);
			text_pad(stdout, rows[i].cell[c], c == COLUMNS - 1 ? 0 : width[c]);
			if (c == STATE && rows[i].color)
				term_plain(stdout);
			fputs(c == COLUMNS - 1 ? "\n" : "  ", stdout);
		}
	}
}

/* All that answer; those that don't are reported, and make the exit code. */
static int gather(const struct request *rq, struct rproc_lite_info **infos, size_t *count)
{
	struct rproc_lite_verdict v;
	int ret, code = EXIT_DONE;
	struct device d;
	u32 *numbers;
	size_t i, n;

	n = device_numbers(&numbers);
	*infos = calloc(n + 1, sizeof(**infos));
	for (i = 0; *infos && i < n; i++) {
		ret = device_open_number(&d, numbers[i], false, &v);
		if (ret == -ENODEV)	/* went away since we looked */
			continue;
		if (ret) {
			code = report_note(rq, ret, &v);
			continue;
		}
		(*infos)[(*count)++] = d.info;
		device_close(&d);
	}
	free(numbers);
	return *infos ? code : report_text(rq, -ENOMEM, "out of memory");
}

static void list_text(const struct rproc_lite_info *infos, size_t count)
{
	static const struct row header = {
		.cell = { "NAME", "STATE", "BACKEND", "DETAIL", "IMAGE" },
	};
	struct row *rows = calloc(count + 1, sizeof(*rows));
	size_t i;

	if (!rows)
		return;
	rows[0] = header;
	for (i = 0; i < count; i++)
		fill(&rows[i + 1], &infos[i]);
	print_rows(rows, count + 1);
	free(rows);
}

static void list_json(const struct rproc_lite_info *infos, size_t count)
{
	char path[64];
	struct json j;
	size_t i;

	json_begin(&j, stdout);
	json_array(&j, "remotes");
	for (i = 0; i < count; i++) {
		snprintf(path, sizeof(path), "/dev/rproc_lite%u", infos[i].id);
		json_object(&j, NULL);
		model_json_info(&j, &infos[i], path);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_end(&j);
}

int cmd_list(const struct request *rq)
{
	struct rproc_lite_info *infos;
	size_t count = 0;
	int code;

	code = gather(rq, &infos, &count);
	if (!infos)
		return code;
	if (wants_json(rq))
		list_json(infos, count);
	else if (count)
		list_text(infos, count);
	else if (code == EXIT_DONE)
		fputs("rprocctl: no remotes here; try: modprobe rproc_lite_platform\n", stderr);
	free(infos);
	return code;
}
