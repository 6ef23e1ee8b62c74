// SPDX-License-Identifier: GPL-2.0-only
/*
 * What may fail does, one thing after the other: for each call, the first allocation or
 * copy that it makes, then the second, until none is left to fail. Each time the call
 * succeeds or says that memory is short; the state is the one before or the one asked for;
 * and the next call finds all as if nothing had been. The same of what kworkers do for us.
 *
 * Leaks are what kmemleak looks for when all is over, in any guest that has it.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <linux/rproc_lite_rsc.h>

#include "kselftest.h"
#include "dump.h"
#include "family.h"
#include "guest.h"
#include "nth.h"
#include "remote.h"
#include "segments.h"
#include "snapshot.h"
#include "virtio_io.h"

/* No call has so many. */
#define NTH_MAX		5000
#define WRONG_MAX	8
#define PAGE		4096

static int fd = -1;
/* A file, a stream that is not read yet, bytes that are no ELF file, a virtio device's end. */
static int image = -1, stream = -1, raw = -1, end = -1;
static char firmware[64], device[64], region_name[RPROC_LITE_NAME_MAX];
/* Who asks, and who hears of all that happens meanwhile. */
static struct family family, events;
static struct segments echo;
static uint64_t window;
/* One without entries, and that of firmware. */
static const struct rproc_lite_rsc_table table = { .ver = 1 };
static char whole_table[4096];
static uint32_t whole_table_size;
static uint64_t table_da;
static off_t offset;
static const char settings[] = "virtio=manual";
static char raw_settings[64];
static int module_file = -1;

/**
 * struct subject - one call
 * @name: of it
 * @from: in which state it is made; ANY_STATE: with the remote as it is
 * @firmware: for that state; "echo" if NULL
 * @setting: of the configuration, or NULL
 * @before: if not NULL, makes ready for it instead of @from
 * @act: makes it: 0 or more, or a negative errno. Nothing but calls of ours
 * @to: TO() the state that it ends in; 0: the same
 * @undo: if not NULL, what has to be done after each success
 * @also: what else it may say: what the kernel's core makes of it
 * @halfway: a state that it may end in if it fails, or 0
 * @spare: a function of the kernel's, below which nothing is to fail, or NULL
 * @full: much the same as another one, and long: only with the full counts
 */
struct subject {
	const char *name;
	int from;
	const char *firmware;
	const char *setting;
	int (*before)(void);
	int (*act)(void);
	int to;
	int (*undo)(void);
	int also;
	int halfway;
	const char *spare;
	bool full;
};

#define ANY_STATE	(-1)
#define TO(state)	((int)(state) + 1)

static unsigned long total_calls, total_met;

static int reopen(void)
{
	if (fd >= 0)
		close(fd);
	fd = remote_open(REMOTE, O_RDWR);
	return fd < 0 ? fd : 0;
}

/* Run to that state, unless it is there. */
static int reach(const struct subject *s)
{
	int state = remote_state(fd), ret;

	if (s->before)
		return s->before();
	if (state < 0) {
		ret = reopen();
		if (ret)
			return ret;
		state = remote_state(fd);
	}
	if (s->from < 0 || (state == s->from && !s->firmware))
		return 0;
	ret = remote_offline(fd);
	if (ret || s->from == RPROC_LITE_OFFLINE)
		return ret;
	if (s->setting) {
		ret = remote_config_with(fd, s->setting, (uint32_t)strlen(s->setting) + 1);
		if (!ret && s->from > RPROC_LITE_CONFIGURED)
			ret = remote_load(fd, remote_firmware(fd, s->firmware));
		if (!ret && s->from > RPROC_LITE_READY)
			ret = remote_start(fd);
		if (!ret && s->from == RPROC_LITE_RUNNING)
			ret = remote_wait_ready(fd);
		return ret;
	}
	if (s->from != RPROC_LITE_SUSPENDED)
		return remote_reach(fd, (uint32_t)s->from);
	ret = remote_reach(fd, RPROC_LITE_RUNNING);
	return ret ? ret : remote_suspend(fd, REMOTE_PATIENCE);
}

static int with_window(void)
{
	static const struct subject configured = { .from = RPROC_LITE_CONFIGURED };
	int ret = reach(&configured);

	if (!ret)
		ret = remote_add_mem(fd, "extra", window, PAGE);
	return ret == -EEXIST ? 0 : ret;
}

