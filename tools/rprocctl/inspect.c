// SPDX-License-Identifier: GPL-2.0-only
/*
 * rprocctl inspect: the kernel's verdict on a firmware file, from the kernel's
 * own parsers, before any hardware is touched.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cmd.h"
#include "elf.h"
#include "json.h"
#include "machine.h"
#include "report.h"
#include "rsc.h"
#include "rsctable.h"
#include "text.h"
#include "verdict.h"

#define STREAM_MAX	(256U << 20)	/* of a pipe, bytes kept */

/* A file that is read where it lies, or a stream's bytes. */
struct file {
	int fd;
	u8 *data;
	u64 size;
};

/* What is known of an image; @stage says how far that went. */
struct image {
	struct rl_elf elf;
	u8 *table;
	enum { NOTHING, HEADERS, TABLE } stage;
	struct rproc_lite_verdict v;
};

static int read_at(void *ctx, u64 pos, void *buf, size_t len, struct rproc_lite_verdict *v)
{
	struct file *file = ctx;
	size_t done = 0;
	ssize_t n;

	if (!rl_fits(pos, len, file->size))
		return rl_refuse(v, -ENOEXEC, RPROC_LITE_AT_FILE, RPROC_LITE_NO_INDEX, pos,
				 "the file's %llu bytes end before byte %llu",
				 (unsigned long long)file->size,
				 (unsigned long long)(pos + len));
	if (file->data) {
		memcpy(buf, file->data + pos, len);
		return 0;
	}
	while (done < len) {
		n = pread(file->fd, (u8 *)buf + done, len - done, (off_t)(pos + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return rl_refuse(v, -errno, RPROC_LITE_AT_FILE, RPROC_LITE_NO_INDEX,
					 pos, "%s", strerror(errno));
		if (!n)
			return rl_refuse(v, -ENOEXEC, RPROC_LITE_AT_FILE,
					 RPROC_LITE_NO_INDEX, pos + done,
					 "the file became shorter while it was read");
		done += (size_t)n;
	}
	return 0;
}

/* All of a stream, to memory. */
static int slurp(struct file *file, struct rproc_lite_verdict *v)
{
	size_t room = 0, len = 0;
	u8 *more;
	ssize_t n;

	for (;;) {
		if (len == room) {
			if (room >= STREAM_MAX)
				return rl_refuse_plain(v, -EFBIG, RPROC_LITE_AT_FILE,
						       "more than %u MiB from a stream",
						       STREAM_MAX >> 20);
			room = room ? room * 2 : 65536;
			more = realloc(file->data, room);
			if (!more)
				return rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING,
						       "out of memory");
			file->data = more;
		}
		n = read(file->fd, file->data + len, room - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return rl_refuse_plain(v, -errno, RPROC_LITE_AT_FILE, "%s",
					       strerror(errno));
		if (!n)
			break;
		len += (size_t)n;
	}
	file->size = len;
	return 0;
}

/* @file is to be closed even if this fails. */
static int file_open(struct file *file, const char *path, struct rproc_lite_verdict *v)
{
	struct stat st;

	memset(file, 0, sizeof(*file));
	file->fd = strcmp(path, "-") ? open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	if (file->fd < 0 || fstat(file->fd, &st))
		return rl_refuse_plain(v, -errno, RPROC_LITE_AT_FILE, "%s", strerror(errno));
	if (S_ISDIR(st.st_mode))
		return rl_refuse_plain(v, -EISDIR, RPROC_LITE_AT_FILE, "%s", strerror(EISDIR));
	if (isatty(file->fd))
		return rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_FILE,
				       "a terminal is no image");
	if (!S_ISREG(st.st_mode))
		return slurp(file, v);
	file->size = (u64)st.st_size;
	return 0;
}

static void file_close(struct file *file)
{
	free(file->data);
	if (file->fd > STDIN_FILENO)
		close(file->fd);
}

static int check_machine(const struct request *rq, struct image *im)
{
	char is[MACHINE_MAX], wanted[MACHINE_MAX];

	if (!(rq->given & OPT_MACHINE) || im->elf.machine == rq->machine)
		return 0;
	return rl_refuse(&im->v, -ENOEXEC, RPROC_LITE_AT_ELF_HEADER, RPROC_LITE_NO_INDEX,
			 18, "ELF header: made for %s, not for %s",
			 machine_name(is, im->elf.machine), machine_name(wanted, rq->machine));
}

/* In the kernel's order, so that the first thing it would refuse is the one told. */
static int examine(const struct request *rq, const struct rl_source *src, struct image *im)
{
	int ret;

	ret = rl_elf_parse(src, &im->elf, &im->v);
	if (ret)
		return ret;
	im->stage = HEADERS;
	ret = check_machine(rq, im);
	if (!ret)
		ret = rl_elf_find_table(src, &im->elf, &im->v);
	if (ret || !im->elf.has_table)
		return ret;

	im->table = malloc(im->elf.table_size);
	if (!im->table)
		return rl_refuse_plain(&im->v, -ENOMEM, RPROC_LITE_AT_NOTHING,
				       "out of memory");
	ret = src->read(src->ctx, im->elf.table_offset, im->table, im->elf.table_size, &im->v);
	if (!ret)
		ret = rl_rsc_check(im->table, im->elf.table_size, &im->v);
	if (!ret)
		im->stage = TABLE;
	return ret;
}

static struct rsc_entry get_entry(const struct image *im, u32 index)
{
	struct rl_rsc_entry e;

	rl_rsc_get(im->table, index, &e);
	return (struct rsc_entry){
		.index = index,
		.type = e.type,
		.offset = e.offset,
		.size = e.size,
		.data = im->table + e.offset,
		.len = e.size,
	};
}

/* "r-x" */
static const char *access_text(char buf[4], u32 flags)
{
	snprintf(buf, 4, "%c%c%c", flags & 4 ? 'r' : '-', flags & 2 ? 'w' : '-',
		 flags & 1 ? 'x' : '-');
	return buf;
}

static void print_headers(const struct rl_elf *elf)
{
	char buf[MACHINE_MAX], size[TEXT_SIZE_MAX], file[TEXT_SIZE_MAX], access[4];
	u32 i;

	printf("class:        %s\n", machine_class(elf->class));
	printf("machine:      %s\n", machine_name(buf, elf->machine));
	printf("entry:        0x%llx\n", (unsigned long long)elf->entry);
	printf("memory:       %s, %s of it from the file\n", text_size(size, elf->memsz),
	       text_size(file, elf->filesz));
	if (elf->has_table)
		printf("table:        %u B at 0x%llx\n", elf->table_size,
		       (unsigned long long)elf->table_da);
	puts("\nsegments");
	for (i = 0; i < elf->num_segments; i++) {
		const struct rl_segment *s = &elf->segment[i];

		printf("  %-2u 0x%08llx..0x%08llx  %10s  %s  %s from byte %llu\n", s->index,
		       (unsigned long long)s->da, (unsigned long long)(s->da + s->memsz),
		       text_size(size, s->memsz), access_text(access, s->flags),
		       text_size(file, s->filesz), (unsigned long long)s->offset);
	}
}

static void print_image(const struct request *rq, const struct image *im, int ret)
{
	char buf[1024], text[TEXT_ESCAPED(RPROC_LITE_TEXT_MAX)];
	struct rsc_entry e;
	u32 i;

	printf("file:         %s\n", text_escape(buf, sizeof(buf), rq->subject));
	printf("verdict:      %s%s\n", ret ? "refused: " : "ok",
	       ret ? text_escape(text, sizeof(text), im->v.text) : "");
	if (im->stage >= HEADERS)
		print_headers(&im->elf);
	if (im->stage >= HEADERS && !ret && !im->elf.has_table)
		puts("\nno resource table");
	if (im->stage < TABLE)
		return;
	puts("\nresource table");
	for (i = 0; i < rl_rsc_num(im->table); i++) {
		e = get_entry(im, i);
		rsc_print(stdout, &e);
	}
}

static void json_headers(struct json *j, const struct rl_elf *elf)
{
	char buf[MACHINE_MAX], access[4];
	u32 i;

	json_string(j, "class", machine_class(elf->class));
	json_string(j, "machine", machine_name(buf, elf->machine));
	json_u64(j, "machine_number", elf->machine);
	json_u64(j, "entry", elf->entry);
	json_u64(j, "memory_size", elf->memsz);
	json_u64(j, "file_size", elf->filesz);
	json_array(j, "segments");
	for (i = 0; i < elf->num_segments; i++) {
		const struct rl_segment *s = &elf->segment[i];

		json_object(j, NULL);
		json_u64(j, "index", s->index);
		json_string(j, "access", access_text(access, s->flags));
		json_u64(j, "da", s->da);
		json_u64(j, "size", s->memsz);
		json_u64(j, "file_offset", s->offset);
		json_u64(j, "file_size", s->filesz);
		json_object_end(j);
	}
	json_array_end(j);
	if (!elf->has_table) {
		json_null(j, "table");
		return;
	}
	json_object(j, "table");
	json_u64(j, "da", elf->table_da);
	json_u64(j, "size", elf->table_size);
	json_u64(j, "file_offset", elf->table_offset);
	json_object_end(j);
}

static void json_image(const struct request *rq, const struct image *im, int ret)
{
	struct rsc_entry e;
	struct json j;
	u32 i;

	json_begin(&j, stdout);
	json_string(&j, "file", rq->subject);
	json_bool(&j, "ok", !ret);
	if (im->stage >= HEADERS)
		json_headers(&j, &im->elf);
	if (im->stage >= TABLE) {
		json_array(&j, "entries");
		for (i = 0; i < rl_rsc_num(im->table); i++) {
			e = get_entry(im, i);
			rsc_json(&j, &e);
		}
		json_array_end(&j);
	}
	if (ret) {
		json_object(&j, "error");
		json_string(&j, "verb", rq->cmd->name);
		json_null(&j, "remote");
		report_json_verdict(&j, &im->v);
		json_object_end(&j);
	}
	json_end(&j);
}

int cmd_inspect(const struct request *rq)
{
	static struct image im;
	struct file file;
	struct rl_source src = { .read = read_at, .ctx = &file };
	int ret;

	ret = file_open(&file, rq->subject, &im.v);
	if (ret) {
		file_close(&file);
		return report(rq, ret, &im.v);
	}
	src.size = file.size;
	ret = examine(rq, &src, &im);
	if (wants_json(rq))
		json_image(rq, &im, ret);
	else
		print_image(rq, &im, ret);
	free(im.table);
	file_close(&file);
	return ret ? EXIT_FAILED : EXIT_DONE;
}
