// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of commands.
 *
 * checkpatch: LONG_LINE_STRING: help is written as it is shown, 80 columns wide.
 */
#include "commands.h"

#define SETTINGS_HELP							\
	"  --KEY=VALUE     a setting, until the remote is Offline again. All remotes know\n" \
	"                  stop-timeout-ms, load-address (for an image that is no ELF) and\n" \
	"                  boot-address (instead of the image's entry point), and virtio:\n" \
	"                  auto (a device of each vdev at the start) or manual (by \"virtio\n" \
	"                  create\"); a kind of remote may know more\n"

#define TIMEOUT_HELP							\
	"  --timeout TIME  wait at most so long for the firmware: 5s, 500ms, 2m, or\n" \
	"                  milliseconds, up to an hour; else the remote's own limit\n"

#define IMAGE_HELP							\
	"FILE is a file here, or - for standard input. A name that is no file here\n" \
	"(and does not begin with / ./ or ../) is looked up by the kernel on its\n" \
	"firmware path: rproc-lite/echo.elf is /lib/firmware/rproc-lite/echo.elf.\n" \
	"  -n, --name      look it up there even if there is such a file here\n" \
	"  --sha256        compute its SHA-256 too, for show; takes longer than the load\n" \
	"  --keep          copy what comes through a pipe, so that it can be restarted\n"

#define MEM_ADDR_HELP							\
	"ADDR is a da, as in C, or a region's name, maybe with +OFFSET: shared+0x100.\n" \
	"LEN and OFFSET may end in K, M or G. No verb maps memory: a mapping would end\n" \
	"with this tool. Programs mmap the device at the offset that \"mem find\" gives.\n"

#define OUTPUT_HELP							\
	"  -o, --output FILE  to a file\n"

