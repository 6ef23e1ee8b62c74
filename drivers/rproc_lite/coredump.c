// SPDX-License-Identifier: GPL-2.0-only
/*
 * Core dumps of remotes that crashed, by way of the kernel's devcoredump.
 *
 * The kernel gets a dump that refers to nothing but itself. It has the remote's memory
 * as long as it is open: a copy of it until the remote goes or the dump is freed; or the
 * memory itself, while the operation that made the dump has claimed the remote and waits
 * for the reader, so that it has power. Once ended it reads as an error, however long
 * the kernel and user space hold on to it.
 *
 * It is filed under the remote's parent, since the kernel lets go of that device after
 * our module: the last reference to the remote's own may not be among those.
 */
#include "coredump.h"
#include "compat.h"
#include "elfcore.h"
#include "remote.h"
#include "verdict.h"

#include <linux/cleanup.h>
#include <linux/devcoredump.h>
#include <linux/jiffies.h>
#include <linux/kref.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/timekeeping.h>

/* What is copied at a time. */
#define RL_PIECE	SZ_64K

static_assert(sizeof(struct rproc_lite_registers) == 288);
static_assert(sizeof(struct rproc_lite_core_note) == 640);

/* A declared region, and the copy that is made of it, if one is. */
struct content {
	struct rl_region *region;
	u8 *copy;
};

/**
 * struct rl_dump - a core dump that the kernel may offer
 * @ref: one is the remote's, one the kernel's
 * @core: what is in it; fixed
 * @load: of @core; fixed
 * @maker: who hands it to the kernel now
 * @refused: the kernel did not take it
 * @freed: the kernel has none of it any more
 * @twice: and has said so twice
 * @wait: woken when @read or @freed change
 *
 * @lock: covers the next group, and is held while memory is read
 * @ended: there is nothing to be read in it any more
 * @head: what comes before the memory, NULL if @ended
 * @content: the memory, as many as @core.num
 * @read: bytes from its start on that were read
 */
struct rl_dump {
	struct kref ref;
	struct rl_elfcore core;
	struct rl_elfcore_load *load;
	struct task_struct *maker;
	bool refused;
	bool freed;
	bool twice;
	wait_queue_head_t wait;

	struct mutex lock;		/* see above */
	bool ended;
	u8 *head;
	struct content *content;
	u64 read;
};

/* --- one dump, whoever holds it ---------------------------------------------- */

static void end_dump(struct rl_dump *dump)
{
	u32 i;

	guard(mutex)(&dump->lock);
	if (dump->ended)
		return;
	WRITE_ONCE(dump->ended, true);
	for (i = 0; dump->content && i < dump->core.num; i++)
		kvfree(dump->content[i].copy);
	kfree(dump->content);
	kfree(dump->head);
	dump->content = NULL;
	dump->head = NULL;
}

static void release(struct kref *ref)
{
	struct rl_dump *dump = container_of(ref, struct rl_dump, ref);

	end_dump(dump);
	kfree(dump->load);
	mutex_destroy(&dump->lock);
	kfree(dump);
}

static void put_dump(struct rl_dump *dump)
{
	kref_put(&dump->ref, release);
}

/* The bytes at @pos, up to where something else begins. Return: how many. */
static size_t read_some(struct rl_dump *dump, u64 pos, void *buf, size_t len)
{
	const struct rl_elfcore_load *load = dump->core.load;
	const struct content *c;
	u32 i = 0;

	if (pos < dump->core.head_size) {
		len = min_t(u64, len, dump->core.head_size - pos);
		memcpy(buf, dump->head + pos, len);
		return len;
	}
	while (pos - load[i].offset >= load[i].size)
		i++;
	c = &dump->content[i];
	pos -= load[i].offset;
	len = min_t(u64, len, load[i].size - pos);
	if (c->copy)
		memcpy(buf, c->copy + pos, len);
	else
		rl_region_read(c->region, pos, buf, len);
	return len;
}

