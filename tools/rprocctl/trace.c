// SPDX-License-Identifier: GPL-2.0-only
/*
 * rprocctl trace: what the firmware says.
 *
 * The kernel tells when the state changes, but not when the firmware writes:
 * so following polls the device with a short limit, and reads.
 *
 * A restart places the buffer anew, and then a cursor from before means
 * nothing. Every Running has its own state_seq; when another one than ours
 * begins, the cursor goes back to the oldest byte. What was read but not yet
 * printed at that moment may be of either, so it is dropped: it is still in
 * the buffer. Coming back from Suspended is no restart.
 *
 * Firmware may write before START has returned, and so before its Running is
 * seen. Not to print that twice, a buffer that was read to its end is left
 * alone while the remote is in a state where nothing runs.
 */
#include <unistd.h>

#include "cmd.h"
#include "report.h"
#include "signals.h"
#include "text.h"
#include "trace.h"

#define IDLE_MS		100	/* between two looks at a silent buffer */
#define RUNG_MS		1000	/* the same if the remote rings when it writes */
#define CELL_BYTES	4	/* the longest character */

void trace_init(struct trace *t, struct device *d, u32 index)
{
	t->dev = d;
	t->index = index;
	t->cursor = RPROC_LITE_TRACE_OLDEST;
	t->size = 0;
	t->last_state = d->info.state;
	t->last_seq = d->info.state_seq;
	t->run_seq = d->info.state == RPROC_LITE_RUNNING ? d->info.state_seq : U64_MAX;
	t->escape = isatty(STDOUT_FILENO);
	t->held = 0;
}

/* Take note of dev->info. True if another run began and the cursor went back. */
static bool note_state(struct trace *t)
{
	const struct rproc_lite_info *info = &t->dev->info;
	bool resumed, another = false;

	if (info->state == RPROC_LITE_RUNNING && info->state_seq != t->run_seq) {
		resumed = t->last_state == RPROC_LITE_SUSPENDED &&
			  info->state_seq == t->last_seq + 1;
		another = !resumed;
		t->run_seq = info->state_seq;
	}
	t->last_state = info->state;
	t->last_seq = info->state_seq;
	if (another) {
		t->cursor = RPROC_LITE_TRACE_OLDEST;
		t->held = 0;
	}
	return another;
}

/* Up to a chunk, behind what is held. Returns bytes, or a negative errno. */
static int read_chunk(struct trace *t, struct rproc_lite_verdict *v)
{
	struct rproc_lite_trace r = {
		.index = t->index,
		.cursor = t->cursor,
		.data = (uintptr_t)(t->data + t->held),
		.data_len = (u32)(sizeof(t->data) - t->held),
	};
	int ret;

	ret = device_trace(t->dev, &r, v);
	if (ret)
		return ret;
	t->cursor = r.cursor;
	t->size = r.size;
	return (int)r.data_len;
}

/* For a terminal: lines and tabs as they are, "\r\n" as "\n", nothing raw. */
static size_t put_escaped(const u8 *s, size_t len)
{
	char cell[TEXT_CELL_MAX];
	size_t at = 0, n;

	while (at < len) {
		if (s[at] == '\n' || s[at] == '\t') {
			putchar(s[at++]);
			continue;
		}
		if (s[at] == '\r') {
			if (at + 1 == len)
				break;
			if (s[at + 1] == '\n') {
				at++;
				continue;
			}
		}
		n = text_cell(s + at, len - at, cell);
		if (!n)
			break;
		fputs(cell, stdout);
		at += n;
	}
	return at;
}

/*
 * Print @len bytes that came behind those held. On a terminal the end of them
 * may be a character cut short: then that is held. -EPIPE if it can't be done.
 */
static int print_chunk(struct trace *t, size_t len)
{
	size_t all = t->held + len, done = all;

	if (!len)
		return 0;
	if (t->escape)
		done = put_escaped(t->data, all);
	else
		fwrite(t->data, 1, all, stdout);
	t->held = all - done;
	memmove(t->data, t->data + done, t->held);
	return fflush(stdout) || ferror(stdout) ? -EPIPE : 0;
}

/* The buffer has ended: what is held will never be whole. */
static int print_held(struct trace *t)
{
	size_t i;

	if (t->held > CELL_BYTES)
		t->held = CELL_BYTES;
	for (i = 0; i < t->held; i++)
		printf(t->data[i] == '\r' ? "\\r" : "\\x%02x", t->data[i]);
	t->held = 0;
	return fflush(stdout) || ferror(stdout) ? -EPIPE : 0;
}

