// SPDX-License-Identifier: GPL-2.0-only
/*
 * A remote's memory for user space.
 *
 * Pages are mapped when they are first touched, if the mapping's generation is
 * still the remote's. Taking the memory away makes a new generation and then
 * unmaps all there is; @map_sem keeps a fault from slipping in between. All
 * files of a remote share the mappings of one inode of ours, so that one call
 * finds them, whatever device node they were opened by.
 *
 * A mapping that can be written to, or is of device memory, takes a right. One by a
 * delegated right is @lent: it is no good while that is not delegated.
 */
#include "mapping.h"
#include "compat.h"
#include "remote.h"
#include "rights.h"

#include <linux/cleanup.h>
#include <linux/fs.h>
#include <linux/mm.h>
#include <linux/mount.h>
#include <linux/pseudo_fs.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#define RL_FS_MAGIC	0x72706c74	/* "rplt" */

static struct vfsmount *rl_mnt;
static int rl_mnt_count;

static int init_fs_context(struct fs_context *fc)
{
	return init_pseudo(fc, RL_FS_MAGIC) ? 0 : -ENOMEM;
}

static struct file_system_type rl_fs = {
	.name = "rproc_lite",
	.owner = THIS_MODULE,
	.init_fs_context = init_fs_context,
	.kill_sb = kill_anon_super,
};

int rl_mapping_init(struct rproc_lite *rproc)
{
	struct inode *inode;
	int ret;

	init_rwsem(&rproc->map_sem);
	ret = simple_pin_fs(&rl_fs, &rl_mnt, &rl_mnt_count);
	if (ret)
		return ret;
	inode = alloc_anon_inode(rl_mnt->mnt_sb);
	if (IS_ERR(inode)) {
		simple_release_fs(&rl_mnt, &rl_mnt_count);
		return PTR_ERR(inode);
	}
	inode->i_private = rproc;
	rproc->inode = inode;
	return 0;
}

void rl_mapping_destroy(struct rproc_lite *rproc)
{
	if (!rproc->inode)
		return;
	iput(rproc->inode);
	simple_release_fs(&rl_mnt, &rl_mnt_count);
}

void rl_mapping_open(struct rproc_lite *rproc, struct file *file)
{
	file->f_mapping = rproc->inode->i_mapping;
}

void rl_mapping_allow(struct rproc_lite *rproc)
{
	guard(rwsem_write)(&rproc->map_sem);
	rproc->powered = true;
}

void rl_mapping_revoke(struct rproc_lite *rproc)
{
	scoped_guard(rwsem_write, &rproc->map_sem) {
		rproc->powered = false;
		WRITE_ONCE(rproc->map_generation, rproc->map_generation + 1);
	}
	unmap_mapping_range(rproc->inode->i_mapping, 0, 0, 1);
}

void rl_mapping_check_again(struct rproc_lite *rproc)
{
	unmap_mapping_range(rproc->inode->i_mapping, 0, 0, 1);
}

/* The declared region that a file offset means, and how far into it. */
static struct rl_region *region_at(struct rproc_lite *rproc, u64 pos, u64 *off)
{
	*off = pos & (BIT_ULL(RPROC_LITE_REGION_SHIFT) - 1);
	return rl_memmap_find_slot(&rproc->map, pos >> RPROC_LITE_REGION_SHIFT);
}

static struct rproc_lite *mapped_remote(const struct vm_area_struct *vma)
{
	return vma->vm_file->f_mapping->host->i_private;
}

static vm_fault_t fault_by(struct vm_fault *vmf, enum rl_right right)
{
	struct vm_area_struct *vma = vmf->vma;
	struct rproc_lite *rproc = mapped_remote(vma);
	struct rl_region *r;
	u64 off;

	guard(rwsem_read)(&rproc->map_sem);
	r = region_at(rproc, (u64)vmf->pgoff << PAGE_SHIFT, &off);
	if (!rproc->powered || vma->vm_private_data != (void *)rproc->map_generation ||
	    !rl_right_holds(rproc, right) || !r || off >= r->size)
		return VM_FAULT_SIGBUS;
	return vmf_insert_pfn(vma, vmf->address, (r->pa + off) >> PAGE_SHIFT);
}

