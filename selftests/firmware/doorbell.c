// SPDX-License-Identifier: GPL-2.0-only
/* Our side of the interrupt doorbell: see <linux/rproc_lite_doorbell.h>. */
#include "firmware.h"
#include <linux/rproc_lite_doorbell.h>

#define BELL ((volatile struct rproc_lite_doorbell *)FW_BELL)
#define IN (&BELL->to_remote)
#define OUT (&BELL->to_linux)

#define KICK_WORDS (RPROC_LITE_DOORBELL_KICKS / 32)

static void send_kick(uint32_t id)
{
	uint32_t i = id / 32, bit = 1u << (id % 32);

	cpu_full_barrier();
	if (!((OUT->kick[i] ^ OUT->kick_ack[i]) & bit))
		OUT->kick[i] ^= bit;
}

static void send_word(uint32_t word)
{
	uint32_t head = OUT->head;

	while (head - OUT->tail >= RPROC_LITE_DOORBELL_WORDS)
		;
	OUT->word[head % RPROC_LITE_DOORBELL_WORDS] = word;
	cpu_full_barrier();
	OUT->head = head + 1;
}

void doorbell_send(uint32_t word)
{
	if (BELL->magic != RPROC_LITE_DOORBELL_MAGIC)
		return;
	if (word < RPROC_LITE_WORD_FIRST)
		send_kick(word);
	else
		send_word(word);
	bell_ring();
}

int doorbell_heard(uint32_t id)
{
	uint32_t i = id / 32, bit = 1u << (id % 32);

	return id >= RPROC_LITE_DOORBELL_KICKS || !((OUT->kick[i] ^ OUT->kick_ack[i]) & bit);
}

int doorbell_pending(void)
{
	uint32_t i, pending = IN->head ^ IN->tail;

	for (i = 0; i < KICK_WORDS; i++)
		pending |= IN->kick[i] ^ IN->kick_ack[i];
	return pending != 0;
}

int doorbell_word_pending(void)
{
	return IN->head != IN->tail;
}

int doorbell_word(uint32_t *word)
{
	uint32_t tail = IN->tail;

	if (tail == IN->head)
		return 0;
	cpu_full_barrier();
	*word = IN->word[tail % RPROC_LITE_DOORBELL_WORDS];
	IN->tail = tail + 1;
	return 1;
}

int doorbell_kick(uint32_t *id)
{
	uint32_t i, pending;

	for (i = 0; i < KICK_WORDS; i++) {
		pending = IN->kick[i] ^ IN->kick_ack[i];
		if (!pending)
			continue;
		*id = 32 * i + (uint32_t)__builtin_ctz(pending);
		IN->kick_ack[i] ^= pending & -pending;
		cpu_full_barrier();
		return 1;
	}
	return 0;
}
