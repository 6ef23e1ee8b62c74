// SPDX-License-Identifier: GPL-2.0-only
/*
 * Large images: see bigimage.h. In the file lie, in this order: headers, the firmware's
 * segments and the large one end to end, the debug section, names and section headers.
 */
#include <elf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "bigimage.h"
#include "xxh64.h"

#define BLOCK	(128u << 10)	/* the most that zstd allows */

static const char names[] = "\0.resource_table\0.debug_info\0.shstrtab";

enum { NO_SECTION, TABLE, DEBUG, NAMES, NUM_SECTIONS };

struct writer {
	int file;
	int zstd;
	int error;
	struct xxh64 digest;
};

static void put(struct writer *w, const void *bytes, size_t len)
{
	const char *at = bytes;
	ssize_t n;

	for (; len && !w->error; len -= (size_t)n, at += n) {
		n = write(w->file, at, len);
		if (n <= 0)
			w->error = n ? -errno : -EIO;
	}
}

enum { RAW = 0, RUN = 1, LAST = 1 };

static void put_block(struct writer *w, unsigned int type, size_t len, int last)
{
	uint32_t head = (uint32_t)(len << 3 | type << 1 | (unsigned int)last);

	if (w->zstd)
		put(w, &head, 3);
}

static void put_raw(struct writer *w, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	size_t n;

	for (; len; len -= n, at += n) {
		n = len < BLOCK ? len : BLOCK;
		put_block(w, RAW, n, 0);
		put(w, at, n);
	}
}

/* A frame that is one segment and tells its size, in 4 bytes. */
static void put_frame(struct writer *w, size_t size)
{
	static const uint8_t head[] = { 0x28, 0xb5, 0x2f, 0xfd, 0xa0 };
	uint32_t word = (uint32_t)size;

	if (!w->zstd)
		return;
	put(w, head, sizeof(head));
	put(w, &word, sizeof(word));
}

