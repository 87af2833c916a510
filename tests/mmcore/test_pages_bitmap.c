/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * test_pages_bitmap.c - pages=bitmap under the page allocator: zones, frame states and bitmaps
 * agree. What the bitmap itself does is tested in test_bitmap.c.
 */
#include <string.h>

#include "model_platform.h"

#define WINDOW (4UL << 20)
/* What a fresh core keeps: one level-2 table, and a frame of its pool. */
#define OWN_FRAMES 2
#define BLOCKS	   512

/* Odd sizes and holes, in all three zones. */
static const struct tri_run runs[] = {
	{.first = 1024, .count = 1},	 {.first = 2048, .count = 1024},
	{.first = 3072, .count = 1500},	 {.first = 9216, .count = 777},
	{.first = 16384, .count = 2048}, {.first = 32768, .count = 3000},
};
#define LAST	  (32768 + 3000)
#define DMA_END	  3072
#define DMA32_END 16384
#define FRAMES	  (1 + 1024 + 1500 + 777 + 2048 + 3000UL)

/* 0: not ours, else 1 + the order of the block it is in. */
static uint8_t owner[LAST];

static struct tri_core *start(void)
{
	struct tri_config config;

	model_config(&config, 2, 1024, WINDOW);
	config.runs = runs;
	config.nr_runs = sizeof(runs) / sizeof(runs[0]);
	config.zone_end[0] = DMA_END;
	config.zone_end[1] = DMA32_END;
	assert_int_equal(tri_config_set(&config, "pages", "bitmap"), 0);
	memset(owner, 0, sizeof(owner));
	return model_start(&config);
}

static unsigned long frames_free(struct tri_core *core)
{
	struct tri_status status;

	tri_status_read(core, &status);
	return status.frames_free;
}

static void take(unsigned long pfn, unsigned int order)
{
	assert_int_equal(pfn % (1UL << order), 0);
	for (unsigned long i = pfn; i < pfn + (1UL << order); i++) {
		assert_int_equal(owner[i], 0);
		owner[i] = 1 + order;
	}
}

static tri_gfp_t some_gfp(uint64_t *random)
{
	static const tri_gfp_t where[] = {0, 0, TRI_GFP_DMA32, TRI_GFP_DMA};
	static const tri_gfp_t what[] = {0, TRI_GFP_MOVABLE, TRI_GFP_RECLAIMABLE};

	return TRI_GFP_KERNEL | TRI_GFP_NOWARN | TRI_GFP_MEMALLOC | where[test_below(random, 4)] |
	       what[test_below(random, 3)];
}

static void random_operations(void **state)
{
	static struct {
		unsigned long pfn;
		unsigned int order;
	} block[BLOCKS];
	struct tri_core *core = start();
	uint64_t random = test_seed();
	unsigned long blocks = 0, used = OWN_FRAMES;

	(void)state;
	for (int step = 0; step < 20000; step++) {
		plat_slot = test_below(&random, 2);
		if (test_below(&random, 8) < (step / 1000 % 2 ? 3 : 5) && blocks < BLOCKS) {
			unsigned int order = test_below(&random, 1 + test_below(&random, 11));
			tri_gfp_t gfp = some_gfp(&random);
			unsigned long pfn = tri_alloc_pages(gfp, order);

			if (pfn != TRI_PFN_NONE) {
				take(pfn, order);
				if (gfp & TRI_GFP_DMA)
					assert_true(pfn < DMA_END);
				if (gfp & TRI_GFP_DMA32)
					assert_true(pfn < DMA32_END);
				block[blocks].pfn = pfn;
				block[blocks++].order = order;
				used += 1UL << order;
			}
		} else if (blocks) {
			unsigned long i = test_below(&random, blocks);

			tri_free_pages(block[i].pfn, block[i].order);
			memset(&owner[block[i].pfn], 0, 1UL << block[i].order);
			used -= 1UL << block[i].order;
			block[i] = block[--blocks];
		}
		assert_int_equal(frames_free(core), FRAMES - used);
		if (step % 64 == 0)
			assert_sound(core);
	}
	while (blocks--)
		tri_free_pages(block[blocks].pfn, block[blocks].order);
	model_stop(core);
}

