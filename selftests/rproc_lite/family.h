/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic netlink family "rproc_lite", spoken to without any library, so that
 * what no library would send can be sent. Calls return 0 or a negative errno.
 */
#ifndef FAMILY_H
#define FAMILY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/netlink.h>
#include <linux/rproc_lite_netlink.h>

/**
 * struct family - a socket
 * @fd: of it
 * @id: of the family
 * @group: of its events
 * @seq: of the last message sent
 * @buf: what came at once
 * @len: bytes of it
 * @at: those that were looked at
 */
struct family {
	int fd;
	uint16_t id;
	uint32_t group;
	uint32_t seq;
	char buf[32768] __attribute__((aligned(8)));
	size_t len;
	size_t at;
};

/**
 * struct message - one that came, good until the next one is taken
 * @type: the family's id, NLMSG_ERROR or NLMSG_DONE
 * @flags: NLM_F_*
 * @cmd: RPROC_LITE_CMD_*
 * @error: of NLMSG_ERROR and NLMSG_DONE
 * @text: of the error, or ""
 * @offset: of the attribute at fault, in the message sent; 0 if none is named
 * @missing: which attribute is missing; 0 if none
 * @attr: NULL where there is none
 */
struct message {
	uint16_t type;
	uint16_t flags;
	uint8_t cmd;
	int error;
	const char *text;
	uint32_t offset;
	uint32_t missing;
	const struct nlattr *attr[RPROC_LITE_A_MAX + 1];
};

int family_open(struct family *f);
void family_close(struct family *f);
int family_join(struct family *f);
int family_leave(struct family *f);

/* A request with these bytes behind the generic header. */
int family_send(struct family *f, uint8_t cmd, uint16_t flags, const void *attrs, size_t len);
/* All bytes of a message as they are, but for length, type and sequence number. */
int family_send_raw(struct family *f, void *msg, size_t len);

/* Append an attribute at *len of @buf. */
void put_attr(void *buf, size_t *len, uint16_t type, const void *data, size_t size);

/* The next message, within so many ms: -ETIMEDOUT, -ENOBUFS. */
int family_recv(struct family *f, struct message *m, int timeout_ms);
/* GET of a remote. @m->error if it is refused. */
int family_get(struct family *f, uint32_t id, struct message *m);
/* The next event of a kind of remote @id, within REMOTE_PATIENCE; others are dropped. */
int family_event(struct family *f, uint32_t id, uint8_t cmd, struct message *m);

/* 0 and "" where there is none of that size. */
uint32_t attr_u32(const struct message *m, int attr);
uint64_t attr_u64(const struct message *m, int attr);
const char *attr_str(const struct message *m, int attr);
/* Of the attributes nested in one. */
const struct nlattr *attr_nested(const struct nlattr *nest, int attr);
const void *attr_data(const struct nlattr *attr);
size_t attr_len(const struct nlattr *attr);

#endif /* FAMILY_H */
