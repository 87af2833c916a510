/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slab_slab.c - slab=slab: per-CPU arrays of free objects, as Linux had them until 6.7
 * (mm/slab.c; Bonwick, "The Slab Allocator", 1994, and "Magazines and Vmem", 2001).
 *
 * A hit is slab_array.h's: a pop or a push on this CPU's array. What comes here missed: a
 * batch moves from or to the node's shared array, or its slabs. Left out is what only several
 * nodes need (alien arrays). Arrays are made at the first miss of a CPU, not with the cache:
 * without room for one, objects move one by one.
 */
#include "slab_slab.h"

/* Of an array nobody used lately only so many are refilled (BATCHREFILL_LIMIT). */
#define REFILL_IDLE 16U
/* The shared array holds so many batches; Linux's guess. */
#define SHARED_BATCHES 8
/* A bulk request holds the node's lock for no more objects. */
#define MOST_AT_ONCE 256U
_Static_assert(sizeof(struct slab_array) + SHARED_BATCHES * 60 * sizeof(void *) <= TRI_PAGE_SIZE,
	       "the largest shared array fits a page");

/* Entries of an array by size, as enable_cpucache() guessed them. */
static unsigned int array_limit(const struct kmem_cache *cache)
{
	unsigned int limit = 120;

	if (cache->size > 131072)
		limit = 1;
	else if (cache->size > TRI_PAGE_SIZE)
		limit = 8;
	else if (cache->size > 1024)
		limit = 24;
	else if (cache->size > 256)
		limit = 54;
	if (slab_debugged(cache) && limit > 32)
		limit = 32;
	return limit;
}

size_t slab_slab_private_bytes(const struct tri_core *core)
{
	return sizeof(struct slab_node) + core->cpus * sizeof(struct slab_use);
}

int slab_slab_setup(struct kmem_cache *cache)
{
	struct slab_node *node = slab_node(cache);
	int error;

	plat_spin_init(&node->lock);
	error = slab_lay_out(cache);
	if (error)
		return error;
	node->limit = array_limit(cache);
	node->batch = (node->limit + 1) / 2;
	if (cache->size <= TRI_PAGE_SIZE && cache->core->cpus > 1)
		node->shared_limit = SHARED_BATCHES * node->batch;
	node->free_limit = (1 + cache->core->cpus) * node->batch + cache->objects;
	node->reaped = plat_ticks();
	return 0;
}

/* --- Arrays --- */

/* Inside. */
static struct slab_array *array_of(struct tri_cpu *cpu, const struct kmem_cache *cache)
{
	struct slab_array *array = *slab_array_slot(&cpu->slab[cache->number], cache);

	return array ? array : &cache->core->slab.none;
}

static struct slab_use *use_of(struct tri_cpu *cpu, const struct kmem_cache *cache)
{
	return &slab_node(cache)->use[cpu - cache->core->cpu];
}

/* Enter, with an array wherever there is memory for one. */
static struct tri_cpu *enter(struct kmem_cache *cache)
{
	struct tri_core *core = cache->core;
	struct tri_cpu *cpu = tri_enter(core);
	struct slab_array *array;

	if (__builtin_expect(array_of(cpu, cache)->limit != 0, 1))
		return cpu;
	tri_leave(cpu);
	array = slab_array_new(core, slab_node(cache)->limit);
	cpu = tri_enter(core);
	if (array && !array_of(cpu, cache)->limit) {
		*slab_array_slot(&cpu->slab[cache->number], cache) = array;
	} else if (array) {
		tri_leave(cpu);
		slab_array_delete(core, array);
		cpu = tri_enter(core);
	}
	return cpu;
}

/* As a page, for it is too large for the pools. Unlocked, outside. */
static void make_shared(struct kmem_cache *cache)
{
	struct slab_node *node = slab_node(cache);
	struct frame *page;
	struct slab_array *shared;
	unsigned long saved;

	if (!node->shared_limit || __atomic_load_n(&node->shared, __ATOMIC_RELAXED))
		return;
	page = pages_alloc(cache->core, TRI_GFP_NOWAIT | TRI_GFP_NOWARN, 0, FRAME_POOL);
	if (!page)
		return;
	shared = plat_pfn_to_ptr(page->pfn);
	*shared = (struct slab_array){.limit = node->shared_limit};
	saved = tri_lock(&node->lock);
	if (!node->shared) {
		__atomic_store_n(&node->shared, shared, __ATOMIC_RELAXED);
		page = NULL;
	}
	tri_unlock(&node->lock, saved);
	if (page)
		pages_free(cache->core, page, 0);
}

