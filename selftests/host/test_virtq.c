// SPDX-License-Identifier: GPL-2.0-only
/* The firmware's virtqueues: the device's end against a driver, and the other way. */
#include "fw.h"

#define NUM	8
#define BUF	64

static struct virtq q;
static struct linux_ring *const ring = &linux_rings[0];

/* No service: only rings are tested here. */
void service_kick(uint32_t id)
{
	(void)id;
}

bool service_work(void)
{
	return false;
}

static void begin(uint32_t num, uint32_t features)
{
	fw_reset(1, num, features);
	linux_ready(features);
	virtq_begin(&q, fw_table.ring[0].da, num, 4096, features);
	assert_false(q.broken);
}

static int setup(void **state)
{
	(void)state;
	begin(NUM, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fw_free();
	return 0;
}

static void test_takes_and_gives(void **state)
{
	uint32_t da = fw_alloc(BUF), got, len;
	struct virtq_chain c;
	char text[8] = "";

	(void)state;
	strcpy(mem_at(da, BUF), "hello");
	assert_false(virtq_pending(&q));
	assert_false(virtq_take(&q, &c));
	linux_add(ring, da, 6, false);
	assert_true(virtq_pending(&q));
	assert_true(virtq_take(&q, &c));
	assert_int_equal(c.readable, 6);
	assert_int_equal(c.writable, 0);
	assert_int_equal(virtq_read(&c, 1, text, 20), 5);
	assert_string_equal(text, "ello");
	virtq_give(&q, c.head, 0);
	assert_true(linux_get(ring, &got, &len));
	assert_int_equal(got, da);
	assert_false(virtq_take(&q, &c));
}

/* More often than an index can count, with a full ring at times. */
static void test_goes_round(void **state)
{
	uint32_t da = fw_alloc(BUF * NUM), i, k, got, len, n, taken = 0;
	struct virtq_chain c;
	uint32_t seq, in = 0;

	(void)state;
	for (i = 0; i < 30000; i++) {
		n = 1 + i % NUM;
		for (k = 0; k < n; k++)
			assert_int_not_equal(linux_add(ring, da + BUF * k, BUF, true), NUM);
		for (k = 0; k < n; k++, taken++) {
			assert_true(virtq_take(&q, &c));
			assert_int_equal(virtq_write(&c, 4, &taken, 4), 4);
			virtq_give(&q, c.head, 8);
		}
		assert_false(virtq_take(&q, &c));
		for (k = 0; k < n; k++, in++) {
			assert_true(linux_get(ring, &got, &len));
			assert_int_equal(len, 8);
			memcpy(&seq, (uint8_t *)mem_at(got, 8) + 4, 4);
			assert_int_equal(seq, in);
		}
	}
	assert_true(taken > 100000);
}

static void test_pieces(void **state)
{
	uint32_t da = fw_alloc(BUF);
	struct virtq_chain c;
	uint8_t bytes[16];
	unsigned int i;

	(void)state;
	for (i = 0; i < 4; i++) {
		ring->desc[i] = (struct virtq_desc){
			.addr = da + 8 * i, .len = 4, .flags = i < 3, .next = (uint16_t)(i + 1),
		};
		memset(mem_at(da + 8 * i, 4), 'a' + (int)i, 4);
	}
	ring->desc[2].flags |= 2;
	ring->desc[3].flags |= 2;
	ring->avail->idx = 1;
	assert_true(virtq_take(&q, &c));
	assert_int_equal(c.readable, 8);
	assert_int_equal(c.writable, 8);
	assert_int_equal(virtq_read(&c, 0, bytes, 16), 8);
	assert_memory_equal(bytes, "aaaabbbb", 8);
	assert_int_equal(virtq_read(&c, 3, bytes, 2), 2);
	assert_memory_equal(bytes, "ab", 2);
	assert_int_equal(virtq_read(&c, 5, bytes, 16), 3);
	assert_memory_equal(bytes, "bbb", 3);
	assert_int_equal(virtq_read(&c, 8, bytes, 2), 0);
	assert_int_equal(virtq_write(&c, 2, "12345678", 8), 6);
	assert_memory_equal(mem_at(da + 16, 4), "cc12", 4);
	assert_memory_equal(mem_at(da + 24, 4), "3456", 4);
}

/* A bad chain comes back empty, and the next one is taken. */
static void refuses(uint16_t n, const struct virtq_desc *d)
{
	struct virtq_chain c;
	uint32_t da;

	begin(NUM, 0);
	da = fw_alloc(BUF);
	memcpy(ring->desc, d, n * sizeof(*d));
	ring->desc[7] = (struct virtq_desc){ .addr = da, .len = 3 };
	ring->avail->ring[1] = 7;
	ring->avail->idx = 2;
	assert_true(virtq_take(&q, &c));
	assert_int_equal(c.head, 7);
	assert_int_equal(q.bad, 1);
	assert_int_equal(ring->used->idx, 1);
	assert_int_equal(ring->used->ring[0].id, 0);
	assert_int_equal(ring->used->ring[0].len, 0);
	assert_false(q.broken);
}

static void test_bad_chains(void **state)
{
	/* The first block behind the ring: fw_alloc() gives these anew each time. */
	const uint64_t da = fw_alloc(BUF);
	const struct virtq_desc itself = { .addr = da, .len = 1, .flags = 1, .next = 0 };
	const struct virtq_desc circle[] = {
		{ .addr = da, .len = 1, .flags = 1, .next = 1 },
		{ .addr = da, .len = 1, .flags = 1, .next = 0 },
	};
	const struct virtq_desc outside = { .addr = da, .len = 1, .flags = 1, .next = NUM };
	const struct virtq_desc indirect = { .addr = da, .len = 16, .flags = 4 };
	const struct virtq_desc nowhere = { .addr = 0x1000, .len = 1 };
	const struct virtq_desc high = { .addr = da | 1ull << 32, .len = 1 };
	const struct virtq_desc beyond = { .addr = da, .len = BUF + 1 };
	const struct virtq_desc huge = { .addr = da, .len = 0xffffffff };
	const struct virtq_desc backward[] = {
		{ .addr = da, .len = 1, .flags = 3, .next = 1 },
		{ .addr = da, .len = 1 },
	};

	(void)state;
	refuses(1, &itself);
	refuses(2, circle);
	refuses(1, &outside);
	refuses(1, &indirect);
	refuses(1, &nowhere);
	refuses(1, &high);
	refuses(1, &beyond);
	refuses(1, &huge);
	refuses(2, backward);
}

static void test_breaks(void **state)
{
	struct virtq_chain c;

	(void)state;
	ring->avail->idx = NUM + 1;
	assert_false(virtq_take(&q, &c));
	assert_true(q.broken);
	ring->avail->idx = 1;
	assert_false(virtq_pending(&q));
	assert_false(virtq_listen(&q));

	begin(NUM, 0);
	ring->avail->ring[0] = NUM;
	ring->avail->idx = 1;
	assert_false(virtq_take(&q, &c));
	assert_true(q.broken);
	assert_int_equal(ring->used->idx, 0);
}

static void test_no_such_ring(void **state)
{
	uint32_t da = fw_table.ring[0].da;

	(void)state;
	virtq_begin(&q, da, 0, 4096, false);
	assert_true(q.broken);
	virtq_begin(&q, da, 7, 4096, false);
	assert_true(q.broken);
	virtq_begin(&q, da, 65536, 4096, false);
	assert_true(q.broken);
	virtq_begin(&q, da, NUM, 3000, false);
	assert_true(q.broken);
	virtq_begin(&q, da + 8, NUM, 4096, false);
	assert_true(q.broken);
	virtq_begin(&q, 0xffffffff, NUM, 4096, false);
	assert_true(q.broken);
	virtq_begin(&q, da, 2 * NUM, 4096, false);
	assert_true(q.broken);
}

/* What Linux writes is random: all ends, and stays in its bounds. */
static void test_hostile_driver(void **state)
{
	unsigned int round, i, taken;
	struct virtq_chain c;
	uint8_t bytes[200];
	uint32_t da;

	(void)state;
	srandom(1);
	for (round = 0; round < 3000; round++) {
		begin(NUM, round & 1 ? VDEV_F_EVENT_IDX : 0);
		da = fw_alloc(BUF);
		for (i = 0; i < NUM; i++)
			ring->desc[i] = (struct virtq_desc){
				.addr = random() % 8 ? da + (uint32_t)random() % 80 :
						       (uint64_t)random() << 20,
				.len = (uint32_t)random() % 80, .flags = random() % 8 ?
					(uint16_t)(random() % 4) : (uint16_t)random(),
				.next = (uint16_t)(random() % 10),
			};
		for (i = 0; i <= NUM; i++)
			ring->avail->ring[i] = (uint16_t)(random() % (round % 4 ? NUM : 10));
		for (taken = 0; taken < 100; taken++) {
			ring->avail->idx = (uint16_t)(random() % 10 + q.next_avail);
			if (virtq_take(&q, &c)) {
				virtq_read(&c, (uint32_t)random() % 100, bytes, sizeof(bytes));
				virtq_write(&c, (uint32_t)random() % 100, bytes, sizeof(bytes));
				virtq_give(&q, c.head, c.writable);
			}
			virtq_wants_interrupt(&q);
			virtq_listen(&q);
		}
	}
}

/* Whoever sleeps is woken, and seldom for nothing. */
static void model_kicks(uint32_t features)
{
	uint32_t da, got, len, i, added = 0, given = 0, came = 0, kicks = 0, rings = 0;
	bool device_sleeps = false, driver_sleeps = false;
	struct virtq_chain c;
	uint16_t before = 0;

	begin(NUM, features);
	da = fw_alloc(BUF);
	srandom(2);
	for (i = 0; i < 400000; i++) {
		switch (random() % 4) {
		case 0:	/* the driver adds, and kicks if that is wanted */
			if (linux_add(ring, da, BUF, true) == NUM)
				break;
			added++;
			if (ring->event_idx ? virtq_passed(*virtq_avail_event(&q),
							   ring->avail->idx, before) :
					      !(ring->used->flags & 1)) {
				kicks++;
				device_sleeps = false;
			}
			before = ring->avail->idx;
			break;
		case 1:	/* the device takes and gives */
			if (device_sleeps)
				break;
			virtq_ignore(&q);
			if (virtq_take(&q, &c)) {
				virtq_give(&q, c.head, 0);
				given++;
			}
			if (virtq_wants_interrupt(&q)) {
				rings++;
				driver_sleeps = false;
			}
			break;
		case 2:	/* the device has nothing to do */
			if (!device_sleeps && !virtq_listen(&q))
				device_sleeps = true;
			break;
		case 3:	/* the driver takes back */
			if (driver_sleeps)
				break;
			ring->avail->flags = 1;
			if (linux_get(ring, &got, &len)) {
				came++;
				break;
			}
			ring->avail->flags = 0;
			driver_sleeps = true;
			break;
		}
		assert_false(device_sleeps && added != given);
		assert_false(driver_sleeps && given != came);
	}
	assert_true(came > 10000);
	assert_true(kicks && kicks < added);
	assert_true(rings && rings < given);
}

static void test_kicks(void **state)
{
	(void)state;
	model_kicks(0);
}

static void test_kicks_event_idx(void **state)
{
	(void)state;
	model_kicks(VDEV_F_EVENT_IDX);
}

/* The device's end against our own driver's end. */
static void both_ends(bool event_idx)
{
	uint32_t da, id, len, added = 0, back = 0, i;
	struct virtq driver, device;
	struct virtq_chain c;
	bool out[NUM] = { false };

	begin(NUM, 0);
	da = fw_alloc(BUF * NUM);
	virtq_begin(&driver, fw_table.ring[0].da, NUM, 4096, event_idx);
	virtq_begin(&device, fw_table.ring[0].da, NUM, 4096, event_idx);
	srandom(3);
	for (i = 0; i < 500000; i++) {
		id = (uint32_t)random() % NUM;
		if (!out[id]) {
			virtq_offer(&driver, (uint16_t)id, da + BUF * id, BUF, false);
			out[id] = true;
			added++;
		}
		if (virtq_wants_notify(&driver) && random() % 4 && virtq_take(&device, &c)) {
			assert_ptr_equal(c.piece[0].at, mem_at(da + BUF * c.head, BUF));
			virtq_give(&device, c.head, c.head + 1);
		}
		virtq_listen(&device);
		while (virtq_take(&device, &c))
			virtq_give(&device, c.head, c.head + 1);
		if (virtq_wants_interrupt(&device))
			while (virtq_reap(&driver, &id, &len)) {
				assert_true(out[id]);
				assert_int_equal(len, id + 1);
				out[id] = false;
				back++;
			}
	}
	assert_true(back > 100000 && added - back <= NUM);
}

static void test_both_ends(void **state)
{
	(void)state;
	both_ends(false);
	both_ends(true);
}

static void test_hostile_device(void **state)
{
	uint32_t id, len, i;

	(void)state;
	virtq_offer(&q, 0, fw_alloc(BUF), BUF, false);
	ring->used->ring[0].id = NUM;
	ring->used->idx = 1;
	assert_false(virtq_reap(&q, &id, &len));
	assert_true(q.broken);

	begin(NUM, 0);
	ring->used->idx = NUM + 1;
	assert_false(virtq_reap(&q, &id, &len));
	assert_true(q.broken);

	begin(NUM, VDEV_F_EVENT_IDX);
	for (i = 0; i < 100000; i++) {
		ring->used->idx = (uint16_t)random();
		ring->used->ring[random() % NUM].id = (uint32_t)random() % 10;
		virtq_reap(&q, &id, &len);
		virtq_wants_notify(&q);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_takes_and_gives, setup, teardown),
		cmocka_unit_test_setup_teardown(test_goes_round, setup, teardown),
		cmocka_unit_test_setup_teardown(test_pieces, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_chains, setup, teardown),
		cmocka_unit_test_setup_teardown(test_breaks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_such_ring, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile_driver, setup, teardown),
		cmocka_unit_test_setup_teardown(test_kicks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_kicks_event_idx, setup, teardown),
		cmocka_unit_test_setup_teardown(test_both_ends, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile_device, setup, teardown),
	};

	return !!cmocka_run_group_tests_name("virtq", tests, NULL, NULL);
}
