/* SPDX-License-Identifier: GPL-2.0-only */
/* test_page_calls.c - pages by pointer, by exact size and in bulk; injected failures. */
#include <string.h>

#include "model_platform.h"
#include "shadow.h"

#define FRAMES 4096UL
#define QUIET  (TRI_GFP_KERNEL | TRI_GFP_NOWARN)

static struct tri_core *start(void)
{
	struct tri_config config;

	model_config(&config, 2, FRAMES, 4UL << 20);
	return model_start(&config);
}

static unsigned long frames_free(struct tri_core *core)
{
	return zones_free(core) + pcp_frames(core);
}

static void by_pointer(void **state)
{
	struct tri_core *core = start();
	unsigned long free = frames_free(core);
	char *page = tri_get_free_pages(QUIET, 0), *block, *again;

	(void)state;
	memset(page, 0xaa, TRI_PAGE_SIZE);
	tri_free_page_ptr(page);
	again = tri_get_zeroed_page(QUIET);
	assert_ptr_equal(again, page);
	for (unsigned int i = 0; i < TRI_PAGE_SIZE; i++)
		assert_int_equal(again[i], 0);
	block = tri_get_free_pages(QUIET, 4);
	assert_int_equal(plat_ptr_to_pfn(block) % 16, 0);
	assert_int_equal(frames_free(core), free - 17);
	tri_free_pages_ptr(block, 4);
	tri_free_pages_ptr(again, 0);
	tri_free_pages_ptr(NULL, 0);
	tri_free_page_ptr(NULL);
	assert_null(tri_get_free_pages(QUIET, TRI_MAX_ORDER + 1));
	assert_panics(tri_free_pages_ptr(block, 4));
	assert_panics(tri_free_page_ptr((char *)&free));
	assert_int_equal(frames_free(core), free);
	model_stop(core);
}

static void exact_sizes_give_the_tail_back(void **state)
{
	static const unsigned long bytes[] = {1, 4096, 4097, 5 * 4096, 1023 * 4096 + 1, 4UL << 20};
	struct tri_core *core = start();
	unsigned long free = frames_free(core);

	(void)state;
	for (unsigned int i = 0; i < sizeof(bytes) / sizeof(bytes[0]); i++) {
		unsigned long pages = (bytes[i] + TRI_PAGE_SIZE - 1) / TRI_PAGE_SIZE;
		char *memory = tri_alloc_pages_exact(QUIET, bytes[i]);

		assert_non_null(memory);
		assert_int_equal(frames_free(core), free - pages);
		memory[0] = memory[pages * TRI_PAGE_SIZE - 1] = 1;
		assert_sound(core);
		tri_free_pages_exact(memory, bytes[i]);
		assert_int_equal(frames_free(core), free);
	}
	assert_null(tri_alloc_pages_exact(QUIET, 0));
	assert_null(tri_alloc_pages_exact(QUIET, (4UL << 20) + 1));
	model_stop(core);
}

/* Only entries without a frame are filled; those that have one stay. */
static void bulk_fills_what_is_empty(void **state)
{
	struct tri_core *core = start();
	unsigned long free = frames_free(core), pfn[300], own = tri_alloc_pages(QUIET, 0);

	(void)state;
	memset(pfn, 0xff, sizeof(pfn));
	pfn[0] = pfn[70] = pfn[299] = own;
	assert_int_equal(tri_alloc_pages_bulk(QUIET, 300, pfn), 300);
	assert_int_equal(frames_free(core), free - 1 - 297);
	assert_true(pfn[0] == own && pfn[70] == own && pfn[299] == own);
	/* That none came twice is tri_check()'s: all of them are in state used. */
	assert_sound(core);
	assert_int_equal(tri_alloc_pages_bulk(QUIET, 300, pfn), 300);
	assert_int_equal(tri_alloc_pages_bulk(QUIET, 0, pfn), 0);
	pfn[0] = pfn[70] = TRI_PFN_NONE;
	tri_free_pages_bulk(300, pfn);
	for (int i = 0; i < 300; i++)
		assert_int_equal(pfn[i], TRI_PFN_NONE);
	assert_int_equal(frames_free(core), free);
	pfn[5] = own;
	assert_panics(tri_free_pages_bulk(6, pfn));
	model_abandon(core);
}

