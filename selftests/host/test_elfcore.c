// SPDX-License-Identifier: GPL-2.0-only
/*
 * ELF cores as the kernel writes them, read by the C library's <elf.h> and by the tool's
 * parser; and what firmware may leave where its registers should be.
 */
#include "common.h"

#include <elf.h>
#include <stdlib.h>

#include "corefile.h"
#include "elfcore.h"

struct core {
	struct rl_elfcore_load load[3];
	struct rproc_lite_core_note note;
	struct rl_elfcore_registers registers;
	struct rl_elfcore c;
};

static void make(struct core *core, u8 class, u16 machine)
{
	unsigned int i;

	memset(core, 0, sizeof(*core));
	core->load[0] = (struct rl_elfcore_load){ .da = 0, .size = 0x1000 };
	core->load[1] = (struct rl_elfcore_load){ .da = 0x10000000, .size = 0x12345 };
	core->load[2] = (struct rl_elfcore_load){ .da = 0xfffff000, .size = 0x1000 };
	core->note.size = cpu_to_le32(sizeof(core->note));
	strcpy(core->note.name, "r0");
	core->registers.signal = 11;
	for (i = 0; i < RPROC_LITE_REGISTERS_MAX; i++)
		core->registers.reg[i] = 0x1122334400000000ULL + i;
	core->c = (struct rl_elfcore){
		.class = class, .machine = machine, .registers = &core->registers, .pid = 7,
		.note = &core->note, .load = core->load, .num = ARRAY_SIZE(core->load),
	};
}

/* Exactly so long: sanitizers see any byte too many, and all bytes must be written. */
static u8 *written(struct core *core)
{
	u8 *head, *again;

	assert_int_equal(rl_elfcore_plan(&core->c), 0);
	head = malloc(core->c.head_size);
	again = malloc(core->c.head_size);
	assert_true(head && again);
	memset(head, 0x55, core->c.head_size);
	memset(again, 0xaa, core->c.head_size);
	rl_elfcore_head(&core->c, head);
	rl_elfcore_head(&core->c, again);
	assert_memory_equal(head, again, core->c.head_size);
	free(again);
	return head;
}

static void check_loads(const struct core *core)
{
	u64 at = core->c.head_size;
	unsigned int i;

	assert_int_equal(at % 4096, 0);
	for (i = 0; i < core->c.num; i++) {
		assert_int_equal(core->load[i].offset, at);
		at += core->load[i].size;
	}
	assert_int_equal(core->c.size, at);
}

static const u8 *note_of(const u8 *notes, u64 size, u32 type, u32 *len)
{
	const u8 *end = notes + size;
	Elf64_Nhdr n;

	while (notes < end) {
		memcpy(&n, notes, sizeof(n));
		notes += sizeof(n) + (n.n_namesz + 3) / 4 * 4;
		*len = n.n_descsz;
		if (n.n_type == type)
			return notes;
		notes += (n.n_descsz + 3) / 4 * 4;
	}
	assert_ptr_equal(notes, end);
	return NULL;
}

static void test_wide(void **state)
{
	const u8 *status;
	struct core core;
	Elf64_Ehdr *e;
	Elf64_Phdr *p;
	u8 *head;
	u32 i, len;
	u64 reg;

	(void)state;
	make(&core, RL_ELF_CLASS64, EM_AARCH64);
	head = written(&core);
	check_loads(&core);
	e = (Elf64_Ehdr *)head;
	assert_memory_equal(e->e_ident, ELFMAG, SELFMAG);
	assert_int_equal(e->e_ident[EI_CLASS], ELFCLASS64);
	assert_int_equal(e->e_ident[EI_DATA], ELFDATA2LSB);
	assert_int_equal(e->e_type, ET_CORE);
	assert_int_equal(e->e_machine, EM_AARCH64);
	assert_int_equal(e->e_ehsize, sizeof(*e));
	assert_int_equal(e->e_phentsize, sizeof(*p));
	assert_int_equal(e->e_phnum, 4);
	assert_int_equal(e->e_shnum, 0);
	p = (Elf64_Phdr *)(head + e->e_phoff);
	assert_int_equal(p[0].p_type, PT_NOTE);
	for (i = 0; i < core.c.num; i++) {
		assert_int_equal(p[i + 1].p_type, PT_LOAD);
		assert_int_equal(p[i + 1].p_offset, core.load[i].offset);
		assert_int_equal(p[i + 1].p_vaddr, core.load[i].da);
		assert_int_equal(p[i + 1].p_filesz, core.load[i].size);
		assert_int_equal(p[i + 1].p_memsz, core.load[i].size);
	}
	status = note_of(head + p[0].p_offset, p[0].p_filesz, NT_PRSTATUS, &len);
	assert_int_equal(len, 392);
	assert_int_equal(get_unaligned_le16(status + 12), 11);
	assert_int_equal(get_unaligned_le32(status + 32), 7);
	for (i = 0; i < 34; i++) {
		memcpy(&reg, status + 112 + 8 * i, 8);
		assert_int_equal(reg, core.registers.reg[i]);
	}
	note_of(head + p[0].p_offset, p[0].p_filesz, RPROC_LITE_CORE_TYPE, &len);
	assert_int_equal(len, sizeof(core.note));
	assert_null(note_of(head + p[0].p_offset, p[0].p_filesz, 0x12345, &len));
	free(head);
}

