// SPDX-License-Identifier: GPL-2.0-only
/*
 * While an operation runs, any other is refused at once, and told what runs and
 * who runs it; whoever asks is answered at once. Who runs it may be killed.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "kselftest_harness.h"
#include "remote.h"

/* No operation but one may be done; and that one is named, with its process. */
static void all_else_is_busy(struct __test_metadata *_metadata, int fd, const char *what,
			     pid_t who)
{
	struct rproc_lite_info before, after;
	uint64_t begin = now_ms();
	char words[64], pid[32];

	ASSERT_EQ(0, remote_info(fd, &before));
	snprintf(words, sizeof(words), "%s is in progress", what);
	snprintf(pid, sizeof(pid), "process %d", who);
	EXPECT_REFUSED(EBUSY, remote_config(fd));
	EXPECT_WORDS(words, remote_said.text);
	EXPECT_WORDS(pid, remote_said.text);
	EXPECT_REFUSED(EBUSY, remote_load(fd, remote_firmware(fd, "echo")));
	EXPECT_WORDS(words, remote_said.text);
	EXPECT_REFUSED(EBUSY, remote_start(fd));
	EXPECT_WORDS(words, remote_said.text);
	EXPECT_REFUSED(EBUSY, remote_stop(fd, 0));
	EXPECT_WORDS(words, remote_said.text);
	EXPECT_REFUSED(EBUSY, remote_shutdown(fd, 0));
	EXPECT_WORDS(words, remote_said.text);
	EXPECT_WORDS(pid, remote_said.text);
	EXPECT_GT(REMOTE_PROMPT, now_ms() - begin);
	ASSERT_EQ(0, remote_info(fd, &after));
	/* A loader may be on its way to where it stalls. */
	EXPECT_LE(before.op_done, after.op_done);
	after.op_done = before.op_done;
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(before)));
}

/* Whatever asks is answered, well or not, but at once. */
static void all_questions_are_answered(struct __test_metadata *_metadata, int fd, bool loaded)
{
	struct rproc_lite_rsc rsc = { 0 };
	struct rproc_lite_placement placement;
	struct rproc_lite_region region;
	struct rproc_lite_info info;
	uint64_t begin = now_ms();
	char text[1];

	EXPECT_EQ(0, remote_info(fd, &info));
	EXPECT_EQ(0, remote_poll(fd, 0));
	EXPECT_EQ(0, remote_region(fd, 0, &region));
	EXPECT_EQ(loaded ? 0 : -ENOENT, remote_placement(fd, 0, &placement));
	EXPECT_EQ(loaded ? 0 : -ENOENT, remote_rsc(fd, &rsc));
	EXPECT_EQ(loaded ? 0 : -ENOENT, remote_trace(fd, 0, text, 1));
	EXPECT_GT(REMOTE_PROMPT, now_ms() - begin);
}

static void do_nothing(int signal)
{
	(void)signal;
}

static void whole_cycle(struct __test_metadata *_metadata, int fd)
{
	ASSERT_DONE(remote_offline(fd));
	ASSERT_DONE(remote_run(fd, "echo"));
	ASSERT_DONE(remote_offline(fd));
}

/*
 * A load from a pipe that stalls, at each place where a loader may want more.
 */
FIXTURE(load)
{
	int fd;
	int in, out;		/* the pipe */
	struct job job;
	char *image;
	size_t size;
};

FIXTURE_VARIANT(load)
{
	long stall;		/* after so many bytes; from the end if negative */
	bool placing;		/* knows by then what it will place */
	bool socket;
};

FIXTURE_VARIANT_ADD(load, at_once)
{
	.stall = 0,
};

FIXTURE_VARIANT_ADD(load, in_header)
{
	.stall = 17,
};

FIXTURE_VARIANT_ADD(load, behind_header)
{
	.stall = 64,
};

FIXTURE_VARIANT_ADD(load, in_segment)
{
	.stall = 4096 + 100, .placing = true,
};

FIXTURE_VARIANT_ADD(load, in_section_headers)
{
	.stall = -10, .placing = true,
};

FIXTURE_VARIANT_ADD(load, socket_in_segment)
{
	.stall = 4096 + 100, .placing = true, .socket = true,
};

