// SPDX-License-Identifier: GPL-2.0-only
/* Images without any format: bytes for an address. */
#include "raw.h"
#include "verdict.h"

#define STRIDE	65536u

/* Where an image ends: forwards in strides, then ever closer. */
static int measure(const struct rl_source *src, u64 *size, struct rproc_lite_verdict *v)
{
	u64 low = 0, step = STRIDE;
	bool passed = false;
	u8 byte;
	int ret;

	/* All below @low is there; is the byte that @step leads to, too? */
	while (step) {
		ret = src->read(src->ctx, low + step - 1, &byte, 1, v);
		if (ret && ret != -ENOEXEC)
			return ret;
		if (!ret)
			low += step;
		else
			passed = true;
		if (passed)
			step /= 2;
	}
	*size = low;
	return 0;
}

int rl_raw_parse(const struct rl_source *src, u64 da, struct rl_elf *elf,
		 struct rproc_lite_verdict *v)
{
	u64 size = src->size;
	int ret;

	memset(elf, 0, sizeof(*elf));
	if (size == U64_MAX) {
		ret = measure(src, &size, v);
		if (ret)
			return ret;
	}
	if (!size)
		return rl_refuse_plain(v, -ENOEXEC, RPROC_LITE_AT_FILE, "the image is empty");
	if (!rl_fits(da, size, U64_MAX))
		return rl_refuse_plain(v, -ENOEXEC, RPROC_LITE_AT_FILE,
				       "the image's 0x%llx bytes at load-address 0x%llx wrap",
				       (unsigned long long)size, (unsigned long long)da);
	elf->entry = da;
	elf->memsz = size;
	elf->filesz = size;
	elf->num_segments = 1;
	elf->segment[0] = (struct rl_segment){
		.flags = 7,
		.da = da,
		.memsz = size,
		.filesz = size,
	};
	return 0;
}
