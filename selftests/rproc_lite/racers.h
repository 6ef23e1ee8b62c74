/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Those who use one remote, and all around it, at once and without regard for each other.
 * Each is a process of its own that goes on until it is killed.
 */
#ifndef RACERS_H
#define RACERS_H

#include <stdbool.h>
#include <stdint.h>

/* What they count, together. */
enum race_count {
	RACE_CALLS,		/* of the device */
	RACE_DONE,		/* those that were not refused */
	RACE_LIVES,		/* START and RESUME */
	RACE_ASKED,		/* by netlink */
	RACE_TOUCHED,		/* pages of mappings, and by pread() and pwrite() */
	RACE_LOST,		/* mappings that went meanwhile */
	RACE_BYTES,		/* through virtio devices, that came back */
	RACE_DUMPS,
	RACE_UNBINDS,
	RACE_RELOADS,		/* of modules */
	RACE_HOTPLUGS,
	RACE_SLEEPS,		/* of the system */
	RACE_COUNTS
};

extern const char *const race_count_names[RACE_COUNTS];
extern uint64_t *race_counts;

/* Which anybody may write to while they race. */
#define RACE_NODE	"/dev/rproc_lite0"

/* Once, before all others: the remote is there, and nobody has it. */
int racers_begin(void);
void race_did(enum race_count what, uint64_t more);

/* Less than @n. */
unsigned int dice(unsigned int n);
void nap_ms(unsigned int most);
/* Of the remote; waits until there is one. */
int remote_soon(void);

struct racer {
	const char *name;
	/* Does not return. */
	void (*run)(void);
};

/* Those who use the remote, and those who take away what it stands on. */
extern const struct racer racers[];
extern const unsigned int num_racers;
void unbinder(void);
void hotplugger(void);
void sleeper(void);

/* What the latter left undone when they were killed: all is there again. */
int mend(void);

#endif /* RACERS_H */
