/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The remotes of machine virtprov, and what they need: selftests/supplies. No core is
 * behind them, so what runs there is what a test does in its place. Calls return 0 or a
 * negative errno.
 *
 * checkpatch: MACRO_WITH_FLOW_CONTROL: as in remote.h.
 */
#ifndef PROVIDERS_H
#define PROVIDERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/types.h>

/*
 * All that can be had; little; next to nothing; a channel for either direction; a mailbox that
 * is to be asked whether a message went.
 */
#define R_ALL		10U
#define R_LITTLE	11U
#define R_LEAST		12U
#define R_PAIR		14U
#define R_ASKED		15U
/* Its memory is its own, TEST_TCM, and has a power domain. */
#define R_TCM		16U
/* Its mailbox's encoding is none that there is. */

/* Where their memory is. */
#define TEST_RAM	0x5a000000U
#define TEST_TCM	0x5a100000U

/* Ends the program if there are no such remotes; else they are there. */
void providers_or_skip(void);
int provided_open(unsigned int id);

/* What was told since; "" if that can't be had. Good until the next call. */
const char *told(void);
int forget_told(void);
/* Until it has that text; what there is then. */
const char *told_with(const char *text);

/* How all is: a text to be compared, without what changes when nothing is wrong. */
struct balance {
	char text[256];
	int users;
};

int balance(struct balance *now);
/* Power domains that the driver core attaches go off soon. Return: 0 if it is @want, in time. */
int balance_wait(const struct balance *want);

/* The @n-th step from now fails; 0: none does. */
int let_fail(unsigned int n);
/* The next step of that name fails; "NAME late": it says so, but is done. */
int let_step_fail(const char *name);
/* Has it? */
bool has_failed(void);

/* The other side of @channel takes nothing; -1: all take again. */
int let_be_deaf(int channel);
/* The other side says. */
int say(unsigned int channel, uint32_t word);

/* From Offline, with an image of nothing at @address that is to begin at @entry. */
int provided_load_at(int fd, uint32_t address, uint32_t entry);
/* The same, at TEST_RAM. */
int provided_load(int fd, uint32_t entry);
int provided_reach(int fd, uint32_t state);

#define PROVIDERS_TEST_MAIN						\
int main(int argc, char **argv)						\
{									\
	providers_or_skip();						\
	return test_harness_run(argc, argv);				\
}

#endif /* PROVIDERS_H */
