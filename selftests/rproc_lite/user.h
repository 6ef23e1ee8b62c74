/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Being somebody else than root: this process has the effective ids of a user for a while,
 * and so opens files and is allowed things as that user.
 */
#ifndef USER_H
#define USER_H

#include <sys/types.h>

#define USER	1000
/* That may write a remote, if its node is this group's. */
#define GROUP	2000

/* Of both ids the effective one, so that root, uid 0, can come back. 0 or a negative errno. */
int become(uid_t uid, gid_t gid);
/* All ids, for good. */
int become_for_good(uid_t uid, gid_t gid);

/* Open remote @id's device as somebody. Return: a descriptor or a negative errno. */
int remote_open_as(unsigned int id, uid_t uid, gid_t gid, int flags);

/* A call as USER of GROUP, returning an int. */
#define AS_USER(call) ({				\
	int ret_ = become(USER, GROUP);			\
							\
	if (!ret_)					\
		ret_ = (int)(call);			\
	become(0, 0) ? -EFAULT : ret_;			\
})

#endif /* USER_H */
