// SPDX-License-Identifier: GPL-2.0-only
/*
 * A trace buffer: whatever is in it, what comes is text of it; and who follows an honest
 * writer misses nothing.
 *
 * The first byte is the buffer's size less one, the second whether the writer is honest.
 * Then come steps: write so many bytes (or one anywhere), or read into so much room.
 */
#include "fuzz.h"
#include "tracebuf.h"

#include <linux/rproc_lite.h>
#include <stdlib.h>

struct trace {
	u8 *buf;
	size_t size;
	size_t at;		/* the writer's */
	u64 cursor;		/* the reader's */
	u8 due[512];		/* what was written, and not read */
	size_t num_due;
	bool honest;
	u8 next;
};

/* As the firmware does it: first the new end, then the byte. */
static void write_text(struct trace *t, size_t len)
{
	/* Never a whole buffer that nobody read. */
	while (len-- && t->num_due + 1 < t->size) {
		size_t next = (t->at + 1) % t->size;

		t->next = t->next % 255 + 1;
		t->buf[next] = 0;
		t->buf[t->at] = t->next;
		t->at = next;
		t->due[t->num_due++] = t->next;
	}
}

static void read_text(struct trace *t, size_t room)
{
	u8 *out = fuzz_alloc(room), *before = fuzz_alloc(t->size);
	size_t n;

	memcpy(before, t->buf, t->size);
	n = rl_trace_read(t->buf, t->size, &t->cursor, out, room);
	must(!memcmp(before, t->buf, t->size));
	must(n <= room && n <= t->size && t->cursor <= t->size);
	must(!memchr(out, 0, n));
	/* All that there was, if there was room. */
	if (n < room) {
		u64 again = t->cursor;

		must(!rl_trace_read(t->buf, t->size, &again, out, room));
	}
	if (t->honest) {
		must(n == (room < t->num_due ? room : t->num_due));
		n = rl_trace_read(t->buf, t->size, &t->cursor, out, 0);
		must(!n);
	}
	free(before);
	free(out);
}

static void read_due(struct trace *t, size_t room)
{
	u8 *out = fuzz_alloc(room);
	u64 cursor = t->cursor;
	size_t n;

	n = rl_trace_read(t->buf, t->size, &cursor, out, room);
	must(!memcmp(out, t->due, n));
	read_text(t, room);
	must(cursor == t->cursor);
	memmove(t->due, t->due + n, t->num_due - n);
	t->num_due -= n;
	free(out);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct input in = { data, size };
	struct trace t = { .cursor = 0 };

	t.size = take8(&in) + 1u;
	t.honest = take8(&in) & 1;
	t.buf = fuzz_alloc(t.size);
	if (!t.honest)
		t.cursor = take8(&in) & 1 ? RPROC_LITE_TRACE_OLDEST : take64(&in);
	while (in.left) {
		u8 step = take8(&in);

		if (t.honest && step & 1)
			write_text(&t, step >> 1);
		else if (t.honest)
			read_due(&t, step >> 1);
		else if (step & 1)
			t.buf[take8(&in) % t.size] = step >> 1;
		else
			read_text(&t, step >> 1);
	}
	free(t.buf);
	return 0;
}
