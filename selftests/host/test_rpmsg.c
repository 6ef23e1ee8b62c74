// SPDX-License-Identifier: GPL-2.0-only
/* The firmware's rpmsg, its commands and its lies, with Linux's driver at the other end. */
#include "fw.h"

#include <stdio.h>

#include "pattern.h"
#include "talk.h"

#define NUM	32
#define BUF	512
#define HEADER	16
#define MTU	(BUF - HEADER)
#define US	0x400
#define ME	0x500
#define NS	53

struct rpmsg {
	uint32_t src, dst, reserved;
	uint16_t len, flags;
	uint8_t data[MTU];
};

static struct linux_ring *const rx = &linux_rings[0], *const tx = &linux_rings[1];
/* What came last. */
static struct rpmsg got;

static void fill_rx(void)
{
	while (linux_add(rx, fw_alloc(BUF), BUF, true) != rx->num)
		;
	linux_kick(rx);
}

static void begin(uint32_t features)
{
	fw_reset(2, NUM, features);
	service_begin();
	fw_run();
	linux_ready(features);
	fill_rx();
}

static int setup(void **state)
{
	(void)state;
	begin(1);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	fw_free();
	return 0;
}

/* A buffer to send from: one that came back, or a new one; 0 if all are out. */
static uint32_t tx_buffer(void)
{
	uint32_t da, len;

	if (linux_get(tx, &da, &len))
		return da;
	return tx->num_out < tx->num ? fw_alloc(BUF) : 0;
}

static bool send_from(uint32_t src, uint32_t dst, const void *data, size_t len)
{
	struct rpmsg m = { .src = src, .dst = dst, .len = (uint16_t)len };
	uint32_t da;

	assert_true(len <= MTU);
	da = tx_buffer();
	if (!da)
		return false;
	memcpy(m.data, data, len);
	memcpy(mem_at(da, HEADER + len), &m, HEADER + len);
	linux_add(tx, da, HEADER + (uint32_t)len, false);
	linux_kick(tx);
	return true;
}

static bool say(const char *text)
{
	return send_from(ME, US, text, strlen(text));
}

/* Into "got", and its buffer offered anew. */
static bool receive(void)
{
	uint32_t da, len;

	if (!linux_get(rx, &da, &len)) {
		if (!linux_was_kicked(rx) || !linux_get(rx, &da, &len))
			return false;
	}
	assert_in_range(len, HEADER, BUF);
	memset(&got, 0, sizeof(got));
	memcpy(&got, mem_at(da, len), len);
	assert_int_equal(got.len, len - HEADER);
	assert_int_equal(got.reserved, 0);
	assert_int_equal(got.flags, 0);
	linux_add(rx, da, BUF, true);
	linux_kick(rx);
	return true;
}

static void expect_text(const char *text)
{
	assert_true(receive());
	assert_int_equal(got.src, US);
	assert_int_equal(got.dst, ME);
	got.data[got.len < MTU ? got.len : MTU - 1] = '\0';
	assert_string_equal((char *)got.data, text);
}

static void expect_announced(const char *name, uint32_t addr, uint32_t flags)
{
	assert_true(receive());
	assert_int_equal(got.dst, NS);
	assert_int_equal(got.len, 40);
	assert_string_equal((char *)got.data, name);
	assert_int_equal(pattern_get(got.data + 32), addr);
	assert_int_equal(pattern_get(got.data + 36), flags);
}

static void skip_hello(void)
{
	expect_announced("rpmsg-raw", US, 0);
	expect_announced("rpmsg-raw", US + 1, 0);
	assert_false(receive());
}

static void test_announces(void **state)
{
	(void)state;
	skip_hello();
	/* Who comes anew is told anew. */
	linux_gone();
	fw_kick(0);
	linux_ready(1);
	fill_rx();
	skip_hello();
	/* Who does not want to know is not. */
	linux_ready(0);
	fill_rx();
	assert_false(receive());
	assert_true(say("hello"));
	expect_text("hello");
}

