/* SPDX-License-Identifier: GPL-2.0-only */
/* A terminal whose every key is for somebody else. */
#ifndef RPROCCTL_RAWTERM_H
#define RPROCCTL_RAWTERM_H

#include "env.h"

/*
 * Keys come at once, unseen and without a meaning. What is written looks as before.
 * Whatever ends this program but SIGKILL first puts the terminal back. False if that
 * can't be done.
 */
bool rawterm_enter(int fd);
void rawterm_leave(void);

#endif /* RPROCCTL_RAWTERM_H */
