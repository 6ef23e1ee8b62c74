// SPDX-License-Identifier: GPL-2.0-only
/*
 * Bad input for LOAD: every case of ../images, from a file and as a stream, and
 * whatever else can be wrong with the argument or the file. Each must give its
 * errno, its place and its reason, and leave the remote as it was.
 *
 * "As it was" is INFO, all of it but for the last failure, and the remote's RAM:
 * the test maps that from /dev/mem, fills it with a pattern, and compares every
 * word where images lie and one of eight elsewhere (no write of the kernel's that
 * is due to an image is so short). A refused file must not have written any. A
 * stream that went bad behind its headers has been placed in part by then: where
 * it would have lain may be zero afterwards, and nothing else may differ. Where
 * there is no /dev/mem for it, the test says so and compares INFO only.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kselftest.h>

#include "guest.h"
#include "images.h"
#include "remote.h"

#define FIRMWARE_DIR	"/lib/firmware/"
#define REGIONS_MAX	8
#define PIPE_HOLDS	32768

static int device;
static const struct remote_kind *kind;
/* The region that the images use. */
static struct img_memory memory;

/* The remote's RAM, as it was last known, and where words are compared one by one. */
#define DENSE_WORDS	(IMG_MEMORY_MIN / 2 / 8)
#define SPARSE_STEP	8

static struct watch {
	uint64_t da;
	size_t words;
	volatile uint64_t *now;		/* /dev/mem */
	uint64_t *then;
} watches[REGIONS_MAX];
static unsigned int watched;

/* Where a stream may have left zeros. */
struct span {
	uint64_t from;
	uint64_t to;
};

/* A test ends with its first complaint. */
static bool failed;

static void __printf(1, 2) complain(const char *fmt, ...)
{
	char text[512];
	va_list args;

	failed = true;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	ksft_print_msg("%s\n", text);
}

static void result(const char *what, const char *name)
{
	ksft_test_result(!failed, "%s: %s\n", what, name);
	failed = false;
}

/* --- the remote's memory ------------------------------------------------------ */

static void watch_region(int mem, const struct rproc_lite_region *r)
{
	struct watch *w = &watches[watched];
	void *p;

	p = mmap(NULL, r->size, PROT_READ | PROT_WRITE, MAP_SHARED, mem, (off_t)r->pa);
	if (p == MAP_FAILED) {
		ksft_print_msg("region %s is not compared: /dev/mem: %s\n", r->name,
			       strerror(errno));
		return;
	}
	w->da = r->da;
	w->words = r->size / 8;
	w->now = p;
	w->then = malloc(r->size);
	if (!w->then)
		ksft_exit_fail_msg("out of memory\n");
	watched++;
}

static void find_regions(void)
{
	int mem = open("/dev/mem", O_RDWR | O_SYNC | O_CLOEXEC);
	struct rproc_lite_region r;
	uint32_t i;

	if (mem < 0)
		ksft_print_msg("the remote's memory is not compared: /dev/mem: %s\n",
			       strerror(errno));
	for (i = 0; !remote_region(device, i, &r); i++) {
		if (r.flags & RPROC_LITE_REGION_IO)
			continue;
		if (!memory.size && r.size >= IMG_MEMORY_MIN)
			memory = (struct img_memory){ r.da, r.pa, r.size };
		if (mem >= 0 && watched < REGIONS_MAX)
			watch_region(mem, &r);
	}
	if (mem >= 0)
		close(mem);
	if (!memory.size)
		ksft_exit_skip("no region of %u bytes for the images\n", IMG_MEMORY_MIN);
}

static size_t next_word(size_t k)
{
	return k + (k < DENSE_WORDS ? 1 : SPARSE_STEP);
}

static void fill_memory(void)
{
	unsigned int i;
	size_t k;

	for (i = 0; i < watched; i++) {
		for (k = 0; k < watches[i].words; k = next_word(k)) {
			watches[i].then[k] = (watches[i].da + k) * 0x9e3779b97f4a7c15ULL | 1;
			watches[i].now[k] = watches[i].then[k];
		}
	}
}

static void remember_memory(void)
{
	unsigned int i;
	size_t k;

	for (i = 0; i < watched; i++)
		for (k = 0; k < watches[i].words; k = next_word(k))
			watches[i].then[k] = watches[i].now[k];
}

/* All bytes of the word at @da that changed are zero, and within a span. */
static bool is_excused(const struct span *spans, unsigned int num, uint64_t da,
		       uint64_t then, uint64_t now)
{
	unsigned int b, i;

	for (b = 0; b < 8; b++, da++, then >>= 8, now >>= 8) {
		if ((uint8_t)then == (uint8_t)now)
			continue;
		for (i = 0; i < num; i++)
			if (da >= spans[i].from && da < spans[i].to)
				break;
		if (i == num || (uint8_t)now)
			return false;
	}
	return true;
}

/* Compare, and put back what may have been zeroed. */
static void check_memory(const struct span *spans, unsigned int num)
{
	unsigned int i;
	uint64_t now;
	size_t k;

	for (i = 0; i < watched; i++) {
		struct watch *w = &watches[i];

		for (k = 0; k < w->words; k = next_word(k)) {
			now = w->now[k];
			if (now == w->then[k])
				continue;
			if (!failed && !is_excused(spans, num, w->da + 8 * k, w->then[k], now))
				complain("memory at da 0x%llx was 0x%016llx and is 0x%016llx",
					 (unsigned long long)w->da + 8 * k,
					 (unsigned long long)w->then[k],
					 (unsigned long long)now);
			w->now[k] = w->then[k];
		}
	}
}

