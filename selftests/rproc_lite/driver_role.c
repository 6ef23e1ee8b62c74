// SPDX-License-Identifier: GPL-2.0-only
/*
 * The remote is the virtio driver, and Linux the device: messages through the
 * descriptor that CREATE_VIRTIO gives, and all the ways in which that ends. The
 * firmware is driver.elf.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "../firmware/pattern.h"
#include "guest.h"
#include "kmsg.h"
#include "remote.h"

#define PLATFORM	"rproc_lite_platform"
#define BUF		512
#define HELLO		64
#define BIG		65536
#define SOON		300

/* No compiler must know where that is. */
static void *volatile nowhere = (void *)16;
#define NOWHERE		nowhere

/* Calls */

static int create_to(int fd, struct rproc_lite_create_virtio *c)
{
	int ret;

	c->fd = -12345;
	memset(&c->verdict, 0xa5, sizeof(c->verdict));
	ret = ioctl(fd, RPROC_LITE_IOC_CREATE_VIRTIO, c) ? -errno : 0;
	remote_said = c->verdict;
	return ret;
}

/* Return: the descriptor, or a negative errno. */
static int create_within(int fd, uint32_t timeout_ms)
{
	struct rproc_lite_create_virtio c = {
		.role = RPROC_LITE_VIRTIO_DEVICE, .timeout_ms = timeout_ms,
	};
	int ret = create_to(fd, &c);

	return ret ? ret : c.fd;
}

static int create(int fd)
{
	return create_within(fd, REMOTE_PATIENCE);
}

static int remove_virtio(int fd, uint32_t vdev)
{
	struct rproc_lite_remove_virtio r = { .vdev = vdev };
	int ret;

	memset(&r.verdict, 0xa5, sizeof(r.verdict));
	ret = ioctl(fd, RPROC_LITE_IOC_REMOVE_VIRTIO, &r) ? -errno : 0;
	remote_said = r.verdict;
	return ret;
}

static struct rproc_lite_virtio virtio(int fd)
{
	struct rproc_lite_virtio v = { 0 };

	if (ioctl(fd, RPROC_LITE_IOC_VIRTIO, &v))
		v.flags = ~0U;
	return v;
}

static int run_manual(int fd, const char *name)
{
	static const char by_hand[] = "virtio=manual";
	int ret = remote_config_with(fd, by_hand, sizeof(by_hand));

	if (!ret)
		ret = remote_load(fd, remote_firmware(fd, name));
	if (!ret)
		ret = remote_start(fd);
	return ret ? ret : remote_wait_ready(fd);
}

static unsigned int open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	unsigned int n = 0;

	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static int wait_for(int dev, short events, int timeout_ms)
{
	struct pollfd p = { .fd = dev, .events = events };

	return poll(&p, 1, timeout_ms) < 0 ? -errno : p.revents;
}

/* Messages; all are waited for. */

static ssize_t put(int dev, const void *data, size_t len)
{
	ssize_t n;

	if (!wait_for(dev, POLLOUT, REMOTE_PATIENCE))
		return -ETIMEDOUT;
	n = write(dev, data, len);
	return n < 0 ? -errno : n;
}

static ssize_t say(int dev, const char *text)
{
	return put(dev, text, strlen(text));
}

static ssize_t get(int dev, void *data, size_t size)
{
	ssize_t n;

	if (!wait_for(dev, POLLIN, REMOTE_PATIENCE))
		return -ETIMEDOUT;
	n = read(dev, data, size);
	return n < 0 ? -errno : n;
}

/* Return: 0, -EBADMSG if it is another. */
static int get_pattern(int dev, uint32_t len, uint32_t seq)
{
	uint8_t got[BIG];
	ssize_t n = get(dev, got, sizeof(got));

	if (n < 0)
		return (int)n;
	if (n != (ssize_t)len || !pattern_is(got, len) || pattern_check(got, len) != len ||
	    pattern_get(got + 4) != seq)
		return -EBADMSG;
	return 0;
}

static ssize_t put_pattern(int dev, uint32_t len, uint32_t seq)
{
	uint8_t data[BUF];

	pattern_make(data, len, seq, seq * 7);
	return put(dev, data, len);
}

/* Return: 0, as long as the text that comes begins so. */
static int get_text(int dev, const char *text)
{
	char got[BUF + 1];
	ssize_t n = get(dev, got, BUF);

	if (n < 0)
		return (int)n;
	got[n] = '\0';
	if (!strncmp(got, text, strlen(text)))
		return 0;
	printf("# '%s' came instead of '%s'\n", got, text);
	return -EBADMSG;
}

/* The driver has begun. Return: for which time, or a negative errno. */
static int get_hello(int dev)
{
	uint8_t got[BUF];
	ssize_t n = get(dev, got, sizeof(got));

	if (n < 0)
		return (int)n;
	if (n != HELLO || !pattern_is(got, HELLO) || pattern_check(got, HELLO) != HELLO)
		return -EBADMSG;
	return (int)pattern_get(got + 4);
}

/* There and back, a few times. */
static int talk(int dev)
{
	static uint32_t seq;
	unsigned int i;
	ssize_t n;
	int ret;

	for (i = 0; i < 3; i++) {
		n = put_pattern(dev, 100 + i, ++seq);
		if (n != 100 + i)
			return n < 0 ? (int)n : -EBADMSG;
		ret = get_pattern(dev, 100 + i, seq);
		if (ret)
			return ret;
	}
	return 0;
}

/* Nothing goes through a descriptor any more, whose end had this reason. */
static void is_over(struct __test_metadata *_metadata, int dev, int error)
{
	char c = 'x';

	EXPECT_EQ(POLLHUP | POLLERR, wait_for(dev, 0, REMOTE_PATIENCE));
	EXPECT_EQ(POLLHUP | POLLERR, wait_for(dev, POLLIN | POLLOUT, 0));
	errno = 0;
	EXPECT_EQ(-1, read(dev, &c, 1));
	EXPECT_EQ(error, errno);
	errno = 0;
	EXPECT_EQ(-1, write(dev, &c, 1));
	EXPECT_EQ(error, errno);
}

/* The device went without a word to us, after somebody died perhaps. */
static bool goes_away(int fd)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;

	while (virtio(fd).flags & RPROC_LITE_VIRTIO_CREATED && now_ms() < end)
		usleep(1000);
	return !(virtio(fd).flags & RPROC_LITE_VIRTIO_CREATED);
}

/* Jobs */

static int job_read(int dev, int unused)
{
	char got[BUF];

	(void)unused;
	return read(dev, got, sizeof(got)) < 0 ? -errno : 0;
}

/* Until it can't. */
static int job_write(int dev, int unused)
{
	(void)unused;
	while (write(dev, "x", 1) == 1)
		;
	return -errno;
}

/* For HUP alone. */
static int job_poll(int dev, int unused)
{
	(void)unused;
	return wait_for(dev, 0, 2 * REMOTE_PATIENCE);
}

static int job_create(int fd, int timeout_ms)
{
	int dev = create_within(fd, (uint32_t)timeout_ms);

	if (dev < 0)
		return dev;
	return get_hello(dev) < 0 ? -EBADMSG : talk(dev);
}

