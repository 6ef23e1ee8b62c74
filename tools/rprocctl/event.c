// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#include "event.h"
#include "json.h"
#include "model.h"
#include "policy.h"
#include "report.h"
#include "state.h"
#include "term.h"
#include "text.h"

static const char *const kinds[] = {
	[RPROC_LITE_CMD_GET] = "now",
	[RPROC_LITE_CMD_ADDED_NTF] = "added",
	[RPROC_LITE_CMD_REMOVED_NTF] = "removed",
	[RPROC_LITE_CMD_STATE_NTF] = "state",
	[RPROC_LITE_CMD_CRASH_NTF] = "crash",
	[RPROC_LITE_CMD_RECOVERY_NTF] = "recovery",
	[RPROC_LITE_CMD_VIRTIO_NTF] = "virtio",
	[RPROC_LITE_CMD_TRACE_NTF] = "trace",
	[RPROC_LITE_CMD_POLICY_NTF] = "policy",
	[EVENT_OVERRUN] = "overrun",
};

/* Those that can be asked for by name: an overrun is always told. */
#define NUM_ASKED	EVENT_OVERRUN

static const char *state_name(u32 state)
{
	return state < RL_STATE_NUM ? rl_state_name(state) : "unknown";
}

unsigned int event_parse_kinds(const char *s, const char **bad)
{
	unsigned int set = 0, i;
	size_t len;

	for (;; s += len + 1) {
		len = strcspn(s, ",");
		for (i = 1; i < NUM_ASKED; i++)
			if (strlen(kinds[i]) == len && !strncmp(kinds[i], s, len))
				break;
		if (i == NUM_ASKED) {
			*bad = s;
			return 0;
		}
		set |= EVENT_BIT(i);
		if (!s[len])
			return set;
	}
}

/* What the kernel means to send of each; another length is none of ours. */
static struct nla_policy policy[RPROC_LITE_A_MAX + 1] = {
	[RPROC_LITE_A_ID] = { .type = NLA_U32 },
	[RPROC_LITE_A_NAME] = { .type = NLA_NUL_STRING },
	[RPROC_LITE_A_EVENT_SEQ] = { .type = NLA_U64 },
	[RPROC_LITE_A_TIME] = { .type = NLA_U64 },
	[RPROC_LITE_A_STATE] = { .type = NLA_U32 },
	[RPROC_LITE_A_STATE_SEQ] = { .type = NLA_U64 },
	[RPROC_LITE_A_FROM] = { .type = NLA_U32 },
	[RPROC_LITE_A_BACKEND] = { .type = NLA_NUL_STRING },
	[RPROC_LITE_A_DETAIL] = { .type = NLA_NUL_STRING },
	[RPROC_LITE_A_CRASH] = { .type = NLA_U32 },
	[RPROC_LITE_A_CRASH_COUNT] = { .type = NLA_U32 },
	[RPROC_LITE_A_LAST] = { .type = NLA_NESTED },
	[RPROC_LITE_A_RECOVERY] = { .type = NLA_U32 },
	[RPROC_LITE_A_ATTEMPT] = { .type = NLA_U32 },
	[RPROC_LITE_A_DELAY_MS] = { .type = NLA_U32 },
	[RPROC_LITE_A_ERROR] = { .type = NLA_U32 },
	[RPROC_LITE_A_VDEV] = { .type = NLA_U32 },
	[RPROC_LITE_A_ROLE] = { .type = NLA_U32 },
	[RPROC_LITE_A_GONE] = { .type = NLA_FLAG },
	[RPROC_LITE_A_TRACE] = { .type = NLA_U32 },
	[RPROC_LITE_A_POLICY] = { .type = NLA_NESTED },
};

static struct nla_policy verdict_policy[RPROC_LITE_V_MAX + 1] = {
	[RPROC_LITE_V_ERROR] = { .type = NLA_U32 },
	[RPROC_LITE_V_WHERE] = { .type = NLA_U32 },
	[RPROC_LITE_V_INDEX] = { .type = NLA_U32 },
	[RPROC_LITE_V_OFFSET] = { .type = NLA_U64 },
	[RPROC_LITE_V_TEXT] = { .type = NLA_NUL_STRING },
};

static struct nla_policy settings_policy[RPROC_LITE_P_MAX + 1] = {
	[RPROC_LITE_P_RECOVERY ... RPROC_LITE_P_MAX] = { .type = NLA_U32 },
};

static u32 get_u32(struct nlattr *attr)
{
	return attr ? nla_get_u32(attr) : 0;
}

static u64 get_u64(struct nlattr *attr)
{
	return attr ? nla_get_u64(attr) : 0;
}

static void get_string(struct nlattr *attr, char *to, size_t size)
{
	if (attr)
		nla_strlcpy(to, attr, size);
}

