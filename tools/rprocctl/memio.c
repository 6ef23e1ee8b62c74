// SPDX-License-Identifier: GPL-2.0-only
/* rprocctl mem read and mem write. */
#include <sys/stat.h>

#include "device.h"
#include "file.h"
#include "mem.h"
#include "number.h"
#include "report.h"
#include "text.h"

#define PIECE	65536U	/* bytes at once */

/*
 * ADDR: a da, or a region's name, maybe with "+OFFSET". What looks like a number
 * is one. Return: 0 or a negative errno.
 */
static int find(const struct request *rq, u64 len, struct rproc_lite_find *f,
		struct rproc_lite_verdict *v)
{
	char name[RPROC_LITE_NAME_MAX * 2];
	const char *plus = strrchr(rq->arg, '+');
	u64 addr = 0;

	*f = (struct rproc_lite_find){ .by = RPROC_LITE_BY_DA, .len = len };
	if (number_parse(rq->arg, &addr)) {
		f->addr = addr;
		return device_find(rq->dev, f, NULL, v);
	}

	f->by = RPROC_LITE_BY_NAME;
	snprintf(name, sizeof(name), "%s", rq->arg);
	if (plus && plus - rq->arg < (ssize_t)sizeof(name) &&
	    number_parse_size(plus + 1, &addr)) {
		name[plus - rq->arg] = '\0';
		f->addr = addr;
	}
	return device_find(rq->dev, f, name, v);
}

int mem_output(const struct request *rq, const struct rproc_lite_find *f, u64 len)
{
	struct rproc_lite_verdict v;
	static u8 buf[PIECE];
	struct output o;
	u64 done, n = 0;
	int ret = 0, code;

	code = output_open(rq, &o, f->da);
	if (code != EXIT_DONE)
		return code;
	for (done = 0; done < len; done += n) {
		n = len - done < PIECE ? len - done : PIECE;
		ret = device_read_mem(rq->dev, f->offset + done, buf, n, &v);
		if (ret || !output_add(&o, buf, n))
			break;
	}
	code = output_close(rq, &o, !ret);
	return ret ? report(rq, ret, &v) : code;
}

int cmd_mem_read(const struct request *rq)
{
	struct rproc_lite_verdict v;
	struct rproc_lite_find f;
	u64 len;
	int ret;

	if (!number_parse_size(rq->args[2], &len)) {
		report_text(rq, -EINVAL, "LEN \"%s\": %s", rq->args[2], SIZE_WANTED);
		return EXIT_USAGE;
	}
	ret = find(rq, len, &f, &v);
	return ret ? report(rq, ret, &v) : mem_output(rq, &f, len);
}

static int tell(const struct request *rq, const struct rproc_lite_find *f, u64 len)
{
	char remote[TEXT_ESCAPED(RPROC_LITE_NAME_MAX)], name[TEXT_ESCAPED(RPROC_LITE_NAME_MAX)];
	struct json j;

	if (!wants_json(rq)) {
		printf("%s: %llu bytes to 0x%llx (%s)\n",
		       text_escape(remote, sizeof(remote), rq->dev->info.name),
		       (unsigned long long)len, (unsigned long long)f->da,
		       text_escape(name, sizeof(name), f->name));
		return EXIT_DONE;
	}
	json_begin(&j, stdout);
	json_string(&j, "verb", rq->cmd->name);
	json_string(&j, "name", rq->dev->info.name);
	json_string(&j, "region", f->name);
	json_u64(&j, "da", f->da);
	json_u64(&j, "len", len);
	json_end(&j);
	return EXIT_DONE;
}

/* A file that can't fit is not begun with; of a stream nobody knows. */
static u64 known_size(int fd)
{
	struct stat st;

	return !fstat(fd, &st) && S_ISREG(st.st_mode) ? (u64)st.st_size : 0;
}

static int write_all(const struct request *rq, int fd, const struct rproc_lite_find *f)
{
	struct rproc_lite_verdict v;
	static u8 buf[PIECE];
	u64 done = 0;
	ssize_t n;
	int ret;

	for (;;) {
		n = file_read(fd, buf, PIECE);
		if (n < 0)
			return report_text(rq, (int)n, "%s: %s, after %llu bytes were written",
					   rq->args[2], strerror((int)-n),
					   (unsigned long long)done);
		if (!n)
			return tell(rq, f, done);
		if ((u64)n > f->left - done)
			return report_text(rq, -ENOSPC,
					   "more than the %llu bytes that fit; %llu were written",
					   (unsigned long long)f->left, (unsigned long long)done);
		ret = device_write_mem(rq->dev, f->offset + done, buf, (size_t)n, &v);
		if (ret)
			return report(rq, ret, &v);
		done += (u64)n;
	}
}

int cmd_mem_write(const struct request *rq)
{
	struct rproc_lite_verdict v;
	struct rproc_lite_find f;
	int ret, code, fd;

	code = file_open(rq, rq->args[2], &fd);
	if (code != EXIT_DONE)
		return code;
	ret = find(rq, known_size(fd), &f, &v);
	code = ret ? report(rq, ret, &v) : write_all(rq, fd, &f);
	file_close(fd);
	return code;
}
