/* SPDX-License-Identifier: GPL-2.0-only */
/* cpu.h - the CPUs of the machine: their per-CPU data, found by GS, and how they are started. */
#ifndef X86_64_QEMU_CPU_H
#define X86_64_QEMU_CPU_H

#include "tri.h"

/*
 * GS base of a CPU points at its entry. Only the CPU itself writes, but for what ipi.c owns.
 * `core` and `number` are what plat_arch.h reads by one instruction each: plat_arch.h has
 * their offsets, cpu.c asserts them.
 */
struct cpu {
	struct cpu *self;
	struct tri_core *core;
	unsigned int number;			    /* 0: the one that booted */
	bool running;				    /* answers IPIs */
	void (*work)(void *arg, unsigned int slot); /* cpus_run(); NULL: none */
	void *work_arg;
	uint64_t ipis;		/* calls served for other CPUs */
} __attribute__((aligned(64))); /* a line of its own */
extern struct cpu cpu_table[TRI_MAX_CPUS];

static inline struct cpu *cpu_this(void)
{
	struct cpu *cpu;

	__asm__("mov %%gs:0, %0" : "=r"(cpu));
	return cpu;
}

/* How many CPUs run, 1 to 64. */
unsigned int cpu_count(void);
/* Start the others by INIT-SIPI-SIPI; back when all run. A CPU that does not come is fatal. */
void cpus_start(void);
/* Run fn(arg, slot) on CPUs 0 .. n-1 at once, interrupts on; back when all have returned. */
void cpus_run(unsigned int n, void (*fn)(void *arg, unsigned int slot), void *arg);
/* Stop every other CPU where it is, for good; from any state. */
void cpus_stop_others(void);

#endif /* X86_64_QEMU_CPU_H */
