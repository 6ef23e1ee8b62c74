// SPDX-License-Identifier: GPL-2.0-only
/*
 * No service, as in answer.c, until Linux writes any word but 0 to the second one of the
 * carveout "counter". Then nothing is heard or answered any more, and the first word there
 * goes up all the while.
 */
#include "firmware.h"
#include "service.h"

void service_begin(void)
{
}

void service_kick(uint32_t id)
{
	print(FW_NAME ": kick ");
	print_dec(id);
	print("\n");
	doorbell_send(id);
}

/* No kick tells of that word: we never wait for one. */
bool service_work(void)
{
	if (table_counter()[1])
		firmware_hang();
	return true;
}
