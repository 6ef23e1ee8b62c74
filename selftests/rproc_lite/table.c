// SPDX-License-Identifier: GPL-2.0-only
/* A resource table of ours, in place of that which the image brought. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ioctl.h>

#include <linux/rproc_lite_rsc.h>

#include "kselftest_harness.h"
#include "remote.h"

#define ANY	RPROC_LITE_RSC_ANY

/* Laid out as the test firmware's own, so that it finds its trace buffer. */
struct table {
	struct rproc_lite_rsc_table head;
	uint32_t offset[3];
	struct rproc_lite_rsc_carveout carveout;
	struct rproc_lite_rsc_trace trace;
	struct rproc_lite_rsc_vdev vdev;
	struct rproc_lite_rsc_vring ring[2];
} __attribute__((packed));

static const struct table ours = {
	.head = { .ver = RPROC_LITE_RSC_VERSION, .num = 3 },
	.offset = {
		offsetof(struct table, carveout), offsetof(struct table, trace),
		offsetof(struct table, vdev),
	},
	.carveout = {
		.type = RPROC_LITE_RSC_CARVEOUT, .da = ANY, .pa = ANY, .len = 0x3000,
		.flags = 0xf1a95, .name = "ours",
	},
	.trace = { .type = RPROC_LITE_RSC_TRACE, .da = ANY, .len = 1024, .name = "mine" },
	.vdev = {
		.type = RPROC_LITE_RSC_VDEV, .id = 3, .notifyid = 77, .dfeatures = 0x12345678,
		.num_of_vrings = 2,
	},
	.ring = {
		{ .da = ANY, .align = 64, .num = 8, .notifyid = ANY },
		{ .da = ANY, .align = 4096, .num = 32, .notifyid = 9 },
	},
};

FIXTURE(table)
{
	int fd;
	struct rproc_lite_region code, shared;
	struct rproc_lite_info loaded;	/* INFO, after the load */
	off_t at;			/* of the image's table, in the device's file */
};

FIXTURE_SETUP(table)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_remove_windows(self->fd));
	ASSERT_EQ(0, remote_region(self->fd, 0, &self->code));
	ASSERT_EQ(0, remote_region(self->fd, 1, &self->shared));
	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_READY));
	ASSERT_EQ(0, remote_info(self->fd, &self->loaded));
	ASSERT_EQ(sizeof(ours), self->loaded.table_size);
	self->at = remote_offset(self->fd, self->loaded.table_da, sizeof(ours));
	ASSERT_LE(0, self->at);
}

FIXTURE_TEARDOWN(table)
{
	EXPECT_DONE(remote_offline(self->fd));
	EXPECT_DONE(remote_remove_windows(self->fd));
	close(self->fd);
}

/* The table in use, entry for entry; returns how many bytes of @to were not filled. */
static int read_back(int fd, void *to, size_t size)
{
	struct rproc_lite_rsc rsc;
	char entry[sizeof(struct table)];
	size_t got = offsetof(struct table, carveout);
	uint32_t i;

	for (i = 0;; i++) {
		rsc = (struct rproc_lite_rsc){ .index = i, .data = (uintptr_t)entry,
					       .data_len = sizeof(entry) };
		if (remote_rsc(fd, &rsc))
			break;
		if (rsc.size != rsc.data_len || rsc.offset + (size_t)rsc.size > size)
			return -1;
		memcpy((char *)to + rsc.offset, entry, rsc.size);
		got += rsc.size;
	}
	return (int)(size - got);
}

/* Every byte that the kernel may not write is as it was set; the others are filled in. */
static void equals(struct __test_metadata *_metadata, const struct table *set,
		   const struct table *got)
{
	struct table t = *got;

	EXPECT_NE(ANY, t.carveout.da);
	EXPECT_NE(ANY, t.carveout.pa);
	EXPECT_NE(ANY, t.trace.da);
	EXPECT_NE(ANY, t.ring[0].da);
	EXPECT_NE(ANY, t.ring[1].da);
	EXPECT_NE(ANY, t.ring[0].notifyid);
	t.carveout.da = set->carveout.da;
	t.carveout.pa = set->carveout.pa;
	t.trace.da = set->trace.da;
	t.ring[0].da = set->ring[0].da;
	t.ring[1].da = set->ring[1].da;
	t.ring[0].notifyid = set->ring[0].notifyid;
	EXPECT_EQ(0, memcmp(set, &t, sizeof(t)));
}