/* Firmware may write faster than we print: a buffer's worth is all there is. */
int trace_print(struct trace *t, struct rproc_lite_verdict *v)
{
	u64 total = 0;
	int ret;

	do {
		ret = read_chunk(t, v);
		if (ret <= 0)
			break;
		total += (u64)ret;
		ret = print_chunk(t, (size_t)ret);
	} while (!ret && total < t->size);
	return ret ? ret : print_held(t);
}

/* What device_poll() saw: true if following goes on with another run. */
static bool look(struct trace *t, int timeout_ms, bool *gone)
{
	struct rproc_lite_verdict v;
	unsigned int seen;
	int ret;

	seen = device_poll(t->dev, timeout_ms, signals_fd(), timeout_ms);
	if (timeout_ms)
		t->rang = seen & DEVICE_RANG;
	if (seen & DEVICE_WOKEN)
		signals_drain();
	if (seen & DEVICE_GONE)
		*gone = true;
	if (*gone || !(seen & DEVICE_CHANGED))
		return false;
	ret = device_info(t->dev, &v);
	if (ret) {
		*gone = true;
		return false;
	}
	return note_state(t);
}

static bool may_write(const struct trace *t)
{
	switch (t->last_state) {
	case RPROC_LITE_RUNNING:
	case RPROC_LITE_SUSPENDED:
	case RPROC_LITE_CRASHED:
		return true;
	default:
		return false;
	}
}

static bool is_up(const struct trace *t)
{
	return t->last_state == RPROC_LITE_RUNNING || t->last_state == RPROC_LITE_SUSPENDED;
}

enum trace_end trace_follow(struct trace *t, bool running_only,
			    struct rproc_lite_verdict *v)
{
	bool gone = false, drained = false, rings = false, writes;
	u64 after = 0;		/* bytes printed since it was last up */
	int len;

	while (!signals_caught()) {
		writes = may_write(t);
		len = writes || !drained ? read_chunk(t, v) : 0;
		if (len == -ENODEV)
			return TRACE_GONE;
		if (len < 0 && len != -ENOENT)
			return TRACE_ERROR;
		if (look(t, 0, &gone))
			continue;
		if (len > 0 && print_chunk(t, (size_t)len))
			return signals_caught() ? TRACE_SIGNAL : TRACE_OUTPUT;
		if (gone)
			return TRACE_GONE;

		drained = !writes && len <= 0;
		after = is_up(t) ? 0 : after + (len > 0 ? (u64)len : 0);
		if (running_only && !is_up(t) && (len <= 0 || after >= t->size))
			return print_held(t) ? TRACE_OUTPUT : TRACE_STATE;
		/* Who rang for the last text will ring for the next. */
		if (len > 0)
			rings = t->rang;
		else
			look(t, rings ? RUNG_MS : IDLE_MS, &gone);
	}
	return TRACE_SIGNAL;
}

/* There is no such buffer: say why not. */
static int report_missing(const struct request *rq)
{
	const struct rproc_lite_info *info = &rq->dev->info;

	if (!(info->flags & RPROC_LITE_INFO_IMAGE))
		return report_text(rq, -ENOENT, "nothing is loaded, so there is no trace");
	if (!info->num_traces)
		return report_text(rq, -ENOENT, "its image has no trace buffer");
	return report_text(rq, -ENOENT, "there is no trace buffer %u, only %u %s",
			   rq->trace_index, info->num_traces,
			   info->num_traces == 1 ? "(the number 0)" : "in all, from 0");
}

static int follow(const struct request *rq, struct trace *t)
{
	struct rproc_lite_verdict v;

	signals_catch();
	switch (trace_follow(t, false, &v)) {
	case TRACE_SIGNAL:
		return EXIT_DONE;
	case TRACE_GONE:
		return report_text(rq, -ENODEV, "the remote is gone");
	case TRACE_ERROR:
		return report(rq, v.error, &v);
	default:
		return EXIT_FAILED;	/* main() says why */
	}
}

int cmd_trace(const struct request *rq)
{
	static struct trace t;
	struct rproc_lite_verdict v;
	int ret;

	trace_init(&t, rq->dev, rq->trace_index);
	if (rq->given & OPT_FOLLOW)
		return follow(rq, &t);
	ret = trace_print(&t, &v);
	if (ret == -EPIPE)
		return EXIT_FAILED;	/* main() says why */
	if (ret == -ENOENT)
		return report_missing(rq);
	return ret ? report(rq, ret, &v) : EXIT_DONE;
}