static void bulk_to_the_last_frame(void **state)
{
	static unsigned long pfn[FRAMES];
	struct tri_core *core = start();
	unsigned long free = frames_free(core), got;

	(void)state;
	for (int round = 0; round < 2; round++) {
		memset(pfn, 0xff, sizeof(pfn));
		/* One that the other CPU's list has, too. */
		plat_slot = 1;
		tri_free_pages(tri_alloc_pages(QUIET | TRI_GFP_MOVABLE, 0), 0);
		plat_slot = 0;
		got = tri_alloc_pages_bulk(QUIET | (round ? TRI_GFP_ZERO : 0), FRAMES, pfn);
		assert_int_equal(got, free);
		assert_int_equal(frames_free(core), 0);
		assert_sound(core);
		tri_free_pages_bulk(FRAMES, pfn);
	}
	model_stop(core);
}

/* Frames of all types in one array go back where they came from. */
static void bulk_of_mixed_types(void **state)
{
	static const tri_gfp_t type[] = {0, TRI_GFP_MOVABLE, TRI_GFP_RECLAIMABLE};
	struct tri_core *core = start();
	unsigned long pfn[200];
	uint64_t random = test_seed();

	(void)state;
	for (int i = 0; i < 200; i++)
		pfn[i] = tri_alloc_pages(QUIET | type[test_below(&random, 3)], 0);
	tri_free_pages_bulk(200, pfn);
	assert_sound(core);
	model_stop(core);
}

#if TRI_CHECK_LEVEL >= 2
static bool open_at(struct tri_core *core, const void *at, unsigned long bytes)
{
	const char *why;

	return !tri_shadow_fault(core, at, bytes, &why);
}

/* What is allocated may be touched, by whichever call; nothing else, and not afterwards. */
static void only_what_is_allocated_is_open(void **state)
{
	struct tri_core *core = start();
	unsigned long pfn[100];
	char *single, *block, *exact;

	(void)state;
	memset(pfn, 0xff, sizeof(pfn));
	for (int round = 0; round < 2; round++) {
		single = tri_get_free_pages(round ? QUIET : QUIET | TRI_GFP_MOVABLE, 0);
		block = tri_get_free_pages(QUIET, 2);
		exact = tri_alloc_pages_exact(QUIET, 3 * TRI_PAGE_SIZE);
		tri_alloc_pages_bulk(QUIET, 100, pfn);
		assert_true(open_at(core, single, TRI_PAGE_SIZE));
		assert_true(open_at(core, block, 4 * TRI_PAGE_SIZE));
		assert_true(open_at(core, exact, 3 * TRI_PAGE_SIZE));
		assert_false(open_at(core, exact + 3 * TRI_PAGE_SIZE, 1));
		for (int i = 0; i < 100; i++)
			assert_true(open_at(core, plat_pfn_to_ptr(pfn[i]), TRI_PAGE_SIZE));
		tri_free_page_ptr(single);
		tri_free_pages_ptr(block, 2);
		tri_free_pages_exact(exact, 3 * TRI_PAGE_SIZE);
		assert_false(open_at(core, single, 1));
		assert_false(open_at(core, block + 4 * TRI_PAGE_SIZE - 1, 1));
		assert_false(open_at(core, exact, 1));
		single = plat_pfn_to_ptr(pfn[99]);
		tri_free_pages_bulk(100, pfn);
		assert_false(open_at(core, single, 1));
	}
	model_stop(core);
}
#endif

#if TRI_CHECK_LEVEL >= 1
static void failures_by_count_and_size(void **state)
{
	struct tri_fault fault = {.after = 2, .interval = 3, .times = 2};
	static const bool fails[] = {0, 0, 1, 0, 0, 1, 0, 0, 0, 0};
	struct tri_core *core = start();

	(void)state;
	tri_fault_set(core, TRI_FAULT_PAGES, &fault);
	for (unsigned int i = 0; i < sizeof(fails); i++) {
		unsigned long pfn = tri_alloc_pages(QUIET, i % 2);

		assert_int_equal(pfn == TRI_PFN_NONE, fails[i]);
		if (!fails[i])
			tri_free_pages(pfn, i % 2);
	}
	assert_int_equal(tri_fault_calls(core, TRI_FAULT_PAGES), sizeof(fails));
	assert_int_equal(tri_fault_failures(core, TRI_FAULT_PAGES), 2);

	/* Blocks of 16 KiB alone; a request that must not fail does not. */
	fault = (struct tri_fault){.interval = 1, .size_min = 16384, .size_max = 16384};
	tri_fault_set(core, TRI_FAULT_PAGES, &fault);
	for (unsigned int order = 0; order < 5; order++) {
		unsigned long pfn = tri_alloc_pages(QUIET, order);

		assert_int_equal(pfn == TRI_PFN_NONE, order == 2);
		if (pfn != TRI_PFN_NONE)
			tri_free_pages(pfn, order);
	}
	tri_free_pages(tri_alloc_pages(QUIET | TRI_GFP_NOFAIL, 2), 2);
	assert_int_equal(tri_fault_calls(core, TRI_FAULT_PAGES), 1);
	model_stop(core);
}

