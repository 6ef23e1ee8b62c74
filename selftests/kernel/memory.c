// SPDX-License-Identifier: GPL-2.0-only
/* A remote's memory in another module's hands: handles, and mappings. */
#include "fake.h"

#include <linux/io.h>
#include <linux/string.h>

/* What of r0 is where. */
struct place {
	u64 da;
	phys_addr_t pa;
	u64 size;
};

static bool find(struct test *t, const char *name, struct place *p)
{
	struct rproc_lite_io *io = rproc_lite_get_io_with_name(t->r0, name);

	if (!EXPECT_ERR(t, 0, io))
		return false;
	p->da = rproc_lite_io_da(io);
	p->pa = rproc_lite_io_pa(io);
	p->size = rproc_lite_io_size(io);
	rproc_lite_put_io(io);
	return true;
}

static void expect_io(struct test *t, struct rproc_lite_io *io, const struct place *p, u64 off,
		      u64 size)
{
	if (!EXPECT_ERR(t, 0, io))
		return;
	EXPECT_EQ(t, p->da + off, rproc_lite_io_da(io));
	EXPECT_EQ(t, p->pa + off, rproc_lite_io_pa(io));
	EXPECT_EQ(t, size, rproc_lite_io_size(io));
	rproc_lite_put_io(io);
}

TEST(io_found)
{
	struct place p;

	if (!find(t, "shared", &p))
		return;
	EXPECT(t, p.size == 0x100000);
	expect_io(t, rproc_lite_get_io_with_name(t->r0, "shared"), &p, 0, p.size);
	expect_io(t, rproc_lite_get_io_with_da(t->r0, p.da, p.size), &p, 0, p.size);
	expect_io(t, rproc_lite_get_io_with_da(t->r0, p.da + 5, 1), &p, 5, 1);
	expect_io(t, rproc_lite_get_io_with_pa(t->r0, p.pa, p.size), &p, 0, p.size);
	expect_io(t, rproc_lite_get_io_with_pa(t->r0, p.pa + p.size - 1, 1), &p, p.size - 1, 1);
}

TEST(io_missed)
{
	struct place p;
	u8 byte;

	if (!find(t, "shared", &p))
		return;
	EXPECT_ERR(t, -ENOENT, rproc_lite_get_io_with_name(t->r0, "none"));
	EXPECT_ERR(t, -ENOENT, rproc_lite_get_io_with_name(t->r0, ""));
	EXPECT_ERR(t, -ENOENT, rproc_lite_get_io_with_name(t->r0, "share"));
	EXPECT_ERR(t, -ENOENT, rproc_lite_get_io_with_da(t->r0, p.da, 0));
	EXPECT_ERR(t, -ENOENT, rproc_lite_get_io_with_da(t->r0, p.da, p.size + 1));
	EXPECT_ERR(t, -ENOENT, rproc_lite_get_io_with_da(t->r0, p.da + p.size, 1));
	/* Its neighbour below is another region: none has both. */
	EXPECT_ERR(t, -ENOENT, rproc_lite_get_io_with_da(t->r0, p.da - 1, 2));
	EXPECT_ERR(t, -ENOENT, rproc_lite_get_io_with_da(t->r0, p.da + 1, U64_MAX));
	EXPECT_ERR(t, -ENOENT, rproc_lite_get_io_with_da(t->r0, U64_MAX, 1));
	EXPECT_ERR(t, -ENOENT, rproc_lite_get_io_with_pa(t->r0, p.pa, 0));
	EXPECT_ERR(t, -ENOENT, rproc_lite_get_io_with_pa(t->r0, p.pa, p.size + 1));
	EXPECT_ERR(t, -ENOENT, rproc_lite_get_io_with_pa(t->r0, 4096, 1));
	EXPECT_ERR(t, -ENOENT, rproc_lite_get_io_with_va(t->r0, &byte, 1));
	EXPECT_ERR(t, -ENOENT, rproc_lite_get_io_with_va(t->r0, NULL, 1));
}

