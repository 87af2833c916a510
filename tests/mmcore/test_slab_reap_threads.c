/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_slab_reap_threads.c - slab=slab: four CPUs allocate and free each other's objects while
 * arrays are reaped, by ticks and by calls, caches are shrunk, made and ended.
 */
#include <pthread.h>
#include <string.h>

#include "model_platform.h"

#define CPUS   4
#define SLOTS  64
#define ROUNDS 3
#define STEPS  3000
#define CACHES 3

static const unsigned int object_bytes[CACHES] = {64, 600, 3000};

static struct shared {
	struct tri_core *core;
	struct kmem_cache *cache[CACHES];
	void *mailbox[CACHES][SLOTS];
} shared;

struct cpu {
	pthread_t thread;
	unsigned int slot;
	uint64_t random;
};

static void construct(void *object)
{
	memset(object, 7, 16);
}

/* A cache of one's own comes and goes, with off-slab index lists in kmalloc's objects. */
static void own_cache(void)
{
	struct kmem_cache *cache = tri_kmem_cache_create("own", 512, 0, 0, construct);
	void *object[20];

	if (!cache)
		return;
	if (tri_kmem_cache_alloc_bulk(cache, TRI_GFP_KERNEL, 20, object))
		tri_kmem_cache_free_bulk(cache, 20, object);
	assert_int_equal(tri_kmem_cache_destroy(cache), 0);
}

static void step(struct cpu *cpu)
{
	unsigned long what = test_below(&cpu->random, 1000), i = test_below(&cpu->random, SLOTS);
	unsigned int kind = (unsigned int)test_below(&cpu->random, CACHES);
	void *object;

	if (what < 10) {
		tri_slab_reap();
	} else if (what < 12) {
		tri_kmem_cache_shrink(shared.cache[kind]);
	} else if (what < 14) {
		own_cache();
	} else {
		object = tri_kmem_cache_alloc(shared.cache[kind], TRI_GFP_KERNEL);
		/* An object handed out twice is a data race. */
		if (object)
			memset(object, (int)cpu->slot, object_bytes[kind]);
		object = __atomic_exchange_n(&shared.mailbox[kind][i], object, __ATOMIC_ACQ_REL);
		if (object)
			tri_kmem_cache_free(shared.cache[kind], object);
	}
}

static void *run(void *arg)
{
	struct cpu *cpu = arg;

	plat_slot = cpu->slot;
	plat_set_core(shared.core);
	for (int i = 0; i < STEPS; i++)
		step(cpu);
	return NULL;
}

static void together(unsigned long frames, const char *debug)
{
	static struct cpu cpu[CPUS];
	uint64_t seed = test_seed();
	struct tri_config config;

	model_config(&config, CPUS, frames, 4UL << 20);
	assert_int_equal(tri_config_set(&config, "slab", "slab"), 0);
	assert_int_equal(tri_config_set(&config, "slab_debug", debug), 0);
	assert_int_equal(tri_config_set(&config, "slab_reap_ticks", "50000"), 0);
	memset(&shared, 0, sizeof(shared));
	shared.core = model_start(&config);
	for (int i = 0; i < CACHES; i++)
		shared.cache[i] = tri_kmem_cache_create("shared", object_bytes[i], 0,
							TRI_SLAB_NO_MERGE, NULL);
	for (unsigned int round = 0; round < ROUNDS; round++) {
		for (unsigned int i = 0; i < CPUS; i++) {
			cpu[i].slot = i;
			cpu[i].random = seed + i + round * CPUS;
			assert_int_equal(pthread_create(&cpu[i].thread, NULL, run, &cpu[i]), 0);
		}
		for (int i = 0; i < CPUS; i++)
			pthread_join(cpu[i].thread, NULL);
		assert_sound(shared.core);
	}
	for (int i = 0; i < CACHES; i++) {
		for (int n = 0; n < SLOTS; n++) {
			if (shared.mailbox[i][n])
				tri_kmem_cache_free(shared.cache[i], shared.mailbox[i][n]);
		}
		assert_int_equal(tri_kmem_cache_destroy(shared.cache[i]), 0);
	}
	model_stop(shared.core);
}

static void enough(void **state)
{
	(void)state;
	together(4096, "0");
}

/* Frames run out: no room for arrays, or for index lists. */
static void scarce(void **state)
{
	(void)state;
	together(96, "0");
}

static void debugged(void **state)
{
	(void)state;
	together(4096, "1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(enough),
		cmocka_unit_test(scarce),
		cmocka_unit_test(debugged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
