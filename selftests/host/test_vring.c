// SPDX-License-Identifier: GPL-2.0-only
/*
 * Both ends of a split ring, each against a model of the other side that is written from
 * the specification. Each ring is a block of its exact size, for the address sanitizer.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include "verdict.h"
#include "vring_device.h"
#include "vring_driver.h"

#define ALIGN		4096u
#define BASE		0x100000u

static const u32 sizes[] = { 1, 2, 4, 256, 32768 };

static struct rproc_lite_verdict why;

/* A ring in memory */

static void *block;
static struct rl_vring ring;

static size_t bytes_of(u32 num)
{
	return (size_t)rl_vring_size(num, ALIGN);
}

static void make_ring(u32 num)
{
	free(block);
	block = calloc(1, bytes_of(num));
	assert_non_null(block);
	rl_vring_init(&ring, block, num, ALIGN);
}

static int teardown(void **state)
{
	(void)state;
	free(block);
	block = NULL;
	return 0;
}

/* The raw words, apart from vring.h: offsets as the specification has them (2.7). */

static u16 get16(size_t at)
{
	return get_unaligned_le16((u8 *)block + at);
}

static u32 get32(size_t at)
{
	return get_unaligned_le32((u8 *)block + at);
}

static void put(size_t at, u64 value, unsigned int bytes)
{
	while (bytes--) {
		((u8 *)block)[at++] = (u8)value;
		value >>= 8;
	}
}

static size_t avail_at(void)
{
	return 16 * (size_t)ring.num;
}

static size_t used_at(void)
{
	return (avail_at() + 6 + 2 * (size_t)ring.num + ALIGN - 1) / ALIGN * ALIGN;
}

static size_t avail_id_at(u16 i)
{
	return avail_at() + 4 + 2 * (size_t)(i % ring.num);
}

static size_t used_event_at(void)
{
	return avail_at() + 4 + 2 * (size_t)ring.num;
}

static size_t used_elem_at(u16 i)
{
	return used_at() + 4 + 8 * (size_t)(i % ring.num);
}

static size_t avail_event_at(void)
{
	return used_at() + 4 + 8 * (size_t)ring.num;
}

static void put_desc(u32 id, u64 addr, u32 len, u16 flags, u16 next)
{
	put(16 * (size_t)id, addr, 8);
	put(16 * (size_t)id + 8, len, 4);
	put(16 * (size_t)id + 12, flags, 2);
	put(16 * (size_t)id + 14, next, 2);
}

/*
 * 2.7.10 without arithmetic: whoever wrote entries @old up to, not including, @now
 * notifies if one of them was entry @event.
 */
static bool event_was_passed(u16 event, u16 now, u16 old)
{
	for (; old != now; old++)
		if (old == event)
			return true;
	return false;
}

static void test_layout(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		make_ring(sizes[i]);
		assert_int_equal(bytes_of(sizes[i]), used_at() + 6 + 8 * (size_t)sizes[i]);
		assert_ptr_equal(ring.desc, block);
		assert_ptr_equal(ring.avail, (u8 *)block + avail_at());
		assert_ptr_equal(ring.used, (u8 *)block + used_at());
		assert_ptr_equal(rl_vring_avail_event(&ring), (u8 *)block + avail_event_at());
		assert_ptr_equal(rl_vring_avail_event(&ring) + 2, (u8 *)block + bytes_of(sizes[i]));
		assert_ptr_equal(rl_vring_used_event(&ring), (u8 *)block + used_event_at());
		assert_ptr_equal(rl_vring_avail_id(&ring, 0xffff), (u8 *)block + avail_id_at(0xffff));
		assert_ptr_equal(rl_vring_used_elem(&ring, 0xffff), (u8 *)block + used_elem_at(0xffff));
	}
}

static void test_passed(void **state)
{
	static const u16 steps[] = { 0, 1, 2, 3, 255, 256, 257, 32767, 32768, 65535 };
	u32 event, i;
	u16 old, now;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(steps); i++)
		for (event = 0; event < 65536; event += 1 + (event % 7 == 3) * 250) {
			old = (u16)(65530 + 13 * i);
			now = (u16)(old + steps[i]);
			assert_int_equal(rl_vring_passed((u16)event, now, old),
					 event_was_passed((u16)event, now, old));
		}
}

