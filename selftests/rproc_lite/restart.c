// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where images come from, and what is left of that when one is started again;
 * and what the variants of the test firmware are there to show.
 *
 * checkpatch: NAKED_SSCANF: ASSERT_EQ() does check it.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <linux/rproc_lite_rsc.h>

#include "kselftest_harness.h"
#include "remote.h"

FIXTURE(image)
{
	int fd;
};

FIXTURE_SETUP(image)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_config(self->fd));
}

FIXTURE_TEARDOWN(image)
{
	EXPECT_DONE(remote_offline(self->fd));
	close(self->fd);
}

/* It says hello, once, and stops when told. */
static void runs(struct __test_metadata *_metadata, int fd, const char *name)
{
	char hello[64];

	snprintf(hello, sizeof(hello), "%s: hello", name);
	ASSERT_DONE(remote_start(fd));
	ASSERT_EQ(0, remote_wait_ready(fd));
	EXPECT_STRNE("", remote_trace_with(fd, hello));
	EXPECT_EQ(1, remote_trace_count(fd, "hello"));
	ASSERT_DONE(remote_stop(fd, REMOTE_PATIENCE));
	EXPECT_EQ(1, remote_trace_count(fd, "bye"));
}

static uint32_t flags_of(int fd)
{
	struct rproc_lite_info info;

	return remote_info(fd, &info) ? 0 : info.flags;
}

/* A copy of a firmware file in one that can be changed. */
static int copy_firmware(int fd, const char *name, int to)
{
	int from = remote_open_firmware(fd, name);
	off_t size = from < 0 ? -1 : lseek(from, 0, SEEK_END);
	off_t at = 0;

	while (at < size)
		if (sendfile(to, from, &at, (size_t)(size - at)) <= 0)
			return -errno;
	close(from);
	return size < 0 ? -EIO : 0;
}

/* All of it, from a process that goes on after us. */
static void feed(struct __test_metadata *_metadata, int fd, const char *name, int in, int out)
{
	pid_t pid = fork();

	ASSERT_LE(0, pid);
	if (!pid) {
		close(in);
		_exit(copy_firmware(fd, name, out) ? 1 : 0);
	}
	close(out);
}

TEST_F(image, by_name)
{
	struct rproc_lite_info info;
	int i;

	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_STREQ(remote_firmware(self->fd, "echo"), info.image);
	for (i = 0; i < 3; i++)
		runs(_metadata, self->fd, "echo");
}

TEST_F(image, by_file)
{
	struct rproc_lite_info info;
	int file = remote_open_firmware(self->fd, "echo"), i;

	ASSERT_LE(0, file);
	/* Wherever it stands, it is read from its start, and stands there still. */
	ASSERT_EQ(1000, lseek(file, 1000, SEEK_SET));
	ASSERT_DONE(remote_load_fd(self->fd, file));
	EXPECT_EQ(1000, lseek(file, 0, SEEK_CUR));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_STREQ("by fd", info.image);
	/* It is held open. */
	close(file);
	for (i = 0; i < 3; i++)
		runs(_metadata, self->fd, "echo");
}

TEST_F(image, by_unlinked_file)
{
	int file = open("/tmp/firmware", O_RDWR | O_CREAT | O_TRUNC, 0600);

	ASSERT_LE(0, file);
	ASSERT_EQ(0, copy_firmware(self->fd, "echo", file));
	ASSERT_DONE(remote_load_fd(self->fd, file));
	ASSERT_EQ(0, unlink("/tmp/firmware"));
	close(file);
	runs(_metadata, self->fd, "echo");
	runs(_metadata, self->fd, "echo");
}

TEST_F(image, by_memfd)
{
	int file = memfd_create("firmware", 0);

	ASSERT_LE(0, file);
	ASSERT_EQ(0, copy_firmware(self->fd, "echo", file));
	ASSERT_DONE(remote_load_fd(self->fd, file));
	EXPECT_TRUE(flags_of(self->fd) & RPROC_LITE_INFO_RESTARTABLE);
	runs(_metadata, self->fd, "echo");
	runs(_metadata, self->fd, "echo");
	close(file);
}

/* It goes bad meanwhile: no start, and the state stays; good again, it starts. */
TEST_F(image, file_goes_bad)
{
	int file = memfd_create("firmware", 0);
	char was, bad = 'x';

	ASSERT_LE(0, file);
	ASSERT_EQ(0, copy_firmware(self->fd, "echo", file));
	ASSERT_DONE(remote_load_fd(self->fd, file));
	runs(_metadata, self->fd, "echo");
	ASSERT_EQ(1, pread(file, &was, 1, 0));
	ASSERT_EQ(1, pwrite(file, &bad, 1, 0));
	EXPECT_REFUSED(ENOEXEC, remote_start(self->fd));
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	ASSERT_EQ(1, pwrite(file, &was, 1, 0));
	runs(_metadata, self->fd, "echo");
	ASSERT_EQ(0, ftruncate(file, 5000));
	EXPECT_REFUSED(ENOEXEC, remote_start(self->fd));
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	runs(_metadata, self->fd, "echo");
	close(file);
}

