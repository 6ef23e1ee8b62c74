// SPDX-License-Identifier: GPL-2.0-only
/*
 * rprocctl, on a real remote: what each verb does and prints, that its JSON is JSON, its
 * exit codes, and that errors name the thing and the reason.
 *
 * checkpatch: LONG_LINE_STRING: what is printed is on one line here, too.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/stat.h>

#include "kselftest_harness.h"
#include "command.h"
#include "dump.h"
#include "guest.h"
#include "isjson.h"
#include "remote.h"

/* The tool's exit codes. */
enum { DONE, FAILED, USAGE, NO_DEVICE, TIMED_OUT };

#define WORDS_MAX	16
#define TABLE		"/tmp/tool-table"
#define CORE		"/tmp/tool-core"

FIXTURE(tool)
{
	int fd;
	struct rproc_lite_region shared;
	struct command_result r;
};

FIXTURE_SETUP(tool)
{
	self->fd = remote_open(REMOTE, O_RDWR);
	ASSERT_LE(0, self->fd);
	ASSERT_DONE(remote_offline(self->fd));
	ASSERT_DONE(remote_remove_windows(self->fd));
	ASSERT_EQ(0, remote_region(self->fd, 1, &self->shared));
	ASSERT_STREQ("shared", self->shared.name);
}

FIXTURE_TEARDOWN(tool)
{
	EXPECT_DONE(remote_offline(self->fd));
	EXPECT_DONE(remote_remove_windows(self->fd));
	close(self->fd);
	unlink(TABLE);
}

/* "rprocctl" and these words, with @in on its standard input. Its exit code. */
static int __printf(4, 5) feed(FIXTURE_DATA(tool) *self, const void *in, size_t len,
			       const char *fmt, ...)
{
	const char *argv[WORDS_MAX + 1] = { "rprocctl" };
	unsigned int n = 1;
	char line[512];
	char *word, *at;
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	word = strtok_r(line, " ", &at);
	for (; word && n < WORDS_MAX; word = strtok_r(NULL, " ", &at))
		argv[n++] = word;
	command(argv, in, len, &self->r);
	return self->r.status;
}

#define rprocctl(...)	feed(self, NULL, 0, __VA_ARGS__)

#define EXPECT_EXIT(code, call)							\
	EXPECT_EQ(code, (call)) TH_LOG("it says: %s%s", self->r.out, self->r.err)
#define ASSERT_EXIT(code, call)							\
	ASSERT_EQ(code, (call)) TH_LOG("it says: %s%s", self->r.out, self->r.err)
#define EXPECT_OUT(words)	EXPECT_WORDS(words, self->r.out)
#define EXPECT_ERR(words)	EXPECT_WORDS(words, self->r.err)
#define EXPECT_JSON()								\
	EXPECT_TRUE(is_json(self->r.out)) TH_LOG("is no JSON: %s", self->r.out)

TEST(json_itself)
{
	static const char *const good[] = {
		"{}\n", "{\"a\":1}\n", "{\"a\":[1,-2,{}],\"b\":null,\"c\":\"\\u0041\\\"\"}\n",
	};
	static const char *const bad[] = {
		"", "{}", "[]\n", "{\"a\":1,}\n", "{\"a\":01}\n", "{\"a\" 1}\n", "{\"a\":\"\n\"}\n",
		"{\"a\":[1,]}\n", "{a:1}\n", "{} {}\n", "{\"a\":nul}\n", "{\"a\":}\n", "{\"a\":[1}\n",
	};
	unsigned int i;

	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		EXPECT_TRUE(is_json(good[i])) TH_LOG("%s", good[i]);
	}
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		EXPECT_FALSE(is_json(bad[i])) TH_LOG("%s", bad[i]);
	}
}

