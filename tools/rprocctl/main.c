// SPDX-License-Identifier: GPL-2.0-only
/*
 * rprocctl: the table of commands, and the way from a command line to one.
 *
 * checkpatch: LONG_LINE_STRING: help is written as it is shown, 80 columns wide.
 */
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <unistd.h>

#include "cmd.h"
#include "device.h"
#include "duration.h"
#include "machine.h"
#include "number.h"
#include "report.h"
#include "term.h"
#include "text.h"

static int cmd_help(const struct request *rq);
static int cmd_version(const struct request *rq);

#define SETTINGS_HELP							\
	"  --KEY=VALUE     a setting, until the remote is Offline again. All remotes know\n" \
	"                  stop-timeout-ms, load-address (for an image that is no ELF) and\n" \
	"                  boot-address (instead of the image's entry point); a kind of\n" \
	"                  remote may know more\n"

#define TIMEOUT_HELP							\
	"  --timeout TIME  wait at most so long for the firmware: 5s, 500ms, 2m, or\n" \
	"                  milliseconds, up to an hour; else the remote's own limit\n"

#define IMAGE_HELP							\
	"FILE is a file here, or - for standard input. A name that is no file here\n" \
	"(and does not begin with / ./ or ../) is looked up by the kernel on its\n" \
	"firmware path: rproc-lite/echo.elf is /lib/firmware/rproc-lite/echo.elf.\n" \
	"  -n, --name      look it up there even if there is such a file here\n" \
	"  --sha256        compute its SHA-256 too, for show; takes longer than the load\n" \
	"  --keep          copy what comes through a pipe, so that it can be restarted\n"

#define MEM_ADDR_HELP							\
	"ADDR is a da, as in C, or a region's name, maybe with +OFFSET: shared+0x100.\n" \
	"LEN and OFFSET may end in K, M or G. No verb maps memory: a mapping would end\n" \
	"with this tool. Programs mmap the device at the offset that \"mem find\" gives.\n"

#define OUTPUT_HELP							\
	"  -o, --output FILE  to a file\n"

