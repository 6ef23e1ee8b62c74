// SPDX-License-Identifier: GPL-2.0-only
#include "corefile.h"
#include "elf.h"

#define ET_CORE	4
#define PT_NOTE	4

/* What of a program header matters here. */
struct segment {
	u32 type;
	u64 offset;
	u64 size;
};

static bool get_segment(const u8 *head, size_t len, u32 i, struct segment *s)
{
	bool wide = head[4] == RL_ELF_CLASS64;
	u64 at = wide ? get_unaligned_le64(head + 32) : get_unaligned_le32(head + 28);
	u32 size = wide ? 56 : 32;

	if (!rl_fits(at, (u64)(i + 1) * size, len))
		return false;
	head += at + (u64)i * size;
	s->type = get_unaligned_le32(head);
	s->offset = wide ? get_unaligned_le64(head + 8) : get_unaligned_le32(head + 4);
	s->size = wide ? get_unaligned_le64(head + 32) : get_unaligned_le32(head + 16);
	return s->size <= U64_MAX - s->offset;
}

#define END(array)	((array)[sizeof(array) - 1] = '\0')

static u64 padded(u32 size)
{
	return ((u64)size + 3) / 4 * 4;
}

/* Ours, among @len bytes of notes. */
static bool find_note(struct rproc_lite_core_note *note, const u8 *at, size_t len)
{
	u32 name, size;
	u64 whole;

	while (len >= 12) {
		name = get_unaligned_le32(at);
		size = get_unaligned_le32(at + 4);
		whole = 12 + padded(name) + padded(size);
		if (whole > len)
			return false;
		if (get_unaligned_le32(at + 8) == RPROC_LITE_CORE_TYPE &&
		    name == sizeof(RPROC_LITE_CORE_NAME) &&
		    !memcmp(at + 12, RPROC_LITE_CORE_NAME, name) && size >= sizeof(*note)) {
			memcpy(note, at + 12 + padded(name), sizeof(*note));
			END(note->name);
			END(note->backend);
			END(note->detail);
			END(note->image);
			END(note->text);
			return true;
		}
		at += whole;
		len -= whole;
	}
	return false;
}

bool corefile_parse(struct corefile *c, const u8 *head, size_t len)
{
	bool found = false;
	struct segment s;
	u32 i, num;

	if (len < 64 || !rl_elf_is(head, len) || get_unaligned_le16(head + 16) != ET_CORE)
		return false;
	num = get_unaligned_le16(head + (head[4] == RL_ELF_CLASS64 ? 56 : 44));
	c->size = 0;
	for (i = 0; i < num; i++) {
		if (!get_segment(head, len, i, &s))
			return false;
		if (s.offset + s.size > c->size)
			c->size = s.offset + s.size;
		if (s.type == PT_NOTE && rl_fits(s.offset, s.size, len))
			found |= find_note(&c->note, head + s.offset, (size_t)s.size);
	}
	return found;
}
