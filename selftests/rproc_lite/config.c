// SPDX-License-Identifier: GPL-2.0-only
/* What CONFIG and LOAD can be told: settings, raw images, kept streams, digests. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "kselftest_harness.h"
#include "guest.h"
#include "remote.h"
#include "segments.h"
#include "xxh64.h"

FIXTURE(config)
{
	int fd;
	struct rproc_lite_region code;
	struct segments echo;
	uint8_t *bytes;
	bool fixed_start;	/* of the core, whatever the entry point */
};

FIXTURE_SETUP(config)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_remove_windows(self->fd));
	ASSERT_EQ(0, remote_region(self->fd, 0, &self->code));
	ASSERT_EQ(0, segments_read(&self->echo, self->fd, "echo"));
	self->fixed_start = remote_kind(self->fd)->has_reset;
	self->bytes = calloc(1, SEGMENTS_ROOM);
	ASSERT_NE(NULL, self->bytes);
}

FIXTURE_TEARDOWN(config)
{
	EXPECT_DONE(remote_offline(self->fd));
	segments_free(&self->echo);
	free(self->bytes);
	close(self->fd);
}

static void starts_and_stops(struct __test_metadata *_metadata, int fd)
{
	ASSERT_DONE(remote_start(fd));
	ASSERT_EQ(0, remote_wait_ready(fd));
	ASSERT_DONE(remote_stop(fd, REMOTE_PATIENCE));
}

/* One setting, or more with "\0" between. */
#define WITH(fd, text) remote_config_with(fd, text, sizeof(text))

/*
 * Settings
 */

TEST_F(config, good_values)
{
	static const struct {
		const char *text;
		uint32_t timeout_ms;
	} good[] = {
		{ "stop-timeout-ms=1", 1 },
		{ "stop-timeout-ms=3600000", 3600000 },
		{ "stop-timeout-ms=0x10", 16 },
		{ "stop-timeout-ms=0XfF", 255 },
		{ "load-address=0", 0 },
		{ "load-address=0xffffffffffffffff", 0 },
		{ "boot-address=18446744073709551615", 0 },
	};
	struct rproc_lite_info info;
	uint32_t usual;
	unsigned int i;

	ASSERT_EQ(0, remote_info(self->fd, &info));
	usual = info.stop_timeout_ms;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		ASSERT_DONE(remote_config_with(self->fd, good[i].text,
					       (uint32_t)strlen(good[i].text) + 1));
		EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd);
		ASSERT_EQ(0, remote_info(self->fd, &info));
		EXPECT_EQ(good[i].timeout_ms ?: usual, info.stop_timeout_ms);
		ASSERT_DONE(remote_shutdown(self->fd, 0));
	}
}

TEST_F(config, settings_end_with_offline)
{
	struct rproc_lite_info info;
	uint32_t usual;

	ASSERT_EQ(0, remote_info(self->fd, &info));
	usual = info.stop_timeout_ms;
	ASSERT_DONE(WITH(self->fd, "stop-timeout-ms=4321"));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(4321, info.stop_timeout_ms);
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(usual, info.stop_timeout_ms);
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(usual, info.stop_timeout_ms);
}

TEST_F(config, several_settings)
{
	struct rproc_lite_info info;

	/* The last one counts. */
	ASSERT_DONE(WITH(self->fd, "stop-timeout-ms=11\0load-address=0x50000000\0"
			 "stop-timeout-ms=22"));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(22, info.stop_timeout_ms);
}

