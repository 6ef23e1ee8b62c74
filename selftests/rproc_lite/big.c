// SPDX-License-Identifier: GPL-2.0-only
/*
 * An image of 64 MiB on a machine that could not hold it twice: it is loaded all the same,
 * from wherever it comes, and takes no more than 128 KiB of the kernel's memory meanwhile.
 * A compressed one can only be had whole, and so is exempt.
 *
 * Behind what is loaded lie bytes as for a debugger. A file's are not read, as the
 * process's count of what it has had read tells. A stream's have to go by.
 *
 * What is taken is counted as extra.h says; the image itself lies in a tmpfs.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "kselftest_harness.h"
#include "bigimage.h"
#include "extra.h"
#include "guest.h"
#include "remote.h"

#define MIB		(1u << 20)
#define LARGE		(64 * MIB)
#define DEBUG		(8 * MIB)
#define EXTRA_MAX	(128u << 10)
/* Headers are read more than once, and what has them in pieces. */
#define SLACK		(256u << 10)

#define REGION		"big"
#define FOLDER		"/lib/firmware/rproc-lite-big"
#define NAME		"rproc-lite-big/image.elf"
#define PATH		"/lib/firmware/" NAME

static uint64_t number_after(const char *path, const char *word)
{
	static char text[8192];
	const char *at = read_text(path, text, sizeof(text)) > 0 ? strstr(text, word) : NULL;

	return at ? strtoull(at + strlen(word), NULL, 10) : 0;
}

static uint64_t bytes_available(void)
{
	return number_after("/proc/meminfo", "MemAvailable:") * 1024;
}

static uint64_t bytes_read(void)
{
	return number_after("/proc/self/io", "rchar:");
}

static int large_region(int fd, struct rproc_lite_find *find)
{
	*find = (struct rproc_lite_find){ .by = RPROC_LITE_BY_NAME, .name = REGION, .len = LARGE };
	return remote_find(fd, find);
}

FIXTURE(big)
{
	int fd;
	struct big_image image;
};

enum source { BY_FD, BY_PIPE, BY_NAME, BY_COMPRESSED_NAME };

FIXTURE_VARIANT(big)
{
	enum source source;
};

FIXTURE_VARIANT_ADD(big, by_fd) { .source = BY_FD };
FIXTURE_VARIANT_ADD(big, by_pipe) { .source = BY_PIPE };
FIXTURE_VARIANT_ADD(big, by_name) { .source = BY_NAME };
FIXTURE_VARIANT_ADD(big, by_compressed_name) { .source = BY_COMPRESSED_NAME };

static const char *image_path(enum source source)
{
	return source == BY_COMPRESSED_NAME ? PATH ".zst" : PATH;
}

static int make_image(int fd, enum source source, struct big_image *big)
{
	struct rproc_lite_find region;
	struct segments echo;
	int ret, file;

	mkdir(FOLDER, 0755);
	if (mount("none", FOLDER, "tmpfs", 0, "size=80m"))
		return -errno;
	ret = large_region(fd, &region);
	if (!ret)
		ret = segments_read(&echo, fd, "echo");
	if (ret)
		return ret;
	*big = (struct big_image){
		.da = region.da, .size = LARGE,
		.debug = source == BY_COMPRESSED_NAME ? 0 : DEBUG,
		.zstd = source == BY_COMPRESSED_NAME,
	};
	file = open(image_path(source), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
	ret = file < 0 ? -errno : big_image_write(big, &echo, file);
	close(file);
	segments_free(&echo);
	return ret;
}

FIXTURE_SETUP(big)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_EQ(0, make_image(self->fd, variant->source, &self->image));
	ASSERT_EQ(0, extra_open());
}

FIXTURE_TEARDOWN(big)
{
	extra_close();
	EXPECT_DONE(remote_offline(self->fd));
	close(self->fd);
	umount2(FOLDER, MNT_DETACH);
	rmdir(FOLDER);
}

/* Goes on when we are done, or ends with us. */
static int feed(void)
{
	static char block[64 << 10];
	int ends[2], image = open(PATH, O_RDONLY | O_CLOEXEC);
	ssize_t n;
	pid_t pid;

	if (image < 0 || pipe2(ends, O_CLOEXEC))
		return -errno;
	pid = fork();
	if (pid < 0)
		return -errno;
	if (!pid) {
		close(ends[0]);
		while ((n = read(image, block, sizeof(block))) > 0)
			if (write(ends[1], block, (size_t)n) != n)
				_exit(1);
		_exit(0);
	}
	close(image);
	close(ends[1]);
	return ends[0];
}

