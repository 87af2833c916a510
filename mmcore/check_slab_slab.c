/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * check_slab_slab.c - tri_check() of slab=slab: slabs against their lists and index arrays,
 * and the objects in per-CPU and shared arrays against the slabs they come from.
 */
#include "check.h"
#include "slab_slab.h"

struct found {
	struct check *check;
	struct kmem_cache *cache;
	unsigned long free_objects; /* in slabs */
	unsigned long at_hand;	    /* in arrays */
	unsigned long not_in_use;   /* by their debugging records */
};

#define FOUND_FAULT(found, fmt, ...) \
	CHECK_FAULT((found)->check, "cache %s: " fmt, (found)->cache->name, __VA_ARGS__)

static void *object_at(struct found *found, struct frame *slab, unsigned int index)
{
	return slab_objects(slab) + (unsigned long)index * found->cache->size;
}

static bool is_free(struct found *found, struct frame *slab, const void *object)
{
	const struct slab_words *words = slab_words(slab);

	for (unsigned int i = words->active; i < found->cache->objects; i++) {
		if (object_at(found, slab, words->freelist[i]) == object)
			return true;
	}
	return false;
}

static void check_indices(struct found *found, struct frame *slab)
{
	const struct slab_words *words = slab_words(slab);
	bool seen[SLAB_MAX_OBJECTS] = {false};

	for (unsigned int i = words->active; i < found->cache->objects; i++) {
		unsigned int index = words->freelist[i];

		if (index >= found->cache->objects || seen[index]) {
			FOUND_FAULT(found, "slab at pfn %lx: free index %u is %u",
				    (unsigned long)slab->pfn, i, index);
			return;
		}
		seen[index] = true;
	}
}

static void check_objects(struct found *found, struct frame *slab)
{
	if (!slab_debugged(found->cache))
		return;
	for (unsigned int i = 0; i < found->cache->objects; i++) {
		void *object = object_at(found, slab, i);

		if (slab_debug_verify(found->cache, object))
			FOUND_FAULT(found, "object %p is damaged", object);
		if (!slab_debug_in_use(found->cache, object))
			found->not_in_use++;
	}
}

static void check_one(struct found *found, struct frame *slab, unsigned int min, unsigned int max)
{
	const struct kmem_cache *cache = found->cache;
	const struct slab_words *words = slab_words(slab);

	for (unsigned long i = 0; i < 1UL << cache->order; i++) {
		if (slab[i].cache != cache->number)
			FOUND_FAULT(found, "pfn %lx of its slab has number %u",
				    (unsigned long)slab[i].pfn, slab[i].cache);
	}
	if (words->active < min || words->active > max ||
	    words->first + (unsigned long)cache->objects * cache->size >
		    (TRI_PAGE_SIZE << cache->order) + slab_debug_left(cache)) {
		FOUND_FAULT(found, "slab at pfn %lx: %u objects in use, first at %u",
			    (unsigned long)slab->pfn, words->active, words->first);
		return;
	}
	found->free_objects += cache->objects - words->active;
	check_indices(found, slab);
	check_objects(found, slab);
}

static void check_slabs(struct found *found, const struct frame_list *list, unsigned int min,
			unsigned int max)
{
	struct frame *frame = found->check->core->frames.frame;
	unsigned long faults = found->check->faults;
	uint32_t index = list->head;

	check_blocks(found->check, list, FRAME_SLAB, found->cache->order, found->cache->name);
	/* Where the links lead nowhere, nothing is to be learnt from what they lead to. */
	if (found->check->faults != faults)
		return;
	for (unsigned long n = 0; n < list->count; n++) {
		check_one(found, &frame[index], min, max);
		index = frame[index].next;
	}
}

/* Each object of @array is one of the cache's, not free in its slab, and in no array twice. */
static void check_array(struct found *found, const struct slab_array *array,
			const struct slab_array *other)
{
	const struct frame_table *frames = &found->check->core->frames;

	for (uint32_t i = 0; i < array->count; i++) {
		void *object = array->object[i];
		struct frame *frame = frame_find(frames, plat_ptr_to_pfn(object));

		if (other != array) {
			for (uint32_t j = 0; j < other->count; j++) {
				if (other->object[j] == object)
					FOUND_FAULT(found, "object %p is in two arrays", object);
			}
			continue;
		}
		for (uint32_t j = 0; j < i; j++) {
			if (array->object[j] == object)
				FOUND_FAULT(found, "object %p is in an array twice", object);
		}
		if (frame->cache != found->cache->number ||
		    !slab_valid(found->cache, frame, object))
			FOUND_FAULT(found, "%p, in an array, is none of its objects", object);
		else if (is_free(found, slab_of(found->cache, frame), object))
			FOUND_FAULT(found, "object %p is in an array and free in its slab", object);
	}
}

/* Of a CPU, or the shared one after the last; NULL: there is none. */
static const struct slab_array *array_numbered(struct found *found, unsigned int i)
{
	struct tri_core *core = found->check->core;
	struct kmem_cache *cache = found->cache;

	if (i == core->cpus)
		return slab_node(cache)->shared;
	return *slab_array_slot(&core->cpu[i].slab[cache->number], cache);
}

static void check_arrays(struct found *found)
{
	unsigned int cpus = found->check->core->cpus;

	for (unsigned int i = 0; i <= cpus; i++) {
		const struct slab_array *array = array_numbered(found, i);

		if (!array)
			continue;
		if (array->count > array->limit) {
			FOUND_FAULT(found, "array %u holds %u objects, of %u", i, array->count,
				    array->limit);
			continue;
		}
		found->at_hand += array->count;
		for (unsigned int j = i; j <= cpus; j++) {
			const struct slab_array *other = array_numbered(found, j);

			if (other && other->limit)
				check_array(found, array, other);
		}
	}
}

static void check_cache(struct check *check, struct kmem_cache *cache)
{
	struct found found = {.check = check, .cache = cache};
	struct slab_node *node = slab_node(cache);
	struct frame_table *frames = &check->core->frames;

	check_slabs(&found, &node->full, cache->objects, cache->objects);
	check_slabs(&found, &node->partial, 1, cache->objects - 1);
	check_slabs(&found, &node->free, 0, 0);
	check_arrays(&found);
	if (node->shared)
		check_claim(check, frame_find(frames, plat_ptr_to_pfn(node->shared)), FRAME_POOL, 0,
			    "shared array");
	if (found.free_objects != node->free_objects)
		FOUND_FAULT(&found, "%lu objects are free in slabs, counted are %lu",
			    found.free_objects, node->free_objects);
	if (slab_debugged(cache) && found.not_in_use != found.free_objects + found.at_hand)
		FOUND_FAULT(&found, "%lu objects say they are free, %lu are", found.not_in_use,
			    found.free_objects + found.at_hand);
}

void check_slab_slab(struct check *check)
{
	for (unsigned int number = 1; number <= TRI_MAX_CACHES; number++) {
		if (check->core->slab.cache[number])
			check_cache(check, check->core->slab.cache[number]);
	}
}
