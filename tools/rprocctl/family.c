// SPDX-License-Identifier: GPL-2.0-only
#include <sys/socket.h>

#include <linux/genetlink.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include "family.h"
#include "verdict.h"

/* A burst that is longer is lost in part, if we do not get to run meanwhile. */
#define HEARD_BYTES	(1 << 20)

/**
 * struct caller - what callbacks are told
 * @f: the connection
 * @fn: what the caller wants done
 * @arg: for @fn
 * @v: the kernel's reason
 * @error: what it says of a request, or of the family
 * @ended: that was all of an answer
 */
struct caller {
	struct family *f;
	family_fn *fn;
	void *arg;
	struct rproc_lite_verdict *v;
	int error;
	bool ended;
};

static int refuse_nl(struct rproc_lite_verdict *v, int nl_error, const char *what)
{
	return rl_refuse_plain(v, nl_error == -NLE_NOMEM ? -ENOMEM : -EIO,
			       RPROC_LITE_AT_NOTHING, "netlink, %s: %s", what,
			       nl_geterror(nl_error));
}

/* The family was unregistered: its number means nothing any more. */
static bool tells_end(struct family *f, struct nlmsghdr *h)
{
	struct nlattr *a[CTRL_ATTR_MAX + 1];

	return h->nlmsg_type == GENL_ID_CTRL && genlmsg_valid_hdr(h, 0) &&
	       genlmsg_hdr(h)->cmd == CTRL_CMD_DELFAMILY &&
	       !genlmsg_parse(h, 0, a, CTRL_ATTR_MAX, NULL) && a[CTRL_ATTR_FAMILY_ID] &&
	       nla_get_u16(a[CTRL_ATTR_FAMILY_ID]) == f->id;
}

static int on_message(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *h = nlmsg_hdr(msg);
	struct caller *c = arg;
	struct event e;

	/* Only the kernel knows. */
	if (nlmsg_get_src(msg)->nl_pid)
		return NL_SKIP;
	if (tells_end(c->f, h))
		c->error = rl_refuse_plain(c->v, -ENODEV, RPROC_LITE_AT_NOTHING,
					   "the module rproc_lite is gone");
	else if (h->nlmsg_type == c->f->id && event_parse(h, &e))
		c->fn(&e, c->arg);
	return NL_OK;
}

/* The kernel's own words, if it has some, which are so far into the message. */
static const char *words_at(struct nlmsghdr *h, size_t skip)
{
	struct nlattr *a;

	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS) || h->nlmsg_len < NLMSG_HDRLEN + skip)
		return NULL;
	a = nla_find((struct nlattr *)((char *)nlmsg_data(h) + skip),
		     (int)(h->nlmsg_len - NLMSG_HDRLEN - skip), NLMSGERR_ATTR_MSG);
	return a && nla_len(a) && !((char *)nla_data(a))[nla_len(a) - 1] ? nla_data(a) : NULL;
}

static void note_error(struct caller *c, int error, const char *words)
{
	c->error = rl_refuse_plain(c->v, error, RPROC_LITE_AT_NOTHING, "%s",
				   words ? words : strerror(-error));
}

static int on_error(struct sockaddr_nl *from, struct nlmsgerr *e, void *arg)
{
	struct nlmsghdr *h = (struct nlmsghdr *)((char *)e - NLMSG_HDRLEN);
	size_t skip = sizeof(*e);

	(void)from;
	if (!(h->nlmsg_flags & NLM_F_CAPPED))
		skip += NLMSG_ALIGN(e->msg.nlmsg_len) - NLMSG_HDRLEN;
	note_error(arg, e->error, words_at(h, skip));
	return NL_STOP;
}

/* Also of a dump that failed: then its end says why. */
static int on_end(struct nl_msg *msg, void *arg)
{
	struct nlmsghdr *h = nlmsg_hdr(msg);
	struct caller *c = arg;
	int error = 0;

	if (h->nlmsg_type == NLMSG_DONE && h->nlmsg_len >= NLMSG_LENGTH(sizeof(error)))
		memcpy(&error, nlmsg_data(h), sizeof(error));
	if (error < 0)
		note_error(c, error, words_at(h, sizeof(error)));
	c->ended = true;
	return NL_STOP;
}

/* What nobody asked for answers no question. */
static int on_sequence(struct nl_msg *msg, void *arg)
{
	(void)msg;
	(void)arg;
	return NL_OK;
}

/* The callbacks of one receive; NULL without memory. */
static struct nl_cb *callbacks(struct caller *c)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);

	if (!cb)
		return NULL;
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_message, c);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, c);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_end, c);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_end, c);
	return cb;
}

static int connect_to(struct nl_sock **sk, struct rproc_lite_verdict *v)
{
	const int one = 1;
	int ret;

	*sk = nl_socket_alloc();
	if (!*sk)
		return refuse_nl(v, -NLE_NOMEM, "socket");
	ret = genl_connect(*sk);
	if (ret)
		return refuse_nl(v, ret, "connect");
	setsockopt(nl_socket_get_fd(*sk), SOL_NETLINK, NETLINK_EXT_ACK, &one, sizeof(one));
	return 0;
}