TEST_F(config, bad_settings)
{
	static const struct {
		const char *text;
		size_t size;
		const char *words;
		uint64_t offset;
	} bad[] = {
#define BAD(text, words, at) { text, sizeof(text), words, at }
		BAD("stop-timeout-ms=0", "stop-timeout-ms", 0),
		BAD("stop-timeout-ms=3600001", "stop-timeout-ms", 0),
		BAD("stop-timeout-ms=", "stop-timeout-ms", 0),
		BAD("stop-timeout-ms=-1", "stop-timeout-ms", 0),
		BAD("stop-timeout-ms=+1", "stop-timeout-ms", 0),
		BAD("stop-timeout-ms=1 ", "stop-timeout-ms", 0),
		BAD("stop-timeout-ms= 1", "stop-timeout-ms", 0),
		BAD("stop-timeout-ms=1ms", "stop-timeout-ms", 0),
		BAD("stop-timeout-ms=0x", "stop-timeout-ms", 0),
		BAD("stop-timeout-ms=a", "stop-timeout-ms", 0),
		BAD("stop-timeout-ms=4294967297", "stop-timeout-ms", 0),
		BAD("stop-timeout-ms=18446744073709551617", "stop-timeout-ms", 0),
		BAD("load-address=", "load-address", 0),
		BAD("load-address=18446744073709551616", "load-address", 0),
		BAD("load-address=0x10000000000000000", "load-address", 0),
		BAD("load-address=0x5g", "load-address", 0),
		BAD("boot-address=", "boot-address", 0),
		BAD("boot-address=start", "boot-address", 0),
		BAD("unheard-of=1", "unheard-of: not known", 0),
		BAD("stop-timeout-m=1", "not known", 0),
		BAD("Stop-timeout-ms=1", "not known", 0),
		BAD(" stop-timeout-ms=1", "not known", 0),
		BAD("stop-timeout-ms", "key=value", 0),
		BAD("=1", "key=value", 0),
		BAD("=", "key=value", 0),
		BAD("", "key=value", 0),
		BAD("stop-timeout-ms=5\0", "key=value", 18),
		BAD("stop-timeout-ms=5\0nonsense", "key=value", 18),
		{ "stop-timeout-ms=1", 17, "does not end", 0 },
		{ "s", 1, "does not end", 0 },
		{ "stop-timeout-ms=1\0x", 19, "does not end", 18 },
		BAD("stop-timeout-ms=5\0stop-timeout-ms=x", "stop-timeout-ms", 18),
		BAD("stop-timeout-ms=5\0unheard-of=", "unheard-of", 18),
	};
	struct rproc_lite_info before, after;
	unsigned int i;
	int cpu;

	ASSERT_EQ(0, remote_info(self->fd, &before));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		EXPECT_REFUSED(EINVAL, remote_config_with(self->fd, bad[i].text,
							  (uint32_t)bad[i].size));
		EXPECT_EQ(RPROC_LITE_AT_ARGUMENT, remote_said.where);
		EXPECT_WORDS(bad[i].words, remote_said.text);
		EXPECT_EQ(bad[i].offset, remote_said.offset) TH_LOG("%s", bad[i].text);
	}
	ASSERT_EQ(0, remote_info(self->fd, &after));
	EXPECT_EQ(RPROC_LITE_OFFLINE, after.state);
	EXPECT_EQ(before.state_seq, after.state_seq);
	EXPECT_EQ(before.stop_timeout_ms, after.stop_timeout_ms);
	/* The CPU was not taken. */
	ASSERT_EQ(0, cpu_borrowed(self->fd, &cpu));
	EXPECT_TRUE(cpu_is_back(cpu));
}

TEST_F(config, lengths_and_pointers)
{
	char *many = malloc(RPROC_LITE_CONFIG_MAX + 1), *one;
	struct rproc_lite_info info;
	unsigned int i;

	ASSERT_NE(NULL, many);
	/* No bytes are none, wherever. */
	EXPECT_DONE(remote_config_with(self->fd, "stop-timeout-ms", 0));
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	EXPECT_DONE(remote_config_with(self->fd, (void *)-4096L, 0));
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	EXPECT_EQ(-EFAULT, remote_config_with(self->fd, NULL, 1));
	EXPECT_EQ(-EFAULT, remote_config_with(self->fd, (void *)-4096L, 16));

	/* As many as there may be: 256 of 16 bytes. */
	for (i = 0; i < 256; i++) {
		one = many + 16 * i;
		snprintf(one, 16, "boot-address=%02u", i % 100);
	}
	EXPECT_DONE(remote_config_with(self->fd, many, RPROC_LITE_CONFIG_MAX));
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	many[RPROC_LITE_CONFIG_MAX] = '\0';
	EXPECT_REFUSED(EINVAL, remote_config_with(self->fd, many, RPROC_LITE_CONFIG_MAX + 1));
	EXPECT_WORDS("4096", remote_said.text);
	EXPECT_REFUSED(EINVAL, remote_config_with(self->fd, many, UINT32_MAX));
	/* One that is as long as all. */
	memset(many, 'k', RPROC_LITE_CONFIG_MAX);
	EXPECT_REFUSED(EINVAL, remote_config_with(self->fd, many, RPROC_LITE_CONFIG_MAX));
	many[RPROC_LITE_CONFIG_MAX - 1] = '\0';
	EXPECT_REFUSED(EINVAL, remote_config_with(self->fd, many, RPROC_LITE_CONFIG_MAX));
	many[2000] = '=';
	EXPECT_REFUSED(EINVAL, remote_config_with(self->fd, many, RPROC_LITE_CONFIG_MAX));
	free(many);
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(RPROC_LITE_OFFLINE, info.state);
}

/* Only Offline takes them; others keep what they have. */
TEST_F(config, not_twice)
{
	struct rproc_lite_info info;

	ASSERT_DONE(WITH(self->fd, "stop-timeout-ms=123"));
	EXPECT_REFUSED(EBADFD, WITH(self->fd, "stop-timeout-ms=456"));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(123, info.stop_timeout_ms);
}

