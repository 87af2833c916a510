/* SPDX-License-Identifier: GPL-2.0-only */
/* test_slab.c - caches and their objects, under every slab policy, against a naive model. */
#include <string.h>

#include "slab_variants.h"

static unsigned long frames_free(struct tri_core *core)
{
	struct tri_status status;

	tri_status_read(core, &status);
	return status.frames_free;
}

/* --- The model: who holds what, each object filled with a byte of its own. --- */

#define CACHES 5
#define SLOTS  700

struct held {
	unsigned char *object;
	unsigned long bytes;
	unsigned int cache; /* CACHES: kmalloc's */
	unsigned char fill;
};

struct world {
	struct tri_core *core;
	struct kmem_cache *cache[CACHES];
	struct held held[SLOTS];
	uint64_t random;
	unsigned char fill;
};

#define CTOR	  3 /* the cache with a constructor */
#define CTOR_BYTE 0xc7

static void construct(void *object)
{
	memset(object, CTOR_BYTE, 40);
}

static void own(struct world *world, struct held *held, void *object, unsigned int cache,
		unsigned long bytes)
{
	held->object = object;
	held->cache = cache;
	held->bytes = bytes;
	held->fill = ++world->fill;
	memset(object, held->fill, bytes);
}

/* Whoever wrote into another's object is found here. */
static void give_up(struct held *held)
{
	for (unsigned long i = 0; i < held->bytes; i++)
		assert_int_equal(held->object[i], held->fill);
	if (held->cache == CTOR)
		construct(held->object);
	held->bytes = 0;
}

static void check_ctor(const unsigned char *object)
{
	for (int i = 0; i < 40; i++)
		assert_int_equal(object[i], CTOR_BYTE);
}

static void one(struct world *world, struct held *held)
{
	unsigned int cache = (unsigned int)test_below(&world->random, CACHES);
	unsigned char *object;

	if (held->bytes) {
		give_up(held);
		if (held->cache == CACHES)
			tri_kfree(held->object);
		else
			tri_kmem_cache_free(world->cache[held->cache], held->object);
		return;
	}
	object = tri_kmem_cache_alloc(world->cache[cache], TRI_GFP_KERNEL);
	if (!object)
		return;
	if (cache == CTOR)
		check_ctor(object);
	own(world, held, object, cache, tri_kmem_cache_size(world->cache[cache]));
}

static void by_size(struct world *world, struct held *held)
{
	unsigned long size = test_below(&world->random, 1UL << test_below(&world->random, 15)) + 1;
	bool zero = test_below(&world->random, 4) == 0;
	unsigned char *object;

	if (held->bytes) {
		one(world, held);
		return;
	}
	object = zero ? tri_kzalloc(size, TRI_GFP_KERNEL) : tri_kmalloc(size, TRI_GFP_KERNEL);
	if (!object)
		return;
	for (unsigned long i = 0; zero && i < size; i++)
		assert_int_equal(object[i], 0);
	assert_true(tri_ksize(object) >= size);
	if (!(size & (size - 1)))
		assert_int_equal((uintptr_t)object & (size - 1) & (TRI_PAGE_SIZE - 1), 0);
	own(world, held, object, CACHES, tri_ksize(object));
}

static void resize(struct world *world, struct held *held)
{
	unsigned long size = test_below(&world->random, 1UL << test_below(&world->random, 15)) + 1;
	unsigned long keep;
	unsigned char *object;

	if (!held->bytes || held->cache != CACHES)
		return;
	object = tri_krealloc(held->object, size, TRI_GFP_KERNEL);
	if (!object)
		return;
	keep = held->bytes < size ? held->bytes : size;
	for (unsigned long i = 0; i < keep; i++)
		assert_int_equal(object[i], held->fill);
	own(world, held, object, CACHES, tri_ksize(object));
}

