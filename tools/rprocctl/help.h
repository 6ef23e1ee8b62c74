/* SPDX-License-Identifier: GPL-2.0-only */
/* What the user may say. Those that return something return an exit code. */
#ifndef RPROCCTL_HELP_H
#define RPROCCTL_HELP_H

#include "cmd.h"

/* The usage line of a verb. */
void help_usage(FILE *f, const struct command *c);

/* All verbs, a line each; all about one. */
int help_overview(void);
int help_of(const struct command *c);

/* Say that there is no such verb, or that it wants a second word. */
int help_unknown(const char *verb);

#endif /* RPROCCTL_HELP_H */
