/* SPDX-License-Identifier: GPL-2.0-only */
/* A backend without hardware, to which something happens at a step that a test chooses. */
#ifndef RPROC_LITE_STEPS_H
#define RPROC_LITE_STEPS_H

#include <linux/bits.h>
#include <linux/types.h>

struct rproc_lite;

/* Where in a step: in who calls it; in a hard interrupt meanwhile; in who calls it. */
enum point { BEFORE, AMID, AFTER };

/* What happens there: bits. FAIL and MUTE are of the whole step. */
#define HAPPENS_CRASH	BIT(0)	/* a watchdog barks */
#define HAPPENS_OFF	BIT(1)	/* the core goes off */
#define HAPPENS_HOLD	BIT(2)	/* it takes until debugfs' "go" is written */
#define HAPPENS_FAIL	BIT(3)	/* the step fails */
#define HAPPENS_MUTE	BIT(4)	/* the firmware does not answer that word */
#define HAPPENS_RING	BIT(5)	/* the firmware rings */
#define HAPPENS_ACK	BIT(6)	/* it answers a SUSPEND */

/* backend.c: what happens to the core; FAIL, HOLD and MUTE are nothing. Any context. */
void happen(unsigned int what);

/**
 * plan_begin() - a step begins
 * @name: of it
 * @may_sleep: does its caller?
 *
 * Return: what happens to it, for plan_go_on() and plan_end().
 */
unsigned int plan_begin(const char *name, bool may_sleep);
void plan_go_on(unsigned int what, bool may_sleep);
void plan_end(unsigned int what, bool may_sleep);

int plan_init(void);
/* Nobody takes a step any more. */
void plan_exit(void);

#endif /* RPROC_LITE_STEPS_H */
