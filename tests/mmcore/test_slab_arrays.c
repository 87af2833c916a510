/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_slab_arrays.c - slab=slab by Linux's rules: sizes of arrays, what a refill and a flush
 * move, where index lists lie, colours, what is kept and what is given back when.
 */
#include <stdio.h>
#include <string.h>

#include "model_platform.h"
#include "slab_array.h"
#include "slab_slab.h"

#define WINDOW (4UL << 20)
#define FRAMES 16384UL

static struct tri_core *start_ticks(unsigned int cpus, const char *reap_ticks)
{
	struct tri_config config;

	model_config(&config, cpus, FRAMES, WINDOW);
	assert_int_equal(tri_config_set(&config, "slab", "slab"), 0);
	assert_int_equal(tri_config_set(&config, "slab_reap_ticks", reap_ticks), 0);
	return model_start(&config);
}

static struct tri_core *start(unsigned int cpus)
{
	return start_ticks(cpus, "0");
}

static struct kmem_cache *create(unsigned int size, void (*ctor)(void *object))
{
	struct kmem_cache *cache =
		tri_kmem_cache_create("tested", size, 0, TRI_SLAB_NO_MERGE, ctor);

	assert_non_null(cache);
	return cache;
}

static struct slab_array *array(struct kmem_cache *cache, unsigned int cpu)
{
	return cache->core->cpu[cpu].slab[cache->number].array;
}

static void free_all(struct kmem_cache *cache, void **objects, unsigned long n)
{
	while (n)
		tri_kmem_cache_free(cache, objects[--n]);
}

static void construct(void *object)
{
	memset(object, 1, 1);
}

static void limits_by_size(void **state)
{
	static const struct {
		unsigned int size, limit, shared;
	} expected[] = {
		{16, 120, 480}, {256, 120, 480}, {264, 54, 216}, {1024, 54, 216}, {1032, 24, 96},
		{4096, 24, 96}, {4104, 8, 0},	 {131072, 8, 0}, {131080, 1, 0},
	};
	struct tri_core *core = start(2);

	(void)state;
	for (unsigned int i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		struct kmem_cache *cache = create(expected[i].size, NULL);
		struct slab_node *node = slab_node(cache);

		assert_int_equal(node->limit, expected[i].limit);
		assert_int_equal(node->batch, (expected[i].limit + 1) / 2);
		assert_int_equal(node->shared_limit, expected[i].shared);
		assert_int_equal(node->free_limit, 3 * node->batch + cache->objects);
		tri_kmem_cache_free(cache, tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL));
		assert_int_equal(array(cache, 0)->limit, expected[i].limit);
		assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	}
	model_stop(core);
}

/* A lone CPU needs no array to pass objects through. */
static void one_cpu_has_no_shared_array(void **state)
{
	struct tri_core *core = start(1);

	(void)state;
	assert_int_equal(slab_node(create(64, NULL))->shared_limit, 0);
	assert_int_equal(core->slab.cache[core->slab.kmalloc[8]]->object_size, 64);
	model_abandon(core);
}

static void management_by_size(void **state)
{
	struct tri_core *core = start(2);
	struct kmem_cache *cache;

	(void)state;
	/* 64 indices fit an object of 64 bytes, 128 don't fit one of 32. */
	cache = create(64, NULL);
	assert_int_equal(slab_node(cache)->management, SLAB_IN_OBJECT);
	assert_int_equal(cache->objects, 64);
	cache = create(32, NULL);
	assert_int_equal(slab_node(cache)->management, SLAB_ON_SLAB);
	assert_int_equal(cache->objects, TRI_PAGE_SIZE / 33);
	/* Objects have 16 bytes at least, and no slab more than 255 of them. */
	cache = create(8, NULL);
	assert_int_equal(cache->size, 16);
	assert_int_equal(cache->objects, TRI_PAGE_SIZE / 17);
	/* A constructed object must not hold the list: a kmalloc object does, if small enough. */
	cache = create(512, construct);
	assert_int_equal(slab_node(cache)->management, SLAB_OFF_SLAB);
	assert_int_equal(cache->objects, 8);
	/* But where so much is left over, it lies there. */
	cache = create(600, construct);
	assert_int_equal(slab_node(cache)->management, SLAB_ON_SLAB);
	assert_int_equal(cache->objects, 6);
	model_abandon(core);
}

