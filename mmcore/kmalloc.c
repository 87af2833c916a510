/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kmalloc.c - memory by size: a cache a size class, blocks of pages above the largest.
 *
 * The hit is size -> number -> this CPU's array, and pointer -> pfn -> number -> array: see
 * slab_array.h. A block of pages has number 0, whose array is always empty and full, so that
 * the fast paths need not ask which of the two it is.
 */
#include "kmalloc.h"
#include "slab_array.h"
#include "slab_debug.h"
#include "slab_hooks.h"

static const uint16_t class_size[KMALLOC_CLASSES] = {8,	  16,  32,   64,   96,	 128, 192,
						     256, 512, 1024, 2048, 4096, 8192};

/* In Linux's words; unmovable, reclaimable, DMA. */
static const char *const class_name[KMALLOC_KINDS][KMALLOC_CLASSES] = {
#define NAMES(kind)                                                                           \
	{                                                                                     \
		kind "8", kind "16", kind "32", kind "64", kind "96", kind "128", kind "192", \
			kind "256", kind "512", kind "1k", kind "2k", kind "4k", kind "8k"    \
	}
	NAMES("kmalloc-"),
	NAMES("kmalloc-rcl-"),
	NAMES("dma-kmalloc-"),
#undef NAMES
};
static const unsigned int kind_flags[KMALLOC_KINDS] = {0, TRI_SLAB_RECLAIM_ACCOUNT,
						       TRI_SLAB_CACHE_DMA};

#define NOT_FAST (TRI_GFP_DMA | TRI_GFP_RECLAIMABLE | TRI_GFP_ZERO)

/* From one boot struct to the next. */
static size_t struct_bytes(const struct tri_core *core)
{
	size_t bytes = sizeof(struct kmem_cache) + slab_private_bytes(core);

	return (bytes + SLAB_BOOT_ALIGN - 1) & ~(SLAB_BOOT_ALIGN - 1);
}

static size_t caches_bytes(const struct tri_core *core)
{
	return KMALLOC_KINDS * KMALLOC_CLASSES * struct_bytes(core);
}

size_t slab_boot_bytes(const struct tri_core *core)
{
	return caches_bytes(core) + core->frames.slots * SECTION_FRAMES;
}

static void make_class(struct tri_core *core, unsigned int kind, unsigned int class)
{
	unsigned int index = kind * KMALLOC_CLASSES + class, size = class_size[class];
	struct kmem_cache *cache =
		(struct kmem_cache *)(core->slab.boot + index * struct_bytes(core));
	unsigned int align = size & -size;

	*cache = (struct kmem_cache){
		.name = class_name[kind][class],
		.object_size = size,
		.align = align < TRI_PAGE_SIZE ? align : TRI_PAGE_SIZE,
		.flags = kind_flags[kind] | TRI_SLAB_NO_MERGE,
		.frames_order = SLAB_BOOT,
	};
	if (slab_cache_setup(core, cache, index + 1))
		plat_panic(__FILE__, __LINE__, "kmalloc_init: the policy refuses a class");
}

void kmalloc_init(struct tri_core *core)
{
	unsigned int class = 0;

	core->slab.number = (uint8_t *)core->slab.boot + caches_bytes(core);
	core->slab.number_first = plat_pfn_to_ptr(core->frames.lowest * SECTION_FRAMES);
	/* Where objects are cleared all are taken for none's, and go the way of misses. */
	if (!core->tunable[TRI_TUNABLE_init_on_free])
		core->slab.numbers = core->frames.slots * SECTION_FRAMES;
	for (unsigned int kind = 0; kind < KMALLOC_KINDS; kind++) {
		for (unsigned int i = 0; i < KMALLOC_CLASSES; i++)
			make_class(core, kind, i);
	}
	for (unsigned long size = 8; size <= TRI_KMALLOC_MAX_CACHE; size += 8) {
		if (size > class_size[class])
			class ++;
		core->slab.class[size / 8] = (uint8_t)(class + 1);
	}
	if (!core->tunable[TRI_TUNABLE_init_on_alloc])
		memcpy(core->slab.kmalloc, core->slab.class, sizeof(core->slab.kmalloc));
}

