/* SPDX-License-Identifier: GPL-2.0-only */
/* test_vmalloc.c - the vmalloc family as a whole, under every flush policy. */
#include "model_platform.h"

#define MIB   (1UL << 20)
#define SLOTS 64

static const enum tri_policy_value policies[] = {
	TRI_POLICY_flush_lazy,
	TRI_POLICY_flush_eager,
};

static void sizes(void **state)
{
	struct tri_config config;
	struct tri_core *core;
	char *one, *two;

	(void)state;
	model_config(&config, 2, 1024, 4 * MIB);
	core = model_start(&config);
	assert_null(tri_vmalloc(0));
	assert_null(tri_vmalloc(~0UL));
	assert_null(tri_vmalloc(~0UL - TRI_PAGE_SIZE));
	assert_null(tri_vmalloc(1UL << 63));
	assert_null(tri_vmalloc(4 * MIB));
	one = tri_vmalloc(1);
	two = tri_vmalloc(TRI_PAGE_SIZE + 1);
	assert_int_equal(one, MODEL_WINDOW);
	/* One page and its guard, then two and theirs. */
	assert_ptr_equal(two, one + 2 * TRI_PAGE_SIZE);
	assert_int_equal(model_event(core, TRI_EVENT_area_alloc), 2);
	assert_int_equal(model_event(core, TRI_EVENT_table_write), 3);
	assert_int_equal(model_event(core, TRI_EVENT_table_alloc), 1);
	assert_sound(core);
	tri_vfree(NULL);
	tri_vfree(one);
	tri_vfree(two);
	model_stop(core);
}

static void assert_where(struct tri_core *core, uintptr_t addr, enum tri_where where,
			 uintptr_t start, uintptr_t end)
{
	struct tri_area_info info;

	tri_area_find(core, addr, &info);
	assert_int_equal(info.where, where);
	assert_int_equal(info.start, start);
	assert_int_equal(info.end, end);
}

static void find(void **state)
{
	const uintptr_t start = MODEL_WINDOW, end = start + 3 * TRI_PAGE_SIZE;
	struct tri_config config;
	struct tri_core *core;
	void *area;

	(void)state;
	model_config(&config, 1, 1024, 4 * MIB);
	core = model_start(&config);
	area = tri_vmalloc(2 * TRI_PAGE_SIZE);
	assert_where(core, start - 1, TRI_OUTSIDE, 0, 0);
	assert_where(core, start, TRI_LIVE, start, end);
	assert_where(core, start + 2 * TRI_PAGE_SIZE - 1, TRI_LIVE, start, end);
	assert_where(core, start + 2 * TRI_PAGE_SIZE, TRI_GUARD, start, end);
	assert_where(core, end, TRI_FREE, 0, 0);
	assert_where(core, start + 4 * MIB, TRI_OUTSIDE, 0, 0);
	tri_vfree(area);
	assert_where(core, start, TRI_WAITING, start, end);
	assert_int_equal(tri_vmalloc_purge(), 1);
	assert_where(core, start, TRI_FREE, 0, 0);
	model_stop(core);
}

static void bad_frees_panic(void **state)
{
	struct tri_config config;
	struct tri_core *core;
	char *area;

	(void)state;
	for (unsigned int i = 0; i < 2; i++) {
		model_config(&config, 1, 1024, 4 * MIB);
		config.policy[TRI_QUESTION_flush] = policies[i];
		core = model_start(&config);
		area = tri_vmalloc(3 * TRI_PAGE_SIZE);
		assert_panics(tri_vfree(area + 1));
		assert_panics(tri_vfree(area + TRI_PAGE_SIZE));
		assert_panics(tri_vfree((void *)16));
		assert_panics(
			tri_free_pages(pagetable_pfn(*pagetable_entries(core, MODEL_WINDOW)), 0));
		tri_vfree(area);
		assert_panics(tri_vfree(area));
		tri_vmalloc_purge();
		assert_panics(tri_vfree(area));
		model_stop(core);
	}
}

#if TRI_CHECK_LEVEL >= 1
static void sleeping_while_pinned_panics(void **state)
{
	struct tri_config config;
	struct tri_core *core;
	unsigned long saved;

	(void)state;
	model_config(&config, 1, 1024, 4 * MIB);
	core = model_start(&config);
	saved = plat_pin();
	assert_panics(tri_vmalloc(1));
	plat_unpin(saved);
	model_stop(core);
}
#endif

/* A live area is where its mapping says, and only there. */
static void assert_mapped(const struct tri_core *core, const char *area, unsigned long pages)
{
	for (unsigned long i = 0; i < pages; i++) {
		uintptr_t addr = (uintptr_t)area + i * TRI_PAGE_SIZE;
		uint64_t real =
			model.page[addr / TRI_PAGE_SIZE - MODEL_WINDOW / TRI_PAGE_SIZE].real;

		assert_true(real);
		assert_int_equal(real, *pagetable_entries(core, addr));
	}
}

