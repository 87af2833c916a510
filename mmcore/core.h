/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * core.h - struct tri_core, from which all state of one memory manager hangs, and the few
 * helpers every layer uses.
 *
 * Rules of locking. Spinlocks are only ever taken pinned, by tri_lock(): a holder that was
 * interrupted or preempted could be waited for by its own CPU. All of them are leaves: no
 * two are held at once. Flushes and the platform's word of stored entries come with none held
 * and unpinned, and so do mutexes. Their order, outermost first: ram.mutex, the flush lists'
 * purge mutexes (ascending), reclaim.mutex, which is held while shrinkers scan, and stop.mutex:
 * while CPUs are stopped nothing sleeps. slab.mutex comes before reclaim.mutex, since its holder
 * may ask for pages, and is only tried in a scan.
 */
#ifndef MMCORE_CORE_H
#define MMCORE_CORE_H

#include "areas.h"
#include "cpus.h"
#include "fault.h"
#include "flush.h"
#include "init.h"
#include "pages.h"
#include "pagetable.h"
#include "pcp.h"
#include "pool.h"
#include "reclaim.h"
#include "shadow.h"
#include "slab.h"
#include "slab_slob.h"
#include "tracepoints.h"
#include "vm_map_ram.h"
#include "watermark.h"
#include "zone.h"

#define TRI_UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/*
 * Fast paths, inline on each target: one whose pinning is much assembly, which GCC takes for as
 * many instructions as it has lines, would otherwise call them.
 */
#define TRI_INLINE static inline __attribute__((always_inline))

/* What is called only where somebody listens to a point. */
#define TRI_COLD __attribute__((__noinline__, cold))

