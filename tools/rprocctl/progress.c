// SPDX-License-Identifier: GPL-2.0-only
#include <time.h>

#include "progress.h"
#include "term.h"
#include "text.h"

#define FIRST_MS	200	/* a load shorter than this shows nothing */
#define NEXT_MS		100
#define BAR_WIDTH	32

/* Sleep, but for progress_stop(). True if it came. */
static bool finished(struct progress *p, long ms)
{
	struct timespec until;
	bool done;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += ms * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_mutex_lock(&p->lock);
	while (!p->done && !pthread_cond_timedwait(&p->wake, &p->lock, &until))
		;
	done = p->done;
	pthread_mutex_unlock(&p->lock);
	return done;
}

static void draw_bar(u64 done, u64 total)
{
	unsigned int filled, percent, i;
	double part = (double)done / (double)total;

	if (part > 1)
		part = 1;
	filled = (unsigned int)(part * BAR_WIDTH);
	percent = (unsigned int)(part * 100);
	fputs(" [", stderr);
	term_paint(stderr, TERM_GREEN);
	for (i = 0; i < BAR_WIDTH; i++)
		fputc(i < filled ? '#' : '.', stderr);
	term_plain(stderr);
	fprintf(stderr, "] %3u%%", percent);
}

static void draw(const struct rproc_lite_info *info)
{
	char done[TEXT_SIZE_MAX], total[TEXT_SIZE_MAX];
	char name[TEXT_ESCAPED(RPROC_LITE_NAME_MAX)];

	fprintf(stderr, "\r%s: loading", text_escape(name, sizeof(name), info->name));
	if (info->op_total) {
		draw_bar(info->op_done, info->op_total);
		fprintf(stderr, "  %s of %s", text_size(done, info->op_done),
			text_size(total, info->op_total));
	} else {
		fprintf(stderr, "  %s", text_size(done, info->op_done));
	}
	fputs("\033[K", stderr);
	fflush(stderr);
}

static void *show_progress(void *arg)
{
	struct progress *p = arg;
	struct rproc_lite_verdict v;
	bool drawn = false;
	long ms = FIRST_MS;

	while (!finished(p, ms)) {
		ms = NEXT_MS;
		if (device_info(&p->dev, &v) || p->dev.info.op != RPROC_LITE_OP_LOAD)
			continue;
		draw(&p->dev.info);
		drawn = true;
	}
	if (drawn)
		fputs("\r\033[K", stderr);
	return NULL;
}

void progress_start(struct progress *p, const struct device *d)
{
	struct rproc_lite_verdict v;
	pthread_condattr_t attr;

	memset(p, 0, sizeof(*p));
	if (!term_smart(stderr) || device_open(&p->dev, d->path, false, &v))
		return;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&p->wake, &attr);
	pthread_condattr_destroy(&attr);
	pthread_mutex_init(&p->lock, NULL);
	p->running = !pthread_create(&p->thread, NULL, show_progress, p);
	if (!p->running)
		device_close(&p->dev);
}

void progress_stop(struct progress *p)
{
	if (!p->running)
		return;
	pthread_mutex_lock(&p->lock);
	p->done = true;
	pthread_cond_signal(&p->wake);
	pthread_mutex_unlock(&p->lock);
	pthread_join(p->thread, NULL);
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	device_close(&p->dev);
	p->running = false;
}
