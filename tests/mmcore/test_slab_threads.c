/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_slab_threads.c - four CPUs allocate, and free what others allocated, while caches are
 * shrunk and shown: nothing lost, nothing handed out twice.
 */
#include <pthread.h>
#include <string.h>

#include "slab_variants.h"

#define CPUS   4
#define SLOTS  64
#define ROUNDS 3
#define STEPS  1500
#define BATCH  24

static struct shared {
	struct tri_core *core;
	struct kmem_cache *cache[3];
	/* Whoever swaps an object out of here frees it: mostly another CPU's. */
	void *mailbox[4][32];
} shared;

static const unsigned long object_bytes[4] = {48, 700, 5000, 0};

struct cpu {
	pthread_t thread;
	unsigned int slot;
	uint64_t random;
	void *object[SLOTS];
	unsigned int kind[SLOTS]; /* 0..2: of a cache; 3: kmalloc's */
};

static void *get(struct cpu *cpu, unsigned int kind)
{
	unsigned long bytes =
		kind < 3 ? object_bytes[kind]
			 : 1 + test_below(&cpu->random, 1UL << test_below(&cpu->random, 15));
	unsigned char *object = kind < 3 ? tri_kmem_cache_alloc(shared.cache[kind], TRI_GFP_KERNEL)
					 : tri_kmalloc(bytes, TRI_GFP_KERNEL);

	/* The owner writes to all of it: an object handed out twice is a data race. */
	if (object)
		memset(object, (int)cpu->slot + 1, bytes);
	return object;
}

static void put(unsigned int kind, void *object)
{
	if (!object)
		return;
	if (kind < 3)
		tri_kmem_cache_free(shared.cache[kind], object);
	else
		tri_kfree(object);
}

static void bulk(struct cpu *cpu, unsigned int kind)
{
	unsigned long n = 1 + test_below(&cpu->random, BATCH);
	void *object[BATCH];

	if (!tri_kmem_cache_alloc_bulk(shared.cache[kind], TRI_GFP_KERNEL, n, object))
		return;
	for (unsigned long i = 0; i < n; i++)
		memset(object[i], (int)cpu->slot + 1, object_bytes[kind]);
	/* Some go through the mailbox, so that the bulk that is freed is mixed. */
	for (unsigned long i = 0; i < n / 2; i++) {
		void **box = &shared.mailbox[kind][test_below(&cpu->random, 32)];
		void *other = __atomic_exchange_n(box, object[i], __ATOMIC_ACQ_REL);

		object[i] = other;
		if (!other)
			object[i] = object[--n];
	}
	tri_kmem_cache_free_bulk(shared.cache[kind], n, object);
}

static void step(struct cpu *cpu)
{
	unsigned long what = test_below(&cpu->random, 1000), i = test_below(&cpu->random, SLOTS);
	unsigned int kind = (unsigned int)test_below(&cpu->random, 4);
	struct tri_slab_info info;

	if (what < 2) {
		tri_kmem_cache_shrink(shared.cache[kind % 3]);
	} else if (what < 4) {
		tri_slab_info(shared.core, 1 + kind * 7, &info);
	} else if (what < 100) {
		bulk(cpu, kind % 3);
	} else if (what < 500) {
		void **box = &shared.mailbox[kind][test_below(&cpu->random, 32)];

		put(kind, __atomic_exchange_n(box, get(cpu, kind), __ATOMIC_ACQ_REL));
	} else if (cpu->object[i]) {
		put(cpu->kind[i], cpu->object[i]);
		cpu->object[i] = NULL;
	} else {
		cpu->kind[i] = kind;
		cpu->object[i] = get(cpu, kind);
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

static void together(struct tri_core *core, const struct variant *variant)
{
	static struct cpu cpu[CPUS];
	uint64_t seed = test_seed();

	(void)variant;
	memset(cpu, 0, sizeof(cpu));
	shared = (struct shared){.core = core};
	for (int i = 0; i < 3; i++)
		shared.cache[i] = tri_kmem_cache_create("shared", (unsigned int)object_bytes[i], 0,
							TRI_SLAB_NO_MERGE, NULL);
	for (int round = 0; round < ROUNDS; round++) {
		for (unsigned int i = 0; i < CPUS; i++) {
			cpu[i].slot = i;
			cpu[i].random = seed + i + (unsigned int)round * CPUS;
			assert_int_equal(pthread_create(&cpu[i].thread, NULL, run, &cpu[i]), 0);
		}
		for (int i = 0; i < CPUS; i++)
			pthread_join(cpu[i].thread, NULL);
		assert_sound(core);
	}
	for (unsigned int i = 0; i < CPUS * SLOTS; i++)
		put(cpu[i / SLOTS].kind[i % SLOTS], cpu[i / SLOTS].object[i % SLOTS]);
	for (unsigned int i = 0; i < 4 * 32; i++)
		put(i / 32, shared.mailbox[i / 32][i % 32]);
	for (int i = 0; i < 3; i++)
		assert_int_equal(tri_kmem_cache_destroy(shared.cache[i]), 0);
}

static void enough(void **state)
{
	(void)state;
	variants_all(together, CPUS, 16384);
}

static void scarce(void **state)
{
	(void)state;
	variants_all(together, CPUS, 400);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(enough),
		cmocka_unit_test(scarce),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
