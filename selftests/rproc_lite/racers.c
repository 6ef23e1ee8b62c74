// SPDX-License-Identifier: GPL-2.0-only
/*
 * Those who use a remote at once: see racers.h.
 *
 * Firmware that can't be stopped is not for them: where it runs on a core of the same
 * cluster, the core would be lost to all who come after.
 *
 * checkpatch: SPACING: act_fn is a type.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include <linux/rproc_lite_rsc.h>

#include "family.h"
#include "racers.h"
#include "remote.h"
#include "user.h"
#include "virtio_io.h"

#define PAGE		4096
/* A window that nothing is placed in, to be written to by all. */
#define SPARE		"spare"

const char *const race_count_names[RACE_COUNTS] = {
	"calls", "done", "lives", "asked by netlink", "pages touched", "mappings lost",
	"bytes echoed", "dumps", "unbinds", "reloads", "hotplugs", "sleeps",
};

uint64_t *race_counts;

void race_did(enum race_count what, uint64_t more)
{
	__atomic_add_fetch(&race_counts[what], more, __ATOMIC_RELAXED);
}

unsigned int dice(unsigned int n)
{
	return (unsigned int)rand() % n;
}

void nap_ms(unsigned int most)
{
	usleep(dice(most * 1000 + 1));
}

int remote_soon(void)
{
	int fd;

	while ((fd = remote_open(REMOTE, O_RDWR)) < 0)
		nap_ms(5);
	return fd;
}

/* As somebody who may write it, and has no right besides. */
static int user_soon(void)
{
	int fd;

	for (;; nap_ms(5)) {
		if (become(0, 0))
			continue;
		/* It is a new one each time that the driver is bound. */
		chmod(RACE_NODE, 0666);
		fd = remote_open_as(REMOTE, USER, GROUP, O_RDWR);
		if (fd < 0)
			continue;
		if (!become(USER, GROUP) && !prctl(PR_SET_PDEATHSIG, SIGKILL))
			return fd;
		close(fd);
	}
}

static int (*opens)(void) = remote_soon;

/* --- what changes something --------------------------------------------------------- */

static const char *any_firmware(int fd)
{
	static const char *const names[] = {
		"echo", "echo", "serial", "serial", "serial", "driver", "driver", "chatty",
		"vdevs", "crash", "notable", "nosuspend",
	};

	return remote_firmware(fd, names[dice(sizeof(names) / sizeof(names[0]))]);
}

static int config(int fd)
{
	static const char *const settings[] = {
		"virtio=auto", "virtio=manual", "stop-timeout-ms=4000", "load-address=1",
		"nonsense=1",
	};
	const char *s = settings[dice(sizeof(settings) / sizeof(settings[0]))];

	return remote_config_with(fd, s, dice(3) ? 0 : (uint32_t)strlen(s) + 1);
}

static void on_alarm(int sig)
{
	(void)sig;
}

/* A pipe that has all of it, part of it, or nothing; a signal ends what waits for more. */
static int load_stream(int fd)
{
	static const struct itimerval soon = { .it_value = { .tv_usec = 20000 } }, never;
	static const struct sigaction heard = { .sa_handler = on_alarm };
	static char image[65536];
	int ends[2], ret, file;
	ssize_t len;

	file = open("/lib/firmware/rproc-lite/echo.elf", O_RDONLY | O_CLOEXEC);
	len = read(file, image, sizeof(image));
	close(file);
	if (len <= 0 || pipe2(ends, O_CLOEXEC))
		return -EIO;
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	len = write(ends[1], image, dice(2) ? (size_t)len : dice((unsigned int)len));
	if (dice(2)) {
		close(ends[1]);
		ends[1] = -1;
	}
	sigaction(SIGALRM, &heard, NULL);
	setitimer(ITIMER_REAL, &soon, NULL);
	ret = remote_load_flags(fd, ends[0], dice(2) ? RPROC_LITE_LOAD_KEEP : 0);
	setitimer(ITIMER_REAL, &never, NULL);
	close(ends[0]);
	close(ends[1]);
	return ret;
}

static int load(int fd)
{
	char path[256];
	int file, ret;

	if (!dice(8))
		return load_stream(fd);
	if (dice(2))
		return remote_load(fd, any_firmware(fd));
	snprintf(path, sizeof(path), "/lib/firmware/%s", any_firmware(fd));
	file = open(path, O_RDONLY | O_CLOEXEC);
	ret = remote_load_flags(fd, file, dice(2) ? RPROC_LITE_LOAD_SHA256 : 0);
	close(file);
	return ret;
}

static int lived(int ret)
{
	if (!ret)
		race_did(RACE_LIVES, 1);
	return ret;
}

static int start(int fd)
{
	return lived(remote_start(fd));
}

