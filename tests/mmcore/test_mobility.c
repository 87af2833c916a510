/* SPDX-License-Identifier: GPL-2.0-only */
/* test_mobility.c - pageblocks by migratetype: claimed, stolen from, and what that is good for. */
#include <string.h>

#include "model_platform.h"

#define QUIET  (TRI_GFP_KERNEL | TRI_GFP_NOWARN)
#define FRAMES 32768UL /* 64 pageblocks */

static struct tri_core *start(unsigned long frames)
{
	struct tri_config config;

	model_config(&config, 1, frames, 4UL << 20);
	/* Lists would blur which pageblock a frame comes from. */
	config.tunable[TRI_TUNABLE_pcp_batch] = 1;
	config.tunable[TRI_TUNABLE_pcp_high] = 1;
	config.tunable[TRI_TUNABLE_pcp_high_max] = 1;
	return model_start(&config);
}

static enum migratetype type_at(struct tri_core *core, unsigned long pfn)
{
	const struct frame *frame = frame_find(&core->frames, pfn);

	return core->zones.pageblock[(frame - core->frames.frame) / PAGEBLOCK_FRAMES];
}

/* The first request of a type takes over the largest block there is; the next ones stay in it. */
static void a_type_claims_pageblocks(void **state)
{
	struct tri_core *core = start(FRAMES);
	unsigned long claims = model_event(core, TRI_EVENT_pages_claim);
	unsigned long movable = tri_alloc_pages(QUIET | TRI_GFP_MOVABLE, 0);
	unsigned long pfn[1024];

	(void)state;
	assert_int_equal(type_at(core, movable), MIGRATE_MOVABLE);
	assert_int_equal(model_event(core, TRI_EVENT_pages_claim), claims);
	for (int i = 0; i < 1024; i++) {
		pfn[i] = tri_alloc_pages(QUIET | TRI_GFP_RECLAIMABLE, 0);
		assert_int_equal(type_at(core, pfn[i]), MIGRATE_RECLAIMABLE);
		assert_int_equal(pfn[i] / 1024, pfn[0] / 1024);
	}
	assert_int_equal(model_event(core, TRI_EVENT_pages_claim), claims + 2);
	assert_int_equal(model_event(core, TRI_EVENT_pages_steal), 0);
	assert_sound(core);
	for (int i = 0; i < 1024; i++)
		tri_free_pages(pfn[i], 0);
	tri_free_pages(movable, 0);
	model_stop(core);
}

/* All of the memory can be had by any type; small foreign blocks stay what they were. */
static void what_cannot_be_claimed_is_stolen(void **state)
{
	static unsigned long pfn[2048], spread[256];
	struct tri_core *core = start(2048);
	unsigned long n = 0, spreads = 0, claims;

	(void)state;
	/* Unmovable frames everywhere, two of four free: no room for order 4 anywhere. */
	while ((pfn[n] = tri_alloc_pages(QUIET, 3)) != TRI_PFN_NONE)
		n++;
	for (unsigned long i = 0; i < n; i += 2)
		tri_free_pages(pfn[i], 3);
	pcp_drain_all(core);
	claims = model_event(core, TRI_EVENT_pages_claim);
	for (; spreads < 256; spreads++) {
		spread[spreads] = tri_alloc_pages(QUIET | TRI_GFP_MOVABLE, 0);
		assert_int_equal(type_at(core, spread[spreads]), MIGRATE_UNMOVABLE);
	}
	assert_int_equal(model_event(core, TRI_EVENT_pages_claim), claims);
	assert_true(model_event(core, TRI_EVENT_pages_steal) > 0);
	assert_sound(core);
	while (spreads)
		tri_free_pages(spread[--spreads], 0);
	for (unsigned long i = 1; i < n; i += 2)
		tri_free_pages(pfn[i], 3);
	model_stop(core);
}

/* Half of a pageblock free, or of our kind (@keep), is enough; less is not (for what can't move).
 */
static void half_empty(bool keep)
{
	static unsigned long pfn[2048];
	struct tri_core *core = start(1024);
	unsigned long n = 0, unmovable, other;

	/* The core's tables made both pageblocks unmovable; being mostly free, both are claimed. */
	while ((pfn[n] = tri_alloc_pages(QUIET | TRI_GFP_MOVABLE, 0)) != TRI_PFN_NONE)
		n++;
	assert_int_equal(type_at(core, 1024), MIGRATE_MOVABLE);
	assert_int_equal(type_at(core, 1536), MIGRATE_MOVABLE);
	for (unsigned long i = 0; i < n; i++)
		if (pfn[i] >= 1536 && pfn[i] < 1536 + 255) {
			tri_free_pages(pfn[i], 0);
			pfn[i] = TRI_PFN_NONE;
		}
	pcp_drain_all(core);
	unmovable = tri_alloc_pages(QUIET, 0);
	assert_in_range(unmovable, 1536, 2047);
	assert_int_equal(type_at(core, 1536), MIGRATE_MOVABLE);
	if (!keep)
		tri_free_pages(unmovable, 0);
	for (unsigned long i = 0; i < n; i++)
		if (pfn[i] == 1536 + 255) {
			tri_free_pages(pfn[i], 0);
			pfn[i] = TRI_PFN_NONE;
		}
	pcp_drain_all(core);
	other = tri_alloc_pages(QUIET, 0);
	assert_in_range(other, 1536, 2047);
	assert_int_equal(type_at(core, 1536), MIGRATE_UNMOVABLE);
	assert_sound(core);
	tri_free_pages(other, 0);
	if (keep)
		tri_free_pages(unmovable, 0);
	tri_free_pages_bulk(n, pfn);
	model_stop(core);
}