TEST_F(tool, mem_list)
{
	char wanted[160];

	EXPECT_EXIT(DONE, rprocctl("mem list r0"));
	EXPECT_OUT("code");
	snprintf(wanted, sizeof(wanted), "0x%08llx", (unsigned long long)self->shared.da);
	EXPECT_OUT(wanted);
	EXPECT_OUT("RAM, mappable");
	EXPECT_EXIT(DONE, rprocctl("mem list r0 --json"));
	EXPECT_JSON();
	snprintf(wanted, sizeof(wanted),
		 "{\"name\":\"shared\",\"da\":%llu,\"pa\":%llu,\"size\":%llu,\"io\":false,\"mappable\":true,\"window\":false}",
		 (unsigned long long)self->shared.da, (unsigned long long)self->shared.pa,
		 (unsigned long long)self->shared.size);
	EXPECT_OUT(wanted);
}

TEST_F(tool, mem_find)
{
	unsigned long long da = self->shared.da, pa = self->shared.pa, size = self->shared.size;
	char wanted[256];

	EXPECT_EXIT(DONE, rprocctl("mem find r0 shared"));
	EXPECT_OUT("region:  shared");
	EXPECT_OUT("offset:  0x1000000000");
	snprintf(wanted, sizeof(wanted),
		 "{\"name\":\"r0\",\"region\":\"shared\",\"index\":1,\"da\":%llu,\"pa\":%llu,\"left\":%llu,\"offset\":%llu,",
		 da + 16, pa + 16, size - 16, (1ULL << 36) + 16);
	EXPECT_EXIT(DONE, rprocctl("mem find r0 shared --offset 16 --len 4K --json"));
	EXPECT_JSON();
	EXPECT_OUT(wanted);
	EXPECT_EXIT(DONE, rprocctl("mem find r0 --name shared --offset 0x10 --json"));
	EXPECT_OUT(wanted);
	EXPECT_EXIT(DONE, rprocctl("mem find r0 --da 0x%llx --json", da + 16));
	EXPECT_OUT(wanted);
	EXPECT_EXIT(DONE, rprocctl("mem find r0 --pa %llu --json", pa + 16));
	EXPECT_OUT(wanted);

	EXPECT_EXIT(FAILED, rprocctl("mem find r0 none"));
	EXPECT_STREQ("rprocctl: mem find r0: no region is called none\n", self->r.err);
	EXPECT_EXIT(FAILED, rprocctl("mem find r0 none --len 1"));
	EXPECT_ERR("no region is called none");
	EXPECT_EXIT(FAILED, rprocctl("mem find r0 shared --len 2M"));
	EXPECT_ERR("mem find r0: region shared has not that many bytes");
	EXPECT_EXIT(FAILED, rprocctl("mem find r0 --pa 0x1001"));
	EXPECT_ERR("mem find r0: no region has the address 0x1001");
	EXPECT_EXIT(FAILED, rprocctl("mem find r0 --da %llu --len 2", da + size - 1));
	EXPECT_ERR("all 2 bytes");
	EXPECT_EXIT(USAGE, rprocctl("mem find r0"));
	EXPECT_EXIT(USAGE, rprocctl("mem find r0 shared --da 1"));
	EXPECT_EXIT(USAGE, rprocctl("mem find r0 --da 1 --pa 1"));
	EXPECT_EXIT(USAGE, rprocctl("mem find r0 --da 1x"));
	EXPECT_ERR("1x");
}

TEST_F(tool, mem_add_and_remove)
{
	unsigned long long da = self->shared.da;
	char wanted[64];

	EXPECT_EXIT(DONE, rprocctl("mem add r0 window 0x%llx 4K", da));
	snprintf(wanted, sizeof(wanted), "window is 0x%llx..0x%llx", da, da + 4096);
	EXPECT_OUT(wanted);
	EXPECT_EXIT(DONE, rprocctl("mem list r0"));
	EXPECT_OUT("window");
	EXPECT_EXIT(DONE, rprocctl("mem find r0 window --len 4096"));
	EXPECT_EXIT(FAILED, rprocctl("mem add r0 window %llu 4K", da + 0x10000));
	EXPECT_ERR("mem add r0: region window");
	EXPECT_ERR("there is one of that name");
	EXPECT_EXIT(FAILED, rprocctl("mem add r0 other 0x%llx 16", da));
	EXPECT_ERR("overlaps with window");
	EXPECT_EXIT(FAILED, rprocctl("mem add r0 other 1 4K --json"));
	EXPECT_JSON();
	EXPECT_OUT("{\"error\":{\"verb\":\"mem add\",\"remote\":\"r0\",\"errno\":\"ENOENT\"");
	EXPECT_EXIT(USAGE, rprocctl("mem add r0 other 1"));
	EXPECT_EXIT(USAGE, rprocctl("mem add r0 other 1 much"));
	EXPECT_EXIT(DONE, rprocctl("mem remove r0 window --json"));
	EXPECT_JSON();
	EXPECT_EXIT(FAILED, rprocctl("mem remove r0 window"));
	EXPECT_ERR("mem remove r0: there is no region window");
	EXPECT_EXIT(FAILED, rprocctl("mem remove r0 shared"));
	EXPECT_ERR("was declared");
}

