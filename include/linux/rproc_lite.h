/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel API of rproc_lite: what a backend, the driver of one kind of
 * remote processor, gives to the core and gets from it.
 *
 * "Specification" is OpenAMP's remoteproc design document; each call says
 * which of its lines it comes from.
 */
#ifndef _LINUX_RPROC_LITE_H
#define _LINUX_RPROC_LITE_H

#include <linux/bits.h>
#include <linux/types.h>
#include <uapi/linux/rproc_lite.h>

struct device;
struct module;
struct rproc_lite;
struct virtio_device;

/**
 * struct rproc_lite_image_info - what a backend is asked about an image
 * @elf_class: 1 for ELF32, 2 for ELF64, 0 for a raw binary
 * @elf_machine: e_machine, 0 for a raw binary
 * @entry: da to start at
 * @entry_pa: the same for Linux; 0 in @check_image if it lies in no region, for which
 *	the image is refused then
 */
struct rproc_lite_image_info {
	u8 elf_class;
	u16 elf_machine;
	u64 entry;
	phys_addr_t entry_pa;
};

#define RPROC_LITE_STORE_SEEK	BIT(0)	/* specification: SUPPORT_SEEK */

/**
 * struct rproc_lite_image_store_ops - how to read an image
 * @owner: THIS_MODULE
 * @features: RPROC_LITE_STORE_SEEK if it can be read in any order, and again;
 *	without it, each @load goes on where the last one stopped
 * @open: begin to read; set @size to the image's bytes if known. Optional
 * @load: up to @len bytes at @offset. Return: how many, 0 at the end, or a
 *	negative errno
 * @close: the reading is over. Return: 0, or a negative errno if the image
 *	changed meanwhile. Optional
 * @release: the image will not be read again. Optional
 *
 * They may sleep, are called one at a time, and may say why they fail by
 * rproc_lite_refuse(). An image with RPROC_LITE_STORE_SEEK is opened and
 * read anew when its remote is started again.
 *
 * Specification: image_store_ops.
 */
struct rproc_lite_image_store_ops {
	struct module *owner;
	unsigned int features;
	int (*open)(void *store, struct rproc_lite *rproc, const char *path, u64 *size,
		    struct rproc_lite_verdict *v);
	ssize_t (*load)(void *store, u64 offset, void *buf, size_t len,
			struct rproc_lite_verdict *v);
	int (*close)(void *store, struct rproc_lite_verdict *v);
	void (*release)(void *store);
};

/**
 * struct rproc_lite_ops - one kind of remote processor
 *
 * All but @send may sleep. The core
 * never calls two of @config, @check_image, @start, @stop and @shutdown at once
 * for one remote, and holds none of its locks meanwhile. They return 0 or a
 * negative errno, and say why by rproc_lite_refuse().
 *
 * @kind: name of this kind of remote, "psci-core"
 * @forces_stop: @stop succeeds whatever the firmware does; so one that crashed is not
 *	asked, and one that says SHUTDOWN_ACK is believed
 * @set: one setting of config's data that the core does not know, before
 *	@config; only by who may choose the remote's code. -EOPNOTSUPP, or no such call,
 *	refuses the setting. Optional
 * @config: power the remote up and claim it, not yet running (specification:
 *	remoteproc_configure)
 * @check_image: may this image run here? Optional
 * @handle_rsc: a vendor entry of the resource table, all its bytes. Without this
 *	call, or when it returns -EOPNOTSUPP, the table is refused
 * @start: let the remote run from the image's entry point; all memory is in place
 *	(remoteproc_start). If it fails the remote does not run; -EUCLEAN if it may
 * @stop: the firmware was asked to shut down, and is off or had @waited_ms
 *	milliseconds for it. Return 0 only if the remote no longer runs, by force
 *	if need be (remoteproc_stop)
 * @shutdown: power the remote down and give back what @config claimed; it is
 *	not running. May be called again if it failed (remoteproc_shutdown)
 * @is_running: false if the remote is known to be off. Optional; from any context
 *	that may sleep
 * @send: pass a word (notify id or control word) to the remote. Optional; any
 *	context, between @start and @stop. -ENOTCONN if there is no way to,
 *	-ENOBUFS if it is to be tried again
 */
