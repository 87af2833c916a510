/* SPDX-License-Identifier: GPL-2.0-only */
/* test_pages.c - page frames: the buddy and the per-CPU lists, against a naive model. */
#include <string.h>

#include "model_platform.h"

#define WINDOW (4UL << 20)
#define QUIET  (TRI_GFP_KERNEL | TRI_GFP_NOWARN)
/* What a fresh core keeps: one level-2 table, and a frame of its pool. */
#define OWN_FRAMES 2

/* Runs of odd sizes with holes between them, one adjacent pair. */
static const struct tri_run odd_runs[] = {
	{.first = 1024, .count = 1},	  {.first = 2048, .count = 1024},
	{.first = 3072, .count = 1500},	  {.first = 9216, .count = 777},
	{.first = 102400, .count = 2048},
};
#define ODD_FRAMES (1 + 1024 + 1500 + 777 + 2048UL)

static struct tri_core *start_odd(unsigned int cpus)
{
	struct tri_config config;

	model_config(&config, cpus, 1024, WINDOW);
	config.runs = odd_runs;
	config.nr_runs = sizeof(odd_runs) / sizeof(odd_runs[0]);
	return model_start(&config);
}

static unsigned long frames_free(struct tri_core *core)
{
	struct tri_status status;

	tri_status_read(core, &status);
	return status.frames_free;
}

static void every_frame_once(void **state)
{
	struct tri_core *core = start_odd(1);
	static unsigned long pfn[ODD_FRAMES];
	unsigned long n = 0, last;

	(void)state;
	assert_int_equal(core->frames.count, ODD_FRAMES);
	assert_sound(core);
	while ((last = tri_alloc_pages(QUIET, 0)) != TRI_PFN_NONE)
		pfn[n++] = last;
	assert_int_equal(n, ODD_FRAMES - OWN_FRAMES);
	assert_int_equal(frames_free(core), 0);
	/* That none came twice is tri_check()'s: all of them are in state used. */
	assert_sound(core);
	for (unsigned int order = 0; order <= TRI_MAX_ORDER; order++)
		assert_int_equal(tri_alloc_pages(QUIET, order), TRI_PFN_NONE);
	while (n)
		tri_free_pages(pfn[--n], 0);
	assert_int_equal(frames_free(core), ODD_FRAMES - OWN_FRAMES);
	assert_sound(core);
	model_stop(core);
}

static void largest_blocks(void **state)
{
	struct tri_core *core = start_odd(1);
	unsigned long pfn[8];
	int n = 0;

	(void)state;
	assert_int_equal(tri_alloc_pages(QUIET, TRI_MAX_ORDER + 1), TRI_PFN_NONE);
	assert_int_equal(tri_alloc_pages(QUIET, 1U << 24), TRI_PFN_NONE);
	while ((pfn[n] = tri_alloc_pages(QUIET, TRI_MAX_ORDER)) != TRI_PFN_NONE)
		assert_int_equal(pfn[n++] % 1024, 0);
	/* None across the seam of the adjacent runs; the core's tables claimed one of the four. */
	assert_int_equal(n, 3);
	assert_sound(core);
	while (n)
		tri_free_pages(pfn[--n], TRI_MAX_ORDER);
	model_stop(core);
}

static void bad_frees_panic(void **state)
{
	struct tri_core *core = start_odd(1);
	unsigned long single = tri_alloc_pages(QUIET, 0), block = tri_alloc_pages(QUIET, 3);
	unsigned long table = tri_table_pfn(core, MODEL_WINDOW);

	(void)state;
	assert_panics(tri_free_pages(single, 1));
	assert_panics(tri_free_pages(single, 1U << 24));
	assert_panics(tri_free_pages(block, 0));
	assert_panics(tri_free_pages(block, 2));
	assert_panics(tri_free_pages(block + 4, 2));
	assert_panics(tri_free_pages(block + 1, 0));
	assert_panics(tri_free_pages(table, 0));
	assert_panics(tri_free_pages(0, 0));
	assert_panics(tri_free_pages(1025, 0));
	assert_panics(tri_free_pages(5000, 0));
	assert_panics(tri_free_pages(102400 + 2048, 0));
	assert_panics(tri_free_pages(TRI_PFN_NONE, 0));
	tri_free_pages(single, 0);
	assert_panics(tri_free_pages(single, 0));
	tri_free_pages(block, 3);
	assert_panics(tri_free_pages(block, 3));
	model_stop(core);
}

static struct pcp_list *unmovable(struct tri_core *core)
{
	return &core->cpu[0].pcp.list[0];
}

