/* SPDX-License-Identifier: GPL-2.0-only */
/* test_slub.c - slab=slub: how many slabs, empty or nearly so, are kept, and for whom. */
#include <string.h>

#include "model_platform.h"
#include "slab_slub.h"

#define SLABS 60

static void *object[SLABS * 64];
static unsigned int objects;

static struct tri_core *start(const char *sheaves, struct kmem_cache **cache, struct slub **slub)
{
	struct tri_config config;
	struct tri_core *core;

	model_config(&config, 2, 4096, 4UL << 20);
	assert_int_equal(tri_config_set(&config, "slab", "slub"), 0);
	assert_int_equal(tri_config_set(&config, "sheaves", sheaves), 0);
	core = model_start(&config);
	*cache = tri_kmem_cache_create("rules", 256, 0, TRI_SLAB_NO_MERGE, NULL);
	*slub = slub_of(*cache);
	objects = (*cache)->objects;
	assert_in_range(objects, 2, 64);
	/* Slab after slab, each one full. */
	for (unsigned int i = 0; i < SLABS * objects; i++)
		object[i] = tri_kmem_cache_alloc(*cache, TRI_GFP_KERNEL);
	assert_in_range((*slub)->slabs, SLABS, SLABS + (*slub)->barn.limit);
	return core;
}

static void stop(struct tri_core *core, struct kmem_cache *cache)
{
	assert_sound(core);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	model_stop(core);
}

/* A CPU keeps cpu_partial of those it freed into; all others go to the node's list at once. */
static void a_cpus_list_is_bounded(void **state)
{
	struct kmem_cache *cache;
	struct slub *slub;
	struct tri_core *core = start("off", &cache, &slub);
	const struct slub_cpu *cpu = &core->cpu[1].slab[cache->number].slub;

	(void)state;
	plat_slot = 1;
	for (unsigned int i = 0; i < SLABS; i++) {
		tri_kmem_cache_free(cache, object[i * objects]);
		assert_true(cpu->partial_slabs <= slub->cpu_partial);
	}
	/* CPU 0's own slab is frozen: not on a list. */
	assert_int_equal(cpu->partial_slabs + slub->partial.count, SLABS - 1);
	assert_true(slub->partial.count > slub->min_partial);
	assert_sound(core);
	/* Empty now, and there are enough partial ones: back to the pages they go. */
	for (unsigned int i = 0; i < SLABS * objects; i++)
		if (i % objects)
			tri_kmem_cache_free(cache, object[i]);
	assert_true(slub->partial.count <= slub->min_partial + slub->cpu_partial);
	assert_true(slub->slabs <= slub->min_partial + 2 * slub->cpu_partial + 1);
	plat_slot = 0;
	stop(core, cache);
}

/* A CPU's own slab that another one emptied stays its own, until the cache is shrunk. */
static void a_cpus_own_slab_stays_its_own(void **state)
{
	struct kmem_cache *cache;
	struct slub *slub;
	struct tri_core *core = start("off", &cache, &slub);
	unsigned long slabs;

	(void)state;
	plat_slot = 1;
	for (unsigned int i = 0; i < (SLABS - 1) * objects; i++)
		if (i % objects)
			tri_kmem_cache_free(cache, object[i]);
	assert_true(slub->partial.count > slub->min_partial);
	slabs = slub->slabs;
	for (unsigned int i = (SLABS - 1) * objects; i < SLABS * objects; i++)
		tri_kmem_cache_free(cache, object[i]);
	assert_int_equal(slub->slabs, slabs);
	assert_true(tri_kmem_cache_shrink(cache) > 0);
	assert_int_equal(slub->slabs, slabs - 1);
	for (unsigned int i = 0; i < (SLABS - 1) * objects; i += objects)
		tri_kmem_cache_free(cache, object[i]);
	plat_slot = 0;
	stop(core, cache);
}

/* One CPU allocates what the other frees: full and empty sheaves in the barn. None is lost. */
static void sheaves_end_with_their_cache(void **state)
{
	struct kmem_cache *cache;
	struct slub *slub;
	struct tri_core *core = start("on", &cache, &slub);
	bool full = false, empty = false;

	(void)state;
	for (int round = 0; round < 2; round++) {
		for (unsigned int i = 0; i < SLABS * objects; i++) {
			plat_slot = 1;
			tri_kmem_cache_free(cache, object[i]);
			full |= slub->barn.full_count;
			plat_slot = 0;
			if (i % 2)
				object[i / 2] = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
			empty |= slub->barn.empty_count;
		}
		assert_sound(core);
		for (unsigned int i = SLABS * objects / 2; i < SLABS * objects; i++)
			object[i] = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
		assert_sound(core);
	}
	assert_true(full && empty);
	for (unsigned int i = 0; i < SLABS * objects; i++)
		tri_kmem_cache_free(cache, object[i]);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	assert_sound(core);
	model_stop(core);
}

/* No block of pages is reclaimed for where a smaller slab will do. */
static void a_large_slab_is_not_worth_reclaim(void **state)
{
	static unsigned long pfn[4096];
	struct tri_config config;
	struct kmem_cache *cache;
	struct tri_core *core;
	unsigned long n = 0, slow, drains;
	void *one;

	(void)state;
	model_config(&config, 1, 1024, 4UL << 20);
	assert_int_equal(tri_config_set(&config, "slab", "slub"), 0);
	core = model_start(&config);
	cache = tri_kmem_cache_create("large", 2048, 0, TRI_SLAB_NO_MERGE, NULL);
	assert_true(cache->order > slub_of(cache)->min_order);
	while ((pfn[n] = tri_alloc_pages(TRI_GFP_KERNEL | TRI_GFP_NOWARN, 0)) != TRI_PFN_NONE)
		n++;
	/* Two single frames that are no neighbours. */
	tri_free_pages(pfn[1], 0);
	tri_free_pages(pfn[100], 0);
	drains = model_event(core, TRI_EVENT_pages_drain_all);
	slow = model_event(core, TRI_EVENT_pages_slow);
	one = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
	assert_non_null(one);
	assert_int_equal(slub_of(cache)->frames, 1UL << slub_of(cache)->min_order);
	assert_int_equal(model_event(core, TRI_EVENT_pages_slow), slow + 1);
	assert_int_equal(model_event(core, TRI_EVENT_pages_drain_all), drains);
	tri_kmem_cache_free(cache, one);
	while (n--)
		if (n != 1 && n != 100)
			tri_free_pages(pfn[n], 0);
	stop(core, cache);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cpus_list_is_bounded),
		cmocka_unit_test(a_cpus_own_slab_stays_its_own),
		cmocka_unit_test(sheaves_end_with_their_cache),
		cmocka_unit_test(a_large_slab_is_not_worth_reclaim),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
