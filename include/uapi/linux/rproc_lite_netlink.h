/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * Remote processors by generic netlink: ask, and be told. Nothing is changed by it,
 * and anybody may use it, in the initial network namespace.
 *
 * The manual
 * ==========
 *
 * GET with RPROC_LITE_A_ID or RPROC_LITE_A_NAME answers with what is known of that
 * remote: each member of struct rproc_lite_info by its attribute, as the ioctl INFO
 * has it; nested in RPROC_LITE_A_POLICY those of struct rproc_lite_policy, as POLICY has
 * it; and RPROC_LITE_A_EVENT_SEQ. As a dump, without attributes, it does so of all
 * remotes. Members may come to be added: skip attributes that you do not know.
 *
 * The multicast group "events" is told what happens, each event as a message with a
 * command of its own, RPROC_LITE_CMD_*_NTF. Each has ID, NAME, TIME and EVENT_SEQ,
 * which counts the events of a remote from 1 on (ADDED_NTF) until it goes
 * (REMOVED_NTF). A number that was left out means that events were lost; then, or
 * when recv(2) fails with ENOBUFS, ask again. An answer has all that events up to
 * its EVENT_SEQ tell, so join the group, then ask, and nothing is missed.
 *
 *	ADDED_NTF	STATE, STATE_SEQ, BACKEND, DETAIL
 *	REMOVED_NTF
 *	STATE_NTF	FROM, STATE, STATE_SEQ
 *	CRASH_NTF	STATE, STATE_SEQ, CRASH, CRASH_COUNT, LAST
 *	RECOVERY_NTF	STATE, STATE_SEQ, RECOVERY, ATTEMPT; DELAY_MS (waiting), ERROR (failed)
 *	VIRTIO_NTF	VDEV, ROLE; GONE if the device went, else it came
 *	TRACE_NTF	TRACE. There may be more to read now, in any of the trace buffers
 *			if there is no TRACE. At most ten a second for a remote
 *	POLICY_NTF	STATE, STATE_SEQ, POLICY: all of it, as it is now. To set what it is
 *			already is no event
 *
 * Documentation/netlink/specs/rproc_lite.yaml says the same for programs.
 */
#ifndef _UAPI_LINUX_RPROC_LITE_NETLINK_H
#define _UAPI_LINUX_RPROC_LITE_NETLINK_H

#define RPROC_LITE_FAMILY_NAME		"rproc_lite"
#define RPROC_LITE_FAMILY_VERSION	1

#define RPROC_LITE_MCGRP_EVENTS		"events"

enum rproc_lite_cmd {
	RPROC_LITE_CMD_GET = 1,
	RPROC_LITE_CMD_ADDED_NTF = 2,
	RPROC_LITE_CMD_REMOVED_NTF = 3,
	RPROC_LITE_CMD_STATE_NTF = 4,
	RPROC_LITE_CMD_CRASH_NTF = 5,
	RPROC_LITE_CMD_RECOVERY_NTF = 6,
	RPROC_LITE_CMD_VIRTIO_NTF = 7,
	RPROC_LITE_CMD_TRACE_NTF = 8,
	RPROC_LITE_CMD_POLICY_NTF = 9,

	__RPROC_LITE_CMD_MAX,
	RPROC_LITE_CMD_MAX = (__RPROC_LITE_CMD_MAX - 1)
};

/* Of a message. Those without a word are the member of struct rproc_lite_info. */
enum rproc_lite_attr {
	RPROC_LITE_A_ID = 1,		/* u32 */
	RPROC_LITE_A_NAME = 2,		/* string */
	RPROC_LITE_A_PAD = 3,
	RPROC_LITE_A_EVENT_SEQ = 4,	/* u64: of the event; in an answer, of the last */
	RPROC_LITE_A_TIME = 5,		/* u64: of the event, CLOCK_BOOTTIME, ns */
	RPROC_LITE_A_STATE = 6,		/* u32: enum rproc_lite_state */
	RPROC_LITE_A_STATE_SEQ = 7,	/* u64 */
	RPROC_LITE_A_STATE_SINCE = 8,	/* u64 */
	RPROC_LITE_A_OP = 9,		/* u32: enum rproc_lite_op */
	RPROC_LITE_A_OP_PID = 10,	/* u32 */
	RPROC_LITE_A_OP_DONE = 11,	/* u64 */
	RPROC_LITE_A_OP_TOTAL = 12,	/* u64 */
	RPROC_LITE_A_CRASH = 13,	/* u32: enum rproc_lite_crash */
	RPROC_LITE_A_CRASH_COUNT = 14,	/* u32 */
	RPROC_LITE_A_LAST = 15,		/* enum rproc_lite_verdict_attr, nested */
	RPROC_LITE_A_FLAGS = 16,	/* u32: RPROC_LITE_INFO_* */
	RPROC_LITE_A_NUM_REGIONS = 17,	/* u32 */
	RPROC_LITE_A_NUM_PLACEMENTS = 18, /* u32 */
	RPROC_LITE_A_NUM_ENTRIES = 19,	/* u32 */
	RPROC_LITE_A_NUM_TRACES = 20,	/* u32 */
	RPROC_LITE_A_NUM_VDEVS = 21,	/* u32 */
	RPROC_LITE_A_ELF_CLASS = 22,	/* u32 */
	RPROC_LITE_A_ELF_MACHINE = 23,	/* u32 */
	RPROC_LITE_A_STOP_TIMEOUT_MS = 24, /* u32 */
	RPROC_LITE_A_ENTRY = 25,	/* u64 */
	RPROC_LITE_A_IMAGE_SIZE = 26,	/* u64 */
	RPROC_LITE_A_TABLE_DA = 27,	/* u64 */
	RPROC_LITE_A_TABLE_SIZE = 28,	/* u32 */
	RPROC_LITE_A_DIGEST = 29,	/* u64 */
	RPROC_LITE_A_LOADED = 30,	/* u64 */
	RPROC_LITE_A_KEPT = 31,		/* u64 */
	RPROC_LITE_A_SHA256 = 32,	/* binary, only if it is known */
	RPROC_LITE_A_BACKEND = 33,	/* string */
	RPROC_LITE_A_DETAIL = 34,	/* string */
	RPROC_LITE_A_IMAGE = 35,	/* string */