static void a_half_empty_pageblock_is_claimed(void **state)
{
	(void)state;
	half_empty(false);
	half_empty(true);
}

/* Two pageblocks of different types that become one free block become one type. */
static void merged_pageblocks_are_of_one_type(void **state)
{
	static const tri_gfp_t gfp[] = {QUIET, QUIET | TRI_GFP_MOVABLE};
	unsigned long pfn[64], n = 0, half[2];

	(void)state;
	for (int first = 0; first < 2; first++, n = 0) {
		struct tri_core *core = start(4096);

		half[0] = tri_alloc_pages(gfp[0], PAGEBLOCK_ORDER);
		half[1] = tri_alloc_pages(gfp[0], PAGEBLOCK_ORDER);
		if (half[1] != (half[0] ^ PAGEBLOCK_FRAMES)) {
			pfn[n++] = half[0];
			half[0] = half[1];
			half[1] = tri_alloc_pages(gfp[0], PAGEBLOCK_ORDER);
		}
		assert_int_equal(half[1], half[0] ^ PAGEBLOCK_FRAMES);
		/* All there is, the other half too. */
		tri_free_pages(half[1], PAGEBLOCK_ORDER);
		while ((pfn[n] = tri_alloc_pages(gfp[1], PAGEBLOCK_ORDER)) != TRI_PFN_NONE)
			n++;
		for (unsigned long i = 0; i < n; i++)
			if (pfn[i] == half[1])
				pfn[i] = pfn[--n];
		assert_int_not_equal(type_at(core, half[0]), type_at(core, half[1]));
		tri_free_pages(half[first], PAGEBLOCK_ORDER);
		tri_free_pages(half[!first], PAGEBLOCK_ORDER);
		assert_int_equal(type_at(core, half[0]), type_at(core, half[1]));
		assert_sound(core);
		while (n)
			tri_free_pages(pfn[--n], PAGEBLOCK_ORDER);
		model_stop(core);
	}
}

/* Linux's fallbacks[]: who takes from whom first. */
static void the_lesser_evil_is_taken_first(void **state)
{
	static const tri_gfp_t gfp[] = {QUIET, QUIET | TRI_GFP_MOVABLE,
					QUIET | TRI_GFP_RECLAIMABLE};
	static const enum migratetype from[] = {MIGRATE_RECLAIMABLE, MIGRATE_RECLAIMABLE,
						MIGRATE_UNMOVABLE};

	(void)state;
	for (int type = 0; type < MIGRATE_TYPES; type++) {
		struct tri_core *core = start(8192);
		unsigned long block[MIGRATE_TYPES], pfn[64], n = 0;

		for (int i = 0; i < MIGRATE_TYPES; i++)
			block[i] = tri_alloc_pages(gfp[i], TRI_MAX_ORDER);
		while ((pfn[n] = tri_alloc_pages(gfp[type], TRI_MAX_ORDER)) != TRI_PFN_NONE)
			n++;
		for (int i = 0; i < MIGRATE_TYPES; i++) {
			assert_int_equal(type_at(core, block[i]), i);
			if (i != type)
				tri_free_pages(block[i], TRI_MAX_ORDER);
		}
		assert_int_equal(tri_alloc_pages(gfp[type], TRI_MAX_ORDER), block[from[type]]);
		tri_free_pages(block[from[type]], TRI_MAX_ORDER);
		tri_free_pages(block[type], TRI_MAX_ORDER);
		while (n)
			tri_free_pages(pfn[--n], TRI_MAX_ORDER);
		model_stop(core);
	}
}

/* Blocks of 2 MiB to be had after everything movable is gone. @kept: what else there is. */
static unsigned long huge_left(tri_gfp_t kept)
{
	static unsigned long stays[FRAMES], goes[FRAMES], huge[64];
	struct tri_core *core = start(FRAMES);
	unsigned long stay = 0, go = 0, n = 0, blocks;
	uint64_t random = 1;

	while (stay + go < FRAMES * 3 / 4) {
		bool some = !test_below(&random, 32);
		unsigned long at = tri_alloc_pages(some ? kept : QUIET | TRI_GFP_MOVABLE, 0);

		if (some)
			stays[stay++] = at;
		else
			goes[go++] = at;
	}
	tri_free_pages_bulk(go, goes);
	pcp_drain_all(core);
	while ((huge[n] = tri_alloc_pages(QUIET, PAGEBLOCK_ORDER)) != TRI_PFN_NONE)
		n++;
	blocks = n;
	while (n)
		tri_free_pages(huge[--n], PAGEBLOCK_ORDER);
	tri_free_pages_bulk(stay, stays);
	model_stop(core);
	return blocks;
}

/* The purpose of it all. About 770 frames stay, which would fit into two pageblocks. */
static void grouping_keeps_large_blocks(void **state)
{
	unsigned long grouped = huge_left(QUIET), mixed = huge_left(QUIET | TRI_GFP_MOVABLE);

	(void)state;
	assert_in_range(grouped, 60, 64);
	assert_in_range(mixed, 0, 17);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_type_claims_pageblocks),
		cmocka_unit_test(what_cannot_be_claimed_is_stolen),
		cmocka_unit_test(a_half_empty_pageblock_is_claimed),
		cmocka_unit_test(merged_pageblocks_are_of_one_type),
		cmocka_unit_test(the_lesser_evil_is_taken_first),
		cmocka_unit_test(grouping_keeps_large_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
