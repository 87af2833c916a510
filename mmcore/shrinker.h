/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shrinker.h - one place from which every cache of free memory can be made smaller: what
 * Linux calls a shrinker (mm/shrinker.c). The page allocator's slow path asks it.
 */
#ifndef MMCORE_SHRINKER_H
#define MMCORE_SHRINKER_H

#include "platform.h"

struct tri_core;

/* Registered once, in the core's own order; a linked list through the users' structs. */
struct tri_shrinker {
	const char *name;
	/* Frames that scan() could free now; a guess is enough. May be called at any time. */
	unsigned long (*count)(struct tri_core *core, struct tri_shrinker *self);
	/*
	 * Free up to @frames, or somewhat more; how many. May sleep, must not change CPU, nor wait
	 * for what an allocation's caller may hold: that one waits for the scan.
	 */
	unsigned long (*scan)(struct tri_core *core, struct tri_shrinker *self,
			      unsigned long frames);
	struct tri_shrinker *next;
};

void tri_shrinker_register(struct tri_core *core, struct tri_shrinker *shrinker);
void tri_shrinker_unregister(struct tri_core *core, struct tri_shrinker *shrinker);

/* Ask all of them in turn for @frames; how many were freed. May sleep. */
unsigned long tri_shrink(struct tri_core *core, unsigned long frames);

#endif /* MMCORE_SHRINKER_H */
