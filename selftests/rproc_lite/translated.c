// SPDX-License-Identifier: GPL-2.0-only
/*
 * Remotes that see memory elsewhere than Linux does: da is not pa. The devicetree
 * is that of scripts/vm -m virtda, dts/qemu-virtda.dts; elsewhere all is skipped.
 *
 * checkpatch: NAKED_SSCANF: ASSERT_EQ() does check it. BRACES: the harness's macros
 * are two statements each.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <linux/rproc_lite_rsc.h>

#include "kselftest_harness.h"
#include "code.h"
#include "guest.h"
#include "remote.h"
#include "segments.h"
#include "user.h"

#define ANY		RPROC_LITE_RSC_ANY
/* The remote below two buses, with addresses above 4 GiB and device memory. */
#define FAR_REMOTE	7
/* One whose da are pa. */
#define STRAIGHT_REMOTE	8

/* What the devicetree says, worked out by hand. */
static const struct known {
	unsigned int remote;
	const char *name;
	uint64_t da, pa, size;
	uint32_t flags;
} known[] = {
	{ REMOTE, "code", 0x10000000, 0x50000000, 0x400000, 0 },
	{ REMOTE, "shared", 0x90400000, 0x50400000, 0x100000, RPROC_LITE_REGION_MAPPABLE },
	{ FAR_REMOTE, "far", 0x840000000, 0x51000000, 0x200000, RPROC_LITE_REGION_MAPPABLE },
	{ FAR_REMOTE, "near", 0x100000, 0x51200000, 0x100000, 0 },
	{ FAR_REMOTE, "device", 0x30001000, 0xa001000, 0x1000,
	  RPROC_LITE_REGION_IO | RPROC_LITE_REGION_MAPPABLE },
};

#define CODE	(&known[0])
#define SHARED	(&known[1])
#define FAR	(&known[2])
#define NEAR	(&known[3])
#define DEVICE	(&known[4])

FIXTURE(translated)
{
	int fd;
	int far;
};

FIXTURE_SETUP(translated)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->far = remote_open(FAR_REMOTE, O_RDWR);
	ASSERT_LE(0, self->far);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_offline(self->far));
	ASSERT_DONE(remote_remove_windows(self->fd));
}

FIXTURE_TEARDOWN(translated)
{
	EXPECT_DONE(remote_offline(self->fd));
	EXPECT_DONE(remote_offline(self->far));
	EXPECT_DONE(remote_remove_windows(self->fd));
	close(self->fd);
	close(self->far);
}

static int find(int fd, uint32_t by, uint64_t addr, uint64_t len, struct rproc_lite_find *f)
{
	*f = (struct rproc_lite_find){ .by = by, .addr = addr, .len = len };
	return remote_find(fd, f);
}

/*
 * Addresses
 */

TEST_F(translated, regions)
{
	struct rproc_lite_region r;
	unsigned int i, index = 0;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		const struct known *k = &known[i];
		int fd = k->remote == REMOTE ? self->fd : self->far;

		if (i && known[i - 1].remote != k->remote)
			index = 0;
		ASSERT_EQ(0, remote_region(fd, index++, &r)) TH_LOG("%s", k->name);
		EXPECT_STREQ(k->name, r.name);
		EXPECT_EQ(k->da, r.da) TH_LOG("%s", k->name);
		EXPECT_EQ(k->pa, r.pa) TH_LOG("%s", k->name);
		EXPECT_EQ(k->size, r.size);
		EXPECT_EQ(k->flags, r.flags);
	}
	EXPECT_EQ(-ENOENT, remote_region(self->far, index, &r));
}

/* Translation ends at a bus that says nothing of it, though there is more above. */
TEST_F(translated, identity)
{
	int fd = remote_open(STRAIGHT_REMOTE, O_RDONLY);
	struct rproc_lite_region r;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, remote_region(fd, 0, &r));
	EXPECT_EQ(NEAR->pa, r.pa);
	EXPECT_EQ(NEAR->pa, r.da);
	close(fd);
}

