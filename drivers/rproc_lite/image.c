// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where images come from: a name in the firmware path, a file that can seek,
 * or a stream (pipe or socket) that goes by once. All look alike to the loader:
 * "give me these bytes".
 */
#include "image.h"
#include "verdict.h"

#include <linux/cred.h>
#include <linux/err.h>
#include <linux/file.h>
#include <linux/firmware.h>
#include <linux/fs.h>
#include <linux/poll.h>
#include <linux/security.h>
#include <linux/slab.h>

/*
 * A stream keeps the last bytes that went by, since an ELF file's headers point
 * backwards: names come before the section headers that tell what they are.
 */
#define STREAM_BUF	(64u << 10)
#define STREAM_KEEP	(48u << 10)

struct stream {
	u64 base;		/* position of buf[0] */
	size_t fill;		/* bytes in buf */
	rl_cancelled_fn *cancelled;
	void *arg;
	struct poll_wqueues wait;
	u8 buf[STREAM_BUF];
};

/**
 * struct rl_store - an opened image
 * @dev: for a name
 * @name: a copy, for a name
 * @fw: what the firmware loader read, for a name
 * @file: for a file
 * @stream: for a file that can't seek
 * @used: a stream has begun
 */
struct rl_store {
	struct device *dev;
	char *name;
	const struct firmware *fw;
	struct file *file;
	struct stream *stream;
	bool used;
};

static int bad_read(struct rproc_lite_verdict *v, int error, u64 pos, const char *why)
{
	return rl_refuse(v, error, RPROC_LITE_AT_FILE, RPROC_LITE_NO_INDEX, pos,
			 "image, byte %llu: %s", pos, why);
}

static int ends_early(struct rproc_lite_verdict *v, u64 pos, u64 size)
{
	return rl_refuse(v, -ENOEXEC, RPROC_LITE_AT_FILE, RPROC_LITE_NO_INDEX, size,
			 "image ends at byte %llu, and more is needed from byte %llu on",
			 size, pos);
}

/* By name */

static int read_firmware(void *ctx, u64 pos, void *buf, size_t len,
			 struct rproc_lite_verdict *v)
{
	struct rl_store *s = ctx;

	if (!rl_fits(pos, len, s->fw->size))
		return ends_early(v, pos, s->fw->size);
	memcpy(buf, s->fw->data + pos, len);
	return 0;
}

static bool climbs(const char *name)
{
	return !strcmp(name, "..") || !strncmp(name, "../", 3) || strstr(name, "/../") ||
	       (strlen(name) >= 3 && !strcmp(name + strlen(name) - 3, "/.."));
}

struct rl_store *rl_store_open_name(struct device *dev, const char *name,
				    struct rproc_lite_verdict *v)
{
	struct rl_store *s;

	if (!name[0])
		return ERR_PTR(rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_ARGUMENT,
					       "firmware name is empty"));
	if (climbs(name))
		return ERR_PTR(rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_ARGUMENT,
					       "firmware name leads out of the firmware path"));
	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (s)
		s->name = kstrdup(name, GFP_KERNEL);
	if (!s || !s->name) {
		kfree(s);
		return ERR_PTR(rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING,
					       "out of memory"));
	}
	s->dev = dev;
	return s;
}

static int begin_name(struct rl_store *s, struct rl_source *src,
		      struct rproc_lite_verdict *v)
{
	int ret;

	ret = request_firmware_direct(&s->fw, s->name, s->dev);
	if (ret == -ENOENT)
		return rl_refuse_plain(v, ret, RPROC_LITE_AT_FILE,
				       "no firmware %.150s in the kernel's firmware path",
				       s->name);
	if (ret)
		return rl_refuse_plain(v, ret, RPROC_LITE_AT_FILE,
				       "firmware %.150s can't be read: error %d", s->name, -ret);
	src->read = read_firmware;
	src->size = s->fw->size;
	return 0;
}

/* A file that can seek */

static int read_file(void *ctx, u64 pos, void *buf, size_t len,
		     struct rproc_lite_verdict *v)
{
	struct rl_store *s = ctx;
	size_t done = 0;
	loff_t at = pos;
	ssize_t n;

	if (!rl_fits(pos, len, LLONG_MAX))
		return ends_early(v, pos, i_size_read(file_inode(s->file)));
	while (done < len) {
		n = kernel_read(s->file, buf + done, len - done, &at);
		if (n < 0)
			return bad_read(v, n, at, n == -EINTR ? "interrupted" : "can't be read");
		if (!n)
			return ends_early(v, pos, at);
		done += n;
	}
	return 0;
}

/* A stream */

/* Wait until the file may have bytes. Interruptible, as read(2) would be. */
static int stream_wait(struct rl_store *s, struct rproc_lite_verdict *v)
{
	struct stream *st = s->stream;
	u64 pos = st->base + st->fill;
	__poll_t ready;
	int ret = 0;

	poll_initwait(&st->wait);
	for (;;) {
		ready = vfs_poll(s->file, &st->wait.pt) & (EPOLLIN | EPOLLHUP | EPOLLERR);
		st->wait.pt._qproc = NULL;	/* queued: once will do */
		set_current_state(TASK_INTERRUPTIBLE | TASK_FREEZABLE);
		if (st->cancelled(st->arg))
			ret = bad_read(v, -ECANCELED, pos, "loading was cancelled");
		else if (signal_pending(current))
			ret = bad_read(v, -EINTR, pos, "interrupted while waiting for more");
		else if (!ready && !st->wait.triggered)
			schedule();
		__set_current_state(TASK_RUNNING);
		if (ret || ready)
			break;
		/* Cleared before the next look, as poll(2) itself does it. */
		smp_store_mb(st->wait.triggered, 0);
	}
	poll_freewait(&st->wait);
	return ret;
}