struct rproc_lite_ops {
	const char *kind;
	bool forces_stop;
	int (*set)(struct rproc_lite *rproc, const char *key, const char *value,
		   struct rproc_lite_verdict *v);
	int (*config)(struct rproc_lite *rproc, struct rproc_lite_verdict *v);
	int (*check_image)(struct rproc_lite *rproc,
			   const struct rproc_lite_image_info *image,
			   struct rproc_lite_verdict *v);
	int (*handle_rsc)(struct rproc_lite *rproc, u32 type, const void *entry,
			  size_t len, struct rproc_lite_verdict *v);
	int (*start)(struct rproc_lite *rproc,
		     const struct rproc_lite_image_info *image,
		     struct rproc_lite_verdict *v);
	int (*stop)(struct rproc_lite *rproc, u32 waited_ms,
		    struct rproc_lite_verdict *v);
	int (*shutdown)(struct rproc_lite *rproc, struct rproc_lite_verdict *v);
	bool (*is_running)(struct rproc_lite *rproc);
	int (*send)(struct rproc_lite *rproc, u32 word);
};

/**
 * struct rproc_lite_mem - a piece of memory for rproc_lite_add_mem()
 * @name: at most RPROC_LITE_NAME_MAX - 1 bytes, unique within the remote
 * @da: address for the remote
 * @pa: address for Linux
 * @size: bytes
 * @io: device memory, to be reached through I/O accessors; else RAM
 * @mappable: user space may map it, if it begins and ends at a page
 */
struct rproc_lite_mem {
	const char *name;
	u64 da;
	phys_addr_t pa;
	u64 size;
	bool io;
	bool mappable;
};

/**
 * rproc_lite_alloc() - make a remote, not yet to be seen by anybody
 * @parent: the device that it belongs to; must outlive rproc_lite_unregister()
 * @ops: must outlive rproc_lite_unregister()
 * @priv: for rproc_lite_priv()
 *
 * It is numbered by the alias "rproc<N>" of @parent's devicetree node, else by
 * the lowest free N above all such aliases, and named "r<N>".
 *
 * Specification: remoteproc_init().
 * Context: may sleep.
 * Return: the remote, for rproc_lite_register() and at last rproc_lite_free();
 * or an ERR_PTR: -ENOMEM, -EBUSY if its number is taken, -ERANGE if it is over 255.
 */
struct rproc_lite *rproc_lite_alloc(struct device *parent,
				    const struct rproc_lite_ops *ops, void *priv);

/*
 * Undo rproc_lite_alloc(). The remote must not be registered (any more), and no
 * rproc_lite_received() or rproc_lite_rang() may be running or come. May sleep.
 */
void rproc_lite_free(struct rproc_lite *rproc);

/**
 * rproc_lite_add_mem() - tell of memory that the remote may use
 * @rproc: not yet registered
 * @mem: copied
 *
 * RAM must be reserved with "no-map" in the devicetree. What overlaps another
 * of the remote's regions, in da or in pa, is refused. Errors are logged.
 *
 * Specification: remoteproc_add_mem().
 * Context: may sleep.
 * Return: 0; -EINVAL for a bad name or a range that is empty or wraps; -EEXIST for
 * an overlap or a name used twice; -EADDRINUSE for RAM that Linux uses; -ENOMEM.
 */
int rproc_lite_add_mem(struct rproc_lite *rproc, const struct rproc_lite_mem *mem);

/**
 * rproc_lite_register() - show the remote to the world, Offline
 * @rproc: from rproc_lite_alloc()
 * @detail: which piece of hardware it is, for people
 * @stop_timeout_ms: how long to wait for its firmware, if the caller doesn't say
 *
 * Specification: remoteproc_init().
 * Context: may sleep.
 * Return: 0 or a negative errno; then rproc_lite_free() is still due.
 */
int rproc_lite_register(struct rproc_lite *rproc, const char *detail,
			u32 stop_timeout_ms);

/**
 * rproc_lite_unregister() - take the remote away
 * @rproc: registered; rproc_lite_free() is still due
 *
 * From any state: cancels an operation in progress, stops the remote, shuts it
 * down. If the hardware cannot be stopped, says so in the log. When this
 * returns, no call of the ops is running or will come.
 *
 * Specification: remoteproc_remove(), which has no such case.
 * Context: may sleep, up to the remote's stop limit.
 */
