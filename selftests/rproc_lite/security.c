// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who may do what: who may only read the device, who may write it, who may choose what runs
 * there, and to whom root delegates that. Documentation/threat-model.rst names these tests.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <linux/rproc_lite_rsc.h>

#include "kselftest_harness.h"
#include "command.h"
#include "guest.h"
#include "remote.h"
#include "segments.h"
#include "snapshot.h"
#include "user.h"

#define DEVICE	"/dev/rproc_lite0"

FIXTURE(security)
{
	int root;		/* opened by root, for writing */
	int user;		/* by a user of the group that may write it */
	int reader;		/* by one who may only read it */
	struct stat node;
	size_t page;
	struct rproc_lite_region shared;
	off_t shared_at;
};

FIXTURE_SETUP(security)
{
	ASSERT_EQ(0, stat(DEVICE, &self->node));
	ASSERT_EQ(0, chown(DEVICE, 0, GROUP));
	ASSERT_EQ(0, chmod(DEVICE, 0664));
	self->page = (size_t)sysconf(_SC_PAGESIZE);
	self->root = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->root);
	ASSERT_DONE(remote_offline(self->root));
	ASSERT_DONE(remote_remove_windows(self->root));
	ASSERT_DONE(remote_set_policy(self->root, "delegate=none", "recovery=none", NULL));
	self->user = remote_open_as(REMOTE, USER, GROUP, O_RDWR);
	ASSERT_LE(0, self->user);
	self->reader = remote_open_as(REMOTE, USER, USER, O_RDONLY);
	ASSERT_LE(0, self->reader);
	ASSERT_EQ(0, remote_region(self->root, 1, &self->shared));
	ASSERT_TRUE(self->shared.flags & RPROC_LITE_REGION_MAPPABLE);
	self->shared_at = (off_t)1 << RPROC_LITE_REGION_SHIFT;
}

FIXTURE_TEARDOWN(security)
{
	become(0, 0);
	EXPECT_DONE(remote_offline(self->root));
	EXPECT_DONE(remote_remove_windows(self->root));
	EXPECT_DONE(remote_set_policy(self->root, "delegate=none", "recovery=none", NULL));
	EXPECT_EQ(0, chown(DEVICE, self->node.st_uid, self->node.st_gid));
	EXPECT_EQ(0, chmod(DEVICE, self->node.st_mode & 07777));
	close(self->reader);
	close(self->user);
	close(self->root);
}

/* --- by the device node -------------------------------------------------------- */

TEST_F(security, node_decides_who_opens)
{
	EXPECT_EQ(-EACCES, remote_open_as(REMOTE, USER, USER, O_RDWR));
	EXPECT_EQ(-EACCES, remote_open_as(REMOTE, USER, USER, O_WRONLY));
	ASSERT_EQ(0, chmod(DEVICE, 0660));
	EXPECT_EQ(-EACCES, remote_open_as(REMOTE, USER, USER, O_RDONLY));
	/* As it is if nobody says otherwise. */
	EXPECT_EQ(0600, self->node.st_mode & 0777);
	EXPECT_EQ(0, self->node.st_uid);
}

/* --- who may only read ---------------------------------------------------------- */

/* What runs may write to its memory all the time: then that says nothing. */
static void leave_out_restless(struct snapshot *s, int fd)
{
	static struct snapshot again;
	unsigned int i;

	snapshot_take(&again, fd, true);
	for (i = 0; i < ARRAY_SIZE(s->memory); i++)
		if (s->memory[i] != again.memory[i])
			s->memory[i] = 0;
}

/* An argument that would do something, if it were allowed; what it points to stays. */
static void fill(int fd, unsigned long cmd, void *arg)
{
	static const char harmless[] = "recovery=restart\0coredump=copy";
	static char words[512];
	struct rproc_lite_config *config = arg;
	struct rproc_lite_load *load = arg;
	struct rproc_lite_set_rsc *set = arg;
	struct rproc_lite_mem_window *window = arg;
	struct rproc_lite_create_virtio *create = arg;
	struct rproc_lite_trace *trace = arg;
	struct rproc_lite_rsc *rsc = arg;
	struct rproc_lite_region region;

	switch (cmd) {
	case RPROC_LITE_IOC_SET_POLICY:
		config->data = (uintptr_t)harmless;
		config->data_len = sizeof(harmless);
		break;
	case RPROC_LITE_IOC_LOAD:
		strcpy(load->name, remote_firmware(fd, "echo"));
		break;
	case RPROC_LITE_IOC_SET_RSC:
		set->data = (uintptr_t)words;
		set->size = sizeof(struct rproc_lite_rsc_table);
		words[0] = RPROC_LITE_RSC_VERSION;
		set->da = RPROC_LITE_NO_DA;
		break;
	case RPROC_LITE_IOC_ADD_MEM:
	case RPROC_LITE_IOC_REMOVE_MEM:
		strcpy(window->name, "window");
		if (cmd == RPROC_LITE_IOC_ADD_MEM && !remote_region(fd, 1, &region)) {
			window->da = region.da;
			window->size = 0x1000;
		}
		break;
	case RPROC_LITE_IOC_CREATE_VIRTIO:
		create->timeout_ms = 0;
		break;
	case RPROC_LITE_IOC_TRACE:
		trace->data = (uintptr_t)words;
		trace->data_len = sizeof(words);
		trace->cursor = RPROC_LITE_TRACE_OLDEST;
		break;
	case RPROC_LITE_IOC_RSC:
		rsc->data = (uintptr_t)words;
		rsc->data_len = sizeof(words);
		break;
	}
}

