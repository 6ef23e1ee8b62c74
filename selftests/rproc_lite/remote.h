/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A remote, through its char device, as the tests want to speak to it. Calls
 * return 0 (or a result) or a negative errno; what an acting call was told is
 * in remote_said. Whoever waits does so for an event, up to REMOTE_PATIENCE ms.
 *
 * checkpatch: COMPLEX_MACRO, MACRO_WITH_FLOW_CONTROL: as the harness's own macros are,
 * which end in a for that a TH_LOG() may follow.
 */
#ifndef REMOTE_H
#define REMOTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/rproc_lite.h>

/* What kselftest_harness.h, which comes first, gives a test until it is taken for hung. */
#undef TEST_TIMEOUT_DEFAULT
#define TEST_TIMEOUT_DEFAULT	180

/* The remote that a test takes if it does not care. */
#define REMOTE			0
/* What must happen at once may take so long, under emulation, on a busy host. */
#define REMOTE_PROMPT		(3000 * remote_slowness())
/* What takes its time must have happened after so long. */
#define REMOTE_PATIENCE		(15000 * remote_slowness())
/* 1, or more on a kernel that looks at each access to memory. */
int remote_slowness(void);

/* The verdict of this process's last acting call; never that of an older one. */
extern struct rproc_lite_verdict remote_said;

/* Milliseconds since some time. */
uint64_t now_ms(void);

/* Ends the program, with the exit status that means so, if there is no remote @id. */
void remote_or_skip(unsigned int id);
int remote_open(unsigned int id, int flags);

/* The first one of that backend, for reading and writing; its number is @id. */
int remote_open_backend(const char *backend, unsigned int *id);

int remote_config(int fd);
int remote_start(int fd);
int remote_crash(int fd);
int remote_suspend(int fd, uint32_t timeout_ms);
int remote_resume(int fd);
int remote_stop(int fd, uint32_t timeout_ms);
int remote_shutdown(int fd, uint32_t timeout_ms);
/* By name, on the kernel's firmware path. */
int remote_load(int fd, const char *name);
/* From a file descriptor. */
int remote_load_fd(int fd, int image);
int remote_load_flags(int fd, int image, uint32_t flags);
/* With settings: "key=value" and a NUL, again and again. */
int remote_config_with(int fd, const void *data, uint32_t len);
/* The same for its policy; each setting is one argument, NULL ends them. */
int remote_set_policy(int fd, const char *setting, ...) __attribute__((sentinel));
/* As it is when nobody has set any. */
#define USUAL_POLICY								\
	"recovery=none", "recovery-limit=10", "recovery-delay-ms=0",		\
	"recovery-delay-max-ms=10000", "recovery-window-ms=60000",		\
	"recovery-changed=refuse", "heartbeat-ms=0", "heartbeat-misses=3",	\
	"coredump=off", "coredump-timeout-ms=10000", "suspend=ask",		\
	"suspend-timeout-ms=1000", "suspend-refused=ignore", "delegate=none"
int remote_policy(int fd, struct rproc_lite_policy *policy);
/* From @table, or from the remote's memory if it is NULL. */
int remote_set_rsc(int fd, const void *table, uint32_t size, uint64_t da);
int remote_add_mem(int fd, const char *name, uint64_t da, uint64_t size);
int remote_remove_mem(int fd, const char *name);
/* All windows that there are. */
int remote_remove_windows(int fd);

int remote_info(int fd, struct rproc_lite_info *info);
/* INFO's state, and the operation that runs. */
int remote_state(int fd);
int remote_op(int fd);
int remote_region(int fd, uint32_t index, struct rproc_lite_region *region);
int remote_placement(int fd, uint32_t index, struct rproc_lite_placement *placement);
int remote_rsc(int fd, struct rproc_lite_rsc *rsc);
int remote_find(int fd, struct rproc_lite_find *find);
/* The device file's offset of all these bytes. */
off_t remote_offset(int fd, uint64_t da, uint64_t len);
/* The first placement of a kind, and of a name if that is not NULL; or -ENOENT. */
int remote_placed(int fd, uint32_t kind, const char *name, struct rproc_lite_placement *found);
/* All that there is, NUL-terminated. Return: bytes, or a negative errno. */
ssize_t remote_trace(int fd, uint32_t index, char *buf, size_t size);
/* The trace, if it tells of something within a while; "" if not. */
const char *remote_trace_with(int fd, const char *text);
/* How often it does now. */
int remote_trace_count(int fd, const char *text);

