/* SPDX-License-Identifier: GPL-2.0-only */
/* Core dumps, as the kernel's devcoredump has them, and what is in one. */
#ifndef DUMP_H
#define DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/rproc_lite_core.h>

#define DUMP_LOADS	8
#define DUMP_REGISTERS	34

/**
 * struct dump - one that was read, or NULLs
 * @data: of @size bytes
 * @machine: e_machine
 * @class: 1 or 2
 * @load: memory in it
 * @num: of @load
 * @note: ours
 * @has_registers: there is an NT_PRSTATUS
 * @signal: of that
 * @reg: likewise, 34 for AArch64, 17 for ARM
 */
struct dump {
	uint8_t *data;
	size_t size;
	uint16_t machine;
	uint8_t class;
	struct dump_load {
		uint64_t da;
		uint64_t size;
		const uint8_t *data;
	} load[DUMP_LOADS];
	unsigned int num;
	const struct rproc_lite_core_note *note;
	bool has_registers;
	uint16_t signal;
	uint64_t reg[DUMP_REGISTERS];
};

/* Is one pending for remote @id? */
bool dump_pending(unsigned int id);
/* Its data, opened, once there is one. Return: a descriptor, or a negative errno. */
int dump_open(unsigned int id);
/* All of it, and taken apart. Return: 0; -ENOEXEC if it is no core; what read() fails with. */
int dump_read(int fd, struct dump *dump);
void dump_end(struct dump *dump);
/* Some bytes. Return: as pread(). */
ssize_t dump_pread(int fd, void *buf, size_t len, off_t pos);
/* Tell the kernel to free it, and wait until it has. */
int dump_free(unsigned int id, int fd);
/* What a test before us left. */
void dump_drop(unsigned int id);
/* Where that da is in it, for so many bytes; NULL if it is not. */
const uint8_t *dump_at(const struct dump *dump, uint64_t da, uint64_t size);

#endif /* DUMP_H */
