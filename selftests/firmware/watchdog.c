// SPDX-License-Identifier: GPL-2.0-only
/*
 * Well-behaved, but for its watchdog, which barks at once. There is no such hardware: the
 * firmware raises the interrupt itself.
 */
#include "firmware.h"
#include "service.h"

void service_begin(void)
{
	print(FW_NAME ": barking\n");
	bell_bark();
}

void service_kick(uint32_t id)
{
	(void)id;
}

bool service_work(void)
{
	return false;
}