/* devcoredump's: at most a page at a time. */
static ssize_t read_dump(char *buf, loff_t pos, size_t len, void *data, size_t unused)
{
	struct rl_dump *dump = data;
	size_t done = 0;

	guard(mutex)(&dump->lock);
	if (pos < 0)
		return -EINVAL;
	/* Who has read all of it is not told of errors afterwards. */
	if (pos >= dump->core.size)
		return 0;
	if (dump->ended)
		return -EIO;
	len = min_t(u64, len, dump->core.size - pos);
	while (done < len)
		done += read_some(dump, pos + done, buf + done, len - done);
	if (pos <= dump->read && pos + done > dump->read) {
		WRITE_ONCE(dump->read, pos + done);
		wake_up_all(&dump->wait);
	}
	return done;
}

/*
 * devcoredump's: by a work item, or at once if it does not take it. Then it may do so twice;
 * the remote's reference is there meanwhile.
 */
static void free_dump(void *data)
{
	struct rl_dump *dump = data;

	if (xchg(&dump->freed, true)) {
		dump->twice = true;
		return;
	}
	end_dump(dump);
	if (READ_ONCE(dump->maker) == current)
		dump->refused = true;
	wake_up_all(&dump->wait);
	put_dump(dump);
}

/* --- making one -------------------------------------------------------------- */

/* In the log, and with the crash. Claimed. */
static void say(struct rproc_lite *rproc, const char *why)
{
	char crash[RPROC_LITE_TEXT_MAX];

	dev_warn(&rproc->dev, "no core dump: %s\n", why);
	guard(mutex)(&rproc->lock);
	strscpy(crash, rproc->last.text, sizeof(crash));
	rl_refuse_plain(&rproc->last, rproc->last.error, rproc->last.where,
			"%.128s; no core dump: %s", crash, why);
	rl_tell_news(rproc);
}

static bool holds_something(const struct rl_layout *layout, const struct rl_region *r)
{
	u32 i;

	for (i = 0; i < layout->num; i++)
		if (layout->placement[i].region == r)
			return true;
	return false;
}

/* Is it memory that belongs in a dump? A register may change by being read. */
static bool is_wanted(struct rproc_lite *rproc, const struct rl_region *r, u8 class)
{
	if (r->io || r->parent || !holds_something(&rproc->image->layout, r))
		return false;
	if (rl_elfcore_holds(class, r->da, r->size))
		return true;
	dev_warn(&rproc->dev, "region %s is beyond what an ELF%u core can hold\n", r->name,
		 class == RL_ELF_CLASS64 ? 64 : 32);
	return false;
}

static int by_da(const void *a, const void *b)
{
	const struct content *x = a, *y = b;

	return x->region->da < y->region->da ? -1 : x->region->da > y->region->da;
}

/* Which memory is in it, by da. */
static int choose(struct rproc_lite *rproc, struct rl_dump *dump)
{
	struct rl_elfcore *core = &dump->core;
	struct rl_region *r;
	u32 i;

	dump->content = kcalloc(rproc->map.num, sizeof(*dump->content), GFP_KERNEL);
	dump->load = kcalloc(rproc->map.num, sizeof(*dump->load), GFP_KERNEL);
	if (!dump->content || !dump->load)
		return -ENOMEM;
	list_for_each_entry(r, &rproc->map.regions, node)
		if (is_wanted(rproc, r, core->class))
			dump->content[core->num++].region = r;
	sort(dump->content, core->num, sizeof(*dump->content), by_da, NULL);
	for (i = 0; i < core->num; i++) {
		dump->load[i].da = dump->content[i].region->da;
		dump->load[i].size = dump->content[i].region->size;
	}
	core->load = dump->load;
	return 0;
}

/* What the firmware left of its registers where it was asked to; or -ENODATA. */
static int get_registers(struct rproc_lite *rproc, struct rl_elfcore_registers *registers)
{
	struct rproc_lite_registers area;
	const struct rl_placement *p;
	struct rproc_lite_verdict v;
	int ret;

	p = rl_layout_find(&rproc->image->layout, RPROC_LITE_PLACED_CARVEOUT,
			   RPROC_LITE_REGISTERS_NAME);
	if (!p || p->size < sizeof(area) || p->region->io)
		return -ENODATA;
	rl_region_read(p->region, p->off, &area, sizeof(area));
	ret = rl_elfcore_registers(&area, rproc->image->elf.machine, registers, &v);
	if (ret == -EINVAL)
		dev_warn(&rproc->dev, "%s\n", v.text);
	return ret;
}

