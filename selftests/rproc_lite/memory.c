// SPDX-License-Identifier: GPL-2.0-only
/*
 * The remote's memory in user space's hands: to find it, read it, write it, map it,
 * lose it again; and to give parts of it a name.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "kselftest_harness.h"
#include "guest.h"
#include "remote.h"
#include "segments.h"

/* What the bench's devicetree declares. */
FIXTURE(memory)
{
	int fd;
	int reader;
	size_t page;
	struct rproc_lite_region code, shared;
	off_t code_at, shared_at;
	uint32_t num_regions;
	uint64_t low;		/* from here on to the other regions there is nothing */
	char device[64];
};

FIXTURE_SETUP(memory)
{
	struct rproc_lite_region region;
	uint32_t i;

	self->page = (size_t)sysconf(_SC_PAGESIZE);
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	self->reader = remote_open(REMOTE, O_RDONLY);
	ASSERT_LE(0, self->reader);
	ASSERT_EQ(0, remote_device(REMOTE, self->device, sizeof(self->device)));
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_remove_windows(self->fd));
	ASSERT_EQ(0, remote_region(self->fd, 0, &self->code));
	ASSERT_EQ(0, remote_region(self->fd, 1, &self->shared));
	self->low = 0;
	for (i = 0; !remote_region(self->fd, i, &region); i++)
		if (!region.da)
			self->low = region.size;
	self->num_regions = i;
	ASSERT_STREQ("code", self->code.name);
	ASSERT_STREQ("shared", self->shared.name);
	self->code_at = 0;
	self->shared_at = (off_t)1 << RPROC_LITE_REGION_SHIFT;
	ASSERT_DONE(remote_config(self->fd));
}

FIXTURE_TEARDOWN(memory)
{
	int fd;

	close(self->reader);
	close(self->fd);
	fd = remote_open(REMOTE, O_RDWR);
	if (fd < 0) {
		driver_bind(self->device);
		fd = remote_open(REMOTE, O_RDWR);
	}
	EXPECT_DONE(remote_offline(fd));
	EXPECT_DONE(remote_remove_windows(fd));
	close(fd);
}

static int find(int fd, uint32_t by, uint64_t addr, uint64_t len, const char *name,
		struct rproc_lite_find *f)
{
	memset(f, 0, sizeof(*f));
	f->by = by;
	f->addr = addr;
	f->len = len;
	snprintf(f->name, sizeof(f->name), "%s", name);
	return remote_find(fd, f);
}

static char *map(int fd, size_t len, int prot, off_t at)
{
	return mmap(NULL, len, prot, MAP_SHARED, fd, at);
}

/* The errno of a mapping that must not come about; 0 if it does. */
static int map_error(int fd, size_t len, int prot, int flags, off_t at)
{
	char *p = mmap(NULL, len, prot, flags, fd, at);

	if (p == MAP_FAILED)
		return errno;
	munmap(p, len);
	return 0;
}

static sigjmp_buf bus;

static void on_bus(int sig)
{
	(void)sig;
	siglongjmp(bus, 1);
}

/* Does reading, or writing what is there, end in SIGBUS? */
static bool is_dead(volatile char *p, bool write)
{
	struct sigaction sa = { .sa_handler = on_bus }, old;
	volatile bool dead = true;
	char c;

	sigaction(SIGBUS, &sa, &old);
	if (!sigsetjmp(bus, 1)) {
		if (write) {
			*p = 'x';
		} else {
			c = *p;
			(void)c;
		}
		dead = false;
	}
	sigaction(SIGBUS, &old, NULL);
	return dead;
}

#define EXPECT_DEAD(p) do {			\
	EXPECT_TRUE(is_dead(p, false));		\
	EXPECT_TRUE(is_dead(p, true));		\
} while (0)
#define EXPECT_ALIVE(p) do {			\
	EXPECT_FALSE(is_dead(p, false));	\
	EXPECT_FALSE(is_dead(p, true));		\
} while (0)

/* A text for the bytes at some place. */
static uint8_t pattern(size_t i)
{
	return (uint8_t)(i * 31 + (i >> 8) * 7 + 5);
}

/*
 * FIND
 */

static const uint64_t lens[] = { 0, 1, 4096, 0x10000 };

/* An answer for @off bytes into a region. */
static void is_in(struct __test_metadata *_metadata, const struct rproc_lite_find *f,
		  const struct rproc_lite_region *r, uint64_t off)
{
	EXPECT_EQ(r->index, f->region);
	EXPECT_EQ(r->flags, f->flags);
	EXPECT_EQ(r->da + off, f->da);
	EXPECT_EQ(r->pa + off, f->pa);
	EXPECT_EQ(r->size - off, f->left);
	EXPECT_EQ(((uint64_t)r->index << RPROC_LITE_REGION_SHIFT) + off, f->offset);
	EXPECT_EQ(0, f->pad);
	EXPECT_STREQ(r->name, f->name);
}

/* By name, da and pa: from the start, from amidst, up to the end, and beyond it. */
static void find_in(struct __test_metadata *_metadata, int fd,
		    const struct rproc_lite_region *r)
{
	const uint64_t base[] = { 0, r->da, r->pa };
	struct rproc_lite_find f;
	uint32_t by;
	unsigned int i;

	for (by = RPROC_LITE_BY_NAME; by <= RPROC_LITE_BY_PA; by++) {
		for (i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
			EXPECT_EQ(0, find(fd, by, base[by], lens[i], r->name, &f))
				TH_LOG("by %u, 0x%llx bytes", by, (long long)lens[i]);
			is_in(_metadata, &f, r, 0);
			EXPECT_EQ(0, find(fd, by, base[by] + 0x123, lens[i], r->name, &f));
			is_in(_metadata, &f, r, 0x123);
		}
		EXPECT_EQ(0, find(fd, by, base[by], r->size, r->name, &f));
		is_in(_metadata, &f, r, 0);
		EXPECT_EQ(0, find(fd, by, base[by] + r->size - 1, 1, r->name, &f));
		is_in(_metadata, &f, r, r->size - 1);
		EXPECT_EQ(0, find(fd, by, base[by] + r->size - 1, 0, r->name, &f));
		is_in(_metadata, &f, r, r->size - 1);

		EXPECT_EQ(-ENOENT, find(fd, by, base[by], r->size + 1, r->name, &f));
		EXPECT_EQ(-ENOENT, find(fd, by, base[by] + 1, r->size, r->name, &f));
		EXPECT_EQ(-ENOENT, find(fd, by, base[by] + r->size - 1, 2, r->name, &f));
		EXPECT_EQ(-ENOENT, find(fd, by, base[by], UINT64_MAX, r->name, &f));
		EXPECT_EQ(-ENOENT, find(fd, by, base[by] + 1, UINT64_MAX, r->name, &f));
		EXPECT_EQ(-ENOENT, find(fd, by, base[by] + 1, UINT64_MAX - base[by],
					r->name, &f));
		EXPECT_EQ(-ENOENT, find(fd, by, base[by] + 16, (uint64_t)-16, r->name, &f));
	}
}

TEST_F(memory, find)
{
	find_in(_metadata, self->fd, &self->code);
	find_in(_metadata, self->reader, &self->shared);
}

/* It is known without power, too. */
TEST_F(memory, find_while_offline)
{
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	find_in(_metadata, self->fd, &self->shared);
}

