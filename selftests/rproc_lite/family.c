// SPDX-License-Identifier: GPL-2.0-only
/* The generic netlink family, spoken to: see family.h. */
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/genetlink.h>

#include "family.h"
#include "remote.h"

const void *attr_data(const struct nlattr *attr)
{
	return (const char *)attr + NLA_HDRLEN;
}

size_t attr_len(const struct nlattr *attr)
{
	return attr->nla_len - NLA_HDRLEN;
}

/* The attribute at *at of @len bytes, and move on; NULL at the end. */
static const struct nlattr *next_attr(const void *attrs, size_t len, size_t *at)
{
	const struct nlattr *a = (const void *)((const char *)attrs + *at);

	if (*at + NLA_HDRLEN > len || a->nla_len < NLA_HDRLEN || *at + a->nla_len > len)
		return NULL;
	*at += NLA_ALIGN(a->nla_len);
	return a;
}

static const struct nlattr *find_attr(const void *attrs, size_t len, int type)
{
	const struct nlattr *a;
	size_t at = 0;

	while ((a = next_attr(attrs, len, &at)))
		if ((a->nla_type & NLA_TYPE_MASK) == type)
			return a;
	return NULL;
}

const struct nlattr *attr_nested(const struct nlattr *nest, int attr)
{
	return nest ? find_attr(attr_data(nest), attr_len(nest), attr) : NULL;
}

uint32_t attr_u32(const struct message *m, int attr)
{
	uint32_t value = 0;

	if (m->attr[attr] && attr_len(m->attr[attr]) == sizeof(value))
		memcpy(&value, attr_data(m->attr[attr]), sizeof(value));
	return value;
}

uint64_t attr_u64(const struct message *m, int attr)
{
	uint64_t value = 0;

	if (m->attr[attr] && attr_len(m->attr[attr]) == sizeof(value))
		memcpy(&value, attr_data(m->attr[attr]), sizeof(value));
	return value;
}

const char *attr_str(const struct message *m, int attr)
{
	const struct nlattr *a = m->attr[attr];

	return a && attr_len(a) && !((const char *)attr_data(a))[attr_len(a) - 1] ?
	       attr_data(a) : "";
}

void put_attr(void *buf, size_t *len, uint16_t type, const void *data, size_t size)
{
	struct nlattr a = { .nla_len = (uint16_t)(NLA_HDRLEN + size), .nla_type = type };
	char *to = (char *)buf + *len;

	memset(to, 0, NLA_ALIGN(a.nla_len));
	memcpy(to, &a, sizeof(a));
	memcpy(to + NLA_HDRLEN, data, size);
	*len += NLA_ALIGN(a.nla_len);
}

int family_send_raw(struct family *f, void *msg, size_t len)
{
	struct nlmsghdr *h = msg;

	h->nlmsg_len = (uint32_t)len;
	h->nlmsg_seq = ++f->seq;
	return send(f->fd, msg, len, 0) == (ssize_t)len ? 0 : -errno;
}

static int send_to(struct family *f, uint16_t type, uint8_t cmd, uint16_t flags,
		   const void *attrs, size_t len)
{
	struct {
		struct nlmsghdr h;
		struct genlmsghdr g;
		char attrs[4096];
	} msg = {
		.h = { .nlmsg_type = type, .nlmsg_flags = NLM_F_REQUEST | flags },
		.g = { .cmd = cmd, .version = RPROC_LITE_FAMILY_VERSION },
	};

	if (len > sizeof(msg.attrs))
		return -EMSGSIZE;
	if (len)
		memcpy(msg.attrs, attrs, len);
	return family_send_raw(f, &msg, NLMSG_HDRLEN + GENL_HDRLEN + len);
}

int family_send(struct family *f, uint8_t cmd, uint16_t flags, const void *attrs, size_t len)
{
	return send_to(f, f->id, cmd, flags, attrs, len);
}

static void take_error(const struct nlmsghdr *h, const void *data, size_t len,
		       struct message *m)
{
	const struct nlattr *a;
	const void *tlvs;
	size_t at = sizeof(int);

	memcpy(&m->error, data, sizeof(m->error));
	if (h->nlmsg_type == NLMSG_ERROR) {
		const struct nlmsgerr *e = data;

		at = sizeof(*e);
		if (!(h->nlmsg_flags & NLM_F_CAPPED))
			at += NLMSG_ALIGN(e->msg.nlmsg_len) - NLMSG_HDRLEN;
	}
	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS) || at > len)
		return;
	tlvs = (const char *)data + at;
	len -= at;
	a = find_attr(tlvs, len, NLMSGERR_ATTR_MSG);
	if (a)
		m->text = attr_data(a);
	a = find_attr(tlvs, len, NLMSGERR_ATTR_OFFS);
	if (a)
		memcpy(&m->offset, attr_data(a), sizeof(m->offset));
	a = find_attr(tlvs, len, NLMSGERR_ATTR_MISS_TYPE);
	if (a)
		memcpy(&m->missing, attr_data(a), sizeof(m->missing));
}