void rproc_lite_unregister(struct rproc_lite *rproc);

/**
 * rproc_lite_get() - find a remote by its name
 * @name: "r0"
 *
 * For modules that use a remote of another's. It may go away meanwhile; what is
 * asked of it then fails with -ENODEV.
 *
 * Context: may sleep.
 * Return: the remote, for rproc_lite_put(); or ERR_PTR(-ENODEV).
 */
struct rproc_lite *rproc_lite_get(const char *name);

/* Undo rproc_lite_get(). May sleep. */
void rproc_lite_put(struct rproc_lite *rproc);

/**
 * rproc_lite_received() - a word came from the remote
 * @rproc: not yet freed
 * @word: as it came
 *
 * Context: any, hard interrupts included; with PREEMPT_RT, threaded ones.
 */
void rproc_lite_received(struct rproc_lite *rproc, u32 word);

/**
 * rproc_lite_rang() - the remote rang a doorbell that carries no word
 * @rproc: not yet freed
 *
 * Context: any, hard interrupts included.
 */
void rproc_lite_rang(struct rproc_lite *rproc);

/**
 * rproc_lite_report_crash() - a remote that should run does not do so as it should
 * @rproc: not yet freed
 * @cause: how that was noticed
 *
 * By the backend, say when a watchdog barks. It is looked into soon after, and
 * forgotten if the remote does not run. Of several reports the first counts.
 *
 * Specification: "crash detection", which it announces.
 * Context: any, hard interrupts included.
 */
void rproc_lite_report_crash(struct rproc_lite *rproc, enum rproc_lite_crash cause);

/**
 * rproc_lite_memory_lost() - the remote's own memory was switched off, or is about to be
 * @rproc: not yet freed
 *
 * By the backend, of what is device memory to Linux. What was loaded there, or is being loaded,
 * is placed again before it is started; an image that came as a stream can't be.
 *
 * Specification: none; START runs what LOAD placed.
 * Context: any.
 */
void rproc_lite_memory_lost(struct rproc_lite *rproc);

/*
 * The operations, for modules that drive a remote themselves. Each does what the
 * ioctl of its name does, by the same code.
 *
 * Context: may sleep; not from the backend's own ops. Any signal ends a load,
 * and only a fatal one a stop or shutdown that waits, with -EINTR.
 * Return: 0, or a negative errno with @v filled in: -ENODEV if the remote is being
 * unregistered, -EBUSY while another operation runs, -EBADFD if the state does
 * not allow it, or what went wrong; then the state is as before.
 */

/**
 * rproc_lite_config() - Offline to Configured
 * @rproc: the remote
 * @data: settings, "key=value" and a NUL, again and again; is written to. May
 *	be NULL if @len is 0
 * @len: bytes of @data
 * @v: the reason, if it fails; -EINVAL for a setting that is refused
 *
 * Specification: remoteproc_config().
 */
int rproc_lite_config(struct rproc_lite *rproc, char *data, size_t len,
		      struct rproc_lite_verdict *v);

/**
 * rproc_lite_load() - Configured or Stopped to Ready
 * @rproc: the remote
 * @path: what the image is called; for @ops and for people
 * @store: for @ops; released when it is no longer needed, or if this fails
 * @ops: how to read it
 * @flags: RPROC_LITE_LOAD_*
 * @info: what is known of the remote and its image then; may be NULL
 * @v: the reason, if it fails; -ENOEXEC for an image that is no good, -EINVAL
 *	or -ENOSPC for its resource table
 *
 * Specification: remoteproc_load().
 */
int rproc_lite_load(struct rproc_lite *rproc, const char *path, void *store,
		    const struct rproc_lite_image_store_ops *ops, u32 flags,
		    struct rproc_lite_info *info, struct rproc_lite_verdict *v);

/**
 * rproc_lite_start() - Ready or Stopped to Running
 * @rproc: the remote; from Stopped, its image is put in place anew
 * @v: the reason, if it fails; -ESPIPE for an image that can't be read again
 *
 * Specification: remoteproc_start().
 */
int rproc_lite_start(struct rproc_lite *rproc, struct rproc_lite_verdict *v);

