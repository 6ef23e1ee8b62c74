// SPDX-License-Identifier: GPL-2.0-only
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dump.h"
#include "remote.h"

#define CLASS	"/sys/class/devcoredump"

/* The kernel's name of the dump that is pending for a remote; false if none is. */
static bool find(unsigned int id, char *name, size_t size)
{
	char path[PATH_MAX], device[PATH_MAX], failing[PATH_MAX];
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	snprintf(path, sizeof(path), "/sys/class/rproc_lite/rproc_lite%u/device", id);
	dir = realpath(path, device) ? opendir(CLASS) : NULL;
	while (dir && !found && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), CLASS "/%s/failing_device", entry->d_name);
		found = realpath(path, failing) && !strcmp(device, failing);
		snprintf(name, size, "%s", entry->d_name);
	}
	if (dir)
		closedir(dir);
	return found;
}

bool dump_pending(unsigned int id)
{
	char name[NAME_MAX + 1];

	return find(id, name, sizeof(name));
}

/* -ENOENT if none is pending, or if it went after it was found: another may take its place. */
static int open_pending(unsigned int id)
{
	char name[NAME_MAX + 1], path[PATH_MAX];
	int fd;

	if (!find(id, name, sizeof(name)))
		return -ENOENT;
	snprintf(path, sizeof(path), CLASS "/%s/data", name);
	fd = open(path, O_RDWR | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int dump_open(unsigned int id)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	int fd;

	while ((fd = open_pending(id)) == -ENOENT && now_ms() < end)
		usleep(1000);
	return fd;
}

ssize_t dump_pread(int fd, void *buf, size_t len, off_t pos)
{
	ssize_t n = pread(fd, buf, len, pos);

	return n < 0 ? -errno : n;
}

static int slurp(int fd, struct dump *dump)
{
	size_t room = 0;
	ssize_t n;

	for (;;) {
		if (dump->size == room) {
			room += 4 << 20;
			dump->data = realloc(dump->data, room);
			if (!dump->data)
				return -ENOMEM;
		}
		n = read(fd, dump->data + dump->size, room - dump->size);
		if (n <= 0)
			return n ? -errno : 0;
		dump->size += (size_t)n;
	}
}

/* What Linux's struct elf_prstatus has, which differs. */
static bool take_registers(struct dump *dump, const uint8_t *status, uint32_t size)
{
	bool arm64 = dump->machine == EM_AARCH64;
	unsigned int i, num = arm64 ? 34 : 17;
	uint32_t r;

	if (size != (arm64 ? 392 : 148))
		return false;
	memcpy(&dump->signal, status + 12, 2);
	for (i = 0; i < num; i++) {
		if (arm64) {
			memcpy(&dump->reg[i], status + 112 + 8 * i, 8);
		} else {
			memcpy(&r, status + 72 + 4 * i, 4);
			dump->reg[i] = r;
		}
	}
	dump->has_registers = true;
	return true;
}

static bool take_notes(struct dump *dump, const uint8_t *at, size_t len)
{
	const uint8_t *name, *desc;
	Elf64_Nhdr n;

	while (len) {
		if (len < sizeof(n))
			return false;
		memcpy(&n, at, sizeof(n));
		name = at + sizeof(n);
		desc = name + (n.n_namesz + 3) / 4 * 4;
		if ((size_t)(desc - at) + n.n_descsz > len)
			return false;
		if (n.n_type == NT_PRSTATUS && !strcmp((const char *)name, "CORE") &&
		    !take_registers(dump, desc, n.n_descsz))
			return false;
		if (n.n_type == RPROC_LITE_CORE_TYPE &&
		    !strcmp((const char *)name, RPROC_LITE_CORE_NAME) &&
		    n.n_descsz == sizeof(*dump->note))
			dump->note = (const void *)desc;
		len -= (size_t)(desc - at) + (n.n_descsz + 3) / 4 * 4;
		at = desc + (n.n_descsz + 3) / 4 * 4;
	}
	return true;
}

static Elf64_Phdr segment(const struct dump *dump, unsigned int i)
{
	Elf32_Phdr narrow;
	Elf64_Phdr wide;

	if (dump->class == ELFCLASS64) {
		memcpy(&wide, dump->data + sizeof(Elf64_Ehdr) + i * sizeof(wide), sizeof(wide));
		return wide;
	}
	memcpy(&narrow, dump->data + sizeof(Elf32_Ehdr) + i * sizeof(narrow), sizeof(narrow));
	return (Elf64_Phdr) {
		.p_type = narrow.p_type, .p_offset = narrow.p_offset,
		.p_vaddr = narrow.p_vaddr, .p_filesz = narrow.p_filesz,
	};
}

static bool take_segment(struct dump *dump, const Elf64_Phdr *p)
{
	if (p->p_offset > dump->size || p->p_filesz > dump->size - p->p_offset)
		return false;
	if (p->p_type == PT_NOTE)
		return take_notes(dump, dump->data + p->p_offset, p->p_filesz);
	if (p->p_type != PT_LOAD || dump->num == DUMP_LOADS)
		return false;
	dump->load[dump->num++] = (struct dump_load) {
		.da = p->p_vaddr, .size = p->p_filesz, .data = dump->data + p->p_offset,
	};
	return true;
}

int dump_read(int fd, struct dump *dump)
{
	unsigned int i, num;
	Elf64_Phdr p;
	int ret;

	memset(dump, 0, sizeof(*dump));
	ret = slurp(fd, dump);
	if (ret)
		return ret;
	if (dump->size < sizeof(Elf64_Ehdr) || memcmp(dump->data, ELFMAG, SELFMAG) ||
	    ((Elf64_Ehdr *)dump->data)->e_type != ET_CORE)
		return -ENOEXEC;
	dump->class = dump->data[EI_CLASS];
	dump->machine = ((Elf64_Ehdr *)dump->data)->e_machine;
	num = dump->class == ELFCLASS64 ? ((Elf64_Ehdr *)dump->data)->e_phnum :
					  ((Elf32_Ehdr *)dump->data)->e_phnum;
	for (i = 0; i < num; i++) {
		p = segment(dump, i);
		if (!take_segment(dump, &p))
			return -ENOEXEC;
	}
	return dump->note ? 0 : -ENOEXEC;
}

void dump_end(struct dump *dump)
{
	free(dump->data);
	memset(dump, 0, sizeof(*dump));
}

int dump_free(unsigned int id, int fd)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;

	if (write(fd, "1", 1) != 1)
		return -errno;
	while (dump_pending(id)) {
		if (now_ms() >= end)
			return -ETIMEDOUT;
		usleep(1000);
	}
	return 0;
}

void dump_drop(unsigned int id)
{
	int fd, ret;

	while (dump_pending(id)) {
		fd = open_pending(id);
		if (fd == -ENOENT)
			continue;
		ret = fd < 0 ? fd : dump_free(id, fd);
		if (fd >= 0)
			close(fd);
		if (ret)
			return;
	}
}

const uint8_t *dump_at(const struct dump *dump, uint64_t da, uint64_t size)
{
	const struct dump_load *l;

	for (l = dump->load; l < dump->load + dump->num; l++)
		if (da >= l->da && da - l->da <= l->size && size <= l->size - (da - l->da))
			return l->data + (da - l->da);
	return NULL;
}