static void every_frame_once(void **state)
{
	static unsigned long pfn[FRAMES];
	struct tri_core *core = start();
	unsigned long n = 0, last;

	(void)state;
	for (;;) {
		plat_slot = n % 2;
		last = tri_alloc_pages(TRI_GFP_KERNEL | TRI_GFP_NOWARN | TRI_GFP_MEMALLOC, 0);
		if (last == TRI_PFN_NONE)
			break;
		take(last, 0);
		pfn[n++] = last;
	}
	plat_slot = 0;
	assert_int_equal(n, FRAMES - OWN_FRAMES);
	assert_int_equal(frames_free(core), 0);
	assert_sound(core);
	while (n)
		tri_free_pages(pfn[--n], 0);
	model_stop(core);
}

static void bad_frees_panic(void **state)
{
	struct tri_core *core = start();
	unsigned long single = tri_alloc_pages(TRI_GFP_KERNEL, 0),
		      block = tri_alloc_pages(TRI_GFP_KERNEL, 3),
		      huge = tri_alloc_pages(TRI_GFP_KERNEL, 9);

	(void)state;
	assert_panics(tri_free_pages(single, 1));
	assert_panics(tri_free_pages(block, 2));
	assert_panics(tri_free_pages(block + 4, 2));
	assert_panics(tri_free_pages(huge, 0));
	assert_panics(tri_free_pages(huge, 10));
	assert_panics(tri_free_pages(1025, 0));
	tri_free_pages(single, 0);
	assert_panics(tri_free_pages(single, 0));
	tri_free_pages(block, 3);
	assert_panics(tri_free_pages(block, 3));
	tri_free_pages(huge, 9);
	assert_panics(tri_free_pages(huge, 9));
	model_stop(core);
}

/* The tail of a block of order 9 or 10 goes back at once, the rest frame by frame. */
static void exact_sizes(void **state)
{
	struct tri_core *core = start();
	unsigned long free = frames_free(core);

	(void)state;
	for (unsigned long pages = 1; pages <= 1024; pages += pages < 5 ? 1 : pages / 2) {
		void *ptr = tri_alloc_pages_exact(TRI_GFP_KERNEL, pages * TRI_PAGE_SIZE);

		assert_non_null(ptr);
		assert_int_equal(frames_free(core), free - pages);
		assert_sound(core);
		tri_free_pages_exact(ptr, pages * TRI_PAGE_SIZE);
		assert_int_equal(frames_free(core), free);
		assert_sound(core);
	}
	model_stop(core);
}

static void bulk(void **state)
{
	struct tri_core *core = start();
	unsigned long pfn[300], free = frames_free(core);
	uint32_t taken[300];
	struct zone *zone = &core->zones.zone[ZONE_NORMAL];

	(void)state;
	memset(pfn, 0xff, sizeof(pfn));
	assert_int_equal(tri_alloc_pages_bulk(TRI_GFP_KERNEL, 300, pfn), 300);
	for (int i = 0; i < 300; i++)
		take(pfn[i], 0);
	assert_int_equal(frames_free(core), free - 300);
	assert_sound(core);
	tri_free_pages_bulk(300, pfn);
	assert_int_equal(frames_free(core), free);
	/* The same one layer down. */
	assert_int_equal(zone_take_bulk(core, zone, MIGRATE_MOVABLE, taken, 300), 300);
	assert_int_equal(frames_free(core), free - 300);
	for (int i = 0; i < 300; i++)
		assert_int_equal(frame_kind(frame_find(&core->frames, taken[i])),
				 FRAME_KIND(FRAME_CACHED, 0));
	zone_put_bulk(core, zone, taken, 300);
	assert_int_equal(frames_free(core), free);
	model_stop(core);
}

