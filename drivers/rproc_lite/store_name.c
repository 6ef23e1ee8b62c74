// SPDX-License-Identifier: GPL-2.0-only
/*
 * Images in the kernel's firmware path. The firmware loader says whether there is
 * such a firmware and whether it may be had, by reading its first bytes; then the same
 * file is opened once, and read piece by piece. The loader could read pieces too, but
 * it opens the file anew for each, and keeps what that takes until the system call
 * ends. What it alone can read, such as a compressed file, it reads whole.
 */
#include "store_name.h"
#include "compat.h"
#include "image.h"
#include "store_file.h"
#include "verdict.h"

#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/firmware.h>
#include <linux/fs.h>
#include <linux/init_task.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/utsname.h>

#define HEAD		1024u
#define FOLDER_MAX	256u
#define CUSTOM_FOLDER	"/sys/module/firmware_class/parameters/path"

/**
 * struct named - an image by name
 * @dev: for the firmware loader
 * @name: for the firmware loader
 * @whole: all of it, if it can't be had otherwise
 * @regular: its file, if it can
 */
struct named {
	struct device *dev;
	const char *name;
	const struct firmware *whole;
	struct rl_regular regular;
};

static int cant_read(struct named *n, int error, struct rproc_lite_verdict *v)
{
	if (error == -ENOENT)
		return rl_refuse_plain(v, error, RPROC_LITE_AT_FILE,
				       "no firmware %.150s in the kernel's firmware path",
				       n->name);
	return rl_refuse_plain(v, error, RPROC_LITE_AT_FILE,
			       "firmware %.150s can't be read: error %d", n->name, -error);
}

/* As the firmware loader opens files: below the first process's root, as the kernel. */
static struct file *open_as_kernel(const char *path)
{
	const struct cred *old;
	struct cred *kernel;
	struct path root;
	struct file *file;

	kernel = prepare_kernel_cred(&init_task);
	if (!kernel)
		return ERR_PTR(-ENOMEM);
	rl_get_init_root(&root);
	old = override_creds(kernel);
	/* What is no regular file must not keep us waiting. */
	file = file_open_root(&root, path, O_RDONLY | O_LARGEFILE | O_NONBLOCK, 0);
	revert_creds(old);
	put_cred(kernel);
	path_put(&root);
	return file;
}

/* The folder that the kernel was told to look in first; "" if none. */
static void custom_folder(char *folder)
{
	struct file *file = open_as_kernel(CUSTOM_FOLDER);
	loff_t pos = 0;
	ssize_t n;

	folder[0] = '\0';
	if (IS_ERR(file))
		return;
	n = kernel_read(file, folder, FOLDER_MAX - 1, &pos);
	folder[max_t(ssize_t, n, 0)] = '\0';
	strim(folder);
	fput(file);
}

/* Is it the file that the firmware loader read @head from? */
static bool begins_with(struct file *file, const void *head, size_t len)
{
	u8 *buf = kmalloc(HEAD, GFP_KERNEL);
	loff_t pos = 0;
	bool same;

	same = buf && kernel_read(file, buf, HEAD, &pos) == len && !memcmp(buf, head, len);
	kfree(buf);
	return same;
}

/* Open it in @folder, if it is that file. Return: the file or NULL. */
static struct file *open_in(const char *folder, const char *name, const void *head, size_t len)
{
	struct rproc_lite_verdict ignored;
	struct file *file;
	char *path;

	path = kasprintf(GFP_KERNEL, "%s/%s", folder, name);
	if (!path)
		return NULL;
	file = open_as_kernel(path);
	kfree(path);
	if (IS_ERR(file))
		return NULL;
	if (S_ISREG(file_inode(file)->i_mode) && !rl_check_file(file, &ignored) &&
	    begins_with(file, head, len))
		return file;
	fput(file);
	return NULL;
}

/* Where the firmware loader looks, in its order. */
static struct file *find_file(const char *name, const void *head, size_t len)
{
	static const char *const formats[] = {
		"/lib/firmware/updates/%s", "/lib/firmware/updates",
		"/lib/firmware/%s", "/lib/firmware",
	};
	char *folder = kmalloc(FOLDER_MAX, GFP_KERNEL);
	struct file *file = NULL;
	unsigned int i;

