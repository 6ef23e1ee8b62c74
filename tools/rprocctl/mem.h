/* SPDX-License-Identifier: GPL-2.0-only */
/* A remote's memory, through its device's file. */
#ifndef RPROCCTL_MEM_H
#define RPROCCTL_MEM_H

#include "cmd.h"

/**
 * mem_output() - copy memory to standard output, or -o FILE
 * @rq: whose device
 * @f: where it begins, as device_find() filled it in
 * @len: bytes, all of them there
 *
 * Return: an exit code; a failure is reported already.
 */
int mem_output(const struct request *rq, const struct rproc_lite_find *f, u64 len);

/* "RAM, mappable"; returns @buf. */
#define MEM_KIND_MAX	40
const char *mem_kind(char buf[MEM_KIND_MAX], u32 flags);

#endif /* RPROCCTL_MEM_H */
