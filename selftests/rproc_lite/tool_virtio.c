// SPDX-License-Identifier: GPL-2.0-only
/*
 * rprocctl virtio, console and run --console: what they print, with what they end, and
 * how they leave the terminal.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>

#include "kselftest_harness.h"
#include "command.h"
#include "guest.h"
#include "remote.h"

#define TOOL		"rprocctl"
#define ARGS_MAX	16
#define LEAVE		"\035"		/* Ctrl-] */
#define SERIAL_DRIVER	"/sys/bus/virtio/drivers/virtio_rproc_serial/"
#define LONG_LEN	20000

FIXTURE(tool)
{
	int fd;
	struct command_result r;
};

FIXTURE_SETUP(tool)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	/* A module on some kernels, and part of others. */
	ASSERT_EQ(0, module_load("virtio_console"));
	setenv("NO_COLOR", "1", 1);
	signal(SIGPIPE, SIG_IGN);
	command((const char *const[]){ TOOL, "version", NULL }, NULL, 0, &self->r);
	ASSERT_EQ(0, self->r.status) TH_LOG("no " TOOL);
}

FIXTURE_TEARDOWN(tool)
{
	EXPECT_DONE(remote_offline(self->fd));
	close(self->fd);
}

/* The tool's arguments, to the NULL. */
static void collect(const char *argv[ARGS_MAX], va_list args)
{
	int i;

	argv[0] = TOOL;
	for (i = 1; i < ARGS_MAX - 1; i++) {
		argv[i] = va_arg(args, const char *);
		if (!argv[i])
			return;
	}
	argv[i] = NULL;
}

static int run_tool(struct command_result *r, const char *in, ...)
{
	const char *argv[ARGS_MAX];
	va_list args;

	va_start(args, in);
	collect(argv, args);
	va_end(args);
	command(argv, in, in ? strlen(in) : 0, r);
	return r->status;
}

#define TOOL_IN(in, ...) run_tool(&self->r, in, __VA_ARGS__, NULL)
#define EXPECT_EXIT(code, in, ...)					\
	EXPECT_EQ(code, TOOL_IN(in, __VA_ARGS__))			\
		TH_LOG("out '%s' err '%s'", self->r.out, self->r.err)
#define ASSERT_EXIT(code, in, ...)					\
	ASSERT_EQ(code, TOOL_IN(in, __VA_ARGS__))			\
		TH_LOG("out '%s' err '%s'", self->r.out, self->r.err)
#define EXPECT_OUT(text) EXPECT_WORDS(text, self->r.out)
#define EXPECT_ERR(text) EXPECT_WORDS(text, self->r.err)

static int virtio_info(int fd, struct rproc_lite_virtio *virtio)
{
	memset(virtio, 0, sizeof(*virtio));
	return ioctl(fd, RPROC_LITE_IOC_VIRTIO, virtio) ? -errno : 0;
}

static bool is_created(int fd)
{
	struct rproc_lite_virtio virtio;

	return !virtio_info(fd, &virtio) && (virtio.flags & RPROC_LITE_VIRTIO_CREATED);
}

/* From Offline to Running, with no virtio device yet. */
static int run_by_hand(int fd, const char *name)
{
	static const char setting[] = "virtio=manual";
	int ret = remote_config_with(fd, setting, sizeof(setting));

	if (!ret)
		ret = remote_load(fd, remote_firmware(fd, name));
	if (!ret)
		ret = remote_start(fd);
	return ret ? ret : remote_wait_ready(fd);
}

/*
 * Programs that go on beside the test
 */

/**
 * struct beside - one of them
 * @pid: of it
 * @fd: both its ends
 * @slave: of the terminal, if it has one
 * @before: what that was like
 * @after: and when it had ended
 * @seen: what it wrote
 * @len: bytes of that
 */
struct beside {
	pid_t pid;
	int fd;
	int slave;
	struct termios before;
	struct termios after;
	char seen[8192];
	size_t len;
};

static void become(const char *const *argv, int fd)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	dup2(fd, STDERR_FILENO);
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

