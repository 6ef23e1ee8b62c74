// SPDX-License-Identifier: GPL-2.0-only
/*
 * What happens to a remote, by generic netlink and by uevents: each kind of event, in
 * order, without a gap and without one too many; what GET says is what INFO says; and
 * messages that nobody should send are refused in words.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <linux/genetlink.h>
#include <linux/rproc_lite.h>

#include "kselftest_harness.h"
#include "family.h"
#include "guest.h"
#include "remote.h"

FIXTURE(events)
{
	int fd;
	struct family ask;	/* for questions */
	struct family heard;	/* for events */
	struct message m;
	uint64_t seq;		/* of the last event that is known of */
	uint64_t time;		/* of it */
	uint64_t state_seq;	/* as of then */
	uint32_t crashes;
};

FIXTURE_SETUP(events)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_EQ(0, family_open(&self->ask));
	ASSERT_EQ(0, family_open(&self->heard));
	ASSERT_EQ(0, family_join(&self->heard));
	ASSERT_EQ(0, family_get(&self->ask, REMOTE, &self->m));
	self->seq = attr_u64(&self->m, RPROC_LITE_A_EVENT_SEQ);
	self->state_seq = attr_u64(&self->m, RPROC_LITE_A_STATE_SEQ);
	self->crashes = attr_u32(&self->m, RPROC_LITE_A_CRASH_COUNT);
}

FIXTURE_TEARDOWN(events)
{
	EXPECT_DONE(remote_set_policy(self->fd, USUAL_POLICY, NULL));
	EXPECT_DONE(remote_offline(self->fd));
	family_close(&self->ask);
	family_close(&self->heard);
	close(self->fd);
}

/* What follows next of this remote, without a gap; only traces may come in between. */
static void next(struct __test_metadata *_metadata, FIXTURE_DATA(events) *self, uint8_t cmd)
{
	struct message *m = &self->m;

	do {
		ASSERT_EQ(0, family_recv(&self->heard, m, REMOTE_PATIENCE))
			TH_LOG("no event %u", cmd);
		ASSERT_EQ(self->heard.id, m->type);
		ASSERT_NE(NULL, m->attr[RPROC_LITE_A_ID]);
		if (attr_u32(m, RPROC_LITE_A_ID) != REMOTE)
			continue;
		EXPECT_EQ(++self->seq, attr_u64(m, RPROC_LITE_A_EVENT_SEQ));
		EXPECT_STREQ("r0", attr_str(m, RPROC_LITE_A_NAME));
		EXPECT_LE(self->time, attr_u64(m, RPROC_LITE_A_TIME));
		self->time = attr_u64(m, RPROC_LITE_A_TIME);
	} while (attr_u32(m, RPROC_LITE_A_ID) != REMOTE ||
		 (m->cmd == RPROC_LITE_CMD_TRACE_NTF && cmd != RPROC_LITE_CMD_TRACE_NTF));
	ASSERT_EQ(cmd, m->cmd) TH_LOG("event %llu", (unsigned long long)self->seq);
}

static void next_state(struct __test_metadata *_metadata, FIXTURE_DATA(events) *self,
		       uint32_t from, uint32_t to)
{
	next(_metadata, self, RPROC_LITE_CMD_STATE_NTF);
	ASSERT_NE(NULL, self->m.attr[RPROC_LITE_A_FROM]);
	ASSERT_NE(NULL, self->m.attr[RPROC_LITE_A_STATE]);
	EXPECT_EQ(from, attr_u32(&self->m, RPROC_LITE_A_FROM));
	EXPECT_EQ(to, attr_u32(&self->m, RPROC_LITE_A_STATE));
	EXPECT_EQ(++self->state_seq, attr_u64(&self->m, RPROC_LITE_A_STATE_SEQ));
}

static void next_virtio(struct __test_metadata *_metadata, FIXTURE_DATA(events) *self, bool gone)
{
	next(_metadata, self, RPROC_LITE_CMD_VIRTIO_NTF);
	ASSERT_NE(NULL, self->m.attr[RPROC_LITE_A_VDEV]);
	ASSERT_NE(NULL, self->m.attr[RPROC_LITE_A_ROLE]);
	EXPECT_EQ(0, attr_u32(&self->m, RPROC_LITE_A_VDEV));
	EXPECT_EQ(RPROC_LITE_VIRTIO_DRIVER, attr_u32(&self->m, RPROC_LITE_A_ROLE));
	EXPECT_EQ(gone, !!self->m.attr[RPROC_LITE_A_GONE]);
}

/* The words of RPROC_LITE_A_LAST. */
static const char *last_text(const struct message *m)
{
	const struct nlattr *text = attr_nested(m->attr[RPROC_LITE_A_LAST], RPROC_LITE_V_TEXT);

	return text ? attr_data(text) : "";
}

static void next_crash(struct __test_metadata *_metadata, FIXTURE_DATA(events) *self,
		       uint32_t cause)
{
	next_state(_metadata, self, RPROC_LITE_RUNNING, RPROC_LITE_CRASHED);
	next(_metadata, self, RPROC_LITE_CMD_CRASH_NTF);
	EXPECT_EQ(cause, attr_u32(&self->m, RPROC_LITE_A_CRASH));
	EXPECT_EQ(++self->crashes, attr_u32(&self->m, RPROC_LITE_A_CRASH_COUNT));
	EXPECT_EQ(RPROC_LITE_CRASHED, attr_u32(&self->m, RPROC_LITE_A_STATE));
	EXPECT_EQ(self->state_seq, attr_u64(&self->m, RPROC_LITE_A_STATE_SEQ));
	EXPECT_STRNE("", last_text(&self->m));
}

