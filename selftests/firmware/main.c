// SPDX-License-Identifier: GPL-2.0-only
/*
 * The test firmware. Well-behaved, it says hello, answers words, leaves kicks to its
 * service, and shuts down when told. The variants of the Makefile have services of
 * their own, or misbehave in one way each.
 */
#include "firmware.h"
#include "service.h"
#include <linux/rproc_lite_doorbell.h>

/* Whoever ran into a fault does no work any more. */
static bool faulted;

static void hello(void)
{
	print(FW_NAME ": hello from the core with MPIDR ");
	print_hex(cpu_mpidr());
	print(" at EL");
	print_dec(cpu_level());
	print("\n");
}

/* After so many requests to shut down we do. */
static void shut_down(void)
{
	static unsigned int asked;

	print(FW_NAME ": SHUTDOWN\n");
	if (++asked < FW_SHUTDOWNS)
		return;
	doorbell_send(RPROC_LITE_WORD_SHUTDOWN_ACK);
	print(FW_NAME ": bye\n");
	cpu_off();
}

static void answer_word(uint32_t word)
{
	switch (word) {
	case RPROC_LITE_WORD_SHUTDOWN:
		shut_down();
		break;
	case RPROC_LITE_WORD_ECHO_REQUEST:
		doorbell_send(RPROC_LITE_WORD_ECHO_REPLY);
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
		if (doorbell_kick(&word))
			service_kick(word);
		else if (faulted || !service_work())
			doorbell_wait();
	}
}

void firmware_fault(uint64_t esr, uint64_t elr, uint64_t far)
{
	print(FW_NAME ": fault, ESR ");
	print_hex(esr);
	print(", ELR ");
	print_hex(elr);
	print(", FAR ");
	print_hex(far);
	print("\n");
	faulted = true;
	doorbell_send(RPROC_LITE_WORD_CRASH);
	serve();
}

void firmware_die(void)
{
	__asm__ volatile("udf #0");
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
	doorbell_init();
	doorbell_send(RPROC_LITE_WORD_READY);
#ifdef FW_CHATTY
	chat();
#endif
#ifdef FW_QUITS
	print(FW_NAME ": switching myself off\n");
	cpu_off();
#endif
#ifdef FW_FAULTS
	firmware_die();
#endif
	service_begin();
	serve();
}
