// SPDX-License-Identifier: GPL-2.0-only
/* What is said to a message: see talk.h. */
#include "firmware.h"
#include "pattern.h"
#include "talk.h"
#include "text.h"

#define COMMAND_MAX	128

struct talk_counts talk_counts;

static uint32_t max_len;
static uint64_t hold_until;

static struct {
	bool on;
	uint32_t us, them;
	uint32_t size, seed, seq, num;
	uint64_t began;
} flood;

static struct {
	bool on;
	uint32_t us, them;
	uint32_t num, left, bytes, bad, gaps, seq;
	bool seen;
	uint64_t began;
} sink;

void talk_begin(uint32_t max)
{
	max_len = max < TALK_MAX ? max : TALK_MAX;
	talk_forget();
}

void talk_forget(void)
{
	flood.on = false;
	sink.on = false;
	hold_until = 0;
}

static struct text reply(struct talk_message *m, const char *name)
{
	struct text t = { .at = (char *)m->data, .size = max_len };

	text_put(&t, name);
	text_put(&t, ": ");
	return t;
}

bool talk_say(struct talk_message *m, const char *name, const char *why)
{
	struct text t = reply(m, name);

	text_put(&t, why);
	m->len = t.len;
	return true;
}

static void put_count(struct text *t, const char *before, uint64_t count, const char *after)
{
	text_put(t, before);
	text_dec(t, count);
	text_put(t, after);
}

/* --- commands ---------------------------------------------------------------- */

static bool run_flood(struct talk_message *m, char *args)
{
	uint32_t num, size, seed = 0;

	if (flood.on)
		return talk_say(m, "flood", "one runs already");
	if (!text_number(text_word(&args), &num) || !text_number(text_word(&args), &size))
		return talk_say(m, "flood", "say N SIZE [SEED]");
	if (size < PATTERN_HEADER || size > max_len)
		return talk_say(m, "flood", "no such size");
	text_number(text_word(&args), &seed);
	flood.on = true;
	flood.us = m->us;
	flood.them = m->them;
	flood.num = num;
	flood.size = size;
	flood.seed = seed;
	flood.seq = 0;
	flood.began = clock_us();
	return false;
}

static bool run_sink(struct talk_message *m, char *args)
{
	uint32_t num;

	if (!text_number(text_word(&args), &num) || !num)
		return talk_say(m, "sink", "say N");
	memset(&sink, 0, sizeof(sink));
	sink.on = true;
	sink.us = m->us;
	sink.them = m->them;
	sink.num = num;
	sink.left = num;
	sink.began = clock_us();
	return false;
}

static bool run_hold(struct talk_message *m, char *args)
{
	uint32_t ms;

	if (!text_number(text_word(&args), &ms))
		return talk_say(m, "hold", "say MS");
	hold_until = clock_us() + 1000ull * ms;
	return talk_say(m, "hold", "begins");
}

static bool run_status(struct talk_message *m, char *args)
{
	struct text t = reply(m, "status");

	(void)args;
	put_count(&t, "received ", talk_counts.received, "");
	put_count(&t, " bytes ", talk_counts.bytes, "");
	put_count(&t, " echoed ", talk_counts.echoed, "");
	put_count(&t, " bad ", talk_counts.bad, "");
	put_count(&t, " dropped ", talk_counts.dropped, "");
	put_count(&t, " sent ", talk_counts.sent, "");
	m->len = t.len;
	return true;
}

static bool run_crash(struct talk_message *m, char *args)
{
	(void)m;
	(void)args;
	firmware_die();
	return false;
}

static bool run_hang(struct talk_message *m, char *args)
{
	(void)m;
	(void)args;
	firmware_hang();
}

static bool run_off(struct talk_message *m, char *args)
{
	(void)m;
	(void)args;
	print(FW_NAME ": switching myself off\n");
	cpu_quit();
	return false;
}

#ifdef FW_HAS_WATCHDOG
static bool run_bark(struct talk_message *m, char *args)
{
	(void)m;
	(void)args;
	print(FW_NAME ": barking\n");
	bell_bark();
	return false;
}
#endif