static void test_echo(void **state)
{
	uint8_t data[MTU];
	unsigned int i, k;

	(void)state;
	for (k = 0; k < 2; k++) {
		begin(1 | (k ? VDEV_F_EVENT_IDX : 0));
		skip_hello();
		for (i = 0; i < 1000; i++) {
			memset(data, (int)i | 0x80, sizeof(data));
			assert_true(send_from(ME + i, US + i % 2, data, i % (MTU + 1)));
			assert_true(receive());
			assert_int_equal(got.src, US + i % 2);
			assert_int_equal(got.dst, ME + i);
			assert_int_equal(got.len, i % (MTU + 1));
			assert_memory_equal(got.data, data, got.len);
		}
		assert_false(receive());
		/* With buffers left it wants no kicks for more. */
		assert_int_equal(rx->used->flags, k ? 0 : VIRTQ_NO_NOTIFY);
		assert_int_equal(tx->used->flags, 0);
	}
}

static void test_checks(void **state)
{
	uint8_t data[MTU];
	uint32_t bad = talk_counts.bad;

	(void)state;
	skip_hello();
	pattern_make(data, 100, 7, 1234);
	send_from(ME, US, data, 100);
	assert_true(receive());
	assert_memory_equal(got.data, data, 100);
	assert_int_equal(pattern_check(got.data, 100), 100);

	data[60] ^= 1;
	send_from(ME, US, data, 100);
	assert_true(receive());
	assert_int_equal(got.len, 16);
	assert_memory_equal(got.data, "RPTX", 4);
	assert_int_equal(pattern_get(got.data + 4), 7);
	assert_int_equal(pattern_get(got.data + 8), 60);
	assert_int_equal(got.data[12], data[60] ^ 1);
	assert_int_equal(got.data[13], data[60]);
	assert_true(fw_said("bad message, seq 7, byte 60"));

	/* Cut short. */
	pattern_make(data, 100, 8, 1);
	send_from(ME, US, data, 99);
	assert_true(receive());
	assert_int_equal(pattern_get(got.data + 8), 8);
	assert_int_equal(talk_counts.bad, bad + 2);
}

static void test_flood(void **state)
{
	static const uint32_t sizes[] = { 16, 17, 100, MTU };
	char line[64];
	unsigned int i, n;

	(void)state;
	skip_hello();
	for (i = 0; i < 4; i++) {
		snprintf(line, sizeof(line), "/flood 500 %u 77\n", sizes[i]);
		assert_true(say(line));
		for (n = 0; n < 500; n++) {
			assert_true(receive());
			assert_int_equal(got.src, US);
			assert_int_equal(got.dst, ME);
			assert_int_equal(got.len, sizes[i]);
			assert_int_equal(pattern_get(got.data + 4), n);
			assert_int_equal(pattern_get(got.data + 12), 77 + n);
			assert_int_equal(pattern_check(got.data, got.len), got.len);
		}
		assert_true(receive());
		assert_memory_equal(got.data, "flood: 500 sent in ", 19);
	}
	say("/flood 1 15");
	expect_text("flood: no such size");
	say("/flood 1 497");
	expect_text("flood: no such size");
	say("/flood x 497");
	expect_text("flood: say N SIZE [SEED]");
}

/* Both ways at once, with one buffer at a time for what comes. */
static void test_flood_and_echo(void **state)
{
	uint32_t floods = 0, echos = 0, sent = 0;
	uint8_t data[64];

	(void)state;
	skip_hello();
	say("/flood 2000 64");
	while (floods < 2001 || echos < 1000) {
		while (sent < 1000) {
			pattern_make(data, sizeof(data), sent, 5);
			if (!send_from(ME + 1, US, data, sizeof(data)))
				break;
			sent++;
		}
		assert_true(receive());
		if (got.dst == ME) {
			floods++;
			continue;
		}
		assert_int_equal(pattern_get(got.data + 4), echos);
		echos++;
	}
	assert_false(receive());
}