/* It is what RSC, INFO and PLACEMENT tell of. */
static void is_in_use(struct __test_metadata *_metadata, int fd, const struct table *set,
		      uint64_t da, struct table *got)
{
	struct rproc_lite_placement p;
	struct rproc_lite_info info;

	*got = *set;
	ASSERT_EQ(0, read_back(fd, got, sizeof(*got)));
	equals(_metadata, set, got);
	ASSERT_EQ(0, remote_info(fd, &info));
	EXPECT_TRUE(info.flags & RPROC_LITE_INFO_TABLE);
	EXPECT_EQ(da, info.table_da);
	EXPECT_EQ(sizeof(*set), info.table_size);
	EXPECT_EQ(3, info.num_entries);
	EXPECT_EQ(1, info.num_traces);
	ASSERT_EQ(0, remote_placed(fd, RPROC_LITE_PLACED_CARVEOUT, "ours", &p));
	EXPECT_EQ(got->carveout.da, p.da);
	EXPECT_EQ(0x3000, p.size);
	ASSERT_EQ(0, remote_placed(fd, RPROC_LITE_PLACED_TRACE, "mine", &p));
	EXPECT_EQ(got->trace.da, p.da);
	EXPECT_EQ(1024, p.size);
	ASSERT_EQ(0, remote_placed(fd, RPROC_LITE_PLACED_VRING, "vdev0vring1", &p));
	EXPECT_EQ(got->ring[1].da, p.da);
	EXPECT_EQ(-ENOENT, remote_placed(fd, RPROC_LITE_PLACED_TRACE, "log", &p));
	EXPECT_EQ(-ENOENT, remote_placed(fd, RPROC_LITE_PLACED_CARVEOUT, "shared", &p));
	EXPECT_EQ(da == RPROC_LITE_NO_DA ? -ENOENT : 0,
		  remote_placed(fd, RPROC_LITE_PLACED_TABLE, NULL, &p));
	EXPECT_EQ(0, remote_placed(fd, RPROC_LITE_PLACED_SEGMENT, NULL, &p));
}

/* The image's own table is in use, as it was after the load. */
static void is_as_loaded(struct __test_metadata *_metadata, int fd,
			 const struct rproc_lite_info *loaded)
{
	struct rproc_lite_placement p;
	struct rproc_lite_info info;

	ASSERT_EQ(0, remote_info(fd, &info));
	EXPECT_EQ(loaded->table_da, info.table_da);
	EXPECT_EQ(loaded->table_size, info.table_size);
	EXPECT_EQ(loaded->num_entries, info.num_entries);
	EXPECT_EQ(loaded->num_placements, info.num_placements);
	EXPECT_EQ(0, remote_placed(fd, RPROC_LITE_PLACED_TRACE, "log", &p));
	EXPECT_EQ(-ENOENT, remote_placed(fd, RPROC_LITE_PLACED_TRACE, "mine", &p));
}

TEST_F(table, nowhere)
{
	struct table got, before, after;

	ASSERT_EQ((ssize_t)sizeof(before), pread(self->fd, &before, sizeof(before), self->at));
	ASSERT_DONE(remote_set_rsc(self->fd, &ours, sizeof(ours), RPROC_LITE_NO_DA));
	is_in_use(_metadata, self->fd, &ours, RPROC_LITE_NO_DA, &got);
	/* The remote has not seen any of it. */
	ASSERT_EQ((ssize_t)sizeof(after), pread(self->fd, &after, sizeof(after), self->at));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
	EXPECT_STATE(RPROC_LITE_READY, self->fd);
}

/* What the image is, is not changed by its table. */
TEST_F(table, image_stays)
{
	struct rproc_lite_info info;

	ASSERT_DONE(remote_set_rsc(self->fd, &ours, sizeof(ours), RPROC_LITE_NO_DA));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_STREQ(self->loaded.image, info.image);
	EXPECT_EQ(self->loaded.digest, info.digest);
	EXPECT_EQ(self->loaded.entry, info.entry);
	EXPECT_EQ(self->loaded.image_size, info.image_size);
	EXPECT_EQ(self->loaded.loaded, info.loaded);
	EXPECT_EQ(self->loaded.state_seq, info.state_seq);
	EXPECT_EQ(self->loaded.flags, info.flags);
}