/* The driver's end, against a model of a device */

static struct rl_vring_driver driver;
static struct rl_vring_slot *slots;

/* What the device has, by id; what its chains are. */
static struct {
	bool out;
	u64 out_addr, in_addr;
	u32 out_len, in_len;
} given[32768];
static u32 num_given;

static void make_driver(u32 num, bool event_idx)
{
	make_ring(num);
	free(slots);
	slots = malloc(num * sizeof(*slots));
	assert_non_null(slots);
	memset(slots, 0xa5, num * sizeof(*slots));
	rl_vring_driver_init(&driver, &ring, slots, event_idx);
	memset(given, 0, sizeof(given));
	num_given = 0;
}

static int driver_teardown(void **state)
{
	free(slots);
	slots = NULL;
	return teardown(state);
}

/* All descriptors are accounted for, by the free list and by what is out. */
static void assert_free_list_sane(void)
{
	static bool seen[32768];
	u32 i, n = 0, id = driver.free;

	memset(seen, 0, sizeof(seen));
	for (; n < driver.num_free; n++, id = slots[id].next) {
		assert_true(id < ring.num);
		assert_false(seen[id]);
		assert_false(slots[id].live);
		seen[id] = true;
	}
	for (i = 0; i < ring.num; i++) {
		if (!slots[i].live)
			continue;
		assert_false(seen[i]);
		seen[i] = true;
		n++;
		if (!slots[i].chained)
			continue;
		assert_false(seen[slots[i].next]);
		seen[slots[i].next] = true;
		n++;
	}
	assert_int_equal(n, ring.num);
}

static int add(u32 out_len, u32 in_len)
{
	struct rl_vring_buf out = { .addr = 0x123456789abcull + random() % 1000, .len = out_len };
	struct rl_vring_buf in = { .addr = 0xfedcba98765ull + random() % 1000, .len = in_len };
	int id = rl_vring_driver_add(&driver, out, in);

	if (id < 0)
		return id;
	assert_true((u32)id < ring.num);
	assert_false(given[id].out);
	given[id].out = true;
	given[id].out_addr = out.addr;
	given[id].in_addr = in.addr;
	given[id].out_len = out_len;
	given[id].in_len = in_len;
	num_given++;
	return id;
}

static void device_sees_desc(u32 id, u64 addr, u32 len, u16 flags)
{
	assert_true(id < ring.num);
	assert_int_equal(get_unaligned_le64((u8 *)block + 16 * id), addr);
	assert_int_equal(get32(16 * id + 8), len);
	assert_int_equal(get16(16 * id + 12), flags);
}

/* The device reads a chain as it was meant. Return: its head. */
static u16 device_takes(u16 at)
{
	u16 id = get16(avail_id_at(at)), next;

	assert_true(id < ring.num && given[id].out);
	if (given[id].out_len && given[id].in_len) {
		next = get16(16 * (size_t)id + 14);
		device_sees_desc(id, given[id].out_addr, given[id].out_len, 1);
		device_sees_desc(next, given[id].in_addr, given[id].in_len, 2);
	} else if (given[id].out_len) {
		device_sees_desc(id, given[id].out_addr, given[id].out_len, 0);
	} else {
		device_sees_desc(id, given[id].in_addr, given[id].in_len, 2);
	}
	return id;
}

static void device_gives(u16 *used, u32 id, u32 len)
{
	put(used_elem_at(*used), id, 4);
	put(used_elem_at(*used) + 4, len, 4);
	put(used_at() + 2, ++*used, 2);
}

static int take(struct rl_vring_done *done)
{
	int ret;

	memset(&why, 0, sizeof(why));
	ret = rl_vring_driver_take(&driver, done, &why);
	if (ret < 0) {
		assert_int_equal(why.error, ret);
		assert_int_equal(why.where, RPROC_LITE_AT_RING);
		assert_string_not_equal(why.text, "");
	}
	if (ret != 1)
		return ret;
	assert_true(done->id < ring.num && given[done->id].out);
	assert_int_equal(done->room, given[done->id].in_len);
	given[done->id].out = false;
	num_given--;
	return 1;
}