/* On a terminal, or with what never ends as standard input. */
static int begin(struct beside *b, bool terminal, ...)
{
	const char *argv[ARGS_MAX];
	va_list args;
	int ends[2];

	va_start(args, terminal);
	collect(argv, args);
	va_end(args);
	memset(b, 0, sizeof(*b));
	if (terminal ? openpty(&ends[0], &ends[1], NULL, NULL, NULL) :
		       socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return -errno;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	tcgetattr(ends[1], &b->before);
	b->pid = fork();
	if (!b->pid)
		become(argv, ends[1]);
	b->fd = ends[0];
	b->slave = ends[1];
	if (!terminal) {
		close(ends[1]);
		b->slave = -1;
	}
	return 0;
}

#define BEGIN(b, terminal, ...) ASSERT_EQ(0, begin(b, terminal, __VA_ARGS__, NULL))

/* Until it has written @text, for the first time or once more. */
static bool wait_seen(struct beside *b, const char *text)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	struct pollfd p = { .fd = b->fd, .events = POLLIN };
	char *at;
	ssize_t n;

	for (;;) {
		b->seen[b->len] = '\0';
		at = strstr(b->seen, text);
		if (at) {
			at += strlen(text);
			b->len -= (size_t)(at - b->seen);
			memmove(b->seen, at, b->len);
			return true;
		}
		if (now_ms() >= end || poll(&p, 1, 1000) < 0)
			return false;
		if (!p.revents)
			continue;
		n = read(b->fd, b->seen + b->len, sizeof(b->seen) - 1 - b->len);
		if (n <= 0)
			return false;
		b->len += (size_t)n;
	}
}

#define EXPECT_SEEN(b, text)						\
	EXPECT_TRUE(wait_seen(b, text)) TH_LOG("'%s' and not '%s'", (b)->seen, text)

static void say(struct beside *b, const char *text)
{
	if (write(b->fd, text, strlen(text)) < 0)
		perror("write");
}

/* Until it sleeps in poll(). */
static bool wait_polling(const struct beside *b)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	char path[64], where[64];

	snprintf(path, sizeof(path), "/proc/%d/wchan", b->pid);
	do {
		if (read_text(path, where, sizeof(where)) > 0 && strstr(where, "poll"))
			return true;
		usleep(1000);
	} while (now_ms() < end);
	return false;
}

/* Its exit status, or 128 and the signal that killed it; -1 if it does not end. */
static int end_of(struct beside *b)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	int status;

	while (!waitpid(b->pid, &status, WNOHANG)) {
		if (now_ms() >= end) {
			kill(b->pid, SIGKILL);
			waitpid(b->pid, &status, 0);
			return -1;
		}
		usleep(1000);
	}
	if (b->slave >= 0) {
		tcgetattr(b->slave, &b->after);
		close(b->slave);
	}
	close(b->fd);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/*
 * virtio list, show
 */

TEST_F(tool, list_without_vdevs)
{
	EXPECT_EXIT(0, NULL, "virtio", "r0");
	EXPECT_STREQ("", self->r.out);
	EXPECT_ERR("no image is loaded");
	EXPECT_EXIT(0, NULL, "virtio", "list", "r0", "--json");
	EXPECT_STREQ("{\"name\":\"r0\",\"vdevs\":[]}\n", self->r.out);
	ASSERT_DONE(remote_run(self->fd, "notable"));
	EXPECT_EXIT(0, NULL, "virtio", "r0");
	EXPECT_ERR("no vdevs");
	EXPECT_EXIT(1, NULL, "console", "r0");
	EXPECT_ERR("no vdevs");
}

