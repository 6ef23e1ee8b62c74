// SPDX-License-Identifier: GPL-2.0-only
/*
 * rprocctl console: a terminal on a remote.
 *
 * Nothing waits but poll(): neither the port, which does not block, nor standard
 * input, which is only read when there is something. So the remote's end, a signal
 * and Ctrl-] are always heard, also while the remote takes nothing.
 */
#include <poll.h>
#include <signal.h>
#include <time.h>
#include <unistd.h>

#include "console.h"
#include "device.h"
#include "duration.h"
#include "rawterm.h"
#include "report.h"
#include "signals.h"
#include "state.h"

#define LEAVE		0x1d	/* Ctrl-] */
#define INPUT_ROOM	4096
#define OUTPUT_ROOM	65536	/* the longest message that there is */
#define DRAIN_MAX	64	/* messages that are still read after the end */
/*
 * What is sent at once. A longer message than the remote's rules allow is refused, or
 * ends the device; rpmsg has 496 bytes, and who takes less is rare.
 */
#define MESSAGE		496
#define BLIND_MS	20	/* between two tries at a port that can't tell */

enum end {
	GOES_ON,
	LEFT,			/* Ctrl-] */
	SIGNALLED,
	INPUT_OVER,		/* and nothing has come for a while */
	FOUND,			/* what was expected */
	TOO_LATE,		/* it did not come */
	OUTPUT_FAILED,
	INPUT_FAILED,
	PORT_ENDED,
	GONE,			/* the remote is unbound */
};

/**
 * struct console - one that runs
 * @wish: what is wanted
 * @rq: whose remote
 * @port: to it
 * @terminal: standard input is one, and raw
 * @leave: Ctrl-] was pressed
 * @input_over: standard input has ended
 * @full: the port did not take all
 * @error: of the port or of standard input
 * @message: bytes that are sent at once
 * @busy_at: when something last came or went
 * @in: what is to be sent
 * @in_len: bytes of it
 * @out: what was received; in front of it, the end of what came before
 * @tail: bytes of that
 */
struct console {
	const struct console_wish *wish;
	const struct request *rq;
	struct port port;
	bool terminal;
	bool leave;
	bool input_over;
	bool full;
	int error;
	size_t message;
	u64 busy_at;
	u8 in[INPUT_ROOM];
	size_t in_len;
	u8 out[CONSOLE_EXPECT_MAX + OUTPUT_ROOM];
	size_t tail;
};

/* From standard input to the remote */

static void look_for_leave(struct console *c, const u8 *from, size_t *len)
{
	const u8 *key = c->terminal ? memchr(from, LEAVE, *len) : NULL;

	if (!key)
		return;
	*len = (size_t)(key - from);
	c->leave = true;
}

/* At a terminal Ctrl-] must be heard even if the remote takes nothing: the rest is lost. */
static enum end take_input(struct console *c)
{
	size_t room = sizeof(c->in) - c->in_len, len;
	u8 lost[64], *to = room ? c->in + c->in_len : lost;
	ssize_t n;

	n = read(STDIN_FILENO, to, room ? room : sizeof(lost));
	if (n < 0 && (errno == EINTR || errno == EAGAIN))
		return GOES_ON;
	if (n < 0) {
		c->error = errno;
		return INPUT_FAILED;
	}
	c->input_over = !n;
	c->busy_at = duration_now(CLOCK_MONOTONIC);
	len = (size_t)n;
	look_for_leave(c, to, &len);
	if (room)
		c->in_len += len;
	return GOES_ON;
}

static enum end send_input(struct console *c)
{
	size_t len;
	ssize_t n;

	c->full = false;
	while (c->in_len && !c->full) {
		len = c->in_len < c->message ? c->in_len : c->message;
		n = write(c->port.fd, c->in, len);
		if (n >= 0) {
			c->in_len -= (size_t)n;
			memmove(c->in, c->in + n, c->in_len);
			c->busy_at = duration_now(CLOCK_MONOTONIC);
		} else if (errno == EMSGSIZE && len > 1) {
			c->message = len / 2;
		} else if (errno == EAGAIN || errno == EINTR) {
			c->full = true;
		} else {
			c->error = errno;
			return PORT_ENDED;
		}
	}
	return GOES_ON;
}

/* From the remote to standard output */

/* @len bytes came behind the tail: is it among them? Keeps the end of them. */
static bool is_expected(struct console *c, size_t len)
{
	size_t all = c->tail + len, wanted;

	if (!c->wish->expect)
		return false;
	wanted = strlen(c->wish->expect);
	if (memmem(c->out, all, c->wish->expect, wanted))
		return true;
	c->tail = all < wanted - 1 ? all : wanted - 1;
	memmove(c->out, c->out + all - c->tail, c->tail);
	return false;
}

static enum end take_output(struct console *c)
{
	u8 *to = c->out + c->tail;
	ssize_t n;

	n = read(c->port.fd, to, OUTPUT_ROOM);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return GOES_ON;
	if (n <= 0) {
		c->error = n ? errno : 0;
		return PORT_ENDED;
	}
	c->busy_at = duration_now(CLOCK_MONOTONIC);
	fwrite(to, 1, (size_t)n, stdout);
	if (fflush(stdout) || ferror(stdout))
		return signals_caught() ? SIGNALLED : OUTPUT_FAILED;
	return is_expected(c, (size_t)n) ? FOUND : GOES_ON;
}

/* Last words. */
static void drain(struct console *c)
{
	struct pollfd p = { .fd = c->port.fd, .events = POLLIN };
	int i;

	for (i = 0; i < DRAIN_MAX; i++)
		if (poll(&p, 1, 0) <= 0 || !(p.revents & POLLIN) ||
		    take_output(c) != GOES_ON)
			return;
}