/* Where a region ends, another one begins or there is nothing. */
TEST_F(memory, find_at_the_end)
{
	const uint64_t code[] = { 0, self->code.da, self->code.pa };
	const uint64_t shared[] = { 0, self->shared.da, self->shared.pa };
	uint64_t code_end, end, len;
	struct rproc_lite_find f;
	uint32_t by;

	/* For Linux they are neighbours; for the remote they need not be. */
	ASSERT_EQ(self->shared.pa, self->code.pa + self->code.size);
	for (by = RPROC_LITE_BY_DA; by <= RPROC_LITE_BY_PA; by++) {
		code_end = code[by] + self->code.size;
		end = shared[by] + self->shared.size;
		for (len = 0; len < 2; len++) {
			EXPECT_EQ(0, find(self->fd, by, shared[by], len, "", &f))
				TH_LOG("by %u, 0x%llx bytes", by, (long long)len);
			EXPECT_STREQ("shared", f.name);
			EXPECT_EQ(code_end == shared[by] ? 0 : -ENOENT,
				  find(self->fd, by, code_end, len, "", &f))
				TH_LOG("by %u, 0x%llx bytes", by, (long long)len);
			EXPECT_EQ(-ENOENT, find(self->fd, by, end, len, "", &f));
			EXPECT_EQ(-ENOENT, find(self->fd, RPROC_LITE_BY_NAME, self->shared.size,
						len, "shared", &f));
		}
		EXPECT_EQ(-ENOENT, find(self->fd, by, shared[by] - 1, 2, "", &f));
		EXPECT_EQ(-ENOENT, find(self->fd, by, code_end - 1, 2, "", &f));
	}
}

TEST_F(memory, find_misses)
{
	static const uint64_t nowhere[] = {
		0, 1, 4096, 0x4fffffff, 0x80000000, 1ULL << 36, 1ULL << 63,
		(uint64_t)-4096, UINT64_MAX - 1, UINT64_MAX,
	};
	static const uint64_t some[] = { 0, 1, 2, 4096, 1ULL << 63, UINT64_MAX };
	struct rproc_lite_find f;
	unsigned int i, j;
	uint32_t by;

	for (i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++)
		for (j = 0; nowhere[i] >= self->low && j < sizeof(some) / sizeof(some[0]); j++)
			for (by = RPROC_LITE_BY_DA; by <= RPROC_LITE_BY_VA; by++)
				EXPECT_EQ(-ENOENT, find(self->fd, by, nowhere[i], some[j],
							"shared", &f))
					TH_LOG("by %u: 0x%llx, 0x%llx", by,
					       (long long)nowhere[i], (long long)some[j]);
	EXPECT_EQ(-ENOENT, find(self->fd, RPROC_LITE_BY_NAME, 0, 0, "", &f));
	EXPECT_EQ(-ENOENT, find(self->fd, RPROC_LITE_BY_NAME, 0, 0, "share", &f));
	EXPECT_EQ(-ENOENT, find(self->fd, RPROC_LITE_BY_NAME, 0, 0, "Shared", &f));
	EXPECT_EQ(-ENOENT, find(self->fd, RPROC_LITE_BY_NAME, UINT64_MAX, 1, "shared", &f));
	EXPECT_EQ(-ENOENT, find(self->fd, RPROC_LITE_BY_NAME, UINT64_MAX, UINT64_MAX,
				"shared", &f));
	/* A pointer that is fine, to something else. */
	EXPECT_EQ(-ENOENT, find(self->fd, RPROC_LITE_BY_VA, (uintptr_t)&f, 0, "", &f));
}

TEST_F(memory, find_arguments)
{
	struct rproc_lite_find f = { .by = RPROC_LITE_BY_NAME, .name = "shared" };

	f.by = RPROC_LITE_BY_VA + 1;
	EXPECT_EQ(-EINVAL, remote_find(self->fd, &f));
	f.by = UINT32_MAX;
	EXPECT_EQ(-EINVAL, remote_find(self->fd, &f));
	f.by = RPROC_LITE_BY_NAME;
	f.pad = 1;
	EXPECT_EQ(-EINVAL, remote_find(self->fd, &f));
	f.pad = 0;
	memset(f.name, 'x', sizeof(f.name));
	EXPECT_EQ(-EINVAL, remote_find(self->fd, &f));
	f.name[sizeof(f.name) - 1] = '\0';
	EXPECT_EQ(-ENOENT, remote_find(self->fd, &f));
	EXPECT_EQ(-EFAULT, remote_find(self->fd, NULL));
	EXPECT_EQ(-EFAULT, remote_find(self->fd, (void *)-4096L));
}

TEST_F(memory, find_by_va)
{
	struct rproc_lite_find f;
	size_t len = 4 * self->page;
	char *p = map(self->fd, len, PROT_READ | PROT_WRITE,
		      self->shared_at + (off_t)(2 * self->page));
	uint64_t off = 2 * self->page;

	ASSERT_NE(MAP_FAILED, p);
	/* It need not have been touched. */
	EXPECT_EQ(0, find(self->fd, RPROC_LITE_BY_VA, (uintptr_t)p, 0, "", &f));
	is_in(_metadata, &f, &self->shared, off);
	EXPECT_EQ(0, find(self->reader, RPROC_LITE_BY_VA, (uintptr_t)p, len, "", &f));
	is_in(_metadata, &f, &self->shared, off);
	EXPECT_EQ(0, find(self->fd, RPROC_LITE_BY_VA, (uintptr_t)p + len - 1, 1, "", &f));
	is_in(_metadata, &f, &self->shared, off + len - 1);
	EXPECT_EQ(-ENOENT, find(self->fd, RPROC_LITE_BY_VA, (uintptr_t)p, len + 1, "", &f));
	EXPECT_EQ(-ENOENT, find(self->fd, RPROC_LITE_BY_VA, (uintptr_t)p + 1, UINT64_MAX, "", &f));
	EXPECT_EQ(-ENOENT, find(self->fd, RPROC_LITE_BY_VA, (uintptr_t)p + len - 1, 2, "", &f));

	/* A hole in it: what is left is told of still. */
	ASSERT_EQ(0, munmap(p + self->page, self->page));
	EXPECT_EQ(-ENOENT, find(self->fd, RPROC_LITE_BY_VA, (uintptr_t)p + self->page, 0, "", &f));
	EXPECT_EQ(-ENOENT, find(self->fd, RPROC_LITE_BY_VA, (uintptr_t)p, len, "", &f));
	EXPECT_EQ(0, find(self->fd, RPROC_LITE_BY_VA, (uintptr_t)p + 2 * self->page + 8, 8, "",
			  &f));
	is_in(_metadata, &f, &self->shared, off + 2 * self->page + 8);

	/* One that was taken away is none any more. */
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	EXPECT_EQ(-ENOENT, find(self->fd, RPROC_LITE_BY_VA, (uintptr_t)p, 1, "", &f));
	ASSERT_DONE(remote_config(self->fd));
	EXPECT_EQ(-ENOENT, find(self->fd, RPROC_LITE_BY_VA, (uintptr_t)p, 1, "", &f));
	EXPECT_EQ(0, munmap(p, len));
	EXPECT_EQ(-ENOENT, find(self->fd, RPROC_LITE_BY_VA, (uintptr_t)p, 1, "", &f));
}

/*
 * pread and pwrite
 */