/* It runs with a table that it reads itself; and again, and again. */
static void runs_with(struct __test_metadata *_metadata, int fd, const struct table *set,
		      uint64_t da, off_t at)
{
	struct table got, in;
	int i;

	is_in_use(_metadata, fd, set, da, &got);
	for (i = 0; i < 3; i++) {
		ASSERT_EQ((ssize_t)sizeof(in), pread(fd, &in, sizeof(in), at));
		EXPECT_EQ(0, memcmp(&in, &got, sizeof(in)));
		ASSERT_DONE(remote_start(fd));
		ASSERT_EQ(0, remote_wait_ready(fd));
		EXPECT_STRNE("", remote_trace_with(fd, "hello"));
		ASSERT_DONE(remote_stop(fd, REMOTE_PATIENCE));
		EXPECT_EQ(1, remote_trace_count(fd, "hello"));
		EXPECT_EQ(1, remote_trace_count(fd, "bye"));
		is_in_use(_metadata, fd, set, da, &got);
	}
}

TEST_F(table, where_the_remote_reads_it)
{
	uint64_t da = self->loaded.table_da;

	ASSERT_DONE(remote_set_rsc(self->fd, &ours, sizeof(ours), da));
	runs_with(_metadata, self->fd, &ours, da, self->at);

	/* Gone with the next load. */
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	is_as_loaded(_metadata, self->fd, &self->loaded);
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	is_as_loaded(_metadata, self->fd, &self->loaded);
}

/* From the remote's memory: at an odd place of it, or where the image has its own. */
TEST_F(table, from_memory)
{
	uint64_t da = self->shared.da + 0x70001;
	off_t at = remote_offset(self->fd, da, sizeof(ours));
	struct table got, in;

	ASSERT_LE(0, at);
	ASSERT_EQ((ssize_t)sizeof(ours), pwrite(self->fd, &ours, sizeof(ours), at));
	ASSERT_DONE(remote_set_rsc(self->fd, NULL, sizeof(ours), da));
	is_in_use(_metadata, self->fd, &ours, da, &got);
	ASSERT_EQ((ssize_t)sizeof(in), pread(self->fd, &in, sizeof(in), at));
	EXPECT_EQ(0, memcmp(&in, &got, sizeof(in)));

	ASSERT_EQ((ssize_t)sizeof(ours), pwrite(self->fd, &ours, sizeof(ours), self->at));
	ASSERT_DONE(remote_set_rsc(self->fd, NULL, sizeof(ours), self->loaded.table_da));
	runs_with(_metadata, self->fd, &ours, self->loaded.table_da, self->at);
}

/* One after another; the last counts. */
TEST_F(table, set_again)
{
	struct table other = ours, got;
	int i;

	other.carveout.len = 0x3000;
	other.vdev.id = 5;
	other.ring[1].notifyid = 0;
	for (i = 0; i < 20; i++) {
		ASSERT_DONE(remote_set_rsc(self->fd, &ours, sizeof(ours), RPROC_LITE_NO_DA));
		is_in_use(_metadata, self->fd, &ours, RPROC_LITE_NO_DA, &got);
		ASSERT_DONE(remote_set_rsc(self->fd, &other, sizeof(other),
					   self->loaded.table_da));
		is_in_use(_metadata, self->fd, &other, self->loaded.table_da, &got);
		EXPECT_NE(got.ring[1].notifyid, got.ring[0].notifyid);
	}
}

/* What it chose is cleared: no rest of what was there is a surprise to the firmware. */
TEST_F(table, chosen_is_cleared)
{
	struct rproc_lite_placement p;
	char dirt[0x10000], in[0x3000];
	unsigned int i;
	off_t at;

	memset(dirt, 0xa5, sizeof(dirt));
	for (i = 0x8000; i < self->code.size; i += sizeof(dirt))
		pwrite(self->fd, dirt, sizeof(dirt), i);
	ASSERT_DONE(remote_set_rsc(self->fd, &ours, sizeof(ours), RPROC_LITE_NO_DA));
	ASSERT_EQ(0, remote_placed(self->fd, RPROC_LITE_PLACED_CARVEOUT, "ours", &p));
	at = remote_offset(self->fd, p.da, p.size);
	ASSERT_EQ((ssize_t)sizeof(in), pread(self->fd, in, sizeof(in), at));
	for (i = 0; i < sizeof(in); i++) {
		ASSERT_EQ(0, in[i]);
	}
}

