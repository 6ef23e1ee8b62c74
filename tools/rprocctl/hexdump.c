// SPDX-License-Identifier: GPL-2.0-only
#include "hexdump.h"

static void print_line(struct hexdump *h, const u8 *data, size_t len)
{
	size_t i;

	fprintf(h->f, "%08llx ", (unsigned long long)h->addr);
	for (i = 0; i < HEXDUMP_LINE; i++) {
		fputs(i == HEXDUMP_LINE / 2 ? "  " : " ", h->f);
		if (i < len)
			fprintf(h->f, "%02x", data[i]);
		else
			fputs("  ", h->f);
	}
	fputs("  |", h->f);
	for (i = 0; i < len; i++)
		fputc(data[i] >= 0x20 && data[i] < 0x7f ? data[i] : '.', h->f);
	fputs("|\n", h->f);
}

/* Lines like the one before them become one "*". */
static void add_line(struct hexdump *h, const u8 *data, size_t len)
{
	bool same = h->began && len == HEXDUMP_LINE && !memcmp(data, h->last, len);

	if (!same)
		print_line(h, data, len);
	else if (!h->skipping)
		fputs("*\n", h->f);
	h->skipping = same;
	h->began = true;
	memcpy(h->last, data, len);
	h->addr += len;
}

void hexdump_add(struct hexdump *h, const u8 *data, size_t len)
{
	size_t n;

	for (; len; data += n, len -= n) {
		n = len < HEXDUMP_LINE ? len : HEXDUMP_LINE;
		add_line(h, data, n);
	}
}

void hexdump_end(struct hexdump *h)
{
	fprintf(h->f, "%08llx\n", (unsigned long long)h->addr);
}
