// SPDX-License-Identifier: GPL-2.0-only
/* The endpoints that we have, and what Linux's name service is told of them. */
#include "firmware.h"
#include "names.h"
#include "text.h"

#define DESTROY		1
#define NAME_MAX	32
#define ENDPOINTS	16
/* The first address for whoever names none. */
#define ANY_ADDR	0x410

struct announcement {
	char name[NAME_MAX];
	uint32_t addr, flags;
};

/* @wanted: it is there. @told: and Linux knows. */
static struct endpoint {
	char name[NAME_MAX];
	uint32_t addr;
	bool wanted, told;
} endpoints[ENDPOINTS];

void names_begin(void)
{
	memset(endpoints, 0, sizeof(endpoints));
}

bool names_has(uint32_t addr)
{
	unsigned int i;

	for (i = 0; i < ENDPOINTS; i++)
		if (endpoints[i].wanted && endpoints[i].addr == addr)
			return true;
	return false;
}

/* @addr 0: any. */
static struct endpoint *by_name(const char *name, uint32_t addr)
{
	unsigned int i;

	for (i = 0; i < ENDPOINTS; i++)
		if (endpoints[i].wanted && text_equal(endpoints[i].name, name) &&
		    (!addr || endpoints[i].addr == addr))
			return &endpoints[i];
	return NULL;
}

bool names_add(const char *name, uint32_t addr)
{
	struct text t = { .size = NAME_MAX - 1 };
	unsigned int i;

	for (i = 0; i < ENDPOINTS; i++)
		if (!endpoints[i].wanted && !endpoints[i].told)
			break;
	if (i == ENDPOINTS || names_has(addr))
		return false;
	memset(&endpoints[i], 0, sizeof(endpoints[i]));
	t.at = endpoints[i].name;
	text_put(&t, name);
	endpoints[i].addr = addr;
	endpoints[i].wanted = true;
	return true;
}

void names_forget(void)
{
	unsigned int i;

	for (i = 0; i < ENDPOINTS; i++)
		endpoints[i].told = false;
}

bool names_news(struct talk_message *m)
{
	struct announcement a;
	unsigned int i;

	for (i = 0; i < ENDPOINTS; i++)
		if (endpoints[i].wanted != endpoints[i].told)
			break;
	if (i == ENDPOINTS)
		return false;
	memcpy(a.name, endpoints[i].name, NAME_MAX);
	a.addr = endpoints[i].addr;
	a.flags = endpoints[i].wanted ? 0 : DESTROY;
	endpoints[i].told = endpoints[i].wanted;
	m->us = NAMES_ADDR;
	m->them = NAMES_ADDR;
	m->len = sizeof(a);
	memcpy(m->data, &a, sizeof(a));
	return true;
}

void names_hear(const struct talk_message *m)
{
	struct announcement a;

	if (m->len != sizeof(a))
		return;
	memcpy(&a, m->data, sizeof(a));
	a.name[NAME_MAX - 1] = '\0';
	print(a.flags & DESTROY ? FW_NAME ": Linux destroys " : FW_NAME ": Linux announces ");
	print(a.name);
	print(" ");
	print_hex(a.addr);
	print("\n");
}

bool names_run_announce(struct talk_message *m, char *args)
{
	struct text t = { .at = (char *)m->data, .size = TALK_MAX };
	const char *name = text_word(&args);
	uint32_t addr = ANY_ADDR;

	if (!*name)
		return talk_say(m, "announce", "say NAME [ADDR]");
	if (!text_number(text_word(&args), &addr))
		while (names_has(addr))
			addr++;
	if (!names_add(name, addr))
		return talk_say(m, "announce", "no room, or the address is taken");
	/* At most what a command may be long. */
	text_put(&t, "announce: ");
	text_put(&t, name);
	text_put(&t, " ");
	text_hex(&t, addr);
	m->len = t.len;
	return true;
}

bool names_run_unannounce(struct talk_message *m, char *args)
{
	const char *name = text_word(&args);
	uint32_t addr = 0;
	struct endpoint *e;

	text_number(text_word(&args), &addr);
	e = by_name(name, addr);
	if (!e)
		return talk_say(m, "unannounce", "no such endpoint");
	e->wanted = false;
	return talk_say(m, "unannounce", "done");
}
