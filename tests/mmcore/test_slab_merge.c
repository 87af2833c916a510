/* SPDX-License-Identifier: GPL-2.0-only */
/* test_slab_merge.c - a cache that stands for another, too, keeps what both were promised. */
#include "model_platform.h"

#define OBJECTS 40

/* Objects of 384 bytes, no size of kmalloc, first without an alignment, then with one. */
static void merge(enum tri_policy_value policy)
{
	void *object[2][OBJECTS];
	struct kmem_cache *cache[2];
	struct tri_config config;
	struct tri_core *core;

	model_config(&config, 1, 1024, 4UL << 20);
	config.policy[TRI_QUESTION_slab] = policy;
	core = model_start(&config);
	/* Where pieces of any length are cut from one page, what follows is at odd offsets. */
	for (int i = 0; i < OBJECTS; i++)
		object[0][i] = tri_kmalloc(20, TRI_GFP_KERNEL);
	cache[0] = tri_kmem_cache_create("loose", 384, 0, 0, NULL);
	cache[1] = tri_kmem_cache_create("aligned", 384, 128, 0, NULL);
	assert_true(cache[0] && cache[1]);
	for (int i = 0; i < OBJECTS; i++) {
		object[1][i] = tri_kmem_cache_alloc(cache[1], TRI_GFP_KERNEL);
		assert_non_null(object[1][i]);
		assert_int_equal((uintptr_t)object[1][i] % 128, 0);
	}
	assert_sound(core);
	for (int i = 0; i < OBJECTS; i++) {
		tri_kfree(object[0][i]);
		tri_kmem_cache_free(cache[1], object[1][i]);
	}
	assert_int_equal(tri_kmem_cache_destroy(cache[0]), 0);
	assert_int_equal(tri_kmem_cache_destroy(cache[1]), 0);
	model_stop(core);
}

static void a_merged_cache_is_aligned(void **state)
{
	(void)state;
#define POLICY_slab(answer, text, about) merge(TRI_POLICY_slab_##answer);
#include "policies.def"
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_merged_cache_is_aligned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
