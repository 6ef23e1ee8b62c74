// SPDX-License-Identifier: GPL-2.0-only
/*
 * Well-behaved, and kicks are answered, until it is told to hang: by any word but 0 that
 * Linux writes to the second one of the carveout "counter", or by a second kick. Then it
 * hears nothing and answers nothing, and the first word there goes up all the while.
 */
#include "firmware.h"
#include "service.h"

static bool kicked;

void service_begin(void)
{
}

void service_kick(uint32_t id)
{
	if (kicked)
		firmware_hang();
	kicked = true;
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