static const unsigned long acts[] = {
	RPROC_LITE_IOC_ADD_MEM, RPROC_LITE_IOC_REMOVE_MEM, RPROC_LITE_IOC_CONFIG,
	RPROC_LITE_IOC_LOAD, RPROC_LITE_IOC_START, RPROC_LITE_IOC_STOP,
	RPROC_LITE_IOC_SHUTDOWN, RPROC_LITE_IOC_SET_RSC, RPROC_LITE_IOC_SUSPEND,
	RPROC_LITE_IOC_RESUME, RPROC_LITE_IOC_CREATE_VIRTIO, RPROC_LITE_IOC_REMOVE_VIRTIO,
	RPROC_LITE_IOC_SET_POLICY, RPROC_LITE_IOC_CRASH,
};

static const unsigned long asks[] = {
	RPROC_LITE_IOC_INFO, RPROC_LITE_IOC_REGION, RPROC_LITE_IOC_PLACEMENT,
	RPROC_LITE_IOC_RSC, RPROC_LITE_IOC_TRACE, RPROC_LITE_IOC_FIND,
	RPROC_LITE_IOC_VIRTIO, RPROC_LITE_IOC_POLICY,
};

static bool is_known(unsigned long cmd)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(acts); i++)
		if (acts[i] == cmd)
			return true;
	for (i = 0; i < ARRAY_SIZE(asks); i++)
		if (asks[i] == cmd)
			return true;
	return false;
}

/* All that there is, and all numbers and sizes that there may be some day. */
static void walk(struct __test_metadata *_metadata, int fd)
{
	static const unsigned int sizes[] = { 0, 4, 8, 64, 264, 272, 280, 312, 528, 808 };
	static const unsigned int ways[] = { _IOC_NONE, _IOC_READ, _IOC_WRITE,
		_IOC_READ | _IOC_WRITE };
	unsigned int nr, i, j;
	char arg[4096] __attribute__((aligned(8)));
	unsigned long cmd;

	for (i = 0; i < ARRAY_SIZE(acts); i++) {
		memset(arg, 0, sizeof(arg));
		fill(fd, acts[i], arg);
		EXPECT_EQ(-1, ioctl(fd, acts[i], arg));
		EXPECT_EQ(EBADF, errno) TH_LOG("ioctl 0x%lx", acts[i]);
	}
	for (i = 0; i < ARRAY_SIZE(asks); i++) {
		memset(arg, 0, sizeof(arg));
		fill(fd, asks[i], arg);
		if (ioctl(fd, asks[i], arg)) {
			EXPECT_EQ(ENOENT, errno) TH_LOG("ioctl 0x%lx", asks[i]);
		}
	}
	for (nr = 0; nr < 256; nr++) {
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			for (j = 0; j < ARRAY_SIZE(ways); j++) {
				cmd = _IOC(ways[j], RPROC_LITE_IOC, nr, sizes[i]);
				memset(arg, 0, sizeof(arg));
				if (is_known(cmd))
					continue;
				EXPECT_EQ(-1, ioctl(fd, cmd, arg));
				EXPECT_EQ(ENOTTY, errno) TH_LOG("ioctl 0x%lx", cmd);
			}
		}
	}
}

/* And by all else that a file can be used for. */
static void other_ways(struct __test_metadata *_metadata, int fd, off_t at, size_t page,
		       bool powered)
{
	char *p;

	EXPECT_EQ(-1, pwrite(fd, "x", 1, at));
	EXPECT_EQ(EBADF, errno);
	EXPECT_NE(0, ftruncate(fd, 0));
	EXPECT_NE(0, fallocate(fd, 0, 0, 1));
	EXPECT_EQ(MAP_FAILED, mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, fd, at));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, at));
	if (!powered)
		return;
	p = mmap(NULL, page, PROT_READ, MAP_SHARED, fd, at);
	ASSERT_NE(MAP_FAILED, p);
	EXPECT_NE(0, mprotect(p, page, PROT_READ | PROT_WRITE));
	EXPECT_EQ(EACCES, errno);
	EXPECT_NE(0, mprotect(p, page, PROT_READ | PROT_EXEC));
	munmap(p, page);
}

