// SPDX-License-Identifier: GPL-2.0-only
/*
 * All calls that user space has, at random, with arguments that are almost right: ioctls,
 * netlink requests, pread, pwrite, mmap, poll, and messages to virtio devices. KCOV tells
 * which programs of calls came further than others; those are kept, and changed further.
 *
 * A program is bytes: the first says in what state of the remote it begins, and then each
 * call takes as many as its grammar wants. So any bytes are a program.
 *
 *	fuzz_calls [-s SEED] [-t SECONDS | -n PROGRAMS] [-v] [CORPUS]
 *
 * CORPUS has programs in hexadecimal, one a line; those that came further than it are
 * printed as "corpus: HEX". With -v each program is printed before it is run, for when the
 * kernel dies of one.
 */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <linux/genetlink.h>

#include "kselftest.h"
#include "family.h"
#include "guest.h"
#include "kcov.h"
#include "remote.h"
#include "stock.h"

#define PROGRAM_MAX	256
#define CALLS_MAX	16
#define CORPUS_MAX	4096
/* A call that takes longer is interrupted, if it can be. */
#define CALL_MS		2000
/* If nobody says how many, or for how long; the debug kernel is slow. */
#define PROGRAMS	200
#define SECONDS_MAX	100

struct program {
	uint16_t len;
	uint8_t bytes[PROGRAM_MAX];
};

static struct program corpus[CORPUS_MAX];
static unsigned int num_corpus;
static uint64_t state;

/*
 * Nothing is run on the remote but firmware that stops when told, and this: mov w0, #PSCI
 * CPU_OFF; hvc #0; b . Anything else might never stop, or write over Linux itself.
 */
static const uint32_t switch_off[] = { 0x52800040, 0x72b08000, 0xd4000002, 0x14000000 };
#define CODE		0x50000000u
#define CODE_END	0x50400000u

/* What programs work on. */
static int device, reader, virtio = -1, sink[2];
static struct family family;
static uint8_t *map;
static uint8_t *edge;		/* a page; the next one is not there */
static size_t page;

static uint32_t choose(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 11) % below;
}

/* --- grammar: what bytes mean ------------------------------------------------ */

struct input {
	const uint8_t *at;
	size_t left;
};

static uint8_t take(struct input *in)
{
	if (!in->left)
		return 0;
	in->left--;
	return *in->at++;
}

static uint64_t take_bytes(struct input *in, unsigned int n)
{
	uint64_t value = 0;
	unsigned int i;

	for (i = 0; i < n; i++)
		value |= (uint64_t)take(in) << 8 * i;
	return value;
}

/* Small ones, bounds, addresses of the remote's, any. */
static uint64_t take_number(struct input *in)
{
	static const uint64_t odd[] = {
		0, 1, 2, 3, 4, 8, 15, 16, 31, 32, 64, 255, 256, 4095, 4096, 4097, 65535, 65536,
		65537, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000, 0x7fffffffffffffff,
		0x8000000000000000, 0xfffffffffffff000, 0xffffffffffffffff,
		0x50000000, 0x50000fff, 0x50400000, 0x503fffff, 0x504fffff, 0x50500000, 0x10000000,
		1ULL << 36, (1ULL << 36) - 1, 2ULL << 36, 255ULL << 36,
	};
	uint8_t how = take(in);

	if (how < 0x40)
		return how % 4;
	if (how < 0xd0)
		return odd[how % ARRAY_SIZE(odd)];
	return take_bytes(in, 1 + how % 8);
}

/* For how long we would wait in earnest; one that is too long is refused. */
static uint32_t take_timeout(struct input *in)
{
	static const uint32_t ms[] = {
		1, 1, 2, 5, 20, 50, RPROC_LITE_TIMEOUT_MAX_MS + 1, 0xffffffff,
	};

	return ms[take(in) % ARRAY_SIZE(ms)];
}

/* Flags that are, and are not. */
static uint32_t take_flags(struct input *in)
{
	uint8_t how = take(in);

	return how < 0xc0 ? 0 : how < 0xe0 ? how & 3 : (uint32_t)take_number(in);
}

static void take_name(struct input *in, char *to, size_t size)
{
	static const char *const names[] = {
		"code", "shared", "heap", "vdev0vring0", "vdev0vring1", "vdev0buffer", "w", "",
	};
	uint8_t how = take(in);
	size_t i;

	memset(to, 0, size);
	if (how < 0xf0)
		snprintf(to, size, "%s", names[how % ARRAY_SIZE(names)]);
	for (i = 0; how >= 0xf0 && i < size; i++)
		to[i] = (char)(how == 0xff ? 'x' : take(in));
}

