/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_cache.c - make, merge, shrink, show and end caches; frames and arrays for their
 * policies.
 *
 * The mutex guards the table of caches and is taken before cpus_stop()'s. Allocating and
 * freeing take neither: a number is in a frame or in a user's cache only while it is valid.
 */
#include "core.h"
#include "kmalloc.h"
#include "shadow.h"

size_t slab_private_bytes(const struct tri_core *core)
{
	switch (core->policy[TRI_QUESTION_slab]) {
#define POLICY_slab(answer, text, about) \
	case TRI_POLICY_slab_##answer:   \
		return slab_##answer##_private_bytes(core);
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown slab policy");
	}
}

static int setup(struct kmem_cache *cache)
{
	switch (cache->core->policy[TRI_QUESTION_slab]) {
#define POLICY_slab(answer, text, about) \
	case TRI_POLICY_slab_##answer:   \
		return slab_##answer##_setup(cache);
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown slab policy");
	}
}

static unsigned long teardown(struct kmem_cache *cache)
{
	switch (cache->core->policy[TRI_QUESTION_slab]) {
#define POLICY_slab(answer, text, about) \
	case TRI_POLICY_slab_##answer:   \
		return slab_##answer##_teardown(cache);
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown slab policy");
	}
}

static void stat(struct kmem_cache *cache, struct slab_stat *out)
{
	switch (cache->core->policy[TRI_QUESTION_slab]) {
#define POLICY_slab(answer, text, about)          \
	case TRI_POLICY_slab_##answer:            \
		slab_##answer##_stat(cache, out); \
		return;
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown slab policy");
	}
}

/* The other CPUs are stopped. */
static unsigned long empty(struct kmem_cache *cache)
{
	switch (cache->core->policy[TRI_QUESTION_slab]) {
#define POLICY_slab(answer, text, about) \
	case TRI_POLICY_slab_##answer:   \
		return slab_##answer##_empty(cache);
#include "policies.def"
	default:
		plat_panic(__FILE__, __LINE__, "unknown slab policy");
	}
}

/* --- For the policies --- */

void slab_number_frames(struct tri_core *core, struct frame *frame, unsigned int order,
			unsigned int number)
{
	uint8_t *entry = core->slab.number + frame->pfn - core->frames.lowest * SECTION_FRAMES;

	for (unsigned long i = 0; i < 1UL << order; i++) {
		frame[i].cache = (uint16_t)number;
		entry[i] = (uint8_t)number;
	}
}

struct frame *slab_frames_get(struct kmem_cache *cache, tri_gfp_t gfp, unsigned int order)
{
	struct frame *frame;

	/* Where they lie is the cache's to say. */
	gfp &= ~(TRI_GFP_ZERO | PLACE_MASK);
	if (cache->flags & TRI_SLAB_CACHE_DMA)
		gfp |= TRI_GFP_DMA;
	if (cache->flags & TRI_SLAB_RECLAIM_ACCOUNT)
		gfp |= TRI_GFP_RECLAIMABLE;
	frame = pages_alloc(cache->core, gfp, order, FRAME_SLAB);
	if (!frame)
		return NULL;
	slab_number_frames(cache->core, frame, order, cache->number);
	__atomic_add_fetch(&cache->core->slab.frames, 1UL << order, __ATOMIC_RELAXED);
	return frame;
}

void slab_frames_put(struct kmem_cache *cache, struct frame *frame)
{
	unsigned int order = frame_kind(frame) >> 8;

	slab_number_frames(cache->core, frame, order, 0);
	__atomic_sub_fetch(&cache->core->slab.frames, 1UL << order, __ATOMIC_RELAXED);
	shadow_set_pfn(cache->core, frame->pfn, 1UL << order, SHADOW_NEVER);
	pages_free(cache->core, frame, order);
}

void slab_for_each(struct kmem_cache *cache,
		   void (*visit)(struct kmem_cache *, struct frame *, void *), void *data)
{
	struct frame_table *table = &cache->core->frames;

	for (unsigned long i = SECTION_FRAMES; i < table->sections * SECTION_FRAMES; i++) {
		struct frame *frame = &table->frame[i];

		if ((frame_kind(frame) & 0xff) == FRAME_SLAB && frame->cache == cache->number)
			visit(cache, frame, data);
	}
}

static struct pool *array_pool(struct tri_core *core, uint32_t limit)
{
	struct pool *pool = core->slab.array_pool;

	while (sizeof(struct slab_array) + limit * sizeof(void *) > pool->object_size)
		pool++;
	return pool;
}

struct slab_array *slab_array_new(struct tri_core *core, uint32_t limit)
{
	struct slab_array *array =
		pool_alloc_gfp(core, array_pool(core, limit), TRI_GFP_NOWAIT | TRI_GFP_NOWARN);

	if (array)
		*array = (struct slab_array){.limit = limit};
	return array;
}

void slab_array_delete(struct tri_core *core, struct slab_array *array)
{
	pool_free(array_pool(core, array->limit), array);
}

void slab_report_leak(struct kmem_cache *cache, const void *object)
{
	plat_log("kmem_cache_destroy: %s: object %p is still in use", cache->name, object);
}

