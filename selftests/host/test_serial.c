// SPDX-License-Identifier: GPL-2.0-only
/* The firmware's echo of bytes, with Linux's driver at the other end. */
#include "fw.h"

#define NUM	16
#define BUF	128

static const uint32_t features[] = { 0, VDEV_F_EVENT_IDX };

/* Buffers to be filled, on the even ring of a pair. */
static void offer(unsigned int pair, uint32_t len)
{
	struct linux_ring *r = &linux_rings[2 * pair];

	while (linux_add(r, fw_alloc(len), len, true) != r->num)
		;
	linux_kick(r);
}

static void begin(unsigned int rings, uint32_t f, uint32_t len)
{
	unsigned int i;

	fw_reset(rings, NUM, f);
	service_begin();
	fw_run();
	linux_ready(f);
	for (i = 0; i < rings / 2; i++)
		offer(i, len);
}

static int teardown(void **state)
{
	(void)state;
	fw_free();
	return 0;
}

/* Bytes that count up, through a pair. */
struct stream {
	unsigned int pair;
	uint32_t sent, came;
};

static bool send_some(struct stream *s, uint32_t len)
{
	struct linux_ring *r = &linux_rings[2 * s->pair + 1];
	uint32_t da, got, i;
	uint8_t *at;

	while (linux_get(r, &da, &got))
		;
	if (r->num_out == r->num)
		return false;
	da = fw_alloc(len);
	at = mem_at(da, len);
	for (i = 0; i < len; i++)
		at[i] = (uint8_t)(s->sent++ * 7 >> 2);
	linux_add(r, da, len, false);
	linux_kick(r);
	return true;
}

/* What came: checked, and the buffers offered anew. */
static void receive(struct stream *s)
{
	struct linux_ring *r = &linux_rings[2 * s->pair];
	uint32_t da, len, i;
	uint8_t *at;

	while (linux_was_kicked(r)) {
		while (linux_get(r, &da, &len)) {
			at = mem_at(da, len);
			for (i = 0; i < len; i++)
				assert_int_equal(at[i], (uint8_t)(s->came++ * 7 >> 2));
			linux_add(r, da, BUF, true);
			linux_kick(r);
		}
	}
}

static void test_echo(void **state)
{
	struct stream s = { .pair = 0 };
	unsigned int i, k;

	(void)state;
	for (k = 0; k < 2; k++) {
		begin(2, features[k], BUF);
		s = (struct stream){ .pair = 0 };
		for (i = 0; i < 500; i++) {
			assert_true(send_some(&s, 1 + i % 300));
			receive(&s);
			assert_int_equal(s.came, s.sent);
		}
		assert_int_equal(linux_rings[1].num_out, 1);
	}
}

/* Linux reads nothing for a while: nothing is lost, and all goes on. */
static void test_no_room(void **state)
{
	struct stream s;
	unsigned int k, round;

	(void)state;
	for (k = 0; k < 2; k++) {
		begin(2, features[k], BUF);
		s = (struct stream){ .pair = 0 };
		for (round = 0; round < 10; round++) {
			while (send_some(&s, 3 * BUF))
				;
			assert_int_equal(linux_rings[0].used->idx,
					 (uint16_t)(linux_rings[0].last_used + NUM));
			receive(&s);
			assert_int_equal(s.came, s.sent);
		}
	}
}

/* It comes late, goes, comes back; while the firmware looks, and while it does not. */
static void test_driver_comes_and_goes(void **state)
{
	struct stream s = { .pair = 0 };
	unsigned int i;

	(void)state;
	fw_reset(2, NUM, 0);
	service_begin();
	fw_kick(0);
	assert_false(fw_said("ready"));
	fw_table.head.status = 0xb;
	fw_kick(1);
	assert_false(fw_said("ready"));
	for (i = 0; i < 4; i++) {
		linux_ready(0);
		offer(0, BUF);
		assert_true(fw_said("ready"));
		s = (struct stream){ .pair = 0 };
		/* Something is on the way when it goes. */
		while (send_some(&s, 10 * BUF))
			;
		linux_gone();
		if (i % 2)
			fw_kick(1);
	}
	assert_true(fw_said("gone"));
	linux_ready(0);
	offer(0, BUF);
	s = (struct stream){ .pair = 0 };
	assert_true(send_some(&s, 300));
	receive(&s);
	assert_int_equal(s.came, 300);
}

static void test_two_pairs(void **state)
{
	struct stream a = { .pair = 0 }, b = { .pair = 1 };
	uint32_t *config = (uint32_t *)fw_table.config;
	unsigned int i;

	(void)state;
	fw_reset(4, NUM, 0);
	fw_table.head.config_len = 16;
	service_begin();
	assert_memory_equal(fw_table.config, "CFG4", 4);
	linux_ready(0);
	offer(0, BUF);
	offer(1, BUF);
	for (i = 0; i < 200; i++) {
		assert_true(send_some(&a, 10));
		assert_true(send_some(&b, 1 + i));
		receive(&b);
		receive(&a);
		assert_int_equal(a.came, a.sent);
		assert_int_equal(b.came, b.sent);
		assert_int_equal(config[1], a.came);
		assert_int_equal(config[2], b.came);
	}
	config[3] = 0x1234;
	fw_kick(0);
	assert_true(fw_said("config word 0x1234"));
}

static void test_bad_buffers(void **state)
{
	struct stream s = { .pair = 0 };
	unsigned int i;

	(void)state;
	fw_reset(2, NUM, 0);
	service_begin();
	linux_ready(0);
	/* Buffers to be read where they should be written, and the other way. */
	for (i = 0; i < NUM / 2; i++) {
		linux_add(&linux_rings[0], fw_alloc(BUF), BUF, false);
		linux_add(&linux_rings[1], fw_alloc(BUF), BUF, true);
	}
	offer(0, BUF);
	assert_true(send_some(&s, 20));
	receive(&s);
	assert_int_equal(s.came, 20);
}

static void test_hostile(void **state)
{
	unsigned int i, k;
	uint8_t *at;

	(void)state;
	srandom(4);
	for (i = 0; i < 300; i++) {
		fw_reset(2, NUM, VDEV_F_EVENT_IDX);
		service_begin();
		linux_ready(features[i % 2]);
		for (k = 0; k < 100; k++) {
			at = (uint8_t *)linux_rings[k % 2].desc;
			at[random() % (4096 + 6 + 8 * NUM)] = (uint8_t)random();
			linux_rings[k % 2].avail->idx += random() % 3;
			if (!(random() % 20))
				fw_table.head.status = (uint8_t)random();
			fw_kick(k % 2);
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_echo, teardown),
		cmocka_unit_test_teardown(test_no_room, teardown),
		cmocka_unit_test_teardown(test_driver_comes_and_goes, teardown),
		cmocka_unit_test_teardown(test_two_pairs, teardown),
		cmocka_unit_test_teardown(test_bad_buffers, teardown),
		cmocka_unit_test_teardown(test_hostile, teardown),
	};

	return !!cmocka_run_group_tests_name("serial", tests, NULL, NULL);
}
