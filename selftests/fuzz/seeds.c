// SPDX-License-Identifier: GPL-2.0-only
/*
 * seeds TARGET FOLDER: inputs to begin with, one a file. They are made of the images that
 * the tests use, good and bad, and of what is said in each fuzz_TARGET.c.
 */
#include <ctype.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "images.h"

/* A larger one would only slow us down. */
#define SEED_MAX	8192

static const char *folder;

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static void put_file(const char *name, const void *data, size_t size)
{
	static unsigned int number;
	char path[4096];
	ssize_t n;
	char *c;
	int fd;

	if (size > SEED_MAX)
		return;
	n = snprintf(path, sizeof(path), "%s/%03u-%s", folder, number++, name);
	if (n < 0 || (size_t)n >= sizeof(path))
		die("path");
	for (c = path + strlen(folder) + 1; *c; c++)
		if (!isalnum((unsigned char)*c))
			*c = '-';
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0 || write(fd, data, size) != (ssize_t)size || close(fd))
		die(path);
}

static const struct img_memory memory = { .da = 0x50000000, .pa = 0x50000000, .size = 0x400000 };

/* Each image, of either class. */
static void each_image(void (*fn)(const char *name, struct img *im))
{
	unsigned int i, bits;
	struct img im;

	for (i = 0; i < img_fine_num + img_bad_num; i++) {
		const struct img_case *c = i < img_fine_num ? &img_fine[i] :
							      &img_bad[i - img_fine_num];

		for (bits = c->only64 ? 64 : 32; bits <= 64; bits += 32) {
			img_make(&im, c, bits, &memory);
			fn(c->name, &im);
			img_free(&im);
		}
	}
}

static void put_image(const char *name, struct img *im)
{
	put_file(name, im->data, im->size);
}

/* Where an image is, its table is at the same place, cut or not. */
static size_t table_of(const struct img *im)
{
	if (im->bits == 32 || im->size < im->table)
		return 0;
	return im->size - im->table < im->table_size ? im->size - im->table : im->table_size;
}

static void put_table(const char *name, struct img *im)
{
	size_t size = table_of(im);

	if (size)
		put_file(name, im->data + im->table, size);
}

/* Memory of several kinds, as fuzz_placement.c takes it, and then the table. */
static void put_placement(const char *name, struct img *im)
{
	static const struct {
		size_t len;
		uint8_t bytes[40];
	} memory_of[] = {
		/* 0x400 pages at 0x50000000; a segment of a page, 0x1000 bytes into it */
		{ 18, { 0, 0x10, 0, 4, 0, 0, 0x50, 0, 0, 0, 1, 0, 0, 0x10, 0, 0, 1, 0 } },
		/* the same, with a window "heap" of 0x10 pages, and no segment */
		{ 18, { 0, 0x10, 0, 4, 0, 0, 0x50, 0, 0, 1, 1, 0, 0, 1, 0, 0x10, 0, 0 } },
		/* 0x13801 bytes at 0x50000010: it ends within a step */
		{ 13, { 0, 0x40, 1, 0x38, 1, 0, 0x10, 0, 0, 0x50, 0, 0, 0 } },
		/* one at 0x60000000, and one beyond 4 GiB, of which the pa is 0x50000000 */
		{ 31, { 1, 0x10, 0, 4, 0, 0, 0x60, 0, 0, 0x27, 0, 4, 0, 0, 0, 0x50, 1, 0, 0, 0,
			1, 0, 0, 0, 0x50, 0, 0, 0, 0, 0, 0 } },
		/* the first, and "heap", 0x8008 bytes at 0x70000ff0: less than it seems */
		{ 21, { 1, 0x10, 0, 4, 0, 0, 0x50, 0, 0,
			0x41, 8, 0x80, 0, 0, 0xf0, 0x0f, 0, 0x70, 0, 0, 0 } },
		/* the first, and "vdev0vring0", four pages at 0xfffff000 */
		{ 19, { 1, 0x10, 0, 4, 0, 0, 0x50, 0, 0,
			0x12, 4, 0, 0xf0, 0xff, 0xff, 0, 0, 0, 0 } },
	};
	uint8_t data[SEED_MAX];
	size_t size = table_of(im), len, i;

	for (i = 0; size && i < sizeof(memory_of) / sizeof(memory_of[0]); i++) {
		len = memory_of[i].len;
		if (len + size > sizeof(data))
			continue;
		memcpy(data, memory_of[i].bytes, len);
		memcpy(data + len, im->data + im->table, size);
		put_file(name, data, len + size);
	}
}

/* More entries than there may be, each all right by itself. */
static void put_many_entries(void)
{
	uint32_t table[4 + 257 * 3] = { 1, 257 };
	uint32_t i;

	for (i = 0; i < 257; i++) {
		table[4 + i] = 16 + 257 * 4 + 8 * i;
		table[4 + 257 + 2 * i] = 128;
	}
	put_file("257-entries", table, sizeof(table));
}

static void put_images(void)
{
	each_image(put_image);
}

static void put_tables(void)
{
	each_image(put_table);
	put_many_entries();
}