/* Where a call finds bytes, or puts some: a page of ours, its end, or nowhere. */
static uint64_t take_pointer(struct input *in, size_t len)
{
	uint8_t how = take(in);

	if (how < 0xd0)
		return (uintptr_t)edge;
	if (how < 0xe0)
		return (uintptr_t)edge + page - (len < page ? len : page) / 2;
	if (how < 0xf0)
		return (uintptr_t)(map ? map : edge);
	return how < 0xf8 ? 0 : take_number(in);
}

/* "key=value" and a NUL, some of them; for CONFIG or for policies. */
static uint32_t take_settings(struct input *in, bool policy)
{
	static const char *const config[] = {
		"stop-timeout-ms=5", "stop-timeout-ms=50", "load-address=0x50000000",
		"boot-address=0x1", "virtio=manual", "virtio=auto", "load-address=",
		"stop-timeout-ms=0", "no-such=1", "=", "x",
	};
	static const char *const policies[] = {
		"recovery=none", "recovery=restart", "recovery=stop", "recovery-limit=2",
		"recovery-delay-ms=0", "recovery-delay-ms=20", "recovery-delay-max-ms=10",
		"recovery-window-ms=1", "recovery-changed=allow", "heartbeat-ms=10",
		"heartbeat-ms=0", "heartbeat-misses=1", "coredump=copy", "coredump=inline",
		"coredump=off", "coredump-timeout-ms=5", "suspend=ask", "suspend=stop",
		"suspend=run", "suspend-timeout-ms=5", "suspend-refused=block", "recovery=",
		"heartbeat-misses=0", "coredump", "no-such=1",
	};
	const char *const *words = policy ? policies : config;
	size_t num = policy ? ARRAY_SIZE(policies) : ARRAY_SIZE(config), at = 0;
	uint32_t n = take(in) % 5;

	while (n--) {
		uint8_t which = take(in);

		at += (size_t)snprintf((char *)edge + at, page - at, "%s",
				       words[which % num]) + 1;
		if (which >= 0xf0)
			edge[take(in) % at] = take(in);
	}
	return (uint32_t)at;
}

static uint32_t take_table(struct input *in)
{
	uint32_t len = take(in), i;

	/* version 1, a carveout and a vendor's entry, or what was there, and then changes */
	if (len & 1) {
		static const uint32_t table[] = {
			1, 2, 0, 0, 24, 80, 0, 0xffffffff, 0xffffffff, 4096, 0, 0, 0x70616568,
			0, 0, 0, 0, 0, 0, 0, 2, 0xffffffff, 4096, 0, 0x676f6c, 0, 0, 0, 0, 0, 0, 0,
		};

		memcpy(edge, table, sizeof(table));
		len = sizeof(table);
	}
	for (i = take(in) % 4; i; i--)
		edge[take(in)] = take(in);
	return len;
}

static int take_file(struct input *in)
{
	static const char *const firmware[] = { "echo", "serial", "driver", "crash", "notable" };
	uint8_t how = take(in);
	int fds[2];

	if (how < 0xc0)
		return remote_open_firmware(device, firmware[how % ARRAY_SIZE(firmware)]);
	if (how < 0xd0)
		return open("/dev/zero", O_RDONLY | O_CLOEXEC);
	if (how < 0xe0)
		return open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	if (how < 0xf0)
		return open("/dev/null", O_WRONLY | O_CLOEXEC);
	if (how < 0xf8 && !pipe2(fds, O_CLOEXEC)) {
		/* It may be taken for a raw image, and run. */
		if (write(fds[1], switch_off, take(in) % (sizeof(switch_off) + 1)) < 0)
			how = 0;
		close(fds[1]);
		return fds[0];
	}
	return dup(device);
}

/* --- calls ------------------------------------------------------------------- */

static int take_device(struct input *in)
{
	uint8_t how = take(in);

	return how < 0xe0 ? device : how < 0xf8 ? reader : virtio;
}

static void call(int fd, unsigned long cmd, void *arg)
{
	ioctl(fd, cmd, arg);
}