/**
 * rproc_lite_stop() - Ready, Running, Suspended or Crashed to Stopped
 * @rproc: the remote
 * @timeout_ms: for its firmware to shut down, milliseconds; 0 for its own limit
 * @v: the reason, if it fails; -ETIMEDOUT if it still runs
 *
 * Specification: remoteproc_stop().
 */
int rproc_lite_stop(struct rproc_lite *rproc, u32 timeout_ms, struct rproc_lite_verdict *v);

/**
 * rproc_lite_shutdown() - any state to Offline, by way of Stopped
 * @rproc: the remote
 * @timeout_ms: as for rproc_lite_stop()
 * @v: the reason, if it fails; the state is then the one that it came to
 *
 * Specification: remoteproc_shutdown().
 */
int rproc_lite_shutdown(struct rproc_lite *rproc, u32 timeout_ms,
			struct rproc_lite_verdict *v);

/**
 * rproc_lite_crash() - Running or Suspended to Crashed
 * @rproc: the remote; its policy is followed as if it had crashed
 * @v: the reason, if it fails
 *
 * Specification: "crash detection", which it announces.
 */
int rproc_lite_crash(struct rproc_lite *rproc, struct rproc_lite_verdict *v);

/**
 * rproc_lite_suspend() - Running to Suspended
 * @rproc: the remote; its firmware is asked to suspend
 * @timeout_ms: for its answer, milliseconds; 0 for the limit of its policy
 * @v: the reason, if it fails; -ETIMEDOUT if it did not answer, -ENOTCONN if it can't be
 *	asked, -EIO if it crashed instead
 *
 * Its virtio devices stay, and are quiet.
 *
 * Specification: "suspend", which it announces.
 */
int rproc_lite_suspend(struct rproc_lite *rproc, u32 timeout_ms, struct rproc_lite_verdict *v);

/**
 * rproc_lite_resume() - Suspended to Running
 * @rproc: the remote; its firmware is told to go on
 * @v: the reason, if it fails
 *
 * Specification: "resume", which it announces.
 */
int rproc_lite_resume(struct rproc_lite *rproc, struct rproc_lite_verdict *v);

/**
 * rproc_lite_set_policy() - what a remote does of itself, from now on
 * @rproc: the remote, in any state
 * @data: settings, "key=value" and a NUL, again and again, as SET_POLICY has them; is
 *	written to. May be NULL if @len is 0
 * @len: bytes of @data
 * @v: the reason, if it fails
 *
 * Specification: none; it is for what the specification announces.
 * Context: may sleep.
 * Return: 0, or -EINVAL for a setting that is refused; then nothing is changed.
 */
int rproc_lite_set_policy(struct rproc_lite *rproc, char *data, size_t len,
			  struct rproc_lite_verdict *v);

/*
 * Memory of the remote. A handle is for one piece of one region; it holds the
 * remote, and copies by the means that the memory's kind wants. It works while the
 * remote is not Offline.
 *
 * Context: may sleep.
 * Return of rproc_lite_get_io_*(): a handle for rproc_lite_put_io(), or an
 * ERR_PTR: -ENOENT if not all @size bytes lie in one region, -ENOMEM.
 * Return of the others: 0; -ERANGE past the handle's size, -ENXIO while Offline.
 */
struct rproc_lite_io;

/* Specification: remoteproc_get_io_with_name(); a region or a window of one. */
struct rproc_lite_io *rproc_lite_get_io_with_name(struct rproc_lite *rproc, const char *name);
/* Specification: remoteproc_get_io_with_pa(). @size: bytes, not zero. */
struct rproc_lite_io *rproc_lite_get_io_with_pa(struct rproc_lite *rproc, phys_addr_t pa,
						u64 size);
/* The same by device address. */
struct rproc_lite_io *rproc_lite_get_io_with_da(struct rproc_lite *rproc, u64 da, u64 size);
/* Specification: remoteproc_get_io_with_va(); @va within our mapping of a region. */
struct rproc_lite_io *rproc_lite_get_io_with_va(struct rproc_lite *rproc, const void *va,
						u64 size);
/* Not for the handle of a mapping, which rproc_lite_munmap() gives back. */
void rproc_lite_put_io(struct rproc_lite_io *io);

/* What it is for. Any context. */
u64 rproc_lite_io_size(const struct rproc_lite_io *io);
u64 rproc_lite_io_da(const struct rproc_lite_io *io);
phys_addr_t rproc_lite_io_pa(const struct rproc_lite_io *io);

