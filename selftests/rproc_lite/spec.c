// SPDX-License-Identifier: GPL-2.0-only
/*
 * A client that knows no more than Documentation/netlink/specs/rproc_lite.yaml, by the
 * kernel's own tools (ynl), hears and is answered what rprocctl is.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>

#include <ynl.h>

#include "kselftest_harness.h"
#include "command.h"
#include "remote.h"
#include "rproc_lite-user.h"
#include "watcher.h"

FIXTURE(spec)
{
	int fd;
	struct ynl_sock *ys;
	struct command_result r;
};

FIXTURE_SETUP(spec)
{
	struct ynl_error error;

	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	self->ys = ynl_sock_create(&ynl_rproc_lite_family, &error);
	ASSERT_NE(NULL, self->ys) TH_LOG("%s", error.msg);
}

FIXTURE_TEARDOWN(spec)
{
	EXPECT_DONE(remote_offline(self->fd));
	ynl_sock_destroy(self->ys);
	close(self->fd);
}

/* "name":value is in a line of rprocctl's. */
static void __attribute__((format(printf, 3, 4)))
says(struct __test_metadata *_metadata, const char *line, const char *fmt, ...)
{
	char words[512];
	va_list args;

	va_start(args, fmt);
	vsnprintf(words, sizeof(words), fmt, args);
	va_end(args);
	EXPECT_WORDS(words, line);
}

static void show(struct __test_metadata *_metadata, FIXTURE_DATA(spec) *self)
{
	const char *const argv[] = { "rprocctl", "show", "r0", "--json", NULL };

	command(argv, NULL, 0, &self->r);
	ASSERT_EQ(0, self->r.status) TH_LOG("%s", self->r.err);
}

static void same_answer(struct __test_metadata *_metadata, const char *line,
			const struct rproc_lite_get_rsp *a)
{
	says(_metadata, line, "\"name\":\"%s\"", a->name);
	says(_metadata, line, "\"id\":%u,", a->id);
	says(_metadata, line, "\"state\":\"%s\"", remote_state_name(a->state));
	says(_metadata, line, "\"state_seq\":%llu,", (unsigned long long)a->state_seq);
	says(_metadata, line, "\"backend\":\"%s\"", a->backend);
	says(_metadata, line, "\"detail\":\"%s\"", a->detail);
	says(_metadata, line, "\"traces\":%u,", a->num_traces);
	says(_metadata, line, "\"stop_timeout_ms\":%u,", a->stop_timeout_ms);
	says(_metadata, line, "\"crashes\":%u,", a->crash_count);
	says(_metadata, line, "\"recovery_attempts\":%u,", a->attempt);
	if (a->crash)
		says(_metadata, line, "\"last_crash\":\"%s\"", rproc_lite_crash_str(a->crash));
	if (a->last.error)
		says(_metadata, line, "\"text\":\"%s\"", a->last.text);
	if (!(a->flags & RPROC_LITE_INFO_IMAGE)) {
		says(_metadata, line, "\"image\":null");
		return;
	}
	says(_metadata, line, "\"image\":{\"name\":\"%s\"", a->image);
	says(_metadata, line, "\"machine_number\":%u,", a->elf_machine);
	says(_metadata, line, "\"entry\":%llu,", (unsigned long long)a->entry);
	says(_metadata, line, "\"memory_size\":%llu,", (unsigned long long)a->image_size);
	says(_metadata, line, "\"xxh64\":\"%016llx\"", (unsigned long long)a->digest);
	says(_metadata, line, "\"table\":{\"da\":%llu,\"size\":%u,\"entries\":%u}",
	     (unsigned long long)a->table_da, a->table_size, a->num_entries);
}

static void same_both_ways(struct __test_metadata *_metadata, FIXTURE_DATA(spec) *self)
{
	struct rproc_lite_get_req *rq = rproc_lite_get_req_alloc();
	struct rproc_lite_get_rsp *a;

	show(_metadata, self);
	rproc_lite_get_req_set_id(rq, REMOTE);
	a = rproc_lite_get(self->ys, rq);
	rproc_lite_get_req_free(rq);
	ASSERT_NE(NULL, a) TH_LOG("%s", self->ys->err.msg);
	same_answer(_metadata, self->r.out, a);
	rproc_lite_get_rsp_free(a);

	rq = rproc_lite_get_req_alloc();
	rproc_lite_get_req_set_name(rq, "r0");
	a = rproc_lite_get(self->ys, rq);
	rproc_lite_get_req_free(rq);
	ASSERT_NE(NULL, a) TH_LOG("%s", self->ys->err.msg);
	same_answer(_metadata, self->r.out, a);
	rproc_lite_get_rsp_free(a);
}

TEST_F(spec, get)
{
	same_both_ways(_metadata, self);
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_RUNNING));
	same_both_ways(_metadata, self);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_CRASHED));
	same_both_ways(_metadata, self);
}