/*
 * All that was numbered has been taken, or waits: no number was given to anything else. Then
 * @m is how things are.
 */
static void no_more(struct __test_metadata *_metadata, FIXTURE_DATA(events) *self)
{
	struct message answer;
	uint64_t asked;

	ASSERT_EQ(0, family_get(&self->ask, REMOTE, &answer));
	asked = attr_u64(&answer, RPROC_LITE_A_EVENT_SEQ);
	while (self->seq < asked)
		next(_metadata, self, RPROC_LITE_CMD_TRACE_NTF);
	EXPECT_EQ(asked, self->seq);
	self->m = answer;
}

/* Events */

TEST_F(events, a_life)
{
	ASSERT_DONE(remote_config(self->fd));
	next_state(_metadata, self, RPROC_LITE_OFFLINE, RPROC_LITE_CONFIGURED);
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	next_state(_metadata, self, RPROC_LITE_CONFIGURED, RPROC_LITE_READY);
	ASSERT_DONE(remote_start(self->fd));
	next_virtio(_metadata, self, false);
	next_state(_metadata, self, RPROC_LITE_READY, RPROC_LITE_RUNNING);
	ASSERT_DONE(remote_stop(self->fd, 0));
	next_virtio(_metadata, self, true);
	next_state(_metadata, self, RPROC_LITE_RUNNING, RPROC_LITE_STOPPED);
	ASSERT_DONE(remote_start(self->fd));
	next_virtio(_metadata, self, false);
	next_state(_metadata, self, RPROC_LITE_STOPPED, RPROC_LITE_RUNNING);
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	next_virtio(_metadata, self, true);
	next_state(_metadata, self, RPROC_LITE_RUNNING, RPROC_LITE_STOPPED);
	next_state(_metadata, self, RPROC_LITE_STOPPED, RPROC_LITE_OFFLINE);
	no_more(_metadata, self);
}

/* What is refused or fails has not happened. */
TEST_F(events, refused)
{
	EXPECT_REFUSED(EBADFD, remote_start(self->fd));
	EXPECT_DONE(remote_shutdown(self->fd, 0));
	no_more(_metadata, self);
	ASSERT_DONE(remote_config(self->fd));
	next_state(_metadata, self, RPROC_LITE_OFFLINE, RPROC_LITE_CONFIGURED);
	EXPECT_REFUSED(ENOENT, remote_load(self->fd, "rproc-lite/nowhere.elf"));
	no_more(_metadata, self);
}

/* Each crash once, and in its place; with a cause of either kind. */
TEST_F_TIMEOUT(events, crashes, 600)
{
	unsigned int i, n = count_from_env(5);

	for (i = 0; i < n; i++) {
		bool said = i % 2 == 0;

		ASSERT_DONE(remote_config(self->fd));
		ASSERT_DONE(remote_load(self->fd,
					remote_firmware(self->fd, said ? "crash" : "quit")));
		ASSERT_DONE(remote_start(self->fd));
		ASSERT_EQ(0, remote_wait_state(self->fd, RPROC_LITE_CRASHED));
		ASSERT_DONE(remote_offline(self->fd));

		next_state(_metadata, self, RPROC_LITE_OFFLINE, RPROC_LITE_CONFIGURED);
		next_state(_metadata, self, RPROC_LITE_CONFIGURED, RPROC_LITE_READY);
		next_virtio(_metadata, self, false);
		next_state(_metadata, self, RPROC_LITE_READY, RPROC_LITE_RUNNING);
		next_crash(_metadata, self, said ? RPROC_LITE_CRASH_FIRMWARE :
						   RPROC_LITE_CRASH_CORE_OFF);
		next_virtio(_metadata, self, true);
		next_state(_metadata, self, RPROC_LITE_CRASHED, RPROC_LITE_STOPPED);
		next_state(_metadata, self, RPROC_LITE_STOPPED, RPROC_LITE_OFFLINE);
		no_more(_metadata, self);
	}
}

static void next_recovery(struct __test_metadata *_metadata, FIXTURE_DATA(events) *self,
			  uint32_t what, uint32_t state)
{
	next(_metadata, self, RPROC_LITE_CMD_RECOVERY_NTF);
	ASSERT_NE(NULL, self->m.attr[RPROC_LITE_A_RECOVERY]);
	ASSERT_NE(NULL, self->m.attr[RPROC_LITE_A_ATTEMPT]);
	EXPECT_EQ(what, attr_u32(&self->m, RPROC_LITE_A_RECOVERY));
	EXPECT_EQ(state, attr_u32(&self->m, RPROC_LITE_A_STATE));
	EXPECT_EQ(what == RPROC_LITE_RECOVERY_WAITING, !!self->m.attr[RPROC_LITE_A_DELAY_MS]);
	EXPECT_EQ(NULL, self->m.attr[RPROC_LITE_A_ERROR]);
}

