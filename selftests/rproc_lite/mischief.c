// SPDX-License-Identifier: GPL-2.0-only
/*
 * Those who take away what a remote stands on, and give it back: drivers, modules, CPUs,
 * and the whole system for a moment. See racers.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <unistd.h>

#include "guest.h"
#include "racers.h"
#include "remote.h"

#define PLATFORM	"rproc_lite_platform"
#define MAILBOX		"rproc_lite_mailbox"
#define DOORBELL	"/sys/bus/platform/drivers/rproc_lite_doorbell/"
#define CPUS_MAX	8

/* Known while there is a remote, and needed when there is none. */
static char device[64];

/* --- drivers and modules ------------------------------------------------------------ */

static void reload(void)
{
	if (!module_unload(PLATFORM))
		race_did(RACE_RELOADS, 1);
	nap_ms(20);
	/* Who has the device open keeps the core. */
	if (!dice(2) && !module_unload(MAILBOX))
		race_did(RACE_RELOADS, 1);
	if (!dice(2) && !module_unload("rproc_lite"))
		race_did(RACE_RELOADS, 1);
	nap_ms(20);
}

/* Others depend on the driver core to take it away. */
static void unbind_doorbell(void)
{
	if (!write_text(DOORBELL "unbind", "mailbox-0"))
		race_did(RACE_UNBINDS, 1);
	nap_ms(20);
	write_text(DOORBELL "bind", "mailbox-0");
}

static int bring_remote(void)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;

	while (now_ms() < end) {
		if (!access("/dev/rproc_lite0", F_OK))
			return 0;
		/* Neither need be there: an orphan of a dead unbinder may have loaded one. */
		module_load(MAILBOX);
		module_load(PLATFORM);
		write_text(DOORBELL "bind", "mailbox-0");
		driver_bind(device);
		usleep(1000);
	}
	return -ENODEV;
}

void unbinder(void)
{
	for (;;) {
		bring_remote();
		nap_ms(1500);
		switch (dice(4)) {
		case 0:
			reload();
			break;
		case 1:
			unbind_doorbell();
			break;
		default:
			if (!driver_unbind(device))
				race_did(RACE_UNBINDS, 1);
			nap_ms(20);
		}
	}
}

/* --- CPUs --------------------------------------------------------------------------- */

/* The remote's own too: whoever comes second is refused. */
void hotplugger(void)
{
	unsigned int cpus = (unsigned int)sysconf(_SC_NPROCESSORS_CONF);

	for (;;) {
		unsigned int cpu = 1 + dice(cpus - 1);

		nap_ms(500);
		if (!cpu_set_online(cpu, false))
			race_did(RACE_HOTPLUGS, 1);
		nap_ms(30);
		cpu_set_online(cpu, true);
	}
}

/* --- sleep -------------------------------------------------------------------------- */

/* As far as it goes without the clock's alarm, which could come before all are asleep. */
void sleeper(void)
{
	static const char *const depths[] = { "freezer", "devices", "platform" };

	for (;;) {
		nap_ms(4000);
		if (!sleep_as_far_as(depths[dice(3)], "0"))
			race_did(RACE_SLEEPS, 1);
	}
}

/* ------------------------------------------------------------------------------------ */

static void forget_dumps(void)
{
	glob_t found;
	size_t i;

	if (!glob("/sys/class/devcoredump/devcd*/data", 0, NULL, &found))
		for (i = 0; i < found.gl_pathc; i++)
			write_text(found.gl_pathv[i], "1");
	globfree(&found);
}

/* Not the one that a remote has. */
static void bring_cpus(void)
{
	unsigned int cpu;

	for (cpu = 1; cpu < CPUS_MAX; cpu++)
		if (!cpu_is_online(cpu))
			cpu_set_online(cpu, true);
}

int mend(void)
{
	int ret;

	write_text("/sys/power/pm_test", "none");
	bring_cpus();
	ret = bring_remote();
	forget_dumps();
	return ret ? ret : remote_device(REMOTE, device, sizeof(device));
}
