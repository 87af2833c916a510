/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sheaves.h - per-CPU arrays of free objects in front of SLUB, as Linux 6.18 has them. A CPU
 * has a main and a spare sheaf; whole sheaves are traded with the cache's barn, so that one
 * lock is taken for dozens of objects, also where one CPU allocates what another frees.
 */
#ifndef MMCORE_SHEAVES_H
#define MMCORE_SHEAVES_H

#include "slab.h"

struct barn {
	plat_spinlock_t lock;
	uint32_t limit; /* of a sheaf of this cache; 0: no sheaves */
	unsigned int
		most; /* full ones, and empty ones; Linux: MAX_FULL_SHEAVES, MAX_EMPTY_SHEAVES */
	unsigned int full_count, empty_count;
	struct slab_array *full, *empty;
};

void sheaves_setup(struct kmem_cache *cache);
/* The main sheaf had none. NULL: ask the slabs. */
void *sheaves_alloc(struct kmem_cache *cache, tri_gfp_t gfp);
/* The main sheaf was full. False: nothing was done. */
bool sheaves_free(struct kmem_cache *cache, void *object);
/* Up to @n objects from, or into, this CPU's sheaves and the barn; how many. */
unsigned long sheaves_take(struct kmem_cache *cache, unsigned long n, void **objects);
unsigned long sheaves_put(struct kmem_cache *cache, unsigned long n, void **objects);
/* All objects back to their slabs, all sheaves gone; the other CPUs are stopped. */
void sheaves_flush(struct kmem_cache *cache);

#endif /* MMCORE_SHEAVES_H */