TEST_F(tool, list_serial)
{
	struct rproc_lite_virtio virtio;
	char text[128];

	ASSERT_DONE(remote_run(self->fd, "serial"));
	ASSERT_EXIT(0, "one\n", "console", "r0", "--expect", "one");
	ASSERT_EQ(0, virtio_info(self->fd, &virtio));
	ASSERT_EQ(1, virtio.sent);

	EXPECT_EXIT(0, NULL, "virtio", "list", "r0");
	EXPECT_OUT("vdev0   rproc-serial  driver      2           1           1         0  ");
	snprintf(text, sizeof(text), "  %s (virtio_rproc_serial)\n", virtio.name);
	EXPECT_OUT(text);
	EXPECT_OUT("ACKNOWLEDGE DRIVER DRIVER_OK\n");
	EXPECT_OUT("0x0 offered, 0x0 agreed upon\n");
	EXPECT_OUT("/dev/vport");

	EXPECT_EXIT(0, NULL, "virtio", "list", "r0", "--json");
	EXPECT_OUT("{\"name\":\"r0\",\"vdevs\":[{\"index\":0,\"id\":11,");
	EXPECT_OUT("\"id_name\":\"rproc-serial\",");
	EXPECT_OUT("\"dfeatures\":0,\"rings\":2,\"config_len\":0,\"device\":{\"role\":\"driver\",");
	EXPECT_OUT("\"status\":7,\"status_words\":[\"ACKNOWLEDGE\",\"DRIVER\",\"DRIVER_OK\"],");
	EXPECT_OUT("\"broken\":false,\"wants_reset\":false,\"gfeatures\":0,");
	EXPECT_OUT("\"sent\":1,\"received\":1,\"bad\":0,");
	snprintf(text, sizeof(text), "\"linux_name\":\"%s\",\"driver\":\"virtio_rproc_serial\",",
		 virtio.name);
	EXPECT_OUT(text);
	EXPECT_OUT("\"files\":[{\"path\":\"/dev/vport");
	EXPECT_OUT("\"class\":\"virtio-ports\",\"label\":null}]}}]}\n");

	EXPECT_EXIT(0, NULL, "show", "r0");
	EXPECT_OUT("  vdev0  rproc-serial: Linux is the driver, ");
	EXPECT_OUT("  vdev0vring1\n");
	EXPECT_OUT("  vdev0buffer\n");
	EXPECT_EXIT(0, NULL, "show", "r0", "--json");
	EXPECT_OUT("\"vdevs\":[{\"index\":0,\"id\":11,");
	EXPECT_OUT("{\"kind\":\"buffers\",\"name\":\"vdev0buffer\",");
}

TEST_F(tool, list_unknown_kind)
{
	ASSERT_DONE(run_by_hand(self->fd, "queues4"));
	EXPECT_EXIT(0, NULL, "virtio", "r0");
	EXPECT_OUT("vdev0   virtio 63     -           4           -           -         -  -\n");
	EXPECT_OUT(" offered\n");
	EXPECT_EXIT(0, NULL, "virtio", "r0", "--json");
	EXPECT_OUT("\"id\":63,\"id_name\":null,");
	EXPECT_OUT("\"rings\":4,\"config_len\":16,\"device\":null}]}\n");
	EXPECT_EXIT(0, NULL, "show", "r0");
	EXPECT_OUT("vdev0  virtio 63: no device\n");
	EXPECT_EXIT(1, NULL, "console", "r0");
	EXPECT_ERR("none of its vdevs is a serial port");
}

/*
 * virtio create, virtio remove
 */

TEST_F(tool, create_and_remove)
{
	ASSERT_DONE(run_by_hand(self->fd, "serial"));
	EXPECT_EXIT(1, NULL, "console", "r0");
	EXPECT_ERR("vdev0 has no device");
	EXPECT_EXIT(0, NULL, "virtio", "create", "r0", "0");
	EXPECT_OUT("r0: vdev0: virtio");
	EXPECT_OUT("Linux is the driver\n");
	EXPECT_TRUE(is_created(self->fd));
	EXPECT_EXIT(0, NULL, "virtio", "create", "r0", "0", "--role", "driver", "--json");
	EXPECT_OUT("{\"verb\":\"virtio create\",\"name\":\"r0\",\"vdev\":{\"index\":0,");
	EXPECT_EXIT(0, "two\n", "console", "r0", "0", "--expect", "two");
	EXPECT_EXIT(0, NULL, "virtio", "remove", "r0", "0");
	EXPECT_STREQ("r0: vdev0 has no device any more\n", self->r.out);
	EXPECT_FALSE(is_created(self->fd));
	EXPECT_EXIT(0, "three\n", "console", "r0", "--role", "driver", "--expect", "three");
	EXPECT_EXIT(0, NULL, "virtio", "remove", "r0", "0", "--json");
	EXPECT_STREQ("{\"verb\":\"virtio remove\",\"name\":\"r0\",\"index\":0}\n", self->r.out);
}

