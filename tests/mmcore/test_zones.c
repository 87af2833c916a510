/* SPDX-License-Identifier: GPL-2.0-only */
/* test_zones.c - which zone serves a request, and how many frames it must leave there. */
#include <string.h>

#include "model_platform.h"

#define WINDOW	  (4UL << 20)
#define DMA_END	  2048UL
#define DMA32_END 8192UL
#define LAST	  (1024 + 32768UL)
#define QUIET	  (TRI_GFP_KERNEL | TRI_GFP_NOWARN)

/* 4 MiB of DMA, 24 MiB of DMA32, 100 MiB above. */
static struct tri_core *start(unsigned int cpus, const char *min_free_kbytes)
{
	struct tri_config config;

	model_config(&config, cpus, LAST - 1024, WINDOW);
	config.zone_end[ZONE_DMA] = DMA_END;
	config.zone_end[ZONE_DMA32] = DMA32_END;
	assert_int_equal(tri_config_set(&config, "min_free_kbytes", min_free_kbytes), 0);
	return model_start(&config);
}

static unsigned long pfn[LAST];
static unsigned long pfns;

/* Single frames until there are no more; how many. */
static unsigned long exhaust(tri_gfp_t gfp)
{
	unsigned long before = pfns;

	while ((pfn[pfns] = tri_alloc_pages(gfp | TRI_GFP_NOWARN, 0)) != TRI_PFN_NONE)
		pfns++;
	return pfns - before;
}

static void stop(struct tri_core *core)
{
	assert_sound(core);
	while (pfns)
		tri_free_pages(pfn[--pfns], 0);
	model_stop(core);
}

static unsigned long free_in(struct tri_core *core, enum zone_number number)
{
	return zone_free(core, &core->zones.zone[number]);
}

static enum zone_number zone_at(unsigned long at)
{
	return at < DMA_END ? ZONE_DMA : at < DMA32_END ? ZONE_DMA32 : ZONE_NORMAL;
}

static void the_highest_allowed_zone_serves(void **state)
{
	struct tri_core *core = start(1, "1");

	(void)state;
	for (unsigned int order = 0; order <= TRI_MAX_ORDER; order++) {
		unsigned long any = tri_alloc_pages(QUIET, order);
		unsigned long dma = tri_alloc_pages(QUIET | TRI_GFP_DMA, order);
		unsigned long dma32 = tri_alloc_pages(QUIET | TRI_GFP_DMA32, order);

		assert_int_equal(zone_at(any), ZONE_NORMAL);
		assert_int_equal(zone_at(dma32), ZONE_DMA32);
		assert_int_equal(zone_at(dma), ZONE_DMA);
		tri_free_pages(dma, order);
		tri_free_pages(any, order);
		tri_free_pages(dma32, order);
	}
	assert_int_equal(model_event(core, TRI_EVENT_pages_fallback), 0);
	stop(core);
}

/* Down to the reserve of each lower zone, which is for those who can't use a higher one. */
static void lower_zones_help_out(void **state)
{
	struct tri_core *core = start(1, "1");
	unsigned long normal = LAST - DMA32_END, dma32 = DMA32_END - DMA_END;

	(void)state;
	exhaust(TRI_GFP_KERNEL);
	assert_int_equal(free_in(core, ZONE_NORMAL), 0);
	assert_int_equal(free_in(core, ZONE_DMA32), normal / 256);
	assert_int_equal(free_in(core, ZONE_DMA), (normal + dma32) / 256);
	assert_true(model_event(core, TRI_EVENT_pages_fallback) > 0);
	assert_sound(core);
	exhaust(TRI_GFP_KERNEL | TRI_GFP_DMA32);
	assert_int_equal(free_in(core, ZONE_DMA32), 0);
	assert_int_equal(free_in(core, ZONE_DMA), dma32 / 256);
	assert_int_equal(exhaust(TRI_GFP_KERNEL | TRI_GFP_DMA), dma32 / 256);
	assert_int_equal(free_in(core, ZONE_DMA), 0);
	stop(core);
}