static void call_load(struct input *in)
{
	static const char *const names[] = { "echo", "serial", "driver", "crash", "no-such" };
	struct rproc_lite_load load = { .flags = take_flags(in) };
	uint8_t how = take(in);

	load.pad = take(in) < 0xf8 ? 0 : (uint32_t)take_number(in);
	if (how < 0x80) {
		snprintf(load.name, sizeof(load.name), "%s",
			 remote_firmware(device, names[how % ARRAY_SIZE(names)]));
		call(take_device(in), RPROC_LITE_IOC_LOAD, &load);
		return;
	}
	load.source = how < 0xf8 ? RPROC_LITE_FROM_FD : (uint32_t)take_number(in);
	load.fd = take_file(in);
	if (take(in) >= 0xe0)
		take_name(in, load.name, 64);
	call(take_device(in), RPROC_LITE_IOC_LOAD, &load);
	if (load.fd > 2)
		close(load.fd);
}

static void call_config(struct input *in)
{
	bool policy = take(in) & 1;
	struct rproc_lite_config c = { .flags = take_flags(in) };
	uint8_t how;

	c.data_len = take_settings(in, policy);
	how = take(in);
	if (how >= 0xe0)
		c.data_len = (uint32_t)take_number(in);
	c.data = how < 0xc0 ? (uintptr_t)edge : take_pointer(in, c.data_len);
	call(take_device(in), policy ? RPROC_LITE_IOC_SET_POLICY : RPROC_LITE_IOC_CONFIG, &c);
}

static void call_action(struct input *in)
{
	static const unsigned long cmds[] = {
		RPROC_LITE_IOC_START, RPROC_LITE_IOC_STOP, RPROC_LITE_IOC_SHUTDOWN,
		RPROC_LITE_IOC_SUSPEND, RPROC_LITE_IOC_RESUME, RPROC_LITE_IOC_CRASH,
	};
	uint8_t which = take(in) % ARRAY_SIZE(cmds);
	struct rproc_lite_action a = { .flags = take_flags(in) };

	if (which && which <= 3)
		a.timeout_ms = take_timeout(in);
	if (take(in) >= 0xf0)
		a.timeout_ms = take_timeout(in);
	call(take_device(in), cmds[which], &a);
}

static void call_set_rsc(struct input *in)
{
	struct rproc_lite_set_rsc s = { .flags = take_flags(in), .size = take_table(in) };
	uint8_t how = take(in);

	s.data = how < 0x80 ? (uintptr_t)edge : take_pointer(in, s.size);
	s.da = how & 1 ? RPROC_LITE_NO_DA : take_number(in);
	/* It would be written over the code. */
	if (s.da >= CODE && s.da < CODE_END)
		s.da += CODE_END - CODE;
	if (take(in) >= 0xf0)
		s.size = (uint32_t)take_number(in);
	call(take_device(in), RPROC_LITE_IOC_SET_RSC, &s);
}

static void call_window(struct input *in)
{
	bool add = take(in) < 0xa0;
	struct rproc_lite_mem_window w = { .flags = take_flags(in), .pad = take_flags(in) };

	if (add || take(in) >= 0xf0) {
		w.da = take_number(in);
		w.size = take_number(in);
	}
	take_name(in, w.name, sizeof(w.name));
	call(take_device(in), add ? RPROC_LITE_IOC_ADD_MEM : RPROC_LITE_IOC_REMOVE_MEM, &w);
}

static void call_virtio(struct input *in)
{
	struct rproc_lite_create_virtio c = { .flags = take_flags(in) };
	struct rproc_lite_remove_virtio r = { .flags = c.flags };

	if (take(in) & 1) {
		r.vdev = (uint32_t)take_number(in);
		call(take_device(in), RPROC_LITE_IOC_REMOVE_VIRTIO, &r);
		return;
	}
	c.vdev = (uint32_t)take_number(in);
	c.role = take(in) < 0xf0 ? take(in) & 1 : (uint32_t)take_number(in);
	c.timeout_ms = c.role ? take_timeout(in) : take_flags(in);
	c.pair = c.role ? (uint32_t)take_number(in) : take_flags(in);
	if (ioctl(take_device(in), RPROC_LITE_IOC_CREATE_VIRTIO, &c) || c.fd < 0)
		return;
	if (virtio >= 0)
		close(virtio);
	virtio = c.fd;
	fcntl(virtio, F_SETFL, O_NONBLOCK);
}

