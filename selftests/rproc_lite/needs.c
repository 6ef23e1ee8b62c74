// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a core behind a reset line needs of its system: all steps in the order that the
 * binding documents, what is left after one that fails, and that all is given back. On
 * the machine versalneeds, with selftests/supplies.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "guest.h"
#include "remote.h"

#define SUPPLIES	"/sys/kernel/debug/rproc_lite_supplies/"
#define OFF		"resets 11 clocks 00 domains 000"
#define ON		"resets 11 clocks 11 domains 110"
#define RUNNING		"resets 00 clocks 11 domains 110"

/* Each way has other steps only where it begins in another state. */
#define TO_RESET	"reset 0 asserted\nreset 0 asked\nreset 1 asserted\nreset 1 asked\n"
#define TO_POWER	"domain 1 on\ndomain 0 on\nclock 1 on\nclock 0 on\n"
#define TO_RUN		"reset 1 deasserted\nreset 0 deasserted\n" \
			"register 0x14 is 0x0\nregister 0x18 is 0x80000000\n"
#define TO_STOP		"register 0x18 is 0x0\nregister 0x14 is 0x3\n" TO_RESET
#define FROM_POWER	"clock 0 off\nclock 1 off\ndomain 0 off\ndomain 1 off\n"

static const char *supplies(const char *name)
{
	static char text[8192];
	char path[128];

	snprintf(path, sizeof(path), SUPPLIES "%s", name);
	return read_text(path, text, sizeof(text)) < 0 ? "unreadable" : text;
}

static int forget_steps(void)
{
	return write_text(SUPPLIES "log", "\n");
}

static int let_fail(const char *step)
{
	return write_text(SUPPLIES "fail", step);
}

#define EXPECT_STEPS(steps) do {			\
	EXPECT_STREQ((steps), supplies("log"));		\
	EXPECT_EQ(0, forget_steps());			\
} while (0)
#define EXPECT_SUPPLIES(is)	EXPECT_STREQ((is), supplies("state"))

FIXTURE(needs)
{
	int fd;
	char device[64];
};

FIXTURE_SETUP(needs)
{
	ASSERT_EQ(0, remote_device(REMOTE, self->device, sizeof(self->device)));
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	/* From now on nothing is left of what nobody asked for. */
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_offline(self->fd));
	EXPECT_SUPPLIES(OFF);
	ASSERT_EQ(0, forget_steps());
}

FIXTURE_TEARDOWN(needs)
{
	EXPECT_EQ(0, let_fail(""));
	EXPECT_DONE(remote_offline(self->fd));
	EXPECT_SUPPLIES(OFF);
	close(self->fd);
}

/* CONFIG and LOAD. @address: the entry point. */
static int make_ready(int fd, unsigned int address)
{
	char setting[64];
	int ret;

	ret = remote_config_with(fd, setting,
				 (uint32_t)snprintf(setting, sizeof(setting),
						    "boot-address=0x%x", address) + 1);
	return ret ? ret : remote_load(fd, remote_firmware(fd, "echo"));
}

static int run(int fd)
{
	int ret = make_ready(fd, 0x10000000);

	if (!ret)
		ret = remote_start(fd);
	return ret ? ret : remote_wait_ready(fd);
}

TEST_F(needs, order)
{
	int i;

	/* Bits that are as they should be are not written again. */
	ASSERT_DONE(make_ready(self->fd, 0x10000000));
	EXPECT_STEPS(TO_RESET TO_POWER);
	EXPECT_SUPPLIES(ON);
	ASSERT_DONE(remote_offline(self->fd));
	EXPECT_STEPS(FROM_POWER);

	ASSERT_DONE(make_ready(self->fd, 0x1000a000));
	EXPECT_STEPS(TO_RESET TO_POWER);
	for (i = 0; i < 2; i++) {
		ASSERT_DONE(remote_start(self->fd));
		EXPECT_STEPS(i ? TO_RUN : "register 0x10 is 0x1000a0\n" TO_RUN);
		EXPECT_SUPPLIES(RUNNING);
		ASSERT_EQ(0, remote_wait_ready(self->fd));
		ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
		EXPECT_STEPS(TO_STOP);
		EXPECT_SUPPLIES(ON);
	}
	ASSERT_DONE(remote_start(self->fd));
	EXPECT_EQ(0, forget_steps());
	ASSERT_DONE(remote_shutdown(self->fd, REMOTE_PATIENCE));
	EXPECT_STEPS(TO_STOP FROM_POWER);
}