static vm_fault_t fault(struct vm_fault *vmf)
{
	return fault_by(vmf, RL_RIGHT_OWN);
}

static vm_fault_t fault_lent(struct vm_fault *vmf)
{
	return fault_by(vmf, RL_RIGHT_DELEGATED);
}

static const struct vm_operations_struct vm_ops = {
	.fault = fault,
};

static const struct vm_operations_struct lent_ops = {
	.fault = fault_lent,
};

static bool is_ours(const struct vm_area_struct *vma)
{
	return vma->vm_ops == &vm_ops || vma->vm_ops == &lent_ops;
}

/* A device's registers may change by being read. */
static bool wants_right(const struct rl_region *r, bool write)
{
	return write || r->io;
}

/* Could all of @vma be mapped, and never to be executed or copied on write? */
static int check_vma(const struct rproc_lite *rproc, const struct vm_area_struct *vma,
		     const struct rl_region *r, u64 off, enum rl_right right)
{
	if (!rproc->powered || !r)
		return -ENXIO;
	if (!r->mappable || (vma->vm_flags & VM_EXEC))
		return -EPERM;
	if (wants_right(r, vma->vm_flags & VM_WRITE) && !rl_right_holds(rproc, right))
		return -EPERM;
	/* Not VM_SHARED, which a file that is open for reading only does not get. */
	if (!(vma->vm_flags & VM_MAYSHARE))
		return -EINVAL;
	if (offset_in_page(r->pa) || offset_in_page(r->size) ||
	    !rl_fits(off, vma->vm_end - vma->vm_start, r->size))
		return -EINVAL;
	return 0;
}

int rl_mapping_mmap(struct rproc_lite *rproc, const struct file *file,
		    struct vm_area_struct *vma)
{
	enum rl_right right = rl_right_of(rproc, file);
	struct rl_region *r;
	bool lent;
	u64 off;
	int ret;

	guard(rwsem_read)(&rproc->map_sem);
	r = region_at(rproc, (u64)vma->vm_pgoff << PAGE_SHIFT, &off);
	ret = check_vma(rproc, vma, r, off, right);
	if (ret)
		return ret;
	vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	/* What is not allowed now is not to be had by mprotect(2) either. */
	vm_flags_clear(vma, rl_right_holds(rproc, right) ? VM_MAYEXEC : VM_MAYEXEC | VM_MAYWRITE);
	lent = right == RL_RIGHT_DELEGATED && wants_right(r, vma->vm_flags & VM_MAYWRITE);
	vma->vm_page_prot = r->io ? pgprot_noncached(vma->vm_page_prot) :
				    pgprot_writecombine(vma->vm_page_prot);
	vma->vm_private_data = (void *)rproc->map_generation;
	vma->vm_ops = lent ? &lent_ops : &vm_ops;
	return 0;
}

/*
 * Read or write by way of @page, at most what it holds: user space is touched
 * without any lock. Return: bytes, 0 at the region's end, or a negative errno.
 */
static ssize_t piece(struct rproc_lite *rproc, enum rl_right right, void *page, size_t len,
		     u64 pos, bool write)
{
	struct rl_region *r;
	u64 off;

	guard(rwsem_read)(&rproc->map_sem);
	r = region_at(rproc, pos, &off);
	if (!rproc->powered || !r)
		return -ENXIO;
	if (wants_right(r, write) && !rl_right_holds(rproc, right))
		return -EPERM;
	if (off >= r->size)
		return 0;
	len = min_t(u64, min_t(size_t, len, PAGE_SIZE), r->size - off);
	if (write)
		rl_region_write(r, off, page, len);
	else
		rl_region_read(r, off, page, len);
	return len;
}

