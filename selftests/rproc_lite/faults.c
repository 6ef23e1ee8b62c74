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
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/rproc_lite_rsc.h>

#include "kselftest.h"
#include "family.h"
#include "guest.h"
#include "nth.h"
#include "remote.h"
#include "virtio_io.h"

/* No call has so many. */
#define NTH_MAX		5000
#define WRONG_MAX	8
#define PAGE		4096

static int fd = -1;
static int image = -1;
static char firmware[64], device[64];
static struct family family;
static uint64_t window;
/* One without entries. */
static const struct rproc_lite_rsc_table table = { .ver = 1 };
static off_t offset;
static const char settings[] = "virtio=manual";

/**
 * struct subject - one call
 * @name: of it
 * @from: in which state it is made; ANY_STATE: with the remote as it is
 * @firmware: for that state; "echo" if NULL
 * @setting: of the configuration, or NULL
 * @before: if not NULL, makes ready for it instead of @from
 * @act: makes it: 0 or more, or a negative errno. Nothing but calls of ours
 * @undo: if not NULL, what has to be done after each success
 * @also: what else it may say: what the kernel's core makes of it
 * @halfway: a state that it may end in if it fails, or 0
 */
struct subject {
	const char *name;
	int from;
	const char *firmware;
	const char *setting;
	int (*before)(void);
	int (*act)(void);
	int (*undo)(void);
	int also;
	int halfway;
};

#define ANY_STATE	(-1)

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

static int with_virtio(void)
{
	static const struct subject running = {
		.from = RPROC_LITE_RUNNING, .firmware = "rpmsg", .setting = "virtio=manual",
	};
	int ret = reach(&running);

	return ret ? ret : virtio_create(fd, 0);
}

/* What a call may say when memory is short, or what it was given can't be read. */
static bool is_clean(const struct subject *s, int error)
{
	return error == -ENOMEM || error == -EFAULT || (error && error == s->also);
}

