/* SPDX-License-Identifier: GPL-2.0-only */
/* test_pagetable.c - entries in the format of x86-64, runs, and the way back on failure. */
#include "model_platform.h"

#define GIB	     (1UL << 30)
#define LEVEL1_BYTES (2UL << 20)

static struct tri_core *start(unsigned long frames, uintptr_t window, unsigned long bytes)
{
	struct tri_config config;

	model_config(&config, 1, frames, bytes);
	config.window_start = window;
	config.window_end = window + bytes;
	return model_start(&config);
}

/* As hardware finds an address, from the level-2 table on. */
static uint64_t walk(const struct tri_core *core, uintptr_t addr)
{
	uint64_t *table = plat_pfn_to_ptr(tri_table_pfn(core, addr));
	uint64_t entry = table[addr >> 21 & 511];

	if (!(entry & 1))
		return 0;
	assert_int_equal(entry & 0xfff & ~0x60UL, 0x3); /* present, writable, a table */
	assert_int_equal(entry >> 52, 0);
	table = plat_pfn_to_ptr(entry >> 12);
	return table[addr >> 12 & 511];
}

static void map(struct tri_core *core, uintptr_t start, unsigned long pages, int expected)
{
	struct frame_list frames = {.count = 0};

	assert_int_equal(pcp_alloc_list(core, &frames, pages), 0);
	assert_int_equal(pagetable_map(core, start, pages, &frames), expected);
	assert_int_equal(frames.count, expected ? pages : 0);
	pcp_free_list(core, &frames);
}

static void unmap(struct tri_core *core, uintptr_t start, unsigned long pages)
{
	struct frame_list frames = {.count = 0};

	pagetable_unmap(core, start, pages, &frames);
	assert_int_equal(frames.count, pages);
	pcp_free_list(core, &frames);
}

static void format(void **state)
{
	struct tri_core *core = start(2048, MODEL_WINDOW, 4 * LEVEL1_BYTES);

	(void)state;
	assert_int_equal(walk(core, MODEL_WINDOW), 0);
	map(core, MODEL_WINDOW, 2, 0);
	for (int i = 0; i < 2; i++) {
		uint64_t entry = walk(core, MODEL_WINDOW + i * TRI_PAGE_SIZE);

		/* No execute, global, dirty, accessed, kernel only, writable, present. */
		assert_int_equal(entry & ~0x000ffffffffff000UL, 0x8000000000000163UL);
		assert_int_equal(frame_kind(frame_find(&core->frames, entry << 1 >> 13)),
				 FRAME_KIND(FRAME_MAPPED, 0));
		assert_int_equal(entry, model.page[i].real);
	}
	assert_int_equal(walk(core, MODEL_WINDOW + 2 * TRI_PAGE_SIZE), 0);
	unmap(core, MODEL_WINDOW, 2);
	assert_int_equal(walk(core, MODEL_WINDOW), 0);
	plat_tlb_flush_all(MODEL_WINDOW);
	model_stop(core);
}

/* The platform hears of each table's run once, not of each page. */
static void told_in_runs(void **state)
{
	struct tri_core *core = start(4096, MODEL_WINDOW, 4 * LEVEL1_BYTES);
	uintptr_t at = MODEL_WINDOW + 500 * TRI_PAGE_SIZE;

	(void)state;
	map(core, at, 12 + 512 + 1, 0);
	assert_int_equal(model.stores, 3);
	assert_int_equal(model_event(core, TRI_EVENT_table_write), 525);
	assert_int_equal(model_event(core, TRI_EVENT_table_alloc), 3);
	unmap(core, at, 525);
	assert_int_equal(model.stores, 6);
	assert_int_equal(model_event(core, TRI_EVENT_table_write), 1050);
	plat_tlb_flush_all(MODEL_WINDOW);
	/* Level-1 tables stay. */
	map(core, at, 525, 0);
	assert_int_equal(model_event(core, TRI_EVENT_table_alloc), 3);
	unmap(core, at, 525);
	plat_tlb_flush_all(MODEL_WINDOW);
	model_stop(core);
}

