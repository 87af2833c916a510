/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plat.c - the half of platform.h that is not inline, on the bare machine: mutexes, the fence,
 * words and death. Entries and flushes are window.c's.
 */
#include "channel.h"
#include "cpu.h"
#include "ipi.h"
#include "machine.h"
#include "memory.h"

_Static_assert(PLAT_MEMORY_BASE == MEMORY_BASE, "plat_arch.h converts as memory.h does");

unsigned int plat_caps(void)
{
	const struct channel *channel = machine_channel();

	return PLAT_HW_PAGETABLE | PLAT_HW_TLB | PLAT_HW_IRQ |
	       (channel && channel->real_time ? PLAT_REAL_TIME : 0);
}

unsigned long plat_spin_waits;

/*
 * PAUSE gives the turn to another CPU where they take turns (icount). With interrupts off,
 * calls of other CPUs are answered here: who waits for us may be whom we wait for.
 */
void plat_spin_wait(unsigned long spins)
{
	if (!spins)
		__atomic_fetch_add(&plat_spin_waits, 1, __ATOMIC_RELAXED);
	__builtin_ia32_pause();
	if (!(plat_interrupts() & PLAT_INTERRUPTS_ON))
		ipi_poll();
}

void plat_mutex_init(plat_mutex_t *mutex)
{
	mutex->held = 0;
}

/* Nothing else could run here meanwhile: it spins, interrupts on, so that calls are served. */
void plat_mutex_lock(plat_mutex_t *mutex)
{
	unsigned long spins = 0;

	plat_might_sleep();
	while (!plat_mutex_trylock(mutex))
		plat_relax(spins++);
}

bool plat_mutex_trylock(plat_mutex_t *mutex)
{
	return !__atomic_load_n(&mutex->held, __ATOMIC_RELAXED) &&
	       !__atomic_exchange_n(&mutex->held, 1, __ATOMIC_ACQUIRE);
}

void plat_mutex_unlock(plat_mutex_t *mutex)
{
	__atomic_store_n(&mutex->held, 0, __ATOMIC_RELEASE);
}

void plat_mutex_destroy(plat_mutex_t *mutex)
{
	(void)mutex;
}

/* Taking an interrupt and returning from it orders memory (Intel SDM 3A 8.3: IRET serialises). */
static void answer(void *arg)
{
	(void)arg;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
}

void plat_fence_cpus(void)
{
	plat_might_sleep();
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	ipi_call_others(answer, NULL, true);
}

void plat_log(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	words_say(fmt, args);
	va_end(args);
}

void plat_die(const char *file, int line, const char *why)
{
	machine_die(file, line, why);
}