/* --- the remote's state --------------------------------------------------------- */

static void take_info(struct rproc_lite_info *info)
{
	if (remote_info(device, info))
		ksft_exit_fail_msg("INFO: %s\n", strerror(errno));
}

static void check_info(const struct rproc_lite_info *before)
{
	struct rproc_lite_info was = *before, is;

	take_info(&is);
	memset(&was.last, 0, sizeof(was.last));
	memset(&is.last, 0, sizeof(is.last));
	if (!memcmp(&was, &is, sizeof(is)))
		return;
	complain("INFO changed: state %s -> %s, sequence %llu -> %llu, operation %u",
		 remote_state_name(was.state), remote_state_name(is.state),
		 (unsigned long long)was.state_seq, (unsigned long long)is.state_seq, is.op);
	complain("flags %x -> %x, placements %u -> %u, image '%s' -> '%s'", was.flags, is.flags,
		 was.num_placements, is.num_placements, was.image, is.image);
}

/* The reason is what INFO tells as the last failure, too. */
static void check_last(void)
{
	struct rproc_lite_info info;

	take_info(&info);
	if (memcmp(&info.last, &remote_said, sizeof(remote_said)))
		complain("INFO's last failure is \"%s\"", info.last.text);
}

struct expected {
	int error;
	uint32_t where;
	uint32_t index;
	uint64_t offset;
	const char *text;
};

static void check_verdict(const char *how, int ret, const struct expected *e)
{
	const struct rproc_lite_verdict *v = &remote_said;

	if (!ret) {
		complain("%s: accepted", how);
		return;
	}
	if (ret == e->error && v->error == e->error && v->where == e->where &&
	    v->index == e->index && v->offset == e->offset && !v->pad &&
	    memchr(v->text, 0, sizeof(v->text)) && strstr(v->text, e->text))
		return;
	complain("%s: expected %d at %u/0x%x/0x%llx \"%s\", got %d: %d at %u/0x%x/0x%llx \"%.*s\"",
		 how, e->error, e->where, e->index, (unsigned long long)e->offset, e->text, ret,
		 v->error, v->where, v->index, (unsigned long long)v->offset,
		 (int)sizeof(v->text), v->text);
}

/* --- images ------------------------------------------------------------------------ */

static void write_all(int fd, const void *data, size_t size)
{
	const uint8_t *p = data;
	ssize_t n;

	while (size) {
		n = write(fd, p, size);
		if (n <= 0)
			return;
		p += n;
		size -= (size_t)n;
	}
}

static int image_file(const struct img *im)
{
	int fd = memfd_create("image", MFD_CLOEXEC);

	if (fd < 0)
		ksft_exit_fail_msg("memfd_create: %s\n", strerror(errno));
	write_all(fd, im->data, im->size);
	return fd;
}

static int load_file(const struct img *im)
{
	int fd = image_file(im), ret;

	ret = remote_load_fd(device, fd);
	close(fd);
	return ret;
}

/* What is too long for a pipe to hold comes from a process of its own. */
static pid_t feed(int pipes[2], const void *data, size_t size)
{
	pid_t pid;

	if (size <= PIPE_HOLDS) {
		write_all(pipes[1], data, size);
		return 0;
	}
	pid = fork();
	if (pid < 0)
		ksft_exit_fail_msg("fork: %s\n", strerror(errno));
	if (!pid) {
		close(pipes[0]);
		write_all(pipes[1], data, size);
		_exit(0);
	}
	return pid;
}

static int load_stream(const struct img *im)
{
	int pipes[2], ret;
	pid_t pid;

	if (pipe2(pipes, O_CLOEXEC))
		ksft_exit_fail_msg("pipe2: %s\n", strerror(errno));
	pid = feed(pipes, im->data, im->size);
	close(pipes[1]);
	ret = remote_load_fd(device, pipes[0]);
	/* A feeder that is not read to the end gets EPIPE. */
	close(pipes[0]);
	if (pid)
		waitpid(pid, NULL, 0);
	return ret;
}

static unsigned int segment_spans(const struct img *im, struct span *spans)
{
	unsigned int i, n = 0;

	for (i = 0; i < 2; i++) {
		if (img_get(im, PH_TYPE, i) != 1)
			continue;
		spans[n].from = img_get(im, PH_PADDR, i);
		spans[n].to = spans[n].from + img_get(im, PH_MEMSZ, i);
		n++;
	}
	return n;
}

static void bad_file(const struct img_case *c, const struct img *im)
{
	struct expected e = { c->error, c->where, 0, 0, c->text };
	struct rproc_lite_info before;

	img_fault(im, c, &e.index, &e.offset);
	take_info(&before);
	check_verdict(im->bits == 64 ? "ELF64 file" : "ELF32 file", load_file(im), &e);
	check_info(&before);
	check_last();
	check_memory(NULL, 0);
}

static void bad_stream(const struct img_case *c, const struct img *im)
{
	struct expected e = { c->error, c->where, 0, 0, c->text };
	struct rproc_lite_info before;
	struct span spans[2];
	unsigned int num = 0;

	img_fault(im, c, &e.index, &e.offset);
	if (c->stream_ends & im->bits)
		e = (struct expected){ -ENOEXEC, RPROC_LITE_AT_FILE, RPROC_LITE_NO_INDEX,
				       im->size, "image ends at byte" };
	/* Headers cut off or wrong in themselves are found before anything is placed. */
	if (e.where != RPROC_LITE_AT_BACKEND && im->size >= img_ph_at(im, IMG_PHNUM))
		num = segment_spans(im, spans);
	take_info(&before);
	check_verdict(im->bits == 64 ? "ELF64 stream" : "ELF32 stream", load_stream(im), &e);
	check_info(&before);
	check_last();
	check_memory(spans, num);
}