/* What it became is what is started. */
TEST_F(image, file_becomes_another)
{
	int file = memfd_create("firmware", 0);

	ASSERT_LE(0, file);
	ASSERT_EQ(0, copy_firmware(self->fd, "echo", file));
	ASSERT_DONE(remote_load_fd(self->fd, file));
	runs(_metadata, self->fd, "echo");
	ASSERT_EQ(0, ftruncate(file, 0));
	ASSERT_EQ(0, lseek(file, 0, SEEK_SET));
	ASSERT_EQ(0, copy_firmware(self->fd, "vdevs", file));
	runs(_metadata, self->fd, "vdevs");
	close(file);
}

static void stream_runs_once(struct __test_metadata *_metadata, int fd, int ends[2])
{
	feed(_metadata, fd, "echo", ends[0], ends[1]);
	ASSERT_DONE(remote_load_fd(fd, ends[0]));
	close(ends[0]);
	EXPECT_FALSE(flags_of(fd) & RPROC_LITE_INFO_RESTARTABLE);
	runs(_metadata, fd, "echo");
	EXPECT_REFUSED(ESPIPE, remote_start(fd));
	EXPECT_WORDS("load it again", remote_said.text);
	EXPECT_STATE(RPROC_LITE_STOPPED, fd);
	/* The refusal has used up nothing. */
	ASSERT_DONE(remote_load(fd, remote_firmware(fd, "echo")));
	EXPECT_TRUE(flags_of(fd) & RPROC_LITE_INFO_RESTARTABLE);
	runs(_metadata, fd, "echo");
	runs(_metadata, fd, "echo");
}

TEST_F(image, by_pipe)
{
	int ends[2];

	ASSERT_EQ(0, pipe2(ends, O_CLOEXEC));
	stream_runs_once(_metadata, self->fd, ends);
}

TEST_F(image, by_socket)
{
	int ends[2];

	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	stream_runs_once(_metadata, self->fd, ends);
}

TEST_F(image, by_fifo)
{
	int ends[2];

	unlink("/tmp/fifo");
	ASSERT_EQ(0, mkfifo("/tmp/fifo", 0600));
	ends[0] = open("/tmp/fifo", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ASSERT_LE(0, ends[0]);
	ends[1] = open("/tmp/fifo", O_WRONLY | O_CLOEXEC);
	ASSERT_LE(0, ends[1]);
	ASSERT_EQ(0, unlink("/tmp/fifo"));
	stream_runs_once(_metadata, self->fd, ends);
}

/* Nothing of the image before shows through: neither memory nor what INFO says. */
TEST_F(image, one_after_another)
{
	const struct remote_kind *kind = remote_kind(self->fd);
	const char *const other = kind->elf_class == 2 ? "echo32" : "noecho";
	const char *const names[] = { "echo", "vdevs", "notable", other, "chatty" };
	struct rproc_lite_info info;
	unsigned int i;

	for (i = 0; i < 2 * ARRAY_SIZE(names); i++) {
		const char *name = names[i % (ARRAY_SIZE(names))];

		ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, name)));
		ASSERT_EQ(0, remote_info(self->fd, &info));
		EXPECT_STREQ(remote_firmware(self->fd, name), info.image);
		EXPECT_EQ(strcmp(name, "echo32") ? kind->elf_class : 1, info.elf_class);
		EXPECT_EQ(strcmp(name, "notable") != 0, info.num_traces == 1);
		ASSERT_DONE(remote_start(self->fd));
		ASSERT_EQ(0, remote_wait_ready(self->fd));
		ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	}
}

TEST_F(image, elf32)
{
	struct rproc_lite_info info;

	if (remote_kind(self->fd)->elf_class == 1)
		SKIP(return, "all of this remote's images are");
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo32")));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(1, info.elf_class);
	EXPECT_EQ(183, info.elf_machine);
	EXPECT_EQ(3, info.num_entries);
	runs(_metadata, self->fd, "echo32");
	runs(_metadata, self->fd, "echo32");
}

TEST_F(image, no_table)
{
	struct rproc_lite_rsc rsc = { 0 };
	struct rproc_lite_info info;
	char text[64];

	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "notable")));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(0, info.flags & RPROC_LITE_INFO_TABLE);
	EXPECT_EQ(0, info.table_da);
	EXPECT_EQ(0, info.table_size);
	EXPECT_EQ(0, info.num_entries);
	EXPECT_EQ(0, info.num_traces);
	EXPECT_EQ(-ENOENT, remote_trace(self->fd, 0, text, sizeof(text)));
	EXPECT_EQ(-ENOENT, remote_rsc(self->fd, &rsc));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	EXPECT_EQ(-ENOENT, remote_trace(self->fd, 0, text, sizeof(text)));
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
}