static int reach(int fd, uint32_t state)
{
	int ret;

	if (state != RPROC_LITE_SUSPENDED)
		return remote_reach(fd, state);
	ret = remote_reach(fd, RPROC_LITE_RUNNING);
	return ret ? ret : remote_suspend(fd, 0);
}

TEST_F(security, reader_changes_nothing)
{
	static struct snapshot before, after;
	const int readers[] = { self->reader, remote_open_as(REMOTE, 0, 0, O_RDONLY) };
	uint32_t state;
	unsigned int i;

	ASSERT_LE(0, readers[1]);
	/* To be given the right to load is not to be given the right to act. */
	ASSERT_DONE(remote_set_policy(self->root, "delegate=load", NULL));
	for (state = RPROC_LITE_OFFLINE; state <= RPROC_LITE_CRASHED; state++) {
		ASSERT_DONE(remote_offline(self->root));
		ASSERT_DONE(reach(self->root, state));
		snapshot_take(&before, self->root, true);
		if (state == RPROC_LITE_RUNNING || state == RPROC_LITE_SUSPENDED)
			leave_out_restless(&before, self->root);
		/* It runs on, and is told just now that its devices are gone. */
		if (state == RPROC_LITE_CRASHED)
			memset(before.memory, 0, sizeof(before.memory));
		for (i = 0; i < 2; i++) {
			if (!i)
				ASSERT_EQ(0, become(USER, USER));
			walk(_metadata, readers[i]);
			other_ways(_metadata, readers[i], self->shared_at, self->page,
				   state != RPROC_LITE_OFFLINE);
			ASSERT_EQ(0, become(0, 0));
		}
		snapshot_take(&after, self->root, true);
		for (i = 0; i < ARRAY_SIZE(after.memory); i++)
			if (!before.memory[i])
				after.memory[i] = 0;
		EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)))
			TH_LOG("something changed in %s", remote_state_name(state));
	}
	close(readers[1]);
}

/* --- who may write -------------------------------------------------------------- */

TEST_F(security, writer_runs_what_is_in_the_firmware_path)
{
	struct rproc_lite_info info;

	ASSERT_DONE(AS_USER(remote_config_with(self->user, "stop-timeout-ms=5000\0virtio=auto",
					       sizeof("stop-timeout-ms=5000\0virtio=auto"))));
	ASSERT_DONE(AS_USER(remote_load(self->user, remote_firmware(self->user, "echo"))));
	ASSERT_DONE(AS_USER(remote_start(self->user)));
	ASSERT_EQ(0, remote_wait_ready(self->user));
	EXPECT_DONE(AS_USER(remote_suspend(self->user, 0)));
	EXPECT_DONE(AS_USER(remote_resume(self->user)));
	EXPECT_DONE(AS_USER(remote_stop(self->user, REMOTE_PATIENCE)));
	EXPECT_DONE(AS_USER(remote_start(self->user)));
	EXPECT_DONE(AS_USER(remote_crash(self->user)));
	EXPECT_DONE(AS_USER(remote_set_policy(self->user, "recovery=none", "heartbeat-ms=0",
					      NULL)));
	EXPECT_DONE(AS_USER(remote_stop(self->user, REMOTE_PATIENCE)));
	EXPECT_DONE(AS_USER(remote_add_mem(self->user, "window", self->shared.da, 0x1000)));
	EXPECT_DONE(AS_USER(remote_remove_mem(self->user, "window")));
	EXPECT_DONE(AS_USER(remote_shutdown(self->user, REMOTE_PATIENCE)));
	EXPECT_EQ(0, AS_USER(remote_info(self->user, &info)));
	EXPECT_EQ(RPROC_LITE_OFFLINE, info.state);
}

#define EXPECT_FORBIDDEN(call) do {				\
	EXPECT_REFUSED(EPERM, call);				\
	EXPECT_WORDS("CAP_SYS_RAWIO", remote_said.text);	\
} while (0)

