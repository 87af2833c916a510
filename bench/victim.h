/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * victim.h - workers that only touch memory of their own and time every pass, while others map and
 * free: how long are they held up? The same victim, in the same slice, is timed while the others
 * stand idle, because a virtual CPU also loses time to its host.
 */
#ifndef BENCH_VICTIM_H
#define BENCH_VICTIM_H

#include "round.h"

enum { STALL_IDLE, STALL_BUSY, VICTIM_FREE };
/* {"stall.idle", "stall.busy", "free", NULL} */
extern const char *const victim_metrics[];

enum { VICTIM_PAGES, VICTIM_WORKING_SET };
#define VICTIM_PARAMS                                                                          \
	{"nr_pages", "pages", "size of the areas that are mapped and freed", 1, 1, 1024},      \
	{                                                                                      \
		"working_set", "pages", "pages each victim touches over and over", 16, 1, 1024 \
	}

/* What the others are doing, in arm->state[0]; state[1] is how long they were busy last. */
enum { PHASE_IDLE, PHASE_BUSY, PHASE_DONE };

static inline void victim_phase(struct bench_arm *arm, uint64_t phase)
{
	__atomic_store_n(&arm->state[0], phase, __ATOMIC_RELEASE);
}

/* setup() helper: memory of @victims, kept[0] and on. 0 or -ENOMEM. */
int victim_setup(struct bench_arm *arm, unsigned int victims);
/* Idle as long as the last busy stretch, so that idle and busy passes are about as many. */
void victim_stand_idle(struct bench_worker *worker);
/* A victim, timed: pass after pass over @memory until PHASE_DONE. */
void victim_suffer(struct bench_worker *worker, void *memory);

/* Map, touch and free, an area an operation, as one of the others does. */
void victim_disturb(struct bench_worker *worker, const struct bench_op *ops, unsigned int n);

#endif /* BENCH_VICTIM_H */
