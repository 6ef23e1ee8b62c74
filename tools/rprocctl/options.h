/* SPDX-License-Identifier: GPL-2.0-only */
/* The options of a command line. What makes no sense is reported already. */
#ifndef RPROCCTL_OPTIONS_H
#define RPROCCTL_OPTIONS_H

#include "cmd.h"

/* A command line as parsed, before its verb is known to take what was given. */
struct line {
	struct request rq;
	bool help;
	bool version;
};

/**
 * options_parse() - take options and settings out of a command line
 * @line: zeros
 * @argc: what is left
 * @argv: arguments from getopt's optind on, when this returns
 *
 * Return: EXIT_DONE or EXIT_USAGE.
 */
int options_parse(struct line *line, int *argc, char **argv);

/* Does what was given fit the verb? @num is the number of arguments. An exit code. */
int options_check(const struct request *rq, int num);

#endif /* RPROCCTL_OPTIONS_H */
