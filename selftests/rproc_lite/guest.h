/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The machine around a remote: CPUs, drivers, modules. Calls return 0 (or a
 * result) or a negative errno.
 */
#ifndef GUEST_H
#define GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* The CPU that a remote runs on, as its INFO tells. */
int cpu_of_remote(int fd);
int cpu_is_online(unsigned int cpu);
int cpu_set_online(unsigned int cpu, bool online);

/*
 * The CPU that a remote borrows, CPU_NONE if its core is none of Linux's. Then it is both
 * back and kept, always, so that tests need not ask what the remote is.
 */
#define CPU_NONE	(-1)
/* Return: 0, or a negative errno. */
int cpu_borrowed(int fd, int *cpu);
/* It is with Linux; it is away, and can't be had. */
bool cpu_is_back(int cpu);
bool cpu_is_kept(int cpu);

/* The platform device of remote @id: "remoteproc-0". */
int remote_device(unsigned int id, char *name, size_t size);
/* The driver for that device, which it need not have at present. */
int driver_unbind(const char *device);
int driver_bind(const char *device);

int module_load(const char *name);
/* -EAGAIN if it is in use. */
int module_unload(const char *name);
bool module_is_loaded(const char *name);
/* Its file, opened for reading, if it is one of ours. */
int module_open(const char *name);
/* Has this kernel one of ours called so, that only tests have? */
bool module_is_there(const char *name);

/* A whole file, NUL-terminated. Return: bytes. */
ssize_t read_text(const char *path, char *buf, size_t size);
int write_text(const char *path, const char *text);

/*
 * The system's sleep as far as "freezer", "devices" or "platform", and back after so many seconds.
 * Return: 0; -ENOTSUP if this kernel has no such test; or another negative errno.
 */
int sleep_as_far_as(const char *depth, const char *seconds);

/* So many, times RPROC_LITE_COUNT; says so. */
unsigned int count_from_env(unsigned int once);

#endif /* GUEST_H */
