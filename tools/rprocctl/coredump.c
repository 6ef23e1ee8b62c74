// SPDX-License-Identifier: GPL-2.0-only
/*
 * rprocctl coredump: take what a crash left from the kernel's devcoredump. The kernel
 * files it under the device that the remote belongs to, which others may share: our note
 * in it tells whose it is.
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "corefile.h"
#include "device.h"
#include "duration.h"
#include "file.h"
#include "report.h"
#include "signals.h"
#include "text.h"

#define CLASS		"/sys/class/devcoredump"
/* Of a dump, all but the memory; more than it can be. */
#define HEAD_MAX	65536
#define PIECE		65536

/**
 * struct taking - a dump on its way to a file
 * @rq: who wants it
 * @fd: of the kernel's
 * @core: what its head says
 * @head: the first bytes
 * @head_len: how many
 * @to: where it goes
 * @temporary: what that file is called until all of it is there, "" for standard output
 */
struct taking {
	const struct request *rq;
	int fd;
	struct corefile core;
	u8 head[HEAD_MAX];
	size_t head_len;
	FILE *to;
	char temporary[PATH_MAX];
};

static bool is_of(const struct request *rq, const char *entry)
{
	char path[PATH_MAX], failing[PATH_MAX], device[PATH_MAX];

	snprintf(path, sizeof(path), CLASS "/%.64s/failing_device", entry);
	if (!realpath(path, failing))
		return false;
	snprintf(path, sizeof(path), "/sys/class/rproc_lite/rproc_lite%u/device",
		 rq->dev->info.id);
	return realpath(path, device) && !strcmp(failing, device);
}

static void drop(int fd)
{
	if (write(fd, "1", 1) < 0)
		fprintf(stderr, "rprocctl: the kernel keeps the dump: %s\n", strerror(errno));
}

/*
 * A dump of this remote's, open. Return: 0; -ENOENT if none is pending, or only one that
 * has ended, which goes: @ended; or another negative errno.
 */
static int find(struct taking *t, bool *ended)
{
	DIR *dir = opendir(CLASS);
	struct dirent *entry;
	char path[PATH_MAX];
	int ret = -ENOENT;
	ssize_t n;

	while (dir && ret == -ENOENT && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || !is_of(t->rq, entry->d_name))
			continue;
		snprintf(path, sizeof(path), CLASS "/%.64s/data", entry->d_name);
		t->fd = open(path, O_RDWR | O_CLOEXEC);
		if (t->fd < 0) {
			/* It may have gone just now. */
			ret = errno == ENODEV ? -ENOENT : -errno;
			continue;
		}
		n = file_read(t->fd, t->head, HEAD_MAX);
		if (n == -EIO) {
			*ended = true;
			drop(t->fd);
		}
		t->head_len = n > 0 ? (size_t)n : 0;
		if (corefile_parse(&t->core, t->head, t->head_len) &&
		    !strcmp(t->core.note.name, t->rq->dev->info.name))
			ret = 0;
		else
			close(t->fd);
	}
	if (dir)
		closedir(dir);
	return ret;
}

static int report_none(const struct request *rq, bool ended)
{
	struct rproc_lite_policy policy;
	struct rproc_lite_verdict v;

	if (ended)
		return report_text(rq, -EIO, "its dump ended before it was read");
	if (!device_policy(rq->dev, &policy, &v) && policy.coredump == RPROC_LITE_COREDUMP_OFF)
		return report_text(rq, -ENOENT,
				   "no dump of it is pending, and its policy is coredump=off");
	return report_text(rq, -ENOENT, "no dump of it is pending");
}

/* With --wait, until there is one. Return: an exit code; @t is open if that is 0. */
static int find_or_wait(struct taking *t)
{
	u64 start = duration_now(CLOCK_MONOTONIC), waited;
	const struct request *rq = t->rq;
	bool limited = rq->given & OPT_TIMEOUT, ended = false;
	struct rproc_lite_verdict v;
	char limit[DURATION_MAX];
	int ret;

	for (;;) {
		ret = find(t, &ended);
		if (!ret)
			return EXIT_DONE;
		if (ret != -ENOENT)
			return report_text(rq, ret, "its dump: %s", strerror(-ret));
		if (!(rq->given & OPT_WAIT))
			return report_none(rq, ended);
		waited = duration_now(CLOCK_MONOTONIC) - start;
		if (limited && waited >= rq->timeout_ms)
			return report_text(rq, -ETIMEDOUT, "no dump after %s",
					   duration_text(limit, rq->timeout_ms));
		if (signals_caught())
			return report_text(rq, -EINTR, "interrupted");
		if (device_poll(rq->dev, false, signals_fd(), !limited ? -1 :
				rq->timeout_ms - waited > INT_MAX ? INT_MAX :
				(int)(rq->timeout_ms - waited)) & DEVICE_GONE)
			return report_text(rq, -ENODEV, "the remote is gone");
		ret = device_info(rq->dev, &v);
		if (ret)
			return report(rq, ret, &v);
	}
}

