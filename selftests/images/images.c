// SPDX-License-Identifier: GPL-2.0-only
/* The good image, and how to change it. */
#include "images.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#define CODE_OFF	0x200U
#define DATA_OFF	(CODE_OFF + IMG_CODE_SIZE)
#define TABLE_IN_DATA	0x20U
#define AFTER_TABLE	0x20U

/* The table: header, offsets, then the entries one after the other. */
#define AT_CARVEOUT	(16 + 4 * IMG_ENTRIES)
#define AT_DEVMEM	(AT_CARVEOUT + 56)
#define AT_TRACE	(AT_DEVMEM + 56)
#define AT_VDEV0	(AT_TRACE + 48)
#define VDEV0_CONFIG	8
#define AT_VDEV1	(AT_VDEV0 + 28 + 2 * 20 + VDEV0_CONFIG)
#define TABLE_SIZE	(AT_VDEV1 + 28 + 20)

static const char names[] = "\0.text\0.resource_table\0.data\0.bss\0.shstrtab";
static const uint32_t name_at[IMG_SHNUM] = { 0, 1, 7, 23, 29, 34 };

/*
 * Switches its core off: mov w0, #PSCI CPU_OFF; hvc #0; b . So that this image
 * can be started, too.
 */
uint16_t img_machine = EM_AARCH64;

static const uint32_t code[] = { 0x52800040, 0x72b08000, 0xd4000002, 0x14000000 };

static const struct {
	uint8_t at32, len32, at64, len64;
} fields[] = {
	[EH_MAGIC0] = { 0, 1, 0, 1 },
	[EH_MAGIC1] = { 1, 1, 1, 1 },
	[EH_MAGIC2] = { 2, 1, 2, 1 },
	[EH_MAGIC3] = { 3, 1, 3, 1 },
	[EH_CLASS] = { 4, 1, 4, 1 },
	[EH_DATA] = { 5, 1, 5, 1 },
	[EH_IDVERSION] = { 6, 1, 6, 1 },
#define EH(field, member)							\
	[field] = {								\
		offsetof(Elf32_Ehdr, member), sizeof(((Elf32_Ehdr *)0)->member),\
		offsetof(Elf64_Ehdr, member), sizeof(((Elf64_Ehdr *)0)->member),\
	}
	EH(EH_TYPE, e_type),
	EH(EH_MACHINE, e_machine),
	EH(EH_VERSION, e_version),
	EH(EH_ENTRY, e_entry),
	EH(EH_PHOFF, e_phoff),
	EH(EH_SHOFF, e_shoff),
	EH(EH_EHSIZE, e_ehsize),
	EH(EH_PHENTSIZE, e_phentsize),
	EH(EH_PHNUM, e_phnum),
	EH(EH_SHENTSIZE, e_shentsize),
	EH(EH_SHNUM, e_shnum),
	EH(EH_SHSTRNDX, e_shstrndx),
#define PH(field, member)							\
	[field] = {								\
		offsetof(Elf32_Phdr, member), sizeof(((Elf32_Phdr *)0)->member),\
		offsetof(Elf64_Phdr, member), sizeof(((Elf64_Phdr *)0)->member),\
	}
	PH(PH_TYPE, p_type),
	PH(PH_FLAGS, p_flags),
	PH(PH_OFFSET, p_offset),
	PH(PH_PADDR, p_paddr),
	PH(PH_FILESZ, p_filesz),
	PH(PH_MEMSZ, p_memsz),
#define SH(field, member)							\
	[field] = {								\
		offsetof(Elf32_Shdr, member), sizeof(((Elf32_Shdr *)0)->member),\
		offsetof(Elf64_Shdr, member), sizeof(((Elf64_Shdr *)0)->member),\
	}
	SH(SH_NAME, sh_name),
	SH(SH_TYPE, sh_type),
	SH(SH_FLAGS, sh_flags),
	SH(SH_OFFSET, sh_offset),
	SH(SH_SIZE, sh_size),
};

static void put(uint8_t *p, unsigned int len, uint64_t value)
{
	while (len--) {
		*p++ = (uint8_t)value;
		value >>= 8;
	}
}

static uint64_t get(const uint8_t *p, unsigned int len)
{
	uint64_t value = 0;

	while (len--)
		value = value << 8 | p[len];
	return value;
}