/* 0: measured; 1: assertions; 2: also tests call tri_check() between steps. */
#if TRI_CHECK_LEVEL >= 1
#define TRI_ASSERT(condition)                                                            \
	do {                                                                             \
		if (TRI_UNLIKELY(!(condition)))                                          \
			plat_panic(__FILE__, __LINE__, "assertion failed: " #condition); \
	} while (0)
#else
#define TRI_ASSERT(condition) ((void)sizeof(condition))
#endif

/* Written by its own CPU only, or by the one that stopped it (cpus.h). */
struct tri_cpu {
	struct cpu_gate gate;
	struct pcp pcp;
	struct ram_cpu ram;
	unsigned long event[TRI_EVENT_COUNT];
	struct slab_cpu slab[SLAB_NUMBERS];
	uint64_t slab_reaped; /* tick; see slab_reap.c */
	/*
	 * While this CPU, pinned, allocates for who may not sleep, the flags that hold for all that
	 * takes; else 0. Linux: memalloc_apply_gfp_scope(), a task's.
	 */
	tri_gfp_t nowait;
} TRI_PAD;

struct tri_core {
	/* Fixed from tri_core_init() on. */
	unsigned int cpus;
	enum tri_policy_value policy[TRI_QUESTION_COUNT];
	uintptr_t window_start, window_end;
	unsigned long tunable[TRI_TUNABLE_COUNT]; /* in force: defaults worked out */
	struct frame_table frames;
	uint8_t *shadow; /* a byte for each of the frames' bytes, or NULL: shadow.h */
	struct tri_cpu *cpu_at[TRI_MAX_CPUS]; /* &cpu[i]: a load is cheaper than the product */

	struct slab slab TRI_PAD;
	struct slob slob TRI_PAD;
	struct cpu_stop stop TRI_PAD;
	struct pagetable pagetable TRI_PAD;
	struct zones zones TRI_PAD;
	struct reclaim reclaim TRI_PAD;
#if TRI_CHECK_LEVEL >= 1
	struct fault_state fault[TRI_FAULT_SITES];
#endif
	struct areas areas TRI_PAD;
	struct pool area_pool TRI_PAD;
	struct flush flush TRI_PAD;
	struct ram ram TRI_PAD;
	struct tri_cpu cpu[]; /* then the arrays of areas, frames, pagetable, slab and blocks */
};

TRI_INLINE unsigned long tri_lock(plat_spinlock_t *lock)
{
	unsigned long saved = plat_pin();

	plat_spin_lock(lock);
	return saved;
}

TRI_INLINE void tri_unlock(plat_spinlock_t *lock, unsigned long saved)
{
	plat_spin_unlock(lock);
	plat_unpin(saved);
}

/* Pinned. */
static inline struct tri_cpu *tri_this_cpu(struct tri_core *core)
{
	TRI_ASSERT(plat_cpu() < core->cpus);
	return core->cpu_at[plat_cpu()];
}

/* The steps of the gate; pinned. What is between go_inside() and stopped() must not matter. */
static inline void cpus_go_inside(struct tri_cpu *cpu)
{
	__atomic_store_n(&cpu->gate.inside, 1, __ATOMIC_RELAXED);
	__asm__ volatile("" ::: "memory"); /* the other half of the barrier is the stopper's */
}

static inline bool cpus_stopped(struct tri_core *core)
{
	return __atomic_load_n(&core->stop.by, __ATOMIC_ACQUIRE);
}

static inline void cpus_go_outside(struct tri_cpu *cpu)
{
	__atomic_store_n(&cpu->gate.inside, 0, __ATOMIC_RELEASE);
}

static inline struct tri_cpu *cpus_pin_inside(struct tri_core *core)
{
	unsigned long saved = plat_pin();
	struct tri_cpu *cpu = tri_this_cpu(core);

	cpu->gate.saved = saved;
	cpus_go_inside(cpu);
	return cpu;
}
struct tri_cpu *cpus_enter_slow(struct tri_core *core, struct tri_cpu *cpu);

/*
 * Pinned, and the owner of this CPU's data, until tri_leave(). Does not nest. Inside, leaf
 * spinlocks may be taken (plat_spin_lock), nothing that sleeps and no other layer's entry.
 */
static inline struct tri_cpu *tri_enter(struct tri_core *core)
{
	struct tri_cpu *cpu = cpus_pin_inside(core);

	if (TRI_UNLIKELY(cpus_stopped(core)))
		cpu = cpus_enter_slow(core, cpu);
	return cpu;
}

static inline void tri_leave(struct tri_cpu *cpu)
{
	unsigned long saved = cpu->gate.saved;

	cpus_go_outside(cpu);
	plat_unpin(saved);
}

/*
 * The same for fast paths, without a call in it, so that no register is saved: false, and not
 * inside, if the CPUs are stopped; then the slow half does it all over with tri_enter().
 */
TRI_INLINE bool tri_enter_fast(struct tri_core *core, struct tri_cpu **cpu, unsigned long *saved)
{
	*saved = plat_pin();
	*cpu = tri_this_cpu(core);
	__atomic_store_n(&(*cpu)->gate.inside, 1, __ATOMIC_RELAXED);
	__asm__ volatile("" ::: "memory"); /* as in cpus_pin_inside() */
	if (TRI_UNLIKELY(__atomic_load_n(&core->stop.by, __ATOMIC_ACQUIRE))) {
		__atomic_store_n(&(*cpu)->gate.inside, 0, __ATOMIC_RELEASE);
		plat_unpin(*saved);
		return false;
	}
	return true;
}

/* tri_leave_fast() after an allocation from a per-CPU list: one store says both. */
TRI_INLINE void tri_leave_pcp(struct tri_cpu *cpu, unsigned long saved)
{
	__atomic_store_n(&cpu->gate.both, 0, __ATOMIC_RELEASE);
	plat_unpin(saved);
}

TRI_INLINE void tri_leave_fast(struct tri_cpu *cpu, unsigned long saved)
{
	__atomic_store_n(&cpu->gate.inside, 0, __ATOMIC_RELEASE);
	plat_unpin(saved);
}

/* The flags that the CPU's caller may not be slept for, or 0: tri_cpu's nowait. */
static inline tri_gfp_t tri_nowait(struct tri_core *core)
{
	unsigned long saved = plat_pin();
	tri_gfp_t gfp = tri_this_cpu(core)->nowait;

	plat_unpin(saved);
	return gfp;
}

/* Who allocates for himself may sleep, but on behalf of who may not. */
static inline void tri_might_sleep(struct tri_core *core)
{
#if TRI_CHECK_LEVEL >= 1
	if (tri_nowait(core))
		return;
#else
	(void)core;
#endif
	plat_might_sleep();
}

/* Pinned. Atomic only towards tri_events_read(): no locked instruction. */
static inline void tri_count(struct tri_core *core, enum tri_event event, unsigned long n)
{
	unsigned long *count = &tri_this_cpu(core)->event[event];

	__atomic_store_n(count, *count + n, __ATOMIC_RELAXED);
}

/* For callers that are not pinned: pins for the count alone. */
static inline void tri_count_pinning(struct tri_core *core, enum tri_event event, unsigned long n)
{
	unsigned long saved = plat_pin();

	tri_count(core, event, n);
	plat_unpin(saved);
}

/* Pinned. */
static inline void tri_count_max(struct tri_core *core, enum tri_event event, unsigned long n)
{
	unsigned long *max = &tri_this_cpu(core)->event[event];

	/* No branch: some of these are times, and must not decide what is executed. */
	__atomic_store_n(max, n > *max ? n : *max, __ATOMIC_RELAXED);
}

#endif /* MMCORE_CORE_H */
