// SPDX-License-Identifier: GPL-2.0-only
/*
 * Firmware of a few instructions: see code.h.
 *
 * checkpatch: OPEN_ENDED_LINE: assembly has lines of its own.
 */
#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "code.h"
#include "remote.h"

#define WORD(x)	#x
#define NUMBER(x) WORD(x)

/* Hidden: the linker gives one GOT entry to all local symbols of a section. */
#define LABEL	extern const char __attribute__((visibility("hidden")))
LABEL late_begin[];
LABEL late_ms[];
LABEL late_end[];
LABEL mark_begin[];
LABEL mark_end[];
LABEL hung_begin[];
LABEL hung_end[];

/* CPU_OFF, by hvc, or by smc where we are at EL2 ourselves. */
#define OFF						\
"	mov	x0, #2\n"				\
"	movk	x0, #0x8400, lsl #16\n"		\
"	mrs	x1, CurrentEL\n"			\
"	cmp	x1, #(2 << 2)\n"			\
"	b.eq	2f\n"					\
"	hvc	#0\n"					\
"2:	smc	#0\n"

__asm__(
"	.pushsection .rodata\n"
"	.balign	4\n"
"late_begin:\n"
"	mrs	x1, cntfrq_el0\n"
"	ldr	w2, late_ms\n"
"	mul	x1, x1, x2\n"
"	mov	x2, #1000\n"
"	udiv	x1, x1, x2\n"
"	mrs	x2, cntvct_el0\n"
"	add	x1, x1, x2\n"
"1:	isb\n"
"	mrs	x2, cntvct_el0\n"
"	cmp	x2, x1\n"
"	b.lo	1b\n"
	OFF
"late_ms:\n"
"	.word	0\n"
"late_end:\n"
"mark_begin:\n"
"	adr	x1, mark_begin + " NUMBER(CODE_MARK_AT) "\n"
"	mov	w2, #" NUMBER(CODE_MARK) "\n"
"	str	w2, [x1]\n"
"	dsb	sy\n"
	OFF
"mark_end:\n"
"hung_begin:\n"
"1:	wfi\n"
"	b	1b\n"
"hung_end:\n"
"	.popsection\n");

/* A header, a segment, nothing else. */
static int make_image(int fd, const char *begin, const char *end)
{
	size_t size = (size_t)(end - begin);
	struct {
		Elf64_Ehdr head;
		Elf64_Phdr segment;
		char code[256];
	} image = {
		.head = {
			.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3,
				     ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
			.e_type = ET_EXEC, .e_machine = EM_AARCH64, .e_version = EV_CURRENT,
			.e_phoff = sizeof(Elf64_Ehdr), .e_ehsize = sizeof(Elf64_Ehdr),
			.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1,
			.e_shentsize = sizeof(Elf64_Shdr),
		},
		.segment = {
			.p_type = PT_LOAD, .p_flags = PF_R | PF_X,
			.p_offset = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr),
			.p_filesz = size, .p_memsz = size, .p_align = 4,
		},
	};
	struct rproc_lite_region region;
	int ret = remote_region(fd, 0, &region), file;

	if (ret || size > sizeof(image.code))
		return ret ? ret : -E2BIG;
	memcpy(image.code, begin, size);
	image.head.e_entry = region.da;
	image.segment.p_paddr = region.da;
	image.segment.p_vaddr = region.da;

	file = memfd_create("code", MFD_CLOEXEC);
	if (file < 0)
		return -errno;
	if (write(file, &image, sizeof(image)) == (ssize_t)sizeof(image))
		return file;
	close(file);
	return -EIO;
}

int code_late(int fd, uint32_t ms)
{
	off_t at = sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr) + (late_ms - late_begin);
	int file = make_image(fd, late_begin, late_end);

	if (file < 0 || pwrite(file, &ms, sizeof(ms), at) == (ssize_t)sizeof(ms))
		return file;
	close(file);
	return -EIO;
}

int code_mark(int fd)
{
	return make_image(fd, mark_begin, mark_end);
}

int code_hung(int fd)
{
	return make_image(fd, hung_begin, hung_end);
}
