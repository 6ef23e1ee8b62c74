/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * What a crash leaves behind: registers, where the firmware puts them for us, and our
 * note in the core dump.
 */
#ifndef _UAPI_LINUX_RPROC_LITE_CORE_H
#define _UAPI_LINUX_RPROC_LITE_CORE_H

#include <linux/rproc_lite.h>
#include <linux/types.h>

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
