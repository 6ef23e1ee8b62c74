// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic netlink family: what can be asked of remotes, and what happens to them.
 * It only tells, so anybody may ask. Remotes belong to the machine and not to a
 * network namespace, so it is in the initial one only.
 */
#include "netlink.h"
#include "compat.h"
#include "device.h"
#include "events.h"
#include "query.h"
#include "remote.h"

#include <linux/rproc_lite_netlink.h>
#include <linux/slab.h>
#include <net/genetlink.h>

/* What a GET may say; it is also all that this side takes. */
static const struct nla_policy get_policy[RPROC_LITE_A_NAME + 1] = {
	[RPROC_LITE_A_ID] = { .type = NLA_U32 },
	[RPROC_LITE_A_NAME] = { .type = NLA_NUL_STRING, .len = RPROC_LITE_NAME_MAX - 1 },
};

static const struct genl_multicast_group groups[] = {
	{ .name = RPROC_LITE_MCGRP_EVENTS },
};

static struct genl_family family;

static int put_u64(struct sk_buff *skb, int attr, u64 value)
{
	return nla_put_u64_64bit(skb, attr, value, RPROC_LITE_A_PAD);
}

/* Members of struct rproc_lite_info, and the attributes that have them. */
enum kind { KIND_U32, KIND_U64, KIND_STRING };

