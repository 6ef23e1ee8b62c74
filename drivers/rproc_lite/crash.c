// SPDX-License-Identifier: GPL-2.0-only
/*
 * A crash: the remote is Crashed at once, and claimed until who waits for what it
 * sends has learnt that nothing will come.
 */
#include "crash.h"
#include "events.h"
#include "kick.h"
#include "lifecycle.h"
#include "operation.h"
#include "recovery.h"
#include "remote.h"
#include "verdict.h"
#include "virtio.h"

#include <linux/cleanup.h>
#include <linux/timekeeping.h>

static const char *const crash_words[] = {
	[RPROC_LITE_CRASH_FIRMWARE] = "the firmware reported a crash",
	[RPROC_LITE_CRASH_CORE_OFF] = "the core went off while it should run",
	[RPROC_LITE_CRASH_WATCHDOG] = "its watchdog barked",
	[RPROC_LITE_CRASH_HEARTBEAT] = "the firmware does not answer any more",
	[RPROC_LITE_CRASH_USER] = "somebody asked for a crash",
};

/* Claimed, with the lock. */
static void enter(struct rproc_lite *rproc, enum rproc_lite_crash cause)
{
	const char *words = cause < ARRAY_SIZE(crash_words) ? crash_words[cause] : NULL;

	lockdep_assert_held(&rproc->lock);
	words = words ?: "for no known cause";
	rproc->crash = cause;
	rproc->crash_count++;
	rproc->crash_since = ktime_get_boottime_ns();
	rl_refuse_plain(&rproc->last, -EIO, RPROC_LITE_AT_BACKEND, "%s", words);
	dev_warn(&rproc->dev, "crashed: %s\n", words);
	rl_set_state(rproc, RPROC_LITE_CRASHED);
	rl_tell_crash(rproc);
	rl_recovery_plan(rproc);
}

/* Claimed. */
static void clear_up(struct rproc_lite *rproc)
{
	struct rproc_lite_verdict v = { 0 };

	rl_virtio_remove(rproc);
	rl_kick_end(rproc);
	rl_settle(rproc, RPROC_LITE_CRASHED, 0, &v);
}

bool rl_crashed(struct rproc_lite *rproc, u64 seq, enum rproc_lite_crash cause)
{
	struct rproc_lite_verdict v = { 0 };
	bool late;

	scoped_guard(mutex, &rproc->lock) {
		if (rproc->claimed || rproc->going || !rl_should_run(rproc->state) ||
		    atomic64_read(&rproc->run_seq) != seq)
			return false;
		late = cause == RPROC_LITE_CRASH_CORE_OFF && rproc->stop_asked;
		rl_take(rproc, late ? RL_EV_HALT : RL_EV_CRASH);
		if (!late)
			enter(rproc, cause);
	}
	/* It was told to shut down, after all, if by one who did not wait. */
	if (late)
		rl_settle(rproc, RPROC_LITE_STOPPED, rl_halt(rproc, &v), &v);
	else
		clear_up(rproc);
	return true;
}

int rproc_lite_crash(struct rproc_lite *rproc, struct rproc_lite_verdict *v)
{
	int ret;

	ret = rl_claim(rproc, RL_EV_CRASH, v);
	if (ret)
		return ret;
	scoped_guard(mutex, &rproc->lock)
		enter(rproc, RPROC_LITE_CRASH_USER);
	clear_up(rproc);
	return 0;
}
EXPORT_SYMBOL_GPL(rproc_lite_crash);
