/* SPDX-License-Identifier: GPL-2.0-only */
/* What the host tests share: an image in memory as a source, and what must hold
 * of whatever the parsers accepted.
 */
#ifndef COMMON_H
#define COMMON_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "elf.h"
#include "images.h"
#include "rsctable.h"
#include "verdict.h"

extern const struct img_memory host_memory;

/**
 * struct bytes - an image in memory
 * @data: its bytes
 * @size: how many
 * @change_at: from this read on, the first being 1, it is another file; 0 for never
 * @change_by: what its bytes then are XORed with
 * @reads: so far
 */
struct bytes {
	const u8 *data;
	size_t size;
	unsigned int change_at;
	u8 change_by;
	unsigned int reads;
};

/* Reads and refuses as the kernel's image.c does it. */
struct rl_source bytes_source(struct bytes *bytes, bool size_known);

/**
 * examine() - what the kernel does with an image, up to where it needs a remote
 * @bytes: the image
 * @size_known: false to read it as a stream
 * @elf: what the ELF parser makes of it
 * @v: zeroed, then the reason
 *
 * Return: 0, or what the first parser to refuse it returned. If 0, what the
 * parsers promise has been checked.
 */
int examine(struct bytes *bytes, bool size_known, struct rl_elf *elf,
	    struct rproc_lite_verdict *v);

/* A verdict that a user can work with. */
void assert_verdict_sane(const struct rproc_lite_verdict *v, int error);

/* Every entry and ring decodes, lies in the table, and keeps the rules. */
void assert_table_sane(const u8 *table, size_t size);

#endif /* COMMON_H */
