// SPDX-License-Identifier: GPL-2.0-only
/* Is it JSON? See isjson.h. */
#include <ctype.h>
#include <string.h>

#include "isjson.h"

/*
 * A strict reader of JSON: NULL, or where it goes wrong.
 */
static const char *json_value(const char *s);

static const char *json_string(const char *s)
{
	if (*s++ != '"')
		return NULL;
	for (; *s != '"'; s++) {
		if (*s < 0x20 || *s > 0x7e)
			return NULL;
		if (*s != '\\')
			continue;
		s++;
		if (!*s || !strchr("\"\\/bfnrtu", *s))
			return NULL;
	}
	return s + 1;
}

static const char *json_number(const char *s)
{
	const char *begin = s += *s == '-';

	while (isdigit((unsigned char)*s))
		s++;
	return s == begin || (*begin == '0' && s > begin + 1) ? NULL : s;
}

/* Of an object or an array; @s is behind the bracket. */
static const char *json_members(const char *s, char end)
{
	if (*s == end)
		return s + 1;
	for (;;) {
		if (end == '}') {
			s = json_string(s);
			if (!s || *s++ != ':')
				return NULL;
		}
		s = json_value(s);
		if (!s || (*s != ',' && *s != end))
			return NULL;
		if (*s++ == end)
			return s;
	}
}

static const char *json_value(const char *s)
{
	static const char *const words[] = { "null", "true", "false" };
	unsigned int i;

	if (*s == '{')
		return json_members(s + 1, '}');
	if (*s == '[')
		return json_members(s + 1, ']');
	if (*s == '"')
		return json_string(s);
	for (i = 0; i < 3; i++)
		if (!strncmp(s, words[i], strlen(words[i])))
			return s + strlen(words[i]);
	return json_number(s);
}

bool is_json(const char *s)
{
	const char *end = *s == '{' ? json_value(s) : NULL;

	return end && !strcmp(end, "\n");
}
