/* SPDX-License-Identifier: GPL-2.0-only */
/* test_flush.c - when each policy flushes, exactly. */
#include <pthread.h>
#include <time.h>

#include "answers.h"
#include "model_platform.h"

#define MIB (1UL << 20)

static struct tri_config config;

static struct tri_core *start(unsigned int cpus, const char *policy)
{
	model_config(&config, cpus, 16384, 512 * MIB);
	assert_int_equal(tri_config_set(&config, "flush", policy), 0);
	return model_start(&config);
}

static void churn(unsigned long pages)
{
	void *area = tri_vmalloc(pages * TRI_PAGE_SIZE);

	assert_non_null(area);
	tri_vfree(area);
}

/* Linux's lazy_max_pages() on this many CPUs. */
static void threshold(void **state)
{
	static const unsigned int cpus[] = {1, 2, 3, 4, 8, 64}, fls[] = {1, 2, 2, 3, 4, 7};
	struct tri_core *core;

	(void)state;
	for (int i = 0; i < 6; i++) {
		core = start(cpus[i], "lazy");
		assert_int_equal(tri_tunable_get(core, TRI_TUNABLE_lazy_max_pages), fls[i] * 8192);
		model_stop(core);
	}
}

/* It scales with the CPUs like Linux's, unless pages are asked for; with 0 nothing waits. */
static void threshold_in_mib(void **state)
{
	struct tri_core *core;

	(void)state;
	for (unsigned long mib = 0; mib <= 16; mib = mib ? 2 * mib : 1) {
		model_config(&config, 4, 16384, 512 * MIB);
		config.tunable[TRI_TUNABLE_lazy_max_mib] = mib;
		core = model_start(&config);
		assert_int_equal(tri_tunable_get(core, TRI_TUNABLE_lazy_max_pages), 3 * mib * 256);
		for (unsigned long n = 1; n <= 3 && !mib; n++) {
			churn(4);
			assert_int_equal(model_event(core, TRI_EVENT_purge), n);
			assert_int_equal(model_event(core, TRI_EVENT_waiting_pages_max), 5);
		}
		model_stop(core);
	}
	config.tunable[TRI_TUNABLE_lazy_max_pages] = 77;
	core = model_start(&config);
	assert_int_equal(tri_tunable_get(core, TRI_TUNABLE_lazy_max_pages), 77);
	model_stop(core);
}

/* A purge comes with the first free that makes more than the threshold wait. */
static void lazy_interval(void **state)
{
	struct tri_core *core;

	(void)state;
	for (unsigned long pages = 1; pages <= 16; pages *= 2) {
		unsigned long every = 16384 / (pages + 1) + 1;

		core = start(2, "lazy");
		for (unsigned long n = 1; n <= 3 * every; n++) {
			churn(pages);
			assert_int_equal(model.range_flushes, n / every);
			assert_int_equal(model_event(core, TRI_EVENT_purge), n / every);
		}
		assert_int_equal(model_event(core, TRI_EVENT_purge_areas), 3 * every);
		assert_int_equal(model_event(core, TRI_EVENT_flush_range), 3);
		assert_int_equal(model_event(core, TRI_EVENT_flush_full), 0);
		assert_int_equal(model_event(core, TRI_EVENT_waiting_areas_max), every);
		assert_int_equal(model_event(core, TRI_EVENT_waiting_pages_max),
				 every * (pages + 1));
		assert_true(model_event(core, TRI_EVENT_purge_ticks_max) > 0);
		/* Lowest first fit: the areas of an interval lie side by side. */
		assert_int_equal(model_event(core, TRI_EVENT_flush_pages), 3 * every * (pages + 1));
		model_stop(core);
	}
}

/* The formula: with two CPUs 64 MiB may wait: 3,276.8 areas of four pages and a guard. */
static void one_flush_in_3276_frees(void **state)
{
	(void)state;
	FOR_EACH_ANSWER(areas, "areas")
	{
		unsigned long frees = 0, flushes = 0;
		struct tri_core *core;

		model_config(&config, 2, 16384, 512 * MIB);
		config.policy[TRI_QUESTION_areas] = areas;
		core = model_start(&config);
		while (flushes < 3) {
			plat_slot = frees % 2;
			churn(4);
			frees++;
			if (model.range_flushes == flushes)
				continue;
			assert_int_equal(frees, ++flushes * 3277);
		}
		plat_slot = 0;
		model_stop(core);
	}
}

