/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_ELF_H
#define RL_ELF_H

#include "env.h"
#include <linux/rproc_lite.h>

#define RL_ELF_PHNUM_MAX	256U	/* program headers of any kind */
#define RL_ELF_SEGMENTS_MAX	64U	/* of them, PT_LOADs with memory */

#define RL_ELF_CLASS32		1
#define RL_ELF_CLASS64		2

/**
 * struct rl_source - bytes of an image, wherever they are
 * @read: copies @len bytes at @pos to @buf. Returns 0, or a negative errno with
 *	@v filled in; a source that ends before @pos + @len is an error.
 * @ctx: for @read
 * @size: bytes in all, U64_MAX if not known (then reads find out)
 */
struct rl_source {
	int (*read)(void *ctx, u64 pos, void *buf, size_t len,
		    struct rproc_lite_verdict *v);
	void *ctx;
	u64 size;
};

/**
 * struct rl_segment - one PT_LOAD that takes memory
 * @index: of its program header
 * @flags: PF_X 1, PF_W 2, PF_R 4
 * @da: where it goes: the header's p_paddr
 * @memsz: bytes there; what @filesz leaves is zeroed
 * @offset: where it comes from in the file
 * @filesz: bytes there, at most @memsz
 */
struct rl_segment {
	u32 index;
	u32 flags;
	u64 da;
	u64 memsz;
	u64 offset;
	u64 filesz;
};

/**
 * struct rl_elf - an image's headers, checked
 * @class: RL_ELF_CLASS32 or RL_ELF_CLASS64
 * @machine: e_machine
 * @entry: da to start at, within a segment
 * @memsz: bytes of all segments
 * @filesz: bytes of them that come from the file
 * @num_segments: of @segment, at least 1
 * @segment: in the order of the program headers; no two overlap
 * @has_table: there is a resource table (after rl_elf_find_table())
 * @table_segment: index in @segment of the segment that holds it
 * @table_offset: its place in the file
 * @table_da: its place in the remote's memory
 * @table_size: bytes, at most RPROC_LITE_RSC_SIZE_MAX
 * @shoff: section headers' place in the file, 0 if there are none
 * @shnum: how many
 * @shstrndx: which of them holds the names
 */
struct rl_elf {
	u8 class;
	u16 machine;
	u64 entry;
	u64 memsz;
	u64 filesz;
	u32 num_segments;
	struct rl_segment segment[RL_ELF_SEGMENTS_MAX];
	bool has_table;
	u32 table_segment;
	u64 table_offset;
	u64 table_da;
	u32 table_size;
	u64 shoff;
	u32 shnum;
	u32 shstrndx;
};

/* Do these first bytes of an image, at least 4, begin an ELF file? */
bool rl_elf_is(const u8 *head, size_t len);

/**
 * rl_elf_parse() - read and check the ELF header and the program headers
 * @src: the image
 * @elf: filled in, but for the table's fields
 * @v: the reason, if refused
 *
 * Context: whatever @src->read needs; else any.
 * Return: 0, -ENOEXEC if the image is no good, or what @src->read returned.
 */
int rl_elf_parse(const struct rl_source *src, struct rl_elf *elf,
		 struct rproc_lite_verdict *v);

/**
 * rl_elf_find_table() - find the section ".resource_table"
 * @src: the image; is read at and after its section headers, and at their names
 * @elf: as rl_elf_parse() left it; the table's fields are filled in
 * @v: the reason, if refused
 *
 * Finding none is success. One that no segment loads is refused, since the
 * remote could not see what we write there.
 *
 * Context: whatever @src->read needs; else any.
 * Return: 0, -ENOEXEC if the image is no good, or what @src->read returned.
 */
int rl_elf_find_table(const struct rl_source *src, struct rl_elf *elf,
		      struct rproc_lite_verdict *v);

#endif /* RL_ELF_H */
