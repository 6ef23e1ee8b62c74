// SPDX-License-Identifier: GPL-2.0-only
/* Who may choose what a remote runs: see rights.h. */
#include "rights.h"
#include "verdict.h"

#include <linux/capability.h>
#include <linux/cleanup.h>
#include <linux/cred.h>
#include <linux/fs.h>

enum rl_right rl_right_of(const struct rproc_lite *rproc, const struct file *file)
{
	/* Quietly: who has no need of it is asked, too. */
	if (ns_capable_noaudit(&init_user_ns, CAP_SYS_RAWIO) &&
	    file_ns_capable(file, &init_user_ns, CAP_SYS_RAWIO))
		return RL_RIGHT_OWN;
	/* It is delegated to those who may act. */
	if ((file->f_mode & FMODE_WRITE) &&
	    READ_ONCE(rproc->policy.delegate) == RPROC_LITE_DELEGATE_LOAD)
		return RL_RIGHT_DELEGATED;
	return RL_RIGHT_NONE;
}

bool rl_right_holds(const struct rproc_lite *rproc, enum rl_right right)
{
	return right == RL_RIGHT_OWN ||
	       (right == RL_RIGHT_DELEGATED &&
		READ_ONCE(rproc->policy.delegate) == RPROC_LITE_DELEGATE_LOAD);
}

int rl_right_check(struct rproc_lite *rproc, enum rl_right right, u64 at, const char *what,
		   struct rproc_lite_verdict *v)
{
	guard(mutex)(&rproc->lock);
	if (rl_right_holds(rproc, right))
		return 0;
	return rl_refuse(v, -EPERM, RPROC_LITE_AT_ARGUMENT, RPROC_LITE_NO_INDEX, at,
			 "%.64s: needs CAP_SYS_RAWIO, of who asks and of who opened the device, or the policy delegate=load",
			 what);
}

void rl_right_follow(struct rproc_lite *rproc, const struct rproc_lite_policy *was)
{
	lockdep_assert_held(&rproc->lock);
	if (rproc->policy.delegate != RPROC_LITE_DELEGATE_NONE)
		rproc->tainted = false;
	else if (was->delegate != RPROC_LITE_DELEGATE_NONE)
		rproc->tainted = rproc->claimed || rproc->state != RPROC_LITE_OFFLINE;
}