static int resume(int fd)
{
	return lived(remote_resume(fd));
}

/* Mostly in time; now and then it must give up. */
static uint32_t any_timeout(void)
{
	return dice(4) ? 0 : 1 + dice(20);
}

static int stop(int fd)
{
	return remote_stop(fd, any_timeout());
}

static int shutdown_(int fd)
{
	return remote_shutdown(fd, any_timeout());
}

static int suspend(int fd)
{
	return remote_suspend(fd, dice(2) ? 0 : 1 + dice(200));
}

static int set_rsc(int fd)
{
	static const struct rproc_lite_rsc_table none = { .ver = RPROC_LITE_RSC_VERSION };
	struct rproc_lite_info info;
	int ret = remote_info(fd, &info);

	if (!ret && !dice(3))
		return remote_set_rsc(fd, &none, sizeof(none), RPROC_LITE_NO_DA);
	return ret ? ret : remote_set_rsc(fd, NULL, info.table_size, info.table_da);
}

static int set_policy(int fd)
{
	static const char *const settings[] = {
		"recovery=none", "recovery=restart", "recovery=stop", "recovery-limit=3",
		"recovery-delay-ms=0", "recovery-delay-ms=30", "recovery-changed=allow",
		"heartbeat-ms=0", "heartbeat-ms=0", "heartbeat-ms=20", "heartbeat-misses=5",
		"coredump=off", "coredump=inline", "coredump=copy", "coredump-timeout-ms=50",
		"suspend=ask", "suspend=stop", "suspend=run", "suspend-timeout-ms=200",
		"suspend-refused=block", "suspend-refused=ignore", "delegate=load",
		"delegate=none", "heartbeat-ms=x",
	};
	const unsigned int n = sizeof(settings) / sizeof(settings[0]);

	return remote_set_policy(fd, settings[dice(n)], settings[dice(n)], NULL);
}

static int create_virtio(int fd)
{
	return virtio_create(fd, dice(2));
}

static int remove_virtio(int fd)
{
	return virtio_remove(fd, dice(2));
}

/* Somewhere in the last region, where there is room. */
static int add_mem(int fd)
{
	struct rproc_lite_region region;
	char name[16];
	int ret = remote_region(fd, 1, &region);

	if (ret)
		return ret;
	snprintf(name, sizeof(name), "window%u", dice(4));
	return remote_add_mem(fd, name, region.da + dice(16) * PAGE, PAGE);
}

static int remove_mem(int fd)
{
	char name[16];

	snprintf(name, sizeof(name), "window%u", dice(4));
	return remote_remove_mem(fd, name);
}

typedef int act_fn(int fd);

/*
 * Until it is killed; the remote may go and come again. Who asks all the time leaves no CPU
 * to those who are to be disturbed.
 */
static void act_on(int fd, act_fn *const *acts, unsigned int n, unsigned int pause_ms)
{
	for (;;) {
		int ret = acts[dice(n)](fd);

		nap_ms(pause_ms);
		race_did(RACE_CALLS, 1);
		if (!ret)
			race_did(RACE_DONE, 1);
		if (ret == -ENODEV || !dice(200)) {
			close(fd);
			fd = opens();
		}
	}
}

static act_fn *const changes[] = {
	config, load, start, stop, suspend, resume, remote_crash, shutdown_,
	/* Of these more, that it may live for a while in between. */
	set_rsc, set_policy, create_virtio, remove_virtio, add_mem, remove_mem,
	set_rsc, set_policy, create_virtio, remove_virtio, add_mem, remove_mem,
	set_rsc, set_policy, create_virtio, remove_virtio, add_mem, remove_mem,
};

#define NUM(acts)	(sizeof(acts) / sizeof((acts)[0]))

static void anything(void)
{
	act_on(remote_soon(), changes, NUM(changes), 20);
}

/* Two on one file; the other goes when this one is killed. */
static void anything_by_two(void)
{
	int fd = remote_soon();
	pid_t self = getpid();

	if (!fork()) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != self)
			_exit(0);
		srand((unsigned int)rand());
	}
	act_on(fd, changes, NUM(changes), 20);
}

/* What makes sense next. */
static int next(int fd)
{
	static act_fn *const likely[][4] = {
		[RPROC_LITE_OFFLINE] = { config, config, config, config },
		[RPROC_LITE_CONFIGURED] = { load, load, load, shutdown_ },
		[RPROC_LITE_READY] = { start, start, start, set_rsc },
		[RPROC_LITE_RUNNING] = { stop, suspend, remote_crash, shutdown_ },
		[RPROC_LITE_STOPPED] = { start, load, start, shutdown_ },
		[RPROC_LITE_SUSPENDED] = { resume, resume, stop, remote_crash },
		[RPROC_LITE_CRASHED] = { stop, shutdown_, stop, shutdown_ },
	};
	int state = remote_state(fd);

	if (state < 0)
		return state;
	if (state == RPROC_LITE_RUNNING)
		nap_ms(80);
	return likely[state][dice(4)](fd);
}