/* What poll() reports for POLLPRI within so many ms. */
int remote_poll(int fd, int timeout_ms);
int remote_wait_state(int fd, uint32_t state);
int remote_wait_op(int fd, uint32_t op);
/* Until enum rproc_lite_recovery is that. */
int remote_wait_recovery(int fd, uint32_t what);
/* Until the firmware has said READY. */
int remote_wait_ready(int fd);

/**
 * struct remote_kind - what a kind of remote is like, and its firmware
 * @backend: INFO's word for it
 * @elf_class: 1 or 2
 * @elf_machine: what ELF calls it
 * @has_cpu: it is a CPU that Linux gives away meanwhile; INFO's detail names it
 * @has_reset: it can be stopped whatever its firmware does
 */
struct remote_kind {
	const char *backend;
	uint8_t elf_class;
	uint16_t elf_machine;
	bool has_cpu;
	bool has_reset;
};

const struct remote_kind *remote_kind(int fd);
/* As remote_or_skip(), if it has no CPU of Linux's. */
void remote_cpu_or_skip(unsigned int id);
/* Are its addresses (da) others than Linux's (pa)? */
bool remote_is_translated(int fd);
/* "rproc-lite/NAME.elf" as it is for this kind and memory; good until the next call. */
const char *remote_firmware(int fd, const char *name);
/* The same file, opened for reading. */
int remote_open_firmware(int fd, const char *name);

/* How many states it has been in; 0 if that can't be told. */
uint64_t remote_state_seq(int fd);
/* From any state to Offline. */
int remote_offline(int fd);
/* From Offline, on the way of well-behaved firmware: crash.elf for Crashed. */
int remote_reach(int fd, uint32_t state);
/* From Offline to Running and READY. */
int remote_run(int fd, const char *name);

const char *remote_state_name(uint32_t state);

/**
 * struct job - a call made by a process of its own
 * @pid: of it
 * @ret: what the call returned
 * @ms: how long it took
 * @said: remote_said of it
 */
struct job {
	pid_t pid;
	int pidfd;
	struct job_result {
		int ret;
		uint64_t ms;
		struct rproc_lite_verdict said;
	} *result;
};

/* What a job may do; @fd and @arg are job_begin()'s. */
typedef int job_fn(int fd, int arg);
int job_stop(int fd, int timeout_ms);
int job_shutdown(int fd, int timeout_ms);
int job_load(int fd, int image);

int job_begin(struct job *job, job_fn *fn, int fd, int arg);
/*
 * A load of what comes out of a pipe, that has begun and waits: @ends are the pipe's, to close.
 * Return: 0, or a negative errno.
 */
int job_begin_load(struct job *job, int fd, int ends[2]);
/* Wait for its end. Return: 0, or -ETIMEDOUT (it is killed then). */
int job_end(struct job *job, int timeout_ms);
/* Has it ended? */
bool job_over(const struct job *job);

/* @ret of a job that was killed before it could tell. */
#define JOB_KILLED	1

/* For kselftest_harness.h, instead of its own main. */
#define REMOTE_TEST_MAIN						\
int main(int argc, char **argv)						\
{									\
	remote_or_skip(REMOTE);						\
	return test_harness_run(argc, argv);				\
}

/* The same: it works; or it is refused so, in words. */
#define ASSERT_DONE(call)						\
	ASSERT_EQ(0, (call)) TH_LOG("told: %s", remote_said.text)
#define EXPECT_DONE(call)						\
	EXPECT_EQ(0, (call)) TH_LOG("told: %s", remote_said.text)
#define EXPECT_REFUSED(err, call) do {					\
	EXPECT_EQ(-(err), (call)) TH_LOG("told: %s", remote_said.text);	\
	EXPECT_EQ(-(err), remote_said.error);				\
	EXPECT_STRNE("", remote_said.text);				\
} while (0)
#define EXPECT_WORDS(words, text)					\
	EXPECT_NE(NULL, strstr((text), (words)))			\
		TH_LOG("'%s' should tell of '%s'", (text), (words))
#define EXPECT_STATE(state, fd)						\
	EXPECT_EQ((int)(state), remote_state(fd))
#define ASSERT_STATE(state, fd)						\
	ASSERT_EQ((int)(state), remote_state(fd))

#endif /* REMOTE_H */
