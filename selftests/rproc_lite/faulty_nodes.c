// SPDX-License-Identifier: GPL-2.0-only
/*
 * Nodes of the devicetree with a fault are refused, with words in the kernel's log: those of
 * dts/qemu-virtda.dts (addresses) and of dts/qemu-faulty.dtsi (all else).
 */
#include <errno.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "guest.h"
#include "kmsg.h"
#include "remote.h"

static const struct faulty {
	const char *device;
	int error;
	const char *words;
} faulty[] = {
#define NO_RANGE(what, bus) what " bytes) lies in no range of /" bus "'s dma-ranges"
	{ "faulty-bus-0:remoteproc-outside", EINVAL,
	  NO_RANGE("far (pa 0x0000000051000000, 0x200000", "faulty-bus-0") },
	{ "faulty-bus-0:remoteproc-across", EINVAL,
	  NO_RANGE("near (pa 0x0000000051200000, 0x100000", "faulty-bus-0") },
	{ "faulty-bus-0:remoteproc-mistaken", EINVAL, "can't be u32-value" },
	{ "a002000.remoteproc", EINVAL,
	  NO_RANGE("device (pa 0x000000000a002000, 0x1000", "faulty-bus-0") },
	{ "faulty-bus-1:remoteproc-overlapping", EEXIST, "overlaps in da with far" },
	{ "faulty-bus-2:remoteproc-wrapping", EINVAL, "its addresses wrap" },
	{ "faulty-bus-2:remoteproc-wrapped", EINVAL,
	  NO_RANGE("near (pa 0x0000000051200000, 0x100000", "faulty-bus-2") },
	{ "remoteproc-unreserved", EINVAL, "memory-region 0 (supplies) is not reserved" },
	{ "remoteproc-mapped", EADDRINUSE, "memory-region 0 (test-mapped) lacks no-map" },
	{ "5a103000.remoteproc", EINVAL, "reg 0 has no name in reg-names" },
	{ "remoteproc-hasty", EINVAL, "rproc-lite,stop-timeout-ms out of range" },
	{ "remoteproc-foreign", EINVAL, "rproc-lite,isa is none that is known" },
	{ "remoteproc-loose", EINVAL, "neither resets nor rproc-lite,hold or rproc-lite,release" },
	{ "remoteproc-nameless", EINVAL, "reset 0 has no name in reset-names" },
	{ "remoteproc-resets", EINVAL, "resets can't be understood, or are over 8" },
	{ "remoteproc-slow", EINVAL, "rproc-lite,reset-assert-us out of range" },
	{ "remoteproc-domains", EINVAL, "power-domains can't be understood, or are over 8" },
	{ "remoteproc-cells", EINVAL, "rproc-lite,hold leads to no syscon with 2 cells" },
	{ "remoteproc-empty", EINVAL, "rproc-lite,hold has an empty mask" },
	{ "remoteproc-holes", EINVAL, "rproc-lite,boot-vector has a mask with holes" },
	{ "remoteproc-sometimes", EINVAL, "recovery" },
	{ "remoteproc-wordy", EINVAL, "rproc-lite,recovery-limit is no number" },
	{ "remoteproc-three", EINVAL, "mboxes can't be understood, or are not one or two" },
	{ "remoteproc-encoding", EINVAL,
	  "rproc-lite,mbox-encoding is none of none, u32-value, u32-pointer" },
	{ "mailbox-odd", EINVAL, "1 interrupts are no pairs of two" },
	{ "mailbox-deaf", EINVAL, "neither interrupts nor memory" },
	{ "mailbox-timeless", EINVAL, "no interrupts, nor a rproc-lite,poll-interval-us" },
	{ "mailbox-unreserved", EINVAL, "memory-region supplies is not reserved" },
	{ "remoteproc-nowhere", EINVAL, "no cpu phandle" },
	{ "remoteproc-elsewhere", EINVAL, "the cpu phandle leads to no CPU here" },
};

/* Of this machine's devicetree? */
static bool is_here(const struct faulty *f)
{
	char path[160];

	snprintf(path, sizeof(path), "/sys/bus/platform/devices/%s", f->device);
	return !access(path, F_OK);
}

TEST(refused_in_words)
{
	unsigned int i;
	int log;

	for (i = 0; i < ARRAY_SIZE(faulty); i++) {
		if (!is_here(&faulty[i]))
			continue;
		log = kmsg_open_end();
		ASSERT_LE(0, log);
		EXPECT_EQ(-faulty[i].error, driver_bind(faulty[i].device))
			TH_LOG("%s", faulty[i].device);
		EXPECT_TRUE(kmsg_tells(log, faulty[i].device, faulty[i].words))
			TH_LOG("%s: nothing about '%s'", faulty[i].device, faulty[i].words);
		close(log);
	}
}

/* Nothing of them is left but these words. */
TEST(refused_are_not_there)
{
	char path[200];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(faulty); i++) {
		snprintf(path, sizeof(path), "/sys/bus/platform/devices/%s/driver",
			 faulty[i].device);
		EXPECT_NE(0, access(path, F_OK)) TH_LOG("%s", faulty[i].device);
		snprintf(path, sizeof(path), "/sys/bus/platform/devices/%s/rproc_lite",
			 faulty[i].device);
		EXPECT_NE(0, access(path, F_OK)) TH_LOG("%s", faulty[i].device);
	}
}

int main(int argc, char **argv)
{
	unsigned int i, n = 0;

	for (i = 0; i < ARRAY_SIZE(faulty); i++)
		n += is_here(&faulty[i]);
	if (!n) {
		printf("TAP version 13\n1..0 # SKIP no faulty nodes in this devicetree\n");
		return KSFT_SKIP;
	}
	printf("# %u nodes\n", n);
	return test_harness_run(argc, argv);
}