size_t img_ph_at(const struct img *im, uint32_t index)
{
	return im->phoff + index * (im->bits == 64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr));
}

size_t img_sh_at(const struct img *im, uint32_t index)
{
	return im->shoff + index * (im->bits == 64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr));
}

/* File offset and width of a field of the ELF headers. */
static size_t place(const struct img *im, enum img_field field, uint32_t index,
		    unsigned int *len)
{
	size_t at = im->bits == 64 ? fields[field].at64 : fields[field].at32;

	*len = im->bits == 64 ? fields[field].len64 : fields[field].len32;
	if (field >= SH_NAME)
		return img_sh_at(im, index) + at;
	if (field >= PH_TYPE)
		return img_ph_at(im, index) + at;
	return at;
}

uint64_t img_get(const struct img *im, enum img_field field, uint32_t index)
{
	unsigned int len;
	size_t at = place(im, field, index, &len);

	return get(im->data + at, len);
}

void img_set(struct img *im, enum img_field field, uint32_t index, uint64_t value)
{
	unsigned int len;
	size_t at = place(im, field, index, &len);

	put(im->data + at, len, value);
}

uint32_t img_entry_at(const struct img *im, uint32_t index)
{
	return (uint32_t)get(im->data + im->table + 16 + 4 * index, 4);
}

size_t img_append(struct img *im, size_t size)
{
	size_t at = im->size;
	uint8_t *data = realloc(im->data, at + size);

	if (!data)
		abort();
	memset(data + at, 0, size);
	im->data = data;
	im->size = at + size;
	return at;
}

void img_move_phdrs(struct img *im, uint32_t num)
{
	size_t one = img_ph_at(im, 1) - img_ph_at(im, 0);
	size_t to = img_append(im, num * one);

	memcpy(im->data + to, im->data + im->phoff, IMG_PHNUM * one);
	im->phoff = to;
	img_set(im, EH_PHOFF, 0, to);
	img_set(im, EH_PHNUM, 0, num);
}

void img_move_shdrs(struct img *im)
{
	size_t bytes = img_sh_at(im, IMG_SHNUM) - im->shoff;
	size_t to = img_append(im, sizeof(names));

	memcpy(im->data + to, im->data + im->names, sizeof(names));
	img_set(im, SH_OFFSET, IMG_SH_NAMES, to);
	im->names = to;
	to = img_append(im, bytes);
	memcpy(im->data + to, im->data + im->shoff, bytes);
	im->shoff = to;
	img_set(im, EH_SHOFF, 0, to);
}

static void build_header(struct img *im)
{
	bool is64 = im->bits == 64;

	memcpy(im->data, ELFMAG, SELFMAG);
	img_set(im, EH_CLASS, 0, is64 ? ELFCLASS64 : ELFCLASS32);
	img_set(im, EH_DATA, 0, ELFDATA2LSB);
	img_set(im, EH_IDVERSION, 0, EV_CURRENT);
	img_set(im, EH_TYPE, 0, ET_EXEC);
	img_set(im, EH_MACHINE, 0, img_machine);
	img_set(im, EH_VERSION, 0, EV_CURRENT);
	img_set(im, EH_ENTRY, 0, im->memory.da);
	img_set(im, EH_PHOFF, 0, im->phoff);
	img_set(im, EH_SHOFF, 0, im->shoff);
	img_set(im, EH_EHSIZE, 0, is64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr));
	img_set(im, EH_PHENTSIZE, 0, is64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr));
	img_set(im, EH_PHNUM, 0, IMG_PHNUM);
	img_set(im, EH_SHENTSIZE, 0, is64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr));
	img_set(im, EH_SHNUM, 0, IMG_SHNUM);
	img_set(im, EH_SHSTRNDX, 0, IMG_SH_NAMES);
}

