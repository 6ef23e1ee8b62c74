/* SPDX-License-Identifier: GPL-2.0-only */
/* A terminal on a remote. */
#ifndef RPROCCTL_CONSOLE_H
#define RPROCCTL_CONSOLE_H

#include "port.h"

#define CONSOLE_LIMIT_MS	10000	/* if --timeout does not say */
#define CONSOLE_IDLE_MS		1000	/* if --idle-timeout does not */
#define CONSOLE_EXPECT_MAX	1024

/**
 * struct console_wish - what the user wants of it
 * @port: of the remote
 * @expect: end once this has come, NULL if nothing ends it so
 * @limit_ms: how long that may take, for people; the port's deadline counts
 * @idle_ms: end after the end of standard input, once nothing has come for so long;
 *	0 for never
 */
struct console_wish {
	struct port_wish port;
	const char *expect;
	u64 limit_ms;
	u64 idle_ms;
};

/**
 * console_run() - standard input to the remote, and what it says to standard output
 * @rq: whose remote
 * @wish: how; its port's deadline is for @expect too
 *
 * Return: an exit code; a failure is reported already.
 */
int console_run(const struct request *rq, const struct console_wish *wish);

#endif /* RPROCCTL_CONSOLE_H */