/* From da to pa and back, up to both ends of a region and not further. */
TEST_F(translated, find_both_ways)
{
	struct rproc_lite_find f;
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		const struct known *k = &known[i];
		const uint64_t offs[] = { 0, 1, 0x7ff, k->size / 2, k->size - 1 };
		int fd = k->remote == REMOTE ? self->fd : self->far;

		for (j = 0; j < ARRAY_SIZE(offs); j++) {
			ASSERT_EQ(0, find(fd, RPROC_LITE_BY_DA, k->da + offs[j], 1, &f));
			EXPECT_STREQ(k->name, f.name);
			EXPECT_EQ(k->pa + offs[j], f.pa);
			ASSERT_EQ(0, find(fd, RPROC_LITE_BY_PA, f.pa, k->size - offs[j], &f));
			EXPECT_STREQ(k->name, f.name);
			EXPECT_EQ(k->da + offs[j], f.da);
			EXPECT_EQ(k->size - offs[j], f.left);
		}
		f = (struct rproc_lite_find){ .by = RPROC_LITE_BY_NAME, .addr = 0x123 };
		strcpy(f.name, k->name);
		ASSERT_EQ(0, remote_find(fd, &f));
		EXPECT_EQ(k->da + 0x123, f.da);
		EXPECT_EQ(k->pa + 0x123, f.pa);

		/* No two of them touch in da. */
		EXPECT_EQ(-ENOENT, find(fd, RPROC_LITE_BY_DA, k->da + k->size, 0, &f));
		EXPECT_EQ(-ENOENT, find(fd, RPROC_LITE_BY_DA, k->da - 1, 1, &f));
		EXPECT_EQ(-ENOENT, find(fd, RPROC_LITE_BY_DA, k->da, k->size + 1, &f));
		EXPECT_EQ(-ENOENT, find(fd, RPROC_LITE_BY_PA, k->pa, k->size + 1, &f));
		/* One kind of address is none of the other. */
		EXPECT_EQ(-ENOENT, find(fd, RPROC_LITE_BY_DA, k->pa, 1, &f));
		EXPECT_EQ(-ENOENT, find(fd, RPROC_LITE_BY_PA, k->da, 1, &f));
	}
	/* Of two ranges that lead to the same memory, the first one counts. */
	EXPECT_EQ(-ENOENT, find(self->far, RPROC_LITE_BY_DA, 0x940000000, 1, &f));
}

/* What the tool prints for some arguments; "" if it fails. */
static const char *tool_says(const char *arguments)
{
	static char text[1024];
	char command[256];
	size_t n;
	FILE *p;

	snprintf(command, sizeof(command), "rprocctl --json mem find %s", arguments);
	p = popen(command, "r");
	if (!p)
		return "";
	n = fread(text, 1, sizeof(text) - 1, p);
	text[n] = '\0';
	return pclose(p) ? "" : text;
}

TEST_F(translated, the_tool_finds)
{
	if (system("rprocctl --version >/dev/null 2>&1"))
		SKIP(return, "no rprocctl");
	/* da 0x103fffff and pa 0x503fffff, da 0x904fffff and pa 0x504fffff. */
	EXPECT_WORDS("\"da\":272629759,\"pa\":1346371583,", tool_says("r0 --da 0x103fffff"));
	EXPECT_WORDS("\"da\":272629759,\"pa\":1346371583,", tool_says("r0 --pa 0x503fffff"));
	EXPECT_WORDS("\"da\":2421161983,\"pa\":1347420159,", tool_says("r0 --da 0x904fffff"));
	EXPECT_WORDS("\"da\":2421161983,\"pa\":1347420159,", tool_says("r0 --pa 0x504fffff"));
	EXPECT_STREQ("", tool_says("r0 --da 0x10400000 2>&1"));
	EXPECT_STREQ("", tool_says("r0 --da 0x50000000 2>&1"));
	EXPECT_STREQ("", tool_says("r0 --pa 0x10000000 2>&1"));
	EXPECT_STREQ("", tool_says("r0 --pa 0x504fffff --len 2 2>&1"));
}