/* The kernel's words, and the exit codes that all verbs have. */
TEST_F(tool, refusals)
{
	EXPECT_EXIT(1, NULL, "virtio", "create", "r0", "0");
	EXPECT_ERR("rprocctl: virtio create r0: ");
	EXPECT_ERR("needs the state Running, and this remote is Offline");
	EXPECT_EXIT(1, NULL, "console", "r0");
	EXPECT_ERR("needs the state Running, and this remote is Offline");
	ASSERT_DONE(remote_run(self->fd, "serial"));
	EXPECT_EXIT(1, NULL, "virtio", "create", "r0", "1");
	EXPECT_ERR("the resource table has no vdev 1");
	EXPECT_EXIT(1, NULL, "console", "r0", "1");
	EXPECT_ERR("the resource table has no vdev 1");
	EXPECT_EXIT(1, NULL, "virtio", "create", "r0", "0", "--timeout", "1s");
	EXPECT_ERR("for the role of the device");
	EXPECT_EXIT(1, NULL, "virtio", "create", "r0", "0", "--role", "device", "--json");
	EXPECT_ERR("vdev0 is in use, with Linux as its driver");
	EXPECT_OUT("{\"error\":{\"verb\":\"virtio create\",\"remote\":\"r0\",");
	EXPECT_OUT("\"errno\":\"EEXIST\",");
	EXPECT_EXIT(1, NULL, "console", "r0", "--rpmsg", "rpmsg-raw");
	EXPECT_ERR("none of its vdevs is for rpmsg");
	ASSERT_EXIT(0, NULL, "virtio", "remove", "r0", "0");
	EXPECT_EXIT(1, NULL, "virtio", "remove", "r0", "0");
	EXPECT_ERR("there is no virtio device of vdev0");
	/* Its firmware drives nothing. */
	EXPECT_EXIT(4, NULL, "virtio", "create", "r0", "0", "--role", "device", "--timeout",
		    "100ms");
	EXPECT_ERR("was not ready within 100 ms");
	EXPECT_EXIT(4, NULL, "console", "r0", "--role", "device", "--timeout", "100ms");
	EXPECT_FALSE(is_created(self->fd));

	EXPECT_EXIT(2, NULL, "virtio");
	EXPECT_EXIT(2, NULL, "virtio", "create", "r0");
	EXPECT_EXIT(2, NULL, "virtio", "create", "r0", "x");
	EXPECT_EXIT(2, NULL, "virtio", "remove", "r0", "-1");
	EXPECT_EXIT(2, NULL, "virtio", "create", "r0", "0", "--role", "friend");
	EXPECT_EXIT(2, NULL, "virtio", "list", "r0", "--role", "driver");
	EXPECT_EXIT(2, NULL, "console", "r0", "x");
	EXPECT_EXIT(2, NULL, "console", "r0", "--json");
	EXPECT_EXIT(2, NULL, "console", "r0", "--expect", "");
	EXPECT_EXIT(2, NULL, "console", "r0", "--timeout", "0");
	EXPECT_EXIT(2, NULL, "console", "r0", "--rpmsg", "a", "--role", "driver");
	EXPECT_EXIT(2, NULL, "run", "r0", "-", "--console");
	EXPECT_EXIT(3, NULL, "virtio", "no-such-remote");
	EXPECT_EXIT(3, NULL, "console", "no-such-remote");
}

/*
 * console: bytes
 */

/* More than the port takes at once, and more than one message. */
TEST_F(tool, console_copies_all)
{
	static char text[LONG_LEN + 8];
	unsigned int i;

	for (i = 0; i < LONG_LEN; i++)
		text[i] = (char)('!' + i % 89);
	strcpy(text + LONG_LEN, "\033end");
	ASSERT_DONE(remote_run(self->fd, "serial"));
	ASSERT_EXIT(0, text, "console", "r0", "--expect", "\033end", "--timeout", "20s");
	EXPECT_EQ(strlen(text), self->r.out_len);
	EXPECT_STREQ(text, self->r.out);
	EXPECT_STREQ("", self->r.err);
}

