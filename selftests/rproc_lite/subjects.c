// SPDX-License-Identifier: GPL-2.0-only
/* What faults.c calls: see subjects.h. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/rproc_lite_rsc.h>

#include "kselftest.h"
#include "family.h"
#include "guest.h"
#include "remote.h"
#include "segments.h"
#include "subjects.h"
#include "virtio_io.h"

#define PAGE		4096

int r0 = -1;

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

static int reopen(void)
{
	if (r0 >= 0)
		close(r0);
	r0 = remote_open(REMOTE, O_RDWR);
	return r0 < 0 ? r0 : 0;
}

/* From Offline to that state, with firmware and a setting of its own. */
static int reach_with(int state, const char *name, const char *setting)
{
	int ret;

	if (state == RPROC_LITE_RUNNING)
		return virtio_run(r0, name, setting);
	ret = remote_config_with(r0, setting, (uint32_t)strlen(setting) + 1);
	if (!ret && state > RPROC_LITE_CONFIGURED)
		ret = remote_load(r0, remote_firmware(r0, name));
	return ret;
}

int subject_reach(const struct subject *s, bool again)
{
	int state = remote_state(r0), ret;

	if (s->before)
		return s->before();
	if (state < 0) {
		ret = reopen();
		if (ret)
			return ret;
		state = remote_state(r0);
	}
	if (s->from < 0 || (state == s->from && (!s->firmware || again)))
		return 0;
	ret = remote_offline(r0);
	if (ret || s->from == RPROC_LITE_OFFLINE)
		return ret;
	if (s->setting)
		return reach_with(s->from, s->firmware, s->setting);
	if (s->from != RPROC_LITE_SUSPENDED)
		return remote_reach(r0, (uint32_t)s->from);
	ret = remote_reach(r0, RPROC_LITE_RUNNING);
	return ret ? ret : remote_suspend(r0, REMOTE_PATIENCE);
}

static int with_window(void)
{
	static const struct subject configured = { .from = RPROC_LITE_CONFIGURED };
	int ret = subject_reach(&configured, false);

	if (!ret)
		ret = remote_add_mem(r0, "extra", window, PAGE);
	return ret == -EEXIST ? 0 : ret;
}

/* Running, with another kind of firmware for which nobody has made a device. */
static int run_alone(const char *name)
{
	int ret = remote_offline(r0);

	return ret ? ret : virtio_run(r0, name, "virtio=manual");
}

static int with_virtio(void)
{
	int ret = run_alone("rpmsg");

	return ret ? ret : virtio_create(r0, 0);
}