TEST_F(spec, dump)
{
	struct rproc_lite_get_list *all = rproc_lite_get_dump(self->ys);
	unsigned int num = 0, listed = 0;
	const char *at;

	ASSERT_NE(NULL, all) TH_LOG("%s", self->ys->err.msg);
	command((const char *const[]){ "rprocctl", "list", "--json", NULL }, NULL, 0, &self->r);
	for (at = self->r.out; (at = strstr(at, "\"device\":")); at++)
		listed++;
	ynl_dump_foreach(all, one) {
		num++;
		says(_metadata, self->r.out, "\"name\":\"%s\"", one->name);
		if (one->id != REMOTE)
			continue;
		show(_metadata, self);
		same_answer(_metadata, self->r.out, one);
		command((const char *const[]){ "rprocctl", "list", "--json", NULL }, NULL, 0,
			&self->r);
	}
	EXPECT_EQ(listed, num);
	rproc_lite_get_list_free(all);
}

/* Every setting, in words where it has some: what rprocctl tells, the spec's client knows. */
static void same_settings(struct __test_metadata *_metadata, const char *line,
			  const struct rproc_lite_policy_settings *p)
{
	says(_metadata, line, "\"recovery\":\"%s\",", rproc_lite_recover_str(p->recovery));
	says(_metadata, line, "\"recovery_limit\":%u,", p->recovery_limit);
	says(_metadata, line, "\"recovery_delay_ms\":%u,", p->recovery_delay_ms);
	says(_metadata, line, "\"recovery_delay_max_ms\":%u,", p->recovery_delay_max_ms);
	says(_metadata, line, "\"recovery_window_ms\":%u,", p->recovery_window_ms);
	says(_metadata, line, "\"recovery_changed\":\"%s\",",
	     p->recovery_changed ? "allow" : "refuse");
	says(_metadata, line, "\"heartbeat_ms\":%u,", p->heartbeat_ms);
	says(_metadata, line, "\"heartbeat_misses\":%u,", p->heartbeat_misses);
	says(_metadata, line, "\"coredump\":\"%s\",", rproc_lite_coredump_str(p->coredump));
	says(_metadata, line, "\"coredump_timeout_ms\":%u,", p->coredump_timeout_ms);
	says(_metadata, line, "\"suspend\":\"%s\",", rproc_lite_sleep_str(p->suspend));
	says(_metadata, line, "\"suspend_timeout_ms\":%u,", p->suspend_timeout_ms);
	says(_metadata, line, "\"suspend_refused\":\"%s\",",
	     p->suspend_blocks ? "block" : "ignore");
	says(_metadata, line, "\"delegate\":\"%s\"}", rproc_lite_delegate_str(p->delegate));
}

static void policy_both_ways(struct __test_metadata *_metadata, FIXTURE_DATA(spec) *self)
{
	struct rproc_lite_get_req *rq = rproc_lite_get_req_alloc();
	struct rproc_lite_get_list *all;
	struct rproc_lite_get_rsp *a;
	unsigned int seen = 0;

	command((const char *const[]){ "rprocctl", "policy", "r0", "--json", NULL }, NULL, 0,
		&self->r);
	ASSERT_EQ(0, self->r.status) TH_LOG("%s", self->r.err);
	rproc_lite_get_req_set_id(rq, REMOTE);
	a = rproc_lite_get(self->ys, rq);
	rproc_lite_get_req_free(rq);
	ASSERT_NE(NULL, a) TH_LOG("%s", self->ys->err.msg);
	EXPECT_TRUE(!!a->_present.policy);
	same_settings(_metadata, self->r.out, &a->policy);
	rproc_lite_get_rsp_free(a);

	all = rproc_lite_get_dump(self->ys);
	ASSERT_NE(NULL, all) TH_LOG("%s", self->ys->err.msg);
	ynl_dump_foreach(all, one) {
		EXPECT_TRUE(!!one->_present.policy);
		if (one->id != REMOTE)
			continue;
		seen++;
		same_settings(_metadata, self->r.out, &one->policy);
	}
	EXPECT_EQ(1, seen);
	rproc_lite_get_list_free(all);
}

TEST_F(spec, policy)
{
	const char *const argv[] = {
		"rprocctl", "monitor", "r0", "--json", "--events", "now,policy", "-n", "2", NULL
	};
	struct ynl_ntf_base_type *ntf;
	struct watcher w;

	ASSERT_EQ(0, watcher_begin(&w, argv));
	/* When it has told how things are, it listens. */
	ASSERT_EQ(0, watcher_line(&w));
	ASSERT_EQ(0, ynl_subscribe(self->ys, "events")) TH_LOG("%s", self->ys->err.msg);
	/* No two settings are alike in both policies, nor is one as usual in both. */
	ASSERT_DONE(remote_set_policy(self->fd, "recovery=stop", "recovery-limit=9",
				      "recovery-delay-ms=8", "recovery-delay-max-ms=7",
				      "recovery-window-ms=6", "recovery-changed=allow",
				      "heartbeat-ms=5", "heartbeat-misses=4", "coredump=inline",
				      "coredump-timeout-ms=3", "suspend=ask",
				      "suspend-timeout-ms=2", "suspend-refused=block",
				      "delegate=none", NULL));
	policy_both_ways(_metadata, self);
	ASSERT_EQ(0, watcher_line(&w));
	ASSERT_EQ(0, ynl_ntf_check(self->ys)) TH_LOG("%s", self->ys->err.msg);
	ntf = ynl_ntf_dequeue(self->ys);
	ASSERT_NE(NULL, ntf);
	ASSERT_EQ(RPROC_LITE_CMD_POLICY_NTF, ntf->cmd);
	EXPECT_WORDS("{\"event\":\"policy\",\"name\":\"r0\",", w.line);
	same_settings(_metadata, w.line, &((struct rproc_lite_policy_ntf *)ntf)->obj.policy);
	ynl_ntf_free(ntf);

	ASSERT_DONE(remote_set_policy(self->fd, "recovery=restart", "coredump=copy",
				      "suspend=run", "suspend-refused=ignore",
				      "delegate=load", NULL));
	policy_both_ways(_metadata, self);
	EXPECT_EQ(0, watcher_end(&w, 0));
	EXPECT_DONE(remote_set_policy(self->fd, USUAL_POLICY, NULL));
}

