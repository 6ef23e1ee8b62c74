// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many at one remote, and at all that it stands on, at once, and each is killed at a random
 * moment, and another begins. Now and then all end: then whatever they left can be taken
 * back and works, nothing of the kernel's has grown with their number, and its log is clean.
 *
 * RPROC_LITE_SECONDS=N: so long, with a line each minute. RPROC_LITE_SEED=N: other moments.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest.h"
#include "guest.h"
#include "racers.h"
#include "remote.h"
#include "stock.h"

/* A short run's, in all; a long one looks at what is left each minute. */
#define SECONDS		60
#define SPANS		4
#define LONG_SPAN_MS	60000
/* From one death to the next, at most; where all is slow, the more. */
#define KILL_MS		100

#define RACERS_MAX	32

static struct {
	pid_t pid;
	uint64_t killed;	/* when, 0 if it is not */
} running[RACERS_MAX];

static unsigned int processes, kills;
static unsigned int seed = 1;

/* --- births and deaths -------------------------------------------------------------- */

static void begin(unsigned int i)
{
	pid_t self = getpid();

	processes++;
	running[i].killed = 0;
	fflush(stdout);
	running[i].pid = fork();
	if (running[i].pid)
		return;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != self)
		_exit(0);
	srand(seed + processes);
	racers[i].run();
	_exit(1);
}

static void end(unsigned int i)
{
	if (running[i].killed)
		return;
	kills++;
	running[i].killed = now_ms();
	kill(running[i].pid, SIGKILL);
}

static void tell_where(unsigned int i)
{
	char path[64], stack[4096];

	snprintf(path, sizeof(path), "/proc/%d/stack", running[i].pid);
	if (read_text(path, stack, sizeof(stack)) <= 0)
		stack[0] = '\0';
	ksft_print_msg("%s (%d) was killed, and lives on:\n%s", racers[i].name, running[i].pid,
		       stack);
}

/* None of them ends by itself, and whoever is killed dies. */
static bool died_well(unsigned int i, int status)
{
	if (running[i].killed && WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL)
		return true;
	ksft_print_msg("%s (%d) ended with status 0x%x\n", racers[i].name, running[i].pid,
		       status);
	return false;
}

/* Children of theirs are ours when they are orphans, and of no interest. */
static bool bury(bool replace)
{
	unsigned int i;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (i = 0; i < num_racers && running[i].pid != pid; i++)
			;
		if (i == num_racers)
			continue;
		if (!died_well(i, status))
			return false;
		running[i].pid = 0;
		if (replace)
			begin(i);
	}
	return true;
}

/* What can't be interrupted is over in time. */
static bool in_time(void)
{
	uint64_t now = now_ms();
	unsigned int i;

	for (i = 0; i < num_racers; i++) {
		if (!running[i].pid || !running[i].killed ||
		    now - running[i].killed < (uint64_t)REMOTE_PATIENCE * 2)
			continue;
		tell_where(i);
		return false;
	}
	return true;
}

static void tell_orphans(void)
{
	char path[64], children[1024] = "", comm[64];
	char *pid, *save;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
	read_text(path, children, sizeof(children));
	for (pid = strtok_r(children, " ", &save); pid; pid = strtok_r(NULL, " ", &save)) {
		snprintf(path, sizeof(path), "/proc/%s/comm", pid);
		if (read_text(path, comm, sizeof(comm)) <= 0)
			snprintf(comm, sizeof(comm), "gone\n");
		ksft_print_msg("an orphan lives on: %s, %s", pid, comm);
	}
}

/* Orphans too. */
static bool all_dead(void)
{
	uint64_t over = now_ms() + 3 * REMOTE_PATIENCE;
	siginfo_t info;

	while (!waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT)) {
		if (!bury(false) || !in_time())
			return false;
		if (now_ms() > over) {
			tell_orphans();
			return false;
		}
		usleep(1000);
	}
	return true;
}

static bool race(uint64_t ms)
{
	uint64_t over = now_ms() + ms;
	unsigned int i;

	srand(seed);
	for (i = 0; i < num_racers; i++)
		begin(i);
	while (now_ms() < over) {
		nap_ms(KILL_MS * (unsigned int)remote_slowness());
		end(dice(num_racers));
		if (!bury(true) || !in_time())
			return false;
	}
	for (i = 0; i < num_racers; i++)
		end(i);
	seed += processes;
	return all_dead();
}

/* --- what they left ----------------------------------------------------------------- */

static bool worked(const char *what, int ret)
{
	if (ret)
		ksft_print_msg("%s: %d, %s\n", what, ret, remote_said.text);
	return !ret;
}

/* What follows a crash, and a dead process's close(), may still be under way. */
static int offline_soon(int fd)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	int ret;

	do {
		ret = remote_offline(fd);
	} while (ret == -EBUSY && now_ms() < end && !usleep(1000));
	return ret;
}

static bool take_back(void)
{
	bool well;
	int fd, cpu;

	if (!worked("drivers and CPUs", mend()))
		return false;
	chmod(RACE_NODE, 0600);
	fd = remote_open(REMOTE, O_RDWR);
	well = worked("policy", remote_set_policy(fd, USUAL_POLICY, NULL)) &&
	       worked("shutdown", offline_soon(fd)) &&
	       /* One that had no CPU when it was taken stays so. */
	       worked("CPUs", mend()) && worked("windows", remote_remove_windows(fd)) &&
	       worked("CPU", cpu_borrowed(fd, &cpu)) &&
	       worked("CPU is back", cpu_is_back(cpu) ? 0 : -EBUSY) &&
	       worked("a whole life", remote_run(fd, "echo")) &&
	       worked("and its end", remote_offline(fd)) &&
	       worked("CPU is back again", cpu_is_back(cpu) ? 0 : -EBUSY);
	close(fd);
	return well;
}

