/* SPDX-License-Identifier: GPL-2.0-only */
/* What went wrong: in words on standard error, with --json on standard output. */
#ifndef RPROCCTL_REPORT_H
#define RPROCCTL_REPORT_H

#include "env.h"
#include "json.h"
#include <linux/rproc_lite.h>

struct request;

/* "segment", "entry": what a verdict's index and offset are about. */
const char *report_where(u32 where);

/* The members of "error" that a verdict has. */
void report_json_verdict(struct json *j, const struct rproc_lite_verdict *v);

/**
 * report() - tell why a request failed
 * @rq: the request
 * @error: a negative errno
 * @v: the reason
 *
 * Return: the exit code that goes with @error.
 */
int report(const struct request *rq, int error, const struct rproc_lite_verdict *v);

/* The same without --json's part, for what happens on the way. */
int report_note(const struct request *rq, int error, const struct rproc_lite_verdict *v);

/* The same with the reason given here. */
int __printf(3, 4) report_text(const struct request *rq, int error, const char *fmt, ...);

#endif /* RPROCCTL_REPORT_H */
