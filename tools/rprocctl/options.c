// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdlib.h>

#include "duration.h"
#include "help.h"
#include "machine.h"
#include "number.h"
#include "options.h"
#include "text.h"

enum { LONG_SHA256 = 256, LONG_KEEP, LONG_TIMEOUT, LONG_MACHINE, LONG_ASCII, LONG_JSON,
	LONG_DA, LONG_PA, LONG_LEN, LONG_OFFSET, LONG_RAW, LONG_ROLE, LONG_RPMSG, LONG_EXPECT,
	LONG_IDLE, LONG_CONSOLE, LONG_COUNT, LONG_EVENTS, LONG_WAIT };

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
	{ "role", required_argument, NULL, LONG_ROLE },
	{ "rpmsg", required_argument, NULL, LONG_RPMSG },
	{ "expect", required_argument, NULL, LONG_EXPECT },
	{ "idle-timeout", required_argument, NULL, LONG_IDLE },
	{ "console", no_argument, NULL, LONG_CONSOLE },
	{ "count", required_argument, NULL, LONG_COUNT },
	{ "events", required_argument, NULL, LONG_EVENTS },
	{ "wait", no_argument, NULL, LONG_WAIT },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
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

static int parse_duration(const char *option, u64 *ms)
{
	if (duration_parse(optarg, ms))
		return EXIT_DONE;
	return bad_value(option, optarg, "5s, 500ms, 2m or milliseconds are wanted");
}

static int parse_role(u32 *role)
{
	if (!strcmp(optarg, "driver"))
		*role = RPROC_LITE_VIRTIO_DRIVER;
	else if (!strcmp(optarg, "device"))
		*role = RPROC_LITE_VIRTIO_DEVICE;
	else
		return bad_value("--role", optarg, "driver or device is wanted");
	return EXIT_DONE;
}

static int parse_count(u64 *count)
{
	if (number_parse(optarg, count) && *count)
		return EXIT_DONE;
	return bad_value("--count", optarg, "a number from 1 is wanted");
}

/* Those that monitor has. */
static int take_monitor_option(struct request *rq, int option)
{
	switch (option) {
	case LONG_COUNT:
		rq->given |= OPT_COUNT;
		return parse_count(&rq->count);
	case LONG_EVENTS:
		rq->given |= OPT_EVENTS;
		rq->events = optarg;
		return EXIT_DONE;
	default:
		/* getopt_long() has said what is wrong. */
		fputs("see: rprocctl help\n", stderr);
		return EXIT_USAGE;
	}
}

/* Those that virtio, console and run have. */
static int take_virtio_option(struct request *rq, int option)
{
	switch (option) {
	case LONG_ROLE:
		rq->given |= OPT_ROLE;
		return parse_role(&rq->role);
	case LONG_RPMSG:
		rq->given |= OPT_RPMSG;
		rq->channel = optarg;
		return EXIT_DONE;
	case LONG_EXPECT:
		rq->given |= OPT_EXPECT;
		rq->expect = optarg;
		return EXIT_DONE;
	case LONG_IDLE:
		rq->given |= OPT_IDLE;
		return parse_duration("--idle-timeout", &rq->idle_ms);
	case LONG_CONSOLE:
		rq->given |= OPT_CONSOLE;
		return EXIT_DONE;
	default:
		return take_monitor_option(rq, option);
	}
}

/* Those that mem, rsc and coredump have. */
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
	case LONG_WAIT:
		rq->given |= OPT_WAIT;
		return EXIT_DONE;
	case 'o':
		rq->given |= OPT_OUTPUT;
		rq->output = optarg;
		return EXIT_DONE;
	case LONG_RAW:
		rq->given |= OPT_RAW;
		return EXIT_DONE;
	default:
		return take_virtio_option(rq, option);
	}
}

static int take_option(struct line *line, int option)
{
	struct request *rq = &line->rq;

	switch (option) {
	case LONG_TIMEOUT:
		rq->given |= OPT_TIMEOUT;
		return parse_duration("--timeout", &rq->timeout_ms);
	case 'f':
		rq->given |= OPT_FOLLOW;
		return EXIT_DONE;
	case 'i':
		rq->given |= OPT_INDEX;
		return parse_index(optarg, &rq->trace_index);
	case 'n':
		if (optarg)
			return take_option(line, LONG_COUNT);
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

static bool takes_value(const char *arg)
{
	const struct option *o;

	if (strncmp(arg, "--", 2))
		return !strcmp(arg, "-i") || !strcmp(arg, "-o");
	for (o = long_options; o->name; o++)
		if (!strcmp(arg + 2, o->name))
			return o->has_arg == required_argument;
	return false;
}

/* -n is --count where events are counted, and --name elsewhere. */
static bool counts(int argc, char **argv)
{
	int i;

	for (i = 1; i < argc; i++) {
		if (*argv[i] != '-')
			return !strcmp(argv[i], "monitor");
		if (takes_value(argv[i]))
			i++;
	}
	return false;
}

int options_parse(struct line *line, int *argc, char **argv)
{
	const char *letters = counts(*argc, argv) ? "fi:n:ho:V" : "fi:nho:V";
	int option, code;

	code = take_settings(&line->rq, argc, argv);
	if (code != EXIT_DONE)
		return code;
	while ((option = getopt_long(*argc, argv, letters, long_options, NULL)) != -1) {
		code = take_option(line, option);
		if (code != EXIT_DONE)
			return code;
	}
	return EXIT_DONE;
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
		{ OPT_ROLE, "--role" }, { OPT_RPMSG, "--rpmsg" },
		{ OPT_EXPECT, "--expect" }, { OPT_IDLE, "--idle-timeout" },
		{ OPT_CONSOLE, "--console" }, { OPT_COUNT, "--count" },
		{ OPT_EVENTS, "--events" }, { OPT_WAIT, "--wait" },
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
	help_usage(stderr, c);
	return EXIT_USAGE;
}

int options_check(const struct request *rq, int num)
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
