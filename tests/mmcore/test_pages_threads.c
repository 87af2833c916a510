/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_pages_threads.c - four CPUs ask for all kinds of pages of three zones, of which there are
 * too few: they fall back, steal, drain each other's lists and call a shrinker all the time.
 */
#include <pthread.h>
#include <string.h>

#include "model_platform.h"

#define CPUS   4
#define SLOTS  48
#define ROUNDS 4
#define STEPS  2500
#define BULK   20

/* Frames that may be taken away at any time, by a scan on any CPU. */
static struct {
	struct tri_shrinker shrinker;
	plat_spinlock_t lock;
	unsigned long pfn[256], count;
} cache;

static unsigned long cache_count(struct tri_core *core, struct tri_shrinker *self)
{
	unsigned long saved = tri_lock(&cache.lock), count = cache.count;

	(void)core, (void)self;
	tri_unlock(&cache.lock, saved);
	return count;
}

static unsigned long cache_take(void)
{
	unsigned long saved = tri_lock(&cache.lock);
	unsigned long pfn = cache.count ? cache.pfn[--cache.count] : TRI_PFN_NONE;

	tri_unlock(&cache.lock, saved);
	return pfn;
}

static bool cache_give(unsigned long pfn)
{
	unsigned long saved = tri_lock(&cache.lock);
	bool room = cache.count < 256;

	if (room)
		cache.pfn[cache.count++] = pfn;
	tri_unlock(&cache.lock, saved);
	return room;
}

static unsigned long cache_scan(struct tri_core *core, struct tri_shrinker *self,
				unsigned long frames)
{
	unsigned long freed = 0, pfn;

	(void)core, (void)self;
	while (freed < frames && (pfn = cache_take()) != TRI_PFN_NONE) {
		tri_free_pages(pfn, 0);
		freed++;
	}
	return freed;
}

struct cpu {
	pthread_t thread;
	struct tri_core *core;
	unsigned int slot;
	uint64_t random;
	unsigned long pfn[SLOTS][BULK];
	unsigned int order[SLOTS];
	unsigned long frames[SLOTS]; /* blocks, in bulk */
};

static tri_gfp_t any_gfp(uint64_t *random)
{
	static const tri_gfp_t zone[] = {0, 0, TRI_GFP_DMA, TRI_GFP_DMA32};
	static const tri_gfp_t type[] = {0, TRI_GFP_MOVABLE, TRI_GFP_RECLAIMABLE, 0};
	static const tri_gfp_t how[] = {TRI_GFP_KERNEL, TRI_GFP_NOWAIT, TRI_GFP_ATOMIC,
					TRI_GFP_KERNEL | TRI_GFP_RETRY_MAYFAIL};

	return zone[test_below(random, 4)] | type[test_below(random, 4)] |
	       how[test_below(random, 4)] | TRI_GFP_NOWARN;
}

/* The owner of a block writes to all of it: a block handed out twice is a data race. */
static void touch(struct cpu *cpu, unsigned long pfn, unsigned int order)
{
	for (unsigned long n = 0; n < 1UL << order; n++)
		memset(plat_pfn_to_ptr(pfn + n), (int)cpu->slot, 64);
}

static void take(struct cpu *cpu, unsigned long i)
{
	tri_gfp_t gfp = any_gfp(&cpu->random);
	unsigned long *pfn = cpu->pfn[i];

	memset(pfn, 0xff, sizeof(cpu->pfn[i]));
	cpu->order[i] = 0;
	cpu->frames[i] = 1;
	if (!test_below(&cpu->random, 4)) {
		cpu->frames[i] = BULK;
		tri_alloc_pages_bulk(gfp, BULK, pfn);
	} else {
		cpu->order[i] = test_below(&cpu->random, 3) ? 0 : test_below(&cpu->random, 7);
		pfn[0] = tri_alloc_pages(gfp, cpu->order[i]);
	}
	for (unsigned long n = 0; n < cpu->frames[i]; n++)
		if (pfn[n] != TRI_PFN_NONE)
			touch(cpu, pfn[n], cpu->order[i]);
}

