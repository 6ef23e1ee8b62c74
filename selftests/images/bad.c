// SPDX-License-Identifier: GPL-2.0-only
/*
 * Images that are to be refused, each for one reason. Faults that peers were
 * seen to have are all here (256 program headers and more, filesz over memsz,
 * wrapped sums, offsets checked against the memory instead of the table, ...).
 */
#include "images.h"

#include <elf.h>
#include <errno.h>
#include <string.h>

#define ANY	RPROC_LITE_RSC_ANY

/* What the checks of an ELF file say of its end and of the file's. */
#define ENDS	"image ends at byte"
#define PHDRS	"program headers at"
#define SHDRS	"section headers at"
#define PAST	"its bytes end past the file"

/* One edit each: the file cut short, a field of the ELF headers, of the table. */
#define CUT(n, b, v)								\
	{									\
		.name = "cut " n, .kind = IMG_ELF, .error = -ENOEXEC,		\
		.where = RPROC_LITE_AT_FILE, .text = ENDS, .stream_ends = IMG_BOTH,	\
		.edit = { { IMG_CUT, .base = b, .value = v } },			\
	}
#define CUT_HEADERS(n, b, v, f, t)						\
	{									\
		.name = "cut " n, .kind = IMG_ELF, .error = -ENOEXEC,		\
		.where = RPROC_LITE_AT_ELF_HEADER, .text = t, .stream_ends = IMG_BOTH,\
		.edit = { { IMG_CUT, .base = b, .value = v } },			\
		.fault = { .field = f },					\
	}
#define HEADER(n, f, b, v, t)							\
	{									\
		.name = n, .kind = IMG_ELF, .error = -ENOEXEC,			\
		.where = RPROC_LITE_AT_ELF_HEADER, .text = t,			\
		.edit = { { f, .base = b, .value = v } },			\
	}
#define HEADER_ENDS(n, f, b, v, t)						\
	{									\
		.name = n, .kind = IMG_ELF, .error = -ENOEXEC,			\
		.where = RPROC_LITE_AT_ELF_HEADER, .text = t, .stream_ends = IMG_BOTH,\
		.edit = { { f, .base = b, .value = v } },			\
	}
/* In 64 bits so far out that not even a stream of any length could have it. */
#define HEADER_FAR(n, f, b, v, t)						\
	{									\
		.name = n, .kind = IMG_ELF, .error = -ENOEXEC,			\
		.where = RPROC_LITE_AT_ELF_HEADER, .text = t, .stream_ends = IMG_32,\
		.edit = { { f, .base = b, .value = v } },			\
	}
#define SEGMENT(n, f, i, b, v, t)						\
	{									\
		.name = n, .kind = IMG_ELF, .error = -ENOEXEC,			\
		.where = RPROC_LITE_AT_SEGMENT, .text = t,			\
		.edit = { { f, i, .base = b, .value = v } },			\
	}
#define SECTION(n, f, i, b, v, t)						\
	{									\
		.name = n, .kind = IMG_ELF, .error = -ENOEXEC,			\
		.where = RPROC_LITE_AT_SECTION, .text = t,			\
		.edit = { { f, i, .base = b, .value = v } },			\
	}
#define TABLE(n, a, v, t)							\
	{									\
		.name = n, .kind = IMG_TABLE, .error = -EINVAL,			\
		.where = RPROC_LITE_AT_TABLE, .text = t,			\
		.edit = { { TB_WORD, .at = a, .value = v } },			\
	}
#define ENTRY(n, i, a, v, t)							\
	{									\
		.name = n, .kind = IMG_TABLE, .error = -EINVAL,			\
		.where = RPROC_LITE_AT_ENTRY, .text = t,			\
		.edit = { { EN_WORD, i, a, .value = v } },			\
	}
#define ENTRY8(n, i, a, v, t)							\
	{									\
		.name = n, .kind = IMG_TABLE, .error = -EINVAL,			\
		.where = RPROC_LITE_AT_ENTRY, .text = t,			\
		.edit = { { EN_BYTE, i, a, .value = v } },			\
	}
/* Two edits, of which the entry at fault may be a third thing. */
#define ENTRY2(n, i, a, v, i2, a2, v2, fi, fa, t)				\
	{									\
		.name = n, .kind = IMG_TABLE, .error = -EINVAL,			\
		.where = RPROC_LITE_AT_ENTRY, .text = t,			\
		.edit = { { EN_WORD, i, a, .value = v },			\
			  { EN_WORD, i2, a2, .value = v2 } },			\
		.fault = { EN_WORD, fi, fa, 0, 0 },				\
	}
/* Only the remote can say no: its regions, its kind. */
#define OUTSIDE(n, f, i, b, v)							\
	{									\
		.name = n, .kind = IMG_REMOTE, .error = -ENOEXEC,		\
		.where = RPROC_LITE_AT_SEGMENT, .no_offset = true,		\
		.text = "lie in no region of this remote",			\
		.edit = { { f, i, .base = b, .value = v } },			\
	}
#define MACHINE(n, v)								\
	{									\
		.name = n, .kind = IMG_REMOTE, .error = -ENOEXEC,		\
		.where = RPROC_LITE_AT_BACKEND, .text = "machine " #v ",",	\
		.edit = { { EH_MACHINE, .value = v } },				\
	}
#define PLACE(n, i, a, b, v, t)							\
	{									\
		.name = n, .kind = IMG_REMOTE, .error = -EINVAL,		\
		.where = RPROC_LITE_AT_ENTRY, .text = t,			\
		.edit = { { EN_WORD, i, a, b, v } },				\
	}

static void many_phdrs(struct img *im, uint32_t num)
{
	img_move_phdrs(im, num);
}

static void phdrs_257(struct img *im)
{
	many_phdrs(im, 257);
}

static void phdrs_65535(struct img *im)
{
	many_phdrs(im, 65535);
}

static void loads_65(struct img *im)
{
	uint32_t i;

	img_move_phdrs(im, 65);
	for (i = 2; i < 65; i++) {
		img_set(im, PH_TYPE, i, PT_LOAD);
		img_set(im, PH_PADDR, i, im->memory.da + 0x10000 + i * 16);
		img_set(im, PH_MEMSZ, i, 16);
	}
}

static void memsz_to_0(struct img *im)
{
	img_set(im, PH_MEMSZ, 1, -img_get(im, PH_PADDR, 1));
}

static void phdrs_at_end(struct img *im)
{
	img_set(im, EH_PHOFF, 0, im->size + 1 - (img_ph_at(im, IMG_PHNUM) - im->phoff));
}

