/* SPDX-License-Identifier: GPL-2.0-only */
/* What the terminal can do, if there is one. */
#ifndef RPROCCTL_TERM_H
#define RPROCCTL_TERM_H

#include "env.h"

#define TERM_RED	"31"
#define TERM_GREEN	"32"
#define TERM_YELLOW	"33"
#define TERM_BLUE	"34"
#define TERM_MAGENTA	"35"
#define TERM_CYAN	"36"
#define TERM_BOLD	"1"
#define TERM_DIM	"2"

/* Reads the locale; call once, first. */
void term_init(void);

/* The locale's character set is UTF-8. */
bool term_utf8(void);

/* @f is a terminal that understands escape sequences. */
bool term_smart(FILE *f);

/* The same, and the user has not set NO_COLOR. */
bool term_color(FILE *f);

/* Columns of the terminal @f, or $COLUMNS, or 80. */
int term_width(FILE *f);

/* "\e[31m", or "" where @f takes no colours; term_plain() ends it. */
void term_paint(FILE *f, const char *color);
void term_plain(FILE *f);

#endif /* RPROCCTL_TERM_H */