/* --- Making caches --- */

/* Linux's calculate_alignment(): a cache line, or the power of two that small ones fit in. */
static unsigned int alignment(unsigned int size, unsigned int align, unsigned int flags)
{
	unsigned int line = SLAB_CACHE_LINE;

	if (flags & TRI_SLAB_HWCACHE_ALIGN) {
		while (size <= line / 2)
			line /= 2;
		align = align > line ? align : line;
	}
	return align > sizeof(void *) ? align : sizeof(void *);
}

static const char *arguments_fault(const char *name, unsigned int size, unsigned int align)
{
	if (!name || !*name)
		return "a cache has no name";
	if (size < 1 || size > SLAB_MAX_OBJECT)
		return "an object must have 1 to 262144 bytes";
	if (align & (align - 1) || align > TRI_PAGE_SIZE)
		return "the alignment must be a power of two, a page at most";
	return NULL;
}

/*
 * Do objects of @cache lie at multiples of @align? With SLUB an aligned size is enough, since
 * slabs start at pages; SLAB colours their start, SLOB puts objects where there is room.
 */
static bool aligned_enough(const struct kmem_cache *cache, unsigned int align)
{
	return cache->align >= align ||
	       (cache->core->policy[TRI_QUESTION_slab] == TRI_POLICY_slab_slub &&
		!(cache->size & (align - 1)));
}

/*
 * Linux's find_mergeable() (mm/slab_common.c): of two caches whose objects have nearly the
 * same size and lie in the same kind of pages, one is enough. Fewer partial slabs; the price
 * is that one user's stray write hits another's object.
 */
static struct kmem_cache *find_mergeable(struct tri_core *core, unsigned int size,
					 unsigned int align, unsigned int flags)
{
	const unsigned int never = TRI_SLAB_NO_MERGE | TRI_SLAB_DEBUG;
	const unsigned int same = TRI_SLAB_RECLAIM_ACCOUNT | TRI_SLAB_CACHE_DMA;

	if (flags & never || core->tunable[TRI_TUNABLE_slab_debug])
		return NULL;
	align = alignment(size, align, flags);
	size = (size + align - 1) & ~(align - 1);
	for (unsigned int number = TRI_MAX_CACHES; number > 0; number--) {
		struct kmem_cache *cache = core->slab.cache[number];

		if (!cache || !cache->references || cache->ctor || cache->flags & never ||
		    (cache->flags ^ flags) & same)
			continue;
		if (size <= cache->size && aligned_enough(cache, align) &&
		    cache->size - size < sizeof(void *))
			return cache;
	}
	return NULL;
}

/* The block of frames a struct with its policy's part needs. */
static unsigned int struct_order(const struct tri_core *core)
{
	return order_for(sizeof(struct kmem_cache) + slab_private_bytes(core));
}

/* A constructed object keeps its state, and poison finds what clearing would hide: as in Linux. */
static bool clears(const struct kmem_cache *cache, enum tri_tunable when)
{
	return cache->core->tunable[when] && !cache->ctor && !(cache->flags & TRI_SLAB_POISON);
}

int slab_cache_setup(struct tri_core *core, struct kmem_cache *cache, unsigned int number)
{
	int error;

	cache->core = core;
	cache->number = (uint16_t)number;
	cache->references = 1;
	if (core->tunable[TRI_TUNABLE_slab_debug])
		cache->flags |= TRI_SLAB_DEBUG;
	cache->align = alignment(cache->object_size, cache->align, cache->flags);
	cache->alloc_hit = clears(cache, TRI_TUNABLE_init_on_alloc) ? 0 : (uint8_t)number;
	cache->free_hit = clears(cache, TRI_TUNABLE_init_on_free) ? 0 : (uint8_t)number;
	error = setup(cache);
	if (!error)
		core->slab.cache[number] = cache;
	return error;
}

static struct kmem_cache *make(struct tri_core *core, const struct kmem_cache *wanted)
{
	unsigned int number = 1, order = struct_order(core);
	struct kmem_cache *cache;
	struct frame *frame;

	while (core->slab.cache[number]) {
		if (++number > TRI_MAX_CACHES)
			return NULL;
	}
	frame = pages_alloc(core, TRI_GFP_KERNEL | TRI_GFP_ZERO, order, FRAME_POOL);
	if (!frame)
		return NULL;
	cache = plat_pfn_to_ptr(frame->pfn);
	*cache = *wanted;
	cache->frames_order = (uint16_t)order;
	if (slab_cache_setup(core, cache, number)) {
		pages_free(core, frame, order);
		return NULL;
	}
	return cache;
}

struct kmem_cache *tri_kmem_cache_create(const char *name, unsigned int size, unsigned int align,
					 unsigned int flags, void (*ctor)(void *object))
{
	const struct kmem_cache wanted = {
		.name = name, .object_size = size, .align = align, .flags = flags, .ctor = ctor};
	const char *fault = arguments_fault(name, size, align);
	struct tri_core *core = plat_core();
	struct kmem_cache *cache;

	plat_might_sleep();
	if (fault) {
		plat_log("kmem_cache_create: %s", fault);
		return NULL;
	}
	plat_mutex_lock(&core->slab.mutex);
	cache = ctor ? NULL : find_mergeable(core, size, align, flags);
	if (cache) {
		cache->references++;
		if (size > cache->object_size)
			cache->object_size = size;
	} else {
		cache = make(core, &wanted);
	}
	plat_mutex_unlock(&core->slab.mutex);
	return cache;
}