/* @len bytes from @off on: to a buffer, from one, all to one value, to another handle's. */
int rproc_lite_io_read(struct rproc_lite_io *io, u64 off, void *buf, size_t len);
int rproc_lite_io_write(struct rproc_lite_io *io, u64 off, const void *buf, size_t len);
int rproc_lite_io_set(struct rproc_lite_io *io, u64 off, u8 value, u64 len);
int rproc_lite_io_copy(struct rproc_lite_io *to, u64 to_off, struct rproc_lite_io *from,
		       u64 from_off, size_t len);

/* What kind of mapping rproc_lite_mmap() is to make: it must suit the memory. */
#define RPROC_LITE_MMAP_ANY	0	/* whatever suits */
#define RPROC_LITE_MMAP_WC	1	/* RAM, write-combining */
#define RPROC_LITE_MMAP_DEVICE	2	/* device memory, for I/O accessors */

/**
 * rproc_lite_mmap() - map part of the remote's memory, and keep that with the remote
 * @rproc: the remote
 * @pa: address for Linux; filled in if @da is given, else the one to map
 * @da: address for the remote, or RPROC_LITE_NO_DA; filled in
 * @size: bytes, not zero
 * @attribute: RPROC_LITE_MMAP_*
 * @io: a handle on the same bytes, which lives as long as the mapping; may be NULL
 *
 * If both addresses are given they must be of the same byte: a @pa of 0 is not
 * looked at if there is a @da. The memory must not be touched through the
 * pointer while the remote is Offline.
 *
 * Specification: remoteproc_mmap().
 * Context: may sleep.
 * Return: a pointer, for rproc_lite_munmap() (with RPROC_LITE_MMAP_DEVICE it is
 * one of __iomem); or an ERR_PTR: -ENOENT if not all bytes lie in one region,
 * -EINVAL for addresses that differ or an attribute that does not suit, -ENXIO
 * while Offline, -ENODEV if the remote is gone, -ENOMEM.
 */
void *rproc_lite_mmap(struct rproc_lite *rproc, phys_addr_t *pa, u64 *da, size_t size,
		      unsigned int attribute, struct rproc_lite_io **io);

/**
 * rproc_lite_munmap() - undo rproc_lite_mmap()
 * @rproc: the remote
 * @va: from rproc_lite_mmap()
 * @io: its handle, which is gone then; NULL if none was asked for
 *
 * Must be called for each mapping, if the remote is gone too.
 *
 * Specification: what it leaves out beside remoteproc_mmap().
 * Context: may sleep.
 * Return: 0, or -EINVAL for what is no mapping.
 */
int rproc_lite_munmap(struct rproc_lite *rproc, void *va, struct rproc_lite_io *io);

/**
 * rproc_lite_set_rsc_table() - give what is loaded another resource table
 * @rproc: Ready
 * @table: of @size bytes, or NULL if it lies in the remote's memory at @da
 * @size: bytes, at most RPROC_LITE_RSC_SIZE_MAX
 * @da: where the remote reads it, or RPROC_LITE_NO_DA if nowhere
 * @v: the reason, if it fails
 *
 * The table is copied and checked like one that came with the image. Addresses
 * that it leaves open are chosen, and written to @da.
 *
 * Specification: remoteproc_set_rsc_table().
 * Context: may sleep.
 * Return: 0; -EBADFD in another state, -EBUSY while an operation runs, -ENODEV;
 * -EINVAL for a table that is refused, -ENOSPC, -ENOMEM; then nothing changed.
 */
int rproc_lite_set_rsc_table(struct rproc_lite *rproc, const void *table, size_t size,
			     u64 da, struct rproc_lite_verdict *v);

