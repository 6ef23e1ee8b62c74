// SPDX-License-Identifier: GPL-2.0-only
/* No service: a kick is told in the trace and answered with the same kick. */
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

bool service_work(void)
{
	return false;
}
