/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * /dev/rproc_lite<N>: one remote processor.
 *
 * The manual
 * ==========
 *
 * A remote is always in one of the states of enum rproc_lite_state, and an
 * ioctl takes it from one to the next:
 *
 *	         CONFIG            LOAD        START           STOP
 *	Offline ------> Configured ----> Ready -----> Running -----> Stopped
 *	   ^                |              |             |            | |
 *	   +----------------+--SHUTDOWN----+-------------+------------+ |
 *	             (but from Configured, by way of Stopped)           |
 *	                      Ready <-----------LOAD--------------------+
 *	                      Running <---------START-------------------+
 *
 * STOP also takes Ready to Stopped. A remote that dies goes from Running to
 * Crashed, from where STOP and SHUTDOWN lead on. STOP in Stopped or Offline
 * and SHUTDOWN in Offline succeed and change nothing. All else is refused
 * with EBADFD, and leaves everything as it was.
 *
 * One operation runs at a time. While it does, another gets EBUSY; but it waits for a
 * crash to be dealt with and for a stop that nobody asked for, STOP and SHUTDOWN take
 * over from a dump or restart after a crash, and START and RESUME wait while the system
 * sleeps. What only
 * asks (INFO, REGION, PLACEMENT, RSC, TRACE, poll) is always answered. An
 * operation that fails leaves the state from before it. Any signal ends a LOAD
 * with EINTR, and only a fatal one a STOP or SHUTDOWN that waits.
 *
 * Any open file can ask. To act it must be opened for writing: EBADF if not. Such a file
 * takes a remote through its life, with what lies in the firmware path. To choose the
 * code in any other way (LOAD from a descriptor, SET_RSC, CONFIG's addresses and the
 * backend's settings, memory that is written) takes CAP_SYS_RAWIO, both of who calls and
 * of who opened the file, or the policy "delegate=load": EPERM if not. When that is taken
 * away, what it may have led to can only be shut down.
 *
 * Every ioctl that acts ends its argument with a struct
 * rproc_lite_verdict. It is written whenever the ioctl fails (other than by
 * EFAULT, ENOMEM, ENOTTY or ENODEV), says what is wrong in words, and where.
 *
 * poll() reports POLLPRI when the state has changed, or a virtio device came, went,
 * broke or wants to be reset, since this file last asked for INFO (and right after
 * open); POLLIN when the remote has rung since this file's last TRACE that came back
 * empty (and right after open), so there may be more; and POLLHUP and POLLERR when the
 * remote is gone; every ioctl then fails with ENODEV.
 *
 * All sizes are bytes, times milliseconds unless named otherwise. "da" is an
 * address as the remote sees it, "pa" as Linux does. Padding and unknown flags
 * must be zero: EINVAL if not.
 */
#ifndef _UAPI_LINUX_RPROC_LITE_H
#define _UAPI_LINUX_RPROC_LITE_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define RPROC_LITE_NAME_MAX		32
#define RPROC_LITE_PATH_MAX		256
#define RPROC_LITE_TEXT_MAX		232

enum rproc_lite_state {
	RPROC_LITE_OFFLINE = 0,		/* powered off, owned by nobody */
	RPROC_LITE_CONFIGURED = 1,	/* ours, ready to load */
	RPROC_LITE_READY = 2,		/* an image is loaded */
	RPROC_LITE_RUNNING = 3,
	RPROC_LITE_STOPPED = 4,		/* not running, still powered */
	RPROC_LITE_SUSPENDED = 5,
	RPROC_LITE_CRASHED = 6,
};

enum rproc_lite_op {
	RPROC_LITE_OP_NONE = 0,
	RPROC_LITE_OP_CONFIG = 1,
	RPROC_LITE_OP_LOAD = 2,
	RPROC_LITE_OP_START = 3,
	RPROC_LITE_OP_STOP = 4,
	RPROC_LITE_OP_SHUTDOWN = 5,
	RPROC_LITE_OP_SET_RSC = 6,
	RPROC_LITE_OP_CREATE_VIRTIO = 7,
	RPROC_LITE_OP_REMOVE_VIRTIO = 8,
	RPROC_LITE_OP_CRASH = 9,	/* what follows a crash */
	RPROC_LITE_OP_DUMP = 10,	/* a core dump after a crash */
	RPROC_LITE_OP_RECOVER = 11,	/* a restart after a crash */
	RPROC_LITE_OP_SUSPEND = 12,
	RPROC_LITE_OP_RESUME = 13,
};

/* What a verdict's index and offset are about. */
enum rproc_lite_where {
	RPROC_LITE_AT_NOTHING = 0,
	RPROC_LITE_AT_ARGUMENT = 1,	/* the ioctl's argument */
	RPROC_LITE_AT_STATE = 2,	/* the remote's state */
	RPROC_LITE_AT_FILE = 3,		/* offset in the image's file */
	RPROC_LITE_AT_ELF_HEADER = 4,	/* offset in the image's file */
	RPROC_LITE_AT_SEGMENT = 5,	/* program header index, file offset */
	RPROC_LITE_AT_SECTION = 6,	/* section header index, file offset */
	RPROC_LITE_AT_TABLE = 7,	/* offset in the resource table */
	RPROC_LITE_AT_ENTRY = 8,	/* entry index, offset in the table */
	RPROC_LITE_AT_REGION = 9,	/* region index */
	RPROC_LITE_AT_BACKEND = 10,	/* the hardware, or its driver */
	RPROC_LITE_AT_RING = 11,	/* ring index */
};

#define RPROC_LITE_NO_INDEX		0xffffffffU
#define RPROC_LITE_NO_OFFSET		0xffffffffffffffffULL

/**
 * struct rproc_lite_verdict - why something was refused, or failed
 * @error: a negative errno, 0 if nothing was wrong
 * @where: enum rproc_lite_where
 * @index: of the thing at fault, or NO_INDEX
 * @pad: zero
 * @offset: of the byte at fault, or NO_OFFSET
 * @text: a sentence without its full stop, always NUL-terminated
 */
struct rproc_lite_verdict {
	__s32 error;
	__u32 where;
	__u32 index;
	__u32 pad;
	__u64 offset;
	char text[RPROC_LITE_TEXT_MAX];
};

/* What stopped a remote that should run. */
enum rproc_lite_crash {
	RPROC_LITE_CRASH_NONE = 0,
	RPROC_LITE_CRASH_FIRMWARE = 1,	/* the firmware said so */
	RPROC_LITE_CRASH_CORE_OFF = 2,	/* the core was found off */
	RPROC_LITE_CRASH_WATCHDOG = 3,	/* its watchdog barked */
	RPROC_LITE_CRASH_HEARTBEAT = 4,	/* the firmware did not answer */
	RPROC_LITE_CRASH_USER = 5,	/* somebody asked for it */
};

/* What becomes of a remote that crashed. */
enum rproc_lite_recovery {
	RPROC_LITE_RECOVERY_NONE = 0,
	RPROC_LITE_RECOVERY_WAITING = 1,	/* a restart is due after a delay */
	RPROC_LITE_RECOVERY_BEGUN = 2,		/* it is being restarted */
	RPROC_LITE_RECOVERY_DONE = 3,		/* it runs again */
	RPROC_LITE_RECOVERY_FAILED = 4,		/* it could not be restarted, or stopped */
	RPROC_LITE_RECOVERY_GIVEN_UP = 5,	/* it will not be restarted any more */
	RPROC_LITE_RECOVERY_STOPPED = 6,	/* it was stopped, as the policy says */
};

/* rproc_lite_info.flags */
#define RPROC_LITE_INFO_IMAGE		(1U << 0)	/* the image fields hold */
#define RPROC_LITE_INFO_TABLE		(1U << 1)	/* it has a resource table */
#define RPROC_LITE_INFO_READY		(1U << 2)	/* what runs, or crashed, said so */
#define RPROC_LITE_INFO_RESTARTABLE	(1U << 3)	/* START from Stopped will do */
#define RPROC_LITE_INFO_SHA256		(1U << 4)	/* sha256 holds */
#define RPROC_LITE_INFO_KEPT		(1U << 5)	/* a copy of a stream is kept */

/**
 * struct rproc_lite_info - all that there is to know of a remote, at once
 * @id: the N of /dev/rproc_lite<N>
 * @state: enum rproc_lite_state
 * @op: enum rproc_lite_op, the operation that runs now
 * @op_pid: process id of who runs it, as the caller sees it; 0 if none or unseen
 * @op_done: bytes that a load has placed so far
 * @op_total: bytes that it will have placed, 0 while not known
 * @state_seq: number of changes of state since the remote was registered
 * @state_since: when the state began, CLOCK_BOOTTIME, nanoseconds
 * @crash: enum rproc_lite_crash, the last crash
 * @crash_count: crashes since the remote was registered
 * @crash_since: when that was, CLOCK_BOOTTIME, nanoseconds; 0 if never
 * @recovery: enum rproc_lite_recovery, what became of the last crash
 * @recovery_attempts: restarts in a row because of crashes
 * @recovered: those that went well, since the remote was registered
 * @pad: zero
 * @flags: RPROC_LITE_INFO_*
 * @num_regions: how many indices REGION takes
 * @num_placements: how many indices PLACEMENT takes
 * @num_entries: how many indices RSC takes
 * @num_traces: how many indices TRACE takes
 * @elf_class: 1 for ELF32, 2 for ELF64, 0 for a raw binary
 * @elf_machine: e_machine of the image, 0 for a raw binary
 * @stop_timeout_ms: how long STOP and SHUTDOWN wait if not told
 * @entry: da at which the image starts
 * @image_size: bytes that it takes in memory
 * @table_da: where its resource table lies
 * @table_size: bytes
 * @num_vdevs: how many indices VIRTIO takes
 * @digest: XXH64 (seed 0) of the bytes that were placed, in the order of the file
 * @loaded: when, CLOCK_REALTIME, nanoseconds
 * @kept: bytes of memory that a kept copy of the image takes
 * @sha256: of the same bytes as @digest, if the load was told to
 * @name: of the remote
 * @backend: which kind of remote this is
 * @detail: which piece of hardware, in the backend's words
 * @image: name of the image, or how it came
 * @last: the last failure or crash
 */
struct rproc_lite_info {
	__u32 id;
	__u32 state;
	__u32 op;
	__u32 op_pid;
	__u64 op_done;
	__u64 op_total;
	__u64 state_seq;
	__u64 state_since;
	__u32 crash;
	__u32 crash_count;
	__u64 crash_since;
	__u32 recovery;
	__u32 recovery_attempts;
	__u32 recovered;
	__u32 pad;
	__u32 flags;
	__u32 num_regions;
	__u32 num_placements;
	__u32 num_entries;
	__u32 num_traces;
	__u32 elf_class;
	__u32 elf_machine;
	__u32 stop_timeout_ms;
	__u64 entry;
	__u64 image_size;
	__u64 table_da;
	__u32 table_size;
	__u32 num_vdevs;
	__u64 digest;
	__u64 loaded;
	__u64 kept;
	__u8 sha256[32];
	char name[RPROC_LITE_NAME_MAX];
	char backend[RPROC_LITE_NAME_MAX];
	char detail[RPROC_LITE_NAME_MAX];
	char image[RPROC_LITE_PATH_MAX];
	struct rproc_lite_verdict last;
};

/* rproc_lite_policy.recovery: what to do about a crash */
#define RPROC_LITE_RECOVER_NOT		0U	/* nothing */
#define RPROC_LITE_RECOVER_RESTART	1U
#define RPROC_LITE_RECOVER_STOP		2U

/* rproc_lite_policy.coredump: what to keep of a crash */
#define RPROC_LITE_COREDUMP_OFF		0U	/* nothing */
#define RPROC_LITE_COREDUMP_INLINE	1U	/* read from its memory while recovery waits */
#define RPROC_LITE_COREDUMP_COPY	2U	/* a copy of its memory */

/* rproc_lite_policy.suspend: what to do before the system sleeps */
#define RPROC_LITE_SLEEP_ASK		0U	/* ask the firmware to suspend */
#define RPROC_LITE_SLEEP_STOP		1U	/* stop it, and start it again afterwards */
#define RPROC_LITE_SLEEP_RUN		2U	/* let it run */

/* rproc_lite_policy.delegate: what who may write the device may do without CAP_SYS_RAWIO */
#define RPROC_LITE_DELEGATE_NONE	0U	/* run what is in the firmware path */
#define RPROC_LITE_DELEGATE_LOAD	1U	/* load anything, and write to its memory */

/**
 * struct rproc_lite_policy - POLICY: what a remote does of itself
 * @recovery: RPROC_LITE_RECOVER_*
 * @recovery_limit: restarts in a row before giving up; 0 is no limit
 * @recovery_delay_ms: before the first restart; twice as long before each that follows
 * @recovery_delay_max_ms: but no longer than this
 * @recovery_window_ms: who ran for that long crashes for the first time again
 * @recovery_changed: restart also if the image's file has changed since
 * @heartbeat_ms: how often the firmware is asked whether it lives; 0 is never
 * @heartbeat_misses: answers in a row that it may owe
 * @coredump: RPROC_LITE_COREDUMP_*
 * @coredump_timeout_ms: how long an inline dump waits for its reader
 * @suspend: RPROC_LITE_SLEEP_*
 * @suspend_timeout_ms: how long the firmware may take to suspend
 * @suspend_blocks: the system does not sleep if the remote did not do as told
 * @delegate: RPROC_LITE_DELEGATE_*
 * @pad: zero
 *
 * SET_POLICY takes a &struct rproc_lite_config whose settings have these names, with
 * "-" for "_", and these values: "recovery" none, restart, stop; "coredump" off, inline,
 * copy; "suspend" ask, stop, run; "recovery-changed" refuse, allow; "suspend-refused"
 * ignore, block; "delegate" none, load; numbers for the others. What is not named stays.
 * All or nothing is taken, in any state; the devicetree may have them too, as
 * "rproc-lite,<name>", but for "delegate", which only who has CAP_SYS_RAWIO sets.
 */
struct rproc_lite_policy {
	__u32 recovery;
	__u32 recovery_limit;
	__u32 recovery_delay_ms;
	__u32 recovery_delay_max_ms;
	__u32 recovery_window_ms;
	__u32 recovery_changed;
	__u32 heartbeat_ms;
	__u32 heartbeat_misses;
	__u32 coredump;
	__u32 coredump_timeout_ms;
	__u32 suspend;
	__u32 suspend_timeout_ms;
	__u32 suspend_blocks;
	__u32 delegate;
	__u32 pad[2];
};

/* rproc_lite_region.flags */
#define RPROC_LITE_REGION_IO		(1U << 0)	/* device memory, not RAM */
#define RPROC_LITE_REGION_MAPPABLE	(1U << 1)	/* mmap(2) is allowed */
#define RPROC_LITE_REGION_WINDOW	(1U << 2)	/* part of another, see ADD_MEM */

/**
 * struct rproc_lite_region - memory that the remote may use
 * @index: in: which one, from 0; ENOENT past the last
 * @flags: out: RPROC_LITE_REGION_*
 * @da: out: its address for the remote
 * @pa: out: its address for Linux
 * @size: out: bytes
 * @name: out
 */
struct rproc_lite_region {
	__u32 index;
	__u32 flags;
	__u64 da;
	__u64 pa;
	__u64 size;
	char name[RPROC_LITE_NAME_MAX];
};

/*
 * The device's file holds the memory of all regions, where FIND says; that of the
 * devicetree's region i begins at offset i << REGION_SHIFT. From CONFIG until
 * SHUTDOWN, pread(2) reads it, pwrite(2) writes it, and mmap(2) with MAP_SHARED
 * and without PROT_EXEC maps what is mappable. SHUTDOWN takes mappings away: who
 * touches one gets SIGBUS, also after another CONFIG. While the remote is Offline
 * they fail with ENXIO.
 */
#define RPROC_LITE_REGION_SHIFT		36

enum rproc_lite_find_by {
	RPROC_LITE_BY_NAME = 0,		/* @name, and @addr bytes into it */
	RPROC_LITE_BY_DA = 1,
	RPROC_LITE_BY_PA = 2,
	RPROC_LITE_BY_VA = 3,		/* a pointer into a mapping of this device */
};

/**
 * struct rproc_lite_find - FIND: what memory is that?
 * @by: in: enum rproc_lite_find_by
 * @region: out: index
 * @addr: in: the address, or bytes into the region
 * @len: in: bytes that must all be in it; may be 0
 * @da: out: its address for the remote
 * @pa: out: its address for Linux
 * @offset: out: of it in the device's file
 * @left: out: bytes from there to the region's end
 * @flags: out: RPROC_LITE_REGION_*
 * @pad: zero
 * @name: in with BY_NAME, out: of the region
 *
 * ENOENT if it is in no region.
 */
struct rproc_lite_find {
	__u32 by;
	__u32 region;
	__u64 addr;
	__u64 len;
	__u64 da;
	__u64 pa;
	__u64 offset;
	__u64 left;
	__u32 flags;
	__u32 pad;
	char name[RPROC_LITE_NAME_MAX];
};

/**
 * struct rproc_lite_mem_window - ADD_MEM and REMOVE_MEM
 * @flags: zero
 * @pad: zero
 * @da: where it begins; zero for REMOVE_MEM
 * @size: bytes, all in one declared region; zero for REMOVE_MEM
 * @name: of the window
 * @verdict: out
 *
 * A window gives part of a region a name: what a resource table asks for by that
 * name (a carveout, or "vdev0vring1") is placed there, and nothing else. EBUSY
 * while an operation runs.
 */
struct rproc_lite_mem_window {
	__u32 flags;
	__u32 pad;
	__u64 da;
	__u64 size;
	char name[RPROC_LITE_NAME_MAX];
	struct rproc_lite_verdict verdict;
};

enum rproc_lite_placement_kind {
	RPROC_LITE_PLACED_SEGMENT = 1,
	RPROC_LITE_PLACED_TABLE = 2,
	RPROC_LITE_PLACED_CARVEOUT = 3,
	RPROC_LITE_PLACED_DEVMEM = 4,
	RPROC_LITE_PLACED_TRACE = 5,
	RPROC_LITE_PLACED_VRING = 6,
	RPROC_LITE_PLACED_BUFFERS = 7,	/* for what Linux sends and receives */
};

/**
 * struct rproc_lite_placement - what lies where in the regions
 * @index: in: which one, from 0, by region and da; ENOENT past the last
 * @kind: out: enum rproc_lite_placement_kind
 * @region: out: index of the region
 * @source: out: index of the program header or table entry that it comes from
 * @da: out: where it begins
 * @size: out: bytes
 * @name: out
 */
struct rproc_lite_placement {
	__u32 index;
	__u32 kind;
	__u32 region;
	__u32 source;
	__u64 da;
	__u64 size;
	char name[RPROC_LITE_NAME_MAX];
};

/**
 * struct rproc_lite_rsc - one entry of the resource table in use
 * @index: in: which one, from 0; ENOENT past the last
 * @type: out: its first word
 * @offset: out: bytes from the table's start
 * @size: out: bytes in all, rings and payload included
 * @data: in: pointer to a buffer for the entry's bytes, as <linux/rproc_lite_rsc.h>
 *	lays them out, the addresses chosen filled in; may be 0
 * @data_len: in: bytes that fit there, a longer entry is cut; out: bytes that came
 * @pad: zero
 */
struct rproc_lite_rsc {
	__u32 index;
	__u32 type;
	__u32 offset;
	__u32 size;
	__u64 data;
	__u32 data_len;
	__u32 pad;
};

#define RPROC_LITE_TRACE_OLDEST		0xffffffffffffffffULL

/**
 * struct rproc_lite_trace - read a trace buffer on from a cursor
 * @index: in: which one, from 0; ENOENT past the last
 * @size: out: of the whole buffer, bytes
 * @cursor: in: TRACE_OLDEST, or what the last call left here; out: for the next
 * @data: in: pointer to a buffer
 * @data_len: in: bytes that fit there, out: bytes that came; 0 is the end for now
 * @pad: zero
 * @name: out: of the buffer
 */
struct rproc_lite_trace {
	__u32 index;
	__u32 size;
	__u64 cursor;
	__u64 data;
	__u32 data_len;
	__u32 pad;
	char name[RPROC_LITE_NAME_MAX];
};

/**
 * struct rproc_lite_config - CONFIG and SET_POLICY
 * @flags: zero
 * @data_len: bytes at @data, at most CONFIG_MAX
 * @data: pointer to settings, "key=value" and a NUL, again and again; 0 for none
 * @verdict: out
 *
 * CONFIG's settings hold until the remote is Offline again. Those that all remotes know:
 *
 *	stop-timeout-ms	how long STOP and SHUTDOWN wait if not told
 *	load-address	da for an image that is no ELF file
 *	boot-address	da to start at, instead of the image's entry point
 *	virtio		"auto": START makes a device of each vdev of the resource
 *			table, with Linux as its driver; "manual": CREATE_VIRTIO does
 *
 * Numbers are decimal or hexadecimal, 4096 or 0x1000. Others are the backend's; one
 * that nobody knows is refused.
 */
struct rproc_lite_config {
	__u32 flags;
	__u32 data_len;
	__u64 data;
	struct rproc_lite_verdict verdict;
};

#define RPROC_LITE_CONFIG_MAX		4096U

/**
 * struct rproc_lite_action - START, STOP, SHUTDOWN, SUSPEND, RESUME and CRASH
 * @flags: zero
 * @timeout_ms: how long STOP, SHUTDOWN or SUSPEND may wait for the firmware, at most
 *	an hour; 0 is the remote's own limit. Zero elsewhere.
 * @verdict: out
 */
struct rproc_lite_action {
	__u32 flags;
	__u32 timeout_ms;
	struct rproc_lite_verdict verdict;
};

#define RPROC_LITE_TIMEOUT_MAX_MS	3600000U

enum rproc_lite_source {
	RPROC_LITE_FROM_NAME = 0,	/* from the kernel's firmware path */
	RPROC_LITE_FROM_FD = 1,		/* a regular file, memfd, pipe or socket */
};

#define RPROC_LITE_NO_DA		0xffffffffffffffffULL

/**
 * struct rproc_lite_set_rsc - SET_RSC: give what is loaded another resource table
 * @flags: zero
 * @size: bytes, at most RPROC_LITE_RSC_SIZE_MAX
 * @data: pointer to the table, or 0 if it lies in the remote's memory at @da
 * @da: where the remote reads it and we write our choices, or NO_DA if nowhere
 * @verdict: out
 *
 * It is checked like one that came with the image, in whose place it is until
 * another image is loaded. Only in Ready.
 */
struct rproc_lite_set_rsc {
	__u32 flags;
	__u32 size;
	__u64 data;
	__u64 da;
	struct rproc_lite_verdict verdict;
};

/* rproc_lite_load.flags */
#define RPROC_LITE_LOAD_SHA256		(1U << 0)	/* compute it, it costs time */
#define RPROC_LITE_LOAD_KEEP		(1U << 1)	/* copy a stream, to start it again */

/**
 * struct rproc_lite_load - LOAD
 * @flags: RPROC_LITE_LOAD_*
 * @source: enum rproc_lite_source
 * @fd: file descriptor, open for reading; 0 with FROM_NAME. A file that can seek
 *	is read from its start, whatever its position; any other is read up to
 *	the end of the last thing needed.
 * @pad: zero
 * @name: which file, with FROM_NAME; with FROM_FD what to call the image in
 *	INFO, may be empty. NUL-terminated.
 * @verdict: out
 */
struct rproc_lite_load {
	__u32 flags;
	__u32 source;
	__s32 fd;
	__u32 pad;
	char name[RPROC_LITE_PATH_MAX];
	struct rproc_lite_verdict verdict;
};

/* Who drives a virtio device? */
enum rproc_lite_virtio_role {
	RPROC_LITE_VIRTIO_DRIVER = 0,	/* Linux does: it is on Linux's virtio bus */
	RPROC_LITE_VIRTIO_DEVICE = 1,	/* the remote does, and Linux is the device */
};

/**
 * struct rproc_lite_create_virtio - CREATE_VIRTIO: make a device of a vdev
 * @flags: zero
 * @vdev: which vdev entry of the resource table, from 0
 * @role: enum rproc_lite_virtio_role
 * @timeout_ms: how long to wait for the remote's driver with ROLE_DEVICE, at most an
 *	hour; 0 is five seconds. Zero with ROLE_DRIVER.
 * @pair: which pair of rings @fd is for with ROLE_DEVICE, from 0. Zero with ROLE_DRIVER.
 * @fd: out: with ROLE_DEVICE, a file descriptor (close-on-exec); else -1
 * @verdict: out
 *
 * Only in Running. What is there already stays, unless it broke or wants to be reset:
 * then another takes its place.
 *
 * With the role DEVICE, write(2) to @fd sends a message to the remote, in ring
 * 2 * @pair, and read(2) takes one that it sent, from ring 2 * @pair + 1: a whole one
 * of at most 65536 bytes each time. EMSGSIZE if it does not fit the remote's buffer,
 * or the reader's; ECONNRESET after the remote reset the device, EPIPE after it broke
 * the rules, ENODEV after the device was removed; poll(2) then reports POLLHUP. The
 * device goes when the last such descriptor is closed, by REMOVE_VIRTIO, or when the
 * remote is stopped.
 */
struct rproc_lite_create_virtio {
	__u32 flags;
	__u32 vdev;
	__u32 role;
	__u32 timeout_ms;
	__u32 pair;
	__s32 fd;
	struct rproc_lite_verdict verdict;
};

/**
 * struct rproc_lite_remove_virtio - REMOVE_VIRTIO
 * @flags: zero
 * @vdev: which vdev entry of the resource table, from 0; ENOENT if it has no device
 * @verdict: out
 *
 * Only in Running; a crash removes all.
 */
struct rproc_lite_remove_virtio {
	__u32 flags;
	__u32 vdev;
	struct rproc_lite_verdict verdict;
};

/* rproc_lite_virtio.flags */
#define RPROC_LITE_VIRTIO_CREATED	(1U << 0)	/* there is a device of it */
#define RPROC_LITE_VIRTIO_WANTS_RESET	(1U << 1)	/* the remote asked for it */
#define RPROC_LITE_VIRTIO_BROKEN	(1U << 2)	/* the remote broke the rules */

/**
 * struct rproc_lite_virtio - a vdev of the resource table, and its device
 * @index: in: which one, from 0; ENOENT past the last
 * @flags: out: RPROC_LITE_VIRTIO_*
 * @id: out: virtio device id
 * @role: out: enum rproc_lite_virtio_role, if created
 * @status: out: its status byte, if created
 * @num_rings: out
 * @config_len: out: bytes of configuration space
 * @pad: zero
 * @dfeatures: out: what the remote offers
 * @gfeatures: out: what was agreed upon, if created
 * @sent: out: messages that went to the remote, since the rings were set up
 * @received: out: messages that came from it
 * @bad: out: those that it sent in a way that is not allowed, which went nowhere
 * @name: out: of the device on Linux's virtio bus, "" if there is none
 */
struct rproc_lite_virtio {
	__u32 index;
	__u32 flags;
	__u32 id;
	__u32 role;
	__u32 status;
	__u32 num_rings;
	__u32 config_len;
	__u32 pad;
	__u64 dfeatures;
	__u64 gfeatures;
	__u64 sent;
	__u64 received;
	__u64 bad;
	char name[RPROC_LITE_NAME_MAX];
};

#define RPROC_LITE_IOC			0xBE

#define RPROC_LITE_IOC_INFO		_IOR(RPROC_LITE_IOC, 0x00, struct rproc_lite_info)
#define RPROC_LITE_IOC_REGION		_IOWR(RPROC_LITE_IOC, 0x01, struct rproc_lite_region)
#define RPROC_LITE_IOC_PLACEMENT	_IOWR(RPROC_LITE_IOC, 0x02, struct rproc_lite_placement)
#define RPROC_LITE_IOC_RSC		_IOWR(RPROC_LITE_IOC, 0x03, struct rproc_lite_rsc)
#define RPROC_LITE_IOC_TRACE		_IOWR(RPROC_LITE_IOC, 0x04, struct rproc_lite_trace)

#define RPROC_LITE_IOC_FIND		_IOWR(RPROC_LITE_IOC, 0x05, struct rproc_lite_find)
#define RPROC_LITE_IOC_VIRTIO		_IOWR(RPROC_LITE_IOC, 0x06, struct rproc_lite_virtio)

#define RPROC_LITE_IOC_POLICY		_IOR(RPROC_LITE_IOC, 0x07, struct rproc_lite_policy)

#define RPROC_LITE_IOC_ADD_MEM		_IOWR(RPROC_LITE_IOC, 0x08, struct rproc_lite_mem_window)
#define RPROC_LITE_IOC_REMOVE_MEM	_IOWR(RPROC_LITE_IOC, 0x09, struct rproc_lite_mem_window)

#define RPROC_LITE_IOC_CONFIG		_IOWR(RPROC_LITE_IOC, 0x10, struct rproc_lite_config)
#define RPROC_LITE_IOC_LOAD		_IOWR(RPROC_LITE_IOC, 0x11, struct rproc_lite_load)
#define RPROC_LITE_IOC_SET_RSC		_IOWR(RPROC_LITE_IOC, 0x15, struct rproc_lite_set_rsc)
#define RPROC_LITE_IOC_START		_IOWR(RPROC_LITE_IOC, 0x12, struct rproc_lite_action)
#define RPROC_LITE_IOC_STOP		_IOWR(RPROC_LITE_IOC, 0x13, struct rproc_lite_action)
#define RPROC_LITE_IOC_SHUTDOWN		_IOWR(RPROC_LITE_IOC, 0x14, struct rproc_lite_action)

#define RPROC_LITE_IOC_SUSPEND		_IOWR(RPROC_LITE_IOC, 0x16, struct rproc_lite_action)
#define RPROC_LITE_IOC_RESUME		_IOWR(RPROC_LITE_IOC, 0x17, struct rproc_lite_action)
#define RPROC_LITE_IOC_SET_POLICY	_IOWR(RPROC_LITE_IOC, 0x1a, struct rproc_lite_config)
#define RPROC_LITE_IOC_CRASH		_IOWR(RPROC_LITE_IOC, 0x1b, struct rproc_lite_action)

#define RPROC_LITE_IOC_CREATE_VIRTIO	_IOWR(RPROC_LITE_IOC, 0x18, \
					      struct rproc_lite_create_virtio)
#define RPROC_LITE_IOC_REMOVE_VIRTIO	_IOWR(RPROC_LITE_IOC, 0x19, \
					      struct rproc_lite_remove_virtio)

#endif /* _UAPI_LINUX_RPROC_LITE_H */
