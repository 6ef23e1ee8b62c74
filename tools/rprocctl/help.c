// SPDX-License-Identifier: GPL-2.0-only
/* rprocctl help and version, and usage lines. */
#include "commands.h"
#include "help.h"
#include "text.h"

void help_usage(FILE *f, const struct command *c)
{
	fprintf(f, "usage: rprocctl %s%s%s", c->name, *c->args ? " " : "", c->args);
	if (c->options || c->has_json)
		fputs(" [OPTION...]", f);
	fputc('\n', f);
}

static void print_line(const struct command *c)
{
	int width = printf("  %s %s", c->name, c->args);

	printf("%*s%s\n", width < 33 ? 33 - width : 1, "", c->summary);
}

int help_overview(void)
{
	size_t i;

	puts("usage: rprocctl [VERB [REMOTE] [OPTION...]]\n");
	for (i = 0; i < num_commands; i++)
		print_line(&commands[i]);
	fputs("\n"
	      "REMOTE is a name as list shows it, the N of /dev/rproc_lite<N>, or a path.\n"
	      "--json gives one JSON object, where \"help VERB\" says so.\n"
	      "Exit codes: 0 done, 1 failed, 2 usage, 3 no such device, 4 timed out.\n",
	      stdout);
	return EXIT_DONE;
}

int help_of(const struct command *c)
{
	help_usage(stdout, c);
	printf("\n%s: %s\n", c->name, c->summary);
	if (*c->help)
		printf("\n%s", c->help);
	if (c->has_json)
		printf("%s  --json          say it in JSON\n", *c->help ? "" : "\n");
	return EXIT_DONE;
}

int help_unknown(const char *verb)
{
	char shown[256], list[256] = "";
	const char *rest;
	size_t i, at;

	for (i = 0; i < num_commands; i++) {
		rest = commands_after(commands[i].name, verb);
		at = strlen(list);
		if (rest)
			snprintf(list + at, sizeof(list) - at, "%s%s", at ? ", " : "", rest);
	}
	if (*list) {
		fprintf(stderr, "rprocctl: %s what? There are: %s\n", verb, list);
		return EXIT_USAGE;
	}
	fprintf(stderr, "rprocctl: no command is called \"%s\"; see: rprocctl help\n",
		text_escape(shown, sizeof(shown), verb));
	return EXIT_USAGE;
}

/* "help mem": a line for each. False if no verb begins so. */
static bool print_group(const char *word)
{
	bool any = false;
	size_t i;

	for (i = 0; i < num_commands; i++) {
		if (!commands_after(commands[i].name, word))
			continue;
		print_line(&commands[i]);
		any = true;
	}
	return any;
}

int cmd_help(const struct request *rq)
{
	const struct command *c;

	if (!rq->subject)
		return help_overview();
	c = commands_find(rq->subject, rq->arg);
	if (c)
		return help_of(c);
	return !rq->arg && print_group(rq->subject) ? EXIT_DONE : help_unknown(rq->subject);
}

int cmd_version(const struct request *rq)
{
	(void)rq;
	puts("rprocctl " RPROCCTL_VERSION);
	return EXIT_DONE;
}
