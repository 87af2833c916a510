/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plat.c - the half of platform.h that is not inline, inside Linux: mutexes, the fence, words and
 * death. Entries are window.c's, flushes tlb.c's.
 */
#include <linux/bug.h>
#include <linux/mutex.h>
#include <linux/processor.h>
#include <linux/sched.h>
#include <linux/smp.h>

#include "clock.h"
#include "platform.h"
#include "words.h"

DEFINE_PER_CPU(struct plat_slot, plat_slot);

static_assert(sizeof(struct mutex) <= sizeof(plat_mutex_t), "plat_types.h: room for a mutex");
static_assert(__alignof__(struct mutex) <= __alignof__(plat_mutex_t), "plat_types.h: alignment");

unsigned int plat_caps(void)
{
	return PLAT_HW_PAGETABLE | PLAT_HW_TLB | PLAT_HW_IRQ |
	       (clock_is_real() ? PLAT_REAL_TIME : 0);
}

unsigned long plat_spin_waits;

/*
 * For locks, which are held and waited for with interrupts off: a holder that could be preempted
 * might be waited for by its own CPU. Holders neither sleep nor wait for another CPU's interrupt,
 * so what waits here unable to take one delays a flush, and never stops it.
 */
void plat_spin_wait(unsigned long spins)
{
	if (!spins)
		__atomic_fetch_add(&plat_spin_waits, 1, __ATOMIC_RELAXED);
#if TRI_CHECK_LEVEL >= 1
	if (!irqs_disabled())
		plat_panic(__FILE__, __LINE__, "a spinlock is waited for by a CPU not pinned");
#endif
	cpu_relax();
}

/*
 * More: another thread that wants the CPU waits longer, and where one thread emulates all CPUs a
 * turn is 0.1 s of the others'; less: each turn of a wait costs more.
 */
#define WAIT_SPINS 32

/* Kernels that preempt only where they are asked to are asked to here. */
void plat_wait(unsigned long spins)
{
	cpu_relax();
	if (spins % WAIT_SPINS == WAIT_SPINS - 1 && !irqs_disabled())
		cond_resched();
}

static struct mutex *mutex_of(plat_mutex_t *mutex)
{
	return (struct mutex *)mutex->opaque;
}

void plat_mutex_init(plat_mutex_t *mutex)
{
	mutex_init(mutex_of(mutex));
}

void plat_mutex_lock(plat_mutex_t *mutex)
{
	plat_might_sleep();
	mutex_lock(mutex_of(mutex));
}

bool plat_mutex_trylock(plat_mutex_t *mutex)
{
	return mutex_trylock(mutex_of(mutex));
}

void plat_mutex_unlock(plat_mutex_t *mutex)
{
	mutex_unlock(mutex_of(mutex));
}

void plat_mutex_destroy(plat_mutex_t *mutex)
{
	mutex_destroy(mutex_of(mutex));
}

static void answer(void *arg)
{
	(void)arg;
	smp_mb();
}

/* As Linux's membarrier(2) (kernel/sched/membarrier.c), but on all CPUs. */
void plat_fence_cpus(void)
{
	plat_might_sleep();
	smp_mb();
	smp_call_function(answer, NULL, 1);
	smp_mb();
}

void plat_log(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	words_say(fmt, args);
	va_end(args);
}

/*
 * The kernel log gets the line, too: it is what is left of a guest that dies here. BUG() ends this
 * thread; with interrupts off, or where the kernel was told so, the machine.
 */
void plat_die(const char *file, int line, const char *why)
{
	plat_log("%s:%d: %s", file, line, why);
	pr_emerg("trimm: %s:%d: %s\n", file, line, why);
	BUG();
}
