/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small JSON writer: one line, ASCII only. Whatever is not UTF-8 becomes
 * U+FFFD, so that a hostile name can't break the document. @key is NULL within
 * an array and for the outermost value.
 */
#ifndef RPROCCTL_JSON_H
#define RPROCCTL_JSON_H

#include "env.h"

struct json {
	FILE *f;
	bool more;		/* a comma comes before the next value */
};

/* Start a document, an object all in all; json_end() ends it and the line. */
void json_begin(struct json *j, FILE *f);
void json_end(struct json *j);

void json_object(struct json *j, const char *key);
void json_object_end(struct json *j);
void json_array(struct json *j, const char *key);
void json_array_end(struct json *j);

void json_string(struct json *j, const char *key, const char *value);
void json_u64(struct json *j, const char *key, u64 value);
void json_s64(struct json *j, const char *key, int64_t value);
void json_bool(struct json *j, const char *key, bool value);
void json_null(struct json *j, const char *key);

/* A number, or null where @value is @none. */
void json_u64_or_null(struct json *j, const char *key, u64 value, u64 none);

/* Bytes as a string of hexadecimal digits. */
void json_hex(struct json *j, const char *key, const u8 *data, size_t len);

#endif /* RPROCCTL_JSON_H */
