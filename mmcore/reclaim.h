/* SPDX-License-Identifier: GPL-2.0-only */
/* reclaim.h - get frames back when an allocation finds none. See reclaim.c. */
#ifndef MMCORE_RECLAIM_H
#define MMCORE_RECLAIM_H

#include "platform.h"

struct tri_core;
struct tri_shrinker;

struct reclaim {
	plat_mutex_t mutex;
	unsigned int by; /* the number + 1 of the CPU whose shrinkers scan; 0: nobody's */
	struct tri_shrinker *shrinkers;
	unsigned long failures; /* of allocations that say so */
};

void reclaim_init(struct tri_core *core);
void reclaim_exit(struct tri_core *core);

/* Stop the other CPUs and give the frames on all lists back to their zones. May sleep. */
void reclaim_drain_all(struct tri_core *core);
/* Ask the shrinkers for room for 2^order frames; how many were freed. May sleep. */
unsigned long reclaim_direct(struct tri_core *core, unsigned int order);

#endif /* MMCORE_RECLAIM_H */
