/* SPDX-License-Identifier: GPL-2.0-only */
/* check_slab.c - caches and arrays of every policy; what is in slabs is the policy's part. */
#include "check.h"
#include "kmalloc.h"

/* Only pools of arrays: the frames they were cut from. */
static void check_pools(struct check *check)
{
	struct frame_table *table = &check->core->frames;

	for (unsigned int i = 0; i < SLAB_POOLS; i++) {
		const struct frame_list *list = &check->core->slab.array_pool[i].frames;
		uint32_t index = list->head;

		for (unsigned long n = 0; n < list->count; n++) {
			if (index >= table->sections * SECTION_FRAMES) {
				CHECK_FAULT(check, "array pool %u: link %lu leads to no frame", i,
					    n);
				break;
			}
			check_claim(check, &table->frame[index], FRAME_POOL, 0, "array pool");
			index = table->frame[index].next;
		}
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

void check_slab(struct check *check)
{
	struct tri_core *core = check->core;

	if (core->slab.none.count || core->slab.none.limit)
		CHECK_FAULT(check, "the array of nobody has %u objects, room for %u",
			    core->slab.none.count, core->slab.none.limit);
	check_pools(check);
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
	switch (core->policy[TRI_QUESTION_slab]) {
#define POLICY_slab(answer, text, about)    \
	case TRI_POLICY_slab_##answer:      \
		check_slab_##answer(check); \
		return;
#include "policies.def"
	default:
		CHECK_FAULT(check, "unknown slab policy");
	}
}
