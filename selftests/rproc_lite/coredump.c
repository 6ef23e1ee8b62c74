// SPDX-License-Identifier: GPL-2.0-only
/*
 * Core dumps of crashed remotes: what is in them, how long they can be read, and that
 * nothing of them is in the way of anybody who wants the remote.
 *
 * checkpatch: SPACING, BRACES: FIXTURE_DATA(x) is a type, the harness's macros are two
 * statements each.
 * checkpatch: NAKED_SSCANF: what it fails to find is what was there before.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include <linux/rproc_lite_rsc.h>

#include "kselftest_harness.h"
#include "dump.h"
#include "family.h"
#include "guest.h"
#include "remote.h"

#define NEVER	"coredump-timeout-ms=3600000"

FIXTURE(coredump)
{
	int fd;
	int dump;
	struct dump core;
};

FIXTURE_SETUP(coredump)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->dump = -1;
	ASSERT_DONE(remote_offline(self->fd));
	dump_drop(REMOTE);
	ASSERT_DONE(remote_set_policy(self->fd, USUAL_POLICY, NULL));
}

FIXTURE_TEARDOWN(coredump)
{
	if (self->dump >= 0) {
		EXPECT_EQ(0, dump_free(REMOTE, self->dump));
		close(self->dump);
	}
	dump_end(&self->core);
	EXPECT_DONE(remote_offline(self->fd));
	EXPECT_FALSE(dump_pending(REMOTE));
	EXPECT_DONE(remote_set_policy(self->fd, USUAL_POLICY, NULL));
	close(self->fd);
}

/* Until all is done that follows from a crash, where nothing waits for user space. */
static void settles(struct __test_metadata *_metadata, FIXTURE_DATA(coredump) *self,
		    const char *policy)
{
	/* However long we take to read. */
	ASSERT_EQ(0, remote_set_policy(self->fd, policy, NEVER, NULL));
	ASSERT_DONE(remote_run(self->fd, "crash"));
	ASSERT_EQ(0, remote_wait_state(self->fd, RPROC_LITE_CRASHED));
}

static void opens(struct __test_metadata *_metadata, FIXTURE_DATA(coredump) *self)
{
	self->dump = dump_open(REMOTE);
	ASSERT_LE(0, self->dump);
}

static void is_read(struct __test_metadata *_metadata, FIXTURE_DATA(coredump) *self)
{
	opens(_metadata, self);
	ASSERT_EQ(0, dump_read(self->dump, &self->core));
}

static void is_freed(struct __test_metadata *_metadata, FIXTURE_DATA(coredump) *self)
{
	ASSERT_EQ(0, dump_free(REMOTE, self->dump));
	close(self->dump);
	self->dump = -1;
	dump_end(&self->core);
}

static void runs_again(struct __test_metadata *_metadata, FIXTURE_DATA(coredump) *self)
{
	ASSERT_EQ(0, remote_wait_recovery(self->fd, RPROC_LITE_RECOVERY_DONE));
	ASSERT_EQ(0, remote_wait_op(self->fd, RPROC_LITE_OP_NONE));
	EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
	EXPECT_EQ(0, remote_wait_ready(self->fd));
}

/* It reads as ended, wherever that was. */
static void has_ended(struct __test_metadata *_metadata, int fd)
{
	char byte;

	EXPECT_EQ(-EIO, dump_pread(fd, &byte, 1, 0));
	EXPECT_EQ(-EIO, dump_pread(fd, &byte, 1, 0x2000));
	EXPECT_EQ(0, dump_pread(fd, &byte, 1, 1LL << 40));
}

/* Is an older dump that has ended none in the way? The kernel must be able to drop it. */
static bool kernel_drops_dumps(void)
{
	unsigned int major = 0, minor = 0;
	struct utsname u;

	uname(&u);
	sscanf(u.release, "%u.%u", &major, &minor);
	return major > 6 || (major == 6 && minor >= 9);
}

TEST_F(coredump, off)
{
	settles(_metadata, self, "coredump=off");
	ASSERT_EQ(0, remote_wait_op(self->fd, RPROC_LITE_OP_NONE));
	EXPECT_FALSE(dump_pending(REMOTE));
}