/* A core that ran before us is stopped first, whoever let it. */
TEST_F(needs, config_fails)
{
	static const struct {
		const char *step, *words, *undone;
	} steps[] = {
		{ "reset 0 asserted", "reset port can't be asserted", "" },
		{ "reset 0 asked", "reset port can't be asserted", "" },
		{ "reset 1 asserted", "reset bus can't be asserted", "" },
		{ "domain 1 on", "power domain 0", "" },
		{ "domain 0 on", "power domain 1", "domain 1 off\n" },
		{ "clock 1 on", "clock 0 can't", "domain 0 off\ndomain 1 off\n" },
		{ "clock 0 on", "clock 1 can't", "clock 1 off\ndomain 0 off\ndomain 1 off\n" },
	};
	char log[512], *end;
	unsigned int i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		ASSERT_EQ(0, let_fail(steps[i].step));
		EXPECT_REFUSED(EIO, remote_config(self->fd));
		EXPECT_WORDS(steps[i].words, remote_said.text);
		EXPECT_EQ(RPROC_LITE_AT_BACKEND, remote_said.where);
		EXPECT_STATE(RPROC_LITE_OFFLINE, self->fd);

		/* All before it, that it fails, and then how it is undone. */
		snprintf(log, sizeof(log), "%s", TO_RESET TO_POWER);
		end = strstr(log, steps[i].step);
		ASSERT_NE(NULL, end);
		snprintf(end, sizeof(log) - (size_t)(end - log), "%s fails\n%s", steps[i].step,
			 steps[i].undone);
		EXPECT_STEPS(log);
		EXPECT_SUPPLIES(OFF);

		ASSERT_DONE(remote_config(self->fd));
		EXPECT_STEPS(TO_RESET TO_POWER);
		ASSERT_DONE(remote_offline(self->fd));
		EXPECT_STEPS(FROM_POWER);
	}
}

TEST_F(needs, start_fails)
{
	static const struct {
		const char *step, *words, *undone;
	} steps[] = {
		/* A line that is not deasserted, it is said, may be. */
		{ "reset 1 deasserted", "reset bus can't be deasserted",
		  "reset 1 asserted\nreset 1 asked\n" },
		{ "reset 0 deasserted", "reset port can't be deasserted", TO_RESET },
		{ "register 0x14 is 0x0", "can't be released", TO_RESET },
		{ "register 0x18 is 0x80000000", "can't be released",
		  "register 0x14 is 0x3\n" TO_RESET },
	};
	char log[512], *end;
	unsigned int i;

	ASSERT_DONE(make_ready(self->fd, 0x1000b000));
	EXPECT_EQ(0, forget_steps());
	ASSERT_EQ(0, let_fail("register 0x10 is 0x1000b0"));
	EXPECT_REFUSED(EIO, remote_start(self->fd));
	EXPECT_WORDS("boot vector", remote_said.text);
	EXPECT_STEPS("register 0x10 is 0x1000b0 fails\n");
	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		ASSERT_EQ(0, let_fail(steps[i].step));
		EXPECT_REFUSED(EIO, remote_start(self->fd));
		EXPECT_WORDS(steps[i].words, remote_said.text);
		EXPECT_STATE(RPROC_LITE_READY, self->fd);
		snprintf(log, sizeof(log), "%s%s", i ? "" : "register 0x10 is 0x1000b0\n", TO_RUN);
		end = strstr(log, steps[i].step);
		ASSERT_NE(NULL, end);
		snprintf(end, sizeof(log) - (size_t)(end - log), "%s fails\n%s", steps[i].step,
			 steps[i].undone);
		EXPECT_STEPS(log);
		EXPECT_SUPPLIES(ON);
	}
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	EXPECT_STEPS(TO_RUN);
}

/* A stop that fails says so, and the next one goes on. */
TEST_F(needs, stop_fails)
{
	static const struct {
		const char *step, *left;
	} steps[] = {
		{ "register 0x18 is 0x0", RUNNING },
		{ "register 0x14 is 0x3", RUNNING },
		{ "reset 0 asserted", RUNNING },
		{ "reset 0 asked", "resets 10 clocks 11 domains 110" },
		{ "reset 1 asserted", "resets 10 clocks 11 domains 110" },
		{ "reset 1 asked", ON },
	};
	unsigned int i;

	for (i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		ASSERT_DONE(run(self->fd));
		ASSERT_EQ(0, let_fail(steps[i].step));
		EXPECT_REFUSED(EIO, remote_stop(self->fd, REMOTE_PATIENCE));
		EXPECT_STATE(RPROC_LITE_RUNNING, self->fd);
		ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
		EXPECT_SUPPLIES(ON);
		ASSERT_DONE(remote_start(self->fd));
		ASSERT_EQ(0, remote_wait_ready(self->fd));
		ASSERT_EQ(0, let_fail(steps[i].step));
		EXPECT_REFUSED(EIO, remote_shutdown(self->fd, REMOTE_PATIENCE));
		EXPECT_SUPPLIES(steps[i].left);
		ASSERT_DONE(remote_shutdown(self->fd, REMOTE_PATIENCE));
		EXPECT_SUPPLIES(OFF);
	}
}