/* Questions, whose answers are looked at by nobody. */
static void call_ask(struct input *in)
{
	union {
		struct rproc_lite_info info;
		struct rproc_lite_policy policy;
		struct rproc_lite_region region;
		struct rproc_lite_placement placement;
		struct rproc_lite_virtio virtio;
		struct rproc_lite_find find;
		struct rproc_lite_rsc rsc;
		struct rproc_lite_trace trace;
	} u;
	int fd = take_device(in);

	memset(&u, 0, sizeof(u));
	switch (take(in) % 8) {
	case 0:
		call(fd, RPROC_LITE_IOC_INFO, &u);
		break;
	case 1:
		call(fd, RPROC_LITE_IOC_POLICY, &u);
		break;
	case 2:
		u.region.index = (uint32_t)take_number(in);
		call(fd, RPROC_LITE_IOC_REGION, &u);
		break;
	case 3:
		u.placement.index = (uint32_t)take_number(in);
		call(fd, RPROC_LITE_IOC_PLACEMENT, &u);
		break;
	case 4:
		u.virtio.index = (uint32_t)take_number(in);
		u.virtio.pad = take_flags(in);
		call(fd, RPROC_LITE_IOC_VIRTIO, &u);
		break;
	case 5:
		u.find.by = take(in) % 5;
		u.find.addr = u.find.by == RPROC_LITE_BY_VA ? (uintptr_t)map : 0;
		u.find.addr += take_number(in);
		u.find.len = take_number(in);
		u.find.pad = take_flags(in);
		take_name(in, u.find.name, sizeof(u.find.name));
		call(fd, RPROC_LITE_IOC_FIND, &u);
		break;
	case 6:
		u.rsc.index = (uint32_t)take_number(in);
		u.rsc.data_len = (uint32_t)take_number(in);
		u.rsc.data = take_pointer(in, u.rsc.data_len);
		u.rsc.pad = take_flags(in);
		call(fd, RPROC_LITE_IOC_RSC, &u);
		break;
	case 7:
		u.trace.index = (uint32_t)take_number(in);
		u.trace.cursor = take(in) & 1 ? RPROC_LITE_TRACE_OLDEST : take_number(in);
		u.trace.data_len = (uint32_t)take_number(in);
		u.trace.data = take_pointer(in, u.trace.data_len);
		u.trace.pad = take_flags(in);
		call(fd, RPROC_LITE_IOC_TRACE, &u);
		break;
	}
}

/* Any number, of any size, with anything; but STOP and the like must not wait an hour. */
static void call_raw(struct input *in)
{
	static uint8_t blob[8192];
	unsigned int nr = take(in) % 0x20, i, n = take(in) % 64;
	uint32_t size = take(in) * 16u;

	if ((nr >= 0x10 && nr <= 0x14) || nr == 0x16 || nr == 0x18)
		nr = 0x1e;
	memset(blob, take(in) >= 0xf0 ? 0xff : 0, sizeof(blob));
	for (i = 0; i < n; i++)
		blob[take(in) * 4 % size % sizeof(blob)] = take(in);
	call(take_device(in), _IOC(take(in) & 3, RPROC_LITE_IOC, nr, size),
	     take(in) < 0xe0 ? blob : (void *)(uintptr_t)take_pointer(in, size));
}

static void call_memory(struct input *in)
{
	uint64_t len = take_number(in) % 8192, at = take_number(in);
	uint8_t how = take(in);
	int fd = take_device(in);

	/* Not the code that is to run. */
	if (how & 1)
		syscall(SYS_pread64, fd, take_pointer(in, len), len, at);
	else if (at < 1ULL << 36)
		syscall(SYS_pwrite64, reader, edge, len, at);
	else
		syscall(SYS_pwrite64, fd, take_pointer(in, len), len, at);
}

static void call_map(struct input *in)
{
	static const int prots[] = {
		PROT_READ, PROT_READ | PROT_WRITE, PROT_EXEC | PROT_READ, PROT_NONE,
	};
	uint8_t how = take(in);
	uint64_t at = how < 0xc0 ? 1ULL << 36 : take_number(in);
	void *p;

	if (map) {
		munmap(map, page);
		map = NULL;
	}
	p = mmap(NULL, page, prots[how & 3], how & 4 ? MAP_SHARED : MAP_PRIVATE, take_device(in),
		 (off_t)(at & ~(page - 1)));
	if (p != MAP_FAILED)
		map = p;
}