/* Firmware that stays: whoever has a reset line uses it when time is up. */
static void stop_takes_its_limit(struct __test_metadata *_metadata, int fd, uint32_t timeout_ms)
{
	if (remote_kind(fd)->has_reset) {
		EXPECT_DONE(remote_stop(fd, timeout_ms));
	} else {
		EXPECT_REFUSED(ETIMEDOUT, remote_stop(fd, timeout_ms));
	}
}

TEST_F(config, stop_timeout_is_honoured)
{
	uint64_t begin;

	ASSERT_DONE(WITH(self->fd, "stop-timeout-ms=700"));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "stubborn")));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	begin = now_ms();
	stop_takes_its_limit(_metadata, self->fd, 0);
	EXPECT_LE(700, now_ms() - begin);
	EXPECT_GT(700 + REMOTE_PROMPT, now_ms() - begin);
	if (!remote_kind(self->fd)->has_reset) {
		EXPECT_WORDS("700 ms", remote_said.text);
	}
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
}

/* What STOP says itself comes first. */
TEST_F(config, stop_timeout_gives_way)
{
	uint64_t begin;

	ASSERT_DONE(WITH(self->fd, "stop-timeout-ms=60000"));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "stubborn")));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	begin = now_ms();
	stop_takes_its_limit(_metadata, self->fd, 200);
	EXPECT_GT(200 + REMOTE_PROMPT, now_ms() - begin);
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
}

/* CONFIG with one address. */
static int config_address(int fd, const char *key, uint64_t da)
{
	char text[64];
	int n = snprintf(text, sizeof(text), "%s=0x%llx", key, (unsigned long long)da);

	return remote_config_with(fd, text, (uint32_t)n + 1);
}

TEST_F(config, boot_address_outside)
{
	const uint64_t out[] = { 0, 4096, self->code.da - 4, 1ULL << 32, UINT64_MAX - 3,
				 UINT64_MAX };
	unsigned int i;

	/* Where there are vectors at 0, that is inside. */
	for (i = self->fixed_start; i < sizeof(out) / sizeof(out[0]); i++) {
		ASSERT_DONE(config_address(self->fd, "boot-address", out[i]));
		EXPECT_REFUSED(ENOEXEC, remote_load(self->fd, remote_firmware(self->fd, "echo")));
		EXPECT_WORDS("boot-address", remote_said.text);
		EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd);
		ASSERT_DONE(remote_shutdown(self->fd, 0));
	}
	if (self->fixed_start)
		return;
	ASSERT_DONE(config_address(self->fd, "boot-address", self->code.da + 2));
	EXPECT_REFUSED(ENOEXEC, remote_load(self->fd, remote_firmware(self->fd, "echo")));
	EXPECT_WORDS("aligned", remote_said.text);
}

/* It begins with code of ours, which leaves a mark and goes on to the image's entry. */
TEST_F(config, boot_address_inside)
{
	uint64_t off = 0x100000, da = self->code.da + off;
	uint32_t code[8] = {
		0x10000080,	/* adr x0, code[4] */
		0x52824681,	/* mov w1, #0x1234 */
		0xb9000001,	/* str w1, [x0] */
		0x14000000,	/* b */
	};
	struct rproc_lite_info info;
	uint32_t mark;

	if (self->fixed_start)
		SKIP(return, "the core begins where its hardware says");
	ASSERT_DONE(config_address(self->fd, "boot-address", da));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(da, info.entry);
	code[3] |= (uint32_t)((self->code.da - (da + 12)) / 4) & 0x3ffffff;
	ASSERT_EQ((ssize_t)sizeof(code), pwrite(self->fd, code, sizeof(code), (off_t)off));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	ASSERT_EQ(4, pread(self->fd, &mark, 4, (off_t)off + 16));
	EXPECT_EQ(0x1234, mark);
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
}

/*
 * Raw images
 */

static int flat(const struct segments *s, uint8_t *bytes, size_t *size)
{
	*size = segments_flatten(s, bytes);
	return memfd_of(bytes, *size);
}

