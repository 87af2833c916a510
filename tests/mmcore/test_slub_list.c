/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_slub_list.c - slab=slub without sheaves: what goes past slab_slub.c, through the list of
 * the CPU's own slab alone, what does not, and what tri_check() says of a slot that is wrong.
 */
#include "model_platform.h"
#include "slab_slub.h"

static struct tri_core *start(const char *sheaves, const char *debug)
{
	struct tri_config config;

	model_config(&config, 2, 1024, 4UL << 20);
	assert_int_equal(tri_config_set(&config, "slab", "slub"), 0);
	assert_int_equal(tri_config_set(&config, "sheaves", sheaves), 0);
	assert_int_equal(tri_config_set(&config, "slab_debug", debug), 0);
	return model_start(&config);
}

static struct kmem_cache *create(unsigned int size)
{
	struct kmem_cache *cache =
		tri_kmem_cache_create("tested", size, 0, TRI_SLAB_NO_MERGE, NULL);

	assert_non_null(cache);
	return cache;
}

static struct slub_cpu *slot(struct kmem_cache *cache, unsigned int cpu)
{
	return &cache->core->cpu[cpu].slab[cache->number].slub;
}

static void own_slab_takes_one_transaction(void **state)
{
	struct tri_core *core = start("off", "0");
	struct kmem_cache *cache = create(64);
	void *first = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL), *second;
	uint64_t tid = slot(cache, 0)->tid;

	(void)state;
	second = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
	tri_kmem_cache_free(cache, first);
	assert_int_equal(slot(cache, 0)->tid, tid + 2);
	assert_int_equal(slot(cache, 0)->freelist, (uint64_t)first);
	/* kfree takes the same way: the last one freed comes first. */
	tri_kfree(second);
	assert_ptr_equal(tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL), second);
	assert_ptr_equal(tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL), first);
	assert_int_equal(slot(cache, 0)->tid, tid + 5);
	assert_sound(core);
	tri_kmem_cache_free(cache, first);
	tri_kmem_cache_free(cache, second);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	model_stop(core);
}

static void another_cpus_object_goes_to_its_slab(void **state)
{
	struct tri_core *core = start("off", "0");
	struct kmem_cache *cache = create(64);
	void *object = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
	const struct frame *slab = slot(cache, 0)->slab;
	uint64_t list = slot(cache, 0)->freelist;

	(void)state;
	plat_slot = 1;
	tri_kmem_cache_free(cache, object);
	plat_slot = 0;
	assert_int_equal(slot(cache, 0)->freelist, list);
	assert_int_equal(slab->word[0], (uint64_t)object);
	assert_sound(core);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	model_stop(core);
}

/* Its frees go to the slab, as any other CPU's do. */
static void a_slab_given_up_is_not_the_cpus(void **state)
{
	struct tri_core *core = start("off", "0");
	struct kmem_cache *cache = create(512);
	void *object = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);

	(void)state;
	tri_kmem_cache_shrink(cache);
	assert_null(slot(cache, 0)->slab);
	assert_int_equal(slot(cache, 0)->bytes, 0);
	tri_kmem_cache_free(cache, object);
	assert_int_equal(slot(cache, 0)->freelist, 0);
	assert_sound(core);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	model_stop(core);
}

static void sheaves_and_debugging_see_every_object(void **state)
{
	static const char *const with[2][2] = {{"on", "0"}, {"off", "1"}};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct tri_core *core = start(with[i][0], with[i][1]);
		struct kmem_cache *cache = create(64);

		assert_int_equal(slot(cache, 0)->link, 0);
		assert_int_equal(slot(cache, 1)->link, 0);
		assert_int_equal(tri_kmem_cache_destroy(cache), 0);
		model_stop(core);
	}
}

static void bytes_wrong(struct slub_cpu *cpu)
{
	cpu->bytes += TRI_PAGE_SIZE;
}

static void first_wrong(struct slub_cpu *cpu)
{
	cpu->first -= TRI_PAGE_SIZE;
}

static void slab_forgotten(struct slub_cpu *cpu)
{
	cpu->slab = NULL;
}

static void link_wrong(struct slub_cpu *cpu)
{
	cpu->link++;
}

static void damage_is_found(void **state)
{
	static void (*const inflict[])(struct slub_cpu * cpu) = {bytes_wrong, first_wrong,
								 slab_forgotten, link_wrong};

	(void)state;
	for (unsigned int i = 0; i < sizeof(inflict) / sizeof(inflict[0]); i++) {
		struct tri_core *core = start("off", "0");
		struct kmem_cache *cache = create(64);

		assert_non_null(tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL));
		assert_sound(core);
		inflict[i](slot(cache, 0));
		model.quiet = true;
		if (!tri_check(core))
			fail_msg("damage %u was not found", i);
		model_abandon(core);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(own_slab_takes_one_transaction),
		cmocka_unit_test(another_cpus_object_goes_to_its_slab),
		cmocka_unit_test(a_slab_given_up_is_not_the_cpus),
		cmocka_unit_test(sheaves_and_debugging_see_every_object),
		cmocka_unit_test(damage_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
