// SPDX-License-Identifier: GPL-2.0-only
#include <linux/rproc_lite_rsc.h>

#include "rsc.h"
#include "rsctable.h"
#include "text.h"
#include "vdev.h"

#define ANY		RPROC_LITE_RSC_ANY
#define VENDOR_SHOWN	16	/* bytes of a vendor's payload in the text */

/* A word of the entry @e; type and member tell which. 0 where it was cut off. */
#define LE32(e, at, type, member)						\
	word(e, (at) + offsetof(struct rproc_lite_rsc_##type, member))

static u32 word(const struct rsc_entry *e, size_t at)
{
	return rl_fits(at, 4, e->len) ? get_unaligned_le32(e->data + at) : 0;
}

static u32 byte(const struct rsc_entry *e, size_t at)
{
	return at < e->len ? e->data[at] : 0;
}

/* Carveout, devmem and trace, which has neither pa nor flags. */
struct mem {
	u32 da;
	u32 pa;
	u32 len;
	u32 flags;
	char name[RPROC_LITE_RSC_NAME_MAX + 1];
};

static void get_mem(const struct rsc_entry *e, struct mem *m)
{
	bool trace = e->type == RPROC_LITE_RSC_TRACE;
	size_t name = trace ? offsetof(struct rproc_lite_rsc_trace, name) :
			      offsetof(struct rproc_lite_rsc_carveout, name);

	memset(m, 0, sizeof(*m));
	m->da = LE32(e, 0, carveout, da);
	m->pa = trace ? ANY : LE32(e, 0, carveout, pa);
	m->len = trace ? LE32(e, 0, trace, len) : LE32(e, 0, carveout, len);
	m->flags = trace ? 0 : LE32(e, 0, carveout, flags);
	if (rl_fits(name, RPROC_LITE_RSC_NAME_MAX, e->len))
		memcpy(m->name, e->data + name, RPROC_LITE_RSC_NAME_MAX);
}

struct ring {
	u32 da;
	u32 align;
	u32 num;
	u32 notifyid;
	u64 size;		/* 0 if align and num make no ring */
};

/* False if ring @n is not among the entry's bytes. */
static bool get_ring(const struct rsc_entry *e, u32 n, struct ring *r)
{
	size_t at = sizeof(struct rproc_lite_rsc_vdev) +
		    n * sizeof(struct rproc_lite_rsc_vring);

	if (n >= byte(e, offsetof(struct rproc_lite_rsc_vdev, num_of_vrings)) ||
	    !rl_fits(at, sizeof(struct rproc_lite_rsc_vring), e->len))
		return false;
	r->da = LE32(e, at, vring, da);
	r->align = LE32(e, at, vring, align);
	r->num = LE32(e, at, vring, num);
	r->notifyid = LE32(e, at, vring, notifyid);
	r->size = r->num <= RL_VRING_NUM_MAX && is_power_of_2(r->align) ?
		  rl_vring_size(r->num, r->align) : 0;
	return true;
}

static const char *address(char buf[16], u32 addr)
{
	if (addr == ANY)
		return "any";
	snprintf(buf, 16, "0x%08x", addr);
	return buf;
}

static void print_mem(FILE *f, const struct rsc_entry *e)
{
	char da[16], pa[16], size[TEXT_SIZE_MAX], name[TEXT_ESCAPED(RPROC_LITE_RSC_NAME_MAX)];
	struct mem m;

	get_mem(e, &m);
	fprintf(f, "da %-10s  %9s", address(da, m.da), text_size(size, m.len));
	if (m.pa && m.pa != ANY)
		fprintf(f, "  pa %s", address(pa, m.pa));
	if (m.flags)
		fprintf(f, "  flags 0x%x", m.flags);
	if (m.name[0])
		fprintf(f, "  \"%s\"", text_escape(name, sizeof(name), m.name));
	fputc('\n', f);
}

static void print_vdev(FILE *f, const struct rsc_entry *e)
{
	u32 id = LE32(e, 0, vdev, id), notifyid = LE32(e, 0, vdev, notifyid);
	char da[16], size[TEXT_SIZE_MAX];
	struct ring r;
	u32 n;

	if (vdev_id_name(id))
		fprintf(f, "%s (virtio %u)", vdev_id_name(id), id);
	else
		fprintf(f, "virtio %u", id);
	if (notifyid != ANY)
		fprintf(f, ", notify id %u", notifyid);
	fprintf(f, ", features 0x%x, taken 0x%x, status 0x%02x",
		LE32(e, 0, vdev, dfeatures), LE32(e, 0, vdev, gfeatures),
		byte(e, offsetof(struct rproc_lite_rsc_vdev, status)));
	if (LE32(e, 0, vdev, config_len))
		fprintf(f, ", config %u B", LE32(e, 0, vdev, config_len));
	fputc('\n', f);

	for (n = 0; get_ring(e, n, &r); n++) {
		fprintf(f, "     vring %-3u  da %-10s  %9s  %u buffers, align %u", n,
			address(da, r.da), r.size ? text_size(size, r.size) : "?",
			r.num, r.align);
		if (r.notifyid != ANY)
			fprintf(f, ", notify id %u", r.notifyid);
		fputc('\n', f);
	}
}

static void print_vendor(FILE *f, const struct rsc_entry *e)
{
	size_t i, at = sizeof(struct rproc_lite_rsc_vendor);

	fprintf(f, "type %u, %u bytes:", e->type, LE32(e, 0, vendor, len));
	for (i = at; i < e->len && i < at + VENDOR_SHOWN; i++)
		fprintf(f, " %02x", e->data[i]);
	fputs(i < e->size ? " ...\n" : "\n", f);
}

void rsc_print(FILE *f, const struct rsc_entry *e)
{
	fprintf(f, "  %-2u %-9s  ", e->index, rl_rsc_type_name(e->type));
	switch (e->type) {
	case RPROC_LITE_RSC_CARVEOUT:
	case RPROC_LITE_RSC_DEVMEM:
	case RPROC_LITE_RSC_TRACE:
		print_mem(f, e);
		break;
	case RPROC_LITE_RSC_VDEV:
		print_vdev(f, e);
		break;
	default:
		print_vendor(f, e);
	}
}

static void json_mem(struct json *j, const struct rsc_entry *e)
{
	struct mem m;

	get_mem(e, &m);
	json_string(j, "name", m.name);
	json_u64_or_null(j, "da", m.da, ANY);
	if (e->type != RPROC_LITE_RSC_TRACE) {
		json_u64_or_null(j, "pa", m.pa ? m.pa : ANY, ANY);
		json_u64(j, "flags", m.flags);
	}
	json_u64(j, "len", m.len);
}

static void json_vdev(struct json *j, const struct rsc_entry *e)
{
	struct ring r;
	u32 n;

	json_u64(j, "id", LE32(e, 0, vdev, id));
	json_u64_or_null(j, "notifyid", LE32(e, 0, vdev, notifyid), ANY);
	json_u64(j, "dfeatures", LE32(e, 0, vdev, dfeatures));
	json_u64(j, "gfeatures", LE32(e, 0, vdev, gfeatures));
	json_u64(j, "config_len", LE32(e, 0, vdev, config_len));
	json_u64(j, "status", byte(e, offsetof(struct rproc_lite_rsc_vdev, status)));
	json_array(j, "vrings");
	for (n = 0; get_ring(e, n, &r); n++) {
		json_object(j, NULL);
		json_u64_or_null(j, "da", r.da, ANY);
		json_u64(j, "align", r.align);
		json_u64(j, "num", r.num);
		json_u64_or_null(j, "notifyid", r.notifyid, ANY);
		json_u64(j, "size", r.size);
		json_object_end(j);
	}
	json_array_end(j);
}

static void json_vendor(struct json *j, const struct rsc_entry *e)
{
	size_t at = sizeof(struct rproc_lite_rsc_vendor);

	json_u64(j, "type_number", e->type);
	json_u64(j, "len", LE32(e, 0, vendor, len));
	json_hex(j, "data", e->data + (e->len < at ? e->len : at),
		 e->len < at ? 0 : e->len - at);
}

void rsc_json(struct json *j, const struct rsc_entry *e)
{
	json_object(j, NULL);
	json_u64(j, "index", e->index);
	json_string(j, "type", rl_rsc_type_name(e->type));
	json_u64(j, "offset", e->offset);
	json_u64(j, "size", e->size);
	switch (e->type) {
	case RPROC_LITE_RSC_CARVEOUT:
	case RPROC_LITE_RSC_DEVMEM:
	case RPROC_LITE_RSC_TRACE:
		json_mem(j, e);
		break;
	case RPROC_LITE_RSC_VDEV:
		json_vdev(j, e);
		break;
	default:
		json_vendor(j, e);
	}
	json_object_end(j);
}