TEST_F(config, raw)
{
	struct rproc_lite_placement p;
	struct rproc_lite_info info;
	uint8_t *in;
	size_t size;
	int file, i;

	if (self->fixed_start)
		SKIP(return, "what begins at 0, and goes on elsewhere, is no raw image");
	file = flat(&self->echo, self->bytes, &size);
	ASSERT_LE(0, file);
	in = malloc(size);
	ASSERT_NE(NULL, in);
	ASSERT_DONE(config_address(self->fd, "load-address", self->code.da));
	ASSERT_DONE(remote_load_fd(self->fd, file));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(0, info.elf_class);
	EXPECT_EQ(0, info.elf_machine);
	EXPECT_EQ(self->code.da, info.entry);
	EXPECT_EQ(size, info.image_size);
	EXPECT_EQ(0, info.num_entries);
	EXPECT_EQ(0, info.flags & RPROC_LITE_INFO_TABLE);
	EXPECT_TRUE(info.flags & RPROC_LITE_INFO_RESTARTABLE);
	EXPECT_EQ(1, info.num_placements);
	ASSERT_EQ(0, remote_placed(self->fd, RPROC_LITE_PLACED_SEGMENT, NULL, &p));
	EXPECT_EQ(self->code.da, p.da);
	EXPECT_EQ(size, p.size);
	ASSERT_EQ((ssize_t)size, pread(self->fd, in, size, 0));
	EXPECT_EQ(0, memcmp(in, self->bytes, size));
	free(in);

	/* Without a table it would write its trace to nowhere, and hang. */
	ASSERT_DONE(remote_set_rsc(self->fd, self->bytes + 0x2000, 200, self->code.da + 0x2000));
	for (i = 0; i < 3; i++) {
		ASSERT_DONE(remote_start(self->fd));
		ASSERT_EQ(0, remote_wait_ready(self->fd));
		EXPECT_STRNE("", remote_trace_with(self->fd, "echo: hello"));
		ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	}
	close(file);
}

/* By name: its size is found out. */
TEST_F(config, raw_by_name)
{
	static const size_t sizes[] = { 1, 3, 4, 5, 4096, 65535, 65536, 65537, 131072, 200001 };
	struct rproc_lite_info info;
	unsigned int i;
	size_t k;
	int file;

	for (k = 0; k < SEGMENTS_ROOM; k++)
		self->bytes[k] = (uint8_t)(k % 251);
	ASSERT_DONE(config_address(self->fd, "load-address", self->code.da + 8));
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		file = open("/lib/firmware/rproc-lite/raw.bin", O_RDWR | O_CREAT | O_TRUNC, 0600);
		ASSERT_LE(0, file);
		ASSERT_EQ((ssize_t)sizes[i], write(file, self->bytes, sizes[i]));
		/* The kernel reads none that somebody can write. */
		close(file);
		ASSERT_DONE(remote_load(self->fd, "rproc-lite/raw.bin"));
		ASSERT_EQ(0, remote_info(self->fd, &info));
		EXPECT_EQ(sizes[i], info.image_size);
		EXPECT_EQ(self->code.da + 8, info.entry);
		ASSERT_DONE(remote_stop(self->fd, 0));
		file = open("/lib/firmware/rproc-lite/raw.bin", O_RDONLY);
		ASSERT_DONE(remote_load_fd(self->fd, file));
		ASSERT_EQ(0, remote_info(self->fd, &info));
		EXPECT_EQ(sizes[i], info.image_size);
		close(file);
		ASSERT_DONE(remote_stop(self->fd, 0));
	}
	unlink("/lib/firmware/rproc-lite/raw.bin");
}

TEST_F(config, raw_refused)
{
	int file = memfd_of(self->bytes, 0x4000), empty = memfd_of("", 0);

	ASSERT_LE(0, file);
	/* Nobody said where it goes: then it must be ELF. */
	ASSERT_DONE(remote_config(self->fd));
	EXPECT_REFUSED(ENOEXEC, remote_load_fd(self->fd, file));
	ASSERT_DONE(remote_shutdown(self->fd, 0));

	ASSERT_DONE(config_address(self->fd, "load-address", self->code.da));
	EXPECT_REFUSED(ENOEXEC, remote_load_fd(self->fd, empty));
	EXPECT_WORDS("empty", remote_said.text);
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	/* Outside, over an end, round the end of all. */
	ASSERT_DONE(config_address(self->fd, "load-address", 0x1000));
	EXPECT_REFUSED(ENOEXEC, remote_load_fd(self->fd, file));
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	ASSERT_DONE(config_address(self->fd, "load-address", self->code.da - 4));
	EXPECT_REFUSED(ENOEXEC, remote_load_fd(self->fd, file));
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	ASSERT_DONE(config_address(self->fd, "load-address", UINT64_MAX - 4095));
	EXPECT_REFUSED(ENOEXEC, remote_load_fd(self->fd, file));
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	ASSERT_DONE(config_address(self->fd, "load-address", UINT64_MAX));
	EXPECT_REFUSED(ENOEXEC, remote_load_fd(self->fd, file));
	EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd);
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	/* The core is to begin there, if it can. */
	if (!self->fixed_start) {
		ASSERT_DONE(config_address(self->fd, "load-address", self->code.da + 2));
		EXPECT_REFUSED(ENOEXEC, remote_load_fd(self->fd, file));
		EXPECT_WORDS("aligned", remote_said.text);
	}
	close(file);
	close(empty);
}

