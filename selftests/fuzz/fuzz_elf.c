// SPDX-License-Identifier: GPL-2.0-only
/*
 * An image as the kernel reads it: as a file, as a stream, as a file that changes while
 * it is read, and raw. examine() says what must hold of what the parsers accept.
 */
#include "fuzz.h"
#include "common.h"
#include "raw.h"

/* Everything is read once, so a change can't make it believe what it did not check. */
static void change_meanwhile(const u8 *data, size_t size)
{
	struct rproc_lite_verdict v;
	struct bytes b = { .data = data, .size = size };
	struct rl_elf elf;
	unsigned int reads;

	examine(&b, true, &elf, &v);
	reads = b.reads;
	/* Which read is the first to see something else: as good as any choice. */
	b.reads = 0;
	b.change_at = 1 + (size ? data[size / 2] : 0) % (reads + 1);
	b.change_by = size ? data[size / 3] : 0;
	examine(&b, true, &elf, &v);
}

static void take_raw(const u8 *data, size_t size)
{
	struct bytes b = { .data = data, .size = size };
	struct rl_source file = bytes_source(&b, true), stream = bytes_source(&b, false);
	u64 da = size >= 8 ? get_unaligned_le64(data) : U64_MAX - 16;
	struct rl_elf elf, again;
	struct rproc_lite_verdict v;
	int ret;

	memset(&elf, 0xa5, sizeof(elf));
	ret = rl_raw_parse(&file, da, &elf, &v);
	must(ret == rl_raw_parse(&stream, da, &again, &v));
	if (ret)
		return;
	must(!memcmp(&elf, &again, sizeof(elf)));
	must(elf.memsz == size && elf.filesz == size && elf.num_segments == 1);
	must(elf.segment[0].da == da && rl_fits(da, size, U64_MAX));
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct bytes b = { .data = data, .size = size };
	struct rproc_lite_verdict v, w;
	struct rl_elf elf, again;
	int ret;

	ret = examine(&b, true, &elf, &v);
	must(examine(&b, true, &again, &w) == ret);
	must(!memcmp(&elf, &again, sizeof(elf)) && !memcmp(&v, &w, sizeof(v)));
	if (!ret) {
		must(!examine(&b, false, &again, &w));
		must(!memcmp(&elf, &again, sizeof(elf)));
	} else {
		examine(&b, false, &again, &w);
	}
	change_meanwhile(data, size);
	take_raw(data, size);
	return 0;
}