static void test_driver_adds(void **state)
{
	struct rl_vring_done done;
	u16 used = 0;

	(void)state;
	make_driver(4, false);
	assert_int_equal(add(0, 0), -EINVAL);
	assert_int_equal(driver.num_free, 4);
	assert_false(rl_vring_driver_publish(&driver));
	assert_in_range(add(1, 0), 0, 3);
	assert_in_range(add(0, 2), 0, 3);
	assert_in_range(add(3, 4), 0, 3);
	assert_int_equal(add(5, 0), -ENOSPC);
	assert_int_equal(get16(avail_at() + 2), 0);
	assert_true(rl_vring_driver_publish(&driver));
	assert_false(rl_vring_driver_publish(&driver));
	assert_int_equal(get16(avail_at() + 2), 3);
	/* In another order than they came. */
	device_gives(&used, device_takes(2), 4);
	device_gives(&used, device_takes(0), 0);
	assert_int_equal(take(&done), 1);
	assert_int_equal(done.len, 4);
	assert_int_equal(done.room, 4);
	assert_int_equal(driver.num_free, 2);
	assert_in_range(add(6, 7), 0, 3);
	assert_int_equal(add(1, 0), -ENOSPC);
	assert_int_equal(take(&done), 1);
	assert_int_equal(take(&done), 0);
	/* A pair does not fit where one does. */
	assert_int_equal(add(1, 1), -ENOSPC);
	assert_int_equal(driver.num_free, 1);
	assert_free_list_sane();
}

/* More often than an index can count; in bursts of all sizes, notified as a reference says. */
static void driver_goes_round(u32 num, bool event_idx)
{
	u32 total = 0, burst, n, i, limit = 70000;
	struct rl_vring_done done;
	u16 used = 0, seen = 0, old, event;
	bool told, expected, flag;
	int id;

	make_driver(num, event_idx);
	while (total < limit) {
		/* A device that does not look at the other kind of wish. */
		event = random() % 3 ? seen : (u16)random();
		flag = random() % 2;
		put(avail_event_at(), event, 2);
		put(used_at(), flag, 2);
		burst = 1 + (u32)random() % num;
		old = driver.avail;
		for (n = 0; n < burst; n++) {
			id = random() % 2 ? add((u32)random() % 9, 1 + (u32)random() % 9) :
					    add(1 + (u32)random() % 9, 0);
			if (id < 0)
				break;
		}
		assert_int_equal(driver.avail, (u16)(old + n));
		told = rl_vring_driver_publish(&driver);
		assert_int_equal(get16(avail_at() + 2), (u16)(old + n));
		expected = event_idx ? event_was_passed(event, (u16)(old + n), old) : n && !flag;
		assert_int_equal(told, expected);
		for (; seen != (u16)(old + n); seen++)
			device_gives(&used, device_takes(seen), seen);
		for (i = 0; i < n; i++) {
			assert_int_equal(take(&done), 1);
			assert_int_equal(done.len, (u16)(total + i));
		}
		assert_int_equal(take(&done), 0);
		assert_int_equal(driver.num_free, num);
		total += n;
	}
	assert_free_list_sane();
}

static void test_driver_goes_round(void **state)
{
	size_t i;

	(void)state;
	srandom(1);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		driver_goes_round(sizes[i], false);
		driver_goes_round(sizes[i], true);
	}
}

static void fill(u32 num)
{
	u32 i;

	make_driver(num, false);
	for (i = 0; i < num; i++)
		assert_return_code(add(0, 100), 0);
	rl_vring_driver_publish(&driver);
}

static void breaks(u16 idx)
{
	struct rl_vring_done done;

	put(used_at() + 2, idx, 2);
	assert_int_equal(take(&done), -EIO);
	assert_int_equal(take(&done), -EIO);
	assert_free_list_sane();
}