/* Mixed well enough that no two blocks are alike. */
static uint64_t mix(uint64_t x)
{
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

uint8_t big_image_byte(const struct big_image *big, size_t i)
{
	if (big->zstd)
		return (uint8_t)mix(i / BLOCK + 1);
	return (uint8_t)(mix(i / 8 + 1) >> i % 8 * 8);
}

static void put_large(struct writer *w, const struct big_image *big)
{
	static uint64_t block[BLOCK / 8];
	size_t at, n, i;

	for (at = 0; at < big->size; at += n) {
		n = big->size - at < BLOCK ? big->size - at : BLOCK;
		if (big->zstd)
			memset(block, big_image_byte(big, at), n);
		else
			for (i = 0; i < (n + 7) / 8; i++)
				block[i] = mix(at / 8 + i + 1);
		xxh64_add(&w->digest, block, n);
		put_block(w, RUN, n, 0);
		put(w, block, big->zstd ? 1 : n);
	}
}

static void put_debug(struct writer *w, size_t len)
{
	static char block[BLOCK];
	size_t n;

	memset(block, 0xdb, sizeof(block));
	for (; len; len -= n) {
		n = len < BLOCK ? len : BLOCK;
		put_raw(w, block, n);
	}
}

/* The firmware's own section of that name; -ENOENT if it has none. */
static int find_table(const struct segments *firmware, Elf64_Shdr *table)
{
	const Elf64_Ehdr *eh = (const void *)firmware->file;
	const Elf64_Shdr *sh = (const void *)(firmware->file + eh->e_shoff);
	const char *text = (const char *)firmware->file + sh[eh->e_shstrndx].sh_offset;
	int i;

	for (i = 0; i < eh->e_shnum; i++) {
		if (!strcmp(text + sh[i].sh_name, ".resource_table")) {
			*table = sh[i];
			return 0;
		}
	}
	return -ENOENT;
}

struct headers {
	Elf64_Ehdr file;
	Elf64_Phdr segment[SEGMENTS_MAX + 1];
	Elf64_Shdr section[NUM_SECTIONS];
	unsigned int num;
	uint64_t segments_at;
	uint64_t end;
};

static void add_segment(struct headers *h, uint64_t da, uint64_t filesz, uint64_t memsz)
{
	h->segment[h->num++] = (Elf64_Phdr){
		.p_type = PT_LOAD, .p_flags = PF_R | PF_W | PF_X, .p_offset = h->end,
		.p_vaddr = da, .p_paddr = da, .p_filesz = filesz, .p_memsz = memsz, .p_align = 1,
	};
	h->end += filesz;
}

static void add_section(struct headers *h, int which, uint32_t type, const char *name,
			uint64_t size)
{
	unsigned int i;

	for (i = 1; strcmp(names + i, name); i++)
		;
	h->section[which] = (Elf64_Shdr){
		.sh_name = i, .sh_type = type, .sh_offset = h->end, .sh_size = size,
		.sh_addralign = 1,
	};
	h->end += size;
}

/* The firmware's table is where its segment is now. */
static void move_table(struct headers *h, const struct segments *firmware, Elf64_Shdr table)
{
	uint64_t was = table.sh_offset;
	unsigned int i;

	for (i = 0; i < firmware->num; i++) {
		const struct segment *s = &firmware->segment[i];

		if (was >= s->offset && was - s->offset < s->filesz)
			table.sh_offset = h->segment[i].p_offset + (was - s->offset);
	}
	table.sh_name = 1;
	h->section[TABLE] = table;
}

static void lay_out(struct headers *h, const struct big_image *big, const struct segments *firmware)
{
	Elf64_Shdr table;
	unsigned int i;

	memset(h, 0, sizeof(*h));
	memcpy(&h->file, firmware->file, sizeof(h->file));
	h->file.e_phoff = sizeof(h->file);
	h->file.e_phnum = (Elf64_Half)(firmware->num + 1);
	h->file.e_shnum = NUM_SECTIONS;
	h->file.e_shstrndx = NAMES;
	h->segments_at = sizeof(h->file) + h->file.e_phnum * sizeof(h->segment[0]);
	h->end = h->segments_at;
	for (i = 0; i < firmware->num; i++)
		add_segment(h, firmware->segment[i].da, firmware->segment[i].filesz,
			    firmware->segment[i].memsz);
	add_segment(h, big->da, big->size, big->size);
	if (!find_table(firmware, &table))
		move_table(h, firmware, table);
	add_section(h, DEBUG, SHT_PROGBITS, ".debug_info", big->debug);
	add_section(h, NAMES, SHT_STRTAB, ".shstrtab", sizeof(names));
	h->end = (h->end + 7) & ~7ULL;
	h->file.e_shoff = h->end;
	h->end += sizeof(h->section);
}

static void put_firmware(struct writer *w, const struct segments *firmware)
{
	unsigned int i;

	for (i = 0; i < firmware->num; i++) {
		const struct segment *s = &firmware->segment[i];

		put_raw(w, firmware->file + s->offset, s->filesz);
		xxh64_add(&w->digest, firmware->file + s->offset, s->filesz);
	}
}

static void put_tail(struct writer *w, const struct headers *h)
{
	const Elf64_Shdr *text = &h->section[NAMES];
	static const char zeroes[8];

	put_raw(w, names, sizeof(names));
	put_raw(w, zeroes, h->file.e_shoff - (text->sh_offset + text->sh_size));
	put_raw(w, h->section, sizeof(h->section));
	put_block(w, RAW, 0, LAST);
}

int big_image_write(struct big_image *big, const struct segments *firmware, int file)
{
	struct writer w = { .file = file, .zstd = big->zstd };
	struct headers h;

	lay_out(&h, big, firmware);
	xxh64_begin(&w.digest);
	put_frame(&w, h.end);
	put_raw(&w, &h.file, sizeof(h.file));
	put_raw(&w, h.segment, h.file.e_phnum * sizeof(h.segment[0]));
	put_firmware(&w, firmware);
	put_large(&w, big);
	put_debug(&w, big->debug);
	put_tail(&w, &h);
	big->needed = h.section[DEBUG].sh_offset + (h.end - h.section[NAMES].sh_offset);
	big->loaded = h.section[DEBUG].sh_offset - h.segments_at;
	big->digest = xxh64_end(&w.digest);
	return w.error;
}