/* The one that takes the place of another that has ended, and is there still for a moment. */
static void is_read_after(struct __test_metadata *_metadata, FIXTURE_DATA(coredump) *self)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	bool gone;
	int ret;

	do {
		opens(_metadata, self);
		ret = dump_read(self->dump, &self->core);
		/* It has ended, or is gone. */
		gone = ret == -EIO || ret == -ENODEV;
		if (gone) {
			dump_end(&self->core);
			close(self->dump);
			self->dump = -1;
		}
	} while (gone && now_ms() < end);
	ASSERT_EQ(0, ret);
}

/* The fault left the firmware idle: its memory stays as it is. */
static void is_memory(struct __test_metadata *_metadata, FIXTURE_DATA(coredump) *self)
{
	static uint8_t memory[65536];
	const struct dump_load *l;
	uint64_t at, n;
	off_t offset;

	for (l = self->core.load; l < self->core.load + self->core.num; l++) {
		offset = remote_offset(self->fd, l->da, l->size);
		ASSERT_LE(0, offset);
		for (at = 0; at < l->size; at += n) {
			n = l->size - at < sizeof(memory) ? l->size - at : sizeof(memory);
			ASSERT_EQ((ssize_t)n, pread(self->fd, memory, n, offset + (off_t)at));
			ASSERT_EQ(0, memcmp(memory, l->data + at, n))
				TH_LOG("at da 0x%jx", (uintmax_t)(l->da + at));
		}
	}
}

static void has_all_placed(struct __test_metadata *_metadata, FIXTURE_DATA(coredump) *self)
{
	struct rproc_lite_placement p;
	uint32_t i, num = 0;

	for (i = 0; !remote_placement(self->fd, i, &p); i++, num++) {
		EXPECT_NE(NULL, dump_at(&self->core, p.da, p.size)) TH_LOG("no %s", p.name);
	}
	EXPECT_LT(4, num);
}

static void note_is_true(struct __test_metadata *_metadata, FIXTURE_DATA(coredump) *self)
{
	const struct rproc_lite_core_note *note = self->core.note;
	struct rproc_lite_info info;

	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(sizeof(*note), note->size);
	EXPECT_EQ(RPROC_LITE_CORE_REGISTERS, note->flags);
	EXPECT_EQ(RPROC_LITE_CRASH_FIRMWARE, note->cause);
	EXPECT_EQ(info.crash_count, note->crash_count);
	EXPECT_EQ(info.crash_since, note->since);
	EXPECT_EQ(info.loaded, note->loaded);
	EXPECT_LT(note->loaded, note->crashed);
	EXPECT_EQ(info.digest, note->digest);
	EXPECT_EQ(info.entry, note->entry);
	EXPECT_STREQ(info.name, note->name);
	EXPECT_STREQ(info.backend, note->backend);
	EXPECT_STREQ(info.detail, note->detail);
	EXPECT_STREQ(info.image, note->image);
	EXPECT_STREQ(info.last.text, note->text);
}

TEST_F(coredump, content)
{
	const struct remote_kind *kind = remote_kind(self->fd);
	struct rproc_lite_placement p;
	uint64_t pc;

	settles(_metadata, self, "coredump=copy");
	is_read(_metadata, self);
	ASSERT_EQ(0, remote_wait_op(self->fd, RPROC_LITE_OP_NONE));
	EXPECT_EQ(kind->elf_class, self->core.class);
	EXPECT_EQ(kind->elf_machine, self->core.machine);
	has_all_placed(_metadata, self);
	is_memory(_metadata, self);
	note_is_true(_metadata, self);

	/* An instruction that is none, in the code. */
	ASSERT_TRUE(self->core.has_registers);
	EXPECT_EQ(4, self->core.signal);
	pc = self->core.reg[kind->elf_class == 2 ? 32 : 15];
	ASSERT_EQ(0, remote_placed(self->fd, RPROC_LITE_PLACED_SEGMENT, NULL, &p));
	EXPECT_NE(NULL, dump_at(&self->core, pc, 4));
}