/* By the kernel, for which a SIGBUS is an EFAULT. */
static void touch_map(struct input *in)
{
	struct rproc_lite_rsc rsc = { .data = (uintptr_t)map, .data_len = 64 };
	uint8_t byte;

	if (!map)
		return;
	if (take(in) & 1 && write(sink[1], map, 1) == 1 && read(sink[0], &byte, 1) == 1)
		return;
	call(device, RPROC_LITE_IOC_RSC, &rsc);
}

static void call_virtio_fd(struct input *in)
{
	uint64_t len = take_number(in);
	struct pollfd p = { .fd = virtio, .events = POLLIN | POLLOUT };

	if (virtio < 0)
		return;
	switch (take(in) % 4) {
	case 0:
		syscall(SYS_read, virtio, take_pointer(in, len), len % 70000);
		break;
	case 1:
		syscall(SYS_write, virtio, take_pointer(in, len), len % 4096);
		break;
	case 2:
		poll(&p, 1, 0);
		break;
	case 3:
		if (take(in) & 1)
			close(virtio);
		else
			break;
		virtio = -1;
		break;
	}
}

static void call_poll(struct input *in)
{
	struct pollfd p = { .fd = device, .events = POLLPRI | (take(in) & 1 ? POLLIN : 0) };

	poll(&p, 1, take(in) % 8);
}

/* A request, with attributes that it may have, or others. */
static void call_netlink(struct input *in)
{
	uint8_t attrs[512], bytes[64];
	uint32_t i, n = take(in) % 4, id;
	uint8_t cmd = take(in);
	size_t len = 0;

	for (i = 0; i < n; i++) {
		uint8_t how = take(in);
		uint16_t type = how < 0x80 ? 1 + (how & 1) : take(in);

		if (type == RPROC_LITE_A_ID && how < 0xc0) {
			id = how < 0x40 ? 0 : (uint32_t)take_number(in);
			put_attr(attrs, &len, type, &id, sizeof(id));
		} else if (how < 0xc0) {
			put_attr(attrs, &len, type, "r0", 3);
		} else {
			memset(bytes, take(in), sizeof(bytes));
			put_attr(attrs, &len, type, bytes, take(in) % sizeof(bytes));
		}
	}
	family_send(&family, cmd < 0xd0 ? RPROC_LITE_CMD_GET : cmd,
		    take(in) & 1 ? NLM_F_DUMP : NLM_F_ACK, attrs, len);
}

static void call_netlink_raw(struct input *in)
{
	struct {
		struct nlmsghdr h;
		struct genlmsghdr g;
		uint8_t attrs[64];
	} m;
	size_t i, len = NLMSG_HDRLEN + take(in) % (sizeof(m) - NLMSG_HDRLEN);

	memset(&m, 0, sizeof(m));
	m.h.nlmsg_type = family.id;
	m.h.nlmsg_flags = NLM_F_REQUEST | (uint16_t)take_bytes(in, 2);
	m.g.cmd = take(in);
	m.g.version = take(in);
	for (i = 0; i < sizeof(m.attrs) && in->left; i++)
		m.attrs[i] = take(in);
	family_send_raw(&family, &m, len);
}

static void drain_netlink(struct input *in)
{
	struct message m;
	int n;

	if (take(in) & 1)
		family_join(&family);
	for (n = 0; n < 64 && !family_recv(&family, &m, 0); n++)
		;
	if (take(in) & 1)
		family_leave(&family);
}

static void reopen(struct input *in)
{
	int fd = remote_open(REMOTE, take(in) & 1 ? O_RDWR : O_RDONLY);

	if (fd >= 0)
		close(fd);
}

static void (*const calls[])(struct input *in) = {
	call_load, call_load, call_config, call_config, call_action, call_action, call_action,
	call_set_rsc, call_window, call_virtio, call_virtio, call_ask, call_ask, call_raw,
	call_memory, call_map, touch_map, call_virtio_fd, call_poll, call_netlink,
	call_netlink_raw, drain_netlink, reopen,
};

/* --- programs ---------------------------------------------------------------- */

