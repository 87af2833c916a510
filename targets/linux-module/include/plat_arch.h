/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plat_arch.h - the hot half of platform.h inside Linux: a CPU is a CPU, on which one bound
 * kthread enters mmcore; pinning is local_irq_save(); a frame's number is Linux's pfn.
 */
#ifndef LINUX_MODULE_PLAT_ARCH_H
#define LINUX_MODULE_PLAT_ARCH_H

#include <asm/page.h>
#include <asm/percpu.h>
#include <linux/irqflags.h>

#include "mark_x86.h"
#include "plat_spin.h"
#include "plat_x86.h"

#define PLAT_PAGE_SHIFT PAGE_SHIFT

/* What a CPU knows of itself while it has a slot; written before workers run, by workers.c. */
struct plat_slot {
	struct tri_core *core; /* that API calls go to */
	unsigned int number;   /* of the slot: CPUs in use, counted from 0 */
};
DECLARE_PER_CPU(struct plat_slot, plat_slot);

void plat_die(const char *file, int line, const char *why) __attribute__((cold));

static inline void *plat_pfn_to_ptr(unsigned long pfn)
{
	return __va(pfn << PLAT_PAGE_SHIFT);
}

static inline unsigned long plat_ptr_to_pfn(const void *ptr)
{
	return ((unsigned long)ptr - PAGE_OFFSET) >> PLAT_PAGE_SHIFT;
}

static inline unsigned int plat_cpu(void)
{
	return this_cpu_read(plat_slot.number);
}

/* Linux lets the compiler decide what "inline" means, and it calls what looks long to it. */
static __always_inline unsigned long plat_pin(void)
{
	unsigned long flags;

	local_irq_save(flags);
	return flags;
}

static __always_inline void plat_unpin(unsigned long saved)
{
	local_irq_restore(saved);
}

/* Pinned or not, unlike plat_spin_wait(), which is for locks. */
void plat_wait(unsigned long spins);

static inline void plat_relax(unsigned long spins)
{
	plat_wait(spins);
}

static inline struct tri_core *plat_core(void)
{
	return this_cpu_read(plat_slot.core);
}

static inline void plat_set_core(struct tri_core *core)
{
	this_cpu_write(plat_slot.core, core);
}

/*
 * plat_die() does not return, but objtool only knows Linux's own functions that don't, and wants
 * to see the end of the way behind its calls: so nobody else calls it.
 */
static inline void plat_panic(const char *file, int line, const char *why)
{
	plat_die(file, line, why);
	__builtin_trap();
}

static inline void plat_might_sleep(void)
{
#if TRI_CHECK_LEVEL >= 1
	if (irqs_disabled())
		plat_panic(__FILE__, __LINE__, "may sleep, but the CPU is pinned");
#endif
}

#endif /* LINUX_MODULE_PLAT_ARCH_H */