static void on_signal(int unused)
{
	(void)unused;
}

/* Signals that interrupt. */
static void be_interruptible(void)
{
	struct sigaction sa = { .sa_handler = on_signal };

	sigaction(SIGUSR1, &sa, NULL);
}

static int job_read_interruptibly(int dev, int arg)
{
	be_interruptible();
	return job_read(dev, arg);
}

static int job_create_interruptibly(int fd, int timeout_ms)
{
	be_interruptible();
	return job_create(fd, timeout_ms);
}

/* Is that process asleep? No event tells. */
static bool sleeps(const struct job *job)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	char path[64], text[512], *at;

	snprintf(path, sizeof(path), "/proc/%d/stat", job->pid);
	do {
		if (read_text(path, text, sizeof(text)) < 0)
			return false;
		at = strrchr(text, ')');
		if (at && at[2] == 'S')
			return true;
		usleep(1000);
	} while (now_ms() < end);
	return false;
}

static bool waits_for_driver(const struct job *job, int fd)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;

	while (!(virtio(fd).flags & RPROC_LITE_VIRTIO_CREATED) && now_ms() < end)
		usleep(1000);
	return sleeps(job);
}

/*
 * Messages
 */
FIXTURE(messages)
{
	int fd, dev;
	unsigned int files;
};

FIXTURE_VARIANT(messages)
{
	const char *firmware;
};

FIXTURE_VARIANT_ADD(messages, plain) { .firmware = "driver" };
FIXTURE_VARIANT_ADD(messages, event_idx) { .firmware = "driver-ei" };

FIXTURE_SETUP(messages)
{
	self->files = open_files();
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(run_manual(self->fd, variant->firmware));
	self->dev = create(self->fd);
	ASSERT_LE(0, self->dev) TH_LOG("told: %s", remote_said.text);
	EXPECT_LE(1, get_hello(self->dev));
}

FIXTURE_TEARDOWN(messages)
{
	/* Every one was as it should be, says the firmware. */
	EXPECT_EQ(0, remote_trace_count(self->fd, "bad message"));
	EXPECT_EQ(0, close(self->dev));
	EXPECT_EQ(0, virtio(self->fd).flags);
	EXPECT_DONE(remote_offline(self->fd));
	close(self->fd);
	EXPECT_EQ(self->files, open_files());
}

TEST_F(messages, sizes)
{
	uint8_t data[BUF], got[BUF];
	struct rproc_lite_virtio v;
	uint32_t len;

	for (len = 0; len <= BUF; len++) {
		memset(data, 0x80 | (int)len, sizeof(data));
		if (len >= PATTERN_HEADER)
			pattern_make(data, len, len, len * 3);
		ASSERT_EQ((ssize_t)len, put(self->dev, data, len));
		memset(got, 0, sizeof(got));
		ASSERT_EQ((ssize_t)len, get(self->dev, got, sizeof(got)));
		ASSERT_EQ(0, memcmp(data, got, len));
	}
	v = virtio(self->fd);
	EXPECT_EQ(RPROC_LITE_VIRTIO_CREATED, v.flags);
	EXPECT_EQ(62, v.id);
	EXPECT_EQ(RPROC_LITE_VIRTIO_DEVICE, v.role);
	EXPECT_EQ(0xf, v.status);
	EXPECT_EQ(2, v.num_rings);
	EXPECT_EQ(strcmp(variant->firmware, "driver") ? 1U << 29 : 0, v.gfeatures);
	EXPECT_EQ(BUF + 1, v.sent);
	EXPECT_EQ(BUF + 2, v.received);
	EXPECT_EQ(0, v.bad);
	EXPECT_STREQ("", v.name);
}

TEST_F(messages, flood)
{
	uint32_t i;

	EXPECT_LT(0, say(self->dev, "/flood 3000 512 9"));
	for (i = 0; i < 3000; i++) {
		ASSERT_EQ(0, get_pattern(self->dev, BUF, i));
	}
	EXPECT_EQ(0, get_text(self->dev, "flood: 3000 sent in "));
}

TEST_F(messages, sink)
{
	uint32_t i, bytes = 0, len;
	char text[64];

	EXPECT_LT(0, say(self->dev, "/sink 3000"));
	for (i = 0; i < 3000; i++) {
		len = PATTERN_HEADER + i % (BUF - PATTERN_HEADER + 1);
		bytes += len;
		ASSERT_EQ((ssize_t)len, put_pattern(self->dev, len, i));
	}
	snprintf(text, sizeof(text), "sink: 3000 messages %u bytes 0 bad 0 gaps", bytes);
	EXPECT_EQ(0, get_text(self->dev, text));
}

/* As many as fit are on the way. */
TEST_F_TIMEOUT(messages, many, 300)
{
	uint32_t count = count_from_env(10000), in = 0, out = 0;
	uint64_t begin = now_ms();
	uint8_t data[BUF];
	uint32_t len;
	int can;

	ASSERT_EQ(0, fcntl(self->dev, F_SETFL, O_NONBLOCK));
	while (in < count) {
		can = wait_for(self->dev, POLLIN | (out < count ? POLLOUT : 0), REMOTE_PATIENCE);
		ASSERT_NE(0, can) TH_LOG("stuck with %u sent and %u received", out, in);
		ASSERT_EQ(0, can & POLLHUP);
		while (can & POLLOUT && out < count) {
			len = PATTERN_HEADER + out % (BUF - PATTERN_HEADER + 1);
			pattern_make(data, len, out, out);
			if (write(self->dev, data, len) < 0) {
				ASSERT_EQ(EAGAIN, errno);
				break;
			}
			out++;
		}
		while (can & POLLIN && in < out) {
			len = PATTERN_HEADER + in % (BUF - PATTERN_HEADER + 1);
			if (read(self->dev, data, sizeof(data)) < 0) {
				ASSERT_EQ(EAGAIN, errno);
				break;
			}
			ASSERT_TRUE(pattern_is(data, len));
			ASSERT_EQ(len, pattern_check(data, len));
			ASSERT_EQ(in, pattern_get(data + 4));
			in++;
		}
	}
	printf("# %u messages of 16 to 512 bytes there and back in %u ms\n", count,
	       (unsigned int)(now_ms() - begin));
	EXPECT_EQ(-EAGAIN, read(self->dev, data, sizeof(data)) < 0 ? -errno : 0);
}

TEST_F(messages, nonblock)
{
	uint32_t sent = 0, i;
	char c = 0;

	ASSERT_EQ(0, fcntl(self->dev, F_SETFL, O_NONBLOCK));
	EXPECT_EQ(-1, read(self->dev, &c, 1));
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_EQ(POLLOUT, wait_for(self->dev, POLLIN | POLLOUT, 0));
	/* Nobody takes anything: what fits, fits. */
	EXPECT_LT(0, say(self->dev, "/hold 500"));
	EXPECT_EQ(0, get_text(self->dev, "hold: begins"));
	while (write(self->dev, "x", 1) == 1) {
		ASSERT_GE(64, ++sent);
	}
	EXPECT_EQ(EAGAIN, errno);
	EXPECT_LT(50, sent);
	EXPECT_EQ(0, wait_for(self->dev, POLLIN | POLLOUT, 0));
	EXPECT_TRUE(wait_for(self->dev, POLLOUT, REMOTE_PATIENCE) & POLLOUT);
	for (i = 0; i < sent; i++) {
		ASSERT_EQ(0, get_text(self->dev, "x"));
	}
	EXPECT_EQ(0, talk(self->dev));
}