/* A window in the middle of two GiB needs both their level-2 tables. */
static void across_a_gib(void **state)
{
	struct tri_core *core = start(2048, MODEL_WINDOW + GIB - LEVEL1_BYTES, 2 * LEVEL1_BYTES);
	uintptr_t at = MODEL_WINDOW + GIB - 3 * TRI_PAGE_SIZE;

	(void)state;
	assert_int_equal(core->pagetable.nr_level2, 2);
	assert_int_not_equal(tri_table_pfn(core, at), tri_table_pfn(core, MODEL_WINDOW + GIB));
	map(core, at, 6, 0);
	for (int i = 0; i < 6; i++)
		assert_true(walk(core, at + i * TRI_PAGE_SIZE));
	unmap(core, at, 6);
	plat_tlb_flush_all(at);
	model_stop(core);
}

static void failed_store_undoes(void **state)
{
	struct tri_core *core = start(4096, MODEL_WINDOW, 4 * LEVEL1_BYTES);
	uintptr_t at = MODEL_WINDOW + 500 * TRI_PAGE_SIZE;

	(void)state;
	for (unsigned long site = 1; site <= 3; site++) {
		model.fail_store = site;
		map(core, at, 525, -ENOMEM);
		for (int i = 0; i < 525; i++)
			assert_int_equal(walk(core, at + i * TRI_PAGE_SIZE), 0);
		plat_tlb_flush_all(MODEL_WINDOW);
		assert_sound(core);
	}
	map(core, at, 525, 0);
	unmap(core, at, 525);
	plat_tlb_flush_all(MODEL_WINDOW);
	model_stop(core);
}

static void no_frame_for_a_table(void **state)
{
	/* A level-2 table, the pool, a level-1 table, 20 frames, and none for the second. */
	struct tri_core *core = start(23, MODEL_WINDOW, 4 * LEVEL1_BYTES);

	(void)state;
	map(core, MODEL_WINDOW + 502 * TRI_PAGE_SIZE, 20, -ENOMEM);
	plat_tlb_flush_all(MODEL_WINDOW);
	assert_sound(core);
	map(core, MODEL_WINDOW + 492 * TRI_PAGE_SIZE, 20, 0);
	unmap(core, MODEL_WINDOW + 492 * TRI_PAGE_SIZE, 20);
	plat_tlb_flush_all(MODEL_WINDOW);
	model_stop(core);
}

static struct frame *take_block(struct tri_core *core)
{
	struct frame *frame = pages_alloc(core, 0, HUGE_ORDER, FRAME_MAPPED);

	assert_non_null(frame);
	return frame;
}

static uint64_t *level2_at(const struct tri_core *core, uintptr_t addr)
{
	return (uint64_t *)plat_pfn_to_ptr(tri_table_pfn(core, addr)) + (addr >> 21 & 511);
}

/* One entry of level 2, in hardware's format; every page of it found, and cleared as one. */
static void huge_entries(void **state)
{
	struct tri_core *core = start(4096, MODEL_WINDOW, 4 * LEVEL1_BYTES);
	uintptr_t at = MODEL_WINDOW + LEVEL1_BYTES;
	struct frame *block = take_block(core);
	struct frame_list frames = {.count = 0};

	(void)state;
	assert_int_equal(pagetable_map_huge(core, at, block), 0);
	/* As of level 1, and the page size bit; the frame number is a multiple of 512. */
	assert_int_equal(*level2_at(core, at),
			 0x80000000000001e3UL | (uint64_t)block->pfn << TRI_PAGE_SHIFT);
	assert_int_equal(block->pfn % HUGE_PAGES, 0);
	assert_int_equal(model.stores, 1);
	assert_int_equal(model_event(core, TRI_EVENT_table_write), 1);
	assert_int_equal(model_event(core, TRI_EVENT_table_alloc), 0);
	assert_true(pagetable_is_huge(core, at + LEVEL1_BYTES - 1));
	assert_false(pagetable_is_huge(core, at + LEVEL1_BYTES));
	assert_null(pagetable_entries(core, at));
	for (unsigned long i = 0; i < HUGE_PAGES; i += 73)
		assert_int_equal(pagetable_lookup(core, at + i * TRI_PAGE_SIZE), block->pfn + i);
	assert_int_equal(pagetable_lookup(core, at - 1), TRI_PFN_NONE);
	*(char *)(at + 400 * TRI_PAGE_SIZE) = 9;
	assert_int_equal(*(char *)plat_pfn_to_ptr(block->pfn + 400), 9);
	pagetable_unmap(core, at, HUGE_PAGES, &frames);
	assert_int_equal(frames.count, 1);
	assert_ptr_equal(frame_list_pop_head(&core->frames, &frames), block);
	pages_free(core, block, HUGE_ORDER);
	plat_tlb_flush_all(at);
	model_stop(core);
}