static void test_sink(void **state)
{
	uint8_t data[MTU];
	unsigned int i;

	(void)state;
	skip_hello();
	say("/sink 100");
	for (i = 0; i < 100; i++) {
		/* Two are missing, one is wrong, one is nothing that can be checked. */
		pattern_make(data, 50, i < 50 ? i : i + 2, i);
		if (i == 20)
			data[40] ^= 0x80;
		if (i == 30)
			data[0] = 'x';
		/* Others are echoed meanwhile. */
		send_from(ME + 1, US, "me too", 6);
		assert_true(receive());
		assert_int_equal(got.dst, ME + 1);
		assert_false(receive());
		assert_true(send_from(ME, US, data, 50));
	}
	assert_true(receive());
	assert_memory_equal(got.data, "sink: 100 messages 5000 bytes 1 bad 2 gaps in ", 46);
	say("hello");
	expect_text("hello");
}

static void test_hold(void **state)
{
	uint64_t began = fw_now_us;

	(void)state;
	skip_hello();
	say("/hold 1");
	expect_text("hold: begins");
	assert_true(fw_now_us - began > 1000);
}

static void test_name_service(void **state)
{
	(void)state;
	skip_hello();
	say("/announce rpmsg-raw");
	expect_text("announce: rpmsg-raw 0x410");
	expect_announced("rpmsg-raw", 0x410, 0);
	send_from(ME, 0x410, "hello", 5);
	assert_true(receive());
	assert_int_equal(got.src, 0x410);
	say("/announce other 0x77");
	expect_text("announce: other 0x77");
	expect_announced("other", 0x77, 0);
	say("/announce again 0x77");
	expect_text("announce: no room, or the address is taken");
	say("/unannounce rpmsg-raw 0x410");
	expect_text("unannounce: done");
	expect_announced("rpmsg-raw", 0x410, 1);
	send_from(ME, 0x410, "hello", 5);
	assert_false(receive());
	say("/unannounce other");
	expect_text("unannounce: done");
	expect_announced("other", 0x77, 1);
	say("/unannounce other");
	expect_text("unannounce: no such endpoint");
}

/* There and away before Linux was told: it is told of neither, or of both. */
static void test_many_endpoints(void **state)
{
	unsigned int i, k, n;

	(void)state;
	skip_hello();
	for (k = 0; k < 5; k++) {
		for (n = 0; say("/announce x") && receive(); n++) {
			if (!memcmp(got.data, "announce: no", 12))
				break;
			expect_announced("x", 0x410 + n, 0);
		}
		assert_int_equal(n, 14);
		for (i = 0; i < n; i++) {
			say("/unannounce x");
			expect_text("unannounce: done");
			expect_announced("x", 0x410 + i, 1);
		}
	}
}

static void test_linux_announces(void **state)
{
	uint8_t ns[40] = "service";

	(void)state;
	skip_hello();
	pattern_put(ns + 32, 0x123);
	send_from(0x123, NS, ns, sizeof(ns));
	assert_true(fw_said("Linux announces service 0x123"));
	ns[36] = 1;
	send_from(0x123, NS, ns, sizeof(ns));
	assert_true(fw_said("Linux destroys service 0x123"));
	memset(ns, 'n', sizeof(ns));
	send_from(0x123, NS, ns, sizeof(ns));
	send_from(0x123, NS, ns, 39);
	assert_false(receive());
}

static void test_reset(void **state)
{
	(void)state;
	skip_hello();
	say("before");
	say("/reset");
	assert_true(fw_table.head.status & VDEV_NEEDS_RESET);
	expect_text("before");
	assert_int_not_equal(fw_kicks[0] + fw_kicks[1], 0);
	/* Nothing before it is reset. */
	say("hello");
	assert_false(receive());
	linux_gone();
	linux_ready(1);
	fill_rx();
	skip_hello();
	say("hello");
	expect_text("hello");
}

