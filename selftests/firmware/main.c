// SPDX-License-Identifier: GPL-2.0-only
/*
 * The test firmware. Well-behaved, it says hello, answers words, leaves kicks to its
 * service, and shuts down when told. The variants of the Makefile have services of
 * their own, or misbehave in one way each.
 */
#include "firmware.h"
#include "service.h"
#include <linux/rproc_lite_doorbell.h>

/* What a variant may have otherwise. */
#ifndef FW_SHUTDOWNS
#define FW_SHUTDOWNS	1
#endif
/* A control word that it does not know; it knows all. */
#ifndef FW_UNKNOWN
#define FW_UNKNOWN	0
#endif

#ifdef FW_SCRIBBLE
#define MAY_WAIT	0
#else
#define MAY_WAIT	1
#endif

/* A control word of which it dies; of none. */
#ifndef FW_DIES_OF
#define FW_DIES_OF	0
#endif

/* Whoever ran into a fault does no work any more. */
static bool faulted;
/* Nothing is done until there is another word. */
static bool suspended;

static void hello(void)
{
	print(FW_NAME ": hello from the core with ");
	cpu_introduce();
	print("\n");
}

/* After so many requests to shut down we do. */
static void shut_down(void)
{
	static unsigned int asked;

	print(FW_NAME ": SHUTDOWN\n");
	if (++asked < FW_SHUTDOWNS)
		return;
	/* Before the answer: a core behind a reset line ends there. */
	print(FW_NAME ": bye\n");
	doorbell_send(RPROC_LITE_WORD_SHUTDOWN_ACK);
	cpu_off();
}

/*
 * Before the answer, since we are to be quiet after it. Words overtake kicks: those that
 * came before this one do not wake us.
 */
static void suspend(void)
{
	uint32_t id, n;

	for (n = 0; n < RPROC_LITE_DOORBELL_KICKS && doorbell_kick(&id); n++)
		service_kick(id);
	print(FW_NAME ": suspended\n");
	suspended = true;
	doorbell_send(RPROC_LITE_WORD_SUSPEND_ACK);
}

/* Any word, a kick too. */
static void resume(void)
{
	if (!suspended)
		return;
	suspended = false;
	print(FW_NAME ": resumed\n");
}

static void answer_word(uint32_t word)
{
	if (word == FW_DIES_OF && !faulted)
		firmware_die();
	if (word != RPROC_LITE_WORD_SUSPEND)
		resume();
	switch (word == FW_UNKNOWN ? 0 : word) {
	case RPROC_LITE_WORD_SHUTDOWN:
		shut_down();
		break;
	case RPROC_LITE_WORD_ECHO_REQUEST:
		doorbell_send(RPROC_LITE_WORD_ECHO_REPLY);
		break;
	case RPROC_LITE_WORD_SUSPEND:
		suspend();
		break;
	default:
		print(FW_NAME ": word ");
		print_hex(word);
		print("\n");
	}
}

/* Words go first: no work and no storm of kicks keeps us from shutting down. */
static void serve(void) __attribute__((__noreturn__));
static void serve(void)
{
	uint32_t word;

	for (;;) {
		while (doorbell_word(&word))
			answer_word(word);
#ifdef FW_SCRIBBLE
		/* No kick tells of that wish, so we never wait for one. */
		if (scribble_is_wanted())
			scribble_run();
#endif
		if (doorbell_kick(&word)) {
			resume();
			service_kick(word);
		} else if ((faulted || suspended || !service_work()) && MAY_WAIT) {
			bell_wait();
		}
	}
}

/*
 * A core dump may be read from our memory as soon as Linux knows, so from then on nothing is
 * written, not even a stack, until Linux wants something. Kicks of before are no such wish.
 */
void firmware_fault(void)
{
	faulted = true;
	doorbell_send(RPROC_LITE_WORD_CRASH);
	while (!doorbell_word_pending())
		;
	serve();
}

void firmware_hang(void)
{
	volatile uint32_t *counter = table_counter();
	uint32_t n;

	print(FW_NAME ": hanging\n");
	for (n = 1;; n++)
		if (counter)
			counter[0] = n;
}

#ifdef FW_CHATTY
/* More text than the trace buffer holds, many times over. */
static void chat(void)
{
	uint32_t i;

	for (i = 0; i < FW_CHATTY; i++) {
		print("line ");
		print_dec(i);
		print("\n");
	}
}
#endif

void firmware_main(void)
{
	trace_init();
	hello();
	bell_init();
#ifdef FW_FAULTS_EARLY
	firmware_die();
#endif
	doorbell_send(RPROC_LITE_WORD_READY);
#ifdef FW_CHATTY
	chat();
#endif
#ifdef FW_QUITS
	print(FW_NAME ": switching myself off\n");
	cpu_quit();
#endif
#ifdef FW_FAULTS
	firmware_die();
#endif
	service_begin();
#ifdef FW_SCRIBBLE
	scribble_begin();
#endif
	serve();
}