TEST_F(table, image_without_one)
{
	struct rproc_lite_info info;
	struct table got;

	ASSERT_DONE(remote_stop(self->fd, 0));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "notable")));
	ASSERT_DONE(remote_set_rsc(self->fd, &ours, sizeof(ours), RPROC_LITE_NO_DA));
	is_in_use(_metadata, self->fd, &ours, RPROC_LITE_NO_DA, &got);
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	is_in_use(_metadata, self->fd, &ours, RPROC_LITE_NO_DA, &got);
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "notable")));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(0, info.flags & RPROC_LITE_INFO_TABLE);
}

/* An empty one, and the largest. */
TEST_F(table, extremes)
{
	struct rproc_lite_rsc_table empty = { .ver = RPROC_LITE_RSC_VERSION };
	struct rproc_lite_rsc rsc = { 0 };
	struct rproc_lite_info info;
	char *large;
	char text[16];

	ASSERT_DONE(remote_set_rsc(self->fd, &empty, sizeof(empty), RPROC_LITE_NO_DA));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_TRUE(info.flags & RPROC_LITE_INFO_TABLE);
	EXPECT_EQ(0, info.num_entries);
	EXPECT_EQ(0, info.num_traces);
	EXPECT_EQ(16, info.table_size);
	EXPECT_EQ(-ENOENT, remote_rsc(self->fd, &rsc));
	EXPECT_EQ(-ENOENT, remote_trace(self->fd, 0, text, sizeof(text)));

	large = calloc(1, RPROC_LITE_RSC_SIZE_MAX + 1);
	ASSERT_NE(NULL, large);
	memcpy(large, &ours, sizeof(ours));
	ASSERT_DONE(remote_set_rsc(self->fd, large, RPROC_LITE_RSC_SIZE_MAX, RPROC_LITE_NO_DA));
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(RPROC_LITE_RSC_SIZE_MAX, info.table_size);
	EXPECT_REFUSED(EINVAL, remote_set_rsc(self->fd, large, RPROC_LITE_RSC_SIZE_MAX + 1,
					      RPROC_LITE_NO_DA));
	EXPECT_WORDS("64 KiB", remote_said.text);
	EXPECT_REFUSED(EINVAL, remote_set_rsc(self->fd, large, UINT32_MAX, RPROC_LITE_NO_DA));
	free(large);
}

TEST_F(table, arguments)
{
	uint64_t end = self->shared.da + self->shared.size;
	struct rproc_lite_set_rsc s = { .data = (uintptr_t)&ours, .size = sizeof(ours),
					.da = RPROC_LITE_NO_DA };
	int reader = remote_open(REMOTE, O_RDONLY);
	const void *bad = (void *)(uintptr_t)1;
	uint32_t bit;

	EXPECT_REFUSED(EBADF, remote_set_rsc(reader, &ours, sizeof(ours), RPROC_LITE_NO_DA));
	close(reader);
	EXPECT_REFUSED(EINVAL, remote_set_rsc(self->fd, &ours, 0, RPROC_LITE_NO_DA));
	EXPECT_REFUSED(EINVAL, remote_set_rsc(self->fd, NULL, 0, self->shared.da));
	EXPECT_REFUSED(EINVAL, remote_set_rsc(self->fd, NULL, sizeof(ours), RPROC_LITE_NO_DA));
	EXPECT_EQ(-EFAULT, remote_set_rsc(self->fd, bad, sizeof(ours), RPROC_LITE_NO_DA));
	EXPECT_EQ(-EFAULT, remote_set_rsc(self->fd, (void *)-4096L, sizeof(ours),
					  RPROC_LITE_NO_DA));

	/* From and to where there is nothing, or not enough. */
	EXPECT_REFUSED(EINVAL, remote_set_rsc(self->fd, NULL, sizeof(ours), 4096));
	EXPECT_EQ(RPROC_LITE_AT_REGION, remote_said.where);
	EXPECT_REFUSED(EINVAL, remote_set_rsc(self->fd, NULL, sizeof(ours), end));
	EXPECT_REFUSED(EINVAL, remote_set_rsc(self->fd, NULL, sizeof(ours),
					      end - sizeof(ours) + 1));
	EXPECT_REFUSED(EINVAL, remote_set_rsc(self->fd, NULL, sizeof(ours), UINT64_MAX - 1));
	EXPECT_REFUSED(EINVAL, remote_set_rsc(self->fd, &ours, sizeof(ours), UINT64_MAX - 1));
	EXPECT_REFUSED(EINVAL, remote_set_rsc(self->fd, &ours, sizeof(ours), 4096));
	EXPECT_REFUSED(EINVAL, remote_set_rsc(self->fd, &ours, sizeof(ours),
					      end - sizeof(ours) + 1));
	EXPECT_WORDS("in no region", remote_said.text);

	for (bit = 0; bit < 32; bit++) {
		s.flags = 1U << bit;
		EXPECT_EQ(-1, ioctl(self->fd, RPROC_LITE_IOC_SET_RSC, &s));
		EXPECT_EQ(EINVAL, errno);
		EXPECT_WORDS("flags", s.verdict.text);
	}
	is_as_loaded(_metadata, self->fd, &self->loaded);
	EXPECT_DONE(remote_set_rsc(self->fd, &ours, sizeof(ours), end - sizeof(ours)));
}