static unsigned int least(unsigned int a, unsigned int b)
{
	return a < b ? a : b;
}

/* The @n oldest leave @array, which its caller has copied. */
static void forget_oldest(struct slab_array *array, unsigned int n)
{
	array->count -= n;
	for (unsigned int i = 0; i < array->count; i++)
		array->object[i] = array->object[i + n];
}

void slab_drain(struct kmem_cache *cache, struct slab_array *array, unsigned int n,
		struct frame_list *dead)
{
	slab_free_block(cache, array->object, n, dead);
	forget_oldest(array, n);
}

/* --- Allocation --- */

/* Up to @n objects: from the shared array if it has any, else from slabs. Inside. */
static unsigned int take(struct kmem_cache *cache, void **objects, unsigned int n)
{
	struct slab_node *node = slab_node(cache);
	struct slab_array *shared;
	struct frame *slab;
	unsigned int got = 0;

	plat_spin_lock(&node->lock);
	shared = node->shared;
	if (shared && shared->count) {
		got = least(n, shared->count);
		shared->count -= got;
		memcpy(objects, shared->object + shared->count, got * sizeof(void *));
		node->shared_touched = true;
	} else {
		while (got < n && (slab = slab_next(cache))) {
			got += slab_take(cache, slab, objects + got, n - got);
			slab_add(cache, slab);
		}
		node->free_objects -= got;
	}
	plat_spin_unlock(&node->lock);
	return got;
}

/* cache_alloc_refill() until it would grow: a batch into the empty @array. Inside. */
static void refill(struct kmem_cache *cache, struct tri_cpu *cpu, struct slab_array *array)
{
	struct slab_use *use = use_of(cpu, cache);
	unsigned int n = slab_node(cache)->batch;

	if (!use->touched && !use->seen)
		n = least(n, REFILL_IDLE);
	array->count = take(cache, array->object, n);
	use->touched |= array->count != 0;
	tri_count(cache->core, TRI_EVENT_slab_refill, 1);
	trace_slab_refill(cache->size, array->count);
}

/*
 * @n objects are wanted and the array is empty: many at once, or without an array, go straight
 * to @objects, else the array is refilled. How many are in @objects. Inside.
 */
static unsigned int take_batch(struct kmem_cache *cache, struct tri_cpu *cpu,
			       struct slab_array *array, void **objects, unsigned long n)
{
	unsigned int batch = slab_node(cache)->batch;

	if (array->limit && n < batch) {
		refill(cache, cpu, array);
		return 0;
	}
	return take(cache, objects, n < MOST_AT_ONCE ? n : MOST_AT_ONCE);
}

/* A new slab for the cache: up to @n of its objects, the rest for all. Outside. */
static unsigned int grow(struct kmem_cache *cache, tri_gfp_t gfp, void **objects, unsigned int n)
{
	struct slab_node *node = slab_node(cache);
	struct frame *slab;
	unsigned long saved;
	unsigned int got;

	if (gfp & TRI_GFP_DIRECT_RECLAIM)
		slab_reap_due(cache->core);
	make_shared(cache);
	slab = slab_grow(cache, gfp);
	if (!slab)
		return 0;
	got = slab_take(cache, slab, objects, n);
	saved = tri_lock(&node->lock);
	node->free_objects += cache->objects - got;
	slab_add(cache, slab);
	tri_count(cache->core, TRI_EVENT_slab_new, 1);
	trace_slab_new(cache->size, cache->order, cache->objects);
	tri_unlock(&node->lock, saved);
	return got;
}

