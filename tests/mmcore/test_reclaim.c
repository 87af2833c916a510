/* SPDX-License-Identifier: GPL-2.0-only */
/* test_reclaim.c - what an allocation does when nothing is free: drain, shrink, wait, fail. */
#include <string.h>

#include "model_platform.h"

#define QUIET (TRI_GFP_KERNEL | TRI_GFP_NOWARN)

/* A cache that holds frames and gives back one of them at a scan, after some in vain. */
static struct {
	struct tri_shrinker shrinker;
	unsigned long pfn[1024], count;
	unsigned long vain; /* scans that free nothing, to come */
	unsigned long scans;
} hoard;

static unsigned long hoard_count(struct tri_core *core, struct tri_shrinker *self)
{
	(void)core;
	assert_ptr_equal(self, &hoard.shrinker);
	return hoard.count;
}

static unsigned long hoard_scan(struct tri_core *core, struct tri_shrinker *self,
				unsigned long frames)
{
	(void)core;
	assert_ptr_equal(self, &hoard.shrinker);
	assert_true(frames >= 1);
	hoard.scans++;
	/* A request from within finds the shrinkers taken, and fails instead of waiting. */
	assert_int_equal(tri_alloc_pages(QUIET, TRI_MAX_ORDER), TRI_PFN_NONE);
	if (hoard.vain) {
		hoard.vain--;
		return 0;
	}
	tri_free_pages(hoard.pfn[--hoard.count], 0);
	return 1;
}

static struct tri_core *core;

/* All frames of a small core are the hoard's. */
static int start(void **state)
{
	struct tri_config config;

	(void)state;
	model_config(&config, 2, 1024, 4UL << 20);
	core = model_start(&config);
	memset(&hoard, 0, sizeof(hoard));
	while ((hoard.pfn[hoard.count] = tri_alloc_pages(QUIET, 0)) != TRI_PFN_NONE)
		hoard.count++;
	/* In this order, whole blocks come together early: the highest pfn goes first. */
	for (unsigned long i = 0; i < hoard.count; i++)
		for (unsigned long j = i; j && hoard.pfn[j - 1] > hoard.pfn[j]; j--) {
			unsigned long swap = hoard.pfn[j];

			hoard.pfn[j] = hoard.pfn[j - 1];
			hoard.pfn[j - 1] = swap;
		}
	hoard.shrinker =
		(struct tri_shrinker){.name = "hoard", .count = hoard_count, .scan = hoard_scan};
	tri_shrinker_register(core, &hoard.shrinker);
	return 0;
}

static int stop(void **state)
{
	(void)state;
	tri_shrinker_unregister(core, &hoard.shrinker);
	assert_int_equal(tri_shrink(core, 1), 0);
	while (hoard.count)
		tri_free_pages(hoard.pfn[--hoard.count], 0);
	model_stop(core);
	return 0;
}

static void free_block(unsigned long pfn, unsigned int order)
{
	assert_int_not_equal(pfn, TRI_PFN_NONE);
	tri_free_pages(pfn, order);
}

static void shrinkers_are_asked_by_who_can_wait(void **state)
{
	(void)state;
	assert_int_equal(tri_alloc_pages(TRI_GFP_NOWAIT | TRI_GFP_NOWARN, 0), TRI_PFN_NONE);
	assert_int_equal(tri_alloc_pages(TRI_GFP_ATOMIC | TRI_GFP_NOWARN, 0), TRI_PFN_NONE);
	/* Whoever frees memory must not wait for others to do it. */
	assert_int_equal(tri_alloc_pages(QUIET | TRI_GFP_MEMALLOC, 0), TRI_PFN_NONE);
	assert_int_equal(hoard.scans, 0);
	free_block(tri_alloc_pages(QUIET, 0), 0);
	assert_int_equal(hoard.scans, 1);
	assert_int_equal(model_event(core, TRI_EVENT_pages_reclaim), 1);
	assert_int_equal(tri_page_level(), TRI_PAGE_SLOW);
}

