// SPDX-License-Identifier: GPL-2.0-only
/*
 * rpmsg over virtio: messages come for one of our names, and talk.c answers. Commands
 * beside those of talk.h and names.h:
 *
 *	/reset			set NEEDS_RESET, kick, and wait for Linux to reset us
 *	/evil NAME [ARGUMENT]	see evil.c
 */
#include "firmware.h"
#include "names.h"
#include "rpmsg.h"
#include "service.h"

#define F_NS		1u
#define FIRST_ADDR	0x400
#define STEPS		32

struct header {
	uint32_t src, dst, reserved;
	uint16_t len, flags;
};

struct vdev rpmsg_vdev;

static struct virtq *to_linux(void)
{
	return &rpmsg_vdev.ring[RPMSG_TO_LINUX];
}

/* --- sending ----------------------------------------------------------------- */

bool rpmsg_fill(struct virtq_chain *c, const struct talk_message *m, uint32_t len)
{
	struct header h = { .src = m->us, .dst = m->them, .len = (uint16_t)len };

	if (!virtq_take(to_linux(), c))
		return false;
	virtq_write(c, 0, &h, sizeof(h));
	virtq_write(c, sizeof(h), m->data, m->len);
	return true;
}

static bool send(const struct talk_message *m)
{
	struct virtq_chain c;

	if (!rpmsg_fill(&c, m, m->len))
		return false;
	if (c.writable < RPMSG_HEADER + m->len) {
		talk_counts.dropped++;
		virtq_give(to_linux(), c.head, 0);
		return true;
	}
	virtq_give(to_linux(), c.head, RPMSG_HEADER + m->len);
	talk_counts.sent++;
	return true;
}

/* --- commands ---------------------------------------------------------------- */

static bool run_reset(struct talk_message *m, char *args)
{
	(void)m;
	(void)args;
	print(FW_NAME ": asking for a reset\n");
	vdev_ask_for_reset(&rpmsg_vdev);
	return false;
}

const struct talk_command talk_more_commands[] = {
	{ "announce", names_run_announce },
	{ "unannounce", names_run_unannounce },
	{ "reset", run_reset },
	{ "evil", evil_run },
	{ NULL, NULL },
};

/* --- receiving --------------------------------------------------------------- */

/* Take a message. Return: it is one, and for an endpoint of ours. */
static bool receive(struct talk_message *m)
{
	struct virtq *q = &rpmsg_vdev.ring[RPMSG_FROM_LINUX];
	struct virtq_chain c;
	struct header h = { .len = 0 };
	bool whole;

	if (!virtq_take(q, &c))
		return false;
	virtq_read(&c, 0, &h, sizeof(h));
	whole = c.readable >= sizeof(h) && h.len <= c.readable - sizeof(h) &&
		h.len <= TALK_MAX - RPMSG_HEADER;
	m->us = h.dst;
	m->them = h.src;
	m->len = whole ? h.len : 0;
	virtq_read(&c, sizeof(h), m->data, m->len);
	virtq_give(q, c.head, 0);
	if (whole && names_has(m->us))
		return true;
	if (whole && m->us == NAMES_ADDR)
		names_hear(m);
	else
		talk_counts.dropped++;
	return false;
}

/* Only with a buffer for the answer. Return: something was done. */
static bool answer(void)
{
	struct talk_message m;

	if (talk_on_hold() || !virtq_pending(&rpmsg_vdev.ring[RPMSG_FROM_LINUX]))
		return false;
	if (receive(&m) && talk_answer(&m) && !send(&m))
		talk_counts.dropped++;
	return true;
}

/* The last step found no buffer for a message. */
static bool starved;

static bool step(void)
{
	struct talk_message m;

	starved = !virtq_pending(to_linux());
	if (starved)
		return false;
	if ((rpmsg_vdev.features & F_NS) && names_news(&m))
		return send(&m);
	if (answer())
		return true;
	return talk_more(&m) && send(&m);
}

/* Nothing to do: what is to wake us? Return: something came meanwhile. */
static bool listen(void)
{
	bool more = virtq_listen(&rpmsg_vdev.ring[RPMSG_FROM_LINUX]);

	if (virtq_pending(to_linux())) {
		virtq_ignore(to_linux());
		return more || starved;
	}
	return virtq_listen(to_linux());
}

void service_begin(void)
{
	vdev_init(&rpmsg_vdev, table_vdev());
	talk_begin(TALK_MAX - RPMSG_HEADER);
	names_begin();
	names_add("rpmsg-raw", FIRST_ADDR);
	names_add("rpmsg-raw", FIRST_ADDR + 1);
}

void service_kick(uint32_t id)
{
	(void)id;
}

/* Before each step: Linux may have gone, or come back, at any time. */
static bool look(void)
{
	enum vdev_state state = vdev_look(&rpmsg_vdev);

	if (state == VDEV_FRESH) {
		names_forget();
		talk_forget();
	}
	return state != VDEV_GONE;
}

bool service_work(void)
{
	unsigned int n;

	if (evil_goes_on()) {
		evil_work();
		return true;
	}
	for (n = 0; n < STEPS && look() && step(); n++)
		;
	if (!rpmsg_vdev.live)
		return false;
	vdev_tell(&rpmsg_vdev, RPMSG_TO_LINUX);
	vdev_tell(&rpmsg_vdev, RPMSG_FROM_LINUX);
	return n == STEPS || listen() || talk_on_hold() || evil_goes_on();
}
