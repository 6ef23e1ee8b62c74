/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is said to a message, whatever carried it. A service brings messages here
 * and sends the answers.
 *
 * A message that begins with "/" is a command, and the answer is text. One that
 * begins as pattern.h says is checked. All but commands are echoed as they came,
 * unless a sink takes them.
 *
 *	/flood N SIZE [SEED]	N patterned messages of SIZE bytes, seq 0 to N - 1, seed
 *				SEED + seq; then "flood: N sent in US us"
 *	/sink N			the next N messages from here are counted and checked, and
 *				not echoed; then "sink: N messages B bytes X bad Y gaps in
 *				US us". A gap is a seq that is not the one before plus 1
 *	/hold MS		for so long take no message at all
 *	/status			"status: received N bytes N echoed N bad N dropped N sent N"
 *	/crash			run into a fault
 *	/hang			be deaf and busy for ever
 *	/off			switch the core off
 *	/bark			raise the watchdog's interrupt, where the board has one
 *
 * The service adds its own. What can't be done is answered "NAME: why".
 */
#ifndef TALK_H
#define TALK_H

#include <stdbool.h>
#include <stdint.h>

#define TALK_MAX	512

struct talk_message {
	uint32_t us, them;	/* our address, theirs; 0 where there are none */
	uint32_t len;
	uint8_t data[TALK_MAX] __attribute__((__aligned__(8)));
};

/* Runs a command; @args is what follows its name. Return: @m is the answer. */
typedef bool talk_run(struct talk_message *m, char *args);

struct talk_command {
	const char *name;
	talk_run *run;
};

/* The service's own; one without a name ends them. */
extern const struct talk_command talk_more_commands[];

struct talk_counts {
	uint32_t received, bytes, echoed, bad, dropped, sent;
};

extern struct talk_counts talk_counts;

/* @max: bytes of a message that the service can carry. */
void talk_begin(uint32_t max);
/* The other side is gone: floods and sinks are off. */
void talk_forget(void);
/* Return: @m is now the answer, to be sent. */
bool talk_answer(struct talk_message *m);
/* Is there more to say, unasked? Return: @m is it. */
bool talk_more(struct talk_message *m);
bool talk_has_more(void);
bool talk_on_hold(void);
/* Make @m the answer "NAME: WHY". Return: true. */
bool talk_say(struct talk_message *m, const char *name, const char *why);

#endif /* TALK_H */