static const struct talk_command commands[] = {
	{ "flood", run_flood },
	{ "sink", run_sink },
	{ "hold", run_hold },
	{ "status", run_status },
	{ "crash", run_crash },
	{ "hang", run_hang },
	{ "off", run_off },
#ifdef FW_HAS_WATCHDOG
	{ "bark", run_bark },
#endif
	{ NULL, NULL },
};

static talk_run *find(const struct talk_command *c, const char *name)
{
	while (c->name && !text_equal(c->name, name))
		c++;
	return c->run;
}

static bool obey(struct talk_message *m)
{
	char line[COMMAND_MAX], *args = line, *name;
	talk_run *run;

	if (m->len > sizeof(line))
		return talk_say(m, "error", "too long a command");
	memcpy(line, m->data + 1, m->len - 1);
	line[m->len - 1] = '\0';
	name = text_word(&args);
	run = find(commands, name);
	if (!run)
		run = find(talk_more_commands, name);
	return run ? run(m, args) : talk_say(m, "error", "no such command");
}

/* --- everything else --------------------------------------------------------- */

static void tell_bad(const struct talk_message *m, uint32_t wrong)
{
	talk_counts.bad++;
	print(FW_NAME ": bad message, seq ");
	print_dec(pattern_get(m->data + 4));
	print(", byte ");
	print_dec(wrong);
	print("\n");
}

/* Return: the offset of the first byte that is not as it should be, or its length. */
static uint32_t check(const struct talk_message *m)
{
	uint32_t wrong;

	if (!pattern_is(m->data, m->len))
		return m->len;
	wrong = pattern_check(m->data, m->len);
	if (wrong < m->len)
		tell_bad(m, wrong);
	return wrong;
}

static bool is_for_sink(const struct talk_message *m)
{
	return sink.on && sink.us == m->us && sink.them == m->them;
}

static bool drown(struct talk_message *m)
{
	struct text t;

	if (check(m) < m->len)
		sink.bad++;
	if (pattern_is(m->data, m->len)) {
		if (sink.seen && pattern_get(m->data + 4) != sink.seq + 1)
			sink.gaps++;
		sink.seq = pattern_get(m->data + 4);
		sink.seen = true;
	}
	sink.bytes += m->len;
	if (--sink.left)
		return false;
	sink.on = false;
	t = reply(m, "sink");
	put_count(&t, "", sink.num, " messages ");
	put_count(&t, "", sink.bytes, " bytes ");
	put_count(&t, "", sink.bad, " bad ");
	put_count(&t, "", sink.gaps, " gaps in ");
	put_count(&t, "", clock_us() - sink.began, " us");
	m->len = t.len;
	return true;
}

bool talk_answer(struct talk_message *m)
{
	uint32_t wrong;

	talk_counts.received++;
	talk_counts.bytes += m->len;
	if (m->len && m->data[0] == '/')
		return obey(m);
	if (is_for_sink(m))
		return drown(m);
	wrong = check(m);
	if (wrong < m->len)
		m->len = pattern_complain(m->data, m->len, wrong);
	else
		talk_counts.echoed++;
	return true;
}

bool talk_has_more(void)
{
	return flood.on;
}

bool talk_more(struct talk_message *m)
{
	struct text t;

	if (!flood.on)
		return false;
	m->us = flood.us;
	m->them = flood.them;
	if (flood.seq < flood.num) {
		m->len = flood.size;
		pattern_make(m->data, m->len, flood.seq, flood.seed + flood.seq);
		flood.seq++;
		return true;
	}
	flood.on = false;
	t = reply(m, "flood");
	put_count(&t, "", flood.num, " sent in ");
	put_count(&t, "", clock_us() - flood.began, " us");
	m->len = t.len;
	return true;
}

bool talk_on_hold(void)
{
	if (hold_until && clock_us() >= hold_until)
		hold_until = 0;
	return hold_until;
}
