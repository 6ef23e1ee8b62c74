// SPDX-License-Identifier: GPL-2.0-only
/* Text in the trace buffer: a ring, in which a NUL follows the newest byte. */
#include "firmware.h"
#include <linux/rproc_lite_rsc.h>

static volatile char *buf;
static uint32_t size, at;

void trace_init(void)
{
	const struct rproc_lite_rsc_trace *entry = table_trace();

	if (!entry)
		return;
	buf = (volatile char *)(uintptr_t)entry->da;
	size = entry->len;
}

static void put(char c)
{
	uint32_t next;

	if (!size)
		return;
	next = at + 1 == size ? 0 : at + 1;
	/* First the new end, so that there is one at any time. */
	buf[next] = '\0';
	buf[at] = c;
	at = next;
}

void print(const char *s)
{
	while (*s)
		put(*s++);
}

void print_hex(uint64_t value)
{
	int shift = 60;

	print("0x");
	while (shift && !(value >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		put("0123456789abcdef"[value >> shift & 15]);
}

void print_dec(uint32_t value)
{
	if (value >= 10)
		print_dec(value / 10);
	put((char)('0' + value % 10));
}
