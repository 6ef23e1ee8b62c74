/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/* What is of ours in the core dump of a remote that crashed: a note. */
#ifndef _UAPI_LINUX_RPROC_LITE_CORE_H
#define _UAPI_LINUX_RPROC_LITE_CORE_H

#include <linux/rproc_lite.h>
#include <linux/types.h>

/*
 * Core dumps are ELF cores, of class and machine of the image, little-endian. Their notes
 * are CORE's NT_PRSTATUS, if the firmware left its registers, and one of ours of this
 * name and type.
 */
#define RPROC_LITE_CORE_NAME		"RPROC_LITE"
#define RPROC_LITE_CORE_TYPE		0x314e5052U	/* "RPN1" */

/* rproc_lite_core_note.flags */
#define RPROC_LITE_CORE_REGISTERS	(1U << 0)	/* it left its registers */

/**
 * struct rproc_lite_core_note - our note in a core dump
 * @size: bytes of this struct, which may grow at its end
 * @flags: RPROC_LITE_CORE_*
 * @cause: enum rproc_lite_crash
 * @crash_count: crashes since the remote was registered, this one included
 * @crashed: when, CLOCK_REALTIME, nanoseconds
 * @since: the same by CLOCK_BOOTTIME, as INFO has it
 * @loaded: when its image was loaded, CLOCK_REALTIME, nanoseconds
 * @entry: da at which the image started
 * @digest: of the image, as INFO has it
 * @name: of the remote
 * @backend: which kind of remote it is
 * @detail: which piece of hardware, in the backend's words
 * @image: name of the image, or how it came
 * @text: what was wrong
 *
 * 640 bytes.
 */
struct rproc_lite_core_note {
	__le32 size;
	__le32 flags;
	__le32 cause;
	__le32 crash_count;
	__le64 crashed;
	__le64 since;
	__le64 loaded;
	__le64 entry;
	__le64 digest;
	char name[RPROC_LITE_NAME_MAX];
	char backend[RPROC_LITE_NAME_MAX];
	char detail[RPROC_LITE_NAME_MAX];
	char image[RPROC_LITE_PATH_MAX];
	char text[RPROC_LITE_TEXT_MAX];
};

#endif /* _UAPI_LINUX_RPROC_LITE_CORE_H */