/* Blocking ends with what was waited for. */
TEST_F(messages, blocking)
{
	struct job reader, writer;
	uint32_t i;

	ASSERT_EQ(0, job_begin(&reader, job_read, self->dev, 0));
	ASSERT_TRUE(sleeps(&reader));
	EXPECT_FALSE(job_over(&reader));
	EXPECT_LT(0, say(self->dev, "hello"));
	ASSERT_EQ(0, job_end(&reader, REMOTE_PATIENCE));
	EXPECT_EQ(0, reader.result->ret);

	EXPECT_LT(0, say(self->dev, "/hold 300"));
	EXPECT_EQ(0, get_text(self->dev, "hold: begins"));
	ASSERT_EQ(0, job_begin(&writer, job_write, self->dev, 0));
	/* More than all buffers together hold. */
	for (i = 0; i < 500; i++) {
		ASSERT_EQ(0, get_text(self->dev, "x"));
	}
	ASSERT_FALSE(job_over(&writer));
	kill(writer.pid, SIGKILL);
	ASSERT_EQ(0, job_end(&writer, REMOTE_PROMPT));
}

TEST_F(messages, too_long)
{
	static uint8_t data[BIG + 1];
	uint8_t got[BUF];

	EXPECT_EQ(-EMSGSIZE, put(self->dev, data, BUF + 1));
	EXPECT_EQ(-EMSGSIZE, put(self->dev, data, BIG));
	EXPECT_EQ(-EMSGSIZE, put(self->dev, data, BIG + 1));
	EXPECT_EQ(0, talk(self->dev));

	/* One that the reader has no room for stays. */
	EXPECT_EQ(200, put_pattern(self->dev, 200, 1));
	EXPECT_EQ(201, put_pattern(self->dev, 201, 2));
	EXPECT_EQ(-EMSGSIZE, get(self->dev, got, 199));
	EXPECT_EQ(-EMSGSIZE, get(self->dev, got, 0));
	EXPECT_EQ(0, get_pattern(self->dev, 200, 1));
	EXPECT_EQ(-EMSGSIZE, get(self->dev, got, 200));
	EXPECT_EQ(0, get_pattern(self->dev, 201, 2));
	EXPECT_EQ(0, talk(self->dev));
}

TEST_F(messages, bad_buffer)
{
	uint8_t got[BUF];

	EXPECT_EQ(-EFAULT, put(self->dev, NOWHERE, 20));
	EXPECT_EQ(200, put_pattern(self->dev, 200, 1));
	EXPECT_EQ(201, put_pattern(self->dev, 201, 2));
	EXPECT_EQ(-EFAULT, get(self->dev, NOWHERE, BUF));
	EXPECT_TRUE(wait_for(self->dev, POLLIN, 0) & POLLIN);
	EXPECT_EQ(-EFAULT, get(self->dev, NOWHERE, BUF));
	/* Also that one must fit. */
	EXPECT_EQ(-EMSGSIZE, get(self->dev, got, 199));
	EXPECT_EQ(0, get_pattern(self->dev, 200, 1));
	EXPECT_EQ(0, get_pattern(self->dev, 201, 2));
	EXPECT_EQ(0, wait_for(self->dev, POLLIN, 0));
	EXPECT_EQ(0, talk(self->dev));
	/* And one that nobody reads any more. */
	EXPECT_LT(0, say(self->dev, "hello"));
	EXPECT_EQ(-EFAULT, get(self->dev, NOWHERE, BUF));
}

static int job_read_nowhere(int dev, int unused)
{
	(void)unused;
	while (read(dev, NOWHERE, BUF) < 0 && errno == EFAULT)
		;
	return -errno;
}

/* Whatever some fail to take, others get; all of it. */
TEST_F(messages, bad_buffers_at_once)
{
	static bool seen[300];
	struct job bad[3];
	uint8_t got[BUF];
	uint32_t i, seq, said = 0;
	ssize_t len;

	for (i = 0; i < 3; i++) {
		ASSERT_EQ(0, job_begin(&bad[i], job_read_nowhere, self->dev, 0));
	}
	EXPECT_LT(0, say(self->dev, "/flood 300 16"));
	/* One in another's hands may be overtaken; and what poll saw is gone perhaps. */
	for (i = 0; i < 301; i++) {
		len = read(self->dev, got, sizeof(got));
		if (len > 6 && !memcmp("flood:", got, 6)) {
			said++;
			continue;
		}
		ASSERT_EQ(16, len);
		ASSERT_EQ(16, pattern_check(got, 16));
		seq = pattern_get(got + 4);
		ASSERT_GT(300, seq);
		ASSERT_FALSE(seen[seq]);
		seen[seq] = true;
	}
	EXPECT_EQ(1, said);
	for (i = 0; i < 3; i++) {
		kill(bad[i].pid, SIGKILL);
		ASSERT_EQ(0, job_end(&bad[i], REMOTE_PROMPT));
	}
	EXPECT_EQ(0, talk(self->dev));
}

struct tally {
	uint32_t seen[1000];
	uint32_t count[4];
};

static struct tally *tally;

static int job_tally(int dev, int n)
{
	uint8_t got[BUF];
	ssize_t len;

	while ((len = read(dev, got, sizeof(got))) > 0) {
		if (!pattern_is(got, (uint32_t)len) ||
		    pattern_check(got, (uint32_t)len) != (uint32_t)len ||
		    pattern_get(got + 4) >= 1000)
			return -EBADMSG;
		__atomic_fetch_add(&tally->seen[pattern_get(got + 4)], 1, __ATOMIC_RELAXED);
		__atomic_fetch_add(&tally->count[n], 1, __ATOMIC_RELAXED);
	}
	return -errno;
}

static uint32_t tallied(void)
{
	uint32_t n = 0, i;

	for (i = 0; i < 4; i++)
		n += __atomic_load_n(&tally->count[i], __ATOMIC_RELAXED);
	return n;
}

TEST_F(messages, several_readers)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	struct job job[4];
	uint32_t i;

	tally = mmap(NULL, sizeof(*tally), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		     -1, 0);
	ASSERT_NE(MAP_FAILED, tally);
	for (i = 0; i < 4; i++) {
		ASSERT_EQ(0, job_begin(&job[i], job_tally, self->dev, (int)i));
	}
	for (i = 0; i < 1000; i++) {
		ASSERT_EQ(100, put_pattern(self->dev, 100, i));
	}
	while (tallied() < 1000 && now_ms() < end)
		usleep(1000);
	/* Nobody has anything left to read; what they say then is for nobody. */
	EXPECT_DONE(remove_virtio(self->fd, 0));
	for (i = 0; i < 4; i++) {
		ASSERT_EQ(0, job_end(&job[i], REMOTE_PROMPT));
		EXPECT_EQ(-ENODEV, job[i].result->ret);
		printf("# reader %u got %u\n", i, tally->count[i]);
	}
	for (i = 0; i < 1000; i++) {
		ASSERT_EQ(1, tally->seen[i]) TH_LOG("message %u", i);
	}
}