TEST_F(tool, mem_read_and_write)
{
	static const char bytes[] = "\x01\x00\xff text\n", zeros[4096];
	unsigned long long da = self->shared.da;
	const size_t len = sizeof(bytes);
	char *large, got[64];

	EXPECT_EXIT(FAILED, rprocctl("mem read r0 shared 1"));
	EXPECT_ERR("mem read r0: its memory can be reached from config until shutdown");
	EXPECT_ERR("Offline");
	EXPECT_EXIT(FAILED, feed(self, bytes, len, "mem write r0 shared -"));
	EXPECT_ERR("Offline");

	/* From a pipe; by name, and by da. */
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_EXIT(DONE, feed(self, zeros, sizeof(zeros), "mem write r0 shared -"));
	EXPECT_EXIT(DONE, feed(self, bytes, len, "mem write r0 shared+0x10 - --json"));
	EXPECT_JSON();
	EXPECT_OUT("\"region\":\"shared\"");
	EXPECT_EXIT(DONE, rprocctl("mem read r0 0x%llx %zu", da + 0x10, len));
	EXPECT_EQ(len, self->r.out_len);
	EXPECT_EQ(0, memcmp(bytes, self->r.out, len));
	EXPECT_EXIT(DONE, rprocctl("mem read r0 shared+16 16 -o %s", TABLE));
	EXPECT_EQ(0, self->r.out_len);
	EXPECT_EQ(16, read_text(TABLE, got, sizeof(got)));
	EXPECT_EQ(0, memcmp(bytes, got, len));
	/* What is beside it stayed, and the file is what it is. */
	EXPECT_EXIT(DONE, rprocctl("mem read r0 shared 16"));
	EXPECT_EQ(0, memcmp(zeros, self->r.out, 16));
	EXPECT_EXIT(DONE, rprocctl("mem write r0 0x%llx %s", da + 0x100, TABLE));
	EXPECT_EXIT(DONE, rprocctl("mem read r0 shared+0x100 16"));
	EXPECT_EQ(0, memcmp(got, self->r.out, 16));
	EXPECT_EQ(0, pread(self->fd, got, 16, (off_t)(1ULL << 36) + 0x100) - 16);
	EXPECT_EQ(0, memcmp(got, self->r.out, 16));

	EXPECT_EXIT(FAILED, rprocctl("mem read r0 shared 2M"));
	EXPECT_ERR("region shared has not that many bytes");
	EXPECT_EXIT(FAILED, rprocctl("mem read r0 nowhere 1"));
	EXPECT_ERR("no region is called nowhere");
	EXPECT_EXIT(FAILED, rprocctl("mem write r0 shared /none"));
	EXPECT_ERR("mem write r0: /none: No such file");
	EXPECT_EXIT(USAGE, rprocctl("mem read r0 shared"));
	EXPECT_EXIT(USAGE, rprocctl("mem read r0 shared 0x"));
	EXPECT_ERR("LEN \"0x\"");

	/* More than there is room for: of a stream as much as fits. */
	large = malloc(self->shared.size + 1);
	ASSERT_NE(NULL, large);
	memset(large, 'L', self->shared.size + 1);
	EXPECT_EXIT(FAILED, feed(self, large, self->shared.size + 1, "mem write r0 shared -"));
	EXPECT_ERR("were written");
	EXPECT_EXIT(DONE, rprocctl("mem read r0 shared+0x%llx 1",
				   (unsigned long long)self->shared.size - 1));
	EXPECT_STREQ("L", self->r.out);
	free(large);
}