static void test_driver_index(void **state)
{
	struct rl_vring_done done;
	u16 used = 0;
	size_t i;
	u32 num;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		num = sizes[i];
		fill(num);
		breaks((u16)(num + 1));
		if (num < 32768)
			breaks(0x8000);
		breaks(0xffff);
		/* Backwards, and more than are out though not more than the ring has. */
		fill(num);
		used = 0;
		device_gives(&used, device_takes(0), 0);
		assert_int_equal(take(&done), 1);
		breaks(0);
		breaks((u16)(num + 1));
		/* Nothing is out that could come back. */
		make_driver(num, false);
		breaks(1);
		/* Nor what was added, but not shown. */
		make_driver(num, false);
		assert_return_code(add(1, 0), 0);
		breaks(1);
	}
}

/* An id that is not out is skipped, and the next one taken. */
static void test_driver_ids(void **state)
{
	static const u32 bad[] = { 4, 5, 0x8000, 0xffff, 0x10000, 0x10001, 0xffffffff };
	struct rl_vring_done done;
	u16 used, head;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		fill(4);
		used = 0;
		head = device_takes(0);
		device_gives(&used, bad[i], 0);
		device_gives(&used, head, 7);
		assert_int_equal(take(&done), -EBADMSG);
		assert_int_equal(take(&done), 1);
		assert_int_equal(done.id, head);
		assert_int_equal(done.len, 7);
		/* Twice. */
		device_gives(&used, head, 7);
		assert_int_equal(take(&done), -EBADMSG);
		assert_int_equal(take(&done), 0);
		assert_free_list_sane();
	}
	/* The second descriptor of a chain heads none. */
	make_driver(4, false);
	used = 0;
	head = (u16)add(1, 1);
	rl_vring_driver_publish(&driver);
	device_gives(&used, slots[head].next, 0);
	assert_int_equal(take(&done), -EBADMSG);
	assert_free_list_sane();
}

/* Whatever length it says is passed on, with what there is room for. */
static void test_driver_lengths(void **state)
{
	static const u32 lens[] = { 0, 1, 99, 100, 101, 0x7fffffff, 0xffffffff };
	struct rl_vring_done done;
	u16 used = 0;
	size_t i;

	(void)state;
	make_driver(1, false);
	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		assert_int_equal(add(0, 100), 0);
		rl_vring_driver_publish(&driver);
		device_gives(&used, device_takes((u16)i), lens[i]);
		assert_int_equal(take(&done), 1);
		assert_int_equal(done.len, lens[i]);
		assert_int_equal(done.room, 100);
	}
}

/* What the device reads of our wish to be told. */
static void test_driver_wants(void **state)
{
	struct rl_vring_done done;
	u16 used = 0;
	u32 i;

	(void)state;
	make_driver(2, false);
	assert_false(rl_vring_driver_want(&driver, true));
	assert_int_equal(get16(avail_at()), 0);
	assert_false(rl_vring_driver_want(&driver, false));
	assert_int_equal(get16(avail_at()), 1);
	add(1, 0);
	rl_vring_driver_publish(&driver);
	device_gives(&used, device_takes(0), 0);
	assert_true(rl_vring_driver_want(&driver, true));
	assert_int_equal(get16(avail_at()), 0);

	make_driver(2, true);
	used = 0;
	for (i = 0; i < 70000; i++) {
		assert_false(rl_vring_driver_want(&driver, true));
		assert_int_equal(get16(avail_at()), 0);
		assert_true(event_was_passed(get16(used_event_at()), (u16)(used + 1), used));
		/* Told not to, it is not told of what comes next. */
		assert_false(rl_vring_driver_want(&driver, false));
		assert_false(event_was_passed(get16(used_event_at()), (u16)(used + 2), used));
		assert_in_range(add(1, 0), 0, 1);
		rl_vring_driver_publish(&driver);
		device_gives(&used, device_takes((u16)i), 0);
		assert_true(rl_vring_driver_want(&driver, true));
		assert_int_equal(take(&done), 1);
	}
}

