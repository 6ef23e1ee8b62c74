// SPDX-License-Identifier: GPL-2.0-only
/*
 * What leaves the kernel: no address of its own, and nothing that happened to lie in its
 * memory. All answers are looked at, while there is much to tell: by ioctl, by netlink,
 * uevents, sysfs, tracepoints, the log, the tool's JSON; and what the remote sees of us.
 *
 * checkpatch: SPACING: FIXTURE_DATA(x) is a type. BRACES: the harness's macros are two
 * statements each.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <linux/netlink.h>
#include <linux/rproc_lite_rsc.h>

#include "kselftest_harness.h"
#include "command.h"
#include "family.h"
#include "guest.h"
#include "kmsg.h"
#include "remote.h"
#include "virtio_io.h"

#define POISON		0xa5
#define TRACING		"/sys/kernel/tracing/"

FIXTURE(leaks)
{
	int fd;
};

FIXTURE_SETUP(leaks)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_remove_windows(self->fd));
	ASSERT_EQ(0, virtio_drivers());
}

FIXTURE_TEARDOWN(leaks)
{
	EXPECT_DONE(remote_offline(self->fd));
	EXPECT_DONE(remote_remove_windows(self->fd));
	close(self->fd);
}

/*
 * On arm64 the kernel's half begins at 0xffff0000_00000000 (48 bits). Its last 2^40 bytes
 * hold no objects; what is up there are negative errnos and the number before them.
 */
static bool is_pointer(uint64_t word)
{
	return word >= 0xffff000000000000ULL && word < 0xffffff0000000000ULL;
}

/* Where there is one at a multiple of @step; or -1. */
static long find_pointer(const void *bytes, size_t len, size_t step)
{
	uint64_t word;
	size_t i;

	for (i = 0; i + sizeof(word) <= len; i += step) {
		memcpy(&word, (const char *)bytes + i, sizeof(word));
		if (is_pointer(word))
			return (long)i;
	}
	return -1;
}

/* The same in text: sixteen hexadecimal digits. */
static const char *find_pointer_in_text(const char *text)
{
	char digits[17] = "";
	size_t n;

	while (*text) {
		n = strspn(text, "0123456789abcdefABCDEF");
		if (n == 16) {
			memcpy(digits, text, 16);
			if (is_pointer(strtoull(digits, NULL, 16)))
				return text;
		}
		text += n ? n : 1;
	}
	return NULL;
}

#define EXPECT_NO_POINTER(bytes, len, step)				\
	EXPECT_EQ(-1, find_pointer(bytes, len, step))
#define EXPECT_NO_POINTER_IN_TEXT(where, text)				\
	EXPECT_EQ(NULL, find_pointer_in_text(text))			\
		TH_LOG("%s has: %.80s", where, find_pointer_in_text(text) ?: "")

TEST(what_a_pointer_looks_like)
{
	uint64_t words[3] = { 0x1234, 0xffff800012345678ULL, 0x5678 };

	EXPECT_EQ(8, find_pointer(words, sizeof(words), 4));
	words[1] = 0xffffffffffffffeaULL;
	EXPECT_EQ(-1, find_pointer(words, sizeof(words), 4));
	EXPECT_NE(NULL, find_pointer_in_text("it is 0xffff800012345678."));
	EXPECT_EQ(NULL, find_pointer_in_text("it is 0xffffffffffffffff, 0x840000000."));
}

static bool is(const void *bytes, size_t len, uint8_t what)
{
	const uint8_t *c = bytes;

	while (len && *c == what) {
		c++;
		len--;
	}
	return !len;
}

/* A string that ends, and nothing behind its end. */
static bool is_clean(const char *s, size_t size)
{
	size_t len = strnlen(s, size);

	return len < size && is(s + len, size - len, 0);
}

#define EXPECT_CLEAN(s)	EXPECT_TRUE(is_clean(s, sizeof(s)))

/* --- ioctls ------------------------------------------------------------------------ */

static void check_verdict(struct __test_metadata *_metadata,
			  const struct rproc_lite_verdict *v)
{
	EXPECT_NO_POINTER(v, sizeof(*v), 8);
	EXPECT_EQ(0, v->pad);
	EXPECT_CLEAN(v->text);
}

