// SPDX-License-Identifier: GPL-2.0-only
/*
 * The char device itself: who may do what, bad arguments, bad memory, poll().
 *
 * checkpatch: BRACES: the harness's macros are two statements each.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>

#include <linux/rproc_lite_rsc.h>

#include "kselftest_harness.h"
#include "remote.h"

FIXTURE(uapi)
{
	int fd;		/* may act */
	int reader;	/* may only ask */
	char *page;	/* one that can be used; the next one can't */
	size_t size;	/* of a page */
};

FIXTURE_SETUP(uapi)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->reader = remote_open(REMOTE, O_RDONLY);
	ASSERT_LE(0, self->reader);
	ASSERT_DONE(remote_offline(self->fd));

	self->size = (size_t)sysconf(_SC_PAGESIZE);
	self->page = mmap(NULL, 2 * self->size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, self->page);
	ASSERT_EQ(0, munmap(self->page + self->size, self->size));
}

FIXTURE_TEARDOWN(uapi)
{
	munmap(self->page, self->size);
	close(self->reader);
	EXPECT_DONE(remote_offline(self->fd));
	close(self->fd);
}

/* An ioctl's errno, 0 if it works. */
static int err(int fd, unsigned long cmd, void *arg)
{
	return ioctl(fd, cmd, arg) ? errno : 0;
}

static bool all_zero(const void *p, size_t len)
{
	const char *c = p;

	while (len && !*c) {
		c++;
		len--;
	}
	return !len;
}

/* A string that ends, and nothing behind its end. */
static bool clean(const char *s, size_t size)
{
	size_t len = strnlen(s, size);

	return len < size && all_zero(s + len, size - len);
}

static const unsigned long actions[] = {
	RPROC_LITE_IOC_CONFIG, RPROC_LITE_IOC_START, RPROC_LITE_IOC_STOP,
	RPROC_LITE_IOC_SHUTDOWN,
};

/* Any of their arguments: the flags come first, the verdict last. */
union action_arg {
	struct rproc_lite_config config;
	struct rproc_lite_action action;
};

static size_t verdict_at(unsigned long cmd)
{
	return cmd == RPROC_LITE_IOC_CONFIG ? offsetof(struct rproc_lite_config, verdict) :
					      offsetof(struct rproc_lite_action, verdict);
}

#define EACH_ACTION(i) for ((i) = 0; (i) < ARRAY_SIZE(actions); (i)++)

TEST_F(uapi, read_only_file_can_ask)
{
	struct rproc_lite_placement placement;
	struct rproc_lite_rsc rsc = { 0 };
	struct rproc_lite_region region;
	struct rproc_lite_info info;
	char text[4096];

	ASSERT_DONE(remote_run(self->fd, "echo"));
	EXPECT_EQ(0, remote_info(self->reader, &info));
	EXPECT_EQ(0, remote_region(self->reader, 0, &region));
	EXPECT_EQ(0, remote_placement(self->reader, 0, &placement));
	EXPECT_EQ(0, remote_rsc(self->reader, &rsc));
	EXPECT_LT(0, remote_trace(self->reader, 0, text, sizeof(text)));
	EXPECT_EQ(0, remote_poll(self->reader, 0));
}

TEST_F(uapi, read_only_file_can_not_act)
{
	uint64_t seq;
	struct rproc_lite_info info;

	ASSERT_EQ(0, remote_info(self->fd, &info));
	seq = info.state_seq;
	EXPECT_REFUSED(EBADF, remote_config(self->reader));
	EXPECT_WORDS("read-only", remote_said.text);
	EXPECT_REFUSED(EBADF, remote_load(self->reader, "rproc-lite/echo.elf"));
	EXPECT_WORDS("read-only", remote_said.text);
	EXPECT_REFUSED(EBADF, remote_start(self->reader));
	EXPECT_REFUSED(EBADF, remote_stop(self->reader, 0));
	EXPECT_REFUSED(EBADF, remote_shutdown(self->reader, 0));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(RPROC_LITE_OFFLINE, info.state);
	EXPECT_EQ(seq, info.state_seq);
}