/*
 * Images
 */

/* All that it places has an address of the remote's, in its region. */
static void lies_at_da(struct __test_metadata *_metadata, int fd)
{
	struct rproc_lite_placement p;
	struct rproc_lite_region r;
	uint32_t i;

	for (i = 0; !remote_placement(fd, i, &p); i++) {
		ASSERT_EQ(0, remote_region(fd, p.region, &r));
		EXPECT_LE(r.da, p.da) TH_LOG("%s", p.name);
		EXPECT_GE(r.da + r.size, p.da + p.size) TH_LOG("%s", p.name);
	}
	EXPECT_LT(0, i);
}

static void runs_thrice(struct __test_metadata *_metadata, int fd)
{
	struct rproc_lite_info info;
	int i;

	ASSERT_EQ(0, remote_info(fd, &info));
	EXPECT_EQ(CODE->da, info.entry);
	lies_at_da(_metadata, fd);
	for (i = 0; i < 3; i++) {
		ASSERT_DONE(remote_start(fd));
		ASSERT_EQ(0, remote_wait_ready(fd));
		EXPECT_STRNE("", remote_trace_with(fd, "echo: hello from the core"));
		ASSERT_DONE(remote_stop(fd, REMOTE_PATIENCE));
		EXPECT_STRNE("", remote_trace_with(fd, "echo: bye"));
	}
	ASSERT_DONE(remote_offline(fd));
}

TEST_F(translated, loads_by_each_way)
{
	struct segments s;
	int file, pipe;

	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	runs_thrice(_metadata, self->fd);

	file = remote_open_firmware(self->fd, "echo");
	ASSERT_LE(0, file);
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load_fd(self->fd, file));
	close(file);
	runs_thrice(_metadata, self->fd);

	ASSERT_EQ(0, segments_read(&s, self->fd, "echo"));
	pipe = pipe_of(s.file, s.size);
	ASSERT_LE(0, pipe);
	segments_free(&s);
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load_flags(self->fd, pipe, RPROC_LITE_LOAD_KEEP));
	close(pipe);
	runs_thrice(_metadata, self->fd);
}

/* The firmware for the remote whose da are pa lies elsewhere, for this one. */
TEST_F(translated, pa_is_no_da)
{
	ASSERT_DONE(remote_config(self->fd));
	EXPECT_REFUSED(ENOEXEC, remote_load(self->fd, "rproc-lite/echo.elf"));
	EXPECT_EQ(RPROC_LITE_AT_SEGMENT, remote_said.where);
	EXPECT_WORDS("da 0x50000000 lie in no region", remote_said.text);
}

/* The addresses in the table, as asked for and in the remote's memory, are da. */
TEST_F(translated, table_has_da)
{
	struct rproc_lite_rsc_carveout carveout = { 0 };
	struct rproc_lite_rsc rsc = { .data = (uintptr_t)&carveout, .data_len = sizeof(carveout) };
	struct rproc_lite_rsc_carveout in;
	struct rproc_lite_placement p;
	struct rproc_lite_info info;
	struct {
		struct rproc_lite_rsc_vdev head;
		struct rproc_lite_rsc_vring ring[2];
	} __attribute__((packed)) vdev = { 0 };
	off_t at;

	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "vdevs")));
	lies_at_da(_metadata, self->fd);
	ASSERT_EQ(0, remote_placed(self->fd, RPROC_LITE_PLACED_CARVEOUT, "shared", &p));
	ASSERT_EQ(0, remote_rsc(self->fd, &rsc));
	EXPECT_EQ(p.da, carveout.da);
	EXPECT_EQ(SHARED->da, carveout.da);
	EXPECT_EQ(SHARED->pa, carveout.pa);

	ASSERT_EQ(0, remote_info(self->fd, &info));
	at = remote_offset(self->fd, info.table_da + rsc.offset, sizeof(in));
	ASSERT_LE(0, at);
	ASSERT_EQ((ssize_t)sizeof(in), pread(self->fd, &in, sizeof(in), at));
	EXPECT_EQ(0, memcmp(&carveout, &in, sizeof(in)));

	rsc = (struct rproc_lite_rsc){ .index = 2, .data = (uintptr_t)&vdev,
				       .data_len = sizeof(vdev) };
	ASSERT_EQ(0, remote_rsc(self->fd, &rsc));
	ASSERT_EQ(0, remote_placed(self->fd, RPROC_LITE_PLACED_VRING, "vdev0vring0", &p));
	EXPECT_EQ(p.da, vdev.ring[0].da);
	ASSERT_EQ(0, remote_placed(self->fd, RPROC_LITE_PLACED_VRING, "vdev0vring1", &p));
	EXPECT_EQ(p.da, vdev.ring[1].da);
}

