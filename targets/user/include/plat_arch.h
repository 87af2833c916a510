/* SPDX-License-Identifier: GPL-2.0-only */
/* plat_arch.h - the hot half of platform.h, in user space: a CPU is a worker slot. */
#ifndef USER_PLAT_ARCH_H
#define USER_PLAT_ARCH_H

#include "mark_x86.h"
#include "plat_spin.h"
#include "plat_x86.h"

#define PLAT_PAGE_SHIFT 12

/* Where frame 0 of the arena is seen by the process; set once, before any core. */
extern char *plat_arena;
/*
 * Of the program itself, so that no call is needed to find them. To the program they lie where it
 * was linked to; a core that is built as a shared object reads where from a table: one load more.
 */
#ifndef PLAT_TLS
#define PLAT_TLS "local-exec"
#endif
#define PLAT_LOCAL extern __thread __attribute__((tls_model(PLAT_TLS)))
PLAT_LOCAL unsigned int plat_slot;
PLAT_LOCAL struct tri_core *plat_current_core;
PLAT_LOCAL unsigned int plat_pin_depth;

void plat_die(const char *file, int line, const char *why) __attribute__((noreturn, cold));

static inline void *plat_pfn_to_ptr(unsigned long pfn)
{
	return plat_arena + (pfn << PLAT_PAGE_SHIFT);
}

static inline unsigned long plat_ptr_to_pfn(const void *ptr)
{
	return (unsigned long)((const char *)ptr - plat_arena) >> PLAT_PAGE_SHIFT;
}

static inline unsigned int plat_cpu(void)
{
	return plat_slot;
}

/* A slot is one thread and signal handlers stay out of mmcore: nothing to keep out. */
static inline unsigned long plat_pin(void)
{
#if TRI_CHECK_LEVEL >= 1
	plat_pin_depth++;
#endif
	return 0;
}

static inline void plat_unpin(unsigned long saved)
{
	(void)saved;
#if TRI_CHECK_LEVEL >= 1
	plat_pin_depth--;
#endif
}

static inline void plat_relax(unsigned long spins)
{
	plat_spin_wait(spins);
}

static inline struct tri_core *plat_core(void)
{
	return plat_current_core;
}

static inline void plat_set_core(struct tri_core *core)
{
	plat_current_core = core;
}

static inline void plat_might_sleep(void)
{
#if TRI_CHECK_LEVEL >= 1
	if (plat_pin_depth)
		plat_die(__FILE__, __LINE__, "may sleep, but the CPU is pinned");
#endif
}

static inline void plat_panic(const char *file, int line, const char *why)
{
	plat_die(file, line, why);
}

#endif /* USER_PLAT_ARCH_H */