/* It says where it is at any time, and works while there is power. */
TEST(io_offline)
{
	struct rproc_lite_io *io = rproc_lite_get_io_with_name(t->r0, "shared");
	u8 byte = 0;

	if (!EXPECT_ERR(t, 0, io))
		return;
	EXPECT_EQ(t, -ENXIO, rproc_lite_io_read(io, 0, &byte, 1));
	EXPECT_EQ(t, -ENXIO, rproc_lite_io_write(io, 0, &byte, 1));
	EXPECT_EQ(t, -ENXIO, rproc_lite_io_set(io, 0, 0, 1));
	EXPECT_EQ(t, -ENXIO, rproc_lite_io_copy(io, 0, io, 1, 1));
	EXPECT_DONE(t, rproc_lite_config(t->r0, NULL, 0, &t->v));
	EXPECT_DONE(t, rproc_lite_io_write(io, 0, &byte, 1));
	EXPECT_DONE(t, rproc_lite_shutdown(t->r0, 0, &t->v));
	EXPECT_EQ(t, -ENXIO, rproc_lite_io_read(io, 0, &byte, 1));
	rproc_lite_put_io(io);
}

static void io_bounds_of(struct test *t, struct rproc_lite_io *io, u64 size)
{
	u8 buf[16] = { 0 };

	EXPECT_DONE(t, rproc_lite_io_read(io, size - 16, buf, 16));
	EXPECT_DONE(t, rproc_lite_io_read(io, size, buf, 0));
	EXPECT_EQ(t, -ERANGE, rproc_lite_io_read(io, size - 15, buf, 16));
	EXPECT_EQ(t, -ERANGE, rproc_lite_io_read(io, size + 1, buf, 0));
	EXPECT_EQ(t, -ERANGE, rproc_lite_io_read(io, U64_MAX, buf, 1));
	EXPECT_EQ(t, -ERANGE, rproc_lite_io_write(io, size - 15, buf, 16));
	EXPECT_EQ(t, -ERANGE, rproc_lite_io_write(io, U64_MAX - 7, buf, 16));
	EXPECT_EQ(t, -ERANGE, rproc_lite_io_set(io, 0, 0, size + 1));
	EXPECT_EQ(t, -ERANGE, rproc_lite_io_set(io, 1, 0, U64_MAX));
	EXPECT_EQ(t, -ERANGE, rproc_lite_io_copy(io, size - 1, io, 0, 2));
	EXPECT_EQ(t, -ERANGE, rproc_lite_io_copy(io, 0, io, size - 1, 2));
	EXPECT_EQ(t, -ERANGE, rproc_lite_io_copy(io, 0, io, U64_MAX, 2));
	EXPECT_DONE(t, rproc_lite_io_copy(io, size, io, size, 0));
}

static void io_moves(struct test *t, struct rproc_lite_io *io)
{
	u8 in[300], out[300];
	int off, len, i;

	for (i = 0; i < (int)sizeof(in); i++)
		in[i] = i * 7 + 1;
	/* Whatever the alignment. */
	for (off = 0; off < 9; off++) {
		for (len = 1; len < (int)sizeof(in); len += 23) {
			memset(out, 0, sizeof(out));
			EXPECT_DONE(t, rproc_lite_io_set(io, 0, 0xee, 400));
			EXPECT_DONE(t, rproc_lite_io_write(io, 32 + off, in, len));
			EXPECT_DONE(t, rproc_lite_io_read(io, 32 + off, out, len));
			EXPECT(t, !memcmp(in, out, len));
			EXPECT_DONE(t, rproc_lite_io_read(io, 31 + off, out, 1));
			EXPECT_EQ(t, 0xee, out[0]);
			EXPECT_DONE(t, rproc_lite_io_read(io, 32 + off + len, out, 1));
			EXPECT_EQ(t, 0xee, out[0]);
		}
	}
	/* More than goes at once, to a place that is aligned otherwise. */
	EXPECT_DONE(t, rproc_lite_io_write(io, 0, in, 300));
	EXPECT_DONE(t, rproc_lite_io_copy(io, 0x1003, io, 0, 300));
	EXPECT_DONE(t, rproc_lite_io_read(io, 0x1003, out, 300));
	EXPECT(t, !memcmp(in, out, 300));
	EXPECT_DONE(t, rproc_lite_io_set(io, 0x1004, 0, 298));
	EXPECT_DONE(t, rproc_lite_io_read(io, 0x1003, out, 300));
	EXPECT_EQ(t, in[0], out[0]);
	EXPECT_EQ(t, 0, out[1]);
	EXPECT_EQ(t, 0, out[298]);
	EXPECT_EQ(t, in[299], out[299]);
}