/* What is wrong with a table, and where that is told. */
static const struct bad {
	const char *what;
	size_t at;		/* a word of it */
	uint32_t value;		/* that becomes this */
	int error;
	uint32_t where;
	uint32_t index;
	uint64_t offset;
} bads[] = {
	{ "version", 0, 2, EINVAL, RPROC_LITE_AT_TABLE, RPROC_LITE_NO_INDEX, 0 },
	{ "entries", 4, 1000, EINVAL, RPROC_LITE_AT_TABLE, RPROC_LITE_NO_INDEX, 4 },
	{ "offsets", 4, 100, EINVAL, RPROC_LITE_AT_TABLE, RPROC_LITE_NO_INDEX, 4 },
	{ "reserved", 12, 1, EINVAL, RPROC_LITE_AT_TABLE, RPROC_LITE_NO_INDEX, 12 },
	{ "past its", 20, 0x10000, EINVAL, RPROC_LITE_AT_TABLE, RPROC_LITE_NO_INDEX, 20 },
	{ "within the header", 24, 16, EINVAL, RPROC_LITE_AT_TABLE, RPROC_LITE_NO_INDEX, 24 },
	{ "overlaps", 20, 28, EINVAL, RPROC_LITE_AT_ENTRY, 1, 28 },
	{ "unknown type", offsetof(struct table, trace.type), 4, EINVAL,
	  RPROC_LITE_AT_ENTRY, 1, offsetof(struct table, trace.type) },
	{ "length 0", offsetof(struct table, carveout.len), 0, EINVAL,
	  RPROC_LITE_AT_ENTRY, 0, offsetof(struct table, carveout.len) },
	{ "no region", offsetof(struct table, carveout.da), 0x1000, EINVAL,
	  RPROC_LITE_AT_ENTRY, 0, offsetof(struct table, carveout.da) },
	{ "no room", offsetof(struct table, carveout.len), 0x800000, ENOSPC,
	  RPROC_LITE_AT_ENTRY, 0, offsetof(struct table, carveout) },
	{ "alignment", offsetof(struct table, ring[1].align), 3, EINVAL,
	  RPROC_LITE_AT_ENTRY, 2, offsetof(struct table, ring[1].align) },
	{ "buffers", offsetof(struct table, ring[0].num), 3, EINVAL,
	  RPROC_LITE_AT_ENTRY, 2, offsetof(struct table, ring[0].num) },
	{ "notify id 9 is taken", offsetof(struct table, ring[0].notifyid), 9, EINVAL,
	  RPROC_LITE_AT_ENTRY, 2, offsetof(struct table, ring[1].notifyid) },
	{ "config", offsetof(struct table, vdev.config_len), 1, EINVAL,
	  RPROC_LITE_AT_ENTRY, 2, offsetof(struct table, vdev) },
};

