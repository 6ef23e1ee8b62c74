// SPDX-License-Identifier: GPL-2.0-only
/* XXH64: see xxh64.h. For little-endian machines, as the tests are. */
#include <string.h>

#include "xxh64.h"

#define PRIME1	0x9e3779b185ebca87ULL
#define PRIME2	0xc2b2ae3d27d4eb4fULL
#define PRIME3	0x165667b19e3779f9ULL
#define PRIME4	0x85ebca77c2b2ae63ULL
#define PRIME5	0x27d4eb2f165667c5ULL

#define LANES	4
#define STRIPE	(LANES * 8)

static uint64_t rotate(uint64_t x, int by)
{
	return x << by | x >> (64 - by);
}

static uint64_t get(const uint8_t *p, size_t len)
{
	uint64_t x = 0;

	memcpy(&x, p, len);
	return x;
}

static uint64_t turn(uint64_t acc, uint64_t lane)
{
	return rotate(acc + lane * PRIME2, 31) * PRIME1;
}

static void add_stripe(struct xxh64 *x, const uint8_t *p)
{
	int i;

	for (i = 0; i < LANES; i++)
		x->acc[i] = turn(x->acc[i], get(p + 8 * i, 8));
}

void xxh64_begin(struct xxh64 *x)
{
	*x = (struct xxh64){ .acc = { PRIME1 + PRIME2, PRIME2, 0, -PRIME1 } };
}

void xxh64_add(struct xxh64 *x, const void *bytes, size_t len)
{
	size_t held = x->len % STRIPE, n;
	const uint8_t *p = bytes;

	x->len += len;
	if (held) {
		n = len < STRIPE - held ? len : STRIPE - held;
		memcpy(x->rest + held, p, n);
		if (held + n < STRIPE)
			return;
		add_stripe(x, x->rest);
		p += n;
		len -= n;
	}
	for (; len >= STRIPE; len -= STRIPE, p += STRIPE)
		add_stripe(x, p);
	memcpy(x->rest, p, len);
}

uint64_t xxh64_end(const struct xxh64 *x)
{
	size_t left = x->len % STRIPE;
	const uint8_t *p = x->rest;
	uint64_t h = PRIME5;
	int i;

	if (x->len >= STRIPE) {
		h = rotate(x->acc[0], 1) + rotate(x->acc[1], 7) + rotate(x->acc[2], 12) +
		    rotate(x->acc[3], 18);
		for (i = 0; i < LANES; i++)
			h = (h ^ turn(0, x->acc[i])) * PRIME1 + PRIME4;
	}
	h += x->len;
	for (; left >= 8; left -= 8, p += 8)
		h = rotate(h ^ turn(0, get(p, 8)), 27) * PRIME1 + PRIME4;
	for (; left >= 4; left -= 4, p += 4)
		h = rotate(h ^ get(p, 4) * PRIME1, 23) * PRIME2 + PRIME3;
	for (; left; left--, p++)
		h = rotate(h ^ *p * PRIME5, 11) * PRIME1;
	h = (h ^ h >> 33) * PRIME2;
	h = (h ^ h >> 29) * PRIME3;
	return h ^ h >> 32;
}

uint64_t xxh64(const void *bytes, size_t len)
{
	struct xxh64 x;

	xxh64_begin(&x);
	xxh64_add(&x, bytes, len);
	return xxh64_end(&x);
}
