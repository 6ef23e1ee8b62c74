/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Who may choose what a remote runs. A core with no memory protection of its own reaches
 * all of RAM, so whoever chooses its code, or writes to its memory, is as good as the
 * kernel. Who may only write the device runs what lies in the firmware path.
 */
#ifndef RL_RIGHTS_H
#define RL_RIGHTS_H

#include "remote.h"

struct file;

enum rl_right {
	RL_RIGHT_NONE,
	RL_RIGHT_DELEGATED,	/* as long as the policy says so */
	RL_RIGHT_OWN,		/* CAP_SYS_RAWIO, or the kernel itself */
};

/**
 * rl_right_of() - the right of the current task, by a file of the remote
 * @rproc: the remote
 * @file: what it acts through
 *
 * The capability has to be both the task's and that of who opened the file: a privileged
 * program can be made to write to a file that it was given, and an open file be handed on.
 *
 * Return: the right. A delegated one may be gone once it is used, so it is looked at again
 * where it can't be lost any more without consequences: under a claim, or @map_sem.
 */
enum rl_right rl_right_of(const struct rproc_lite *rproc, const struct file *file);

/* Does it hold? With @lock or @map_sem held. */
bool rl_right_holds(const struct rproc_lite *rproc, enum rl_right right);

/**
 * rl_right_check() - the same, for who has claimed the remote
 * @rproc: the remote
 * @right: the right
 * @at: offset in the argument of what needs it, or RPROC_LITE_NO_OFFSET
 * @what: what that is
 * @v: the reason, if it does not hold
 *
 * Return: 0 or -EPERM.
 */
int rl_right_check(struct rproc_lite *rproc, enum rl_right right, u64 at, const char *what,
		   struct rproc_lite_verdict *v);

/*
 * The policy has changed from @was, with @lock held. What was chosen by a right that is lost
 * is not loaded or started any more; only SHUTDOWN leads on.
 */
void rl_right_follow(struct rproc_lite *rproc, const struct rproc_lite_policy *was);

#endif /* RL_RIGHTS_H */
