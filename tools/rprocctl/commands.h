/* SPDX-License-Identifier: GPL-2.0-only */
/* The table of commands. */
#ifndef RPROCCTL_COMMANDS_H
#define RPROCCTL_COMMANDS_H

#include "cmd.h"

extern const struct command commands[];
extern const size_t num_commands;

/* What comes after @word in the verb @name, "" where that is all; NULL if it is another. */
const char *commands_after(const char *name, const char *word);

/* The command of these words, of which the second may be NULL or no part of it; or NULL. */
const struct command *commands_find(const char *first, const char *second);

/* The one that is meant if only the first word of its name is said; or NULL. */
const struct command *commands_default(const char *first);

/* Of how many words its name is. */
int commands_words(const struct command *c);

#endif /* RPROCCTL_COMMANDS_H */