/* The policy as netlink has it, in a message of whichever kind, is that of the ioctl. */
static void same_policy(struct __test_metadata *_metadata, const struct message *m, int fd)
{
	const struct nlattr *nest = m->attr[RPROC_LITE_A_POLICY], *a;
	struct rproc_lite_policy p;
	int i;

	ASSERT_EQ(0, remote_policy(fd, &p));
	ASSERT_NE(NULL, nest);
	for (i = 1; i <= RPROC_LITE_P_MAX; i++) {
		a = attr_nested(nest, i);
		ASSERT_NE(NULL, a) TH_LOG("no setting %d", i);
		ASSERT_EQ(4, attr_len(a));
		/* They are numbered in the order of the struct. */
		EXPECT_EQ(0, memcmp(attr_data(a), (uint32_t *)&p + i - 1, 4))
			TH_LOG("setting %d", i);
	}
	EXPECT_EQ(offsetof(struct rproc_lite_policy, pad), RPROC_LITE_P_MAX * 4);
}

static void next_policy(struct __test_metadata *_metadata, FIXTURE_DATA(events) *self)
{
	next(_metadata, self, RPROC_LITE_CMD_POLICY_NTF);
	same_policy(_metadata, &self->m, self->fd);
	EXPECT_NE(NULL, self->m.attr[RPROC_LITE_A_STATE]);
	EXPECT_EQ(self->state_seq, attr_u64(&self->m, RPROC_LITE_A_STATE_SEQ));
}

/* Each change is told of, whatever it is, and nothing that is none. */
TEST_F(events, policy)
{
	static const char *const other[] = {
		"recovery=stop", "recovery-limit=9", "recovery-delay-ms=8",
		"recovery-delay-max-ms=7", "recovery-window-ms=6", "recovery-changed=allow",
		"heartbeat-ms=5", "heartbeat-misses=4", "coredump=copy",
		"coredump-timeout-ms=3", "suspend=run", "suspend-timeout-ms=2",
		"suspend-refused=block", "delegate=load",
	};
	static const char *const usual[] = { USUAL_POLICY };
	unsigned int i, num = sizeof(other) / sizeof(other[0]);

	for (i = 0; i < num; i++) {
		ASSERT_DONE(remote_set_policy(self->fd, other[i], NULL));
		next_policy(_metadata, self);
		EXPECT_DONE(remote_set_policy(self->fd, other[i], NULL));
	}
	EXPECT_REFUSED(EINVAL, remote_set_policy(self->fd, "recovery=none", "coredump=yes", NULL));
	no_more(_metadata, self);
	same_policy(_metadata, &self->m, self->fd);
	for (i = 0; i < num; i++)
		EXPECT_DONE(remote_set_policy(self->fd, usual[i], NULL));
	for (i = 0; i < num; i++)
		next(_metadata, self, RPROC_LITE_CMD_POLICY_NTF);
	no_more(_metadata, self);
	same_policy(_metadata, &self->m, self->fd);
}

/* A restart after a delay, and none after the next crash. */
TEST_F(events, recovery)
{
	static const char by_hand[] = "virtio=manual";

	ASSERT_DONE(remote_set_policy(self->fd, "recovery=restart", "recovery-limit=1",
				      "recovery-delay-ms=100", NULL));
	next_policy(_metadata, self);
	ASSERT_DONE(remote_config_with(self->fd, by_hand, sizeof(by_hand)));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	ASSERT_DONE(remote_crash(self->fd));
	next_state(_metadata, self, RPROC_LITE_OFFLINE, RPROC_LITE_CONFIGURED);
	next_state(_metadata, self, RPROC_LITE_CONFIGURED, RPROC_LITE_READY);
	next_state(_metadata, self, RPROC_LITE_READY, RPROC_LITE_RUNNING);
	next_crash(_metadata, self, RPROC_LITE_CRASH_USER);
	next_recovery(_metadata, self, RPROC_LITE_RECOVERY_WAITING, RPROC_LITE_CRASHED);
	EXPECT_EQ(100, attr_u32(&self->m, RPROC_LITE_A_DELAY_MS));
	next_recovery(_metadata, self, RPROC_LITE_RECOVERY_BEGUN, RPROC_LITE_CRASHED);
	EXPECT_EQ(1, attr_u32(&self->m, RPROC_LITE_A_ATTEMPT));
	next_state(_metadata, self, RPROC_LITE_CRASHED, RPROC_LITE_RUNNING);
	next_recovery(_metadata, self, RPROC_LITE_RECOVERY_DONE, RPROC_LITE_RUNNING);
	ASSERT_DONE(remote_crash(self->fd));
	next_crash(_metadata, self, RPROC_LITE_CRASH_USER);
	next_recovery(_metadata, self, RPROC_LITE_RECOVERY_GIVEN_UP, RPROC_LITE_CRASHED);
}

TEST_F(events, trace)
{
	ASSERT_DONE(remote_run(self->fd, "echo"));
	EXPECT_EQ(0, family_event(&self->heard, REMOTE, RPROC_LITE_CMD_TRACE_NTF, &self->m));
}

