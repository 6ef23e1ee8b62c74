// SPDX-License-Identifier: GPL-2.0-only
#include "fuzz.h"

#include <stdlib.h>

void fuzz_fail(const char *file, int line, const char *what)
{
	fprintf(stderr, "%s:%d: this does not hold: %s\n", file, line, what);
	abort();
}

/* What the host tests share uses cmocka's asserts: they are to end us here. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return setenv("CMOCKA_TEST_ABORT", "1", 1);
}

void *fuzz_alloc(size_t size)
{
	void *p = calloc(1, size ? size : 1);

	must(p);
	return p;
}

u8 take8(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->at++;
}

u16 take16(struct input *in)
{
	u16 low = take8(in);

	return (u16)(low | take8(in) << 8);
}

u32 take32(struct input *in)
{
	u32 low = take16(in);

	return low | (u32)take16(in) << 16;
}

u64 take64(struct input *in)
{
	u64 low = take32(in);

	return low | (u64)take32(in) << 32;
}

u8 *take_copy(struct input *in, size_t len)
{
	size_t n = len < in->left ? len : in->left;
	u8 *copy = malloc(n ? n : 1);

	must(copy);
	memcpy(copy, in->at, n);
	in->at += n;
	in->left -= n;
	return copy;
}
