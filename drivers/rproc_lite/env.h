/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the pure files (verdict, state, elf, rsctable, vring) need of their
 * surroundings. They take bytes and give a verdict: they neither allocate nor
 * print, and the same source builds for the kernel, for rprocctl and for the
 * host's sanitizers and fuzzers.
 *
 * checkpatch: PREFER_KERNEL_TYPES, PREFER_DEFINED_ATTRIBUTE_MACRO, VOLATILE,
 * MEMORY_BARRIER: the host has none of these, so they are made here.
 */
#ifndef RL_ENV_H
#define RL_ENV_H

#ifdef __KERNEL__

#include <asm/barrier.h>
#include <asm/byteorder.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/string.h>
#include <linux/types.h>
#include "compat.h"

#else

#include <endian.h>
#include <errno.h>
#include <linux/types.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/types.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef uint64_t u64;

#define U32_MAX		UINT32_MAX
#define U64_MAX		UINT64_MAX
#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))
#define fallthrough	__attribute__((__fallthrough__))
#define __printf(f, a)	__attribute__((__format__(printf, f, a)))

static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

/* For one thread, on a host of any byte order. */
#define READ_ONCE(x)	(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, value)	(*(volatile __typeof__(x) *)&(x) = (value))
#define mb()		__sync_synchronize()	/* a barrier, for one thread */
#define dma_rmb()	__sync_synchronize()
#define dma_wmb()	__sync_synchronize()
#define le16_to_cpu(x)	le16toh(x)
#define le32_to_cpu(x)	le32toh(x)
#define le64_to_cpu(x)	le64toh(x)
#define cpu_to_le16(x)	htole16(x)
#define cpu_to_le32(x)	htole32(x)
#define cpu_to_le64(x)	htole64(x)

static inline u16 get_unaligned_le16(const void *p)
{
	const u8 *b = p;

	return (u16)(b[0] | b[1] << 8);
}

static inline u32 get_unaligned_le32(const void *p)
{
	const u8 *b = p;

	return get_unaligned_le16(b) | (u32)get_unaligned_le16(b + 2) << 16;
}

static inline u64 get_unaligned_le64(const void *p)
{
	const u8 *b = p;

	return get_unaligned_le32(b) | (u64)get_unaligned_le32(b + 4) << 32;
}

#endif /* !__KERNEL__ */

/* True if [start, start + len) lies within [0, limit); nothing here can wrap. */
static inline bool rl_fits(u64 start, u64 len, u64 limit)
{
	return start <= limit && len <= limit - start;
}

/* True if [a, a + alen) and [b, b + blen) share a byte, where neither wraps. */
static inline bool rl_overlaps(u64 a, u64 alen, u64 b, u64 blen)
{
	return alen && blen && (a < b ? b - a < alen : a - b < blen);
}

#endif /* RL_ENV_H */