TEST_F(messages, signal)
{
	struct job job;
	int i;

	for (i = 0; i < 5; i++) {
		ASSERT_EQ(0, job_begin(&job, job_read_interruptibly, self->dev, 0));
		ASSERT_TRUE(sleeps(&job));
		/* Its handler is there once it reads, and it may not have come so far. */
		do
			kill(job.pid, SIGUSR1);
		while (!job_over(&job) && !usleep(1000));
		ASSERT_EQ(0, job_end(&job, REMOTE_PROMPT));
		EXPECT_TRUE(job.result->ret == -EINTR || job.result->ret == JOB_KILLED);
		EXPECT_EQ(0, talk(self->dev));
	}
}

/*
 * Coming and going
 */
FIXTURE(life)
{
	int fd, dev, hello;
	unsigned int files;
	char device[64];
};

FIXTURE_SETUP(life)
{
	self->files = open_files();
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, remote_device(REMOTE, self->device, sizeof(self->device)));
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(run_manual(self->fd, "driver"));
	self->dev = create(self->fd);
	ASSERT_LE(0, self->dev) TH_LOG("told: %s", remote_said.text);
	self->hello = get_hello(self->dev);
	ASSERT_LE(1, self->hello);
}

FIXTURE_TEARDOWN(life)
{
	if (self->dev >= 0) {
		EXPECT_EQ(0, close(self->dev));
	}
	EXPECT_DONE(remote_offline(self->fd));
	close(self->fd);
	EXPECT_EQ(self->files, open_files());
}

/* The device again, after the driver has begun anew. */
static int again(struct __test_metadata *_metadata, FIXTURE_DATA(life) *self)
{
	int dev = create(self->fd);

	EXPECT_LE(0, dev) TH_LOG("told: %s", remote_said.text);
	/* It begins for each of two ends perhaps: that of before, and that of the new one. */
	EXPECT_LT(self->hello, get_hello(dev));
	EXPECT_EQ(0, talk(dev));
	EXPECT_EQ(RPROC_LITE_VIRTIO_CREATED, virtio(self->fd).flags);
	return dev;
}

TEST_F(life, arguments)
{
	struct rproc_lite_create_virtio c = { .role = RPROC_LITE_VIRTIO_DEVICE, .flags = 1 };
	struct rproc_lite_remove_virtio r = { .flags = 1 };
	int fd, driver;

	EXPECT_REFUSED(EINVAL, create_to(self->fd, &c));
	c = (struct rproc_lite_create_virtio){ .role = 2 };
	EXPECT_REFUSED(EINVAL, create_to(self->fd, &c));
	c = (struct rproc_lite_create_virtio){ .role = RPROC_LITE_VIRTIO_DEVICE, .vdev = 1 };
	EXPECT_REFUSED(ENOENT, create_to(self->fd, &c));
	EXPECT_EQ(-1, c.fd);
	c.vdev = ~0U;
	EXPECT_REFUSED(ENOENT, create_to(self->fd, &c));
	c = (struct rproc_lite_create_virtio){ .role = RPROC_LITE_VIRTIO_DEVICE, .pair = 1 };
	EXPECT_REFUSED(EINVAL, create_to(self->fd, &c));
	EXPECT_EQ(-1, c.fd);
	c.pair = 0x80000000;
	EXPECT_REFUSED(EINVAL, create_to(self->fd, &c));
	c = (struct rproc_lite_create_virtio){
		.role = RPROC_LITE_VIRTIO_DEVICE, .timeout_ms = RPROC_LITE_TIMEOUT_MAX_MS + 1,
	};
	EXPECT_REFUSED(EINVAL, create_to(self->fd, &c));
	c = (struct rproc_lite_create_virtio){ .role = RPROC_LITE_VIRTIO_DRIVER, .pair = 1 };
	EXPECT_REFUSED(EINVAL, create_to(self->fd, &c));
	c = (struct rproc_lite_create_virtio){ .role = RPROC_LITE_VIRTIO_DRIVER, .timeout_ms = 1 };
	EXPECT_REFUSED(EINVAL, create_to(self->fd, &c));
	/* In use in the other role. */
	c = (struct rproc_lite_create_virtio){ .role = RPROC_LITE_VIRTIO_DRIVER };
	EXPECT_REFUSED(EEXIST, create_to(self->fd, &c));
	EXPECT_REFUSED(ENOENT, remove_virtio(self->fd, 1));
	EXPECT_EQ(-1, ioctl(self->fd, RPROC_LITE_IOC_REMOVE_VIRTIO, &r));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, ioctl(self->fd, RPROC_LITE_IOC_CREATE_VIRTIO, NOWHERE));
	EXPECT_EQ(EFAULT, errno);
	fd = remote_open(REMOTE, O_RDONLY);
	EXPECT_REFUSED(EBADF, create(fd));
	EXPECT_REFUSED(EBADF, remove_virtio(fd, 0));
	close(fd);
	/* None of that was felt. */
	EXPECT_EQ(0, talk(self->dev));
	EXPECT_EQ(FD_CLOEXEC, fcntl(self->dev, F_GETFD));

	/* The other way round: in use with Linux as the driver. */
	EXPECT_DONE(remove_virtio(self->fd, 0));
	EXPECT_REFUSED(ENOENT, remove_virtio(self->fd, 0));
	is_over(_metadata, self->dev, ENODEV);
	c = (struct rproc_lite_create_virtio){ .role = RPROC_LITE_VIRTIO_DRIVER };
	driver = create_to(self->fd, &c);
	EXPECT_EQ(0, driver) TH_LOG("told: %s", remote_said.text);
	EXPECT_EQ(-1, c.fd);
	EXPECT_REFUSED(EEXIST, create(self->fd));
	EXPECT_DONE(remove_virtio(self->fd, 0));

	EXPECT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	EXPECT_REFUSED(EBADFD, create(self->fd));
	EXPECT_REFUSED(EBADFD, remove_virtio(self->fd, 0));
	EXPECT_DONE(remote_offline(self->fd));
	EXPECT_REFUSED(EBADFD, create(self->fd));
}

/* A pair that is not there, when there is no device yet: nothing is left of it. */
TEST_F(life, no_such_pair)
{
	struct rproc_lite_create_virtio c = { .role = RPROC_LITE_VIRTIO_DEVICE, .pair = 1 };

	EXPECT_DONE(remove_virtio(self->fd, 0));
	EXPECT_REFUSED(EINVAL, create_to(self->fd, &c));
	EXPECT_EQ(0, virtio(self->fd).flags);
	close(self->dev);
	self->dev = again(_metadata, self);
}

