/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef RL_SETTINGS_H
#define RL_SETTINGS_H

#include "env.h"
#include <linux/rproc_lite.h>

/**
 * struct rl_settings - what the core takes from config's data
 * @stop_timeout_ms: how long to wait for firmware, 0 for the remote's own limit
 * @load_address: da for an image that is no ELF
 * @boot_address: da to start at, whatever the image says
 * @virtio_by_hand: make no virtio devices at start
 * @has_load_address: it was given
 * @has_boot_address: it was given
 */
struct rl_settings {
	u32 stop_timeout_ms;
	u64 load_address;
	u64 boot_address;
	bool virtio_by_hand;
	bool has_load_address;
	bool has_boot_address;
};

/**
 * struct rl_setting - one "key=value"
 * @at: where it begins in the data
 * @key: NUL-terminated, not empty
 * @value: NUL-terminated
 */
struct rl_setting {
	size_t at;
	const char *key;
	const char *value;
};

/**
 * rl_settings_next() - take the next setting off config's data
 * @data: "key=value" and a NUL, again and again; the '=' is overwritten
 * @len: bytes of @data
 * @at: where to go on, 0 at first; is moved on
 * @s: filled in
 * @v: the reason, if refused
 *
 * Return: 1 if there is one, 0 at the end, -EINVAL.
 */
int rl_settings_next(char *data, size_t len, size_t *at, struct rl_setting *s,
		     struct rproc_lite_verdict *v);

/* Whoever may act may give it: it does not choose what runs. */
bool rl_setting_is_harmless(const struct rl_setting *s);

/* Take one that the core knows. Return: 0, -EOPNOTSUPP if it doesn't, -EINVAL. */
int rl_settings_set(struct rl_settings *settings, const struct rl_setting *s,
		    struct rproc_lite_verdict *v);

/* A setting is no good: @key at @at, and why. Return: -EINVAL. */
int rl_bad_setting(struct rproc_lite_verdict *v, size_t at, const char *key, const char *why);

/* A number, hexadecimal (0x1000) or decimal (4096), all of @text. Return: 0 or -EINVAL. */
int rl_parse_u64(const char *text, u64 *value);

#endif /* RL_SETTINGS_H */