TEST_F(memory, read_what_was_written)
{
	static const size_t sizes[] = { 1, 3, 8, 4095, 4096, 4097, 12345, 65536 };
	static const off_t offs[] = { 0, 1, 7, 4095, 4096, 0x8001 };
	uint8_t out[65536 + 2], in[65536 + 2];
	struct rproc_lite_find f;
	unsigned int i, j;
	size_t k;
	char *p;

	ASSERT_EQ(0, find(self->fd, RPROC_LITE_BY_NAME, 0, 0, "shared", &f));
	p = map(self->fd, self->shared.size, PROT_READ, (off_t)f.offset);
	ASSERT_NE(MAP_FAILED, p);
	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (j = 0; j < sizeof(offs) / sizeof(offs[0]); j++) {
			off_t at = (off_t)f.offset + offs[j];
			ssize_t len = (ssize_t)sizes[i];

			for (k = 0; k < sizes[i]; k++)
				out[k] = (uint8_t)(pattern(k) + i + j * 16);
			ASSERT_EQ(len, pwrite(self->fd, out, sizes[i], at));
			memset(in, 0xa5, sizeof(in));
			ASSERT_EQ(len, pread(self->reader, in, sizes[i], at));
			EXPECT_EQ(0, memcmp(in, out, sizes[i]));
			EXPECT_EQ(0xa5, in[sizes[i]]);
			EXPECT_EQ(0, memcmp(p + offs[j], out, sizes[i]));
		}
	}
	munmap(p, self->shared.size);
}

/* Neighbours stay as they are. */
TEST_F(memory, write_only_that)
{
	uint8_t out[64], in[64];

	memset(out, 0x11, sizeof(out));
	ASSERT_EQ(64, pwrite(self->fd, out, 64, self->shared_at + 4064));
	ASSERT_EQ(5, pwrite(self->fd, "HELLO", 5, self->shared_at + 4093));
	ASSERT_EQ(64, pread(self->fd, in, 64, self->shared_at + 4064));
	memcpy(out + 29, "HELLO", 5);
	EXPECT_EQ(0, memcmp(in, out, 64));
}

static void ends_at(struct __test_metadata *_metadata, int fd,
		    const struct rproc_lite_region *r)
{
	off_t end = ((off_t)r->index << RPROC_LITE_REGION_SHIFT) + (off_t)r->size;
	char buf[10000];

	memset(buf, 0, sizeof(buf));
	EXPECT_EQ(7, pread(fd, buf, sizeof(buf), end - 7));
	EXPECT_EQ(5000, pread(fd, buf, sizeof(buf), end - 5000));
	EXPECT_EQ(0, pread(fd, buf, sizeof(buf), end));
	EXPECT_EQ(0, pread(fd, buf, 1, end + 12345678));
	EXPECT_EQ(7, pwrite(fd, buf, sizeof(buf), end - 7));
	EXPECT_EQ(5000, pwrite(fd, buf, sizeof(buf), end - 5000));
	EXPECT_EQ(-1, pwrite(fd, buf, 1, end));
	EXPECT_EQ(ENOSPC, errno);
	EXPECT_EQ(-1, pwrite(fd, buf, sizeof(buf), end + 12345678));
	EXPECT_EQ(ENOSPC, errno);
	EXPECT_EQ(0, pwrite(fd, buf, 0, end));
	EXPECT_EQ(0, pread(fd, buf, 0, end));
}

TEST_F(memory, region_ends)
{
	ends_at(_metadata, self->fd, &self->code);
	ends_at(_metadata, self->fd, &self->shared);
}

TEST_F(memory, offsets_of_no_region)
{
	const uint64_t nowhere[] = {
		(uint64_t)self->num_regions << RPROC_LITE_REGION_SHIFT,
		(self->num_regions + 1ULL) << RPROC_LITE_REGION_SHIFT,
		1ULL << 62, INT64_MAX - 4096,
	};
	unsigned int i;
	char c = 0;

	for (i = 0; i < sizeof(nowhere) / sizeof(nowhere[0]); i++) {
		EXPECT_EQ(-1, pread(self->fd, &c, 1, (off_t)nowhere[i]));
		EXPECT_EQ(ENXIO, errno);
		EXPECT_EQ(-1, pwrite(self->fd, &c, 1, (off_t)nowhere[i]));
		EXPECT_EQ(ENXIO, errno);
	}
	EXPECT_EQ(-1, pread(self->fd, &c, 1, -1));
	EXPECT_EQ(EINVAL, errno);
	EXPECT_EQ(-1, pwrite(self->fd, &c, 1, INT64_MIN));
	EXPECT_EQ(EINVAL, errno);
}

TEST_F(memory, bad_lengths_and_pointers)
{
	char *p = mmap(NULL, 2 * self->page, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *volatile end = p + self->page;
	/* Volatile, lest the compiler know better. */
	volatile size_t huge = SIZE_MAX, large = 64UL << 20;
	/* More than can be; but not if these are a 32-bit program's. */
	ssize_t want = sizeof(size_t) > 4 ? -1 : (ssize_t)self->page;

	ASSERT_NE(MAP_FAILED, p);
	ASSERT_EQ(0, munmap(end, self->page));
	EXPECT_EQ(want, pread(self->fd, p, huge, self->shared_at));
	EXPECT_EQ(want, pread(self->fd, p, huge / 2, self->shared_at));
	EXPECT_EQ(want, pwrite(self->fd, p, huge / 2, self->shared_at));

	/* As much as there is room for. */
	EXPECT_EQ((ssize_t)self->page, pread(self->fd, p, large, self->shared_at));
	EXPECT_EQ((ssize_t)self->page, pwrite(self->fd, p, large, self->shared_at));
	EXPECT_EQ(-1, pread(self->fd, end, 1, self->shared_at));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, pwrite(self->fd, end, 1, self->shared_at));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, pread(self->fd, end - 4, 8, self->shared_at));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, pread(self->fd, (void *)-4096L, 8, self->shared_at));
	EXPECT_EQ(EFAULT, errno);
	munmap(p, self->page);
}

/* NULL is an address like any that is not mapped, in both directions. */
TEST_F(memory, null_is_no_buffer)
{
	EXPECT_EQ(-1, pread(self->fd, NULL, self->page, self->shared_at));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(-1, pwrite(self->fd, NULL, self->page, self->shared_at));
	EXPECT_EQ(EFAULT, errno);
}

TEST_F(memory, read_only_file_can_not_write)
{
	int writer = remote_open(REMOTE, O_WRONLY);
	char was, c = 0, now;

	ASSERT_LE(0, writer);
	ASSERT_EQ(1, pread(self->fd, &was, 1, self->shared_at));
	c = (char)~was;
	EXPECT_EQ(-1, pwrite(self->reader, &c, 1, self->shared_at));
	EXPECT_EQ(EBADF, errno);
	ASSERT_EQ(1, pread(self->reader, &now, 1, self->shared_at));
	EXPECT_EQ(was, now);
	EXPECT_EQ(-1, pread(writer, &now, 1, self->shared_at));
	EXPECT_EQ(EBADF, errno);
	EXPECT_EQ(1, pwrite(writer, &c, 1, self->shared_at));
	ASSERT_EQ(1, pread(self->reader, &now, 1, self->shared_at));
	EXPECT_EQ(c, now);
	close(writer);
}

/* By and by, with the file's own position. */
TEST_F(memory, read_on)
{
	static char buf[300000];
	size_t all = 0;
	ssize_t n;

	while ((n = read(self->fd, buf, sizeof(buf))) > 0)
		all += (size_t)n;
	EXPECT_EQ(0, n);
	EXPECT_EQ(self->code.size, all);
}

