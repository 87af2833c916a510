/* SPDX-License-Identifier: GPL-2.0-only */
/* test_flush.c - when each policy flushes, exactly. */
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

/* The guard of a shrunk area was mapped: the flush of the tail makes it safe to map again. */
static void tail_covers_the_new_guard(void **state)
{
	static const char *const policies[] = {"lazy", "eager"};

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct tri_core *core = start(2, policies[i]);
		struct frame_list frames = {.count = 0};
		struct area *area, *tail;
		uintptr_t at = (uintptr_t)tri_vmalloc(9 * TRI_PAGE_SIZE);

		area = areas_find(core, at);
		tail = areas_shrink(core, area, 5);
		pagetable_unmap(core, at + 4 * TRI_PAGE_SIZE, 5, &frames);
		flush_retire(core, tail, &frames);
		assert_sound(core);
		/* While the tail waits, there is no room to grow. */
		assert_int_equal(areas_grow(core, area, 10), i ? 0 : -ENOMEM);
		tri_vmalloc_purge();
		assert_int_equal(i ? 0 : areas_grow(core, area, 10), 0);
		assert_int_equal(pcp_alloc_list(core, &frames, 5), 0);
		assert_int_equal(pagetable_map(core, at + 4 * TRI_PAGE_SIZE, 5, &frames), 0);
		assert_int_equal(model.flushed_pages, i ? 5 : 6);
		assert_sound(core);
		tri_vfree((void *)at);
		model_stop(core);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(threshold),
		cmocka_unit_test(lazy_interval),
		cmocka_unit_test(lazy_counts_what_waits),
		cmocka_unit_test(eager_flushes_each),
		cmocka_unit_test(ceiling),
		cmocka_unit_test(free_during_a_purge_waits_for_the_next),
		cmocka_unit_test(one_purge_at_a_time),
		cmocka_unit_test(tail_covers_the_new_guard),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
