// SPDX-License-Identifier: GPL-2.0-only
/* Being somebody else than root: see user.h. */
#include <errno.h>
#include <grp.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "remote.h"
#include "user.h"

int become(uid_t uid, gid_t gid)
{
	if (!uid)
		return seteuid(0) || setegid(gid) || setgroups(0, NULL) ? -errno : 0;
	/* What is ours in /proc stays ours. */
	return setgroups(0, NULL) || setegid(gid) || seteuid(uid) ||
	       prctl(PR_SET_DUMPABLE, 1) ? -errno : 0;
}

int become_for_good(uid_t uid, gid_t gid)
{
	return setgroups(0, NULL) || setresgid(gid, gid, gid) || setresuid(uid, uid, uid) ?
	       -errno : 0;
}

int remote_open_as(unsigned int id, uid_t uid, gid_t gid, int flags)
{
	int ret = become(uid, gid), fd;

	if (ret)
		return ret;
	fd = remote_open(id, flags);
	ret = become(0, 0);
	return ret ? ret : fd;
}