static void a_zone_without_frames(void **state)
{
	struct tri_config config;
	struct tri_core *core;
	unsigned long any, dma32;

	(void)state;
	model_config(&config, 1, 4096, WINDOW);
	core = model_start(&config);
	assert_int_equal(tri_alloc_pages(QUIET | TRI_GFP_DMA, 0), TRI_PFN_NONE);
	assert_int_equal(tri_alloc_pages(QUIET | TRI_GFP_DMA32, 3), TRI_PFN_NONE);
	model_stop(core);

	/* And the highest one may be missing: DMA32 is then where all go. */
	config.zone_end[ZONE_DMA32] = 65536;
	core = model_start(&config);
	any = tri_alloc_pages(QUIET, 0);
	dma32 = tri_alloc_pages(QUIET | TRI_GFP_DMA32, 0);
	assert_true(any != TRI_PFN_NONE && dma32 != TRI_PFN_NONE);
	assert_int_equal(tri_alloc_pages(QUIET | TRI_GFP_DMA, 0), TRI_PFN_NONE);
	assert_sound(core);
	tri_free_pages(any, 0);
	tri_free_pages(dma32, 0);
	model_stop(core);

	/* Requests that name it begin there too, and not in the zone below. */
	config.zone_end[ZONE_DMA] = 2048;
	core = model_start(&config);
	dma32 = TRI_PFN_NONE;
	assert_int_equal(tri_alloc_pages_bulk(QUIET | TRI_GFP_DMA32, 1, &dma32), 1);
	assert_true(dma32 >= 2048);
	tri_free_pages(dma32, 0);
	model_stop(core);
}

/* Linux's figures for 128 MiB; a zone's share is that of its frames. */
static void marks(void **state)
{
	struct tri_core *core = start(1, "0");
	struct zone *normal = &core->zones.zone[ZONE_NORMAL];
	unsigned long kib = 1448; /* sqrt(128 * 1024 * 16) */
	unsigned long min = kib / 4 * (LAST - DMA32_END) / (LAST - 1024);

	(void)state;
	assert_int_equal(tri_tunable_get(core, TRI_TUNABLE_min_free_kbytes), kib);
	assert_int_equal(normal->watermark[WATERMARK_MIN], min);
	assert_int_equal(normal->watermark[WATERMARK_LOW], min + min / 4);
	assert_int_equal(normal->watermark[WATERMARK_HIGH], min + 2 * (min / 4));
	stop(core);
}

/* What each kind of request leaves in the only zone. */
static void who_may_dip_how_deep(void **state)
{
	struct tri_config config;
	struct tri_core *core;
	unsigned long min;

	(void)state;
	model_config(&config, 1, 16384, WINDOW);
	config.tunable[TRI_TUNABLE_min_free_kbytes] = 4096;
	core = model_start(&config);
	min = core->zones.zone[ZONE_NORMAL].watermark[WATERMARK_MIN];
	assert_int_equal(min, 1024);
	exhaust(TRI_GFP_KERNEL);
	assert_int_equal(zones_free(core), min);
	assert_true(model_event(core, TRI_EVENT_pages_slow) > 0);
	assert_int_equal(exhaust(TRI_GFP_NOWAIT), 0);
	assert_int_equal(exhaust(TRI_GFP_KERNEL | TRI_GFP_HIGH), min / 2);
	assert_int_equal(exhaust(TRI_GFP_ATOMIC), min / 2 / 4);
	assert_int_equal(zones_free(core), min * 3 / 8);
	assert_int_equal(tri_alloc_pages(TRI_GFP_ATOMIC | TRI_GFP_NOWARN, 2), TRI_PFN_NONE);
	assert_int_equal(exhaust(TRI_GFP_KERNEL | TRI_GFP_MEMALLOC), min * 3 / 8);
	assert_int_equal(zones_free(core), 0);
	stop(core);
}

/* A block that would leave less than the mark is refused, however little of it is too much. */
static void a_mark_counts_what_is_left(void **state)
{
	struct tri_config config;
	struct tri_core *core;
	unsigned long min, block;

	(void)state;
	model_config(&config, 1, 16384, WINDOW);
	config.tunable[TRI_TUNABLE_min_free_kbytes] = 4096;
	core = model_start(&config);
	min = core->zones.zone[ZONE_NORMAL].watermark[WATERMARK_MIN];
	while (zones_free(core) + pcp_frames(core) > min + 31) {
		pfn[pfns] = tri_alloc_pages(TRI_GFP_MEMALLOC, 0);
		assert_int_not_equal(pfn[pfns++], TRI_PFN_NONE);
	}
	pcp_drain(core);
	assert_int_equal(zones_free(core), min + 31);
	assert_int_equal(tri_alloc_pages(TRI_GFP_KERNEL | TRI_GFP_NOWARN, 5), TRI_PFN_NONE);
	block = tri_alloc_pages(TRI_GFP_KERNEL | TRI_GFP_NOWARN, 4);
	assert_int_not_equal(block, TRI_PFN_NONE);
	tri_free_pages(block, 4);
	/* What must not fail goes into half of the reserve instead of waiting for nothing. */
	assert_int_equal(exhaust(TRI_GFP_KERNEL), 31);
	assert_int_equal(zones_free(core), min);
	model.quiet = true;
	pfn[pfns] = tri_alloc_pages(TRI_GFP_KERNEL | TRI_GFP_NOFAIL, 0);
	assert_int_not_equal(pfn[pfns++], TRI_PFN_NONE);
	model.quiet = false;
	stop(core);
}