static void check_info(struct __test_metadata *_metadata, int fd)
{
	struct rproc_lite_policy policy;
	struct rproc_lite_info info;

	ASSERT_EQ(0, remote_info(fd, &info));
	EXPECT_NO_POINTER(&info, sizeof(info), 4);
	EXPECT_EQ(0, info.pad);
	EXPECT_CLEAN(info.name);
	EXPECT_CLEAN(info.backend);
	EXPECT_CLEAN(info.detail);
	EXPECT_CLEAN(info.image);
	if (!(info.flags & RPROC_LITE_INFO_SHA256)) {
		EXPECT_TRUE(is(info.sha256, sizeof(info.sha256), 0));
	}
	check_verdict(_metadata, &info.last);
	ASSERT_EQ(0, remote_policy(fd, &policy));
	EXPECT_NO_POINTER(&policy, sizeof(policy), 4);
	EXPECT_TRUE(is(policy.pad, sizeof(policy.pad), 0));
}

static void check_lists(struct __test_metadata *_metadata, int fd)
{
	struct rproc_lite_placement placement;
	struct rproc_lite_region region;
	struct rproc_lite_find find;
	struct rproc_lite_virtio v;
	uint32_t i;

	for (i = 0; !remote_region(fd, i, &region); i++) {
		EXPECT_NO_POINTER(&region, sizeof(region), 4);
		EXPECT_CLEAN(region.name);
		memset(&find, POISON, sizeof(find));
		find.by = RPROC_LITE_BY_DA;
		find.addr = region.da;
		find.len = 1;
		find.pad = 0;
		find.name[0] = '\0';
		find.name[sizeof(find.name) - 1] = '\0';
		ASSERT_EQ(0, remote_find(fd, &find));
		EXPECT_NO_POINTER(&find, sizeof(find), 4);
		EXPECT_CLEAN(find.name);
	}
	for (i = 0; !remote_placement(fd, i, &placement); i++) {
		EXPECT_NO_POINTER(&placement, sizeof(placement), 4);
		EXPECT_CLEAN(placement.name);
	}
	for (i = 0;; i++) {
		memset(&v, POISON, sizeof(v));
		v.index = i;
		if (ioctl(fd, RPROC_LITE_IOC_VIRTIO, &v))
			break;
		EXPECT_NO_POINTER(&v, sizeof(v), 4);
		EXPECT_EQ(0, v.pad);
		EXPECT_CLEAN(v.name);
	}
	EXPECT_LT(0, i);
}

/* What comes is what is told to come, and behind it all is as it was. */
static void check_buffers(struct __test_metadata *_metadata, int fd)
{
	static uint8_t buf[65536];
	struct rproc_lite_rsc rsc;
	struct rproc_lite_trace t;
	uint32_t i;

	for (i = 0;; i++) {
		memset(buf, POISON, sizeof(buf));
		rsc = (struct rproc_lite_rsc){ .index = i, .data = (uintptr_t)buf,
			.data_len = sizeof(buf) };
		if (remote_rsc(fd, &rsc))
			break;
		EXPECT_EQ(rsc.size, rsc.data_len);
		EXPECT_NO_POINTER(&rsc.index, offsetof(struct rproc_lite_rsc, data), 4);
		EXPECT_NO_POINTER(buf, rsc.data_len, 4);
		EXPECT_TRUE(is(buf + rsc.data_len, sizeof(buf) - rsc.data_len, POISON));
	}
	EXPECT_LT(1, i);
	for (i = 0;; i++) {
		memset(buf, POISON, sizeof(buf));
		memset(&t, 0, sizeof(t));
		memset(t.name, POISON, sizeof(t.name));
		t.index = i;
		t.cursor = RPROC_LITE_TRACE_OLDEST;
		t.data = (uintptr_t)buf;
		t.data_len = sizeof(buf);
		if (ioctl(fd, RPROC_LITE_IOC_TRACE, &t))
			break;
		EXPECT_CLEAN(t.name);
		EXPECT_NO_POINTER(buf, t.data_len, 1);
		EXPECT_TRUE(is(buf + t.data_len, sizeof(buf) - t.data_len, POISON));
	}
	EXPECT_LT(0, i);
}