	if (!folder)
		return NULL;
	custom_folder(folder);
	if (folder[0])
		file = open_in(folder, name, head, len);
	for (i = 0; i < ARRAY_SIZE(formats) && !file; i++) {
		snprintf(folder, FOLDER_MAX, formats[i], init_utsname()->release);
		file = open_in(folder, name, head, len);
	}
	kfree(folder);
	return file;
}

/* Does the firmware loader find it uncompressed? Then open that. 0 or a negative errno. */
static int open_regular(struct named *n)
{
	const struct firmware *fw;
	u8 *head;
	int ret;

	head = kmalloc(HEAD, GFP_KERNEL);
	if (!head)
		return -ENOMEM;
	ret = request_partial_firmware_into_buf(&fw, n->name, n->dev, head, HEAD, 0);
	if (!ret) {
		n->regular.file = find_file(n->name, head, fw->size);
		release_firmware(fw);
	}
	kfree(head);
	return ret;
}

static int named_open(void *store, struct rproc_lite *rproc, const char *path, u64 *size,
		      struct rproc_lite_verdict *v)
{
	struct named *n = store;
	int ret;

	ret = open_regular(n);
	if (n->regular.file) {
		ret = rl_regular_begin(&n->regular, size, v);
		if (ret) {
			fput(n->regular.file);
			n->regular.file = NULL;
		}
		return ret;
	}
	/* Once the loader has read it whole, it does not read pieces any more. */
	if (!ret || ret == -ENOENT || ret == -EOPNOTSUPP)
		ret = request_firmware_direct(&n->whole, n->name, n->dev);
	if (ret)
		return cant_read(n, ret, v);
	*size = n->whole->size;
	return 0;
}

static ssize_t named_load(void *store, u64 pos, void *buf, size_t len,
			  struct rproc_lite_verdict *v)
{
	struct named *n = store;

	if (n->regular.file)
		return rl_regular_read(&n->regular, pos, buf, len, v);
	if (pos >= n->whole->size)
		return 0;
	len = min_t(u64, len, n->whole->size - pos);
	memcpy(buf, n->whole->data + pos, len);
	return len;
}

static int named_close(void *store, struct rproc_lite_verdict *v)
{
	struct named *n = store;
	int ret = n->regular.file ? rl_regular_end(&n->regular, v) : 0;

	if (n->regular.file)
		fput(n->regular.file);
	n->regular.file = NULL;
	release_firmware(n->whole);
	n->whole = NULL;
	return ret;
}

static void named_release(void *store)
{
	struct named *n = store;

	kfree(n->name);
	kfree(n);
}

static const struct rproc_lite_image_store_ops named_ops = {
	.features = RPROC_LITE_STORE_SEEK,
	.open = named_open,
	.load = named_load,
	.close = named_close,
	.release = named_release,
};

static bool climbs(const char *name)
{
	return !strcmp(name, "..") || !strncmp(name, "../", 3) || strstr(name, "/../") ||
	       (strlen(name) >= 3 && !strcmp(name + strlen(name) - 3, "/.."));
}

struct rl_store *rl_store_from_name(struct device *dev, const char *name,
				    struct rproc_lite_verdict *v)
{
	struct rl_store *s = NULL;
	struct named *n;

	if (!name[0])
		return ERR_PTR(rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_ARGUMENT,
					       "firmware name is empty"));
	if (climbs(name))
		return ERR_PTR(rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_ARGUMENT,
					       "firmware name leads out of the firmware path"));
	n = kzalloc(sizeof(*n), GFP_KERNEL);
	if (n) {
		n->dev = dev;
		n->name = kstrdup(name, GFP_KERNEL);
		if (n->name)
			s = rl_store_new(&named_ops, n, name);
		else
			kfree(n);
	}
	if (!s)
		return ERR_PTR(rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING,
					       "out of memory"));
	return s;
}