static void test_strange_messages(void **state)
{
	uint32_t dropped = talk_counts.dropped, da = fw_alloc(BUF), i;
	struct rpmsg m = { .src = ME, .dst = US, .len = 5 };

	(void)state;
	skip_hello();
	for (i = 0; i < HEADER + 5; i++) {
		memcpy(mem_at(da, BUF), &m, HEADER + 5);
		linux_add(tx, da, i, false);
		linux_kick(tx);
	}
	assert_int_equal(talk_counts.dropped, dropped + HEADER + 5);
	send_from(ME, 0x999, "hello", 5);
	assert_int_equal(talk_counts.dropped, dropped + HEADER + 6);
	/* Longer than we take. */
	da = fw_alloc(4096);
	m.len = MTU + 1;
	memcpy(mem_at(da, BUF), &m, sizeof(m));
	linux_add(tx, da, 4096, false);
	linux_kick(tx);
	assert_false(receive());
	say("/no");
	expect_text("error: no such command");
	say("/");
	expect_text("error: no such command");
	say("/status");
	assert_true(receive());
	assert_memory_equal(got.data, "status: received ", 17);
	say("/crash");
	assert_true(fw_died);
	expect_assert_failure(say("/hang"));
	assert_true(fw_hangs);
	expect_assert_failure(say("/off"));
	assert_true(fw_is_off);
}

/* A buffer too small for the answer is given back, empty, and all goes on. */
static void test_small_buffers(void **state)
{
	uint32_t da, len, i;

	(void)state;
	fw_reset(2, NUM, 1);
	service_begin();
	linux_ready(0);
	for (i = 0; i < 3; i++)
		linux_add(rx, fw_alloc(18), 18, true);
	linux_kick(rx);
	say("hi");
	say("hello");
	say("hi");
	assert_true(linux_get(rx, &da, &len));
	assert_int_equal(len, 18);
	assert_true(linux_get(rx, &da, &len));
	assert_int_equal(len, 0);
	assert_true(linux_get(rx, &da, &len));
	assert_int_equal(len, 18);
}

/* --- evil -------------------------------------------------------------------- */

static struct virtq_used_elem last_used(const struct linux_ring *r, uint16_t back)
{
	return r->used->ring[(uint16_t)(r->used->idx - 1 - back) % r->num];
}

static void do_evil(const char *what)
{
	char line[64];

	begin(1);
	skip_hello();
	snprintf(line, sizeof(line), "/evil %s", what);
	assert_true(say(line));
}

static void test_evil_used(void **state)
{
	uint32_t len = (uint32_t)strlen("/evil hdr-long");

	(void)state;
	do_evil("id-range");
	assert_int_equal(last_used(rx, 0).id, NUM);
	do_evil("id-range 1");
	assert_int_equal(last_used(tx, 0).id, NUM);
	do_evil("id-huge");
	assert_int_equal(last_used(rx, 0).id, 0xffffffff);
	do_evil("id-twice");
	assert_int_equal(last_used(rx, 0).id, last_used(rx, 1).id);
	do_evil("id-twice 1");
	assert_int_equal(last_used(tx, 0).id, last_used(tx, 1).id);
	do_evil("len-0");
	assert_int_equal(last_used(rx, 0).len, 0);
	do_evil("len-1");
	assert_int_equal(last_used(rx, 0).len, 1);
	do_evil("len-15");
	assert_int_equal(last_used(rx, 0).len, 15);
	do_evil("len-over");
	assert_int_equal(last_used(rx, 0).len, BUF + 1);
	do_evil("len-max");
	assert_int_equal(last_used(rx, 0).len, 0xffffffff);
	do_evil("hdr-long");
	assert_int_equal(last_used(rx, 0).len, HEADER + len);
	memcpy(&got, mem_at(rx->out[last_used(rx, 0).id], BUF), BUF);
	assert_int_equal(got.len, len + 1);
	do_evil("hdr-max");
	memcpy(&got, mem_at(rx->out[last_used(rx, 0).id], BUF), BUF);
	assert_int_equal(got.len, 0xffff);
	assert_int_not_equal(fw_kicks[0], 0);
}

