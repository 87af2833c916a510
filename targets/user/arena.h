/* SPDX-License-Identifier: GPL-2.0-only */
/* arena.h - the frames of all cores: one memfd, mapped once at plat_arena. */
#ifndef USER_ARENA_H
#define USER_ARENA_H

#include "tri.h"

/*
 * A run of @frames nobody else has, zeroed, aligned to the largest order. The first caller
 * makes the arena, the last arena_return() ends it. On error a line has been said.
 */
int arena_take(unsigned long frames, struct tri_run *run);
void arena_return(const struct tri_run *run);

/* Show @pages frames from @pfn on at @va too, in place of what is there. 0 or -errno. */
int arena_map(uintptr_t va, unsigned long pfn, unsigned long pages);

/* For the fault handler. */
bool arena_holds(uintptr_t addr);

#endif /* USER_ARENA_H */
