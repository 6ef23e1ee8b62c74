// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>

#include "json.h"
#include "text.h"

static void put_string(FILE *f, const char *s)
{
	size_t left = strlen(s);
	u32 cp;
	int n;

	fputc('"', f);
	while (left) {
		n = text_decode((const u8 *)s, left, &cp);
		if (n <= 0) {
			cp = 0xfffd;
			n = 1;
		}
		if (cp == '"' || cp == '\\')
			fprintf(f, "\\%c", (char)cp);
		else if (cp >= 0x20 && cp < 0x7f)
			fputc((int)cp, f);
		else if (cp < 0x10000)
			fprintf(f, "\\u%04x", cp);
		else
			fprintf(f, "\\u%04x\\u%04x", 0xd800 + ((cp - 0x10000) >> 10),
				0xdc00 + ((cp - 0x10000) & 0x3ff));
		s += n;
		left -= (size_t)n;
	}
	fputc('"', f);
}

/* What comes before any value; the next one then needs a comma. */
static void lead(struct json *j, const char *key)
{
	if (j->more)
		fputc(',', j->f);
	j->more = true;
	if (key) {
		put_string(j->f, key);
		fputc(':', j->f);
	}
}

static void nest(struct json *j, const char *key, char bracket)
{
	lead(j, key);
	fputc(bracket, j->f);
	j->more = false;
}

static void unnest(struct json *j, char bracket)
{
	fputc(bracket, j->f);
	j->more = true;
}

void json_begin(struct json *j, FILE *f)
{
	j->f = f;
	j->more = false;
	nest(j, NULL, '{');
}

void json_end(struct json *j)
{
	fputs("}\n", j->f);
}

void json_object(struct json *j, const char *key)
{
	nest(j, key, '{');
}

void json_object_end(struct json *j)
{
	unnest(j, '}');
}

void json_array(struct json *j, const char *key)
{
	nest(j, key, '[');
}

void json_array_end(struct json *j)
{
	unnest(j, ']');
}

void json_string(struct json *j, const char *key, const char *value)
{
	lead(j, key);
	put_string(j->f, value);
}

void json_u64(struct json *j, const char *key, u64 value)
{
	lead(j, key);
	fprintf(j->f, "%" PRIu64, value);
}

void json_s64(struct json *j, const char *key, int64_t value)
{
	lead(j, key);
	fprintf(j->f, "%" PRId64, value);
}

void json_bool(struct json *j, const char *key, bool value)
{
	lead(j, key);
	fputs(value ? "true" : "false", j->f);
}

void json_null(struct json *j, const char *key)
{
	lead(j, key);
	fputs("null", j->f);
}

void json_u64_or_null(struct json *j, const char *key, u64 value, u64 none)
{
	if (value == none)
		json_null(j, key);
	else
		json_u64(j, key, value);
}

void json_hex(struct json *j, const char *key, const u8 *data, size_t len)
{
	size_t i;

	lead(j, key);
	fputc('"', j->f);
	for (i = 0; i < len; i++)
		fprintf(j->f, "%02x", data[i]);
	fputc('"', j->f);
}