/* The image is there; and what it has no bytes for is zero. */
TEST_F(memory, image_lies_there)
{
	struct segments s;
	uint8_t *in;
	unsigned int i;
	uint64_t k;

	ASSERT_EQ(0, segments_read(&s, self->fd, "notable"));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "notable")));
	for (i = 0; i < s.num; i++) {
		const struct segment *seg = &s.segment[i];
		off_t at = remote_offset(self->fd, seg->da, seg->memsz);

		ASSERT_LE(0, at);
		in = malloc(seg->memsz);
		ASSERT_EQ((ssize_t)seg->memsz, pread(self->fd, in, seg->memsz, at));
		EXPECT_EQ(0, memcmp(in, s.file + seg->offset, seg->filesz));
		for (k = seg->filesz; k < seg->memsz; k++) {
			ASSERT_EQ(0, in[k]);
		}
		free(in);
	}
	segments_free(&s);
}

/* What the firmware writes is seen, by any way to look. */
TEST_F(memory, firmware_writes)
{
	struct rproc_lite_placement p;
	char in[65], *m;
	uint64_t first;
	off_t at;

	/* In the region that can be mapped. */
	ASSERT_DONE(remote_add_mem(self->fd, "log", self->shared.da + 0x40000, 0x2000));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	ASSERT_EQ(0, remote_placed(self->fd, RPROC_LITE_PLACED_TRACE, "log", &p));
	at = remote_offset(self->fd, p.da, p.size);
	ASSERT_LE(0, at);
	first = (uint64_t)at & ~(uint64_t)(self->page - 1);
	m = map(self->fd, 0x2000, PROT_READ, (off_t)first);
	ASSERT_NE(MAP_FAILED, m);
	EXPECT_EQ(0, m[(uint64_t)at - first]);
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	ASSERT_STRNE("", remote_trace_with(self->fd, "hello"));
	EXPECT_EQ(0, strncmp("echo: hello from", m + ((uint64_t)at - first), 16));
	ASSERT_EQ(64, pread(self->reader, in, 64, at));
	EXPECT_EQ(0, strncmp("echo: hello from", in, 16));

	/* A mapping outlives stop, and start, and another load. */
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	EXPECT_EQ(0, strncmp("echo: hello from", m + ((uint64_t)at - first), 16));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "notable")));
	EXPECT_FALSE(is_dead(m, false));
	munmap(m, 0x2000);
}

/*
 * mmap
 */

TEST_F(memory, what_can_not_be_mapped)
{
	const int rw = PROT_READ | PROT_WRITE;
	size_t page = self->page, size = self->shared.size;
	off_t at = self->shared_at;

	EXPECT_EQ(0, map_error(self->fd, size, rw, MAP_SHARED, at));
	EXPECT_EQ(0, map_error(self->fd, page, PROT_READ, MAP_SHARED, at + (off_t)(size - page)));
	EXPECT_EQ(0, map_error(self->fd, page, PROT_NONE, MAP_SHARED, at));

	EXPECT_EQ(EINVAL, map_error(self->fd, page, rw, MAP_PRIVATE, at));
	EXPECT_EQ(EINVAL, map_error(self->fd, page, PROT_READ, MAP_PRIVATE, at));
	EXPECT_EQ(EINVAL, map_error(self->reader, page, PROT_READ, MAP_PRIVATE, at));
	EXPECT_EQ(EPERM, map_error(self->fd, page, PROT_EXEC, MAP_SHARED, at));
	EXPECT_EQ(EPERM, map_error(self->fd, page, rw | PROT_EXEC, MAP_SHARED, at));
	/* Only what was declared mappable. */
	EXPECT_FALSE(self->code.flags & RPROC_LITE_REGION_MAPPABLE);
	EXPECT_EQ(EPERM, map_error(self->fd, page, PROT_READ, MAP_SHARED, self->code_at));
	EXPECT_EQ(EPERM, map_error(self->fd, page, rw, MAP_SHARED, self->code_at));
	/* Beyond it. */
	EXPECT_EQ(EINVAL, map_error(self->fd, size + page, rw, MAP_SHARED, at));
	EXPECT_EQ(EINVAL, map_error(self->fd, size, rw, MAP_SHARED, at + (off_t)page));
	EXPECT_EQ(EINVAL, map_error(self->fd, page, rw, MAP_SHARED, at + (off_t)size));
	EXPECT_EQ(EINVAL, map_error(self->fd, (size_t)(1ULL << 37), rw, MAP_SHARED, at));
	EXPECT_EQ(ENXIO, map_error(self->fd, page, rw, MAP_SHARED, self->num_regions * at));
	/* The call of 32-bit programs has no such offset. */
	EXPECT_EQ(sizeof(long) > 4 ? ENXIO : EINVAL,
		  map_error(self->fd, page, rw, MAP_SHARED, (off_t)1 << 60));
	EXPECT_NE(0, map_error(self->fd, page, rw, MAP_SHARED, (off_t)-4096));
	EXPECT_NE(0, map_error(self->fd, 2 * page, rw, MAP_SHARED, (off_t)-4096));

	ASSERT_DONE(remote_shutdown(self->fd, 0));
	EXPECT_EQ(ENXIO, map_error(self->fd, page, rw, MAP_SHARED, at));
}

TEST_F(memory, mapping_never_executes)
{
	char *p = map(self->fd, self->page, PROT_READ | PROT_WRITE, self->shared_at);

	ASSERT_NE(MAP_FAILED, p);
	EXPECT_EQ(-1, mprotect(p, self->page, PROT_READ | PROT_EXEC));
	EXPECT_EQ(EACCES, errno);
	EXPECT_EQ(-1, mprotect(p, self->page, PROT_READ | PROT_WRITE | PROT_EXEC));
	EXPECT_EQ(0, mprotect(p, self->page, PROT_READ));
	EXPECT_EQ(0, mprotect(p, self->page, PROT_READ | PROT_WRITE));
	EXPECT_ALIVE(p);
	munmap(p, self->page);
}

/* Whoever may only ask can look, as with pread. */
TEST_F(memory, read_only_file_maps_to_read)
{
	char *p = map(self->reader, self->page, PROT_READ, self->shared_at);

	ASSERT_NE(MAP_FAILED, p) TH_LOG("mmap: %s", strerror(errno));
	EXPECT_EQ(EACCES, map_error(self->reader, self->page, PROT_READ | PROT_WRITE, MAP_SHARED,
				    self->shared_at));
	ASSERT_EQ(5, pwrite(self->fd, "magic", 5, self->shared_at));
	EXPECT_EQ(0, memcmp("magic", p, 5));
	EXPECT_EQ(-1, mprotect(p, self->page, PROT_READ | PROT_WRITE));
	EXPECT_EQ(EACCES, errno);
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	EXPECT_TRUE(is_dead(p, false));
	munmap(p, self->page);
}

TEST_F(memory, mappings_are_one_memory)
{
	char *p = map(self->fd, self->shared.size, PROT_READ | PROT_WRITE, self->shared_at);
	char *q = map(self->fd, self->page, PROT_READ | PROT_WRITE,
		      self->shared_at + (off_t)self->page);
	size_t i;
	char c;

	ASSERT_NE(MAP_FAILED, p);
	ASSERT_NE(MAP_FAILED, q);
	for (i = 0; i < self->shared.size; i += 509)
		p[i] = (char)pattern(i);
	for (i = 0; i < self->shared.size; i += 509) {
		ASSERT_EQ(1, pread(self->fd, &c, 1, self->shared_at + (off_t)i));
		ASSERT_EQ((char)pattern(i), c);
	}
	q[17] = 'q';
	EXPECT_EQ('q', p[self->page + 17]);
	munmap(p, self->shared.size);
	munmap(q, self->page);
}