/* kmalloc's objects come back before kmalloc's caches are emptied. */
static void off_slab_lists_come_back(void **state)
{
	struct tri_core *core = start(2);
	struct kmem_cache *cache = create(512, construct);
	void *object[40];

	(void)state;
	assert_int_equal(tri_kmem_cache_alloc_bulk(cache, TRI_GFP_KERNEL, 40, object), 40);
	assert_sound(core);
	tri_kmem_cache_free_bulk(cache, 40, object);
	assert_sound(core);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	model_stop(core);
}

/* The first refill is small, later ones are a batch; a flush moves the oldest batch. */
static void batches(void **state)
{
	struct tri_core *core = start(2);
	struct kmem_cache *cache = create(128, NULL);
	static void *object[320];
	unsigned long n = 0;

	(void)state;
	/* Of the 32 objects of a slab. */
	object[n++] = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
	assert_int_equal(array(cache, 0)->count, 16);
	while (n < 320)
		object[n++] = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
	free_all(cache, object, 320);
	/* 120 fit; four batches of 60 made room for the others. */
	assert_int_equal(array(cache, 0)->count, 80);
	assert_int_equal(slab_node(cache)->shared->count, 240);
	assert_int_equal(model_event(core, TRI_EVENT_slab_new), 10);
	assert_int_equal(model_event(core, TRI_EVENT_slab_flush), 4);
	/* Warm ones first: the last that was freed. */
	assert_ptr_equal(tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL), object[0]);
	assert_sound(core);
	/* Another CPU gets what the first one freed, 16 at first, then a batch. */
	plat_slot = 1;
	tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
	assert_int_equal(array(cache, 1)->count, 15);
	assert_int_equal(slab_node(cache)->shared->count, 224);
	for (int i = 0; i < 16; i++)
		tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
	assert_int_equal(array(cache, 1)->count, 59);
	plat_slot = 0;
	assert_sound(core);
	model_abandon(core);
}

/* Above free_limit a slab that is free goes back at once. */
static void free_limit(void **state)
{
	struct tri_core *core = start(1);
	struct kmem_cache *cache = create(512, NULL);
	struct slab_node *node = slab_node(cache);
	static void *object[2000];

	(void)state;
	assert_int_equal(tri_kmem_cache_alloc_bulk(cache, TRI_GFP_KERNEL, 2000, object), 2000);
	free_all(cache, object, 2000);
	assert_int_equal(node->free_limit, 2 * 27 + 8);
	assert_true(node->free_objects <= node->free_limit);
	assert_true(node->free_objects + cache->objects > node->free_limit);
	assert_sound(core);
	assert_true(tri_kmem_cache_shrink(cache) > 0);
	assert_int_equal(node->free.count + node->partial.count + node->full.count, 0);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	model_stop(core);
}

/* Slabs begin their objects at different cache lines, in turn. */
static void colours(void **state)
{
	struct tri_core *core = start(1);
	struct kmem_cache *cache = create(600, NULL);
	unsigned long left = TRI_PAGE_SIZE - 6 * 600;
	unsigned long offset[9];
	void *object[9 * 6];

	(void)state;
	assert_int_equal(cache->order, 0);
	assert_int_equal(cache->objects, 6);
	assert_int_equal(slab_node(cache)->colours, left / 64);
	for (int slab = 0; slab < 9; slab++) {
		for (int i = 0; i < 6; i++)
			object[slab * 6 + i] = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
		offset[slab] = (uintptr_t)object[slab * 6] % TRI_PAGE_SIZE;
		assert_int_equal(offset[slab], slab % (left / 64) * 64);
	}
	free_all(cache, object, 9 * 6);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	model_stop(core);
}

static unsigned long cached(struct kmem_cache *cache)
{
	struct slab_node *node = slab_node(cache);

	return array(cache, 0)->count + (node->shared ? node->shared->count : 0);
}

/* What was used since the last time stays, then a fifth of each goes, until nothing is left. */
static void reaping(void **state)
{
	struct tri_core *core = start(2);
	struct kmem_cache *cache = create(128, NULL);
	struct slab_node *node = slab_node(cache);
	static void *object[320];
	unsigned long rounds = 0;

	(void)state;
	assert_int_equal(tri_kmem_cache_alloc_bulk(cache, TRI_GFP_KERNEL, 320, object), 320);
	free_all(cache, object, 320);
	node->shared_touched = true;
	tri_slab_reap();
	assert_int_equal(array(cache, 0)->count, 80);
	assert_int_equal(node->shared->count, 240);
	tri_slab_reap();
	assert_int_equal(array(cache, 0)->count, 80 - 24);
	assert_int_equal(node->shared->count, 240 - 96);
	assert_sound(core);
	/* The array counts as used where its count is another one. */
	tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
	tri_slab_reap();
	assert_int_equal(array(cache, 0)->count, 80 - 24 - 1);
	for (; cached(cache) || node->free.count; rounds++) {
		tri_slab_reap();
		assert_sound(core);
		assert_true(rounds < 100);
	}
	assert_int_equal(node->partial.count + node->full.count, 1);
	model_abandon(core);
}