static void *block_alloc(struct tri_core *core, unsigned long size, tri_gfp_t gfp)
{
	struct frame *frame;

	if (size > TRI_KMALLOC_MAX)
		return NULL;
	if (gfp & TRI_GFP_DIRECT_RECLAIM)
		plat_might_sleep();
	frame = pages_alloc(core, gfp, order_for(size), FRAME_USED);
	return frame ? plat_pfn_to_ptr(frame->pfn) : NULL;
}

static __attribute__((__noinline__, cold)) void bad_object(const char *call, const void *object)
{
	plat_log("%s: %p is not what kmalloc returned", call, object);
	plat_panic(__FILE__, __LINE__, "not an object of kmalloc");
}

/* The order of the block that starts at @object. */
static unsigned int block_of(const char *call, struct frame *frame, const void *object)
{
	if (TRI_UNLIKELY((frame_kind(frame) & 0xff) != FRAME_USED ||
			 (uintptr_t)object % TRI_PAGE_SIZE))
		bad_object(call, object);
	return frame_kind(frame) >> 8;
}

/* Any size, any flags; the array has been tried or is not for this call. */
static __attribute__((__noinline__)) void *alloc_slow(unsigned long size, tri_gfp_t gfp,
						      struct tri_core *core, uintptr_t caller)
{
	struct slab_visit visit;
	struct kmem_cache *cache;
	unsigned int number;
	void *object;

	if (!size)
		return TRI_ZERO_SIZE_PTR;
	if (core->policy[TRI_QUESTION_slab] == TRI_POLICY_slab_slob)
		return size > SLOB_KMALLOC_MAX ? block_alloc(core, size, gfp)
					       : slab_slob_kmalloc(core, size, gfp);
	if (size > TRI_KMALLOC_MAX_CACHE)
		return block_alloc(core, size, gfp);
	number = core->slab.class[(size + 7) / 8];
	if (gfp & TRI_GFP_DMA)
		number += 2 * KMALLOC_CLASSES;
	else if (gfp & TRI_GFP_RECLAIMABLE)
		number += KMALLOC_CLASSES;
	cache = core->slab.cache[number];
	/* Unless the flags forbade it, array and list have been tried. */
	if (!(gfp & NOT_FAST) || !(slab_array_take(core, number, &object, &visit) ||
				   slub_list_take(core, number, &object, visit)))
		object = slab_miss_alloc(cache, gfp, caller);
	if (object && gfp & TRI_GFP_ZERO)
		memset(object, 0, cache->object_size);
	if (object && slab_debugged(cache))
		slab_debug_asked(cache, object, size);
	return object;
}

/* The array has been tried: the visit goes on. */
static __attribute__((__noinline__)) void *alloc_missed(unsigned long size, tri_gfp_t gfp,
							struct tri_core *core, uintptr_t caller,
							struct slab_visit visit)
{
	void *object;

	if (slub_list_take(core, core->slab.kmalloc[(size + 7) / 8], &object, visit))
		return object;
	return alloc_slow(size, gfp, core, caller);
}

/* What tests are told of an object that goes out; @object may be NULL. */
TRI_INLINE void *opened(struct tri_core *core, void *object, unsigned long size)
{
	if (TRI_CHECK_LEVEL >= 2 && object)
		slab_open(core, object, size, tri_ksize(object));
	return object;
}

TRI_INLINE void *alloc(unsigned long size, tri_gfp_t gfp, uintptr_t caller)
{
	struct tri_core *core = plat_core();
	struct slab_visit visit;
	void *object;

	/* Nothing is asked for nothing, so that nothing can fail: as in Linux. */
	if (size && size <= TRI_KMALLOC_MAX_CACHE && slab_fails(core, gfp, size))
		return NULL;
	if (TRI_UNLIKELY(size > TRI_KMALLOC_MAX_CACHE || gfp & NOT_FAST))
		return opened(core, alloc_slow(size, gfp, core, caller), size);
	if (TRI_UNLIKELY(
		    !slab_array_take(core, core->slab.kmalloc[(size + 7) / 8], &object, &visit)))
		object = alloc_missed(size, gfp, core, caller, visit);
	return opened(core, object, size);
}

void *tri_kmalloc(unsigned long size, tri_gfp_t gfp)
{
	return alloc(size, gfp, (uintptr_t)__builtin_return_address(0));
}

