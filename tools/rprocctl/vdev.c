// SPDX-License-Identifier: GPL-2.0-only
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>

#include "text.h"
#include "vdev.h"

int vdev_read(struct vdev *vd, struct device *d, u32 index, struct rproc_lite_verdict *v)
{
	int ret;

	memset(vd, 0, sizeof(*vd));
	vd->virtio.index = index;
	ret = device_virtio(d, &vd->virtio, v);
	if (!ret)
		sysfs_read(&vd->sysfs, vd->virtio.name);
	return ret;
}

void vdev_free(struct vdev *vd)
{
	sysfs_free(&vd->sysfs);
}

const char *vdev_id_name(u32 id)
{
	static const char *const names[] = {
		[VIRTIO_ID_NET] = "net",
		[VIRTIO_ID_BLOCK] = "block",
		[VIRTIO_ID_CONSOLE] = "console",
		[VIRTIO_ID_RNG] = "rng",
		[VIRTIO_ID_RPMSG] = "rpmsg",
		[VIRTIO_ID_RPROC_SERIAL] = "rproc-serial",
		[VIRTIO_ID_INPUT] = "input",
		[VIRTIO_ID_CRYPTO] = "crypto",
		[VIRTIO_ID_SOUND] = "sound",
		[VIRTIO_ID_SCMI] = "scmi",
		[VIRTIO_ID_I2C_ADAPTER] = "i2c",
		[VIRTIO_ID_GPIO] = "gpio",
	};

	return id < ARRAY_SIZE(names) ? names[id] : NULL;
}

const char *vdev_type(char buf[VDEV_TYPE_MAX], u32 id)
{
	if (vdev_id_name(id))
		snprintf(buf, VDEV_TYPE_MAX, "%s", vdev_id_name(id));
	else
		snprintf(buf, VDEV_TYPE_MAX, "virtio %u", id);
	return buf;
}

const char *vdev_role_name(u32 role)
{
	switch (role) {
	case RPROC_LITE_VIRTIO_DRIVER:
		return "driver";
	case RPROC_LITE_VIRTIO_DEVICE:
		return "device";
	default:
		return "?";
	}
}

static const struct {
	u32 bit;
	const char *name;
} status_bits[] = {
	{ VIRTIO_CONFIG_S_ACKNOWLEDGE, "ACKNOWLEDGE" },
	{ VIRTIO_CONFIG_S_DRIVER, "DRIVER" },
	{ VIRTIO_CONFIG_S_FEATURES_OK, "FEATURES_OK" },
	{ VIRTIO_CONFIG_S_DRIVER_OK, "DRIVER_OK" },
	{ VIRTIO_CONFIG_S_NEEDS_RESET, "NEEDS_RESET" },
	{ VIRTIO_CONFIG_S_FAILED, "FAILED" },
};

static void add(char buf[VDEV_STATUS_MAX], const char *before, const char *what)
{
	size_t at = strlen(buf);

	snprintf(buf + at, VDEV_STATUS_MAX - at, "%s%s", at ? before : "", what);
}

const char *vdev_status(char buf[VDEV_STATUS_MAX], const struct vdev *vd)
{
	u32 left = vd->virtio.status;
	char rest[16];
	size_t i;

	buf[0] = '\0';
	for (i = 0; i < ARRAY_SIZE(status_bits); i++) {
		if (left & status_bits[i].bit)
			add(buf, " ", status_bits[i].name);
		left &= ~status_bits[i].bit;
	}
	snprintf(rest, sizeof(rest), "0x%02x", left);
	if (left || !*buf)
		add(buf, " ", rest);
	if (vd->virtio.flags & RPROC_LITE_VIRTIO_BROKEN)
		add(buf, ", ", "broken");
	if (vd->virtio.flags & RPROC_LITE_VIRTIO_WANTS_RESET)
		add(buf, ", ", "wants reset");
	return buf;
}