TEST_F(leaks, what_ioctls_answer)
{
	struct rproc_lite_info info;
	uint32_t state;

	for (state = RPROC_LITE_OFFLINE; state <= RPROC_LITE_CRASHED; state++) {
		if (state == RPROC_LITE_SUSPENDED)
			continue;
		ASSERT_DONE(remote_offline(self->fd));
		ASSERT_DONE(remote_reach(self->fd, state));
		check_info(_metadata, self->fd);
		if (state >= RPROC_LITE_READY)
			check_buffers(_metadata, self->fd);
	}
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_EQ(0, virtio_run(self->fd, "serial", NULL));
	ASSERT_DONE(remote_add_mem(self->fd, "window", 0, 0) ? 0 : -1);
	check_verdict(_metadata, &remote_said);
	check_info(_metadata, self->fd);
	check_lists(_metadata, self->fd);
	check_buffers(_metadata, self->fd);
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(0, info.op_pid);
}

/* Each act, refused for one reason or another. */
TEST_F(leaks, what_verdicts_say)
{
	static const unsigned long acts[] = {
		RPROC_LITE_IOC_START, RPROC_LITE_IOC_STOP, RPROC_LITE_IOC_SUSPEND,
		RPROC_LITE_IOC_RESUME, RPROC_LITE_IOC_CRASH,
	};
	struct rproc_lite_create_virtio c = { .fd = -1 };
	struct rproc_lite_remove_virtio r = { 0 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(acts); i++) {
		struct rproc_lite_action a = { .flags = 1 };

		memset(&a.verdict, POISON, sizeof(a.verdict));
		EXPECT_EQ(-1, ioctl(self->fd, acts[i], &a));
		check_verdict(_metadata, &a.verdict);
		a.flags = 0;
		memset(&a.verdict, POISON, sizeof(a.verdict));
		/* Done or not. */
		ioctl(self->fd, acts[i], &a);
		check_verdict(_metadata, &a.verdict);
	}
	EXPECT_NE(0, remote_config_with(self->fd, "x=1", 4));
	check_verdict(_metadata, &remote_said);
	EXPECT_NE(0, remote_set_policy(self->fd, "x=1", NULL));
	check_verdict(_metadata, &remote_said);
	EXPECT_NE(0, remote_load(self->fd, "rproc-lite/none.elf"));
	check_verdict(_metadata, &remote_said);
	EXPECT_NE(0, remote_set_rsc(self->fd, "x", 1, 0));
	check_verdict(_metadata, &remote_said);
	memset(&c.verdict, POISON, sizeof(c.verdict));
	EXPECT_EQ(-1, ioctl(self->fd, RPROC_LITE_IOC_CREATE_VIRTIO, &c));
	EXPECT_EQ(-1, c.fd);
	check_verdict(_metadata, &c.verdict);
	memset(&r.verdict, POISON, sizeof(r.verdict));
	EXPECT_EQ(-1, ioctl(self->fd, RPROC_LITE_IOC_REMOVE_VIRTIO, &r));
	check_verdict(_metadata, &r.verdict);
}

/* --- netlink, uevents --------------------------------------------------------------- */

/* Attributes are padded to four bytes, with zeros; and hold no pointer. */
static void check_attributes(struct __test_metadata *_metadata, const struct nlattr *a,
			     size_t len)
{
	size_t size;

	for (; len >= NLA_HDRLEN; a = (const void *)((const char *)a + size), len -= size) {
		size = NLA_ALIGN(a->nla_len);
		ASSERT_LE(NLA_HDRLEN, a->nla_len);
		ASSERT_LE(size, len);
		EXPECT_TRUE(is((const char *)a + a->nla_len, size - a->nla_len, 0));
		EXPECT_NO_POINTER((const char *)a + NLA_HDRLEN, a->nla_len - NLA_HDRLEN, 4);
	}
}

static void check_message(struct __test_metadata *_metadata, const struct family *f)
{
	const struct nlmsghdr *h = (const void *)f->buf;
	size_t head = NLMSG_HDRLEN + 4;

	/* Not across attributes: half a time, behind a header, may look like one. */
	if (h->nlmsg_type == f->id)
		check_attributes(_metadata, (const void *)(f->buf + head), h->nlmsg_len - head);
	else
		EXPECT_NO_POINTER(f->buf, f->len, 4);
}

