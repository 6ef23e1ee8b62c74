// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files come of a virtio device at some depth: a port's device is below the virtio
 * device, an rpmsg channel's below the channel. So all that is below is looked at;
 * symbolic links, which lead elsewhere, are not.
 */
#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "sysfs.h"

#define BUS		"/sys/bus/virtio/devices"
#define PATH_ROOM	512
#define DEPTH_MAX	6

/* The first line of an attribute; false if there is none. */
static bool read_line(const char *dir, const char *attribute, char *buf, size_t size)
{
	char path[PATH_ROOM + SYSFS_NAME_MAX];
	FILE *f;
	bool ok;

	snprintf(path, sizeof(path), "%s/%s", dir, attribute);
	f = fopen(path, "re");
	ok = f && fgets(buf, (int)size, f);
	if (f)
		fclose(f);
	if (!ok)
		return false;
	buf[strcspn(buf, "\n")] = '\0';
	return true;
}

/* The last part of what a link leads to; "" if there is none. */
static void read_link(const char *dir, const char *link, char name[SYSFS_NAME_MAX])
{
	char path[PATH_ROOM + SYSFS_NAME_MAX], target[PATH_ROOM];
	const char *slash;
	ssize_t n;

	snprintf(path, sizeof(path), "%s/%s", dir, link);
	n = readlink(path, target, sizeof(target) - 1);
	target[n > 0 ? n : 0] = '\0';
	slash = strrchr(target, '/');
	snprintf(name, SYSFS_NAME_MAX, "%.*s", SYSFS_NAME_MAX - 1, slash ? slash + 1 : target);
}

/* If the device in @dir has a file in /dev, note it. */
static void note_file(struct sysfs_virtio *s, const char *dir)
{
	struct sysfs_file *more, *f;
	char number[32];

	if (!read_line(dir, "dev", number, sizeof(number)))
		return;
	more = realloc(s->files, (s->num_files + 1) * sizeof(*more));
	if (!more)
		return;
	s->files = more;
	f = &more[s->num_files++];
	memset(f, 0, sizeof(*f));
	snprintf(f->name, sizeof(f->name), "%.*s", SYSFS_NAME_MAX - 1, strrchr(dir, '/') + 1);
	read_link(dir, "subsystem", f->class);
	read_line(dir, "name", f->label, sizeof(f->label));
}

static void walk(struct sysfs_virtio *s, const char *dir, int depth)
{
	char path[PATH_ROOM];
	struct dirent *entry;
	DIR *d;

	d = depth < DEPTH_MAX ? opendir(dir) : NULL;
	if (!d)
		return;
	while ((entry = readdir(d))) {
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.' ||
		    snprintf(path, sizeof(path), "%s/%s", dir, entry->d_name) >= PATH_ROOM)
			continue;
		note_file(s, path);
		walk(s, path, depth + 1);
	}
	closedir(d);
}

static int compare(const void *a, const void *b)
{
	return strverscmp(((const struct sysfs_file *)a)->name,
			  ((const struct sysfs_file *)b)->name);
}

void sysfs_read(struct sysfs_virtio *s, const char *name)
{
	char dir[PATH_ROOM];

	memset(s, 0, sizeof(*s));
	if (!*name)
		return;
	snprintf(dir, sizeof(dir), BUS "/%s", name);
	read_link(dir, "driver", s->driver);
	walk(s, dir, 0);
	if (s->num_files)
		qsort(s->files, s->num_files, sizeof(*s->files), compare);
}

void sysfs_free(struct sysfs_virtio *s)
{
	free(s->files);
	memset(s, 0, sizeof(*s));
}
