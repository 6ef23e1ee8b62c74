// SPDX-License-Identifier: GPL-2.0-only
/* Which remotes there are, and the one that is meant. */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "device.h"
#include "verdict.h"

#ifndef RPROCCTL_DEV_DIR
#define RPROCCTL_DEV_DIR	"/dev"
#endif
#define PREFIX			"rproc_lite"

/* A decimal number without sign or leading zeros, as device nodes have it. */
static bool parse_number(const char *s, u32 *number)
{
	u64 n = 0;

	if (!*s || (s[0] == '0' && s[1]))
		return false;
	for (; *s; s++) {
		if (*s < '0' || *s > '9')
			return false;
		n = n * 10 + (u64)(*s - '0');
		if (n > U32_MAX)
			return false;
	}
	*number = (u32)n;
	return true;
}

static int compare_numbers(const void *a, const void *b)
{
	u32 x = *(const u32 *)a, y = *(const u32 *)b;

	return (x > y) - (x < y);
}

size_t device_numbers(u32 **numbers)
{
	struct dirent *entry;
	u32 *list = NULL, *more, n;
	size_t count = 0;
	DIR *dir;

	*numbers = NULL;
	dir = opendir(RPROCCTL_DEV_DIR);
	if (!dir)
		return 0;
	while ((entry = readdir(dir))) {
		if (strncmp(entry->d_name, PREFIX, strlen(PREFIX)) ||
		    !parse_number(entry->d_name + strlen(PREFIX), &n))
			continue;
		more = realloc(list, (count + 1) * sizeof(*list));
		if (!more)
			break;
		list = more;
		list[count++] = n;
	}
	closedir(dir);
	if (count)
		qsort(list, count, sizeof(*list), compare_numbers);
	*numbers = list;
	return count;
}

static int open_path(struct device *d, bool act, struct rproc_lite_verdict *v)
{
	int ret;

	d->fd = open(d->path, (act ? O_RDWR : O_RDONLY) | O_CLOEXEC);
	if (d->fd < 0) {
		ret = errno == ENOENT || errno == ENXIO ? ENODEV : errno;
		return rl_refuse_plain(v, -ret, RPROC_LITE_AT_NOTHING, "%s: %s", d->path,
				       strerror(errno));
	}
	ret = device_info(d, v);
	if (ret)
		device_close(d);
	return ret;
}

int device_open_number(struct device *d, u32 number, bool act,
		       struct rproc_lite_verdict *v)
{
	snprintf(d->path, sizeof(d->path), RPROCCTL_DEV_DIR "/" PREFIX "%u", number);
	return open_path(d, act, v);
}

/* Append @name to the list of names in @buf. */
static void add_name(char *buf, size_t size, const char *name)
{
	size_t at = strlen(buf);

	snprintf(buf + at, size - at, "%s%s", at ? ", " : "", name);
}

/* Which of @numbers bears the name @remote, or the number? */
static int find(const u32 *numbers, size_t count, const char *remote, u32 *found,
		struct rproc_lite_verdict *v)
{
	struct rproc_lite_verdict why = { 0 };
	char names[128] = "";
	struct device d;
	int ret = 0;
	size_t i;
	u32 n;

	for (i = 0; i < count; i++) {
		if (device_open_number(&d, numbers[i], false, &why)) {
			ret = why.error;
			*v = why;
			continue;
		}
		device_close(&d);
		*found = numbers[i];
		if (!strcmp(d.info.name, remote))
			return 0;
		add_name(names, sizeof(names), d.info.name);
	}
	if (parse_number(remote, &n)) {
		for (i = 0; i < count; i++) {
			*found = n;
			if (numbers[i] == n)
				return 0;
		}
	}

	/* It may be one that we could not ask: then that is the reason. */
	if (ret)
		return ret;
	if (!names[0])
		return rl_refuse_plain(v, -ENODEV, RPROC_LITE_AT_NOTHING,
				       "no remotes here; try: modprobe rproc_lite_platform");
	return rl_refuse_plain(v, -ENODEV, RPROC_LITE_AT_NOTHING,
			       "no such remote; there are: %s", names);
}

/* Other files are not even opened: a FIFO would block, a tape would rewind. */
static int open_named_path(struct device *d, const char *path, bool act,
			   struct rproc_lite_verdict *v)
{
	struct stat st;

	if (strlen(path) >= sizeof(d->path))
		return rl_refuse_plain(v, -ENODEV, RPROC_LITE_AT_NOTHING,
				       "the path is too long");
	if (!stat(path, &st) && !S_ISCHR(st.st_mode))
		return rl_refuse_plain(v, -ENODEV, RPROC_LITE_AT_NOTHING,
				       "not a character device");
	snprintf(d->path, sizeof(d->path), "%s", path);
	return open_path(d, act, v);
}

int device_open(struct device *d, const char *remote, bool act,
		struct rproc_lite_verdict *v)
{
	u32 *numbers, number = 0;
	size_t count;
	int ret;

	if (strchr(remote, '/'))
		return open_named_path(d, remote, act, v);

	count = device_numbers(&numbers);
	ret = find(numbers, count, remote, &number, v);
	free(numbers);
	return ret ? ret : device_open_number(d, number, act, v);
}