TEST_F(leaks, what_netlink_tells)
{
	struct family events, asks;
	unsigned int n = 0;
	struct message m;

	ASSERT_EQ(0, family_open(&events));
	ASSERT_EQ(0, family_join(&events));
	ASSERT_EQ(0, family_open(&asks));
	ASSERT_EQ(0, virtio_run(self->fd, "serial", NULL));
	ASSERT_EQ(0, family_get(&asks, REMOTE, &m));
	ASSERT_EQ(0, m.error);
	check_message(_metadata, &asks);
	ASSERT_DONE(remote_crash(self->fd));
	ASSERT_EQ(0, family_get(&asks, REMOTE, &m));
	check_message(_metadata, &asks);
	EXPECT_EQ(0, family_get(&asks, 77, &m));
	EXPECT_EQ(-ENODEV, m.error);
	check_message(_metadata, &asks);
	ASSERT_DONE(remote_offline(self->fd));
	while (!family_recv(&events, &m, n < 8 ? REMOTE_PATIENCE : 0)) {
		check_message(_metadata, &events);
		n++;
	}
	EXPECT_LE(8, n);
	family_close(&asks);
	family_close(&events);
}

TEST_F(leaks, what_uevents_tell)
{
	struct sockaddr_nl to = { .nl_family = AF_NETLINK, .nl_groups = 1 };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
	unsigned int ours = 0;
	char buf[8192];
	ssize_t len, i;

	ASSERT_EQ(0, bind(fd, (struct sockaddr *)&to, sizeof(to)));
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_CRASHED));
	ASSERT_DONE(remote_offline(self->fd));
	while ((len = recv(fd, buf, sizeof(buf) - 1, MSG_DONTWAIT)) > 0) {
		ours += !!memmem(buf, (size_t)len, "RPROC_LITE_EVENT", 16);
		buf[len] = '\0';
		for (i = 0; i < len; i++)
			if (!buf[i])
				buf[i] = '\n';
		EXPECT_NO_POINTER_IN_TEXT("a uevent", buf);
	}
	EXPECT_LE(5, ours);
	close(fd);
}

/* --- files, the log, the tool ---------------------------------------------------------- */

/* All regular files below, as who reads them sees them. */
static unsigned int check_files(struct __test_metadata *_metadata, const char *folder)
{
	DIR *dir = opendir(folder);
	static char text[65536];
	char path[PATH_MAX];
	unsigned int n = 0;
	struct dirent *d;
	struct stat st;

	ASSERT_NE(NULL, dir) TH_LOG("no %s", folder);
	while ((d = readdir(dir))) {
		if (d->d_name[0] == '.')
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, d->d_name);
		if (lstat(path, &st))
			continue;
		if (S_ISDIR(st.st_mode)) {
			n += check_files(_metadata, path);
		} else if (S_ISREG(st.st_mode) && (st.st_mode & 0444) &&
			   strcmp(d->d_name, "trace_pipe")) {
			if (read_text(path, text, sizeof(text)) < 0)
				continue;
			EXPECT_NO_POINTER_IN_TEXT(path, text);
			n++;
		}
	}
	closedir(dir);
	return n;
}

TEST_F(leaks, what_files_hold)
{
	ASSERT_EQ(0, virtio_run(self->fd, "serial", NULL));
	EXPECT_LT(3, check_files(_metadata, "/sys/class/rproc_lite/rproc_lite0/"));
	EXPECT_LT(3, check_files(_metadata, "/sys/class/rproc_lite/rproc_lite0/device/"));
	EXPECT_LT(3, check_files(_metadata, TRACING "events/rproc_lite"));
}

/* Their formats are looked at above; here is what they make of it. */
TEST_F(leaks, what_tracepoints_tell)
{
	static char text[262144];

	ASSERT_EQ(0, write_text(TRACING "events/rproc_lite/enable", "1"));
	ASSERT_EQ(0, virtio_run(self->fd, "serial", NULL));
	ASSERT_DONE(remote_crash(self->fd));
	ASSERT_DONE(remote_offline(self->fd));
	EXPECT_NE(0, remote_load(self->fd, "none"));
	ASSERT_EQ(0, write_text(TRACING "events/rproc_lite/enable", "0"));
	ASSERT_LT(0, read_text(TRACING "trace", text, sizeof(text)));
	EXPECT_WORDS("rproc_lite_state: r0 Offline -> Configured", text);
	EXPECT_WORDS("rproc_lite_crash: ", text);
	EXPECT_NO_POINTER_IN_TEXT("a tracepoint", text);
	write_text(TRACING "trace", "");
}