TEST_F(tool, rsc_show_and_set)
{
	unsigned long long da = self->shared.da;
	char table[512];
	ssize_t len;

	EXPECT_EXIT(FAILED, rprocctl("rsc show r0"));
	EXPECT_ERR("rsc show r0: no image is loaded");
	ASSERT_DONE(remote_config(self->fd));
	ASSERT_DONE(remote_load(self->fd, remote_firmware(self->fd, "echo")));
	EXPECT_EXIT(DONE, rprocctl("rsc show r0"));
	EXPECT_OUT("\"shared\"");
	EXPECT_OUT("\"log\"");
	EXPECT_OUT("3 entries");
	EXPECT_EXIT(DONE, rprocctl("rsc show r0 --json"));
	EXPECT_JSON();
	EXPECT_OUT("\"type\":\"trace\"");

	/* Its bytes: version 1, 3 entries. */
	EXPECT_EXIT(DONE, rprocctl("rsc show r0 --raw"));
	EXPECT_EQ(0, memcmp("\1\0\0\0\3\0\0\0", self->r.out, 8));
	EXPECT_EXIT(DONE, rprocctl("rsc show r0 --raw --output %s", TABLE));
	len = read_text(TABLE, table, sizeof(table));
	ASSERT_LT(8, len);

	EXPECT_EXIT(DONE, rprocctl("rsc set r0 %s", TABLE));
	EXPECT_OUT("not in the remote's memory");
	EXPECT_EXIT(DONE, feed(self, table, (size_t)len, "rsc set r0 - --da 0x%llx --json", da));
	EXPECT_JSON();
	EXPECT_OUT("\"verb\":\"rsc set\"");
	EXPECT_OUT("\"entries\":3");
	EXPECT_EXIT(DONE, rprocctl("rsc set r0 --da 0x%llx --len %zd", da, len));
	EXPECT_EXIT(DONE, rprocctl("mem read r0 shared 8"));
	EXPECT_EQ(0, memcmp("\1\0\0\0\3\0\0\0", self->r.out, 8));

	EXPECT_EXIT(FAILED, feed(self, "x", 1, "rsc set r0 -"));
	EXPECT_ERR("rsc set r0: resource table, byte 0");
	EXPECT_EXIT(FAILED, rprocctl("rsc set r0 /none"));
	EXPECT_ERR("/none: No such file");
	EXPECT_EXIT(USAGE, rprocctl("rsc set r0"));
	EXPECT_EXIT(USAGE, rprocctl("rsc set r0 --len 4"));
	ASSERT_DONE(remote_start(self->fd));
	EXPECT_EXIT(FAILED, rprocctl("rsc set r0 %s", TABLE));
	EXPECT_ERR("this remote is Running");
}

TEST_F(tool, load_from_a_pipe)
{
	char *image = malloc(1 << 20);
	size_t len;
	int file;

	ASSERT_NE(NULL, image);
	file = remote_open_firmware(self->fd, "echo");
	ASSERT_LE(0, file);
	len = (size_t)read(file, image, 1 << 20);
	close(file);
	ASSERT_DONE(remote_config(self->fd));
	EXPECT_EXIT(FAILED, feed(self, "", 0, "load r0 -"));
	EXPECT_ERR("load r0: image ends at byte 0");
	EXPECT_EXIT(DONE, feed(self, image, len, "load r0 -"));
	EXPECT_OUT(remote_kind(self->fd)->elf_class == 2 ?
		   "r0: loaded standard input: ELF64 AArch64" :
		   "r0: loaded standard input: ELF32 ARM");
	EXPECT_EXIT(DONE, rprocctl("start r0"));
	EXPECT_EQ(0, remote_wait_ready(self->fd));
	EXPECT_EXIT(DONE, rprocctl("stop r0"));
	EXPECT_EXIT(FAILED, rprocctl("start r0"));
	EXPECT_ERR("start r0: the image came as a stream");

	EXPECT_EXIT(DONE, feed(self, image, len, "load r0 - --keep --sha256 --json"));
	EXPECT_JSON();
	EXPECT_OUT("\"sha256\":\"");
	EXPECT_EXIT(DONE, rprocctl("start r0"));
	EXPECT_EXIT(DONE, rprocctl("stop r0"));
	EXPECT_EXIT(DONE, rprocctl("start r0"));
	EXPECT_EQ(0, remote_wait_ready(self->fd));
	free(image);
}

