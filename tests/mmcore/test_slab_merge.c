/* SPDX-License-Identifier: GPL-2.0-only */
/* test_slab_merge.c - a cache that stands for another, too, keeps what both were promised. */
#include <string.h>

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

static struct kmem_cache *create(unsigned int size, unsigned int flags, void (*ctor)(void *object))
{
	return tri_kmem_cache_create("merge", size, 0, flags, ctor);
}

static void constructed(void *object)
{
	memset(object, 7, 50);
}

/* Linux's find_mergeable(): what differs in where its frames lie, or is constructed, stays apart.
 */
static void only_likes_are_merged(void **state)
{
	static const unsigned int apart[] = {TRI_SLAB_RECLAIM_ACCOUNT, TRI_SLAB_CACHE_DMA,
					     TRI_SLAB_NO_MERGE, TRI_SLAB_POISON};
	struct kmem_cache *cache, *other[4], *built, *small, *later;
	struct tri_config config;
	struct tri_core *core;
	unsigned char *object;

	(void)state;
	model_config(&config, 1, 2048, 4UL << 20);
	core = model_start(&config);
	built = create(50, 0, constructed);
	cache = create(50, 0, NULL);
	assert_ptr_not_equal(built, cache);
	for (int i = 0; i < 4; i++) {
		other[i] = create(50, apart[i], NULL);
		assert_ptr_not_equal(other[i], cache);
	}
	/* Of the larger one all is zeroed, and the user is told of it. */
	assert_ptr_equal(create(55, 0, NULL), cache);
	assert_int_equal(tri_kmem_cache_size(cache), 55);
	object = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL);
	memset(object, 0xff, 55);
	tri_kmem_cache_free(cache, object);
	object = tri_kmem_cache_alloc(cache, TRI_GFP_KERNEL | TRI_GFP_ZERO);
	for (int i = 0; i < 55; i++)
		assert_int_equal(object[i], 0);
	/* 64 bytes an object: more than a word too many; two references to end. */
	small = create(40, 0, NULL);
	assert_ptr_not_equal(small, cache);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	model.quiet = true;
	assert_int_equal(tri_kmem_cache_destroy(cache), 1);
	model.quiet = false;
	/* It ended, but for a leaked object: nobody else gets it. */
	later = create(50, 0, NULL);
	assert_ptr_not_equal(later, cache);
	tri_kmem_cache_free(cache, object);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
	for (int i = 0; i < 4; i++)
		assert_int_equal(tri_kmem_cache_destroy(other[i]), 0);
	assert_int_equal(tri_kmem_cache_destroy(built), 0);
	assert_int_equal(tri_kmem_cache_destroy(small), 0);
	assert_int_equal(tri_kmem_cache_destroy(later), 0);
	model_stop(core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_merged_cache_is_aligned),
		cmocka_unit_test(only_likes_are_merged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