/* Where a slab is made, if it is time; with 0 ticks never, with 1 always. */
static void reaping_when_due(void **state)
{
	(void)state;
	for (int due = 0; due < 2; due++) {
		struct tri_core *core = start_ticks(1, due ? "1" : "0");
		struct kmem_cache *cache = create(512, NULL), *other = create(2048, NULL);
		static void *object[100];

		assert_int_equal(tri_kmem_cache_alloc_bulk(cache, TRI_GFP_KERNEL, 48, object), 48);
		free_all(cache, object, 48);
		for (int i = 0; i < 100; i++)
			object[i] = tri_kmem_cache_alloc(other, TRI_GFP_KERNEL);
		if (due)
			assert_int_equal(array(cache, 0)->count, 0);
		else
			assert_int_equal(array(cache, 0)->count, 48);
		assert_sound(core);
		free_all(other, object, 100);
		assert_int_equal(tri_kmem_cache_destroy(other), 0);
		assert_int_equal(tri_kmem_cache_destroy(cache), 0);
		model_stop(core);
	}
}

/* Without memory for an array objects move one by one, and none is lost. */
static void no_room_for_arrays(void **state)
{
	struct tri_core *core = start(2);
	struct kmem_cache *cache = create(2048, NULL);
	static unsigned long pfn[FRAMES];
	unsigned long n = 0;
	void *object[2];

	(void)state;
	while ((pfn[n] = tri_alloc_pages(TRI_GFP_KERNEL, 0)) != TRI_PFN_NONE)
		n++;
	/* A frame for a slab of two objects, none for an array. */
	tri_free_pages(pfn[--n], 0);
	if (cache->order)
		tri_free_pages(pfn[--n], 0);
	assert_null(tri_kmalloc(8192, TRI_GFP_KERNEL));
	assert_int_equal(tri_kmem_cache_alloc_bulk(cache, TRI_GFP_KERNEL, 64, object), 0);
	assert_sound(core);
	while (n)
		tri_free_pages(pfn[--n], 0);
	object[0] = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
	assert_non_null(object[0]);
	tri_kmem_cache_free(cache, object[0]);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	model_stop(core);
}

/* Not at once, but before it reaches the lists. */
static void another_caches_object(void **state)
{
	struct tri_core *core = start(2);
	struct kmem_cache *cache = create(64, NULL), *other = create(64, NULL);
	void *object = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
	struct slab_visit visit;

	(void)state;
	/* As a free does that hits, at check level 0. */
	tri_kmem_cache_free(other, tri_kmem_cache_alloc(other, TRI_GFP_KERNEL));
	assert_true(slab_array_put(core, other->number, object, &visit));
	assert_panics(tri_kmem_cache_shrink(other));
	assert_non_null(strstr(model.log, "freed to cache tested, starts no object of it"));
	model_abandon(core);
}

static void leaks_are_named(void **state)
{
	struct tri_core *core = start(2);
	struct kmem_cache *cache = create(512, construct);
	void *object[10];

	(void)state;
	assert_int_equal(tri_kmem_cache_alloc_bulk(cache, TRI_GFP_KERNEL, 10, object), 10);
	free_all(cache, object + 2, 8);
	model.quiet = true;
	assert_int_equal(tri_kmem_cache_destroy(cache), 2);
	for (int i = 0; i < 2; i++) {
		char address[32];

		snprintf(address, sizeof(address), "%p", object[i]);
		assert_non_null(strstr(model.log, address));
	}
	/* They can still be freed; only the cache's own frame stays. */
	free_all(cache, object, 2);
	assert_sound(core);
	assert_int_equal(tri_core_exit(core), 1);
	model_abandon(core);
}

/* --- What tri_check() must find. --- */

struct scene {
	struct tri_core *core;
	struct kmem_cache *cache;
	struct slab_node *node;
	void *object[40];
};

static struct frame *first_of(const struct scene *scene, const struct frame_list *list)
{
	assert_true(list->count > 0);
	return &scene->core->frames.frame[list->head];
}

static void object_in_array_twice(struct scene *scene)
{
	struct slab_array *mine = array(scene->cache, 0);

	mine->object[0] = mine->object[1];
}

