/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_STATE_H
#define RL_STATE_H

#include "env.h"
#include <linux/rproc_lite.h>

/* What can happen to a remote: the operations, and what it does by itself. */
enum rl_event {
	RL_EV_CONFIG,
	RL_EV_LOAD,
	RL_EV_START,
	RL_EV_STOP,
	RL_EV_HALT,	/* a stop that nobody waits for: of what crashed, or obeyed late */
	RL_EV_SHUTDOWN,
	RL_EV_SUSPEND,
	RL_EV_RESUME,
	RL_EV_CRASH,
	RL_EV_DUMP,
	RL_EV_RECOVER,
	RL_EV_SET_RSC,
	RL_EV_CREATE_VIRTIO,
	RL_EV_REMOVE_VIRTIO,
	RL_EV_NUM
};

#define RL_STATE_NUM	(RPROC_LITE_CRASHED + 1)

/**
 * rl_state_next() - what an event makes of a state
 * @state: the state now
 * @event: what is asked for
 *
 * The one place that knows the life of a remote (specification, "State
 * Transition").
 *
 * Return: the state that follows; @state itself where the event succeeds and
 * leaves it; -EBADFD where it is not allowed.
 */
int rl_state_next(enum rproc_lite_state state, enum rl_event event);

/*
 * Is it an operation on a remote that stays in its state, or one that has nothing
 * to do in the state that it leads to?
 */
static inline bool rl_event_stays(enum rl_event event)
{
	return event == RL_EV_SET_RSC || event == RL_EV_CREATE_VIRTIO ||
	       event == RL_EV_REMOVE_VIRTIO || event == RL_EV_DUMP;
}

/* Can a remote in that state crash? */
static inline bool rl_should_run(enum rproc_lite_state state)
{
	return rl_state_next(state, RL_EV_CRASH) >= 0;
}

/**
 * rl_state_words() - the states in which an event is allowed, in words
 * @event: the event
 * @buf: for "Ready or Stopped"
 * @len: bytes of @buf
 */
void rl_state_words(enum rl_event event, char *buf, size_t len);

/* "Offline", "start": as the specification writes them; "?" for a bad value. */
const char *rl_state_name(enum rproc_lite_state state);
const char *rl_event_name(enum rl_event event);

#endif /* RL_STATE_H */
