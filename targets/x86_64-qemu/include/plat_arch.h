/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plat_arch.h - the hot half of platform.h on the bare machine: a CPU is a CPU, pinning is
 * CLI, a frame's number is its physical address.
 */
#ifndef X86_64_QEMU_PLAT_ARCH_H
#define X86_64_QEMU_PLAT_ARCH_H

#include "mark_x86.h"
#include "plat_spin.h"
#include "plat_x86.h"

#define PLAT_PAGE_SHIFT 12

/* Where physical address 0 is seen: memory.h's MEMORY_BASE, as memory.c asserts. */
#define PLAT_MEMORY_BASE 0xffff888000000000UL

/* Offsets in struct cpu (cpu.h), to which GS points; cpu.c asserts them. */
#define PLAT_CPU_CORE	8
#define PLAT_CPU_NUMBER 16

/* RFLAGS: interrupts are taken. */
#define PLAT_INTERRUPTS_ON (1UL << 9)

void plat_die(const char *file, int line, const char *why) __attribute__((noreturn, cold));

static inline void *plat_pfn_to_ptr(unsigned long pfn)
{
	return (void *)(PLAT_MEMORY_BASE + (pfn << PLAT_PAGE_SHIFT));
}

static inline unsigned long plat_ptr_to_pfn(const void *ptr)
{
	return ((unsigned long)ptr - PLAT_MEMORY_BASE) >> PLAT_PAGE_SHIFT;
}

/* Not volatile: nothing moves work from CPU to CPU here, so one reading serves for many. */
static inline unsigned int plat_cpu(void)
{
	unsigned int number;

	__asm__("movl %%gs:%c1, %0" : "=r"(number) : "i"(PLAT_CPU_NUMBER));
	return number;
}

static inline unsigned long plat_interrupts(void)
{
	unsigned long flags;

	__asm__ volatile("pushfq; popq %0" : "=r"(flags) : : "memory");
	return flags;
}

static inline unsigned long plat_pin(void)
{
	unsigned long flags = plat_interrupts();

	__asm__ volatile("cli" : : : "memory");
	return flags;
}

static inline void plat_unpin(unsigned long saved)
{
	if (saved & PLAT_INTERRUPTS_ON)
		__asm__ volatile("sti" : : : "memory");
	else
		__asm__ volatile("" : : : "memory");
}

static inline void plat_relax(unsigned long spins)
{
	plat_spin_wait(spins);
}

static inline struct tri_core *plat_core(void)
{
	struct tri_core *core;

	__asm__ volatile("movq %%gs:%c1, %0" : "=r"(core) : "i"(PLAT_CPU_CORE));
	return core;
}

static inline void plat_set_core(struct tri_core *core)
{
	__asm__ volatile("movq %0, %%gs:%c1" : : "r"(core), "i"(PLAT_CPU_CORE) : "memory");
}

static inline void plat_might_sleep(void)
{
#if TRI_CHECK_LEVEL >= 1
	if (!(plat_interrupts() & PLAT_INTERRUPTS_ON))
		plat_die(__FILE__, __LINE__, "may sleep, but the CPU is pinned");
#endif
}

static inline void plat_panic(const char *file, int line, const char *why)
{
	plat_die(file, line, why);
}

#endif /* X86_64_QEMU_PLAT_ARCH_H */