static int open_output(struct taking *t)
{
	const struct request *rq = t->rq;
	struct stat st;
	int fd;

	t->to = stdout;
	if (!(rq->given & OPT_OUTPUT) || !strcmp(rq->output, "-"))
		return EXIT_DONE;
	/* A device or a pipe is written to, and not replaced. */
	if (!stat(rq->output, &st) && !S_ISREG(st.st_mode)) {
		t->to = fopen(rq->output, "we");
		return t->to ? EXIT_DONE :
			       report_text(rq, -errno, "%s: %s", rq->output, strerror(errno));
	}
	if (snprintf(t->temporary, sizeof(t->temporary), "%s.XXXXXX", rq->output) >=
	    (int)sizeof(t->temporary))
		return report_text(rq, -ENAMETOOLONG, "%s", strerror(ENAMETOOLONG));
	/* For its owner only: memory may hold anything. */
	fd = mkostemp(t->temporary, O_CLOEXEC);
	t->to = fd < 0 ? NULL : fdopen(fd, "w");
	if (t->to)
		return EXIT_DONE;
	if (fd >= 0) {
		close(fd);
		unlink(t->temporary);
	}
	t->temporary[0] = '\0';
	return report_text(rq, -errno, "%s: %s", rq->output, strerror(errno));
}

static int report_write(const struct taking *t)
{
	return report_text(t->rq, -errno, "%s: %s",
			   t->to != stdout ? t->rq->output : "standard output",
			   strerror(errno));
}

static int copy(struct taking *t)
{
	u64 done = t->head_len;
	u8 piece[PIECE];
	ssize_t n;

	if (fwrite(t->head, 1, t->head_len, t->to) != t->head_len)
		return report_write(t);
	while ((n = file_read(t->fd, piece, sizeof(piece))) > 0) {
		if (fwrite(piece, 1, (size_t)n, t->to) != (size_t)n)
			return report_write(t);
		done += (u64)n;
		if (signals_caught())
			return report_text(t->rq, -EINTR, "interrupted");
	}
	if (n < 0)
		return report_text(t->rq, (int)n, "the dump ended after %llu of %llu bytes",
				   (unsigned long long)done, (unsigned long long)t->core.size);
	if (done != t->core.size)
		return report_text(t->rq, -EIO, "the dump has %llu bytes, and not %llu",
				   (unsigned long long)done, (unsigned long long)t->core.size);
	return fflush(t->to) ? report_write(t) : EXIT_DONE;
}

/* All of it, under its name at last, or nothing. Return: an exit code. */
static int finish(struct taking *t, int code)
{
	bool bad;

	if (!t->temporary[0]) {
		if (t->to != stdout && fclose(t->to) && code == EXIT_DONE)
			code = report_write(t);
		return code;
	}
	bad = code == EXIT_DONE && fsync(fileno(t->to));
	bad |= fclose(t->to) != 0;
	if (code == EXIT_DONE && (bad || rename(t->temporary, t->rq->output)))
		code = report_write(t);
	if (code != EXIT_DONE)
		unlink(t->temporary);
	return code;
}

static void tell_json(const struct taking *t)
{
	const struct rproc_lite_core_note *note = &t->core.note;
	char digest[17];
	struct json j;

	snprintf(digest, sizeof(digest), "%016llx",
		 (unsigned long long)le64_to_cpu(note->digest));
	json_begin(&j, stdout);
	json_string(&j, "verb", t->rq->cmd->name);
	json_string(&j, "name", note->name);
	json_string(&j, "file", t->rq->output);
	json_u64(&j, "size", t->core.size);
	json_bool(&j, "registers", le32_to_cpu(note->flags) & RPROC_LITE_CORE_REGISTERS);
	json_u64(&j, "crash_count", le32_to_cpu(note->crash_count));
	json_u64(&j, "crashed", le64_to_cpu(note->crashed));
	json_string(&j, "text", note->text);
	json_string(&j, "image", note->image);
	json_string(&j, "xxh64", digest);
	json_end(&j);
}

static void tell(const struct taking *t)
{
	char name[TEXT_ESCAPED(RPROC_LITE_NAME_MAX)], text[TEXT_ESCAPED(RPROC_LITE_TEXT_MAX)];
	char size[TEXT_SIZE_MAX];

	if (!t->temporary[0])
		return;
	if (wants_json(t->rq)) {
		tell_json(t);
		return;
	}
	printf("%s: %s, %s, %s registers: %s\n", text_escape(name, sizeof(name), t->core.note.name),
	       t->rq->output, text_size(size, t->core.size),
	       le32_to_cpu(t->core.note.flags) & RPROC_LITE_CORE_REGISTERS ? "with" : "without",
	       text_escape(text, sizeof(text), t->core.note.text));
}

static int take(struct taking *t)
{
	int code;

	code = open_output(t);
	if (code == EXIT_DONE)
		code = finish(t, copy(t));
	if (code == EXIT_DONE) {
		drop(t->fd);
		tell(t);
	}
	close(t->fd);
	return code;
}

int cmd_coredump(const struct request *rq)
{
	bool to_file = (rq->given & OPT_OUTPUT) && strcmp(rq->output, "-");
	struct taking *t;
	int code;

	if (!to_file && (wants_json(rq) || (!(rq->given & OPT_OUTPUT) && isatty(STDOUT_FILENO)))) {
		report_text(rq, -EINVAL, "where to? Say -o FILE");
		return EXIT_USAGE;
	}
	t = calloc(1, sizeof(*t));
	if (!t)
		return report_text(rq, -ENOMEM, "%s", strerror(ENOMEM));
	t->rq = rq;
	signals_catch();
	code = find_or_wait(t);
	if (code == EXIT_DONE)
		code = take(t);
	free(t);
	return code;
}
