// SPDX-License-Identifier: GPL-2.0-only
/*
 * ELF cores: headers and notes, in both classes, little-endian. The memory itself follows
 * them, at offsets that are planned first, so that nobody needs it all at one time.
 *
 * Sizes and offsets are spelled out, as in elf.c.
 */
#include "elfcore.h"
#include "elf.h"
#include "verdict.h"

#define ET_CORE		4
#define EM_ARM		40
#define EM_AARCH64	183
#define PT_LOAD		1
#define PT_NOTE		4
#define PF_RWX		7
#define NT_PRSTATUS	1

/* Memory begins at a page, since it is read in pages. */
#define ALIGN_TO	4096u
/* More program headers than this need a section header to tell. */
#define PHNUM_MAX	0xfffeu
#define PRSTATUS_MAX	392

/* Where Linux's struct elf_prstatus has what we know. */
struct prstatus {
	u16 machine;
	u8 word;		/* bytes of a register */
	u8 registers;
	u16 size;
	u16 pid;
	u16 reg;
};

#define PRSTATUS_SIGNAL	12

static const struct prstatus layouts[] = {
	{ EM_AARCH64, 8, 34, 392, 32, 112 },
	{ EM_ARM, 4, 17, 148, 24, 72 },
};

static const struct prstatus *layout_of(u16 machine)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(layouts); i++)
		if (layouts[i].machine == machine)
			return &layouts[i];
	return NULL;
}

/* --- writing ----------------------------------------------------------------- */

struct out {
	u8 *at;
	bool wide;
};

static void put(struct out *o, u64 value, unsigned int bytes)
{
	while (bytes--) {
		*o->at++ = (u8)value;
		value >>= 8;
	}
}

static void put_address(struct out *o, u64 value)
{
	put(o, value, o->wide ? 8 : 4);
}

static u32 ehdr_size(const struct rl_elfcore *core)
{
	return core->class == RL_ELF_CLASS64 ? 64 : 52;
}

static u32 phdr_size(const struct rl_elfcore *core)
{
	return core->class == RL_ELF_CLASS64 ? 56 : 32;
}

static u32 round_up_to(u32 size, u32 align)
{
	return (size + align - 1) / align * align;
}

static u32 note_size(u32 name_size, u32 size)
{
	return 12 + round_up_to(name_size, 4) + round_up_to(size, 4);
}

static u32 notes_size(const struct rl_elfcore *core)
{
	const struct prstatus *layout = core->registers ? layout_of(core->machine) : NULL;
	u32 size = note_size(sizeof(RPROC_LITE_CORE_NAME), sizeof(*core->note));

	return layout ? size + note_size(sizeof("CORE"), layout->size) : size;
}

static void put_header(const struct rl_elfcore *core, struct out *o)
{
	memset(o->at, 0, 16);
	memcpy(o->at, "\177ELF", 4);
	o->at[4] = core->class;
	o->at[5] = 1;			/* little-endian */
	o->at[6] = 1;			/* version */
	o->at += 16;
	put(o, ET_CORE, 2);
	put(o, core->machine, 2);
	put(o, 1, 4);			/* version */
	put_address(o, 0);		/* entry */
	put_address(o, ehdr_size(core));
	put_address(o, 0);		/* section headers */
	put(o, 0, 4);			/* flags */
	put(o, ehdr_size(core), 2);
	put(o, phdr_size(core), 2);
	put(o, core->num + 1, 2);
	put(o, 0, 6);			/* section headers */
}

static void put_segment(struct out *o, u32 type, u32 flags, u64 offset, u64 da, u64 filesz,
			u64 memsz, u64 align)
{
	put(o, type, 4);
	if (o->wide)
		put(o, flags, 4);
	put_address(o, offset);
	put_address(o, da);
	put_address(o, da);
	put_address(o, filesz);
	put_address(o, memsz);
	if (!o->wide)
		put(o, flags, 4);
	put_address(o, align);
}

static void put_note(struct out *o, const char *name, u32 type, const void *data, u32 size)
{
	u32 name_size = (u32)strlen(name) + 1;
	u8 *end = o->at + note_size(name_size, size);

	put(o, name_size, 4);
	put(o, size, 4);
	put(o, type, 4);
	memset(o->at, 0, (size_t)(end - o->at));
	memcpy(o->at, name, name_size);
	memcpy(o->at + round_up_to(name_size, 4), data, size);
	o->at = end;
}

