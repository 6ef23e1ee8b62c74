/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_UEVENT_H
#define RL_UEVENT_H

/*
 * Uevents, for udev: "change" with RPROC_LITE_EVENT (state, crash, recovery),
 * RPROC_LITE_NAME, and what belongs to it. Once each, at load and unload.
 */
void rl_uevent_init(void);
void rl_uevent_exit(void);

#endif /* RL_UEVENT_H */
