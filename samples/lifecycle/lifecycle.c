// SPDX-License-Identifier: GPL-2.0-only
/* A remote's whole life: lifecycle DEVICE IMAGE, say /dev/rproc_lite0 echo.elf. */
#include <errno.h>
#include <fcntl.h>
#include <linux/rproc_lite.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static int act(int fd, const char *what, unsigned long request, void *arg,
	       const struct rproc_lite_verdict *verdict)
{
	if (!ioctl(fd, request, arg))
		return 0;
	fprintf(stderr, "%s: %s\n", what, verdict->error ? verdict->text : strerror(errno));
	return 1;
}

/* Print what the firmware writes, until it has written something, for 5 s at most. */
static int trace(int fd)
{
	char text[4096];
	struct rproc_lite_trace t = {
		.cursor = RPROC_LITE_TRACE_OLDEST, .data = (uintptr_t)text,
	};
	int i, heard = 0;

	for (i = 0; i < 250 && (!heard || t.data_len); i++) {
		usleep(20000);
		t.data_len = sizeof(text);
		if (ioctl(fd, RPROC_LITE_IOC_TRACE, &t))
			break;
		heard |= t.data_len > 0;
		fwrite(text, 1, t.data_len, stdout);
	}
	if (!heard)
		fputs("trace: the firmware says nothing\n", stderr);
	return !heard;
}

int main(int argc, char **argv)
{
	struct rproc_lite_config config = { 0 };
	struct rproc_lite_load load = { .source = RPROC_LITE_FROM_FD };
	struct rproc_lite_action start = { 0 }, stop = { 0 }, shutdown = { 0 };
	int fd = open(argc == 3 ? argv[1] : "", O_RDWR), bad;

	load.fd = open(argc == 3 ? argv[2] : "", O_RDONLY);
	if (fd < 0 || load.fd < 0) {
		fprintf(stderr, "lifecycle DEVICE IMAGE: %s\n", strerror(errno));
		return 1;
	}
	snprintf(load.name, sizeof(load.name), "%s", argv[2]);

	if (act(fd, "config", RPROC_LITE_IOC_CONFIG, &config, &config.verdict))
		return 1;
	bad = act(fd, "load", RPROC_LITE_IOC_LOAD, &load, &load.verdict) ||
	      act(fd, "start", RPROC_LITE_IOC_START, &start, &start.verdict) ||
	      trace(fd) ||
	      act(fd, "stop", RPROC_LITE_IOC_STOP, &stop, &stop.verdict);
	return act(fd, "shutdown", RPROC_LITE_IOC_SHUTDOWN, &shutdown, &shutdown.verdict) || bad;
}