static void bulk(struct world *world, unsigned long first)
{
	void *object[64];
	unsigned long n = 1 + test_below(&world->random, 64);
	unsigned int cache = (unsigned int)test_below(&world->random, CACHES);

	if (test_below(&world->random, 2)) {
		unsigned long got = 0;

		for (unsigned long i = first; i < SLOTS && got < n; i++) {
			struct held *held = &world->held[i];

			if (!held->bytes || held->cache != cache)
				continue;
			object[got++] = held->object;
			give_up(held);
		}
		tri_kmem_cache_free_bulk(world->cache[cache], got, object);
		return;
	}
	if (!tri_kmem_cache_alloc_bulk(world->cache[cache], TRI_GFP_KERNEL, n, object))
		return;
	for (unsigned long i = 0; i < SLOTS && n; i++) {
		struct held *held = &world->held[i];

		if (held->bytes)
			continue;
		n--;
		if (cache == CTOR)
			check_ctor(object[n]);
		own(world, held, object[n], cache, tri_kmem_cache_size(world->cache[cache]));
	}
	tri_kmem_cache_free_bulk(world->cache[cache], n, object);
}

/* SLOB's kfree() knows kmalloc's objects only, as Linux's until 6.4. */
static void kfree_some(struct world *world, unsigned long first)
{
	bool slob = world->core->policy[TRI_QUESTION_slab] == TRI_POLICY_slab_slob;
	void *object[64];
	unsigned long n = 0;

	for (unsigned long i = first; i < SLOTS && n < 64; i++) {
		struct held *held = &world->held[i];

		if (!held->bytes || held->cache == CTOR || (slob && held->cache != CACHES))
			continue;
		object[n++] = held->object;
		give_up(held);
	}
	tri_kfree_bulk(n, object);
}

static void step(struct world *world)
{
	unsigned long what = test_below(&world->random, 1000);
	unsigned long i = test_below(&world->random, SLOTS);

	plat_slot = (unsigned int)test_below(&world->random, world->core->cpus);
	if (what < 400)
		one(world, &world->held[i]);
	else if (what < 800)
		by_size(world, &world->held[i]);
	else if (what < 900)
		resize(world, &world->held[i]);
	else if (what < 980)
		bulk(world, i);
	else if (what < 990)
		kfree_some(world, i);
	else
		tri_kmem_cache_shrink(world->cache[i % CACHES]);
	plat_slot = 0;
}

static void stream(const struct variant *variant, unsigned long frames, int steps)
{
	static struct world world;
	unsigned long before;

	memset(&world, 0, sizeof(world));
	world.random = test_seed();
	world.core = variant_start(variant, 3, frames);
	before = frames_free(world.core);
	world.cache[0] = tri_kmem_cache_create("odd", 24, 0, 0, NULL);
	world.cache[1] = tri_kmem_cache_create("lines", 100, 0, TRI_SLAB_HWCACHE_ALIGN, NULL);
	world.cache[2] = tri_kmem_cache_create("large", 3000, 256, TRI_SLAB_NO_MERGE, NULL);
	world.cache[CTOR] = tri_kmem_cache_create("ctor", 40, 0, 0, construct);
	world.cache[4] = tri_kmem_cache_create("huge", 30000, 0, TRI_SLAB_RECLAIM_ACCOUNT, NULL);
	for (int i = 0; i < steps; i++) {
		step(&world);
		if (i % 64 == 0)
			assert_sound(world.core);
	}
	for (int i = 0; i < SLOTS; i++) {
		if (world.held[i].bytes)
			one(&world, &world.held[i]);
	}
	assert_sound(world.core);
	for (int i = 0; i < CACHES; i++) {
		assert_int_equal(tri_kmem_cache_destroy(world.cache[i]), 0);
		assert_sound(world.core);
	}
	for (unsigned int i = 1; i <= TRI_MAX_CACHES; i++) {
		struct tri_slab_info info;

		if (tri_slab_info(world.core, i, &info)) {
			assert_int_equal(info.objects_active, 0);
			tri_kmem_cache_shrink(world.core->slab.cache[i]);
		}
	}
	for (int i = 0; i < SLAB_POOLS; i++)
		before -= world.core->slab.array_pool[i].frames.count;
	assert_int_equal(frames_free(world.core), before);
	model_stop(world.core);
}

static void all_calls(void **state)
{
	(void)state;
	for (unsigned long i = 0; i < VARIANTS; i++)
		stream(&variants[i], 16384, 4000);
}

/* Allocations fail all the time. */
static void scarce(void **state)
{
	(void)state;
	for (unsigned long i = 0; i < VARIANTS; i++)
		stream(&variants[i], 300, 4000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_calls),
		cmocka_unit_test(scarce),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