static void parse_verdict(struct nlattr *nest, struct rproc_lite_verdict *v)
{
	struct nlattr *a[RPROC_LITE_V_MAX + 1];

	if (!nest || nla_parse_nested(a, RPROC_LITE_V_MAX, nest, verdict_policy))
		return;
	v->error = (int)get_u32(a[RPROC_LITE_V_ERROR]);
	v->where = get_u32(a[RPROC_LITE_V_WHERE]);
	v->index = get_u32(a[RPROC_LITE_V_INDEX]);
	v->offset = get_u64(a[RPROC_LITE_V_OFFSET]);
	get_string(a[RPROC_LITE_V_TEXT], v->text, sizeof(v->text));
}

static void parse_policy(struct nlattr *nest, struct rproc_lite_policy *policy)
{
	struct nlattr *a[RPROC_LITE_P_MAX + 1];

	if (!nest || nla_parse_nested(a, RPROC_LITE_P_MAX, nest, settings_policy))
		return;
	policy->recovery = get_u32(a[RPROC_LITE_P_RECOVERY]);
	policy->recovery_limit = get_u32(a[RPROC_LITE_P_RECOVERY_LIMIT]);
	policy->recovery_delay_ms = get_u32(a[RPROC_LITE_P_RECOVERY_DELAY_MS]);
	policy->recovery_delay_max_ms = get_u32(a[RPROC_LITE_P_RECOVERY_DELAY_MAX_MS]);
	policy->recovery_window_ms = get_u32(a[RPROC_LITE_P_RECOVERY_WINDOW_MS]);
	policy->recovery_changed = get_u32(a[RPROC_LITE_P_RECOVERY_CHANGED]);
	policy->heartbeat_ms = get_u32(a[RPROC_LITE_P_HEARTBEAT_MS]);
	policy->heartbeat_misses = get_u32(a[RPROC_LITE_P_HEARTBEAT_MISSES]);
	policy->coredump = get_u32(a[RPROC_LITE_P_COREDUMP]);
	policy->coredump_timeout_ms = get_u32(a[RPROC_LITE_P_COREDUMP_TIMEOUT_MS]);
	policy->suspend = get_u32(a[RPROC_LITE_P_SUSPEND]);
	policy->suspend_timeout_ms = get_u32(a[RPROC_LITE_P_SUSPEND_TIMEOUT_MS]);
	policy->suspend_blocks = get_u32(a[RPROC_LITE_P_SUSPEND_BLOCKS]);
	policy->delegate = get_u32(a[RPROC_LITE_P_DELEGATE]);
}

bool event_parse(const struct nlmsghdr *h, struct event *e)
{
	struct nlattr *a[RPROC_LITE_A_MAX + 1];

	memset(e, 0, sizeof(*e));
	if (!genlmsg_valid_hdr((struct nlmsghdr *)h, 0) ||
	    genlmsg_parse((struct nlmsghdr *)h, 0, a, RPROC_LITE_A_MAX, policy) ||
	    !a[RPROC_LITE_A_ID] || !a[RPROC_LITE_A_NAME])
		return false;
	e->cmd = genlmsg_hdr((struct nlmsghdr *)h)->cmd;
	e->id = get_u32(a[RPROC_LITE_A_ID]);
	get_string(a[RPROC_LITE_A_NAME], e->name, sizeof(e->name));
	e->seq = get_u64(a[RPROC_LITE_A_EVENT_SEQ]);
	e->time = get_u64(a[RPROC_LITE_A_TIME]);
	e->has_state = a[RPROC_LITE_A_STATE] && a[RPROC_LITE_A_STATE_SEQ];
	e->state = get_u32(a[RPROC_LITE_A_STATE]);
	e->state_seq = get_u64(a[RPROC_LITE_A_STATE_SEQ]);
	e->from = get_u32(a[RPROC_LITE_A_FROM]);
	get_string(a[RPROC_LITE_A_BACKEND], e->backend, sizeof(e->backend));
	get_string(a[RPROC_LITE_A_DETAIL], e->detail, sizeof(e->detail));
	e->crash = get_u32(a[RPROC_LITE_A_CRASH]);
	e->crash_count = get_u32(a[RPROC_LITE_A_CRASH_COUNT]);
	parse_verdict(a[RPROC_LITE_A_LAST], &e->last);
	e->recovery = get_u32(a[RPROC_LITE_A_RECOVERY]);
	e->attempt = get_u32(a[RPROC_LITE_A_ATTEMPT]);
	e->delay_ms = get_u32(a[RPROC_LITE_A_DELAY_MS]);
	e->error = (int)get_u32(a[RPROC_LITE_A_ERROR]);
	e->vdev = get_u32(a[RPROC_LITE_A_VDEV]);
	e->role = get_u32(a[RPROC_LITE_A_ROLE]);
	e->gone = a[RPROC_LITE_A_GONE];
	e->trace = a[RPROC_LITE_A_TRACE] ? get_u32(a[RPROC_LITE_A_TRACE]) : RPROC_LITE_NO_INDEX;
	parse_policy(a[RPROC_LITE_A_POLICY], &e->policy);
	return e->cmd < ARRAY_SIZE(kinds) && kinds[e->cmd];
}

static void say_state(u32 state)
{
	const char *color = model_state_color(state);

	if (color)
		term_paint(stdout, color);
	fputs(state_name(state), stdout);
	if (color)
		term_plain(stdout);
}