/* A table of one carveout or devmem entry. */
struct one {
	struct rproc_lite_rsc_table head;
	uint32_t offset[1];
	struct rproc_lite_rsc_carveout entry;
} __attribute__((packed));

static int set_one(int fd, uint32_t type, uint32_t da, uint32_t pa, const char *name)
{
	struct one t = {
		.head = { .ver = RPROC_LITE_RSC_VERSION, .num = 1 },
		.offset = { offsetof(struct one, entry) },
		.entry = { .type = type, .da = da, .pa = pa, .len = 0x1000 },
	};

	strcpy((char *)t.entry.name, name);
	return remote_set_rsc(fd, &t, sizeof(t), RPROC_LITE_NO_DA);
}

/* The entry that is in use then. */
static struct rproc_lite_rsc_carveout get_one(int fd)
{
	struct rproc_lite_rsc_carveout entry = { 0 };
	struct rproc_lite_rsc rsc = { .data = (uintptr_t)&entry, .data_len = sizeof(entry) };

	remote_rsc(fd, &rsc);
	return entry;
}

/* An entry that says one address, or both, is given the other one, or checked. */
TEST_F(translated, table_says_where)
{
	const uint32_t kind = RPROC_LITE_RSC_CARVEOUT, da = SHARED->da + 0x5000;
	const uint32_t pa = SHARED->pa + 0x5000;
	const uint32_t good[][2] = { { da, ANY }, { da, 0 }, { ANY, pa }, { da, pa } };
	struct rproc_lite_rsc_carveout got;
	unsigned int i;

	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_READY));
	for (i = 0; i < ARRAY_SIZE(good); i++) {
		ASSERT_DONE(set_one(self->fd, kind, good[i][0], good[i][1], "one"));
		got = get_one(self->fd);
		EXPECT_EQ(da, got.da) TH_LOG("da 0x%x, pa 0x%x", good[i][0], good[i][1]);
		EXPECT_EQ(pa, got.pa) TH_LOG("da 0x%x, pa 0x%x", good[i][0], good[i][1]);
	}
	EXPECT_REFUSED(EINVAL, set_one(self->fd, kind, da, da, "one"));
	EXPECT_WORDS("da 0x90405000 is pa 0x50405000 here, not 0x90405000", remote_said.text);
	/* Right for the other region's offset. */
	EXPECT_REFUSED(EINVAL, set_one(self->fd, kind, da, da + 0x40000000, "one"));
	EXPECT_REFUSED(EINVAL, set_one(self->fd, kind, pa, ANY, "one"));
	EXPECT_WORDS("da 0x50405000 lie in no region", remote_said.text);
	EXPECT_REFUSED(EINVAL, set_one(self->fd, kind, ANY, da, "one"));
	EXPECT_WORDS("pa 0x90405000 lie in no region", remote_said.text);
}

/*
 * What the firmware does
 */

