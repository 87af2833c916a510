/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_slab_pinned.c - who may not sleep allocates and frees while pinned. That nothing below
 * sleeps after all is asserted at check level 1 and above.
 */
#include "answers.h"
#include "model_platform.h"

#define OBJECTS 600

static void pinned(enum tri_policy_value slab, enum tri_policy_value sheaves)
{
	static void *object[OBJECTS];
	struct tri_config config;
	struct tri_core *core;
	struct kmem_cache *cache;

	model_config(&config, 2, 2048, 4UL << 20);
	config.policy[TRI_QUESTION_slab] = slab;
	config.policy[TRI_QUESTION_sheaves] = sheaves;
	core = model_start(&config);
	cache = tri_kmem_cache_create("pinned", 72, 0, TRI_SLAB_NO_MERGE, NULL);
	assert_non_null(cache);
	/* From nothing: arrays and slabs have to be made in the midst of it, on both CPUs. */
	for (int round = 0; round < 4; round++) {
		unsigned long saved = plat_pin();

		for (int i = 0; i < OBJECTS; i++) {
			plat_slot = i % 2;
			object[i] = i % 3 ? tri_kmem_cache_alloc(cache, TRI_GFP_ATOMIC)
					  : tri_kmalloc(1 + 7 * i, TRI_GFP_NOWAIT);
			assert_non_null(object[i]);
		}
		for (int i = 0; i < OBJECTS; i++) {
			plat_slot = i / 2 % 2;
			if (i % 3)
				tri_kmem_cache_free(cache, object[i]);
			else
				tri_kfree(object[i]);
		}
		plat_unpin(saved);
		assert_sound(core);
	}
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	model_stop(core);
}

static void nothing_sleeps(void **state)
{
	(void)state;
	FOR_EACH_ANSWER(slab, "slab")
	{
		FOR_EACH_ANSWER(sheaves, "sheaves")
		{
			pinned(slab, sheaves);
		}
	}
}

#if TRI_CHECK_LEVEL >= 1
/* Even where an object is at hand, and nothing would have slept. */
static void says_so(enum tri_policy_value slab)
{
	struct tri_config config;
	struct kmem_cache *cache;
	struct tri_core *core;
	unsigned long saved;

	model_config(&config, 1, 2048, 4UL << 20);
	config.policy[TRI_QUESTION_slab] = slab;
	core = model_start(&config);
	cache = tri_kmem_cache_create("pinned", 72, 0, TRI_SLAB_NO_MERGE, NULL);
	tri_kmem_cache_free(cache, tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL));
	tri_kfree(tri_kmalloc(72, TRI_GFP_KERNEL));
	saved = plat_pin();
	assert_panics(tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL));
	assert_panics(tri_kmalloc(72, TRI_GFP_KERNEL));
	plat_unpin(saved);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	model_stop(core);
}

static void who_must_not_sleep_must_say_so(void **state)
{
	(void)state;
	FOR_EACH_ANSWER(slab, "slab")
	{
		says_so(slab);
	}
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_sleeps),
#if TRI_CHECK_LEVEL >= 1
		cmocka_unit_test(who_must_not_sleep_must_say_so),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