/* Rings of which we choose the place: anywhere, and in carveouts that are for them. */
static void put_rings_anywhere(void)
{
	static const struct img_case anywhere = {
		.edit = {
			{ EN_WORD, 3, 28, FROM_0, RPROC_LITE_RSC_ANY },
			{ EN_WORD, 3, 48, FROM_0, RPROC_LITE_RSC_ANY },
			{ EN_WORD, 0, 12, FROM_0, 0x8000 },
			{ EN_WORD, 2, 4, FROM_0, RPROC_LITE_RSC_ANY },
			{ EN_WORD, 1, 4, FROM_0, RPROC_LITE_RSC_ANY },
			{ EN_WORD, 1, 8, FROM_PA, 0x2000 },
		},
	};
	static const char *const carveouts[] = { "heap", "vdev0vring0", "vdev0buffer" };
	struct img im;
	size_t i;

	for (i = 0; i < sizeof(carveouts) / sizeof(carveouts[0]); i++) {
		img_make(&im, &anywhere, 64, &memory);
		strcpy((char *)im.data + im.table + img_entry_at(&im, 0) + 24, carveouts[i]);
		put_placement(carveouts[i], &im);
		img_free(&im);
	}
}

static void put_placements(void)
{
	each_image(put_placement);
	put_rings_anywhere();
}

static void put_settings(void)
{
	static const char *const one[] = {
		"stop-timeout-ms=5000", "load-address=0x50000000", "boot-address=0x50000040",
		"virtio=manual", "virtio=auto", "recovery=restart", "recovery=stop",
		"recovery-limit=3", "recovery-delay-ms=100", "recovery-delay-max-ms=100000",
		"recovery-window-ms=60000", "recovery-changed=allow", "heartbeat-ms=1000",
		"heartbeat-misses=3", "coredump=inline", "coredump-timeout-ms=1", "suspend=run",
		"suspend-timeout-ms=3600000", "suspend-refused=block", "a==", "=b", "c",
	};
	char all[1024];
	size_t i, at = 0;

	for (i = 0; i < sizeof(one) / sizeof(one[0]); i++) {
		put_file("one", one[i], strlen(one[i]) + 1);
		memcpy(all + at, one[i], strlen(one[i]) + 1);
		if (i < 19)
			at += strlen(one[i]) + 1;
	}
	put_file("all", all, at);
	put_file("not-ended", all, at - 1);
}

static void put_traces(void)
{
	/* honest: writes and reads by turns, and so round the buffer; then any other */
	static const uint8_t honest[] = { 31, 1, 41, 40, 51, 20, 40, 61, 254, 3, 254, 61, 60 };
	static const uint8_t any[] = { 7, 0, 1, 131, 0, 131, 1, 131, 2, 60, 1, 3, 60, 2 };

	put_file("honest", honest, sizeof(honest));
	put_file("any", any, sizeof(any));
}

static void put_registers(void)
{
	uint8_t data[2 + 1 + 16 + sizeof(struct rproc_lite_registers)] = { 0 };
	struct rproc_lite_registers area = {
		.magic = RPROC_LITE_REGISTERS_MAGIC, .machine = 183, .signal = 11, .num = 34,
	};
	const uint64_t load[] = { 0x50000000, 0x100000 };

	data[2] = 1;
	memcpy(data + 3, load, sizeof(load));
	memcpy(data + 19, &area, sizeof(area));
	data[1] = 1;
	put_file("aarch64", data, sizeof(data));
	data[0] = 1;
	data[1] = 0;
	area.machine = 40;
	area.num = 17;
	memcpy(data + 19, &area, sizeof(area));
	put_file("arm", data, sizeof(data));
}

#define STEPS_MAX	64

/* These steps twice, on rings of 1 to 128, without event indices and with them. */
static void put_rings(const uint8_t *steps, size_t size)
{
	uint8_t data[1 + 2 * STEPS_MAX];

	memcpy(data + 1, steps, size);
	memcpy(data + 1 + size, steps, size);
	for (data[0] = 0; data[0] < 16; data[0]++)
		put_file("two-chains", data, 1 + 2 * size);
}

/* A chain of two that is offered, taken and given back. */
static void put_device_rings(void)
{
	static const uint8_t steps[] = {
		1, 0, 0, 0, 0, 0x50, 16, 0, 0, 0, 1, 1, 1, 1, 0, 0x10, 0, 0x50, 16, 0, 0, 0, 2, 0,
		2, 0, 1, 4, 5, 7, 0, 0, 0, 6, 7,
	};

	put_rings(steps, sizeof(steps));
}

static void put_driver_rings(void)
{
	static const uint8_t steps[] = {
		1, 16, 32, 0, 0, 0, 1, 0, 32, 0, 0, 0, 2, 3, 0, 8, 0, 0, 0, 1, 5, 6, 1,
		3, 1, 8, 0, 0, 0, 1, 5, 5, 6, 0,
	};

	put_rings(steps, sizeof(steps));
}

static const struct {
	const char *target;
	void (*put)(void);
} targets[] = {
	{ "elf", put_images },
	{ "rsctable", put_tables },
	{ "settings", put_settings },
	{ "tracebuf", put_traces },
	{ "registers", put_registers },
	{ "vring_device", put_device_rings },
	{ "vring_driver", put_driver_rings },
	{ "placement", put_placements },
};

int main(int argc, char **argv)
{
	size_t i;

	for (i = 0; argc == 3 && i < sizeof(targets) / sizeof(targets[0]); i++) {
		if (strcmp(argv[1], targets[i].target))
			continue;
		folder = argv[2];
		targets[i].put();
		return 0;
	}
	fprintf(stderr, "seeds TARGET FOLDER\n");
	return 2;
}