static void random_stream(enum tri_policy_value policy, unsigned long frames)
{
	void *area[SLOTS] = {NULL};
	uint64_t random = test_seed();
	struct tri_config config;
	struct tri_core *core;
	unsigned long failed = 0;

	model_config(&config, 1, frames, 8 * MIB);
	config.policy[TRI_QUESTION_flush] = policy;
	config.tunable[TRI_TUNABLE_lazy_max_pages] = 700;
	config.tunable[TRI_TUNABLE_pcp_high] = 90;
	core = model_start(&config);
	for (int step = 0; step < 6000; step++) {
		unsigned long slot = test_below(&random, SLOTS);
		unsigned long pages = 1 + test_below(&random, test_below(&random, 8) ? 8 : 600);

		if (area[slot]) {
			tri_vfree(area[slot]);
			area[slot] = NULL;
		} else {
			area[slot] = tri_vmalloc(pages * TRI_PAGE_SIZE - test_below(&random, 4000));
			if (area[slot])
				assert_mapped(core, area[slot], pages);
			failed += !area[slot];
		}
		if (test_below(&random, 500) == 0)
			tri_vmalloc_purge();
		if (step % 8 == 0)
			assert_sound(core);
	}
	/* The stream is meant to hit the walls, but not to live there. */
	assert_in_range(failed, 1, 2500);
	for (int slot = 0; slot < SLOTS; slot++)
		tri_vfree(area[slot]);
	model_stop(core);
}

static void random_lazy(void **state)
{
	(void)state;
	random_stream(TRI_POLICY_flush_lazy, 4096);
}

static void random_eager(void **state)
{
	(void)state;
	random_stream(TRI_POLICY_flush_eager, 4096);
}

/* Frames run out long before addresses do. */
static void random_few_frames(void **state)
{
	(void)state;
	random_stream(TRI_POLICY_flush_lazy, 300);
	random_stream(TRI_POLICY_flush_eager, 300);
}

/* Frames that nobody has but the caches that may hold them. */
static unsigned long frames_available(struct tri_core *core)
{
	struct tri_status status;

	tri_status_read(core, &status);
	return status.frames_free + status.tables + status.pool_frames;
}

/* Whichever store fails, the call fails whole: nothing is lost, nothing reused too early. */
static void store_fails(void **state)
{
	/* From the middle of one level-1 table over two whole ones into a fourth. */
	const unsigned long pages = 100 + 2 * 512 + 100;
	struct tri_config config;
	struct tri_core *core;
	unsigned long site, i;
	void *area, *before;

	(void)state;
	for (i = 0; i < 2; i++) {
		model_config(&config, 1, 4096, 16 * MIB);
		config.policy[TRI_QUESTION_flush] = policies[i];
		core = model_start(&config);
		before = tri_vmalloc(411 * TRI_PAGE_SIZE);
		for (site = 1;; site++) {
			unsigned long available = frames_available(core);

			model.fail_store = site;
			area = tri_vmalloc(pages * TRI_PAGE_SIZE);
			assert_sound(core);
			if (area)
				break;
			assert_int_equal(frames_available(core), available);
			tri_vmalloc_purge();
			assert_sound(core);
		}
		assert_int_equal(site, 5);
		model.fail_store = 0;
		tri_vfree(area);
		tri_vfree(before);
		model_stop(core);
	}
}

/* The same for frames: every number of frames too few, tables and objects included. */
static void frames_run_out(void **state)
{
	const unsigned long pages = 3 * 512;
	struct tri_config config;
	struct tri_core *core;
	unsigned long frames, i;
	void *area;

	(void)state;
	for (i = 0; i < 2; i++) {
		/*
		 * One frame each for the level-2 table and the pool, and three level-1 tables;
		 * a fourth where the first two pages of the window still wait.
		 */
		const unsigned long enough = pages + (policies[i] == TRI_POLICY_flush_lazy ? 6 : 5);

		for (frames = pages; frames <= pages + 6; frames++) {
			model_config(&config, 1, frames, 16 * MIB);
			config.policy[TRI_QUESTION_flush] = policies[i];
			core = model_start(&config);
			tri_vfree(tri_vmalloc(TRI_PAGE_SIZE));
			area = tri_vmalloc(pages * TRI_PAGE_SIZE);
			assert_int_equal(!!area, frames >= enough);
			assert_sound(core);
			tri_vfree(area);
			model_stop(core);
		}
	}
}

static void waiting_addresses_are_purged_before_failing(void **state)
{
	struct tri_config config;
	struct tri_core *core;
	void *area;

	(void)state;
	model_config(&config, 1, 2048, 4 * MIB);
	core = model_start(&config);
	for (int i = 0; i < 5; i++) {
		/* Most of the window: the next does not fit while this one waits. */
		area = tri_vmalloc(600 * TRI_PAGE_SIZE);
		assert_non_null(area);
		assert_null(tri_vmalloc(600 * TRI_PAGE_SIZE));
		tri_vfree(area);
	}
	assert_int_equal(model_event(core, TRI_EVENT_purge), 4);
	assert_int_equal(model.range_flushes, 4);
	model_stop(core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes),
		cmocka_unit_test(find),
		cmocka_unit_test(bad_frees_panic),
#if TRI_CHECK_LEVEL >= 1
		cmocka_unit_test(sleeping_while_pinned_panics),
#endif
		cmocka_unit_test(random_lazy),
		cmocka_unit_test(random_eager),
		cmocka_unit_test(random_few_frames),
		cmocka_unit_test(store_fails),
		cmocka_unit_test(frames_run_out),
		cmocka_unit_test(waiting_addresses_are_purged_before_failing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