static void test_evil_index(void **state)
{
	(void)state;
	do_evil("idx-jump");
	assert_int_equal((uint16_t)(rx->used->idx - rx->last_used), NUM + 1);
	do_evil("idx-half");
	assert_int_equal((uint16_t)(rx->used->idx - rx->last_used), 0x8000);
	do_evil("idx-back");
	assert_int_equal((uint16_t)(rx->used->idx - rx->last_used), 0xfffe);
	do_evil("idx-jump 1");
	/* The command's own buffer is one of them. */
	assert_int_equal((uint16_t)(tx->used->idx - tx->last_used), NUM + 2);
	do_evil("idx-jump 2");
	expect_text("evil: no such ring");
	do_evil("nothing");
	expect_text("evil: no such evil");
}

static void test_evil_memory(void **state)
{
	struct fw_table before;
	uint8_t ring[16 * NUM];

	(void)state;
	do_evil("desc");
	/* Linux goes by what it knows itself. */
	expect_text("evil: desc");
	say("hello");
	expect_text("hello");

	begin(1);
	memcpy(ring, rx->desc, sizeof(ring));
	do_evil("desc-all");
	assert_memory_not_equal(ring, rx->desc, 16 * NUM);
	assert_memory_not_equal(ring, tx->desc, 16 * NUM);
	do_evil("avail");
	assert_false(receive());

	do_evil("table-da");
	before = fw_table;
	assert_int_not_equal(before.ring[0].da >> 16, 0x5000);
	say("hello");
	expect_text("hello");
	do_evil("table-num");
	assert_int_not_equal(fw_table.ring[1].num, NUM);
	do_evil("table-notify");
	assert_int_not_equal(fw_table.ring[1].notifyid, 11);
	do_evil("table-config");
	assert_int_equal(fw_table.head.config_len, 65536);
	assert_int_equal(fw_table.head.num_of_vrings, 255);
	do_evil("table-status");
	assert_int_equal(fw_table.head.status, 255);
	do_evil("table-all");
	assert_int_not_equal(fw_table.head.type, RPROC_LITE_RSC_VDEV);
}

static void test_evil_lasting(void **state)
{
	(void)state;
	do_evil("storm 200");
	assert_true(fw_said("evil: storm\n"));
	assert_true(fw_said("evil: storm over\n"));
	assert_true(fw_kicks[0] > 10 && fw_kicks[1] > 10);
	say("hello");
	expect_text("hello");
	do_evil("scribble 1000");
	assert_true(fw_said("evil: scribble over\n"));
	/* A reset makes good of it. */
	linux_gone();
	fw_kick(0);
	linux_ready(1);
	fill_rx();
	skip_hello();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_announces, setup, teardown),
		cmocka_unit_test_setup_teardown(test_echo, setup, teardown),
		cmocka_unit_test_setup_teardown(test_checks, setup, teardown),
		cmocka_unit_test_setup_teardown(test_flood, setup, teardown),
		cmocka_unit_test_setup_teardown(test_flood_and_echo, setup, teardown),
		cmocka_unit_test_setup_teardown(test_sink, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hold, setup, teardown),
		cmocka_unit_test_setup_teardown(test_name_service, setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_endpoints, setup, teardown),
		cmocka_unit_test_setup_teardown(test_linux_announces, setup, teardown),
		cmocka_unit_test_setup_teardown(test_reset, setup, teardown),
		cmocka_unit_test_setup_teardown(test_strange_messages, setup, teardown),
		cmocka_unit_test_setup_teardown(test_small_buffers, setup, teardown),
		cmocka_unit_test_setup_teardown(test_evil_used, setup, teardown),
		cmocka_unit_test_setup_teardown(test_evil_index, setup, teardown),
		cmocka_unit_test_setup_teardown(test_evil_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_evil_lasting, setup, teardown),
	};

	return !!cmocka_run_group_tests_name("rpmsg", tests, NULL, NULL);
}
