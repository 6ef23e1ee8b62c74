/* SPDX-License-Identifier: GPL-2.0-only */
/* Text into and out of a bounded buffer. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stdint.h>

/* Not NUL-terminated. What does not fit is left out. */
struct text {
	char *at;
	uint32_t len;
	uint32_t size;
};

void text_put(struct text *t, const char *s);
void text_dec(struct text *t, uint64_t value);
void text_hex(struct text *t, uint32_t value);

/* The next word of @s, cut off with a NUL; "" at the end. */
char *text_word(char **s);
/* Is that word a number, decimal or 0x...? */
bool text_number(const char *word, uint32_t *value);
bool text_equal(const char *a, const char *b);

#endif /* TEXT_H */