static void build_segments(struct img *im)
{
	img_set(im, PH_TYPE, 0, PT_LOAD);
	img_set(im, PH_FLAGS, 0, PF_R | PF_X);
	img_set(im, PH_OFFSET, 0, im->code);
	img_set(im, PH_PADDR, 0, im->memory.da);
	img_set(im, PH_FILESZ, 0, IMG_CODE_SIZE);
	img_set(im, PH_MEMSZ, 0, IMG_CODE_SIZE);

	img_set(im, PH_TYPE, 1, PT_LOAD);
	img_set(im, PH_FLAGS, 1, PF_R | PF_W);
	img_set(im, PH_OFFSET, 1, im->data_seg);
	img_set(im, PH_PADDR, 1, im->memory.da + IMG_DATA_AT);
	img_set(im, PH_FILESZ, 1, im->data_end - im->data_seg);
	img_set(im, PH_MEMSZ, 1, IMG_DATA_MEMSZ);

	img_set(im, PH_TYPE, 2, PT_GNU_STACK);
	img_set(im, PH_FLAGS, 2, PF_R | PF_W);
}

static void build_sections(struct img *im)
{
	const struct {
		uint32_t type;
		size_t from, to;
	} s[IMG_SHNUM] = {
		[1] = { SHT_PROGBITS, im->code, im->code + IMG_CODE_SIZE },
		[IMG_SH_TABLE] = { SHT_PROGBITS, im->table, im->table + im->table_size },
		[IMG_SH_DATA] = { SHT_PROGBITS, im->table + im->table_size, im->data_end },
		[IMG_SH_BSS] = { SHT_NOBITS, im->data_end, im->data_end + 0x100 },
		[IMG_SH_NAMES] = { SHT_STRTAB, im->names, im->names + sizeof(names) },
	};
	uint32_t i;

	for (i = 1; i < IMG_SHNUM; i++) {
		img_set(im, SH_NAME, i, name_at[i]);
		img_set(im, SH_TYPE, i, s[i].type);
		img_set(im, SH_OFFSET, i, s[i].from);
		img_set(im, SH_SIZE, i, s[i].to - s[i].from);
	}
	memcpy(im->data + im->names, names, sizeof(names));
}

static void words(uint8_t *p, const uint32_t *w, size_t n)
{
	while (n--) {
		put(p, 4, *w++);
		p += 4;
	}
}

#define WORDS(p, ...)								\
	words(p, (const uint32_t[]){ __VA_ARGS__ },				\
	      sizeof((const uint32_t[]){ __VA_ARGS__ }) / 4)

static void build_table(struct img *im)
{
	uint32_t da = (uint32_t)im->memory.da, any = RPROC_LITE_RSC_ANY;
	uint8_t *t = im->data + im->table;

	WORDS(t, 1, IMG_ENTRIES, 0, 0, AT_CARVEOUT, AT_DEVMEM, AT_TRACE, AT_VDEV0, AT_VDEV1);

	WORDS(t + AT_CARVEOUT, RPROC_LITE_RSC_CARVEOUT, any, any, 0x1000, 0, 0);
	strcpy((char *)t + AT_CARVEOUT + 24, "heap");
	WORDS(t + AT_DEVMEM, RPROC_LITE_RSC_DEVMEM, da + 0x2000, any, 0x1000, 0, 0);
	strcpy((char *)t + AT_DEVMEM + 24, "window");
	WORDS(t + AT_TRACE, RPROC_LITE_RSC_TRACE, da + IMG_TRACE_AT, IMG_TRACE_SIZE, 0);
	strcpy((char *)t + AT_TRACE + 16, "trace0");

	WORDS(t + AT_VDEV0, RPROC_LITE_RSC_VDEV, 7, any, 1, 0, VDEV0_CONFIG, 2u << 8);
	WORDS(t + AT_VDEV0 + 28, any, 4096, 16, 0, 0);
	WORDS(t + AT_VDEV0 + 48, da + 0x8000, 4096, 16, 1, any);
	WORDS(t + AT_VDEV1, RPROC_LITE_RSC_VDEV, 3, any, 0, 0, 0, 1u << 8);
	WORDS(t + AT_VDEV1 + 28, any, 64, 4, any, 0);
}