const struct command commands[] = {
	{
		.name = "list", .args = "",
		.summary = "all remotes, a line each",
		.help = "What is shown when no command is given, too. The columns are the name, the\n"
			"state (and the operation under way), the kind of backend, the hardware that\n"
			"it drives, and the image.\n",
		.run = cmd_list, .has_json = true,
	}, {
		.name = "show", .args = "REMOTE",
		.summary = "all about one: state, image, resource table, memory map",
		.help = "The memory map has a row for each thing in a region and each free space.\n"
			"Bars lie where the thing lies; widths go with the square root of the size,\n"
			"so that a small table beside much free space can be seen.\n"
			"  --ascii         draw with ASCII characters only\n",
		.run = cmd_show, .options = OPT_ASCII, .min_args = 1, .max_args = 1,
		.needs_remote = true, .has_json = true,
	}, {
		.name = "config", .args = "REMOTE",
		.summary = "take the hardware: Offline to Configured",
		.help = SETTINGS_HELP,
		.run = cmd_config, .options = OPT_SETTINGS, .min_args = 1, .max_args = 1,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "load", .args = "REMOTE FILE|-",
		.summary = "load an image: Configured or Stopped to Ready",
		.help = IMAGE_HELP,
		.run = cmd_load, .options = OPT_NAME | OPT_SHA256 | OPT_KEEP,
		.min_args = 2, .max_args = 2,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "start", .args = "REMOTE",
		.summary = "run the image: Ready or Stopped to Running",
		.help = "",
		.run = cmd_start, .min_args = 1, .max_args = 1,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "stop", .args = "REMOTE",
		.summary = "ask the firmware to stop: to Stopped",
		.help = TIMEOUT_HELP,
		.run = cmd_stop, .options = OPT_TIMEOUT, .min_args = 1, .max_args = 1,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "shutdown", .args = "REMOTE",
		.summary = "stop it, and give the hardware back: to Offline",
		.help = TIMEOUT_HELP,
		.run = cmd_shutdown, .options = OPT_TIMEOUT, .min_args = 1, .max_args = 1,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "suspend", .args = "REMOTE",
		.summary = "ask the firmware to suspend: Running to Suspended",
		.help = "  --timeout TIME  wait at most so long for it: 5s, 500ms, 2m, or milliseconds, up\n"
			"                  to an hour; else what its policy says\n",
		.run = cmd_suspend, .options = OPT_TIMEOUT, .min_args = 1, .max_args = 1,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "resume", .args = "REMOTE",
		.summary = "let the firmware go on: Suspended to Running",
		.help = "",
		.run = cmd_resume, .min_args = 1, .max_args = 1,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "crash", .args = "REMOTE",
		.summary = "take it for crashed, and do what its policy says",
		.help = "For tests: the firmware is not told.\n",
		.run = cmd_crash, .min_args = 1, .max_args = 1,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "policy", .args = "REMOTE [KEY=VALUE...]",
		.summary = "what it does of itself: after crashes, before the system sleeps",
		.help = "Shows it, or sets what is named, in any state; the rest stays. Milliseconds:\n"
			"  recovery=none|restart|stop   after a crash\n"
			"  recovery-limit=N             restarts in a row; 0 is no limit\n"
			"  recovery-delay-ms=N          before the first; each that follows waits twice\n"
			"  recovery-delay-max-ms=N      as long as the last, but no longer than this\n"
			"  recovery-window-ms=N         who ran so long begins to count anew\n"
			"  recovery-changed=refuse|allow  an image whose file has changed\n"
			"  heartbeat-ms=N               how often to ask the firmware for an echo; 0: never\n"
			"  heartbeat-misses=N           answers in a row that it may owe\n"
			"  coredump=off|inline|copy     what to keep of a crash; inline: recovery waits\n"
			"  coredump-timeout-ms=N        for its reader, at most so long\n"
			"  suspend=ask|stop|run         before the system sleeps\n"
			"  suspend-timeout-ms=N         for the firmware, to suspend\n"
			"  suspend-refused=ignore|block the system's sleep, if it does not\n"
			"  delegate=none|load           who may write the device loads any image, and\n"
			"                               writes its memory; only root sets this\n",
		.run = cmd_policy, .min_args = 1, .max_args = 32,
		.needs_remote = true, .has_json = true,
	}, {
		.name = "coredump", .args = "REMOTE",
		.summary = "take the core dump that its last crash left",
		.help = "An ELF core, which gdb-multiarch opens beside the firmware's ELF file. Once\n"
			"written it is gone from the kernel, which keeps one of each device. What\n"
			"crashes leave is up to its policy: coredump=inline or copy.\n"
			"  -o, --output FILE  to a file, which is there when all of it is; - is\n"
			"                  standard output\n"
			"  --wait          if none is pending, wait for the next crash\n"
			"  --timeout TIME  but no longer than this: 5s, 500ms, 2m, or milliseconds\n",
		.run = cmd_coredump, .options = OPT_OUTPUT | OPT_WAIT | OPT_TIMEOUT,
		.min_args = 1, .max_args = 1,
		.needs_remote = true, .has_json = true,
	}, {
		.name = "mem list", .args = "REMOTE",
		.summary = "its memory: regions, and windows of them",
		.help = "",
		.run = cmd_mem_list, .min_args = 1, .max_args = 1,
		.needs_remote = true, .has_json = true,
	}, {
		.name = "mem find", .args = "REMOTE [NAME]",
		.summary = "what memory is that, and where?",
		.help = "By one of these. By va makes no sense here: that is a pointer into a mapping of\n"
			"the program that asks.\n"
			"  [--name] NAME   a region or a window, maybe with\n"
			"  --offset BYTES    so far into it\n"
			"  --da ADDR       an address as the remote sees it\n"
			"  --pa ADDR       an address as Linux sees it\n"
			"  --len BYTES     so many must be there; 4096, 0x1000, 4K or 1M\n"
			"\"offset\" in the answer is for pread, pwrite and mmap of the device.\n",
		.run = cmd_mem_find, .min_args = 1, .max_args = 2,
		.options = OPT_NAME | OPT_OFFSET | OPT_DA | OPT_PA | OPT_LEN,
		.needs_remote = true, .has_json = true,
	}, {
		.name = "mem add", .args = "REMOTE NAME DA SIZE",
		.summary = "give part of a region a name of its own: a window",
		.help = "What a resource table asks for by that name is placed there, and nothing else.\n"
			"DA is as in C, SIZE may end in K, M or G.\n",
		.run = cmd_mem_add, .min_args = 4, .max_args = 4,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "mem remove", .args = "REMOTE NAME",
		.summary = "take a window away",
		.help = "",
		.run = cmd_mem_remove, .min_args = 2, .max_args = 2,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "mem read", .args = "REMOTE ADDR LEN",
		.summary = "read its memory, from Configured on",
		.help = MEM_ADDR_HELP
			"To a terminal, this is a hexadecimal dump; else bytes come as they are.\n"
			OUTPUT_HELP,
		.run = cmd_mem_read, .options = OPT_OUTPUT, .min_args = 3, .max_args = 3,
		.needs_remote = true,
	}, {
		.name = "mem write", .args = "REMOTE ADDR FILE|-",
		.summary = "write to its memory, from Configured on",
		.help = MEM_ADDR_HELP
			"A file that does not fit in the region is refused; of a stream, what fits is\n"
			"written.\n",
		.run = cmd_mem_write, .min_args = 3, .max_args = 3,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "rsc show", .args = "REMOTE",
		.summary = "the resource table in use, decoded",
		.help = "  --raw           its bytes, as the remote's memory has them now (if it is there\n"
			"                  at all); to a terminal, a hexadecimal dump\n"
			OUTPUT_HELP,
		.run = cmd_rsc_show, .options = OPT_RAW | OPT_OUTPUT, .min_args = 1, .max_args = 1,
		.needs_remote = true, .has_json = true,
	}, {
		.name = "rsc set", .args = "REMOTE [FILE|-]",
		.summary = "give what is loaded another one, in Ready",
		.help = "It is checked like one that came with the image.\n"
			"  --da ADDR       the remote reads it there: it is written to that address, with\n"
			"                  what was chosen filled in. Without FILE it is there already\n"
			"  --len BYTES     how long that one is\n",
		.run = cmd_rsc_set, .options = OPT_DA | OPT_LEN, .min_args = 1, .max_args = 2,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "virtio list", .args = "REMOTE",
		.summary = "its vdevs, and the virtio devices made of them",
		.help = "\"virtio REMOTE\" is the same. LINUX is what Linux is to the vdev, driver or\n"
			"device; SENT went to the remote, RECEIVED came from it, BAD is what it sent\n"
			"against the rules. DEVICE is on Linux's virtio bus, with its driver.\n",
		.run = cmd_virtio_list, .min_args = 1, .max_args = 1, .is_default = true,
		.needs_remote = true, .has_json = true,
	}, {
		.name = "virtio create", .args = "REMOTE N",
		.summary = "make a virtio device of its vdev N, in Running",
		.help = "What is there already stays, unless it broke or wants to be reset.\n"
			"  --role driver   Linux is the driver, as with config's virtio=auto\n"
			"  --role device   the remote is the driver: the device stays until Ctrl-C, or\n"
			"                  until it is removed or the remote stops; see console\n"
			"  --timeout TIME  with --role device, how long to wait for the remote's driver:\n"
			"                  5s, 500ms, 2m, or milliseconds; else five seconds\n",
		.run = cmd_virtio_create, .options = OPT_ROLE | OPT_TIMEOUT,
		.min_args = 2, .max_args = 2,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "virtio remove", .args = "REMOTE N",
		.summary = "remove the virtio device of its vdev N",
		.help = "",
		.run = cmd_virtio_remove, .min_args = 2, .max_args = 2,
		.needs_remote = true, .acts = true, .has_json = true,
	}, {
		.name = "console", .args = "REMOTE [N]",
		.summary = "a terminal on it: by serial port, as a device, or by rpmsg",
		.help = "Through vdev N, or the first that will do: an rproc-serial one, whose port's\n"
			"file is waited for, or one that Linux is the device of.\n"
			"  --rpmsg NAME    through the first rpmsg channel of that name which nobody has\n"
			"                  open; rpmsg_char makes files of those called rpmsg-raw\n"
			"  --role ROLE     make the vdev's device if there is none; Linux is its driver,\n"
			"                  or device. That one goes when the console does\n"
			"  --timeout TIME  wait so long for the port, and for what --expect wants: 5s,\n"
			"                  500ms, 2m, or milliseconds; 10s if not said. Exits with 4\n"
			"  --expect TEXT   end once this has come\n"
			"  --idle-timeout TIME  when standard input has ended, end once nothing has come\n"
			"                  for so long; 1s if not said, 0 is never\n"
			"At a terminal all keys go to the remote, but Ctrl-], which leaves.\n",
		.run = cmd_console, .min_args = 1, .max_args = 2,
		.options = OPT_ROLE | OPT_RPMSG | OPT_EXPECT | OPT_IDLE | OPT_TIMEOUT,
		.needs_remote = true, .acts = true,
	}, {
		.name = "trace", .args = "REMOTE",
		.summary = "print what the firmware wrote to its trace buffer",
		.help = "To a terminal, control characters are shown as escapes; else bytes come as\n"
			"they are.\n"
			"  -f, --follow    go on, over restarts too, until Ctrl-C\n"
			"  -i, --index N   which trace buffer, from 0\n",
		.run = cmd_trace, .options = OPT_FOLLOW | OPT_INDEX, .min_args = 1, .max_args = 1,
		.needs_remote = true,
	}, {
		.name = "wait", .args = "REMOTE STATE[,STATE...]",
		.summary = "wait until it is in one of these states",
		.help = "States: Offline, Configured, Ready, Running, Stopped, Suspended, Crashed.\n"
			"A state that it is in only for a moment counts.\n"
			"  --timeout TIME  exit with 4 after so long: 5s, 500ms, 2m, or milliseconds;\n"
			"                  0 only looks\n",
		.run = cmd_wait, .options = OPT_TIMEOUT, .min_args = 2, .max_args = 2,
		.needs_remote = true, .has_json = true,
	}, {
		.name = "monitor", .args = "[REMOTE...]",
		.summary = "tell what happens to these remotes, or to all",
		.help = "A line for each event: the time since boot, the remote, what happened. It begins\n"
			"with the state that each is in now. If events come faster than they are read,\n"
			"a line says \"overrun\", and the states of then follow.\n"
			"  --events LIST   only these: now, added, removed, state, crash, recovery,\n"
			"                  virtio, trace, policy; else all but trace, which tells that\n"
			"                  there may be more to read in a trace buffer, up to ten times\n"
			"                  a second\n"
			"  -n, --count N   end after N events; \"now\" does not count\n"
			"  --timeout TIME  end after so long, with 4 if that is before N events: 5s,\n"
			"                  500ms, 2m, or milliseconds\n",
		.run = cmd_monitor, .options = OPT_EVENTS | OPT_COUNT | OPT_TIMEOUT, .max_args = 64,
		.has_json = true,
	}, {
		.name = "inspect", .args = "FILE|-",
		.summary = "the kernel's verdict on an image, without any hardware",
		.help = "Exits with 0 if the kernel would take it, 1 if not. Whether it fits a\n"
			"remote's memory only loading can tell.\n"
			"  --machine NAME  refuse an image for any other: AArch64, ARM, RISC-V, or\n"
			"                  ELF's number of it\n",
		.run = cmd_inspect, .options = OPT_MACHINE, .min_args = 1, .max_args = 1,
		.has_json = true,
	}, {
		.name = "run", .args = "REMOTE FILE|-",
		.summary = "config, load, start, follow the trace; Ctrl-C shuts down",
		.help = "Begins with a remote that is Offline and leaves it so. The trace goes to\n"
			"standard output, all else to standard error. If the remote crashes, or\n"
			"someone else stops it, it is shut down and the exit code is 1. A second\n"
			"Ctrl-C ends the tool at once and leaves the remote as it is.\n"
			"  --console       a console in place of the trace; when it ends, so does the\n"
			"                  remote's run. See console\n"
			IMAGE_HELP TIMEOUT_HELP SETTINGS_HELP,
		.run = cmd_run, .min_args = 2, .max_args = 2,
		.options = OPT_NAME | OPT_SHA256 | OPT_KEEP | OPT_TIMEOUT | OPT_SETTINGS |
			   OPT_CONSOLE,
		.needs_remote = true, .acts = true,
	}, {
		.name = "help", .args = "[VERB]",
		.summary = "this, or more about one command",
		.help = "",
		.run = cmd_help, .max_args = 2,
	}, {
		.name = "version", .args = "",
		.summary = "the version of this tool",
		.help = "",
		.run = cmd_version,
	},
};

const size_t num_commands = ARRAY_SIZE(commands);

const char *commands_after(const char *name, const char *word)
{
	size_t len = strcspn(name, " ");

	if (strncmp(name, word, len) || word[len])
		return NULL;
	return name + len + (name[len] == ' ');
}

const struct command *commands_find(const char *first, const char *second)
{
	const char *rest;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(commands); i++) {
		rest = commands_after(commands[i].name, first);
		if (rest && (!*rest || (second && !strcmp(rest, second))))
			return &commands[i];
	}
	return NULL;
}

const struct command *commands_default(const char *first)
{
	const char *rest;
	size_t i;

	for (i = 0; i < num_commands; i++) {
		rest = commands_after(commands[i].name, first);
		if (rest && *rest && commands[i].is_default)
			return &commands[i];
	}
	return NULL;
}

int commands_words(const struct command *c)
{
	return strchr(c->name, ' ') ? 2 : 1;
}
