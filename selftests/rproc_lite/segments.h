/* SPDX-License-Identifier: GPL-2.0-only */
/* What an image of the test firmware would have in memory. */
#ifndef SEGMENTS_H
#define SEGMENTS_H

#include <stddef.h>
#include <stdint.h>

#define SEGMENTS_MAX	8

/**
 * struct segments - an ELF file's PT_LOADs, in the order of the file
 * @num: of them
 * @file: the whole file, in memory that may be written to
 * @size: of @file
 * @entry: where the file says that it begins
 */
struct segments {
	unsigned int num;
	uint8_t *file;
	size_t size;
	uint64_t entry;
	struct segment {
		uint64_t da;
		uint64_t memsz;
		uint64_t filesz;
		uint64_t offset;
	} segment[SEGMENTS_MAX];
};

/* Of remote @fd's firmware @name. Return: 0 or a negative errno. */
int segments_read(struct segments *s, int fd, const char *name);
void segments_free(struct segments *s);

/* All of their bytes of the file, end to end. Return: how many; @to has that room. */
size_t segments_join(const struct segments *s, uint8_t *to);
/* As they lie in memory, from the first one's da on, zeroes between. Return: as above. */
size_t segments_flatten(const struct segments *s, uint8_t *to);
#define SEGMENTS_ROOM	(256u << 10)

/* A memfd of these bytes, or a negative errno. */
int memfd_of(const void *bytes, size_t size);
/* A pipe that a process of its own feeds these bytes to: the end to read from. */
int pipe_of(const void *bytes, size_t size);

#endif /* SEGMENTS_H */
