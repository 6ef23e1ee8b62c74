// SPDX-License-Identifier: GPL-2.0-only
/* The test firmware's machine, and Linux's driver. */
#include "fw.h"

#include <stdio.h>

#define ALIGN		4096u
#define FIRST_DA	0x50000000u
#define BLOCKS		1024

struct fw_table fw_table;
char fw_trace[65536];
uint64_t fw_now_us;
uint32_t fw_kicks[FW_RINGS];
bool fw_died, fw_is_off, fw_hangs;
struct linux_ring linux_rings[FW_RINGS];

static struct {
	uint32_t da, len;
	uint8_t *at;
} blocks[BLOCKS];

static unsigned int num_blocks, num_rings;
static uint32_t next_da;

/* --- what the services need of the machine ----------------------------------- */

void print(const char *s)
{
	size_t len = strlen(fw_trace);

	/* It goes round, as the real one does. */
	if (len + strlen(s) >= sizeof(fw_trace))
		len = 0;
	strcpy(fw_trace + len, s);
}

void print_hex(uint64_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%llx", (unsigned long long)value);
	print(text);
}

void print_dec(uint32_t value)
{
	char text[32];

	snprintf(text, sizeof(text), "%u", value);
	print(text);
}

void doorbell_send(uint32_t word)
{
	unsigned int i;

	for (i = 0; i < num_rings; i++)
		if (linux_rings[i].index + 10 == word)
			fw_kicks[i]++;
}

int doorbell_heard(uint32_t id)
{
	return id < 10 || id >= 10 + FW_RINGS || !fw_kicks[id - 10];
}

void cpu_full_barrier(void)
{
	__sync_synchronize();
}

uint64_t clock_us(void)
{
	return fw_now_us += 100;
}

void firmware_die(void)
{
	fw_died = true;
}

/* Real ones do not return; what a service does after it is of no interest. */
void cpu_off(void)
{
	fw_is_off = true;
	mock_assert(0, "cpu_off", __FILE__, __LINE__);
	abort();
}

void cpu_quit(void)
{
	cpu_off();
}

void firmware_hang(void)
{
	fw_hangs = true;
	mock_assert(0, "firmware_hang", __FILE__, __LINE__);
	abort();
}

/* All of it in one block, or it is no memory: sanitizers see where a block ends. */
void *mem_at(uint64_t da, uint64_t len)
{
	unsigned int i;

	for (i = 0; i < num_blocks; i++)
		if (da >= blocks[i].da && da - blocks[i].da <= blocks[i].len &&
		    len <= blocks[i].len - (da - blocks[i].da))
			return blocks[i].at + (da - blocks[i].da);
	return NULL;
}

uint32_t table_upper_features(void)
{
	return 0;
}

volatile struct rproc_lite_rsc_vdev *table_vdev(void)
{
	return &fw_table.head;
}

/* --- the machine ------------------------------------------------------------- */

uint32_t fw_alloc(uint32_t len)
{
	uint32_t da = next_da;

	assert_true(num_blocks < BLOCKS);
	blocks[num_blocks].da = da;
	blocks[num_blocks].len = len;
	blocks[num_blocks].at = calloc(1, len);
	assert_non_null(blocks[num_blocks].at);
	num_blocks++;
	next_da += (len + 2 * ALIGN) & ~(ALIGN - 1);
	return da;
}

void fw_free(void)
{
	while (num_blocks)
		free(blocks[--num_blocks].at);
	next_da = FIRST_DA;
}

static uint32_t used_offset(uint32_t num)
{
	return (16 * num + 6 + 2 * num + ALIGN - 1) & ~(ALIGN - 1);
}