/* The image that is in the firmware path, but from a descriptor of whatever kind. */
static void loads_are_forbidden(struct __test_metadata *_metadata, int fd)
{
	int file = remote_open_firmware(fd, "echo"), ends[2];
	struct segments s;
	struct stat st;

	ASSERT_LE(0, file);
	ASSERT_EQ(0, fstat(file, &st));
	EXPECT_FORBIDDEN(remote_load_fd(fd, file));
	EXPECT_WORDS("descriptor", remote_said.text);
	EXPECT_FORBIDDEN(remote_load_flags(fd, file, RPROC_LITE_LOAD_KEEP));
	EXPECT_FORBIDDEN(remote_load_flags(fd, file, RPROC_LITE_LOAD_SHA256));
	close(file);
	ASSERT_EQ(0, segments_read(&s, fd, "echo"));
	file = memfd_of(s.file, s.size);
	EXPECT_FORBIDDEN(remote_load_fd(fd, file));
	close(file);
	file = pipe_of(s.file, s.size);
	EXPECT_FORBIDDEN(remote_load_fd(fd, file));
	EXPECT_FORBIDDEN(remote_load_flags(fd, file, RPROC_LITE_LOAD_KEEP));
	close(file);
	segments_free(&s);
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	EXPECT_FORBIDDEN(remote_load_fd(fd, ends[0]));
	close(ends[0]);
	close(ends[1]);
}

TEST_F(security, writer_loads_nothing_else)
{
	char table[4096];
	struct rproc_lite_info info;
	static const char *const names[] = {
		"../secret", "..", "rproc-lite/../../secret", "rproc-lite/..", "/../secret",
	};
	unsigned int i;

	ASSERT_EQ(0, become(USER, GROUP));
	ASSERT_DONE(remote_config(self->user));
	loads_are_forbidden(_metadata, self->user);
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		EXPECT_REFUSED(EINVAL, remote_load(self->user, names[i]));
		EXPECT_WORDS("leads out of the firmware path", remote_said.text);
	}
	/* An absolute path is one in there, too. */
	EXPECT_REFUSED(ENOENT, remote_load(self->user, "/init"));
	EXPECT_STATE(RPROC_LITE_CONFIGURED, self->user);

	/* The very table that it has. */
	ASSERT_DONE(remote_load(self->user, remote_firmware(self->user, "echo")));
	ASSERT_EQ(0, remote_info(self->user, &info));
	ASSERT_LT(info.table_size, sizeof(table));
	ASSERT_EQ((ssize_t)info.table_size,
		  pread(self->user, table, info.table_size,
			remote_offset(self->user, info.table_da, info.table_size)));
	EXPECT_FORBIDDEN(remote_set_rsc(self->user, table, info.table_size, info.table_da));
	EXPECT_FORBIDDEN(remote_set_rsc(self->user, table, info.table_size,
					RPROC_LITE_NO_DA));
	EXPECT_FORBIDDEN(remote_set_rsc(self->user, NULL, info.table_size, info.table_da));
	EXPECT_STATE(RPROC_LITE_READY, self->user);
	ASSERT_EQ(0, become(0, 0));
	EXPECT_DONE(remote_set_rsc(self->root, table, info.table_size, info.table_da));
}

/* Somewhere in an image there are bytes that nobody meant to be run. */
TEST_F(security, writer_does_not_choose_where_it_begins)
{
	static const char *const settings[] = {
		"boot-address=0x50000000", "load-address=0x50000000",
		"stop-timeout-ms=5000\0boot-address=0x50000000",
	};
	unsigned int i;

	ASSERT_EQ(0, become(USER, GROUP));
	for (i = 0; i < ARRAY_SIZE(settings); i++) {
		uint32_t len = (uint32_t)strlen(settings[i]) + 1;

		if (i == 2)
			len += (uint32_t)strlen(settings[i] + len) + 1;
		EXPECT_FORBIDDEN(remote_config_with(self->user, settings[i], len));
		EXPECT_WORDS("-address", remote_said.text);
		EXPECT_STATE(RPROC_LITE_OFFLINE, self->user);
	}
	EXPECT_EQ(sizeof("stop-timeout-ms=5000"), remote_said.offset);
	/* What is wrong anyway is told as before. */
	EXPECT_REFUSED(EINVAL, remote_config_with(self->user, "boot-address=x", 15));
	EXPECT_REFUSED(EINVAL, remote_config_with(self->user, "nonsense=1", 11));
}

static int write_by_proc(void *p)
{
	int mem = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
	ssize_t n;

	if (mem < 0)
		return -errno;
	n = pwrite(mem, "x", 1, (off_t)(uintptr_t)p);
	close(mem);
	return n < 0 ? -errno : (int)n;
}