TEST_F(tool, console_expects)
{
	uint64_t begin_at;

	ASSERT_DONE(remote_run(self->fd, "serial"));
	begin_at = now_ms();
	EXPECT_EXIT(4, "ping\n", "console", "r0", "--expect", "pong", "--timeout", "400ms");
	EXPECT_LE(400, now_ms() - begin_at);
	EXPECT_OUT("ping\n");
	EXPECT_ERR("did not come within 400 ms");
	/* Without it the end is that of the input and of what comes. */
	begin_at = now_ms();
	EXPECT_EXIT(0, "ping\n", "console", "r0", "--idle-timeout", "700ms");
	EXPECT_LE(700, now_ms() - begin_at);
	EXPECT_STREQ("ping\n", self->r.out);
}

/* What is expected comes in pieces. */
TEST_F(tool, console_expects_across_reads)
{
	struct beside b;

	ASSERT_DONE(remote_run(self->fd, "serial"));
	BEGIN(&b, false, "console", "r0", "--expect", "needle", "--timeout", "15s");
	say(&b, "hay nee");
	EXPECT_SEEN(&b, "nee");
	say(&b, "needl");
	EXPECT_SEEN(&b, "needl");
	say(&b, "e");
	EXPECT_EQ(0, end_of(&b));
}

TEST_F(tool, console_waits_for_the_port)
{
	struct rproc_lite_virtio virtio;
	struct beside b;

	ASSERT_DONE(remote_run(self->fd, "serial"));
	ASSERT_EQ(0, virtio_info(self->fd, &virtio));
	ASSERT_EQ(0, write_text(SERIAL_DRIVER "unbind", virtio.name));
	EXPECT_EXIT(4, NULL, "console", "r0", "--timeout", "300ms");
	EXPECT_ERR("has no driver; try: modprobe virtio_console");
	BEGIN(&b, false, "console", "r0", "--expect", "late", "--timeout", "15s");
	say(&b, "late\n");
	EXPECT_TRUE(wait_polling(&b));
	ASSERT_EQ(0, write_text(SERIAL_DRIVER "bind", virtio.name));
	EXPECT_EQ(0, end_of(&b));

	/* One at a time. */
	BEGIN(&b, false, "console", "r0");
	say(&b, "mine\n");
	EXPECT_SEEN(&b, "mine");
	EXPECT_EXIT(1, NULL, "console", "r0");
	EXPECT_ERR("/dev/vport");
	EXPECT_ERR("busy");
	kill(b.pid, SIGTERM);
	EXPECT_EQ(0, end_of(&b));
}

/*
 * console: ends
 */

TEST_F(tool, console_ends_with_the_remote)
{
	struct beside b;

	ASSERT_DONE(remote_run(self->fd, "serial"));
	BEGIN(&b, false, "console", "r0");
	say(&b, "there\n");
	EXPECT_SEEN(&b, "there");
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	EXPECT_SEEN(&b, "someone else ");
	EXPECT_EQ(1, end_of(&b));

	ASSERT_DONE(remote_start(self->fd));
	BEGIN(&b, false, "console", "r0");
	say(&b, "again\n");
	EXPECT_SEEN(&b, "again");
	ASSERT_EXIT(0, NULL, "virtio", "remove", "r0", "0");
	EXPECT_SEEN(&b, "vdev0 has no device");
	EXPECT_EQ(1, end_of(&b));
}

TEST_F(tool, console_survives_a_crash)
{
	ASSERT_DONE(run_by_hand(self->fd, "driver"));
	EXPECT_EXIT(1, "/crash", "console", "r0", "--role", "device", "--idle-timeout", "0");
	EXPECT_ERR("rprocctl: console r0: crashed: ");
	EXPECT_STATE(RPROC_LITE_CRASHED, self->fd);
}

TEST_F(tool, console_at_a_terminal)
{
	struct termios now;
	struct beside b;

	ASSERT_DONE(remote_run(self->fd, "serial"));
	BEGIN(&b, true, "console", "r0");
	EXPECT_SEEN(&b, "Ctrl-] leaves");
	/* The remote echoes, nobody else: once each. */
	say(&b, "keys");
	EXPECT_SEEN(&b, "keys");
	ASSERT_EQ(0, tcgetattr(b.slave, &now));
	EXPECT_EQ(0, now.c_lflag & (ICANON | ECHO | ISIG));
	say(&b, "\003\032\004\021\023|");
	EXPECT_SEEN(&b, "\003\032\004\021\023|");
	say(&b, "last" LEAVE "lost");
	EXPECT_EQ(0, end_of(&b));
	EXPECT_EQ(b.before.c_lflag, b.after.c_lflag);
	EXPECT_EQ(b.before.c_iflag, b.after.c_iflag);
	EXPECT_EQ(b.before.c_oflag, b.after.c_oflag);
}