/* A copy needs nothing of the remote, which goes on at once; the first is kept. */
TEST_F(coredump, copy)
{
	struct rproc_lite_info info;

	ASSERT_EQ(0, remote_set_policy(self->fd, "coredump=copy", "recovery=restart", NEVER,
				       NULL));
	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_DONE(remote_crash(self->fd));
	runs_again(_metadata, self);
	EXPECT_TRUE(dump_pending(REMOTE));

	ASSERT_DONE(remote_crash(self->fd));
	runs_again(_metadata, self);
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_WORDS("asked for a crash; no core dump: an older one is pending", info.last.text);
	EXPECT_EQ(2, info.recovery_attempts);

	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	is_read(_metadata, self);
	EXPECT_EQ(info.crash_count - 1, self->core.note->crash_count);
	EXPECT_FALSE(self->core.has_registers);
	is_freed(_metadata, self);

	ASSERT_DONE(remote_start(self->fd));
	ASSERT_DONE(remote_crash(self->fd));
	runs_again(_metadata, self);
	is_read(_metadata, self);
	EXPECT_EQ(info.crash_count + 1, self->core.note->crash_count);
}

TEST_F(coredump, inline_waits_for_the_reader)
{
	ASSERT_EQ(0, remote_set_policy(self->fd, "coredump=inline", "recovery=restart", NEVER,
				       NULL));
	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_DONE(remote_crash(self->fd));
	opens(_metadata, self);
	EXPECT_STATE(RPROC_LITE_CRASHED, self->fd);
	EXPECT_EQ(RPROC_LITE_OP_DUMP, remote_op(self->fd));
	EXPECT_REFUSED(EBUSY, remote_load(self->fd, remote_firmware(self->fd, "echo")));
	EXPECT_WORDS("dump is in progress", remote_said.text);

	/* Who reads to the end is not told that it ended. */
	ASSERT_EQ(0, dump_read(self->dump, &self->core));
	has_all_placed(_metadata, self);
	runs_again(_metadata, self);
	has_ended(_metadata, self->dump);
}

TEST_F(coredump, inline_is_memory)
{
	settles(_metadata, self, "coredump=inline");
	is_read(_metadata, self);
	ASSERT_EQ(0, remote_wait_op(self->fd, RPROC_LITE_OP_NONE));
	is_memory(_metadata, self);
	note_is_true(_metadata, self);
	EXPECT_STATE(RPROC_LITE_CRASHED, self->fd);
}

TEST_F(coredump, inline_limit)
{
	struct rproc_lite_info info;
	int old;

	ASSERT_EQ(0, remote_set_policy(self->fd, "coredump=inline", "recovery=restart",
				       "coredump-timeout-ms=3000", NULL));
	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_DONE(remote_crash(self->fd));
	/* On a busy machine, to find it takes a while. */
	opens(_metadata, self);
	runs_again(_metadata, self);
	has_ended(_metadata, self->dump);

	/* What nobody can read is in nobody's way, if the kernel can help it. */
	old = self->dump;
	self->dump = -1;
	ASSERT_EQ(0, remote_set_policy(self->fd, NEVER, NULL));
	ASSERT_DONE(remote_crash(self->fd));
	if (kernel_drops_dumps()) {
		is_read_after(_metadata, self);
		close(old);
	} else {
		self->dump = old;
	}
	runs_again(_metadata, self);
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(kernel_drops_dumps(), !strstr(info.last.text, "no core dump"));
}

/* The system's sleep is no time that the reader had. */
TEST_F(coredump, inline_over_sleep)
{
	int limit = 4 * remote_slowness(), ret;
	char timeout[40], longer[8];

	snprintf(timeout, sizeof(timeout), "coredump-timeout-ms=%u", limit * 1000);
	snprintf(longer, sizeof(longer), "%u", limit + 1);
	ASSERT_DONE(remote_set_policy(self->fd, "coredump=inline", "recovery=restart", timeout,
				      NULL));
	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_DONE(remote_crash(self->fd));
	opens(_metadata, self);
	ret = sleep_as_far_as("freezer", longer);
	if (ret == -ENOTSUP)
		SKIP(return, "no pm_test");
	EXPECT_EQ(0, ret);
	EXPECT_EQ(0, dump_read(self->dump, &self->core));
	has_all_placed(_metadata, self);
	runs_again(_metadata, self);
}

