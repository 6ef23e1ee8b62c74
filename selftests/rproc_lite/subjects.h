/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls in which what may fail is to fail: all that ask or act, from the states in which they
 * work, with how they may end. Calls return 0 or a negative errno.
 */
#ifndef SUBJECTS_H
#define SUBJECTS_H

#include <stdbool.h>

#include <linux/rproc_lite.h>

/**
 * struct subject - one call
 * @name: of it
 * @from: in which state it is made; ANY_STATE: with the remote as it is
 * @firmware: for that state; "echo" if NULL
 * @setting: of the configuration, or NULL
 * @before: if not NULL, makes ready for it instead of @from
 * @act: makes it: 0 or more, or a negative errno. Nothing but calls of ours
 * @to: TO() the state that it ends in; 0: the same
 * @undo: if not NULL, what has to be done after each success
 * @also: what else it may say: what the kernel's core makes of it
 * @halfway: a state that it may end in if it fails, or 0
 * @spare: a function of the kernel's, below which nothing is to fail, or NULL
 * @full: much the same as another one, and long: only with the full counts
 */
struct subject {
	const char *name;
	int from;
	const char *firmware;
	const char *setting;
	int (*before)(void);
	int (*act)(void);
	int to;
	int (*undo)(void);
	int also;
	int halfway;
	const char *spare;
	bool full;
};

#define ANY_STATE	(-1)
#define TO(state)	((int)(state) + 1)

extern const struct subject subjects[];
extern const unsigned int subject_count;

/* The remote, open; -1 while none of our modules is there. */
extern int r0;

/* What all the calls are about. */
int subjects_begin(void);
/* As the call wants it, or as it is already; @again: as the same call has left it. */
int subject_reach(const struct subject *s, bool again);
/* The listener to events has heard enough. */
void subject_heard(void);
/* With its driver again, and open; with all modules again. */
int subject_bound(void);
int subject_modules(void);

#endif /* SUBJECTS_H */