/* Every verb of a life, in words and in JSON. */
TEST_F(tool, whole_life)
{
	char name[128];

	snprintf(name, sizeof(name), "%s", remote_firmware(self->fd, "echo"));
	EXPECT_EXIT(DONE, rprocctl("config r0"));
	EXPECT_STREQ("r0: Configured\n", self->r.out);
	EXPECT_EXIT(DONE, rprocctl("load r0 %s", name));
	EXPECT_OUT("3 table entries");
	EXPECT_EXIT(DONE, rprocctl("start r0"));
	EXPECT_STREQ("r0: Running\n", self->r.out);
	EXPECT_EXIT(DONE, rprocctl("wait r0 Running,Crashed --timeout 5s"));
	ASSERT_EQ(0, remote_wait_ready(self->fd));
	EXPECT_EXIT(DONE, rprocctl("trace r0"));
	EXPECT_OUT("echo: hello");
	EXPECT_EXIT(DONE, rprocctl("show r0"));
	EXPECT_OUT("said READY:   yes");
	EXPECT_EXIT(DONE, rprocctl("stop r0"));
	EXPECT_STREQ("r0: Stopped\n", self->r.out);
	EXPECT_EXIT(DONE, rprocctl("shutdown r0"));
	EXPECT_STREQ("r0: Offline\n", self->r.out);
	EXPECT_STREQ("", self->r.err);

	EXPECT_EXIT(DONE, rprocctl("config r0 --stop-timeout-ms=1234 --json"));
	EXPECT_JSON();
	EXPECT_OUT("\"state\":\"Configured\"");
	EXPECT_EXIT(DONE, rprocctl("load r0 --name %s --json", name));
	EXPECT_JSON();
	EXPECT_OUT("\"entries\":3");
	EXPECT_EXIT(DONE, rprocctl("start r0 --json"));
	EXPECT_JSON();
	EXPECT_EXIT(DONE, rprocctl("wait r0 running --json"));
	EXPECT_JSON();
	EXPECT_OUT("\"waited_ms\"");
	EXPECT_EXIT(DONE, rprocctl("show r0 --json"));
	EXPECT_JSON();
	EXPECT_OUT("\"state\":\"Running\"");
	EXPECT_EXIT(DONE, rprocctl("list --json"));
	EXPECT_JSON();
	EXPECT_EXIT(DONE, rprocctl("stop r0 --json"));
	EXPECT_JSON();
	EXPECT_EXIT(DONE, rprocctl("stop r0 --json"));
	EXPECT_OUT("\"changed\":false");
	EXPECT_EXIT(DONE, rprocctl("shutdown r0 --json"));
	EXPECT_JSON();
	EXPECT_EXIT(DONE, rprocctl("inspect /lib/firmware/%s --json", name));
	EXPECT_JSON();
	EXPECT_OUT("\"ok\":true");
	EXPECT_EXIT(FAILED, rprocctl("inspect /etc/passwd --json"));
	EXPECT_JSON();
	EXPECT_OUT("\"ok\":false");
}

