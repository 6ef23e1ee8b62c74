// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a remote, as one table. lifecycle.c applies it.
 *
 * Beyond the specification: Stopped leads back to Ready by loading and to
 * Running by starting the same image again (a restart without power-off), and
 * Configured leads to Offline, or a remote that was only configured could not
 * be given back.
 */
#include "state.h"

#define OFF	RPROC_LITE_OFFLINE
#define CFG	RPROC_LITE_CONFIGURED
#define RDY	RPROC_LITE_READY
#define RUN	RPROC_LITE_RUNNING
#define STP	RPROC_LITE_STOPPED
#define SUS	RPROC_LITE_SUSPENDED
#define CRA	RPROC_LITE_CRASHED

/* Kept one higher than the state, so that what is not listed is refused. */
#define TO(state) ((state) + 1)

static const u8 next[RL_STATE_NUM][RL_EV_NUM] = {
	[OFF] = {
		[RL_EV_CONFIG] = TO(CFG),
		[RL_EV_STOP] = TO(OFF),
		[RL_EV_SHUTDOWN] = TO(OFF),
	},
	[CFG] = {
		[RL_EV_LOAD] = TO(RDY),
		[RL_EV_SHUTDOWN] = TO(OFF),
	},
	[RDY] = {
		[RL_EV_START] = TO(RUN),
		[RL_EV_STOP] = TO(STP),
		[RL_EV_SHUTDOWN] = TO(OFF),
		[RL_EV_SET_RSC] = TO(RDY),
	},
	[RUN] = {
		[RL_EV_STOP] = TO(STP),
		[RL_EV_HALT] = TO(STP),
		[RL_EV_SHUTDOWN] = TO(OFF),
		[RL_EV_SUSPEND] = TO(SUS),
		[RL_EV_CRASH] = TO(CRA),
		[RL_EV_CREATE_VIRTIO] = TO(RUN),
		[RL_EV_REMOVE_VIRTIO] = TO(RUN),
	},
	[STP] = {
		[RL_EV_LOAD] = TO(RDY),
		[RL_EV_START] = TO(RUN),
		[RL_EV_STOP] = TO(STP),
		[RL_EV_SHUTDOWN] = TO(OFF),
	},
	[SUS] = {
		[RL_EV_RESUME] = TO(RUN),
		[RL_EV_REMOVE_VIRTIO] = TO(SUS),
		[RL_EV_STOP] = TO(STP),
		[RL_EV_HALT] = TO(STP),
		[RL_EV_SHUTDOWN] = TO(OFF),
		[RL_EV_CRASH] = TO(CRA),
	},
	[CRA] = {
		[RL_EV_STOP] = TO(STP),
		[RL_EV_HALT] = TO(STP),
		[RL_EV_SHUTDOWN] = TO(OFF),
		[RL_EV_DUMP] = TO(CRA),
		[RL_EV_RECOVER] = TO(RUN),
	},
};

static const char *const state_names[RL_STATE_NUM] = {
	[OFF] = "Offline",
	[CFG] = "Configured",
	[RDY] = "Ready",
	[RUN] = "Running",
	[STP] = "Stopped",
	[SUS] = "Suspended",
	[CRA] = "Crashed",
};

static const char *const event_names[RL_EV_NUM] = {
	[RL_EV_CONFIG] = "config",
	[RL_EV_LOAD] = "load",
	[RL_EV_START] = "start",
	[RL_EV_STOP] = "stop",
	[RL_EV_HALT] = "stop",
	[RL_EV_SHUTDOWN] = "shutdown",
	[RL_EV_SUSPEND] = "suspend",
	[RL_EV_RESUME] = "resume",
	[RL_EV_CRASH] = "crash",
	[RL_EV_DUMP] = "dump",
	[RL_EV_RECOVER] = "recover",
	[RL_EV_SET_RSC] = "set_rsc_table",
	[RL_EV_CREATE_VIRTIO] = "create_virtio",
	[RL_EV_REMOVE_VIRTIO] = "remove_virtio",
};

int rl_state_next(enum rproc_lite_state state, enum rl_event event)
{
	u8 to;

	if ((unsigned int)state >= RL_STATE_NUM || (unsigned int)event >= RL_EV_NUM)
		return -EBADFD;
	to = next[state][event];
	return to ? to - 1 : -EBADFD;
}

void rl_state_words(enum rl_event event, char *buf, size_t len)
{
	unsigned int s, more = 0;
	size_t at = 0;

	for (s = 0; s < RL_STATE_NUM; s++)
		more += rl_state_next(s, event) >= 0;

	buf[0] = '\0';
	for (s = 0; s < RL_STATE_NUM && at < len; s++) {
		if (rl_state_next(s, event) < 0)
			continue;
		more--;
		at += (size_t)snprintf(buf + at, len - at, "%s%s", state_names[s],
				       more > 1 ? ", " : more ? " or " : "");
	}
}

const char *rl_state_name(enum rproc_lite_state state)
{
	return (unsigned int)state < RL_STATE_NUM ? state_names[state] : "?";
}

const char *rl_event_name(enum rl_event event)
{
	return (unsigned int)event < RL_EV_NUM ? event_names[event] : "?";
}
