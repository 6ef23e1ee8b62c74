// SPDX-License-Identifier: GPL-2.0-only
/*
 * All bytes are echoed, on each pair of rings: the even one goes to Linux. If there
 * is a configuration space of 16 bytes, it holds "CFG4", the number of bytes echoed
 * on either pair, and a word that is Linux's, told in the trace when it changes.
 */
#include "firmware.h"
#include "service.h"
#include "vdev.h"

#define PAIRS		(VDEV_RINGS / 2)
#define STEPS		64
#define CONFIG_MAGIC	0x34474643u

/* A chain from Linux stays with us until all of it is echoed. */
struct pair {
	struct virtq_chain chain;
	bool busy;
	uint32_t done;
	uint32_t echoed;
};

static struct vdev vdev;
static struct pair pairs[PAIRS];
static uint32_t linux_word;

static volatile uint32_t *config(void)
{
	return vdev.entry->config_len == 16 ? (volatile uint32_t *)vdev_config(&vdev) : NULL;
}

static void forget(void)
{
	unsigned int i;

	for (i = 0; i < PAIRS; i++)
		pairs[i].busy = false;
}

static uint32_t copy(struct pair *p, const struct virtq_chain *to)
{
	uint8_t bytes[256] __attribute__((__aligned__(8)));
	uint32_t done = 0, n;

	do {
		n = virtq_read(&p->chain, p->done, bytes, sizeof(bytes));
		n = virtq_write(to, done, bytes, n);
		p->done += n;
		done += n;
	} while (n);
	return done;
}

/* Return: something was done. */
static bool echo(unsigned int i)
{
	unsigned int to_linux = 2 * i, from_linux = 2 * i + 1;
	struct pair *p = &pairs[i];
	struct virtq_chain to;
	uint32_t n;

	if (!p->busy) {
		p->busy = virtq_take(&vdev.ring[from_linux], &p->chain);
		p->done = 0;
		return p->busy;
	}
	if (p->done == p->chain.readable) {
		p->busy = false;
		virtq_give(&vdev.ring[from_linux], p->chain.head, 0);
		vdev_tell(&vdev, from_linux);
		return true;
	}
	if (!virtq_take(&vdev.ring[to_linux], &to))
		return false;
	n = copy(p, &to);
	p->echoed += n;
	virtq_give(&vdev.ring[to_linux], to.head, n);
	vdev_tell(&vdev, to_linux);
	return true;
}

/* Nothing to do: what is to wake us? Return: something came meanwhile. */
static bool listen(unsigned int i)
{
	if (pairs[i].busy)
		return virtq_listen(&vdev.ring[2 * i]);
	virtq_ignore(&vdev.ring[2 * i]);
	return virtq_listen(&vdev.ring[2 * i + 1]);
}

static void update_config(void)
{
	volatile uint32_t *c = config();
	uint32_t i;

	if (!c)
		return;
	for (i = 0; i < PAIRS; i++)
		c[1 + i] = pairs[i].echoed;
	if (c[3] == linux_word)
		return;
	linux_word = c[3];
	print(FW_NAME ": config word ");
	print_hex(linux_word);
	print("\n");
}

void service_begin(void)
{
	vdev_init(&vdev, table_vdev());
	memset(pairs, 0, sizeof(pairs));
	linux_word = 0;
	if (config())
		config()[0] = CONFIG_MAGIC;
}

void service_kick(uint32_t id)
{
	(void)id;
}

/* Before each step: Linux may have gone, or come back, at any time. */
static bool look(void)
{
	enum vdev_state state = vdev_look(&vdev);

	if (state == VDEV_FRESH)
		forget();
	return state != VDEV_GONE;
}

bool service_work(void)
{
	bool more = false;
	unsigned int i, n;

	update_config();
	for (i = 0; 2 * i + 1 < vdev.num_rings; i++) {
		for (n = 0; n < STEPS && look() && echo(i); n++)
			;
		if (!vdev.live)
			return false;
		more |= n == STEPS || listen(i);
	}
	update_config();
	return more;
}