/* It can't grow, nor be moved to where it sees more. */
TEST_F(memory, mapping_can_not_grow)
{
	char *p = map(self->fd, self->page, PROT_READ | PROT_WRITE, self->shared_at);
	char *q;

	ASSERT_NE(MAP_FAILED, p);
	EXPECT_EQ(MAP_FAILED, mremap(p, self->page, 2 * self->page, MREMAP_MAYMOVE));
	EXPECT_EQ(MAP_FAILED, mremap(p, 0, self->page, MREMAP_MAYMOVE));
	ASSERT_EQ(1, pwrite(self->fd, "m", 1, self->shared_at));
	q = mmap(NULL, self->page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	q = mremap(p, self->page, self->page, MREMAP_MAYMOVE | MREMAP_FIXED, q);
	ASSERT_NE(MAP_FAILED, q);
	EXPECT_EQ('m', *q);
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	EXPECT_DEAD(q);
	munmap(q, self->page);
}

TEST_F(memory, revoked_at_shutdown)
{
	size_t len = 8 * self->page;
	char *p = map(self->fd, len, PROT_READ | PROT_WRITE, self->shared_at);
	char *fresh;

	ASSERT_NE(MAP_FAILED, p);
	/* The second page was touched, the third never. */
	EXPECT_ALIVE(p + self->page);
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	EXPECT_DEAD(p + self->page);
	EXPECT_DEAD(p + 2 * self->page);

	/* It stays dead, though the memory is back. */
	ASSERT_DONE(remote_config(self->fd));
	EXPECT_DEAD(p + self->page);
	EXPECT_DEAD(p + 2 * self->page);
	fresh = map(self->fd, len, PROT_READ | PROT_WRITE, self->shared_at);
	ASSERT_NE(MAP_FAILED, fresh);
	EXPECT_ALIVE(fresh);
	EXPECT_DEAD(p);
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	EXPECT_DEAD(p);
	EXPECT_ALIVE(fresh);
	/* A system call sees the same. */
	EXPECT_EQ(-1, pread(self->fd, p, 8, self->shared_at));
	EXPECT_EQ(EFAULT, errno);
	EXPECT_EQ(0, munmap(p, len));
	EXPECT_ALIVE(fresh);
	EXPECT_EQ(0, munmap(fresh, len));
}

/* Each state has its way to Offline. */
TEST_F(memory, revoked_from_each_state)
{
	static const uint32_t states[] = {
		RPROC_LITE_CONFIGURED, RPROC_LITE_READY, RPROC_LITE_RUNNING,
		RPROC_LITE_STOPPED, RPROC_LITE_CRASHED,
	};
	unsigned int i;
	char *p;

	for (i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
		ASSERT_DONE(remote_offline(self->fd));
		ASSERT_DONE(remote_reach(self->fd, states[i]));
		p = map(self->fd, self->page, PROT_READ | PROT_WRITE,
			self->shared_at + 0x80000);
		ASSERT_NE(MAP_FAILED, p);
		EXPECT_ALIVE(p);
		ASSERT_DONE(remote_offline(self->fd));
		EXPECT_DEAD(p);
		munmap(p, self->page);
	}
}

/* What SHUTDOWN could not do did not take the memory, either. */
TEST_F(memory, kept_if_shutdown_fails)
{
	char *p;

	if (remote_kind(self->fd)->has_reset)
		SKIP(return, "no shutdown of this remote fails");
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "stubborn")));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	p = map(self->fd, self->page, PROT_READ | PROT_WRITE, self->shared_at + 0x80000);
	ASSERT_NE(MAP_FAILED, p);
	EXPECT_REFUSED(ETIMEDOUT, remote_shutdown(self->fd, 200));
	EXPECT_ALIVE(p);
	ASSERT_DONE(remote_shutdown(self->fd, REMOTE_PATIENCE));
	EXPECT_DEAD(p);
	munmap(p, self->page);
}

TEST_F(memory, revoked_at_unbind)
{
	char *p = map(self->fd, 2 * self->page, PROT_READ | PROT_WRITE, self->shared_at), *q, c;
	int fd;

	ASSERT_NE(MAP_FAILED, p);
	EXPECT_ALIVE(p);
	ASSERT_EQ(0, driver_unbind(self->device));
	EXPECT_DEAD(p);
	EXPECT_DEAD(p + self->page);
	EXPECT_EQ(-1, pread(self->fd, &c, 1, self->shared_at));
	EXPECT_EQ(-1, pwrite(self->fd, &c, 1, self->shared_at));
	EXPECT_NE(0, map_error(self->fd, self->page, PROT_READ, MAP_SHARED, self->shared_at));

	/* Another remote of the same name is another. */
	ASSERT_EQ(0, driver_bind(self->device));
	fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, fd);
	ASSERT_DONE(remote_config(fd));
	EXPECT_DEAD(p);
	q = map(fd, self->page, PROT_READ | PROT_WRITE, self->shared_at);
	ASSERT_NE(MAP_FAILED, q);
	EXPECT_ALIVE(q);
	ASSERT_DONE(remote_shutdown(fd, 0));
	EXPECT_DEAD(q);
	/* The mapping is all that is left of the old one. */
	close(self->fd);
	EXPECT_DEAD(p);
	EXPECT_EQ(0, munmap(p, 2 * self->page));
	EXPECT_EQ(0, munmap(q, self->page));
	close(fd);
	self->fd = -1;
}

TEST_F(memory, mapping_outlives_the_file)
{
	char *p;
	int fd = remote_open(REMOTE, O_RDWR);

	ASSERT_LE(0, fd);
	p = map(fd, self->page, PROT_READ | PROT_WRITE, self->shared_at);
	ASSERT_NE(MAP_FAILED, p);
	ASSERT_EQ(0, close(fd));
	EXPECT_ALIVE(p);
	ASSERT_EQ(3, pwrite(self->fd, "abc", 3, self->shared_at));
	EXPECT_EQ(0, memcmp("abc", p, 3));
	/* It holds the module, too. */
	EXPECT_EQ(-EAGAIN, module_unload("rproc_lite"));
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	EXPECT_DEAD(p);
	EXPECT_EQ(0, munmap(p, self->page));
}

/* Through a device node of one's own, which has another inode. */
TEST_F(memory, revoked_by_another_node)
{
	struct stat st;
	char *p;
	int fd;

	ASSERT_EQ(0, fstat(self->fd, &st));
	unlink("/tmp/node");
	ASSERT_EQ(0, mknod("/tmp/node", S_IFCHR | 0600, st.st_rdev));
	fd = open("/tmp/node", O_RDWR | O_CLOEXEC);
	unlink("/tmp/node");
	if (fd < 0)
		SKIP(return, "no device nodes in /tmp");
	p = map(fd, self->page, PROT_READ | PROT_WRITE, self->shared_at);
	ASSERT_NE(MAP_FAILED, p);
	EXPECT_ALIVE(p);
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	EXPECT_DEAD(p);
	munmap(p, self->page);
	close(fd);
}