/* The device writes anything anywhere, at any time. */
static void test_driver_scribbled_on(void **state)
{
	static const u32 nums[] = { 1, 2, 4, 64 };
	struct rl_vring_done done;
	u32 round, i, taken = 0;
	size_t at;

	(void)state;
	srandom(2);
	for (round = 0; round < 2000; round++) {
		make_driver(nums[round % ARRAY_SIZE(nums)], round & 4);
		for (i = 0; i < 200; i++) {
			switch (random() % 6) {
			case 0:
				at = (size_t)random() % bytes_of(ring.num);
				((u8 *)block)[at] = (u8)random();
				break;
			case 1:	/* likely ones, or all ends at the first step */
				put(used_at() + 2, driver.used + (random() % 4 ? 1 : random() % 3), 2);
				put(used_elem_at(driver.used), random() % (ring.num + 1), 4);
				break;
			case 2:
				add((u32)random() % 2, (u32)random() % 2);
				fallthrough;
			case 3:
				rl_vring_driver_publish(&driver);
				break;
			case 4:
				/* Which ids come back, and that they are out, is seen to there. */
				taken += take(&done) == 1;
				break;
			case 5:
				rl_vring_driver_want(&driver, random() % 2);
				break;
			}
		}
		assert_free_list_sane();
		for (i = 0; i < ring.num; i++)
			assert_int_equal(slots[i].live, given[i].out);
	}
	assert_true(taken > 5000);
}

/* The device's end, against a model of a driver */

static struct rl_vring_device device;

static void make_device(u32 num, bool event_idx)
{
	make_ring(num);
	rl_vring_device_init(&device, &ring, event_idx);
}

/* The driver offers a chain that is there already. */
static void driver_offers(u16 *avail, u16 head)
{
	put(avail_id_at(*avail), head, 2);
	put(avail_at() + 2, ++*avail, 2);
}

static int peek(struct rl_vring_chain *c)
{
	int ret;

	memset(&why, 0, sizeof(why));
	ret = rl_vring_device_peek(&device, c, &why);
	if (ret < 0) {
		assert_int_equal(ret, -EIO);
		assert_int_equal(why.error, ret);
		assert_string_not_equal(why.text, "");
	}
	return ret;
}

static void test_device_walks(void **state)
{
	struct rl_vring_chain c;
	u16 avail = 0;
	int again;

	(void)state;
	make_device(4, false);
	assert_false(rl_vring_device_has(&device));
	assert_int_equal(peek(&c), 0);
	put_desc(3, 0x1122334455667788ull, 9, 1, 1);
	put_desc(1, 0xffffffffffffffffull, 0, 1 | 2, 0);
	put_desc(0, 0, 0xffffffff, 2, 99);
	driver_offers(&avail, 3);
	assert_true(rl_vring_device_has(&device));
	for (again = 0; again < 3; again++) {
		if (again < 2)
			assert_int_equal(peek(&c), 1);
		else
			rl_vring_chain_at(&device, &c, 3);
		assert_int_equal(c.head, 3);
		assert_int_equal(rl_vring_chain_next(&device, &c, &why), 1);
		assert_true(c.addr == 0x1122334455667788ull && c.len == 9 && !c.write);
		assert_int_equal(rl_vring_chain_next(&device, &c, &why), 1);
		assert_true(c.addr == 0xffffffffffffffffull && c.len == 0 && c.write);
		assert_int_equal(rl_vring_chain_next(&device, &c, &why), 1);
		assert_true(c.addr == 0 && c.len == 0xffffffff && c.write);
		assert_int_equal(rl_vring_chain_next(&device, &c, &why), 0);
		assert_int_equal(rl_vring_chain_next(&device, &c, &why), 0);
	}
	rl_vring_device_take(&device);
	assert_int_equal(peek(&c), 0);
	assert_false(rl_vring_device_has(&device));
	rl_vring_device_give(&device, 3, 77);
	assert_int_equal(get16(used_at() + 2), 0);
	assert_true(rl_vring_device_publish(&device));
	assert_false(rl_vring_device_publish(&device));
	assert_int_equal(get16(used_at() + 2), 1);
	assert_int_equal(get32(used_elem_at(0)), 3);
	assert_int_equal(get32(used_elem_at(0) + 4), 77);
}

