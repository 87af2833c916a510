/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plat.c - the half of platform.h that is not inline, in user space: mutexes, words and
 * death. Entries and flushes are window.c's.
 */
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "clock.h"
#include "host.h"
#include "words.h"

__thread unsigned int plat_slot;
__thread struct tri_core *plat_current_core;
__thread unsigned int plat_pin_depth;

_Static_assert(sizeof(pthread_mutex_t) <= sizeof(plat_mutex_t), "plat_types.h: room for a mutex");
_Static_assert(_Alignof(pthread_mutex_t) <= _Alignof(plat_mutex_t), "plat_types.h: alignment");

/* Pages and tables are the host's own, so mmcore's are a model; flushes and time are real. */
unsigned int plat_caps(void)
{
	return clock_emulated() ? 0 : PLAT_HW_TLB | PLAT_REAL_TIME;
}

unsigned long plat_spin_waits;

/* Pause, and yield where workers outnumber CPUs. */
void plat_spin_wait(unsigned long spins)
{
	if (!spins)
		__atomic_fetch_add(&plat_spin_waits, 1, __ATOMIC_RELAXED);
	host_relax(spins);
}

static pthread_mutex_t *pthread_of(plat_mutex_t *mutex)
{
	return (pthread_mutex_t *)mutex->opaque;
}

void plat_mutex_init(plat_mutex_t *mutex)
{
	pthread_mutex_init(pthread_of(mutex), NULL);
}

void plat_mutex_lock(plat_mutex_t *mutex)
{
	plat_might_sleep();
	pthread_mutex_lock(pthread_of(mutex));
}

bool plat_mutex_trylock(plat_mutex_t *mutex)
{
	return !pthread_mutex_trylock(pthread_of(mutex));
}

void plat_mutex_unlock(plat_mutex_t *mutex)
{
	pthread_mutex_unlock(pthread_of(mutex));
}

void plat_mutex_destroy(plat_mutex_t *mutex)
{
	pthread_mutex_destroy(pthread_of(mutex));
}

void plat_log(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	words_say(fmt, args);
	va_end(args);
}

/* No exit handlers: they could meet the very state that is broken. */
void plat_die(const char *file, int line, const char *why)
{
	host_error("%s:%d: %s", file, line, why);
	_exit(EXIT_FAILURE);
}