void *tri_kzalloc(unsigned long size, tri_gfp_t gfp)
{
	return alloc(size, gfp | TRI_GFP_ZERO, (uintptr_t)__builtin_return_address(0));
}

void *tri_kmalloc_array(unsigned long n, unsigned long size, tri_gfp_t gfp)
{
	unsigned long bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return alloc(bytes, gfp, (uintptr_t)__builtin_return_address(0));
}

void *tri_kcalloc(unsigned long n, unsigned long size, tri_gfp_t gfp)
{
	unsigned long bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	return alloc(bytes, gfp | TRI_GFP_ZERO, (uintptr_t)__builtin_return_address(0));
}

/* The array has been tried: the visit goes on. */
static __attribute__((__noinline__)) void free_slow(void *object, struct tri_core *core,
						    uintptr_t caller, struct slab_visit visit)
{
	unsigned int number = slab_number(&core->slab, object);
	struct frame *frame;

	if (slub_list_put(core, number, object, visit))
		return;
	frame = frame_find(&core->frames, plat_ptr_to_pfn(object));
	if (frame->cache == SLAB_SHARED)
		slab_slob_kfree(core, object);
	else if (frame->cache)
		slab_miss_free(core->slab.cache[frame->cache], frame, object, caller);
	else if (object > TRI_ZERO_SIZE_PTR)
		pages_free(core, frame, block_of("kfree", frame, object));
}

/* NULL and TRI_ZERO_SIZE_PTR lie in no frame that was lent: they need no test of their own. */
void tri_kfree(const void *object)
{
	struct tri_core *core = plat_core();
	unsigned int number = slab_number(&core->slab, object);
	struct slab_visit visit;

	if (TRI_CHECK_LEVEL >= 2)
		slab_close(core, object, tri_ksize(object));
	if (TRI_UNLIKELY(!slab_array_put(core, number, (void *)object, &visit)))
		free_slow((void *)object, core, (uintptr_t)__builtin_return_address(0), visit);
}

/* Neighbours of one cache go back together. */
void tri_kfree_bulk(unsigned long n, void **objects)
{
	struct tri_core *core = plat_core();
	unsigned long run;

	for (unsigned long i = 0; i < n; i += run) {
		unsigned int number;

		run = 1;
		if (objects[i] <= TRI_ZERO_SIZE_PTR)
			continue;
		number = slab_number(&core->slab, objects[i]);
		if (!number || number == SLAB_SHARED) {
			tri_kfree(objects[i]);
			continue;
		}
		while (i + run < n && objects[i + run] > TRI_ZERO_SIZE_PTR &&
		       slab_number(&core->slab, objects[i + run]) == number)
			run++;
		tri_kmem_cache_free_bulk(core->slab.cache[number], run, &objects[i]);
	}
}

unsigned long tri_ksize(const void *object)
{
	struct tri_core *core = plat_core();
	const struct kmem_cache *cache;
	struct frame *frame;

	if (object <= TRI_ZERO_SIZE_PTR)
		return 0;
	frame = frame_find(&core->frames, plat_ptr_to_pfn(object));
	if (frame->cache == SLAB_SHARED)
		return slab_slob_ksize(object);
	cache = core->slab.cache[frame->cache];
	if (cache)
		return slab_debugged(cache) ? slab_debug_size(cache, object) : cache->object_size;
	return TRI_PAGE_SIZE << block_of("ksize", frame, object);
}

/* Linux's krealloc() (mm/slab_common.c): in place while the object's class suffices. */
void *tri_krealloc(void *object, unsigned long size, tri_gfp_t gfp)
{
	uintptr_t caller = (uintptr_t)__builtin_return_address(0);
	unsigned long old = tri_ksize(object);
	void *moved;

	if (!size) {
		tri_kfree(object);
		return TRI_ZERO_SIZE_PTR;
	}
	if (size <= old) {
		if (gfp & TRI_GFP_ZERO || plat_core()->zones.detour & DETOUR_INIT_ALLOC)
			memset((char *)object + size, 0, old - size);
		slab_open(plat_core(), object, size, old);
		return object;
	}
	moved = alloc(size, gfp, caller);
	if (moved && old) {
		memcpy(moved, object, old);
		tri_kfree(object);
	}
	return moved;
}
