// SPDX-License-Identifier: GPL-2.0-only
/*
 * ELF images, read with suspicion. Every number comes from the file and is
 * compared as an unsigned 64-bit value before it is used; a header is read
 * once, so what was checked is what is used.
 *
 * Field offsets are spelled out as they stand in the ELF specification for
 * both classes, so that one set of code reads either and a reader can find it.
 */
#include "elf.h"
#include "verdict.h"
#include <linux/rproc_lite_rsc.h>

#define EHDR_MAX	64
#define PHDR_MAX	56
#define SHDR_MAX	64

#define ET_EXEC		2
#define ET_DYN		3
#define PT_LOAD		1
#define SHT_NOBITS	8
#define SHF_COMPRESSED	0x800

#define TABLE_NAME	".resource_table"

static inline bool is64(const struct rl_elf *elf)
{
	return elf->class == RL_ELF_CLASS64;
}

/* An address, offset or size: 4 bytes in ELF32, 8 in ELF64. */
static u64 word(const struct rl_elf *elf, const u8 *p, unsigned int at32,
		unsigned int at64)
{
	return is64(elf) ? get_unaligned_le64(p + at64) : get_unaligned_le32(p + at32);
}

static u32 half(const struct rl_elf *elf, const u8 *p, unsigned int at32,
		unsigned int at64)
{
	return get_unaligned_le16(p + (is64(elf) ? at64 : at32));
}

static int bad_header(struct rproc_lite_verdict *v, u64 offset, const char *why)
{
	return rl_refuse(v, -ENOEXEC, RPROC_LITE_AT_ELF_HEADER, RPROC_LITE_NO_INDEX,
			 offset, "ELF header, byte %llu: %s",
			 (unsigned long long)offset, why);
}

bool rl_elf_is(const u8 *head, size_t len)
{
	return len >= 4 && !memcmp(head, "\177ELF", 4);
}

static int check_ident(const u8 *id, struct rproc_lite_verdict *v)
{
	if (!rl_elf_is(id, 16))
		return bad_header(v, 0, "no ELF magic, so this is no ELF image");
	if (id[4] != RL_ELF_CLASS32 && id[4] != RL_ELF_CLASS64)
		return bad_header(v, 4, "class is neither ELF32 nor ELF64");
	if (id[5] == 2)
		return bad_header(v, 5, "big-endian, but only little-endian images run here");
	if (id[5] != 1)
		return bad_header(v, 5, "unknown byte order");
	if (id[6] != 1)
		return bad_header(v, 6, "unknown ELF version");
	return 0;
}

/* What of the ELF header is needed only while parsing. */
struct headers {
	u64 phoff;
	u32 phnum;
	u32 phsize;
};

static int parse_header(const struct rl_source *src, struct rl_elf *elf,
			struct headers *h, struct rproc_lite_verdict *v)
{
	u8 e[EHDR_MAX] = { 0 };
	u32 ehsize, type, shsize;
	int ret;

	ret = src->read(src->ctx, 0, e, 16, v);
	if (ret)
		return ret;
	ret = check_ident(e, v);
	if (ret)
		return ret;

	elf->class = e[4];
	ehsize = is64(elf) ? 64 : 52;
	ret = src->read(src->ctx, 16, e + 16, ehsize - 16, v);
	if (ret)
		return ret;

	type = get_unaligned_le16(e + 16);
	if (type != ET_EXEC && type != ET_DYN)
		return bad_header(v, 16, "not an executable");
	elf->machine = get_unaligned_le16(e + 18);
	if (get_unaligned_le32(e + 20) != 1)
		return bad_header(v, 20, "unknown ELF version");
	elf->entry = word(elf, e, 24, 24);
	if (half(elf, e, 40, 52) != ehsize)
		return bad_header(v, is64(elf) ? 52 : 40, "wrong size of the ELF header");

	h->phoff = word(elf, e, 28, 32);
	h->phsize = is64(elf) ? 56 : 32;
	h->phnum = half(elf, e, 44, 56);
	if (!h->phnum)
		return bad_header(v, is64(elf) ? 56 : 44, "no program headers");
	if (half(elf, e, 42, 54) != h->phsize)
		return bad_header(v, is64(elf) ? 54 : 42, "wrong size of a program header");
	if (h->phnum > RL_ELF_PHNUM_MAX)
		return rl_refuse(v, -ENOEXEC, RPROC_LITE_AT_ELF_HEADER,
				 RPROC_LITE_NO_INDEX, is64(elf) ? 56 : 44,
				 "ELF header: %u program headers, and at most %u are read",
				 h->phnum, RL_ELF_PHNUM_MAX);
	if (!rl_fits(h->phoff, (u64)h->phnum * h->phsize, src->size))
		return rl_refuse(v, -ENOEXEC, RPROC_LITE_AT_ELF_HEADER,
				 RPROC_LITE_NO_INDEX, is64(elf) ? 32 : 28,
				 "ELF header: %u program headers at 0x%llx end past the file's 0x%llx bytes",
				 h->phnum, (unsigned long long)h->phoff,
				 (unsigned long long)src->size);