static act_fn *const forward[] = { next };

static void liver(void)
{
	act_on(remote_soon(), forward, NUM(forward), 0);
}

/* --- what only asks ----------------------------------------------------------------- */

static int ask_region(int fd)
{
	struct rproc_lite_region region;

	return remote_region(fd, dice(6), &region);
}

static int ask_placement(int fd)
{
	struct rproc_lite_placement placement;

	return remote_placement(fd, dice(12), &placement);
}

static int ask_rsc(int fd)
{
	char buf[512];
	struct rproc_lite_rsc rsc = {
		.index = dice(6), .data = (uintptr_t)buf, .data_len = dice(sizeof(buf)),
	};

	return remote_rsc(fd, &rsc);
}

static int ask_trace(int fd)
{
	char buf[4096];
	ssize_t n;

	if (dice(2))
		remote_poll(fd, 5);
	n = remote_trace(fd, dice(2), buf, sizeof(buf));
	return n < 0 ? (int)n : 0;
}

static int ask_find(int fd)
{
	struct rproc_lite_find find = {
		.by = RPROC_LITE_BY_NAME, .name = "window0", .len = dice(PAGE),
	};

	return remote_find(fd, &find);
}

static int ask_virtio(int fd)
{
	struct rproc_lite_virtio v;

	return virtio_query(fd, dice(3), &v);
}

static int ask_policy(int fd)
{
	struct rproc_lite_policy policy;

	return remote_policy(fd, &policy);
}

static int ask_state(int fd)
{
	int state = remote_state(fd);

	return state < 0 ? state : 0;
}

static act_fn *const questions[] = {
	ask_state, ask_region, ask_placement, ask_rsc, ask_trace, ask_find, ask_virtio, ask_policy,
};

static void asker(void)
{
	act_on(remote_soon(), questions, NUM(questions), 5);
}

static void ask_all(struct family *f)
{
	struct message m;

	if (family_send(f, RPROC_LITE_CMD_GET, NLM_F_DUMP, NULL, 0))
		return;
	do {
		if (family_recv(f, &m, 1000))
			return;
	} while (m.type != NLMSG_DONE && m.type != NLMSG_ERROR);
}

/* Some leave without having heard all events, and some without having said so. */
static void netlink_asker(void)
{
	static struct family f;
	struct message m;
	unsigned int n;

	for (;;) {
		if (family_open(&f)) {
			nap_ms(5);
			continue;
		}
		if (dice(2))
			family_join(&f);
		for (n = dice(30); n; n--) {
			if (dice(4))
				family_get(&f, REMOTE, &m);
			else
				ask_all(&f);
			race_did(RACE_ASKED, 1);
			nap_ms(5);
		}
		if (dice(2))
			family_leave(&f);
		family_close(&f);
	}
}

/* --- memory ------------------------------------------------------------------------- */

static sigjmp_buf lost;

static void on_bus(int sig)
{
	(void)sig;
	siglongjmp(lost, 1);
}

static void touch_pages(volatile char *at, size_t size)
{
	unsigned int n;
	char sum = 0;

	for (n = 0; n < 200; n++) {
		sum += at[dice((unsigned int)(size / PAGE)) * PAGE + dice(PAGE)];
		race_did(RACE_TOUCHED, 1);
	}
	(void)sum;
}

/* Of the region that may be mapped. */
static int map_and_touch(int fd)
{
	struct rproc_lite_region region;
	uint32_t i = 0;
	int ret;
	char *at;

	while (!(ret = remote_region(fd, i, &region)) &&
	       !(region.flags & RPROC_LITE_REGION_MAPPABLE))
		i++;
	if (ret)
		return ret;
	at = mmap(NULL, region.size, dice(2) ? PROT_READ : PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		  (off_t)i << RPROC_LITE_REGION_SHIFT);
	if (at == MAP_FAILED)
		return -errno;
	if (!sigsetjmp(lost, 1))
		touch_pages(at, region.size);
	else
		race_did(RACE_LOST, 1);
	munmap(at, region.size);
	return 0;
}

/* Where nothing can be placed: what runs must be able to run on. */
static off_t spare_page(int fd)
{
	struct rproc_lite_find find = { .by = RPROC_LITE_BY_NAME, .name = SPARE, .len = PAGE };
	struct rproc_lite_region region;
	int ret = remote_find(fd, &find);

	if (!ret)
		return (off_t)find.offset;
	ret = remote_region(fd, 0, &region);
	if (!ret)
		ret = remote_add_mem(fd, SPARE, region.da + region.size - PAGE, PAGE);
	return ret ? ret : -EAGAIN;
}

