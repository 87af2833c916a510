/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * platform.h - everything mmcore may ask of the machine it runs on.
 *
 * A target supplies four files of the same names: plat_types.h (types),
 * plat_arch.h (the hot inline half), plat_trace.h (who listens; all three found
 * on the include path) and plat.c (the rest). mmcore includes no other outside header, contains no
 * target #ifdef and calls nothing through pointers below this line. Adding a function here needs a
 * line in DESIGN.md.
 *
 * On every function: pointers are never NULL, ranges are page aligned, half
 * open and not empty, and an int result is 0 or a negative errno.
 */
#ifndef MMCORE_PLATFORM_H
#define MMCORE_PLATFORM_H

/*
 * uint8_t .. uint64_t, uintptr_t, size_t, bool, NULL; ENOMEM, EINVAL, ENOENT,
 * EBUSY, ERANGE, EFAULT; plat_spinlock_t, plat_mutex_t; memset, memcpy, memcmp, strcmp.
 */
#include "plat_types.h"

#include "events.h"

struct tri_core;

/* What is real on this target; every result records it. */
enum plat_cap {
	PLAT_HW_PAGETABLE = 1 << 0, /* the CPU walks the tables mmcore writes */
	PLAT_HW_TLB = 1 << 1,	    /* a flush reaches real TLBs, on all CPUs */
	PLAT_HW_IRQ = 1 << 2,	    /* pinning really stops interrupts */
	PLAT_REAL_TIME = 1 << 3,    /* ticks are hardware's, not an emulator's */
};
unsigned int plat_caps(void);

/* --- Frames: lent by tri_core_init()'s caller; this only converts. --- */

/* Where the CPU can read and write a lent frame, and the inverse; linear. Inline. */
static inline void *plat_pfn_to_ptr(unsigned long pfn);
static inline unsigned long plat_ptr_to_pfn(const void *ptr);

/* --- Window: addresses only mmcore maps into. --- */

/*
 * @n page-table entries of one table of @level (1: 4 KiB each; 2: 2 MiB each, never the
 * pointer to a table) from address @va on were stored, or, 0, cleared: make them real
 * where the hardware will not. 0 or -ENOMEM; on error none of the @n is real and the
 * caller rolls back. May sleep, but where tri_vmalloc_nowait(), pinned, stores or rolls back; no
 * spinlock held. Clearing never fails, and leaves a stale translation until a flush. What was
 * stored at one level is cleared at the same.
 */
int plat_entries_stored(uintptr_t va, unsigned int level, unsigned long n, const uint64_t *entries);

/*
 * On return no CPU can still use an old translation for [start, end), or for
 * the whole window @window_of lies in. Called unpinned, interrupts on, no spinlock
 * held. Returns how many other CPUs were interrupted.
 */
unsigned int plat_tlb_flush_range(uintptr_t start, uintptr_t end);
unsigned int plat_tlb_flush_all(uintptr_t window_of);

/* --- CPUs and exclusion --- */

/* Index of this CPU, below the core's cpus; stable only while pinned. Inline. */
static inline unsigned int plat_cpu(void);
/* Until unpin: same CPU, and nothing else on it enters mmcore. Nests. Inline. */
static inline unsigned long plat_pin(void);
static inline void plat_unpin(unsigned long saved);

/* A spinlock that may be taken while pinned. Does not nest. Inline. */
static inline void plat_spin_init(plat_spinlock_t *lock);
static inline void plat_spin_lock(plat_spinlock_t *lock);
static inline void plat_spin_unlock(plat_spinlock_t *lock);

/* A lock whose holder may flush, sleep and be interrupted; not while pinned. */
void plat_mutex_init(plat_mutex_t *mutex);
void plat_mutex_lock(plat_mutex_t *mutex);
/* True if it was free and is now ours. */
bool plat_mutex_trylock(plat_mutex_t *mutex);
void plat_mutex_unlock(plat_mutex_t *mutex);
void plat_mutex_destroy(plat_mutex_t *mutex);

/* The core API calls on this CPU go to, set by whoever drives it. Inline, one load. */
static inline struct tri_core *plat_core(void);
static inline void plat_set_core(struct tri_core *core);

/*
 * On return every other CPU has executed a full memory barrier since the call: an IPI, or
 * membarrier(2). A CPU that waits in plat_relax() answers. May sleep; microseconds.
 */
void plat_fence_cpus(void);
/* One turn of a wait that has spun @spins times already. Inline. */
static inline void plat_relax(unsigned long spins);

/* A place where the caller may sleep; panics if pinned, at check level 1 and above. */
static inline void plat_might_sleep(void);

/*
 * If at[0] and at[1] hold @first and @second, replace both, as one step; was it done? @at is a
 * multiple of 16. A full memory barrier; the local kind is neither barrier nor atomic towards
 * other CPUs, only towards what may interrupt this one. Inline.
 */
static inline bool plat_cas16(uint64_t *at, uint64_t first, uint64_t second, uint64_t new_first,
			      uint64_t new_second);
static inline bool plat_cas16_local(uint64_t *at, uint64_t first, uint64_t second,
				    uint64_t new_first, uint64_t new_second);

/* --- Time, words, death --- */

/* Ticks of a constant-rate counter, ordered after earlier loads. Inline. */
static inline uint64_t plat_ticks(void);
/* printf subset, so that all targets agree: %s %c %d %u %lu %lx %p. One line a call. */
void plat_log(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Say where and why, then never return. Inline. */
static inline void plat_panic(const char *file, int line, const char *why)
	__attribute__((noreturn));

/*
 * PLAT_MARK(number): a macro; a NOP on hardware, which tells the plugin of an emulator that this
 * place was reached (bench/mark.h). @number is a constant below 256; no access moves across it.
 */

/* --- Points (events.def) --- */

/*
 * PLAT_TRACED(name): does anybody listen to that point? Asked on paths that are measured: one load
 * of what is not written while nobody comes or goes, or a jump that is patched.
 * plat_trace_NAME(field, ...): tell who does; a function or a macro, out of line. In any context
 * that mmcore has, pinned or not, a leaf spinlock held or not: neither sleeps nor calls mmcore.
 * Both are plat_trace.h's.
 */

#include "plat_arch.h"
#include "plat_trace.h"

#endif /* MMCORE_PLATFORM_H */
