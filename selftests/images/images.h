/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Firmware images, good and bad, built in memory: the same inputs for the host
 * tests (under sanitizers) and for the kernel in the guest.
 *
 * A case starts from the good image and changes some fields of it. What is to
 * be said of it is known down to the byte: img_fault() works that out.
 */
#ifndef IMAGES_H
#define IMAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/rproc_lite.h>
#include <linux/rproc_lite_rsc.h>

#define IMG_32			32U
#define IMG_64			64U
#define IMG_BOTH		(IMG_32 | IMG_64)

/* The part of the remote's memory that an image may use, at least MEMORY_MIN. */
#define IMG_MEMORY_MIN		0x40000U

struct img_memory {
	uint64_t da;
	uint64_t pa;
	uint64_t size;
};

/* What the good image has. */
#define IMG_PHNUM		3U	/* code, data, a stack note without bytes */
#define IMG_SHNUM		6U
#define IMG_SH_TABLE		2U
#define IMG_SH_DATA		3U
#define IMG_SH_BSS		4U
#define IMG_SH_NAMES		5U
#define IMG_ENTRIES		5U	/* carveout, devmem, trace, vdev, vdev */
#define IMG_VRINGS		3U	/* 2 in entry 3, 1 in entry 4 */
#define IMG_CODE_SIZE		0x40LL
#define IMG_DATA_AT		0x1000U	/* from the memory's start */
#define IMG_DATA_MEMSZ		0x800LL
#define IMG_TRACE_AT		0x4000U
#define IMG_TRACE_SIZE		0x1000U

/**
 * struct img - an image, and where its parts are in the file
 * @data: malloc'ed
 * @size: bytes of the file
 * @bits: 32 or 64
 * @memory: where it is to lie
 * @whole: @size before anything was done to it
 */
struct img {
	uint8_t *data;
	size_t size;
	unsigned int bits;
	struct img_memory memory;
	size_t whole;
	size_t phoff;
	size_t code;
	size_t data_seg;
	size_t table;
	size_t table_size;
	size_t data_end;
	size_t names;
	size_t shoff;
};

enum img_field {
	IMG_NOTHING,
	IMG_CUT,			/* the file ends here */
	EH_MAGIC0, EH_MAGIC1, EH_MAGIC2, EH_MAGIC3,
	EH_CLASS, EH_DATA, EH_IDVERSION, EH_TYPE, EH_MACHINE, EH_VERSION,
	EH_ENTRY, EH_PHOFF, EH_SHOFF, EH_EHSIZE, EH_PHENTSIZE, EH_PHNUM,
	EH_SHENTSIZE, EH_SHNUM, EH_SHSTRNDX,
	PH_TYPE, PH_FLAGS, PH_OFFSET, PH_PADDR, PH_FILESZ, PH_MEMSZ,
	SH_NAME, SH_TYPE, SH_FLAGS, SH_OFFSET, SH_SIZE,
	TB_WORD,			/* 32 bits of the resource table */
	EN_WORD, EN_BYTE,		/* of one of its entries */
};

/* What an edit's value counts from. */
enum img_base {
	FROM_0,
	FROM_SIZE, FROM_PH, FROM_PH_END, FROM_CODE, FROM_DATA, FROM_TABLE,
	FROM_DATA_END, FROM_NAMES, FROM_SH,		/* file offsets */
	FROM_DA, FROM_DA_END, FROM_PA, FROM_PA_END,	/* the memory */
	FROM_TABLE_SIZE,
};

/**
 * struct img_edit - one field and what it becomes
 * @field: which
 * @index: of the program header, section header or table entry
 * @at: bytes into the table (TB_WORD) or its entry (EN_WORD, EN_BYTE)
 * @base: what @value counts from
 * @value: truncated to the field's width
 */
struct img_edit {
	enum img_field field;
	uint32_t index;
	uint32_t at;
	enum img_base base;
	uint64_t value;
};

enum img_kind {
	IMG_ELF,	/* the ELF parser finds it */
	IMG_TABLE,	/* the table's parser finds it */
	IMG_REMOTE,	/* both let it pass; it takes the remote to refuse it */
};

/**
 * struct img_case - an image that is to be refused, or one that is not
 * @name: what is odd about it
 * @kind: who finds it
 * @error: negative errno expected, 0 for a good image
 * @where: enum rproc_lite_where expected
 * @text: part of the reason expected
 * @only64: makes no sense in ELF32
 * @no_index: no index is expected though @where suggests one
 * @no_offset: the same for the offset
 * @stream_ends: of which bits (IMG_32, IMG_64 or both) a stream is refused for
 *	ending too early, since its size is not known beforehand
 * @no_stream: what a stream is refused for depends on what lies there by chance
 * @edit: changes to the good image, up to the first IMG_NOTHING
 * @extra: a change that is more than fields
 * @fault: what is at fault if it is not the first edit
 */
struct img_case {
	const char *name;
	enum img_kind kind;
	int error;
	uint32_t where;
	const char *text;
	bool only64;
	bool no_index;
	bool no_offset;
	bool no_stream;
	unsigned int stream_ends;
	struct img_edit edit[6];
	void (*extra)(struct img *im);
	struct img_edit fault;
};

extern const struct img_case img_bad[];
extern const unsigned int img_bad_num;
extern const struct img_case img_fine[];
extern const unsigned int img_fine_num;

/* What all images say that they are for: AArch64, unless set. */
extern uint16_t img_machine;

/* The good image of 32 or 64 bits. Aborts if out of memory. */
void img_build(struct img *im, unsigned int bits, const struct img_memory *memory);

/* The good image, then what the case makes of it. */
void img_make(struct img *im, const struct img_case *c, unsigned int bits,
	      const struct img_memory *memory);

void img_free(struct img *im);

/* Index and offset that the verdict on a case is to bear. */
void img_fault(const struct img *im, const struct img_case *c, uint32_t *index,
	       uint64_t *offset);

uint64_t img_get(const struct img *im, enum img_field field, uint32_t index);
void img_set(struct img *im, enum img_field field, uint32_t index, uint64_t value);

/* File offset of program header or section header @index of the good image. */
size_t img_ph_at(const struct img *im, uint32_t index);
size_t img_sh_at(const struct img *im, uint32_t index);

/* Offset of entry @index in the table, as the table says it. */
uint32_t img_entry_at(const struct img *im, uint32_t index);

/* Add @size zero bytes. Return: their offset in the file. */
size_t img_append(struct img *im, size_t size);

/* Move the program headers to the end of the file, with room for @num of them. */
void img_move_phdrs(struct img *im, uint32_t num);

/* Move the names and the section headers to the end of the file. */
void img_move_shdrs(struct img *im);

#endif /* IMAGES_H */