static void device_goes_round(u32 num, bool event_idx)
{
	u32 total = 0, burst, n, i;
	u16 avail = 0, old, event, came = 0;
	struct rl_vring_chain c;
	bool expected, flag;

	make_device(num, event_idx);
	for (i = 0; i < num; i++)
		put_desc(i, BASE + i, i, 0, 0);
	while (total < 70000) {
		burst = 1 + (u32)random() % num;
		for (n = 0; n < burst; n++)
			driver_offers(&avail, (u16)((total + n) * 3 % num));
		old = device.used;
		for (n = 0; n < burst; n++) {
			assert_int_equal(peek(&c), 1);
			assert_int_equal(c.head, (total + n) * 3 % num);
			assert_int_equal(rl_vring_chain_next(&device, &c, &why), 1);
			assert_int_equal(c.len, c.head);
			rl_vring_device_take(&device);
			rl_vring_device_give(&device, c.head, total + n);
		}
		assert_int_equal(peek(&c), 0);
		event = random() % 3 ? came : (u16)random();
		flag = random() % 2;
		put(used_event_at(), event, 2);
		put(avail_at(), flag, 2);
		expected = event_idx ? event_was_passed(event, (u16)(old + n), old) : !flag;
		assert_false(rl_vring_device_is_anew(&device));
		assert_int_equal(rl_vring_device_publish(&device), expected);
		assert_int_equal(get16(used_at() + 2), (u16)(old + n));
		assert_false(rl_vring_device_is_anew(&device));
		for (n = 0; n < burst; n++, came++) {
			assert_int_equal(get32(used_elem_at(came)), (total + n) * 3 % num);
			assert_int_equal(get32(used_elem_at(came) + 4), total + n);
		}
		assert_false(rl_vring_device_want(&device));
		if (event_idx)
			assert_true(event_was_passed(get16(avail_event_at()), (u16)(avail + 1),
						     avail));
		total += burst;
	}
}

static void test_device_goes_round(void **state)
{
	size_t i;

	(void)state;
	srandom(3);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		device_goes_round(sizes[i], false);
		device_goes_round(sizes[i], true);
	}
}

static void test_device_index(void **state)
{
	struct rl_vring_chain c;
	u16 avail;
	size_t i;
	u32 num;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		num = sizes[i];
		make_device(num, false);
		put(avail_at() + 2, num, 2);
		assert_int_equal(peek(&c), 1);
		put(avail_at() + 2, num + 1, 2);
		assert_int_equal(peek(&c), -EIO);
		assert_int_equal(peek(&c), -EIO);
		if (num < 32768) {
			put(avail_at() + 2, 0x8000, 2);
			assert_int_equal(peek(&c), -EIO);
		}
		/* Backwards. */
		make_device(num, false);
		avail = 0;
		driver_offers(&avail, 0);
		assert_int_equal(peek(&c), 1);
		rl_vring_device_take(&device);
		put(avail_at() + 2, 0, 2);
		assert_int_equal(peek(&c), -EIO);
	}
}

static void test_device_heads(void **state)
{
	struct rl_vring_chain c;
	u16 avail;
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		make_device(sizes[i], false);
		avail = 0;
		driver_offers(&avail, (u16)sizes[i]);
		assert_int_equal(peek(&c), -EIO);
		put(avail_id_at(0), 0xffff, 2);
		assert_int_equal(peek(&c), -EIO);
		put(avail_id_at(0), sizes[i] - 1, 2);
		assert_int_equal(peek(&c), 1);
		assert_int_equal(rl_vring_chain_next(&device, &c, &why), 1);
		assert_int_equal(rl_vring_chain_next(&device, &c, &why), 0);
	}
}