/* An ELF file is one, whatever else was said. */
TEST_F(config, load_address_is_not_for_elf)
{
	struct rproc_lite_info info;

	ASSERT_DONE(config_address(self->fd, "load-address", self->code.da + 0x10000));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(remote_kind(self->fd)->elf_class, info.elf_class);
	EXPECT_EQ(self->echo.entry, info.entry);
	starts_and_stops(_metadata, self->fd);
}

TEST_F(config, raw_by_pipe)
{
	struct rproc_lite_info info;
	struct segments s;
	size_t size;
	int pipe, i;

	if (self->fixed_start)
		SKIP(return, "what begins at 0, and goes on elsewhere, is no raw image");
	/* It starts without a table; echo would write its trace to nowhere. */
	ASSERT_EQ(0, segments_read(&s, self->fd, "notable"));
	size = segments_flatten(&s, self->bytes);
	segments_free(&s);
	ASSERT_DONE(config_address(self->fd, "load-address", self->code.da));
	pipe = pipe_of(self->bytes, size);
	ASSERT_LE(0, pipe);
	EXPECT_REFUSED(ESPIPE, remote_load_fd(self->fd, pipe));
	EXPECT_WORDS("keep", remote_said.text);
	close(pipe);
	EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd);

	pipe = pipe_of(self->bytes, size);
	ASSERT_LE(0, pipe);
	ASSERT_DONE(remote_load_flags(self->fd, pipe, RPROC_LITE_LOAD_KEEP));
	close(pipe);
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(size, info.image_size);
	EXPECT_TRUE(info.flags & RPROC_LITE_INFO_KEPT);
	EXPECT_LE(size, info.kept);
	for (i = 0; i < 3; i++)
		starts_and_stops(_metadata, self->fd);
}

/* Write to a file until killed. */
static int job_scribble(int file, int unused)
{
	(void)unused;
	while (pwrite(file, "", 1, 0) == 1)
		;
	return -errno;
}

/* What is half the old and half the new file is neither. */
TEST_F(config, changed_while_read)
{
	struct job job;
	int file, ret = 0, tries;

	ASSERT_DONE(config_address(self->fd, "load-address", self->code.da));
	file = memfd_create("image", 0);
	ASSERT_LE(0, file);
	ASSERT_EQ(0, ftruncate(file, (off_t)self->code.size));
	ASSERT_EQ(0, job_begin(&job, job_scribble, file, 0));
	/* Each try is likely to see the file's time move, and none is sure to. */
	for (tries = 0; tries < 200 && !ret; tries++) {
		ret = remote_load_fd(self->fd, file);
		if (ret)
			break;
		ASSERT_DONE(remote_stop(self->fd, 0));
	}
	EXPECT_EQ(-ESTALE, ret);
	EXPECT_EQ(-ESTALE, remote_said.error);
	EXPECT_WORDS("changed", remote_said.text);
	kill(job.pid, SIGKILL);
	ASSERT_EQ(0, job_end(&job, REMOTE_PATIENCE));
	EXPECT_STATE(tries ? RPROC_LITE_STOPPED : RPROC_LITE_CONFIGURED, self->fd);

	/* At rest it is as good as any. */
	ASSERT_DONE(remote_load_fd(self->fd, file));
	close(file);
}

/*
 * Kept streams
 */

TEST_F(config, kept_stream)
{
	struct rproc_lite_info info;
	uint64_t digest;
	int pipe, i;

	ASSERT_DONE(remote_config(self->fd));
	pipe = pipe_of(self->echo.file, self->echo.size);
	ASSERT_LE(0, pipe);
	ASSERT_DONE(remote_load_flags(self->fd, pipe, RPROC_LITE_LOAD_KEEP));
	close(pipe);
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_TRUE(info.flags & RPROC_LITE_INFO_KEPT);
	EXPECT_TRUE(info.flags & RPROC_LITE_INFO_RESTARTABLE);
	EXPECT_LE(self->echo.size, info.kept);
	EXPECT_STREQ("by fd", info.image);
	digest = info.digest;
	for (i = 0; i < 3; i++) {
		starts_and_stops(_metadata, self->fd);
		EXPECT_EQ(1, remote_trace_count(self->fd, "hello"));
		ASSERT_EQ(0, remote_info(self->fd, &info));
		EXPECT_EQ(digest, info.digest);
		EXPECT_TRUE(info.flags & RPROC_LITE_INFO_KEPT);
	}
	/* The next load keeps nothing; nor does one that could be read again anyway. */
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_FALSE(info.flags & RPROC_LITE_INFO_KEPT);
	EXPECT_EQ(0, info.kept);
	ASSERT_DONE(remote_stop(self->fd, 0));
	i = remote_open_firmware(self->fd, "echo");
	ASSERT_DONE(remote_load_flags(self->fd, i, RPROC_LITE_LOAD_KEEP));
	close(i);
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_FALSE(info.flags & RPROC_LITE_INFO_KEPT);
	EXPECT_TRUE(info.flags & RPROC_LITE_INFO_RESTARTABLE);
}

