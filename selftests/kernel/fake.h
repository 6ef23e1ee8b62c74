/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An instance of our own, on no hardware: what it is for is what the core does with its
 * backend, above all when that fails.
 */
#ifndef RPROC_LITE_TEST_FAKE_H
#define RPROC_LITE_TEST_FAKE_H

#include <linux/completion.h>
#include <linux/platform_device.h>
#include "test.h"

enum fake_op { FAKE_SET, FAKE_CONFIG, FAKE_CHECK, FAKE_RSC, FAKE_START, FAKE_STOP,
	FAKE_SHUTDOWN, FAKE_SEND, FAKE_OPS };

/**
 * struct fake - one
 * @pdev: its parent
 * @rproc: NULL if there is none any more
 * @registered: is it?
 * @pa: of its memory, which is half of r0's "shared"
 * @calls: of each op
 * @error: that an op returns, 0 if it works
 * @quiet: an op that fails has no word for it
 * @sent: the last word
 * @answers: SHUTDOWN is acknowledged
 * @ponders: who asks whether it runs is told no, once, and not before @answer
 * @asked: it was asked
 * @answer: see @ponders
 */
struct fake {
	struct platform_device *pdev;
	struct rproc_lite *rproc;
	bool registered;
	phys_addr_t pa;
	unsigned int calls[FAKE_OPS];
	int error[FAKE_OPS];
	bool quiet;
	u32 sent;
	bool answers;
	bool ponders;
	struct completion asked;
	struct completion answer;
};

#define FAKE_DA		0x1000ULL	/* of "ram" */
#define FAKE_IO_DA	0x100000ULL	/* of "regs" */
#define FAKE_SIZE	0x10000ULL	/* of each */

/* Allocated, with no memory yet. False if that fails. */
bool fake_alloc(struct test *t, struct fake *f);
/* With two regions, RAM and device memory, and registered. */
bool fake_init(struct test *t, struct fake *f);
/* The same, of a kind that can be looked at, and is stopped by force. */
bool fake_init_watched(struct test *t, struct fake *f);
/* From wherever it is. */
void fake_exit(struct fake *f);
/* Add memory at an address of @f's part of r0's. */
int fake_add(struct fake *f, const char *name, u64 da, u64 off, u64 size);

/* A raw image for it, where it is loaded, and a load. */
#define FAKE_SETTINGS	"load-address=0x1000"
int fake_config(struct test *t, struct fake *f);

#endif /* RPROC_LITE_TEST_FAKE_H */