/* Each CPU has an equal share of the threshold, and a flush of its own. */
static void lazy_percpu_interval(void **state)
{
	(void)state;
	for (unsigned int cpus = 1; cpus <= 4; cpus++) {
		struct tri_core *core = start(cpus, "lazy-percpu");
		unsigned long share = tri_tunable_get(core, TRI_TUNABLE_lazy_max_pages) / cpus;
		unsigned long every = share / 5 + 1, flushes = 0;

		/* CPU n frees n + 1 times as often as CPU 0. */
		for (unsigned long n = 1; n <= every; n++) {
			for (plat_slot = 0; plat_slot < cpus; plat_slot++) {
				for (unsigned int i = 0; i <= plat_slot; i++)
					churn(4);
			}
			flushes = 0;
			for (unsigned int cpu = 0; cpu < cpus; cpu++)
				flushes += n * (cpu + 1) / every;
			assert_int_equal(model.range_flushes, flushes);
			assert_int_equal(model_event(core, TRI_EVENT_purge), flushes);
		}
		assert_int_equal(flushes, cpus * (cpus + 1) / 2);
		plat_slot = 0;
		model_stop(core);
	}
}

/* A CPU's purge leaves alone what the others freed; a purge of everything flushes once. */
static void lazy_percpu_purges_its_own(void **state)
{
	struct tri_core *core = start(4, "lazy-percpu");
	struct tri_status status;
	uintptr_t last[4];

	(void)state;
	for (plat_slot = 0; plat_slot < 4; plat_slot++) {
		last[plat_slot] = (uintptr_t)tri_vmalloc(4 * TRI_PAGE_SIZE);
		tri_vfree((void *)last[plat_slot]);
	}
	plat_slot = 2;
	while (!model.range_flushes)
		churn(4);
	for (unsigned int cpu = 0; cpu < 4; cpu++) {
		struct tri_area_info info;

		tri_area_find(core, last[cpu], &info);
		assert_int_equal(info.where, cpu == 2 ? TRI_FREE : TRI_WAITING);
	}
	plat_slot = 0;
	tri_status_read(core, &status);
	assert_int_equal(status.areas_waiting, 3);
	assert_int_equal(status.pages_waiting, 15);
	assert_sound(core);
	assert_int_equal(tri_vmalloc_purge(), 3);
	assert_int_equal(model.range_flushes, 2);
	model_stop(core);
}

static struct tri_core *flushing;
static bool was_locked;

static void look_at_the_lock(void)
{
	was_locked = !plat_mutex_trylock(&flushing->flush.list[0].purge);
}

static void eager_global_flushes_everything_under_one_lock(void **state)
{
	struct tri_status status;

	(void)state;
	flushing = start(4, "eager-global");
	model.interrupts = 3;
	model.on_flush = look_at_the_lock;
	for (unsigned long n = 1; n <= 100; n++) {
		was_locked = false;
		churn(4);
		assert_true(was_locked);
		assert_int_equal(model.full_flushes, n);
		tri_status_read(flushing, &status);
		assert_int_equal(status.areas_waiting, 0);
	}
	assert_int_equal(model.range_flushes, 0);
	assert_int_equal(model_event(flushing, TRI_EVENT_flush_full), 100);
	assert_int_equal(model_event(flushing, TRI_EVENT_flush_range), 0);
	assert_int_equal(model_event(flushing, TRI_EVENT_shootdowns), 300);
	assert_int_equal(tri_vmalloc_purge(), 0);
	model.on_flush = NULL;
	model_stop(flushing);
}

static void lazy_counts_what_waits(void **state)
{
	struct tri_core *core = start(2, "lazy");
	struct tri_status status;

	(void)state;
	for (int i = 0; i < 10; i++)
		churn(4);
	tri_status_read(core, &status);
	assert_int_equal(status.areas_live, 0);
	assert_int_equal(status.areas_waiting, 10);
	assert_int_equal(status.pages_waiting, 50);
	/* Their frames do not wait. */
	assert_int_equal(status.frames_free + status.tables + status.pool_frames, status.frames);
	tri_events_reset(core);
	assert_int_equal(model_event(core, TRI_EVENT_waiting_areas_max), 10);
	assert_int_equal(model_event(core, TRI_EVENT_waiting_pages_max), 50);
	assert_int_equal(model_event(core, TRI_EVENT_area_alloc), 0);
	assert_sound(core);
	assert_int_equal(tri_vmalloc_purge(), 10);
	assert_int_equal(tri_vmalloc_purge(), 0);
	assert_int_equal(model.range_flushes, 1);
	tri_status_read(core, &status);
	assert_int_equal(status.areas_waiting + status.pages_waiting, 0);
	model_stop(core);
}