static void retries_by_flag_and_order(void **state)
{
	(void)state;
	/* Eight frames for a block of order 3, one at a time. */
	assert_int_equal(tri_alloc_pages(QUIET | TRI_GFP_NORETRY, 3), TRI_PFN_NONE);
	assert_int_equal(hoard.scans, 1);
	free_block(tri_alloc_pages(QUIET, 3), 3);
	assert_int_equal(hoard.scans, 8);
	/* Larger than costly: one round, unless asked for more; then at most 16. */
	assert_int_equal(tri_alloc_pages(QUIET, 4), TRI_PFN_NONE);
	assert_int_equal(hoard.scans, 9);
	free_block(tri_alloc_pages(QUIET | TRI_GFP_RETRY_MAYFAIL, 4), 4);
	assert_int_equal(hoard.scans, 16);
	assert_int_equal(tri_alloc_pages(QUIET | TRI_GFP_RETRY_MAYFAIL, 8), TRI_PFN_NONE);
	assert_int_equal(hoard.scans, 32);
	/* No progress: no second round. */
	hoard.vain = 5;
	assert_int_equal(tri_alloc_pages(QUIET, 6), TRI_PFN_NONE);
	assert_int_equal(hoard.vain, 4);
	assert_sound(core);
}

static void nofail_waits_and_says_so(void **state)
{
	(void)state;
	hoard.vain = 2100;
	model.quiet = true;
	free_block(tri_alloc_pages(QUIET | TRI_GFP_NOFAIL, 0), 0);
	model.quiet = false;
	assert_int_equal(hoard.vain, 0);
	assert_non_null(strstr(model.last_log, "must not fail"));
	assert_non_null(strstr(model.last_log, "2048 rounds"));
}

static void all_cpus_lists_are_drained(void **state)
{
	unsigned long drains = model_event(core, TRI_EVENT_pages_drain_all);

	(void)state;
	/* Put a frame where another CPU alone can reach it. */
	plat_slot = 1;
	tri_free_pages(hoard.pfn[--hoard.count], 0);
	plat_slot = 0;
	assert_int_equal(tri_alloc_pages(TRI_GFP_NOWAIT | TRI_GFP_NOWARN, 0), TRI_PFN_NONE);
	free_block(tri_alloc_pages(QUIET, 0), 0);
	assert_int_equal(model_event(core, TRI_EVENT_pages_drain_all), drains + 1);
	assert_int_equal(hoard.scans, 0);
}

/* Who can't wait gets at least what its own lists hold in other orders. */
static void own_lists_are_drained_by_who_cannot_wait(void **state)
{
	unsigned long first = hoard.pfn[hoard.count - 1] & ~1UL, pfn[2], n = 0;

	(void)state;
	for (unsigned long i = hoard.count; i-- > 0;) {
		if ((hoard.pfn[i] & ~1UL) != first)
			continue;
		pfn[n++] = hoard.pfn[i];
		hoard.pfn[i] = hoard.pfn[--hoard.count];
	}
	assert_int_equal(n, 2);
	tri_free_pages(pfn[0], 0);
	tri_free_pages(pfn[1], 0);
	/* On another CPU's lists they are out of its reach. */
	plat_slot = 1;
	assert_int_equal(tri_alloc_pages(TRI_GFP_ATOMIC | TRI_GFP_NOWARN, 1), TRI_PFN_NONE);
	plat_slot = 0;
	free_block(tri_alloc_pages(TRI_GFP_ATOMIC | TRI_GFP_NOWARN, 1), 1);
	assert_int_equal(hoard.scans, 0);
	hoard.pfn[hoard.count++] = tri_alloc_pages(TRI_GFP_ATOMIC, 0);
	hoard.pfn[hoard.count++] = tri_alloc_pages(TRI_GFP_ATOMIC, 0);
	for (unsigned long i = 0; i < hoard.count; i++)
		assert_int_not_equal(hoard.pfn[i], TRI_PFN_NONE);
}

static struct {
	struct tri_shrinker shrinker;
	unsigned long asked, scans;
} rich;

static unsigned long rich_count(struct tri_core *of, struct tri_shrinker *self)
{
	(void)of, (void)self;
	return 1000;
}

/* Frees what it is asked for, from the hoard. */
static unsigned long rich_scan(struct tri_core *of, struct tri_shrinker *self, unsigned long frames)
{
	(void)of, (void)self;
	rich.asked = frames;
	rich.scans++;
	for (unsigned long i = 0; i < frames; i++)
		tri_free_pages(hoard.pfn[--hoard.count], 0);
	return frames;
}