TEST(io_bounds)
{
	struct rproc_lite_io *io = rproc_lite_get_io_with_name(t->r0, "shared");
	struct place p;

	if (!EXPECT_ERR(t, 0, io))
		return;
	EXPECT_DONE(t, rproc_lite_config(t->r0, NULL, 0, &t->v));
	io_bounds_of(t, io, rproc_lite_io_size(io));
	rproc_lite_put_io(io);
	/* Of a piece, the piece's. */
	if (!find(t, "shared", &p))
		return;
	io = rproc_lite_get_io_with_da(t->r0, p.da + 0x40, 0x100);
	if (EXPECT_ERR(t, 0, io)) {
		io_bounds_of(t, io, 0x100);
		rproc_lite_put_io(io);
	}
}

TEST(io_of_ram)
{
	struct rproc_lite_io *io = rproc_lite_get_io_with_name(t->r0, "shared");

	if (!EXPECT_ERR(t, 0, io))
		return;
	EXPECT_DONE(t, rproc_lite_config(t->r0, NULL, 0, &t->v));
	io_moves(t, io);
	rproc_lite_put_io(io);
}

TEST(io_of_device_memory)
{
	struct rproc_lite_io *io, *ram;
	u8 in[64], out[64];
	struct fake f;
	int i;

	if (!fake_init(t, &f))
		return fake_exit(&f);
	EXPECT_DONE(t, fake_config(t, &f));
	io = rproc_lite_get_io_with_name(f.rproc, "regs");
	ram = rproc_lite_get_io_with_name(f.rproc, "ram");
	if (EXPECT_ERR(t, 0, io) && EXPECT_ERR(t, 0, ram)) {
		io_bounds_of(t, io, FAKE_SIZE);
		io_moves(t, io);
		/* From the one kind to the other. */
		for (i = 0; i < (int)sizeof(in); i++)
			in[i] = i + 3;
		EXPECT_DONE(t, rproc_lite_io_write(ram, 1, in, sizeof(in)));
		EXPECT_DONE(t, rproc_lite_io_copy(io, 2, ram, 1, sizeof(in)));
		EXPECT_DONE(t, rproc_lite_io_read(io, 2, out, sizeof(out)));
		EXPECT(t, !memcmp(in, out, sizeof(in)));
	}
	if (!IS_ERR(io))
		rproc_lite_put_io(io);
	if (!IS_ERR(ram))
		rproc_lite_put_io(ram);
	fake_exit(&f);
}

TEST(mmap_found)
{
	struct rproc_lite_io *io = NULL, *same;
	struct place p;
	phys_addr_t pa;
	u8 byte;
	u64 da;
	u8 *va;

	if (!find(t, "shared", &p))
		return;
	EXPECT_DONE(t, rproc_lite_config(t->r0, NULL, 0, &t->v));

	/* By da, with a handle: one memory. */
	da = p.da + 0x100;
	pa = 0;
	va = rproc_lite_mmap(t->r0, &pa, &da, 0x80, RPROC_LITE_MMAP_WC, &io);
	if (!EXPECT_ERR(t, 0, va))
		return;
	EXPECT_EQ(t, p.da + 0x100, da);
	EXPECT_EQ(t, p.pa + 0x100, pa);
	EXPECT_EQ(t, 0x80, rproc_lite_io_size(io));
	WRITE_ONCE(va[3], 0x5a);
	mb();	/* the mapping, then the handle */
	EXPECT_DONE(t, rproc_lite_io_read(io, 3, &byte, 1));
	EXPECT_EQ(t, 0x5a, byte);
	EXPECT_EQ(t, -ERANGE, rproc_lite_io_read(io, 0x80, &byte, 1));
	EXPECT_DONE(t, rproc_lite_io_set(io, 3, 0x77, 1));
	EXPECT_EQ(t, 0x77, READ_ONCE(va[3]));
	same = rproc_lite_get_io_with_va(t->r0, va + 3, 1);
	if (EXPECT_ERR(t, 0, same)) {
		EXPECT_EQ(t, da + 3, rproc_lite_io_da(same));
		rproc_lite_put_io(same);
	}
	EXPECT_DONE(t, rproc_lite_munmap(t->r0, va, io));

	/* By pa; by both. */
	da = RPROC_LITE_NO_DA;
	pa = p.pa + p.size - 1;
	va = rproc_lite_mmap(t->r0, &pa, &da, 1, RPROC_LITE_MMAP_ANY, NULL);
	if (EXPECT_ERR(t, 0, va)) {
		EXPECT_EQ(t, p.da + p.size - 1, da);
		EXPECT_DONE(t, rproc_lite_munmap(t->r0, va, NULL));
	}
	va = rproc_lite_mmap(t->r0, &pa, &da, 1, RPROC_LITE_MMAP_ANY, NULL);
	if (EXPECT_ERR(t, 0, va))
		EXPECT_DONE(t, rproc_lite_munmap(t->r0, va, NULL));
}