static int copy_pages(int fd)
{
	off_t at = spare_page(fd);
	char buf[PAGE] = "";
	ssize_t n;

	if (at < 0)
		return (int)at;
	n = dice(2) ? pwrite(fd, buf, sizeof(buf), at) : pread(fd, buf, sizeof(buf), at);
	if (n < 0)
		return -errno;
	race_did(RACE_TOUCHED, 1);
	return 0;
}

static act_fn *const touches[] = { map_and_touch, copy_pages };

static void toucher(void)
{
	signal(SIGBUS, on_bus);
	act_on(remote_soon(), touches, NUM(touches), 5);
}

/* --- rights --------------------------------------------------------------------------- */

static int delegate(int fd)
{
	return remote_set_policy(fd, dice(2) ? "delegate=load" : "delegate=none", NULL);
}

static act_fn *const delegations[] = { delegate };

static void delegator(void)
{
	act_on(remote_soon(), delegations, NUM(delegations), 300);
}

/* Whether it may do so, changes all the time. */
static act_fn *const uses[] = {
	config, load, load, start, stop, set_rsc, map_and_touch, map_and_touch, copy_pages,
	copy_pages,
};

static void user(void)
{
	signal(SIGBUS, on_bus);
	opens = user_soon;
	act_on(user_soon(), uses, NUM(uses), 100);
}

/* --- virtio ------------------------------------------------------------------------- */

/* There, and back if the other side is in the mood. Return: false when it is over. */
static bool exchange(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char buf[512];
	ssize_t n;

	memset(buf, 'x', sizeof(buf));
	n = write(fd, buf, 16 + dice(sizeof(buf) - 16));
	if (n < 0 && errno != EAGAIN)
		return false;
	if (poll(&p, 1, 20) < 0 || p.revents & (POLLHUP | POLLERR))
		return false;
	n = read(fd, buf, sizeof(buf));
	if (n > 0)
		race_did(RACE_BYTES, (uint64_t)n);
	return n > 0 || (n < 0 && errno == EAGAIN);
}

static void exchange_and_close(int fd)
{
	unsigned int n = 1 + dice(50);

	while (n-- && exchange(fd))
		;
	close(fd);
}

/* With upstream's virtio_console. Whose port it is does not matter: there is one remote. */
static void talker(void)
{
	glob_t found;
	int fd;

	for (;;) {
		fd = -1;
		if (!glob("/dev/vport*", 0, NULL, &found))
			fd = open(found.gl_pathv[0], O_RDWR | O_NONBLOCK | O_CLOEXEC);
		globfree(&found);
		if (fd < 0)
			nap_ms(5);
		else
			exchange_and_close(fd);
	}
}

/* Linux is the device. */
static int be_device(int fd)
{
	struct rproc_lite_create_virtio c = {
		.role = RPROC_LITE_VIRTIO_DEVICE, .timeout_ms = 50,
	};
	int ret = virtio_create_with(fd, &c);

	if (ret)
		return ret;
	fcntl(c.fd, F_SETFL, O_NONBLOCK);
	exchange_and_close(c.fd);
	return 0;
}

static act_fn *const devices[] = { be_device };

static void device(void)
{
	act_on(remote_soon(), devices, NUM(devices), 5);
}

/* --- dumps -------------------------------------------------------------------------- */

/* All of it, a part, or nothing; writing throws it away. */
static void dump_reader(void)
{
	static char buf[65536];
	unsigned int n;
	glob_t found;
	int fd;

	for (;; nap_ms(20)) {
		fd = -1;
		if (!glob("/sys/class/devcoredump/devcd*/data", 0, NULL, &found))
			fd = open(found.gl_pathv[0], O_RDWR | O_CLOEXEC);
		globfree(&found);
		if (fd < 0)
			continue;
		for (n = dice(100); n && read(fd, buf, sizeof(buf)) > 0; n--)
			;
		if (write(fd, "1", 1) == 1)
			race_did(RACE_DUMPS, 1);
		close(fd);
	}
}

const struct racer racers[] = {
	{ "liver", liver },
	{ "liver", liver },
	{ "anything", anything },
	{ "two", anything_by_two },
	{ "asker", asker },
	{ "netlink", netlink_asker },
	{ "toucher", toucher },
	{ "delegator", delegator },
	{ "user", user },
	{ "talker", talker },
	{ "device", device },
	{ "dumps", dump_reader },
	{ "unbinder", unbinder },
	{ "hotplugger", hotplugger },
	{ "sleeper", sleeper },
};

const unsigned int num_racers = NUM(racers);

int racers_begin(void)
{
	race_counts = mmap(NULL, RACE_COUNTS * sizeof(*race_counts), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (race_counts == MAP_FAILED)
		return -errno;
	return mend();
}
