/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Ctrl-C and its like, for commands that have something to put in order before
 * they end. The first one is noted; a second one of the same kind kills, so
 * that nobody is kept waiting by a remote that won't stop.
 */
#ifndef RPROCCTL_SIGNALS_H
#define RPROCCTL_SIGNALS_H

#include "env.h"

/* From here on note SIGINT, SIGTERM and SIGHUP; SIGCHLD only wakes. */
void signals_catch(void);

/* One of the three came. */
bool signals_caught(void);

/* Readable after any of the four came, until signals_drain(); -1 before. */
int signals_fd(void);
void signals_drain(void);

/* In a child: as if signals_catch() had never been called. */
void signals_release(void);

#endif /* RPROCCTL_SIGNALS_H */
