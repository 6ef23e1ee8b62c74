// SPDX-License-Identifier: GPL-2.0-only
/* What happens to remotes, as uevents of their devices. */
#include "uevent.h"
#include "events.h"
#include "remote.h"

#include <linux/kobject.h>

#define RL_VALUE_MAX	64
#define RL_VALUES	6

/* What is to be sent: "KEY=value", and a NULL. */
struct uevent {
	char text[RL_VALUES][RL_VALUE_MAX];
	char *env[RL_VALUES + 1];
	unsigned int num;
};

static void __printf(2, 3) add(struct uevent *u, const char *fmt, ...)
{
	char *text = u->text[u->num];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, RL_VALUE_MAX, fmt, args);
	va_end(args);
	u->env[u->num++] = text;
}

static const char *const crash_names[] = {
	[RPROC_LITE_CRASH_NONE] = "none",
	[RPROC_LITE_CRASH_FIRMWARE] = "firmware",
	[RPROC_LITE_CRASH_CORE_OFF] = "core-off",
	[RPROC_LITE_CRASH_WATCHDOG] = "watchdog",
	[RPROC_LITE_CRASH_HEARTBEAT] = "heartbeat",
	[RPROC_LITE_CRASH_USER] = "user",
};

static const char *const recovery_names[] = {
	[RPROC_LITE_RECOVERY_WAITING] = "waiting",
	[RPROC_LITE_RECOVERY_BEGUN] = "begun",
	[RPROC_LITE_RECOVERY_DONE] = "done",
	[RPROC_LITE_RECOVERY_FAILED] = "failed",
	[RPROC_LITE_RECOVERY_GIVEN_UP] = "given-up",
	[RPROC_LITE_RECOVERY_STOPPED] = "stopped",
};

static const char *name_of(const char *const *names, size_t num, unsigned int i)
{
	return i < num && names[i] ? names[i] : "unknown";
}

static void hear(const struct rl_notice *n)
{
	struct rproc_lite *rproc = n->rproc;
	struct uevent u = { .num = 0 };

	switch (n->kind) {
	case RL_NOTICE_STATE:
		add(&u, "RPROC_LITE_EVENT=state");
		add(&u, "RPROC_LITE_FROM=%s", rl_state_name(n->from));
		break;
	case RL_NOTICE_CRASH:
		add(&u, "RPROC_LITE_EVENT=crash");
		add(&u, "RPROC_LITE_CRASH=%s",
		    name_of(crash_names, ARRAY_SIZE(crash_names), rproc->crash));
		add(&u, "RPROC_LITE_CRASH_COUNT=%u", rproc->crash_count);
		break;
	case RL_NOTICE_RECOVERY:
		add(&u, "RPROC_LITE_EVENT=recovery");
		add(&u, "RPROC_LITE_RECOVERY=%s",
		    name_of(recovery_names, ARRAY_SIZE(recovery_names), n->recovery.what));
		add(&u, "RPROC_LITE_ATTEMPT=%u", n->recovery.attempt);
		break;
	default:
		/* The driver core tells of devices that come and go, the virtio bus of its. */
		return;
	}
	add(&u, "RPROC_LITE_NAME=%s", rproc->name);
	if (n->has_state)
		add(&u, "RPROC_LITE_STATE=%s", rl_state_name(rproc->state));
	kobject_uevent_env(&rproc->dev.kobj, KOBJ_CHANGE, u.env);
}

static struct rl_listener listener = { .hear = hear };

void rl_uevent_init(void)
{
	rl_events_join(&listener);
}

void rl_uevent_exit(void)
{
	rl_events_leave(&listener);
}