static bool once(const struct subject *s, unsigned int n, bool *met, bool *failed)
{
	int before, after, ret;

	*met = true;
	ret = reach(s);
	if (ret) {
		ksft_print_msg("%s, %u: can't begin: %s: %s\n", s->name, n, strerror(-ret),
			       remote_said.text);
		return false;
	}
	before = remote_state(fd);
	if (nth_arm(n))
		return false;
	ret = s->act();
	*met = nth_met();
	*failed = ret < 0;
	after = remote_state(fd);
	if (ret < 0 && (!*met || !is_clean(s, ret))) {
		ksft_print_msg("%s, %u: %s: %s\n", s->name, n, strerror(-ret), remote_said.text);
		return false;
	}
	/* What could not be told may be done. */
	if (ret < 0 && ret != -EFAULT && before != after &&
	    !(s->halfway && after == s->halfway)) {
		ksft_print_msg("%s, %u: %s then, %s now\n", s->name, n,
			       remote_state_name((uint32_t)before),
			       remote_state_name((uint32_t)after));
		return false;
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

	/* What goes wrong once need not hide what else does. */
	for (n = 1; n < NTH_MAX && met && wrong < WRONG_MAX; n++) {
		failed = false;
		wrong += !once(s, n, &met, &failed);
		refused += failed;
		total_calls++;
		total_met += met;
	}
	ksft_print_msg("%s: %u faults, %u times refused\n", s->name, n - 2, refused);
	ksft_test_result(!wrong && !met, "%s\n", s->name);
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
	struct rproc_lite_rsc rsc = { 0 };

	return remote_rsc(fd, &rsc);
}

static int ask_find(void)
{
	struct rproc_lite_find find = { .by = RPROC_LITE_BY_DA, .addr = window };

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

static int drain(void)
{
	char buf[8192];

	while (recv(family.fd, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
	return 0;
}

/*
 * The bytes of a request with an ID and no more, so that nothing but the kernel is asked.
 * An answer that could not be made is an error message, or is not there at all.
 */
static int ask_netlink(uint16_t flags)
{
	struct {
		struct nlmsghdr nl;
		struct { uint8_t cmd, version; uint16_t reserved; } genl;
		struct { uint16_t len, type; uint32_t id; } attr;
	} request = {
		.nl = { .nlmsg_type = family.id, .nlmsg_flags = NLM_F_REQUEST | flags },
		.genl = { .cmd = RPROC_LITE_CMD_GET, .version = 1 },
		.attr = { .len = 8, .type = RPROC_LITE_A_ID },
	};
	char buf[16384];
	struct nlmsghdr *nl = (struct nlmsghdr *)buf;
	ssize_t n;

	request.nl.nlmsg_len = sizeof(request) - (flags ? sizeof(request.attr) : 0);
	if (send(family.fd, &request, request.nl.nlmsg_len, 0) < 0)
		return -errno;
	n = recv(family.fd, buf, sizeof(buf), MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == ENOBUFS ? -ENOMEM : -errno;
	return nl->nlmsg_type == NLMSG_ERROR ? *(int *)(nl + 1) : 0;
}

static int netlink_get(void)
{
	return ask_netlink(0);
}

static int netlink_dump(void)
{
	return ask_netlink(NLM_F_DUMP);
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

static int act_load_kept(void)
{
	return remote_load_flags(fd, image, RPROC_LITE_LOAD_KEEP | RPROC_LITE_LOAD_SHA256);
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

/* --- what others do for us -------------------------------------------------------- */

/*
 * From Running, by a crash, to Running again: what fails once is tried again. Whose n-th
 * it was is not known, so all kworkers have theirs.
 */
static bool recover(unsigned int n, unsigned int *met)
{
	int ret = 0;

	if (remote_state(fd) != RPROC_LITE_RUNNING) {
		ret = remote_offline(fd);
		if (!ret)
			ret = remote_run(fd, "rpmsg");
	}
	if (!ret)
		ret = nth_arm_others(n);
	if (!ret)
		ret = remote_crash(fd);
	if (!ret)
		ret = remote_wait_recovery(fd, RPROC_LITE_RECOVERY_DONE);
	*met = nth_met_others();
	if (!ret && remote_state(fd) != RPROC_LITE_RUNNING)
		ret = -EBADFD;
	if (ret)
		ksft_print_msg("recovery, %u: %s: %s\n", n, strerror(-ret), remote_said.text);
	return !ret;
}

static void walk_recovery(void)
{
	unsigned int n, met = 1, idle = 0, faults = 0;
	bool ok = !bound() && !remote_set_policy(fd, "recovery=restart", "recovery-limit=0",
						   "recovery-delay-ms=0",
						   "recovery-delay-max-ms=0",
						   "coredump=copy", NULL);

	/* Which worker it is may differ: none was met thrice, so none is left. */
	for (n = 1; n < NTH_MAX && idle < 3 && ok; n++) {
		ok = recover(n, &met);
		faults += met;
		idle = met ? 0 : idle + 1;
		total_calls++;
	}
	total_met += faults;
	ksft_print_msg("recovery: %u faults\n", faults);
	ksft_test_result(ok && idle == 3, "recovery, with faults in kworkers\n");
	remote_offline(fd);
	remote_set_policy(fd, USUAL_POLICY, NULL);
}

/* register_virtio_device() goes on without a name, for which device_add() has EINVAL. */
#define NO_NAME		(-EINVAL)

static const struct subject subjects[] = {
	{ "open", ANY_STATE, .act = open_and_close },
	{ "INFO", RPROC_LITE_RUNNING, .act = ask_info },
	{ "POLICY", ANY_STATE, .act = ask_policy },
	{ "REGION", ANY_STATE, .act = ask_region },
	{ "PLACEMENT", RPROC_LITE_RUNNING, .act = ask_placement },
	{ "RSC", RPROC_LITE_RUNNING, .act = ask_rsc },
	{ "FIND", RPROC_LITE_RUNNING, .act = ask_find },
	{ "TRACE", RPROC_LITE_RUNNING, .act = ask_trace },
	{ "netlink GET", RPROC_LITE_RUNNING, .act = netlink_get, .undo = drain,
	  .also = -ENOBUFS },
	{ "netlink dump", RPROC_LITE_RUNNING, .act = netlink_dump, .undo = drain,
	  .also = -ENOBUFS },
	{ "netlink, to hear of events", ANY_STATE, .act = act_listen, .undo = undo_listen },
	{ "pread", RPROC_LITE_CONFIGURED, .act = act_pread },
	{ "pwrite", RPROC_LITE_CONFIGURED, .act = act_pwrite },
	{ "mmap", RPROC_LITE_CONFIGURED, .act = act_mmap },
	{ "SET_POLICY", ANY_STATE, .act = act_policy },
	{ "CONFIG", RPROC_LITE_OFFLINE, .act = act_config },
	{ "CONFIG with settings", RPROC_LITE_OFFLINE, .act = act_settings },
	{ "ADD_MEM", RPROC_LITE_CONFIGURED, .act = act_add_mem, .undo = undo_add_mem },
	{ "REMOVE_MEM", .before = with_window, .act = act_remove_mem },
	{ "LOAD by name", RPROC_LITE_CONFIGURED, .act = act_load },
	{ "LOAD of a file", RPROC_LITE_CONFIGURED, .act = act_load_fd },
	{ "LOAD kept", RPROC_LITE_CONFIGURED, .act = act_load_kept },
	{ "SET_RSC", RPROC_LITE_READY, "notable", .act = act_set_rsc },
	{ "START", RPROC_LITE_READY, .act = act_start,
	  .also = NO_NAME },
	{ "START again", RPROC_LITE_STOPPED, .act = act_start,
	  .also = NO_NAME },
	{ "STOP", RPROC_LITE_RUNNING, .act = act_stop },
	{ "SUSPEND", RPROC_LITE_RUNNING, .act = act_suspend },
	{ "RESUME", RPROC_LITE_SUSPENDED, .act = act_resume },
	{ "CRASH", RPROC_LITE_RUNNING, .act = act_crash },
	{ "VIRTIO", RPROC_LITE_RUNNING, "rpmsg", "virtio=manual", .act = ask_virtio },
	{ "CREATE_VIRTIO", RPROC_LITE_RUNNING, "rpmsg", "virtio=manual", .act = act_create,
	  .undo = undo_create, .also = NO_NAME },
	{ "REMOVE_VIRTIO", .before = with_virtio, .act = act_remove },
	{ "CREATE_VIRTIO, device", RPROC_LITE_RUNNING, "driver", "virtio=manual",
	  .act = act_create_device, .undo = undo_create },
	{ "START with virtio", RPROC_LITE_READY, "rpmsg", "virtio=auto", .act = act_start,
	  .also = NO_NAME },
	{ "SHUTDOWN", RPROC_LITE_RUNNING, .act = act_shutdown,
	  .halfway = RPROC_LITE_STOPPED },
	{ "unbind, Offline", RPROC_LITE_OFFLINE, .act = act_unbind, .undo = bound },
	{ "unbind, Running", RPROC_LITE_RUNNING, .act = act_unbind, .undo = bound },
	{ "bind", .before = unbound, .act = act_bind },
};

int main(int argc, char **argv)
{
	struct rproc_lite_region region = { 0 };
	unsigned int i = 0;
	int ret;

	remote_or_skip(REMOTE);
	ret = nth_open();
	if (ret == -ENOENT) {
		printf("TAP version 13\n1..0 # SKIP no fault injection here; vm -k debug has it\n");
		return KSFT_SKIP;
	}
	ksft_print_header();
	if (ret || reopen() || remote_offline(fd) || family_open(&family) ||
	    remote_device(REMOTE, device, sizeof(device)))
		ksft_exit_fail_msg("can't begin: %s\n", strerror(-ret));
	snprintf(firmware, sizeof(firmware), "%s", remote_firmware(fd, "echo"));
	image = remote_open_firmware(fd, "echo");
	while (!remote_region(fd, i, &region) && !(region.flags & RPROC_LITE_REGION_MAPPABLE))
		i++;
	window = region.da + region.size - PAGE;
	offset = remote_offset(fd, window, PAGE);
	mlockall(MCL_CURRENT | MCL_FUTURE);
	if (argc == 1)
		ksft_set_plan(ARRAY_SIZE(subjects) + 1);
	for (i = 0; i < ARRAY_SIZE(subjects); i++)
		if (argc == 1 || strstr(subjects[i].name, argv[1]))
			walk(&subjects[i]);
	if (argc == 1 || strstr("recovery", argv[1]))
		walk_recovery();
	ksft_print_msg("%lu calls, %lu faults\n", total_calls, total_met);
	ksft_finished();
}