#define MEMBER(attr, member, kind)					\
	{ RPROC_LITE_A_##attr, offsetof(struct rproc_lite_info, member), KIND_##kind }

static const struct {
	u16 attr;
	u16 offset;
	enum kind kind;
} members[] = {
	MEMBER(ID, id, U32),
	MEMBER(NAME, name, STRING),
	MEMBER(STATE, state, U32),
	MEMBER(STATE_SEQ, state_seq, U64),
	MEMBER(STATE_SINCE, state_since, U64),
	MEMBER(OP, op, U32),
	MEMBER(OP_PID, op_pid, U32),
	MEMBER(OP_DONE, op_done, U64),
	MEMBER(OP_TOTAL, op_total, U64),
	MEMBER(CRASH, crash, U32),
	MEMBER(CRASH_COUNT, crash_count, U32),
	MEMBER(CRASH_SINCE, crash_since, U64),
	MEMBER(RECOVERY, recovery, U32),
	MEMBER(ATTEMPT, recovery_attempts, U32),
	MEMBER(RECOVERED, recovered, U32),
	MEMBER(FLAGS, flags, U32),
	MEMBER(NUM_REGIONS, num_regions, U32),
	MEMBER(NUM_PLACEMENTS, num_placements, U32),
	MEMBER(NUM_ENTRIES, num_entries, U32),
	MEMBER(NUM_TRACES, num_traces, U32),
	MEMBER(NUM_VDEVS, num_vdevs, U32),
	MEMBER(ELF_CLASS, elf_class, U32),
	MEMBER(ELF_MACHINE, elf_machine, U32),
	MEMBER(STOP_TIMEOUT_MS, stop_timeout_ms, U32),
	MEMBER(ENTRY, entry, U64),
	MEMBER(IMAGE_SIZE, image_size, U64),
	MEMBER(TABLE_DA, table_da, U64),
	MEMBER(TABLE_SIZE, table_size, U32),
	MEMBER(DIGEST, digest, U64),
	MEMBER(LOADED, loaded, U64),
	MEMBER(KEPT, kept, U64),
	MEMBER(BACKEND, backend, STRING),
	MEMBER(DETAIL, detail, STRING),
	MEMBER(IMAGE, image, STRING),
};

/* The same of struct rproc_lite_policy, which are all u32. */
#define SETTING(attr, member)						\
	{ RPROC_LITE_P_##attr, offsetof(struct rproc_lite_policy, member) }

static const struct {
	u16 attr;
	u16 offset;
} settings[] = {
	SETTING(RECOVERY, recovery),
	SETTING(RECOVERY_LIMIT, recovery_limit),
	SETTING(RECOVERY_DELAY_MS, recovery_delay_ms),
	SETTING(RECOVERY_DELAY_MAX_MS, recovery_delay_max_ms),
	SETTING(RECOVERY_WINDOW_MS, recovery_window_ms),
	SETTING(RECOVERY_CHANGED, recovery_changed),
	SETTING(HEARTBEAT_MS, heartbeat_ms),
	SETTING(HEARTBEAT_MISSES, heartbeat_misses),
	SETTING(COREDUMP, coredump),
	SETTING(COREDUMP_TIMEOUT_MS, coredump_timeout_ms),
	SETTING(SUSPEND, suspend),
	SETTING(SUSPEND_TIMEOUT_MS, suspend_timeout_ms),
	SETTING(SUSPEND_BLOCKS, suspend_blocks),
	SETTING(DELEGATE, delegate),
};

/* None is left out. */
static_assert(ARRAY_SIZE(settings) * sizeof(u32) == offsetof(struct rproc_lite_policy, pad));

/* An answer fits any message, also the first of a dump: a header and padding to each value. */
static_assert(sizeof(struct rproc_lite_info) + sizeof(struct rproc_lite_policy) +
	      (RPROC_LITE_A_MAX + RPROC_LITE_V_MAX + RPROC_LITE_P_MAX) *
	      (2 * NLA_HDRLEN + NLA_ALIGNTO) <= GENLMSG_DEFAULT_SIZE);

static int put_member(struct sk_buff *skb, int attr, enum kind kind, const void *value)
{
	switch (kind) {
	case KIND_U32:
		return nla_put_u32(skb, attr, *(const u32 *)value);
	case KIND_U64:
		return put_u64(skb, attr, *(const u64 *)value);
	default:
		return nla_put_string(skb, attr, value);
	}
}

static int put_verdict(struct sk_buff *skb, const struct rproc_lite_verdict *v)
{
	struct nlattr *nest = nla_nest_start(skb, RPROC_LITE_A_LAST);

	if (!nest ||
	    nla_put_s32(skb, RPROC_LITE_V_ERROR, v->error) ||
	    nla_put_u32(skb, RPROC_LITE_V_WHERE, v->where) ||
	    nla_put_u32(skb, RPROC_LITE_V_INDEX, v->index) ||
	    nla_put_u64_64bit(skb, RPROC_LITE_V_OFFSET, v->offset, RPROC_LITE_V_PAD) ||
	    nla_put_string(skb, RPROC_LITE_V_TEXT, v->text))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_policy(struct sk_buff *skb, const struct rproc_lite_policy *policy)
{
	struct nlattr *nest = nla_nest_start(skb, RPROC_LITE_A_POLICY);
	unsigned int i;
	int ret = nest ? 0 : -EMSGSIZE;

	for (i = 0; i < ARRAY_SIZE(settings) && !ret; i++)
		ret = nla_put_u32(skb, settings[i].attr,
				  *(const u32 *)((const void *)policy + settings[i].offset));
	if (!ret)
		nla_nest_end(skb, nest);
	return ret;
}

static int put_info(struct sk_buff *skb, const struct rproc_lite_info *info)
{
	unsigned int i;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(members) && !ret; i++)
		ret = put_member(skb, members[i].attr, members[i].kind,
				 (const void *)info + members[i].offset);
	if (!ret && (info->flags & RPROC_LITE_INFO_SHA256))
		ret = nla_put(skb, RPROC_LITE_A_SHA256, sizeof(info->sha256), info->sha256);
	return ret ?: put_verdict(skb, &info->last);
}

struct answer {
	struct rproc_lite_info info;
	struct rproc_lite_policy policy;
	u64 event_seq;
};

static int put_answer(struct sk_buff *skb, const struct answer *a)
{
	return put_info(skb, &a->info) ?: put_policy(skb, &a->policy) ?:
	       put_u64(skb, RPROC_LITE_A_EVENT_SEQ, a->event_seq);
}

/*
 * One remote as a message. It is there until it was told that it is not, so that who asks
 * while it goes misses nothing of that.
 */
static int put_remote(struct sk_buff *skb, u32 portid, u32 seq, struct rproc_lite *rproc,
		      struct netlink_callback *cb)
{
	struct answer *a;
	void *header;
	int ret;

	a = kmalloc(sizeof(*a), GFP_KERNEL);
	if (!a)
		return -ENOMEM;
	ret = rl_query_told(rproc, &a->info, &a->policy, &a->event_seq);
	if (ret)
		goto free;
	ret = -EMSGSIZE;
	header = genlmsg_put(skb, portid, seq, &family, cb ? NLM_F_MULTI : 0,
			     RPROC_LITE_CMD_GET);
	if (!header)
		goto free;
	if (cb)
		genl_dump_check_consistent(cb, header);
	ret = put_answer(skb, a);
	if (ret)
		genlmsg_cancel(skb, header);
	else
		genlmsg_end(skb, header);
free:
	kfree(a);
	return ret;
}

/* What the request names, for rproc_lite_put(); or an ERR_PTR. */
static struct rproc_lite *find(struct genl_info *info)
{
	struct nlattr *id = info->attrs[RPROC_LITE_A_ID];
	struct nlattr *name = info->attrs[RPROC_LITE_A_NAME];
	struct rproc_lite *rproc;

	if (id && name) {
		NL_SET_ERR_MSG_ATTR(info->extack, name, "the id says which remote already");
		return ERR_PTR(-EINVAL);
	}
	if (!id && !name) {
		NL_SET_ERR_ATTR_MISS(info->extack, NULL, RPROC_LITE_A_ID);
		NL_SET_ERR_MSG(info->extack, "which remote? An id or a name is wanted");
		return ERR_PTR(-EINVAL);
	}
	if (name) {
		rproc = rproc_lite_get(nla_data(name));
	} else {
		rproc = nla_get_u32(id) <= INT_MAX ? rl_device_next(nla_get_u32(id)) : NULL;
		if (rproc && rproc->id != nla_get_u32(id)) {
			rproc_lite_put(rproc);
			rproc = NULL;
		}
	}
	if (!IS_ERR_OR_NULL(rproc))
		return rproc;
	NL_SET_ERR_MSG_ATTR(info->extack, id ?: name, "there is no such remote");
	return ERR_PTR(-ENODEV);
}

static int get(struct sk_buff *skb, struct genl_info *info)
{
	struct rproc_lite *rproc;
	struct sk_buff *answer;
	int ret;

	rproc = find(info);
	if (IS_ERR(rproc))
		return PTR_ERR(rproc);
	answer = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	ret = answer ? put_remote(answer, info->snd_portid, info->snd_seq, rproc, NULL) : -ENOMEM;
	rproc_lite_put(rproc);
	if (!ret)
		return genlmsg_reply(answer, info);
	if (ret == -ENODEV)
		NL_SET_ERR_MSG(info->extack, "the remote is gone");
	nlmsg_free(answer);
	return ret;
}

/* Not in .start, whose words do not reach user space on 6.1. */
static int check_dump(struct netlink_callback *cb)
{
	struct nlattr **attrs = rl_dump_attrs(cb);
	unsigned int i;

	for (i = 1; attrs && i < ARRAY_SIZE(get_policy); i++) {
		if (!attrs[i])
			continue;
		NL_SET_ERR_MSG_ATTR(cb->extack, attrs[i], "a dump is of all remotes");
		return -EINVAL;
	}
	return 0;
}

/* cb->args[0]: the smallest number that may come next. */
static int dump(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct rproc_lite *rproc;
	int ret;

	ret = check_dump(cb);
	if (ret)
		return ret;
	cb->seq = rl_device_generation();
	while ((rproc = rl_device_next(cb->args[0]))) {
		int id = rproc->id;

		ret = put_remote(skb, NETLINK_CB(cb->skb).portid, cb->nlh->nlmsg_seq, rproc, cb);
		rproc_lite_put(rproc);
		/* What does not fit begins the next message; one that goes is left out. */
		if (ret && ret != -ENODEV)
			return ret == -EMSGSIZE && skb->len ? skb->len : ret;
		cb->args[0] = id + 1;
	}
	return skb->len;
}

static const struct genl_ops ops[] = {
	{
		.cmd = RPROC_LITE_CMD_GET,
		.policy = get_policy,
		.maxattr = ARRAY_SIZE(get_policy) - 1,
		.doit = get,
		.dumpit = dump,
	},
};

static struct genl_family family __ro_after_init = {
	.name = RPROC_LITE_FAMILY_NAME,
	.version = RPROC_LITE_FAMILY_VERSION,
	.maxattr = ARRAY_SIZE(get_policy) - 1,
	.policy = get_policy,
	.parallel_ops = true,
	.module = THIS_MODULE,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.resv_start_op = RPROC_LITE_CMD_GET,
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/* Events */

static const u8 commands[] = {
	[RL_NOTICE_ADDED] = RPROC_LITE_CMD_ADDED_NTF,
	[RL_NOTICE_REMOVED] = RPROC_LITE_CMD_REMOVED_NTF,
	[RL_NOTICE_STATE] = RPROC_LITE_CMD_STATE_NTF,
	[RL_NOTICE_CRASH] = RPROC_LITE_CMD_CRASH_NTF,
	[RL_NOTICE_RECOVERY] = RPROC_LITE_CMD_RECOVERY_NTF,
	[RL_NOTICE_VIRTIO] = RPROC_LITE_CMD_VIRTIO_NTF,
	[RL_NOTICE_TRACE] = RPROC_LITE_CMD_TRACE_NTF,
	[RL_NOTICE_POLICY] = RPROC_LITE_CMD_POLICY_NTF,
};

static int put_added(struct sk_buff *skb, const struct rproc_lite *rproc)
{
	return nla_put_string(skb, RPROC_LITE_A_BACKEND, rproc->ops->kind) ?:
	       nla_put_string(skb, RPROC_LITE_A_DETAIL, rproc->detail);
}

static int put_crash(struct sk_buff *skb, const struct rproc_lite *rproc)
{
	return nla_put_u32(skb, RPROC_LITE_A_CRASH, rproc->crash) ?:
	       nla_put_u32(skb, RPROC_LITE_A_CRASH_COUNT, rproc->crash_count) ?:
	       put_verdict(skb, &rproc->last);
}

static int put_recovery(struct sk_buff *skb, const struct rl_notice *n)
{
	int ret = nla_put_u32(skb, RPROC_LITE_A_RECOVERY, n->recovery.what) ?:
		  nla_put_u32(skb, RPROC_LITE_A_ATTEMPT, n->recovery.attempt);

	if (!ret && n->recovery.what == RPROC_LITE_RECOVERY_WAITING)
		ret = nla_put_u32(skb, RPROC_LITE_A_DELAY_MS, n->recovery.delay_ms);
	if (!ret && n->recovery.error)
		ret = nla_put_s32(skb, RPROC_LITE_A_ERROR, n->recovery.error);
	return ret;
}

static int put_virtio(struct sk_buff *skb, const struct rl_notice *n)
{
	return nla_put_u32(skb, RPROC_LITE_A_VDEV, n->virtio.vdev) ?:
	       nla_put_u32(skb, RPROC_LITE_A_ROLE, n->virtio.role) ?:
	       (n->virtio.added ? 0 : nla_put_flag(skb, RPROC_LITE_A_GONE));
}

static int put_special(struct sk_buff *skb, const struct rl_notice *n)
{
	switch (n->kind) {
	case RL_NOTICE_ADDED:
		return put_added(skb, n->rproc);
	case RL_NOTICE_STATE:
		return nla_put_u32(skb, RPROC_LITE_A_FROM, n->from);
	case RL_NOTICE_CRASH:
		return put_crash(skb, n->rproc);
	case RL_NOTICE_RECOVERY:
		return put_recovery(skb, n);
	case RL_NOTICE_VIRTIO:
		return put_virtio(skb, n);
	case RL_NOTICE_TRACE:
		return n->trace == RPROC_LITE_NO_INDEX ? 0 :
		       nla_put_u32(skb, RPROC_LITE_A_TRACE, n->trace);
	case RL_NOTICE_POLICY:
		return put_policy(skb, &n->rproc->policy);
	default:
		return 0;
	}
}

static int put_notice(struct sk_buff *skb, const struct rl_notice *n)
{
	const struct rproc_lite *rproc = n->rproc;
	void *header = genlmsg_put(skb, 0, 0, &family, 0, commands[n->kind]);
	int ret;

	if (!header)
		return -EMSGSIZE;
	ret = nla_put_u32(skb, RPROC_LITE_A_ID, rproc->id) ?:
	      nla_put_string(skb, RPROC_LITE_A_NAME, rproc->name) ?:
	      put_u64(skb, RPROC_LITE_A_EVENT_SEQ, n->seq) ?:
	      put_u64(skb, RPROC_LITE_A_TIME, n->time);
	if (!ret && n->has_state)
		ret = nla_put_u32(skb, RPROC_LITE_A_STATE, rproc->state) ?:
		      put_u64(skb, RPROC_LITE_A_STATE_SEQ, atomic64_read(&rproc->state_seq));
	ret = ret ?: put_special(skb, n);
	genlmsg_end(skb, header);
	return ret;
}

static bool listens(void)
{
	return genl_has_listeners(&family, &init_net, 0);
}

/* Who can't be told learns that something was lost. */
static void hear(const struct rl_notice *n)
{
	struct sk_buff *skb;

	if (!listens())
		return;
	skb = genlmsg_new(GENLMSG_DEFAULT_SIZE, GFP_KERNEL);
	if (skb && !put_notice(skb, n)) {
		genlmsg_multicast(&family, skb, 0, 0, GFP_KERNEL);
		return;
	}
	nlmsg_free(skb);
	genl_set_err(&family, &init_net, 0, 0, -ENOBUFS);
}

static struct rl_listener listener = { .hear = hear, .listens = listens };

int rl_netlink_init(void)
{
	int ret = genl_register_family(&family);

	if (!ret)
		rl_events_join(&listener);
	return ret;
}

void rl_netlink_exit(void)
{
	rl_events_leave(&listener);
	genl_unregister_family(&family);
}