/* 4 KiB before and behind 2 MiB: one call takes all of it back. */
static void mixed_entries(void **state)
{
	struct tri_core *core = start(4096, MODEL_WINDOW, 4 * LEVEL1_BYTES);
	uintptr_t at = MODEL_WINDOW + LEVEL1_BYTES;
	struct frame_list frames = {.count = 0};

	(void)state;
	map(core, at - 3 * TRI_PAGE_SIZE, 3, 0);
	assert_int_equal(pagetable_map_huge(core, at, take_block(core)), 0);
	map(core, at + LEVEL1_BYTES, 5, 0);
	pagetable_unmap(core, at - 3 * TRI_PAGE_SIZE, 3 + HUGE_PAGES + 5, &frames);
	assert_int_equal(frames.count, 3 + 1 + 5);
	pcp_free_list(core, &frames);
	plat_tlb_flush_all(at);
	model_stop(core);
}

static uintptr_t table_entry_at; /* of level 2 */
static struct tri_core *table_core;
static unsigned long tables_seen, table_pfn;

/* In the midst of the flush: out of reach already, and not free yet. */
static void table_is_between(void)
{
	tables_seen++;
	assert_int_equal(*level2_at(table_core, table_entry_at), 0);
	assert_int_equal(frame_kind(frame_find(&table_core->frames, table_pfn)),
			 FRAME_KIND(FRAME_TABLE, 0));
}

/* A table that a 2 MiB entry replaces: emptied, out of reach, flushed, then freed. */
static void a_table_gives_way(void **state)
{
	struct tri_core *core = start(4096, MODEL_WINDOW, 4 * LEVEL1_BYTES);
	uintptr_t at = MODEL_WINDOW + LEVEL1_BYTES;
	struct frame_list frames = {.count = 0};
	unsigned long tables;

	(void)state;
	map(core, at + 7 * TRI_PAGE_SIZE, 2, 0);
	unmap(core, at + 7 * TRI_PAGE_SIZE, 2);
	plat_tlb_flush_all(at);
	tables = core->pagetable.tables;
	table_core = core;
	table_entry_at = at;
	table_pfn = pagetable_pfn(*level2_at(core, at));
	model.on_flush = table_is_between;
	tables_seen = 0;
	pagetable_drop_tables(core, at, at + 2 * LEVEL1_BYTES);
	assert_int_equal(tables_seen, 1);
	/* No table, no flush. */
	pagetable_drop_tables(core, at, at + 2 * LEVEL1_BYTES);
	assert_int_equal(tables_seen, 1);
	model.on_flush = NULL;
	assert_int_equal(core->pagetable.tables, tables - 1);
	assert_int_equal(model_event(core, TRI_EVENT_table_free), 1);
	assert_sound(core);
	assert_int_equal(pagetable_map_huge(core, at, take_block(core)), 0);
	pagetable_unmap(core, at, HUGE_PAGES, &frames);
	pcp_free_list(core, &frames);
	plat_tlb_flush_all(at);
	/* And back: a table comes again where 2 MiB were. */
	map(core, at, 2, 0);
	unmap(core, at, 2);
	plat_tlb_flush_all(at);
	model_stop(core);
}