static void object_in_two_arrays(struct scene *scene)
{
	array(scene->cache, 1)->object[0] = array(scene->cache, 0)->object[0];
}

static void object_in_array_and_slab(struct scene *scene)
{
	struct frame *slab = first_of(scene, &scene->node->partial);
	struct slab_words *words = slab_words(slab);

	array(scene->cache, 0)->object[0] =
		slab_objects(slab) + words->freelist[words->active] * scene->cache->size;
}

static void middle_of_an_object_in_array(struct scene *scene)
{
	struct slab_array *mine = array(scene->cache, 0);

	mine->object[0] = (char *)mine->object[0] + 8;
}

static void array_too_full(struct scene *scene)
{
	array(scene->cache, 0)->count = 1000;
}

static void index_out_of_range(struct scene *scene)
{
	struct slab_words *words = slab_words(first_of(scene, &scene->node->partial));

	words->freelist[words->active] = 200;
}

static void index_twice(struct scene *scene)
{
	struct slab_words *words = slab_words(first_of(scene, &scene->node->partial));

	words->freelist[words->active] = words->freelist[words->active + 1];
}

static void count_of_active_wrong(struct scene *scene)
{
	slab_words(first_of(scene, &scene->node->partial))->active++;
}

static void full_slab_on_the_wrong_list(struct scene *scene)
{
	struct frame_table *frames = &scene->core->frames;

	frame_list_push_head(frames, &scene->node->free,
			     frame_list_pop_head(frames, &scene->node->full));
}

static void slab_lost(struct scene *scene)
{
	frame_list_pop_head(&scene->core->frames, &scene->node->full);
}

static void slab_of_another_number(struct scene *scene)
{
	first_of(scene, &scene->node->full)->cache++;
}

static void number_of_another_cache(struct scene *scene)
{
	const struct frame *slab = first_of(scene, &scene->node->full);

	scene->core->slab.number[slab->pfn - scene->core->frames.lowest * SECTION_FRAMES]++;
}

static void free_objects_wrong(struct scene *scene)
{
	scene->node->free_objects++;
}

/* Two of the first CPU's objects stay at hand, the others go to their slabs. */
static void shrink_first_array(struct scene *scene)
{
	struct slab_array *mine = array(scene->cache, 0);
	struct frame_list dead = {.count = 0};

	tri_kmem_cache_free_bulk(scene->cache, 5, scene->object + 2);
	slab_drain(scene->cache, mine, mine->count - 2, &dead);
	assert_int_equal(dead.count, 0);
	assert_true(scene->node->partial.count && scene->node->full.count);
}

static void damage_is_found(void **state)
{
	static void (*const inflict[])(struct scene * scene) = {
		object_in_array_twice,
		object_in_two_arrays,
		object_in_array_and_slab,
		middle_of_an_object_in_array,
		array_too_full,
		index_out_of_range,
		index_twice,
		count_of_active_wrong,
		full_slab_on_the_wrong_list,
		slab_lost,
		slab_of_another_number,
		number_of_another_cache,
		free_objects_wrong,
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(inflict) / sizeof(inflict[0]); i++) {
		struct scene scene = {.core = start(2)};

		scene.cache = create(512, construct);
		scene.node = slab_node(scene.cache);
		tri_kmem_cache_alloc_bulk(scene.cache, TRI_GFP_KERNEL, 30, scene.object);
		tri_kmem_cache_free(scene.cache, scene.object[0]);
		plat_slot = 1;
		tri_kmem_cache_free(scene.cache, scene.object[1]);
		plat_slot = 0;
		/* A full slab, a partial one, an object in an array of each CPU. */
		shrink_first_array(&scene);
		assert_sound(scene.core);
		inflict[i](&scene);
		model.quiet = true;
		if (!tri_check(scene.core))
			fail_msg("damage %u was not found", i);
		model_abandon(scene.core);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_by_size),
		cmocka_unit_test(one_cpu_has_no_shared_array),
		cmocka_unit_test(management_by_size),
		cmocka_unit_test(off_slab_lists_come_back),
		cmocka_unit_test(batches),
		cmocka_unit_test(free_limit),
		cmocka_unit_test(colours),
		cmocka_unit_test(reaping),
		cmocka_unit_test(reaping_when_due),
		cmocka_unit_test(no_room_for_arrays),
		cmocka_unit_test(another_caches_object),
		cmocka_unit_test(leaks_are_named),
		cmocka_unit_test(damage_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