/* Whatever ends it. */
TEST_F(tool, terminal_is_put_back)
{
	static const struct {
		int signal;
		int status;
	} ends[] = { { SIGTERM, 0 }, { SIGHUP, 0 }, { SIGQUIT, 128 + SIGQUIT } };
	struct termios now;
	struct beside b;
	unsigned int i;

	ASSERT_DONE(remote_run(self->fd, "serial"));
	for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		BEGIN(&b, true, "console", "r0");
		EXPECT_SEEN(&b, "Ctrl-] leaves");
		ASSERT_EQ(0, tcgetattr(b.slave, &now));
		EXPECT_EQ(0, now.c_lflag & ICANON);
		kill(b.pid, SIGTSTP);	/* would leave it raw */
		kill(b.pid, ends[i].signal);
		EXPECT_EQ(ends[i].status, end_of(&b));
		EXPECT_EQ(b.before.c_lflag, b.after.c_lflag);
	}
}

/*
 * Linux as the device
 */

TEST_F(tool, console_as_the_device)
{
	ASSERT_DONE(run_by_hand(self->fd, "driver"));
	EXPECT_EXIT(1, NULL, "console", "r0");
	EXPECT_EXIT(0, "parrot", "console", "r0", "--role", "device", "--expect", "parrot");
	/* It was made for that alone. */
	EXPECT_FALSE(is_created(self->fd));
}

TEST_F(tool, device_is_held)
{
	struct beside b;

	ASSERT_DONE(run_by_hand(self->fd, "driver"));
	BEGIN(&b, false, "virtio", "create", "r0", "0", "--role", "device");
	EXPECT_SEEN(&b, "r0: vdev0: Linux is the device\n");
	EXPECT_SEEN(&b, "until Ctrl-C");
	EXPECT_EXIT(0, NULL, "virtio", "r0");
	EXPECT_OUT("vdev0   virtio 62     device      2 ");
	EXPECT_OUT("ACKNOWLEDGE DRIVER FEATURES_OK DRIVER_OK\n");
	EXPECT_EXIT(0, NULL, "virtio", "r0", "--json");
	EXPECT_OUT("\"role\":\"device\",\"status\":15,");
	EXPECT_OUT("\"linux_name\":null,\"driver\":null,\"files\":[]}}]}\n");
	EXPECT_EXIT(0, "parrot", "console", "r0", "--expect", "parrot");
	EXPECT_TRUE(is_created(self->fd));
	kill(b.pid, SIGTERM);
	EXPECT_EQ(0, end_of(&b));
	EXPECT_FALSE(is_created(self->fd));

	BEGIN(&b, false, "virtio", "create", "r0", "0", "--role", "device");
	EXPECT_SEEN(&b, "until Ctrl-C");
	/* It stays reset for a while, so that Linux sees it. */
	EXPECT_EXIT(1, "/reset 500", "console", "r0", "--idle-timeout", "0");
	EXPECT_ERR("the firmware wants vdev0 to be reset");
	EXPECT_SEEN(&b, "the firmware wants vdev0 to be reset");
	EXPECT_EQ(1, end_of(&b));

	BEGIN(&b, false, "virtio", "create", "r0", "0", "--role", "device");
	EXPECT_SEEN(&b, "until Ctrl-C");
	EXPECT_EXIT(0, NULL, "virtio", "remove", "r0", "0");
	EXPECT_EQ(1, end_of(&b));
}

/*
 * rpmsg, if the guest has its drivers
 */

static bool has_rpmsg(void)
{
	return !module_load("virtio_rpmsg_bus") && !module_load("rpmsg_char");
}