static void give(struct cpu *cpu, unsigned long i)
{
	unsigned long *pfn = cpu->pfn[i];

	if (cpu->frames[i] > 1)
		tri_free_pages_bulk(cpu->frames[i], pfn);
	else if (pfn[0] != TRI_PFN_NONE)
		if (cpu->order[i] || !cache_give(pfn[0]))
			tri_free_pages(pfn[0], cpu->order[i]);
	cpu->frames[i] = 0;
}

static void *run(void *arg)
{
	struct cpu *cpu = arg;
	struct tri_status status;

	plat_slot = cpu->slot;
	plat_set_core(cpu->core);
	for (int step = 0; step < STEPS; step++) {
		unsigned long i = test_below(&cpu->random, SLOTS);

		if (test_below(&cpu->random, 500) == 0)
			reclaim_drain_all(cpu->core);
		else if (test_below(&cpu->random, 100) == 0)
			tri_status_read(cpu->core, &status);
		else if (cpu->frames[i])
			give(cpu, i);
		else
			take(cpu, i);
	}
	return NULL;
}

static void all_kinds(void **state)
{
	static const struct tri_run runs[] = {{1024, 200}, {2048, 300}, {3072, 600}};
	static struct cpu cpu[CPUS];
	struct tri_config config;
	struct tri_core *core;
	uint64_t seed = test_seed();

	(void)state;
	model_config(&config, CPUS, 4096, 4UL << 20);
	config.runs = runs;
	config.nr_runs = 3;
	config.zone_end[ZONE_DMA] = 2048;
	config.zone_end[ZONE_DMA32] = 3072;
	config.tunable[TRI_TUNABLE_min_free_kbytes] = 256;
	config.tunable[TRI_TUNABLE_pcp_batch] = 8;
	config.tunable[TRI_TUNABLE_pcp_high] = 24;
	core = model_start(&config);
	memset(&cache, 0, sizeof(cache));
	memset(cpu, 0, sizeof(cpu));
	cache.shrinker =
		(struct tri_shrinker){.name = "cache", .count = cache_count, .scan = cache_scan};
	tri_shrinker_register(core, &cache.shrinker);
	for (unsigned int i = 0; i < CPUS; i++) {
		cpu[i].core = core;
		cpu[i].slot = i;
		cpu[i].random = seed + i;
	}
	for (int round = 0; round < ROUNDS; round++) {
		for (int i = 0; i < CPUS; i++)
			assert_int_equal(pthread_create(&cpu[i].thread, NULL, run, &cpu[i]), 0);
		for (int i = 0; i < CPUS; i++)
			pthread_join(cpu[i].thread, NULL);
		assert_sound(core);
	}
	/* It was as scarce as it was meant to be. */
	assert_true(model_event(core, TRI_EVENT_pages_fail) > 0);
	assert_true(model_event(core, TRI_EVENT_pages_fallback) > 0);
	if (core->policy[TRI_QUESTION_pages] == TRI_POLICY_pages_buddy)
		assert_true(model_event(core, TRI_EVENT_pages_steal) > 0);
	assert_true(model_event(core, TRI_EVENT_pages_reclaim) > 0);
	for (int n = 0; n < CPUS * SLOTS; n++) {
		/* On another CPU than the one that allocated. */
		plat_slot = (unsigned int)(n / SLOTS + 1) % CPUS;
		if (cpu[n / SLOTS].frames[n % SLOTS])
			give(&cpu[n / SLOTS], (unsigned long)n % SLOTS);
	}
	plat_slot = 0;
	tri_shrink(core, 1000);
	tri_shrinker_unregister(core, &cache.shrinker);
	model_stop(core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_kinds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