TEST_F(security, writer_does_not_write_memory)
{
	char *p, was, is;

	ASSERT_EQ(0, become(USER, GROUP));
	ASSERT_DONE(remote_config(self->user));
	ASSERT_EQ(1, pread(self->user, &was, 1, self->shared_at));
	is = (char)~was;
	EXPECT_EQ(-1, pwrite(self->user, &is, 1, self->shared_at));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(-1, pwrite(self->user, &is, 1, 0));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, self->page, PROT_READ | PROT_WRITE, MAP_SHARED,
				   self->user, self->shared_at));
	EXPECT_EQ(EPERM, errno);
	EXPECT_EQ(MAP_FAILED, mmap(NULL, self->page, PROT_WRITE, MAP_SHARED, self->user,
				   self->shared_at));
	EXPECT_EQ(EPERM, errno);
	p = mmap(NULL, self->page, PROT_READ, MAP_SHARED, self->user, self->shared_at);
	ASSERT_NE(MAP_FAILED, p);
	EXPECT_EQ(was, *p);
	EXPECT_NE(0, mprotect(p, self->page, PROT_READ | PROT_WRITE));
	EXPECT_EQ(EACCES, errno);
	p = mremap(p, self->page, self->page, MREMAP_MAYMOVE | MREMAP_FIXED,
		   mmap(NULL, self->page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	EXPECT_NE(0, mprotect(p, self->page, PROT_WRITE));
	EXPECT_GT(0, write_by_proc(p));
	/* What was mapped without the right stays without it, whoever looks. */
	ASSERT_EQ(0, become(0, 0));
	EXPECT_NE(0, mprotect(p, self->page, PROT_READ | PROT_WRITE));
	EXPECT_GT(0, write_by_proc(p));
	ASSERT_EQ(1, pread(self->root, &is, 1, self->shared_at));
	EXPECT_EQ(was, is);
	munmap(p, self->page);
}

/* --- the right, and who has it --------------------------------------------------- */

/* Both ways in, by the one who calls. What fails for another reason shows nothing of a right. */
static bool may_load(int fd)
{
	int image = remote_open_firmware(fd, "echo");
	int ret = image < 0 ? image : remote_load_fd(fd, image);

	if (image >= 0)
		close(image);
	if (!ret)
		remote_stop(fd, 0);
	return ret != -EPERM;
}

static bool may_write(int fd, off_t at)
{
	return pwrite(fd, "x", 1, at) == 1 || errno != EPERM;
}

TEST_F(security, both_have_the_capability)
{
	int image;

	ASSERT_DONE(remote_config(self->root));
	EXPECT_EQ(1, pwrite(self->root, "x", 1, self->shared_at));
	image = remote_open_firmware(self->root, "echo");
	EXPECT_DONE(remote_load_fd(self->root, image));
	close(image);
	EXPECT_DONE(remote_stop(self->root, 0));
	/* One that was opened by somebody else. */
	EXPECT_FALSE(may_load(self->user));
	EXPECT_FALSE(may_write(self->user, self->shared_at));
	EXPECT_EQ(MAP_FAILED, mmap(NULL, self->page, PROT_WRITE, MAP_SHARED, self->user,
				   self->shared_at));
	EXPECT_FORBIDDEN(remote_set_policy(self->user, "delegate=load", NULL));
	/* One that was opened by root, and handed on. */
	ASSERT_EQ(0, become(USER, GROUP));
	EXPECT_FALSE(may_load(self->root));
	EXPECT_FALSE(may_write(self->root, self->shared_at));
	EXPECT_EQ(MAP_FAILED, mmap(NULL, self->page, PROT_WRITE, MAP_SHARED, self->root,
				   self->shared_at));
	EXPECT_FORBIDDEN(remote_set_policy(self->root, "delegate=load", NULL));
}

/* Root of a user namespace of its own has all capabilities, there. */
static int as_root_elsewhere(int inherited, int at_mb)
{
	off_t at = (off_t)at_mb << 20;
	int fd;

	if (become_for_good(USER, GROUP))
		return 100;
	if (unshare(CLONE_NEWUSER))
		return 101;
	fd = remote_open(REMOTE, O_RDWR);
	if (fd < 0)
		return 102;
	return may_load(fd) | may_write(fd, at) << 1 |
	       (remote_set_policy(fd, "delegate=load", NULL) != -EPERM) << 2 |
	       may_load(inherited) << 3 | may_write(inherited, at) << 4;
}

TEST_F(security, root_of_a_user_namespace_has_not)
{
	struct job job;

	if (access("/proc/self/ns/user", F_OK))
		SKIP(return, "no user namespaces in this kernel");
	/* Debian's own knob; others have none. */
	write_text("/proc/sys/kernel/unprivileged_userns_clone", "1");
	ASSERT_DONE(remote_config(self->root));
	ASSERT_EQ(0, job_begin(&job, as_root_elsewhere, self->root,
			       (int)(self->shared_at >> 20)));
	ASSERT_EQ(0, job_end(&job, REMOTE_PATIENCE));
	EXPECT_EQ(0, job.result->ret);
}

/* --- what root delegates ----------------------------------------------------------- */

TEST_F(security, only_root_delegates)
{
	struct rproc_lite_policy policy;

	ASSERT_EQ(0, remote_policy(self->root, &policy));
	EXPECT_EQ(RPROC_LITE_DELEGATE_NONE, policy.delegate);
	ASSERT_EQ(0, become(USER, GROUP));
	EXPECT_FORBIDDEN(remote_set_policy(self->user, "delegate=load", NULL));
	EXPECT_WORDS("setting delegate", remote_said.text);
	EXPECT_FORBIDDEN(remote_set_policy(self->user, "delegate=none", NULL));
	/* All or nothing. */
	EXPECT_FORBIDDEN(remote_set_policy(self->user, "recovery=stop", "delegate=load", NULL));
	ASSERT_EQ(0, remote_policy(self->user, &policy));
	EXPECT_EQ(RPROC_LITE_DELEGATE_NONE, policy.delegate);
	EXPECT_EQ(RPROC_LITE_RECOVER_NOT, policy.recovery);
	ASSERT_EQ(0, become(0, 0));
	EXPECT_REFUSED(EINVAL, remote_set_policy(self->root, "delegate=all", NULL));
	ASSERT_DONE(remote_set_policy(self->root, "delegate=load", NULL));
	/* Who was given the right can't give it, or take it away. */
	EXPECT_FORBIDDEN(AS_USER(remote_set_policy(self->user, "delegate=none", NULL)));
	ASSERT_EQ(0, remote_policy(self->root, &policy));
	EXPECT_EQ(RPROC_LITE_DELEGATE_LOAD, policy.delegate);
}

static bool touch(char *p);

TEST_F(security, delegated_writer_loads_and_writes)
{
	char settings[] = "boot-address=0xXXXXXXXX", table[4096];
	struct rproc_lite_info info;
	struct segments s;
	int file;
	char *p;

	ASSERT_DONE(remote_set_policy(self->root, "delegate=load", NULL));
	ASSERT_EQ(0, become(USER, GROUP));
	ASSERT_EQ(0, segments_read(&s, self->user, "echo"));
	snprintf(settings, sizeof(settings), "boot-address=0x%08llx",
		 (unsigned long long)s.entry);
	ASSERT_DONE(remote_config_with(self->user, settings, sizeof(settings)));
	file = pipe_of(s.file, s.size);
	ASSERT_DONE(remote_load_flags(self->user, file, RPROC_LITE_LOAD_KEEP));
	close(file);
	segments_free(&s);
	ASSERT_EQ(0, remote_info(self->user, &info));
	ASSERT_LT(info.table_size, sizeof(table));
	ASSERT_EQ((ssize_t)info.table_size,
		  pread(self->user, table, info.table_size,
			remote_offset(self->user, info.table_da, info.table_size)));
	EXPECT_DONE(remote_set_rsc(self->user, table, info.table_size, info.table_da));
	EXPECT_EQ(1, pwrite(self->user, "x", 1, self->shared_at));
	p = mmap(NULL, self->page, PROT_READ, MAP_SHARED, self->user, self->shared_at);
	ASSERT_NE(MAP_FAILED, p);
	EXPECT_EQ(0, mprotect(p, self->page, PROT_READ | PROT_WRITE));
	EXPECT_TRUE(touch(p));
	munmap(p, self->page);
	EXPECT_DONE(remote_start(self->user));
	EXPECT_EQ(0, remote_wait_ready(self->user));
	EXPECT_DONE(remote_stop(self->user, REMOTE_PATIENCE));
	EXPECT_DONE(remote_start(self->user));
	EXPECT_DONE(remote_shutdown(self->user, REMOTE_PATIENCE));
}

/* It is delegated to those who may write the device. */
TEST_F(security, delegated_reader_gets_nothing)
{
	ASSERT_DONE(remote_set_policy(self->root, "delegate=load", NULL));
	ASSERT_DONE(remote_config(self->root));
	ASSERT_EQ(0, become(USER, USER));
	EXPECT_REFUSED(EBADF, remote_load(self->reader, "rproc-lite/echo.elf"));
	other_ways(_metadata, self->reader, self->shared_at, self->page, true);
}

static sigjmp_buf bus;

static void on_bus(int sig)
{
	(void)sig;
	siglongjmp(bus, 1);
}

/* Can it be written to? */
static bool touch(char *p)
{
	struct sigaction sa = { .sa_handler = on_bus }, old;
	volatile bool alive = false;

	sigaction(SIGBUS, &sa, &old);
	if (!sigsetjmp(bus, 1)) {
		*(volatile char *)p = 'x';
		alive = true;
	}
	sigaction(SIGBUS, &old, NULL);
	return alive;
}

#define EXPECT_TAINTED(call) do {				\
	EXPECT_REFUSED(EPERM, call);				\
	EXPECT_WORDS("shut the remote down", remote_said.text);	\
} while (0)

