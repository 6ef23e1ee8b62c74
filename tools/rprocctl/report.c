// SPDX-License-Identifier: GPL-2.0-only
#include "report.h"
#include "cmd.h"
#include "text.h"

const char *report_where(u32 where)
{
	static const char *const names[] = {
		[RPROC_LITE_AT_NOTHING] = "nothing",
		[RPROC_LITE_AT_ARGUMENT] = "argument",
		[RPROC_LITE_AT_STATE] = "state",
		[RPROC_LITE_AT_FILE] = "file",
		[RPROC_LITE_AT_ELF_HEADER] = "elf-header",
		[RPROC_LITE_AT_SEGMENT] = "segment",
		[RPROC_LITE_AT_SECTION] = "section",
		[RPROC_LITE_AT_TABLE] = "table",
		[RPROC_LITE_AT_ENTRY] = "entry",
		[RPROC_LITE_AT_REGION] = "region",
		[RPROC_LITE_AT_BACKEND] = "backend",
		[RPROC_LITE_AT_RING] = "ring",
	};

	return where < ARRAY_SIZE(names) ? names[where] : "unknown";
}

void report_json_verdict(struct json *j, const struct rproc_lite_verdict *v)
{
	const char *name = strerrorname_np(-v->error);

	json_string(j, "errno", name ? name : "unknown");
	json_string(j, "where", report_where(v->where));
	json_u64_or_null(j, "index", v->index, RPROC_LITE_NO_INDEX);
	json_u64_or_null(j, "offset", v->offset, RPROC_LITE_NO_OFFSET);
	json_string(j, "text", v->text);
}

static void report_json(const struct request *rq, const struct rproc_lite_verdict *v)
{
	struct json j;

	json_begin(&j, stdout);
	json_object(&j, "error");
	json_string(&j, "verb", rq->cmd->name);
	if (rq->subject)
		json_string(&j, "remote", rq->subject);
	else
		json_null(&j, "remote");
	report_json_verdict(&j, v);
	json_object_end(&j);
	json_end(&j);
}

int report_note(const struct request *rq, int error, const struct rproc_lite_verdict *v)
{
	char subject[1024], text[TEXT_ESCAPED(RPROC_LITE_TEXT_MAX)];

	/* What is on its way to standard output came first. */
	fflush(stdout);
	if (rq->subject)
		fprintf(stderr, "rprocctl: %s %s: %s\n", rq->cmd->name,
			text_escape(subject, sizeof(subject), rq->subject),
			text_escape(text, sizeof(text), v->text));
	else
		fprintf(stderr, "rprocctl: %s: %s\n", rq->cmd->name,
			text_escape(text, sizeof(text), v->text));

	switch (error) {
	case 0:
		return EXIT_DONE;
	case -ENODEV:
	case -ENXIO:
		return EXIT_NO_DEVICE;
	case -ETIMEDOUT:
		return EXIT_TIMED_OUT;
	default:
		return EXIT_FAILED;
	}
}

int report(const struct request *rq, int error, const struct rproc_lite_verdict *v)
{
	if (wants_json(rq))
		report_json(rq, v);
	return report_note(rq, error, v);
}

int report_text(const struct request *rq, int error, const char *fmt, ...)
{
	struct rproc_lite_verdict v = {
		.error = error,
		.index = RPROC_LITE_NO_INDEX,
		.offset = RPROC_LITE_NO_OFFSET,
	};
	va_list args;

	va_start(args, fmt);
	vsnprintf(v.text, sizeof(v.text), fmt, args);
	va_end(args);
	return report(rq, error, &v);
}
