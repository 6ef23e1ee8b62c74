/* SPDX-License-Identifier: GPL-2.0-only */
/* What a command is, and what the user asked of it. */
#ifndef RPROCCTL_CMD_H
#define RPROCCTL_CMD_H

#include "env.h"
#include <linux/rproc_lite.h>

struct device;
struct request;

enum exit_code {
	EXIT_DONE = 0,
	EXIT_FAILED = 1,
	EXIT_USAGE = 2,
	EXIT_NO_DEVICE = 3,
	EXIT_TIMED_OUT = 4,
};

/* struct command.options: what it takes beside --help. */
#define OPT_TIMEOUT	(1U << 0)
#define OPT_FOLLOW	(1U << 1)
#define OPT_INDEX	(1U << 2)
#define OPT_NAME	(1U << 3)
#define OPT_MACHINE	(1U << 4)
#define OPT_ASCII	(1U << 5)
#define OPT_JSON	(1U << 6)	/* struct command.has_json stands for it */
#define OPT_SHA256	(1U << 7)
#define OPT_KEEP	(1U << 8)
#define OPT_SETTINGS	(1U << 9)	/* --KEY=VALUE, whatever KEY */
#define OPT_DA		(1U << 10)
#define OPT_PA		(1U << 11)
#define OPT_LEN		(1U << 12)
#define OPT_OFFSET	(1U << 13)
#define OPT_OUTPUT	(1U << 14)
#define OPT_RAW		(1U << 15)
#define OPT_ROLE	(1U << 16)
#define OPT_RPMSG	(1U << 17)
#define OPT_EXPECT	(1U << 18)
#define OPT_IDLE	(1U << 19)
#define OPT_CONSOLE	(1U << 20)
#define OPT_COUNT	(1U << 21)
#define OPT_EVENTS	(1U << 22)
#define OPT_WAIT	(1U << 23)

/**
 * struct command - one verb
 * @name: of it, one word or two
 * @args: what follows, as the usage line shows it
 * @summary: one line for the overview
 * @help: the rest, for "help VERB"
 * @run: does it; returns an enum exit_code
 * @options: OPT_*
 * @min_args: fewest arguments, the remote included
 * @max_args: most
 * @needs_remote: the first argument names a remote, and is opened before @run
 * @acts: it is opened for writing
 * @has_json: --json is understood
 * @is_default: the second word of @name may be left out
 */
struct command {
	const char *name;
	const char *args;
	const char *summary;
	const char *help;
	int (*run)(const struct request *rq);
	unsigned int options;
	int min_args;
	int max_args;
	bool needs_remote;
	bool acts;
	bool has_json;
	bool is_default;
};

/**
 * struct request - a command line, taken apart
 * @cmd: the verb
 * @subject: the first argument as the user wrote it: remote or file; or NULL
 * @arg: the argument after it, or NULL
 * @args: all of them, @subject first
 * @dev: the remote, open, if the command needs one
 * @given: OPT_* that were given
 * @settings: each --KEY=VALUE without its dashes and with its NUL
 * @settings_len: bytes
 * @timeout_ms: --timeout
 * @trace_index: --index
 * @machine: --machine, an e_machine
 * @da: --da
 * @pa: --pa
 * @len: --len
 * @offset: --offset
 * @output: --output
 * @role: --role, what Linux is to be: enum rproc_lite_virtio_role
 * @channel: --rpmsg
 * @expect: --expect
 * @idle_ms: --idle-timeout
 * @count: --count
 * @events: --events
 */
struct request {
	const struct command *cmd;
	const char *subject;
	const char *arg;
	char *const *args;
	struct device *dev;
	unsigned int given;
	char settings[RPROC_LITE_CONFIG_MAX];
	size_t settings_len;
	u64 timeout_ms;
	u32 trace_index;
	u32 machine;
	u64 da;
	u64 pa;
	u64 len;
	u64 offset;
	const char *output;
	u32 role;
	const char *channel;
	const char *expect;
	u64 idle_ms;
	u64 count;
	const char *events;
};

static inline bool wants_json(const struct request *rq)
{
	return rq->given & OPT_JSON;
}

int cmd_list(const struct request *rq);
int cmd_show(const struct request *rq);
int cmd_config(const struct request *rq);
int cmd_load(const struct request *rq);
int cmd_start(const struct request *rq);
int cmd_stop(const struct request *rq);
int cmd_shutdown(const struct request *rq);
int cmd_suspend(const struct request *rq);
int cmd_resume(const struct request *rq);
int cmd_crash(const struct request *rq);
int cmd_policy(const struct request *rq);
int cmd_coredump(const struct request *rq);
int cmd_mem_list(const struct request *rq);
int cmd_mem_find(const struct request *rq);
int cmd_mem_add(const struct request *rq);
int cmd_mem_remove(const struct request *rq);
int cmd_mem_read(const struct request *rq);
int cmd_mem_write(const struct request *rq);
int cmd_rsc_show(const struct request *rq);
int cmd_rsc_set(const struct request *rq);
int cmd_trace(const struct request *rq);
int cmd_wait(const struct request *rq);
int cmd_monitor(const struct request *rq);
int cmd_inspect(const struct request *rq);
int cmd_virtio_list(const struct request *rq);
int cmd_virtio_create(const struct request *rq);
int cmd_virtio_remove(const struct request *rq);
int cmd_console(const struct request *rq);
int cmd_run(const struct request *rq);
int cmd_help(const struct request *rq);
int cmd_version(const struct request *rq);

#endif /* RPROCCTL_CMD_H */
