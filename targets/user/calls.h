/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * calls.h - what the host's own calls cost: each slot counts those it makes to map and to
 * flush, so that mmcore's share of the time is the rest.
 */
#ifndef USER_CALLS_H
#define USER_CALLS_H

#include "platform.h"
#include "tri.h"

/* Padded to a pair of cache lines, as adjacent ones are fetched together. */
struct call_cost {
	uint64_t calls, ticks;
} __attribute__((aligned(128)));
extern struct call_cost call_cost[TRI_MAX_CPUS];

static inline uint64_t call_begin(void)
{
	return plat_ticks();
}

/* Only the slot itself writes; atomic for the reader's sake. */
static inline void call_end(uint64_t begin)
{
	struct call_cost *cost = &call_cost[plat_cpu()];

	__atomic_store_n(&cost->calls, cost->calls + 1, __ATOMIC_RELAXED);
	__atomic_store_n(&cost->ticks, cost->ticks + plat_ticks() - begin, __ATOMIC_RELAXED);
}

#endif /* USER_CALLS_H */