/* What root may read of it, and what was said since the kernel began. */
TEST_F(leaks, what_the_log_says)
{
	unsigned int ours = 0;
	char line[8192];
	int log = kmsg_open();

	ASSERT_LE(0, log);
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_CRASHED));
	while (kmsg_line(log, line, sizeof(line)) > 0) {
		if (!strstr(line, "rproc"))
			continue;
		EXPECT_NO_POINTER_IN_TEXT("the log", line);
		ours++;
	}
	EXPECT_LT(0, ours);
	close(log);
}

static void tool_says_none(struct __test_metadata *_metadata, const char *const *argv)
{
	static struct command_result r;

	command(argv, NULL, 0, &r);
	EXPECT_EQ(0, r.status) TH_LOG("%s %s: %s", argv[1], argv[2] ?: "", r.err);
	EXPECT_NO_POINTER_IN_TEXT(argv[2], r.out);
	EXPECT_NO_POINTER_IN_TEXT(argv[2], r.err);
}

#define TOOL_SAYS_NONE(...)						\
	tool_says_none(_metadata, (const char *const []){ "rprocctl", __VA_ARGS__, NULL })

TEST_F(leaks, what_the_tool_prints)
{
	ASSERT_EQ(0, virtio_run(self->fd, "serial", NULL));
	TOOL_SAYS_NONE("--json", "list");
	TOOL_SAYS_NONE("--json", "show", "r0");
	TOOL_SAYS_NONE("--json", "policy", "r0");
	TOOL_SAYS_NONE("--json", "mem", "list", "r0");
	TOOL_SAYS_NONE("--json", "rsc", "show", "r0");
	TOOL_SAYS_NONE("--json", "virtio", "list", "r0");
	TOOL_SAYS_NONE("show", "r0");
	TOOL_SAYS_NONE("rsc", "show", "r0");
	TOOL_SAYS_NONE("virtio", "list", "r0");
	ASSERT_DONE(remote_crash(self->fd));
	TOOL_SAYS_NONE("--json", "show", "r0");
}

/* --- the remote -------------------------------------------------------------------- */

/* All of its RAM, with zeros to begin with; the last bytes of a pipe's page are none of ours. */
static void fill_ram(struct __test_metadata *_metadata, int fd, bool look)
{
	static uint8_t piece[65536];
	struct rproc_lite_region r;
	uint64_t at;
	uint32_t i;
	off_t pos;
	ssize_t n;

	for (i = 0; !remote_region(fd, i, &r); i++) {
		if (r.flags & (RPROC_LITE_REGION_IO | RPROC_LITE_REGION_WINDOW))
			continue;
		for (at = 0; at < r.size; at += (uint64_t)n) {
			pos = ((off_t)i << RPROC_LITE_REGION_SHIFT) + (off_t)at;
			if (!look) {
				memset(piece, 0, sizeof(piece));
				n = pwrite(fd, piece, sizeof(piece), pos);
				ASSERT_LT(0, n);
				continue;
			}
			n = pread(fd, piece, sizeof(piece), pos);
			ASSERT_LT(0, n);
			EXPECT_NO_POINTER(piece, (size_t)n, 4)
				TH_LOG("in %s, from 0x%llx on", r.name, (unsigned long long)at);
		}
	}
}

TEST_F(leaks, what_the_remote_sees)
{
	char out[512];
	int port;

	ASSERT_DONE(remote_config(self->fd));
	fill_ram(_metadata, self->fd, false);
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "serial")));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	port = port_open(self->fd, O_RDWR);
	ASSERT_LE(0, port);
	memset(out, 'x', sizeof(out));
	ASSERT_EQ((ssize_t)sizeof(out), io_write(port, out, sizeof(out)));
	ASSERT_EQ(0, io_read_all(port, out, sizeof(out)));
	fill_ram(_metadata, self->fd, true);
	close(port);
}

REMOTE_TEST_MAIN