/* Walk until the end. Return: descriptors, or -EIO. */
static int walk(u16 head)
{
	struct rl_vring_chain c;
	int n = 0, ret;

	rl_vring_chain_at(&device, &c, head);
	memset(&why, 0, sizeof(why));
	while ((ret = rl_vring_chain_next(&device, &c, &why)) > 0)
		assert_in_range(++n, 1, ring.num);
	if (!ret)
		return n;
	assert_int_equal(ret, -EIO);
	assert_int_equal(why.error, -EIO);
	assert_int_equal(why.where, RPROC_LITE_AT_RING);
	return ret;
}

static void test_device_chains(void **state)
{
	size_t k;
	u32 i, num;

	(void)state;
	for (k = 0; k < ARRAY_SIZE(sizes); k++) {
		num = sizes[k];
		make_device(num, false);
		/* As long as can be, then a circle of all, then of the last one alone. */
		for (i = 0; i < num; i++)
			put_desc(i, BASE, 1, i < num - 1, (u16)(i + 1));
		assert_int_equal(walk(0), num);
		put_desc(num - 1, BASE, 1, 1, 0);
		assert_int_equal(walk(0), -EIO);
		assert_non_null(strstr(why.text, "more descriptors"));
		put_desc(num - 1, BASE, 1, 1, (u16)(num - 1));
		assert_int_equal(walk(0), -EIO);
		assert_int_equal(walk((u16)(num - 1)), -EIO);
		/* Out of the table. */
		put_desc(num - 1, BASE, 1, 1, (u16)num);
		assert_int_equal(walk((u16)(num - 1)), -EIO);
		assert_non_null(strstr(why.text, "no descriptor"));
		put_desc(num - 1, BASE, 1, 1, 0xffff);
		assert_int_equal(walk(0), -EIO);
		assert_non_null(strstr(why.text, "no descriptor"));
		put_desc(num - 1, BASE, 1, 0, 0xffff);
		assert_int_equal(walk(0), num);
		/* A table of its own. */
		put_desc(num - 1, BASE, 16, 4, 0);
		assert_int_equal(walk(0), -EIO);
		assert_non_null(strstr(why.text, "indirect"));
		put_desc(num - 1, BASE, 16, 4 | 2, 0);
		assert_int_equal(walk(0), -EIO);
		/* Flags that mean nothing. */
		put_desc(num - 1, BASE, 16, 0xfff8, 0);
		assert_int_equal(walk(0), num);
	}
}

/* The driver changes a chain between two looks. */
static void test_device_chain_grows(void **state)
{
	struct rl_vring_chain c;
	u32 n = 0;

	(void)state;
	make_device(4, false);
	put_desc(0, BASE, 1, 1, 1);
	rl_vring_chain_at(&device, &c, 0);
	while (rl_vring_chain_next(&device, &c, &why) > 0) {
		put_desc(c.next, BASE, 1, 1, (u16)(3 - c.next));
		assert_true(++n <= 4);
	}
	assert_int_equal(n, 4);
}

static void test_device_anew(void **state)
{
	struct rl_vring_chain c;
	u16 avail = 0;

	(void)state;
	make_device(4, false);
	assert_false(rl_vring_device_is_anew(&device));
	driver_offers(&avail, 0);
	assert_int_equal(peek(&c), 1);
	rl_vring_device_take(&device);
	rl_vring_device_give(&device, 0, 0);
	assert_false(rl_vring_device_is_anew(&device));
	rl_vring_device_publish(&device);
	assert_false(rl_vring_device_is_anew(&device));
	memset(block, 0, bytes_of(4));
	assert_true(rl_vring_device_is_anew(&device));
}