static void test_narrow(void **state)
{
	const u8 *status;
	struct core core;
	Elf32_Ehdr *e;
	Elf32_Phdr *p;
	u8 *head;
	u32 i, len;

	(void)state;
	make(&core, RL_ELF_CLASS32, EM_ARM);
	head = written(&core);
	check_loads(&core);
	e = (Elf32_Ehdr *)head;
	assert_int_equal(e->e_ident[EI_CLASS], ELFCLASS32);
	assert_int_equal(e->e_type, ET_CORE);
	assert_int_equal(e->e_machine, EM_ARM);
	assert_int_equal(e->e_ehsize, sizeof(*e));
	assert_int_equal(e->e_phentsize, sizeof(*p));
	assert_int_equal(e->e_phnum, 4);
	p = (Elf32_Phdr *)(head + e->e_phoff);
	assert_int_equal(p[0].p_type, PT_NOTE);
	for (i = 0; i < core.c.num; i++) {
		assert_int_equal(p[i + 1].p_type, PT_LOAD);
		assert_int_equal(p[i + 1].p_offset, core.load[i].offset);
		assert_int_equal(p[i + 1].p_vaddr, core.load[i].da);
		assert_int_equal(p[i + 1].p_filesz, core.load[i].size);
		assert_int_equal(p[i + 1].p_flags, PF_R | PF_W | PF_X);
	}
	status = note_of(head + p[0].p_offset, p[0].p_filesz, NT_PRSTATUS, &len);
	assert_int_equal(len, 148);
	assert_int_equal(get_unaligned_le32(status + 24), 7);
	for (i = 0; i < 17; i++)
		assert_int_equal(get_unaligned_le32(status + 72 + 4 * i), i);
	free(head);
}

/* Of a machine whose registers nobody knows, or that left none. */
static void test_without_registers(void **state)
{
	u16 machine;
	struct core core;
	Elf64_Phdr *p;
	u8 *head;
	u32 len;

	(void)state;
	for (machine = 0; machine < 300; machine++) {
		make(&core, RL_ELF_CLASS64, machine);
		if (machine == EM_AARCH64 || machine == EM_ARM)
			core.c.registers = NULL;
		head = written(&core);
		p = (Elf64_Phdr *)(head + sizeof(Elf64_Ehdr));
		assert_null(note_of(head + p->p_offset, p->p_filesz, NT_PRSTATUS, &len));
		assert_non_null(note_of(head + p->p_offset, p->p_filesz, RPROC_LITE_CORE_TYPE,
					&len));
		free(head);
	}
}

static void test_limits(void **state)
{
	struct core core;

	(void)state;
	assert_true(rl_elfcore_holds(RL_ELF_CLASS32, 0xfffff000, 0x1000));
	assert_false(rl_elfcore_holds(RL_ELF_CLASS32, 0xfffff000, 0x1001));
	assert_false(rl_elfcore_holds(RL_ELF_CLASS32, 1ULL << 32, 1));
	assert_true(rl_elfcore_holds(RL_ELF_CLASS64, 1ULL << 32, 1));
	assert_false(rl_elfcore_holds(RL_ELF_CLASS64, U64_MAX, 2));

	make(&core, RL_ELF_CLASS32, EM_ARM);
	core.load[0].size = 0x80000000;
	core.load[1].size = 0x7fff0000;
	core.load[2].size = 0x0000f000 - 0x1000;
	assert_int_equal(rl_elfcore_plan(&core.c), 0);
	core.load[2].size++;
	core.load[2].size += 0x1000;
	assert_int_equal(rl_elfcore_plan(&core.c), -EFBIG);
	core.c.class = RL_ELF_CLASS64;
	assert_int_equal(rl_elfcore_plan(&core.c), 0);
	core.load[0].size = U64_MAX;
	core.load[1].size = U64_MAX;
	assert_int_equal(rl_elfcore_plan(&core.c), -EFBIG);
	core.c.num = 0xfffe;
	assert_int_equal(rl_elfcore_plan(&core.c), -EFBIG);
}