/* Most begin where the last one ended. */
static void begin_at(uint8_t how)
{
	static const struct {
		uint32_t state;
		const char *firmware;
	} begins[] = {
		{ RPROC_LITE_OFFLINE, NULL }, { RPROC_LITE_CONFIGURED, NULL },
		{ RPROC_LITE_READY, "serial" }, { RPROC_LITE_RUNNING, "serial" },
		{ RPROC_LITE_RUNNING, "driver" },
	};
	static unsigned int last = ARRAY_SIZE(begins);
	unsigned int i = how % 16;

	if (i >= ARRAY_SIZE(begins))
		return;
	/* To go there anew takes longer than all else. */
	if (i == last && remote_state(device) == (int)begins[i].state)
		return;
	last = i;
	remote_offline(device);
	remote_remove_windows(device);
	remote_set_policy(device, "recovery=none", "coredump=off", "heartbeat-ms=0", NULL);
	if (begins[i].state == RPROC_LITE_OFFLINE || remote_config(device) ||
	    begins[i].state == RPROC_LITE_CONFIGURED)
		return;
	if (remote_load(device, remote_firmware(device, begins[i].firmware)) ||
	    begins[i].state == RPROC_LITE_READY)
		return;
	remote_start(device);
}

static void arm(unsigned int ms)
{
	struct itimerval t = { .it_value = { ms / 1000, ms % 1000 * 1000 } };

	setitimer(ITIMER_REAL, &t, NULL);
}

/* Return: how much of it was new. */
static unsigned int run(const struct program *p)
{
	struct input in = { p->bytes, p->len };
	unsigned int n;

	begin_at(take(&in));
	kcov_begin();
	for (n = 0; n < CALLS_MAX && in.left; n++) {
		arm(CALL_MS);
		calls[take(&in) % ARRAY_SIZE(calls)](&in);
	}
	arm(0);
	return kcov_end();
}

static void change(struct program *p)
{
	const struct program *q = &corpus[choose(num_corpus)];
	unsigned int n = 1 + choose(4), at, len;

	while (n--) {
		at = p->len ? choose(p->len) : 0;
		switch (choose(6)) {
		case 0:			/* a bit */
			p->bytes[at] ^= (uint8_t)(1 << choose(8));
			break;
		case 1:			/* a byte */
			p->bytes[at] = (uint8_t)choose(256);
			break;
		case 2:			/* some less */
			len = choose(8);
			if (at + len > p->len)
				break;
			memmove(p->bytes + at, p->bytes + at + len, p->len - at - len);
			p->len -= (uint16_t)len;
			break;
		case 3:			/* some more */
			len = 1 + choose(8);
			if (p->len + len > PROGRAM_MAX)
				break;
			memmove(p->bytes + at + len, p->bytes + at, p->len - at);
			p->len += (uint16_t)len;
			while (len--)
				p->bytes[at + len] = (uint8_t)choose(256);
			break;
		case 4:			/* of another */
			len = q->len > at ? q->len - at : 0;
			memcpy(p->bytes + at, q->bytes + at, len);
			if (at + len > p->len)
				p->len = (uint16_t)(at + len);
			break;
		case 5:			/* another behind it */
			len = q->len < PROGRAM_MAX - p->len ? q->len : PROGRAM_MAX - p->len;
			memcpy(p->bytes + p->len, q->bytes, len);
			p->len += (uint16_t)len;
			break;
		}
	}
}

static void print_program(const char *what, const struct program *p)
{
	unsigned int i;

	printf("# %s: ", what);
	for (i = 0; i < p->len; i++)
		printf("%02x", p->bytes[i]);
	printf("\n");
	fflush(stdout);
}

static bool keep(const struct program *p)
{
	if (num_corpus == CORPUS_MAX)
		return false;
	corpus[num_corpus++] = *p;
	return true;
}

static void read_corpus(const char *path)
{
	FILE *f = fopen(path, "r");
	char line[2 * PROGRAM_MAX + 2];
	struct program p;
	unsigned int value;
	size_t i;

	while (f && fgets(line, sizeof(line), f)) {
		p.len = 0;
		for (i = 0; sscanf(line + i, "%2x", &value) == 1 && p.len < PROGRAM_MAX; i += 2)
			p.bytes[p.len++] = (uint8_t)value;
		if (p.len)
			keep(&p);
	}
	if (f)
		fclose(f);
}

/* Each call once, from each state. */
static void make_corpus(void)
{
	struct program p;
	unsigned int i, k;

	for (i = 0; i < 5; i++) {
		for (k = 0; k < ARRAY_SIZE(calls); k++) {
			/* Of what is there several times, one. */
			if (k && calls[k] == calls[k - 1])
				continue;
			memset(&p, 0, sizeof(p));
			p.len = 24;
			p.bytes[0] = (uint8_t)i;
			p.bytes[1] = (uint8_t)k;
			p.bytes[2] = (uint8_t)(choose(4));
			keep(&p);
		}
	}
}