/* More than there is room for at first. */
TEST_F(config, kept_stream_is_large)
{
	size_t size = 3000000;
	struct rproc_lite_info info;
	char *bytes = calloc(1, size);
	int pipe;

	ASSERT_NE(NULL, bytes);
	memcpy(bytes, self->echo.file, self->echo.size);
	ASSERT_DONE(remote_config(self->fd));
	pipe = pipe_of(bytes, size);
	ASSERT_LE(0, pipe);
	ASSERT_DONE(remote_load_flags(self->fd, pipe, RPROC_LITE_LOAD_KEEP));
	close(pipe);
	free(bytes);
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_LE(size, info.kept);
	starts_and_stops(_metadata, self->fd);
	starts_and_stops(_metadata, self->fd);
	EXPECT_EQ(1, remote_trace_count(self->fd, "hello"));
}

/* One byte more than 64 MiB and the remote's memory is too much, and no less is. */
TEST_F(config, kept_stream_is_too_large)
{
	struct rproc_lite_region region;
	size_t limit = 64 << 20;
	char *bytes;
	uint32_t i;
	int pipe;

	for (i = 0; !remote_region(self->fd, i, &region); i++)
		limit += region.size;
	bytes = calloc(1, limit + 1);
	ASSERT_NE(NULL, bytes);
	memcpy(bytes, self->echo.file, self->echo.size);
	ASSERT_DONE(remote_config(self->fd));
	pipe = pipe_of(bytes, limit + 1);
	ASSERT_LE(0, pipe);
	EXPECT_REFUSED(EFBIG, remote_load_flags(self->fd, pipe, RPROC_LITE_LOAD_KEEP));
	EXPECT_EQ(RPROC_LITE_AT_FILE, remote_said.where);
	EXPECT_WORDS("bytes that are kept", remote_said.text);
	close(pipe);
	EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd);
	pipe = pipe_of(bytes, limit);
	free(bytes);
	ASSERT_LE(0, pipe);
	EXPECT_DONE(remote_load_flags(self->fd, pipe, RPROC_LITE_LOAD_KEEP));
	close(pipe);
}

/* Headers are small, and lie anywhere: they can't be read past the cache. */
TEST_F(config, direct_file)
{
	int file = open("/tmp/direct.elf", O_RDWR | O_CREAT | O_TRUNC, 0600);

	ASSERT_LE(0, file);
	ASSERT_EQ((ssize_t)self->echo.size, write(file, self->echo.file, self->echo.size));
	unlink("/tmp/direct.elf");
	if (fcntl(file, F_SETFL, O_DIRECT))
		SKIP(return, "files in memory have no O_DIRECT here");
	ASSERT_DONE(remote_config(self->fd));
	EXPECT_REFUSED(EINVAL, remote_load_fd(self->fd, file));
	EXPECT_WORDS("O_DIRECT", remote_said.text);
	EXPECT_EQ(RPROC_LITE_AT_FILE, remote_said.where);
	ASSERT_EQ(0, fcntl(file, F_SETFL, 0));
	EXPECT_DONE(remote_load_fd(self->fd, file));
	close(file);
}

#define OWN_FOLDER	"/tmp/own-firmware"

/*
 * The folder that the kernel is told of comes first: of two files with one name, one beginning
 * and other ends, that in it is taken.
 */
TEST_F(config, own_folder)
{
	static const char parameter[] = "/sys/module/firmware_class/parameters/path";
	const struct segment *last = &self->echo.segment[self->echo.num - 1];
	const char *name = remote_firmware(self->fd, "echo");
	struct rproc_lite_info usual, own;
	char path[128];
	int file, ret;

	if (access(parameter, W_OK))
		SKIP(return, "this kernel has no such parameter");
	ASSERT_LT(1024, last->offset + last->filesz);
	self->echo.file[last->offset + last->filesz - 1] ^= 1;
	mkdir(OWN_FOLDER, 0755);
	mkdir(OWN_FOLDER "/rproc-lite", 0755);
	snprintf(path, sizeof(path), OWN_FOLDER "/%s", name);
	file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	ASSERT_LE(0, file);
	ASSERT_EQ((ssize_t)self->echo.size, write(file, self->echo.file, self->echo.size));
	close(file);
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load(self->fd, name));
	ASSERT_EQ(0, remote_info(self->fd, &usual));
	ASSERT_DONE(remote_stop(self->fd, 0));
	ASSERT_EQ(0, write_text(parameter, OWN_FOLDER));
	ret = remote_load(self->fd, name);
	/* A NUL: what is of no length at all is not written. */
	file = open(parameter, O_WRONLY);
	EXPECT_EQ(1, write(file, "", 1));
	close(file);
	unlink(path);
	ASSERT_EQ(0, ret) TH_LOG("told: %s", remote_said.text);
	ASSERT_EQ(0, remote_info(self->fd, &own));
	EXPECT_NE(usual.digest, own.digest);
	EXPECT_EQ(xxh64(self->bytes, segments_join(&self->echo, self->bytes)), own.digest);
}

