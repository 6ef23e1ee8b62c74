// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every operation in every state: it leads on, or repeats and changes nothing,
 * or is refused with EBADFD, changes nothing and names the states that would do.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>

#include "kselftest_harness.h"
#include "remote.h"

/* What becomes of it, by the specification; not taken from the module. */
#define NO	(-1)		/* refused */
#define SAME	(-2)		/* succeeds and does nothing */
#define OFF	RPROC_LITE_OFFLINE
#define CFG	RPROC_LITE_CONFIGURED
#define RDY	RPROC_LITE_READY
#define RUN	RPROC_LITE_RUNNING
#define STP	RPROC_LITE_STOPPED
#define CRA	RPROC_LITE_CRASHED

enum op { CONFIG, LOAD, START, STOP, SHUTDOWN, OPS };

static const char *const op_names[OPS] = { "config", "load", "start", "stop", "shutdown" };

/* Where an operation may begin; named in the refusals. */
static const char *const where[OPS] = {
	[CONFIG] = "Offline",
	[LOAD] = "Configured or Stopped",
	[START] = "Ready or Stopped",
	[STOP] = "Offline, Ready, Running, Stopped, Suspended or Crashed",
};

FIXTURE(states)
{
	int fd;
	int other;
	struct rproc_lite_info before;
};

FIXTURE_VARIANT(states)
{
	uint32_t state;
	int to[OPS];	/* config, load, start, stop, shutdown */
};

FIXTURE_VARIANT_ADD(states, Offline)
{
	.state = OFF, .to = { CFG, NO, NO, SAME, SAME },
};

FIXTURE_VARIANT_ADD(states, Configured)
{
	.state = CFG, .to = { NO, RDY, NO, NO, OFF },
};

FIXTURE_VARIANT_ADD(states, Ready)
{
	.state = RDY, .to = { NO, NO, RUN, STP, OFF },
};

FIXTURE_VARIANT_ADD(states, Running)
{
	.state = RUN, .to = { NO, NO, NO, STP, OFF },
};

FIXTURE_VARIANT_ADD(states, Stopped)
{
	.state = STP, .to = { NO, RDY, RUN, SAME, OFF },
};

FIXTURE_VARIANT_ADD(states, Crashed)
{
	.state = CRA, .to = { NO, NO, NO, STP, OFF },
};

FIXTURE_SETUP(states)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->other = remote_open(REMOTE, O_RDONLY);
	ASSERT_LE(0, self->other);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_reach(self->fd, variant->state));
	ASSERT_EQ(0, remote_info(self->fd, &self->before));
	ASSERT_EQ(variant->state, self->before.state);
	ASSERT_EQ(0, remote_poll(self->fd, 0));
}

FIXTURE_TEARDOWN(states)
{
	EXPECT_DONE(remote_offline(self->fd));
	close(self->other);
	close(self->fd);
}

static int do_op(int fd, enum op op)
{
	switch (op) {
	case CONFIG:
		return remote_config(fd);
	case LOAD:
		return remote_load(fd, remote_firmware(fd, "echo"));
	case START:
		return remote_start(fd);
	case STOP:
		return remote_stop(fd, 0);
	case SHUTDOWN:
		return remote_shutdown(fd, 0);
	default:
		return -EINVAL;
	}
}

static void same_as_before(struct __test_metadata *_metadata, FIXTURE_DATA(states) *self)
{
	struct rproc_lite_info now;

	EXPECT_EQ(0, remote_poll(self->fd, 0));
	ASSERT_EQ(0, remote_info(self->fd, &now));
	EXPECT_EQ(0, memcmp(&now, &self->before, sizeof(now)))
		TH_LOG("state %u, %u; seq %llu, %llu; flags 0x%x, 0x%x; last '%s', '%s'",
		       self->before.state, now.state, self->before.state_seq, now.state_seq,
		       self->before.flags, now.flags, self->before.last.text, now.last.text);
}

/* The states that would do, all of them and, the present one apart, no other. */
static void names_the_states(struct __test_metadata *_metadata, enum op op, uint32_t state)
{
	char wanted[128];

	snprintf(wanted, sizeof(wanted), "%s needs the state %s, ", op_names[op], where[op]);
	EXPECT_WORDS(wanted, remote_said.text);
	EXPECT_WORDS(remote_state_name(state), remote_said.text);
	EXPECT_EQ(RPROC_LITE_AT_STATE, remote_said.where);
}