/* A child looks at what it inherited: 0 if it is as it should be. */
static int child_sees(char *p, size_t page, int go)
{
	int bad = 0;
	char c;

	/* Mapped in the parent, in the child alone, never. */
	bad |= is_dead(p, true) ? 1 : 0;
	bad |= is_dead(p + page, true) ? 2 : 0;
	if (read(go, &c, 1) != 1)
		return 64;
	bad |= is_dead(p, false) ? 0 : 4;
	bad |= is_dead(p + page, true) ? 0 : 8;
	bad |= is_dead(p + 2 * page, false) ? 0 : 16;
	return bad;
}

TEST_F(memory, revoked_in_children)
{
	char *p = map(self->fd, 4 * self->page, PROT_READ | PROT_WRITE, self->shared_at);
	int go[2][2], i, status;
	pid_t pid[2];

	ASSERT_NE(MAP_FAILED, p);
	EXPECT_ALIVE(p);
	p[self->page] = '.';
	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, pipe(go[i]));
		pid[i] = fork();
		ASSERT_LE(0, pid[i]);
		if (!pid[i])
			_exit(child_sees(p, self->page, go[i][0]));
	}
	/* Until both have written to the second page of theirs, and of ours. */
	usleep(300000);
	EXPECT_EQ('x', p[self->page]);
	ASSERT_DONE(remote_shutdown(self->fd, 0));
	ASSERT_EQ(1, write(go[0][1], "", 1));
	ASSERT_EQ(pid[0], waitpid(pid[0], &status, 0));
	EXPECT_EQ(0, status) TH_LOG("status 0x%x", status);
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_EQ(1, write(go[1][1], "", 1));
	ASSERT_EQ(pid[1], waitpid(pid[1], &status, 0));
	EXPECT_EQ(0, status) TH_LOG("status 0x%x", status);
	EXPECT_DEAD(p);
	munmap(p, 4 * self->page);
}

/* Arguments and buffers that lie in the very memory that is asked about. */
TEST_F(memory, buffers_in_the_mapping)
{
	char *p = map(self->fd, 16 * self->page, PROT_READ | PROT_WRITE, self->shared_at);
	struct rproc_lite_find *f = (void *)p;
	struct rproc_lite_action *a = (void *)(p + 4 * self->page);
	struct rproc_lite_find g;

	ASSERT_NE(MAP_FAILED, p);
	memset(&g, 0, sizeof(g));
	g.by = RPROC_LITE_BY_VA;
	g.addr = (uintptr_t)p;
	memcpy(f, &g, sizeof(g));
	EXPECT_EQ(0, remote_find(self->fd, f));
	memcpy(&g, f, sizeof(g));
	is_in(_metadata, &g, &self->shared, 0);
	/* Neither page was touched yet. */
	EXPECT_EQ(100, pread(self->fd, p + 2 * self->page, 100,
			     self->shared_at + (off_t)(3 * self->page)));
	EXPECT_EQ(100, pwrite(self->fd, p + 5 * self->page, 100,
			      self->shared_at + (off_t)(6 * self->page)));
	EXPECT_EQ((ssize_t)(6 * self->page),
		  pread(self->fd, p, 6 * self->page, self->shared_at + 100));
	memset(a, 0, sizeof(*a));
	EXPECT_EQ(-1, ioctl(self->fd, RPROC_LITE_IOC_START, a));
	EXPECT_EQ(EBADFD, errno);
	EXPECT_EQ(-EBADFD, a->verdict.error);
	/* It takes its own argument away. */
	memset(a, 0, sizeof(*a));
	EXPECT_EQ(0, ioctl(self->fd, RPROC_LITE_IOC_SHUTDOWN, a));
	EXPECT_STATE(RPROC_LITE_OFFLINE, self->fd);
	EXPECT_EQ(-1, ioctl(self->fd, RPROC_LITE_IOC_SHUTDOWN, a));
	EXPECT_EQ(EFAULT, errno);
	munmap(p, 16 * self->page);
}

/* Map, touch, unmap, whatever becomes of it. */
static int touch_all_the_time(int fd, int unused)
{
	const size_t len = 0x10000;
	off_t at = ((off_t)1 << RPROC_LITE_REGION_SHIFT) + 0x80000;
	size_t i;
	char *p;

	(void)unused;
	for (;;) {
		p = map(fd, len, PROT_READ | PROT_WRITE, at);
		if (p == MAP_FAILED)
			continue;
		for (i = 0; !is_dead(p + i, true); i = (i + 4096) % len)
			;
		if (i % 8192)
			munmap(p, len / 2);
		munmap(p, len);
	}
	return 0;
}

TEST_F_TIMEOUT(memory, storm, 600)
{
	unsigned int i, n = count_from_env(10);
	struct job job[2];
	char *p;

	for (i = 0; i < 2; i++) {
		ASSERT_EQ(0, job_begin(&job[i], touch_all_the_time, self->fd, 0));
	}
	for (i = 0; i < n; i++) {
		p = map(self->fd, self->page, PROT_READ | PROT_WRITE, self->shared_at + 0x80000);
		ASSERT_NE(MAP_FAILED, p);
		EXPECT_ALIVE(p);
		ASSERT_DONE(remote_shutdown(self->fd, 0));
		EXPECT_DEAD(p);
		munmap(p, self->page);
		ASSERT_DONE(remote_config(self->fd));
		if (i % 2) {
			ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
			ASSERT_DONE(remote_start(self->fd));
			ASSERT_EQ(0, remote_wait_ready(self->fd));
			ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
			ASSERT_DONE(remote_shutdown(self->fd, REMOTE_PATIENCE));
			ASSERT_DONE(remote_config(self->fd));
		}
	}
	for (i = 0; i < 2; i++) {
		EXPECT_FALSE(job_over(&job[i]));
		kill(job[i].pid, SIGKILL);
		job_end(&job[i], REMOTE_PATIENCE);
	}
}

/*
 * Windows
 */

TEST_F(memory, window)
{
	uint64_t da = self->shared.da + 0x8000;
	struct rproc_lite_region r;
	struct rproc_lite_info info;
	struct rproc_lite_find f;
	char *p;

	ASSERT_EQ(0, remote_info(self->fd, &info));
	ASSERT_DONE(remote_add_mem(self->fd, "window", da, 0x3000));
	ASSERT_EQ(0, remote_region(self->fd, info.num_regions, &r));
	EXPECT_STREQ("window", r.name);
	EXPECT_EQ(RPROC_LITE_REGION_WINDOW | RPROC_LITE_REGION_MAPPABLE, r.flags);
	EXPECT_EQ(da, r.da);
	EXPECT_EQ(self->shared.pa + 0x8000, r.pa);
	EXPECT_EQ(0x3000, r.size);
	ASSERT_EQ(0, find(self->fd, RPROC_LITE_BY_NAME, 0x10, 0x2ff0, "window", &f));
	EXPECT_EQ(info.num_regions, f.region);
	EXPECT_EQ(r.flags, f.flags);
	EXPECT_EQ(da + 0x10, f.da);
	EXPECT_EQ(r.pa + 0x10, f.pa);
	EXPECT_EQ(0x2ff0, f.left);
	EXPECT_EQ(self->shared_at + 0x8010, (off_t)f.offset);
	EXPECT_EQ(-ENOENT, find(self->fd, RPROC_LITE_BY_NAME, 0x10, 0x2ff1, "window", &f));
	EXPECT_EQ(-ENOENT, find(self->fd, RPROC_LITE_BY_NAME, 0x3000, 1, "window", &f));

	/* It is where FIND says. */
	ASSERT_EQ(0, find(self->fd, RPROC_LITE_BY_NAME, 0, 0x3000, "window", &f));
	p = map(self->fd, 0x3000, PROT_READ | PROT_WRITE, (off_t)f.offset);
	ASSERT_NE(MAP_FAILED, p);
	ASSERT_EQ(3, pwrite(self->fd, "win", 3, self->shared_at + 0x8000));
	EXPECT_EQ(0, memcmp("win", p, 3));

	/* Gone, the memory is none the worse. */
	ASSERT_DONE(remote_remove_mem(self->fd, "window"));
	EXPECT_ALIVE(p);
	munmap(p, 0x3000);
	EXPECT_EQ(-ENOENT, find(self->fd, RPROC_LITE_BY_NAME, 0, 0, "window", &f));
	EXPECT_EQ(-ENOENT, remote_region(self->fd, info.num_regions, &r));
	EXPECT_REFUSED(ENOENT, remote_remove_mem(self->fd, "window"));
	EXPECT_WORDS("window", remote_said.text);
}