static void write_note(struct rproc_lite *rproc, struct rproc_lite_core_note *note)
{
	u64 ago = ktime_get_boottime_ns() - rproc->crash_since;

	note->size = cpu_to_le32(sizeof(*note));
	note->cause = cpu_to_le32(rproc->crash);
	note->crash_count = cpu_to_le32(rproc->crash_count);
	note->crashed = cpu_to_le64(ktime_get_real_ns() - ago);
	note->since = cpu_to_le64(rproc->crash_since);
	note->loaded = cpu_to_le64(rproc->image->loaded);
	note->entry = cpu_to_le64(rproc->image->elf.entry);
	note->digest = cpu_to_le64(rproc->image->digest);
	strscpy(note->name, rproc->name, sizeof(note->name));
	strscpy(note->backend, rproc->ops->kind, sizeof(note->backend));
	strscpy(note->detail, rproc->detail, sizeof(note->detail));
	strscpy(note->image, rproc->store->path, sizeof(note->image));
	guard(mutex)(&rproc->lock);
	strscpy(note->text, rproc->last.text, sizeof(note->text));
}

static int write_head(struct rproc_lite *rproc, struct rl_dump *dump)
{
	struct rl_elfcore_registers *registers __free(kfree) = NULL;
	struct rproc_lite_core_note *note __free(kfree) = NULL;
	struct rl_elfcore *core = &dump->core;
	int ret;

	registers = kzalloc(sizeof(*registers), GFP_KERNEL);
	note = kzalloc(sizeof(*note), GFP_KERNEL);
	if (!registers || !note)
		return -ENOMEM;
	write_note(rproc, note);
	core->note = note;
	if (!get_registers(rproc, registers)) {
		core->registers = registers;
		note->flags = cpu_to_le32(RPROC_LITE_CORE_REGISTERS);
	}
	ret = rl_elfcore_plan(core);
	if (!ret) {
		dump->head = kmalloc(core->head_size, GFP_KERNEL);
		ret = dump->head ? 0 : -ENOMEM;
	}
	if (!ret)
		rl_elfcore_head(core, dump->head);
	/* They are in the head now, and go. */
	core->note = NULL;
	core->registers = NULL;
	return ret;
}

static int copy_region(struct rproc_lite *rproc, struct content *c)
{
	u64 at, n;

	/* Rather none than that anybody goes for want of memory. */
	c->copy = kvmalloc(c->region->size, GFP_KERNEL | __GFP_RETRY_MAYFAIL | __GFP_NOWARN);
	if (!c->copy)
		return -ENOMEM;
	for (at = 0; at < c->region->size; at += n) {
		if (READ_ONCE(rproc->cancel))
			return -ECANCELED;
		n = min_t(u64, RL_PIECE, c->region->size - at);
		rl_region_read(c->region, at, c->copy + at, n);
		cond_resched();
	}
	return 0;
}

static int fill(struct rproc_lite *rproc, struct rl_dump *dump, bool copy)
{
	int ret;
	u32 i;

	ret = choose(rproc, dump);
	if (!ret)
		ret = write_head(rproc, dump);
	for (i = 0; copy && !ret && i < dump->core.num; i++)
		ret = copy_region(rproc, &dump->content[i]);
	return ret;
}

static struct rl_dump *make_dump(struct rproc_lite *rproc, bool copy)
{
	const struct rl_elf *elf = &rproc->image->elf;
	struct rl_dump *dump;
	int ret;

	dump = kzalloc(sizeof(*dump), GFP_KERNEL);
	if (!dump)
		return ERR_PTR(-ENOMEM);
	kref_init(&dump->ref);
	mutex_init(&dump->lock);
	init_waitqueue_head(&dump->wait);
	/* Of a raw binary nothing is known but where it is. */
	dump->core.class = elf->class ?: RL_ELF_CLASS64;
	dump->core.machine = elf->machine;
	dump->core.pid = rproc->id + 1;
	ret = fill(rproc, dump, copy);
	if (!ret)
		return dump;
	put_dump(dump);
	return ERR_PTR(ret);
}