/* Running, with another kind of firmware for which nobody has made a device. */
static int run_alone(const char *name)
{
	const struct subject running = {
		.from = RPROC_LITE_RUNNING, .firmware = name, .setting = "virtio=manual",
	};

	return reach(&running);
}

static int with_virtio(void)
{
	int ret = run_alone("rpmsg");

	return ret ? ret : virtio_create(fd, 0);
}

static int with_console(void)
{
	int ret = run_alone("serial");

	return ret ? ret : virtio_create(fd, 0);
}

/* The program is the device, and has a message to read, and room for one to write. */
static int with_device(void)
{
	struct rproc_lite_create_virtio c = {
		.role = RPROC_LITE_VIRTIO_DEVICE, .timeout_ms = (uint32_t)REMOTE_PATIENCE,
	};
	static const char message[] = "to be had back";
	int ret;

	if (end < 0) {
		ret = run_alone("driver");
		if (!ret)
			ret = virtio_create_with(fd, &c);
		if (ret)
			return ret;
		end = c.fd;
	}
	if (io_poll(end, POLLIN, 0) & POLLIN)
		return 0;
	if (io_write(end, message, sizeof(message)) != sizeof(message))
		return -EIO;
	return io_poll(end, POLLIN, REMOTE_PATIENCE) & POLLIN ? 0 : -ETIMEDOUT;
}

/* All of a file that is read once. */
static int with_stream_of(const void *bytes, size_t size)
{
	static const struct subject configured = { .from = RPROC_LITE_CONFIGURED };
	int ends[2], ret = reach(&configured);

	if (ret)
		return ret;
	if (stream >= 0)
		close(stream);
	stream = -1;
	if (pipe2(ends, O_CLOEXEC))
		return -errno;
	stream = ends[0];
	if (fcntl(ends[1], F_SETPIPE_SZ, size) < 0 ||
	    write(ends[1], bytes, size) != (ssize_t)size)
		ret = -EIO;
	close(ends[1]);
	return ret;
}

static int with_stream(void)
{
	return with_stream_of(echo.file, echo.size);
}

static int with_raw(void)
{
	int ret;

	/* Not one that was configured otherwise. */
	if (remote_state(fd) == RPROC_LITE_CONFIGURED)
		return 0;
	ret = remote_offline(fd);
	return ret ? ret : remote_config_with(fd, raw_settings, (uint32_t)strlen(raw_settings) + 1);
}

static int with_raw_stream(void)
{
	int ret = with_raw();

	return ret ? ret : with_stream_of(echo.file + PAGE, PAGE);
}

/* What a call may say when memory is short, or what it was given can't be read. */
static bool is_clean(const struct subject *s, int error)
{
	return error == -ENOMEM || error == -EFAULT || (error && error == s->also);
}

static void look(struct snapshot *s)
{
	unsigned int i;

	snapshot_take(s, fd, false);
	/* The way to a refusal and back is no change; of the refusal itself INFO tells. */
	s->info.state_seq = 0;
	s->info.state_since = 0;
	memset(&s->info.last, 0, sizeof(s->info.last));
	/* Placed again, it is the same image. */
	s->info.loaded = 0;
	/* What was taken from a ring and could not be told is kept, and counted. */
	for (i = 0; i < ARRAY_SIZE(s->virtio); i++) {
		s->virtio[i].sent = 0;
		s->virtio[i].received = 0;
	}
}