void img_build(struct img *im, unsigned int bits, const struct img_memory *memory)
{
	size_t i;

	*im = (struct img){
		.bits = bits,
		.memory = *memory,
		.phoff = bits == 64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr),
		.code = CODE_OFF,
		.data_seg = DATA_OFF,
		.table = DATA_OFF + TABLE_IN_DATA,
		.table_size = TABLE_SIZE,
	};
	im->data_end = im->table + im->table_size + AFTER_TABLE;
	im->names = im->data_end;
	im->shoff = (im->names + sizeof(names) + 7) & ~(size_t)7;
	img_append(im, img_sh_at(im, IMG_SHNUM));
	im->whole = im->size;

	/* No byte of the segments is what memory may hold by chance. */
	for (i = im->code; i < im->data_end; i++)
		im->data[i] = (uint8_t)(i * 7 + 3);
	words(im->data + im->code, code, sizeof(code) / 4);
	memset(im->data + im->table, 0, im->table_size);

	build_header(im);
	build_segments(im);
	build_sections(im);
	build_table(im);
}

static uint64_t from(const struct img *im, enum img_base base)
{
	switch (base) {
	case FROM_SIZE:
		return im->whole;
	case FROM_PH:
		return im->phoff;
	case FROM_PH_END:
		return img_ph_at(im, IMG_PHNUM);
	case FROM_CODE:
		return im->code;
	case FROM_DATA:
		return im->data_seg;
	case FROM_TABLE:
		return im->table;
	case FROM_DATA_END:
		return im->data_end;
	case FROM_NAMES:
		return im->names;
	case FROM_SH:
		return im->shoff;
	case FROM_DA:
		return im->memory.da;
	case FROM_DA_END:
		return im->memory.da + im->memory.size;
	case FROM_PA:
		return im->memory.pa;
	case FROM_PA_END:
		return im->memory.pa + im->memory.size;
	case FROM_TABLE_SIZE:
		return im->table_size;
	default:
		return 0;
	}
}

static void apply(struct img *im, const struct img_edit *e)
{
	uint64_t value = from(im, e->base) + e->value;
	uint8_t *table = im->data + im->table;

	switch (e->field) {
	case IMG_NOTHING:
		break;
	case IMG_CUT:
		im->size = value;
		break;
	case TB_WORD:
		put(table + e->at, 4, value);
		break;
	case EN_WORD:
		put(table + img_entry_at(im, e->index) + e->at, 4, value);
		break;
	case EN_BYTE:
		put(table + img_entry_at(im, e->index) + e->at, 1, value);
		break;
	default:
		img_set(im, e->field, e->index, value);
		break;
	}
}

void img_make(struct img *im, const struct img_case *c, unsigned int bits,
	      const struct img_memory *memory)
{
	size_t i;

	img_build(im, bits, memory);
	for (i = 0; i < sizeof(c->edit) / sizeof(c->edit[0]) && c->edit[i].field; i++)
		apply(im, &c->edit[i]);
	if (c->extra)
		c->extra(im);
	/* Exactly so long, for sanitizers to see where it ends. */
	im->data = realloc(im->data, im->size ? im->size : 1);
	if (!im->data)
		abort();
}

void img_free(struct img *im)
{
	free(im->data);
	im->data = NULL;
}

void img_fault(const struct img *im, const struct img_case *c, uint32_t *index,
	       uint64_t *offset)
{
	const struct img_edit *f = c->fault.field ? &c->fault : &c->edit[0];
	unsigned int len;

	*index = RPROC_LITE_NO_INDEX;
	*offset = RPROC_LITE_NO_OFFSET;
	switch (c->where) {
	case RPROC_LITE_AT_FILE:
		*offset = im->size;
		break;
	case RPROC_LITE_AT_ELF_HEADER:
		/* The magic is looked at as one. */
		*offset = f->field <= EH_MAGIC3 ? 0 : place(im, f->field, 0, &len);
		break;
	case RPROC_LITE_AT_SEGMENT:
		*index = f->index;
		*offset = img_ph_at(im, f->index);
		break;
	case RPROC_LITE_AT_SECTION:
		*index = f->index;
		*offset = img_get(im, SH_OFFSET, f->index);
		break;
	case RPROC_LITE_AT_TABLE:
		*offset = f->at;
		break;
	case RPROC_LITE_AT_ENTRY:
		*index = f->index;
		*offset = img_entry_at(im, f->index) + f->at;
		break;
	}
	if (c->no_index)
		*index = RPROC_LITE_NO_INDEX;
	if (c->no_offset)
		*offset = RPROC_LITE_NO_OFFSET;
}