/* A remote of 64 bits takes images of either class. */
static unsigned int most_bits(void)
{
	return kind->elf_class == 2 ? 64 : 32;
}

/* Where all of this is wrong, too: some is right for a core that begins at 0. */
static bool suits(const struct img_case *c)
{
	const struct img_edit *e = c->edit;

	if (!kind->has_reset)
		return true;
	if (c->only64 || (e->field == EH_MACHINE && e->value == kind->elf_machine))
		return false;
	/* The entry point does not matter, and there is memory at 0. */
	return c->kind != IMG_REMOTE ||
	       !(e->field == EH_ENTRY ||
		 (e->field == PH_PADDR && e->base == FROM_0 && !e->value));
}

static void result_of(const char *what, const struct img_case *c)
{
	if (suits(c))
		result(what, c->name);
	else
		ksft_test_result_skip("%s: %s\n", what, c->name);
}

/* @quick: a file of the one class and a stream of the other will do. */
static void bad_case(const struct img_case *c, bool quick)
{
	unsigned int bits, most = most_bits();
	struct img im;

	for (bits = c->only64 ? 64 : 32; suits(c) && bits <= most; bits += 32) {
		img_make(&im, c, bits, &memory);
		if (!quick || bits == most)
			bad_file(c, &im);
		if (!c->no_stream && (!quick || bits == 32))
			bad_stream(c, &im);
		img_free(&im);
	}
}

/* --- what the good image comes to --------------------------------------------------- */

static uint8_t byte_at(uint64_t da)
{
	unsigned int i;

	for (i = 0; i < watched; i++)
		if (da >= watches[i].da && da - watches[i].da < watches[i].words * 8)
			return (uint8_t)(watches[i].now[(da - watches[i].da) / 8] >>
					 (da - watches[i].da) % 8 * 8);
	return 0;
}

/* A segment's bytes and zeroed tail are in place, but for what was written back. */
static void check_segment(const struct img *im, uint32_t index)
{
	uint64_t da = img_get(im, PH_PADDR, index), offset = img_get(im, PH_OFFSET, index);
	uint64_t filesz = img_get(im, PH_FILESZ, index), memsz = img_get(im, PH_MEMSZ, index);
	uint64_t i, at;
	uint8_t want;

	for (i = 0; i < memsz && !failed; i++) {
		at = offset + i;
		if (i < filesz && at >= im->table && at < im->table + im->table_size)
			continue;
		want = i < filesz ? im->data[at] : 0;
		if (watched && byte_at(da + i) != want)
			complain("segment %u, byte 0x%llx: 0x%x in memory, 0x%x in the image",
				 index, (unsigned long long)i, byte_at(da + i), want);
	}
}

/* Load the good image; it is then Ready. */
static void load_good(unsigned int bits, bool stream)
{
	struct rproc_lite_info info;
	struct img im;
	int ret;

	img_build(&im, bits, &memory);
	ret = stream ? load_stream(&im) : load_file(&im);
	if (ret)
		complain("the good image is refused: %s", remote_said.text);
	take_info(&info);
	if (!ret && (info.state != RPROC_LITE_READY || info.num_entries != IMG_ENTRIES ||
		     info.num_traces != 1 || info.elf_class != bits / 32 ||
		     info.entry != memory.da || info.table_size != im.table_size ||
		     info.table_da != memory.da + IMG_DATA_AT + (im.table - im.data_seg) ||
		     info.num_placements != 2 + 1 + 3 + IMG_VRINGS + 2))
		complain("INFO does not describe the good image");
	if (!ret) {
		check_segment(&im, 0);
		check_segment(&im, 1);
	}
	img_free(&im);
}

/* Everything lies in its region, and, as in our images, apart from all else. */
static void check_placements(bool apart)
{
	struct rproc_lite_placement p[64];
	struct rproc_lite_region r;
	unsigned int num = 0, i;

	while (num < 64 && !remote_placement(device, num, &p[num]))
		num++;
	for (i = 0; i < num; i++) {
		if (remote_region(device, p[i].region, &r) || p[i].da < r.da ||
		    p[i].da - r.da > r.size || p[i].size > r.size - (p[i].da - r.da))
			complain("%s lies outside its region", p[i].name);
		/* They come by place; the table lies in its segment. */
		if (apart && i && p[i].kind != RPROC_LITE_PLACED_TABLE &&
		    p[i - 1].kind != RPROC_LITE_PLACED_TABLE &&
		    p[i].region == p[i - 1].region && p[i - 1].da + p[i - 1].size > p[i].da)
			complain("%s and %s overlap", p[i - 1].name, p[i].name);
	}
}

/* --- from Configured ---------------------------------------------------------------- */

static void to_configured(void)
{
	if (remote_offline(device) || remote_config(device))
		ksft_exit_fail_msg("no way to Configured: %s\n", remote_said.text);
}

static void to_stopped(void)
{
	if (remote_stop(device, 0))
		ksft_exit_fail_msg("no way to Stopped: %s\n", remote_said.text);
}