/* At least a cluster is asked for; and nobody else once that is had. */
static void no_more_is_reclaimed_than_asked_for(void **state)
{
	(void)state;
	rich.shrinker =
		(struct tri_shrinker){.name = "rich", .count = rich_count, .scan = rich_scan};
	rich.scans = 0;
	tri_shrinker_register(core, &rich.shrinker);
	free_block(tri_alloc_pages(QUIET, 0), 0);
	assert_int_equal(rich.asked, 32);
	assert_int_equal(rich.scans, 1);
	assert_int_equal(hoard.scans, 0);
	assert_int_equal(tri_shrink(core, 100), 100);
	assert_int_equal(rich.asked, 100);
	assert_int_equal(hoard.scans, 0);
	tri_shrinker_unregister(core, &rich.shrinker);
}

static void failures_are_logged_ever_more_seldom(void **state)
{
	static const char *const expected[] = {"failure 1:", "failure 2:", NULL,
					       "failure 4:", NULL};
	unsigned long failed = model_event(core, TRI_EVENT_pages_fail);

	(void)state;
	model.quiet = true;
	for (int i = 0; i < 5; i++) {
		memset(model.last_log, 0, sizeof(model.last_log));
		assert_int_equal(tri_alloc_pages(TRI_GFP_NOWAIT, 2), TRI_PFN_NONE);
		if (expected[i])
			assert_non_null(strstr(model.last_log, expected[i]));
		else
			assert_int_equal(model.last_log[0], 0);
	}
	tri_alloc_pages(TRI_GFP_NOWAIT | TRI_GFP_NOWARN, 2);
	model.quiet = false;
	assert_int_equal(model.last_log[0], 0);
	assert_int_equal(model_event(core, TRI_EVENT_pages_fail), failed + 6);
}

static void levels(void **state)
{
	unsigned long first, second;

	(void)state;
	for (int i = 0; i < 512; i++)
		tri_free_pages(hoard.pfn[--hoard.count], 0);
	pcp_drain_all(core);
	first = tri_alloc_pages(QUIET, 0);
	assert_int_equal(tri_page_level(), TRI_PAGE_BUDDY);
	second = tri_alloc_pages(QUIET, 0);
	assert_int_equal(tri_page_level(), TRI_PAGE_PCP);
	free_block(tri_alloc_pages(QUIET, 5), 5);
	assert_int_equal(tri_page_level(), TRI_PAGE_BUDDY);
	free_block(first, 0);
	free_block(second, 0);
	/* Freeing is no allocation. */
	assert_int_equal(tri_page_level(), TRI_PAGE_BUDDY);
	free_block(tri_alloc_pages(QUIET, 2), 2);
	free_block(tri_alloc_pages(QUIET, 2), 2);
	assert_int_equal(tri_page_level(), TRI_PAGE_PCP);
	/* Of many at once it is the slowest of theirs: the second call finds them on the list. */
	pcp_drain_all(core);
	for (int i = 0; i < 2; i++) {
		unsigned long pfn[4] = {TRI_PFN_NONE, TRI_PFN_NONE, TRI_PFN_NONE, TRI_PFN_NONE};

		assert_int_equal(tri_alloc_pages_bulk(QUIET, 4, pfn), 4);
		assert_int_equal(tri_page_level(), i ? TRI_PAGE_PCP : TRI_PAGE_BUDDY);
		tri_free_pages_bulk(4, pfn);
	}
}

static void sleeping_while_pinned_is_caught(void **state)
{
	unsigned long saved, array[1] = {TRI_PFN_NONE};

	(void)state;
	if (TRI_CHECK_LEVEL < 1)
		skip();
	saved = plat_pin();
	assert_panics(tri_alloc_pages(QUIET, 0));
	assert_panics(tri_alloc_pages(QUIET, 4));
	assert_panics(tri_alloc_pages_bulk(QUIET, 1, array));
	assert_panics(tri_shrink(core, 1));
	assert_int_equal(tri_alloc_pages(TRI_GFP_NOWAIT | TRI_GFP_NOWARN, 0), TRI_PFN_NONE);
	plat_unpin(saved);
	assert_panics(tri_alloc_pages(TRI_GFP_NOWAIT | TRI_GFP_NOFAIL, 0));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, stop)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(shrinkers_are_asked_by_who_can_wait),
		TEST(retries_by_flag_and_order),
		TEST(nofail_waits_and_says_so),
		TEST(all_cpus_lists_are_drained),
		TEST(own_lists_are_drained_by_who_cannot_wait),
		TEST(no_more_is_reclaimed_than_asked_for),
		TEST(failures_are_logged_ever_more_seldom),
		TEST(levels),
		TEST(sleeping_while_pinned_is_caught),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