/* @to or @from; the other one is NULL, as either may be by user space's own wish. */
static ssize_t transfer(struct rproc_lite *rproc, const struct file *file, bool write,
			char __user *to, const char __user *from, size_t len, loff_t *pos)
{
	void *page __free(kfree) = kmalloc(PAGE_SIZE, GFP_KERNEL);
	enum rl_right right = rl_right_of(rproc, file);
	size_t done = 0, want;
	ssize_t n = 0;

	if (!page)
		return -ENOMEM;
	while (done < len && !fatal_signal_pending(current)) {
		want = min_t(size_t, len - done, PAGE_SIZE);
		if (write && copy_from_user(page, from + done, want)) {
			n = -EFAULT;
			break;
		}
		n = piece(rproc, right, page, want, *pos, write);
		if (n <= 0)
			break;
		if (!write && copy_to_user(to + done, page, n)) {
			n = -EFAULT;
			break;
		}
		*pos += n;
		done += n;
		cond_resched();
	}
	if (done)
		return done;
	return n || !write || !len ? n : -ENOSPC;
}

ssize_t rl_mapping_read(struct rproc_lite *rproc, const struct file *file, char __user *buf,
			size_t len, loff_t *pos)
{
	return transfer(rproc, file, false, buf, NULL, len, pos);
}

ssize_t rl_mapping_write(struct rproc_lite *rproc, const struct file *file,
			 const char __user *buf, size_t len, loff_t *pos)
{
	return transfer(rproc, file, true, NULL, buf, len, pos);
}

/* The file offset that the caller has mapped at @va, for @len bytes. */
static int offset_of_va(struct rproc_lite *rproc, u64 va, u64 len, u64 *pos)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	int ret = -ENOENT;

	mmap_read_lock(mm);
	vma = va <= ULONG_MAX ? vma_lookup(mm, va) : NULL;
	if (vma && is_ours(vma) && mapped_remote(vma) == rproc &&
	    vma->vm_private_data == (void *)READ_ONCE(rproc->map_generation) &&
	    rl_fits(va - vma->vm_start, len, vma->vm_end - vma->vm_start)) {
		*pos = ((u64)vma->vm_pgoff << PAGE_SHIFT) + (va - vma->vm_start);
		ret = 0;
	}
	mmap_read_unlock(mm);
	return ret;
}

static struct rl_region *find(struct rproc_lite *rproc, const struct rproc_lite_find *f,
			      u64 pos, u64 *off)
{
	/* The end of a region is no place in it, and the start of the next one is. */
	u64 len = max(f->len, 1);
	struct rl_region *r;

	switch (f->by) {
	case RPROC_LITE_BY_NAME:
		r = rl_memmap_find_name(&rproc->map, f->name);
		*off = f->addr;
		break;
	case RPROC_LITE_BY_DA:
		r = rl_memmap_find_da(&rproc->map, f->addr, len);
		*off = r ? f->addr - r->da : 0;
		break;
	case RPROC_LITE_BY_PA:
		r = rl_memmap_find_pa(&rproc->map, f->addr, len);
		*off = r ? f->addr - r->pa : 0;
		break;
	default:
		r = region_at(rproc, pos, off);
	}
	return r && rl_fits(*off, len, r->size) ? r : NULL;
}

int rl_mapping_find(struct rproc_lite *rproc, struct rproc_lite_find *f)
{
	const struct rl_region *r, *parent;
	u64 pos = 0, off;
	int ret;

	if (f->by == RPROC_LITE_BY_VA) {
		ret = offset_of_va(rproc, f->addr, f->len, &pos);
		if (ret)
			return ret;
	}
	guard(mutex)(&rproc->lock);
	if (rproc->going)
		return -ENODEV;
	r = find(rproc, f, pos, &off);
	if (!r)
		return -ENOENT;
	parent = r->parent ?: r;
	f->region = r->index;
	f->flags = rl_region_flags(r);
	f->da = r->da + off;
	f->pa = r->pa + off;
	f->left = r->size - off;
	f->offset = ((u64)parent->slot << RPROC_LITE_REGION_SHIFT) + r->off + off;
	memcpy(f->name, r->name, sizeof(f->name));
	return 0;
}
