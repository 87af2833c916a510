/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab.c - the kmem_cache calls: this CPU's array first, then the policy, by a switch: a
 * predictable branch and not an indirect call. Making and ending caches is slab_cache.c's.
 */
#include "slab_array.h"
#include "slab_hooks.h"
#include "slab_debug.h"

static void *policy_alloc(struct kmem_cache *cache, tri_gfp_t gfp, uintptr_t caller)
{
	switch (cache->core->policy[TRI_QUESTION_slab]) {
#define POLICY_slab(answer, text, about) \
	case TRI_POLICY_slab_##answer:   \
		return slab_##answer##_alloc(cache, gfp, caller);
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown slab policy");
	}
}

/* init_on_alloc=1: no array has been tried yet. */
static __attribute__((__noinline__)) void *clear_alloc(struct kmem_cache *cache, tri_gfp_t gfp,
						       uintptr_t caller)
{
	struct tri_core *core = cache->core;
	struct slab_visit visit;
	void *object;

	if (!slab_array_take(core, cache->number, &object, &visit) &&
	    !slub_list_take(core, cache->number, &object, visit))
		object = policy_alloc(cache, gfp, caller);
	if (object && !(gfp & TRI_GFP_ZERO))
		init_clear(core, object, cache->object_size);
	return object;
}

void *slab_miss_alloc(struct kmem_cache *cache, tri_gfp_t gfp, uintptr_t caller)
{
	if (gfp & TRI_GFP_DIRECT_RECLAIM)
		plat_might_sleep();
	if (TRI_UNLIKELY(!cache->alloc_hit))
		return clear_alloc(cache, gfp, caller);
	return policy_alloc(cache, gfp, caller);
}

static void policy_free(struct kmem_cache *cache, struct frame *frame, void *object,
			uintptr_t caller)
{
	switch (cache->core->policy[TRI_QUESTION_slab]) {
#define POLICY_slab(answer, text, about)                            \
	case TRI_POLICY_slab_##answer:                              \
		slab_##answer##_free(cache, frame, object, caller); \
		return;
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown slab policy");
	}
}

/* init_on_free=1: no array has been tried yet. */
static __attribute__((__noinline__)) void clear_free(struct kmem_cache *cache, struct frame *frame,
						     void *object, uintptr_t caller)
{
	struct slab_visit visit;

	init_clear(cache->core, object, cache->object_size);
	if (!slab_array_put(cache->core, cache->number, object, &visit) &&
	    !slub_list_put(cache->core, cache->number, object, visit))
		policy_free(cache, frame, object, caller);
}

void slab_miss_free(struct kmem_cache *cache, struct frame *frame, void *object, uintptr_t caller)
{
	if (TRI_UNLIKELY(!cache->free_hit))
		clear_free(cache, frame, object, caller);
	else
		policy_free(cache, frame, object, caller);
}

static unsigned long alloc_bulk(struct kmem_cache *cache, tri_gfp_t gfp, unsigned long n,
				void **objects, uintptr_t caller)
{
	switch (cache->core->policy[TRI_QUESTION_slab]) {
#define POLICY_slab(answer, text, about) \
	case TRI_POLICY_slab_##answer:   \
		return slab_##answer##_alloc_bulk(cache, gfp, n, objects, caller);
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown slab policy");
	}
}

static void free_bulk(struct kmem_cache *cache, unsigned long n, void **objects, uintptr_t caller)
{
	switch (cache->core->policy[TRI_QUESTION_slab]) {
#define POLICY_slab(answer, text, about)                              \
	case TRI_POLICY_slab_##answer:                                \
		slab_##answer##_free_bulk(cache, n, objects, caller); \
		return;
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown slab policy");
	}
}

static __attribute__((__noinline__, cold)) void bad_free(struct kmem_cache *cache,
							 struct frame *frame, const void *object)
{
	struct kmem_cache *owner = cache->core->slab.cache[frame->cache];

	if (slab_debugged(cache))
		slab_debug_free(cache, frame, (void *)object, 0); /* says more */
	plat_log("kmem_cache_free: %p of cache %s given to cache %s", object,
		 owner ? owner->name : "(none)", cache->name);
	plat_panic(__FILE__, __LINE__, "kmem_cache_free: no object of this cache");
}