TEST_F(uapi, write_only_file_can_act)
{
	int fd = remote_open(REMOTE, O_WRONLY);

	ASSERT_LE(0, fd);
	EXPECT_DONE(remote_config(fd));
	EXPECT_STATE(RPROC_LITE_CONFIGURED, self->reader);
	EXPECT_DONE(remote_shutdown(fd, 0));
	close(fd);
}

TEST_F(uapi, unknown_flags)
{
	struct rproc_lite_load l = { .name = "rproc-lite/echo.elf" };
	unsigned int i, bit;

	EACH_ACTION(i) {
		for (bit = 0; bit < 32; bit++) {
			union action_arg a = { .config = { .flags = 1U << bit } };
			struct rproc_lite_verdict *v;

			v = (void *)((char *)&a + verdict_at(actions[i]));

			EXPECT_EQ(EINVAL, err(self->fd, actions[i], &a));
			EXPECT_EQ(-EINVAL, v->error);
			EXPECT_EQ(RPROC_LITE_AT_ARGUMENT, v->where);
			EXPECT_WORDS("flags", v->text);
		}
	}
	ASSERT_DONE(remote_config(self->fd));
	for (bit = 2; bit < 32; bit++) {
		l.flags = 1U << bit;
		EXPECT_EQ(EINVAL, err(self->fd, RPROC_LITE_IOC_LOAD, &l));
		EXPECT_EQ(-EINVAL, l.verdict.error);
		EXPECT_WORDS("flags", l.verdict.text);
	}
	EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd);
}

TEST_F(uapi, padding)
{
	struct rproc_lite_load l = { .name = "rproc-lite/echo.elf", .pad = 1U << 31 };
	struct rproc_lite_trace t = { .pad = 1 };
	struct rproc_lite_rsc r = { .pad = 1 };

	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_CONFIGURED));
	EXPECT_EQ(EINVAL, err(self->fd, RPROC_LITE_IOC_LOAD, &l));
	EXPECT_EQ(-EINVAL, l.verdict.error);
	EXPECT_WORDS("padding", l.verdict.text);
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	EXPECT_EQ(EINVAL, err(self->fd, RPROC_LITE_IOC_RSC, &r));
	EXPECT_EQ(EINVAL, err(self->fd, RPROC_LITE_IOC_TRACE, &t));
	r.pad = 0;
	EXPECT_EQ(0, err(self->fd, RPROC_LITE_IOC_RSC, &r));
}

TEST_F(uapi, timeouts)
{
	struct rproc_lite_action a = { .timeout_ms = 1 };

	static const unsigned long at_once[] = {
		RPROC_LITE_IOC_START, RPROC_LITE_IOC_RESUME, RPROC_LITE_IOC_CRASH,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(at_once); i++) {
		EXPECT_EQ(EINVAL, err(self->fd, at_once[i], &a));
		EXPECT_EQ(-EINVAL, a.verdict.error);
		EXPECT_WORDS("time limit", a.verdict.text);
	}
	EXPECT_EQ(EBADFD, err(self->fd, RPROC_LITE_IOC_SUSPEND, &a));
	EXPECT_REFUSED(EINVAL, remote_stop(self->fd, RPROC_LITE_TIMEOUT_MAX_MS + 1));
	EXPECT_WORDS("hour", remote_said.text);
	EXPECT_REFUSED(EINVAL, remote_shutdown(self->fd, UINT32_MAX));
	EXPECT_DONE(remote_stop(self->fd, RPROC_LITE_TIMEOUT_MAX_MS));
	EXPECT_DONE(remote_shutdown(self->fd, RPROC_LITE_TIMEOUT_MAX_MS));
}