/* No descriptor is left, or the answer can't be written. */
TEST_F(life, no_descriptor)
{
	struct rproc_lite_create_virtio c = { .role = RPROC_LITE_VIRTIO_DEVICE };
	struct rlimit old, few;
	void *page;

	ASSERT_EQ(0, getrlimit(RLIMIT_NOFILE, &old));
	few = old;
	few.rlim_cur = 0;
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &few));
	EXPECT_REFUSED(EMFILE, create(self->fd));
	ASSERT_EQ(0, setrlimit(RLIMIT_NOFILE, &old));
	EXPECT_EQ(0, talk(self->dev));

	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, page);
	memcpy(page, &c, sizeof(c));
	ASSERT_EQ(0, mprotect(page, 4096, PROT_READ));
	EXPECT_EQ(-1, ioctl(self->fd, RPROC_LITE_IOC_CREATE_VIRTIO, page));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(0, talk(self->dev));
	EXPECT_EQ(0, close(self->dev));
	EXPECT_EQ(0, virtio(self->fd).flags);
	self->dev = again(_metadata, self);
}

TEST_F(life, second_descriptor)
{
	int other = create(self->fd), third;

	ASSERT_LE(0, other);
	EXPECT_NE(self->dev, other);
	EXPECT_LT(0, say(self->dev, "here"));
	EXPECT_EQ(0, get_text(other, "here"));
	EXPECT_EQ(0, close(self->dev));
	EXPECT_EQ(0, talk(other));
	third = create(self->fd);
	ASSERT_LE(0, third);
	EXPECT_EQ(0, close(other));
	EXPECT_EQ(0, talk(third));
	EXPECT_EQ(0, remote_trace_count(self->fd, "driver: reset"));
	EXPECT_EQ(0, close(third));
	EXPECT_EQ(0, virtio(self->fd).flags);
	self->dev = again(_metadata, self);
}

/* To another process, by a socket. */
static int pass(int sock, int *fd, bool receive)
{
	char room[CMSG_SPACE(sizeof(int))] __attribute__((__aligned__(8))) = "";
	char c = 'x';
	struct iovec iov = { .iov_base = &c, .iov_len = 1 };
	struct msghdr m = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof(room),
	};
	struct cmsghdr *h = CMSG_FIRSTHDR(&m);

	if (receive) {
		if (recvmsg(sock, &m, 0) != 1)
			return -errno;
		memcpy(fd, CMSG_DATA(CMSG_FIRSTHDR(&m)), sizeof(*fd));
		return 0;
	}
	h->cmsg_level = SOL_SOCKET;
	h->cmsg_type = SCM_RIGHTS;
	h->cmsg_len = CMSG_LEN(sizeof(*fd));
	memcpy(CMSG_DATA(h), fd, sizeof(*fd));
	return sendmsg(sock, &m, 0) == 1 ? 0 : -errno;
}

static int job_has_passed(int sock, int unused)
{
	int dev = -1, ret;
	char c;

	(void)unused;
	ret = pass(sock, &dev, true);
	/* Until ours is the last. */
	if (!ret && read(sock, &c, 1) == 1)
		ret = talk(dev);
	return ret;
}

TEST_F(life, passed_on)
{
	struct job job;
	int s[2], copy;

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s));
	copy = dup(self->dev);
	EXPECT_EQ(0, close(self->dev));
	self->dev = -1;
	EXPECT_EQ(0, talk(copy));
	EXPECT_EQ(0, pass(s[0], &copy, false));
	EXPECT_EQ(0, close(copy));
	/* It is in the socket only now. */
	EXPECT_EQ(RPROC_LITE_VIRTIO_CREATED, virtio(self->fd).flags);
	ASSERT_EQ(0, job_begin(&job, job_has_passed, s[1], 0));
	EXPECT_EQ(1, write(s[0], "x", 1));
	ASSERT_EQ(0, job_end(&job, REMOTE_PATIENCE));
	EXPECT_EQ(0, job.result->ret);
	close(s[0]);
	close(s[1]);
	EXPECT_TRUE(goes_away(self->fd));
	self->dev = again(_metadata, self);
}

/* Watchers of the remote are told. */
TEST_F(life, news)
{
	struct rproc_lite_info info;

	remote_info(self->fd, &info);
	EXPECT_EQ(0, remote_poll(self->fd, 0));
	EXPECT_EQ(0, close(self->dev));
	self->dev = -1;
	EXPECT_EQ(POLLPRI, remote_poll(self->fd, REMOTE_PATIENCE));
	remote_info(self->fd, &info);
	self->dev = again(_metadata, self);
	EXPECT_EQ(POLLPRI, remote_poll(self->fd, REMOTE_PATIENCE));
}

/* The remote resets, and begins anew, at once or later; there are those who wait. */
TEST_F(life, reset_by_remote)
{
	struct rproc_lite_info info;
	struct job reader, poller;
	int i, old;

	for (i = 0; i < 10; i++) {
		remote_info(self->fd, &info);
		ASSERT_EQ(0, job_begin(&reader, job_read, self->dev, 0));
		ASSERT_EQ(0, job_begin(&poller, job_poll, self->dev, 0));
		ASSERT_TRUE(sleeps(&reader) && sleeps(&poller));
		EXPECT_LT(0, say(self->dev, i % 2 ? "/reset 100" : "/reset"));
		ASSERT_EQ(0, job_end(&reader, REMOTE_PROMPT));
		EXPECT_EQ(-ECONNRESET, reader.result->ret);
		ASSERT_EQ(0, job_end(&poller, REMOTE_PROMPT));
		EXPECT_EQ(POLLHUP | POLLERR, poller.result->ret);
		EXPECT_EQ(POLLPRI, remote_poll(self->fd, REMOTE_PATIENCE));
		EXPECT_EQ(RPROC_LITE_VIRTIO_CREATED | RPROC_LITE_VIRTIO_WANTS_RESET,
			  virtio(self->fd).flags);
		is_over(_metadata, self->dev, ECONNRESET);
		old = self->dev;
		self->dev = again(_metadata, self);
		/* Nor does the end of the old one harm the new one. */
		is_over(_metadata, old, ENODEV);
		EXPECT_EQ(0, close(old));
		EXPECT_EQ(0, talk(self->dev));
	}
}

/* Linux does, over and over. */
TEST_F_TIMEOUT(life, reset_by_linux, 300)
{
	unsigned int i, count = count_from_env(50), files = open_files();
	int hello;

	for (i = 0; i < count; i++) {
		if (i % 3 == 1) {
			EXPECT_LT(0, say(self->dev, "/flood 1000 16"));
		}
		if (i % 3 == 2) {
			EXPECT_DONE(remove_virtio(self->fd, 0));
		}
		ASSERT_EQ(0, close(self->dev));
		ASSERT_EQ(0, virtio(self->fd).flags);
		self->dev = create(self->fd);
		ASSERT_LE(0, self->dev) TH_LOG("told: %s", remote_said.text);
		hello = get_hello(self->dev);
		ASSERT_LT(self->hello, hello);
		self->hello = hello;
		ASSERT_EQ(0, talk(self->dev));
		ASSERT_EQ(files, open_files());
	}
}

