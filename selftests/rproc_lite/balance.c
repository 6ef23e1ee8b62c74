// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a core behind a reset line needs of others is given back whatever happens, and
 * named when it fails. In which order it is had, needs.c looks at.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/rproc_lite_rsc.h>

#include "kselftest_harness.h"
#include "guest.h"
#include "providers.h"
#include "remote.h"
#include "segments.h"

FIXTURE(balance)
{
	int fd;
	char device[64];
	struct balance offline;
};

FIXTURE_VARIANT(balance)
{
	unsigned int id;
	/* How many steps of each can fail. */
	unsigned int probe, config, start, stop;
};

/* Registers are as the stop of an earlier test left them: so they are not written again. */
FIXTURE_VARIANT_ADD(balance, all)
{
	.id = R_ALL, .probe = 7, .config = 8, .start = 5, .stop = 6,
};

FIXTURE_VARIANT_ADD(balance, little)
{
	.id = R_LITTLE, .probe = 4, .config = 2, .start = 2, .stop = 1,
};

FIXTURE_VARIANT_ADD(balance, least)
{
	.id = R_LEAST, .probe = 1, .config = 0, .start = 2, .stop = 1,
};

FIXTURE_VARIANT_ADD(balance, pair)
{
	.id = R_PAIR, .probe = 2, .config = 0, .start = 3, .stop = 1,
};

FIXTURE_SETUP(balance)
{
	self->fd = provided_open(variant->id);
	ASSERT_LE(0, self->fd);
	ASSERT_EQ(0, let_fail(0));
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_EQ(0, remote_device(variant->id, self->device, sizeof(self->device)));
	/* Once, so that it is held from now on. */
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_shutdown(self->fd, 1));
	ASSERT_EQ(0, balance(&self->offline));
	ASSERT_NE(NULL, strstr(self->offline.text, "clocks 00 domains 000"));
	ASSERT_NE(NULL, strstr(self->offline.text, "channels 0000000000000000"));
}

FIXTURE_TEARDOWN(balance)
{
	EXPECT_EQ(0, let_fail(0));
	if (remote_open(variant->id, O_RDONLY) < 0) {
		EXPECT_EQ(0, driver_bind(self->device));
	}
	close(self->fd);
	self->fd = provided_open(variant->id);
	/* Nobody is there to be waited for. */
	EXPECT_DONE(remote_shutdown(self->fd, 1));
	close(self->fd);
}

TEST_F(balance, cycles)
{
	unsigned int i, times = count_from_env(100);
	struct balance last = { .users = 0 };

	for (i = 0; i < times; i++) {
		ASSERT_DONE(provided_reach(self->fd, RPROC_LITE_STOPPED));
		if (i % 2) {
			ASSERT_DONE(remote_start(self->fd));
		}
		ASSERT_DONE(remote_shutdown(self->fd, 1));
		ASSERT_EQ(0, balance_wait(&self->offline)) TH_LOG("cycle %u", i);
	}
	ASSERT_EQ(0, balance(&last));
	EXPECT_STREQ(self->offline.text, last.text);
}

