// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may fail does, one thing after the other: for each call, the first allocation or
 * copy that it makes, then the second, until none is left to fail. Each time the call
 * succeeds or says that memory is short; the state is the one before or the one asked for;
 * and the next call finds all as if nothing had been. The same of what kworkers do for us.
 *
 * Leaks are what kmemleak looks for when all is over, in any guest that has it.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "kselftest.h"
#include "dump.h"
#include "guest.h"
#include "nth.h"
#include "remote.h"
#include "snapshot.h"
#include "subjects.h"

/* No call has so many. */
#define NTH_MAX		5000
#define WRONG_MAX	8

static unsigned long total_calls, total_met;

/* What a call may say when memory is short, or what it was given can't be read. */
static bool is_clean(const struct subject *s, int error)
{
	return error == -ENOMEM || error == -EFAULT || (error && error == s->also);
}

static void look(struct snapshot *s)
{
	unsigned int i;

	snapshot_take(s, r0, false);
	/* The way to a refusal and back is no change; of the refusal itself INFO tells. */
	s->info.state_seq = 0;
	s->info.state_since = 0;
	memset(&s->info.last, 0, sizeof(s->info.last));
	/* Placed again, it is the same image. */
	s->info.loaded = 0;
	/* What was taken from a ring and could not be told is kept, and counted. */
	for (i = 0; i < ARRAY_SIZE(s->virtio); i++) {
		s->virtio[i].sent = 0;
		s->virtio[i].received = 0;
	}
}

static bool went_wrong(const struct subject *s, unsigned int n, const char *what, int error)
{
	ksft_print_msg("%s, %u: %s: %s: %s\n", s->name, n, what, strerror(-error),
		       remote_said.text);
	return false;
}

/* Where, in words of struct snapshot and rproc_lite_info. */
static bool is_other(const struct subject *s, unsigned int n, const struct snapshot *was,
		     const struct snapshot *is)
{
	size_t at;

	for (at = 0; ((const char *)was)[at] == ((const char *)is)[at]; at++)
		;
	ksft_print_msg("%s, %u: refused, and not as before, at byte %zu of a snapshot: %s\n",
		       s->name, n, at, remote_said.text);
	return false;
}

static bool is_elsewhere(const struct subject *s, unsigned int n, const char *what, int before,
			 int after)
{
	ksft_print_msg("%s, %u: %s: %s then, %s now\n", s->name, n, what,
		       remote_state_name((uint32_t)before), remote_state_name((uint32_t)after));
	return false;
}

static bool once(const struct subject *s, unsigned int n, bool again, bool *met, bool *failed)
{
	static struct snapshot was, is;
	int before, after, to, ret;

	*met = true;
	ret = subject_reach(s, again);
	if (ret)
		return went_wrong(s, n, "can't begin", ret);
	before = remote_state(r0);
	to = s->to ? s->to - 1 : before;
	look(&was);
	if (nth_arm(n))
		return false;
	ret = s->act();
	*met = nth_met();
	*failed = ret < 0;
	after = remote_state(r0);
	subject_heard();
	if (ret < 0 && (!*met || !is_clean(s, ret)))
		return went_wrong(s, n, "refused", ret);
	if (ret >= 0 && after != to)
		return is_elsewhere(s, n, "done", before, after);
	if (ret < 0 && !(s->halfway && after == s->halfway)) {
		if (after != before)
			return is_elsewhere(s, n, "refused", before, after);
		look(&is);
		if (memcmp(&was, &is, sizeof(is)))
			return is_other(s, n, &was, &is);
	}
	ret = ret >= 0 && s->undo ? s->undo() : 0;
	return ret ? went_wrong(s, n, "can't be undone", ret) : true;
}

static void walk(const struct subject *s)
{
	unsigned int n, refused = 0, wrong = 0;
	bool met = true, well = false, failed;

	if (nth_spare(s->spare))
		wrong++;
	/* What goes wrong once need not hide what else does. */
	for (n = 1; n < NTH_MAX && met && wrong < WRONG_MAX; n++) {
		failed = false;
		/* What it did was refused, or is undone. */
		well = once(s, n, well && s->undo, &met, &failed);
		wrong += !well;
		refused += failed;
		total_calls++;
		total_met += met;
	}
	nth_spare(NULL);
	ksft_print_msg("%s: %u faults, %u times refused\n", s->name, n - 2, refused);
	/* One that meets none shows nothing. */
	ksft_test_result(!wrong && !met && n > 2, "%s\n", s->name);
}

/* --- what others do for us -------------------------------------------------------- */

/*
 * A restart that fails is tried again, until there is one more than @recovered; what INFO tells
 * of the last recovery may still be of the one before. A stop is not: then it says so, and the
 * remote stays Crashed.
 */
static int wait_recovered(uint32_t recovered, int *to)
{
	uint64_t over = now_ms() + REMOTE_PATIENCE;
	struct rproc_lite_info info;
	int ret;

	do {
		ret = remote_info(r0, &info);
		if (ret || info.recovered != recovered ||
		    info.recovery == RPROC_LITE_RECOVERY_STOPPED)
			return ret;
		if (*to == RPROC_LITE_STOPPED && info.recovery == RPROC_LITE_RECOVERY_FAILED) {
			*to = RPROC_LITE_CRASHED;
			return 0;
		}
		remote_poll(r0, 10);
	} while (now_ms() < over);
	return -ETIMEDOUT;
}

