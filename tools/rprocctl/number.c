// SPDX-License-Identifier: GPL-2.0-only
#include "number.h"
#include "settings.h"

bool number_parse(const char *s, u64 *n)
{
	return !rl_parse_u64(s, n);
}

bool number_parse_size(const char *s, u64 *n)
{
	size_t len = strlen(s);
	unsigned int shift = 0;
	char digits[32];

	if (!len || len >= sizeof(digits))
		return false;
	memcpy(digits, s, len + 1);
	switch (digits[len - 1]) {
	case 'k':
	case 'K':
		shift = 10;
		break;
	case 'm':
	case 'M':
		shift = 20;
		break;
	case 'g':
	case 'G':
		shift = 30;
		break;
	}
	if (shift)
		digits[len - 1] = '\0';
	if (!number_parse(digits, n) || *n > U64_MAX >> shift)
		return false;
	*n <<= shift;
	return true;
}