/* In one call: what blocks of order 9 and 10 were split into, other zones and types, gaps. */
static void bulk_of_all_sorts(void **state)
{
	static unsigned long pfn[1024 + 512 + 96];
	const unsigned long n = sizeof(pfn) / sizeof(pfn[0]), room = 1024 + 512;
	struct tri_core *core = start();
	unsigned long free = frames_free(core), split;
	uint64_t random = test_seed();

	(void)state;
	split = plat_ptr_to_pfn(tri_alloc_pages_exact(TRI_GFP_KERNEL, 1024 * TRI_PAGE_SIZE));
	for (unsigned long i = 0; i < 1024; i++)
		pfn[i] = split + i;
	split = plat_ptr_to_pfn(tri_alloc_pages_exact(TRI_GFP_MOVABLE, 512 * TRI_PAGE_SIZE));
	for (unsigned long i = 0; i < 512; i++)
		pfn[1024 + i] = split + i;
	memset(pfn + room, 0xff, (n - room) * sizeof(pfn[0]));
	/* Every third entry is taken already, and stays. */
	for (unsigned long i = room; i < n; i += 3)
		pfn[i] = tri_alloc_pages(TRI_GFP_DMA, 0);
	split = pfn[room + 3];
	assert_int_equal(tri_alloc_pages_bulk(TRI_GFP_KERNEL | TRI_GFP_DMA32, n, pfn), n);
	assert_int_equal(pfn[room + 3], split);
	assert_int_equal(frames_free(core), free - n);
	assert_sound(core);
	for (unsigned long i = 0; i < n; i++)
		take(pfn[i], 0);
	for (unsigned long i = 0; i < n; i++) {
		unsigned long j = test_below(&random, n), swap = pfn[i];

		pfn[i] = pfn[j];
		pfn[j] = swap;
	}
	tri_free_pages_bulk(n / 2, pfn);
	assert_sound(core);
	pfn[0] = pfn[n - 1];
	assert_panics(tri_free_pages_bulk(2, (unsigned long[]){pfn[0], pfn[0]}));
	tri_free_pages_bulk(n - 1 - n / 2, pfn + n / 2);
	assert_int_equal(frames_free(core), free);
	model_stop(core);
}

/* Where frame states and bitmap differ, tri_check() says so. */
static void check_finds_damage(void **state)
{
	struct tri_core *core = start();
	unsigned long block = tri_alloc_pages(TRI_GFP_KERNEL, 4);
	struct frame *frame = frame_find(&core->frames, block);
	struct zone *zone = &core->zones.zone[ZONE_NORMAL];
	struct bitmap *bitmap = &zone->bitmap;
	unsigned long index = frame - core->frames.frame - zone->bitmap_first;
	uint64_t *row = &bitmap->field[index / 512][index % 512 / 64];
	unsigned int kind = frame_kind_full(frame);

	(void)state;
	assert_sound(core);
	model.quiet = true;
	/* In use, but of no block: first and inside. */
	frame_set_kind_full(frame, FRAME_KIND(FRAME_INSIDE, 0));
	assert_int_not_equal(tri_check(core), 0);
	frame_set_kind_full(frame, kind);
	assert_sound(core);
	/* Free, but in a block; and counted right, so that the bitmap alone is sound. */
	*row &= ~(1UL << (index + 3) % 64);
	bitmap->cpu[0].slot[1]++;
	bitmap->cpu[0].used--;
	assert_int_equal(bitmap_check(bitmap), 0);
	assert_int_not_equal(tri_check(core), 0);
	*row |= 1UL << (index + 3) % 64;
	bitmap->cpu[0].slot[1]--;
	bitmap->cpu[0].used++;
	assert_sound(core);
	bitmap->added++;
	assert_int_not_equal(tri_check(core), 0);
	bitmap->added--;
	model.quiet = false;
	tri_free_pages(block, 4);
	model_stop(core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_frame_once),
		cmocka_unit_test(random_operations),
		cmocka_unit_test(bad_frees_panic),
		cmocka_unit_test(exact_sizes),
		cmocka_unit_test(bulk),
		cmocka_unit_test(bulk_of_all_sorts),
		cmocka_unit_test(check_finds_damage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
