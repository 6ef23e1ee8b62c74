// SPDX-License-Identifier: GPL-2.0-only
/* rprocctl mem list, find, add and remove. */
#include "mem.h"
#include "model.h"
#include "number.h"
#include "report.h"
#include "text.h"

const char *mem_kind(char buf[MEM_KIND_MAX], u32 flags)
{
	snprintf(buf, MEM_KIND_MAX, "%s%s%s",
		 flags & RPROC_LITE_REGION_WINDOW ? "window of " : "",
		 flags & RPROC_LITE_REGION_IO ? "device memory" : "RAM",
		 flags & RPROC_LITE_REGION_MAPPABLE ? ", mappable" : "");
	return buf;
}

static void list_text(const struct model *m)
{
	char name[TEXT_ESCAPED(RPROC_LITE_NAME_MAX)], size[TEXT_SIZE_MAX], kind[MEM_KIND_MAX];
	const struct rproc_lite_region *r;
	int width = 4, w;
	size_t i;

	for (i = 0; i < m->num_regions; i++) {
		w = text_width(text_escape(name, sizeof(name), m->regions[i].name));
		width = w > width ? w : width;
	}
	text_pad(stdout, "NAME", width);
	printf("  %-18s  %-18s  %10s  KIND\n", "DA", "PA", "SIZE");
	for (i = 0; i < m->num_regions; i++) {
		r = &m->regions[i];
		text_pad(stdout, text_escape(name, sizeof(name), r->name), width);
		printf("  0x%-16llx  0x%-16llx  %10s  %s\n", (unsigned long long)r->da,
		       (unsigned long long)r->pa, text_size(size, r->size),
		       mem_kind(kind, r->flags));
	}
}

static void list_json(const struct model *m)
{
	const struct rproc_lite_region *r;
	struct json j;
	size_t i;

	json_begin(&j, stdout);
	json_string(&j, "name", m->info.name);
	json_array(&j, "regions");
	for (i = 0; i < m->num_regions; i++) {
		r = &m->regions[i];
		json_object(&j, NULL);
		model_json_region(&j, r);
		json_object_end(&j);
	}
	json_array_end(&j);
	json_end(&j);
}

static int tell_list(const struct request *rq, const struct model *m)
{
	if (wants_json(rq))
		list_json(m);
	else
		list_text(m);
	return EXIT_DONE;
}

int cmd_mem_list(const struct request *rq)
{
	return model_tell(rq, tell_list);
}

static void find_text(const struct rproc_lite_find *f)
{
	char name[TEXT_ESCAPED(RPROC_LITE_NAME_MAX)], size[TEXT_SIZE_MAX], kind[MEM_KIND_MAX];

	printf("region:  %s\n", text_escape(name, sizeof(name), f->name));
	printf("kind:    %s\n", mem_kind(kind, f->flags));
	printf("da:      0x%llx\n", (unsigned long long)f->da);
	printf("pa:      0x%llx\n", (unsigned long long)f->pa);
	printf("left:    0x%llx (%s)\n", (unsigned long long)f->left, text_size(size, f->left));
	printf("offset:  0x%llx\n", (unsigned long long)f->offset);
}

static void find_json(const struct request *rq, const struct rproc_lite_find *f)
{
	struct json j;

	json_begin(&j, stdout);
	json_string(&j, "name", rq->dev->info.name);
	json_string(&j, "region", f->name);
	json_u64(&j, "index", f->region);
	json_u64(&j, "da", f->da);
	json_u64(&j, "pa", f->pa);
	json_u64(&j, "left", f->left);
	json_u64(&j, "offset", f->offset);
	model_json_region_flags(&j, f->flags);
	json_end(&j);
}

/* What the user asked for; false if that is not one thing. */
static bool get_question(const struct request *rq, struct rproc_lite_find *f, const char **name)
{
	unsigned int by = rq->given & (OPT_DA | OPT_PA);

	*name = rq->arg;
	f->len = rq->len;
	if (!by) {
		f->by = RPROC_LITE_BY_NAME;
		f->addr = rq->offset;
		return rq->arg;
	}
	f->by = by == OPT_DA ? RPROC_LITE_BY_DA : RPROC_LITE_BY_PA;
	f->addr = by == OPT_DA ? rq->da : rq->pa;
	return !rq->arg && by != (OPT_DA | OPT_PA) && !(rq->given & (OPT_NAME | OPT_OFFSET));
}

int cmd_mem_find(const struct request *rq)
{
	struct rproc_lite_find f = { 0 };
	struct rproc_lite_verdict v;
	const char *name;
	int ret;

	if (!get_question(rq, &f, &name)) {
		report_text(rq, -EINVAL, "a NAME is wanted, maybe with --offset; or --da; or --pa");
		return EXIT_USAGE;
	}
	ret = device_find(rq->dev, &f, name, &v);
	if (ret)
		return report(rq, ret, &v);
	if (wants_json(rq))
		find_json(rq, &f);
	else
		find_text(&f);
	return EXIT_DONE;
}

/* @size: 0 where there is no window any more. */
static int tell_window(const struct request *rq, u64 da, u64 size)
{
	char remote[TEXT_ESCAPED(RPROC_LITE_NAME_MAX)], name[TEXT_ESCAPED(RPROC_LITE_NAME_MAX)];
	struct json j;

	if (!wants_json(rq)) {
		text_escape(remote, sizeof(remote), rq->dev->info.name);
		text_escape(name, sizeof(name), rq->arg);
		if (size)
			printf("%s: %s is 0x%llx..0x%llx\n", remote, name,
			       (unsigned long long)da, (unsigned long long)(da + size));
		else
			printf("%s: %s is no more\n", remote, name);
		return EXIT_DONE;
	}
	json_begin(&j, stdout);
	json_string(&j, "verb", rq->cmd->name);
	json_string(&j, "name", rq->dev->info.name);
	json_string(&j, "window", rq->arg);
	if (size) {
		json_u64(&j, "da", da);
		json_u64(&j, "size", size);
	}
	json_end(&j);
	return EXIT_DONE;
}

int cmd_mem_add(const struct request *rq)
{
	struct rproc_lite_verdict v;
	u64 da, size;
	int ret;

	if (!number_parse(rq->args[2], &da)) {
		report_text(rq, -EINVAL, "DA \"%s\": %s", rq->args[2], NUMBER_WANTED);
		return EXIT_USAGE;
	}
	if (!number_parse_size(rq->args[3], &size)) {
		report_text(rq, -EINVAL, "SIZE \"%s\": %s", rq->args[3], SIZE_WANTED);
		return EXIT_USAGE;
	}
	ret = device_add_mem(rq->dev, rq->arg, da, size, &v);
	return ret ? report(rq, ret, &v) : tell_window(rq, da, size);
}

int cmd_mem_remove(const struct request *rq)
{
	struct rproc_lite_verdict v;
	int ret;

	ret = device_remove_mem(rq->dev, rq->arg, &v);
	return ret ? report(rq, ret, &v) : tell_window(rq, 0, 0);
}