static void take(const struct nlmsghdr *h, struct message *m)
{
	const char *data = (const char *)h + NLMSG_HDRLEN;
	size_t at = 0, len = h->nlmsg_len - NLMSG_HDRLEN;
	const struct nlattr *a;

	memset(m, 0, sizeof(*m));
	m->text = "";
	m->type = h->nlmsg_type;
	m->flags = h->nlmsg_flags;
	if (h->nlmsg_type == NLMSG_ERROR || h->nlmsg_type == NLMSG_DONE) {
		take_error(h, data, len, m);
		return;
	}
	m->cmd = ((const struct genlmsghdr *)data)->cmd;
	data += GENL_HDRLEN;
	len -= GENL_HDRLEN;
	while ((a = next_attr(data, len, &at)))
		if ((a->nla_type & NLA_TYPE_MASK) <= RPROC_LITE_A_MAX)
			m->attr[a->nla_type & NLA_TYPE_MASK] = a;
}

static int fill(struct family *f, int timeout_ms)
{
	struct pollfd p = { .fd = f->fd, .events = POLLIN };
	ssize_t n;

	if (poll(&p, 1, timeout_ms) <= 0)
		return -ETIMEDOUT;
	n = recv(f->fd, f->buf, sizeof(f->buf), MSG_DONTWAIT);
	if (n < 0)
		return -errno;
	f->len = (size_t)n;
	f->at = 0;
	return 0;
}

int family_recv(struct family *f, struct message *m, int timeout_ms)
{
	const struct nlmsghdr *h;
	int ret;

	if (f->at >= f->len) {
		ret = fill(f, timeout_ms);
		if (ret)
			return ret;
	}
	h = (const void *)(f->buf + f->at);
	if (f->at + NLMSG_HDRLEN > f->len || h->nlmsg_len < NLMSG_HDRLEN ||
	    f->at + h->nlmsg_len > f->len)
		return -EBADMSG;
	f->at += NLMSG_ALIGN(h->nlmsg_len);
	take(h, m);
	return 0;
}

int family_get(struct family *f, uint32_t id, struct message *m)
{
	char attrs[64];
	size_t len = 0;
	int ret;

	put_attr(attrs, &len, RPROC_LITE_A_ID, &id, sizeof(id));
	ret = family_send(f, RPROC_LITE_CMD_GET, 0, attrs, len);
	return ret ? ret : family_recv(f, m, REMOTE_PATIENCE);
}

int family_event(struct family *f, uint32_t id, uint8_t cmd, struct message *m)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	int ret;

	while (now_ms() < end) {
		ret = family_recv(f, m, REMOTE_PATIENCE);
		if (ret)
			return ret;
		if (m->type == f->id && m->cmd == cmd && m->attr[RPROC_LITE_A_ID] &&
		    attr_u32(m, RPROC_LITE_A_ID) == id)
			return 0;
	}
	return -ETIMEDOUT;
}

/* The family's number, and its only group's. */
static int resolve(struct family *f)
{
	const struct nlattr *groups, *id;
	const struct nlmsghdr *h = (const void *)f->buf;
	const char *data = f->buf + NLMSG_HDRLEN + GENL_HDRLEN;
	char attrs[64];
	size_t len = 0;
	int ret;

	put_attr(attrs, &len, CTRL_ATTR_FAMILY_NAME, RPROC_LITE_FAMILY_NAME,
		 sizeof(RPROC_LITE_FAMILY_NAME));
	ret = send_to(f, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 0, attrs, len);
	if (!ret)
		ret = fill(f, REMOTE_PATIENCE);
	if (ret)
		return ret;
	len = f->len - NLMSG_HDRLEN - GENL_HDRLEN;
	f->at = f->len;
	if (h->nlmsg_type == NLMSG_ERROR)
		return *(const int *)(f->buf + NLMSG_HDRLEN);
	id = find_attr(data, len, CTRL_ATTR_FAMILY_ID);
	groups = attr_nested(find_attr(data, len, CTRL_ATTR_MCAST_GROUPS), 1);
	if (!id || !groups)
		return -EBADMSG;
	memcpy(&f->id, attr_data(id), sizeof(f->id));
	groups = attr_nested(groups, CTRL_ATTR_MCAST_GRP_ID);
	if (!groups)
		return -EBADMSG;
	memcpy(&f->group, attr_data(groups), sizeof(f->group));
	return 0;
}

int family_open(struct family *f)
{
	const int one = 1;
	int ret;

	memset(f, 0, sizeof(*f));
	f->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (f->fd < 0)
		return -errno;
	setsockopt(f->fd, SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	setsockopt(f->fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, &one, sizeof(one));
	ret = resolve(f);
	if (ret)
		family_close(f);
	return ret;
}

void family_close(struct family *f)
{
	if (f->fd >= 0)
		close(f->fd);
	f->fd = -1;
}

int family_leave(struct family *f)
{
	return setsockopt(f->fd, SOL_NETLINK, NETLINK_DROP_MEMBERSHIP, &f->group,
			  sizeof(f->group)) ? -errno : 0;
}

int family_join(struct family *f)
{
	return setsockopt(f->fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &f->group,
			  sizeof(f->group)) ? -errno : 0;
}
