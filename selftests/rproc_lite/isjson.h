/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ISJSON_H
#define ISJSON_H

#include <stdbool.h>

/* One object of JSON on one line, its newline included, and nothing else. */
bool is_json(const char *s);

#endif /* ISJSON_H */