TEST_F(uapi, unknown_ioctl)
{
	char arg[1024] = { 0 };
	unsigned int i;

	for (i = 0; i < 256; i++) {
		if (i <= 9 || (i >= 0x10 && i <= 0x1b))
			continue;
		EXPECT_EQ(ENOTTY, err(self->fd, _IOWR(RPROC_LITE_IOC, i, char[264]), arg));
		EXPECT_EQ(ENOTTY, err(self->fd, _IO(RPROC_LITE_IOC, i), NULL));
	}
	/* A known number with another size or direction, or of another device. */
	EXPECT_EQ(ENOTTY, err(self->fd, _IOWR(RPROC_LITE_IOC, 0x10, char[8]), arg));
	EXPECT_EQ(ENOTTY, err(self->fd, _IOR(RPROC_LITE_IOC, 0x00, char[720]), arg));
	EXPECT_EQ(ENOTTY, err(self->fd, _IO(RPROC_LITE_IOC, 0x12), arg));
	EXPECT_EQ(ENOTTY, err(self->fd, _IOWR('T', 0x00, struct rproc_lite_info), arg));
	EXPECT_STATE(RPROC_LITE_OFFLINE, self->fd);
}

TEST_F(uapi, bad_argument_pointer)
{
	static const unsigned long all[] = {
		RPROC_LITE_IOC_INFO, RPROC_LITE_IOC_REGION, RPROC_LITE_IOC_PLACEMENT,
		RPROC_LITE_IOC_RSC, RPROC_LITE_IOC_TRACE, RPROC_LITE_IOC_CONFIG,
		RPROC_LITE_IOC_LOAD, RPROC_LITE_IOC_START, RPROC_LITE_IOC_STOP,
		RPROC_LITE_IOC_SHUTDOWN, RPROC_LITE_IOC_SUSPEND, RPROC_LITE_IOC_RESUME,
		RPROC_LITE_IOC_CRASH, RPROC_LITE_IOC_POLICY, RPROC_LITE_IOC_SET_POLICY,
	};
	void *const bad[] = {
		NULL, self->page + self->size, self->page + self->size - 4,
		(void *)-4096L, (void *)(uintptr_t)(1ULL << 62),
	};
	unsigned int i, j;

	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_READY));
	for (i = 0; i < ARRAY_SIZE(all); i++) {
		for (j = 0; j < ARRAY_SIZE(bad); j++) {
			memset(self->page, 0, self->size);
			EXPECT_EQ(EFAULT, err(self->fd, all[i], bad[j]))
				TH_LOG("ioctl 0x%lx at %p", all[i], bad[j]);
		}
	}
	EXPECT_STATE(RPROC_LITE_READY, self->fd);
}

/* All of the input can be read, but none or half of the verdict be written. */
TEST_F(uapi, bad_verdict_pointer)
{
	static const uint32_t from[] = {
		RPROC_LITE_OFFLINE, RPROC_LITE_READY, RPROC_LITE_READY, RPROC_LITE_READY,
	};
	unsigned int i, half;

	EACH_ACTION(i) {
		for (half = 0; half < 2; half++) {
			size_t len = verdict_at(actions[i]) + half * 128;
			char *a = self->page + self->size - len;

			ASSERT_DONE(remote_offline(self->fd));
			ASSERT_DONE(remote_reach(self->fd, from[i]));
			memset(a, 0, len);
			EXPECT_EQ(EFAULT, err(self->fd, actions[i], a));
			/* One that fails leaves the state from before it. */
			EXPECT_STATE(from[i], self->fd)
				TH_LOG("ioctl 0x%lx failed, and has been done", actions[i]);
		}
	}
}