void vdev_print_files(FILE *f, const struct vdev *vd)
{
	char text[TEXT_ESCAPED(SYSFS_NAME_MAX)];
	const struct sysfs_file *file;
	size_t i;

	for (i = 0; i < vd->sysfs.num_files; i++) {
		file = &vd->sysfs.files[i];
		fprintf(f, "%s" SYSFS_DEV_DIR "/%s", i ? ", " : "",
			text_escape(text, sizeof(text), file->name));
		if (file->label[0])
			fprintf(f, " \"%s\"", text_escape(text, sizeof(text), file->label));
	}
}

void vdev_print(FILE *f, const struct vdev *vd)
{
	const struct rproc_lite_virtio *virtio = &vd->virtio;
	char type[VDEV_TYPE_MAX], status[VDEV_STATUS_MAX];

	fprintf(f, "  vdev%-2u %s: ", virtio->index, vdev_type(type, virtio->id));
	if (!vdev_is_created(vd)) {
		fputs("no device\n", f);
		return;
	}
	fprintf(f, "Linux is the %s", vdev_role_name(virtio->role));
	if (virtio->name[0])
		fprintf(f, ", %s", virtio->name);
	if (vd->sysfs.driver[0])
		fprintf(f, " (%s)", vd->sysfs.driver);
	fprintf(f, ", %s", vdev_status(status, vd));
	if (vd->sysfs.num_files)
		fputs(", ", f);
	vdev_print_files(f, vd);
	fputc('\n', f);
}

static void json_text(struct json *j, const char *key, const char *text)
{
	if (text && *text)
		json_string(j, key, text);
	else
		json_null(j, key);
}

static void json_status(struct json *j, u32 status)
{
	size_t i;

	json_u64(j, "status", status);
	json_array(j, "status_words");
	for (i = 0; i < ARRAY_SIZE(status_bits); i++)
		if (status & status_bits[i].bit)
			json_string(j, NULL, status_bits[i].name);
	json_array_end(j);
}

static void json_files(struct json *j, const struct sysfs_virtio *s)
{
	char path[sizeof(SYSFS_DEV_DIR) + SYSFS_NAME_MAX];
	size_t i;

	json_array(j, "files");
	for (i = 0; i < s->num_files; i++) {
		snprintf(path, sizeof(path), SYSFS_DEV_DIR "/%s", s->files[i].name);
		json_object(j, NULL);
		json_string(j, "path", path);
		json_string(j, "class", s->files[i].class);
		json_text(j, "label", s->files[i].label);
		json_object_end(j);
	}
	json_array_end(j);
}

/* What only a device has that was made. */
static void json_device(struct json *j, const struct vdev *vd)
{
	const struct rproc_lite_virtio *virtio = &vd->virtio;

	if (!vdev_is_created(vd)) {
		json_null(j, "device");
		return;
	}
	json_object(j, "device");
	json_string(j, "role", vdev_role_name(virtio->role));
	json_status(j, virtio->status);
	json_bool(j, "broken", virtio->flags & RPROC_LITE_VIRTIO_BROKEN);
	json_bool(j, "wants_reset", virtio->flags & RPROC_LITE_VIRTIO_WANTS_RESET);
	json_u64(j, "gfeatures", virtio->gfeatures);
	json_u64(j, "sent", virtio->sent);
	json_u64(j, "received", virtio->received);
	json_u64(j, "bad", virtio->bad);
	json_text(j, "linux_name", virtio->name);
	json_text(j, "driver", vd->sysfs.driver);
	json_files(j, &vd->sysfs);
	json_object_end(j);
}

void vdev_json(struct json *j, const struct vdev *vd)
{
	const struct rproc_lite_virtio *virtio = &vd->virtio;

	json_u64(j, "index", virtio->index);
	json_u64(j, "id", virtio->id);
	json_text(j, "id_name", vdev_id_name(virtio->id));
	json_u64(j, "dfeatures", virtio->dfeatures);
	json_u64(j, "rings", virtio->num_rings);
	json_u64(j, "config_len", virtio->config_len);
	json_device(j, vd);
}