static void eager_flushes_each(void **state)
{
	struct tri_core *core = start(2, "eager");
	struct tri_status status;

	(void)state;
	model.interrupts = 3;
	for (unsigned long n = 1; n <= 100; n++) {
		churn(4);
		assert_int_equal(model.range_flushes, n);
		tri_status_read(core, &status);
		assert_int_equal(status.areas_waiting, 0);
	}
	assert_int_equal(model.flushed_pages, 400);
	assert_int_equal(model_event(core, TRI_EVENT_flush_range), 100);
	assert_int_equal(model_event(core, TRI_EVENT_flush_pages), 400);
	assert_int_equal(model_event(core, TRI_EVENT_shootdowns), 300);
	assert_int_equal(model_event(core, TRI_EVENT_purge), 0);
	assert_int_equal(tri_vmalloc_purge(), 0);
	model_stop(core);
}

static void ceiling(void **state)
{
	struct tri_core *core;

	(void)state;
	model_config(&config, 1, 16384, 64 * MIB);
	config.policy[TRI_QUESTION_flush] = TRI_POLICY_flush_eager;
	config.tunable[TRI_TUNABLE_flush_ceiling] = 8;
	core = model_start(&config);
	churn(8);
	assert_int_equal(model_event(core, TRI_EVENT_flush_range), 1);
	assert_int_equal(model_event(core, TRI_EVENT_flush_full), 0);
	churn(9);
	assert_int_equal(model_event(core, TRI_EVENT_flush_range), 1);
	assert_int_equal(model_event(core, TRI_EVENT_flush_full), 1);
	assert_int_equal(model.full_flushes, 1);
	model_stop(core);
}

/* Another CPU frees and allocates while a purge flushes: what it freed is not covered. */
static uintptr_t freed_during, reused_during;

static void free_during_flush(void)
{
	void *area;

	model.on_flush = NULL;
	plat_slot = 1;
	area = tri_vmalloc(4 * TRI_PAGE_SIZE);
	freed_during = (uintptr_t)area;
	tri_vfree(area);
	area = tri_vmalloc(4 * TRI_PAGE_SIZE);
	reused_during = (uintptr_t)area;
	tri_vfree(area);
	plat_slot = 0;
}

static void free_during_a_purge_waits_for_the_next(void **state)
{
	struct tri_core *core = start(2, "lazy");
	struct tri_status status;

	(void)state;
	churn(4);
	model.on_flush = free_during_flush;
	assert_int_equal(tri_vmalloc_purge(), 1);
	assert_true(freed_during && reused_during && freed_during != reused_during);
	tri_status_read(core, &status);
	assert_int_equal(status.areas_waiting, 2);
	assert_sound(core);
	assert_int_equal(tri_vmalloc_purge(), 2);
	model_stop(core);
}

/* While one CPU purges, another that passes the threshold goes on without waiting. */
static void passes_during_flush(void)
{
	model.on_flush = NULL;
	plat_slot = 1;
	for (int i = 0; i < 100; i++)
		churn(4);
	plat_slot = 0;
}

static void one_purge_at_a_time(void **state)
{
	struct tri_core *core = start(2, "lazy");

	(void)state;
	for (int i = 0; i < 3276; i++)
		churn(4);
	assert_int_equal(model.range_flushes, 0);
	model.on_flush = passes_during_flush;
	churn(4);
	assert_int_equal(model.range_flushes, 1);
	assert_int_equal(model_event(core, TRI_EVENT_waiting_areas_max), 3277 + 100);
	assert_int_equal(tri_vmalloc_purge(), 100);
	model_stop(core);
}

/* A purge that takes long, while another CPU frees as fast as it can. */
#define FEW_PAGES 100

static struct freeing {
	pthread_t thread;
	struct tri_core *core;
	unsigned long bound;
} freeing;

static void *free_a_lot(void *arg)
{
	(void)arg;
	plat_slot = 1;
	plat_set_core(freeing.core);
	for (int i = 0; i < 1000; i++)
		churn(4);
	return NULL;
}

static void linger(void)
{
	const struct timespec while_ago = {.tv_nsec = 20000000};
	struct flush *flush = &freeing.core->flush;

	model.on_flush = NULL;
	assert_int_equal(pthread_create(&freeing.thread, NULL, free_a_lot, NULL), 0);
	for (unsigned long spins = 0;
	     __atomic_load_n(&flush->pages, __ATOMIC_RELAXED) <= freeing.bound; spins++)
		plat_relax(spins);
	/* Time enough to go on, if nothing holds it up. */
	nanosleep(&while_ago, NULL);
}