static int with_console(void)
{
	int ret = run_alone("serial");

	return ret ? ret : virtio_create(r0, 0);
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
			ret = virtio_create_with(r0, &c);
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

/*
 * All of a file that is read once. In a pipe, as a whole: a process that wrote it would be there
 * while allocations are counted.
 */
static int with_stream_of(const void *bytes, size_t size)
{
	static const struct subject configured = { .from = RPROC_LITE_CONFIGURED };
	int ends[2], ret = subject_reach(&configured, false);

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
	if (remote_state(r0) == RPROC_LITE_CONFIGURED)
		return 0;
	ret = remote_offline(r0);
	return ret ? ret : remote_config_with(r0, raw_settings, (uint32_t)strlen(raw_settings) + 1);
}

static int with_raw_stream(void)
{
	int ret = with_raw();

	return ret ? ret : with_stream_of(echo.file + PAGE, PAGE);
}

static void drain(int socket)
{
	char buf[8192];

	while (recv(socket, buf, sizeof(buf), MSG_DONTWAIT) > 0)
		;
}

void subject_heard(void)
{
	drain(events.fd);
}

/* --- questions --------------------------------------------------------------- */

static int ask_info(void)
{
	struct rproc_lite_info info;

	return remote_info(r0, &info);
}

static int ask_policy(void)
{
	struct rproc_lite_policy policy;

	return remote_policy(r0, &policy);
}

static int ask_region(void)
{
	struct rproc_lite_region region;

	return remote_region(r0, 0, &region);
}

static int ask_placement(void)
{
	struct rproc_lite_placement placement;

	return remote_placement(r0, 0, &placement);
}

static int ask_rsc(void)
{
	char bytes[256];
	struct rproc_lite_rsc rsc = { .data = (uintptr_t)bytes, .data_len = sizeof(bytes) };

	return remote_rsc(r0, &rsc);
}

static int ask_find(void)
{
	struct rproc_lite_find find = { .by = RPROC_LITE_BY_DA, .addr = window };

	return remote_find(r0, &find);
}

static int ask_find_by_name(void)
{
	struct rproc_lite_find find = { .by = RPROC_LITE_BY_NAME };

	memcpy(find.name, region_name, sizeof(find.name));
	return remote_find(r0, &find);
}

static int ask_virtio(void)
{
	struct rproc_lite_virtio v;

	return virtio_query(r0, 0, &v);
}

static int ask_trace(void)
{
	char text[256];
	struct rproc_lite_trace trace = {
		.cursor = RPROC_LITE_TRACE_OLDEST,
		.data = (uintptr_t)text,
		.data_len = sizeof(text),
	};

	return ioctl(r0, RPROC_LITE_IOC_TRACE, &trace) ? -errno : 0;
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
 * A request with one attribute or none. An answer that could not be made is an error message,
 * or is not there at all, of which the socket may tell.
 */
static int ask_netlink(uint16_t flags, uint16_t type, const void *data, size_t size)
{
	char attrs[64] = "", buf[16384];
	const struct nlmsghdr *nl = (const void *)buf;
	size_t len = 0;
	ssize_t n;
	int ret;

	if (size)
		put_attr(attrs, &len, type, data, size);
	ret = family_send(&family, RPROC_LITE_CMD_GET, flags, attrs, len);
	if (ret)
		return ret;
	/* All of it at once, for a listener would wait for more. */
	n = recv(family.fd, buf, sizeof(buf), MSG_DONTWAIT);
	if (n < 0)
		return errno == EAGAIN || errno == ENOBUFS ? -ENOMEM : -errno;
	return nl->nlmsg_type == NLMSG_ERROR ? *(const int *)(nl + 1) : 0;
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
	return remote_config(r0);
}

static int act_settings(void)
{
	return remote_config_with(r0, settings, sizeof(settings));
}

static int act_load(void)
{
	return remote_load(r0, firmware);
}

static int act_load_fd(void)
{
	return remote_load_fd(r0, image);
}

static int act_load_digest(void)
{
	return remote_load_flags(r0, image, RPROC_LITE_LOAD_SHA256);
}

static int act_load_stream(void)
{
	return remote_load_fd(r0, stream);
}

static int act_load_kept(void)
{
	return remote_load_flags(r0, stream, RPROC_LITE_LOAD_KEEP);
}

static int act_load_raw(void)
{
	return remote_load_fd(r0, raw);
}

static int act_start(void)
{
	return remote_start(r0);
}

static int act_stop(void)
{
	return remote_stop(r0, REMOTE_PATIENCE);
}

static int act_shutdown(void)
{
	return remote_shutdown(r0, REMOTE_PATIENCE);
}

static int act_suspend(void)
{
	return remote_suspend(r0, REMOTE_PATIENCE);
}

static int act_resume(void)
{
	return remote_resume(r0);
}

static int act_crash(void)
{
	return remote_crash(r0);
}

static int act_policy(void)
{
	return remote_set_policy(r0, "recovery=none", "coredump=copy", NULL);
}

static int undo_policy(void)
{
	return remote_set_policy(r0, USUAL_POLICY, NULL);
}

static int act_add_mem(void)
{
	return remote_add_mem(r0, "extra", window, PAGE);
}

static int undo_add_mem(void)
{
	return remote_remove_mem(r0, "extra");
}

static int act_remove_mem(void)
{
	return remote_remove_mem(r0, "extra");
}

static int act_set_rsc(void)
{
	return remote_set_rsc(r0, &table, sizeof(table), RPROC_LITE_NO_DA);
}

static int act_set_whole_rsc(void)
{
	return remote_set_rsc(r0, whole_table, whole_table_size, table_da);
}

static int act_set_rsc_from_memory(void)
{
	return remote_set_rsc(r0, NULL, whole_table_size, table_da);
}

static int act_create(void)
{
	return virtio_create(r0, 0);
}

static int act_create_device(void)
{
	struct rproc_lite_create_virtio c = { .vdev = 0, .role = RPROC_LITE_VIRTIO_DEVICE };
	int ret = virtio_create_with(r0, &c);

	if (!ret)
		close(c.fd);
	return ret;
}

static int undo_create(void)
{
	int ret = virtio_remove(r0, 0);

	return ret == -ENOENT ? 0 : ret;
}

static int act_remove(void)
{
	return virtio_remove(r0, 0);
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
	volatile char *p = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, r0, offset);

	if (p == MAP_FAILED)
		return -errno;
	(void)p[0];
	munmap((void *)p, PAGE);
	return 0;
}

static int act_pread(void)
{
	char buf[64];

	return pread(r0, buf, sizeof(buf), offset) < 0 ? -errno : 0;
}

static int act_pwrite(void)
{
	static const char buf[64];

	return pwrite(r0, buf, sizeof(buf), offset) < 0 ? -errno : 0;
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

int subject_bound(void)
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

	if (r0 >= 0)
		close(r0);
	if (end >= 0)
		close(end);
	r0 = -1;
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

int subject_modules(void)
{
	uint64_t over = now_ms() + REMOTE_PATIENCE;
	int ret = module_load("rproc_lite_platform");

	while (!ret && reopen() == -ENOENT && now_ms() < over)
		usleep(1000);
	return r0 < 0 ? -ENODEV : ret;
}

/* register_virtio_device() goes on without a name, for which device_add() has EINVAL. */
#define NO_NAME		(-EINVAL)
/* virtio_console, which gets no buffer there, keeps its reference to the device for ever. */
#define CONSOLE_BUFFERS	"dma_alloc_attrs"
/* Tracing warns of itself when it gets no memory for a module's events, and not of us. */
#define TRACING		"trace_module_notify"

const struct subject subjects[] = {
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
	  .undo = subject_bound },
	{ "unbind, Running", RPROC_LITE_RUNNING, .act = act_unbind, .to = TO(-ENODEV),
	  .undo = subject_bound },
	{ "bind", .before = unbound, .act = act_bind },
	{ "insmod", .before = without_modules, .act = act_insmod, .undo = undo_insmod,
	  .to = TO(-EBADF), .spare = TRACING, .full = true },
};

const unsigned int subject_count = ARRAY_SIZE(subjects);

int subjects_begin(void)
{
	struct rproc_lite_region region = { 0 };
	struct rproc_lite_info info;
	unsigned int i = 0;
	int ret;

	if (reopen() < 0 || remote_offline(r0) || family_open(&family) || family_open(&events) ||
	    family_join(&events) || module_load("virtio_console") ||
	    remote_device(REMOTE, device, sizeof(device)) || segments_read(&echo, r0, "echo"))
		return -ENODEV;
	snprintf(firmware, sizeof(firmware), "%s", remote_firmware(r0, "echo"));
	image = remote_open_firmware(r0, "echo");
	raw = memfd_of(echo.file + PAGE, PAGE);
	while (!remote_region(r0, i, &region) && !(region.flags & RPROC_LITE_REGION_MAPPABLE))
		i++;
	memcpy(region_name, region.name, sizeof(region_name));
	window = region.da + region.size - PAGE;
	offset = remote_offset(r0, window, PAGE);
	snprintf(raw_settings, sizeof(raw_settings), "load-address=0x%llx",
		 (unsigned long long)region.da);
	ret = remote_reach(r0, RPROC_LITE_READY);
	if (!ret)
		ret = remote_info(r0, &info);
	if (ret)
		return ret;
	whole_table_size = info.table_size;
	table_da = info.table_da;
	if (whole_table_size > sizeof(whole_table) ||
	    pread(r0, whole_table, whole_table_size,
		  remote_offset(r0, table_da, whole_table_size)) != (ssize_t)whole_table_size)
		return -EIO;
	module_file = module_open("rproc_lite");
	return module_file < 0 ? module_file : remote_offline(r0);
}