static const struct command commands[] = {
	{
		.name = "list", .args = "",
		.summary = "all remotes, a line each",
		.help = "What is shown when no command is given, too. The columns are the name, the\n"
			"state (and the operation under way), the kind of backend, the hardware that\n"
			"it drives, and the image.\n",
		.run = cmd_list, .has_json = true,
	}, {
		.name = "show", .args = "REMOTE",
		.summary = "all about one: state, image, resource table, memory map",
		.help = "The memory map has a row for each thing in a region and each free space.\n"
			"Bars lie where the thing lies; widths go with the square root of the size,\n"
			"so that a small table beside much free space can be seen.\n"
			"  --ascii         draw with ASCII characters only\n",
		.run = cmd_show, .options = OPT_ASCII, .min_args = 1, .max_args = 1,
		.needs_remote = true, .has_json = true,
	}, {
		.name = "config", .args = "REMOTE",
		.summary = "take the hardware: Offline to Configured",
		.help = SETTINGS_HELP,
		.run = cmd_config, .options = OPT_SETTINGS, .min_args = 1, .max_args = 1,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "load", .args = "REMOTE FILE|-",
		.summary = "load an image: Configured or Stopped to Ready",
		.help = IMAGE_HELP,
		.run = cmd_load, .options = OPT_NAME | OPT_SHA256 | OPT_KEEP,
		.min_args = 2, .max_args = 2,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "start", .args = "REMOTE",
		.summary = "run the image: Ready or Stopped to Running",
		.help = "",
		.run = cmd_start, .min_args = 1, .max_args = 1,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "stop", .args = "REMOTE",
		.summary = "ask the firmware to stop: to Stopped",
		.help = TIMEOUT_HELP,
		.run = cmd_stop, .options = OPT_TIMEOUT, .min_args = 1, .max_args = 1,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "shutdown", .args = "REMOTE",
		.summary = "stop it, and give the hardware back: to Offline",
		.help = TIMEOUT_HELP,
		.run = cmd_shutdown, .options = OPT_TIMEOUT, .min_args = 1, .max_args = 1,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "mem list", .args = "REMOTE",
		.summary = "its memory: regions, and windows of them",
		.help = "",
		.run = cmd_mem_list, .min_args = 1, .max_args = 1,
		.needs_remote = true, .has_json = true,
	}, {
		.name = "mem find", .args = "REMOTE [NAME]",
		.summary = "what memory is that, and where?",
		.help = "By one of these. By va makes no sense here: that is a pointer into a mapping of\n"
			"the program that asks.\n"
			"  [--name] NAME   a region or a window, maybe with\n"
			"  --offset BYTES    so far into it\n"
			"  --da ADDR       an address as the remote sees it\n"
			"  --pa ADDR       an address as Linux sees it\n"
			"  --len BYTES     so many must be there; 4096, 0x1000, 4K or 1M\n"
			"\"offset\" in the answer is for pread, pwrite and mmap of the device.\n",
		.run = cmd_mem_find, .min_args = 1, .max_args = 2,
		.options = OPT_NAME | OPT_OFFSET | OPT_DA | OPT_PA | OPT_LEN,
		.needs_remote = true, .has_json = true,
	}, {
		.name = "mem add", .args = "REMOTE NAME DA SIZE",
		.summary = "give part of a region a name of its own: a window",
		.help = "What a resource table asks for by that name is placed there, and nothing else.\n"
			"DA is as in C, SIZE may end in K, M or G.\n",
		.run = cmd_mem_add, .min_args = 4, .max_args = 4,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "mem remove", .args = "REMOTE NAME",
		.summary = "take a window away",
		.help = "",
		.run = cmd_mem_remove, .min_args = 2, .max_args = 2,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "mem read", .args = "REMOTE ADDR LEN",
		.summary = "read its memory, from Configured on",
		.help = MEM_ADDR_HELP
			"To a terminal, this is a hexadecimal dump; else bytes come as they are.\n"
			OUTPUT_HELP,
		.run = cmd_mem_read, .options = OPT_OUTPUT, .min_args = 3, .max_args = 3,
		.needs_remote = true,
	}, {
		.name = "mem write", .args = "REMOTE ADDR FILE|-",
		.summary = "write to its memory, from Configured on",
		.help = MEM_ADDR_HELP
			"A file that does not fit in the region is refused; of a stream, what fits is\n"
			"written.\n",
		.run = cmd_mem_write, .min_args = 3, .max_args = 3,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "rsc show", .args = "REMOTE",
		.summary = "the resource table in use, decoded",
		.help = "  --raw           its bytes, as the remote's memory has them now (if it is there\n"
			"                  at all); to a terminal, a hexadecimal dump\n"
			OUTPUT_HELP,
		.run = cmd_rsc_show, .options = OPT_RAW | OPT_OUTPUT, .min_args = 1, .max_args = 1,
		.needs_remote = true, .has_json = true,
	}, {
		.name = "rsc set", .args = "REMOTE [FILE|-]",
		.summary = "give what is loaded another one, in Ready",
		.help = "It is checked like one that came with the image.\n"
			"  --da ADDR       the remote reads it there: it is written to that address, with\n"
			"                  what was chosen filled in. Without FILE it is there already\n"
			"  --len BYTES     how long that one is\n",
		.run = cmd_rsc_set, .options = OPT_DA | OPT_LEN, .min_args = 1, .max_args = 2,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "trace", .args = "REMOTE",
		.summary = "print what the firmware wrote to its trace buffer",
		.help = "To a terminal, control characters are shown as escapes; else bytes come as\n"
			"they are.\n"
			"  -f, --follow    go on, over restarts too, until Ctrl-C\n"
			"  -i, --index N   which trace buffer, from 0\n",
		.run = cmd_trace, .options = OPT_FOLLOW | OPT_INDEX, .min_args = 1, .max_args = 1,
		.needs_remote = true,
	}, {
		.name = "wait", .args = "REMOTE STATE[,STATE...]",
		.summary = "wait until it is in one of these states",
		.help = "States: Offline, Configured, Ready, Running, Stopped, Suspended, Crashed.\n"
			"  --timeout TIME  exit with 4 after so long: 5s, 500ms, 2m, or milliseconds;\n"
			"                  0 only looks\n",
		.run = cmd_wait, .options = OPT_TIMEOUT, .min_args = 2, .max_args = 2,
		.needs_remote = true, .has_json = true,
	}, {
		.name = "inspect", .args = "FILE|-",
		.summary = "the kernel's verdict on an image, without any hardware",
		.help = "Exits with 0 if the kernel would take it, 1 if not. Whether it fits a\n"
			"remote's memory only loading can tell.\n"
			"  --machine NAME  refuse an image for any other: AArch64, ARM, RISC-V, or\n"
			"                  ELF's number of it\n",
		.run = cmd_inspect, .options = OPT_MACHINE, .min_args = 1, .max_args = 1,
		.has_json = true,
	}, {
		.name = "run", .args = "REMOTE FILE|-",
		.summary = "config, load, start, follow the trace; Ctrl-C shuts down",
		.help = "Begins with a remote that is Offline and leaves it so. The trace goes to\n"
			"standard output, all else to standard error. If the remote crashes, or\n"
			"someone else stops it, it is shut down and the exit code is 1. A second\n"
			"Ctrl-C ends the tool at once and leaves the remote as it is.\n"
			IMAGE_HELP TIMEOUT_HELP SETTINGS_HELP,
		.run = cmd_run, .min_args = 2, .max_args = 2,
		.options = OPT_NAME | OPT_SHA256 | OPT_KEEP | OPT_TIMEOUT | OPT_SETTINGS,
		.needs_remote = true, .acts = true,
	}, {
		.name = "help", .args = "[VERB]",
		.summary = "this, or more about one command",
		.help = "",
		.run = cmd_help, .max_args = 2,
	}, {
		.name = "version", .args = "",
		.summary = "the version of this tool",
		.help = "",
		.run = cmd_version,
	},
};