static void failures_by_probability(void **state)
{
	struct tri_fault fault = {.interval = 1, .ppm = 250000, .random = test_seed()};
	struct tri_core *core = start();
	unsigned long failed = 0, pfn;

	(void)state;
	tri_fault_set(core, TRI_FAULT_PAGES, &fault);
	for (int i = 0; i < 4000; i++) {
		pfn = tri_alloc_pages(QUIET, 0);
		failed += pfn == TRI_PFN_NONE;
		if (pfn != TRI_PFN_NONE)
			tri_free_pages(pfn, 0);
	}
	/* 1,000 expected; five standard deviations are 137. */
	assert_in_range(failed, 863, 1137);
	assert_int_equal(tri_fault_failures(core, TRI_FAULT_PAGES), failed);
	model_stop(core);
}

/* What is in the array already counts; what must not fail does not. */
static void bulk_fails_as_a_whole(void **state)
{
	struct tri_core *core = start();
	unsigned long pfn[8];

	(void)state;
	memset(pfn, 0xff, sizeof(pfn));
	pfn[2] = pfn[7] = 12345;
	tri_fault_set(core, TRI_FAULT_PAGES, &(struct tri_fault){.interval = 1});
	assert_int_equal(tri_alloc_pages_bulk(QUIET, 8, pfn), 2);
	assert_int_equal(tri_fault_failures(core, TRI_FAULT_PAGES), 1);
	for (int i = 0; i < 8; i++)
		assert_int_equal(pfn[i], i == 2 || i == 7 ? 12345 : TRI_PFN_NONE);
	assert_int_equal(tri_alloc_pages_bulk(QUIET | TRI_GFP_NOFAIL, 8, pfn), 8);
	tri_fault_set(core, TRI_FAULT_PAGES, &(struct tri_fault){0});
	pfn[2] = pfn[7] = TRI_PFN_NONE;
	tri_free_pages_bulk(8, pfn);
	model_stop(core);
}

/* Each page allocation of a call in turn fails: an error, no leak, nothing broken. */
static void each_site_in_turn(void **state)
{
	struct tri_core *core = start();
	unsigned long free, site = 0;
	void *area = NULL;

	(void)state;
	/* Tables stay: make them first. */
	tri_vfree(tri_vmalloc(100 * TRI_PAGE_SIZE));
	tri_vmalloc_purge();
	pcp_drain_all(core);
	free = frames_free(core);
	for (; !area; site++) {
		struct tri_fault fault = {.after = site, .interval = 1, .times = 1};

		assert_true(site < 200);
		tri_fault_set(core, TRI_FAULT_PAGES, &fault);
		area = tri_vmalloc(100 * TRI_PAGE_SIZE);
		assert_int_equal(!area, tri_fault_failures(core, TRI_FAULT_PAGES));
		assert_sound(core);
		if (!area)
			assert_int_equal(frames_free(core), free);
		pcp_drain_all(core);
	}
	assert_true(site > 100);
	tri_fault_set(core, TRI_FAULT_PAGES, &(struct tri_fault){.after = 0});
	tri_vfree(area);
	model_stop(core);
}
#endif

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_pointer),
		cmocka_unit_test(exact_sizes_give_the_tail_back),
		cmocka_unit_test(bulk_fills_what_is_empty),
		cmocka_unit_test(bulk_to_the_last_frame),
		cmocka_unit_test(bulk_of_mixed_types),
#if TRI_CHECK_LEVEL >= 2
		cmocka_unit_test(only_what_is_allocated_is_open),
#endif
#if TRI_CHECK_LEVEL >= 1
		cmocka_unit_test(failures_by_count_and_size),
		cmocka_unit_test(failures_by_probability),
		cmocka_unit_test(bulk_fails_as_a_whole),
		cmocka_unit_test(each_site_in_turn),
#endif
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
