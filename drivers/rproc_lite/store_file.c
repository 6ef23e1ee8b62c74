// SPDX-License-Identifier: GPL-2.0-only
/* Images in files that somebody has open: regular ones, and pipes and sockets. */
#include "store_file.h"
#include "compat.h"
#include "image.h"
#include "remote.h"
#include "verdict.h"

#include <linux/err.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/net.h>
#include <linux/poll.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/time64.h>

/*
 * A pipe or socket, the same for reading without sleeping, and whom to ask whether to go
 * on waiting for it.
 */
struct stream {
	struct file *file;
	struct file *reader;
	struct rproc_lite *rproc;
	struct poll_wqueues wait;
};

static int bad_read(struct rproc_lite_verdict *v, int error, u64 pos, const char *why)
{
	return rl_refuse(v, error, RPROC_LITE_AT_FILE, RPROC_LITE_NO_INDEX, pos,
			 "image, byte %llu: %s", pos, why);
}

/* A regular file */

static int look(const struct rl_regular *r, struct kstat *stat, struct rproc_lite_verdict *v)
{
	int ret = vfs_getattr(&r->file->f_path, stat, STATX_SIZE | STATX_MTIME | STATX_CTIME,
			      AT_STATX_SYNC_AS_STAT);

	return ret ? rl_refuse_plain(v, ret, RPROC_LITE_AT_FILE,
				     "the image's file can't be looked at: error %d", -ret) : 0;
}

int rl_regular_begin(struct rl_regular *r, u64 *size, struct rproc_lite_verdict *v)
{
	int ret = look(r, &r->was, v);

	if (!ret)
		*size = r->was.size;
	return ret;
}

ssize_t rl_regular_read(struct rl_regular *r, u64 pos, void *buf, size_t len,
			struct rproc_lite_verdict *v)
{
	loff_t at = pos;
	ssize_t n;

	if (!rl_fits(pos, len, LLONG_MAX))
		return 0;
	n = kernel_read(r->file, buf, len, &at);
	if (n == -EINTR)
		bad_read(v, n, pos, "interrupted");
	return n;
}

/* A file's times move with the clock's tick: who writes just then goes unnoticed. */
int rl_regular_end(const struct rl_regular *r, struct rproc_lite_verdict *v)
{
	struct kstat is;
	int ret = look(r, &is, v);

	if (ret)
		return ret;
	if (is.size == r->was.size && timespec64_equal(&is.mtime, &r->was.mtime) &&
	    timespec64_equal(&is.ctime, &r->was.ctime))
		return 0;
	return rl_refuse_plain(v, -ESTALE, RPROC_LITE_AT_FILE,
			       "the image's file changed while it was being read");
}

static int file_open(void *store, struct rproc_lite *rproc, const char *path, u64 *size,
		     struct rproc_lite_verdict *v)
{
	return rl_regular_begin(store, size, v);
}

static ssize_t file_load(void *store, u64 pos, void *buf, size_t len,
			 struct rproc_lite_verdict *v)
{
	return rl_regular_read(store, pos, buf, len, v);
}

static int file_close(void *store, struct rproc_lite_verdict *v)
{
	return rl_regular_end(store, v);
}

static void file_release(void *store)
{
	struct rl_regular *r = store;

	fput(r->file);
	kfree(r);
}

static const struct rproc_lite_image_store_ops file_ops = {
	.features = RPROC_LITE_STORE_SEEK,
	.open = file_open,
	.load = file_load,
	.close = file_close,
	.release = file_release,
};

/* A stream */

static int stream_begin(void *store, struct rproc_lite *rproc, const char *path, u64 *size,
			struct rproc_lite_verdict *v)
{
	struct stream *st = store;

	st->rproc = rproc;
	return 0;
}

