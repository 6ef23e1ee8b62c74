/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Entries of a resource table, from their bytes to words. The bytes may be
 * anything, and fewer than the entry says.
 */
#ifndef RPROCCTL_RSC_H
#define RPROCCTL_RSC_H

#include "env.h"
#include "json.h"

/**
 * struct rsc_entry - one entry, as it lies in the table
 * @index: its place in the table's list
 * @type: its first word
 * @offset: bytes from the table's start
 * @size: bytes in all
 * @data: its bytes
 * @len: how many of them are here
 */
struct rsc_entry {
	u32 index;
	u32 type;
	u32 offset;
	u32 size;
	const u8 *data;
	size_t len;
};

/* A line for the entry, and one for each ring. */
void rsc_print(FILE *f, const struct rsc_entry *e);

/* An object. */
void rsc_json(struct json *j, const struct rsc_entry *e);

#endif /* RPROCCTL_RSC_H */
