/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * The resource table of a remote processor's firmware, version 1, as it lies
 * in the ELF section ".resource_table" and in the remote's memory.
 *
 * All words are little-endian; entries may start at any byte offset. Offsets
 * in @offset[] count from the start of the table. An address of
 * RPROC_LITE_RSC_ANY means "choose one for me and write it here".
 */
#ifndef _UAPI_LINUX_RPROC_LITE_RSC_H
#define _UAPI_LINUX_RPROC_LITE_RSC_H

#include <linux/types.h>

#define RPROC_LITE_RSC_VERSION		1
#define RPROC_LITE_RSC_ANY		0xffffffffU
#define RPROC_LITE_RSC_NAME_MAX		32
/* A table is at most this long, and has at most so many entries. */
#define RPROC_LITE_RSC_SIZE_MAX		65536U
#define RPROC_LITE_RSC_NUM_MAX		256U
/* A trace buffer is at most this long. */
#define RPROC_LITE_RSC_TRACE_MAX	1048576U

enum rproc_lite_rsc_type {
	RPROC_LITE_RSC_CARVEOUT = 0,
	RPROC_LITE_RSC_DEVMEM = 1,
	RPROC_LITE_RSC_TRACE = 2,
	RPROC_LITE_RSC_VDEV = 3,
	/* From here to VENDOR_END the backend says what an entry means; but one is ours. */
	RPROC_LITE_RSC_VENDOR_START = 128,
	RPROC_LITE_RSC_VDEV_FEATURES = 500,
	RPROC_LITE_RSC_VENDOR_END = 512,
};

struct rproc_lite_rsc_table {
	__le32 ver;
	__le32 num;
	__le32 reserved[2];		/* zero */
	__le32 offset[];		/* @num of them */
} __attribute__((packed));

/* Memory that the firmware wants: 56 bytes. */
struct rproc_lite_rsc_carveout {
	__le32 type;
	__le32 da;			/* device address, or ANY */
	__le32 pa;			/* physical address, or ANY; 0 is "any" too */
	__le32 len;			/* bytes, not zero */
	__le32 flags;			/* IOMMU protection flags, not used */
	__le32 reserved;		/* zero */
	__u8 name[RPROC_LITE_RSC_NAME_MAX];
} __attribute__((packed));

/* Registers or memory that the firmware wants to reach: 56 bytes. */
struct rproc_lite_rsc_devmem {
	__le32 type;
	__le32 da;
	__le32 pa;
	__le32 len;
	__le32 flags;
	__le32 reserved;
	__u8 name[RPROC_LITE_RSC_NAME_MAX];
} __attribute__((packed));

/* A buffer that the firmware logs text to: 48 bytes. */
struct rproc_lite_rsc_trace {
	__le32 type;
	__le32 da;			/* or ANY */
	__le32 len;			/* bytes, not zero */
	__le32 reserved;		/* zero */
	__u8 name[RPROC_LITE_RSC_NAME_MAX];
} __attribute__((packed));

/* One ring of a virtio device: 20 bytes. */
struct rproc_lite_rsc_vring {
	__le32 da;			/* or ANY */
	__le32 align;			/* bytes, a power of two, 4 to 65536 */
	__le32 num;			/* buffers, a power of two, 1 to 32768 */
	__le32 notifyid;		/* unique in the table, or ANY */
	__le32 pa;			/* not used: 0 or ANY */
} __attribute__((packed));

/*
 * A virtio device: 28 bytes, then @num_of_vrings rings of 20 bytes, then
 * @config_len bytes of configuration space.
 */
struct rproc_lite_rsc_vdev {
	__le32 type;
	__le32 id;			/* virtio device id */
	__le32 notifyid;		/* for changes of configuration */
	__le32 dfeatures;		/* what the firmware offers */
	__le32 gfeatures;		/* what the driver took */
	__le32 config_len;		/* bytes */
	__u8 status;			/* virtio status, written by the driver */
	__u8 num_of_vrings;		/* at least 1 */
	__u8 reserved[2];		/* zero */
	struct rproc_lite_rsc_vring vring[];
} __attribute__((packed));

/* Whatever vendor and backend agreed upon: 8 bytes, then @len bytes. */
struct rproc_lite_rsc_vendor {
	__le32 type;			/* VENDOR_START to VENDOR_END */
	__le32 len;			/* bytes of @data */
	__u8 data[];
} __attribute__((packed));

/*
 * The upper halves of a virtio device's features, such as VIRTIO_F_VERSION_1, for which
 * its own entry has no room: 20 bytes. To who does not know it, it is a vendor's entry.
 */
struct rproc_lite_rsc_vdev_features {
	__le32 type;			/* VDEV_FEATURES */
	__le32 len;			/* 12 */
	__le32 vdev;			/* of the n-th vdev entry, from 0; one for each */
	__le32 dfeatures;		/* bits 32 to 63 of what the firmware offers */
	__le32 gfeatures;		/* bits 32 to 63 of what the driver took */
} __attribute__((packed));

/*
 * Firmware that wants its registers in core dumps asks for a carveout of this name in its
 * resource table, and when it ran into a fault puts a struct rproc_lite_registers at its
 * start: @magic last, behind a barrier, and before it tells Linux of the crash. If @magic
 * is there already an older fault was the first, and is to stay. Linux clears memory whose
 * place it chose; the firmware does if it fixed the address.
 */
#define RPROC_LITE_REGISTERS_NAME	"rproc-lite,registers"
#define RPROC_LITE_REGISTERS_MAGIC	0x31475252U	/* "RRG1" */
#define RPROC_LITE_REGISTERS_MAX	34U

/**
 * struct rproc_lite_registers - a processor's registers when it ran into a fault
 * @magic: RPROC_LITE_REGISTERS_MAGIC
 * @machine: e_machine of the image
 * @signal: what Linux calls such a fault: 4 a bad instruction, 5 a breakpoint, 7 or 11 a
 *	bad address, 8 a bad calculation; 0 none of these
 * @num: of @reg that hold: 34 for AArch64, 17 for ARM
 * @reg: AArch64: x0 to x30, sp, pc, pstate. ARM: r0 to r15, cpsr, of which r13 and r14 are
 *	those of the mode that it was in. The pc is that of the instruction at fault
 *
 * 288 bytes. It is read once, and what is not as said here is as good as none.
 */
struct rproc_lite_registers {
	__le32 magic;
	__le32 machine;
	__le32 signal;
	__le32 num;
	__le64 reg[RPROC_LITE_REGISTERS_MAX];
};

#endif /* _UAPI_LINUX_RPROC_LITE_RSC_H */