/* Wait until the file may have bytes. Interruptible, as read(2) would be. */
static int stream_wait(struct stream *st, u64 pos, struct rproc_lite_verdict *v)
{
	__poll_t ready;
	int ret = 0;

	poll_initwait(&st->wait);
	for (;;) {
		ready = vfs_poll(st->file, &st->wait.pt) & (EPOLLIN | EPOLLHUP | EPOLLERR);
		st->wait.pt._qproc = NULL;	/* queued: once will do */
		if (rl_interrupted()) {
			ret = bad_read(v, -EINTR, pos, "interrupted while waiting for more");
			break;
		}
		set_current_state(TASK_INTERRUPTIBLE | TASK_FREEZABLE);
		if (READ_ONCE(st->rproc->cancel))
			ret = bad_read(v, -ECANCELED, pos, "loading was cancelled");
		else if (!ready && !READ_ONCE(st->wait.triggered) && !signal_pending(current))
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

/* An error that reading does not fetch makes poll come back for ever. */
static bool only_error(struct file *file)
{
	return (vfs_poll(file, NULL) & (EPOLLIN | EPOLLERR)) == EPOLLERR;
}

static ssize_t stream_load(void *store, u64 pos, void *buf, size_t len,
			   struct rproc_lite_verdict *v)
{
	struct kvec kv = { .iov_base = buf, .iov_len = len };
	struct stream *st = store;
	struct iov_iter iter;
	struct kiocb iocb;
	ssize_t n;
	int ret;

	do {
		ret = stream_wait(st, pos, v);
		if (ret)
			return ret;
		/*
		 * Somebody else may have taken the bytes meanwhile: do not
		 * sleep in the file, where a cancellation can't wake us.
		 */
		iov_iter_kvec(&iter, ITER_DEST, &kv, 1, len);
		init_sync_kiocb(&iocb, st->reader);
		iocb.ki_pos = 0;
		iocb.ki_flags |= IOCB_NOWAIT;
		n = vfs_iocb_iter_read(st->reader, &iocb, &iter);
		if (n == -EAGAIN && only_error(st->file))
			return -EIO;
		cond_resched();
	} while (n == -EAGAIN);
	return n;
}

static void stream_release(void *store)
{
	struct stream *st = store;

	fput(st->reader);
	fput(st->file);
	kfree(st);
}

/*
 * Pipes hear of IOCB_NOWAIT from 6.4 on; before, only an O_NONBLOCK of our own, which the
 * file's owner does not see, keeps us from sleeping there.
 */
static struct file *open_reader(struct file *file)
{
	if (!S_ISFIFO(file_inode(file)->i_mode))
		return get_file(file);
	return dentry_open(&file->f_path, O_RDONLY | O_NONBLOCK | O_LARGEFILE, current_cred());
}

static struct stream *open_stream(struct file *file)
{
	struct stream *st = kzalloc(sizeof(*st), GFP_KERNEL);

	if (!st)
		return NULL;
	st->reader = open_reader(file);
	if (IS_ERR(st->reader)) {
		kfree(st);
		return NULL;
	}
	st->file = get_file(file);
	return st;
}

static const struct rproc_lite_image_store_ops stream_ops = {
	.open = stream_begin,
	.load = stream_load,
	.release = stream_release,
};

/* What both share */

int rl_check_file(struct file *file, struct rproc_lite_verdict *v)
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
	/* What does not fit of a datagram is lost. */
	if (S_ISSOCK(mode) && sock_from_file(file)->type != SOCK_STREAM)
		return rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_FILE,
				       "the image's socket is not a stream socket");
	/* Some of /proc and the like: the kernel itself can't read these. */
	if (!(file->f_mode & FMODE_CAN_READ) || !file->f_op->read_iter || file->f_op->read)
		return rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_FILE,
				       "the image's file can't be read");
	/* Headers are small and lie anywhere, which direct I/O can't have. */
	if (S_ISREG(mode) && (file->f_flags & O_DIRECT))
		return rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_FILE,
				       "the image's file was opened with O_DIRECT");
	ret = security_kernel_read_file(file, READING_FIRMWARE, false);
	if (ret)
		return rl_refuse_plain(v, ret, RPROC_LITE_AT_FILE,
				       "a security module refuses this file as firmware");
	return 0;
}

struct rl_store *rl_store_from_file(struct file *file, const char *name,
				    struct rproc_lite_verdict *v)
{
	struct rl_store *s = NULL;
	struct rl_regular *r;
	struct stream *st;
	int ret;

	ret = rl_check_file(file, v);
	if (ret)
		return ERR_PTR(ret);
	if (S_ISREG(file_inode(file)->i_mode)) {
		r = kzalloc(sizeof(*r), GFP_KERNEL);
		if (r) {
			r->file = get_file(file);
			s = rl_store_new(&file_ops, r, name);
		}
	} else {
		st = open_stream(file);
		if (st)
			s = rl_store_new(&stream_ops, st, name);
	}
	if (!s)
		return ERR_PTR(rl_refuse_plain(v, -ENOMEM, RPROC_LITE_AT_NOTHING,
					       "out of memory"));
	return s;
}
