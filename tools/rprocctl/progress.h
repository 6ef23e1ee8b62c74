/* SPDX-License-Identifier: GPL-2.0-only */
/* A bar on standard error while a load takes long; only to a terminal. */
#ifndef RPROCCTL_PROGRESS_H
#define RPROCCTL_PROGRESS_H

#include <pthread.h>

#include "device.h"

struct progress {
	bool running;
	struct device dev;	/* opened anew: the load sits on the other file */
	pthread_t thread;
	pthread_mutex_t lock;	/* covers @done */
	pthread_cond_t wake;
	bool done;
};

/* Where no bar can be drawn this does nothing, and so does stopping it. */
void progress_start(struct progress *p, const struct device *d);
void progress_stop(struct progress *p);

#endif /* RPROCCTL_PROGRESS_H */