static void led_on(struct __test_metadata *_metadata, FIXTURE_DATA(states) *self, uint32_t to)
{
	struct rproc_lite_info now;

	EXPECT_EQ(POLLPRI, remote_poll(self->fd, 0));
	EXPECT_EQ(POLLPRI, remote_poll(self->other, 0));
	ASSERT_EQ(0, remote_info(self->fd, &now));
	EXPECT_EQ(to, now.state);
	EXPECT_LT(self->before.state_seq, now.state_seq);
	EXPECT_LE(self->before.state_since, now.state_since);
	EXPECT_EQ(RPROC_LITE_OP_NONE, now.op);
	EXPECT_EQ(0, now.op_pid);
	EXPECT_EQ(0, remote_poll(self->fd, 0));
}

static void walk(struct __test_metadata *_metadata, FIXTURE_DATA(states) *self,
		 const FIXTURE_VARIANT(states) *variant, enum op op)
{
	int to = variant->to[op];

	if (to == NO) {
		EXPECT_REFUSED(EBADFD, do_op(self->fd, op));
		names_the_states(_metadata, op, variant->state);
		same_as_before(_metadata, self);
		return;
	}
	ASSERT_DONE(do_op(self->fd, op));
	EXPECT_EQ(0, remote_said.error);
	if (to == SAME)
		same_as_before(_metadata, self);
	else
		led_on(_metadata, self, (uint32_t)to);
}

TEST_F(states, config)
{
	walk(_metadata, self, variant, CONFIG);
}

TEST_F(states, load)
{
	walk(_metadata, self, variant, LOAD);
}

TEST_F(states, start)
{
	walk(_metadata, self, variant, START);
}

TEST_F(states, stop)
{
	walk(_metadata, self, variant, STOP);
}

TEST_F(states, shutdown)
{
	walk(_metadata, self, variant, SHUTDOWN);
}

/* What INFO says of an image goes with the image. */
TEST_F(states, info)
{
	const struct rproc_lite_info *i = &self->before;
	bool loaded = variant->state != OFF && variant->state != CFG;
	bool started = loaded && variant->state != RDY;
	const struct remote_kind *kind = remote_kind(self->fd);
	struct rproc_lite_placement p;

	ASSERT_STRNE("", kind->backend);
	EXPECT_EQ(REMOTE, i->id);
	EXPECT_STREQ("r0", i->name);
	EXPECT_STREQ(kind->backend, i->backend);
	EXPECT_EQ(kind->has_cpu, !strncmp(i->detail, "cpu", 3));
	EXPECT_EQ(RPROC_LITE_OP_NONE, i->op);
	EXPECT_EQ(0, i->op_pid);
	EXPECT_EQ(0, i->op_done);
	EXPECT_EQ(0, i->op_total);
	/* "code" and "shared"; what begins at 0 needs "vectors" too. */
	EXPECT_EQ(kind->has_reset ? 3 : 2, i->num_regions);
	EXPECT_LT(0, i->stop_timeout_ms);
	EXPECT_EQ(loaded, !!(i->flags & RPROC_LITE_INFO_IMAGE));
	EXPECT_EQ(loaded, !!(i->flags & RPROC_LITE_INFO_TABLE));
	EXPECT_EQ(loaded, !!(i->flags & RPROC_LITE_INFO_RESTARTABLE));
	if (!started) {
		EXPECT_EQ(0, i->flags & RPROC_LITE_INFO_READY)
			TH_LOG("READY, with nothing started");
	}
	EXPECT_EQ(0, i->flags & ~(RPROC_LITE_INFO_IMAGE | RPROC_LITE_INFO_TABLE |
				  RPROC_LITE_INFO_READY | RPROC_LITE_INFO_RESTARTABLE));
	EXPECT_EQ(loaded ? kind->elf_class : 0, i->elf_class);
	EXPECT_EQ(loaded ? kind->elf_machine : 0, i->elf_machine);
	EXPECT_EQ(loaded, i->image[0] != '\0');
	EXPECT_EQ(loaded, i->image_size != 0);
	EXPECT_EQ(loaded && !kind->has_reset, i->entry != 0);
	EXPECT_EQ(loaded, i->table_da != 0);
	EXPECT_EQ(loaded, i->table_size != 0);
	/* Who is to crash has a carveout more, for its registers. */
	EXPECT_EQ(!loaded ? 0 : variant->state == CRA ? 4 : 3, i->num_entries);
	EXPECT_EQ(loaded ? 1 : 0, i->num_traces);
	EXPECT_EQ(loaded, i->num_placements != 0);
	EXPECT_EQ(loaded ? 0 : -ENOENT, remote_placement(self->fd, 0, &p));
	if (variant->state == CRA) {
		EXPECT_EQ(RPROC_LITE_CRASH_FIRMWARE, i->crash);
		EXPECT_LT(0, i->crash_count);
		EXPECT_EQ(-EIO, i->last.error);
		EXPECT_WORDS("crash", i->last.text);
	}
}

REMOTE_TEST_MAIN
