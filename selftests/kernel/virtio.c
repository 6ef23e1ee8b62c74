// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtio devices of a real remote, in both roles, made and removed from the kernel.
 *
 * checkpatch: MACRO_ARG_REUSE: an expectation prints what it looked at.
 */
#include "store.h"

#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/string.h>
#include <linux/virtio.h>

#define PATIENCE	msecs_to_jiffies(15000)

static DECLARE_COMPLETION(was_reset);
static struct virtio_device *reset_of;

static void reset(struct virtio_device *virtio)
{
	reset_of = virtio;
	complete(&was_reset);
}

/* Running, with nothing made by itself. */
static bool begin(struct test *t, struct store *s, const char *firmware)
{
	char settings[] = "virtio=manual";

	if (!store_init(t, s, firmware))
		return false;
	reinit_completion(&was_reset);
	reset_of = NULL;
	return EXPECT_DONE(t, rproc_lite_config(t->r0, settings, sizeof(settings), &t->v)) &&
	       EXPECT_DONE(t, store_load(t, t->r0, s)) &&
	       EXPECT_DONE(t, rproc_lite_start(t->r0, &t->v));
}

static void end(struct test *t, struct store *s)
{
	EXPECT_DONE(t, rproc_lite_shutdown(t->r0, 0, &t->v));
	store_exit(s);
}

static struct virtio_device *create(struct test *t, unsigned int n, unsigned int role)
{
	return rproc_lite_create_virtio(t->r0, n, role, reset, &t->v);
}

#define EXPECT_NOT_CREATED(t, error, words, n, role)			\
	EXPECT_REFUSED(t, error, words, PTR_ERR_OR_ZERO(create(t, n, role)))

/* On Linux's bus, once, until it is removed. */
TEST(virtio_driver)
{
	struct virtio_device *virtio;
	struct store s;

	EXPECT_NOT_CREATED(t, -EBADFD, "needs the state Running", 0, RPROC_LITE_VIRTIO_DRIVER);
	if (!begin(t, &s, "serial"))
		goto out;
	EXPECT_NOT_CREATED(t, -ENOENT, "no vdev 1", 1, RPROC_LITE_VIRTIO_DRIVER);
	EXPECT_NOT_CREATED(t, -EINVAL, "no role 2", 0, 2);
	virtio = create(t, 0, RPROC_LITE_VIRTIO_DRIVER);
	if (!EXPECT_ERR(t, 0, virtio))
		goto out;
	EXPECT_EQ(t, 11, virtio->id.device);
	EXPECT(t, device_is_registered(&virtio->dev));
	EXPECT(t, create(t, 0, RPROC_LITE_VIRTIO_DRIVER) == virtio);
	EXPECT_NOT_CREATED(t, -EEXIST, "as its driver", 0, RPROC_LITE_VIRTIO_DEVICE);
	EXPECT_EQ(t, -EINVAL, rproc_lite_virtio_send(t->r0, virtio, 0, "", 1, true));
	EXPECT_DONE(t, rproc_lite_remove_virtio(t->r0, virtio, &t->v));
	EXPECT_REFUSED(t, -ENOENT, "no such", rproc_lite_remove_virtio(t->r0, virtio, &t->v));
	virtio = create(t, 0, RPROC_LITE_VIRTIO_DRIVER);
	EXPECT_ERR(t, 0, virtio);
	/* What is not removed goes with the stop. */
	EXPECT_DONE(t, rproc_lite_stop(t->r0, 0, &t->v));
	EXPECT_REFUSED(t, -EBADFD, "needs the state",
		       rproc_lite_remove_virtio(t->r0, virtio, &t->v));
out:
	end(t, &s);
}

/* A message that begins so, within a while; the firmware's own come in between. */
static bool receives(struct test *t, struct virtio_device *virtio, const char *words)
{
	unsigned long deadline = jiffies + PATIENCE;
	char buf[512];
	ssize_t n;

	while (time_before(jiffies, deadline)) {
		n = rproc_lite_virtio_recv(t->r0, virtio, 0, buf, sizeof(buf), false);
		if (n < 0)
			return EXPECT_EQ(t, 0, n);
		if (n >= strlen(words) && !memcmp(buf, words, strlen(words)))
			return true;
	}
	return false;
}

static ssize_t send(struct test *t, struct virtio_device *virtio, const char *text)
{
	return rproc_lite_virtio_send(t->r0, virtio, 0, text, strlen(text), false);
}

/* Linux is the device: messages, and a reset that the remote's driver makes. */
TEST(virtio_device)
{
	struct virtio_device *virtio;
	struct store s;
	char byte;

	if (!begin(t, &s, "driver"))
		goto out;
	virtio = create(t, 0, RPROC_LITE_VIRTIO_DEVICE);
	if (!EXPECT_ERR(t, 0, virtio))
		goto out;
	EXPECT_EQ(t, 62, virtio->id.device);
	EXPECT(t, receives(t, virtio, "RPTM"));
	EXPECT_EQ(t, 5, send(t, virtio, "hello"));
	EXPECT(t, receives(t, virtio, "hello"));
	EXPECT_EQ(t, -EAGAIN, rproc_lite_virtio_recv(t->r0, virtio, 0, &byte, 1, true));
	EXPECT_EQ(t, -EINVAL, rproc_lite_virtio_recv(t->r0, virtio, 1, &byte, 1, true));
	EXPECT_EQ(t, 5, send(t, virtio, "again"));
	EXPECT_EQ(t, -EMSGSIZE, rproc_lite_virtio_recv(t->r0, virtio, 0, &byte, 1, false));
	EXPECT(t, receives(t, virtio, "again"));

	EXPECT_EQ(t, 10, send(t, virtio, "/reset 100"));
	EXPECT(t, wait_for_completion_timeout(&was_reset, PATIENCE));
	EXPECT(t, reset_of == virtio);
	EXPECT_EQ(t, -ECONNRESET, rproc_lite_virtio_recv(t->r0, virtio, 0, &byte, 1, false));
	/* At once there is another, in its place. */
	virtio = create(t, 0, RPROC_LITE_VIRTIO_DEVICE);
	if (!EXPECT_ERR(t, 0, virtio))
		goto out;
	EXPECT_EQ(t, 3, send(t, virtio, "new"));
	EXPECT(t, receives(t, virtio, "new"));
	EXPECT_DONE(t, rproc_lite_remove_virtio(t->r0, virtio, &t->v));
	EXPECT_EQ(t, -ENODEV, rproc_lite_virtio_recv(t->r0, virtio, 0, &byte, 1, true));
out:
	end(t, &s);
}

const struct test_case virtio_tests[] = {
	TEST_CASE(virtio_driver),
	TEST_CASE(virtio_device),
	{ }
};