/* What the step that failed is called in the verdict. */
static const char *words_for_failed(void)
{
	static const struct {
		const char *step, *words;
	} all[] = {
		{ "access fails", "can't be " },
		{ "register 0x10 is", "boot vector can't be set" },
		{ "register 0x", "core can't be " },
		{ "reset 0 asserted fails", "reset bus can't be asserted" },
		{ "reset 1 asserted fails", "reset core can't be asserted" },
		{ "reset 0 asked fails", "reset bus can't be asserted" },
		{ "reset 1 asked fails", "reset core can't be asserted" },
		{ "reset 0 deasserted fails", "reset bus can't be deasserted" },
		{ "reset 1 deasserted fails", "reset core can't be deasserted" },
		{ "domain 0 on fails", "power domain 0 can't be switched on" },
		{ "domain 1 on fails", "power domain 1 can't be switched on" },
		{ "domain 2 on fails", "power domain 0 can't be switched on" },
		{ "clock 0 on fails", "clock 0 can't be switched on" },
		{ "clock 1 on fails", "clock 1 can't be switched on" },
		{ "channel ", "the mailbox can't be had" },
	};
	static char text[8192];
	char *line, *end;
	size_t i;

	/* The line of it. */
	snprintf(text, sizeof(text), "%s", told());
	end = strstr(text, " fails\n");
	if (!end)
		return "(nothing failed)";
	end[strlen(" fails")] = '\0';
	line = strrchr(text, '\n');
	line = line ? line + 1 : text;
	for (i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (strstr(line, all[i].step) == line)
			return all[i].words;
	return "(what failed could not)";
}

static int stop_at_once(int fd)
{
	return remote_stop(fd, 1);
}

/* Each step that it takes fails once: it is named, and all is as it was; and works then. */
static unsigned int each_fails(struct __test_metadata *_metadata, FIXTURE_DATA(balance) *self,
			       uint32_t from, int (*op)(int fd))
{
	struct balance before;
	unsigned int n;
	int ret;

	for (n = 1; n < 100; n++) {
		EXPECT_DONE(provided_reach(self->fd, from));
		EXPECT_EQ(0, balance(&before));
		forget_told();
		EXPECT_EQ(0, let_fail(n));
		ret = op(self->fd);
		if (!has_failed()) {
			EXPECT_DONE(ret);
			break;
		}
		EXPECT_EQ(-EIO, ret) TH_LOG("step %u: %s", n, told());
		EXPECT_EQ(-EIO, remote_said.error);
		EXPECT_WORDS(words_for_failed(), remote_said.text);
		EXPECT_STATE(from, self->fd);
		/* A stop that fails leaves the remote half held, and can be repeated. */
		if (op != stop_at_once) {
			EXPECT_EQ(0, balance_wait(&before)) TH_LOG("step %u: %s", n, told());
		}
		EXPECT_DONE(op(self->fd));
		EXPECT_DONE(remote_shutdown(self->fd, 1));
		EXPECT_EQ(0, balance_wait(&self->offline)) TH_LOG("step %u: %s", n, told());
	}
	EXPECT_EQ(0, let_fail(0));
	EXPECT_DONE(remote_shutdown(self->fd, 1));
	EXPECT_EQ(0, balance_wait(&self->offline));
	return n - 1;
}

TEST_F(balance, config_fails)
{
	EXPECT_EQ(variant->config, each_fails(_metadata, self, RPROC_LITE_OFFLINE,
					      remote_config));
}

TEST_F(balance, start_fails)
{
	EXPECT_EQ(variant->start, each_fails(_metadata, self, RPROC_LITE_READY,
					     remote_start));
}

TEST_F(balance, restart_fails)
{
	EXPECT_EQ(variant->start, each_fails(_metadata, self, RPROC_LITE_STOPPED,
					     remote_start));
}

TEST_F(balance, stop_fails)
{
	EXPECT_EQ(variant->stop, each_fails(_metadata, self, RPROC_LITE_RUNNING,
					    stop_at_once));
}

TEST_F(balance, unbind)
{
	static const uint32_t states[] = {
		RPROC_LITE_OFFLINE, RPROC_LITE_CONFIGURED, RPROC_LITE_READY, RPROC_LITE_RUNNING,
		RPROC_LITE_STOPPED, RPROC_LITE_CRASHED,
	};
	struct balance unbound, now;
	unsigned int i;

	ASSERT_EQ(0, driver_unbind(self->device));
	ASSERT_EQ(0, balance(&unbound));
	EXPECT_LE(unbound.users, self->offline.users);
	ASSERT_EQ(0, driver_bind(self->device));
	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		close(self->fd);
		self->fd = provided_open(variant->id);
		ASSERT_LE(0, self->fd);
		ASSERT_DONE(provided_reach(self->fd, states[i]));
		ASSERT_STATE(states[i], self->fd);
		ASSERT_EQ(0, driver_unbind(self->device));
		ASSERT_EQ(0, balance_wait(&unbound)) TH_LOG("%s", remote_state_name(states[i]));
		ASSERT_EQ(0, driver_bind(self->device));
		ASSERT_EQ(0, balance_wait(&self->offline));
	}
	ASSERT_EQ(0, balance(&now));
	EXPECT_STREQ(self->offline.text, now.text);
}

/* Each thing that probe gets can't be had once; then the driver gets them all. */
TEST_F(balance, probe_fails)
{
	struct balance unbound;
	unsigned int n;
	int ret;

	ASSERT_EQ(0, driver_unbind(self->device));
	ASSERT_EQ(0, balance(&unbound));
	for (n = 1; n < 20; n++) {
		ASSERT_EQ(0, let_fail(n));
		ret = driver_bind(self->device);
		if (!has_failed())
			break;
		EXPECT_NE(0, ret);
		EXPECT_EQ(-ENOENT, remote_open(variant->id, O_RDWR));
		EXPECT_EQ(0, balance_wait(&unbound)) TH_LOG("step %u: %s", n, told());
	}
	EXPECT_EQ(variant->probe, n - 1);
	ASSERT_EQ(0, let_fail(0));
	ASSERT_EQ(0, ret);
	ASSERT_EQ(0, balance_wait(&self->offline));
}

/* A reset that is said not to be deasserted may be: it is asserted again. */
TEST(deasserted_late)
{
	struct balance ready;
	int fd = provided_open(R_ALL);

	ASSERT_LE(0, fd);
	ASSERT_DONE(remote_offline(fd));
	ASSERT_DONE(provided_reach(fd, RPROC_LITE_READY));
	ASSERT_EQ(0, balance(&ready));
	EXPECT_NE(NULL, strstr(ready.text, "resets 11"));
	ASSERT_EQ(0, let_step_fail("reset 1 deasserted late"));
	EXPECT_REFUSED(EIO, remote_start(fd));
	EXPECT_STATE(RPROC_LITE_READY, fd);
	EXPECT_EQ(0, balance_wait(&ready));
	EXPECT_DONE(remote_start(fd));
	EXPECT_DONE(remote_shutdown(fd, 1));
	close(fd);
}