/* Cut short, or no image at all: refused, as ever, and what was loaded stays. */
TEST_F(config, kept_stream_is_bad)
{
	struct rproc_lite_info before, after;
	int pipe;

	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	ASSERT_DONE(remote_stop(self->fd, 0));
	ASSERT_EQ(0, remote_info(self->fd, &before));
	pipe = pipe_of(self->echo.file, 5000);
	EXPECT_REFUSED(ENOEXEC, remote_load_flags(self->fd, pipe, RPROC_LITE_LOAD_KEEP));
	close(pipe);
	pipe = pipe_of("", 0);
	EXPECT_REFUSED(ENOEXEC, remote_load_flags(self->fd, pipe, RPROC_LITE_LOAD_KEEP));
	close(pipe);
	ASSERT_EQ(0, remote_info(self->fd, &after));
	EXPECT_EQ(before.loaded, after.loaded);
	EXPECT_EQ(0, after.flags & RPROC_LITE_INFO_KEPT);
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	starts_and_stops(_metadata, self->fd);
}

static int job_keep(int fd, int image)
{
	return remote_load_flags(fd, image, RPROC_LITE_LOAD_KEEP);
}

/* It waits for the end of the stream, and can be interrupted there. */
TEST_F(config, keeping_is_interrupted)
{
	struct job job;
	int ends[2];

	ASSERT_DONE(remote_config(self->fd));
	ASSERT_EQ(0, pipe2(ends, O_CLOEXEC));
	ASSERT_EQ((ssize_t)self->echo.size, write(ends[1], self->echo.file, self->echo.size));
	ASSERT_EQ(0, job_begin(&job, job_keep, self->fd, ends[0]));
	ASSERT_EQ(0, remote_wait_op(self->fd, RPROC_LITE_OP_LOAD));
	usleep(100000);
	EXPECT_FALSE(job_over(&job));
	ASSERT_EQ(0, kill(job.pid, SIGTERM));
	ASSERT_EQ(0, job_end(&job, REMOTE_PROMPT));
	EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd);
	close(ends[0]);
	close(ends[1]);
}

/*
 * Digests
 */

/* Ours is right: what XXH64 is known to give. */
TEST(xxh64_itself)
{
	EXPECT_EQ(0xef46db3751d8e999ULL, xxh64("", 0));
	EXPECT_EQ(0xd24ec4f1a98c6e5bULL, xxh64("a", 1));
	EXPECT_EQ(0x44bc2cf5ad770999ULL, xxh64("abc", 3));
}

TEST_F(config, digest)
{
	size_t len = segments_join(&self->echo, self->bytes);
	uint64_t expected = xxh64(self->bytes, len);
	struct rproc_lite_info info;
	int file;

	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(expected, info.digest);
	EXPECT_EQ(0, info.flags & RPROC_LITE_INFO_SHA256);
	ASSERT_DONE(remote_stop(self->fd, 0));

	file = remote_open_firmware(self->fd, "echo");
	ASSERT_DONE(remote_load_fd(self->fd, file));
	close(file);
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(expected, info.digest);
	ASSERT_DONE(remote_stop(self->fd, 0));

	file = pipe_of(self->echo.file, self->echo.size);
	ASSERT_DONE(remote_load_fd(self->fd, file));
	close(file);
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(expected, info.digest);
	ASSERT_DONE(remote_stop(self->fd, 0));

	file = pipe_of(self->echo.file, self->echo.size);
	ASSERT_DONE(remote_load_flags(self->fd, file, RPROC_LITE_LOAD_KEEP));
	close(file);
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(expected, info.digest);
	/* Another load, another digest. */
	ASSERT_DONE(remote_stop(self->fd, 0));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "vdevs")));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_NE(expected, info.digest);
}

static uint64_t digest_of(struct __test_metadata *_metadata, int fd, const void *bytes,
			  size_t size)
{
	struct rproc_lite_info info;
	int file = memfd_of(bytes, size);

	ASSERT_LE(0, file);
	ASSERT_DONE(remote_load_fd(fd, file));
	close(file);
	ASSERT_EQ(0, remote_info(fd, &info));
	ASSERT_DONE(remote_stop(fd, 0));
	return info.digest;
}

