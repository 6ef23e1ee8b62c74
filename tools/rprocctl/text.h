/* SPDX-License-Identifier: GPL-2.0-only */
/* Text for people, some of it from firmware and so not to be trusted. */
#ifndef RPROCCTL_TEXT_H
#define RPROCCTL_TEXT_H

#include "env.h"

#define TEXT_CELL_MAX		8
#define TEXT_SIZE_MAX		24
/* Room for @n hostile bytes once escaped, with the NUL. */
#define TEXT_ESCAPED(n)		((n) * 4 + 1)

/**
 * text_decode() - one character of UTF-8
 * @s: bytes
 * @len: how many, at least 1
 * @cp: the code point, where there is one
 *
 * Return: bytes that it takes, 0 if more are needed to tell, -1 if invalid.
 */
int text_decode(const u8 *s, size_t len, u32 *cp);

/**
 * text_cell() - one character as a terminal may safely see it
 * @s: bytes
 * @len: how many, at least 1
 * @out: the character or its escape, NUL-terminated
 *
 * Return: bytes taken from @s, 0 if it is a character that is cut short.
 */
size_t text_cell(const u8 *s, size_t len, char out[TEXT_CELL_MAX]);

/* All of @s escaped, newlines and tabs too; returns @buf. */
const char *text_escape(char *buf, size_t size, const char *s);

/* Columns that an escaped string takes. */
int text_width(const char *s);

/* @s, then blanks up to @width columns. */
void text_pad(FILE *f, const char *s, int width);

/* "512 B", "96.0 KiB"; returns @buf. */
const char *text_size(char buf[TEXT_SIZE_MAX], u64 bytes);

#endif /* RPROCCTL_TEXT_H */