/* What is only told to those who listen costs nothing, and has no number, if none does. */
TEST_F(events, trace_unheard)
{
	uint64_t before;

	ASSERT_EQ(0, family_leave(&self->heard));
	ASSERT_EQ(0, family_get(&self->ask, REMOTE, &self->m));
	before = attr_u64(&self->m, RPROC_LITE_A_EVENT_SEQ);
	ASSERT_DONE(remote_run(self->fd, "echo"));
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_EQ(0, family_get(&self->ask, REMOTE, &self->m));
	/* Five states, and a virtio device that came and went. */
	EXPECT_EQ(before + 7, attr_u64(&self->m, RPROC_LITE_A_EVENT_SEQ));
	EXPECT_EQ(self->state_seq + 5, attr_u64(&self->m, RPROC_LITE_A_STATE_SEQ));
}

/* Who listens hears the same as anybody else. */
TEST_F(events, two_listeners)
{
	struct family other;
	struct message m;

	ASSERT_EQ(0, family_open(&other));
	ASSERT_EQ(0, family_join(&other));
	ASSERT_DONE(remote_config(self->fd));
	next_state(_metadata, self, RPROC_LITE_OFFLINE, RPROC_LITE_CONFIGURED);
	ASSERT_EQ(0, family_event(&other, REMOTE, RPROC_LITE_CMD_STATE_NTF, &m));
	EXPECT_EQ(attr_u64(&self->m, RPROC_LITE_A_EVENT_SEQ),
		  attr_u64(&m, RPROC_LITE_A_EVENT_SEQ));
	EXPECT_EQ(attr_u64(&self->m, RPROC_LITE_A_TIME), attr_u64(&m, RPROC_LITE_A_TIME));
	family_close(&other);
}

/* A remote that goes while it runs is stopped first; the next one begins anew. */
TEST_F(events, removed_and_added)
{
	const struct remote_kind *kind = remote_kind(self->fd);
	char device[64];

	ASSERT_EQ(0, remote_device(REMOTE, device, sizeof(device)));
	ASSERT_DONE(remote_run(self->fd, "notable"));
	next_state(_metadata, self, RPROC_LITE_OFFLINE, RPROC_LITE_CONFIGURED);
	next_state(_metadata, self, RPROC_LITE_CONFIGURED, RPROC_LITE_READY);
	next_state(_metadata, self, RPROC_LITE_READY, RPROC_LITE_RUNNING);

	ASSERT_EQ(0, driver_unbind(device));
	next_state(_metadata, self, RPROC_LITE_RUNNING, RPROC_LITE_STOPPED);
	next_state(_metadata, self, RPROC_LITE_STOPPED, RPROC_LITE_OFFLINE);
	next(_metadata, self, RPROC_LITE_CMD_REMOVED_NTF);
	EXPECT_EQ(0, family_get(&self->ask, REMOTE, &self->m));
	EXPECT_EQ(-ENODEV, self->m.error);

	ASSERT_EQ(0, driver_bind(device));
	self->seq = 0;
	next(_metadata, self, RPROC_LITE_CMD_ADDED_NTF);
	EXPECT_EQ(RPROC_LITE_OFFLINE, attr_u32(&self->m, RPROC_LITE_A_STATE));
	EXPECT_EQ(0, attr_u64(&self->m, RPROC_LITE_A_STATE_SEQ));
	EXPECT_STREQ(kind->backend, attr_str(&self->m, RPROC_LITE_A_BACKEND));
	EXPECT_STRNE("", attr_str(&self->m, RPROC_LITE_A_DETAIL));
	close(self->fd);
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	no_more(_metadata, self);
}

/* Who does not keep up is told, and learns the rest by asking. */
TEST_F(events, overrun)
{
	const int size = 4096;
	unsigned int i;
	int ret;

	setsockopt(self->heard.fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "notable")));
	for (i = 0; i < 40; i++) {
		ASSERT_DONE(remote_stop(self->fd, 0));
		ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "notable")));
	}
	do {
		ret = family_recv(&self->heard, &self->m, 0);
	} while (!ret);
	EXPECT_EQ(-ENOBUFS, ret);
	/* What there was room for is there still; of what is lost the answer knows. */
	while (!family_recv(&self->heard, &self->m, 0))
		if (attr_u32(&self->m, RPROC_LITE_A_ID) == REMOTE)
			self->seq = attr_u64(&self->m, RPROC_LITE_A_EVENT_SEQ);
	ASSERT_EQ(0, family_get(&self->ask, REMOTE, &self->m));
	EXPECT_LT(self->seq, attr_u64(&self->m, RPROC_LITE_A_EVENT_SEQ));
	EXPECT_EQ(RPROC_LITE_READY, attr_u32(&self->m, RPROC_LITE_A_STATE));
	self->seq = attr_u64(&self->m, RPROC_LITE_A_EVENT_SEQ);
	self->state_seq = attr_u64(&self->m, RPROC_LITE_A_STATE_SEQ);
	ASSERT_DONE(remote_stop(self->fd, 0));
	next_state(_metadata, self, RPROC_LITE_READY, RPROC_LITE_STOPPED);
}

/* Answers */

