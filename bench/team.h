/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * team.h - workers that start together, meet at barriers and, in the exact phase, take turns.
 *
 * All waiting is spinning: a worker that waits is a CPU that runs, and so one that a
 * shootdown reaches. In turn mode the code between two barriers runs on one worker at a
 * time in slot order, which makes every count independent of timing.
 */
#ifndef BENCH_TEAM_H
#define BENCH_TEAM_H

#include "host.h"

#define TEAM_LINE 128 /* two cache lines: adjacent-line prefetch */

struct team {
	unsigned int size;
	bool turns;
	unsigned int generation __attribute__((aligned(TEAM_LINE)));
	unsigned int arrived __attribute__((aligned(TEAM_LINE)));
	unsigned int turn __attribute__((aligned(TEAM_LINE)));
};

static inline void team_wait_until(unsigned int *word, unsigned int value)
{
	for (unsigned long spins = 0; __atomic_load_n(word, __ATOMIC_ACQUIRE) != value; spins++)
		host_relax(spins);
}

static inline void team_wait_while(unsigned int *word, unsigned int value)
{
	for (unsigned long spins = 0; __atomic_load_n(word, __ATOMIC_ACQUIRE) == value; spins++)
		host_relax(spins);
}

/* Everybody meets, whatever the mode. */
static inline void team_meet(struct team *team)
{
	unsigned int generation = __atomic_load_n(&team->generation, __ATOMIC_RELAXED);

	if (__atomic_add_fetch(&team->arrived, 1, __ATOMIC_ACQ_REL) == team->size) {
		__atomic_store_n(&team->arrived, 0, __ATOMIC_RELAXED);
		__atomic_store_n(&team->generation, generation + 1, __ATOMIC_RELEASE);
	} else {
		team_wait_while(&team->generation, generation);
	}
}

/* Wait for this slot's turn (turn mode only). */
static inline void team_take_turn(struct team *team, unsigned int slot)
{
	if (team->turns)
		team_wait_until(&team->turn, slot);
}

/* Hand the turn on; the last slot hands it back to the first. */
static inline void team_pass_turn(struct team *team, unsigned int slot)
{
	if (team->turns)
		__atomic_store_n(&team->turn, slot + 1 == team->size ? 0 : slot + 1,
				 __ATOMIC_RELEASE);
}

/* The barrier workloads use: in turn mode, the next stretch runs in turn again. */
static inline void team_barrier(struct team *team, unsigned int slot)
{
	team_pass_turn(team, slot);
	team_meet(team);
	team_take_turn(team, slot);
}

#endif /* BENCH_TEAM_H */