/* Both, and what else may end it */

/* When that is, if nothing happens; U64_MAX for never. */
static u64 end_at(const struct console *c)
{
	if (c->wish->expect)
		return c->wish->port.deadline;
	if (c->input_over && !c->in_len && c->wish->idle_ms)
		return c->busy_at + c->wish->idle_ms;
	return U64_MAX;
}

static int wait_ms(const struct console *c, u64 now)
{
	u64 at = end_at(c), left;

	left = at > now ? at - now : 0;
	if (c->full && c->port.blind && left > BLIND_MS)
		left = BLIND_MS;
	if (at == U64_MAX && !(c->full && c->port.blind))
		return -1;
	return left > 3600000 ? 3600000 : (int)left;
}

static bool wants_input(const struct console *c)
{
	return !c->input_over && (c->terminal || !c->in_len);
}

static enum end look_at_remote(struct console *c)
{
	if (port_is_alive(c->rq, &c->port))
		return GOES_ON;
	drain(c);
	return PORT_ENDED;
}

static enum end step(struct console *c)
{
	enum { REMOTE, SIGNALS, INPUT, PORT };
	struct pollfd fds[] = {
		[REMOTE] = { .fd = c->rq->dev->fd, .events = POLLPRI },
		[SIGNALS] = { .fd = signals_fd(), .events = POLLIN },
		[INPUT] = { .fd = wants_input(c) ? STDIN_FILENO : -1, .events = POLLIN },
		[PORT] = { .fd = c->port.fd, .events = POLLIN | (c->full ? POLLOUT : 0) },
	};
	enum end end = GOES_ON;
	u64 now = duration_now(CLOCK_MONOTONIC);

	if (now >= end_at(c))
		return c->wish->expect ? TOO_LATE : INPUT_OVER;
	if (poll(fds, ARRAY_SIZE(fds), wait_ms(c, now)) < 0 && errno != EINTR)
		return INPUT_FAILED;
	if (signals_caught())
		return SIGNALLED;
	if (fds[REMOTE].revents & (POLLHUP | POLLERR))
		return GONE;
	if (fds[PORT].revents & (POLLIN | POLLHUP | POLLERR))
		end = take_output(c);
	if (end == GOES_ON && fds[REMOTE].revents)
		end = look_at_remote(c);
	if (end == GOES_ON && fds[INPUT].revents)
		end = take_input(c);
	if (end == GOES_ON)
		end = send_input(c);
	return end == GOES_ON && c->leave ? LEFT : end;
}

static int report_end(const struct console *c, enum end end)
{
	char limit[DURATION_MAX];

	switch (end) {
	case FOUND:
	case LEFT:
	case INPUT_OVER:
		return EXIT_DONE;
	case SIGNALLED:
		return c->wish->expect ? report_text(c->rq, -EINTR, "interrupted") : EXIT_DONE;
	case TOO_LATE:
		return report_text(c->rq, -ETIMEDOUT, "what was expected did not come within %s",
				   duration_text(limit, c->wish->limit_ms));
	case OUTPUT_FAILED:
		return EXIT_FAILED;	/* main() says why */
	case INPUT_FAILED:
		return report_text(c->rq, -EIO, "standard input: %s", strerror(c->error));
	case GONE:
		return report_text(c->rq, -ENODEV, "the remote is gone");
	default:
		return port_report_end(c->rq, &c->port, c->error);
	}
}

static int converse(struct console *c)
{
	enum end end = GOES_ON;

	c->terminal = isatty(STDIN_FILENO) && rawterm_enter(STDIN_FILENO);
	if (c->terminal)
		fprintf(stderr, "rprocctl: %s; Ctrl-] leaves\n", c->port.name);
	c->message = MESSAGE;
	c->busy_at = duration_now(CLOCK_MONOTONIC);
	while (end == GOES_ON)
		end = step(c);
	rawterm_leave();
	if (c->terminal)
		fputc('\n', stderr);
	return report_end(c, end);
}

int console_run(const struct request *rq, const struct console_wish *wish)
{
	static struct console c;
	int code;

	if (rq->dev->info.state != RPROC_LITE_RUNNING)
		return report_text(rq, -EBADFD,
				   "a console needs the state Running, and this remote is %s",
				   rl_state_name(rq->dev->info.state));
	signals_catch();
	signal(SIGPIPE, SIG_IGN);
	memset(&c, 0, sizeof(c));
	c.rq = rq;
	c.wish = wish;
	code = port_open(rq, &wish->port, &c.port);
	if (code != EXIT_DONE)
		return code;
	code = converse(&c);
	port_close(&c.port);
	return code;
}

int cmd_console(const struct request *rq)
{
	u64 limit = rq->given & OPT_TIMEOUT ? rq->timeout_ms : CONSOLE_LIMIT_MS;
	struct console_wish wish = {
		.port = {
			.vdev = rq->arg,
			.channel = rq->channel,
			.create = rq->given & OPT_ROLE,
			.role = rq->role,
			.deadline = duration_now(CLOCK_MONOTONIC) + limit,
		},
		.expect = rq->expect,
		.limit_ms = limit,
		.idle_ms = rq->given & OPT_IDLE ? rq->idle_ms : CONSOLE_IDLE_MS,
	};

	if (rq->channel && (rq->given & OPT_ROLE)) {
		report_text(rq, -EINVAL, "--rpmsg and --role do not go together");
		return EXIT_USAGE;
	}
	if (rq->expect && (!*rq->expect || strlen(rq->expect) >= CONSOLE_EXPECT_MAX)) {
		report_text(rq, -EINVAL, "--expect takes a text of 1 to %d bytes",
			    CONSOLE_EXPECT_MAX - 1);
		return EXIT_USAGE;
	}
	return console_run(rq, &wish);
}