/* What it writes to da is at that offset of our file, in a mapping, and at pa. */
TEST_F(translated, firmware_writes)
{
	int mem = open("/dev/mem", O_RDONLY | O_SYNC | O_CLOEXEC);
	struct rproc_lite_placement p;
	char in[16], *mine, *all;
	uint64_t into;

	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_add_mem(self->fd, "log", SHARED->da + 0x40000, 0x2000));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	ASSERT_EQ(0, remote_placed(self->fd, RPROC_LITE_PLACED_TRACE, "log", &p));
	into = p.da - SHARED->da;
	mine = mmap(NULL, SHARED->size, PROT_READ, MAP_SHARED, self->fd,
		    remote_offset(self->fd, SHARED->da, SHARED->size));
	ASSERT_NE(MAP_FAILED, mine);
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	ASSERT_STRNE("", remote_trace_with(self->fd, "hello"));
	EXPECT_EQ(0, memcmp("echo: hello from", mine + into, 16));
	ASSERT_EQ(16, pread(self->fd, in, 16, remote_offset(self->fd, p.da, 16)));
	EXPECT_EQ(0, memcmp("echo: hello from", in, 16));
	munmap(mine, SHARED->size);
	if (mem < 0)
		SKIP(return, "no /dev/mem");
	all = mmap(NULL, SHARED->size, PROT_READ, MAP_SHARED, mem, (off_t)SHARED->pa);
	ASSERT_NE(MAP_FAILED, all);
	EXPECT_EQ(0, memcmp("echo: hello from", all + into, 16));
	munmap(all, SHARED->size);
	close(mem);
}

/* What we write, it reads: another word to say hello with. */
TEST_F(translated, firmware_reads)
{
	struct rproc_lite_placement p;
	char *bytes, *word;
	off_t at;

	ASSERT_DONE(remote_reach(self->fd, RPROC_LITE_READY));
	ASSERT_EQ(0, remote_placed(self->fd, RPROC_LITE_PLACED_SEGMENT, NULL, &p));
	EXPECT_EQ(CODE->da, p.da);
	at = remote_offset(self->fd, p.da, p.size);
	ASSERT_LE(0, at);
	bytes = malloc(p.size);
	ASSERT_EQ((ssize_t)p.size, pread(self->fd, bytes, p.size, at));
	word = memmem(bytes, p.size, "hello from", 10);
	ASSERT_NE(NULL, word);
	ASSERT_EQ(5, pwrite(self->fd, "HELLO", 5, at + (word - bytes)));
	free(bytes);
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	EXPECT_STRNE("", remote_trace_with(self->fd, "echo: HELLO from"));
}

/* Its faults are told, and they are at da: it does not run where it was started. */
TEST_F(translated, firmware_crashes)
{
	unsigned long long elr = 0;
	struct rproc_lite_info info;
	const char *text;

	ASSERT_DONE(remote_run(self->fd, "crash"));
	ASSERT_EQ(0, remote_wait_state(self->fd, RPROC_LITE_CRASHED));
	text = strstr(remote_trace_with(self->fd, "FAR"), "ELR ");
	ASSERT_NE(NULL, text);
	ASSERT_EQ(1, sscanf(text, "ELR %llx", &elr));
	EXPECT_LE(CODE->da, elr);
	EXPECT_GT(CODE->da + CODE->size, elr);
	ASSERT_EQ(0, remote_info(self->fd, &info));
	EXPECT_EQ(RPROC_LITE_CRASH_FIRMWARE, info.crash);
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
}

/*
 * Above 4 GiB, and device memory
 */

/* It runs at a da that no 32 bits hold, and leaves its mark there. */
static void leaves_its_mark(struct __test_metadata *_metadata, int fd, int image)
{
	off_t at = remote_offset(fd, FAR->da + CODE_MARK_AT, 4);
	uint32_t mark = 0;

	ASSERT_LE(0, at);
	ASSERT_EQ(4, pwrite(fd, &mark, 4, at));
	ASSERT_DONE(remote_load_fd(fd, image));
	lies_at_da(_metadata, fd);
	ASSERT_DONE(remote_start(fd));
	/* It ends at once, which is a crash if nobody asked for it. */
	ASSERT_EQ(0, remote_wait_state(fd, RPROC_LITE_CRASHED));
	ASSERT_EQ(4, pread(fd, &mark, 4, at));
	EXPECT_EQ(CODE_MARK, mark);
}

