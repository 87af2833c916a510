/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tri_slab.h - caches of objects of one size: Linux's kmem_cache API (include/linux/slab.h).
 * How objects are kept is a policy: slab=slub, slab=slab, slab=slob.
 *
 * Allocation fails with NULL; it may sleep if @gfp says so. Freeing never sleeps, may be
 * done by any CPU and while pinned. Freeing what is no object of the cache, or is free
 * already, panics where it is noticed: always with TRI_SLAB_DEBUG flags, else seldom.
 */
#ifndef MMCORE_TRI_SLAB_H
#define MMCORE_TRI_SLAB_H

#include "gfp.h"

struct kmem_cache;
struct tri_core;

#define TRI_SLAB_HWCACHE_ALIGN                                             \
	(1U << 0) /* objects start at cache lines, small ones at fractions \
		   */
#define TRI_SLAB_RECLAIM_ACCOUNT (1U << 1) /* objects a shrinker can free: RECLAIMABLE pages */
#define TRI_SLAB_CACHE_DMA	 (1U << 2) /* pages of zone DMA */
#define TRI_SLAB_NO_MERGE	 (1U << 3) /* never share slabs with a compatible cache */
#define TRI_SLAB_RED_ZONE	 (1U << 4) /* guard bytes around objects, verified */
#define TRI_SLAB_POISON		 (1U << 5) /* a pattern in free objects, verified */
#define TRI_SLAB_STORE_USER	 (1U << 6) /* who allocated and who freed last: address, CPU, time */
#define TRI_SLAB_DEBUG		 (TRI_SLAB_RED_ZONE | TRI_SLAB_POISON | TRI_SLAB_STORE_USER)

#define TRI_MAX_CACHES 254 /* of a core, the kmalloc family's included */

/*
 * A cache of objects of @size bytes (1..4 MiB / 16) at multiples of @align (a power of two, 0:
 * pointer size). @ctor is called on each object when its slab is made, not at each
 * allocation: objects are freed in their constructed state. (With slab=slob, whose free memory
 * keeps nothing, it is at each allocation.) @name must outlive the cache.
 * A compatible cache may be returned with one more reference (Linux's slab merging) unless
 * there is a ctor, a DEBUG or the NO_MERGE flag. NULL: bad arguments (with a logged line),
 * no memory, or TRI_MAX_CACHES. May sleep.
 */
struct kmem_cache *tri_kmem_cache_create(const char *name, unsigned int size, unsigned int align,
					 unsigned int flags, void (*ctor)(void *object));

void *tri_kmem_cache_alloc(struct kmem_cache *cache, tri_gfp_t gfp);
void tri_kmem_cache_free(struct kmem_cache *cache, void *object);

/* @n objects or none: returns @n or 0. */
unsigned long tri_kmem_cache_alloc_bulk(struct kmem_cache *cache, tri_gfp_t gfp, unsigned long n,
					void **objects);
void tri_kmem_cache_free_bulk(struct kmem_cache *cache, unsigned long n, void **objects);

/* Give back the frames of empty slabs, of all CPUs, which are stopped; how many. May sleep. */
unsigned long tri_kmem_cache_shrink(struct kmem_cache *cache);

/*
 * Drop one reference; the last one ends the cache. Objects still in use are logged, one line
 * an address, and their slabs stay allocated; returns how many there were. Then they can
 * still be freed, and the call be made again. May sleep.
 */
unsigned long tri_kmem_cache_destroy(struct kmem_cache *cache);

/*
 * What a timer of this CPU would do every 2 s where slab=slab: drain part of what was not used
 * since the last time; frames given back. 0 with other policies. May sleep.
 */
unsigned long tri_slab_reap(void);

/* What an object can hold: @size of create, or more if caches were merged. */
unsigned int tri_kmem_cache_size(const struct kmem_cache *cache);

/* A line of Linux's /proc/slabinfo, and what the cache really holds. */
struct tri_slab_info {
	const char *name;
	unsigned int object_size, size;	    /* bytes: usable, and from one object to the next */
	unsigned int align, objects, order; /* of a slab */
	unsigned int references;
	unsigned long objects_active; /* in a user's hands */
	unsigned long objects_total;
	unsigned long slabs_active, slabs_total; /* active: at least one object in use */
	unsigned long frames;			 /* slabs, and the cache's own struct */
};
/* Of cache @number, 1..TRI_MAX_CACHES; false if there is none. Stops the other CPUs. */
bool tri_slab_info(struct tri_core *core, unsigned int number, struct tri_slab_info *out);

#endif /* MMCORE_TRI_SLAB_H */