TEST_F(uapi, bad_load_verdict_pointer)
{
	size_t len = offsetof(struct rproc_lite_load, verdict);
	struct rproc_lite_load *l = (void *)(self->page + self->size - len);

	ASSERT_DONE(remote_config(self->fd));
	memset(l, 0, len);
	strcpy(l->name, remote_firmware(self->fd, "echo"));
	EXPECT_EQ(EFAULT, err(self->fd, RPROC_LITE_IOC_LOAD, l));
	EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd)
		TH_LOG("LOAD failed, and has been done");
	/* What is refused anyway may say so, or that nothing can be said. */
	l->flags = 1;
	EXPECT_EQ(-1, ioctl(self->fd, RPROC_LITE_IOC_LOAD, l));
	EXPECT_TRUE(errno == EINVAL || errno == EFAULT);
}

TEST_F(uapi, bad_buffers)
{
	struct rproc_lite_trace t = { .cursor = RPROC_LITE_TRACE_OLDEST };
	struct rproc_lite_rsc r = { 0 };

	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_STRNE("", remote_trace_with(self->fd, "hello"));

	/* Unmapped, and straddling. */
	r.data = (uintptr_t)self->page + self->size;
	r.data_len = 16;
	EXPECT_EQ(EFAULT, err(self->fd, RPROC_LITE_IOC_RSC, &r));
	r.data -= 4;
	EXPECT_EQ(EFAULT, err(self->fd, RPROC_LITE_IOC_RSC, &r));
	r.data = 1ULL << 62;
	EXPECT_EQ(EFAULT, err(self->fd, RPROC_LITE_IOC_RSC, &r));
	t.data = (uintptr_t)self->page + self->size;
	t.data_len = 16;
	EXPECT_EQ(EFAULT, err(self->fd, RPROC_LITE_IOC_TRACE, &t));
	t.data -= 4;
	EXPECT_EQ(EFAULT, err(self->fd, RPROC_LITE_IOC_TRACE, &t));

	/* No room is no error: it only asks. */
	r.data = (uintptr_t)self->page + self->size;
	r.data_len = 0;
	EXPECT_EQ(0, err(self->fd, RPROC_LITE_IOC_RSC, &r));
	EXPECT_EQ(RPROC_LITE_RSC_CARVEOUT, r.type);
	EXPECT_EQ(56, r.size);
	EXPECT_EQ(0, r.data_len);
	t.data = (uintptr_t)self->page + self->size;
	t.data_len = 0;
	t.cursor = RPROC_LITE_TRACE_OLDEST;
	EXPECT_EQ(0, err(self->fd, RPROC_LITE_IOC_TRACE, &t));
	EXPECT_EQ(4096, t.size);
	EXPECT_EQ(0, t.data_len);
	EXPECT_STREQ("log", t.name);
	EXPECT_TRUE(clean(t.name, sizeof(t.name)));

	/* A length that can't be true: what there is, fits. */
	memset(self->page, 0xa5, self->size);
	r = (struct rproc_lite_rsc){ .data = (uintptr_t)self->page, .data_len = UINT32_MAX };
	EXPECT_EQ(0, err(self->fd, RPROC_LITE_IOC_RSC, &r));
	EXPECT_EQ(56, r.data_len);
	EXPECT_EQ((char)0xa5, self->page[56]);
	memset(self->page, 0xa5, self->size);
	t = (struct rproc_lite_trace){ .cursor = RPROC_LITE_TRACE_OLDEST,
		.data = (uintptr_t)self->page, .data_len = UINT32_MAX };
	EXPECT_EQ(0, err(self->fd, RPROC_LITE_IOC_TRACE, &t));
	EXPECT_EQ((char)0xa5, self->page[t.data_len]);
	EXPECT_EQ(0, strncmp(self->page, "echo: hello", 11));
}

