// SPDX-License-Identifier: GPL-2.0-only
#include <time.h>

#include "duration.h"

bool duration_parse(const char *s, u64 *ms)
{
	u64 n = 0, unit;

	if (*s < '0' || *s > '9')
		return false;
	for (; *s >= '0' && *s <= '9'; s++) {
		n = n * 10 + (u64)(*s - '0');
		if (n > U32_MAX)
			return false;
	}

	if (!*s || !strcmp(s, "ms"))
		unit = 1;
	else if (!strcmp(s, "s"))
		unit = 1000;
	else if (!strcmp(s, "m") || !strcmp(s, "min"))
		unit = 60000;
	else
		return false;
	*ms = n * unit;
	return true;
}

const char *duration_text(char buf[DURATION_MAX], u64 ms)
{
	u64 s = ms / 1000;

	if (ms < 1000)
		snprintf(buf, DURATION_MAX, "%u ms", (unsigned int)ms);
	else if (s < 60 && ms % 1000 < 100)
		snprintf(buf, DURATION_MAX, "%u s", (unsigned int)s);
	else if (s < 60)
		snprintf(buf, DURATION_MAX, "%u.%u s", (unsigned int)s,
			 (unsigned int)(ms % 1000 / 100));
	else if (s < 3600)
		snprintf(buf, DURATION_MAX, "%u min %u s", (unsigned int)(s / 60),
			 (unsigned int)(s % 60));
	else
		snprintf(buf, DURATION_MAX, "%llu h %u min",
			 (unsigned long long)(s / 3600), (unsigned int)(s / 60 % 60));
	return buf;
}

u64 duration_now(int clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (u64)ts.tv_sec * 1000 + (u64)ts.tv_nsec / 1000000;
}