static inline struct frame *frame_of(struct kmem_cache *cache, const void *object)
{
	struct frame *frame = frame_find(&cache->core->frames, plat_ptr_to_pfn(object));

	if (TRI_UNLIKELY(frame->cache != cache->number && frame->cache != SLAB_SHARED))
		bad_free(cache, frame, object);
	return frame;
}

/* The array has been tried: the visit goes on. */
static __attribute__((__noinline__)) void *missed_alloc(struct kmem_cache *cache, tri_gfp_t gfp,
							uintptr_t caller, struct slab_visit visit)
{
	void *object;

	if (slub_list_take(cache->core, cache->alloc_hit, &object, visit))
		return object;
	return slab_miss_alloc(cache, gfp, caller);
}

static __attribute__((__noinline__)) void missed_free(struct kmem_cache *cache, void *object,
						      uintptr_t caller, struct slab_visit visit)
{
	if (!slub_list_put(cache->core, cache->free_hit, object, visit))
		slab_miss_free(cache, frame_of(cache, object), object, caller);
}

void *tri_kmem_cache_alloc(struct kmem_cache *cache, tri_gfp_t gfp)
{
	struct slab_visit visit;
	void *object;

	if (slab_fails(cache->core, gfp, cache->object_size))
		return NULL;
	if (TRI_UNLIKELY(!slab_array_take(cache->core, cache->alloc_hit, &object, &visit))) {
		object = missed_alloc(cache, gfp, (uintptr_t)__builtin_return_address(0), visit);
		if (!object)
			return NULL;
	}
	if (TRI_UNLIKELY(gfp & TRI_GFP_ZERO))
		memset(object, 0, cache->object_size);
	slab_open(cache->core, object, cache->object_size, cache->object_size);
	return object;
}

/* A hit does not look at the frame: an object of another cache is noticed when it misses. */
void tri_kmem_cache_free(struct kmem_cache *cache, void *object)
{
	struct slab_visit visit;

	TRI_ASSERT(frame_of(cache, object));
	slab_close(cache->core, object, cache->object_size);
	if (TRI_UNLIKELY(!slab_array_put(cache->core, cache->free_hit, object, &visit)))
		missed_free(cache, object, (uintptr_t)__builtin_return_address(0), visit);
}

unsigned long tri_kmem_cache_alloc_bulk(struct kmem_cache *cache, tri_gfp_t gfp, unsigned long n,
					void **objects)
{
	if (gfp & TRI_GFP_DIRECT_RECLAIM)
		plat_might_sleep();
	if (slab_fails(cache->core, gfp, cache->object_size) ||
	    !alloc_bulk(cache, gfp, n, objects, (uintptr_t)__builtin_return_address(0)))
		return 0;
	for (unsigned long i = 0; gfp & TRI_GFP_ZERO && i < n; i++)
		memset(objects[i], 0, cache->object_size);
	for (unsigned long i = 0; !(cache->alloc_hit || gfp & TRI_GFP_ZERO) && i < n; i++)
		init_clear(cache->core, objects[i], cache->object_size);
	for (unsigned long i = 0; TRI_CHECK_LEVEL >= 2 && i < n; i++)
		slab_open(cache->core, objects[i], cache->object_size, cache->object_size);
	return n;
}

void tri_kmem_cache_free_bulk(struct kmem_cache *cache, unsigned long n, void **objects)
{
	for (unsigned long i = 0; TRI_CHECK_LEVEL >= 1 && i < n; i++)
		(void)frame_of(cache, objects[i]);
	for (unsigned long i = 0; TRI_CHECK_LEVEL >= 2 && i < n; i++)
		slab_close(cache->core, objects[i], cache->object_size);
	for (unsigned long i = 0; !cache->free_hit && i < n; i++)
		init_clear(cache->core, objects[i], cache->object_size);
	free_bulk(cache, n, objects, (uintptr_t)__builtin_return_address(0));
}

unsigned int tri_kmem_cache_size(const struct kmem_cache *cache)
{
	return cache->object_size;
}