/* --- Looking at them, ending them --- */

unsigned long tri_kmem_cache_shrink(struct kmem_cache *cache)
{
	struct tri_core *core = cache->core;
	unsigned long frames;

	plat_mutex_lock(&core->slab.mutex);
	cpus_stop(core);
	frames = empty(cache);
	cpus_resume(core);
	plat_mutex_unlock(&core->slab.mutex);
	return frames;
}

bool tri_slab_info(struct tri_core *core, unsigned int number, struct tri_slab_info *out)
{
	struct kmem_cache *cache;
	struct slab_stat now;

	plat_mutex_lock(&core->slab.mutex);
	cache = number <= TRI_MAX_CACHES ? core->slab.cache[number] : NULL;
	if (cache) {
		cpus_stop(core);
		stat(cache, &now);
		cpus_resume(core);
		*out = (struct tri_slab_info){
			.name = cache->name,
			.object_size = cache->object_size,
			.size = cache->size,
			.align = cache->align,
			.objects = cache->objects,
			.order = cache->order,
			.references = cache->references,
			.objects_active = now.objects_active,
			.objects_total = now.objects_total,
			.slabs_active = now.slabs_active,
			.slabs_total = now.slabs_total,
			.frames = now.frames,
		};
		if (cache->frames_order != SLAB_BOOT)
			out->frames += 1UL << cache->frames_order;
	}
	plat_mutex_unlock(&core->slab.mutex);
	return cache;
}

/* Without references, but with leaked objects, it stays: they can still be freed. */
unsigned long tri_kmem_cache_destroy(struct kmem_cache *cache)
{
	struct tri_core *core = cache->core;
	unsigned long leaked = 0;

	plat_mutex_lock(&core->slab.mutex);
	if (cache->references)
		cache->references--;
	if (!cache->references) {
		cpus_stop(core);
		empty(cache);
		leaked = teardown(cache);
		cpus_resume(core);
		if (leaked) {
			cache->name = "(destroyed)";
		} else {
			core->slab.cache[cache->number] = NULL;
			pages_free(core, frame_find(&core->frames, plat_ptr_to_pfn(cache)),
				   cache->frames_order);
		}
	}
	plat_mutex_unlock(&core->slab.mutex);
	return leaked;
}

/* --- When pages are short --- */

/* All that slabs hold is the guess: how much of it is free only stopping the CPUs would tell. */
static unsigned long shrinkable(struct tri_core *core, struct tri_shrinker *self)
{
	(void)self;
	return __atomic_load_n(&core->slab.frames, __ATOMIC_RELAXED);
}

/* One stop for all caches. Whoever holds the mutex may be asking for the very page. */
static unsigned long shrink_caches(struct tri_core *core, struct tri_shrinker *self,
				   unsigned long frames)
{
	unsigned long freed = 0;

	(void)self;
	if (!plat_mutex_trylock(&core->slab.mutex))
		return 0;
	cpus_stop(core);
	/* Backwards: see slab_exit(). */
	for (unsigned int number = TRI_MAX_CACHES; number > 0 && freed < frames; number--) {
		if (core->slab.cache[number])
			freed += empty(core->slab.cache[number]);
	}
	cpus_resume(core);
	plat_mutex_unlock(&core->slab.mutex);
	return freed;
}

/* --- The core's start and end --- */

void slab_init(struct tri_core *core)
{
	for (unsigned int i = 0; i < SLAB_POOLS; i++)
		pool_init(&core->slab.array_pool[i], 64U << i);
	for (unsigned int i = 0; i < core->cpus; i++) {
		for (unsigned int number = 0; number < SLAB_NUMBERS; number++)
			core->cpu[i].slab[number].array = &core->slab.none;
	}
	plat_mutex_init(&core->slab.mutex);
	slob_init(&core->slob);
	kmalloc_init(core);
	core->slab.shrinker =
		(struct tri_shrinker){.name = "slab", .count = shrinkable, .scan = shrink_caches};
	tri_shrinker_register(core, &core->slab.shrinker);
}

/* Leaves what is in use, for the core to count. */
void slab_exit(struct tri_core *core)
{
	tri_shrinker_unregister(core, &core->slab.shrinker);
	cpus_stop(core);
	/* Backwards: off-slab index lists (slab=slab) come back to kmalloc's, which are first. */
	for (unsigned int number = TRI_MAX_CACHES; number > 0; number--) {
		if (core->slab.cache[number])
			empty(core->slab.cache[number]);
	}
	cpus_resume(core);
	for (unsigned int i = 0; i < SLAB_POOLS; i++)
		pool_exit(core, &core->slab.array_pool[i]);
	plat_mutex_destroy(&core->slab.mutex);
}
