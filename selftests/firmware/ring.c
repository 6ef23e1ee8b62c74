// SPDX-License-Identifier: GPL-2.0-only
/*
 * No service, until Linux writes a time in milliseconds to the second word of the carveout
 * "counter": so long after that it rings once, and counts that in the first word there.
 */
#include "firmware.h"
#include "service.h"
#include <linux/rproc_lite_doorbell.h>

static uint64_t due;

void service_begin(void)
{
}

void service_kick(uint32_t id)
{
	(void)id;
}

/* No kick tells of that word: we never wait for one. */
bool service_work(void)
{
	volatile uint32_t *counter = table_counter();

	if (counter[1]) {
		due = clock_us() + 1000ull * counter[1];
		counter[1] = 0;
	}
	if (!due || clock_us() < due)
		return true;
	due = 0;
	print(FW_NAME ": ringing\n");
	counter[0]++;
	doorbell_send(RPROC_LITE_WORD_ECHO_REPLY);
	return true;
}