/* A piece at a time, a cursor from nowhere, and the end. */
TEST_F(uapi, trace_cursor)
{
	struct rproc_lite_trace t = { .cursor = RPROC_LITE_TRACE_OLDEST };
	char whole[4096], piece[4096];
	size_t len = 0;
	ssize_t all;

	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_DONE(remote_stop(self->fd, 0));
	all = remote_trace(self->fd, 0, whole, sizeof(whole));
	ASSERT_LT(20, all);
	do {
		t.data = (uintptr_t)piece + len;
		t.data_len = 7;
		ASSERT_EQ(0, err(self->fd, RPROC_LITE_IOC_TRACE, &t));
		ASSERT_GE(7, t.data_len);
		len += t.data_len;
	} while (t.data_len && len < sizeof(piece) - 7);
	EXPECT_EQ(all, (ssize_t)len);
	EXPECT_EQ(0, memcmp(whole, piece, len));
	for (t.cursor = 0; t.cursor < 5000;) {
		uint64_t cursor = t.cursor;

		t.data = (uintptr_t)piece;
		t.data_len = sizeof(piece);
		ASSERT_EQ(0, err(self->fd, RPROC_LITE_IOC_TRACE, &t));
		EXPECT_GE(t.size, t.cursor);
		EXPECT_GE(sizeof(piece), t.data_len);
		t.cursor = cursor + 61;
	}
}

TEST_F(uapi, index_past_the_end)
{
	static const uint32_t far[] = { 0, 1, 0x7fffffff, 0x80000000, UINT32_MAX };
	struct rproc_lite_placement placement;
	struct rproc_lite_region region;
	struct rproc_lite_info info;
	unsigned int i;

	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_READY));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	for (i = 0; i < ARRAY_SIZE(far); i++) {
		struct rproc_lite_trace t = { .index = far[i] };
		struct rproc_lite_rsc r = { .index = far[i] };
		uint32_t more = far[i] < 2 ? far[i] : 0;

		if (more == far[i]) {
			r.index += info.num_entries;
			t.index += info.num_traces;
		}
		EXPECT_EQ(-ENOENT, remote_region(self->fd, more == far[i] ?
						 info.num_regions + more : far[i], &region));
		EXPECT_EQ(-ENOENT, remote_placement(self->fd, more == far[i] ?
						    info.num_placements + more : far[i],
						    &placement));
		EXPECT_EQ(-ENOENT, remote_rsc(self->fd, &r));
		EXPECT_EQ(ENOENT, err(self->fd, RPROC_LITE_IOC_TRACE, &t));
	}
	for (i = 0; i < info.num_regions; i++)
		EXPECT_EQ(0, remote_region(self->fd, i, &region));
	for (i = 0; i < info.num_placements; i++)
		EXPECT_EQ(0, remote_placement(self->fd, i, &placement));
}

TEST_F(uapi, load_arguments)
{
	struct rproc_lite_load l = { .name = "rproc-lite/echo.elf" };
	int fd;

	ASSERT_DONE(remote_config(self->fd));
	l.source = 2;
	EXPECT_EQ(EINVAL, err(self->fd, RPROC_LITE_IOC_LOAD, &l));
	EXPECT_WORDS("source", l.verdict.text);
	l.source = UINT32_MAX;
	EXPECT_EQ(EINVAL, err(self->fd, RPROC_LITE_IOC_LOAD, &l));
	l.source = RPROC_LITE_FROM_NAME;
	l.fd = self->fd;
	EXPECT_EQ(EINVAL, err(self->fd, RPROC_LITE_IOC_LOAD, &l));
	EXPECT_WORDS("descriptor", l.verdict.text);

	l.fd = 0;
	memset(l.name, 'x', sizeof(l.name));
	EXPECT_EQ(EINVAL, err(self->fd, RPROC_LITE_IOC_LOAD, &l));
	EXPECT_WORDS("does not end", l.verdict.text);
	l.name[sizeof(l.name) - 1] = '\0';
	EXPECT_EQ(-1, ioctl(self->fd, RPROC_LITE_IOC_LOAD, &l));
	EXPECT_STRNE("", l.verdict.text);
	EXPECT_TRUE(clean(l.verdict.text, sizeof(l.verdict.text)));

	EXPECT_REFUSED(EINVAL, remote_load(self->fd, ""));
	EXPECT_REFUSED(EINVAL, remote_load(self->fd, "../secret"));
	EXPECT_REFUSED(EINVAL, remote_load(self->fd, "rproc-lite/../rproc-lite/echo.elf"));
	EXPECT_REFUSED(ENOENT, remote_load(self->fd, "rproc-lite/none.elf"));
	EXPECT_WORDS("rproc-lite/none.elf", remote_said.text);
	EXPECT_REFUSED(EBADF, remote_load_fd(self->fd, -1));
	EXPECT_REFUSED(EBADF, remote_load_fd(self->fd, 1000));
	EXPECT_REFUSED(EINVAL, remote_load_fd(self->fd, self->fd));
	fd = open("/", O_RDONLY);
	EXPECT_REFUSED(EISDIR, remote_load_fd(self->fd, fd));
	close(fd);
	fd = open("/", O_PATH);
	EXPECT_REFUSED(EBADF, remote_load_fd(self->fd, fd));
	close(fd);
	fd = open("/tmp/written", O_WRONLY | O_CREAT, 0600);
	EXPECT_REFUSED(EBADF, remote_load_fd(self->fd, fd));
	EXPECT_WORDS("reading", remote_said.text);
	close(fd);
	EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd);
	EXPECT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
}