static void test_device_scribbled_on(void **state)
{
	static const u32 nums[] = { 1, 2, 4, 64 };
	u32 round, i, taken = 0;
	struct rl_vring_chain c;
	size_t at;
	u16 used;

	(void)state;
	srandom(4);
	for (round = 0; round < 3000; round++) {
		make_device(nums[round % ARRAY_SIZE(nums)], round & 4);
		for (i = 0; i < 100; i++) {
			at = (size_t)random() % bytes_of(ring.num);
			((u8 *)block)[at] = (u8)random();
			put_desc((u32)random() % ring.num, (u64)random() << 30, (u32)random(),
				 (u16)(random() % 16 ? random() % 4 : random()),
				 (u16)(random() % (ring.num + 1)));
			put(avail_id_at(device.avail), random() % (ring.num + 1), 2);
			put(avail_at() + 2, device.avail + random() % 4, 2);
			used = device.used;
			if (peek(&c) == 1) {
				assert_true(c.head < ring.num);
				walk(c.head);
				rl_vring_device_take(&device);
				rl_vring_device_give(&device, c.head, 1);
				used++;
				taken++;
			}
			rl_vring_device_publish(&device);
			rl_vring_device_want(&device);
			rl_vring_device_has(&device);
			assert_int_equal(device.used, used);
			assert_int_equal(device.published, used);
		}
	}
	assert_true(taken > 10000);
}

/* Both ends, which sleep unless they are told. */

static void both_ends(u32 num, bool event_idx, u32 steps)
{
	u32 added = 0, took = 0, gave = 0, back = 0, kicks = 0, calls = 0, i;
	bool device_sleeps = false, driver_sleeps = false;
	struct rl_vring_done done;
	struct rl_vring_chain c;

	make_driver(num, event_idx);
	rl_vring_device_init(&device, &ring, event_idx);
	/* Which of them begins to wait first does not matter. */
	if (random() % 2)
		rl_vring_device_want(&device);
	rl_vring_driver_want(&driver, false);
	for (i = 0; i < steps; i++) {
		switch (random() % 6) {
		case 0:
			if (add(1, random() % 2) >= 0)
				added++;
			break;
		case 1:
			if (rl_vring_driver_publish(&driver)) {
				kicks++;
				device_sleeps = false;
			}
			break;
		case 2:
			if (device_sleeps)
				break;
			if (peek(&c) == 1) {
				rl_vring_device_take(&device);
				rl_vring_device_give(&device, c.head, took);
				took++;
			} else if (!rl_vring_device_want(&device)) {
				device_sleeps = true;
			}
			break;
		case 3:
			gave = took;
			if (rl_vring_device_publish(&device)) {
				calls++;
				driver_sleeps = false;
			}
			break;
		case 4:
			if (driver_sleeps)
				break;
			if (take(&done) == 1) {
				assert_int_equal(done.len, back);
				back++;
			} else if (random() % 2) {
				rl_vring_driver_want(&driver, false);
			} else if (!rl_vring_driver_want(&driver, true)) {
				driver_sleeps = true;
			}
			break;
		case 5:
			/* Awake, with better things to do. */
			if (!driver_sleeps)
				rl_vring_driver_want(&driver, false);
			break;
		}
		/* Whoever sleeps has nothing to do. */
		assert_false(device_sleeps && driver.published != device.avail);
		assert_false(driver_sleeps && gave != back);
	}
	assert_true(back > steps / 40);
	assert_true(kicks && calls);
	assert_true(num == 1 || (kicks <= added && calls <= took));
	assert_free_list_sane();
}

static void test_both_ends(void **state)
{
	size_t i;

	(void)state;
	srandom(5);
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		both_ends(sizes[i], false, 1000000);
		both_ends(sizes[i], true, 1000000);
	}
}

#define RING_TEST(name)		cmocka_unit_test_teardown(name, driver_teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		RING_TEST(test_layout),
		RING_TEST(test_passed),
		RING_TEST(test_driver_adds),
		RING_TEST(test_driver_goes_round),
		RING_TEST(test_driver_index),
		RING_TEST(test_driver_ids),
		RING_TEST(test_driver_lengths),
		RING_TEST(test_driver_wants),
		RING_TEST(test_driver_scribbled_on),
		RING_TEST(test_device_walks),
		RING_TEST(test_device_goes_round),
		RING_TEST(test_device_index),
		RING_TEST(test_device_heads),
		RING_TEST(test_device_chains),
		RING_TEST(test_device_chain_grows),
		RING_TEST(test_device_anew),
		RING_TEST(test_device_scribbled_on),
		RING_TEST(test_both_ends),
	};

	return !!cmocka_run_group_tests_name("vring", tests, NULL, NULL);
}