TEST_F(image, two_vdevs)
{
	struct {
		struct rproc_lite_rsc_vdev head;
		struct rproc_lite_rsc_vring ring[2];
	} __attribute__((packed)) vdev;
	struct rproc_lite_rsc rsc;
	struct rproc_lite_info info;
	uint32_t ids = 0, rings = 0, i, r;
	struct rproc_lite_placement p;

	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "vdevs")));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	ASSERT_EQ(4, info.num_entries);
	for (i = 2; i < 4; i++) {
		rsc = (struct rproc_lite_rsc){ .index = i, .data = (uintptr_t)&vdev,
					       .data_len = sizeof(vdev) };
		ASSERT_EQ(0, remote_rsc(self->fd, &rsc));
		EXPECT_EQ(RPROC_LITE_RSC_VDEV, rsc.type);
		ASSERT_EQ(sizeof(vdev), rsc.size);
		ASSERT_EQ(sizeof(vdev), rsc.data_len);
		EXPECT_EQ(7, vdev.head.id);
		for (r = 0; r < 2; r++) {
			EXPECT_NE(RPROC_LITE_RSC_ANY, vdev.ring[r].da);
			EXPECT_EQ(0, vdev.ring[r].da % 4096);
			ASSERT_GT(32, vdev.ring[r].notifyid);
			EXPECT_EQ(0, ids & 1U << vdev.ring[r].notifyid);
			ids |= 1U << vdev.ring[r].notifyid;
		}
	}
	for (i = 0; i < info.num_placements; i++) {
		ASSERT_EQ(0, remote_placement(self->fd, i, &p));
		rings += p.kind == RPROC_LITE_PLACED_VRING;
	}
	EXPECT_EQ(4, rings);
	runs(_metadata, self->fd, "vdevs");
}

/* The carveout and the trace buffer lie where the table says by now. */
TEST_F(image, addresses_chosen)
{
	struct rproc_lite_rsc_carveout carveout;
	struct rproc_lite_rsc_trace trace;
	struct rproc_lite_rsc rsc = { .data = (uintptr_t)&carveout, .data_len = sizeof(carveout) };
	struct rproc_lite_placement p;
	unsigned int i, found = 0;

	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	ASSERT_EQ(0, remote_rsc(self->fd, &rsc));
	EXPECT_EQ(RPROC_LITE_RSC_CARVEOUT, rsc.type);
	EXPECT_EQ(0x10000, carveout.len);
	EXPECT_STREQ("shared", (const char *)carveout.name);
	rsc = (struct rproc_lite_rsc){ .index = 1, .data = (uintptr_t)&trace,
				       .data_len = sizeof(trace) };
	ASSERT_EQ(0, remote_rsc(self->fd, &rsc));
	EXPECT_EQ(RPROC_LITE_RSC_TRACE, rsc.type);
	for (i = 0; !remote_placement(self->fd, i, &p); i++) {
		if (p.kind == RPROC_LITE_PLACED_CARVEOUT) {
			EXPECT_EQ(p.da, carveout.da);
			EXPECT_EQ(p.size, carveout.len);
			found++;
		}
		if (p.kind == RPROC_LITE_PLACED_TRACE) {
			EXPECT_EQ(p.da, trace.da);
			EXPECT_EQ(p.size, trace.len);
			found++;
		}
	}
	EXPECT_EQ(2, found);
}

static bool printable(const char *s)
{
	while (*s && ((*s >= ' ' && *s <= '~') || *s == '\n'))
		s++;
	return !*s;
}

/* Its trace comes round many times: what is left is the newest, in order, whole. */
TEST_F(image, trace_wraps)
{
	unsigned int line, last;
	char text[1024], *at;

	/* Nobody kicks it, or it would tell of that too. */
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_config_with(self->fd, "virtio=manual", sizeof("virtio=manual")));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "chatty")));
	ASSERT_DONE(remote_start(self->fd));
	/* That may have been read in pieces, while it came round: now it stands still. */
	ASSERT_STRNE("", remote_trace_with(self->fd, "line 1999\n"));
	ASSERT_LT(0, remote_trace(self->fd, 0, text, sizeof(text)));
	EXPECT_TRUE(printable(text)) TH_LOG("'%s'", text);
	/* All that the buffer holds but the NUL; the first line may be cut. */
	EXPECT_EQ(255, strlen(text));
	at = strchr(text, '\n');
	ASSERT_NE(NULL, at);
	ASSERT_EQ(1, sscanf(++at, "line %u\n", &last));
	for (; *at; at = strchr(at, '\n') + 1) {
		ASSERT_EQ(1, sscanf(at, "line %u\n", &line));
		EXPECT_EQ(last, line) TH_LOG("'%s'", text);
		last = line + 1;
	}
	EXPECT_EQ(2000, last);
}

/* Read while it is written, at any moment, it may tear; it is text none the less. */
TEST_F(image, trace_races)
{
	char text[512];
	bool done = false;
	unsigned int n = 0;
	uint64_t end;

	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "chatty")));
	ASSERT_DONE(remote_start(self->fd));
	for (end = now_ms() + REMOTE_PATIENCE; !done && now_ms() < end; n++) {
		ASSERT_LE(0, remote_trace(self->fd, 0, text, sizeof(text)));
		ASSERT_TRUE(printable(text)) TH_LOG("'%s'", text);
		done = strstr(text, "line 1999\n");
	}
	EXPECT_TRUE(done);
	printf("# read %u times\n", n);
}

REMOTE_TEST_MAIN