/* At twice the threshold it waits for the purge, or what waits would know no bound. */
static void what_waits_is_bounded(void **state)
{
	static const char *const lazy[] = {"lazy", "lazy-percpu"};

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		model_config(&config, 2, 16384, 512 * MIB);
		assert_int_equal(tri_config_set(&config, "flush", lazy[i]), 0);
		config.tunable[TRI_TUNABLE_lazy_max_pages] = FEW_PAGES;
		freeing.core = model_start(&config);
		freeing.bound = i ? FEW_PAGES : 2 * FEW_PAGES;
		churn(4);
		model.on_flush = linger;
		tri_vmalloc_purge();
		pthread_join(freeing.thread, NULL);
		/* The area that passed it; and that of the purge, which is on another list. */
		assert_in_range(model_event(freeing.core, TRI_EVENT_waiting_pages_max),
				freeing.bound + 1, freeing.bound + 5 + 5 * i);
		model_stop(freeing.core);
	}
}

/* Of areas kept aside, each purge gives a quarter back, not only those asked for. */
static void purges_empty_the_pools(void **state)
{
	struct tri_core *core;
	void *area[8];

	(void)state;
	model_config(&config, 2, 16384, 512 * MIB);
	assert_int_equal(tri_config_set(&config, "areas", "nodes"), 0);
	config.tunable[TRI_TUNABLE_lazy_max_pages] = FEW_PAGES;
	core = model_start(&config);
	for (int i = 0; i < 8; i++)
		area[i] = tri_vmalloc(4 * TRI_PAGE_SIZE);
	for (int i = 0; i < 8; i++)
		tri_vfree(area[i]);
	while (model_event(core, TRI_EVENT_purge) < 1)
		churn(9);
	assert_int_equal(core->areas.node[0].kept[5 - 1], 8);
	while (model_event(core, TRI_EVENT_purge) < 2)
		churn(9);
	assert_int_equal(core->areas.node[0].kept[5 - 1], 6);
	assert_sound(core);
	model_stop(core);
}

/* The guard of a shrunk area was mapped: the flush of the tail makes it safe to map again. */
static void tail_covers_the_new_guard(enum tri_policy_value areas, enum tri_policy_value flush)
{
	bool lazy = flush == TRI_POLICY_flush_lazy || flush == TRI_POLICY_flush_lazy_percpu;
	struct frame_list frames = {.count = 0};
	struct area *area, *tail;
	struct tri_core *core;
	uintptr_t at;

	model_config(&config, 2, 16384, 512 * MIB);
	config.policy[TRI_QUESTION_areas] = areas;
	config.policy[TRI_QUESTION_flush] = flush;
	core = model_start(&config);
	at = (uintptr_t)tri_vmalloc(9 * TRI_PAGE_SIZE);
	area = areas_find(core, at);
	tail = areas_shrink(core, area, 5);
	pagetable_unmap(core, at + 4 * TRI_PAGE_SIZE, 5, &frames);
	flush_retire(core, tail, &frames);
	assert_sound(core);
	/* While the tail waits, or is kept aside, there is no room to grow. */
	if (lazy)
		assert_int_equal(areas_grow(core, area, 10), -ENOMEM);
	tri_vmalloc_purge();
	assert_int_equal(areas_grow(core, area, 10), 0);
	assert_int_equal(pcp_alloc_list(core, &frames, 5), 0);
	assert_int_equal(pagetable_map(core, at + 4 * TRI_PAGE_SIZE, 5, &frames), 0);
	assert_sound(core);
	tri_vfree((void *)at);
	model_stop(core);
}

static void tails_cover_the_new_guard(void **state)
{
	(void)state;
	FOR_EACH_ANSWER(areas, "areas")
	{
		FOR_EACH_ANSWER(flush, "flush")
		tail_covers_the_new_guard(areas, flush);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threshold),
		cmocka_unit_test(threshold_in_mib),
		cmocka_unit_test(lazy_interval),
		cmocka_unit_test(one_flush_in_3276_frees),
		cmocka_unit_test(lazy_percpu_interval),
		cmocka_unit_test(lazy_percpu_purges_its_own),
		cmocka_unit_test(eager_global_flushes_everything_under_one_lock),
		cmocka_unit_test(lazy_counts_what_waits),
		cmocka_unit_test(eager_flushes_each),
		cmocka_unit_test(ceiling),
		cmocka_unit_test(free_during_a_purge_waits_for_the_next),
		cmocka_unit_test(one_purge_at_a_time),
		cmocka_unit_test(what_waits_is_bounded),
		cmocka_unit_test(purges_empty_the_pools),
		cmocka_unit_test(tails_cover_the_new_guard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