/* The kernel's words reach whoever asks. */
TEST_F(spec, refused)
{
	struct rproc_lite_get_req *rq = rproc_lite_get_req_alloc();

	rproc_lite_get_req_set_name(rq, "nobody");
	EXPECT_EQ(NULL, rproc_lite_get(self->ys, rq));
	EXPECT_EQ(ENODEV, (int)self->ys->err.code);
	EXPECT_WORDS("there is no such remote", self->ys->err.msg);
	EXPECT_WORDS("name", self->ys->err.msg);
	rproc_lite_get_req_free(rq);
}

#define HEADER(n, kind)							\
	says(_metadata, line, "{\"event\":\"%s\",\"name\":\"%s\",\"id\":%u,\"event_seq\":%llu," \
	     "\"time_ns\":%llu,", kind, (n)->obj.name, (n)->obj.id,	\
	     (unsigned long long)(n)->obj.event_seq, (unsigned long long)(n)->obj.time)

#define STATE(n)							\
	says(_metadata, line, "\"state\":\"%s\",\"state_seq\":%llu",	\
	     remote_state_name((n)->obj.state), (unsigned long long)(n)->obj.state_seq)

/* False if it is of a kind that the monitor was not to tell of. */
static bool same_event(struct __test_metadata *_metadata, const char *line,
		       struct ynl_ntf_base_type *ntf)
{
	struct rproc_lite_state_ntf *state = (void *)ntf;
	struct rproc_lite_crash_ntf *crash = (void *)ntf;
	struct rproc_lite_virtio_ntf *virtio = (void *)ntf;

	switch (ntf->cmd) {
	case RPROC_LITE_CMD_STATE_NTF:
		HEADER(state, "state");
		STATE(state);
		says(_metadata, line, "\"from\":\"%s\"", remote_state_name(state->obj.from));
		return true;
	case RPROC_LITE_CMD_CRASH_NTF:
		HEADER(crash, "crash");
		STATE(crash);
		says(_metadata, line, "\"crash\":\"%s\",\"crashes\":%u",
		     rproc_lite_crash_str(crash->obj.crash), crash->obj.crash_count);
		says(_metadata, line, "\"text\":\"%s\"", crash->obj.last.text);
		return true;
	case RPROC_LITE_CMD_VIRTIO_NTF:
		HEADER(virtio, "virtio");
		STATE(virtio);
		says(_metadata, line, "\"vdev\":%u,\"role\":\"%s\",\"gone\":%s", virtio->obj.vdev,
		     rproc_lite_role_str(virtio->obj.role),
		     virtio->obj._present.gone ? "true" : "false");
		return true;
	default:
		return false;
	}
}

TEST_F(spec, events)
{
	const char *const argv[] = {
		"rprocctl", "monitor", "r0", "--json", "--events", "now,state,crash,virtio",
		"-n", "8", NULL
	};
	struct ynl_ntf_base_type *ntf;
	unsigned int lines = 0;
	struct watcher w;

	ASSERT_EQ(0, watcher_begin(&w, argv));
	/* When it has told how things are, it listens. */
	ASSERT_EQ(0, watcher_line(&w));
	EXPECT_WORDS("\"event\":\"now\"", w.line);
	ASSERT_EQ(0, ynl_subscribe(self->ys, "events")) TH_LOG("%s", self->ys->err.msg);
	/* Config, load, virtio, start, two of the crash, virtio, stop. */
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_CRASHED));
	ASSERT_DONE(remote_stop(self->fd, 0));
	ASSERT_EQ(0, watcher_line(&w));
	ASSERT_EQ(0, ynl_ntf_check(self->ys)) TH_LOG("%s", self->ys->err.msg);

	while ((ntf = ynl_ntf_dequeue(self->ys))) {
		if (same_event(_metadata, w.line, ntf)) {
			lines++;
			watcher_line(&w);
		}
		ynl_ntf_free(ntf);
	}
	EXPECT_EQ(8, lines);
	EXPECT_EQ(0, watcher_end(&w, 0));
}

REMOTE_TEST_MAIN
