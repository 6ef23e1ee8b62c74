/* SPDX-License-Identifier: GPL-2.0-only */
/* Firmware too odd for selftests/firmware: a few instructions, made into an image. */
#ifndef CODE_H
#define CODE_H

#include <stdint.h>

/* An image as a memfd, or a negative errno. @fd: the remote that it is for. */

/* Listens to nobody, and switches its core off @ms milliseconds after its start. */
int code_late(int fd, uint32_t ms);

/* Writes a word behind its code, and switches its core off. */
int code_mark(int fd);
#define CODE_MARK	0x4d41
#define CODE_MARK_AT	0x100

/* Listens to nobody, for ever. There is no way to have the core back. */
int code_hung(int fd);

#endif /* CODE_H */
