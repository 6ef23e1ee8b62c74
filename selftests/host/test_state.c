// SPDX-License-Identifier: GPL-2.0-only
/* The life of a remote: every state with every event, and the words for it. */
#include "common.h"

#include "state.h"

#define ALL_STATES	7

/*
 * Written down a second time, from the specification and the design rather than
 * from state.c. Columns: Offline, Configured, Ready, Running, Stopped, Suspended,
 * Crashed; what an event makes of it by the first letter ('c' Configured, 'C'
 * Crashed, 'S' Suspended, 's' Stopped), '-' if it is refused.
 */
static const struct {
	enum rl_event event;
	const char *name;
	const char *next;
	const char *words;
} life[] = {
	{ RL_EV_CONFIG, "config", "c------", "Offline" },
	{ RL_EV_LOAD, "load", "-r--r--", "Configured or Stopped" },
	{ RL_EV_START, "start", "--R-R--", "Ready or Stopped" },
	{ RL_EV_STOP, "stop", "o-sssss", "Offline, Ready, Running, Stopped, Suspended or Crashed" },
	{ RL_EV_HALT, "stop", "---s-ss", "Running, Suspended or Crashed" },
	{ RL_EV_SHUTDOWN, "shutdown", "ooooooo",
	  "Offline, Configured, Ready, Running, Stopped, Suspended or Crashed" },
	{ RL_EV_SUSPEND, "suspend", "---S---", "Running" },
	{ RL_EV_RESUME, "resume", "-----R-", "Suspended" },
	{ RL_EV_CRASH, "crash", "---C-C-", "Running or Suspended" },
	{ RL_EV_DUMP, "dump", "------C", "Crashed" },
	{ RL_EV_RECOVER, "recover", "------R", "Crashed" },
	{ RL_EV_SET_RSC, "set_rsc_table", "--r----", "Ready" },
	{ RL_EV_CREATE_VIRTIO, "create_virtio", "---R---", "Running" },
	{ RL_EV_REMOVE_VIRTIO, "remove_virtio", "---R-S-", "Running or Suspended" },
};

static const struct {
	enum rproc_lite_state state;
	const char *name;
	char letter;
} states[] = {
	{ RPROC_LITE_OFFLINE, "Offline", 'o' },
	{ RPROC_LITE_CONFIGURED, "Configured", 'c' },
	{ RPROC_LITE_READY, "Ready", 'r' },
	{ RPROC_LITE_RUNNING, "Running", 'R' },
	{ RPROC_LITE_STOPPED, "Stopped", 's' },
	{ RPROC_LITE_SUSPENDED, "Suspended", 'S' },
	{ RPROC_LITE_CRASHED, "Crashed", 'C' },
};

static int state_of(char letter)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(states); i++)
		if (states[i].letter == letter)
			return states[i].state;
	return -EBADFD;
}

static void test_every_pair(void **state)
{
	size_t i, s;
	int ret;

	(void)state;
	assert_int_equal(ARRAY_SIZE(life), RL_EV_NUM);
	assert_int_equal(ARRAY_SIZE(states), ALL_STATES);
	assert_int_equal(RL_STATE_NUM, ALL_STATES);
	for (i = 0; i < ARRAY_SIZE(life); i++) {
		for (s = 0; s < ARRAY_SIZE(states); s++) {
			ret = rl_state_next(states[s].state, life[i].event);
			if (ret != state_of(life[i].next[s]))
				fail_msg("%s in %s leads to %d, expected %d", life[i].name,
					 states[s].name, ret, state_of(life[i].next[s]));
		}
	}
}

static void test_out_of_range(void **state)
{
	static const unsigned int bad[] = { ALL_STATES, 8, 255, 256, 0x7fffffff, 0x80000000,
					    0xffffffff };
	size_t i;
	unsigned int k;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		for (k = 0; k < RL_EV_NUM; k++)
			assert_int_equal(rl_state_next((enum rproc_lite_state)bad[i],
						       (enum rl_event)k), -EBADFD);
		if (bad[i] < RL_EV_NUM)
			continue;
		for (k = 0; k < ALL_STATES; k++)
			assert_int_equal(rl_state_next((enum rproc_lite_state)k,
						       (enum rl_event)bad[i]), -EBADFD);
		assert_string_equal(rl_state_name((enum rproc_lite_state)bad[i]), "?");
		assert_string_equal(rl_event_name((enum rl_event)bad[i]), "?");
	}
}

static void test_names(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(states); i++)
		assert_string_equal(rl_state_name(states[i].state), states[i].name);
	for (i = 0; i < ARRAY_SIZE(life); i++)
		assert_string_equal(rl_event_name(life[i].event), life[i].name);
}

static void test_words(void **state)
{
	char buf[80];
	size_t i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(life); i++) {
		rl_state_words(life[i].event, buf, sizeof(buf));
		assert_string_equal(buf, life[i].words);
		/* lifecycle.c has room for 63, and prints those that can be refused. */
		if (strchr(life[i].next, '-'))
			assert_true(strlen(buf) < 64);
	}
}

/* Cut, but ended, and nothing behind. */
static void test_words_cut(void **state)
{
	char buf[80];
	size_t i, len;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(life); i++) {
		for (len = 1; len < sizeof(buf); len++) {
			memset(buf, '#', sizeof(buf));
			rl_state_words(life[i].event, buf, len);
			assert_true(strlen(buf) < len);
			assert_memory_equal(buf, life[i].words, strlen(buf));
			assert_int_equal(buf[len], '#');
		}
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_pair),
		cmocka_unit_test(test_out_of_range),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_words_cut),
	};

	return !!cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