	RPROC_LITE_A_FROM = 36,		/* u32: enum rproc_lite_state */
	RPROC_LITE_A_RECOVERY = 37,	/* u32: enum rproc_lite_recovery; in answers, too */
	RPROC_LITE_A_ATTEMPT = 38,	/* u32: recovery_attempts; in answers, too */
	RPROC_LITE_A_DELAY_MS = 39,	/* u32 */
	RPROC_LITE_A_ERROR = 40,	/* s32: a negative errno */
	RPROC_LITE_A_VDEV = 41,		/* u32: which vdev of the resource table */
	RPROC_LITE_A_ROLE = 42,		/* u32: enum rproc_lite_virtio_role */
	RPROC_LITE_A_GONE = 43,		/* flag */
	RPROC_LITE_A_TRACE = 44,	/* u32: which trace buffer */

	RPROC_LITE_A_CRASH_SINCE = 45,	/* u64 */
	RPROC_LITE_A_RECOVERED = 46,	/* u32 */
	RPROC_LITE_A_POLICY = 47,	/* enum rproc_lite_policy_attr, nested */

	__RPROC_LITE_A_MAX,
	RPROC_LITE_A_MAX = (__RPROC_LITE_A_MAX - 1)
};

/* Of RPROC_LITE_A_LAST: the members of struct rproc_lite_verdict. */
enum rproc_lite_verdict_attr {
	RPROC_LITE_V_ERROR = 1,		/* s32 */
	RPROC_LITE_V_WHERE = 2,		/* u32: enum rproc_lite_where */
	RPROC_LITE_V_INDEX = 3,		/* u32 */
	RPROC_LITE_V_PAD = 4,
	RPROC_LITE_V_OFFSET = 5,	/* u64 */
	RPROC_LITE_V_TEXT = 6,		/* string */

	__RPROC_LITE_V_MAX,
	RPROC_LITE_V_MAX = (__RPROC_LITE_V_MAX - 1)
};

/* Of RPROC_LITE_A_POLICY: the members of struct rproc_lite_policy. */
enum rproc_lite_policy_attr {
	RPROC_LITE_P_RECOVERY = 1,	/* u32: RPROC_LITE_RECOVER_* */
	RPROC_LITE_P_RECOVERY_LIMIT = 2, /* u32 */
	RPROC_LITE_P_RECOVERY_DELAY_MS = 3, /* u32 */
	RPROC_LITE_P_RECOVERY_DELAY_MAX_MS = 4, /* u32 */
	RPROC_LITE_P_RECOVERY_WINDOW_MS = 5, /* u32 */
	RPROC_LITE_P_RECOVERY_CHANGED = 6, /* u32 */
	RPROC_LITE_P_HEARTBEAT_MS = 7,	/* u32 */
	RPROC_LITE_P_HEARTBEAT_MISSES = 8, /* u32 */
	RPROC_LITE_P_COREDUMP = 9,	/* u32: RPROC_LITE_COREDUMP_* */
	RPROC_LITE_P_COREDUMP_TIMEOUT_MS = 10, /* u32 */
	RPROC_LITE_P_SUSPEND = 11,	/* u32: RPROC_LITE_SLEEP_* */
	RPROC_LITE_P_SUSPEND_TIMEOUT_MS = 12, /* u32 */
	RPROC_LITE_P_SUSPEND_BLOCKS = 13, /* u32 */
	RPROC_LITE_P_DELEGATE = 14,	/* u32: RPROC_LITE_DELEGATE_* */

	__RPROC_LITE_P_MAX,
	RPROC_LITE_P_MAX = (__RPROC_LITE_P_MAX - 1)
};

#endif /* _UAPI_LINUX_RPROC_LITE_NETLINK_H */
