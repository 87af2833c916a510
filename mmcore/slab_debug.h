/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_debug.h - find who damaged an object: red zones, poison and the last owners, in bytes
 * behind each object, for caches with TRI_SLAB_DEBUG flags and every slab policy. Caches
 * without them pay one predicted branch. Layout and patterns follow mm/slub.c.
 *
 * A fault found panics, after one log line each that names the object, its cache, the bytes
 * that differ, and who allocated and freed it last (address, CPU, ticks).
 */
#ifndef MMCORE_SLAB_DEBUG_H
#define MMCORE_SLAB_DEBUG_H

#include "slab.h"

static inline bool slab_debugged(const struct kmem_cache *cache)
{
	return __builtin_expect(cache->flags & TRI_SLAB_DEBUG, 0);
}

/*
 * Bytes needed behind @object_size for the flags of @cache. A policy that links free objects
 * through themselves keeps the link behind these where poison covers the object.
 */
unsigned int slab_debug_bytes(const struct kmem_cache *cache);
/* A new slab's object: free, poisoned. */
void slab_debug_fresh(struct kmem_cache *cache, void *object);
/* It leaves the free ones: must be intact and free. @size: bytes asked, the rest is red. */
void slab_debug_alloc(struct kmem_cache *cache, void *object, unsigned long size, uintptr_t caller);
/* It comes back: must be this cache's (@frame says whose), in use, and its zones intact. */
void slab_debug_free(struct kmem_cache *cache, struct frame *frame, void *object, uintptr_t caller);
/* For walkers of slabs: is it in use? Only with STORE_USER or RED_ZONE. */
bool slab_debug_in_use(const struct kmem_cache *cache, const void *object);

#endif /* MMCORE_SLAB_DEBUG_H */