static void put_prstatus(const struct rl_elfcore *core, const struct prstatus *layout,
			 struct out *o)
{
	const struct rl_elfcore_registers *r = core->registers;
	u8 status[PRSTATUS_MAX] = { 0 };
	struct out s = { .at = status + PRSTATUS_SIGNAL };
	unsigned int i;

	put(&s, r->signal, 2);
	s.at = status + layout->pid;
	put(&s, core->pid, 4);
	s.at = status + layout->reg;
	for (i = 0; i < layout->registers; i++)
		put(&s, r->reg[i], layout->word);
	put_note(o, "CORE", NT_PRSTATUS, status, layout->size);
}

bool rl_elfcore_holds(u8 class, u64 da, u64 size)
{
	return rl_fits(da, size, class == RL_ELF_CLASS64 ? U64_MAX : 1ULL << 32);
}

int rl_elfcore_plan(struct rl_elfcore *core)
{
	u64 max = core->class == RL_ELF_CLASS64 ? U64_MAX >> 1 : U32_MAX;
	u64 at;
	u32 i;

	if (core->num >= PHNUM_MAX)
		return -EFBIG;
	at = ehdr_size(core) + (core->num + 1) * phdr_size(core) + notes_size(core);
	at = round_up_to((u32)at, ALIGN_TO);
	core->head_size = at;
	for (i = 0; i < core->num; i++) {
		if (!rl_fits(at, core->load[i].size, max))
			return -EFBIG;
		core->load[i].offset = at;
		at += core->load[i].size;
	}
	core->size = at;
	return 0;
}

void rl_elfcore_head(const struct rl_elfcore *core, u8 *buf)
{
	const struct prstatus *layout = core->registers ? layout_of(core->machine) : NULL;
	struct out o = { .at = buf, .wide = core->class == RL_ELF_CLASS64 };
	u32 notes = ehdr_size(core) + (core->num + 1) * phdr_size(core);
	u32 i;

	put_header(core, &o);
	put_segment(&o, PT_NOTE, 0, notes, 0, notes_size(core), 0, 4);
	for (i = 0; i < core->num; i++) {
		const struct rl_elfcore_load *load = &core->load[i];

		put_segment(&o, PT_LOAD, PF_RWX, load->offset, load->da, load->size,
			    load->size, 1);
	}
	if (layout)
		put_prstatus(core, layout, &o);
	put_note(&o, RPROC_LITE_CORE_NAME, RPROC_LITE_CORE_TYPE, core->note,
		 sizeof(*core->note));
	memset(o.at, 0, (size_t)(buf + core->head_size - o.at));
}

/* --- what firmware left ------------------------------------------------------ */

static int bad_registers(struct rproc_lite_verdict *v, const char *what, u32 is, u32 should)
{
	return rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_BACKEND,
			       "the firmware's registers are no good: %s is %u, and not %u",
			       what, is, should);
}

static bool is_fault_signal(u32 signal)
{
	return signal == 4 || signal == 5 || signal == 7 || signal == 8 || signal == 11;
}

int rl_elfcore_registers(const struct rproc_lite_registers *area, u16 machine,
			 struct rl_elfcore_registers *registers, struct rproc_lite_verdict *v)
{
	const struct prstatus *layout = layout_of(machine);
	u32 num = le32_to_cpu(area->num);
	unsigned int i;

	if (le32_to_cpu(area->magic) != RPROC_LITE_REGISTERS_MAGIC)
		return -ENODATA;
	if (le32_to_cpu(area->machine) != machine)
		return bad_registers(v, "their machine", le32_to_cpu(area->machine), machine);
	if (!layout)
		return rl_refuse_plain(v, -EINVAL, RPROC_LITE_AT_BACKEND,
				       "no registers of machine %u are known", machine);
	if (num != layout->registers)
		return bad_registers(v, "their number", num, layout->registers);
	memset(registers, 0, sizeof(*registers));
	registers->signal = le32_to_cpu(area->signal);
	if (!is_fault_signal(registers->signal))
		registers->signal = 0;
	registers->num = num;
	for (i = 0; i < num; i++)
		registers->reg[i] = le64_to_cpu(area->reg[i]);
	return 0;
}