TEST_F(tool, policy_and_crash)
{
	struct rproc_lite_info before;
	char words[64];

	ASSERT_EQ(0, remote_info(self->fd, &before));
	EXPECT_EXIT(DONE, rprocctl("policy r0"));
	EXPECT_OUT("recovery                none\n");
	EXPECT_OUT("recovery-limit          10\n");
	EXPECT_EXIT(DONE, rprocctl("policy r0 recovery=restart recovery-limit=2 --json"));
	EXPECT_JSON();
	EXPECT_OUT("\"recovery\":\"restart\",\"recovery_limit\":2,");
	EXPECT_EXIT(FAILED, rprocctl("policy r0 recovery=stop recovery-limit=many"));
	EXPECT_ERR("policy r0: setting recovery-limit: wants 0 to 1000000");
	EXPECT_EXIT(FAILED, rprocctl("policy r0 colour=red"));
	EXPECT_ERR("setting colour: not known here");

	EXPECT_EXIT(FAILED, rprocctl("crash r0"));
	EXPECT_ERR("needs the state Running or Suspended");
	ASSERT_DONE(remote_run(self->fd, "echo"));
	EXPECT_EXIT(DONE, rprocctl("crash r0"));
	ASSERT_EQ(0, remote_wait_recovery(self->fd, RPROC_LITE_RECOVERY_DONE));
	EXPECT_EXIT(DONE, rprocctl("show r0"));
	EXPECT_OUT("the last: somebody asked for it");
	snprintf(words, sizeof(words), "recovery:     done, 1 in a row, %llu went well",
		 (unsigned long long)before.recovered + 1);
	EXPECT_OUT(words);
	EXPECT_EXIT(DONE, rprocctl("show r0 --json"));
	EXPECT_JSON();
	EXPECT_OUT("\"last_crash\":\"user\",\"recovery\":\"done\",\"recovery_attempts\":1");
	EXPECT_EXIT(DONE, rprocctl("policy r0 recovery=none recovery-limit=10"));
}

/* The file is there once all of it is, and the kernel's dump goes then. */
TEST_F(tool, coredump)
{
	struct stat st;
	int dump;

	unlink(CORE);
	dump_drop(REMOTE);
	EXPECT_EXIT(USAGE, rprocctl("coredump r0 --json"));
	EXPECT_ERR("Say -o FILE");
	EXPECT_EXIT(FAILED, rprocctl("coredump r0 -o " CORE));
	EXPECT_ERR("no dump of it is pending, and its policy is coredump=off");
	EXPECT_EXIT(TIMED_OUT, rprocctl("coredump r0 --wait --timeout 20ms -o " CORE));
	EXPECT_ERR("no dump after 20 ms");
	EXPECT_NE(0, stat(CORE, &st));

	EXPECT_EXIT(DONE, rprocctl("policy r0 coredump=copy"));
	ASSERT_DONE(remote_run(self->fd, "crash"));
	EXPECT_EXIT(FAILED, rprocctl("coredump r0 --wait -o /nowhere/core"));
	EXPECT_ERR("/nowhere/core: No such file or directory");
	EXPECT_EXIT(DONE, rprocctl("coredump r0 -o " CORE " --json"));
	EXPECT_JSON();
	EXPECT_OUT("\"registers\":true");
	EXPECT_OUT("\"text\":\"the firmware reported a crash\"");
	EXPECT_EQ(0, stat(CORE, &st));
	EXPECT_LT(0x100000, st.st_size);
	EXPECT_EQ(0600, st.st_mode & 0777);
	EXPECT_EXIT(FAILED, rprocctl("coredump r0 -o " CORE));
	EXPECT_ERR("no dump of it is pending\n");

	/* Nobody reads it in time. */
	ASSERT_DONE(remote_offline(self->fd));
	EXPECT_EXIT(DONE, rprocctl("policy r0 coredump=inline coredump-timeout-ms=1"));
	ASSERT_DONE(remote_run(self->fd, "crash"));
	dump = dump_open(REMOTE);
	ASSERT_LE(0, dump);
	close(dump);
	ASSERT_EQ(0, remote_wait_op(self->fd, RPROC_LITE_OP_NONE));
	EXPECT_EXIT(FAILED, rprocctl("coredump r0 -o " CORE));
	EXPECT_ERR("its dump ended before it was read");
	EXPECT_EXIT(FAILED, rprocctl("coredump r0 -o " CORE));
	EXPECT_ERR("no dump of it is pending\n");
	EXPECT_EXIT(DONE, rprocctl("policy r0 coredump=off coredump-timeout-ms=10000"));
	unlink(CORE);
}

