/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * What Linux and a remote's firmware say to each other through a mailbox, and
 * the memory that the interrupt doorbell shares with the firmware.
 *
 * A word below RPROC_LITE_WORD_FIRST is a notify id: "look at that vring". The
 * others are control words; OMAP's and K3's firmware use the same values.
 */
#ifndef _UAPI_LINUX_RPROC_LITE_DOORBELL_H
#define _UAPI_LINUX_RPROC_LITE_DOORBELL_H

#include <linux/types.h>

#define RPROC_LITE_WORD_FIRST		0xffffff00U
#define RPROC_LITE_WORD_READY		0xffffff00U	/* from the remote */
#define RPROC_LITE_WORD_CRASH		0xffffff02U	/* from the remote */
#define RPROC_LITE_WORD_ECHO_REQUEST	0xffffff03U	/* either way */
#define RPROC_LITE_WORD_ECHO_REPLY	0xffffff04U	/* either way */
#define RPROC_LITE_WORD_SUSPEND		0xffffff11U	/* to the remote */
#define RPROC_LITE_WORD_SUSPEND_ACK	0xffffff12U	/* from the remote */
#define RPROC_LITE_WORD_RESUME		0xffffff13U	/* to the remote; OMAP: cancel */
#define RPROC_LITE_WORD_SHUTDOWN	0xffffff14U	/* to the remote */
#define RPROC_LITE_WORD_SHUTDOWN_ACK	0xffffff15U	/* from the remote */

/*
 * The doorbell itself is an interrupt and carries nothing. With shared memory
 * beside it, words travel there, one struct each way. Each field has a single
 * writer, so neither atomic instructions nor coherent caches are needed.
 *
 * A kick is a level, not a message, and cannot be lost: bit n is pending while
 * @kick and @kick_ack differ in it. The sender flips it in @kick if they agree;
 * the receiver copies @kick to @kick_ack, and only then looks at the rings.
 *
 * Control words queue: @head counts those ever put, @tail those ever taken,
 * word number i lies in @word[i % RPROC_LITE_DOORBELL_WORDS]. head - tail
 * above that many is nonsense; a sender that finds it full says so.
 *
 * Full barriers: between writing data and reading @kick_ack; between writing
 * @kick_ack and reading data; between writing anything here and ringing.
 */
#define RPROC_LITE_DOORBELL_MAGIC	0x31424452U	/* "RDB1" */
#define RPROC_LITE_DOORBELL_WORDS	32U
#define RPROC_LITE_DOORBELL_KICKS	256U		/* notify ids 0 to 255 */

struct rproc_lite_doorbell_way {
	__le32 kick[RPROC_LITE_DOORBELL_KICKS / 32];		/* sender's */
	__le32 head;						/* sender's */
	__le32 word[RPROC_LITE_DOORBELL_WORDS];			/* sender's */
	__le32 pad0[7];
	__le32 kick_ack[RPROC_LITE_DOORBELL_KICKS / 32];	/* receiver's */
	__le32 tail;						/* receiver's */
	__le32 pad1[7];
};

/* All zero but for the magic when the firmware starts. 520 bytes. */
struct rproc_lite_doorbell {
	__le32 magic;
	__le32 pad;
	struct rproc_lite_doorbell_way to_remote;
	struct rproc_lite_doorbell_way to_linux;
};

#endif /* _UAPI_LINUX_RPROC_LITE_DOORBELL_H */
