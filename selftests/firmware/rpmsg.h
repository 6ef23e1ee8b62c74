/* SPDX-License-Identifier: GPL-2.0-only */
/* What rpmsg.c lets evil.c do. */
#ifndef RPMSG_H
#define RPMSG_H

#include "talk.h"
#include "vdev.h"

#define RPMSG_TO_LINUX		0
#define RPMSG_FROM_LINUX	1
#define RPMSG_HEADER		16u

extern struct vdev rpmsg_vdev;

/* Take a buffer of Linux's and write @m to it; its header says @len. */
bool rpmsg_fill(struct virtq_chain *c, const struct talk_message *m, uint32_t len);

/* evil.c: "/evil NAME [ARGUMENT]", and more of what goes on, if anything does. */
#ifdef FW_EVIL
bool evil_run(struct talk_message *m, char *args);
bool evil_goes_on(void);
void evil_work(void);
#else
static inline bool evil_run(struct talk_message *m, char *args)
{
	(void)args;
	return talk_say(m, "evil", "not in this image");
}

static inline bool evil_goes_on(void)
{
	return false;
}

static inline void evil_work(void)
{
}
#endif

#endif /* RPMSG_H */