/* Take in some more bytes; forget the oldest if there is no room. */
static int stream_more(struct rl_store *s, u64 wanted, struct rproc_lite_verdict *v)
{
	struct stream *st = s->stream;
	struct iov_iter iter;
	struct kiocb iocb;
	struct kvec kv;
	ssize_t n;
	int ret;

	if (st->fill == STREAM_BUF) {
		memmove(st->buf, st->buf + STREAM_BUF - STREAM_KEEP, STREAM_KEEP);
		st->base += STREAM_BUF - STREAM_KEEP;
		st->fill = STREAM_KEEP;
	}
	for (;;) {
		ret = stream_wait(s, v);
		if (ret)
			return ret;
		/*
		 * Somebody else may have taken the bytes meanwhile: do not
		 * sleep in the file, where a cancellation can't wake us.
		 */
		kv.iov_base = st->buf + st->fill;
		kv.iov_len = STREAM_BUF - st->fill;
		iov_iter_kvec(&iter, ITER_DEST, &kv, 1, kv.iov_len);
		init_sync_kiocb(&iocb, s->file);
		iocb.ki_pos = 0;
		iocb.ki_flags |= IOCB_NOWAIT;
		n = vfs_iocb_iter_read(s->file, &iocb, &iter);
		if (n != -EAGAIN)
			break;
	}
	if (n < 0)
		return bad_read(v, n, st->base + st->fill, "can't be read");
	if (!n)
		return ends_early(v, wanted, st->base + st->fill);
	st->fill += n;
	return 0;
}

static int read_stream(void *ctx, u64 pos, void *buf, size_t len,
		       struct rproc_lite_verdict *v)
{
	struct rl_store *s = ctx;
	struct stream *st = s->stream;
	size_t n;
	int ret;

	while (len) {
		if (pos < st->base)
			return bad_read(v, -ESPIPE, pos,
					"needed again, but this stream can't go back; load it from a file");
		if (pos >= st->base + st->fill) {
			ret = stream_more(s, pos, v);
			if (ret)
				return ret;
			continue;
		}
		n = min_t(u64, len, st->base + st->fill - pos);
		memcpy(buf, st->buf + (pos - st->base), n);
		buf += n;
		pos += n;
		len -= n;
	}
	return 0;
}

static int begin_stream(struct rl_store *s, rl_cancelled_fn *cancelled, void *arg,
			struct rl_source *src, struct rproc_lite_verdict *v)
{
	if (s->used)
		return rl_refuse_plain(v, -ESPIPE, RPROC_LITE_AT_FILE,
				       "the image came as a stream and can't be read again; load it again");
	s->used = true;
	s->stream->cancelled = cancelled;
	s->stream->arg = arg;
	src->read = read_stream;
	src->size = U64_MAX;
	return 0;
}

/* What all share */

static int check_file(struct file *file, struct rproc_lite_verdict *v)
{
	umode_t mode = file_inode(file)->i_mode;
	int ret;

	if (!(file->f_mode & FMODE_READ))
		return rl_refuse_plain(v, -EBADF, RPROC_LITE_AT_FILE,
				       "the image's file is not open for reading");
	if (S_ISDIR(mode))
		return rl_refuse_plain(v, -EISDIR, RPROC_LITE_AT_FILE,
				       "the image is a directory");
	if (!S_ISREG(mode) && !S_ISFIFO(mode) && !S_ISSOCK(mode))
		return rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_FILE,
				       "the image is neither a regular file, nor a pipe, nor a socket");
	/* Some of /proc and the like: the kernel itself can't read these. */
	if (!(file->f_mode & FMODE_CAN_READ) || !file->f_op->read_iter || file->f_op->read)
		return rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_FILE,
				       "the image's file can't be read");
	ret = security_kernel_read_file(file, READING_FIRMWARE, false);
	if (ret)
		return rl_refuse_plain(v, ret, RPROC_LITE_AT_FILE,
				       "a security module refuses this file as firmware");
	return 0;
}

struct rl_store *rl_store_open_file(struct file *file, struct rproc_lite_verdict *v)
{
	struct rl_store *s;
	int ret;

	ret = check_file(file, v);
	if (ret)
		return ERR_PTR(ret);
	s = kzalloc(sizeof(*s), GFP_KERNEL);
	if (s && !S_ISREG(file_inode(file)->i_mode)) {
		s->stream = kvzalloc(sizeof(*s->stream), GFP_KERNEL);
		if (!s->stream) {
			kfree(s);
			s = NULL;
		}
	}
	if (!s)
		return ERR_PTR(rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING,
					       "out of memory"));
	s->file = get_file(file);
	return s;
}

void rl_store_close(struct rl_store *s)
{
	if (!s)
		return;
	release_firmware(s->fw);
	kfree(s->name);
	kvfree(s->stream);
	if (s->file)
		fput(s->file);
	kfree(s);
}

int rl_store_begin(struct rl_store *s, rl_cancelled_fn *cancelled, void *arg,
		   struct rl_source *src, struct rproc_lite_verdict *v)
{
	src->ctx = s;
	if (s->name)
		return begin_name(s, src, v);
	if (s->stream)
		return begin_stream(s, cancelled, arg, src, v);
	src->read = read_file;
	src->size = i_size_read(file_inode(s->file));
	return 0;
}

void rl_store_end(struct rl_store *s)
{
	release_firmware(s->fw);
	s->fw = NULL;
}

bool rl_store_can_seek(const struct rl_store *s)
{
	return !s->stream;
}