static void tell(uint64_t begun)
{
	unsigned int i;

	ksft_print_msg("%d s: processes %u, kills %u", (int)((now_ms() - begun) / 1000),
		       processes, kills);
	for (i = 0; i < RACE_COUNTS; i++)
		printf(", %s %" PRIu64, race_count_names[i], race_counts[i]);
	printf("\n");
	fflush(stdout);
}

/* --- the run ------------------------------------------------------------------------ */

/* stock[0] was taken before the latest spans, of which SPANS - 1 are remembered. */
static struct stock stock[SPANS];
static unsigned int spans;
static long fewest;

static void remember(long deaths)
{
	unsigned int last = spans < SPANS ? spans : SPANS - 1;

	if (spans >= SPANS)
		memmove(&stock[0], &stock[1], sizeof(stock) - sizeof(stock[0]));
	stock_take(&stock[last]);
	/* The first is for warming up. */
	if (spans && (!fewest || deaths < fewest))
		fewest = deaths;
	spans++;
}

static bool grows(void)
{
	return spans >= SPANS && stock_growing(stock, SPANS - 1, fewest);
}

/*
 * What happens too seldom for that, as unbinding does, is seen to leave something behind in a
 * long run: by what there was at its beginning and after each quarter.
 */
#define QUARTERS	4
/* Of what is less than this in any of them nothing can be said: caches breathe. */
#define OFTEN		50

static struct stock quarters[QUARTERS + 1];
static uint64_t done[QUARTERS + 1][RACE_COUNTS];
static unsigned int marks;

static void mark_quarter(uint64_t now, uint64_t ms)
{
	if (marks > QUARTERS || now < ms * marks / QUARTERS)
		return;
	stock_take(&quarters[marks]);
	memcpy(done[marks], race_counts, sizeof(done[marks]));
	marks++;
}

/* How often it was done in each quarter, at least. */
static uint64_t often(unsigned int what)
{
	uint64_t least = UINT64_MAX, n;
	unsigned int i;

	for (i = 0; i < QUARTERS; i++) {
		n = done[i + 1][what] - done[i][what];
		if (n < least)
			least = n;
	}
	return least;
}

static bool grows_in_the_long_run(void)
{
	static const enum race_count rare[] = {
		RACE_UNBINDS, RACE_RELOADS, RACE_HOTPLUGS, RACE_SLEEPS,
	};
	uint64_t rarest = UINT64_MAX;
	unsigned int i;

	for (i = 0; i < sizeof(rare) / sizeof(rare[0]); i++)
		if (marks > QUARTERS && often(rare[i]) >= OFTEN && often(rare[i]) < rarest)
			rarest = often(rare[i]);
	if (rarest == UINT64_MAX) {
		ksft_print_msg("too short a run to see what is rare leave something behind\n");
		return false;
	}
	ksft_print_msg("no cache may grow by %" PRIu64 " objects in each quarter\n", rarest);
	return stock_growing(quarters, QUARTERS, (long)rarest);
}

static uint64_t seconds_from_env(unsigned int once)
{
	const char *text = getenv("RPROC_LITE_SECONDS");

	return text ? strtoull(text, NULL, 10) : count_from_env(once);
}

static void races(uint64_t ms)
{
	uint64_t each = ms / SPANS < LONG_SPAN_MS ? ms / SPANS : LONG_SPAN_MS;
	uint64_t begun = now_ms(), elapsed = 0;
	bool dies = true, well = true;
	int log = KSFT_PASS;
	unsigned int before;

	while (dies && well &&
	       (spans < SPANS || (!grows() && log != KSFT_FAIL && elapsed < ms))) {
		before = kills;
		ksft_print_msg("seed %u\n", seed);
		dies = race(each);
		well = dies && take_back();
		elapsed = now_ms() - begun;
		if (well) {
			/* Not each of them had the remote, or did anything yet. */
			remember((long)(kills - before) / 3);
			mark_quarter(elapsed, ms);
		}
		if (log != KSFT_FAIL)
			log = log_result();
		tell(begun);
	}
	ksft_test_result(dies, "whoever is killed dies\n");
	ksft_test_result(well, "all can be taken back, and works\n");
	ksft_test_result(well && !grows() && !grows_in_the_long_run(), "no slab cache grows\n");
	ksft_test_result(well && stock[SPANS - 1].ours == stock_regions,
			 "each region is mapped once\n");
	ksft_test_result_report(log, "no warning in the log\n");
}

int main(void)
{
	const char *text = getenv("RPROC_LITE_SEED");
	uint64_t seconds;
	int fd;

	remote_or_skip(REMOTE);
	ksft_print_header();
	ksft_set_plan(5);
	if (text)
		seed = (unsigned int)strtoul(text, NULL, 10);
	seconds = seconds_from_env(SECONDS);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	if (racers_begin() || module_load("virtio_console"))
		ksft_exit_fail_msg("there is nothing to race for\n");
	fd = remote_open(REMOTE, O_RDWR);
	stock_begin(fd);
	close(fd);
	races(seconds * 1000);
	ksft_finished();
}