TEST_F(coredump, inline_freed)
{
	ASSERT_EQ(0, remote_set_policy(self->fd, "coredump=inline", "recovery=restart", NEVER,
				       NULL));
	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_DONE(remote_crash(self->fd));
	opens(_metadata, self);
	EXPECT_EQ(RPROC_LITE_OP_DUMP, remote_op(self->fd));
	is_freed(_metadata, self);
	runs_again(_metadata, self);
}

/* A stop is not kept waiting for a reader, and is not lost to the recovery. */
static void gives_way(struct __test_metadata *_metadata, FIXTURE_DATA(coredump) *self,
		      job_fn *fn, int state)
{
	struct rproc_lite_info info;
	struct job job;

	ASSERT_EQ(0, remote_set_policy(self->fd, "coredump=inline", "recovery=restart", NEVER,
				       NULL));
	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_DONE(remote_crash(self->fd));
	opens(_metadata, self);
	ASSERT_EQ(0, job_begin(&job, fn, self->fd, REMOTE_PATIENCE));
	ASSERT_EQ(0, job_end(&job, REMOTE_PATIENCE));
	EXPECT_DONE(job.result->ret);
	EXPECT_GT(REMOTE_PROMPT, job.result->ms);
	EXPECT_STATE(state, self->fd);
	has_ended(_metadata, self->dump);
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(RPROC_LITE_RECOVERY_NONE, info.recovery);
}

TEST_F(coredump, stop_meanwhile)
{
	gives_way(_metadata, self, job_stop, RPROC_LITE_STOPPED);
}

TEST_F(coredump, shutdown_meanwhile)
{
	gives_way(_metadata, self, job_shutdown, RPROC_LITE_OFFLINE);
}

static int job_crash(int fd, int unused)
{
	(void)unused;
	return remote_crash(fd);
}

/* Who stops it on hearing of the crash may come before the dump, and is not kept waiting. */
TEST_F_TIMEOUT(coredump, stop_at_once, 600)
{
	unsigned int i, n = count_from_env(20);
	struct family heard;
	struct message m;
	struct job job;
	uint64_t begin;
	char limit[40];

	snprintf(limit, sizeof(limit), "coredump-timeout-ms=%u", 2 * REMOTE_PROMPT);
	ASSERT_DONE(remote_set_policy(self->fd, "coredump=inline", "recovery=restart", limit,
				      NULL));
	ASSERT_EQ(0, family_open(&heard));
	ASSERT_EQ(0, family_join(&heard));
	ASSERT_DONE(remote_run(self->fd, "echo"));
	for (i = 0; i < n; i++) {
		ASSERT_EQ(0, job_begin(&job, job_crash, self->fd, 0));
		ASSERT_EQ(0, family_event(&heard, REMOTE, RPROC_LITE_CMD_CRASH_NTF, &m));
		begin = now_ms();
		ASSERT_DONE(remote_stop(self->fd, 0));
		ASSERT_GT(REMOTE_PROMPT, now_ms() - begin) TH_LOG("crash %u", i);
		EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
		ASSERT_EQ(0, job_end(&job, REMOTE_PATIENCE));
		dump_drop(REMOTE);
		ASSERT_DONE(remote_start(self->fd));
	}
	family_close(&heard);
}

FIXTURE(unbound)
{
	int fd;
	char device[64];
};

FIXTURE_VARIANT(unbound)
{
	const char *mode;
};

FIXTURE_VARIANT_ADD(unbound, copy)
{
	.mode = "coredump=copy",
};

FIXTURE_VARIANT_ADD(unbound, inline_)
{
	.mode = "coredump=inline",
};

FIXTURE_SETUP(unbound)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, remote_device(REMOTE, self->device, sizeof(self->device)));
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_EQ(0, remote_set_policy(self->fd, variant->mode, "recovery=restart", NEVER, NULL));
}

FIXTURE_TEARDOWN(unbound)
{
	close(self->fd);
}

/* It outlives the remote, whose end does not wait for it, and reads as ended. */
TEST_F(unbound, with_its_file_open)
{
	uint64_t begin;
	char byte;
	int fd;

	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_DONE(remote_crash(self->fd));
	fd = dump_open(REMOTE);
	ASSERT_LE(0, fd);
	EXPECT_EQ(1, dump_pread(fd, &byte, 1, 0x2000));
	begin = now_ms();
	ASSERT_EQ(0, driver_unbind(self->device));
	EXPECT_GT(REMOTE_PROMPT, now_ms() - begin);
	has_ended(_metadata, fd);
	ASSERT_EQ(0, driver_bind(self->device));
	has_ended(_metadata, fd);
	EXPECT_EQ(0, dump_free(REMOTE, fd));
	close(fd);
}