/* --- offering it ------------------------------------------------------------- */

/*
 * The kernel keeps one dump for a device, so an older one must be out of the way; one
 * that has ended is no loss. Return: it is.
 */
static bool make_room(struct rproc_lite *rproc)
{
	struct rl_dump *old = rproc->dump;

	if (!old)
		return true;
	if (!READ_ONCE(old->freed) &&
	    !(READ_ONCE(old->ended) && rl_coredump_put(rproc->dev.parent)))
		return false;
	rproc->dump = NULL;
	put_dump(old);
	return true;
}

/* Return: the kernel took it. */
static bool offer(struct rproc_lite *rproc, struct rl_dump *dump)
{
	rproc->dump = dump;
	kref_get(&dump->ref);
	WRITE_ONCE(dump->maker, current);
	/* What it frees twice, it lets go of the module for twice, too: this is the other time. */
	__module_get(THIS_MODULE);
	dev_coredumpm(rproc->dev.parent, THIS_MODULE, dump, dump->core.size, GFP_KERNEL,
		      read_dump, free_dump);
	if (!dump->twice)
		module_put(THIS_MODULE);
	WRITE_ONCE(dump->maker, NULL);
	if (dump->refused)
		return false;
	dev_info(&rproc->dev, "core dump of %llu bytes\n", dump->core.size);
	rl_tell_news(rproc);
	return true;
}

static bool is_over(struct rl_dump *dump)
{
	return READ_ONCE(dump->freed) || READ_ONCE(dump->read) == dump->core.size;
}

static bool waits_no_more(struct rproc_lite *rproc, struct rl_dump *dump)
{
	return is_over(dump) || READ_ONCE(rproc->cancel);
}

/* Return: the time was over, with a sleep of the system in it; which is over, too. */
static bool slept_instead(struct rproc_lite *rproc, struct rl_dump *dump, u32 timeout_ms)
{
	u32 sleeps = READ_ONCE(rproc->system.sleeps);

	/* Idly, for it may be hours. */
	if (wait_event_idle_timeout(dump->wait, waits_no_more(rproc, dump),
				    msecs_to_jiffies(timeout_ms)) ||
	    sleeps == READ_ONCE(rproc->system.sleeps))
		return false;
	wait_event_idle(rproc->wait,
			!READ_ONCE(rproc->system.asleep) || READ_ONCE(rproc->cancel));
	return true;
}

/* Whoever wants the remote cancels, and wakes the task. */
static void wait_for_reader(struct rproc_lite *rproc, struct rl_dump *dump, u32 timeout_ms)
{
	/* Who reads sleeps while the system does, and has all the time again. */
	while (slept_instead(rproc, dump, timeout_ms))
		;
	if (is_over(dump))
		return;
	dev_warn(&rproc->dev, "core dump ends, with %llu of %llu bytes read: %s\n",
		 READ_ONCE(dump->read), dump->core.size,
		 READ_ONCE(rproc->cancel) ? "the remote is wanted" : "its time is over");
}

void rl_coredump(struct rproc_lite *rproc, const struct rproc_lite_policy *policy)
{
	bool copy = policy->coredump == RPROC_LITE_COREDUMP_COPY;
	struct rl_dump *dump;

	if (!rproc->image)
		return;
	if (!make_room(rproc)) {
		say(rproc, "an older one is pending");
		return;
	}
	dump = make_dump(rproc, copy);
	if (IS_ERR(dump)) {
		say(rproc, PTR_ERR(dump) == -ENOMEM ? "there is no memory for it" :
			   PTR_ERR(dump) == -EFBIG ? "it is too large" : "it was cancelled");
		return;
	}
	if (!offer(rproc, dump))
		say(rproc, "the kernel takes none now for this device");
	else if (!copy)
		wait_for_reader(rproc, dump, policy->coredump_timeout_ms);
	if (!copy)
		end_dump(dump);
}

void rl_coredump_end(struct rproc_lite *rproc)
{
	if (!rproc->dump)
		return;
	end_dump(rproc->dump);
	put_dump(rproc->dump);
	rproc->dump = NULL;
}