/* Of two who wait for the same driver, one gives up; the other one is not harmed. */
TEST_F(life, two_wait)
{
	struct job patient, hasty;
	char reset[32];

	/* Longer than it takes until both wait. */
	snprintf(reset, sizeof(reset), "/reset %d", 700 * remote_slowness());
	EXPECT_LT(0, say(self->dev, reset));
	is_over(_metadata, self->dev, ECONNRESET);
	ASSERT_EQ(0, close(self->dev));
	self->dev = -1;
	EXPECT_EQ(0, virtio(self->fd).flags);
	ASSERT_EQ(0, job_begin(&patient, job_create, self->fd, REMOTE_PATIENCE));
	ASSERT_TRUE(waits_for_driver(&patient, self->fd));
	ASSERT_EQ(0, job_begin(&hasty, job_create, self->fd, 100));
	ASSERT_EQ(0, job_end(&hasty, REMOTE_PROMPT));
	EXPECT_EQ(-ETIMEDOUT, hasty.result->ret);
	ASSERT_EQ(0, job_end(&patient, REMOTE_PATIENCE));
	EXPECT_EQ(0, patient.result->ret) TH_LOG("told: %s", remote_said.text);
	EXPECT_TRUE(goes_away(self->fd));
	self->dev = again(_metadata, self);
}

/* Another's claim is a matter of moments. */
static int create_insistently(int fd)
{
	int dev;

	do
		dev = create(fd);
	while (dev == -EBUSY);
	return dev;
}

/* At work at once, when others may still be waking up; and keep it, until killed. */
static int job_create_and_say(int fd, int unused)
{
	int dev = create_insistently(fd);

	return dev < 0 || say(dev, "x") != 1 ? dev : job_poll(dev, unused);
}

/* All who wait begin at the same moment; messages come and go all the same. */
TEST_F(life, many_wait)
{
	struct job job[4];
	int i, k;

	for (i = 0; i < 10; i++) {
		EXPECT_LT(0, say(self->dev, "/reset 200"));
		is_over(_metadata, self->dev, ECONNRESET);
		for (k = 0; k < 4; k++) {
			ASSERT_EQ(0, job_begin(&job[k], job_create_and_say, self->fd, 0));
		}
		k = create_insistently(self->fd);
		ASSERT_LE(0, k) TH_LOG("told: %s", remote_said.text);
		close(self->dev);
		self->dev = k;
		EXPECT_LT(self->hello, get_hello(self->dev));
		for (k = 0; k < 4; k++) {
			EXPECT_EQ(0, get_text(self->dev, "x"));
		}
		for (k = 0; k < 4; k++) {
			EXPECT_FALSE(job_over(&job[k]));
			kill(job[k].pid, SIGKILL);
			ASSERT_EQ(0, job_end(&job[k], REMOTE_PROMPT));
		}
		EXPECT_EQ(0, talk(self->dev));
	}
}

/*
 * Firmware that is no driver
 */
FIXTURE(no_driver)
{
	int fd;
	unsigned int files;
};

FIXTURE_VARIANT(no_driver)
{
	const char *firmware;
};

FIXTURE_VARIANT_ADD(no_driver, serial) { .firmware = "serial" };
FIXTURE_VARIANT_ADD(no_driver, rpmsg) { .firmware = "rpmsg" };

FIXTURE_SETUP(no_driver)
{
	self->files = open_files();
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(run_manual(self->fd, variant->firmware));
}

FIXTURE_TEARDOWN(no_driver)
{
	EXPECT_DONE(remote_offline(self->fd));
	close(self->fd);
	EXPECT_EQ(self->files, open_files());
}

TEST_F(no_driver, limit)
{
	uint64_t begin = now_ms(), took;

	EXPECT_REFUSED(ETIMEDOUT, create_within(self->fd, SOON));
	took = now_ms() - begin;
	EXPECT_LE(SOON, took);
	EXPECT_GT(SOON + REMOTE_PROMPT, took);
	EXPECT_WORDS("not ready within 300 ms", remote_said.text);
	EXPECT_EQ(0, virtio(self->fd).flags);
}

/* Who waits keeps nobody from anything. */
TEST_F(no_driver, stop_meanwhile)
{
	struct rproc_lite_info info;
	struct job job;
	char text[4096];
	uint64_t begin;

	ASSERT_EQ(0, job_begin(&job, job_create, self->fd, 4 * REMOTE_PATIENCE));
	ASSERT_TRUE(waits_for_driver(&job, self->fd));
	EXPECT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(RPROC_LITE_OP_NONE, info.op);
	EXPECT_LT(0, remote_trace(self->fd, 0, text, sizeof(text)));
	EXPECT_EQ(RPROC_LITE_VIRTIO_CREATED, virtio(self->fd).flags);
	EXPECT_FALSE(job_over(&job));
	begin = now_ms();
	EXPECT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	EXPECT_GT(REMOTE_PROMPT, now_ms() - begin);
	ASSERT_EQ(0, job_end(&job, REMOTE_PROMPT));
	EXPECT_EQ(-ENODEV, job.result->ret);
	EXPECT_EQ(-ENODEV, remote_said.error);
	EXPECT_WORDS("removed", remote_said.text);
}

TEST_F(no_driver, removed_meanwhile)
{
	struct job job;

	ASSERT_EQ(0, job_begin(&job, job_create, self->fd, 4 * REMOTE_PATIENCE));
	ASSERT_TRUE(waits_for_driver(&job, self->fd));
	EXPECT_DONE(remove_virtio(self->fd, 0));
	ASSERT_EQ(0, job_end(&job, REMOTE_PROMPT));
	EXPECT_EQ(-ENODEV, job.result->ret);
	EXPECT_EQ(0, virtio(self->fd).flags);
}

TEST_F(no_driver, signal_meanwhile)
{
	struct job job;

	ASSERT_EQ(0, job_begin(&job, job_create_interruptibly, self->fd, 4 * REMOTE_PATIENCE));
	ASSERT_TRUE(waits_for_driver(&job, self->fd));
	kill(job.pid, SIGUSR1);
	ASSERT_EQ(0, job_end(&job, REMOTE_PROMPT));
	EXPECT_EQ(-EINTR, job.result->ret);
	EXPECT_EQ(-EINTR, remote_said.error);
	EXPECT_EQ(0, virtio(self->fd).flags);
}

TEST_F(no_driver, killed_meanwhile)
{
	struct job job;

	ASSERT_EQ(0, job_begin(&job, job_create, self->fd, 4 * REMOTE_PATIENCE));
	ASSERT_TRUE(waits_for_driver(&job, self->fd));
	kill(job.pid, SIGKILL);
	ASSERT_EQ(0, job_end(&job, REMOTE_PROMPT));
	EXPECT_TRUE(goes_away(self->fd));
}

/*
 * Ends, while all that can wait does
 */
static int end_stop(int fd, const char *device)
{
	(void)device;
	return remote_stop(fd, REMOTE_PATIENCE);
}

static int end_shutdown(int fd, const char *device)
{
	(void)device;
	return remote_shutdown(fd, REMOTE_PATIENCE);
}

static int end_remove(int fd, const char *device)
{
	(void)device;
	return remove_virtio(fd, 0);
}

static int end_unbind(int fd, const char *device)
{
	(void)fd;
	return driver_unbind(device);
}

static int end_module(int fd, const char *device)
{
	(void)fd;
	(void)device;
	return module_unload(PLATFORM);
}

FIXTURE(end)
{
	int fd, dev;
	unsigned int files;
	char device[64];
};

FIXTURE_VARIANT(end)
{
	int (*by)(int fd, const char *device);
	const char *by_itself;
};