	elf->shoff = word(elf, e, 32, 40);
	elf->shnum = half(elf, e, 48, 60);
	elf->shstrndx = half(elf, e, 50, 62);
	shsize = is64(elf) ? 64 : 40;
	if (!elf->shoff || !elf->shnum) {
		elf->shoff = 0;
		elf->shnum = 0;
		return 0;
	}
	if (half(elf, e, 46, 58) != shsize)
		return bad_header(v, is64(elf) ? 58 : 46, "wrong size of a section header");
	if (!rl_fits(elf->shoff, (u64)elf->shnum * shsize, src->size))
		return rl_refuse(v, -ENOEXEC, RPROC_LITE_AT_ELF_HEADER,
				 RPROC_LITE_NO_INDEX, is64(elf) ? 40 : 32,
				 "ELF header: %u section headers at 0x%llx end past the file's 0x%llx bytes",
				 elf->shnum, (unsigned long long)elf->shoff,
				 (unsigned long long)src->size);
	return 0;
}

static int bad_segment(struct rproc_lite_verdict *v, const struct rl_segment *s,
		       u64 hdr, const char *why, u64 start, u64 len)
{
	return rl_refuse(v, -ENOEXEC, RPROC_LITE_AT_SEGMENT, s->index, hdr,
			 "program header %u: %s (0x%llx bytes at 0x%llx)", s->index,
			 why, (unsigned long long)len, (unsigned long long)start);
}

static int check_segment(const struct rl_source *src, const struct rl_elf *elf,
			 const struct rl_segment *s, u64 hdr,
			 struct rproc_lite_verdict *v)
{
	u64 top = is64(elf) ? U64_MAX : 1ULL << 32;
	u32 i;

	if (s->filesz > s->memsz)
		return bad_segment(v, s, hdr, "more bytes in the file than in memory",
				   s->offset, s->filesz);
	if (s->filesz && !rl_fits(s->offset, s->filesz, src->size))
		return bad_segment(v, s, hdr, "its bytes end past the file",
				   s->offset, s->filesz);
	if (!rl_fits(s->da, s->memsz, top))
		return bad_segment(v, s, hdr, "its addresses wrap", s->da, s->memsz);
	for (i = 0; i < elf->num_segments; i++)
		if (rl_overlaps(s->da, s->memsz, elf->segment[i].da,
				elf->segment[i].memsz))
			return rl_refuse(v, -ENOEXEC, RPROC_LITE_AT_SEGMENT, s->index, hdr,
					 "program headers %u and %u: segments overlap at 0x%llx",
					 elf->segment[i].index, s->index,
					 (unsigned long long)(s->da > elf->segment[i].da ?
							      s->da : elf->segment[i].da));
	if (elf->num_segments == RL_ELF_SEGMENTS_MAX)
		return rl_refuse(v, -ENOEXEC, RPROC_LITE_AT_SEGMENT, s->index, hdr,
				 "program header %u: more than %u segments to load",
				 s->index, RL_ELF_SEGMENTS_MAX);
	return 0;
}

static int parse_segment(const struct rl_source *src, struct rl_elf *elf,
			 u32 index, u64 hdr, const u8 *p,
			 struct rproc_lite_verdict *v)
{
	struct rl_segment s = {
		.index = index,
		.flags = get_unaligned_le32(p + (is64(elf) ? 4 : 24)),
		.offset = word(elf, p, 4, 8),
		.da = word(elf, p, 12, 24),
		.filesz = word(elf, p, 16, 32),
		.memsz = word(elf, p, 20, 40),
	};
	int ret;

	if (get_unaligned_le32(p) != PT_LOAD || (!s.memsz && !s.filesz))
		return 0;
	ret = check_segment(src, elf, &s, hdr, v);
	if (ret)
		return ret;

	elf->segment[elf->num_segments++] = s;
	elf->memsz += s.memsz;
	elf->filesz += s.filesz;
	return 0;
}

static int check_entry(const struct rl_elf *elf, struct rproc_lite_verdict *v)
{
	u32 i;

	for (i = 0; i < elf->num_segments; i++) {
		const struct rl_segment *s = &elf->segment[i];

		if (elf->entry >= s->da && elf->entry - s->da < s->memsz)
			return 0;
	}
	return rl_refuse(v, -ENOEXEC, RPROC_LITE_AT_ELF_HEADER, RPROC_LITE_NO_INDEX, 24,
			 "ELF header: entry point 0x%llx lies in no segment",
			 (unsigned long long)elf->entry);
}

int rl_elf_parse(const struct rl_source *src, struct rl_elf *elf,
		 struct rproc_lite_verdict *v)
{
	struct headers h = { 0 };
	u8 p[PHDR_MAX];
	u32 i;
	int ret;