/*
 * From Running, by a crash, to Running again: what fails once is tried again. Whose n-th
 * it was is not known, so all kworkers have theirs.
 */
static bool recover(unsigned int n, int to, unsigned int *met)
{
	struct rproc_lite_info info;
	int ret = 0;

	/* While one is there no other is made, and nothing of it can fail. */
	dump_drop(REMOTE);
	if (remote_state(r0) != RPROC_LITE_RUNNING) {
		ret = remote_offline(r0);
		if (!ret)
			ret = remote_run(r0, "rpmsg");
	}
	if (!ret)
		ret = remote_info(r0, &info);
	if (!ret)
		ret = nth_arm_others(n);
	if (!ret)
		ret = remote_crash(r0);
	if (!ret)
		ret = wait_recovered(info.recovered, &to);
	*met = nth_met_others();
	subject_heard();
	if (!ret && remote_state(r0) != to)
		ret = -EBADFD;
	if (ret)
		ksft_print_msg("recovery, %u: %s: %s\n", n, strerror(-ret), remote_said.text);
	return !ret;
}

static void walk_recovery(const char *recovery, int to, const char *coredump)
{
	unsigned int n, met = 1, idle = 0, faults = 0;
	/* Nobody reads what waits for a reader. */
	bool ok = !subject_bound() && !remote_set_policy(r0, recovery, coredump, "recovery-limit=0",
						   "recovery-delay-ms=0",
						   "recovery-delay-max-ms=0",
						   "coredump-timeout-ms=10", NULL);

	/* Which worker it is may differ: none was met thrice, so none is left. */
	for (n = 1; n < NTH_MAX && idle < 3 && ok; n++) {
		ok = recover(n, to, &met);
		faults += met;
		idle = met ? 0 : idle + 1;
		total_calls++;
	}
	total_met += faults;
	dump_drop(REMOTE);
	ksft_print_msg("%s, %s: %u faults\n", recovery, coredump, faults);
	ksft_test_result(ok && idle == 3 && faults, "%s with %s, and faults in kworkers\n",
			 recovery, coredump);
	remote_offline(r0);
	remote_set_policy(r0, USUAL_POLICY, NULL);
}

static const struct {
	const char *recovery;
	int to;
	const char *coredump;
	bool full;
} recoveries[] = {
	{ "recovery=restart", RPROC_LITE_RUNNING, "coredump=copy", .full = false },
	{ "recovery=restart", RPROC_LITE_RUNNING, "coredump=inline", .full = true },
	{ "recovery=stop", RPROC_LITE_STOPPED, "coredump=off", .full = true },
};

/* The full counts. */
static bool thorough;

static bool asked_for(const char *name, const char *asked)
{
	return !asked || strstr(name, asked);
}

/* Those that are asked for by name; or all, or all but what takes long. */
static bool wanted(const char *name, bool full, const char *asked)
{
	if (asked || !full || thorough)
		return asked_for(name, asked);
	ksft_test_result_skip("%s: only with the full counts\n", name);
	return false;
}

static unsigned int plan(const char *asked)
{
	unsigned int i, n = 0;

	for (i = 0; i < subject_count; i++)
		n += asked_for(subjects[i].name, asked);
	for (i = 0; i < ARRAY_SIZE(recoveries); i++)
		n += asked_for(recoveries[i].recovery, asked);
	return n;
}

int main(int argc, char **argv)
{
	const char *asked = argc > 1 ? argv[1] : NULL;
	unsigned int i, num;
	int ret;

	remote_or_skip(REMOTE);
	ret = nth_open();
	if (ret == -ENOENT) {
		printf("TAP version 13\n1..0 # SKIP no fault injection here; vm -k debug has it\n");
		return KSFT_SKIP;
	}
	ksft_print_header();
	if (!ret)
		ret = subjects_begin();
	if (ret)
		ksft_exit_fail_msg("can't begin: %s\n", strerror(-ret));
	mlockall(MCL_CURRENT | MCL_FUTURE);
	thorough = count_from_env(1) > 1;
	num = plan(asked);
	if (!num)
		ksft_exit_fail_msg("no call is named so: %s\n", asked);
	ksft_set_plan(num);
	for (i = 0; i < subject_count; i++)
		if (wanted(subjects[i].name, subjects[i].full, asked))
			walk(&subjects[i]);
	if (r0 < 0 && subject_modules())
		ksft_exit_fail_msg("the modules don't come again\n");
	for (i = 0; i < ARRAY_SIZE(recoveries); i++)
		if (wanted(recoveries[i].recovery, recoveries[i].full, asked))
			walk_recovery(recoveries[i].recovery, recoveries[i].to,
				      recoveries[i].coredump);
	ksft_print_msg("%lu calls, %lu faults\n", total_calls, total_met);
	ksft_finished();
}