static void code_at_end(struct img *im)
{
	size_t to = img_append(im, IMG_CODE_SIZE);

	memcpy(im->data + to, im->data + im->code, IMG_CODE_SIZE);
	img_set(im, PH_OFFSET, 0, to);
	im->size--;
}

static void no_sections(struct img *im)
{
	img_set(im, EH_SHOFF, 0, 0);
	img_set(im, EH_SHNUM, 0, 0);
	img_set(im, EH_SHSTRNDX, 0, 0);
}

static void cut_code(struct img *im)
{
	no_sections(im);
	im->size = im->code + 5;
}

static void cut_data(struct img *im)
{
	no_sections(im);
	im->size = im->data_end - 1;
}

/* More bytes than a table may have, and they are all there. */
static void large_table(struct img *im)
{
	size_t to = img_append(im, 65537);

	memcpy(im->data + to, im->data + im->table, im->table_size);
	img_set(im, SH_OFFSET, IMG_SH_TABLE, to);
	img_set(im, SH_SIZE, IMG_SH_TABLE, 65537);
	img_set(im, PH_OFFSET, 1, to);
	img_set(im, PH_FILESZ, 1, 65537);
	img_set(im, PH_MEMSZ, 1, 65537);
	img_move_shdrs(im);
}

static void shell_script(struct img *im)
{
	static const char script[] = "#!/bin/sh\nexec true\n";

	memcpy(im->data, script, sizeof(script));
}

static void byte_swapped(struct img *im)
{
	/* A big-endian ELF header through and through, as a big-endian host makes it. */
	memcpy(im->data + 4, "\2\2\1\0\0\0\0\0\0\0\0\0\0\2\0\267\0\0\0\1", 20);
}

static void endless_name(struct img *im, uint32_t index, uint32_t at)
{
	memset(im->data + im->table + img_entry_at(im, index) + at, 'x',
	       RPROC_LITE_RSC_NAME_MAX);
}

static void endless_carveout(struct img *im)
{
	endless_name(im, 0, 24);
}

static void endless_devmem(struct img *im)
{
	endless_name(im, 1, 24);
}

static void endless_trace(struct img *im)
{
	endless_name(im, 2, 16);
}

static void ring_carveout(struct img *im)
{
	strcpy((char *)im->data + im->table + img_entry_at(im, 0) + 24, "vdev0vring0");
}

