/* SPDX-License-Identifier: GPL-2.0-only */
/* The head of a core dump: how long all of it is, and what our note says. */
#ifndef RPROCCTL_COREFILE_H
#define RPROCCTL_COREFILE_H

#include "env.h"
#include <linux/rproc_lite_core.h>

struct corefile {
	u64 size;
	struct rproc_lite_core_note note;
};

/* From its first @len bytes. False if that is no core of ours. Strings in the note end. */
bool corefile_parse(struct corefile *c, const u8 *head, size_t len);

#endif /* RPROCCTL_COREFILE_H */