/* Frames move between list and buddy in batches, and only at the marks. */
static void list_marks(void **state)
{
	struct tri_config config;
	struct tri_core *core;
	unsigned long pfn[64], refills;

	(void)state;
	model_config(&config, 1, 1024, WINDOW);
	assert_int_equal(tri_config_set(&config, "pcp_batch", "8"), 0);
	assert_int_equal(tri_config_set(&config, "pcp_high", "20"), 0);
	assert_int_equal(tri_config_set(&config, "pcp_high_max", "20"), 0);
	core = model_start(&config);
	pcp_drain(core);
	refills = model_event(core, TRI_EVENT_pcp_refill);
	/* Refills in a row double, as far as the high mark lets them: 8, then 12 each. */
	for (int i = 0; i < 8 + 3 * 12; i++)
		pfn[i] = tri_alloc_pages(QUIET, 0);
	assert_int_equal(model_event(core, TRI_EVENT_pcp_refill) - refills, 4);
	assert_int_equal(unmovable(core)->count, 0);
	/* One is kept beside the list, twenty in it. */
	for (int i = 0; i < 21; i++)
		tri_free_pages(pfn[i], 0);
	assert_int_equal(model_event(core, TRI_EVENT_pcp_drain), 0);
	assert_int_equal(unmovable(core)->count, 20);
	tri_free_pages(pfn[21], 0);
	assert_int_equal(model_event(core, TRI_EVENT_pcp_drain), 1);
	assert_int_equal(unmovable(core)->count, 20 - 8 + 1);
	/* The warm ones: the one beside the list, then last in, first out. */
	assert_int_equal(tri_alloc_pages(QUIET, 0), pfn[0]);
	assert_int_equal(tri_alloc_pages(QUIET, 0), pfn[21]);
	assert_sound(core);
	tri_free_pages(pfn[0], 0);
	for (int i = 21; i < 44; i++)
		tri_free_pages(pfn[i], 0);
	model_stop(core);
}

/* A block that only this CPU's list keeps from merging is found all the same. */
static void list_is_drained_for_a_block(void **state)
{
	struct tri_config config;
	struct tri_core *core;
	static unsigned long pfn[1024];
	unsigned long n = 0, block;

	(void)state;
	model_config(&config, 1, 1024, WINDOW);
	config.tunable[TRI_TUNABLE_pcp_high] = 65536;
	core = model_start(&config);
	while ((pfn[n] = tri_alloc_pages(QUIET, 0)) != TRI_PFN_NONE)
		n++;
	while (n)
		tri_free_pages(pfn[--n], 0);
	assert_int_equal(zones_free(core), 0);
	block = tri_alloc_pages(QUIET, 9);
	assert_int_not_equal(block, TRI_PFN_NONE);
	assert_int_equal(unmovable(core)->count, 0);
	tri_free_pages(block, 9);
	model_stop(core);
}

/* One byte per frame: 0 free or not ours to see, else 1 + the order of the block it is in. */
static struct {
	uint8_t owner[102400 + 2048];
	unsigned long pfn[512];
	unsigned int order[512];
	unsigned int blocks;
	unsigned long frames;
} naive;

static void naive_take(unsigned long pfn, unsigned int order)
{
	assert_int_equal(pfn % (1UL << order), 0);
	for (unsigned long i = pfn; i < pfn + (1UL << order); i++) {
		assert_int_equal(naive.owner[i], 0);
		naive.owner[i] = 1 + order;
	}
	naive.pfn[naive.blocks] = pfn;
	naive.order[naive.blocks++] = order;
	naive.frames += 1UL << order;
}

static void naive_give(unsigned int block)
{
	memset(&naive.owner[naive.pfn[block]], 0, 1UL << naive.order[block]);
	naive.frames -= 1UL << naive.order[block];
	naive.blocks--;
	naive.pfn[block] = naive.pfn[naive.blocks];
	naive.order[block] = naive.order[naive.blocks];
}

static void random_operations(void **state)
{
	struct tri_core *core = start_odd(2);
	uint64_t random = test_seed();
	unsigned long splits, merges;

	(void)state;
	memset(&naive, 0, sizeof(naive));
	for (int step = 0; step < 20000; step++) {
		bool grow = test_below(&random, 8) < (step / 1000 % 2 ? 3 : 5);

		plat_slot = test_below(&random, 2);
		if (grow && naive.blocks < 512) {
			/* Mostly small ones. */
			unsigned int order = test_below(&random, 1 + test_below(&random, 11));
			unsigned long pfn = tri_alloc_pages(QUIET, order);

			if (pfn != TRI_PFN_NONE)
				naive_take(pfn, order);
			else
				assert_true(naive.frames);
		} else if (naive.blocks) {
			unsigned int block = test_below(&random, naive.blocks);

			tri_free_pages(naive.pfn[block], naive.order[block]);
			naive_give(block);
		}
		assert_int_equal(frames_free(core), ODD_FRAMES - OWN_FRAMES - naive.frames);
		if (step % 64 == 0)
			assert_sound(core);
	}
	while (naive.blocks) {
		tri_free_pages(naive.pfn[0], naive.order[0]);
		naive_give(0);
	}
	/* With nothing split, both counts agree but for the frames the core keeps. */
	pcp_drain_all(core);
	splits = model_event(core, TRI_EVENT_pages_split);
	merges = model_event(core, TRI_EVENT_pages_merge);
	assert_in_range(splits - merges, 0, OWN_FRAMES * TRI_MAX_ORDER);
	model_stop(core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_frame_once),
		cmocka_unit_test(largest_blocks),
		cmocka_unit_test(bad_frees_panic),
		cmocka_unit_test(list_marks),
		cmocka_unit_test(list_is_drained_for_a_block),
		cmocka_unit_test(random_operations),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
