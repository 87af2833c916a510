/* SPDX-License-Identifier: GPL-2.0-only */
/* check_slab.c - caches and arrays of every policy; what is in slabs is the policy's part. */
#include "check.h"
#include "kmalloc.h"

static void count_array(struct check *check, const struct slab_array *array)
{
	size_t bytes = sizeof(*array) + array->limit * sizeof(void *);
	unsigned int i = 0;

	while (bytes > check->core->slab.array_pool[i].object_size)
		i++;
	check->arrays[i] += array->limit != 0;
}

/* Last: all arrays were seen. What a pool's frames were cut into is free, or somebody's array. */
static void check_pools(struct check *check)
{
	for (unsigned int i = 0; i < SLAB_POOLS; i++) {
		const struct pool *pool = &check->core->slab.array_pool[i];
		unsigned long all = pool->frames.count * (TRI_PAGE_SIZE / pool->object_size);
		unsigned long free = 0;

		check_blocks(check, &pool->frames, FRAME_POOL, 0, "array pool");
		for (const struct pool_object *at = pool->free; at && free <= all; at = at->next)
			free++;
		if (free != pool->objects_free || free + check->arrays[i] != all)
			CHECK_FAULT(check,
				    "array pool %u: of %lu, %lu are free, %lu counted, %lu in use",
				    i, all, free, pool->objects_free, check->arrays[i]);
	}
}

/* Frames of slabs are counted; those that caches share are not. */
static void check_slab_frames(struct check *check)
{
	struct tri_core *core = check->core;
	unsigned long found = 0;

	for (unsigned long i = SECTION_FRAMES; i < core->frames.sections * SECTION_FRAMES; i++) {
		const struct frame *frame = &core->frames.frame[i];

		if ((frame_kind(frame) & 0xff) == FRAME_SLAB && frame->cache != SLAB_SHARED)
			found += 1UL << (frame_kind(frame) >> 8);
	}
	if (found != core->slab.frames)
		CHECK_FAULT(check, "%lu frames of slabs counted, %lu found", core->slab.frames,
			    found);
}

/* What kfree reads is what the frames say. */
static void check_numbers(struct check *check)
{
	const struct frame_table *table = &check->core->frames;
	const uint8_t *number = check->core->slab.number;

	for (unsigned long i = SECTION_FRAMES; i < table->sections * SECTION_FRAMES; i++) {
		const struct frame *frame = &table->frame[i];

		if (frame_kind(frame) == FRAME_KIND(FRAME_ABSENT, 0))
			continue;
		if (number[frame->pfn - table->lowest * SECTION_FRAMES] != frame->cache)
			CHECK_FAULT(check, "pfn %lx is of cache %u, kfree takes it for %u's",
				    (unsigned long)frame->pfn, frame->cache,
				    number[frame->pfn - table->lowest * SECTION_FRAMES]);
	}
}

/* Objects at hand are of the cache, and no more than there is room for. */
void check_slab_array(struct check *check, const struct kmem_cache *cache,
		      const struct slab_array *array)
{
	struct tri_core *core = check->core;

	if (array->count > array->limit || array->limit > SLAB_ARRAY_MAX) {
		CHECK_FAULT(check, "cache %s: an array of %u objects has room for %u", cache->name,
			    array->count, array->limit);
		return;
	}
	count_array(check, array);
	for (uint32_t i = 0; i < array->count; i++) {
		const void *object = array->object[i];

		if (frame_find(&core->frames, plat_ptr_to_pfn(object))->cache != cache->number)
			CHECK_FAULT(check, "cache %s: %p at hand is not its own", cache->name,
				    object);
	}
}

static void check_cache(struct check *check, struct kmem_cache *cache, unsigned int number)
{
	struct tri_core *core = check->core;

	if (cache->number != number || cache->core != core)
		CHECK_FAULT(check, "cache %u takes itself for number %u", number, cache->number);
	if (cache->frames_order != SLAB_BOOT)
		check_claim(check, frame_find(&core->frames, plat_ptr_to_pfn(cache)), FRAME_POOL,
			    cache->frames_order, "cache");
	/* With slab=slob objects don't follow each other. */
	if (cache->size < cache->object_size ||
	    (cache->size % cache->align && core->policy[TRI_QUESTION_slab] != TRI_POLICY_slab_slob))
		CHECK_FAULT(check, "cache %s: objects of %u bytes every %u at multiples of %u",
			    cache->name, cache->object_size, cache->size, cache->align);
	for (unsigned int i = 0; i < core->cpus; i++) {
		const struct slab_cpu *cpu = &core->cpu[i].slab[number];

		check_slab_array(check, cache, cpu->array);
		if (cpu->spare)
			check_slab_array(check, cache, cpu->spare);
	}
}

static void check_policy(struct check *check)
{
	switch (check->core->policy[TRI_QUESTION_slab]) {
#define POLICY_slab(answer, text, about)    \
	case TRI_POLICY_slab_##answer:      \
		check_slab_##answer(check); \
		return;
#include "policies.def"
	default:
		CHECK_FAULT(check, "unknown slab policy");
	}
}

void check_slab(struct check *check)
{
	struct tri_core *core = check->core;

	if (core->slab.none.count || core->slab.none.limit)
		CHECK_FAULT(check, "the array of nobody has %u objects, room for %u",
			    core->slab.none.count, core->slab.none.limit);
	check_numbers(check);
	for (unsigned int number = 0; number < SLAB_NUMBERS; number++) {
		struct kmem_cache *cache = core->slab.cache[number];

		if (cache) {
			check_cache(check, cache, number);
			continue;
		}
		for (unsigned int i = 0; i < core->cpus; i++) {
			if (core->cpu[i].slab[number].array != &core->slab.none)
				CHECK_FAULT(check, "CPU %u has an array for no cache, %u", i,
					    number);
		}
	}
	check_policy(check);
	check_pools(check);
	check_slab_frames(check);
}