/* Mappings go at once, and only those that came by it. */
TEST_F(security, delegation_ends_with_its_mappings)
{
	char *lent, *later, *own, c;

	ASSERT_DONE(remote_set_policy(self->root, "delegate=load", NULL));
	ASSERT_DONE(remote_config(self->root));
	own = mmap(NULL, self->page, PROT_READ | PROT_WRITE, MAP_SHARED, self->root,
		   self->shared_at);
	ASSERT_NE(MAP_FAILED, own);
	ASSERT_EQ(0, become(USER, GROUP));
	lent = mmap(NULL, self->page, PROT_READ | PROT_WRITE, MAP_SHARED, self->user,
		    self->shared_at);
	ASSERT_NE(MAP_FAILED, lent);
	later = mmap(NULL, self->page, PROT_READ, MAP_SHARED, self->user, self->shared_at);
	ASSERT_NE(MAP_FAILED, later);
	ASSERT_EQ(0, become(0, 0));
	EXPECT_TRUE(touch(own));
	EXPECT_TRUE(touch(lent));

	ASSERT_DONE(remote_set_policy(self->root, "delegate=none", NULL));
	EXPECT_TRUE(touch(own));
	EXPECT_FALSE(touch(lent));
	mprotect(later, self->page, PROT_READ | PROT_WRITE);
	EXPECT_FALSE(touch(later));
	EXPECT_FALSE(AS_USER(may_write(self->user, self->shared_at)));
	EXPECT_EQ(1, AS_USER(pread(self->user, &c, 1, self->shared_at)));
	munmap(own, self->page);
	munmap(lent, self->page);
	munmap(later, self->page);
}