static void failed_huge_store_undoes(void **state)
{
	struct tri_core *core = start(4096, MODEL_WINDOW, 4 * LEVEL1_BYTES);
	struct frame *block = take_block(core);

	(void)state;
	model.fail_store = 1;
	assert_int_equal(pagetable_map_huge(core, MODEL_WINDOW, block), -ENOMEM);
	assert_int_equal(*level2_at(core, MODEL_WINDOW), 0);
	assert_int_equal(model_event(core, TRI_EVENT_huge_map), 0);
	pages_free(core, block, HUGE_ORDER);
	model_stop(core);
}

/* The caller's frames are mapped, found and let go, in whatever state they are. */
static void pfns_stay_their_owners(void **state)
{
	struct tri_core *core = start(4096, MODEL_WINDOW, 4 * LEVEL1_BYTES);
	uintptr_t at = MODEL_WINDOW + 510 * TRI_PAGE_SIZE;
	unsigned long block = tri_alloc_pages(TRI_GFP_KERNEL, 1), pfns[4];

	(void)state;
	for (int i = 0; i < 4; i++)
		pfns[i] = block + (unsigned long)(i & 1);
	model.fail_store = 2;
	assert_int_equal(pagetable_map_pfns(core, at, 4, pfns), -ENOMEM);
	assert_int_equal(pagetable_lookup(core, at), TRI_PFN_NONE);
	plat_tlb_flush_all(at);
	assert_int_equal(pagetable_map_pfns(core, at, 4, pfns), 0);
	for (unsigned long i = 0; i < 4; i++)
		assert_int_equal(pagetable_lookup(core, at + i * TRI_PAGE_SIZE), pfns[i]);
	pagetable_unmap(core, at, 4, NULL);
	plat_tlb_flush_all(at);
	assert_int_equal(frame_kind(frame_find(&core->frames, block)), FRAME_KIND(FRAME_USED, 1));
	tri_free_pages(block, 1);
	model_stop(core);
}

/* tri_check() sees what is wrong with 2 MiB. */
static void huge_damage_is_found(void **state)
{
	struct tri_core *core = start(4096, MODEL_WINDOW, 4 * LEVEL1_BYTES);
	char *area = tri_vmalloc_huge(LEVEL1_BYTES, 0);
	uint64_t *entry = level2_at(core, (uintptr_t)area), intact = *entry;
	struct frame *block = frame_find(&core->frames, pagetable_pfn(intact));

	(void)state;
	assert_true(pagetable_huge(intact));
	assert_sound(core);
	model.quiet = true;
	*entry = intact & ~(1UL << 6);
	assert_true(tri_check(core) > 0);
	/* A table where frames should be, frames where a table should be, nothing. */
	*entry = intact & ~(1UL << 7);
	assert_true(tri_check(core) > 0);
	*entry = 0;
	assert_true(tri_check(core) > 0);
	*entry = intact;
	/* Of another area, or of none. */
	entry[1] = intact;
	assert_true(tri_check(core) > 0);
	entry[1] = 0;
	frame_set_kind(block, FRAME_USED, HUGE_ORDER);
	assert_true(tri_check(core) > 0);
	frame_set_kind(block, FRAME_MAPPED, HUGE_ORDER);
	model.quiet = false;
	assert_sound(core);
	tri_vfree(area);
	model_stop(core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(format),
		cmocka_unit_test(told_in_runs),
		cmocka_unit_test(across_a_gib),
		cmocka_unit_test(failed_store_undoes),
		cmocka_unit_test(no_frame_for_a_table),
		cmocka_unit_test(huge_entries),
		cmocka_unit_test(mixed_entries),
		cmocka_unit_test(a_table_gives_way),
		cmocka_unit_test(failed_huge_store_undoes),
		cmocka_unit_test(pfns_stay_their_owners),
		cmocka_unit_test(huge_damage_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