static void feed(struct __test_metadata *_metadata, FIXTURE_DATA(load) *self, size_t from,
		 size_t to)
{
	ssize_t n;

	while (from < to) {
		n = write(self->out, self->image + from, to - from);
		ASSERT_LT(0, n);
		from += (size_t)n;
	}
}

/* When the loader has taken all, it soon comes as far as it can. */
static void wait_drained(struct __test_metadata *_metadata, int in)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	int left = 1;

	while (left && now_ms() < end) {
		ASSERT_EQ(0, ioctl(in, FIONREAD, &left));
		usleep(1000);
	}
	ASSERT_EQ(0, left) TH_LOG("%d bytes not taken", left);
}

static void wait_placing(struct __test_metadata *_metadata, int fd)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	struct rproc_lite_info info = { 0 };

	while (!info.op_total && now_ms() < end) {
		ASSERT_EQ(0, remote_info(fd, &info));
		usleep(1000);
	}
	ASSERT_NE(0, info.op_total);
}

static size_t stall_at(FIXTURE_DATA(load) *self, const FIXTURE_VARIANT(load) *variant)
{
	return variant->stall < 0 ? self->size - (size_t)-variant->stall :
				    (size_t)variant->stall;
}

static int load_from(int fd, int image)
{
	/* A handler that returns; no SA_RESTART. */
	struct sigaction nothing = { .sa_handler = do_nothing };

	sigaction(SIGINT, &nothing, NULL);
	return remote_load_fd(fd, image);
}

static void make_pipe(struct __test_metadata *_metadata, FIXTURE_DATA(load) *self, bool is_socket)
{
	int ends[2];

	ASSERT_EQ(0, is_socket ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) :
				 pipe2(ends, O_CLOEXEC));
	self->in = ends[0];
	self->out = ends[1];
}

static int close_and_load(int fd, int image)
{
	/* The other end, which the parent holds alone then: fds come in pairs. */
	close(image + 1);
	return load_from(fd, image);
}

static void begin_load(struct __test_metadata *_metadata, FIXTURE_DATA(load) *self)
{
	ASSERT_EQ(self->in + 1, self->out);
	ASSERT_EQ(0, job_begin(&self->job, close_and_load, self->fd, self->in));
	ASSERT_EQ(0, remote_wait_op(self->fd, RPROC_LITE_OP_LOAD));
}

FIXTURE_SETUP(load)
{
	int file;

	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	file = remote_open_firmware(self->fd, "echo");
	ASSERT_LE(0, file);
	self->size = (size_t)lseek(file, 0, SEEK_END);
	self->image = malloc(self->size);
	ASSERT_EQ((ssize_t)self->size, pread(file, self->image, self->size, 0));
	close(file);
	ASSERT_DONE(remote_config(self->fd));
	make_pipe(_metadata, self, variant->socket);
	begin_load(_metadata, self);
	feed(_metadata, self, 0, stall_at(self, variant));
	wait_drained(_metadata, self->in);
	if (variant->placing)
		wait_placing(_metadata, self->fd);
}

FIXTURE_TEARDOWN(load)
{
	kill(self->job.pid, SIGKILL);
	job_end(&self->job, REMOTE_PATIENCE);
	close(self->in);
	close(self->out);
	EXPECT_DONE(remote_offline(self->fd));
	close(self->fd);
}

TEST_F(load, others_are_refused)
{
	all_else_is_busy(_metadata, self->fd, "load", self->job.pid);
	EXPECT_FALSE(job_over(&self->job));
}

TEST_F(load, questions_are_answered)
{
	struct rproc_lite_info info;

	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(RPROC_LITE_OP_LOAD, info.op);
	EXPECT_EQ((uint32_t)self->job.pid, info.op_pid);
	EXPECT_EQ(RPROC_LITE_CONFIGURED, info.state);
	EXPECT_EQ(variant->placing, info.op_total != 0);
	EXPECT_GE(info.op_total, info.op_done);
	all_questions_are_answered(_metadata, self->fd, false);
	EXPECT_FALSE(job_over(&self->job));
}