TEST_F(memory, windows_of_code_are_not_mappable)
{
	struct rproc_lite_find f;

	ASSERT_DONE(remote_add_mem(self->fd, "window", self->code.da + 0x10000, 0x1000));
	ASSERT_EQ(0, find(self->fd, RPROC_LITE_BY_NAME, 0, 0, "window", &f));
	EXPECT_EQ(RPROC_LITE_REGION_WINDOW, f.flags);
	EXPECT_EQ(EPERM, map_error(self->fd, self->page, PROT_READ, MAP_SHARED, (off_t)f.offset));
}

TEST_F(memory, windows_refused)
{
	uint64_t da = self->shared.da, end = da + self->shared.size;
	struct rproc_lite_mem_window w = { .flags = 1, .name = "w", .da = da, .size = 16 };
	struct rproc_lite_info before, after;
	char longest[32];

	ASSERT_DONE(remote_add_mem(self->fd, "first", da + 0x1000, 0x1000));
	ASSERT_EQ(0, remote_info(self->fd, &before));
	EXPECT_REFUSED(EEXIST, remote_add_mem(self->fd, "w", da + 0x1000, 0x1000));
	EXPECT_WORDS("first", remote_said.text);
	EXPECT_REFUSED(EEXIST, remote_add_mem(self->fd, "w", da, 0x1001));
	EXPECT_REFUSED(EEXIST, remote_add_mem(self->fd, "w", da + 0x1fff, 1));
	EXPECT_REFUSED(EEXIST, remote_add_mem(self->fd, "w", da, 0x10000));
	EXPECT_REFUSED(EEXIST, remote_add_mem(self->fd, "first", da + 0x4000, 0x1000));
	EXPECT_REFUSED(EEXIST, remote_add_mem(self->fd, "shared", da + 0x4000, 0x1000));
	EXPECT_REFUSED(EEXIST, remote_add_mem(self->fd, "code", da + 0x4000, 0x1000));

	EXPECT_REFUSED(ENOENT, remote_add_mem(self->fd, "w", end, 0x1000));
	EXPECT_REFUSED(ENOENT, remote_add_mem(self->fd, "w", end - 1, 2));
	EXPECT_REFUSED(ENOENT, remote_add_mem(self->fd, "w", da - 1, 2));
	EXPECT_REFUSED(ENOENT, remote_add_mem(self->fd, "w", self->low, 0x1000));
	EXPECT_REFUSED(ENOENT, remote_add_mem(self->fd, "w", da, UINT64_MAX));
	EXPECT_REFUSED(ENOENT, remote_add_mem(self->fd, "w", da + 0x4000, -0x4000ULL));
	EXPECT_REFUSED(ENOENT, remote_add_mem(self->fd, "w", UINT64_MAX, 1));
	EXPECT_REFUSED(ENOENT, remote_add_mem(self->fd, "w", UINT64_MAX - 1, 4096));
	EXPECT_REFUSED(EINVAL, remote_add_mem(self->fd, "w", da + 0x4000, 0));
	EXPECT_REFUSED(EINVAL, remote_add_mem(self->fd, "", da + 0x4000, 0x1000));
	EXPECT_REFUSED(EPERM, remote_remove_mem(self->fd, "shared"));
	EXPECT_WORDS("shared", remote_said.text);
	EXPECT_REFUSED(EPERM, remote_remove_mem(self->fd, "code"));
	EXPECT_REFUSED(ENOENT, remote_remove_mem(self->fd, ""));
	EXPECT_REFUSED(EBADF, remote_add_mem(self->reader, "w", da + 0x4000, 0x1000));
	EXPECT_REFUSED(EBADF, remote_remove_mem(self->reader, "first"));

	EXPECT_EQ(-1, ioctl(self->fd, RPROC_LITE_IOC_ADD_MEM, &w));
	EXPECT_EQ(-EINVAL, w.verdict.error);
	w.flags = 0;
	w.pad = 1;
	EXPECT_EQ(-1, ioctl(self->fd, RPROC_LITE_IOC_ADD_MEM, &w));
	EXPECT_EQ(-EINVAL, w.verdict.error);
	w.pad = 0;
	EXPECT_EQ(-1, ioctl(self->fd, RPROC_LITE_IOC_REMOVE_MEM, &w));
	EXPECT_EQ(-EINVAL, w.verdict.error);
	memset(w.name, 'w', sizeof(w.name));
	EXPECT_EQ(-1, ioctl(self->fd, RPROC_LITE_IOC_ADD_MEM, &w));
	EXPECT_EQ(-EINVAL, w.verdict.error);
	ASSERT_EQ(0, remote_info(self->fd, &after));
	EXPECT_EQ(before.num_regions, after.num_regions);

	/* Neighbours are fine, and so is the longest name. */
	EXPECT_DONE(remote_add_mem(self->fd, "below", da, 0x1000));
	EXPECT_DONE(remote_add_mem(self->fd, "above", da + 0x2000, end - da - 0x2000));
	memset(longest, 'n', sizeof(longest));
	longest[31] = '\0';
	EXPECT_DONE(remote_add_mem(self->fd, longest, self->code.da + 0x100000, 1));
	EXPECT_DONE(remote_remove_mem(self->fd, longest));
	ASSERT_DONE(remote_remove_mem(self->fd, "first"));
	EXPECT_DONE(remote_add_mem(self->fd, "again", da + 0x1000, 0x1000));
}

TEST_F(memory, windows_wait_for_operations)
{
	struct job job;
	int ends[2];

	ASSERT_DONE(remote_add_mem(self->fd, "window", self->shared.da, 0x1000));
	ASSERT_EQ(0, job_begin_load(&job, self->fd, ends));
	EXPECT_REFUSED(EBUSY, remote_add_mem(self->fd, "w", self->shared.da + 0x4000, 0x1000));
	EXPECT_WORDS("load is in progress", remote_said.text);
	EXPECT_REFUSED(EBUSY, remote_remove_mem(self->fd, "window"));
	EXPECT_WORDS("load is in progress", remote_said.text);
	close(ends[1]);
	ASSERT_EQ(0, kill(job.pid, SIGKILL));
	ASSERT_EQ(0, job_end(&job, REMOTE_PROMPT));
	close(ends[0]);
	EXPECT_DONE(remote_remove_mem(self->fd, "window"));
}

static bool overlaps(const struct rproc_lite_placement *p, uint64_t da, uint64_t size)
{
	return p->da < da + size && da < p->da + p->size;
}