const struct img_case img_bad[] = {
	/* The file ends too soon. */
	CUT("to nothing", FROM_0, 0),
	CUT("after 1 byte", FROM_0, 1),
	CUT("within the magic", FROM_0, 3),
	CUT("after the magic", FROM_0, 4),
	CUT("within the ident", FROM_0, 15),
	CUT("after the ident", FROM_0, 16),
	CUT("a byte behind the ident", FROM_0, 17),
	CUT("before the program header count", FROM_0, 42),
	CUT("a byte before the ELF header's end", FROM_PH, -1),
	CUT_HEADERS("after the ELF header", FROM_PH, 0, EH_PHOFF, PHDRS),
	CUT_HEADERS("a byte into the program headers", FROM_PH, 1, EH_PHOFF, PHDRS),
	CUT_HEADERS("within the first program header", FROM_PH, 20, EH_PHOFF, PHDRS),
	CUT_HEADERS("a byte before the program headers' end", FROM_PH_END, -1, EH_PHOFF, PHDRS),
	CUT_HEADERS("after the program headers", FROM_PH_END, 0, EH_SHOFF, SHDRS),
	CUT_HEADERS("before the code", FROM_CODE, 0, EH_SHOFF, SHDRS),
	CUT_HEADERS("within the code", FROM_CODE, 7, EH_SHOFF, SHDRS),
	CUT_HEADERS("before the data", FROM_DATA, 0, EH_SHOFF, SHDRS),
	CUT_HEADERS("before the resource table", FROM_TABLE, 0, EH_SHOFF, SHDRS),
	CUT_HEADERS("within the resource table's header", FROM_TABLE, 10, EH_SHOFF, SHDRS),
	CUT_HEADERS("within the resource table's entries", FROM_TABLE, 100, EH_SHOFF, SHDRS),
	CUT_HEADERS("after the data", FROM_DATA_END, 0, EH_SHOFF, SHDRS),
	CUT_HEADERS("within the names", FROM_NAMES, 9, EH_SHOFF, SHDRS),
	CUT_HEADERS("before the section headers", FROM_SH, 0, EH_SHOFF, SHDRS),
	CUT_HEADERS("within the second section header", FROM_SH, 70, EH_SHOFF, SHDRS),
	CUT_HEADERS("a byte before the file's end", FROM_SIZE, -1, EH_SHOFF, SHDRS),
	{
		.name = "cut within the code, no sections", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_SEGMENT, .text = PAST, .stream_ends = IMG_BOTH,
		.extra = cut_code, .fault = { PH_OFFSET, 0 },
	}, {
		.name = "cut within the data, no sections", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_SEGMENT, .text = PAST, .stream_ends = IMG_BOTH,
		.extra = cut_data, .fault = { PH_OFFSET, 1 },
	}, {
		.name = "cut within code that lies behind all else", .kind = IMG_ELF,
		.error = -ENOEXEC, .where = RPROC_LITE_AT_SEGMENT, .text = PAST,
		.stream_ends = IMG_BOTH, .extra = code_at_end, .fault = { PH_OFFSET, 0 },
	},

	/* The ELF header. */
	HEADER("first byte of the magic", EH_MAGIC0, FROM_0, 0x7e, "no ELF magic"),
	HEADER("second byte of the magic", EH_MAGIC1, FROM_0, 'e', "no ELF magic"),
	HEADER("third byte of the magic", EH_MAGIC2, FROM_0, 0, "no ELF magic"),
	HEADER("fourth byte of the magic", EH_MAGIC3, FROM_0, 0xff, "no ELF magic"),
	{
		.name = "a shell script", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_ELF_HEADER, .text = "no ELF magic",
		.extra = shell_script, .fault = { EH_MAGIC0 },
	},
	HEADER("class 0", EH_CLASS, FROM_0, 0, "class is neither"),
	HEADER("class 3", EH_CLASS, FROM_0, 3, "class is neither"),
	HEADER("class 255", EH_CLASS, FROM_0, 255, "class is neither"),
	HEADER("byte order 0", EH_DATA, FROM_0, 0, "unknown byte order"),
	HEADER("byte order big", EH_DATA, FROM_0, ELFDATA2MSB, "big-endian"),
	HEADER("byte order 3", EH_DATA, FROM_0, 3, "unknown byte order"),
	{
		.name = "a big-endian machine's ELF file", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_ELF_HEADER, .text = "big-endian",
		.extra = byte_swapped, .fault = { EH_DATA },
	},
	HEADER("ident version 0", EH_IDVERSION, FROM_0, 0, "unknown ELF version"),
	HEADER("ident version 2", EH_IDVERSION, FROM_0, 2, "unknown ELF version"),
	HEADER("type none", EH_TYPE, FROM_0, ET_NONE, "not an executable"),
	HEADER("type relocatable", EH_TYPE, FROM_0, ET_REL, "not an executable"),
	HEADER("type core", EH_TYPE, FROM_0, ET_CORE, "not an executable"),
	HEADER("type 65535", EH_TYPE, FROM_0, 0xffff, "not an executable"),
	HEADER("version 0", EH_VERSION, FROM_0, 0, "unknown ELF version"),
	HEADER("version 2", EH_VERSION, FROM_0, 2, "unknown ELF version"),
	HEADER("version as if big-endian", EH_VERSION, FROM_0, 0x01000000, "unknown ELF version"),
	HEADER("ELF header size 0", EH_EHSIZE, FROM_0, 0, "wrong size of the ELF header"),
	HEADER("ELF header size 65535", EH_EHSIZE, FROM_0, 0xffff, "wrong size of the ELF header"),
	HEADER("program header size 0", EH_PHENTSIZE, FROM_0, 0, "wrong size of a program header"),
	HEADER("program header size 1", EH_PHENTSIZE, FROM_0, 1, "wrong size of a program header"),
	HEADER("program header size 57", EH_PHENTSIZE, FROM_0, 57,
	       "wrong size of a program header"),
	HEADER("program header size 65535", EH_PHENTSIZE, FROM_0, 0xffff,
	       "wrong size of a program header"),
	HEADER("no program headers", EH_PHNUM, FROM_0, 0, "no program headers"),
	HEADER("257 program headers", EH_PHNUM, FROM_0, 257, "257 program headers, and at most"),
	HEADER("65535 program headers that are not there", EH_PHNUM, FROM_0, 65535,
	       "65535 program headers, and at most"),
	{
		.name = "257 program headers that are there", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_ELF_HEADER, .text = "257 program headers, and at most",
		.extra = phdrs_257, .fault = { EH_PHNUM },
	}, {
		.name = "65535 program headers that are there", .kind = IMG_ELF,
		.error = -ENOEXEC, .where = RPROC_LITE_AT_ELF_HEADER,
		.text = "65535 program headers, and at most",
		.extra = phdrs_65535, .fault = { EH_PHNUM },
	},
	{
		.name = "256 program headers that are not there", .kind = IMG_ELF,
		.error = -ENOEXEC, .where = RPROC_LITE_AT_ELF_HEADER, .text = PHDRS,
		.stream_ends = IMG_BOTH, .edit = { { EH_PHNUM, .value = 256 },
					       { EH_PHOFF, .base = FROM_SH } },
		.fault = { EH_PHOFF },
	},
	HEADER_ENDS("program headers at the file's end", EH_PHOFF, FROM_SIZE, 0, PHDRS),
	HEADER_ENDS("program headers a byte before the file's end", EH_PHOFF, FROM_SIZE, -1, PHDRS),
	{
		.name = "program headers end a byte behind the file", .kind = IMG_ELF,
		.error = -ENOEXEC, .where = RPROC_LITE_AT_ELF_HEADER, .text = PHDRS,
		.no_stream = true, .extra = phdrs_at_end, .fault = { EH_PHOFF },
	},
	HEADER_FAR("program headers at the highest offset", EH_PHOFF, FROM_0, -1, PHDRS),
	HEADER_FAR("program headers whose end wraps", EH_PHOFF, FROM_0, -96, PHDRS),
	HEADER_ENDS("program headers at a negative offset", EH_PHOFF, FROM_0, INT64_MIN | INT32_MIN,
		    PHDRS),
	{
		.name = "program headers at offset 0", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_ELF_HEADER, .text = "nothing to load",
		.edit = { { EH_PHOFF, .value = 0 } }, .fault = { EH_PHNUM },
	}, {
		.name = "program headers beyond 4 GiB", .kind = IMG_ELF, .error = -ENOEXEC,
		.only64 = true, .where = RPROC_LITE_AT_ELF_HEADER, .text = PHDRS,
		.stream_ends = IMG_BOTH, .edit = { { EH_PHOFF, .value = (1ULL << 32) + 64 } },
	},
	HEADER("section header size 0", EH_SHENTSIZE, FROM_0, 0, "wrong size of a section header"),
	HEADER("section header size 1", EH_SHENTSIZE, FROM_0, 1, "wrong size of a section header"),
	HEADER("section header size 65535", EH_SHENTSIZE, FROM_0, 0xffff,
	       "wrong size of a section header"),
	HEADER_ENDS("section headers at the file's end", EH_SHOFF, FROM_SIZE, 0, SHDRS),
	HEADER_ENDS("section headers a byte before the file's end", EH_SHOFF, FROM_SIZE, -1, SHDRS),
	HEADER_ENDS("section headers a byte too far", EH_SHOFF, FROM_SH, 1, SHDRS),
	HEADER_FAR("section headers at the highest offset", EH_SHOFF, FROM_0, -1, SHDRS),
	HEADER_FAR("section headers whose end wraps", EH_SHOFF, FROM_0, -200, SHDRS),
	{
		.name = "one section header too many", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_ELF_HEADER, .text = SHDRS, .stream_ends = IMG_BOTH,
		.edit = { { EH_SHNUM, .value = IMG_SHNUM + 1 } }, .fault = { EH_SHOFF },
	}, {
		.name = "65535 section headers", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_ELF_HEADER, .text = SHDRS, .stream_ends = IMG_BOTH,
		.edit = { { EH_SHNUM, .value = 65535 } }, .fault = { EH_SHOFF },
	},
	HEADER("names in a section that does not exist", EH_SHSTRNDX, FROM_0, IMG_SHNUM,
	       "section names lie in a section"),
	HEADER("names in section 65535", EH_SHSTRNDX, FROM_0, 65535,
	       "section names lie in a section"),
	HEADER("entry point 0", EH_ENTRY, FROM_0, 0, "lies in no segment"),
	HEADER("entry point a byte below the code", EH_ENTRY, FROM_DA, -1, "lies in no segment"),
	HEADER("entry point a byte behind the code", EH_ENTRY, FROM_DA, IMG_CODE_SIZE,
	       "lies in no segment"),
	HEADER("entry point behind the data", EH_ENTRY, FROM_DA, IMG_DATA_AT + IMG_DATA_MEMSZ,
	       "lies in no segment"),
	HEADER("entry point at the top", EH_ENTRY, FROM_0, -1, "lies in no segment"),
	{
		.name = "entry point right but for its upper half", .kind = IMG_ELF,
		.error = -ENOEXEC, .only64 = true, .where = RPROC_LITE_AT_ELF_HEADER,
		.text = "lies in no segment",
		.edit = { { EH_ENTRY, .base = FROM_DA, .value = 1ULL << 32 } },
	},

	/* The program headers. */
	SEGMENT("filesz one over memsz", PH_MEMSZ, 0, FROM_0, IMG_CODE_SIZE - 1,
		"more bytes in the file than in memory"),
	SEGMENT("memsz 0 but filesz not", PH_MEMSZ, 1, FROM_0, 0,
		"more bytes in the file than in memory"),
	SEGMENT("filesz at its maximum", PH_FILESZ, 0, FROM_0, -1,
		"more bytes in the file than in memory"),
	SEGMENT("memsz at its maximum", PH_MEMSZ, 0, FROM_0, -1, "its addresses wrap"),
	{
		/* In ELF32 this ends at 4 GiB, which is fine. */
		.name = "memsz such that the end wraps to 0", .kind = IMG_ELF, .only64 = true,
		.error = -ENOEXEC, .where = RPROC_LITE_AT_SEGMENT, .text = "its addresses wrap",
		.extra = memsz_to_0, .fault = { PH_MEMSZ, 1 },
	}, {
		.name = "segment bytes at the file's end", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_SEGMENT, .text = PAST, .stream_ends = IMG_BOTH,
		.edit = { { PH_OFFSET, 0, .base = FROM_SIZE } },
	}, {
		.name = "segment bytes end one behind the file", .kind = IMG_ELF,
		.error = -ENOEXEC, .where = RPROC_LITE_AT_SEGMENT, .text = PAST,
		.stream_ends = IMG_BOTH,
		.edit = { { PH_OFFSET, 0, .base = FROM_SIZE, .value = 1 - IMG_CODE_SIZE } },
	},
	{
		.name = "filesz and memsz at their maximum", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_SEGMENT, .text = PAST, .no_stream = true,
		.edit = { { PH_FILESZ, 0, .value = -1 }, { PH_MEMSZ, 0, .value = -1 } },
	}, {
		.name = "filesz past the file", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_SEGMENT, .text = PAST, .stream_ends = IMG_BOTH,
		.edit = { { PH_FILESZ, 1, .value = 0x10000 },
			  { PH_MEMSZ, 1, .value = 0x10000 } },
	}, {
		.name = "filesz wrong in its upper half", .kind = IMG_ELF, .error = -ENOEXEC,
		.only64 = true, .where = RPROC_LITE_AT_SEGMENT, .text = PAST,
		.no_stream = true,
		.edit = { { PH_FILESZ, 1, .value = 1ULL << 32 },
			  { PH_MEMSZ, 1, .value = 1ULL << 32 } },
	}, {
		.name = "segment offset at its maximum", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_SEGMENT, .text = PAST, .stream_ends = IMG_32,
		.edit = { { PH_OFFSET, 0, .value = -1 } },
	}, {
		.name = "segment offset plus filesz wraps", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_SEGMENT, .text = PAST, .stream_ends = IMG_32,
		.edit = { { PH_OFFSET, 1, .value = -8 } },
	}, {
		.name = "segment offset right but for its upper half", .kind = IMG_ELF,
		.error = -ENOEXEC, .only64 = true, .where = RPROC_LITE_AT_SEGMENT, .text = PAST,
		.stream_ends = IMG_BOTH,
		.edit = { { PH_OFFSET, 1, .base = FROM_DATA, .value = 1ULL << 32 } },
	},
	SEGMENT("segment at the highest address", PH_PADDR, 1, FROM_0, -1, "its addresses wrap"),
	{
		.name = "segment that ends right at the top", .kind = IMG_ELF, .only64 = true,
		.error = -ENOEXEC, .where = RPROC_LITE_AT_SEGMENT, .text = "its addresses wrap",
		.edit = { { PH_PADDR, 1, .value = -IMG_DATA_MEMSZ } },
	},
	SEGMENT("segment whose end wraps", PH_PADDR, 1, FROM_0, -16, "its addresses wrap"),
	{
		.name = "two segments at one address", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_SEGMENT, .text = "program headers 0 and 1: segments overlap",
		.edit = { { PH_PADDR, 1, .base = FROM_DA } },
	}, {
		.name = "segments overlap by a byte", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_SEGMENT, .text = "program headers 0 and 1: segments overlap",
		.edit = { { PH_PADDR, 1, .base = FROM_DA, .value = IMG_CODE_SIZE - 1 } },
	}, {
		.name = "segments overlap by a byte, in the other order", .kind = IMG_ELF,
		.error = -ENOEXEC, .where = RPROC_LITE_AT_SEGMENT,
		.text = "program headers 0 and 1: segments overlap",
		.edit = { { PH_PADDR, 1, .base = FROM_DA, .value = 1 - IMG_DATA_MEMSZ } },
	}, {
		.name = "a segment's zeroed tail overlaps the next", .kind = IMG_ELF,
		.error = -ENOEXEC, .where = RPROC_LITE_AT_SEGMENT,
		.text = "program headers 0 and 1: segments overlap",
		.edit = { { PH_MEMSZ, 0, .value = IMG_DATA_AT + 1 } }, .fault = { PH_PADDR, 1 },
	}, {
		.name = "a third segment within the second", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_SEGMENT, .text = "program headers 1 and 2: segments overlap",
		.edit = { { PH_TYPE, 2, .value = PT_LOAD }, { PH_MEMSZ, 2, .value = 1 },
			  { PH_PADDR, 2, .base = FROM_DA, .value = IMG_DATA_AT + 5 } },
	}, {
		.name = "nothing is PT_LOAD", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_ELF_HEADER, .text = "nothing to load",
		.edit = { { PH_TYPE, 0, .value = PT_NOTE }, { PH_TYPE, 1, .value = PT_NULL } },
		.fault = { EH_PHNUM },
	}, {
		.name = "every PT_LOAD is empty", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_ELF_HEADER, .text = "nothing to load",
		.edit = { { PH_FILESZ, 0, .value = 0 }, { PH_MEMSZ, 0, .value = 0 },
			  { PH_FILESZ, 1, .value = 0 }, { PH_MEMSZ, 1, .value = 0 } },
		.fault = { EH_PHNUM },
	}, {
		.name = "the code is not PT_LOAD", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_ELF_HEADER, .text = "lies in no segment",
		.edit = { { PH_TYPE, 0, .value = PT_NOTE } }, .fault = { EH_ENTRY },
	}, {
		.name = "65 segments to load", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_SEGMENT, .text = "more than 64 segments",
		.extra = loads_65, .fault = { PH_TYPE, 64 },
	},

	/* The section headers. */
	{
		.name = "names at the file's end", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_SECTION, .text = "section names end past the file",
		.stream_ends = IMG_BOTH,
		.edit = { { SH_OFFSET, IMG_SH_NAMES, .base = FROM_SIZE } },
	}, {
		.name = "names end a byte behind the file", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_SECTION, .text = "section names end past the file",
		.no_stream = true,
		.edit = { { SH_OFFSET, IMG_SH_NAMES, .base = FROM_SIZE, .value = -42 } },
	}, {
		.name = "names whose offset plus size wraps", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_SECTION, .text = "section names end past the file",
		.stream_ends = IMG_32,
		.edit = { { SH_OFFSET, IMG_SH_NAMES, .value = -4 } },
	},
	SECTION("names without bytes in the file", SH_TYPE, IMG_SH_NAMES, FROM_0, SHT_NOBITS,
		"section names end past the file"),
	{
		.name = "two resource tables", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_SECTION, .text = "a second resource table",
		.edit = { { SH_NAME, IMG_SH_DATA, .value = 7 } },
	},
	SECTION("table without bytes in the file", SH_TYPE, IMG_SH_TABLE, FROM_0, SHT_NOBITS,
		"without plain bytes"),
	SECTION("table compressed", SH_FLAGS, IMG_SH_TABLE, FROM_0, SHF_ALLOC | SHF_COMPRESSED,
		"without plain bytes"),
	SECTION("table of no bytes", SH_SIZE, IMG_SH_TABLE, FROM_0, 0, "shorter than its header"),
	SECTION("table a byte too short for its header", SH_SIZE, IMG_SH_TABLE, FROM_0, 15,
		"shorter than its header"),
	SECTION("table of 64 KiB and a byte", SH_SIZE, IMG_SH_TABLE, FROM_0, 65537, "over 64 KiB"),
	SECTION("table of the largest size", SH_SIZE, IMG_SH_TABLE, FROM_0, -1, "over 64 KiB"),
	{
		.name = "table of 64 KiB and a byte that is all there", .kind = IMG_ELF,
		.error = -ENOEXEC, .where = RPROC_LITE_AT_SECTION, .text = "over 64 KiB",
		.extra = large_table, .fault = { SH_SIZE, IMG_SH_TABLE },
	}, {
		.name = "table at the file's end", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_SECTION, .text = "resource table",
		.edit = { { SH_OFFSET, IMG_SH_TABLE, .base = FROM_SIZE } },
	}, {
		.name = "table at the highest offset", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_SECTION, .text = "resource table",
		.edit = { { SH_OFFSET, IMG_SH_TABLE, .value = -1 } },
	}, {
		.name = "table whose end wraps", .kind = IMG_ELF, .error = -ENOEXEC,
		.where = RPROC_LITE_AT_SECTION, .text = "resource table",
		.edit = { { SH_OFFSET, IMG_SH_TABLE, .value = -16 } },
	},
	SECTION("table in no segment", SH_OFFSET, IMG_SH_TABLE, FROM_PH_END, 0,
		"in no segment"),
	SECTION("table in the ELF header", SH_OFFSET, IMG_SH_TABLE, FROM_0, 0,
		"in no segment"),
	SECTION("table begins a byte before its segment", SH_OFFSET, IMG_SH_TABLE, FROM_DATA, -1,
		"in no segment"),
	SECTION("table ends a byte behind its segment", SH_OFFSET, IMG_SH_TABLE, FROM_DATA, 0x41,
		"in no segment"),
	SECTION("table larger than its segment", SH_SIZE, IMG_SH_TABLE, FROM_0, 600,
		"in no segment"),
	{
		.name = "table in a segment that is not loaded", .kind = IMG_ELF,
		.error = -ENOEXEC, .where = RPROC_LITE_AT_SECTION, .text = "in no segment",
		.edit = { { PH_TYPE, 1, .value = PT_NOTE } }, .fault = { SH_SIZE, IMG_SH_TABLE },
	}, {
		.name = "table half in its segment's zeroed tail", .kind = IMG_ELF,
		.error = -ENOEXEC, .where = RPROC_LITE_AT_SECTION, .text = "in no segment",
		.edit = { { PH_FILESZ, 1, .value = 0x80 } }, .fault = { SH_SIZE, IMG_SH_TABLE },
	},

	/* The table's header. */
	TABLE("table version 0", 0, 0, "version 0, and only 1"),
	TABLE("table version 2", 0, 2, "version 2, and only 1"),
	TABLE("table version as if big-endian", 0, 0x01000000, "and only 1"),
	TABLE("table version at its maximum", 0, -1, "and only 1"),
	TABLE("first reserved word", 8, 1, "a reserved word is not zero"),
	TABLE("second reserved word", 12, 0x80000000, "a reserved word is not zero"),
	TABLE("one entry more than there is room for offsets", 4, 77,
	      "the list of 77 offsets ends past"),
	TABLE("256 entries that are not there", 4, 256, "the list of 256 offsets ends past"),
	TABLE("257 entries", 4, 257, "257 entries, and at most"),
	TABLE("entries such that 4 times the number wraps", 4, 0x40000001, "entries, and at most"),
	TABLE("entries at their maximum", 4, -1, "entries, and at most"),
	{
		.name = "a table that is nothing but its header, with entries",
		.kind = IMG_TABLE, .error = -EINVAL, .where = RPROC_LITE_AT_TABLE,
		.text = "the list of 5 offsets ends past",
		.edit = { { SH_SIZE, IMG_SH_TABLE, .value = 16 } }, .fault = { TB_WORD, .at = 4 },
	},
	TABLE("offset 0", 16, 0, "lies within the header"),
	TABLE("offset in the list of offsets", 16, 20, "lies within the header"),
	TABLE("offset a byte before the list's end", 32, 35, "lies within the header"),
	{
		.name = "offset at the table's end", .kind = IMG_TABLE, .error = -EINVAL,
		.where = RPROC_LITE_AT_TABLE, .text = "lies past its",
		.edit = { { TB_WORD, .at = 24, .base = FROM_TABLE_SIZE } },
	}, {
		.name = "offset three bytes before the table's end", .kind = IMG_TABLE,
		.error = -EINVAL, .where = RPROC_LITE_AT_TABLE, .text = "lies past its",
		.edit = { { TB_WORD, .at = 24, .base = FROM_TABLE_SIZE, .value = -3 } },
	},
	TABLE("offset in the data behind the table", 28, 340, "lies past its"),
	TABLE("offset at its maximum", 20, -1, "lies past its"),
	TABLE("offset that wraps with its size", 20, -4, "lies past its"),
	TABLE("offset that is negative", 20, 0x80000000, "lies past its"),
	{
		.name = "entry whose fixed part ends past the table", .kind = IMG_TABLE,
		.error = -EINVAL, .where = RPROC_LITE_AT_ENTRY, .text = "its 56 bytes end past",
		.edit = { { TB_WORD, .at = 32, .base = FROM_TABLE_SIZE, .value = -4 } },
		.fault = { EN_WORD, 4 },
	}, {
		.name = "two entries at one offset", .kind = IMG_TABLE, .error = -EINVAL,
		.where = RPROC_LITE_AT_ENTRY, .text = "overlaps entry 0",
		.edit = { { TB_WORD, .at = 20, .value = 36 } }, .fault = { EN_WORD, 1 },
	}, {
		.name = "entry within another", .kind = IMG_TABLE, .error = -EINVAL,
		.where = RPROC_LITE_AT_ENTRY, .text = "overlaps entry 0",
		.edit = { { TB_WORD, .at = 20, .value = 36 + 16 } }, .fault = { EN_WORD, 1 },
	}, {
		.name = "entry in another's configuration space", .kind = IMG_TABLE,
		.error = -EINVAL, .where = RPROC_LITE_AT_ENTRY, .text = "overlaps entry 3",
		.edit = { { TB_WORD, .at = 32, .value = 264 } }, .fault = { EN_WORD, 4 },
	},

	/* Its entries: what type, how long. */
	ENTRY("type 4", 0, 0, 4, "unknown type 4"),
	ENTRY("type 127", 1, 0, 127, "unknown type 127"),
	ENTRY("type 513", 2, 0, 513, "unknown type 513"),
	ENTRY("type 0x80000000", 3, 0, 0x80000000, "unknown type 2147483648"),
	ENTRY("type at its maximum", 4, 0, -1, "unknown type 4294967295"),
	ENTRY("type as if big-endian", 3, 0, 0x03000000, "unknown type"),
	ENTRY2("vendor length at its maximum", 0, 0, 128, 0, 4, -1, 0, 0, "with all that belongs"),
	ENTRY2("vendor length that wraps to the entry", 0, 0, 128, 0, 4, -8, 0, 0,
	       "with all that belongs"),
	ENTRY2("vendor length a byte past the table", 0, 0, 512, 0, 4, 320 - 36 - 8 + 1, 0, 0,
	       "with all that belongs"),
	ENTRY2("vendor length into the next entry", 0, 0, 300, 0, 4, 49, 1, 0, "overlaps entry 0"),
	{
		.name = "carveout name without end", .kind = IMG_TABLE, .error = -EINVAL,
		.where = RPROC_LITE_AT_ENTRY, .text = "its name does not end",
		.extra = endless_carveout, .fault = { EN_WORD, 0, 24 },
	}, {
		.name = "devmem name without end", .kind = IMG_TABLE, .error = -EINVAL,
		.where = RPROC_LITE_AT_ENTRY, .text = "its name does not end",
		.extra = endless_devmem, .fault = { EN_WORD, 1, 24 },
	}, {
		.name = "trace name without end", .kind = IMG_TABLE, .error = -EINVAL,
		.where = RPROC_LITE_AT_ENTRY, .text = "its name does not end",
		.extra = endless_trace, .fault = { EN_WORD, 2, 16 },
	},
	ENTRY("carveout of length 0", 0, 12, 0, "length 0"),
	ENTRY("devmem of length 0", 1, 12, 0, "length 0"),
	ENTRY("trace of length 0", 2, 8, 0, "length 0"),
	ENTRY("carveout da wraps", 0, 4, 0xfffff001, "at da 0xfffff001 wrap"),
	ENTRY2("carveout da and length at their maximum", 0, 4, -2, 0, 12, -1, 0, 4, "wrap"),
	ENTRY("devmem da wraps", 1, 4, 0xfffffffe, "at da 0xfffffffe wrap"),
	ENTRY("trace da wraps", 2, 4, 0xfffff800, "at da 0xfffff800 wrap"),
	ENTRY("trace length at its maximum", 2, 8, 0xffffffff, "of trace, and at most"),
	ENTRY("trace a byte over 1 MiB", 2, 8, 0x100001, "of trace, and at most"),
	ENTRY("carveout pa wraps", 0, 8, 0xfffff001, "at pa 0xfffff001 wrap"),
	ENTRY("devmem pa wraps", 1, 8, 0xffffff00, "at pa 0xffffff00 wrap"),
	ENTRY("carveout reserved word", 0, 20, 1, "a reserved word is not zero"),
	ENTRY("devmem reserved word", 1, 20, 0x80000000, "a reserved word is not zero"),
	ENTRY("trace reserved word", 2, 12, 1, "a reserved word is not zero"),

	/* Virtio devices. */
	ENTRY8("vdev without vrings", 3, 25, 0, "no vrings"),
	{
		.name = "vdev with vrings past the table", .kind = IMG_TABLE, .error = -EINVAL,
		.where = RPROC_LITE_AT_ENTRY, .text = "with all that belongs",
		.edit = { { EN_BYTE, 3, 25, .value = 255 } }, .fault = { EN_WORD, 3 },
	}, {
		.name = "vdev with one vring more than there is", .kind = IMG_TABLE,
		.error = -EINVAL, .where = RPROC_LITE_AT_ENTRY, .text = "with all that belongs",
		.edit = { { EN_BYTE, 4, 25, .value = 2 } }, .fault = { EN_WORD, 4 },
	}, {
		.name = "vdev first reserved byte", .kind = IMG_TABLE, .error = -EINVAL,
		.where = RPROC_LITE_AT_ENTRY, .text = "a reserved byte is not zero",
		.edit = { { EN_BYTE, 3, 26, .value = 1 } },
	}, {
		.name = "vdev second reserved byte", .kind = IMG_TABLE, .error = -EINVAL,
		.where = RPROC_LITE_AT_ENTRY, .text = "a reserved byte is not zero",
		.edit = { { EN_BYTE, 3, 27, .value = 0x80 } }, .fault = { EN_WORD, 3, 26 },
	}, {
		.name = "vdev config_len at its maximum", .kind = IMG_TABLE, .error = -EINVAL,
		.where = RPROC_LITE_AT_ENTRY, .text = "with all that belongs",
		.edit = { { EN_WORD, 3, 20, .value = -1 } }, .fault = { EN_WORD, 3 },
	}, {
		.name = "vdev config_len that wraps to the entry", .kind = IMG_TABLE,
		.error = -EINVAL, .where = RPROC_LITE_AT_ENTRY, .text = "with all that belongs",
		.edit = { { EN_WORD, 3, 20, .value = -68 } }, .fault = { EN_WORD, 3 },
	}, {
		.name = "vdev config_len negative", .kind = IMG_TABLE, .error = -EINVAL,
		.where = RPROC_LITE_AT_ENTRY, .text = "with all that belongs",
		.edit = { { EN_WORD, 4, 20, .value = 0x80000000 } }, .fault = { EN_WORD, 4 },
	}, {
		.name = "vdev config_len a byte past the table", .kind = IMG_TABLE,
		.error = -EINVAL, .where = RPROC_LITE_AT_ENTRY, .text = "with all that belongs",
		.edit = { { EN_WORD, 4, 20, .value = 1 } }, .fault = { EN_WORD, 4 },
	}, {
		.name = "vdev config_len into the next entry", .kind = IMG_TABLE,
		.error = -EINVAL, .where = RPROC_LITE_AT_ENTRY, .text = "overlaps entry 3",
		.edit = { { EN_WORD, 3, 20, .value = 9 } }, .fault = { EN_WORD, 4 },
	},
	ENTRY("vring of 0 buffers", 3, 28 + 8, 0, "vring 0 has 0 buffers"),
	ENTRY("vring of 3 buffers", 3, 28 + 8, 3, "vring 0 has 3 buffers"),
	ENTRY("vring of 7 buffers", 3, 48 + 8, 7, "vring 1 has 7 buffers"),
	ENTRY("vring of 32767 buffers", 3, 48 + 8, 32767, "vring 1 has 32767 buffers"),
	ENTRY("vring of 65536 buffers", 3, 28 + 8, 65536, "vring 0 has 65536 buffers"),
	ENTRY("vring of 0x80000000 buffers", 4, 28 + 8, 0x80000000, "vring 0 has 2147483648"),
	ENTRY("vring of the most buffers", 4, 28 + 8, -1, "vring 0 has 4294967295"),
	ENTRY("vring alignment 0", 3, 28 + 4, 0, "vring 0 has alignment 0"),
	ENTRY("vring alignment 1", 3, 28 + 4, 1, "vring 0 has alignment 1"),
	ENTRY("vring alignment 2", 3, 48 + 4, 2, "vring 1 has alignment 2"),
	ENTRY("vring alignment 3", 3, 48 + 4, 3, "vring 1 has alignment 3"),
	ENTRY("vring alignment 12", 3, 28 + 4, 12, "vring 0 has alignment 12"),
	ENTRY("vring alignment 131072", 3, 28 + 4, 131072, "vring 0 has alignment 131072"),
	ENTRY("vring alignment 0x80000000", 4, 28 + 4, 0x80000000,
	      "vring 0 has alignment 2147483648"),
	ENTRY("vring alignment at its maximum", 4, 28 + 4, -1, "vring 0 has alignment 4294967295"),
	{
		.name = "vring a byte off its alignment", .kind = IMG_TABLE, .error = -EINVAL,
		.where = RPROC_LITE_AT_ENTRY, .text = "is not aligned to 4096",
		.edit = { { EN_WORD, 3, 48, FROM_DA, 0x8001 } },
	}, {
		.name = "vring half its alignment off", .kind = IMG_TABLE, .error = -EINVAL,
		.where = RPROC_LITE_AT_ENTRY, .text = "is not aligned to 4096",
		.edit = { { EN_WORD, 3, 48, FROM_DA, 0x8800 } },
	},
	ENTRY("vring da wraps", 3, 48, 0xfffff000, "vring 1 at da 0xfffff000 wraps"),
	ENTRY2("vring of the greatest size wraps", 3, 48, 0xffff0000, 3, 48 + 8, 32768, 3, 48,
	       "vring 1 at da 0xffff0000 wraps"),
	ENTRY("notify id is READY", 3, 28 + 12, 0xffffff00, "is a control word"),
	ENTRY("notify id is SHUTDOWN_ACK", 3, 48 + 12, 0xffffff15, "is a control word"),
	ENTRY("notify id is the last control word", 4, 28 + 12, 0xfffffffe, "is a control word"),
	ENTRY("notify id of a ring before", 3, 48 + 12, 0, "notify id 0 is taken"),
	ENTRY("notify id of another device's ring", 4, 28 + 12, 1, "notify id 1 is taken"),
	ENTRY("vring reserved word", 3, 28 + 16, 1, "a reserved word is not zero"),
	ENTRY("second vring's reserved word", 3, 48 + 16, 0xfffffffe,
	      "a reserved word is not zero"),

	/* What only the remote knows to be wrong. */
	OUTSIDE("segment a byte before the memory", PH_PADDR, 1, FROM_DA, -IMG_DATA_MEMSZ),
	OUTSIDE("segment across the end of its region", PH_PADDR, 1, FROM_DA_END, -0x400),
	OUTSIDE("segment in low memory", PH_PADDR, 1, FROM_0, 0x1000),
	OUTSIDE("segment at address 0", PH_PADDR, 1, FROM_0, 0),
	OUTSIDE("segment in Linux's own memory", PH_PADDR, 1, FROM_0, 0x40200000),
	OUTSIDE("segment in the devices", PH_PADDR, 1, FROM_0, 0x08000000),
	OUTSIDE("segment near the top", PH_PADDR, 1, FROM_0, -0x10000),
	OUTSIDE("segment larger than the memory", PH_MEMSZ, 1, FROM_0, 0x40000000),
	{
		.name = "segment beyond 4 GiB", .kind = IMG_REMOTE, .error = -ENOEXEC,
		.only64 = true, .where = RPROC_LITE_AT_SEGMENT, .no_offset = true,
		.text = "lie in no region of this remote",
		.edit = { { PH_PADDR, 1, .base = FROM_DA, .value = (1ULL << 32) + IMG_DATA_AT } },
	}, {
		.name = "memsz right but for its upper half", .kind = IMG_REMOTE,
		.error = -ENOEXEC, .only64 = true, .where = RPROC_LITE_AT_SEGMENT,
		.no_offset = true, .text = "lie in no region of this remote",
		.edit = { { PH_MEMSZ, 1, .value = (1ULL << 32) + IMG_DATA_MEMSZ } },
	},
	MACHINE("machine none", 0),
	MACHINE("machine ARM", 40),
	MACHINE("machine x86-64", 62),
	MACHINE("machine 65535", 65535),
	{
		.name = "entry point between two instructions", .kind = IMG_REMOTE,
		.error = -ENOEXEC, .where = RPROC_LITE_AT_BACKEND,
		.text = "is not aligned to an instruction",
		.edit = { { EH_ENTRY, .base = FROM_DA, .value = 2 } },
	},
	PLACE("carveout in low memory", 0, 4, FROM_0, 0x1000, "at da 0x1000 lie in no region"),
	PLACE("carveout pa in Linux's own memory", 0, 8, FROM_0, 0x40200000,
	      "at pa 0x40200000 lie in no region"),
	{
		.name = "carveout larger than the memory", .kind = IMG_REMOTE, .error = -EINVAL,
		.where = RPROC_LITE_AT_ENTRY, .text = "lie in no region",
		.edit = { { EN_WORD, 0, 4, FROM_DA, 0x10000 },
			  { EN_WORD, 0, 12, FROM_0, 0x20000000 } },
	}, {
		.name = "carveout larger than any memory, anywhere", .kind = IMG_REMOTE,
		.error = -ENOSPC, .where = RPROC_LITE_AT_ENTRY, .text = "no room for its",
		.edit = { { EN_WORD, 0, 12, FROM_0, 0x40000000 } }, .fault = { EN_WORD, 0 },
	}, {
		.name = "carveout of the greatest length, anywhere", .kind = IMG_REMOTE,
		.error = -ENOSPC, .where = RPROC_LITE_AT_ENTRY, .text = "no room for its",
		.edit = { { EN_WORD, 0, 12, FROM_0, -1 } }, .fault = { EN_WORD, 0 },
	}, {
		.name = "carveout whose pa is not its da's", .kind = IMG_REMOTE, .error = -EINVAL,
		.where = RPROC_LITE_AT_ENTRY, .text = ", not 0x",
		.edit = { { EN_WORD, 0, 4, FROM_DA, 0x10000 },
			  { EN_WORD, 0, 8, FROM_PA, 0x11000 } },
		.fault = { EN_WORD, 0, 8 },
	}, {
		.name = "devmem whose pa is not its da's", .kind = IMG_REMOTE, .error = -EINVAL,
		.where = RPROC_LITE_AT_ENTRY, .text = ", not 0x",
		.edit = { { EN_WORD, 1, 8, FROM_PA, 0 } },
	}, {
		.name = "devmem with neither da nor pa", .kind = IMG_REMOTE, .error = -EINVAL,
		.where = RPROC_LITE_AT_ENTRY, .text = "says neither da nor pa",
		.edit = { { EN_WORD, 1, 4, FROM_0, ANY } },
	}, {
		.name = "devmem by pa at the interrupt controller", .kind = IMG_REMOTE,
		.error = -EINVAL, .where = RPROC_LITE_AT_ENTRY,
		.text = "at pa 0x8000000 lie in no region",
		.edit = { { EN_WORD, 1, 4, FROM_0, ANY }, { EN_WORD, 1, 8, FROM_0, 0x08000000 } },
		.fault = { EN_WORD, 1, 8 },
	},
	PLACE("devmem at the interrupt controller", 1, 4, FROM_0, 0x08000000,
	      "at da 0x8000000 lie in no region"),
	PLACE("devmem a byte before the memory", 1, 4, FROM_DA, -1, "lie in no region"),
	PLACE("trace in Linux's own memory", 2, 4, FROM_0, 0x40200000, "lie in no region"),
	PLACE("trace across the end of its region", 2, 4, FROM_DA_END, -1, "lie in no region"),
	PLACE("devmem across the end of its region", 1, 4, FROM_DA_END, -0xfff, "lie in no region"),
	PLACE("vring across the end of its region", 3, 48, FROM_DA_END, -0x1000,
	      "lie in no region"),
	PLACE("vring in low memory", 3, 48, FROM_0, 0x1000, "lie in no region"),
	PLACE("vring in the page before the memory", 3, 48, FROM_DA, -0x1000, "lie in no region"),
	{
		.name = "vring in its carveout, over the table", .kind = IMG_REMOTE,
		.error = -EINVAL, .where = RPROC_LITE_AT_ENTRY,
		.text = "overlaps .resource_table", .extra = ring_carveout,
		.edit = { { EN_WORD, 0, 4, FROM_DA, IMG_DATA_AT },
			  { EN_WORD, 0, 12, FROM_0, 0x2000 }, { EN_WORD, 3, 28, FROM_0, ANY } },
		.fault = { EN_WORD, 3, 28 },
	}, {
		.name = "vendor type 128, which nobody knows", .kind = IMG_REMOTE,
		.error = -EINVAL, .where = RPROC_LITE_AT_ENTRY,
		.text = "nothing here knows vendor type 128",
		.edit = { { EN_WORD, 0, 0, FROM_0, 128 }, { EN_WORD, 0, 4, FROM_0, 48 } },
	}, {
		.name = "vendor type 512, which nobody knows", .kind = IMG_REMOTE,
		.error = -EINVAL, .where = RPROC_LITE_AT_ENTRY,
		.text = "nothing here knows vendor type 512",
		.edit = { { EN_WORD, 1, 0, FROM_0, 512 }, { EN_WORD, 1, 4, FROM_0, 0 } },
	}, {
		.name = "upper features of the wrong length", .kind = IMG_TABLE, .error = -EINVAL,
		.where = RPROC_LITE_AT_ENTRY, .text = "its length is not 12",
		.edit = { { EN_WORD, 0, 0, FROM_0, 500 }, { EN_WORD, 0, 4, FROM_0, 16 } },
		.fault = { EN_WORD, 0, 4 },
	}, {
		.name = "upper features of no vdev", .kind = IMG_TABLE, .error = -EINVAL,
		.where = RPROC_LITE_AT_ENTRY, .text = "there is no vdev 2",
		.edit = { { EN_WORD, 0, 0, FROM_0, 500 }, { EN_WORD, 0, 4, FROM_0, 12 },
			  { EN_WORD, 0, 8, FROM_0, 2 } },
		.fault = { EN_WORD, 0, 8 },
	}, {
		.name = "upper features twice", .kind = IMG_TABLE, .error = -EINVAL,
		.where = RPROC_LITE_AT_ENTRY, .text = "vdev 1 has some already",
		.edit = { { EN_WORD, 0, 0, FROM_0, 500 }, { EN_WORD, 0, 4, FROM_0, 12 },
			  { EN_WORD, 0, 8, FROM_0, 1 }, { EN_WORD, 1, 0, FROM_0, 500 },
			  { EN_WORD, 1, 4, FROM_0, 12 }, { EN_WORD, 1, 8, FROM_0, 1 } },
		.fault = { EN_WORD, 1, 8 },
	},
};

const unsigned int img_bad_num = sizeof(img_bad) / sizeof(img_bad[0]);