static int open_source(enum source source)
{
	switch (source) {
	case BY_FD:
		return open(PATH, O_RDONLY | O_CLOEXEC);
	case BY_PIPE:
		return feed();
	default:
		return -1;
	}
}

static void within_limits(struct __test_metadata *_metadata, enum source source,
			  const struct big_image *big, const struct extra *extra, uint64_t was_read)
{
	/* Not even a buffer was seen? Then nothing was. */
	EXPECT_LE(4096, extra->peak);
	if (source == BY_COMPRESSED_NAME) {
		EXPECT_LE(LARGE, extra->peak);
		return;
	}
	EXPECT_GE(EXTRA_MAX, extra->peak);
	/* Nobody counts what comes through a pipe. */
	if (source == BY_PIPE)
		return;
	EXPECT_LE(big->needed, was_read);
	EXPECT_GE(big->needed + SLACK, was_read);
}

/* LOAD, and what it takes. Return: its own return. */
static int load(struct __test_metadata *_metadata, int fd, enum source source,
		const struct big_image *big)
{
	int image = open_source(source), ret;
	uint64_t before, was_read;
	struct extra extra;

	before = bytes_read();
	EXPECT_EQ(0, extra_begin());
	ret = image < 0 ? remote_load(fd, NAME) : remote_load_fd(fd, image);
	EXPECT_EQ(0, extra_end());
	was_read = bytes_read() - before;
	close(image);
	if (ret)
		return ret;
	EXPECT_EQ(0, extra_read(&extra));
	extra_print("the load", &extra);
	printf("# it had %llu KiB read\n", (unsigned long long)was_read >> 10);
	within_limits(_metadata, source, big, &extra, was_read);
	return 0;
}

/* What lies in the region, here and there, and at its ends. */
static void placed(struct __test_metadata *_metadata, int fd, const struct big_image *big)
{
	size_t at, i, stride = 3 * MIB + 4093, last = big->size - 256;
	off_t off = remote_offset(fd, big->da, big->size);
	uint8_t bytes[256];

	ASSERT_LE(0, off);
	for (at = 0; at <= last; at = at < last && at + stride > last ? last : at + stride) {
		ASSERT_EQ((ssize_t)sizeof(bytes),
			  pread(fd, bytes, sizeof(bytes), off + (off_t)at));
		for (i = 0; i < sizeof(bytes); i++) {
			ASSERT_EQ(big_image_byte(big, at + i), bytes[i])
				TH_LOG("byte %zu", at + i);
		}
	}
}

static void runs(struct __test_metadata *_metadata, int fd)
{
	ASSERT_DONE(remote_start(fd));
	ASSERT_EQ(0, remote_wait_ready(fd));
	EXPECT_STRNE("", remote_trace_with(fd, "echo: hello"));
	ASSERT_DONE(remote_stop(fd, REMOTE_PATIENCE));
	EXPECT_EQ(1, remote_trace_count(fd, "bye"));
}

TEST_F(big, loads)
{
	uint64_t available = bytes_available();
	struct rproc_lite_info info;
	int ret;

	printf("# %llu MiB are available\n", (unsigned long long)available >> 20);
	if (variant->source != BY_COMPRESSED_NAME) {
		ASSERT_GT(LARGE, available) TH_LOG("this machine could hold the image twice");
	}
	ret = load(_metadata, self->fd, variant->source, &self->image);
	if (ret == -ENOENT && variant->source == BY_COMPRESSED_NAME)
		SKIP(return, "this kernel does not unpack zstd");
	ASSERT_DONE(ret);
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(self->image.digest, info.digest);
	placed(_metadata, self->fd, &self->image);
	runs(_metadata, self->fd);
	/* Started again it is read again, for which the firmware loader has other ways then. */
	if (variant->source == BY_NAME || variant->source == BY_COMPRESSED_NAME)
		runs(_metadata, self->fd);
}

int main(int argc, char **argv)
{
	struct rproc_lite_find region;
	int fd;

	remote_or_skip(REMOTE);
	fd = remote_open(REMOTE, O_RDONLY);
	if (large_region(fd, &region)) {
		printf("TAP version 13\n1..0 # SKIP no region of 64 MiB: scripts/vm -m virtbig\n");
		return KSFT_SKIP;
	}
	close(fd);
	return test_harness_run(argc, argv);
}
