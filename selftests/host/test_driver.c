// SPDX-License-Identifier: GPL-2.0-only
/* The firmware as the driver: Linux is the device. */
#include "fw.h"

#include <stdio.h>

#include "pattern.h"
#include "talk.h"

#define NUM	64
#define BUF	512
#define HELLO	64
#define LIVE	(VDEV_ACKNOWLEDGE | VDEV_DRIVER | VDEV_FEATURES_OK | VDEV_DRIVER_OK)

/* Linux's ends: of ring 0, which we fill, and of ring 1. */
static struct virtq rx, tx;
static struct virtq_chain last;
static uint8_t got[BUF];
static uint32_t got_len, buffers;

uint32_t table_buffers(void)
{
	return buffers;
}

/* Look at the rings anew, as Linux must after a reset. */
static void attach(void)
{
	bool event_idx = fw_table.head.gfeatures & VDEV_F_EVENT_IDX;

	assert_int_equal(fw_table.head.status, LIVE);
	virtq_begin(&rx, fw_table.ring[0].da, fw_table.ring[0].num, 4096, event_idx);
	virtq_begin(&tx, fw_table.ring[1].da, fw_table.ring[1].num, 4096, event_idx);
	assert_int_not_equal(fw_kicks[0] + fw_kicks[1], 0);
	memset(fw_kicks, 0, sizeof(fw_kicks));
}

static void begin(uint32_t features)
{
	fw_reset(2, NUM, features);
	buffers = fw_alloc(2 * NUM * BUF);
	service_begin();
	attach();
}

static bool receive(void)
{
	if (!virtq_take(&tx, &last))
		return false;
	got_len = virtq_read(&last, 0, got, sizeof(got));
	assert_int_equal(got_len, last.readable);
	virtq_give(&tx, last.head, 0);
	if (virtq_wants_interrupt(&tx))
		fw_kick(1);
	return true;
}

static bool send(const void *data, size_t len)
{
	struct virtq_chain c;

	if (!virtq_take(&rx, &c))
		return false;
	assert_int_equal(c.writable, BUF);
	assert_int_equal(virtq_write(&c, 0, data, (uint32_t)len), len);
	virtq_give(&rx, c.head, (uint32_t)len);
	if (virtq_wants_interrupt(&rx))
		fw_kick(0);
	return true;
}

static bool say(const char *text)
{
	return send(text, strlen(text));
}

static void expect_text(const char *text)
{
	assert_true(receive());
	assert_int_equal(got_len, strlen(text));
	assert_memory_equal(got, text, got_len);
}

static void expect_hello(void)
{
	assert_true(receive());
	assert_int_equal(got_len, HELLO);
	assert_true(pattern_is(got, got_len));
	assert_int_equal(pattern_check(got, got_len), HELLO);
}

