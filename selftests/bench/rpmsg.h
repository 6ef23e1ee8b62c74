/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rpmsg through /dev/rpmsgN, whoever is behind it: upstream's rpmsg_char makes one for each
 * channel "rpmsg-raw", and the test firmware "rpmsg" answers there. Calls return 0 or a
 * negative errno. Times are nanoseconds.
 */
#ifndef RPMSG_H
#define RPMSG_H

#include <stddef.h>
#include <stdint.h>

/* Wait until there is one. Return: a file descriptor. */
int rpmsg_open(void);
/* Wait until there is none any more. */
int rpmsg_gone(void);

/* @count messages of @size bytes there and back, one at a time: how long each took. */
int rpmsg_round_trips(int fd, size_t size, uint64_t *ns, unsigned int count);
/* How long @count messages take to the firmware, until it tells that it has had them. */
int rpmsg_send_many(int fd, size_t size, unsigned int count, uint64_t *ns);
/* How long @count messages take from the firmware, from asking for them on. */
int rpmsg_get_many(int fd, size_t size, unsigned int count, uint64_t *ns);

#endif /* RPMSG_H */