TEST_F(load, refused_load_takes_nothing)
{
	int ends[2], left;

	ASSERT_EQ(0, pipe2(ends, O_CLOEXEC));
	ASSERT_EQ(100, write(ends[1], self->image, 100));
	EXPECT_REFUSED(EBUSY, remote_load_fd(self->fd, ends[0]));
	EXPECT_EQ(0, ioctl(ends[0], FIONREAD, &left));
	EXPECT_EQ(100, left);
	close(ends[0]);
	close(ends[1]);
}

TEST_F(load, end_of_file)
{
	close(self->out);
	self->out = -1;
	ASSERT_EQ(0, job_end(&self->job, REMOTE_PROMPT));
	EXPECT_EQ(-ENOEXEC, self->job.result->ret);
	EXPECT_WORDS("ends at byte", remote_said.text);
	EXPECT_EQ(RPROC_LITE_AT_FILE, remote_said.where);
	EXPECT_EQ(stall_at(self, variant), remote_said.offset);
	EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd);
	EXPECT_EQ(RPROC_LITE_OP_NONE, remote_op(self->fd));
	EXPECT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	whole_cycle(_metadata, self->fd);
}

TEST_F(load, killed)
{
	ASSERT_EQ(0, kill(self->job.pid, SIGKILL));
	ASSERT_EQ(0, job_end(&self->job, REMOTE_PROMPT));
	EXPECT_EQ(JOB_KILLED, self->job.result->ret);
	EXPECT_EQ(RPROC_LITE_OP_NONE, remote_op(self->fd));
	EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd);
	EXPECT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	whole_cycle(_metadata, self->fd);
}

TEST_F(load, interrupted)
{
	ASSERT_EQ(0, kill(self->job.pid, SIGINT));
	ASSERT_EQ(0, job_end(&self->job, REMOTE_PROMPT));
	EXPECT_EQ(-EINTR, self->job.result->ret);
	EXPECT_EQ(-EINTR, remote_said.error);
	EXPECT_WORDS("interrupted", remote_said.text);
	EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd);
	EXPECT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	EXPECT_STATE(RPROC_LITE_READY, self->fd);
}

/* Then the rest comes: nothing has been lost, and what was loaded runs. */
TEST_F(load, goes_on)
{
	feed(_metadata, self, stall_at(self, variant), self->size);
	ASSERT_EQ(0, job_end(&self->job, REMOTE_PATIENCE));
	EXPECT_DONE(self->job.result->ret);
	EXPECT_STATE(RPROC_LITE_READY, self->fd);
	ASSERT_DONE(remote_start(self->fd));
	EXPECT_EQ(0, remote_wait_ready(self->fd));
	EXPECT_STRNE("", remote_trace_with(self->fd, "echo: hello"));
}

/* Somebody else takes the bytes: the loader waits on, and can still be killed. */
TEST_F(load, robbed)
{
	int i, state;
	char c[16];

	for (i = 0; i < 200; i++) {
		ASSERT_EQ(1, write(self->out, "x", 1));
		/* It may be the loader that gets it. */
		fcntl(self->in, F_SETFL, O_NONBLOCK);
		if (read(self->in, c, sizeof(c)) < 0) {
			ASSERT_EQ(EAGAIN, errno);
		}
		fcntl(self->in, F_SETFL, 0);
		if (job_over(&self->job))
			break;
	}
	kill(self->job.pid, SIGKILL);
	ASSERT_EQ(0, job_end(&self->job, REMOTE_PROMPT));
	/* The last bytes of the file may be any; and it may be killed once all is loaded. */
	state = remote_state(self->fd);
	if (self->job.result->ret != JOB_KILLED || state != RPROC_LITE_READY) {
		EXPECT_EQ(self->job.result->ret ? RPROC_LITE_CONFIGURED : RPROC_LITE_READY, state);
	}
	whole_cycle(_metadata, self->fd);
}

/* Loading over a stopped image, and not getting through. */
FIXTURE(reload)
{
	FIXTURE_DATA(load) load;
};

FIXTURE_SETUP(reload)
{
	FIXTURE_DATA(load) *l = &self->load;

	l->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, l->fd);
	ASSERT_DONE(remote_offline(l->fd));
	ASSERT_DONE(remote_reach(l->fd, RPROC_LITE_STOPPED));
	make_pipe(_metadata, l, false);
	begin_load(_metadata, l);
}

