// SPDX-License-Identifier: GPL-2.0-only
/* What an image of the test firmware would have in memory: see segments.h. */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "remote.h"
#include "segments.h"

static int by_offset(const void *a, const void *b)
{
	const struct segment *s = a, *t = b;

	return s->offset < t->offset ? -1 : s->offset > t->offset;
}

static void add(struct segments *s, uint64_t da, uint64_t memsz, uint64_t filesz,
		uint64_t offset)
{
	if (memsz && s->num < SEGMENTS_MAX)
		s->segment[s->num++] = (struct segment){ da, memsz, filesz, offset };
}

static void find_all_32(struct segments *s)
{
	const Elf32_Ehdr *eh = (const void *)s->file;
	const Elf32_Phdr *ph = (const void *)(s->file + eh->e_phoff);
	int i;

	s->entry = eh->e_entry;
	for (i = 0; i < eh->e_phnum; i++)
		if (ph[i].p_type == PT_LOAD)
			add(s, ph[i].p_paddr, ph[i].p_memsz, ph[i].p_filesz, ph[i].p_offset);
}

static void find_all_64(struct segments *s)
{
	const Elf64_Ehdr *eh = (const void *)s->file;
	const Elf64_Phdr *ph = (const void *)(s->file + eh->e_phoff);
	int i;

	s->entry = eh->e_entry;
	for (i = 0; i < eh->e_phnum; i++)
		if (ph[i].p_type == PT_LOAD)
			add(s, ph[i].p_paddr, ph[i].p_memsz, ph[i].p_filesz, ph[i].p_offset);
}

int segments_read(struct segments *s, int fd, const char *name)
{
	int file = remote_open_firmware(fd, name);

	memset(s, 0, sizeof(*s));
	if (file < 0)
		return file;
	s->size = (size_t)lseek(file, 0, SEEK_END);
	s->file = malloc(s->size);
	if (!s->file || pread(file, s->file, s->size, 0) != (ssize_t)s->size)
		return -EIO;
	close(file);
	if (s->file[EI_CLASS] == ELFCLASS32)
		find_all_32(s);
	else
		find_all_64(s);
	qsort(s->segment, s->num, sizeof(s->segment[0]), by_offset);
	return s->num ? 0 : -ENOEXEC;
}

void segments_free(struct segments *s)
{
	free(s->file);
	s->file = NULL;
}

size_t segments_join(const struct segments *s, uint8_t *to)
{
	size_t len = 0;
	unsigned int i;

	for (i = 0; i < s->num; i++) {
		memcpy(to + len, s->file + s->segment[i].offset, s->segment[i].filesz);
		len += s->segment[i].filesz;
	}
	return len;
}

size_t segments_flatten(const struct segments *s, uint8_t *to)
{
	uint64_t first = UINT64_MAX, end = 0;
	unsigned int i;

	for (i = 0; i < s->num; i++) {
		if (s->segment[i].da < first)
			first = s->segment[i].da;
		if (s->segment[i].da + s->segment[i].memsz > end)
			end = s->segment[i].da + s->segment[i].memsz;
	}
	memset(to, 0, end - first);
	for (i = 0; i < s->num; i++)
		memcpy(to + (s->segment[i].da - first), s->file + s->segment[i].offset,
		       s->segment[i].filesz);
	return end - first;
}

int memfd_of(const void *bytes, size_t size)
{
	int file = memfd_create("bytes", MFD_CLOEXEC);

	if (file < 0)
		return -errno;
	return pwrite(file, bytes, size, 0) == (ssize_t)size ? file : -EIO;
}

int pipe_of(const void *bytes, size_t size)
{
	const char *at = bytes;
	int ends[2];
	pid_t pid;
	ssize_t n;

	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid) {
		close(ends[0]);
		for (; size; size -= (size_t)n, at += n) {
			n = write(ends[1], at, size);
			if (n <= 0)
				_exit(1);
		}
		_exit(0);
	}
	close(ends[1]);
	return ends[0];
}