/* --- Anything at random, against a map of who has which frame. --- */

static struct {
	uint8_t taken[LAST];
	struct {
		unsigned long pfn;
		unsigned int order;
	} block[600];
	unsigned int blocks;
	unsigned long frames;
} naive;

static void naive_take(unsigned long at, unsigned int order, tri_gfp_t gfp)
{
	assert_int_equal(at % (1UL << order), 0);
	assert_true(zone_at(at) <= zone_allowed(gfp));
	for (unsigned long i = at; i < at + (1UL << order); i++) {
		assert_int_equal(naive.taken[i], 0);
		naive.taken[i] = 1;
	}
	naive.block[naive.blocks].pfn = at;
	naive.block[naive.blocks++].order = order;
	naive.frames += 1UL << order;
}

static void naive_give(unsigned int i)
{
	unsigned long frames = 1UL << naive.block[i].order;

	memset(&naive.taken[naive.block[i].pfn], 0, frames);
	naive.frames -= frames;
	naive.block[i] = naive.block[--naive.blocks];
}

static void grow(uint64_t *random)
{
	static const tri_gfp_t zone[] = {0, 0, TRI_GFP_DMA, TRI_GFP_DMA32};
	static const tri_gfp_t type[] = {0, TRI_GFP_MOVABLE, TRI_GFP_RECLAIMABLE, 0};
	static const tri_gfp_t how[] = {TRI_GFP_KERNEL, TRI_GFP_NOWAIT, TRI_GFP_ATOMIC,
					TRI_GFP_KERNEL | TRI_GFP_NORETRY};
	tri_gfp_t gfp = zone[test_below(random, 4)] | type[test_below(random, 4)] |
			how[test_below(random, 4)] | TRI_GFP_NOWARN;
	unsigned int order = test_below(random, 1 + test_below(random, 11));

	if (test_below(random, 8)) {
		unsigned long at = tri_alloc_pages(gfp, order);

		if (at != TRI_PFN_NONE)
			naive_take(at, order, gfp);
	} else {
		unsigned long many[40], n = test_below(random, 40);

		memset(many, 0xff, sizeof(many));
		tri_alloc_pages_bulk(gfp, n, many);
		for (unsigned long i = 0; i < n; i++)
			if (many[i] != TRI_PFN_NONE)
				naive_take(many[i], 0, gfp);
	}
}

static void random_requests(void **state)
{
	struct tri_core *core = start(3, "256");
	uint64_t random = test_seed();
	unsigned long own = core->frames.count - zones_free(core) - pcp_frames(core);

	(void)state;
	memset(&naive, 0, sizeof(naive));
	for (int step = 0; step < 12000; step++) {
		bool up = test_below(&random, 8) < (step / 1500 % 2 ? 3 : 5);

		plat_slot = test_below(&random, 3);
		if (up && naive.blocks < 500) {
			grow(&random);
		} else if (naive.blocks) {
			unsigned int i = test_below(&random, naive.blocks);

			tri_free_pages(naive.block[i].pfn, naive.block[i].order);
			naive_give(i);
		}
		assert_int_equal(zones_free(core) + pcp_frames(core) + own + naive.frames,
				 core->frames.count);
		if (step % 256 == 0)
			assert_sound(core);
	}
	while (naive.blocks) {
		tri_free_pages(naive.block[0].pfn, naive.block[0].order);
		naive_give(0);
	}
	plat_slot = 0;
	stop(core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_highest_allowed_zone_serves),
		cmocka_unit_test(lower_zones_help_out),
		cmocka_unit_test(a_zone_without_frames),
		cmocka_unit_test(marks),
		cmocka_unit_test(who_may_dip_how_deep),
		cmocka_unit_test(a_mark_counts_what_is_left),
		cmocka_unit_test(random_requests),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