TEST_F(needs, entry_point_does_not_fit)
{
	EXPECT_REFUSED(ENOEXEC, make_ready(self->fd, 0x10000800));
	EXPECT_WORDS("0x10000800", remote_said.text);
	EXPECT_WORDS("bits 12 to 31", remote_said.text);
	EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd);
}

TEST_F_TIMEOUT(needs, cycles, 600)
{
	unsigned int i, count = count_from_env(20);

	for (i = 0; i < count; i++) {
		ASSERT_DONE(run(self->fd));
		EXPECT_SUPPLIES(RUNNING);
		ASSERT_DONE(remote_offline(self->fd));
		EXPECT_SUPPLIES(OFF);
	}
}

static int rebind(const char *device, int *fd)
{
	int ret = driver_bind(device);

	close(*fd);
	*fd = ret ? ret : remote_open(REMOTE, O_RDWR);
	return *fd < 0 ? *fd : 0;
}

TEST_F(needs, unbind)
{
	ASSERT_DONE(run(self->fd));
	EXPECT_EQ(0, forget_steps());
	ASSERT_EQ(0, driver_unbind(self->device));
	EXPECT_STEPS(TO_STOP FROM_POWER);
	EXPECT_SUPPLIES(OFF);
	ASSERT_EQ(0, rebind(self->device, &self->fd));
	ASSERT_DONE(run(self->fd));
}

/* What can't be put in reset loses its clocks and its power. */
TEST_F(needs, unbind_fails)
{
	ASSERT_DONE(run(self->fd));
	EXPECT_EQ(0, forget_steps());
	ASSERT_EQ(0, let_fail("reset 0 asserted"));
	ASSERT_EQ(0, driver_unbind(self->device));
	EXPECT_STEPS("register 0x18 is 0x0\nregister 0x14 is 0x3\nreset 0 asserted fails\n"
		     FROM_POWER);
	EXPECT_SUPPLIES("resets 00 clocks 00 domains 000");
	ASSERT_EQ(0, rebind(self->device, &self->fd));
	ASSERT_DONE(run(self->fd));
}

/* A remote with a single power domain, which comes from the driver core. */
TEST_F(needs, one_domain)
{
	int fd = remote_open(1, O_RDWR);

	ASSERT_LE(0, fd);
	ASSERT_DONE(remote_offline(fd));
	EXPECT_SUPPLIES(OFF);
	ASSERT_EQ(0, forget_steps());
	ASSERT_EQ(0, let_fail("domain 2 on"));
	EXPECT_REFUSED(EIO, remote_config(fd));
	EXPECT_WORDS("power domain 0", remote_said.text);
	EXPECT_STEPS("domain 2 on fails\n");
	ASSERT_DONE(remote_run(fd, "echo"));
	EXPECT_STEPS("domain 2 on\n");
	EXPECT_SUPPLIES("resets 11 clocks 00 domains 001");
	ASSERT_DONE(remote_offline(fd));
	EXPECT_STEPS("domain 2 off\n");
	close(fd);
}

/* The driver of a syscon must be there before who wants it; all is off when it is at rest. */
static int come_up(void)
{
	uint64_t end = now_ms() + REMOTE_PATIENCE;
	struct timespec t = { .tv_nsec = 1000000 };
	int ret = module_unload("rproc_lite_platform");

	if (!ret)
		ret = module_load("rproc_lite_supplies");
	if (!ret)
		ret = module_load("rproc_lite_platform");
	while (!ret && (access("/dev/rproc_lite0", F_OK) || access("/dev/rproc_lite1", F_OK) ||
			!strstr(supplies("state"), "clocks 00 domains 000"))) {
		if (now_ms() > end)
			return -ETIMEDOUT;
		nanosleep(&t, NULL);
	}
	return ret;
}

int main(int argc, char **argv)
{
	if (access("/proc/device-tree/supplies", F_OK)) {
		printf("TAP version 13\n1..0 # SKIP no supplies here\n");
		return 4;
	}
	if (come_up()) {
		printf("Bail out! r0 and r1 do not come up\n");
		return 1;
	}
	return test_harness_run(argc, argv);
}