TEST_F(uapi, poll_tells_of_changes)
{
	struct rproc_lite_info info;
	int late;

	/* Right after open, until one has asked. */
	late = remote_open(REMOTE, O_RDONLY);
	ASSERT_LE(0, late);
	EXPECT_EQ(POLLPRI, remote_poll(late, 0));
	EXPECT_EQ(POLLPRI, remote_poll(late, 0));
	EXPECT_EQ(0, remote_info(late, &info));
	EXPECT_EQ(0, remote_poll(late, 0));

	EXPECT_EQ(0, remote_info(self->reader, &info));
	ASSERT_DONE(remote_config(self->fd));
	EXPECT_EQ(POLLPRI, remote_poll(late, 0));
	EXPECT_EQ(POLLPRI, remote_poll(self->reader, 0));
	EXPECT_EQ(0, remote_info(late, &info));
	EXPECT_EQ(RPROC_LITE_CONFIGURED, info.state);
	EXPECT_EQ(0, remote_poll(late, 0));
	EXPECT_EQ(POLLPRI, remote_poll(self->reader, 0))
		TH_LOG("one file's INFO counts for another");

	/* An INFO that could not be given was not seen. */
	EXPECT_EQ(EFAULT, err(self->reader, RPROC_LITE_IOC_INFO, self->page + self->size));
	EXPECT_EQ(POLLPRI, remote_poll(self->reader, 0));

	/* What changes nothing is no change. */
	ASSERT_EQ(0, remote_info(self->reader, &info));
	EXPECT_REFUSED(EBADFD, remote_config(self->fd));
	EXPECT_EQ(0, remote_poll(self->reader, 0));
	close(late);
}

static int config_soon(int fd, int ms)
{
	usleep((useconds_t)ms * 1000);
	return remote_config(fd);
}

TEST_F(uapi, poll_wakes)
{
	struct rproc_lite_info info;
	struct job job;
	uint64_t begin;

	ASSERT_EQ(0, remote_info(self->reader, &info));
	EXPECT_EQ(0, remote_poll(self->reader, 50));
	ASSERT_EQ(0, job_begin(&job, config_soon, self->fd, 100));
	begin = now_ms();
	EXPECT_EQ(POLLPRI, remote_poll(self->reader, REMOTE_PATIENCE));
	EXPECT_GT(100 + REMOTE_PROMPT, now_ms() - begin);
	ASSERT_EQ(0, job_end(&job, REMOTE_PATIENCE));
	EXPECT_EQ(0, job.result->ret);
}

