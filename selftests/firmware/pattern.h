/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages whose every byte can be checked, little-endian. Firmware, host tests and
 * guest tests all include this.
 *
 *	0  magic   "RPTM"
 *	4  seq     counts up, as the sender likes
 *	8  length  of the whole message, these 16 bytes included
 *	12 seed
 *	16 ...     pattern_byte(seed, offset in the message)
 *
 * The answer to one that is not as it should be has 16 bytes:
 *
 *	0  magic   "RPTX"
 *	4  seq     as it came
 *	8  offset  of the first byte that is wrong
 *	12 bytes   the right one, the one that came, 0, 0
 */
#ifndef PATTERN_H
#define PATTERN_H

#include <stdbool.h>
#include <stdint.h>

#define PATTERN_MAGIC		0x4d545052u
#define PATTERN_WRONG_MAGIC	0x58545052u
#define PATTERN_HEADER		16u

static inline uint32_t pattern_get(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static inline void pattern_put(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)value;
	at[1] = (uint8_t)(value >> 8);
	at[2] = (uint8_t)(value >> 16);
	at[3] = (uint8_t)(value >> 24);
}

static inline uint8_t pattern_byte(uint32_t seed, uint32_t i)
{
	return (uint8_t)((seed + i) * 2654435761u >> 24);
}

/* @len is at least PATTERN_HEADER. */
static inline void pattern_make(uint8_t *data, uint32_t len, uint32_t seq, uint32_t seed)
{
	uint32_t i;

	pattern_put(data, PATTERN_MAGIC);
	pattern_put(data + 4, seq);
	pattern_put(data + 8, len);
	pattern_put(data + 12, seed);
	for (i = PATTERN_HEADER; i < len; i++)
		data[i] = pattern_byte(seed, i);
}

static inline bool pattern_is(const uint8_t *data, uint32_t len)
{
	return len >= PATTERN_HEADER && pattern_get(data) == PATTERN_MAGIC;
}

/* Return: the offset of the first byte that is wrong, or @len. */
static inline uint32_t pattern_check(const uint8_t *data, uint32_t len)
{
	uint32_t seed = pattern_get(data + 12), i;

	if (pattern_get(data + 8) != len)
		return 8;
	for (i = PATTERN_HEADER; i < len; i++)
		if (data[i] != pattern_byte(seed, i))
			return i;
	return len;
}

/* Make of a message the answer that says so. Return: its bytes. */
static inline uint32_t pattern_complain(uint8_t *data, uint32_t len, uint32_t wrong)
{
	uint8_t came = data[wrong];
	uint8_t right = wrong == 8 ? (uint8_t)len : pattern_byte(pattern_get(data + 12), wrong);

	pattern_put(data, PATTERN_WRONG_MAGIC);
	pattern_put(data + 8, wrong);
	pattern_put(data + 12, right | (uint32_t)came << 8);
	return PATTERN_HEADER;
}

#endif /* PATTERN_H */
