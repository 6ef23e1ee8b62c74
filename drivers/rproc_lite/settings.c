// SPDX-License-Identifier: GPL-2.0-only
/* Configuration data: settings that come as text with config. */
#include "settings.h"
#include "verdict.h"

int rl_bad_setting(struct rproc_lite_verdict *v, size_t at, const char *key, const char *why)
{
	return rl_refuse(v, -EINVAL, RPROC_LITE_AT_ARGUMENT, RPROC_LITE_NO_INDEX, at,
			 "setting %.64s: %s", key, why);
}

int rl_settings_next(char *data, size_t len, size_t *at, struct rl_setting *s,
		     struct rproc_lite_verdict *v)
{
	char *text = data + *at, *end, *equals;

	if (*at == len)
		return 0;
	end = memchr(text, 0, len - *at);
	if (!end)
		return rl_refuse(v, -EINVAL, RPROC_LITE_AT_ARGUMENT, RPROC_LITE_NO_INDEX, *at,
				 "the last setting does not end");
	equals = strchr(text, '=');
	if (!equals || equals == text)
		return rl_bad_setting(v, *at, text, "is not of the form key=value");
	*equals = 0;
	s->at = *at;
	s->key = text;
	s->value = equals + 1;
	*at += (size_t)(end - text) + 1;
	return 1;
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 16;
}

int rl_parse_u64(const char *text, u64 *value)
{
	u64 base = 10, top = U64_MAX / 10, n = 0;
	int d;

	if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
		base = 16;
		top = U64_MAX / 16;
		text += 2;
	}
	do {
		d = digit(*text++);
		if ((u64)d >= base || n > top || n * base > U64_MAX - (u64)d)
			return -EINVAL;
		n = n * base + (u64)d;
	} while (*text);
	*value = n;
	return 0;
}

bool rl_setting_is_harmless(const struct rl_setting *s)
{
	return !strcmp(s->key, "stop-timeout-ms") || !strcmp(s->key, "virtio");
}

int rl_settings_set(struct rl_settings *settings, const struct rl_setting *s,
		    struct rproc_lite_verdict *v)
{
	u64 n = 0;
	bool number = !rl_parse_u64(s->value, &n);

	if (!strcmp(s->key, "stop-timeout-ms")) {
		if (!number || !n || n > RPROC_LITE_TIMEOUT_MAX_MS)
			return rl_bad_setting(v, s->at, s->key, "wants 1 to 3600000 milliseconds");
		settings->stop_timeout_ms = (u32)n;
	} else if (!strcmp(s->key, "load-address")) {
		if (!number)
			return rl_bad_setting(v, s->at, s->key, "wants a device address");
		settings->load_address = n;
		settings->has_load_address = true;
	} else if (!strcmp(s->key, "boot-address")) {
		if (!number)
			return rl_bad_setting(v, s->at, s->key, "wants a device address");
		settings->boot_address = n;
		settings->has_boot_address = true;
	} else if (!strcmp(s->key, "virtio")) {
		settings->virtio_by_hand = !strcmp(s->value, "manual");
		if (!settings->virtio_by_hand && strcmp(s->value, "auto"))
			return rl_bad_setting(v, s->at, s->key, "wants auto or manual");
	} else {
		return -EOPNOTSUPP;
	}
	return 0;
}
