/* SPDX-License-Identifier: GPL-2.0-only */
/* plat_arch.h - the hot half of platform.h, in user space: a CPU is a worker slot. */
#ifndef USER_PLAT_ARCH_H
#define USER_PLAT_ARCH_H

#include "mark_x86.h"

#define PLAT_PAGE_SHIFT 12

/* Where frame 0 of the arena is seen by the process; set once, before any core. */
extern char *plat_arena;
/* Of the program itself, never of a library: one instruction less each. */
#define PLAT_LOCAL extern __thread __attribute__((tls_model("local-exec")))
PLAT_LOCAL unsigned int plat_slot;
PLAT_LOCAL struct tri_core *plat_current_core;
PLAT_LOCAL unsigned int plat_pin_depth;

/* Pause, and yield where workers outnumber CPUs. */
void plat_spin_wait(unsigned long spins);
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

static inline void plat_spin_init(plat_spinlock_t *lock)
{
	lock->held = 0;
}

static inline void plat_spin_lock(plat_spinlock_t *lock)
{
	unsigned long spins = 0;

	while (__builtin_expect(__atomic_exchange_n(&lock->held, 1, __ATOMIC_ACQUIRE), 0)) {
		while (__atomic_load_n(&lock->held, __ATOMIC_RELAXED))
			plat_spin_wait(spins++);
	}
}

static inline void plat_spin_unlock(plat_spinlock_t *lock)
{
	__atomic_store_n(&lock->held, 0, __ATOMIC_RELEASE);
}

#ifdef __SANITIZE_THREAD__
/* The thread sanitizer does not look into assembly. */
static inline bool plat_cas16(uint64_t *at, uint64_t first, uint64_t second, uint64_t new_first,
			      uint64_t new_second)
{
	return __sync_bool_compare_and_swap((unsigned __int128 *)at,
					    (unsigned __int128)second << 64 | first,
					    (unsigned __int128)new_second << 64 | new_first);
}

static inline bool plat_cas16_local(uint64_t *at, uint64_t first, uint64_t second,
				    uint64_t new_first, uint64_t new_second)
{
	if (at[0] != first || at[1] != second)
		return false;
	at[0] = new_first;
	at[1] = new_second;
	return true;
}
#else
#define PLAT_CAS16(prefix)                                                                     \
	bool done;                                                                             \
                                                                                               \
	__asm__ volatile(prefix "cmpxchg16b %1"                                                \
			 : "=@ccz"(done), "+m"(*(uint64_t(*)[2])at), "+a"(first), "+d"(second) \
			 : "b"(new_first), "c"(new_second)                                     \
			 : "memory");                                                          \
	return done

static inline bool plat_cas16(uint64_t *at, uint64_t first, uint64_t second, uint64_t new_first,
			      uint64_t new_second)
{
	PLAT_CAS16("lock ");
}

static inline bool plat_cas16_local(uint64_t *at, uint64_t first, uint64_t second,
				    uint64_t new_first, uint64_t new_second)
{
	PLAT_CAS16("");
}
#undef PLAT_CAS16
#endif

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

/* LFENCE keeps earlier loads before the read (Intel SDM, RDTSC). */
static inline uint64_t plat_ticks(void)
{
	return __builtin_ia32_lfence(), __builtin_ia32_rdtsc();
}

static inline void plat_panic(const char *file, int line, const char *why)
{
	plat_die(file, line, why);
}

#endif /* USER_PLAT_ARCH_H */