/* What ran for a moment is placed again by the next START, whatever its table is by then. */
TEST(placed_again_after_a_table)
{
	static const struct rproc_lite_rsc_table table = { .ver = RPROC_LITE_RSC_VERSION };
	int fd = provided_open(R_ALL);
	char byte = 0x55;
	off_t at;

	ASSERT_LE(0, fd);
	ASSERT_DONE(remote_offline(fd));
	ASSERT_DONE(provided_reach(fd, RPROC_LITE_READY));
	at = remote_offset(fd, TEST_RAM + 0x100, 1);
	ASSERT_LE(0, at);
	ASSERT_EQ(0, let_step_fail("reset 1 deasserted"));
	EXPECT_REFUSED(EIO, remote_start(fd));
	EXPECT_STATE(RPROC_LITE_READY, fd);
	ASSERT_EQ(1, pwrite(fd, &byte, 1, at));
	ASSERT_DONE(remote_set_rsc(fd, &table, sizeof(table), RPROC_LITE_NO_DA));
	ASSERT_DONE(remote_start(fd));
	EXPECT_EQ(1, pread(fd, &byte, 1, at));
	EXPECT_EQ(0, byte);
	EXPECT_DONE(remote_shutdown(fd, 1));
	close(fd);
}

/* What lies in memory that goes off as the system sleeps is placed again; else it stays. */
TEST(placed_again_after_a_sleep)
{
	static const struct {
		unsigned int id;
		uint32_t address;
		bool sleeps;
		char then;
	} with[] = {
		{ R_TCM, TEST_TCM, false, 0x55 },
		{ R_TCM, TEST_TCM, true, 0 },
		/* Ordinary memory. */
		{ R_LITTLE, TEST_RAM, true, 0x55 },
	};
	unsigned int i;
	char byte;
	off_t at;
	int fd;

	for (i = 0; i < sizeof(with) / sizeof(with[0]); i++) {
		fd = provided_open(with[i].id);
		ASSERT_LE(0, fd);
		ASSERT_DONE(remote_offline(fd));
		ASSERT_DONE(provided_load_at(fd, with[i].address, with[i].address));
		at = remote_offset(fd, with[i].address + 0x100, 1);
		ASSERT_LE(0, at);
		byte = 0x55;
		ASSERT_EQ(1, pwrite(fd, &byte, 1, at));
		if (with[i].sleeps) {
			/* Power domains go off. */
			ASSERT_EQ(0, sleep_as_far_as("platform", "1"));
		}
		ASSERT_DONE(remote_start(fd));
		EXPECT_EQ(1, pread(fd, &byte, 1, at));
		EXPECT_EQ(with[i].then, byte) TH_LOG("with %u", i);
		EXPECT_DONE(remote_shutdown(fd, 1));
		close(fd);
	}
}

/* Of nothing, at @address, as a stream. */
static int stream(uint32_t address)
{
	struct {
		Elf32_Ehdr head;
		Elf32_Phdr load;
		char bytes[64];
	} image = {
		.head = {
			.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS32, ELFDATA2LSB,
				     EV_CURRENT },
			.e_type = ET_EXEC, .e_machine = EM_ARM, .e_version = EV_CURRENT,
			.e_entry = address, .e_phoff = sizeof(Elf32_Ehdr),
			.e_ehsize = sizeof(Elf32_Ehdr), .e_phentsize = sizeof(Elf32_Phdr),
			.e_phnum = 1,
		},
		.load = {
			.p_type = PT_LOAD, .p_offset = offsetof(typeof(image), bytes),
			.p_vaddr = address, .p_paddr = address, .p_flags = PF_R | PF_X,
			.p_filesz = sizeof(image.bytes), .p_memsz = sizeof(image.bytes),
		},
	};

	return pipe_of(&image, sizeof(image));
}

/* Nor can a stream be read again: START says so, as often as it is asked. */
TEST(stream_lost_in_a_sleep)
{
	int fd = provided_open(R_TCM), file;

	ASSERT_LE(0, fd);
	ASSERT_DONE(remote_offline(fd));
	ASSERT_DONE(remote_config(fd));
	file = stream(TEST_TCM);
	ASSERT_LE(0, file);
	ASSERT_DONE(remote_load_fd(fd, file));
	close(file);
	EXPECT_STATE(RPROC_LITE_READY, fd);
	ASSERT_EQ(0, sleep_as_far_as("platform", "1"));
	EXPECT_REFUSED(ESPIPE, remote_start(fd));
	EXPECT_WORDS("its memory was off as the system slept", remote_said.text);
	EXPECT_STATE(RPROC_LITE_READY, fd);
	EXPECT_REFUSED(ESPIPE, remote_start(fd));
	/* As it says: stop it, and load it again. */
	EXPECT_DONE(remote_stop(fd, 1));
	file = stream(TEST_TCM);
	EXPECT_DONE(remote_load_fd(fd, file));
	close(file);
	EXPECT_DONE(remote_start(fd));
	EXPECT_DONE(remote_shutdown(fd, 1));
	close(fd);
}

PROVIDERS_TEST_MAIN
