/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * descriptors.c - GDT, TSS, IDT (Intel SDM volume 3, chapters 3, 6 and 8). One GDT and one IDT
 * for all CPUs; a TSS each, for the stacks of what may come when the stack is broken.
 */
#include "descriptors.h"

#include "cpu.h"
#include "layout.h"
#include "port.h"
#include "stacks.h"

#define MSR_GS_BASE 0xc0000101

struct __attribute__((packed)) task_state {
	uint32_t reserved0;
	uint64_t rsp[3];
	uint64_t reserved1;
	uint64_t ist[7];
	uint64_t reserved2;
	uint16_t reserved3;
	uint16_t io_map;
};
_Static_assert(sizeof(struct task_state) == 104, "the processor's layout");

struct gate {
	uint16_t offset0, selector;
	uint8_t ist, type;
	uint16_t offset16;
	uint32_t offset32, reserved;
};

struct __attribute__((packed)) table_register {
	uint16_t limit;
	uint64_t base;
};

#define GATE_INTERRUPT 0x8e /* present, ring 0, interrupts off */
#define GATES	       256
#define STUB_BYTES     16 /* vectors.S */

enum { VECTOR_NMI = 2, VECTOR_DOUBLE_FAULT = 8, VECTOR_MACHINE_CHECK = 18 };

static struct task_state tasks[TRI_MAX_CPUS];
static uint64_t segments[LAYOUT_TSS / 8 + 2 * TRI_MAX_CPUS] = {
	[LAYOUT_CODE / 8] = 0x00af9b000000ffff,
	[LAYOUT_DATASEG / 8] = 0x00cf93000000ffff,
};
static struct gate gates[GATES] __attribute__((aligned(16)));

extern const char trap_stubs[], trap_ipi[], trap_spurious[];

static void gate_set(unsigned int vector, const char *handler, enum stack_kind ist)
{
	uintptr_t at = (uintptr_t)handler;

	gates[vector] = (struct gate){
		.offset0 = at,
		.selector = LAYOUT_CODE,
		.ist = ist,
		.type = GATE_INTERRUPT,
		.offset16 = at >> 16,
		.offset32 = at >> 32,
	};
}

void descriptors_init(void)
{
	unsigned int vector;

	for (vector = 0; vector < GATES; vector++)
		gate_set(vector, trap_stubs + vector * STUB_BYTES, STACK_WORK);
	gate_set(VECTOR_NMI, trap_stubs + VECTOR_NMI * STUB_BYTES, STACK_NMI);
	gate_set(VECTOR_DOUBLE_FAULT, trap_stubs + VECTOR_DOUBLE_FAULT * STUB_BYTES,
		 STACK_DOUBLE_FAULT);
	gate_set(VECTOR_MACHINE_CHECK, trap_stubs + VECTOR_MACHINE_CHECK * STUB_BYTES,
		 STACK_MACHINE_CHECK);
	gate_set(LAYOUT_VECTOR_IPI, trap_ipi, STACK_WORK);
	gate_set(LAYOUT_VECTOR_SPURIOUS, trap_spurious, STACK_WORK);
}

/* An available 64-bit TSS: two entries of the GDT. */
static void task_describe(unsigned int cpu)
{
	uint64_t *entry = &segments[LAYOUT_TSS / 8 + 2 * cpu];
	uint64_t base = (uintptr_t)&tasks[cpu];
	uint64_t limit = sizeof(tasks[cpu]) - 1;

	entry[0] = limit | (base & 0xffffff) << 16 | 0x89UL << 40 | (base >> 24 & 0xff) << 56;
	entry[1] = base >> 32;
}

void descriptors_load(unsigned int cpu)
{
	struct table_register gdt = {sizeof(segments) - 1, (uintptr_t)segments};
	struct table_register idt = {sizeof(gates) - 1, (uintptr_t)gates};
	enum stack_kind kind;

	for (kind = STACK_DOUBLE_FAULT; kind < STACK_KINDS; kind++)
		tasks[cpu].ist[kind - 1] = stack_top(cpu, kind);
	tasks[cpu].io_map = sizeof(tasks[cpu]);
	task_describe(cpu);
	__asm__ volatile("lgdt %0\n\t"
			 "pushq %1\n\t"
			 "leaq 1f(%%rip), %%rax\n\t"
			 "pushq %%rax\n\t"
			 "lretq\n"
			 "1:\tmovl %2, %%eax\n\t"
			 "movl %%eax, %%ds\n\t"
			 "movl %%eax, %%es\n\t"
			 "movl %%eax, %%ss\n\t"
			 "lidt %3\n\t"
			 "ltr %w4"
			 :
			 : "m"(gdt), "i"(LAYOUT_CODE), "i"(LAYOUT_DATASEG), "m"(idt),
			   "r"(LAYOUT_TSS + 16 * cpu)
			 : "rax", "memory");
	msr_write(MSR_GS_BASE, (uintptr_t)&cpu_table[cpu]);
}