TEST_F(translated, far)
{
	int image = code_mark(self->far), raw;
	struct rproc_lite_info info;
	char code[256], text[64];
	int n;

	ASSERT_LE(0, image);
	ASSERT_DONE(remote_config(self->far));
	leaves_its_mark(_metadata, self->far, image);
	ASSERT_EQ(0, remote_info(self->far, &info));
	EXPECT_EQ(FAR->da, info.entry);
	ASSERT_DONE(remote_offline(self->far));

	/* Without its headers, it is raw. */
	n = (int)pread(image, code, sizeof(code), sizeof(Elf64_Ehdr) + sizeof(Elf64_Phdr));
	ASSERT_LT(0, n);
	raw = memfd_of(code, (size_t)n);
	ASSERT_LE(0, raw);
	n = snprintf(text, sizeof(text), "load-address=0x%llx", (long long)FAR->da);
	ASSERT_DONE(remote_config_with(self->far, text, (uint32_t)n + 1));
	leaves_its_mark(_metadata, self->far, raw);
	ASSERT_EQ(0, remote_info(self->far, &info));
	EXPECT_EQ(FAR->da, info.entry);
	EXPECT_EQ(0, info.elf_class);
	close(image);
	close(raw);
}

/* The table's addresses have 32 bits: what lies above is of no use to it. */
TEST_F(translated, table_and_far)
{
	const uint32_t carveout = RPROC_LITE_RSC_CARVEOUT, devmem = RPROC_LITE_RSC_DEVMEM;
	int image = code_mark(self->far);
	struct rproc_lite_rsc_carveout got;

	ASSERT_LE(0, image);
	ASSERT_DONE(remote_config(self->far));
	ASSERT_DONE(remote_load_fd(self->far, image));
	close(image);
	EXPECT_REFUSED(ENOSPC, set_one(self->far, carveout, ANY, ANY, "far"));
	EXPECT_REFUSED(EINVAL, set_one(self->far, carveout, ANY, FAR->pa, "one"));
	EXPECT_WORDS("32-bit da for pa 0x51000000", remote_said.text);
	/* The next region will do, and the choice is told in both kinds of address. */
	ASSERT_DONE(set_one(self->far, carveout, ANY, ANY, "one"));
	got = get_one(self->far);
	EXPECT_EQ(NEAR->da, got.da);
	EXPECT_EQ(NEAR->pa, got.pa);

	ASSERT_DONE(set_one(self->far, devmem, ANY, DEVICE->pa, "one"));
	EXPECT_EQ(DEVICE->da, get_one(self->far).da);
	ASSERT_DONE(set_one(self->far, devmem, DEVICE->da, ANY, "one"));
	EXPECT_EQ(DEVICE->pa, get_one(self->far).pa);
	EXPECT_REFUSED(EINVAL, set_one(self->far, devmem, DEVICE->pa, ANY, "one"));
}

/* A virtio transport of QEMU's begins with "virt". */
TEST_F(translated, device_memory)
{
	off_t at = remote_offset(self->far, DEVICE->da, 8);
	volatile uint32_t *p;
	char in[8];

	ASSERT_LE(0, at);
	ASSERT_DONE(remote_config(self->far));
	ASSERT_EQ(8, pread(self->far, in, 8, at));
	EXPECT_EQ(0, memcmp("virt", in, 4));
	p = mmap(NULL, DEVICE->size, PROT_READ, MAP_SHARED, self->far, at);
	ASSERT_NE(MAP_FAILED, p);
	EXPECT_EQ(0x74726976, *p);
	munmap((void *)p, DEVICE->size);
}

/* Of the nodes that are refused (faulty_nodes.c) nothing is left. */
TEST(refused_are_not_there)
{
	DIR *class = opendir("/sys/class/rproc_lite");
	struct dirent *e;
	int remotes = 0;

	ASSERT_NE(NULL, class);
	while ((e = readdir(class)))
		remotes += e->d_name[0] != '.';
	closedir(class);
	EXPECT_EQ(3, remotes);
}

