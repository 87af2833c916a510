/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cpu.c - starting CPUs and having them work. All others are started at once by one broadcast;
 * each finds its number in its APIC's ID. A CPU without work is halted.
 */
#include "cpu.h"

#include "apic.h"
#include "clock.h"
#include "cpu_start.h"
#include "descriptors.h"
#include "fwcfg.h"
#include "layout.h"
#include "machine.h"
#include "paging.h"
#include "port.h"
#include "stacks.h"
#include "start.h"

/* For boot.S: how many may come, and their stacks. */
unsigned int boot_cpus;
uintptr_t boot_stacks[TRI_MAX_CPUS];
extern const char boot_trampoline[], boot_trampoline_end[];

_Static_assert(offsetof(struct cpu, core) == PLAT_CPU_CORE, "plat_arch.h reads it");
_Static_assert(offsetof(struct cpu, number) == PLAT_CPU_NUMBER, "plat_arch.h reads it");

struct cpu cpu_table[TRI_MAX_CPUS];
static unsigned int running_cpus = 1;
/* 1 + the number of the CPU that stops the others. */
static unsigned int stopper;

/* TCG on a busy host starts 64 CPUs in a fifth of a second. */
#define ARRIVAL_SECONDS 10
/* The start-up IPI is sent again after this part of a second, then after twice that ... */
#define REPEAT_PART 1000
/*
 * Under icount QEMU 7.2 (cpu_common_reset) charges a CPU that takes INIT what is left of its
 * turn: a tenth of a second if no timer ends it sooner, as this one does, after 1 ms.
 */
#define START_TIMER 1193

unsigned int cpu_count(void)
{
	return running_cpus;
}

void cpu_init_this(unsigned int number)
{
	struct cpu *cpu = &cpu_table[number];

	cpu->self = cpu;
	cpu->number = number;
	descriptors_load(number);
}

void cpu_enable_this(unsigned int number)
{
	struct cpu *cpu = &cpu_table[number];

	paging_enable();
	apic_enable();
	__atomic_store_n(&cpu->running, true, __ATOMIC_RELEASE);
}

/* STI takes effect after HLT has begun: an interrupt cannot slip in between. */
static void idle(struct cpu *cpu)
{
	void (*work)(void *arg, unsigned int slot);

	for (;;) {
		__asm__ volatile("cli" : : : "memory");
		work = __atomic_load_n(&cpu->work, __ATOMIC_ACQUIRE);
		if (!work) {
			__asm__ volatile("sti; hlt" : : : "memory");
			continue;
		}
		__asm__ volatile("sti" : : : "memory");
		work(cpu->work_arg, cpu->number);
		__atomic_store_n(&cpu->work, NULL, __ATOMIC_RELEASE);
	}
}

void cpu_ap_start(unsigned int number)
{
	cpu_init_this(number);
	cpu_enable_this(number);
	idle(&cpu_table[number]);
}

static unsigned int first_missing(unsigned int n)
{
	unsigned int cpu;

	for (cpu = 0; cpu < n; cpu++)
		if (!__atomic_load_n(&cpu_table[cpu].running, __ATOMIC_ACQUIRE))
			break;
	return cpu;
}

/* To CPUs that have started another start-up IPI is nothing. */
static void await(unsigned int n)
{
	uint64_t start = plat_ticks(), hz = machine_tick_hz(), repeat = hz / REPEAT_PART, waited;

	while (first_missing(n) < n) {
		waited = plat_ticks() - start;
		if (waited > ARRIVAL_SECONDS * hz)
			start_fail("CPU %u of %u does not start: give QEMU -smp %u, with one "
				   "socket",
				   first_missing(n), n, n);
		if (waited > repeat) {
			apic_startup_others(LAYOUT_TRAMPOLINE / 4096);
			repeat = 2 * waited;
		}
		cpu_pause();
	}
}

void cpus_start(void)
{
	unsigned int n = fwcfg_cpus(), cpu;

	if (n > TRI_MAX_CPUS)
		start_fail("the machine has %u CPUs: give it %u or less", n, TRI_MAX_CPUS);
	for (cpu = 1; cpu < n; cpu++) {
		if (!stacks_map(cpu))
			start_fail("no memory for the stacks of %u CPUs: give the machine more", n);
		boot_stacks[cpu] = stack_top(cpu, STACK_WORK);
	}
	boot_cpus = n;
	if (n > 1) {
		memcpy(memory_ptr(LAYOUT_TRAMPOLINE), boot_trampoline,
		       boot_trampoline_end - boot_trampoline);
		clock_timer(START_TIMER);
		apic_init_others();
		apic_startup_others(LAYOUT_TRAMPOLINE / 4096);
		await(n);
		clock_timer(0);
	}
	running_cpus = n;
}

void cpus_run(unsigned int n, void (*fn)(void *arg, unsigned int slot), void *arg)
{
	unsigned int cpu;
	uint64_t flags;

	for (cpu = 1; cpu < n; cpu++) {
		cpu_table[cpu].work_arg = arg;
		__atomic_store_n(&cpu_table[cpu].work, fn, __ATOMIC_RELEASE);
		flags = irq_save();
		apic_send(cpu, LAYOUT_VECTOR_IPI);
		irq_restore(flags);
	}
	fn(arg, 0);
	for (cpu = 1; cpu < n; cpu++)
		while (__atomic_load_n(&cpu_table[cpu].work, __ATOMIC_ACQUIRE))
			cpu_pause();
}

/* An NMI comes through whatever state the others are in; the first who stops them wins. */
void cpus_stop_others(void)
{
	unsigned int none = 0, me = cpu_this()->number + 1;

	irq_save();
	if (!__atomic_compare_exchange_n(&stopper, &none, me, false, __ATOMIC_SEQ_CST,
					 __ATOMIC_SEQ_CST)) {
		while (none != me)
			cpu_halt();
		return;
	}
	if (running_cpus > 1)
		apic_nmi_others();
}

bool cpu_stopped_by_nmi(void)
{
	unsigned int by = __atomic_load_n(&stopper, __ATOMIC_SEQ_CST);

	while (by && by != cpu_this()->number + 1)
		cpu_halt();
	return by;
}