/* What comes after @word in the verb @name, 0 where that is all; NULL if it is another. */
static const char *after_word(const char *name, const char *word)
{
	size_t len = strcspn(name, " ");

	if (strncmp(name, word, len) || word[len])
		return NULL;
	return name + len + (name[len] == ' ');
}

/* The command of these words, of which the second may be NULL or no part of it. */
static const struct command *find_command(const char *first, const char *second)
{
	const char *rest;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		rest = after_word(commands[i].name, first);
		if (rest && (!*rest || (second && !strcmp(rest, second))))
			return &commands[i];
	}
	return NULL;
}

static int count_words(const struct command *c)
{
	return strchr(c->name, ' ') ? 2 : 1;
}

static void print_usage(FILE *f, const struct command *c)
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

static int print_overview(void)
{
	size_t i;

	puts("usage: rprocctl [VERB [REMOTE] [OPTION...]]\n");
	for (i = 0; i < ARRAY_SIZE(commands); i++)
		print_line(&commands[i]);
	fputs("\n"
	      "REMOTE is a name as list shows it, the N of /dev/rproc_lite<N>, or a path.\n"
	      "--json gives one JSON object, where \"help VERB\" says so.\n"
	      "Exit codes: 0 done, 1 failed, 2 usage, 3 no such device, 4 timed out.\n",
	      stdout);
	return EXIT_DONE;
}

static int print_help(const struct command *c)
{
	print_usage(stdout, c);
	printf("\n%s: %s\n", c->name, c->summary);
	if (*c->help)
		printf("\n%s", c->help);
	if (c->has_json)
		printf("%s  --json          say it in JSON\n", *c->help ? "" : "\n");
	return EXIT_DONE;
}

static int unknown_verb(const char *verb)
{
	char shown[256], list[256] = "";
	const char *rest;
	size_t i, at;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		rest = after_word(commands[i].name, verb);
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

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		if (!after_word(commands[i].name, word))
			continue;
		print_line(&commands[i]);
		any = true;
	}
	return any;
}

static int cmd_help(const struct request *rq)
{
	const struct command *c;

	if (!rq->subject)
		return print_overview();
	c = find_command(rq->subject, rq->arg);
	if (c)
		return print_help(c);
	return !rq->arg && print_group(rq->subject) ? EXIT_DONE : unknown_verb(rq->subject);
}

static int cmd_version(const struct request *rq)
{
	(void)rq;
	puts("rprocctl " RPROCCTL_VERSION);
	return EXIT_DONE;
}

enum { LONG_SHA256 = 256, LONG_KEEP, LONG_TIMEOUT, LONG_MACHINE, LONG_ASCII, LONG_JSON,
	LONG_DA, LONG_PA, LONG_LEN, LONG_OFFSET, LONG_RAW };