struct options {
	uint64_t seed;
	unsigned int seconds;
	unsigned int programs;
	bool verbose;
	const char *corpus;
};

static void fuzz(const struct options *o)
{
	uint64_t begun = now_ms(), told = begun;
	unsigned int n, begin = num_corpus, news;
	struct program p;

	for (n = 0; n < o->programs && now_ms() - begun < o->seconds * 1000ull; n++) {
		/* All that there is first, as it is. */
		p = corpus[n < begin ? n : choose(num_corpus)];
		if (n >= begin)
			change(&p);
		if (o->verbose)
			print_program("program", &p);
		news = run(&p);
		if (news && n >= begin && keep(&p) && o->corpus)
			print_program("corpus", &p);
		if (now_ms() - told < 10000)
			continue;
		told = now_ms();
		ksft_print_msg("%u programs, %u places, %u kept\n", n, kcov_places(),
			       num_corpus);
	}
	ksft_print_msg("%u programs, %u places, %u kept\n", n, kcov_places(), num_corpus);
}

/* It interrupts. */
static void on_alarm(int sig)
{
	(void)sig;
}

static bool begin(void)
{
	struct sigaction a = { .sa_handler = on_alarm };

	page = (size_t)sysconf(_SC_PAGESIZE);
	edge = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (edge == MAP_FAILED || munmap(edge + page, page) || pipe2(sink, O_CLOEXEC | O_NONBLOCK))
		return false;
	sigaction(SIGALRM, &a, NULL);
	signal(SIGPIPE, SIG_IGN);
	device = remote_open(REMOTE, O_RDWR);
	reader = remote_open(REMOTE, O_RDONLY);
	return device >= 0 && reader >= 0 && !family_open(&family);
}

static bool works_still(void)
{
	if (virtio >= 0)
		close(virtio);
	if (map)
		munmap(map, page);
	remote_set_policy(device, "recovery=none", "coredump=off", "heartbeat-ms=0",
			  "recovery-limit=10", "heartbeat-misses=3", NULL);
	if (remote_offline(device) || remote_remove_windows(device) < 0 ||
	    remote_run(device, "echo") || remote_offline(device)) {
		ksft_print_msg("told: %s\n", remote_said.text);
		return false;
	}
	return true;
}

static void take_options(int argc, char **argv, struct options *o)
{
	int c;

	while ((c = getopt(argc, argv, "s:t:n:v")) != -1) {
		if (c == 's')
			o->seed = strtoull(optarg, NULL, 0);
		else if (c == 't')
			*o = (struct options){ o->seed, (unsigned int)strtoul(optarg, NULL, 0),
					       UINT32_MAX, o->verbose, NULL };
		else if (c == 'n')
			o->programs = (unsigned int)strtoul(optarg, NULL, 0);
		else if (c == 'v')
			o->verbose = true;
		else
			exit(2);
	}
	o->corpus = argv[optind];
}

int main(int argc, char **argv)
{
	unsigned int times = count_from_env(1);
	struct options o = { .programs = PROGRAMS * times, .seconds = SECONDS_MAX * times };
	int ret;

	if (getrandom(&o.seed, sizeof(o.seed), 0) != sizeof(o.seed))
		o.seed = 1;
	take_options(argc, argv, &o);
	remote_or_skip(REMOTE);
	ret = kcov_open();
	if (ret) {
		printf("TAP version 13\n1..0 # SKIP no KCOV in this kernel: scripts/vm -k debug\n");
		return KSFT_SKIP;
	}
	ksft_print_header();
	ksft_set_plan(3);
	if (!begin())
		ksft_exit_fail_msg("it does not begin\n");
	state = o.seed ? o.seed : 1;
	ksft_print_msg("seed %llu: repeat with -s\n", (unsigned long long)state);
	if (o.corpus)
		read_corpus(o.corpus);
	make_corpus();
	fuzz(&o);
	/* Less is a quarter of what there is, and no fuzzing. */
	ksft_test_result(kcov_places() > 800, "it came to %u places\n", kcov_places());
	ksft_test_result(works_still(), "the remote works still\n");
	ksft_test_result_report(log_result(), "no warning in the log\n");
	ksft_finished();
}
