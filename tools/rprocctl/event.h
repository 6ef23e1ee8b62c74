/* SPDX-License-Identifier: GPL-2.0-only */
/* A message of the netlink family, taken apart, and told as text or as JSON. */
#ifndef RPROCCTL_EVENT_H
#define RPROCCTL_EVENT_H

#include "env.h"
#include <linux/rproc_lite.h>
#include <linux/rproc_lite_netlink.h>

struct nlmsghdr;

/* What was lost, as if it were a command of the family's. */
#define EVENT_OVERRUN	(RPROC_LITE_CMD_MAX + 1)
/* Of a set of them, bit N for command N. */
#define EVENT_BIT(cmd)	(1U << (cmd))

/**
 * struct event - what a message says; what it does not say is 0
 * @cmd: RPROC_LITE_CMD_*: what happened, or with CMD_GET how it is now
 * @id: of the remote
 * @name: of the remote
 * @seq: number of the event; with CMD_GET of the last one
 * @time: CLOCK_BOOTTIME, nanoseconds
 * @has_state: @state and @state_seq are known
 * @trace: NO_INDEX if it may be any
 * ...: as the attributes of the same names
 */
struct event {
	unsigned int cmd;
	u32 id;
	char name[RPROC_LITE_NAME_MAX];
	u64 seq;
	u64 time;
	bool has_state;
	u32 state;
	u32 from;
	u64 state_seq;
	char backend[RPROC_LITE_NAME_MAX];
	char detail[RPROC_LITE_NAME_MAX];
	u32 crash;
	u32 crash_count;
	struct rproc_lite_verdict last;
	u32 recovery;
	u32 attempt;
	u32 delay_ms;
	int error;
	u32 vdev;
	u32 role;
	bool gone;
	u32 trace;
	struct rproc_lite_policy policy;
};

/* False if it is no message of the family's that tells of a remote. */
bool event_parse(const struct nlmsghdr *h, struct event *e);

/* A line of text, or of JSON, on standard output. */
void event_tell(const struct event *e, bool json);

/* "state,crash": EVENT_BITs. 0 if it is no such list; then *bad is what is wrong. */
unsigned int event_parse_kinds(const char *s, const char **bad);

/* All their names, as one list. */
#define EVENT_KINDS	"now, added, removed, state, crash, recovery, virtio, trace, policy"

#endif /* RPROCCTL_EVENT_H */
