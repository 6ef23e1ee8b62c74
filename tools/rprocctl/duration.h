/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RPROCCTL_DURATION_H
#define RPROCCTL_DURATION_H

#include "env.h"

#define DURATION_MAX	32

/* "5s", "500ms", "2m", or plain milliseconds. False if it is none of these. */
bool duration_parse(const char *s, u64 *ms);

/* "350 ms", "3.2 s", "4 min 10 s"; returns @buf. */
const char *duration_text(char buf[DURATION_MAX], u64 ms);

/* Milliseconds of a clock, as clock_gettime() knows it. */
u64 duration_now(int clock);

#endif /* RPROCCTL_DURATION_H */