/* The errno that comes of it. */
static int try_mmap(struct rproc_lite *rproc, phys_addr_t pa, u64 da, size_t size,
		    unsigned int attribute)
{
	void *va = rproc_lite_mmap(rproc, &pa, &da, size, attribute, NULL);

	if (IS_ERR(va))
		return PTR_ERR(va);
	return rproc_lite_munmap(rproc, va, NULL);
}

TEST(mmap_refused)
{
	struct place p;

	if (!find(t, "shared", &p))
		return;
	EXPECT_EQ(t, -ENXIO, try_mmap(t->r0, 0, p.da, 1, RPROC_LITE_MMAP_ANY));
	EXPECT_DONE(t, rproc_lite_config(t->r0, NULL, 0, &t->v));
	EXPECT_EQ(t, 0, try_mmap(t->r0, 0, p.da, p.size, RPROC_LITE_MMAP_ANY));
	EXPECT_EQ(t, -ENOENT, try_mmap(t->r0, 0, p.da, p.size + 1, RPROC_LITE_MMAP_ANY));
	EXPECT_EQ(t, -ENOENT, try_mmap(t->r0, 0, p.da, 0, RPROC_LITE_MMAP_ANY));
	EXPECT_EQ(t, -ENOENT, try_mmap(t->r0, 0, p.da - 1, 2, RPROC_LITE_MMAP_ANY));
	EXPECT_EQ(t, -ENOENT, try_mmap(t->r0, 0, p.da, SIZE_MAX, RPROC_LITE_MMAP_ANY));
	EXPECT_EQ(t, -ENOENT, try_mmap(t->r0, 4096, RPROC_LITE_NO_DA, 1, RPROC_LITE_MMAP_ANY));
	EXPECT_EQ(t, -ENOENT, try_mmap(t->r0, p.pa + p.size, RPROC_LITE_NO_DA, 1,
				       RPROC_LITE_MMAP_ANY));
	/* Two addresses of different bytes. */
	EXPECT_EQ(t, -EINVAL, try_mmap(t->r0, p.pa + 1, p.da, 1, RPROC_LITE_MMAP_ANY));
	/* Not as the memory is. */
	EXPECT_EQ(t, -EINVAL, try_mmap(t->r0, 0, p.da, 1, RPROC_LITE_MMAP_DEVICE));
	EXPECT_EQ(t, -EINVAL, try_mmap(t->r0, 0, p.da, 1, 3));
	EXPECT_EQ(t, -EINVAL, try_mmap(t->r0, 0, p.da, 1, ~0U));
}

