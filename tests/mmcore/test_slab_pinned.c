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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_sleeps),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