static const struct option long_options[] = {
	{ "timeout", required_argument, NULL, LONG_TIMEOUT },
	{ "follow", no_argument, NULL, 'f' },
	{ "index", required_argument, NULL, 'i' },
	{ "name", no_argument, NULL, 'n' },
	{ "sha256", no_argument, NULL, LONG_SHA256 },
	{ "keep", no_argument, NULL, LONG_KEEP },
	{ "machine", required_argument, NULL, LONG_MACHINE },
	{ "ascii", no_argument, NULL, LONG_ASCII },
	{ "json", no_argument, NULL, LONG_JSON },
	{ "da", required_argument, NULL, LONG_DA },
	{ "pa", required_argument, NULL, LONG_PA },
	{ "len", required_argument, NULL, LONG_LEN },
	{ "offset", required_argument, NULL, LONG_OFFSET },
	{ "output", required_argument, NULL, 'o' },
	{ "raw", no_argument, NULL, LONG_RAW },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

/* A command line as parsed, before its verb is known to take what was given. */
struct line {
	struct request rq;
	bool help;
	bool version;
};

static int bad_value(const char *option, const char *value, const char *wanted)
{
	char shown[256];

	fprintf(stderr, "rprocctl: %s \"%s\": %s\n", option,
		text_escape(shown, sizeof(shown), value), wanted);
	return EXIT_USAGE;
}

static int parse_index(const char *s, u32 *index)
{
	unsigned long n;
	char *end;

	errno = 0;
	n = strtoul(s, &end, 10);
	if (*s < '0' || *s > '9' || *end || errno || n > U32_MAX)
		return bad_value("--index", s, "a number from 0 is wanted");
	*index = (u32)n;
	return EXIT_DONE;
}

static int parse_number(const char *option, u64 *n, bool size)
{
	if (size ? number_parse_size(optarg, n) : number_parse(optarg, n))
		return EXIT_DONE;
	return bad_value(option, optarg, size ? SIZE_WANTED : NUMBER_WANTED);
}

/* Those that mem and rsc have. */
static int take_mem_option(struct request *rq, int option)
{
	switch (option) {
	case LONG_DA:
		rq->given |= OPT_DA;
		return parse_number("--da", &rq->da, false);
	case LONG_PA:
		rq->given |= OPT_PA;
		return parse_number("--pa", &rq->pa, false);
	case LONG_LEN:
		rq->given |= OPT_LEN;
		return parse_number("--len", &rq->len, true);
	case LONG_OFFSET:
		rq->given |= OPT_OFFSET;
		return parse_number("--offset", &rq->offset, true);
	case 'o':
		rq->given |= OPT_OUTPUT;
		rq->output = optarg;
		return EXIT_DONE;
	case LONG_RAW:
		rq->given |= OPT_RAW;
		return EXIT_DONE;
	default:
		/* getopt_long() has said what is wrong. */
		fputs("see: rprocctl help\n", stderr);
		return EXIT_USAGE;
	}
}

static int take_option(struct line *line, int option)
{
	struct request *rq = &line->rq;

	switch (option) {
	case LONG_TIMEOUT:
		rq->given |= OPT_TIMEOUT;
		if (!duration_parse(optarg, &rq->timeout_ms))
			return bad_value("--timeout", optarg,
					 "5s, 500ms, 2m or milliseconds are wanted");
		return EXIT_DONE;
	case 'f':
		rq->given |= OPT_FOLLOW;
		return EXIT_DONE;
	case 'i':
		rq->given |= OPT_INDEX;
		return parse_index(optarg, &rq->trace_index);
	case 'n':
		rq->given |= OPT_NAME;
		return EXIT_DONE;
	case LONG_SHA256:
		rq->given |= OPT_SHA256;
		return EXIT_DONE;
	case LONG_KEEP:
		rq->given |= OPT_KEEP;
		return EXIT_DONE;
	case LONG_MACHINE:
		rq->given |= OPT_MACHINE;
		if (!machine_parse(optarg, &rq->machine))
			return bad_value("--machine", optarg,
					 "not known by this name; ELF's number will do");
		return EXIT_DONE;
	case LONG_ASCII:
		rq->given |= OPT_ASCII;
		return EXIT_DONE;
	case LONG_JSON:
		rq->given |= OPT_JSON;
		return EXIT_DONE;
	case 'h':
		line->help = true;
		return EXIT_DONE;
	case 'V':
		line->version = true;
		return EXIT_DONE;
	default:
		return take_mem_option(rq, option);
	}
}

/* The first option among @options, as the user writes it. */
static const char *option_name(unsigned int options)
{
	static const struct {
		unsigned int option;
		const char *name;
	} names[] = {
		{ OPT_TIMEOUT, "--timeout" }, { OPT_FOLLOW, "--follow" },
		{ OPT_INDEX, "--index" }, { OPT_NAME, "--name" },
		{ OPT_SHA256, "--sha256" }, { OPT_KEEP, "--keep" },
		{ OPT_SETTINGS, "--KEY=VALUE" }, { OPT_MACHINE, "--machine" },
		{ OPT_ASCII, "--ascii" }, { OPT_DA, "--da" }, { OPT_PA, "--pa" },
		{ OPT_LEN, "--len" }, { OPT_OFFSET, "--offset" },
		{ OPT_OUTPUT, "--output" }, { OPT_RAW, "--raw" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (options & names[i].option)
			return names[i].name;
	return "--json";
}

static int __printf(2, 3) misused(const struct command *c, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "rprocctl: %s: ", c->name);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	print_usage(stderr, c);
	return EXIT_USAGE;
}

/* Does what was given fit the verb? @num is the number of arguments. */
static int check_request(const struct request *rq, int num)
{
	const struct command *c = rq->cmd;
	unsigned int taken = c->options | (c->has_json ? OPT_JSON : 0);

	if (rq->given & ~taken)
		return misused(c, "takes no %s", option_name(rq->given & ~taken));
	if (num < c->min_args && !num)
		return misused(c, c->needs_remote ? "which remote?" : "which file?");
	if (num < c->min_args)
		return misused(c, "something is missing");
	if (num > c->max_args)
		return misused(c, "too many arguments");
	/* To the kernel 0 is "the remote's own limit", which nobody means by it. */
	if (c->acts && (rq->given & OPT_TIMEOUT) &&
	    (!rq->timeout_ms || rq->timeout_ms > RPROC_LITE_TIMEOUT_MAX_MS))
		return misused(c, "--timeout is from 1 ms to an hour");
	return EXIT_DONE;
}

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

/* "--key=value" with a key that is no option of ours. */
static bool is_setting(const char *arg)
{
	const struct option *o;
	const char *equals = strchr(arg, '=');

	if (strncmp(arg, "--", 2) || !equals || equals == arg + 2)
		return false;
	for (o = long_options; o->name; o++)
		if (!strncmp(arg + 2, o->name, (size_t)(equals - arg - 2)))
			return false;
	return true;
}

/* Move settings, which only the kernel knows, from the command line to @rq. */
static int take_settings(struct request *rq, int *argc, char **argv)
{
	int i, kept = 1;
	size_t len;

	for (i = 1; i < *argc; i++) {
		if (!is_setting(argv[i])) {
			argv[kept++] = argv[i];
			continue;
		}
		len = strlen(argv[i] + 2) + 1;
		if (len > sizeof(rq->settings) - rq->settings_len)
			return bad_value("settings", argv[i], "too many bytes in all");
		memcpy(rq->settings + rq->settings_len, argv[i] + 2, len);
		rq->settings_len += len;
		rq->given |= OPT_SETTINGS;
	}
	argv[kept] = NULL;
	*argc = kept;
	return EXIT_DONE;
}

static int parse_line(struct line *line, int argc, char **argv)
{
	int option, code;

	while ((option = getopt_long(argc, argv, "fi:nho:V", long_options, NULL)) != -1) {
		code = take_option(line, option);
		if (code != EXIT_DONE)
			return code;
	}
	return EXIT_DONE;
}

static int dispatch(int argc, char **argv)
{
	struct line line = { .help = false };
	struct request *rq = &line.rq;
	const char *verb;
	int code;

	code = take_settings(rq, &argc, argv);
	if (code == EXIT_DONE)
		code = parse_line(&line, argc, argv);
	if (code != EXIT_DONE)
		return code;
	if (line.version)
		return cmd_version(rq);
	if (line.help && optind == argc)
		return print_overview();

	verb = optind < argc ? argv[optind++] : "list";
	rq->cmd = find_command(verb, optind < argc ? argv[optind] : NULL);
	if (!rq->cmd)
		return unknown_verb(verb);
	if (line.help)
		return print_help(rq->cmd);
	optind += count_words(rq->cmd) - 1;
	rq->args = argv + optind;
	rq->subject = optind < argc ? argv[optind] : NULL;
	rq->arg = optind + 1 < argc ? argv[optind + 1] : NULL;
	code = check_request(rq, argc - optind);
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
