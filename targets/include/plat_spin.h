/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plat_spin.h - a lock that is tried, then looked at until it is free: the waiting is what
 * targets differ in. After plat_types.h, which has plat_spinlock_t.
 */
#ifndef TARGETS_PLAT_SPIN_H
#define TARGETS_PLAT_SPIN_H

/* One turn of a wait that has spun @spins times already. */
void plat_spin_wait(unsigned long spins);
/* Waits that began, of all CPUs; only grows. By plat_spin_wait(), whose first turn it is. */
extern unsigned long plat_spin_waits;

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

#endif /* TARGETS_PLAT_SPIN_H */