static void bad_ones(struct __test_metadata *_metadata, int fd, bool from_memory, uint64_t da)
{
	const void *from;
	unsigned int i;
	struct table t;
	off_t at = remote_offset(fd, da, sizeof(t));

	for (i = 0; i < sizeof(bads) / sizeof(bads[0]); i++) {
		const struct bad *b = &bads[i];

		t = ours;
		memcpy((char *)&t + b->at, &b->value, 4);
		from = from_memory ? NULL : &t;
		if (from_memory)
			ASSERT_EQ((ssize_t)sizeof(t), pwrite(fd, &t, sizeof(t), at));
		EXPECT_REFUSED(b->error, remote_set_rsc(fd, from, sizeof(t), da));
		EXPECT_EQ(b->where, remote_said.where) TH_LOG("%s", b->what);
		EXPECT_EQ(b->index, remote_said.index) TH_LOG("%s", b->what);
		EXPECT_EQ(b->offset, remote_said.offset) TH_LOG("%s", b->what);
		if (strcmp(b->what, "config"))
			EXPECT_WORDS(b->what, remote_said.text);
	}
	EXPECT_STATE(RPROC_LITE_READY, fd);
}

/* Refused, and whichever was in use is in use. */
TEST_F(table, bad)
{
	struct table before, after;
	uint64_t da = self->shared.da + 0x80000;

	ASSERT_EQ((ssize_t)sizeof(before), pread(self->fd, &before, sizeof(before), self->at));
	bad_ones(_metadata, self->fd, false, self->loaded.table_da);
	is_as_loaded(_metadata, self->fd, &self->loaded);
	bad_ones(_metadata, self->fd, true, da);
	is_as_loaded(_metadata, self->fd, &self->loaded);
	/* Nor did any of it come to where the remote reads its own. */
	ASSERT_EQ((ssize_t)sizeof(after), pread(self->fd, &after, sizeof(after), self->at));
	EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));

	ASSERT_DONE(remote_set_rsc(self->fd, &ours, sizeof(ours), self->loaded.table_da));
	bad_ones(_metadata, self->fd, false, self->loaded.table_da);
	runs_with(_metadata, self->fd, &ours, self->loaded.table_da, self->at);
}

/*
 * What a table may say, and Linux's drivers can't have: then there is no device, and as long as
 * there has to be one, no start.
 */
TEST_F(table, rings_for_no_driver)
{
	static const struct {
		uint32_t id, num[2];
		bool odd;
		const char *words;
	} with[] = {
		{ 3, { 1, 32 }, false, "vdev0vring0: a ring of one buffer" },
		{ 3, { 8, 1 }, false, "vdev0vring1: a ring of one buffer" },
		{ 7, { 8, 32 }, false, "rings of one size, not of 8 and 32" },
		{ 7, { 8, 8 }, true, "not aligned to 16 bytes" },
	};
	struct table t;
	unsigned int i;

	for (i = 0; i < sizeof(with) / sizeof(with[0]); i++) {
		t = ours;
		t.vdev.id = with[i].id;
		t.ring[0].num = with[i].num[0];
		t.ring[1].num = with[i].num[1];
		if (with[i].odd) {
			t.ring[0].align = 4;
			t.ring[0].da = (uint32_t)self->shared.da + 0x80004;
		}
		ASSERT_DONE(remote_set_rsc(self->fd, &t, sizeof(t), self->loaded.table_da));
		EXPECT_REFUSED(EINVAL, remote_start(self->fd));
		EXPECT_EQ(RPROC_LITE_AT_RING, remote_said.where);
		EXPECT_WORDS(with[i].words, remote_said.text);
		EXPECT_STATE(RPROC_LITE_READY, self->fd);
	}
}

/* Its end is wherever it is said to be. */
TEST_F(table, cut_anywhere)
{
	uint32_t size;

	for (size = 1; size < sizeof(ours); size++) {
		char *exact = malloc(size);

		memcpy(exact, &ours, size);
		EXPECT_REFUSED(EINVAL, remote_set_rsc(self->fd, exact, size, RPROC_LITE_NO_DA));
		free(exact);
	}
	is_as_loaded(_metadata, self->fd, &self->loaded);
}

