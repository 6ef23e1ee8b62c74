/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel's generic netlink family "rproc_lite", through libnl. Every function that
 * can fail returns 0 or a negative errno and has the reason in *v.
 */
#ifndef RPROCCTL_FAMILY_H
#define RPROCCTL_FAMILY_H

#include "event.h"

struct nl_sock;

/**
 * struct family - a connection
 * @ask: for questions
 * @heard: brings events, from family_open() on
 * @id: the family's number
 */
struct family {
	struct nl_sock *ask;
	struct nl_sock *heard;
	int id;
	bool interrupted;	/* a remote came or went during the last question */
};

/* What is done with what came. */
typedef void family_fn(const struct event *e, void *arg);

int family_open(struct family *f, struct rproc_lite_verdict *v);
void family_close(struct family *f);

/* Ask how remote @id is now, or all if it is NO_INDEX. -ENODEV if there is none such. */
int family_ask(struct family *f, u32 id, family_fn *fn, void *arg,
	       struct rproc_lite_verdict *v);

/**
 * family_take() - take what has happened, but wait for nothing
 * @f: the connection
 * @fn: called for each event, in order
 * @arg: for @fn
 * @v: the reason
 *
 * Return: 0 if there is nothing (more); 1 if there may be more; -ENOBUFS if events were
 * lost; -ENODEV if the family is gone, and so are all remotes.
 */
int family_take(struct family *f, family_fn *fn, void *arg, struct rproc_lite_verdict *v);

/* Readable when there is something to take. */
int family_fd(const struct family *f);

#endif /* RPROCCTL_FAMILY_H */