/* Each byte of a segment counts, and none of the rest. */
TEST_F(config, digest_is_of_segments)
{
	const struct segment *code = &self->echo.segment[0];
	const uint64_t at[] = { code->offset, code->offset + code->filesz / 2,
				code->offset + code->filesz - 1 };
	uint8_t *file = self->echo.file;
	uint64_t was;
	unsigned int i;

	ASSERT_DONE(remote_config(self->fd));
	was = digest_of(_metadata, self->fd, file, self->echo.size);
	for (i = 0; i < sizeof(at) / sizeof(at[0]); i++) {
		file[at[i]] ^= 1;
		EXPECT_NE(was, digest_of(_metadata, self->fd, file, self->echo.size));
		file[at[i]] ^= 1;
	}
	file[code->offset + code->filesz] ^= 1;
	file[code->offset - 1] ^= 1;
	EXPECT_EQ(was, digest_of(_metadata, self->fd, file, self->echo.size));
}

TEST_F(config, digest_of_raw)
{
	static const size_t sizes[] = { 1, 31, 32, 33, 4096, 65535, 65536, 65537, 200003 };
	unsigned int i;
	size_t k;

	for (k = 0; k < SEGMENTS_ROOM; k++)
		self->bytes[k] = (uint8_t)(k * 7 + (k >> 8));
	ASSERT_DONE(config_address(self->fd, "load-address", self->code.da));
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		EXPECT_EQ(xxh64(self->bytes, sizes[i]),
			  digest_of(_metadata, self->fd, self->bytes, sizes[i]))
			TH_LOG("%zu bytes", sizes[i]);
}

/* busybox's opinion, in hex. */
static int sha256sum(const void *bytes, size_t size, char hex[65])
{
	int file = open("/tmp/summed", O_RDWR | O_CREAT | O_TRUNC, 0600);
	FILE *sum;
	int ok;

	if (file < 0 || write(file, bytes, size) != (ssize_t)size)
		return -EIO;
	close(file);
	sum = popen("busybox sha256sum /tmp/summed", "r");
	ok = sum && fscanf(sum, "%64s", hex) == 1;
	return sum && !pclose(sum) && ok ? 0 : -ENOENT;
}

static void sha_is(struct __test_metadata *_metadata, int fd, const char *expected)
{
	struct rproc_lite_info info;
	char hex[65];
	int i;

	ASSERT_EQ(0, remote_info(fd, &info));
	EXPECT_TRUE(info.flags & RPROC_LITE_INFO_SHA256);
	for (i = 0; i < 32; i++)
		snprintf(hex + 2 * i, 3, "%02x", info.sha256[i]);
	EXPECT_STREQ(expected, hex);
}

TEST_F(config, sha256)
{
	static const uint8_t none[32];
	size_t len = segments_join(&self->echo, self->bytes);
	struct rproc_lite_info info;
	char expected[65];
	int file, i;

	ASSERT_EQ(0, sha256sum(self->bytes, len, expected));
	ASSERT_DONE(remote_config(self->fd));
	file = remote_open_firmware(self->fd, "echo");
	ASSERT_DONE(remote_load_flags(self->fd, file, RPROC_LITE_LOAD_SHA256));
	sha_is(_metadata, self->fd, expected);
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(xxh64(self->bytes, len), info.digest);
	/* It is computed again with each start. */
	for (i = 0; i < 2; i++) {
		starts_and_stops(_metadata, self->fd);
		sha_is(_metadata, self->fd, expected);
	}
	/* And only if wanted. */
	ASSERT_DONE(remote_load_fd(self->fd, file));
	close(file);
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(0, info.flags & RPROC_LITE_INFO_SHA256);
	EXPECT_EQ(0, memcmp(none, info.sha256, sizeof(none)));
	ASSERT_DONE(remote_stop(self->fd, 0));

	file = pipe_of(self->echo.file, self->echo.size);
	ASSERT_DONE(remote_load_flags(self->fd, file, RPROC_LITE_LOAD_SHA256));
	close(file);
	sha_is(_metadata, self->fd, expected);
	ASSERT_DONE(remote_stop(self->fd, 0));
	file = pipe_of(self->echo.file, self->echo.size);
	ASSERT_DONE(remote_load_flags(self->fd, file,
				      RPROC_LITE_LOAD_SHA256 | RPROC_LITE_LOAD_KEEP));
	close(file);
	sha_is(_metadata, self->fd, expected);
	starts_and_stops(_metadata, self->fd);
	starts_and_stops(_metadata, self->fd);
	sha_is(_metadata, self->fd, expected);
}

REMOTE_TEST_MAIN
