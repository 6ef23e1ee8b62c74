// SPDX-License-Identifier: GPL-2.0-only
/* Memory, without a C library. With the MMU off an access must be aligned to its size. */
#include "firmware.h"
#include "virtq.h"

/* volatile, or the compiler makes of each loop a call of the function that it is in. */
void *memcpy(void *to, const void *from, size_t len)
{
	volatile uint8_t *d = to;
	const volatile uint8_t *s = from;

	if (!(((uintptr_t)d | (uintptr_t)s) & 7))
		for (; len >= 8; len -= 8, d += 8, s += 8)
			*(volatile uint64_t *)d = *(const volatile uint64_t *)s;
	while (len--)
		*d++ = *s++;
	return to;
}

void *memset(void *to, int value, size_t len)
{
	volatile uint8_t *d = to;

	while (len--)
		*d++ = (uint8_t)value;
	return to;
}

/* We see all memory at its da; what is not there at all ends in firmware_fault(). */
void *mem_at(uint64_t da, uint64_t len)
{
	if (!da || da > UINT32_MAX || len > (1ull << 32) - da)
		return NULL;
	return (void *)(uintptr_t)da;
}