FIXTURE_TEARDOWN(reload)
{
	FIXTURE_DATA(load) *l = &self->load;

	close(l->out);
	job_end(&l->job, REMOTE_PATIENCE);
	close(l->in);
	EXPECT_DONE(remote_offline(l->fd));
	close(l->fd);
}

TEST_F(reload, old_image_stays)
{
	FIXTURE_DATA(load) *l = &self->load;
	struct rproc_lite_info info;

	ASSERT_EQ(0, remote_info(l->fd, &info));
	EXPECT_EQ(RPROC_LITE_STOPPED, info.state);
	all_else_is_busy(_metadata, l->fd, "load", l->job.pid);
	all_questions_are_answered(_metadata, l->fd, true);
	kill(l->job.pid, SIGKILL);
	ASSERT_EQ(0, job_end(&l->job, REMOTE_PROMPT));
	EXPECT_STATE(RPROC_LITE_STOPPED, l->fd);
	ASSERT_DONE(remote_start(l->fd));
	EXPECT_EQ(0, remote_wait_ready(l->fd));
}

/*
 * A stop that waits: this firmware obeys the second word only.
 */
FIXTURE(stop)
{
	int fd;
	struct job job;
};

FIXTURE_VARIANT(stop)
{
	job_fn *fn;
	uint32_t op;
	const char *name;
};

FIXTURE_VARIANT_ADD(stop, stop)
{
	.fn = job_stop, .op = RPROC_LITE_OP_STOP, .name = "stop",
};

FIXTURE_VARIANT_ADD(stop, shutdown)
{
	.fn = job_shutdown, .op = RPROC_LITE_OP_SHUTDOWN, .name = "shutdown",
};

static job_fn *stop_fn;

static int stop_with_handler(int fd, int timeout_ms)
{
	struct sigaction nothing = { .sa_handler = do_nothing };

	sigaction(SIGINT, &nothing, NULL);
	return stop_fn(fd, timeout_ms);
}

FIXTURE_SETUP(stop)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_run(self->fd, "stubborn"));
	stop_fn = variant->fn;
	ASSERT_EQ(0, job_begin(&self->job, stop_with_handler, self->fd, 4 * REMOTE_PATIENCE));
	ASSERT_EQ(0, remote_wait_op(self->fd, variant->op));
	ASSERT_STRNE("", remote_trace_with(self->fd, "SHUTDOWN"));
}

FIXTURE_TEARDOWN(stop)
{
	kill(self->job.pid, SIGKILL);
	job_end(&self->job, REMOTE_PATIENCE);
	EXPECT_DONE(remote_offline(self->fd));
	close(self->fd);
}

TEST_F(stop, others_are_refused)
{
	all_else_is_busy(_metadata, self->fd, variant->name, self->job.pid);
	EXPECT_FALSE(job_over(&self->job));
}

TEST_F(stop, questions_are_answered)
{
	struct rproc_lite_info info;

	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(variant->op, info.op);
	EXPECT_EQ((uint32_t)self->job.pid, info.op_pid);
	EXPECT_EQ(RPROC_LITE_RUNNING, info.state);
	all_questions_are_answered(_metadata, self->fd, true);
	EXPECT_STRNE("", remote_trace_with(self->fd, "hello"));
	EXPECT_FALSE(job_over(&self->job));
}

/* It runs on; and a second word stops it. */
TEST_F(stop, killed)
{
	ASSERT_EQ(0, kill(self->job.pid, SIGKILL));
	ASSERT_EQ(0, job_end(&self->job, REMOTE_PROMPT));
	EXPECT_EQ(JOB_KILLED, self->job.result->ret);
	EXPECT_EQ(RPROC_LITE_OP_NONE, remote_op(self->fd));
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
	EXPECT_EQ(1, remote_trace_count(self->fd, "SHUTDOWN"));
	EXPECT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	whole_cycle(_metadata, self->fd);
}

/* The header promises that it waits killably: what does not kill, it ignores. */
TEST_F(stop, not_interrupted)
{
	ASSERT_EQ(0, kill(self->job.pid, SIGINT));
	usleep(300000);
	EXPECT_FALSE(job_over(&self->job));
	EXPECT_EQ((int)variant->op, remote_op(self->fd));
}

REMOTE_TEST_MAIN
