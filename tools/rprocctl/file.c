// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <unistd.h>

#include "file.h"
#include "report.h"

int file_open(const struct request *rq, const char *path, int *fd)
{
	if (!strcmp(path, "-")) {
		*fd = STDIN_FILENO;
		return isatty(*fd) ? report_text(rq, -EINVAL, "standard input is a terminal") :
				     EXIT_DONE;
	}
	*fd = open(path, O_RDONLY | O_CLOEXEC);
	return *fd < 0 ? report_text(rq, -errno, "%s: %s", path, strerror(errno)) : EXIT_DONE;
}

void file_close(int fd)
{
	if (fd > STDIN_FILENO)
		close(fd);
}

ssize_t file_read(int fd, void *buf, size_t len)
{
	size_t done = 0;
	ssize_t n;

	while (done < len) {
		n = read(fd, (u8 *)buf + done, len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (!n)
			break;
		done += (size_t)n;
	}
	return (ssize_t)done;
}

int output_open(const struct request *rq, struct output *o, u64 addr)
{
	*o = (struct output){ .f = stdout, .path = "standard output" };
	if ((rq->given & OPT_OUTPUT) && strcmp(rq->output, "-")) {
		o->path = rq->output;
		o->f = fopen(o->path, "we");
		if (!o->f)
			return report_text(rq, -errno, "%s: %s", o->path, strerror(errno));
	}
	o->hex = !(rq->given & OPT_OUTPUT) && isatty(STDOUT_FILENO);
	o->dump = (struct hexdump){ .f = o->f, .addr = addr };
	return EXIT_DONE;
}

bool output_add(struct output *o, const u8 *data, size_t len)
{
	if (o->hex)
		hexdump_add(&o->dump, data, len);
	else
		fwrite(data, 1, len, o->f);
	return !ferror(o->f);
}

int output_close(const struct request *rq, struct output *o, bool complete)
{
	bool failed;

	if (o->hex && complete)
		hexdump_end(&o->dump);
	failed = fflush(o->f) || ferror(o->f);
	if (o->f == stdout)	/* main() looks after it */
		return EXIT_DONE;
	if (fclose(o->f) || failed)
		return report_text(rq, -errno, "%s: %s", o->path, strerror(errno));
	return EXIT_DONE;
}