TEST_F(tool, console_by_rpmsg)
{
	struct beside b;

	if (!has_rpmsg())
		SKIP(return, "no rpmsg drivers: scripts/rpmsg-modules builds them");
	ASSERT_DONE(remote_run(self->fd, "rpmsg"));
	EXPECT_EXIT(2, NULL, "console", "r0", "0");
	EXPECT_ERR("say --rpmsg");
	BEGIN(&b, false, "console", "r0", "--rpmsg", "rpmsg-raw");
	say(&b, "first");
	EXPECT_SEEN(&b, "first");
	/* The first is taken: there is another of that name. */
	EXPECT_EXIT(0, "second", "console", "r0", "0", "--rpmsg", "rpmsg-raw", "--expect",
		    "second");
	EXPECT_EXIT(0, NULL, "virtio", "r0");
	EXPECT_OUT("(virtio_rpmsg_bus)\n");
	EXPECT_OUT("/dev/rpmsg0 \"rpmsg-raw\", /dev/rpmsg1 \"rpmsg-raw\"");
	EXPECT_EXIT(0, NULL, "virtio", "r0", "--json");
	EXPECT_OUT("{\"path\":\"/dev/rpmsg0\",\"class\":\"rpmsg\",\"label\":\"rpmsg-raw\"}");
	EXPECT_EXIT(4, NULL, "console", "r0", "--rpmsg", "unheard-of", "--timeout", "200ms");
	EXPECT_ERR("no file of a channel \"unheard-of\"");
	kill(b.pid, SIGTERM);
	EXPECT_EQ(0, end_of(&b));
}

/* More than there are buffers, which this kind of file can't be polled for. */
TEST_F(tool, console_by_rpmsg_copies_all)
{
	static char text[LONG_LEN * 4 + 8];
	unsigned int i;

	if (!has_rpmsg())
		SKIP(return, "no rpmsg drivers: scripts/rpmsg-modules builds them");
	for (i = 0; i < LONG_LEN * 3; i++)
		text[i] = (char)('a' + i % 23);
	strcpy(text + LONG_LEN * 3, "END");
	ASSERT_DONE(remote_run(self->fd, "rpmsg"));
	ASSERT_EXIT(0, text, "console", "r0", "--rpmsg", "rpmsg-raw", "--expect", "END",
		    "--timeout", "20s");
	EXPECT_STREQ(text, self->r.out);
}

TEST_F(tool, what_broke_is_told)
{
	if (!has_rpmsg())
		SKIP(return, "no rpmsg drivers: scripts/rpmsg-modules builds them");
	ASSERT_DONE(remote_run(self->fd, "evil"));
	EXPECT_EXIT(1, "/evil idx-jump", "console", "r0", "--rpmsg", "rpmsg-raw",
		    "--idle-timeout", "0");
	EXPECT_ERR("the firmware broke the rules of vdev0");
	EXPECT_EXIT(0, NULL, "virtio", "r0");
	EXPECT_OUT("DRIVER_OK, broken\n");
	EXPECT_EXIT(0, NULL, "virtio", "r0", "--json");
	EXPECT_OUT("\"broken\":true,\"wants_reset\":false,");
	EXPECT_EXIT(0, NULL, "virtio", "create", "r0", "0");
	EXPECT_EXIT(0, "mended", "console", "r0", "--rpmsg", "rpmsg-raw", "--expect", "mended");
	EXPECT_EXIT(1, "/reset", "console", "r0", "--rpmsg", "rpmsg-raw", "--idle-timeout", "0");
	EXPECT_ERR("the firmware wants vdev0 to be reset");
	EXPECT_EXIT(0, NULL, "virtio", "r0");
	EXPECT_OUT("NEEDS_RESET, wants reset\n");
}

/*
 * run --console
 */

TEST_F(tool, run_with_console)
{
	const char *image = remote_firmware(self->fd, "serial");

	EXPECT_EXIT(0, "round\n", "run", "r0", image, "--console");
	EXPECT_STREQ("round\n", self->r.out);
	EXPECT_ERR("r0: Running\n");
	EXPECT_ERR("r0: Stopped\nr0: Offline\n");
	EXPECT_STATE(RPROC_LITE_OFFLINE, self->fd);
	/* Without a port it ends as well, and orderly. */
	EXPECT_EXIT(1, "round\n", "run", "r0", remote_firmware(self->fd, "notable"),
		    "--console");
	EXPECT_ERR("no vdevs");
	EXPECT_STATE(RPROC_LITE_OFFLINE, self->fd);
}

REMOTE_TEST_MAIN
