// SPDX-License-Identifier: GPL-2.0-only
/* Text into and out of a bounded buffer. */
#include "text.h"

static void put_char(struct text *t, char c)
{
	if (t->len < t->size)
		t->at[t->len++] = c;
}

void text_put(struct text *t, const char *s)
{
	while (*s)
		put_char(t, *s++);
}

void text_dec(struct text *t, uint64_t value)
{
	if (value >= 10)
		text_dec(t, value / 10);
	put_char(t, (char)('0' + value % 10));
}

void text_hex(struct text *t, uint32_t value)
{
	int shift = 28;

	text_put(t, "0x");
	while (shift && !(value >> shift))
		shift -= 4;
	for (; shift >= 0; shift -= 4)
		put_char(t, "0123456789abcdef"[value >> shift & 15]);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

char *text_word(char **s)
{
	char *word;

	while (is_space(**s))
		(*s)++;
	word = *s;
	while (**s && !is_space(**s))
		(*s)++;
	if (**s)
		*(*s)++ = '\0';
	return word;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 16;
}

bool text_number(const char *word, uint32_t *value)
{
	uint32_t base = 10;
	uint64_t sum = 0;

	if (word[0] == '0' && (word[1] | 0x20) == 'x') {
		base = 16;
		word += 2;
	}
	if (!*word)
		return false;
	for (; *word; word++) {
		if (digit(*word) >= (int)base)
			return false;
		sum = sum * base + (uint32_t)digit(*word);
		if (sum > UINT32_MAX)
			return false;
	}
	*value = (uint32_t)sum;
	return true;
}

bool text_equal(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}
