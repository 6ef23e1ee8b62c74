/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the fuzz targets share. Each fuzz_NAME.c is one libFuzzer program; its input is
 * either what the code under test reads, byte for byte, or a program for it: steps, of
 * which the first byte says which one, and what that step wants.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include "env.h"

/* What must hold of any input. */
#define must(what)	((what) ? (void)0 : fuzz_fail(__FILE__, __LINE__, #what))

void fuzz_fail(const char *file, int line, const char *what) __attribute__((__noreturn__));

/* What is left of the input; past its end there are zeros. */
struct input {
	const u8 *at;
	size_t left;
};

u8 take8(struct input *in);
u16 take16(struct input *in);
u32 take32(struct input *in);
u64 take64(struct input *in);
/* A copy of @len bytes, or of what is left, that ends where a sanitizer sees it. */
u8 *take_copy(struct input *in, size_t len);

/* calloc() that succeeds, also for nothing. */
void *fuzz_alloc(size_t size);

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
int LLVMFuzzerInitialize(int *argc, char ***argv);

#endif /* FUZZ_H */