#define EXPECT_SAME(attr_name, value) do {				\
	EXPECT_NE(NULL, m->attr[RPROC_LITE_A_##attr_name])		\
		TH_LOG("no " #attr_name);				\
	EXPECT_EQ((value), sizeof(value) == 8 ?				\
		  attr_u64(m, RPROC_LITE_A_##attr_name) :		\
		  attr_u32(m, RPROC_LITE_A_##attr_name))		\
		TH_LOG(#attr_name);					\
} while (0)

static void same_verdict(struct __test_metadata *_metadata, const struct nlattr *nest,
			 const struct rproc_lite_verdict *v)
{
	static const struct {
		int attr;
		size_t offset, size;
	} parts[] = {
		{ RPROC_LITE_V_ERROR, offsetof(struct rproc_lite_verdict, error), 4 },
		{ RPROC_LITE_V_WHERE, offsetof(struct rproc_lite_verdict, where), 4 },
		{ RPROC_LITE_V_INDEX, offsetof(struct rproc_lite_verdict, index), 4 },
		{ RPROC_LITE_V_OFFSET, offsetof(struct rproc_lite_verdict, offset), 8 },
	};
	const struct nlattr *a;
	unsigned int i;

	ASSERT_NE(NULL, nest);
	for (i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		a = attr_nested(nest, parts[i].attr);
		ASSERT_NE(NULL, a);
		ASSERT_EQ(parts[i].size, attr_len(a));
		EXPECT_EQ(0, memcmp(attr_data(a), (const char *)v + parts[i].offset,
				    parts[i].size)) TH_LOG("part %d", parts[i].attr);
	}
	a = attr_nested(nest, RPROC_LITE_V_TEXT);
	ASSERT_NE(NULL, a);
	EXPECT_STREQ(v->text, (const char *)attr_data(a));
}

/* Each member of INFO, and nothing that only events have. */
static void same_as_info(struct __test_metadata *_metadata, const struct message *m,
			 const struct rproc_lite_info *i)
{
	int attr;

	EXPECT_EQ(RPROC_LITE_CMD_GET, m->cmd);
	EXPECT_SAME(ID, i->id);
	EXPECT_SAME(STATE, i->state);
	EXPECT_SAME(STATE_SEQ, i->state_seq);
	EXPECT_SAME(STATE_SINCE, i->state_since);
	EXPECT_SAME(OP, i->op);
	EXPECT_SAME(OP_PID, i->op_pid);
	EXPECT_SAME(OP_DONE, i->op_done);
	EXPECT_SAME(OP_TOTAL, i->op_total);
	EXPECT_SAME(CRASH, i->crash);
	EXPECT_SAME(CRASH_COUNT, i->crash_count);
	EXPECT_SAME(CRASH_SINCE, i->crash_since);
	EXPECT_SAME(RECOVERY, i->recovery);
	EXPECT_SAME(ATTEMPT, i->recovery_attempts);
	EXPECT_SAME(RECOVERED, i->recovered);
	EXPECT_SAME(FLAGS, i->flags);
	EXPECT_SAME(NUM_REGIONS, i->num_regions);
	EXPECT_SAME(NUM_PLACEMENTS, i->num_placements);
	EXPECT_SAME(NUM_ENTRIES, i->num_entries);
	EXPECT_SAME(NUM_TRACES, i->num_traces);
	EXPECT_SAME(NUM_VDEVS, i->num_vdevs);
	EXPECT_SAME(ELF_CLASS, i->elf_class);
	EXPECT_SAME(ELF_MACHINE, i->elf_machine);
	EXPECT_SAME(STOP_TIMEOUT_MS, i->stop_timeout_ms);
	EXPECT_SAME(ENTRY, i->entry);
	EXPECT_SAME(IMAGE_SIZE, i->image_size);
	EXPECT_SAME(TABLE_DA, i->table_da);
	EXPECT_SAME(TABLE_SIZE, i->table_size);
	EXPECT_SAME(DIGEST, i->digest);
	EXPECT_SAME(LOADED, i->loaded);
	EXPECT_SAME(KEPT, i->kept);
	EXPECT_STREQ(i->name, attr_str(m, RPROC_LITE_A_NAME));
	EXPECT_STREQ(i->backend, attr_str(m, RPROC_LITE_A_BACKEND));
	EXPECT_STREQ(i->detail, attr_str(m, RPROC_LITE_A_DETAIL));
	EXPECT_STREQ(i->image, attr_str(m, RPROC_LITE_A_IMAGE));
	EXPECT_EQ(!!(i->flags & RPROC_LITE_INFO_SHA256), !!m->attr[RPROC_LITE_A_SHA256]);
	if (m->attr[RPROC_LITE_A_SHA256]) {
		ASSERT_EQ(sizeof(i->sha256), attr_len(m->attr[RPROC_LITE_A_SHA256]));
		EXPECT_EQ(0, memcmp(i->sha256, attr_data(m->attr[RPROC_LITE_A_SHA256]),
				    sizeof(i->sha256)));
	}
	same_verdict(_metadata, m->attr[RPROC_LITE_A_LAST], &i->last);
	EXPECT_NE(NULL, m->attr[RPROC_LITE_A_EVENT_SEQ]);
	EXPECT_EQ(NULL, m->attr[RPROC_LITE_A_TIME]);
	for (attr = RPROC_LITE_A_DELAY_MS; attr <= RPROC_LITE_A_TRACE; attr++) {
		EXPECT_EQ(NULL, m->attr[attr]) TH_LOG("attribute %d", attr);
	}
	EXPECT_EQ(NULL, m->attr[RPROC_LITE_A_FROM]);
}

static void asked_both_ways(struct __test_metadata *_metadata, FIXTURE_DATA(events) *self)
{
	struct rproc_lite_info info;
	char attrs[64];
	size_t len = 0;

	ASSERT_EQ(0, remote_info(self->fd, &info));
	ASSERT_EQ(0, family_get(&self->ask, REMOTE, &self->m));
	same_as_info(_metadata, &self->m, &info);
	same_policy(_metadata, &self->m, self->fd);
	put_attr(attrs, &len, RPROC_LITE_A_NAME, "r0", 3);
	ASSERT_EQ(0, family_send(&self->ask, RPROC_LITE_CMD_GET, 0, attrs, len));
	ASSERT_EQ(0, family_recv(&self->ask, &self->m, REMOTE_PATIENCE));
	same_as_info(_metadata, &self->m, &info);
}

TEST_F(events, get)
{
	int image = remote_open_firmware(self->fd, "echo");

	ASSERT_LE(0, image);
	asked_both_ways(_metadata, self);
	ASSERT_DONE(remote_config(self->fd));
	asked_both_ways(_metadata, self);
	ASSERT_DONE(remote_load_flags(self->fd, image, RPROC_LITE_LOAD_SHA256));
	asked_both_ways(_metadata, self);
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	asked_both_ways(_metadata, self);
	close(image);
}

TEST_F(events, get_crashed)
{
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_CRASHED));
	asked_both_ways(_metadata, self);
	EXPECT_EQ(RPROC_LITE_CRASH_FIRMWARE, attr_u32(&self->m, RPROC_LITE_A_CRASH));
}

/* While an operation runs, too: who runs it, and how far it is. */
TEST_F(events, get_busy)
{
	struct job job;
	int ends[2];

	ASSERT_DONE(remote_config(self->fd));
	ASSERT_EQ(0, job_begin_load(&job, self->fd, ends));
	asked_both_ways(_metadata, self);
	EXPECT_EQ((uint32_t)job.pid, attr_u32(&self->m, RPROC_LITE_A_OP_PID));
	kill(job.pid, SIGKILL);
	close(ends[1]);
	close(ends[0]);
	ASSERT_EQ(0, job_end(&job, REMOTE_PATIENCE));
}

TEST_F(events, dump)
{
	struct rproc_lite_info info;
	bool seen[256] = { false };
	unsigned int num = 0, i;
	int fd;

	ASSERT_EQ(0, family_send(&self->ask, RPROC_LITE_CMD_GET, NLM_F_DUMP, NULL, 0));
	for (;;) {
		ASSERT_EQ(0, family_recv(&self->ask, &self->m, REMOTE_PATIENCE));
		EXPECT_TRUE(self->m.flags & NLM_F_MULTI);
		EXPECT_FALSE(self->m.flags & NLM_F_DUMP_INTR);
		if (self->m.type == NLMSG_DONE)
			break;
		ASSERT_EQ(self->ask.id, self->m.type);
		i = attr_u32(&self->m, RPROC_LITE_A_ID);
		ASSERT_GT(256, i);
		EXPECT_FALSE(seen[i]);
		seen[i] = true;
		num++;
		fd = remote_open(i, O_RDONLY);
		ASSERT_LE(0, fd);
		ASSERT_EQ(0, remote_info(fd, &info));
		same_as_info(_metadata, &self->m, &info);
		same_policy(_metadata, &self->m, fd);
		close(fd);
	}
	EXPECT_EQ(0, self->m.error);
	EXPECT_TRUE(seen[REMOTE]);
	for (i = 0; i < 256; i++) {
		fd = seen[i] ? -1 : remote_open(i, O_RDONLY);
		EXPECT_GT(0, fd) TH_LOG("r%u was left out", i);
	}
}

/* What nobody should send */

#define EXPECT_TOLD(err, words) do {					\
	ASSERT_EQ(0, family_recv(&self->ask, &self->m, REMOTE_PATIENCE)); \
	EXPECT_EQ(-(err), self->m.error);				\
	EXPECT_WORDS(words, self->m.text);				\
} while (0)

static void get_with(struct __test_metadata *_metadata, FIXTURE_DATA(events) *self,
		     uint16_t flags, uint16_t type, const void *data, size_t size)
{
	char attrs[1024];
	size_t len = 0;

	put_attr(attrs, &len, type, data, size);
	ASSERT_EQ(0, family_send(&self->ask, RPROC_LITE_CMD_GET, flags, attrs, len));
}

#define ATTRS_AT	(NLMSG_HDRLEN + GENL_HDRLEN)

TEST_F(events, hostile_attributes)
{
	const uint64_t id = REMOTE;
	const uint32_t nobody = 4711, minus_one = 0xffffffff;
	char name[RPROC_LITE_NAME_MAX + 1], attrs[64];
	size_t len = 0;

	memset(name, 'r', sizeof(name));
	get_with(_metadata, self, 0, RPROC_LITE_A_ID, &nobody, sizeof(nobody));
	EXPECT_TOLD(ENODEV, "no such remote");
	EXPECT_EQ(ATTRS_AT, self->m.offset);
	get_with(_metadata, self, 0, RPROC_LITE_A_ID, &minus_one, sizeof(minus_one));
	EXPECT_TOLD(ENODEV, "no such remote");
	get_with(_metadata, self, 0, RPROC_LITE_A_NAME, "r4711", 6);
	EXPECT_TOLD(ENODEV, "no such remote");
	get_with(_metadata, self, 0, RPROC_LITE_A_NAME, "", 1);
	EXPECT_TOLD(ENODEV, "no such remote");

	/* Wrong lengths, no end, flags that are another type's. */
	get_with(_metadata, self, 0, RPROC_LITE_A_ID, &id, 2);
	EXPECT_TOLD(EINVAL, "");
	get_with(_metadata, self, 0, RPROC_LITE_A_ID, &id, 8);
	EXPECT_TOLD(EINVAL, "");
	get_with(_metadata, self, 0, RPROC_LITE_A_ID, &id, 0);
	EXPECT_TOLD(EINVAL, "");
	get_with(_metadata, self, 0, RPROC_LITE_A_NAME, "r0", 2);
	EXPECT_TOLD(EINVAL, "");
	get_with(_metadata, self, 0, RPROC_LITE_A_NAME, "r0", 0);
	EXPECT_TOLD(EINVAL, "");
	get_with(_metadata, self, 0, RPROC_LITE_A_NAME, name, sizeof(name));
	EXPECT_TOLD(EINVAL, "");
	get_with(_metadata, self, 0, RPROC_LITE_A_ID | NLA_F_NESTED, &id, 4);
	EXPECT_TOLD(EINVAL, "");

	/* Those that only answers have, and those that nobody has. */
	get_with(_metadata, self, 0, RPROC_LITE_A_STATE, &id, 4);
	EXPECT_TOLD(EINVAL, "nknown attribute");
	get_with(_metadata, self, 0, RPROC_LITE_A_MAX + 1, &id, 4);
	EXPECT_TOLD(EINVAL, "nknown attribute");
	get_with(_metadata, self, 0, 0, &id, 4);
	EXPECT_TOLD(EINVAL, "");

	/* Which one, then? */
	ASSERT_EQ(0, family_send(&self->ask, RPROC_LITE_CMD_GET, 0, NULL, 0));
	EXPECT_TOLD(EINVAL, "which remote");
	EXPECT_EQ(RPROC_LITE_A_ID, self->m.missing);
	put_attr(attrs, &len, RPROC_LITE_A_ID, &id, 4);
	put_attr(attrs, &len, RPROC_LITE_A_NAME, "r0", 3);
	ASSERT_EQ(0, family_send(&self->ask, RPROC_LITE_CMD_GET, 0, attrs, len));
	EXPECT_TOLD(EINVAL, "the id says which");
	EXPECT_EQ(ATTRS_AT + 8, self->m.offset);
	get_with(_metadata, self, NLM_F_DUMP, RPROC_LITE_A_ID, &id, 4);
	EXPECT_TOLD(EINVAL, "a dump is of all");
	asked_both_ways(_metadata, self);
}

TEST_F(events, hostile_messages)
{
	struct {
		struct nlmsghdr h;
		struct genlmsghdr g;
		struct nlattr a;
		uint32_t id;
		char rest[64];
	} good = {
		.h = { .nlmsg_type = self->ask.id, .nlmsg_flags = NLM_F_REQUEST },
		.g = { .cmd = RPROC_LITE_CMD_GET, .version = RPROC_LITE_FAMILY_VERSION },
		.a = { .nla_len = 8, .nla_type = RPROC_LITE_A_ID },
		.id = REMOTE,
	}, msg = good;
	unsigned int cmd;

	ASSERT_EQ(0, family_send_raw(&self->ask, &msg, ATTRS_AT + 8));
	ASSERT_EQ(0, family_recv(&self->ask, &self->m, REMOTE_PATIENCE));
	ASSERT_EQ(self->ask.id, self->m.type);

	/* Nothing can be done by events, nor by what is no command. */
	for (cmd = 0; cmd < 256; cmd++) {
		if (cmd == RPROC_LITE_CMD_GET)
			continue;
		msg = good;
		msg.g.cmd = (uint8_t)cmd;
		ASSERT_EQ(0, family_send_raw(&self->ask, &msg, ATTRS_AT + 8));
		EXPECT_TOLD(EOPNOTSUPP, "");
	}
	msg = good;
	msg.g.reserved = 1;
	ASSERT_EQ(0, family_send_raw(&self->ask, &msg, ATTRS_AT + 8));
	EXPECT_TOLD(EINVAL, "");
	/* An attribute that is longer than the message, or too short to be one. */
	msg = good;
	msg.a.nla_len = 400;
	ASSERT_EQ(0, family_send_raw(&self->ask, &msg, ATTRS_AT + 8));
	EXPECT_TOLD(EINVAL, "");
	msg.a.nla_len = 2;
	ASSERT_EQ(0, family_send_raw(&self->ask, &msg, ATTRS_AT + 8));
	EXPECT_TOLD(EINVAL, "");
	/* Bytes that are left over. */
	msg = good;
	ASSERT_EQ(0, family_send_raw(&self->ask, &msg, ATTRS_AT + 8 + 2));
	EXPECT_TOLD(EINVAL, "");
	/* No generic header. */
	msg = good;
	ASSERT_EQ(0, family_send_raw(&self->ask, &msg, NLMSG_HDRLEN));
	EXPECT_TOLD(EINVAL, "");
	asked_both_ways(_metadata, self);
}

/* Whatever the bytes: an answer or a refusal, and the next question is answered. */
TEST_F_TIMEOUT(events, hostile_bytes, 300)
{
	unsigned int i, k, n = count_from_env(5000);
	union {
		struct nlmsghdr h;
		unsigned char b[128];
	} msg;
	size_t len;

	srandom(6);
	for (i = 0; i < n; i++) {
		for (k = 0; k < sizeof(msg); k++)
			msg.b[k] = (unsigned char)(random() % (i & 1 ? 256 : 10));
		len = ATTRS_AT + (size_t)random() % (sizeof(msg) - ATTRS_AT);
		msg.h.nlmsg_type = self->ask.id;
		msg.h.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | (i & 2 ? NLM_F_DUMP : 0);
		msg.b[NLMSG_HDRLEN] = RPROC_LITE_CMD_GET;
		if (i & 4) {
			msg.b[NLMSG_HDRLEN + 2] = 0;
			msg.b[NLMSG_HDRLEN + 3] = 0;
		}
		ASSERT_EQ(0, family_send_raw(&self->ask, &msg, len));
		do {
			ASSERT_EQ(0, family_recv(&self->ask, &self->m, REMOTE_PATIENCE));
		} while (self->m.type == self->ask.id);
		EXPECT_GE(0, self->m.error);
	}
	asked_both_ways(_metadata, self);
}

/* Who may ask */

static int in_child(int (*fn)(void))
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(fn());
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static int ask_as_nobody(void)
{
	struct family f;
	struct message m;

	if (setgid(65534) || setuid(65534) || family_open(&f) || family_join(&f) ||
	    family_get(&f, REMOTE, &m) || m.error || m.type != f.id)
		return 1;
	return attr_u32(&m, RPROC_LITE_A_ID) == REMOTE ? 0 : 2;
}

TEST_F(events, anybody)
{
	EXPECT_EQ(0, in_child(ask_as_nobody));
}

static int ask_from_elsewhere(void)
{
	struct family f;

	if (unshare(CLONE_NEWNET))
		return 1;
	return family_open(&f) == -ENOENT ? 0 : 2;
}

TEST_F(events, not_elsewhere)
{
	EXPECT_EQ(0, in_child(ask_from_elsewhere));
}

/* Uevents */

static int uevent_open(void)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);

	if (fd >= 0 && bind(fd, (struct sockaddr *)&to, sizeof(to))) {
		close(fd);
		fd = -errno;
	}
	return fd;
}

/* The next one of remote 0 that is a change, as lines. */
static int uevent_next(int fd, char *buf, size_t size)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n, i;

	while (poll(&p, 1, REMOTE_PATIENCE) > 0) {
		n = recv(fd, buf, size - 1, 0);
		if (n <= 0)
			return -errno;
		buf[n] = '\0';
		for (i = 0; i < n; i++)
			if (!buf[i])
				buf[i] = '\n';
		if (!strncmp(buf, "change@", 7) && strstr(buf, "/rproc_lite/rproc_lite0\n"))
			return 0;
	}
	return -ETIMEDOUT;
}