/* A table of one trace entry. */
struct one_trace {
	struct rproc_lite_rsc_table head;
	uint32_t offset[1];
	struct rproc_lite_rsc_trace entry;
} __attribute__((packed));

static int set_trace(int fd, uint32_t da, uint32_t len)
{
	struct one_trace t = {
		.head = { .ver = RPROC_LITE_RSC_VERSION, .num = 1 },
		.offset = { offsetof(struct one_trace, entry) },
		.entry = {
			.type = RPROC_LITE_RSC_TRACE, .da = da, .len = len, .name = "registers",
		},
	};

	return remote_set_rsc(fd, &t, sizeof(t), RPROC_LITE_NO_DA);
}

/*
 * Registers may change by being read, so that is for those who may load; the file that is
 * opened for reading and the right that is delegated to writers are not enough.
 */
TEST_F(translated, device_memory_takes_a_right)
{
	const char *path = "/dev/rproc_lite7";
	off_t at = remote_offset(self->far, DEVICE->da, 8);
	int reader, user, image;
	struct stat node;
	char in[8], text[64], *p;

	ASSERT_LE(0, at);
	ASSERT_EQ(0, stat(path, &node));
	ASSERT_EQ(0, chown(path, 0, GROUP));
	ASSERT_EQ(0, chmod(path, 0664));
	user = remote_open_as(FAR_REMOTE, USER, GROUP, O_RDWR);
	ASSERT_LE(0, user);
	reader = remote_open_as(FAR_REMOTE, USER, USER, O_RDONLY);
	ASSERT_LE(0, reader);
	EXPECT_EQ(0, chown(path, node.st_uid, node.st_gid));
	EXPECT_EQ(0, chmod(path, node.st_mode & 07777));

	ASSERT_DONE(remote_config(self->far));
	EXPECT_EQ(8, pread(self->far, in, 8, at));
	EXPECT_EQ(-1, AS_USER(pread(user, in, 8, at)));
	EXPECT_EQ(MAP_FAILED, mmap(NULL, DEVICE->size, PROT_READ, MAP_SHARED, user, at));
	EXPECT_EQ(EPERM, errno);
	ASSERT_DONE(remote_set_policy(self->far, "delegate=load", NULL));
	EXPECT_EQ(8, AS_USER(pread(user, in, 8, at)));
	EXPECT_EQ(-1, AS_USER(pread(reader, in, 8, at)));
	EXPECT_EQ(MAP_FAILED, mmap(NULL, DEVICE->size, PROT_READ, MAP_SHARED, reader, at));
	EXPECT_EQ(EPERM, errno);
	p = mmap(NULL, DEVICE->size, PROT_READ, MAP_SHARED, user, at);
	EXPECT_NE(MAP_FAILED, p);
	munmap(p, DEVICE->size);
	EXPECT_DONE(remote_set_policy(self->far, "delegate=none", NULL));

	/* Nor as a trace, which anybody reads. */
	ASSERT_DONE(remote_offline(self->far));
	ASSERT_DONE(remote_config(self->far));
	image = code_mark(self->far);
	ASSERT_LE(0, image);
	ASSERT_DONE(remote_load_fd(self->far, image));
	close(image);
	ASSERT_DONE(set_trace(self->far, (uint32_t)DEVICE->da, 8));
	EXPECT_LE(0, remote_trace(self->far, 0, text, sizeof(text)));
	EXPECT_EQ(-EPERM, AS_USER(remote_trace(user, 0, text, sizeof(text))));
	EXPECT_EQ(-EPERM, AS_USER(remote_trace(reader, 0, text, sizeof(text))));
	close(reader);
	close(user);
}

int main(int argc, char **argv)
{
	if (access("/proc/device-tree/remote-bus-0/dma-ranges", F_OK)) {
		printf("TAP version 13\n1..0 # SKIP nothing translates here: -m virtda\n");
		return 4;
	}
	remote_or_skip(REMOTE);
	return test_harness_run(argc, argv);
}