TEST(mmap_of_device_memory)
{
	phys_addr_t pa = 0;
	u64 da = FAKE_IO_DA;
	struct rproc_lite_io *io;
	void __iomem *regs;
	struct fake f;
	u32 word = 0;

	if (!fake_init(t, &f))
		return fake_exit(&f);
	EXPECT_DONE(t, fake_config(t, &f));
	EXPECT_EQ(t, -EINVAL, try_mmap(f.rproc, 0, da, 4, RPROC_LITE_MMAP_WC));
	EXPECT_DONE(t, try_mmap(f.rproc, 0, da, 4, RPROC_LITE_MMAP_ANY));
	regs = (__force void __iomem *)rproc_lite_mmap(f.rproc, &pa, &da, 4,
						       RPROC_LITE_MMAP_DEVICE, &io);
	if (EXPECT_ERR(t, 0, (__force void *)regs)) {
		EXPECT_EQ(t, f.pa + FAKE_SIZE, pa);
		writel(0x12345678, regs);
		EXPECT_DONE(t, rproc_lite_io_read(io, 0, &word, 4));
		EXPECT_EQ(t, 0x12345678, le32_to_cpu((__force __le32)word));
		EXPECT_DONE(t, rproc_lite_munmap(f.rproc, (__force void *)regs, io));
	}
	fake_exit(&f);
}

TEST(munmap)
{
	phys_addr_t pa = 0;
	struct rproc_lite_io *io, *others;
	struct place p;
	u8 *va, *twice, *plain;
	u8 byte;
	u64 da;

	if (!find(t, "shared", &p))
		return;
	da = p.da;
	EXPECT_DONE(t, rproc_lite_config(t->r0, NULL, 0, &t->v));
	EXPECT_EQ(t, -EINVAL, rproc_lite_munmap(t->r0, NULL, NULL));
	EXPECT_EQ(t, -EINVAL, rproc_lite_munmap(t->r0, &da, NULL));
	va = rproc_lite_mmap(t->r0, &pa, &da, 0x1000, RPROC_LITE_MMAP_ANY, &io);
	twice = rproc_lite_mmap(t->r0, &pa, &da, 0x80, RPROC_LITE_MMAP_ANY, &others);
	plain = rproc_lite_mmap(t->r0, &pa, &da, 0x1000, RPROC_LITE_MMAP_ANY, NULL);
	if (!EXPECT_ERR(t, 0, va) || !EXPECT_ERR(t, 0, twice) || !EXPECT_ERR(t, 0, plain))
		return;
	EXPECT_EQ(t, -EINVAL, rproc_lite_munmap(t->r0, va + 1, NULL));
	EXPECT_EQ(t, -EINVAL, rproc_lite_munmap(t->r0, va + 1, io));
	/* It outlives a shutdown, and its handle says what there is. */
	EXPECT_DONE(t, rproc_lite_shutdown(t->r0, 0, &t->v));
	EXPECT_EQ(t, -ENXIO, rproc_lite_io_read(io, 0, &byte, 1));
	EXPECT_DONE(t, rproc_lite_config(t->r0, NULL, 0, &t->v));
	EXPECT_DONE(t, rproc_lite_io_read(io, 0, &byte, 1));
	EXPECT_EQ(t, byte, READ_ONCE(va[0]));
	/* Who goes takes nobody else's. */
	EXPECT_DONE(t, rproc_lite_munmap(t->r0, va, io));
	EXPECT_EQ(t, 0x80, rproc_lite_io_size(others));
	EXPECT_DONE(t, rproc_lite_io_read(others, 0, &byte, 1));
	EXPECT_DONE(t, rproc_lite_munmap(t->r0, plain, NULL));
	EXPECT_EQ(t, -EINVAL, rproc_lite_munmap(t->r0, plain, NULL));
	EXPECT_DONE(t, rproc_lite_munmap(t->r0, twice, others));
	EXPECT_EQ(t, -EINVAL, rproc_lite_munmap(t->r0, va, NULL));
}

const struct test_case memory_tests[] = {
	TEST_CASE(io_found),
	TEST_CASE(io_missed),
	TEST_CASE(io_offline),
	TEST_CASE(io_bounds),
	TEST_CASE(io_of_ram),
	TEST_CASE(io_of_device_memory),
	TEST_CASE(mmap_found),
	TEST_CASE(mmap_refused),
	TEST_CASE(mmap_of_device_memory),
	TEST_CASE(munmap),
	{ }
};
