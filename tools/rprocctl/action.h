/* SPDX-License-Identifier: GPL-2.0-only */
/* CONFIG, START, STOP, SHUTDOWN, SUSPEND, RESUME, CRASH and LOAD, and telling what came of them. */
#ifndef RPROCCTL_ACTION_H
#define RPROCCTL_ACTION_H

#include "cmd.h"
#include "device.h"

/**
 * action_run() - do it, and say on @f which state that led to
 * @rq: whose device, --timeout and --json count
 * @op: which of them, LOAD apart
 * @f: for people; JSON goes to standard output
 *
 * Return: an exit code; a failure is reported already.
 */
int action_run(const struct request *rq, enum rproc_lite_op op, FILE *f);

/**
 * load_run() - load @rq->arg, and say on @f what it was
 * @rq: whose device, --name and --json count
 * @f: for people
 *
 * Return: an exit code; a failure is reported already.
 */
int load_run(const struct request *rq, FILE *f);

/* @rq->dev, whose INFO is up to date, runs no more: say why. Return: an exit code. */
int action_report_end(const struct request *rq);

#endif /* RPROCCTL_ACTION_H */