FIXTURE(registers)
{
	int fd;
	int dump;
	struct dump core;
	off_t at;
	uint16_t machine;
	uint32_t num;
};

/* Firmware that has a place for its registers, and none in it yet. */
FIXTURE_SETUP(registers)
{
	struct rproc_lite_placement p;

	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_EQ(0, remote_set_policy(self->fd, "coredump=copy", "recovery=none", NULL));
	ASSERT_DONE(remote_run(self->fd, "rpmsg"));
	ASSERT_EQ(0, remote_placed(self->fd, RPROC_LITE_PLACED_CARVEOUT,
				   RPROC_LITE_REGISTERS_NAME, &p));
	self->at = remote_offset(self->fd, p.da, p.size);
	self->machine = remote_kind(self->fd)->elf_machine;
	self->num = remote_kind(self->fd)->elf_class == 2 ? 34 : 17;
}

FIXTURE_TEARDOWN(registers)
{
	EXPECT_DONE(remote_offline(self->fd));
	EXPECT_EQ(0, remote_set_policy(self->fd, "coredump=off", NULL));
	dump_end(&self->core);
	close(self->fd);
}

static void dumps(struct __test_metadata *_metadata, FIXTURE_DATA(registers) *self,
		  const struct rproc_lite_registers *area)
{
	ASSERT_EQ((ssize_t)sizeof(*area), pwrite(self->fd, area, sizeof(*area), self->at));
	ASSERT_DONE(remote_crash(self->fd));
	self->dump = dump_open(REMOTE);
	ASSERT_LE(0, self->dump);
	ASSERT_EQ(0, dump_read(self->dump, &self->core));
	EXPECT_EQ(0, dump_free(REMOTE, self->dump));
	close(self->dump);
}

static struct rproc_lite_registers honest(FIXTURE_DATA(registers) *self)
{
	struct rproc_lite_registers area = {
		.magic = RPROC_LITE_REGISTERS_MAGIC,
		.machine = self->machine,
		.signal = 11,
		.num = self->num,
	};
	uint32_t i;

	for (i = 0; i < RPROC_LITE_REGISTERS_MAX; i++)
		area.reg[i] = 0x1000 + i;
	return area;
}

TEST_F(registers, as_they_were_left)
{
	struct rproc_lite_registers area = honest(self);
	uint32_t i;

	dumps(_metadata, self, &area);
	ASSERT_TRUE(self->core.has_registers);
	EXPECT_EQ(11, self->core.signal);
	for (i = 0; i < self->num; i++)
		EXPECT_EQ(0x1000 + i, self->core.reg[i]);
}

TEST_F(registers, none)
{
	struct rproc_lite_registers area = honest(self);

	area.magic++;
	dumps(_metadata, self, &area);
	EXPECT_FALSE(self->core.has_registers);
	EXPECT_EQ(0, self->core.note->flags);
}

TEST_F(registers, too_many)
{
	struct rproc_lite_registers area = honest(self);

	area.num = UINT32_MAX;
	dumps(_metadata, self, &area);
	EXPECT_FALSE(self->core.has_registers);
}

TEST_F(registers, of_another_machine)
{
	struct rproc_lite_registers area = honest(self);

	area.machine = 0xffff0000u | self->machine;
	dumps(_metadata, self, &area);
	EXPECT_FALSE(self->core.has_registers);
}

TEST_F(registers, of_all_ones)
{
	struct rproc_lite_registers area;

	memset(&area, 0xff, sizeof(area));
	dumps(_metadata, self, &area);
	EXPECT_FALSE(self->core.has_registers);
}

TEST_F(registers, no_such_signal)
{
	struct rproc_lite_registers area = honest(self);

	area.signal = 0xffff0009u;
	dumps(_metadata, self, &area);
	EXPECT_TRUE(self->core.has_registers);
	EXPECT_EQ(0, self->core.signal);
}

REMOTE_TEST_MAIN