/* What has no power has no memory. */
TEST_F(uapi, no_memory_while_offline)
{
	char c = 0;

	EXPECT_EQ(-1, read(self->fd, &c, 1));
	EXPECT_EQ(ENXIO, errno);
	EXPECT_EQ(-1, write(self->fd, &c, 1));
	EXPECT_EQ(ENXIO, errno);
}

/* Nothing of the kernel's memory comes out, nor of what we put in. */
TEST_F(uapi, answers_are_clean)
{
	struct rproc_lite_placement placement;
	struct rproc_lite_region region;
	struct rproc_lite_trace t;
	struct rproc_lite_info info;
	unsigned int i;

	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_READY));
	EXPECT_REFUSED(EBADFD, remote_config(self->fd));
	EXPECT_EQ(0, remote_said.pad);
	EXPECT_TRUE(clean(remote_said.text, sizeof(remote_said.text)));
	EXPECT_EQ(RPROC_LITE_NO_INDEX, remote_said.index);
	EXPECT_EQ(RPROC_LITE_NO_OFFSET, remote_said.offset);
	EXPECT_DONE(remote_stop(self->fd, 0));
	EXPECT_TRUE(all_zero(&remote_said, sizeof(remote_said)));

	EXPECT_REFUSED(ENOENT, remote_load(self->fd, "none"));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_TRUE(clean(info.name, sizeof(info.name)));
	EXPECT_TRUE(clean(info.backend, sizeof(info.backend)));
	EXPECT_TRUE(clean(info.detail, sizeof(info.detail)));
	EXPECT_TRUE(clean(info.image, sizeof(info.image)));
	EXPECT_TRUE(clean(info.last.text, sizeof(info.last.text)));
	EXPECT_EQ(0, memcmp(&info.last, &remote_said, sizeof(info.last)));

	for (i = 0; i < info.num_regions; i++) {
		ASSERT_EQ(0, remote_region(self->fd, i, &region));
		EXPECT_EQ(i, region.index);
		EXPECT_EQ(0, region.flags & ~RPROC_LITE_REGION_MAPPABLE);
		EXPECT_LT(0, region.size);
		EXPECT_TRUE(clean(region.name, sizeof(region.name)));
	}
	for (i = 0; i < info.num_placements; i++) {
		ASSERT_EQ(0, remote_placement(self->fd, i, &placement));
		EXPECT_EQ(i, placement.index);
		EXPECT_LE(RPROC_LITE_PLACED_SEGMENT, placement.kind);
		EXPECT_GE(RPROC_LITE_PLACED_BUFFERS, placement.kind);
		EXPECT_GT(info.num_regions, placement.region);
		EXPECT_TRUE(clean(placement.name, sizeof(placement.name)));
	}
	memset(&t, 0xa5, sizeof(t));
	t.index = 0;
	t.pad = 0;
	t.data_len = 0;
	ASSERT_EQ(0, err(self->fd, RPROC_LITE_IOC_TRACE, &t));
	EXPECT_TRUE(clean(t.name, sizeof(t.name)));
}

/* Placements lie in their regions, in order, and apart. */
TEST_F(uapi, placements)
{
	struct rproc_lite_placement p, last = { 0 };
	struct rproc_lite_region region;
	struct rproc_lite_info info;
	unsigned int i;

	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "vdevs")));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	ASSERT_LT(8, info.num_placements);
	for (i = 0; i < info.num_placements; i++) {
		ASSERT_EQ(0, remote_placement(self->fd, i, &p));
		ASSERT_EQ(0, remote_region(self->fd, p.region, &region));
		EXPECT_LE(region.da, p.da);
		EXPECT_GE(region.da + region.size, p.da + p.size);
		EXPECT_LT(0, p.size);
		if (i && p.region == last.region && last.kind != RPROC_LITE_PLACED_SEGMENT) {
			EXPECT_LE(last.da + last.size, p.da);
		}
		EXPECT_LE(last.region, p.region);
		last = p;
	}
}

REMOTE_TEST_MAIN
