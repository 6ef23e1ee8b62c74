// SPDX-License-Identifier: GPL-2.0-only
#include "text.h"
#include "term.h"

int text_decode(const u8 *s, size_t len, u32 *cp)
{
	static const u32 least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	int need, i;

	if (s[0] < 0x80) {
		*cp = s[0];
		return 1;
	}
	if (s[0] >= 0xc2 && s[0] < 0xe0)
		need = 2;
	else if (s[0] >= 0xe0 && s[0] < 0xf0)
		need = 3;
	else if (s[0] >= 0xf0 && s[0] < 0xf5)
		need = 4;
	else
		return -1;

	*cp = s[0] & (0x7f >> need);
	for (i = 1; i < need; i++) {
		if ((size_t)i == len)
			return 0;
		if ((s[i] & 0xc0) != 0x80)
			return -1;
		*cp = *cp << 6 | (s[i] & 0x3f);
	}
	if (*cp < least[need] || *cp > 0x10ffff || (*cp >= 0xd800 && *cp < 0xe000))
		return -1;
	return need;
}

/* Characters that command a terminal, or that reorder or hide their neighbours. */
static bool is_unsafe(u32 cp)
{
	return cp < 0x20 || (cp >= 0x7f && cp < 0xa0) || cp == 0xad || cp == 0x61c ||
	       (cp >= 0x200b && cp <= 0x200f) || (cp >= 0x2028 && cp <= 0x202e) ||
	       (cp >= 0x2060 && cp <= 0x206f) || cp == 0xfeff ||
	       (cp >= 0xfff0 && cp <= 0xfffb) || (cp >= 0xe0000 && cp < 0xe1000);
}

static const char *short_escape(u8 c)
{
	switch (c) {
	case '\a':
		return "\\a";
	case '\b':
		return "\\b";
	case '\t':
		return "\\t";
	case '\n':
		return "\\n";
	case '\v':
		return "\\v";
	case '\f':
		return "\\f";
	case '\r':
		return "\\r";
	case 0x1b:
		return "\\e";
	default:
		return NULL;
	}
}

size_t text_cell(const u8 *s, size_t len, char out[TEXT_CELL_MAX])
{
	const char *escape;
	u32 cp;
	int n;

	n = text_decode(s, len, &cp);
	if (!n)
		return 0;
	if (n > 0 && !is_unsafe(cp) && (n == 1 || term_utf8())) {
		memcpy(out, s, (size_t)n);
		out[n] = '\0';
		return (size_t)n;
	}

	escape = short_escape(s[0]);
	if (escape)
		snprintf(out, TEXT_CELL_MAX, "%s", escape);
	else
		snprintf(out, TEXT_CELL_MAX, "\\x%02x", s[0]);
	return 1;
}

const char *text_escape(char *buf, size_t size, const char *s)
{
	size_t left = strlen(s), at = 0, taken, n;
	char cell[TEXT_CELL_MAX];

	while (left) {
		taken = text_cell((const u8 *)s, left, cell);
		if (!taken) {
			snprintf(cell, sizeof(cell), "\\x%02x", (u8)*s);
			taken = 1;
		}
		n = strlen(cell);
		if (at + n >= size)
			break;
		memcpy(buf + at, cell, n);
		at += n;
		s += taken;
		left -= taken;
	}
	buf[at] = '\0';
	return buf;
}

int text_width(const char *s)
{
	int width = 0;

	for (; *s; s++)
		width += ((u8)*s & 0xc0) != 0x80;
	return width;
}

void text_pad(FILE *f, const char *s, int width)
{
	int missing = width - text_width(s);

	fprintf(f, "%s%*s", s, missing > 0 ? missing : 0, "");
}

const char *text_size(char buf[TEXT_SIZE_MAX], u64 bytes)
{
	static const char *const unit[] = { "B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	unsigned int u = 0;
	u64 whole = bytes, tenths = 0;

	while (whole >= 1024) {
		tenths = (whole % 1024) * 10 / 1024;
		whole /= 1024;
		u++;
	}
	if (!u)
		snprintf(buf, TEXT_SIZE_MAX, "%u B", (unsigned int)whole);
	else
		snprintf(buf, TEXT_SIZE_MAX, "%u.%u %s", (unsigned int)whole,
			 (unsigned int)tenths, unit[u]);
	return buf;
}
