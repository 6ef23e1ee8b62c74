// SPDX-License-Identifier: GPL-2.0-only
/*
 * next_kernel IMAGE: begin that arm64 kernel in place of this one, as kexec does, with this
 * one's devicetree. No test by itself: scripts/check-end looks at what the next one says.
 * Debian's kernels have kexec_load(2) only, so what goes where is said here.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/kexec.h>
#include <linux/reboot.h>

/* In the bench's memory, far from what is reserved. */
#define KERNEL_AT	0x60000000ul
#define TREE_AT		0x68000000ul
#define BEGIN_AT	0x68200000ul
#define PAGES(size)	(((size) + 4095) & ~4095ul)

/* x0 to x3 are as a kernel wants them: the devicetree, and zero. */
static const uint32_t begin[] = {
	0xd2ad0000,	/* movz x0, #0x6800, lsl #16 */
	0xd2800001,	/* movz x1, #0 */
	0xd2800002,	/* movz x2, #0 */
	0xd2800003,	/* movz x3, #0 */
	0xd2ac0004,	/* movz x4, #0x6000, lsl #16 */
	0xd61f0080,	/* br x4 */
};

static int read_all(const char *path, struct kexec_segment *s)
{
	const size_t most = 128 << 20;
	char *buf = malloc(most);
	ssize_t n = 1;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	s->buf = buf;
	s->bufsz = 0;
	while (fd >= 0 && buf && n > 0) {
		n = read(fd, buf + s->bufsz, most - s->bufsz);
		s->bufsz += n > 0 ? (size_t)n : 0;
	}
	s->memsz = PAGES(s->bufsz);
	return fd < 0 || !buf || n < 0 ? -1 : 0;
}

int main(int argc, char **argv)
{
	struct kexec_segment s[3] = {
		{ .mem = (void *)KERNEL_AT },
		{ .mem = (void *)TREE_AT },
		{ .buf = begin, .bufsz = sizeof(begin), .mem = (void *)BEGIN_AT, .memsz = 4096 },
	};
	uint64_t size;

	if (argc != 2 || read_all(argv[1], &s[0]) || read_all("/sys/firmware/fdt", &s[1]) ||
	    s[0].bufsz < 64) {
		fprintf(stderr, "next_kernel IMAGE: %s\n", strerror(errno));
		return 2;
	}
	/* Of the image's header: with what is zero at first. */
	memcpy(&size, (const char *)s[0].buf + 16, sizeof(size));
	s[0].memsz = PAGES(size);
	if (syscall(SYS_kexec_load, BEGIN_AT, 3ul, s, KEXEC_ARCH_AARCH64)) {
		fprintf(stderr, "kexec_load: %s\n", strerror(errno));
		return 1;
	}
	reboot(LINUX_REBOOT_CMD_KEXEC);
	fprintf(stderr, "kexec: %s\n", strerror(errno));
	return 1;
}