FIXTURE_VARIANT_ADD(end, stop) { .by = end_stop };
FIXTURE_VARIANT_ADD(end, shutdown) { .by = end_shutdown };
FIXTURE_VARIANT_ADD(end, remove_virtio) { .by = end_remove };
FIXTURE_VARIANT_ADD(end, unbind) { .by = end_unbind };
FIXTURE_VARIANT_ADD(end, remove_module) { .by = end_module };
FIXTURE_VARIANT_ADD(end, crash) { .by_itself = "/crash" };
FIXTURE_VARIANT_ADD(end, off) { .by_itself = "/off" };

FIXTURE_SETUP(end)
{
	self->files = open_files();
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, remote_device(REMOTE, self->device, sizeof(self->device)));
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(run_manual(self->fd, "driver"));
	self->dev = create(self->fd);
	ASSERT_LE(0, self->dev) TH_LOG("told: %s", remote_said.text);
	ASSERT_LE(1, get_hello(self->dev));
}

FIXTURE_TEARDOWN(end)
{
	module_load(PLATFORM);
	if (access("/dev/rproc_lite0", F_OK))
		driver_bind(self->device);
	EXPECT_EQ(self->files, open_files());
}

/* On a remote that may have come again. */
static void works_again(struct __test_metadata *_metadata)
{
	int fd = remote_open(REMOTE, O_RDWR), dev;

	ASSERT_LE(0, fd);
	ASSERT_DONE(remote_offline(fd));
	ASSERT_DONE(run_manual(fd, "driver"));
	dev = create(fd);
	ASSERT_LE(0, dev);
	EXPECT_LE(1, get_hello(dev));
	EXPECT_EQ(0, talk(dev));
	EXPECT_EQ(0, close(dev));
	EXPECT_DONE(remote_offline(fd));
	close(fd);
}

static void bring_back(const char *device)
{
	module_load(PLATFORM);
	if (access("/dev/rproc_lite0", F_OK))
		driver_bind(device);
}

TEST_F(end, all_wait)
{
	struct job reader, writer, poller;
	uint64_t begin;

	/* One that was fetched, and is in nobody's hands. */
	EXPECT_LT(0, say(self->dev, "hello"));
	EXPECT_EQ(-EFAULT, get(self->dev, NOWHERE, BUF));
	EXPECT_EQ(0, get_text(self->dev, "hello"));
	ASSERT_EQ(0, job_begin(&poller, job_poll, self->dev, 0));
	if (variant->by) {
		EXPECT_LT(0, say(self->dev, "/hold 60000"));
		EXPECT_EQ(0, get_text(self->dev, "hold: begins"));
		ASSERT_EQ(0, job_begin(&writer, job_write, self->dev, 0));
		ASSERT_TRUE(sleeps(&writer));
	}
	ASSERT_EQ(0, job_begin(&reader, job_read, self->dev, 0));
	ASSERT_TRUE(sleeps(&reader) && sleeps(&poller));
	begin = now_ms();
	if (variant->by) {
		EXPECT_DONE(variant->by(self->fd, self->device));
	} else {
		EXPECT_LT(0, say(self->dev, variant->by_itself));
	}
	EXPECT_GT(REMOTE_PROMPT, now_ms() - begin);
	ASSERT_EQ(0, job_end(&reader, REMOTE_PROMPT));
	EXPECT_EQ(-ENODEV, reader.result->ret);
	ASSERT_EQ(0, job_end(&poller, REMOTE_PROMPT));
	EXPECT_EQ(POLLHUP | POLLERR, poller.result->ret);
	if (variant->by) {
		ASSERT_EQ(0, job_end(&writer, REMOTE_PROMPT));
		EXPECT_EQ(-ENODEV, writer.result->ret);
	}
	is_over(_metadata, self->dev, ENODEV);
	bring_back(self->device);
	/* An old descriptor stays what it is, whatever comes after it. */
	works_again(_metadata);
	is_over(_metadata, self->dev, ENODEV);
	EXPECT_EQ(0, close(self->dev));
	close(self->fd);
	works_again(_metadata);
}

/* Closed after the end, or by the death of who had it, with a message kept. */
TEST_F(end, nobody_waits)
{
	EXPECT_LT(0, say(self->dev, "hello"));
	EXPECT_EQ(-EFAULT, get(self->dev, NOWHERE, BUF));
	if (variant->by) {
		EXPECT_DONE(variant->by(self->fd, self->device));
	} else {
		EXPECT_LT(0, say(self->dev, variant->by_itself));
		EXPECT_EQ(0, remote_wait_state(self->fd, RPROC_LITE_CRASHED));
		/* A call that acts waits until what a crash brings is done. */
		EXPECT_REFUSED(EBADFD, remove_virtio(self->fd, 0));
		EXPECT_EQ(0, virtio(self->fd).flags);
	}
	EXPECT_EQ(0, close(self->dev));
	close(self->fd);
	bring_back(self->device);
	works_again(_metadata);
}

static int job_have_and_wait(int fd, int how)
{
	int dev = create(fd);

	if (dev < 0)
		return dev;
	get_hello(dev);
	if (how == 0)
		return job_read(dev, 0);
	if (how == 1) {
		say(dev, "/hold 60000");
		return job_write(dev, 0);
	}
	return job_poll(dev, 0);
}

/* Whoever has the only descriptor is killed. */
TEST(killed)
{
	unsigned int files = open_files();
	struct job job;
	int fd, how;

	for (how = 0; how < 3; how++) {
		fd = remote_open(REMOTE, O_RDWR);
		ASSERT_LE(0, fd);
		ASSERT_DONE(remote_offline(fd));
		ASSERT_DONE(run_manual(fd, "driver"));
		ASSERT_EQ(0, job_begin(&job, job_have_and_wait, fd, how));
		ASSERT_TRUE(waits_for_driver(&job, fd));
		EXPECT_FALSE(job_over(&job));
		kill(job.pid, SIGKILL);
		ASSERT_EQ(0, job_end(&job, REMOTE_PROMPT));
		EXPECT_TRUE(goes_away(fd));
		close(fd);
		works_again(_metadata);
	}
	EXPECT_EQ(files, open_files());
}

/*
 * A driver that lies
 */
FIXTURE(lie)
{
	int fd, dev, log;
};

FIXTURE_SETUP(lie)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->log = kmsg_open();
	ASSERT_LE(0, self->log);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(run_manual(self->fd, "driver"));
	self->dev = create(self->fd);
	ASSERT_LE(0, self->dev);
	ASSERT_LE(1, get_hello(self->dev));
}

FIXTURE_TEARDOWN(lie)
{
	EXPECT_EQ(0, close(self->dev));
	EXPECT_DONE(remote_offline(self->fd));
	close(self->log);
	close(self->fd);
}

static const struct {
	const char *name, *words;
	unsigned int rings;	/* bits */
} lies[] = {
	{ "outside", "in no region", 3 },
	{ "null", "in no region", 3 },
	{ "beyond", "in no region", 3 },
	{ "wrap", "in no region", 3 },
	{ "high", "in no region", 3 },
	{ "huge", "in no region", 3 },
	{ "circle", "more descriptors than there are", 3 },
	{ "far", "no descriptor", 3 },
	{ "indirect", "indirect", 3 },
	{ "head", "no descriptor", 3 },
	{ "idx-jump", "available index", 3 },
	{ "idx-half", "available index", 3 },
	{ "idx-back", "available index", 2 },
};

