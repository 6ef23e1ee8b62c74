// SPDX-License-Identifier: GPL-2.0-only
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "term.h"

static bool utf8;

void term_init(void)
{
	setlocale(LC_CTYPE, "");
	utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
}

bool term_utf8(void)
{
	return utf8;
}

bool term_smart(FILE *f)
{
	const char *term = getenv("TERM");

	return isatty(fileno(f)) && term && *term && strcmp(term, "dumb");
}

bool term_color(FILE *f)
{
	const char *no = getenv("NO_COLOR");

	return !(no && *no) && term_smart(f);
}

int term_width(FILE *f)
{
	const char *columns = getenv("COLUMNS");
	struct winsize ws;
	int width = 0;

	if (!ioctl(fileno(f), TIOCGWINSZ, &ws))
		width = ws.ws_col;
	if (width <= 0 && columns)
		width = atoi(columns);
	return width > 0 ? width : 80;
}

void term_paint(FILE *f, const char *color)
{
	if (color && term_color(f))
		fprintf(f, "\033[%sm", color);
}

void term_plain(FILE *f)
{
	if (term_color(f))
		fputs("\033[0m", f);
}