unsigned long slab_slab_alloc_bulk(struct kmem_cache *cache, tri_gfp_t gfp, unsigned long n,
				   void **objects, uintptr_t caller)
{
	struct tri_cpu *cpu = enter(cache);
	struct slab_array *array = array_of(cpu, cache);
	unsigned long got = 0;

	for (;;) {
		unsigned int some = n - got < array->count ? n - got : array->count;

		if (some) {
			array->count -= some;
			memcpy(objects + got, array->object + array->count, some * sizeof(void *));
		}
		got += some;
		if (got == n)
			break;
		/* A batch or more needs no way through the array. */
		some = take_batch(cache, cpu, array, objects + got, n - got);
		got += some;
		if (some || array->count)
			continue;
		tri_leave(cpu);
		some = n - got < cache->objects ? n - got : cache->objects;
		some = grow(cache, gfp, objects + got, some);
		got += some;
		cpu = enter(cache);
		array = array_of(cpu, cache);
		if (!some && !array->count)
			break;
		/* What the new slab has left, for the next calls. */
		if (got == n && array->limit && !array->count)
			refill(cache, cpu, array);
	}
	tri_leave(cpu);
	for (unsigned long i = 0; slab_debugged(cache) && i < got; i++)
		slab_debug_alloc(cache, objects[i], caller);
	if (got == n)
		return n;
	slab_slab_free_bulk(cache, got, objects, caller);
	return 0;
}

void *slab_slab_alloc(struct kmem_cache *cache, tri_gfp_t gfp, uintptr_t caller)
{
	void *object;

	return slab_slab_alloc_bulk(cache, gfp, 1, &object, caller) ? object : NULL;
}

/* --- Freeing --- */

/* cache_flusharray(): the oldest batch to the shared array, else to its slabs. Inside. */
static void flush(struct kmem_cache *cache, struct tri_cpu *cpu, struct slab_array *array,
		  struct frame_list *dead)
{
	struct slab_node *node = slab_node(cache);
	unsigned int n = node->batch;
	struct slab_array *shared;

	plat_spin_lock(&node->lock);
	shared = node->shared;
	if (shared && shared->count < shared->limit) {
		n = least(n, shared->limit - shared->count);
		memcpy(shared->object + shared->count, array->object, n * sizeof(void *));
		shared->count += n;
		forget_oldest(array, n);
	} else {
		slab_drain(cache, array, n, dead);
	}
	plat_spin_unlock(&node->lock);
	use_of(cpu, cache)->touched = true;
	tri_count(cache->core, TRI_EVENT_slab_flush, 1);
	trace_slab_flush(cache->size, n);
}

static void free_check(struct kmem_cache *cache, void *object, uintptr_t caller)
{
	struct frame *frame = frame_find(&cache->core->frames, plat_ptr_to_pfn(object));

	if (frame->cache == cache->number && !slab_valid(cache, frame, object))
		slab_debug_stray(cache, object);
	slab_debug_free(cache, frame, object, caller);
}

void slab_slab_free_bulk(struct kmem_cache *cache, unsigned long n, void **objects,
			 uintptr_t caller)
{
	struct frame_list dead = {.count = 0};
	struct slab_array *array;
	struct tri_cpu *cpu;

	for (unsigned long i = 0; slab_debugged(cache) && i < n; i++)
		free_check(cache, objects[i], caller);
	cpu = enter(cache);
	array = array_of(cpu, cache);
	while (n) {
		unsigned int room = array->limit - array->count, some = n < room ? n : room;

		if (some) {
			memcpy(array->object + array->count, objects, some * sizeof(void *));
			array->count += some;
			objects += some;
			n -= some;
		} else if (array->limit) {
			flush(cache, cpu, array, &dead);
		} else {
			plat_spin_lock(&slab_node(cache)->lock);
			slab_free_block(cache, objects, n, &dead);
			plat_spin_unlock(&slab_node(cache)->lock);
			n = 0;
		}
	}
	tri_leave(cpu);
	slab_destroy(cache, &dead);
}

void slab_slab_free(struct kmem_cache *cache, struct frame *frame, void *object, uintptr_t caller)
{
	TRI_ASSERT(slab_debugged(cache) || slab_valid(cache, frame, object));
	(void)frame;
	slab_slab_free_bulk(cache, 1, &object, caller);
}