static void drain(int socket)
{
	char buf[8192];

	while (recv(socket, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
}

static bool went_wrong(const struct subject *s, unsigned int n, int error)
{
	ksft_print_msg("%s, %u: %s: %s\n", s->name, n, strerror(-error), remote_said.text);
	return false;
}

/* Where, in words of struct snapshot and rproc_lite_info. */
static bool is_other(const struct subject *s, unsigned int n, const struct snapshot *was,
		     const struct snapshot *is)
{
	size_t at;

	for (at = 0; ((const char *)was)[at] == ((const char *)is)[at]; at++)
		;
	ksft_print_msg("%s, %u: refused, and not as before, at byte %zu of a snapshot: %s\n",
		       s->name, n, at, remote_said.text);
	return false;
}

static bool is_elsewhere(const struct subject *s, unsigned int n, const char *what, int before,
			 int after)
{
	ksft_print_msg("%s, %u: %s: %s then, %s now\n", s->name, n, what,
		       remote_state_name((uint32_t)before), remote_state_name((uint32_t)after));
	return false;
}

static bool once(const struct subject *s, unsigned int n, bool *met, bool *failed)
{
	static struct snapshot was, is;
	int before, after, to, ret;

	*met = true;
	ret = reach(s);
	if (ret) {
		ksft_print_msg("%s, %u: can't begin: %s: %s\n", s->name, n, strerror(-ret),
			       remote_said.text);
		return false;
	}
	before = remote_state(fd);
	to = s->to ? s->to - 1 : before;
	look(&was);
	if (nth_arm(n))
		return false;
	ret = s->act();
	*met = nth_met();
	*failed = ret < 0;
	after = remote_state(fd);
	drain(events.fd);
	if (ret < 0 && (!*met || !is_clean(s, ret)))
		return went_wrong(s, n, ret);
	if (ret >= 0 && after != to)
		return is_elsewhere(s, n, "done", before, after);
	if (ret < 0 && !(s->halfway && after == s->halfway)) {
		if (after != before)
			return is_elsewhere(s, n, "refused", before, after);
		look(&is);
		if (memcmp(&was, &is, sizeof(is)))
			return is_other(s, n, &was, &is);
	}
	ret = ret >= 0 && s->undo ? s->undo() : 0;
	if (ret)
		ksft_print_msg("%s, %u: can't be undone: %s: %s\n", s->name, n, strerror(-ret),
			       remote_said.text);
	return !ret;
}

static void walk(const struct subject *s)
{
	unsigned int n, refused = 0, wrong = 0;
	bool met = true, failed;

	if (nth_spare(s->spare))
		wrong++;
	/* What goes wrong once need not hide what else does. */
	for (n = 1; n < NTH_MAX && met && wrong < WRONG_MAX; n++) {
		failed = false;
		wrong += !once(s, n, &met, &failed);
		refused += failed;
		total_calls++;
		total_met += met;
	}
	ksft_print_msg("%s: %u faults, %u times refused\n", s->name, n - 2, refused);
	/* One that meets none shows nothing. */
	ksft_test_result(!wrong && !met && n > 2, "%s\n", s->name);
}

/* --- questions --------------------------------------------------------------- */

static int ask_info(void)
{
	struct rproc_lite_info info;

	return remote_info(fd, &info);
}

static int ask_policy(void)
{
	struct rproc_lite_policy policy;

	return remote_policy(fd, &policy);
}

static int ask_region(void)
{
	struct rproc_lite_region region;

	return remote_region(fd, 0, &region);
}

static int ask_placement(void)
{
	struct rproc_lite_placement placement;

	return remote_placement(fd, 0, &placement);
}

static int ask_rsc(void)
{
	char bytes[256];
	struct rproc_lite_rsc rsc = { .data = (uintptr_t)bytes, .data_len = sizeof(bytes) };

	return remote_rsc(fd, &rsc);
}

static int ask_find(void)
{
	struct rproc_lite_find find = { .by = RPROC_LITE_BY_DA, .addr = window };

	return remote_find(fd, &find);
}

static int ask_find_by_name(void)
{
	struct rproc_lite_find find = { .by = RPROC_LITE_BY_NAME };

	memcpy(find.name, region_name, sizeof(find.name));
	return remote_find(fd, &find);
}

static int ask_virtio(void)
{
	struct rproc_lite_virtio v;

	return virtio_query(fd, 0, &v);
}

static int ask_trace(void)
{
	char text[256];
	struct rproc_lite_trace trace = {
		.cursor = RPROC_LITE_TRACE_OLDEST,
		.data = (uintptr_t)text,
		.data_len = sizeof(text),
	};

	return ioctl(fd, RPROC_LITE_IOC_TRACE, &trace) ? -errno : 0;
}

static int open_and_close(void)
{
	int other = remote_open(REMOTE, O_RDWR);

	if (other >= 0)
		close(other);
	return other < 0 ? other : 0;
}

static int undo_netlink(void)
{
	drain(family.fd);
	return 0;
}

/*
 * The bytes of a request with one attribute and no more, so that nothing but the kernel is
 * asked. An answer that could not be made is an error message, or is not there at all, of
 * which the socket may tell.
 */
static int ask_netlink(uint16_t flags, uint16_t type, const void *data, uint16_t len)
{
	struct {
		struct nlmsghdr nl;
		struct { uint8_t cmd, version; uint16_t reserved; } genl;
		struct { uint16_t len, type; char data[RPROC_LITE_NAME_MAX]; } attr;
	} request = {
		.nl = { .nlmsg_type = family.id, .nlmsg_flags = NLM_F_REQUEST | flags },
		.genl = { .cmd = RPROC_LITE_CMD_GET, .version = 1 },
		.attr = { .len = (uint16_t)(4 + len), .type = type },
	};
	char buf[16384];
	struct nlmsghdr *nl = (struct nlmsghdr *)buf;
	ssize_t n;

	request.nl.nlmsg_len = sizeof(request) - sizeof(request.attr);
	if (len) {
		memcpy(request.attr.data, data, len);
		request.nl.nlmsg_len += NLA_ALIGN(4 + len);
	}
	if (send(family.fd, &request, request.nl.nlmsg_len, 0) < 0)
		return -errno;
	n = recv(family.fd, buf, sizeof(buf), MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == ENOBUFS ? -ENOMEM : -errno;
	return nl->nlmsg_type == NLMSG_ERROR ? *(int *)(nl + 1) : 0;
}

static int netlink_get(void)
{
	uint32_t id = REMOTE;

	return ask_netlink(0, RPROC_LITE_A_ID, &id, sizeof(id));
}

static int netlink_get_by_name(void)
{
	return ask_netlink(0, RPROC_LITE_A_NAME, "r0", 3);
}

static int netlink_dump(void)
{
	return ask_netlink(NLM_F_DUMP, 0, NULL, 0);
}

/* --- calls that act ------------------------------------------------------------ */

static int act_config(void)
{
	return remote_config(fd);
}

static int act_settings(void)
{
	return remote_config_with(fd, settings, sizeof(settings));
}

static int act_load(void)
{
	return remote_load(fd, firmware);
}

static int act_load_fd(void)
{
	return remote_load_fd(fd, image);
}

static int act_load_digest(void)
{
	return remote_load_flags(fd, image, RPROC_LITE_LOAD_SHA256);
}

static int act_load_stream(void)
{
	return remote_load_fd(fd, stream);
}

static int act_load_kept(void)
{
	return remote_load_flags(fd, stream, RPROC_LITE_LOAD_KEEP);
}

static int act_load_raw(void)
{
	return remote_load_fd(fd, raw);
}

static int act_start(void)
{
	return remote_start(fd);
}

static int act_stop(void)
{
	return remote_stop(fd, REMOTE_PATIENCE);
}

static int act_shutdown(void)
{
	return remote_shutdown(fd, REMOTE_PATIENCE);
}

static int act_suspend(void)
{
	return remote_suspend(fd, REMOTE_PATIENCE);
}

static int act_resume(void)
{
	return remote_resume(fd);
}

static int act_crash(void)
{
	return remote_crash(fd);
}

static int act_policy(void)
{
	return remote_set_policy(fd, "recovery=none", "coredump=copy", NULL);
}

static int undo_policy(void)
{
	return remote_set_policy(fd, USUAL_POLICY, NULL);
}

static int act_add_mem(void)
{
	return remote_add_mem(fd, "extra", window, PAGE);
}

static int undo_add_mem(void)
{
	return remote_remove_mem(fd, "extra");
}

static int act_remove_mem(void)
{
	return remote_remove_mem(fd, "extra");
}

static int act_set_rsc(void)
{
	return remote_set_rsc(fd, &table, sizeof(table), RPROC_LITE_NO_DA);
}

static int act_set_whole_rsc(void)
{
	return remote_set_rsc(fd, whole_table, whole_table_size, table_da);
}

static int act_set_rsc_from_memory(void)
{
	return remote_set_rsc(fd, NULL, whole_table_size, table_da);
}

static int act_create(void)
{
	return virtio_create(fd, 0);
}

static int act_create_device(void)
{
	struct rproc_lite_create_virtio c = { .vdev = 0, .role = RPROC_LITE_VIRTIO_DEVICE };
	int ret = virtio_create_with(fd, &c);

	if (!ret)
		close(c.fd);
	return ret;
}

static int undo_create(void)
{
	int ret = virtio_remove(fd, 0);

	return ret == -ENOENT ? 0 : ret;
}

static int act_remove(void)
{
	return virtio_remove(fd, 0);
}

static int act_read_message(void)
{
	char message[512];

	return read(end, message, sizeof(message)) < 0 ? -errno : 0;
}

static int act_write_message(void)
{
	static const char message[64];

	return write(end, message, sizeof(message)) < 0 ? -errno : 0;
}

static int act_mmap(void)
{
	volatile char *p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, offset);

	if (p == MAP_FAILED)
		return -errno;
	(void)p[0];
	munmap((void *)p, PAGE);
	return 0;
}

static int act_pread(void)
{
	char buf[64];

	return pread(fd, buf, sizeof(buf), offset) < 0 ? -errno : 0;
}

static int act_pwrite(void)
{
	static const char buf[64];

	return pwrite(fd, buf, sizeof(buf), offset) < 0 ? -errno : 0;
}

static int act_listen(void)
{
	return family_join(&family);
}

static int undo_listen(void)
{
	return family_leave(&family);
}

/* --- devices and modules --------------------------------------------------------- */

static int act_unbind(void)
{
	return driver_unbind(device);
}

static int act_bind(void)
{
	return driver_bind(device);
}

static int bound(void)
{
	int other;

	other = remote_open(REMOTE, O_RDONLY);
	if (other < 0)
		driver_bind(device);
	else
		close(other);
	return reopen();
}

static int unbound(void)
{
	int ret = driver_unbind(device);

	return ret == -ENODEV ? 0 : ret;
}

/* Without all of ours. */
static int without_modules(void)
{
	static const char *const all[] = {
		"rproc_lite_platform", "rproc_lite_mailbox", "rproc_lite",
	};
	unsigned int i;
	int ret = 0;

	if (fd >= 0)
		close(fd);
	if (end >= 0)
		close(end);
	fd = -1;
	end = -1;
	for (i = 0; i < ARRAY_SIZE(all) && !ret; i++)
		ret = module_is_loaded(all[i]) ? module_unload(all[i]) : 0;
	return ret;
}

static int act_insmod(void)
{
	return syscall(SYS_finit_module, module_file, "", 0) ? -errno : 0;
}

static int undo_insmod(void)
{
	return module_unload("rproc_lite");
}

/* All there again. */
static int modules_again(void)
{
	uint64_t over = now_ms() + REMOTE_PATIENCE;
	int ret = module_load("rproc_lite_platform");

	while (!ret && reopen() == -ENOENT && now_ms() < over)
		usleep(1000);
	return fd < 0 ? -ENODEV : ret;
}

/* --- what others do for us -------------------------------------------------------- */

/*
 * A restart that fails is tried again, until there is one more than @recovered; what INFO tells
 * of the last recovery may still be of the one before. A stop is not: then it says so, and the
 * remote stays Crashed.
 */
static int wait_recovered(uint32_t recovered, int *to)
{
	uint64_t over = now_ms() + REMOTE_PATIENCE;
	struct rproc_lite_info info;
	int ret;

	do {
		ret = remote_info(fd, &info);
		if (ret || info.recovered != recovered ||
		    info.recovery == RPROC_LITE_RECOVERY_STOPPED)
			return ret;
		if (*to == RPROC_LITE_STOPPED && info.recovery == RPROC_LITE_RECOVERY_FAILED) {
			*to = RPROC_LITE_CRASHED;
			return 0;
		}
		remote_poll(fd, 10);
	} while (now_ms() < over);
	return -ETIMEDOUT;
}

/*
 * From Running, by a crash, to Running again: what fails once is tried again. Whose n-th
 * it was is not known, so all kworkers have theirs.
 */
static bool recover(unsigned int n, int to, unsigned int *met)
{
	struct rproc_lite_info info;
	int ret = 0;

	/* While one is there no other is made, and nothing of it can fail. */
	dump_drop(REMOTE);
	if (remote_state(fd) != RPROC_LITE_RUNNING) {
		ret = remote_offline(fd);
		if (!ret)
			ret = remote_run(fd, "rpmsg");
	}
	if (!ret)
		ret = remote_info(fd, &info);
	if (!ret)
		ret = nth_arm_others(n);
	if (!ret)
		ret = remote_crash(fd);
	if (!ret)
		ret = wait_recovered(info.recovered, &to);
	*met = nth_met_others();
	drain(events.fd);
	if (!ret && remote_state(fd) != to)
		ret = -EBADFD;
	if (ret)
		ksft_print_msg("recovery, %u: %s: %s\n", n, strerror(-ret), remote_said.text);
	return !ret;
}

static void walk_recovery(const char *recovery, int to, const char *coredump)
{
	unsigned int n, met = 1, idle = 0, faults = 0;
	/* Nobody reads what waits for a reader. */
	bool ok = !bound() && !remote_set_policy(fd, recovery, coredump, "recovery-limit=0",
						   "recovery-delay-ms=0",
						   "recovery-delay-max-ms=0",
						   "coredump-timeout-ms=10", NULL);

	/* Which worker it is may differ: none was met thrice, so none is left. */
	for (n = 1; n < NTH_MAX && idle < 3 && ok; n++) {
		ok = recover(n, to, &met);
		faults += met;
		idle = met ? 0 : idle + 1;
		total_calls++;
	}
	total_met += faults;
	dump_drop(REMOTE);
	ksft_print_msg("%s, %s: %u faults\n", recovery, coredump, faults);
	ksft_test_result(ok && idle == 3 && faults, "%s with %s, and faults in kworkers\n",
			 recovery, coredump);
	remote_offline(fd);
	remote_set_policy(fd, USUAL_POLICY, NULL);
}

/* register_virtio_device() goes on without a name, for which device_add() has EINVAL. */
#define NO_NAME		(-EINVAL)
/* virtio_console, which gets no buffer there, keeps its reference to the device for ever. */
#define CONSOLE_BUFFERS	"dma_alloc_attrs"
/* Tracing warns of itself when it gets no memory for a module's events, and not of us. */
#define TRACING		"trace_module_notify"

static const struct subject subjects[] = {
	{ "open", ANY_STATE, .act = open_and_close },
	{ "INFO", RPROC_LITE_RUNNING, .act = ask_info },
	{ "POLICY", ANY_STATE, .act = ask_policy },
	{ "REGION", ANY_STATE, .act = ask_region },
	{ "PLACEMENT", RPROC_LITE_RUNNING, .act = ask_placement },
	{ "RSC", RPROC_LITE_RUNNING, .act = ask_rsc },
	{ "FIND", RPROC_LITE_RUNNING, .act = ask_find },
	{ "FIND by name", RPROC_LITE_RUNNING, .act = ask_find_by_name },
	{ "TRACE", RPROC_LITE_RUNNING, .act = ask_trace },
	{ "netlink GET", RPROC_LITE_RUNNING, .act = netlink_get, .undo = undo_netlink,
	  .also = -ENOBUFS },
	{ "netlink GET by name", RPROC_LITE_RUNNING, .act = netlink_get_by_name,
	  .undo = undo_netlink, .also = -ENOBUFS },
	{ "netlink dump", RPROC_LITE_RUNNING, .act = netlink_dump, .undo = undo_netlink,
	  .also = -ENOBUFS },
	{ "netlink, to hear of events", ANY_STATE, .act = act_listen, .undo = undo_listen },
	{ "pread", RPROC_LITE_CONFIGURED, .act = act_pread },
	{ "pwrite", RPROC_LITE_CONFIGURED, .act = act_pwrite },
	{ "mmap", RPROC_LITE_CONFIGURED, .act = act_mmap },
	{ "SET_POLICY", ANY_STATE, .act = act_policy, .undo = undo_policy },
	{ "CONFIG", RPROC_LITE_OFFLINE, .act = act_config, .to = TO(RPROC_LITE_CONFIGURED) },
	{ "CONFIG with settings", RPROC_LITE_OFFLINE, .act = act_settings,
	  .to = TO(RPROC_LITE_CONFIGURED) },
	{ "ADD_MEM", RPROC_LITE_CONFIGURED, .act = act_add_mem, .undo = undo_add_mem },
	{ "REMOVE_MEM", .before = with_window, .act = act_remove_mem },
	{ "LOAD by name", RPROC_LITE_CONFIGURED, .act = act_load, .to = TO(RPROC_LITE_READY) },
	{ "LOAD from Stopped", RPROC_LITE_STOPPED, .act = act_load, .to = TO(RPROC_LITE_READY),
	  .full = true },
	{ "LOAD of a file", RPROC_LITE_CONFIGURED, .act = act_load_fd,
	  .to = TO(RPROC_LITE_READY) },
	{ "LOAD with SHA-256", RPROC_LITE_CONFIGURED, .act = act_load_digest,
	  .to = TO(RPROC_LITE_READY), .full = true },
	{ "LOAD of a stream", .before = with_stream, .act = act_load_stream,
	  .to = TO(RPROC_LITE_READY) },
	{ "LOAD of a stream, kept", .before = with_stream, .act = act_load_kept,
	  .to = TO(RPROC_LITE_READY) },
	{ "LOAD of a raw file", .before = with_raw, .act = act_load_raw,
	  .to = TO(RPROC_LITE_READY) },
	{ "LOAD of a raw stream, kept", .before = with_raw_stream, .act = act_load_kept,
	  .to = TO(RPROC_LITE_READY), .full = true },
	{ "SET_RSC", RPROC_LITE_READY, "notable", .act = act_set_rsc },
	{ "SET_RSC, one with all", RPROC_LITE_READY, "echo", .act = act_set_whole_rsc,
	  .full = true },
	{ "SET_RSC from memory", RPROC_LITE_READY, "echo", .act = act_set_rsc_from_memory },
	{ "START", RPROC_LITE_READY, .act = act_start, .to = TO(RPROC_LITE_RUNNING),
	  .also = NO_NAME },
	{ "START again", RPROC_LITE_STOPPED, .act = act_start, .to = TO(RPROC_LITE_RUNNING),
	  .also = NO_NAME },
	{ "STOP", RPROC_LITE_RUNNING, .act = act_stop, .to = TO(RPROC_LITE_STOPPED) },
	{ "STOP from Crashed", RPROC_LITE_CRASHED, .act = act_stop,
	  .to = TO(RPROC_LITE_STOPPED) },
	{ "SUSPEND", RPROC_LITE_RUNNING, .act = act_suspend, .to = TO(RPROC_LITE_SUSPENDED) },
	{ "RESUME", RPROC_LITE_SUSPENDED, .act = act_resume, .to = TO(RPROC_LITE_RUNNING) },
	{ "STOP from Suspended", RPROC_LITE_SUSPENDED, .act = act_stop,
	  .to = TO(RPROC_LITE_STOPPED) },
	{ "CRASH", RPROC_LITE_RUNNING, .act = act_crash, .to = TO(RPROC_LITE_CRASHED) },
	{ "VIRTIO", RPROC_LITE_RUNNING, "rpmsg", "virtio=manual", .act = ask_virtio },
	{ "CREATE_VIRTIO", RPROC_LITE_RUNNING, "rpmsg", "virtio=manual", .act = act_create,
	  .undo = undo_create, .also = NO_NAME },
	{ "CREATE_VIRTIO, with a driver", RPROC_LITE_RUNNING, "serial", "virtio=manual",
	  .act = act_create, .undo = undo_create, .also = NO_NAME, .spare = CONSOLE_BUFFERS },
	{ "REMOVE_VIRTIO", .before = with_virtio, .act = act_remove },
	{ "REMOVE_VIRTIO, with a driver", .before = with_console, .act = act_remove },
	{ "CREATE_VIRTIO, device", RPROC_LITE_RUNNING, "driver", "virtio=manual",
	  .act = act_create_device, .undo = undo_create },
	{ "read(2) of a message", .before = with_device, .act = act_read_message },
	{ "write(2) of a message", .before = with_device, .act = act_write_message },
	{ "START with virtio", RPROC_LITE_READY, "rpmsg", "virtio=auto", .act = act_start,
	  .to = TO(RPROC_LITE_RUNNING), .also = NO_NAME },
	{ "START with a driver", RPROC_LITE_READY, "serial", "virtio=auto", .act = act_start,
	  .to = TO(RPROC_LITE_RUNNING), .also = NO_NAME, .spare = CONSOLE_BUFFERS,
	  .full = true },
	{ "SHUTDOWN", RPROC_LITE_RUNNING, .act = act_shutdown, .to = TO(RPROC_LITE_OFFLINE),
	  .halfway = RPROC_LITE_STOPPED },
	{ "SHUTDOWN from Crashed", RPROC_LITE_CRASHED, .act = act_shutdown,
	  .to = TO(RPROC_LITE_OFFLINE), .halfway = RPROC_LITE_STOPPED, .full = true },
	{ "SHUTDOWN from Ready", RPROC_LITE_READY, .act = act_shutdown,
	  .to = TO(RPROC_LITE_OFFLINE), .halfway = RPROC_LITE_STOPPED, .full = true },
	{ "unbind, Offline", RPROC_LITE_OFFLINE, .act = act_unbind, .to = TO(-ENODEV),
	  .undo = bound },
	{ "unbind, Running", RPROC_LITE_RUNNING, .act = act_unbind, .to = TO(-ENODEV),
	  .undo = bound },
	{ "bind", .before = unbound, .act = act_bind },
	{ "insmod", .before = without_modules, .act = act_insmod, .undo = undo_insmod,
	  .to = TO(-EBADF), .spare = TRACING, .full = true },
};

static const struct {
	const char *recovery;
	int to;
	const char *coredump;
	bool full;
} recoveries[] = {
	{ "recovery=restart", RPROC_LITE_RUNNING, "coredump=copy", .full = false },
	{ "recovery=restart", RPROC_LITE_RUNNING, "coredump=inline", .full = true },
	{ "recovery=stop", RPROC_LITE_STOPPED, "coredump=off", .full = true },
};

/* The full counts. */
static bool thorough;

/* Those that are asked for by name; or all, or all but what takes long. */
static bool wanted(const char *name, bool full, const char *asked)
{
	if (asked)
		return strstr(name, asked);
	if (!full || thorough)
		return true;
	ksft_test_result_skip("%s: only with the full counts\n", name);
	return false;
}

/* What all the calls are about. */
static int prepare(void)
{
	struct rproc_lite_region region = { 0 };
	struct rproc_lite_info info;
	unsigned int i = 0;
	char path[256];
	struct utsname u;
	int ret;

	if (reopen() < 0 || remote_offline(fd) || family_open(&family) || family_open(&events) ||
	    family_join(&events) || module_load("virtio_console") ||
	    remote_device(REMOTE, device, sizeof(device)) || segments_read(&echo, fd, "echo"))
		return -ENODEV;
	snprintf(firmware, sizeof(firmware), "%s", remote_firmware(fd, "echo"));
	image = remote_open_firmware(fd, "echo");
	raw = memfd_of(echo.file + PAGE, PAGE);
	while (!remote_region(fd, i, &region) && !(region.flags & RPROC_LITE_REGION_MAPPABLE))
		i++;
	memcpy(region_name, region.name, sizeof(region_name));
	window = region.da + region.size - PAGE;
	offset = remote_offset(fd, window, PAGE);
	snprintf(raw_settings, sizeof(raw_settings), "load-address=0x%llx",
		 (unsigned long long)region.da);
	ret = remote_reach(fd, RPROC_LITE_READY);
	if (!ret)
		ret = remote_info(fd, &info);
	if (ret)
		return ret;
	whole_table_size = info.table_size;
	table_da = info.table_da;
	if (whole_table_size > sizeof(whole_table) ||
	    pread(fd, whole_table, whole_table_size,
		  remote_offset(fd, table_da, whole_table_size)) != (ssize_t)whole_table_size)
		return -EIO;
	uname(&u);
	snprintf(path, sizeof(path), "/lib/modules/%s/updates/rproc_lite.ko", u.release);
	module_file = open(path, O_RDONLY | O_CLOEXEC);
	return module_file < 0 ? -errno : remote_offline(fd);
}

int main(int argc, char **argv)
{
	unsigned int i;
	int ret;

	remote_or_skip(REMOTE);
	ret = nth_open();
	if (ret == -ENOENT) {
		printf("TAP version 13\n1..0 # SKIP no fault injection here; vm -k debug has it\n");
		return KSFT_SKIP;
	}
	ksft_print_header();
	if (!ret)
		ret = prepare();
	if (ret)
		ksft_exit_fail_msg("can't begin: %s\n", strerror(-ret));
	mlockall(MCL_CURRENT | MCL_FUTURE);
	thorough = count_from_env(1) > 1;
	if (argc == 1)
		ksft_set_plan(ARRAY_SIZE(subjects) + ARRAY_SIZE(recoveries));
	for (i = 0; i < ARRAY_SIZE(subjects); i++)
		if (wanted(subjects[i].name, subjects[i].full, argv[1]))
			walk(&subjects[i]);
	nth_spare(NULL);
	if (fd < 0 && modules_again())
		ksft_exit_fail_msg("the modules don't come again\n");
	for (i = 0; i < ARRAY_SIZE(recoveries); i++)
		if (wanted(recoveries[i].recovery, recoveries[i].full, argv[1]))
			walk_recovery(recoveries[i].recovery, recoveries[i].to,
				      recoveries[i].coredump);
	ksft_print_msg("%lu calls, %lu faults\n", total_calls, total_met);
	ksft_finished();
}