/**
 * rproc_lite_create_virtio() - make a virtio device of a vdev of the resource table
 * @rproc: Running
 * @vdev_id: the n-th vdev entry of the table, from 0
 * @role: RPROC_LITE_VIRTIO_DRIVER: it is put on Linux's virtio bus, and drivers bind to
 *	it; RPROC_LITE_VIRTIO_DEVICE: the remote drives it, and its driver is waited
 *	for, five seconds at most
 * @rst_cb: called once if the remote wants a reset, from a work item or from who
 *	sends or receives; nothing goes through the device any more then. May
 *	sleep, but not remove the device, nor begin an operation. May be NULL
 * @v: the reason, if it fails
 *
 * The device is not the caller's alone: the pointer is good for the calls of this file
 * at any time, and for more only as long as nobody stops the remote.
 *
 * A device that is there already, in that role, is returned as it is, unless it
 * wants a reset or broke the rules: then a new one takes its place. START makes
 * devices by itself, unless CONFIG was told otherwise.
 *
 * Specification: remoteproc_create_virtio().
 * Context: may sleep. The remote is not claimed while its driver is waited for.
 * Return: the device, which goes with rproc_lite_remove_virtio() or when the remote
 * stops or crashes; or an ERR_PTR: -ENOENT if the table has no such vdev, -EEXIST if it has
 * the other role, -EINVAL for rings that can't be used, -ENOSPC without room for
 * buffers, -ETIMEDOUT, -EINTR, -EBADFD, -EBUSY, -ENODEV, -ENOMEM.
 */
struct virtio_device *rproc_lite_create_virtio(struct rproc_lite *rproc, unsigned int vdev_id,
					       unsigned int role,
					       void (*rst_cb)(struct virtio_device *vdev),
					       struct rproc_lite_verdict *v);

/**
 * rproc_lite_remove_virtio() - undo rproc_lite_create_virtio()
 * @rproc: Running
 * @virtio: the device; one that is gone already is only looked for, not at
 * @v: the reason, if it fails
 *
 * Its driver lets go of it, and who waits for it is woken.
 *
 * Specification: remoteproc_remove_virtio().
 * Context: may sleep; not from @rst_cb.
 * Return: 0, -ENOENT if there is no such device, -EBADFD, -EBUSY or -ENODEV.
 */
int rproc_lite_remove_virtio(struct rproc_lite *rproc, struct virtio_device *virtio,
			     struct rproc_lite_verdict *v);

/**
 * rproc_lite_virtio_recv() - take a message that the remote's driver sent
 * @rproc: the remote
 * @virtio: created with RPROC_LITE_VIRTIO_DEVICE
 * @pair: of its rings; the messages come in ring 2 * @pair + 1
 * @buf: for the message
 * @len: bytes of @buf
 * @nonblock: do not wait for one
 *
 * Context: may sleep.
 * Return: bytes of the message; -EMSGSIZE if it is longer than @len, and stays;
 * -EAGAIN if there is none and @nonblock; -EINTR; -ECONNRESET after the remote
 * reset the device; -EPIPE after it broke the rules; -ENODEV if it is removed;
 * -EINVAL if it has no such pair, or the other role; -ENOMEM.
 */
ssize_t rproc_lite_virtio_recv(struct rproc_lite *rproc, const struct virtio_device *virtio,
			       unsigned int pair, void *buf, size_t len, bool nonblock);

/**
 * rproc_lite_virtio_send() - send a message to the remote's driver
 * @rproc: the remote
 * @virtio: created with RPROC_LITE_VIRTIO_DEVICE
 * @pair: of its rings; the message goes to ring 2 * @pair
 * @buf: the message
 * @len: bytes of it, at most 65536
 * @nonblock: do not wait for a buffer of the remote's
 *
 * Context: may sleep.
 * Return: @len, or as rproc_lite_virtio_recv(); -EMSGSIZE if it does not fit the
 * remote's next buffer.
 */
ssize_t rproc_lite_virtio_send(struct rproc_lite *rproc, const struct virtio_device *virtio,
			       unsigned int pair, const void *buf, size_t len, bool nonblock);

/* What was given to rproc_lite_alloc(). Any context. */
void *rproc_lite_priv(const struct rproc_lite *rproc);

/* For messages: "r0". Any context; valid as long as the remote. */
const char *rproc_lite_name(const struct rproc_lite *rproc);

/**
 * rproc_lite_refuse() - say why an operation fails
 * @v: as handed to the op
 * @error: a negative errno
 * @fmt: a sentence without its full stop, for the user
 *
 * Context: any.
 * Return: @error.
 */
int __printf(3, 4) rproc_lite_refuse(struct rproc_lite_verdict *v, int error,
				     const char *fmt, ...);

#endif /* _LINUX_RPROC_LITE_H */
