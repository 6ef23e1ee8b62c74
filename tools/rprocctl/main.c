// SPDX-License-Identifier: GPL-2.0-only
/* rprocctl: the way from a command line to a command. */
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <unistd.h>

#include "commands.h"
#include "device.h"
#include "help.h"
#include "options.h"
#include "report.h"
#include "term.h"

static int run_command(struct request *rq)
{
	struct rproc_lite_verdict v;
	struct device d;
	int ret, code;

	if (!rq->cmd->needs_remote)
		return rq->cmd->run(rq);
	ret = device_open(&d, rq->subject, rq->cmd->acts, &v);
	if (ret)
		return report(rq, ret, &v);
	rq->dev = &d;
	code = rq->cmd->run(rq);
	device_close(&d);
	return code;
}

static int dispatch(int argc, char **argv)
{
	struct line line = { .help = false };
	struct request *rq = &line.rq;
	const char *verb;
	int code, words;

	code = options_parse(&line, &argc, argv);
	if (code != EXIT_DONE)
		return code;
	if (line.version)
		return cmd_version(rq);
	if (line.help && optind == argc)
		return help_overview();

	verb = optind < argc ? argv[optind++] : "list";
	rq->cmd = commands_find(verb, optind < argc ? argv[optind] : NULL);
	words = rq->cmd ? commands_words(rq->cmd) : 1;
	if (!rq->cmd && optind < argc)
		rq->cmd = commands_default(verb);
	if (!rq->cmd)
		return help_unknown(verb);
	if (line.help)
		return help_of(rq->cmd);
	optind += words - 1;
	rq->args = argv + optind;
	rq->subject = optind < argc ? argv[optind] : NULL;
	rq->arg = optind + 1 < argc ? argv[optind + 1] : NULL;
	code = options_check(rq, argc - optind);
	return code == EXIT_DONE ? run_command(rq) : code;
}

/*
 * A file that we open must not become standard input, output or error because
 * that was closed. What stands in for them fails when it is used.
 */
static void hold_standard_fds(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
			exit(EXIT_FAILED);
}

int main(int argc, char **argv)
{
	int code;

	hold_standard_fds();
	term_init();
	code = dispatch(argc, argv);
	if (fflush(stdout) || ferror(stdout)) {
		fprintf(stderr, "rprocctl: standard output: %s\n", strerror(errno));
		return code == EXIT_DONE ? EXIT_FAILED : code;
	}
	return code;
}