/* What bears its name is placed in it, and nothing else. */
static void window_takes(struct __test_metadata *_metadata, int fd, uint32_t kind,
			 const char *name, uint64_t da, uint64_t size)
{
	struct rproc_lite_placement p;
	uint32_t i, found = 0;

	ASSERT_DONE(remote_add_mem(fd, name, da, size));
	ASSERT_DONE(remote_load(fd, remote_firmware(fd, "vdevs")));
	for (i = 0; !remote_placement(fd, i, &p); i++) {
		if (p.kind == kind && !strcmp(p.name, name)) {
			EXPECT_LE(da, p.da);
			EXPECT_GE(da + size, p.da + p.size);
			found++;
		} else {
			EXPECT_FALSE(overlaps(&p, da, size)) TH_LOG("%s is in %s", p.name, name);
		}
	}
	EXPECT_EQ(1, found);
	ASSERT_DONE(remote_start(fd));
	ASSERT_EQ(0, remote_wait_ready(fd));
	EXPECT_STRNE("", remote_trace_with(fd, "hello"));
	ASSERT_DONE(remote_stop(fd, REMOTE_PATIENCE));
	/* Without it, it is as it was. */
	ASSERT_DONE(remote_remove_mem(fd, name));
	ASSERT_DONE(remote_load(fd, remote_firmware(fd, "vdevs")));
	ASSERT_EQ(0, remote_placed(fd, kind, name, &p));
	EXPECT_FALSE(p.da >= da && p.da + p.size <= da + size);
	ASSERT_DONE(remote_stop(fd, 0));
}

TEST_F(memory, window_for_a_vring)
{
	window_takes(_metadata, self->fd, RPROC_LITE_PLACED_VRING, "vdev0vring1",
		     self->shared.da + 0x80000, 0x2000);
	window_takes(_metadata, self->fd, RPROC_LITE_PLACED_VRING, "vdev1vring0",
		     self->code.da + 0x80000, 0x2000);
	/* It begins and ends anywhere. */
	window_takes(_metadata, self->fd, RPROC_LITE_PLACED_VRING, "vdev1vring1",
		     self->shared.da + 0x80013, 0x3333);
}

TEST_F(memory, window_for_a_trace)
{
	window_takes(_metadata, self->fd, RPROC_LITE_PLACED_TRACE, "log",
		     self->shared.da + 0x1000, 0x1000);
}

/* Where there is no place but in a window, there is none. */
TEST_F(memory, windows_keep_others_out)
{
	uint64_t da = 0, size;
	struct rproc_lite_placement p;
	uint32_t i;

	/* All that the image itself has no bytes in. */
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	for (i = 0; !remote_placement(self->fd, i, &p); i++)
		if (p.kind == RPROC_LITE_PLACED_SEGMENT && p.da + p.size > da)
			da = p.da + p.size;
	ASSERT_DONE(remote_stop(self->fd, 0));
	size = self->code.da + self->code.size - da;
	ASSERT_DONE(remote_add_mem(self->fd, "nobody", da, size));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	for (i = 0; !remote_placement(self->fd, i, &p); i++) {
		EXPECT_FALSE(overlaps(&p, da, size)) TH_LOG("%s", p.name);
	}
	ASSERT_DONE(remote_stop(self->fd, 0));
	ASSERT_DONE(remote_add_mem(self->fd, "nothing", self->shared.da, self->shared.size));
	EXPECT_REFUSED(ENOSPC, remote_load(self->fd, remote_firmware(self->fd, "echo")));
	EXPECT_EQ(RPROC_LITE_AT_ENTRY, remote_said.where);
	EXPECT_EQ(0, remote_said.index);
	EXPECT_WORDS("no room", remote_said.text);
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	ASSERT_DONE(remote_remove_mem(self->fd, "nothing"));
	EXPECT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
}

/* There are 256 regions and windows at most, and one that goes makes room. */
TEST_F(memory, too_many_windows)
{
	char name[RPROC_LITE_NAME_MAX];
	uint32_t i, n;

	for (i = self->num_regions, n = 0; i < 256; i++, n++) {
		snprintf(name, sizeof(name), "w%u", n);
		ASSERT_DONE(remote_add_mem(self->fd, name, self->shared.da + 0x80000 + 64 * n, 64));
	}
	EXPECT_REFUSED(ENOSPC, remote_add_mem(self->fd, "more", self->shared.da + 0x70000, 64));
	EXPECT_WORDS("too many regions", remote_said.text);
	ASSERT_DONE(remote_remove_mem(self->fd, "w7"));
	EXPECT_DONE(remote_add_mem(self->fd, "more", self->shared.da + 0x70000, 64));
	EXPECT_DONE(remote_remove_windows(self->fd));
}

/* A ring of 16 buffers takes 4230 bytes. */
TEST_F(memory, window_too_small)
{
	static const uint64_t sizes[] = { 1, 63, 64, 4096, 4229 };
	unsigned int i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		ASSERT_DONE(remote_add_mem(self->fd, "vdev0vring1", self->shared.da + 0x80000,
					   sizes[i]));
		EXPECT_REFUSED(ENOSPC, remote_load(self->fd, remote_firmware(self->fd, "echo")));
		EXPECT_EQ(RPROC_LITE_AT_ENTRY, remote_said.where);
		EXPECT_EQ(2, remote_said.index);
		EXPECT_WORDS("no room for its 0x1086 bytes", remote_said.text);
		EXPECT_STATE(RPROC_LITE_CONFIGURED, self->fd);
		ASSERT_DONE(remote_remove_mem(self->fd, "vdev0vring1"));
	}
	EXPECT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
}

TEST_F(memory, window_fits_exactly)
{
	struct rproc_lite_placement p;

	ASSERT_DONE(remote_add_mem(self->fd, "vdev0vring1", self->shared.da + 0x80000, 4230));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	ASSERT_EQ(0, remote_placed(self->fd, RPROC_LITE_PLACED_VRING, "vdev0vring1", &p));
	EXPECT_EQ(self->shared.da + 0x80000, p.da);
	EXPECT_EQ(4230, p.size);
}

/* A start from Stopped asks anew, and tells if there is no room any more. */
TEST_F(memory, window_between_starts)
{
	struct rproc_lite_placement p;
	uint64_t da = self->shared.da + 0x80000;

	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	ASSERT_DONE(remote_stop(self->fd, 0));
	ASSERT_DONE(remote_add_mem(self->fd, "log", da, 64));
	EXPECT_REFUSED(ENOSPC, remote_start(self->fd));
	EXPECT_STATE(RPROC_LITE_STOPPED, self->fd);
	ASSERT_DONE(remote_remove_mem(self->fd, "log"));
	ASSERT_DONE(remote_add_mem(self->fd, "log", da, 0x1000));
	ASSERT_DONE(remote_start(self->fd));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	ASSERT_EQ(0, remote_placed(self->fd, RPROC_LITE_PLACED_TRACE, "log", &p));
	EXPECT_EQ(da, p.da);
	EXPECT_STRNE("", remote_trace_with(self->fd, "hello"));
	/* Removed while it is used, it only loses its name. */
	ASSERT_DONE(remote_remove_mem(self->fd, "log"));
	EXPECT_STRNE("", remote_trace_with(self->fd, "hello"));
	ASSERT_DONE(remote_stop(self->fd, REMOTE_PATIENCE));
}

REMOTE_TEST_MAIN