TEST_F(tool, exit_codes)
{
	EXPECT_EXIT(DONE, rprocctl("list"));
	EXPECT_EXIT(FAILED, rprocctl("start r0"));
	EXPECT_EXIT(USAGE, rprocctl("nonsense"));
	EXPECT_ERR("nonsense");
	EXPECT_EXIT(USAGE, rprocctl("mem"));
	EXPECT_ERR("list, find, add, remove, read, write");
	EXPECT_EXIT(USAGE, rprocctl("mem nonsense"));
	EXPECT_EXIT(USAGE, rprocctl("stop"));
	EXPECT_EXIT(USAGE, rprocctl("stop r0 r0"));
	EXPECT_EXIT(USAGE, rprocctl("list --nonsense"));
	EXPECT_EXIT(USAGE, rprocctl("list --raw"));
	EXPECT_EXIT(USAGE, rprocctl("stop r0 --timeout soon"));
	EXPECT_EXIT(USAGE, rprocctl("wait r0 Nowhere"));
	EXPECT_ERR("Nowhere");
	EXPECT_EXIT(NO_DEVICE, rprocctl("show r250"));
	EXPECT_ERR("show r250: no such remote; there are: r0");
	EXPECT_EXIT(NO_DEVICE, rprocctl("stop /dev/rproc_lite250"));
	EXPECT_ERR("/dev/rproc_lite250");
	EXPECT_EXIT(TIMED_OUT, rprocctl("wait r0 Running --timeout 0"));
	EXPECT_ERR("wait r0: still Offline");
	EXPECT_EXIT(TIMED_OUT, rprocctl("wait r0 Running --timeout 20ms --json"));
	EXPECT_JSON();

	/* Firmware that stops when it is told twice. */
	ASSERT_DONE(remote_run(self->fd, "stubborn"));
	if (!remote_kind(self->fd)->has_reset) {
		EXPECT_EXIT(TIMED_OUT, rprocctl("stop r0 --timeout 100ms"));
		EXPECT_ERR("stop r0: the firmware did not switch cpu");
	}
	EXPECT_EXIT(DONE, rprocctl("stop r0 --timeout 15s"));
}

/* Who failed, at what, and why, in the kernel's words; for programs too. */
TEST_F(tool, errors)
{
	EXPECT_EXIT(FAILED, rprocctl("start r0"));
	EXPECT_STREQ("", self->r.out);
	EXPECT_STREQ("rprocctl: start r0: start needs the state Ready or Stopped, and this remote is Offline\n",
		     self->r.err);
	EXPECT_EXIT(FAILED, rprocctl("start 0 --json"));
	EXPECT_JSON();
	EXPECT_OUT("{\"error\":{\"verb\":\"start\",\"remote\":\"0\",\"errno\":\"EBADFD\",\"where\":\"state\",\"index\":null,\"offset\":null,\"text\":\"start needs");
	EXPECT_EXIT(FAILED, rprocctl("config r0 --taste=sour"));
	EXPECT_ERR("config r0: setting taste: not known here");
	ASSERT_DONE(remote_config(self->fd));
	EXPECT_EXIT(FAILED, rprocctl("load r0 /etc/passwd"));
	EXPECT_ERR("load r0: ELF header, byte 0: no ELF magic");
	EXPECT_EXIT(FAILED, rprocctl("load r0 no/such.elf --json"));
	EXPECT_JSON();
	EXPECT_OUT("\"errno\":\"ENOENT\"");
	EXPECT_ERR("no/such.elf");
}

/* What help lists can be asked about. */
TEST_F(tool, help)
{
	static const char *const verbs[] = {
		"list", "show", "config", "load", "start", "stop", "shutdown", "mem list",
		"mem find", "mem add", "mem remove", "mem read", "mem write", "rsc show",
		"rsc set", "trace",
		"wait", "monitor", "inspect", "run", "help", "version",
	};
	unsigned int i;

	EXPECT_EXIT(DONE, rprocctl("help"));
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		EXPECT_OUT(verbs[i]);
	}
	for (i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		EXPECT_EXIT(DONE, rprocctl("help %s", verbs[i]));
		EXPECT_OUT("usage: rprocctl ");
		EXPECT_OUT(verbs[i]);
	}
	EXPECT_EXIT(DONE, rprocctl("version"));
	EXPECT_OUT("rprocctl ");
	EXPECT_EXIT(USAGE, rprocctl("help nonsense"));
}

REMOTE_TEST_MAIN