/* What it may have led to: settings, an image, memory; all of it goes with SHUTDOWN. */
TEST_F(security, delegation_ends_with_what_it_led_to)
{
	uint32_t states[] = { RPROC_LITE_CONFIGURED, RPROC_LITE_READY, RPROC_LITE_STOPPED };
	unsigned int i;
	int file;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		ASSERT_DONE(remote_set_policy(self->root, "delegate=load", NULL));
		ASSERT_DONE(AS_USER(remote_reach(self->user, states[i])));
		ASSERT_DONE(remote_set_policy(self->root, "delegate=none", NULL));
		if (states[i] != RPROC_LITE_READY) {
			EXPECT_TAINTED(remote_load(self->root,
						   remote_firmware(self->root, "echo")));
		} else {
			EXPECT_TAINTED(remote_set_rsc(self->root, "x", 1, RPROC_LITE_NO_DA));
		}
		if (states[i] != RPROC_LITE_CONFIGURED)
			EXPECT_TAINTED(remote_start(self->root));
		EXPECT_STATE(states[i], self->root);
		ASSERT_DONE(remote_shutdown(self->root, 0));
		EXPECT_DONE(AS_USER(remote_run(self->user, "echo")));
		EXPECT_DONE(remote_offline(self->root));
	}
	/* Given again before that, all is well. */
	ASSERT_DONE(remote_set_policy(self->root, "delegate=load", NULL));
	ASSERT_DONE(AS_USER(remote_config(self->user)));
	file = remote_open_firmware(self->root, "echo");
	ASSERT_DONE(AS_USER(remote_load_fd(self->user, file)));
	close(file);
	ASSERT_DONE(remote_set_policy(self->root, "delegate=none", NULL));
	EXPECT_TAINTED(remote_start(self->root));
	ASSERT_DONE(remote_set_policy(self->root, "delegate=load", NULL));
	EXPECT_DONE(AS_USER(remote_start(self->user)));
}

/* What runs goes on, but is not started again of itself. */
TEST_F(security, delegation_ends_and_nothing_is_restarted)
{
	ASSERT_DONE(remote_set_policy(self->root, "delegate=load", "recovery=restart", NULL));
	ASSERT_DONE(AS_USER(remote_run(self->user, "echo")));
	ASSERT_DONE(remote_set_policy(self->root, "delegate=none", NULL));
	EXPECT_STATE(RPROC_LITE_RUNNING, self->root);
	EXPECT_DONE(remote_suspend(self->root, 0));
	EXPECT_DONE(remote_resume(self->root));
	ASSERT_DONE(remote_crash(self->root));
	EXPECT_EQ(0, remote_wait_recovery(self->root, RPROC_LITE_RECOVERY_GIVEN_UP));
	EXPECT_STATE(RPROC_LITE_CRASHED, self->root);
	EXPECT_DONE(remote_stop(self->root, REMOTE_PATIENCE));
	EXPECT_TAINTED(remote_start(self->root));
}

