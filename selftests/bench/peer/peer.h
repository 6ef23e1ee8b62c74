/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PEER_H
#define PEER_H

#include <linux/completion.h>
#include <linux/irqreturn.h>
#include <linux/mailbox_client.h>
#include <linux/workqueue.h>

struct rproc;

#define PEER_REGIONS	4
#define PEER_IDS	256

/* When mainline called what, CLOCK_MONOTONIC, nanoseconds. */
enum peer_stamp {
	PEER_PREPARE,		/* takes the CPU from Linux */
	PEER_PREPARED,
	PEER_START,		/* what comes before, PREPARE apart, is loading */
	PEER_STARTED,
	PEER_STOP,
	PEER_STOPPED,
	PEER_UNPREPARE,		/* gives the CPU back */
	PEER_UNPREPARED,
	PEER_STAMPS
};

/**
 * struct peer - a core for mainline's remoteproc
 * @dev: of the devicetree
 * @rproc: mainline's object
 * @mpidr: of the core
 * @cpu: its number in Linux
 * @was_online: to be given back online
 * @client: of the mailbox
 * @chan: NULL while the core is off
 * @slot: words under way
 * @next: slot
 * @acked: SHUTDOWN_ACK came
 * @rung: vrings to look at
 * @work: looks at them
 * @region: memory, mapped once
 * @taken: bytes of the end of "shared"
 * @stamp: enum peer_stamp
 * @replied: when ECHO_REPLY came, 0 while it has not
 */
struct peer {
	struct device *dev;
	struct rproc *rproc;
	u64 mpidr;
	unsigned int cpu;
	bool was_online;
	struct mbox_client client;
	struct mbox_chan *chan;
	u32 slot[32];
	atomic_t next;
	struct completion acked;
	DECLARE_BITMAP(rung, PEER_IDS);
	struct work_struct work;
	struct peer_region {
		const char *name;
		phys_addr_t pa;
		size_t size;
		void *va;
	} region[PEER_REGIONS];
	size_t taken;
	u64 stamp[PEER_STAMPS];
	u64 replied;
};

/* Exported, but in none of the headers that a distribution installs. */
irqreturn_t rproc_vq_interrupt(struct rproc *rproc, int vq_id);

/* core.c: the remote, as mainline wants it */
int peer_core_probe(struct peer *peer);
int peer_send(struct peer *peer, u32 word);

/* meters.c: debugfs files, until the device goes */
int peer_meters_probe(struct peer *peer);

#endif /* PEER_H */