TEST_F(table, vendor_entries)
{
	struct {
		struct rproc_lite_rsc_table head;
		uint32_t offset[1];
		struct rproc_lite_rsc_vendor vendor;
		uint8_t data[8];
	} __attribute__((packed)) t = {
		.head = { .ver = RPROC_LITE_RSC_VERSION, .num = 1 }, .offset = { 20 },
		.vendor = { .type = RPROC_LITE_RSC_VENDOR_START, .len = 8 },
	};

	/* Nobody here knows any. */
	EXPECT_REFUSED(EINVAL, remote_set_rsc(self->fd, &t, sizeof(t), RPROC_LITE_NO_DA));
	EXPECT_EQ(RPROC_LITE_AT_ENTRY, remote_said.where);
	EXPECT_EQ(0, remote_said.index);
	EXPECT_WORDS("vendor", remote_said.text);
	is_as_loaded(_metadata, self->fd, &self->loaded);
}

TEST_F(table, only_in_ready)
{
	static const uint32_t states[] = {
		RPROC_LITE_OFFLINE, RPROC_LITE_CONFIGURED, RPROC_LITE_RUNNING,
		RPROC_LITE_STOPPED, RPROC_LITE_CRASHED,
	};
	struct rproc_lite_info before, after;
	unsigned int i;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		ASSERT_DONE(remote_offline(self->fd));
		ASSERT_DONE(remote_reach(self->fd, states[i]));
		ASSERT_EQ(0, remote_info(self->fd, &before));
		EXPECT_REFUSED(EBADFD, remote_set_rsc(self->fd, &ours, sizeof(ours),
						      RPROC_LITE_NO_DA));
		EXPECT_EQ(RPROC_LITE_AT_STATE, remote_said.where);
		EXPECT_WORDS("Ready", remote_said.text);
		EXPECT_WORDS(remote_state_name(states[i]), remote_said.text);
		EXPECT_REFUSED(EBADFD, remote_set_rsc(self->fd, NULL, sizeof(ours),
						      self->loaded.table_da));
		ASSERT_EQ(0, remote_info(self->fd, &after));
		EXPECT_EQ(0, memcmp(&before, &after, sizeof(after)));
	}
}

TEST_F(table, busy)
{
	struct job job;
	int ends[2];

	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_EQ(0, job_begin_load(&job, self->fd, ends));
	EXPECT_REFUSED(EBUSY, remote_set_rsc(self->fd, &ours, sizeof(ours), RPROC_LITE_NO_DA));
	EXPECT_WORDS("load is in progress", remote_said.text);
	ASSERT_EQ(0, kill(job.pid, SIGKILL));
	ASSERT_EQ(0, job_end(&job, REMOTE_PROMPT));
	close(ends[0]);
	close(ends[1]);
}

/* A load that fails leaves the image from before, with the table that it was given. */
TEST_F(table, survives_a_bad_load)
{
	struct table got;

	ASSERT_DONE(remote_set_rsc(self->fd, &ours, sizeof(ours), self->loaded.table_da));
	ASSERT_DONE(remote_stop(self->fd, 0));
	EXPECT_REFUSED(ENOENT, remote_load(self->fd, "rproc-lite/none.elf"));
	is_in_use(_metadata, self->fd, &ours, self->loaded.table_da, &got);
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	is_in_use(_metadata, self->fd, &ours, self->loaded.table_da, &got);
}

/* A start that fails on the table that was set has not forgotten it. */
TEST_F(table, survives_a_bad_start)
{
	struct table got;

	ASSERT_DONE(remote_set_rsc(self->fd, &ours, sizeof(ours), self->loaded.table_da));
	ASSERT_DONE(remote_stop(self->fd, 0));
	/* Too small for the trace buffer of our table; the image's has another name. */
	ASSERT_DONE(remote_add_mem(self->fd, "mine", self->shared.da + 0x80000, 512));
	EXPECT_REFUSED(ENOSPC, remote_start(self->fd));
	EXPECT_EQ(1, remote_said.index);
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	is_in_use(_metadata, self->fd, &ours, self->loaded.table_da, &got);
	EXPECT_REFUSED(ENOSPC, remote_start(self->fd));
	ASSERT_DONE(remote_remove_mem(self->fd, "mine"));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	is_in_use(_metadata, self->fd, &ours, self->loaded.table_da, &got);
}

REMOTE_TEST_MAIN