static int join(struct nl_sock *sk, int group, struct rproc_lite_verdict *v)
{
	int ret = group < 0 ? group : nl_socket_add_membership(sk, group);

	return ret ? refuse_nl(v, ret, "multicast group") : 0;
}

static void make_room(struct nl_sock *sk)
{
	const int size = HEARD_BYTES;

	if (setsockopt(nl_socket_get_fd(sk), SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		nl_socket_set_buffer_size(sk, size, 0);
}

/* The end of the family is heard of before it is looked up. */
static int set_up(struct family *f, struct rproc_lite_verdict *v)
{
	int ret;

	ret = connect_to(&f->ask, v);
	if (!ret)
		ret = connect_to(&f->heard, v);
	if (!ret)
		ret = join(f->heard, genl_ctrl_resolve_grp(f->ask, "nlctrl", "notify"), v);
	if (ret)
		return ret;
	f->id = genl_ctrl_resolve(f->ask, RPROC_LITE_FAMILY_NAME);
	if (f->id < 0)
		return rl_refuse_plain(v, -ENOENT, RPROC_LITE_AT_NOTHING,
				       "there is no netlink family " RPROC_LITE_FAMILY_NAME
				       " here: the module is not loaded or older than this rprocctl, or this is not the first network namespace");
	make_room(f->heard);
	nl_socket_set_nonblocking(f->heard);
	return join(f->heard, genl_ctrl_resolve_grp(f->ask, RPROC_LITE_FAMILY_NAME,
						    RPROC_LITE_MCGRP_EVENTS), v);
}

int family_open(struct family *f, struct rproc_lite_verdict *v)
{
	int ret;

	memset(f, 0, sizeof(*f));
	ret = set_up(f, v);
	if (ret)
		family_close(f);
	return ret;
}

void family_close(struct family *f)
{
	nl_socket_free(f->heard);
	nl_socket_free(f->ask);
	f->heard = NULL;
	f->ask = NULL;
}

static int send_get(struct family *f, u32 id, struct rproc_lite_verdict *v)
{
	struct nl_msg *msg = nlmsg_alloc();
	int ret = -NLE_NOMEM;

	if (msg && genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, f->id, 0,
			       id == RPROC_LITE_NO_INDEX ? NLM_F_DUMP : NLM_F_ACK,
			       RPROC_LITE_CMD_GET, RPROC_LITE_FAMILY_VERSION) &&
	    (id == RPROC_LITE_NO_INDEX || !nla_put_u32(msg, RPROC_LITE_A_ID, id)))
		ret = nl_send_auto(f->ask, msg);
	nlmsg_free(msg);
	return ret < 0 ? refuse_nl(v, ret, "send") : 0;
}

int family_ask(struct family *f, u32 id, family_fn *fn, void *arg, struct rproc_lite_verdict *v)
{
	struct caller c = { .f = f, .fn = fn, .arg = arg, .v = v };
	struct nl_cb *cb;
	int ret;

	ret = send_get(f, id, v);
	if (ret)
		return ret;
	cb = callbacks(&c);
	if (!cb)
		return refuse_nl(v, -NLE_NOMEM, "receive");
	f->interrupted = false;
	while (!c.ended && !c.error && (ret >= 0 || ret == -NLE_DUMP_INTR)) {
		ret = nl_recvmsgs(f->ask, cb);
		f->interrupted |= ret == -NLE_DUMP_INTR;
	}
	nl_cb_put(cb);
	if (c.error)
		return c.error;
	/* A remote came or went meanwhile; what was told is true of those that are there. */
	return ret < 0 && ret != -NLE_DUMP_INTR ? refuse_nl(v, ret, "receive") : 0;
}

int family_take(struct family *f, family_fn *fn, void *arg, struct rproc_lite_verdict *v)
{
	struct caller c = { .f = f, .fn = fn, .arg = arg, .v = v };
	struct nl_cb *cb;
	int ret;

	cb = callbacks(&c);
	if (!cb)
		return refuse_nl(v, -NLE_NOMEM, "receive");
	nl_cb_set(cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, on_sequence, NULL);
	ret = nl_recvmsgs(f->heard, cb);
	nl_cb_put(cb);
	if (c.error)
		return c.error;
	/* That is how libnl says ENOBUFS. */
	if (ret == -NLE_NOMEM)
		return rl_refuse_plain(v, -ENOBUFS, RPROC_LITE_AT_NOTHING, "events were lost");
	if (ret == -NLE_AGAIN)
		return 0;
	return ret < 0 ? refuse_nl(v, ret, "receive") : 1;
}

int family_fd(const struct family *f)
{
	return nl_socket_get_fd(f->heard);
}
