/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_debug.h - find who damaged an object: red zones, poison and the last owners, in bytes
 * around each object, for caches with TRI_SLAB_DEBUG flags and every slab policy. Caches
 * without them pay one predicted branch. Layout and patterns follow mm/slub.c.
 *
 *	left zone | object | right zone | record, owners | policy's link, filler
 *
 * A policy with slabs puts its first object slab_debug_left() bytes into the slab, and each
 * next one @size bytes on:
 *
 *	size = align(object_size + slab_debug_bytes() + link, align) + slab_debug_left()
 *
 * so that the last bytes of an object's place are the left zone of the next one.
 *
 * A fault found panics, after log lines that name the object, its cache, the first byte that
 * differs, and who allocated and freed it last (address, CPU, ticks). All calls but
 * slab_debug_verify() belong to whoever holds the object alone, so there is no lock; only two
 * CPUs that free the same object race, and one of them is told.
 */
#ifndef MMCORE_SLAB_DEBUG_H
#define MMCORE_SLAB_DEBUG_H

#include "slab.h"

static inline bool slab_debugged(const struct kmem_cache *cache)
{
	return __builtin_expect(cache->flags & TRI_SLAB_DEBUG, 0);
}

/* Does it fill free objects? Not constructed ones: they keep their state. */
static inline bool slab_debug_poisons(const struct kmem_cache *cache)
{
	return cache->flags & TRI_SLAB_POISON && !cache->ctor;
}

/*
 * Bytes needed behind @object_size for the flags of @cache, a multiple of 8 from its start. A
 * policy that links free objects through themselves keeps the link behind these where poison
 * covers the object.
 */
unsigned int slab_debug_bytes(const struct kmem_cache *cache);
/* Bytes needed before each object, a multiple of @align; 0 without RED_ZONE. */
unsigned int slab_debug_left(const struct kmem_cache *cache);
/* A new slab's object: free, poisoned. */
void slab_debug_fresh(struct kmem_cache *cache, void *object);
/* It leaves the free ones: must be intact and free. */
void slab_debug_alloc(struct kmem_cache *cache, void *object, uintptr_t caller);
/* In use, just allocated: of its bytes only @size were asked for, the rest is red. */
void slab_debug_asked(struct kmem_cache *cache, void *object, unsigned long size);
/* What slab_debug_asked() said, else the object's size. */
unsigned long slab_debug_size(const struct kmem_cache *cache, const void *object);
/*
 * It comes back: must be this cache's, in use, and its zones intact. @frame says whose it is;
 * NULL where caches share frames.
 */
void slab_debug_free(struct kmem_cache *cache, const struct frame *frame, void *object,
		     uintptr_t caller);
/* Log that what was to be freed to @cache starts none of its objects. */
void slab_debug_log_stray(struct kmem_cache *cache, const void *object);
/* Inline, and so is its end: checkers of kernels' objects must see who does not return. */
static inline void slab_debug_stray(struct kmem_cache *cache, const void *object)
{
	slab_debug_log_stray(cache, object);
	plat_panic(__FILE__, __LINE__, "freed what is no object of the cache");
}
/* For walkers of slabs: is it in use? */
bool slab_debug_in_use(const struct kmem_cache *cache, const void *object);
/* For tri_check(): 0, or 1 and the log lines of a fault. */
unsigned long slab_debug_verify(const struct kmem_cache *cache, const void *object);

#endif /* MMCORE_SLAB_DEBUG_H */