	memset(elf, 0, sizeof(*elf));
	ret = parse_header(src, elf, &h, v);
	if (ret)
		return ret;

	for (i = 0; i < h.phnum; i++) {
		u64 hdr = h.phoff + (u64)i * h.phsize;

		ret = src->read(src->ctx, hdr, p, h.phsize, v);
		if (!ret)
			ret = parse_segment(src, elf, i, hdr, p, v);
		if (ret)
			return ret;
	}
	if (!elf->num_segments)
		return bad_header(v, is64(elf) ? 56 : 44, "nothing to load");
	return check_entry(elf, v);
}

struct section {
	u32 index;
	u32 name;		/* offset in the names section */
	u32 type;
	u64 flags;
	u64 offset;
	u64 size;
};

static int bad_section(struct rproc_lite_verdict *v, const struct section *s,
		       const char *why)
{
	return rl_refuse(v, -ENOEXEC, RPROC_LITE_AT_SECTION, s->index, s->offset,
			 "section %u: %s (0x%llx bytes at 0x%llx)", s->index, why,
			 (unsigned long long)s->size, (unsigned long long)s->offset);
}

static int read_section(const struct rl_source *src, const struct rl_elf *elf,
			u32 index, struct section *s, struct rproc_lite_verdict *v)
{
	u32 size = is64(elf) ? 64 : 40;
	u8 p[SHDR_MAX];
	int ret;

	ret = src->read(src->ctx, elf->shoff + (u64)index * size, p, size, v);
	if (ret)
		return ret;
	s->index = index;
	s->name = get_unaligned_le32(p);
	s->type = get_unaligned_le32(p + 4);
	s->flags = word(elf, p, 8, 8);
	s->offset = word(elf, p, 16, 24);
	s->size = word(elf, p, 20, 32);
	return 0;
}

/* The names: the only section whose type and place everybody must get right. */
static int read_names(const struct rl_source *src, const struct rl_elf *elf,
		      struct section *names, struct rproc_lite_verdict *v)
{
	int ret;

	if (elf->shstrndx >= elf->shnum)
		return bad_header(v, is64(elf) ? 62 : 50,
				  "section names lie in a section that does not exist");
	ret = read_section(src, elf, elf->shstrndx, names, v);
	if (ret)
		return ret;
	if (names->type == SHT_NOBITS ||
	    !rl_fits(names->offset, names->size, src->size))
		return bad_section(v, names, "section names end past the file");
	return 0;
}

/* 1 if @s bears the table's name, 0 if not, or a negative errno. */
static int is_table(const struct rl_source *src, const struct section *names,
		    const struct section *s, struct rproc_lite_verdict *v)
{
	char name[sizeof(TABLE_NAME)];
	int ret;

	if (!rl_fits(s->name, sizeof(name), names->size))
		return 0;
	ret = src->read(src->ctx, names->offset + s->name, name, sizeof(name), v);
	if (ret)
		return ret;
	return !memcmp(name, TABLE_NAME, sizeof(name));
}

static int set_table(const struct rl_source *src, struct rl_elf *elf,
		     const struct section *s, struct rproc_lite_verdict *v)
{
	u32 i;

	if (elf->has_table)
		return bad_section(v, s, "a second resource table");
	if (s->type == SHT_NOBITS || (s->flags & SHF_COMPRESSED))
		return bad_section(v, s, "a resource table without plain bytes in the file");
	if (s->size < sizeof(struct rproc_lite_rsc_table))
		return bad_section(v, s, "a resource table shorter than its header");
	if (s->size > RPROC_LITE_RSC_SIZE_MAX)
		return bad_section(v, s, "a resource table over 64 KiB");
	if (!rl_fits(s->offset, s->size, src->size))
		return bad_section(v, s, "the resource table ends past the file");

	for (i = 0; i < elf->num_segments; i++) {
		const struct rl_segment *seg = &elf->segment[i];

		if (s->offset < seg->offset ||
		    !rl_fits(s->offset - seg->offset, s->size, seg->filesz))
			continue;
		elf->has_table = true;
		elf->table_segment = i;
		elf->table_offset = s->offset;
		elf->table_da = seg->da + (s->offset - seg->offset);
		elf->table_size = (u32)s->size;
		return 0;
	}
	return bad_section(v, s, "in no segment, so the remote would not see this resource table");
}

int rl_elf_find_table(const struct rl_source *src, struct rl_elf *elf,
		      struct rproc_lite_verdict *v)
{
	struct section names, s;
	u32 i;
	int ret;

	if (!elf->shnum || !elf->shstrndx)
		return 0;
	ret = read_names(src, elf, &names, v);
	if (ret)
		return ret;

	for (i = 1; i < elf->shnum; i++) {
		ret = read_section(src, elf, i, &s, v);
		if (ret)
			return ret;
		ret = is_table(src, &names, &s, v);
		if (ret > 0)
			ret = set_table(src, elf, &s, v);
		if (ret)
			return ret;
	}
	return 0;
}
