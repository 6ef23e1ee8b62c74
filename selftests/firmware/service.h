/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What an image is for: each is linked with one of answer.c, hang.c, watchdog.c, serial.c, rpmsg.c
 * and driver.c. main.c calls these.
 */
#ifndef SERVICE_H
#define SERVICE_H

#include <stdbool.h>
#include <stdint.h>

void service_begin(void);
/* Linux kicked this notify id. */
void service_kick(uint32_t id);
/*
 * After every word and kick, and again as long as it returns true: some of the work
 * that there is, so little that words do not wait.
 */
bool service_work(void);

#endif /* SERVICE_H */