/* Where "beyond" would have us read or write. */
static void region_end(int fd, void *bytes)
{
	struct rproc_lite_region region;

	remote_region(fd, 0, &region);
	if (pread(fd, bytes, 8, remote_offset(fd, region.da + region.size - 8, 8)) != 8)
		memset(bytes, 0, 8);
}

static void be_lied_to(struct __test_metadata *_metadata, FIXTURE_DATA(lie) *self, size_t i,
		       unsigned int ring)
{
	struct rproc_lite_info info;
	char text[64], before[8], after[8];

	snprintf(text, sizeof(text), "/lie %s %u", lies[i].name, ring);
	kmsg_tells(self->log, "", "");
	region_end(self->fd, before);
	remote_info(self->fd, &info);
	ASSERT_LT(0, say(self->dev, text));
	snprintf(text, sizeof(text), "driver: lie %s\n", lies[i].name);
	ASSERT_STRNE("", remote_trace_with(self->fd, text));
	if (ring) {
		EXPECT_EQ(-EPIPE, get(self->dev, text, sizeof(text)));
	} else {
		EXPECT_EQ(-EPIPE, put(self->dev, "hello", 5));
	}
	is_over(_metadata, self->dev, EPIPE);
	EXPECT_EQ(RPROC_LITE_VIRTIO_CREATED | RPROC_LITE_VIRTIO_BROKEN, virtio(self->fd).flags);
	EXPECT_EQ(POLLPRI, remote_poll(self->fd, 0));
	EXPECT_TRUE(kmsg_tells(self->log, "out of use", lies[i].words))
		TH_LOG("%s of ring %u: the log has no '%s'", lies[i].name, ring, lies[i].words);
	region_end(self->fd, after);
	EXPECT_EQ(0, memcmp(before, after, 8));
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
}

TEST_F_TIMEOUT(lie, each, 120)
{
	unsigned int ring;
	size_t i;
	int dev;

	for (i = 0; i < sizeof(lies) / sizeof(lies[0]); i++)
		for (ring = 0; ring < 2; ring++) {
			if (!(lies[i].rings & 1U << ring))
				continue;
			/* There it is the truth. */
			if (!strcmp(lies[i].name, "null") && remote_offset(self->fd, 0, 16) >= 0)
				continue;
			be_lied_to(_metadata, self, i, ring);
			/* Another takes its place, and the driver begins anew. */
			dev = create(self->fd);
			ASSERT_LE(0, dev) TH_LOG("after %s: %s", lies[i].name, remote_said.text);
			close(self->dev);
			self->dev = dev;
			ASSERT_LE(1, get_hello(self->dev)) TH_LOG("after %s", lies[i].name);
			ASSERT_EQ(0, talk(self->dev));
		}
}

TEST_F(lie, then_restart)
{
	be_lied_to(_metadata, self, 0, 1);
	EXPECT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	is_over(_metadata, self->dev, ENODEV);
	EXPECT_EQ(0, close(self->dev));
	ASSERT_DONE(remote_start(self->fd));
	self->dev = create(self->fd);
	ASSERT_LE(0, self->dev);
	EXPECT_LE(1, get_hello(self->dev));
	EXPECT_EQ(0, talk(self->dev));
}

/* The longest message, and one that is longer, which goes nowhere. */
TEST_F(lie, long_messages)
{
	static uint8_t got[BIG], image[4096];
	struct rproc_lite_region region;

	ASSERT_EQ(0, remote_region(self->fd, 0, &region));
	ASSERT_EQ(4096, pread(self->fd, image, sizeof(image),
			      remote_offset(self->fd, region.da, sizeof(image))));
	ASSERT_LT(0, say(self->dev, "/lie max"));
	EXPECT_EQ(-EMSGSIZE, get(self->dev, got, BIG - 1));
	EXPECT_EQ(BIG, get(self->dev, got, BIG));
	EXPECT_EQ(0, memcmp(image, got, sizeof(image)));
	EXPECT_EQ(0, virtio(self->fd).bad);

	ASSERT_LT(0, say(self->dev, "/lie long"));
	ASSERT_STRNE("", remote_trace_with(self->fd, "lie long"));
	EXPECT_LT(0, say(self->dev, "hello"));
	EXPECT_EQ(5, read(self->dev, got, BIG));
	EXPECT_EQ(0, memcmp("hello", got, 5));
	EXPECT_EQ(1, virtio(self->fd).bad);
	EXPECT_EQ(RPROC_LITE_VIRTIO_CREATED, virtio(self->fd).flags);
	EXPECT_EQ(0, talk(self->dev));
}

/* Of a chain that is to be read and to be written, a message is what is to be read. */
TEST_F(lie, mixed_chain)
{
	uint8_t got[64], image[32], after[32];
	struct rproc_lite_region region;
	off_t at;

	ASSERT_EQ(0, remote_region(self->fd, 0, &region));
	at = remote_offset(self->fd, region.da, sizeof(image));
	ASSERT_EQ(32, pread(self->fd, image, sizeof(image), at));
	ASSERT_LT(0, say(self->dev, "/lie mixed"));
	EXPECT_EQ(16, get(self->dev, got, sizeof(got)));
	EXPECT_EQ(0, memcmp(image, got, 16));
	ASSERT_EQ(32, pread(self->fd, after, sizeof(after), at));
	EXPECT_EQ(0, memcmp(image, after, sizeof(image)));
	EXPECT_EQ(0, virtio(self->fd).bad);
	EXPECT_EQ(0, talk(self->dev));
}

/* Rings that change all the time, under whatever we do. */
TEST_F_TIMEOUT(lie, scribbles, 300)
{
	unsigned int i, count = count_from_env(20), ends[3] = { 0, 0, 0 };
	static uint8_t got[BIG];
	uint64_t end;
	ssize_t n = 0;

	for (i = 0; i < count; i++) {
		ASSERT_LT(0, say(self->dev, i % 2 ? "/lie scribble 150" : "/lie smear 150"));
		ASSERT_EQ(0, fcntl(self->dev, F_SETFL, O_NONBLOCK));
		for (end = now_ms() + 150; now_ms() < end;) {
			n = now_ms() % 2 ? read(self->dev, got, sizeof(got)) :
					   write(self->dev, "hello", 5);
			if (n < 0 && errno != EAGAIN && errno != EMSGSIZE)
				break;
		}
		if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
			ends[errno == EPIPE]++;
		else
			ends[2]++;
		close(self->dev);
		self->dev = create(self->fd);
		ASSERT_LE(0, self->dev) TH_LOG("told: %s", remote_said.text);
		ASSERT_LE(1, get_hello(self->dev));
		ASSERT_EQ(0, talk(self->dev));
	}
	printf("# it ended with ECONNRESET %u, with EPIPE %u, and not at all %u times\n",
	       ends[0], ends[1], ends[2]);
}

REMOTE_TEST_MAIN
