/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two sides that are measured, by the same steps: rproc_lite, and mainline's remoteproc
 * with the driver in peer/. Both have the same core, memory, doorbell and firmware; one at
 * a time. Calls return 0 or a negative errno. Times are nanoseconds.
 */
#ifndef SIDES_H
#define SIDES_H

#include <stdbool.h>
#include <stdint.h>

struct extra;

enum side { OURS, OURS_BY_FD, MAINLINE, SIDES };

extern const char *const side_names[SIDES];

/**
 * struct life - one whole life, from a CPU of Linux's to a CPU of Linux's
 * @load: until the image is in memory. For us the ioctl LOAD. Mainline loads within start:
 *	from writing "start" until the driver is asked to start the core, less what the
 *	driver takes to get the CPU from Linux
 * @first_word: from there until the first word of the firmware came. For us from the call
 *	of START, for mainline from the driver's being asked to
 * @stop: until the firmware is off. For us the ioctl STOP, for mainline from writing "stop"
 *	until the CPU is given back
 * @cycle: everything, giving back the CPU included
 */
struct life {
	uint64_t load;
	uint64_t first_word;
	uint64_t stop;
	uint64_t cycle;
};

int sides_open(void);
/* @image: a name for the firmware loader. */
int side_live(enum side side, const char *image, struct life *life);

/* Until the first word came; and until all is as before. */
int side_begin(enum side side, const char *image);
int side_end(enum side side);

/* What a load takes of the kernel's memory; for mainline all of start, the CPU's way apart. */
int side_load_extra(enum side side, const char *image, struct extra *e);

/* What nobody can be faster than: a copy of so many bytes; a word to the firmware and back. */
int floor_copy(uint64_t bytes, uint64_t *ns);
int floor_doorbell(const char *image, uint64_t *ns, unsigned int count);

uint64_t now_ns(void);

#endif /* SIDES_H */