/* Until somebody has taken all that is in the pipe. */
static int wait_taken(int end)
{
	uint64_t over = now_ms() + REMOTE_PATIENCE;
	int bytes = -1;

	while (!ioctl(end, FIONREAD, &bytes) && bytes && now_ms() < over)
		usleep(1000);
	return bytes;
}

/* A load that was allowed when it began is of no use when it ends. */
TEST_F(security, delegation_ends_while_loading)
{
	const ssize_t first = 16;
	struct segments s;
	struct job job;
	int ends[2];

	ASSERT_DONE(remote_set_policy(self->root, "delegate=load", NULL));
	ASSERT_DONE(AS_USER(remote_config(self->user)));
	ASSERT_EQ(0, segments_read(&s, self->root, "echo"));
	ASSERT_EQ(0, AS_USER(job_begin_load(&job, self->user, ends)));
	/* Who reads has been let in. */
	ASSERT_EQ(first, write(ends[1], s.file, first));
	ASSERT_EQ(0, wait_taken(ends[1]));
	ASSERT_DONE(remote_set_policy(self->root, "delegate=none", NULL));
	close(ends[0]);
	ASSERT_EQ((ssize_t)s.size - first,
		  write(ends[1], s.file + first, s.size - (size_t)first));
	close(ends[1]);
	ASSERT_EQ(0, job_end(&job, REMOTE_PATIENCE));
	EXPECT_EQ(0, job.result->ret) TH_LOG("told: %s", remote_said.text);
	EXPECT_STATE(RPROC_LITE_READY, self->root);
	EXPECT_TAINTED(remote_start(self->root));
	segments_free(&s);
}

/* --- the tool ------------------------------------------------------------------- */

/* A whole process that is nobody else, and what it is told. */
static int run_tool(const char *const *argv, struct command_result *r)
{
	int status;
	pid_t pid;

	pid = fork();
	if (!pid) {
		if (become_for_good(USER, GROUP))
			_exit(126);
		command(argv, NULL, 0, r);
		_exit(r->status);
	}
	return waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

#define TOOL(...) run_tool((const char *const []){ "rprocctl", __VA_ARGS__, NULL }, r)

TEST_F(security, tool_of_a_user)
{
	struct command_result *r = mmap(NULL, sizeof(*r), PROT_READ | PROT_WRITE,
					MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char name[128], path[192], at[32];

	ASSERT_NE(MAP_FAILED, r);
	snprintf(name, sizeof(name), "%s", remote_firmware(self->root, "echo"));
	snprintf(path, sizeof(path), "/lib/firmware/%s", name);
	snprintf(at, sizeof(at), "0x%llx", (unsigned long long)self->shared.da);
	EXPECT_EQ(0, TOOL("config", "r0")) TH_LOG("%s", r->err);
	EXPECT_EQ(1, TOOL("load", "r0", path));
	EXPECT_WORDS("an image by descriptor: needs CAP_SYS_RAWIO", r->err);
	EXPECT_EQ(1, TOOL("mem", "write", "r0", at, path));
	EXPECT_WORDS("CAP_SYS_RAWIO", r->err);
	EXPECT_EQ(1, TOOL("policy", "r0", "delegate=load"));
	EXPECT_WORDS("CAP_SYS_RAWIO", r->err);
	EXPECT_EQ(0, TOOL("load", "r0", name)) TH_LOG("%s", r->err);
	EXPECT_EQ(0, TOOL("start", "r0")) TH_LOG("%s", r->err);
	EXPECT_EQ(0, TOOL("shutdown", "r0")) TH_LOG("%s", r->err);

	ASSERT_DONE(remote_set_policy(self->root, "delegate=load", NULL));
	EXPECT_EQ(0, TOOL("policy", "r0"));
	EXPECT_WORDS("load", strstr(r->out, "delegate"));
	EXPECT_EQ(0, TOOL("config", "r0")) TH_LOG("%s", r->err);
	EXPECT_EQ(0, TOOL("load", "r0", path)) TH_LOG("%s", r->err);
	EXPECT_EQ(0, TOOL("mem", "write", "r0", at, path)) TH_LOG("%s", r->err);
	EXPECT_EQ(0, TOOL("shutdown", "r0")) TH_LOG("%s", r->err);
	munmap(r, sizeof(*r));
}

REMOTE_TEST_MAIN