/* --- The whole cache --- */

static void each_array(struct kmem_cache *cache,
		       void (*act)(struct kmem_cache *cache, struct slab_array *array, void *data),
		       void *data)
{
	struct tri_core *core = cache->core;

	for (unsigned int i = 0; i < core->cpus; i++) {
		struct slab_array *array = array_of(&core->cpu[i], cache);

		if (array->limit)
			act(cache, array, data);
	}
	if (slab_node(cache)->shared)
		act(cache, slab_node(cache)->shared, data);
}

/* Holds no objects now. The other CPUs are stopped, but one may be about to make it. */
static unsigned long drop_shared(struct kmem_cache *cache)
{
	struct slab_node *node = slab_node(cache);
	unsigned long saved = tri_lock(&node->lock);
	const struct slab_array *shared = node->shared;

	__atomic_store_n(&node->shared, NULL, __ATOMIC_RELAXED);
	tri_unlock(&node->lock, saved);
	if (!shared)
		return 0;
	pages_free(cache->core, frame_find(&cache->core->frames, plat_ptr_to_pfn(shared)), 0);
	return 1;
}

static void drain_all(struct kmem_cache *cache, struct slab_array *array, void *dead)
{
	slab_drain(cache, array, array->count, dead);
}

unsigned long slab_slab_empty(struct kmem_cache *cache)
{
	struct slab_node *node = slab_node(cache);
	struct frame_list dead = {.count = 0};
	unsigned long saved = tri_lock(&node->lock);

	each_array(cache, drain_all, &dead);
	slab_shed(cache, node->free.count, &dead);
	tri_unlock(&node->lock, saved);
	return (slab_destroy(cache, &dead) << cache->order) + drop_shared(cache);
}

/* Log the objects of @slab that are in use. */
static unsigned long report_slab(struct kmem_cache *cache, struct frame *slab)
{
	const struct slab_words *words = slab_words(slab);
	bool is_free[SLAB_MAX_OBJECTS] = {false};
	unsigned long leaks = 0;

	for (unsigned int i = words->active; i < cache->objects; i++)
		is_free[words->freelist[i]] = true;
	for (unsigned int i = 0; i < cache->objects; i++) {
		if (is_free[i])
			continue;
		slab_report_leak(cache, slab_objects(slab) + (unsigned long)i * cache->size);
		leaks++;
	}
	return leaks;
}

static unsigned long report_list(struct kmem_cache *cache, const struct frame_list *list)
{
	struct frame *frame = cache->core->frames.frame;
	unsigned long leaks = 0;
	uint32_t index = list->head;

	for (unsigned long n = 0; n < list->count; n++) {
		leaks += report_slab(cache, &frame[index]);
		index = frame[index].next;
	}
	return leaks;
}

unsigned long slab_slab_teardown(struct kmem_cache *cache)
{
	struct tri_core *core = cache->core;
	struct slab_node *node = slab_node(cache);

	for (unsigned int i = 0; i < core->cpus; i++) {
		struct slab_array **slot =
			slab_array_slot(&core->cpu[i].slab[cache->number], cache);

		if (*slot && (*slot)->limit)
			slab_array_delete(core, *slot);
		*slot = slab_debugged(cache) ? NULL : &core->slab.none;
	}
	return report_list(cache, &node->full) + report_list(cache, &node->partial);
}

static void add_count(struct kmem_cache *cache, struct slab_array *array, void *sum)
{
	(void)cache;
	*(unsigned long *)sum += array->count;
}

void slab_slab_stat(struct kmem_cache *cache, struct slab_stat *out)
{
	struct slab_node *node = slab_node(cache);
	unsigned long saved = tri_lock(&node->lock), at_hand = 0;

	each_array(cache, add_count, &at_hand);
	out->slabs_active = node->full.count + node->partial.count;
	out->slabs_total = out->slabs_active + node->free.count;
	out->objects_total = out->slabs_total * cache->objects;
	out->objects_active = out->objects_total - node->free_objects - at_hand;
	out->frames = out->slabs_total << cache->order;
	tri_unlock(&node->lock, saved);
}
