// SPDX-License-Identifier: GPL-2.0-only
/*
 * samples/lifecycle, as a program of the machine's own kind and as a 32-bit one: what it
 * prints, what it says if something is wrong, and how it leaves the remote.
 */
#include <errno.h>
#include <fcntl.h>

#include "kselftest_harness.h"
#include "command.h"
#include "guest.h"
#include "remote.h"

#define DEVICE		"/dev/rproc_lite0"
#define FIRMWARE	"/lib/firmware/"

FIXTURE(lifecycle)
{
	int fd;
	int cpu;
	struct command_result r;
};

FIXTURE_VARIANT(lifecycle)
{
	const char *program;
};

FIXTURE_VARIANT_ADD(lifecycle, arm64) { .program = "samples/arm64/lifecycle" };
FIXTURE_VARIANT_ADD(lifecycle, armhf) { .program = "samples/armhf/lifecycle" };

FIXTURE_SETUP(lifecycle)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_EQ(0, cpu_borrowed(self->fd, &self->cpu));
}

FIXTURE_TEARDOWN(lifecycle)
{
	/* It was given back in any case. */
	EXPECT_STATE(RPROC_LITE_OFFLINE, self->fd);
	EXPECT_TRUE(cpu_is_back(self->cpu));
	EXPECT_DONE(remote_offline(self->fd));
	close(self->fd);
}

static void run(FIXTURE_DATA(lifecycle) *self, const char *program, const char *image)
{
	const char *const argv[] = { program, DEVICE, image, NULL };

	command(argv, NULL, 0, &self->r);
}

static const char *firmware(int fd, const char *name)
{
	static char path[160];

	snprintf(path, sizeof(path), FIRMWARE "%s", remote_firmware(fd, name));
	return path;
}

TEST_F(lifecycle, whole_life)
{
	run(self, variant->program, firmware(self->fd, "echo"));
	EXPECT_EQ(0, self->r.status) TH_LOG("it says: %s", self->r.err);
	EXPECT_WORDS("echo: hello from the core", self->r.out);
	EXPECT_STREQ("", self->r.err);
}

TEST_F(lifecycle, refusals_in_the_kernels_words)
{
	run(self, variant->program, "/etc/passwd");
	EXPECT_EQ(1, self->r.status);
	EXPECT_STREQ("", self->r.out);
	EXPECT_WORDS("load: ", self->r.err);
	EXPECT_WORDS("ELF", self->r.err);

	ASSERT_DONE(remote_config(self->fd));
	run(self, variant->program, firmware(self->fd, "echo"));
	EXPECT_EQ(1, self->r.status);
	EXPECT_STREQ("config: config needs the state Offline, and this remote is Configured\n",
		     self->r.err);
	EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
}

TEST_F(lifecycle, silent_firmware)
{
	run(self, variant->program, firmware(self->fd, "notable"));
	EXPECT_EQ(1, self->r.status);
	EXPECT_STREQ("trace: the firmware says nothing\n", self->r.err);
}

TEST_F(lifecycle, nothing_there)
{
	run(self, variant->program, "/none");
	EXPECT_EQ(1, self->r.status);
	EXPECT_WORDS("No such file", self->r.err);
}

REMOTE_TEST_MAIN