static void say_text(const char *fmt, const char *s)
{
	char text[TEXT_ESCAPED(RPROC_LITE_TEXT_MAX)];

	printf(fmt, text_escape(text, sizeof(text), s));
}

static void say_recovery(const struct event *e)
{
	printf(" %s", model_recovery_word(e->recovery));
	if (e->attempt)
		printf(", attempt %u", e->attempt);
	if (e->delay_ms)
		printf(", %u ms", e->delay_ms);
	if (e->error)
		printf(": %s", strerror(-e->error));
}

/* As "rprocctl policy" takes them. */
static void say_policy(const struct rproc_lite_policy *p)
{
	char value[MODEL_SETTING_MAX];
	unsigned int i;

	for (i = 0; rl_policy_key(i); i++)
		printf(" %s=%s", rl_policy_key(i),
		       rl_policy_value(p, i, value, sizeof(value)));
}

static void say_special(const struct event *e)
{
	switch (e->cmd) {
	case RPROC_LITE_CMD_GET:
		putchar(' ');
		say_state(e->state);
		break;
	case RPROC_LITE_CMD_ADDED_NTF:
		say_text(" %s", e->backend);
		say_text(" %s", e->detail);
		break;
	case RPROC_LITE_CMD_STATE_NTF:
		printf(" %s -> ", state_name(e->from));
		say_state(e->state);
		break;
	case RPROC_LITE_CMD_CRASH_NTF:
		printf(" %s, number %u", model_crash_word(e->crash), e->crash_count);
		say_text(": %s", e->last.text);
		break;
	case RPROC_LITE_CMD_RECOVERY_NTF:
		say_recovery(e);
		break;
	case RPROC_LITE_CMD_VIRTIO_NTF:
		printf(" vdev%u %s, Linux as the %s", e->vdev, e->gone ? "removed" : "added",
		       e->role == RPROC_LITE_VIRTIO_DRIVER ? "driver" : "device");
		break;
	case RPROC_LITE_CMD_TRACE_NTF:
		if (e->trace != RPROC_LITE_NO_INDEX)
			printf(" %u", e->trace);
		break;
	case RPROC_LITE_CMD_POLICY_NTF:
		say_policy(&e->policy);
		break;
	}
}

static void tell_text(const struct event *e)
{
	char name[TEXT_ESCAPED(RPROC_LITE_NAME_MAX)];

	if (e->cmd == EVENT_OVERRUN) {
		puts("overrun: events were lost");
		return;
	}
	printf("%" PRIu64 ".%06" PRIu64 " %s %s", e->time / 1000000000, e->time / 1000 % 1000000,
	       text_escape(name, sizeof(name), e->name), kinds[e->cmd]);
	say_special(e);
	putchar('\n');
}

static void json_special(struct json *j, const struct event *e)
{
	switch (e->cmd) {
	case RPROC_LITE_CMD_ADDED_NTF:
		json_string(j, "backend", e->backend);
		json_string(j, "detail", e->detail);
		break;
	case RPROC_LITE_CMD_STATE_NTF:
		json_string(j, "from", state_name(e->from));
		break;
	case RPROC_LITE_CMD_CRASH_NTF:
		json_string(j, "crash", model_crash_word(e->crash));
		json_u64(j, "crashes", e->crash_count);
		json_object(j, "reason");
		report_json_verdict(j, &e->last);
		json_object_end(j);
		break;
	case RPROC_LITE_CMD_RECOVERY_NTF:
		json_string(j, "recovery", model_recovery_word(e->recovery));
		json_u64(j, "attempt", e->attempt);
		json_u64(j, "delay_ms", e->delay_ms);
		json_s64(j, "error", e->error);
		break;
	case RPROC_LITE_CMD_VIRTIO_NTF:
		json_u64(j, "vdev", e->vdev);
		json_string(j, "role", e->role == RPROC_LITE_VIRTIO_DRIVER ? "driver" : "device");
		json_bool(j, "gone", e->gone);
		break;
	case RPROC_LITE_CMD_TRACE_NTF:
		json_u64_or_null(j, "trace", e->trace, RPROC_LITE_NO_INDEX);
		break;
	case RPROC_LITE_CMD_POLICY_NTF:
		json_object(j, "policy");
		model_json_policy(j, &e->policy);
		json_object_end(j);
		break;
	}
}

static void tell_json(const struct event *e)
{
	struct json j;

	json_begin(&j, stdout);
	json_string(&j, "event", kinds[e->cmd]);
	if (e->cmd != EVENT_OVERRUN) {
		json_string(&j, "name", e->name);
		json_u64(&j, "id", e->id);
		json_u64(&j, "event_seq", e->seq);
		json_u64(&j, "time_ns", e->time);
		if (e->has_state) {
			json_string(&j, "state", state_name(e->state));
			json_u64(&j, "state_seq", e->state_seq);
		}
		json_special(&j, e);
	}
	json_end(&j);
}

void event_tell(const struct event *e, bool json)
{
	if (json)
		tell_json(e);
	else
		tell_text(e);
}