static int setup(void **state)
{
	(void)state;
	begin(0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fw_free();
	return 0;
}

static void test_begins(void **state)
{
	uint32_t first;

	(void)state;
	expect_hello();
	first = pattern_get(got + 4);
	assert_false(receive());
	assert_int_equal(rx.avail->idx, NUM);
	begin(VDEV_F_EVENT_IDX | 1);
	assert_int_equal(fw_table.head.gfeatures, VDEV_F_EVENT_IDX);
	expect_hello();
	assert_int_equal(pattern_get(got + 4), first + 1);
}

static void test_echo(void **state)
{
	uint8_t data[BUF];
	unsigned int i, k;

	(void)state;
	for (k = 0; k < 2; k++) {
		begin(k ? VDEV_F_EVENT_IDX : 0);
		expect_hello();
		for (i = 0; i < 2000; i++) {
			memset(data, (int)i | 0x80, sizeof(data));
			assert_true(send(data, i % (BUF + 1)));
			assert_true(receive());
			assert_int_equal(got_len, i % (BUF + 1));
			assert_memory_equal(got, data, got_len);
		}
	}
}

static void test_flood(void **state)
{
	unsigned int k, n;

	(void)state;
	for (k = 0; k < 2; k++) {
		begin(k ? VDEV_F_EVENT_IDX : 0);
		expect_hello();
		assert_true(say("/flood 1000 512"));
		for (n = 0; n < 1000; n++) {
			assert_true(receive());
			assert_int_equal(got_len, BUF);
			assert_int_equal(pattern_get(got + 4), n);
			assert_int_equal(pattern_check(got, got_len), BUF);
		}
		assert_true(receive());
		assert_memory_equal(got, "flood: 1000 sent in ", 20);
	}
}

/* Linux takes nothing for a while: nothing is lost. */
static void test_no_room(void **state)
{
	unsigned int i, n = 0, sent;

	(void)state;
	expect_hello();
	for (i = 0; i < 5; i++) {
		for (sent = 0; say("hello"); sent++)
			;
		assert_true(sent >= NUM);
		for (n = 0; n < sent; n++)
			expect_text("hello");
		assert_false(receive());
	}
}

static void test_resets_itself(void **state)
{
	unsigned int i;
	uint32_t seq;

	(void)state;
	expect_hello();
	for (i = 0; i < 5; i++) {
		seq = pattern_get(got + 4);
		say("on its way");
		say("/flood 10000 16");
		say(i & 1 ? "/reset" : "/reset 100");
		/* Heard when there is room for answers. Nobody hears the kicks, and it begins. */
		fw_trace[0] = '\0';
		while (!fw_said("begun"))
			assert_true(receive());
		attach();
		expect_hello();
		assert_int_equal(pattern_get(got + 4), seq + 1);
		assert_false(receive());
		assert_int_equal(rx.avail->idx, NUM);
		say("hello");
		expect_text("hello");
		memset(got, 0, sizeof(got));
		pattern_put(got + 4, seq + 1);
	}
}

static void test_waits_until_heard(void **state)
{
	unsigned int i;

	(void)state;
	expect_hello();
	virtq_take(&rx, &last);
	virtq_write(&last, 0, "/reset", 6);
	virtq_give(&rx, last.head, 6);
	for (i = 0; i < 100; i++)
		assert_true(service_work());
	assert_true(fw_said("reset"));
	assert_int_equal(fw_table.head.status, 0);
	memset(fw_kicks, 0, sizeof(fw_kicks));
	service_work();
	attach();
	expect_hello();
}

static void test_linux_asks_for_reset(void **state)
{
	(void)state;
	expect_hello();
	say("on its way");
	fw_table.head.status |= VDEV_NEEDS_RESET;
	fw_kick(0);
	attach();
	expect_hello();
	say("hello");
	expect_text("hello");
	assert_false(receive());
	fw_table.head.status |= VDEV_FAILED;
	fw_kick(1);
	attach();
	expect_hello();
}

static void test_hostile_linux(void **state)
{
	unsigned int i, k;
	uint8_t *at;

	(void)state;
	srandom(5);
	for (i = 0; i < 300; i++) {
		begin(i & 1 ? VDEV_F_EVENT_IDX : 0);
		for (k = 0; k < 50; k++) {
			at = (uint8_t *)(uintptr_t)(k & 1 ? rx.used : tx.used);
			at[random() % (6 + 8 * NUM)] = (uint8_t)(random() % 80);
			if (random() & 1)
				send("x", (uint32_t)random() % 2);
			fw_kick(k & 1);
		}
		fw_table.head.status |= VDEV_NEEDS_RESET;
		fw_kick(0);
		attach();
		expect_hello();
	}
}

/* Given twice, or longer than it is: no more is said on that ring before a reset. */
static void test_lying_linux(void **state)
{
	(void)state;
	expect_hello();
	virtq_give(&tx, last.head, 0);
	fw_kick(1);
	say("hello");
	assert_false(receive());
	fw_table.head.status |= VDEV_NEEDS_RESET;
	fw_kick(0);
	attach();
	expect_hello();
	virtq_take(&rx, &last);
	virtq_give(&rx, last.head, BUF + 1);
	fw_kick(0);
	say("hello");
	assert_false(receive());
}

/* What came while it held: nobody kicks for that again. */
static void test_hold(void **state)
{
	static const char *const texts[] = { "/hold 1", "x" };
	struct virtq_chain c;
	unsigned int i;

	(void)state;
	expect_hello();
	for (i = 0; i < 2; i++) {
		assert_true(virtq_take(&rx, &c));
		virtq_write(&c, 0, texts[i], (uint32_t)strlen(texts[i]));
		virtq_give(&rx, c.head, (uint32_t)strlen(texts[i]));
	}
	fw_kick(0);
	/* Taken, and not given back, which would be a kick. */
	assert_true(virtq_take(&tx, &c));
	assert_int_equal(c.readable, strlen("hold: begins"));
	assert_true(virtq_take(&tx, &c));
	assert_int_equal(c.readable, strlen("x"));
}

/* No memory for buffers: it does nothing, but does not fail. */
static void test_no_buffers(void **state)
{
	(void)state;
	fw_reset(2, NUM, 0);
	buffers = 0xffffffff;
	service_begin();
	fw_kick(0);
	assert_int_equal(fw_table.head.status, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_begins, setup, teardown),
		cmocka_unit_test_setup_teardown(test_echo, setup, teardown),
		cmocka_unit_test_setup_teardown(test_flood, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_room, setup, teardown),
		cmocka_unit_test_setup_teardown(test_resets_itself, setup, teardown),
		cmocka_unit_test_setup_teardown(test_waits_until_heard, setup, teardown),
		cmocka_unit_test_setup_teardown(test_linux_asks_for_reset, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hostile_linux, setup, teardown),
		cmocka_unit_test_setup_teardown(test_lying_linux, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hold, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_buffers, setup, teardown),
	};

	return !!cmocka_run_group_tests_name("driver", tests, NULL, NULL);
}
