/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * instrument.c - what translated code calls. Code is translated once, whether a window is open or
 * not, so each instruction pays an addition always, and each access a call that returns at once
 * while its CPU's window is closed.
 */
#include "instrument.h"

#include "mark.h"
#include "say.h"
#include "watch.h"

#include <stdbool.h>

static qemu_plugin_id_t plugin;
static enum guest_kind guest;
static bool several_cpus;
static bool sleeping; /* nothing but marks is instrumented, until one is executed */

static struct watched *cpu_of(unsigned int vcpu)
{
	return &watched[guest == GUEST_USER ? 0 : vcpu];
}

static void on_block(unsigned int vcpu, void *unused)
{
	struct watched *cpu = cpu_of(vcpu);

	(void)unused;
	if (cpu != watch_running)
		watch_runs(cpu);
}

static void wake(qemu_plugin_id_t id);

static void on_mark(unsigned int vcpu, void *mark)
{
	if (sleeping && (uintptr_t)mark == MARK_COMING)
		qemu_plugin_reset(plugin, wake);
	else if (sleeping)
		say_and_end("mark %u came before what is counted was instrumented",
			    (unsigned int)(uintptr_t)mark);
	watch_mark(cpu_of(vcpu), (unsigned int)(uintptr_t)mark);
}

static void on_repeat(unsigned int vcpu, void *address)
{
	watch_repeat(cpu_of(vcpu), (uintptr_t)address);
}

static void on_iret(unsigned int vcpu, void *unused)
{
	(void)unused;
	watch_iret(cpu_of(vcpu));
}

static void on_invlpg(unsigned int vcpu, void *unused)
{
	(void)unused;
	watch_invlpg(cpu_of(vcpu));
}

static void on_invpcid(unsigned int vcpu, void *unused)
{
	(void)unused;
	watch_invpcid(cpu_of(vcpu));
}

static void on_cr3(unsigned int vcpu, void *unused)
{
	(void)unused;
	watch_cr3(cpu_of(vcpu));
}

static void on_cr4(unsigned int vcpu, void *unused)
{
	(void)unused;
	watch_cr4(cpu_of(vcpu));
}

/* The largest access that QEMU makes at once has 16 bytes: only near a page's end it may cross. */
static void access_pages(struct watched *cpu, qemu_plugin_meminfo_t info, uint64_t address)
{
	if (guest == GUEST_LINUX)
		return;
	watch_access(cpu, address);
	if ((address & 4095) > 4096 - 16) {
		uint64_t last = address + (1UL << qemu_plugin_mem_size_shift(info)) - 1;

		if (last >> 12 != address >> 12)
			watch_access(cpu, last);
	}
}

static void on_access(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *unused)
{
	struct watched *cpu = cpu_of(vcpu);

	(void)unused;
	if (!cpu->open)
		return;
	cpu->counter[qemu_plugin_mem_is_store(info) ? ROW_stores : ROW_loads]++;
	access_pages(cpu, info, address);
}

/*
 * QEMU tells of an atomic exchange by one call, or by a load and a store while only one thread
 * runs. A call for all and one for what reads, registered in this order, count both alike. (QEMU
 * 7.2 stops at the first callback that does not want an access: those for all must come first.)
 */
static void on_locked(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t address, void *unused)
{
	struct watched *cpu = cpu_of(vcpu);

	(void)unused;
	if (!cpu->open)
		return;
	if (qemu_plugin_mem_is_store(info))
		cpu->counter[ROW_stores]++;
	access_pages(cpu, info, address);
}

static void on_locked_read(unsigned int vcpu, qemu_plugin_meminfo_t info, uint64_t address,
			   void *unused)
{
	struct watched *cpu = cpu_of(vcpu);

	(void)info;
	(void)address;
	(void)unused;
	if (cpu->open)
		cpu->counter[ROW_loads]++;
}

static void before(struct qemu_plugin_insn *insn, qemu_plugin_vcpu_udata_cb_t fn, uintptr_t data)
{
	qemu_plugin_register_vcpu_insn_exec_cb(insn, fn, QEMU_PLUGIN_CB_NO_REGS, (void *)data);
}

static void on_access_of(struct qemu_plugin_insn *insn, qemu_plugin_vcpu_mem_cb_t fn,
			 enum qemu_plugin_mem_rw rw)
{
	qemu_plugin_register_vcpu_mem_cb(insn, fn, QEMU_PLUGIN_CB_NO_REGS, rw, NULL);
}

/* Programs of Linux may have marks of their own (the user target has). */
static bool is_mark_for_us(const struct qemu_plugin_insn *insn)
{
	return guest != GUEST_LINUX || qemu_plugin_insn_vaddr(insn) >> 63;
}

static void instrument(struct qemu_plugin_insn *insn)
{
	enum instruction instruction;
	unsigned int mark = 0;

	instruction =
		instruction_is(qemu_plugin_insn_data(insn), qemu_plugin_insn_size(insn), &mark);
	if (instruction == INSTRUCTION_MARK && is_mark_for_us(insn)) {
		before(insn, on_mark, mark);
		return; /* itself not counted */
	}
	if (sleeping)
		return;
	switch (instruction) {
	case INSTRUCTION_IRET:
		before(insn, on_iret, 0);
		on_access_of(insn, on_access, QEMU_PLUGIN_MEM_RW);
		break;
	case INSTRUCTION_INVLPG:
		before(insn, on_invlpg, 0);
		break;
	case INSTRUCTION_INVPCID:
		before(insn, on_invpcid, 0);
		break;
	case INSTRUCTION_CR3:
		before(insn, on_cr3, 0);
		break;
	case INSTRUCTION_CR4:
		before(insn, on_cr4, 0);
		break;
	case INSTRUCTION_LOCKED:
		on_access_of(insn, on_locked, QEMU_PLUGIN_MEM_RW);
		on_access_of(insn, on_locked_read, QEMU_PLUGIN_MEM_R);
		break;
	case INSTRUCTION_REPEATED:
		on_access_of(insn, on_access, QEMU_PLUGIN_MEM_RW);
		before(insn, on_repeat, qemu_plugin_insn_vaddr(insn));
		return; /* counted there */
	case INSTRUCTION_MARK:
	case INSTRUCTION_OTHER:
		on_access_of(insn, on_access, QEMU_PLUGIN_MEM_RW);
		break;
	}
	qemu_plugin_register_vcpu_insn_exec_inline(insn, QEMU_PLUGIN_INLINE_ADD_U64,
						   &watch_instructions, 1);
}

static void on_translation(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
	size_t n = qemu_plugin_tb_n_insns(tb);

	(void)id;
	if (several_cpus)
		qemu_plugin_register_vcpu_tb_exec_cb(tb, on_block, QEMU_PLUGIN_CB_NO_REGS, NULL);
	for (size_t i = 0; i < n; i++)
		instrument(qemu_plugin_tb_get_insn(tb, i));
}

static void wake(qemu_plugin_id_t id)
{
	sleeping = false;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
}

void instrument_start(qemu_plugin_id_t id, enum guest_kind kind, unsigned int cpus)
{
	plugin = id;
	guest = kind;
	several_cpus = cpus > 1;
	sleeping = guest == GUEST_LINUX;
	qemu_plugin_register_vcpu_tb_trans_cb(id, on_translation);
}
