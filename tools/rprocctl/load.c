// SPDX-License-Identifier: GPL-2.0-only
/* rprocctl load: which file that is, and what came of it. */
#include <fcntl.h>
#include <unistd.h>

#include "action.h"
#include "machine.h"
#include "model.h"
#include "progress.h"
#include "report.h"
#include "state.h"
#include "text.h"

#define FD_NONE		(-1)	/* the kernel is to find it by its name */

/* "./x", "../x" and "/x" are files or nothing; "x/y" may be a firmware's name. */
static bool is_plainly_a_path(const char *arg)
{
	return arg[0] == '/' || !strncmp(arg, "./", 2) || !strncmp(arg, "../", 3);
}

/* The image's file descriptor or FD_NONE in @fd; an exit code, EXIT_DONE if so. */
static int open_image(const struct request *rq, int *fd)
{
	*fd = FD_NONE;
	if (rq->given & OPT_NAME)
		return EXIT_DONE;
	if (!strcmp(rq->arg, "-")) {
		if (isatty(STDIN_FILENO))
			return report_text(rq, -EINVAL, "standard input is a terminal, no image");
		*fd = STDIN_FILENO;
		return EXIT_DONE;
	}

	*fd = open(rq->arg, O_RDONLY | O_CLOEXEC);
	if (*fd >= 0)
		return EXIT_DONE;
	if ((errno == ENOENT || errno == ENOTDIR) && !is_plainly_a_path(rq->arg))
		return EXIT_DONE;
	return report_text(rq, -errno, "%s: %s", rq->arg, strerror(errno));
}

static void tell_text(FILE *f, const struct rproc_lite_info *info)
{
	char name[TEXT_ESCAPED(RPROC_LITE_NAME_MAX)], machine[MACHINE_MAX];
	char image[TEXT_ESCAPED(RPROC_LITE_PATH_MAX)], size[TEXT_SIZE_MAX];

	fprintf(f, "%s: loaded %s: %s%s%s, %s, entry 0x%llx, ",
		text_escape(name, sizeof(name), info->name),
		*info->image ? text_escape(image, sizeof(image), info->image) : "an image",
		machine_class(info->elf_class), info->elf_class ? " " : "",
		info->elf_class ? machine_name(machine, info->elf_machine) : "",
		text_size(size, info->image_size), (unsigned long long)info->entry);
	if (info->flags & RPROC_LITE_INFO_TABLE)
		fprintf(f, "%u table %s\n", info->num_entries,
			info->num_entries == 1 ? "entry" : "entries");
	else
		fputs("no resource table\n", f);
	fflush(f);
}

static void tell_json(const struct request *rq, const struct device *d)
{
	struct json j;

	json_begin(&j, stdout);
	json_string(&j, "verb", rq->cmd->name);
	json_string(&j, "name", d->info.name);
	json_string(&j, "state", rl_state_name(d->info.state));
	json_u64(&j, "state_seq", d->info.state_seq);
	json_bool(&j, "changed", true);
	json_string(&j, "image", d->info.image);
	json_u64(&j, "memory_size", d->info.image_size);
	json_u64(&j, "entries", d->info.num_entries);
	model_json_digests(&j, &d->info);
	json_end(&j);
}

int load_run(const struct request *rq, FILE *f)
{
	struct rproc_lite_verdict v;
	struct progress progress;
	int ret, code, fd;
	u32 flags = 0;

	if (rq->given & OPT_SHA256)
		flags |= RPROC_LITE_LOAD_SHA256;
	if (rq->given & OPT_KEEP)
		flags |= RPROC_LITE_LOAD_KEEP;
	code = open_image(rq, &fd);
	if (code != EXIT_DONE)
		return code;

	progress_start(&progress, rq->dev);
	ret = device_load(rq->dev, fd, fd == STDIN_FILENO ? "standard input" : rq->arg, flags,
			  &v);
	progress_stop(&progress);
	if (fd > STDIN_FILENO)
		close(fd);
	if (!ret)
		ret = device_info(rq->dev, &v);
	if (ret)
		return report(rq, ret, &v);

	if (wants_json(rq))
		tell_json(rq, rq->dev);
	else
		tell_text(f, &rq->dev->info);
	return EXIT_DONE;
}

int cmd_load(const struct request *rq)
{
	return load_run(rq, stdout);
}