void fw_reset(unsigned int rings, uint32_t num, uint32_t features)
{
	unsigned int i;

	fw_free();
	memset(&fw_table, 0, sizeof(fw_table));
	memset(fw_kicks, 0, sizeof(fw_kicks));
	memset(linux_rings, 0, sizeof(linux_rings));
	fw_trace[0] = '\0';
	fw_died = false;
	fw_is_off = false;
	fw_hangs = false;
	num_rings = rings;
	fw_table.head.type = RPROC_LITE_RSC_VDEV;
	fw_table.head.dfeatures = features;
	fw_table.head.num_of_vrings = (uint8_t)rings;
	for (i = 0; i < rings; i++) {
		linux_rings[i].index = i;
		linux_rings[i].num = (uint16_t)num;
		fw_table.ring[i].da = fw_alloc(used_offset(num) + 6 + 8 * num);
		fw_table.ring[i].align = ALIGN;
		fw_table.ring[i].num = num;
		fw_table.ring[i].notifyid = 10 + i;
	}
}

void fw_run(void)
{
	unsigned int rounds = 0;

	while (service_work())
		assert_true(++rounds < FW_ROUNDS_MAX);
}

void fw_kick(unsigned int ring)
{
	service_kick(10 + ring);
	fw_run();
}

bool fw_said(const char *text)
{
	return strstr(fw_trace, text);
}

/* --- Linux's driver ---------------------------------------------------------- */

static void begin_ring(struct linux_ring *r, uint32_t features)
{
	uint32_t da = fw_table.ring[r->index].da, i;
	uint8_t *at = mem_at(da, used_offset(r->num) + 6 + 8 * r->num);

	assert_non_null(at);
	memset(at, 0, used_offset(r->num) + 6 + 8 * r->num);
	r->desc = (struct virtq_desc *)at;
	r->avail = (struct virtq_avail *)(at + 16 * r->num);
	r->used = (struct virtq_used *)(at + used_offset(r->num));
	r->event_idx = features & VDEV_F_EVENT_IDX;
	r->last_used = 0;
	r->told = 0;
	r->num_out = 0;
	memset(r->out, 0, sizeof(r->out));
	for (i = 0; i < r->num; i++)
		r->next[i] = i;
}

void linux_ready(uint32_t features)
{
	unsigned int i;

	for (i = 0; i < num_rings; i++)
		begin_ring(&linux_rings[i], features);
	memset(fw_kicks, 0, sizeof(fw_kicks));
	fw_table.head.gfeatures = features;
	fw_table.head.status = 0xf;
}

void linux_gone(void)
{
	fw_table.head.status = 0;
}

uint32_t linux_add(struct linux_ring *r, uint32_t da, uint32_t len, bool write)
{
	uint32_t id;

	if (r->num_out == r->num)
		return r->num;
	id = r->next[r->num_out++];
	r->out[id] = da;
	r->len[id] = len;
	r->write[id] = write;
	r->desc[id] = (struct virtq_desc){ .addr = da, .len = len, .flags = write ? 2 : 0 };
	r->avail->ring[r->avail->idx % r->num] = (uint16_t)id;
	r->avail->idx++;
	return id;
}

static bool passed(uint16_t event, uint16_t now, uint16_t before)
{
	uint16_t i;

	for (i = before; i != now; i++)
		if (i == event)
			return true;
	return false;
}

void linux_kick(struct linux_ring *r)
{
	uint16_t before = r->told, event = *(uint16_t *)&r->used->ring[r->num];

	r->told = r->avail->idx;
	if (r->event_idx ? passed(event, r->told, before) : !(r->used->flags & 1))
		fw_kick(r->index);
}

bool linux_get(struct linux_ring *r, uint32_t *da, uint32_t *len)
{
	struct virtq_used_elem e;

	if (r->last_used == r->used->idx) {
		/* Wake us for the next one. */
		r->avail->ring[r->num] = r->last_used;
		return false;
	}
	assert_true((uint16_t)(r->used->idx - r->last_used) <= r->num);
	e = r->used->ring[r->last_used++ % r->num];
	assert_true(e.id < r->num);
	assert_true(r->out[e.id]);
	assert_true(e.len <= (r->write[e.id] ? r->len[e.id] : 0));
	*da = r->out[e.id];
	*len = e.len;
	r->out[e.id] = 0;
	r->next[--r->num_out] = e.id;
	return true;
}

bool linux_was_kicked(struct linux_ring *r)
{
	bool kicked = fw_kicks[r->index];

	fw_kicks[r->index] = 0;
	return kicked;
}