TEST_F(events, uevents)
{
	int fd = uevent_open();
	char buf[4096];

	ASSERT_LE(0, fd);
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_CRASHED));
	ASSERT_EQ(0, uevent_next(fd, buf, sizeof(buf)));
	EXPECT_WORDS("\nRPROC_LITE_EVENT=state\n", buf);
	EXPECT_WORDS("\nRPROC_LITE_STATE=Configured\n", buf);
	EXPECT_WORDS("\nRPROC_LITE_FROM=Offline\n", buf);
	EXPECT_WORDS("\nRPROC_LITE_NAME=r0\n", buf);
	EXPECT_WORDS("\nDEVNAME=rproc_lite0\n", buf);
	ASSERT_EQ(0, uevent_next(fd, buf, sizeof(buf)));
	EXPECT_WORDS("\nRPROC_LITE_STATE=Ready\n", buf);
	ASSERT_EQ(0, uevent_next(fd, buf, sizeof(buf)));
	EXPECT_WORDS("\nRPROC_LITE_STATE=Running\n", buf);
	ASSERT_EQ(0, uevent_next(fd, buf, sizeof(buf)));
	EXPECT_WORDS("\nRPROC_LITE_STATE=Crashed\n", buf);
	EXPECT_WORDS("\nRPROC_LITE_EVENT=state\n", buf);
	ASSERT_EQ(0, uevent_next(fd, buf, sizeof(buf)));
	EXPECT_WORDS("\nRPROC_LITE_EVENT=crash\n", buf);
	EXPECT_WORDS("\nRPROC_LITE_CRASH=firmware\n", buf);
	EXPECT_WORDS("\nRPROC_LITE_STATE=Crashed\n", buf);
	EXPECT_WORDS("\nRPROC_LITE_CRASH_COUNT=", buf);
	close(fd);
}

REMOTE_TEST_MAIN
