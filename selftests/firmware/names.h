/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The endpoints that we have, and what Linux's name service is told of them.
 *
 *	/announce NAME [ADDR]	another endpoint; "announce: NAME 0xADDR"
 *	/unannounce NAME [ADDR]	away with the first (or that) one of this name
 */
#ifndef NAMES_H
#define NAMES_H

#include "talk.h"

/* Whose messages are about names, on either side. */
#define NAMES_ADDR	53

void names_begin(void);
bool names_add(const char *name, uint32_t addr);
bool names_has(uint32_t addr);
/* Linux's driver is new: it knows of none. */
void names_forget(void);
/* Is there something to tell Linux? Return: @m is it, and counts as told. */
bool names_news(struct talk_message *m);
/* Linux tells of a name of its own. */
void names_hear(const struct talk_message *m);

talk_run names_run_announce, names_run_unannounce;

#endif /* NAMES_H */
