// SPDX-License-Identifier: GPL-2.0-only
/*
 * What firmware leaves as its registers, and the head of the core dump with them in it.
 *
 * The input: the machine, the class, how many pieces of memory, each piece's da and size,
 * and then the registers.
 */
#include "fuzz.h"
#include "common.h"
#include "elfcore.h"

#include <stdlib.h>

#define LOADS	8

static u32 take_loads(struct input *in, u8 class, struct rl_elfcore_load *load)
{
	u32 i, wanted = take8(in) % (LOADS + 1), num = 0;

	for (i = 0; i < wanted; i++) {
		load[num].da = take64(in);
		load[num].size = take64(in);
		if (rl_elfcore_holds(class, load[num].da, load[num].size))
			num++;
	}
	return num;
}

static void check_plan(const struct rl_elfcore *core)
{
	u64 at = core->head_size;
	u32 i;

	must(core->head_size && core->head_size % 4096 == 0);
	for (i = 0; i < core->num; i++) {
		must(core->load[i].offset == at);
		must(core->load[i].size <= U64_MAX - at);
		at += core->load[i].size;
	}
	must(core->size == at);
}

static void write_head(struct rl_elfcore *core)
{
	u8 *head, *again;

	if (rl_elfcore_plan(core))
		return;
	check_plan(core);
	head = fuzz_alloc(core->head_size);
	again = fuzz_alloc(core->head_size);
	memset(again, 0xaa, core->head_size);
	rl_elfcore_head(core, head);
	rl_elfcore_head(core, again);
	must(!memcmp(head, again, core->head_size));
	free(again);
	free(head);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	static const u16 machines[] = { 183, 40, 243, 0 };
	struct rproc_lite_core_note note = { 0 };
	struct rl_elfcore_registers registers;
	struct rl_elfcore_load load[LOADS];
	struct rproc_lite_registers area;
	struct rproc_lite_verdict v;
	struct input in = { data, size };
	u16 machine = machines[take8(&in) % ARRAY_SIZE(machines)];
	struct rl_elfcore core = {
		.class = 1 + take8(&in) % 2, .machine = machine, .pid = 1, .note = &note,
		.load = load,
	};
	size_t i;
	int ret;

	core.num = take_loads(&in, core.class, load);
	for (i = 0; i < sizeof(area); i++)
		((u8 *)&area)[i] = take8(&in);
	memset(&registers, 0xa5, sizeof(registers));
	ret = rl_elfcore_registers(&area, machine, &registers, &v);
	must(!ret || ret == -ENODATA || ret == -EINVAL);
	if (ret == -EINVAL)
		assert_verdict_sane(&v, ret);
	if (!ret) {
		must(registers.num == (machine == 183 ? 34 : 17));
		must(registers.signal < 32);
		core.registers = &registers;
	}
	write_head(&core);
	return 0;
}