static void test_configured(void)
{
	unsigned int i;

	to_configured();
	fill_memory();
	for (i = 0; i < img_bad_num; i++) {
		bad_case(&img_bad[i], false);
		result_of("configured", &img_bad[i]);
	}
	load_good(most_bits(), false);
	check_placements(true);
	result("configured", "then the good image from a file");
	to_configured();
	load_good(32, true);
	check_placements(true);
	result("configured", "then the good image as an ELF32 stream");
}

/*
 * An image is known and could be started: it stays so, and the same file is
 * loaded after each that is refused.
 */
static void test_stopped(void)
{
	unsigned int i;

	to_configured();
	fill_memory();
	load_good(most_bits(), false);
	to_stopped();
	for (i = 0; i < img_bad_num; i++) {
		remember_memory();
		bad_case(&img_bad[i], true);
		load_good(i & 1 ? 32 : most_bits(), i & 2);
		to_stopped();
		result_of("stopped", &img_bad[i]);
	}
}

static void test_fine(void)
{
	unsigned int i, bits;
	struct img im;

	to_configured();
	load_good(most_bits(), false);
	for (i = 0; i < img_fine_num; i++) {
		for (bits = 32; bits <= most_bits(); bits += 32) {
			img_make(&im, &img_fine[i], bits, &memory);
			to_stopped();
			if (load_file(&im))
				complain("ELF%u file refused: %s", bits, remote_said.text);
			else
				check_placements(true);
			to_stopped();
			if (load_stream(&im))
				complain("ELF%u stream refused: %s", bits, remote_said.text);
			img_free(&im);
		}
		result("fine", img_fine[i].name);
	}
}

/* What begins at 0, where no image of ours is, does nothing there. */
static void wait_at_0(void)
{
	static const uint32_t wait[] = {
		0xeafffffe, 0xeafffffe, 0xeafffffe, 0xeafffffe,	/* b . */
		0xeafffffe, 0xeafffffe, 0xeafffffe, 0xeafffffe,
	};

	if (pwrite(device, wait, sizeof(wait), remote_offset(device, 0, sizeof(wait))) !=
	    sizeof(wait))
		ksft_exit_fail_msg("no way to write to address 0: %s\n", strerror(errno));
}

/*
 * A source that has changed: starting again reads it again, refuses it, and the
 * remote is Stopped as before; when the file is right again, so is the start.
 */
static void test_restart(void)
{
	struct expected e = { -ENOEXEC, RPROC_LITE_AT_ELF_HEADER, RPROC_LITE_NO_INDEX, 0,
			      "no ELF magic" };
	struct rproc_lite_info before;
	struct img im;
	int fd;

	to_configured();
	img_build(&im, most_bits(), &memory);
	fd = image_file(&im);
	if (remote_load_fd(device, fd))
		complain("the good image is refused: %s", remote_said.text);
	to_stopped();
	remember_memory();
	take_info(&before);

	pwrite(fd, "\0", 1, 0);
	check_verdict("start", remote_start(device), &e);
	check_info(&before);
	check_last();
	check_memory(NULL, 0);
	if (ftruncate(fd, 32))
		complain("ftruncate: %s", strerror(errno));
	pwrite(fd, "\177", 1, 0);
	e = (struct expected){ -ENOEXEC, RPROC_LITE_AT_FILE, RPROC_LITE_NO_INDEX, 32,
			       "image ends at byte 32" };
	check_verdict("start", remote_start(device), &e);
	check_info(&before);
	check_memory(NULL, 0);
	result("restart", "from a file that went bad");

	pwrite(fd, im.data, im.size, 0);
	if (kind->has_reset)
		wait_at_0();
	if (remote_start(device))
		complain("the file is right again, but: %s", remote_said.text);
	/* The code switches its core off, which is a crash. */
	else if (!kind->has_reset && remote_wait_state(device, RPROC_LITE_CRASHED))
		complain("it did not run, and the state is %s",
			 remote_state_name((uint32_t)remote_state(device)));
	/* It hears nothing of it. */
	else if (kind->has_reset && remote_stop(device, 100))
		complain("it can't be stopped: %s", remote_said.text);
	result("restart", "from the file as it was");
	close(fd);
	img_free(&im);
}

/* --- the argument and the file ------------------------------------------------------- */

/**
 * struct odd - a LOAD that is wrong in itself, or a file that is no image
 * @name: what is wrong
 * @prepare: sets up the argument. Return: a file descriptor to close afterwards,
 *	or -1
 * @error: expected, as the errno
 * @where: expected, as is @text
 */
struct odd {
	const char *name;
	int (*prepare)(struct rproc_lite_load *l);
	int error;
	uint32_t where;
	const char *text;
	uint64_t offset;
};

static int fd_of(struct rproc_lite_load *l, int fd)
{
	if (fd < 0)
		ksft_print_msg("a file for this case: %s\n", strerror(errno));
	l->source = RPROC_LITE_FROM_FD;
	l->fd = fd;
	return fd;
}

static int name_of(struct rproc_lite_load *l, const char *name)
{
	l->source = RPROC_LITE_FROM_NAME;
	l->fd = 0;
	snprintf(l->name, sizeof(l->name), "%s", name);
	return -1;
}

/* The good image, or its first bytes, in a memfd. */
static int good_file(struct rproc_lite_load *l, size_t size)
{
	struct img im;
	int fd;

	img_build(&im, most_bits(), &memory);
	if (size)
		im.size = size;
	fd = image_file(&im);
	img_free(&im);
	return fd_of(l, fd);
}