static struct rproc_lite_registers honest(u16 machine, u32 num)
{
	struct rproc_lite_registers area = {
		.magic = cpu_to_le32(RPROC_LITE_REGISTERS_MAGIC),
		.machine = cpu_to_le32(machine),
		.signal = cpu_to_le32(4),
		.num = cpu_to_le32(num),
	};
	u32 i;

	for (i = 0; i < RPROC_LITE_REGISTERS_MAX; i++)
		area.reg[i] = cpu_to_le64(i);
	return area;
}

static int take(const struct rproc_lite_registers *area, u16 machine,
		struct rl_elfcore_registers *registers)
{
	struct rproc_lite_verdict v = { 0 };
	int ret = rl_elfcore_registers(area, machine, registers, &v);

	if (ret == -EINVAL)
		assert_verdict_sane(&v, ret);
	return ret;
}

static void test_registers(void **state)
{
	struct rproc_lite_registers area = honest(EM_AARCH64, 34);
	struct rl_elfcore_registers r;
	u32 i;

	(void)state;
	assert_int_equal(take(&area, EM_AARCH64, &r), 0);
	assert_int_equal(r.num, 34);
	assert_int_equal(r.signal, 4);
	for (i = 0; i < 34; i++)
		assert_int_equal(r.reg[i], i);
	assert_int_equal(take(&area, EM_ARM, &r), -EINVAL);
	area = honest(EM_ARM, 17);
	assert_int_equal(take(&area, EM_ARM, &r), 0);
	assert_int_equal(r.num, 17);
	area = honest(EM_RISCV, 33);
	assert_int_equal(take(&area, EM_RISCV, &r), -EINVAL);
	area = honest(EM_ARM, 17);
	area.magic = 0;
	assert_int_equal(take(&area, EM_ARM, &r), -ENODATA);
}

/* A word of nonsense in the place of each. */
static void test_hostile_registers(void **state)
{
	static const u32 nonsense[] = { 0, 1, 16, 18, 33, 35, 0x7fffffff, 0x80000000, U32_MAX };
	struct rl_elfcore_registers r;
	unsigned int n, word;

	(void)state;
	for (n = 0; n < ARRAY_SIZE(nonsense); n++) {
		for (word = 0; word < 4; word++) {
			struct rproc_lite_registers area = honest(EM_AARCH64, 34);

			((__le32 *)&area)[word] = cpu_to_le32(nonsense[n]);
			assert_int_equal(take(&area, EM_AARCH64, &r),
					 word == 0 ? -ENODATA : word == 2 ? 0 : -EINVAL);
			if (word == 2)
				assert_int_equal(r.signal, 0);
		}
	}
}

/* The tool's parser agrees with the writer, and survives whatever else comes. */
static void test_tool(void **state)
{
	struct corefile file;
	struct core core;
	size_t len, i;
	u8 *head, *cut;
	int wide;

	(void)state;
	for (wide = 0; wide < 2; wide++) {
		make(&core, wide ? RL_ELF_CLASS64 : RL_ELF_CLASS32, wide ? EM_AARCH64 : EM_ARM);
		head = written(&core);
		assert_true(corefile_parse(&file, head, core.c.head_size));
		assert_int_equal(file.size, core.c.size);
		assert_string_equal(file.note.name, "r0");
		for (len = 0; len < 1600; len++) {
			cut = malloc(len ? len : 1);
			assert_non_null(cut);
			memcpy(cut, head, len);
			corefile_parse(&file, cut, len);
			free(cut);
		}
		srand(1);
		for (i = 0; i < 100000; i++) {
			len = (size_t)rand() % 1400;
			cut = head + len;
			u8 was = *cut;

			*cut = (u8)rand();
			corefile_parse(&file, head, core.c.head_size);
			*cut = was;
		}
		free(head);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_wide),
		cmocka_unit_test(test_narrow),
		cmocka_unit_test(test_without_registers),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_hostile_registers),
		cmocka_unit_test(test_tool),
	};

	return !!cmocka_run_group_tests_name("elfcore", tests, NULL, NULL);
}
