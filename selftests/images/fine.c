// SPDX-License-Identifier: GPL-2.0-only
/* Images that are odd, and right: a check that is too strict shows here. */
#include "images.h"

#include <elf.h>
#include <string.h>

#define ANY	RPROC_LITE_RSC_ANY

static void no_sections(struct img *im)
{
	img_set(im, EH_SHOFF, 0, 0);
	img_set(im, EH_SHNUM, 0, 0);
	img_set(im, EH_SHSTRNDX, 0, 0);
	im->size = im->data_end;
}

static void phdrs_256(struct img *im)
{
	img_move_phdrs(im, 256);
}

static void loads_64(struct img *im)
{
	uint32_t i;

	img_move_phdrs(im, 64);
	for (i = 2; i < 64; i++) {
		img_set(im, PH_TYPE, i, PT_LOAD);
		img_set(im, PH_PADDR, i, im->memory.da + 0x10000 + i * 16);
		img_set(im, PH_MEMSZ, i, 16);
	}
}

static void long_name(struct img *im)
{
	memset(im->data + im->table + img_entry_at(im, 0) + 24, 'x',
	       RPROC_LITE_RSC_NAME_MAX - 1);
}

static void table_64k(struct img *im)
{
	size_t to = img_append(im, 65536);

	memcpy(im->data + to, im->data + im->table, im->table_size);
	img_set(im, SH_OFFSET, IMG_SH_TABLE, to);
	img_set(im, SH_SIZE, IMG_SH_TABLE, 65536);
	img_set(im, PH_OFFSET, 1, to);
	img_set(im, PH_FILESZ, 1, 65536);
	img_set(im, PH_MEMSZ, 1, 65536);
	img_set(im, PH_PADDR, 1, im->memory.da + 0x10000);
	img_move_shdrs(im);
}

#define FINE(n, ...)	{ .name = n, __VA_ARGS__ }
#define EDIT(...)	.edit = { __VA_ARGS__ }

const struct img_case img_fine[] = {
	{ .name = "the good image" },
	FINE("type dynamic", EDIT({ EH_TYPE, .value = ET_DYN })),
	FINE("no section headers", .extra = no_sections),
	FINE("no section names", EDIT({ EH_SHSTRNDX, .value = SHN_UNDEF })),
	FINE("no table", EDIT({ SH_NAME, IMG_SH_TABLE, .value = 1 })),
	FINE("a section whose name lies past the names",
	     EDIT({ SH_NAME, IMG_SH_BSS, .value = -1 })),
	FINE("a table of a similar name", EDIT({ SH_NAME, IMG_SH_TABLE, .value = 8 })),
	FINE("256 program headers", .extra = phdrs_256),
	FINE("64 segments", .extra = loads_64),
	FINE("an empty PT_LOAD that is far out", EDIT({ PH_TYPE, 2, .value = PT_LOAD },
						      { PH_PADDR, 2, .value = -1 },
						      { PH_OFFSET, 2, .value = -1 })),
	FINE("entry point at the last instruction",
	     EDIT({ EH_ENTRY, .base = FROM_DA, .value = IMG_CODE_SIZE - 4 })),
	FINE("segments that touch", EDIT({ PH_PADDR, 1, .base = FROM_DA, .value = IMG_CODE_SIZE })),
	FINE("the data before the code", EDIT({ PH_PADDR, 0, .base = FROM_DA, .value = 0x3000 },
					      { EH_ENTRY, .base = FROM_DA, .value = 0x3000 })),
	FINE("a segment up to the region's end",
	     EDIT({ PH_PADDR, 1, .base = FROM_DA_END, .value = -IMG_DATA_MEMSZ })),
	FINE("an empty table", EDIT({ TB_WORD, .at = 4, .value = 0 })),
	FINE("a table that is its header only", EDIT({ TB_WORD, .at = 4, .value = 0 },
						     { SH_SIZE, IMG_SH_TABLE, .value = 16 })),
	FINE("a table of 64 KiB", .extra = table_64k),
	FINE("entries in another order", EDIT({ TB_WORD, .at = 16, .value = 92 },
					      { TB_WORD, .at = 20, .value = 36 })),
	FINE("a carveout's name of 31 bytes", .extra = long_name),
	FINE("a carveout of pa 0", EDIT({ EN_WORD, 0, 8, FROM_0, 0 })),
	FINE("a carveout that says both da and pa", EDIT({ EN_WORD, 0, 4, FROM_DA, 0x10000 },
							 { EN_WORD, 0, 8, FROM_PA, 0x10000 })),
	FINE("a devmem by pa", EDIT({ EN_WORD, 1, 4, FROM_0, ANY },
				    { EN_WORD, 1, 8, FROM_PA, 0x2000 })),
	FINE("a trace anywhere", EDIT({ EN_WORD, 2, 4, FROM_0, ANY })),
	FINE("a trace of a byte", EDIT({ EN_WORD, 2, 8, FROM_0, 1 })),
	FINE("a vring of 1 buffer, aligned to 4", EDIT({ EN_WORD, 3, 28 + 4, FROM_0, 4 },
						       { EN_WORD, 3, 28 + 8, FROM_0, 1 })),
	FINE("a vring of 32768 buffers, aligned to 65536",
	     EDIT({ EN_WORD, 4, 28 + 4, FROM_0, 65536 }, { EN_WORD, 4, 28 + 8, FROM_0, 32768 })),
	FINE("the highest notify id", EDIT({ EN_WORD, 4, 28 + 12, FROM_0, 0xfffffeff })),
	FINE("a vdev without configuration space", EDIT({ EN_WORD, 3, 20, FROM_0, 0 })),
};

const unsigned int img_fine_num = sizeof(img_fine) / sizeof(img_fine[0]);