static int fd_minus_one(struct rproc_lite_load *l)
{
	l->source = RPROC_LITE_FROM_FD;
	l->fd = -1;
	return -1;
}

static int fd_lowest(struct rproc_lite_load *l)
{
	l->source = RPROC_LITE_FROM_FD;
	l->fd = -2147483647 - 1;
	return -1;
}

static int fd_high(struct rproc_lite_load *l)
{
	l->source = RPROC_LITE_FROM_FD;
	l->fd = 1 << 30;
	return -1;
}

static int fd_closed(struct rproc_lite_load *l)
{
	int fd = dup(device);

	close(fd);
	fd_of(l, fd);
	return -1;
}

static int fd_path(struct rproc_lite_load *l)
{
	return fd_of(l, open("/init", O_PATH | O_CLOEXEC));
}

static int fd_write_only(struct rproc_lite_load *l)
{
	return fd_of(l, open("/tmp/bad-image", O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
}

static int fd_write_end(struct rproc_lite_load *l)
{
	int pipes[2];

	if (pipe2(pipes, O_CLOEXEC))
		return -1;
	close(pipes[0]);
	return fd_of(l, pipes[1]);
}

static int fd_directory(struct rproc_lite_load *l)
{
	return fd_of(l, open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

static int fd_null(struct rproc_lite_load *l)
{
	return fd_of(l, open("/dev/null", O_RDWR | O_CLOEXEC));
}

static int fd_zero(struct rproc_lite_load *l)
{
	return fd_of(l, open("/dev/zero", O_RDONLY | O_CLOEXEC));
}

static int fd_itself(struct rproc_lite_load *l)
{
	return fd_of(l, dup(device));
}

static int fd_eventfd(struct rproc_lite_load *l)
{
	return fd_of(l, eventfd(1, EFD_CLOEXEC));
}

static int fd_epoll(struct rproc_lite_load *l)
{
	return fd_of(l, epoll_create1(EPOLL_CLOEXEC));
}

static int fd_empty(struct rproc_lite_load *l)
{
	return fd_of(l, memfd_create("empty", MFD_CLOEXEC));
}

static int fd_proc_text(struct rproc_lite_load *l)
{
	return fd_of(l, open("/proc/version", O_RDONLY | O_CLOEXEC));
}

static int fd_proc_mem(struct rproc_lite_load *l)
{
	return fd_of(l, open("/proc/self/mem", O_RDONLY | O_CLOEXEC));
}

static int fd_empty_pipe(struct rproc_lite_load *l)
{
	int pipes[2];

	if (pipe2(pipes, O_CLOEXEC))
		return -1;
	close(pipes[1]);
	return fd_of(l, pipes[0]);
}

static int fd_short_pipe(struct rproc_lite_load *l)
{
	int pipes[2];

	if (pipe2(pipes, O_CLOEXEC))
		return -1;
	write_all(pipes[1], "\177ELF\2\1\1", 7);
	close(pipes[1]);
	return fd_of(l, pipes[0]);
}

static int fd_short_socket(struct rproc_lite_load *l)
{
	int s[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s))
		return -1;
	write_all(s[1], "\177ELF\2\1\1", 7);
	close(s[1]);
	return fd_of(l, s[0]);
}

static int fd_lone_socket(struct rproc_lite_load *l)
{
	return fd_of(l, socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static int fd_path_size(struct rproc_lite_load *l)
{
	memset(l->name, 'x', sizeof(l->name));
	return good_file(l, 0);
}

static int name_endless(struct rproc_lite_load *l)
{
	memset(l->name, 'x', sizeof(l->name));
	return -1;
}

static int name_empty(struct rproc_lite_load *l)
{
	return name_of(l, "");
}

static int name_unknown(struct rproc_lite_load *l)
{
	return name_of(l, "rproc-lite/no-such-image.elf");
}

static int name_longest(struct rproc_lite_load *l)
{
	memset(l->name, 'x', sizeof(l->name) - 1);
	return -1;
}

static int name_up(struct rproc_lite_load *l)
{
	return name_of(l, "..");
}

static int name_up_first(struct rproc_lite_load *l)
{
	return name_of(l, "../firmware/echo.elf");
}

static int name_up_within(struct rproc_lite_load *l)
{
	return name_of(l, "rproc-lite/../../../etc/passwd");
}

static int name_up_last(struct rproc_lite_load *l)
{
	return name_of(l, "rproc-lite/..");
}

static int name_directory(struct rproc_lite_load *l)
{
	mkdir(FIRMWARE_DIR "bad-images", 0700);
	return name_of(l, "bad-images");
}

static int name_with(struct rproc_lite_load *l, const char *name, const void *data, size_t size)
{
	char path[64];
	int fd;

	mkdir(FIRMWARE_DIR "bad-images", 0700);
	snprintf(path, sizeof(path), FIRMWARE_DIR "%s", name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	write_all(fd, data, size);
	close(fd);
	return name_of(l, name);
}

static int name_of_empty(struct rproc_lite_load *l)
{
	return name_with(l, "bad-images/empty", "", 0);
}

static int name_of_text(struct rproc_lite_load *l)
{
	return name_with(l, "bad-images/text", "Some text, not an image.\n", 25);
}

static int name_of_short(struct rproc_lite_load *l)
{
	return name_with(l, "bad-images/short", "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0", 18);
}

static int name_and_fd(struct rproc_lite_load *l)
{
	name_of(l, "rproc-lite/echo.elf");
	l->fd = 1;
	return -1;
}

static int bad_flag(struct rproc_lite_load *l)
{
	l->flags = 4;
	return good_file(l, 0);
}

static int bad_high_flag(struct rproc_lite_load *l)
{
	l->flags = 0x80000000;
	return good_file(l, 0);
}

static int bad_padding(struct rproc_lite_load *l)
{
	l->pad = 1;
	return good_file(l, 0);
}

static int bad_source(struct rproc_lite_load *l)
{
	int fd = good_file(l, 0);

	l->source = 2;
	return fd;
}

static int worst_source(struct rproc_lite_load *l)
{
	int fd = good_file(l, 0);

	l->source = 0xffffffff;
	return fd;
}

#define ARG	RPROC_LITE_AT_ARGUMENT
#define FILE_	RPROC_LITE_AT_FILE
#define NONE	RPROC_LITE_NO_OFFSET

static const struct odd odds[] = {
	{ "fd -1", fd_minus_one, EBADF, ARG, "descriptor -1 is not open", NONE },
	{ "the lowest fd", fd_lowest, EBADF, ARG, "is not open", NONE },
	{ "an fd too high", fd_high, EBADF, ARG, "is not open", NONE },
	{ "a closed fd", fd_closed, EBADF, ARG, "is not open", NONE },
	{ "an fd that is only a path", fd_path, EBADF, ARG, "is not open", NONE },
	{ "an fd open for writing only", fd_write_only, EBADF, FILE_, "not open for reading",
	  NONE },
	{ "a pipe's other end", fd_write_end, EBADF, FILE_, "not open for reading", NONE },
	{ "a directory", fd_directory, EISDIR, FILE_, "is a directory", NONE },
	{ "/dev/null", fd_null, EINVAL, FILE_, "neither a regular file", NONE },
	{ "/dev/zero", fd_zero, EINVAL, FILE_, "neither a regular file", NONE },
	{ "the device itself", fd_itself, EINVAL, FILE_, "neither a regular file", NONE },
	{ "an eventfd", fd_eventfd, EINVAL, FILE_, "neither a regular file", NONE },
	{ "an epoll fd", fd_epoll, EINVAL, FILE_, "neither a regular file", NONE },
	{ "an empty file", fd_empty, ENOEXEC, FILE_, "image ends at byte 0", 0 },
	{ "a file of /proc", fd_proc_text, ENOEXEC, RPROC_LITE_AT_ELF_HEADER, "no ELF magic", 0 },
	{ "a file that the kernel can't read", fd_proc_mem, EINVAL, FILE_, "can't be read", NONE },
	{ "an empty pipe", fd_empty_pipe, ENOEXEC, FILE_, "image ends at byte 0", 0 },
	{ "a pipe with 7 bytes", fd_short_pipe, ENOEXEC, FILE_, "image ends at byte 7", 7 },
	{ "a socket with 7 bytes", fd_short_socket, ENOEXEC, FILE_, "image ends at byte 7", 7 },
	{ "a socket without a peer", fd_lone_socket, EINVAL, FILE_, "can't be read", 0 },
	{ "an fd with a name that does not end", fd_path_size, EINVAL, ARG, "name does not end",
	  NONE },
	{ "a name that does not end", name_endless, EINVAL, ARG, "name does not end", NONE },
	{ "an empty name", name_empty, EINVAL, ARG, "name is empty", NONE },
	{ "an unknown name", name_unknown, ENOENT, FILE_,
	  "no firmware rproc-lite/no-such-image.elf", NONE },
	{ "the longest name", name_longest, ENAMETOOLONG, FILE_, "xxxx", NONE },
	{ "the name ..", name_up, EINVAL, ARG, "leads out of", NONE },
	{ "a name that begins with ..", name_up_first, EINVAL, ARG, "leads out of", NONE },
	{ "a name with .. in it", name_up_within, EINVAL, ARG, "leads out of", NONE },
	{ "a name that ends in ..", name_up_last, EINVAL, ARG, "leads out of", NONE },
	{ "a directory's name", name_directory, EINVAL, FILE_, "bad-images can't be read", NONE },
	{ "an empty file's name", name_of_empty, EINVAL, FILE_, "can't be read", NONE },
	{ "a text file's name", name_of_text, ENOEXEC, RPROC_LITE_AT_ELF_HEADER, "no ELF magic",
	  0 },
	{ "a short file's name", name_of_short, ENOEXEC, FILE_, "image ends at byte 18", 18 },
	{ "both a name and an fd", name_and_fd, EINVAL, ARG, "both a name", NONE },
	{ "an unknown flag", bad_flag, EINVAL, ARG, "unknown flags", NONE },
	{ "an unknown high flag", bad_high_flag, EINVAL, ARG, "unknown flags", NONE },
	{ "padding", bad_padding, EINVAL, ARG, "padding is not zero", NONE },
	{ "an unknown source", bad_source, EINVAL, ARG, "unknown kind of source", NONE },
	{ "the highest source", worst_source, EINVAL, ARG, "unknown kind of source", NONE },
};

#define ODD_NUM	(sizeof(odds) / sizeof(odds[0]))

static int do_load(int fd, struct rproc_lite_load *l)
{
	int ret;

	memset(&l->verdict, 0xa5, sizeof(l->verdict));
	ret = ioctl(fd, RPROC_LITE_IOC_LOAD, l) ? -errno : 0;
	remote_said = l->verdict;
	return ret;
}

static void test_odds(void)
{
	struct rproc_lite_info before;
	unsigned int i;

	to_configured();
	fill_memory();
	for (i = 0; i < ODD_NUM; i++) {
		const struct odd *o = &odds[i];
		struct expected e = { -o->error, o->where, RPROC_LITE_NO_INDEX, o->offset,
				      o->text };
		struct rproc_lite_load l = { 0 };
		int fd = o->prepare(&l);

		take_info(&before);
		check_verdict("load", do_load(device, &l), &e);
		check_info(&before);
		check_memory(NULL, 0);
		if (fd >= 0)
			close(fd);
		result("argument", o->name);
	}
}

/* Only asking is allowed. */
static void test_read_only(void)
{
	struct expected e = { -EBADF, ARG, RPROC_LITE_NO_INDEX, NONE, "opened read-only" };
	struct rproc_lite_load l = { 0 };
	struct rproc_lite_info before;
	int fd = remote_open(REMOTE, O_RDONLY), image = good_file(&l, 0);

	take_info(&before);
	check_verdict("load", do_load(fd, &l), &e);
	check_info(&before);
	close(image);
	close(fd);
	result("argument", "a device opened for reading only");
}

/* Whatever the argument's address: no verdict can be written, the error comes. */
static void test_bad_addresses(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	struct rproc_lite_info before;
	uint8_t *p, *edge;

	p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED || mprotect(p + page, page, PROT_NONE))
		ksft_exit_fail_msg("mmap: %s\n", strerror(errno));
	take_info(&before);
	if (!ioctl(device, RPROC_LITE_IOC_LOAD, NULL) || errno != EFAULT)
		complain("NULL: %s", strerror(errno));
	if (!ioctl(device, RPROC_LITE_IOC_LOAD, p + page) || errno != EFAULT)
		complain("unmapped: %s", strerror(errno));
	if (!ioctl(device, RPROC_LITE_IOC_LOAD, p + page - 8) || errno != EFAULT)
		complain("unmapped but for 8 bytes: %s", strerror(errno));
	if (!ioctl(device, RPROC_LITE_IOC_LOAD, ~0UL) || errno != EFAULT)
		complain("the highest address: %s", strerror(errno));
	/* All of it but for the verdict: what could not be told is not begun. */
	edge = p + page - offsetof(struct rproc_lite_load, verdict);
	((struct rproc_lite_load *)edge)->source = RPROC_LITE_FROM_FD;
	((struct rproc_lite_load *)edge)->fd = -1;
	if (!ioctl(device, RPROC_LITE_IOC_LOAD, edge) || errno != EFAULT)
		complain("no room for the verdict: %s", strerror(errno));
	check_info(&before);
	munmap(p, 2 * page);
	result("argument", "addresses that are not there");
}

static void on_alarm(int sig)
{
	(void)sig;
}

/* A pipe that stalls, at several places, and a signal. */
static void test_stalled(void)
{
	struct sigaction alarm_action = { .sa_handler = on_alarm };
	struct rproc_lite_info before;
	struct expected e = { -EINTR, FILE_, RPROC_LITE_NO_INDEX, 0, "interrupted" };
	struct span spans[2];
	struct img im;
	size_t stalls[5];
	unsigned int i;
	int pipes[2];

	img_build(&im, most_bits(), &memory);
	stalls[0] = 0;
	stalls[1] = 5;
	stalls[2] = im.phoff + 60;
	stalls[3] = im.data_seg + 9;
	stalls[4] = im.shoff + 1;
	sigaction(SIGALRM, &alarm_action, NULL);
	for (i = 0; i < 5; i++) {
		if (pipe2(pipes, O_CLOEXEC))
			ksft_exit_fail_msg("pipe2: %s\n", strerror(errno));
		write_all(pipes[1], im.data, stalls[i]);
		take_info(&before);
		e.offset = stalls[i];
		ualarm(100000, 0);
		check_verdict("stalled", remote_load_fd(device, pipes[0]), &e);
		check_info(&before);
		check_memory(spans, i > 2 ? segment_spans(&im, spans) : 0);
		close(pipes[0]);
		close(pipes[1]);
	}
	img_free(&im);
	result("stream", "stalled, and a signal");
}

/*
 * A pipe in packet mode drops what the reader has no room for: a long image in
 * packets of an odd size must arrive all the same.
 */
static void test_packets(void)
{
	const size_t size = 200000;
	int pipes[2], ret;
	struct img im;
	size_t at, n;
	pid_t pid;

	to_configured();
	img_build(&im, most_bits(), &memory);
	at = img_append(&im, size);
	for (n = 0; n < size; n++)
		im.data[at + n] = (uint8_t)(n % 251);
	img_set(&im, PH_TYPE, 2, 1);
	img_set(&im, PH_OFFSET, 2, at);
	img_set(&im, PH_PADDR, 2, memory.da + 0x8000);
	img_set(&im, PH_FILESZ, 2, size);
	img_set(&im, PH_MEMSZ, 2, size);
	/* Which a stream could not go back to. */
	img_set(&im, EH_SHNUM, 0, 0);

	if (pipe2(pipes, O_CLOEXEC | O_DIRECT))
		ksft_exit_fail_msg("pipe2: %s\n", strerror(errno));
	pid = fork();
	if (!pid) {
		for (at = 0; at < im.size; at += n) {
			n = im.size - at < 3001 ? im.size - at : 3001;
			write_all(pipes[1], im.data + at, n);
		}
		_exit(0);
	}
	close(pipes[1]);
	ret = remote_load_fd(device, pipes[0]);
	close(pipes[0]);
	waitpid(pid, NULL, 0);
	if (ret)
		complain("refused: %s", remote_said.text);
	else
		check_segment(&im, 2);
	img_free(&im);
	result("stream", "a pipe in packet mode");
}

/* Datagrams are no stream: what does not fit is dropped, so none may be taken. */
static void test_datagrams(void)
{
	struct expected e = { -EINVAL, FILE_, RPROC_LITE_NO_INDEX, NONE, "" };
	struct rproc_lite_info before;
	int s[2];

	to_configured();
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, s))
		ksft_exit_fail_msg("socketpair: %s\n", strerror(errno));
	write_all(s[1], "\177ELF", 4);
	write_all(s[1], "too much for the ident\0\0\0\0\0\0\0\0\0\0", 32);
	take_info(&before);
	check_verdict("load", remote_load_fd(device, s[0]), &e);
	check_info(&before);
	close(s[0]);
	close(s[1]);
	result("stream", "a datagram socket");
}

/* The loopback interface, so that a datagram to nobody comes back as an error. */
static bool loopback_up(int s)
{
	struct ifreq r = { .ifr_name = "lo" };
	struct sockaddr_in *a = (struct sockaddr_in *)&r.ifr_addr;

	a->sin_family = AF_INET;
	a->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (ioctl(s, SIOCSIFADDR, &r) || ioctl(s, SIOCGIFFLAGS, &r))
		return false;
	r.ifr_flags |= IFF_UP;
	return !ioctl(s, SIOCSIFFLAGS, &r);
}

/*
 * A socket that poll() always reports for its queue of errors, and that never has
 * a byte: waiting for it must neither spin nor be deaf to signals. If it is, the
 * kernel's log will say so, and this test does not end: so it comes last.
 */
static void test_error_queue(void)
{
	struct sockaddr_in nobody = {
		.sin_family = AF_INET,
		.sin_port = htons(9),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), on = 1;
	struct pollfd p = { .fd = s, .events = POLLIN };
	struct rproc_lite_info before;
	socklen_t len = sizeof(on);
	struct job job;

	to_configured();
	if (s < 0 || !loopback_up(s) || setsockopt(s, SOL_IP, IP_RECVERR, &on, len) ||
	    connect(s, (struct sockaddr *)&nobody, sizeof(nobody)) || send(s, "x", 1, 0) < 0 ||
	    poll(&p, 1, 1000) != 1 || getsockopt(s, SOL_SOCKET, SO_ERROR, &on, &len)) {
		ksft_test_result_skip("stream: a socket with errors only: %s\n", strerror(errno));
		return;
	}
	take_info(&before);
	if (job_begin(&job, job_load, device, s))
		ksft_exit_fail_msg("job_begin: %s\n", strerror(errno));
	if (job_end(&job, 1000))
		ksft_print_msg("it went on until it was killed\n");
	else if (job.result->ret >= 0)
		complain("accepted");
	check_info(&before);
	close(s);
	result("stream", "a socket with errors only");
}

/*
 * Tables damaged at random, the same ones in every run: refused or not, the remote
 * is where it should be and everything placed lies in its region. The kernel's log
 * tells of the rest.
 */
static void test_damaged(void)
{
	unsigned int rounds = count_from_env(300), i, n, accepted = 0;
	uint64_t r = 88172645463325252ULL;
	struct img im;
	int ret;

	to_configured();
	load_good(most_bits(), false);
	to_stopped();
	for (i = 0; i < rounds && !failed; i++) {
		img_build(&im, i & 1 ? 32 : most_bits(), &memory);
		for (n = 0; n < 1 + i % 5; n++) {
			r ^= r << 13;
			r ^= r >> 7;
			r ^= r << 17;
			im.data[im.table + 36 + r % (im.table_size - 36)] =
				(uint8_t)(r >> 40 & 1 ? r >> 32 : (r >> 32) % 5);
		}
		ret = i & 2 ? load_stream(&im) : load_file(&im);
		accepted += !ret;
		if (!ret) {
			check_placements(false);
			to_stopped();
		} else if (remote_state(device) != RPROC_LITE_STOPPED || !remote_said.text[0]) {
			complain("round %u: error %d, state %s, \"%s\"", i, ret,
				 remote_state_name((uint32_t)remote_state(device)),
				 remote_said.text);
		}
		img_free(&im);
	}
	ksft_print_msg("%u of %u damaged tables were accepted\n", accepted, i);
	load_good(most_bits(), false);
	result("stopped", "tables damaged at random");
}

int main(void)
{
	remote_or_skip(REMOTE);
	signal(SIGPIPE, SIG_IGN);
	ksft_print_header();
	device = remote_open(REMOTE, O_RDWR);
	if (device < 0)
		ksft_exit_fail_msg("the device: %s\n", strerror(-device));
	kind = remote_kind(device);
	img_machine = kind->elf_machine;
	find_regions();
	ksft_set_plan(2 * img_bad_num + 2 + img_fine_num + 2 + ODD_NUM + 8);
	if (watched)
		ksft_test_result_pass("memory is compared, too\n");
	else
		ksft_test_result_skip("memory is compared, too\n");

	test_configured();
	test_stopped();
	test_fine();
	test_restart();
	test_odds();
	test_read_only();
	test_bad_addresses();
	test_stalled();
	test_damaged();
	test_packets();
	test_datagrams();
	test_error_queue();

	if (remote_offline(device))
		ksft_print_msg("not Offline at the end: %s\n", remote_said.text);
	close(device);
	ksft_finished();
}
