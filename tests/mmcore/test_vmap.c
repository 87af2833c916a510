/* SPDX-License-Identifier: GPL-2.0-only */
/* test_vmap.c - mappings of the caller's frames: whole areas, and blocks that many share. */
#include <string.h>

#include "model_platform.h"

#define MIB  (1UL << 20)
#define PFNS 100

static unsigned long pfns[PFNS];

/* Blocks of 1024 pages, unless the window is narrow. */
static struct tri_core *start(const char *flush, unsigned int cpus, unsigned long window)
{
	struct tri_config config;
	struct tri_core *core;

	model_config(&config, cpus, 4096, window);
	assert_int_equal(tri_config_set(&config, "flush", flush), 0);
	core = model_start(&config);
	for (int i = 0; i < PFNS; i++)
		pfns[i] = tri_alloc_pages(TRI_GFP_KERNEL, 0);
	return core;
}

static void stop(struct tri_core *core)
{
	for (int i = 0; i < PFNS; i++)
		tri_free_pages(pfns[i], 0);
	model_stop(core);
}

static enum tri_area_kind kind_at(struct tri_core *core, const void *at)
{
	struct tri_area_info info;

	tri_area_find(core, (uintptr_t)at, &info);
	assert_int_equal(info.where, TRI_LIVE);
	return info.kind;
}

/* Through every mapping the same bytes, in the order asked for; frames stay in use. */
static void shows_the_frames(void **state)
{
	struct tri_core *core = start("lazy", 1, 64 * MIB);
	const unsigned long reversed[3] = {pfns[7], pfns[3], pfns[7]};
	char *whole = tri_vmap(pfns, PFNS), *some = tri_vmap(reversed, 3);

	(void)state;
	assert_null(tri_vmap(pfns, 0));
	for (int i = 0; i < PFNS; i++) {
		whole[i * TRI_PAGE_SIZE] = (char)i;
		assert_int_equal(*(char *)plat_pfn_to_ptr(pfns[i]), i);
		assert_int_equal(tri_vmalloc_to_pfn(whole + i * TRI_PAGE_SIZE + 9), pfns[i]);
	}
	assert_int_equal(some[0], 7);
	assert_int_equal(some[TRI_PAGE_SIZE], 3);
	some[2 * TRI_PAGE_SIZE + 1] = 55;
	assert_int_equal(whole[7 * TRI_PAGE_SIZE + 1], 55);
	assert_int_equal(kind_at(core, some), TRI_AREA_VMAP);
	assert_int_equal(tri_vmalloc_to_pfn(some + 3 * TRI_PAGE_SIZE), TRI_PFN_NONE);
	assert_int_equal(tri_vmalloc_to_pfn(&core), TRI_PFN_NONE);
	assert_sound(core);
	tri_vunmap(some);
	tri_vunmap(NULL);
	assert_sound(core);
	assert_int_equal(whole[7 * TRI_PAGE_SIZE + 1], 55);
	tri_vunmap(whole);
	assert_int_equal(frame_kind(frame_find(&core->frames, pfns[7])), FRAME_KIND(FRAME_USED, 0));
	stop(core);
}

static void go_wrong(unsigned int way, char *map, char *ram, char *large, char *own)
{
	switch (way) {
	case 0:
		tri_vfree(map);
		break;
	case 1:
		tri_vunmap(own);
		break;
	case 2:
		tri_vm_unmap_ram(ram + 2 * TRI_PAGE_SIZE, 1);
		break;
	case 3:
		tri_vm_unmap_ram(own, 1);
		break;
	case 4:
		tri_vm_unmap_ram(large, 66);
		break;
	case 5:
		tri_vm_unmap_ram(ram, 3);
		break;
	case 6:
		tri_vrealloc(map, 1, 0);
		break;
	default:
		tri_vm_unmap_ram(ram, 2);
		tri_vm_unmap_ram(ram, 2);
	}
}

static void wrong_ways_back_panic(void **state)
{
	(void)state;
	for (volatile unsigned int way = 0; way < 8; way++) {
		struct tri_core *core = start("lazy", 1, 64 * MIB);
		char *map = tri_vmap(pfns, 2), *ram = tri_vm_map_ram(pfns, 2);
		char *large = tri_vm_map_ram(pfns, 65), *own = tri_vmalloc(1);

		assert_panics(go_wrong(way, map, ram, large, own));
		model_abandon(core);
	}
}

/* One area for all, no flush before it is used up: 1024 / 4 mappings and as many unmappings. */
static void a_block_is_flushed_when_used_up(void **state)
{
	struct tri_core *core = start("lazy", 1, 64 * MIB);
	struct tri_status status;

	(void)state;
	assert_int_equal(core->ram.block_pages, 1024);
	for (int i = 0; i < 256; i++) {
		char *at = tri_vm_map_ram(pfns, 3); /* takes the room of 4 */

		assert_int_equal(at, MODEL_WINDOW + i * 4 * TRI_PAGE_SIZE);
		assert_int_equal(kind_at(core, at), TRI_AREA_BLOCK);
		tri_status_read(core, &status);
		assert_int_equal(status.areas_waiting, 0);
		tri_vm_unmap_ram(at, 3);
	}
	assert_int_equal(model_event(core, TRI_EVENT_block_alloc), 1);
	assert_int_equal(model_event(core, TRI_EVENT_area_alloc), 1);
	assert_int_equal(model.range_flushes, 0);
	tri_status_read(core, &status);
	assert_int_equal(status.areas_waiting, 1);
	assert_int_equal(status.pages_waiting, 1025);
	assert_sound(core);
	tri_vm_unmap_ram(tri_vm_map_ram(pfns, 1), 1);
	assert_int_equal(model_event(core, TRI_EVENT_block_alloc), 2);
	stop(core);
}

/* VMAP_MAX_ALLOC pages come from a block, one more has an area of its own. */
static void large_ones_have_areas(void **state)
{
	struct tri_core *core = start("lazy", 1, 64 * MIB);
	char *in_block = tri_vm_map_ram(pfns, TRI_RAM_MAX);
	char *alone = tri_vm_map_ram(pfns, TRI_RAM_MAX + 1);

	(void)state;
	assert_null(tri_vm_map_ram(pfns, 0));
	assert_int_equal(kind_at(core, in_block), TRI_AREA_BLOCK);
	assert_int_equal(kind_at(core, alone), TRI_AREA_RAM);
	assert_sound(core);
	tri_vm_unmap_ram(alone, TRI_RAM_MAX + 1);
	tri_vm_unmap_ram(in_block, TRI_RAM_MAX);
	stop(core);
}

/* VMAP_BBMAP_BITS: a sixteenth of each CPU's share of the window, between 128 and 1024 pages. */
static void block_sizes(void **state)
{
	static const struct {
		unsigned int cpus;
		unsigned long window, pages;
	} expected[] = {
		{1, 64 * MIB, 1024}, {2, 64 * MIB, 512}, {3, 64 * MIB, 256},
		{4, 48 * MIB, 128},  {1, 4 * MIB, 128},	 {1, 2048 * MIB, 1024},
	};

	(void)state;
	for (unsigned int i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		struct tri_core *core = start("lazy", expected[i].cpus, expected[i].window);

		assert_int_equal(core->ram.block_pages, expected[i].pages);
		stop(core);
	}
}

/* Each CPU has its own block; who unmaps is another matter. */
static void blocks_belong_to_cpus(void **state)
{
	struct tri_core *core = start("lazy", 2, 64 * MIB);
	char *first = tri_vm_map_ram(pfns, 1), *other;

	(void)state;
	plat_slot = 1;
	other = tri_vm_map_ram(pfns, 1);
	assert_true((unsigned long)(other - first) >= 513 * TRI_PAGE_SIZE);
	assert_int_equal(model_event(core, TRI_EVENT_block_alloc), 2);
	tri_vm_unmap_ram(first, 1);
	assert_sound(core);
	plat_slot = 0;
	tri_vm_unmap_ram(other, 1);
	assert_ptr_equal(tri_vm_map_ram(pfns, 2), first + TRI_PAGE_SIZE);
	tri_vm_unmap_ram(first + TRI_PAGE_SIZE, 2);
	stop(core);
}

/* Nothing is mapped in it, but it was never used up: given up before an allocation fails. */
static void idle_blocks_are_given_up_in_need(void **state)
{
	struct tri_core *core = start("lazy", 1, 4 * MIB);
	void *all;

	(void)state;
	tri_vm_unmap_ram(tri_vm_map_ram(pfns, 1), 1);
	assert_int_equal(areas_live(core), 1);
	all = tri_vmalloc(1000 * TRI_PAGE_SIZE);
	assert_non_null(all);
	assert_int_equal(areas_live(core), 1);
	tri_vfree(all);
	stop(core);
}

static bool stale(const char *at)
{
	return model.page[((uintptr_t)at - MODEL_WINDOW) / TRI_PAGE_SIZE].stale;
}

/* Lazily: when asked for. Eagerly: at once, as the frames may be somebody else's next. */
static void aliases_are_flushed(void **state)
{
	static const char *const flushes[] = {"lazy", "lazy-percpu", "eager", "eager-global"};

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct tri_core *core = start(flushes[i], 1, 64 * MIB);
		char *stays = tri_vm_map_ram(pfns, 1), *goes = tri_vm_map_ram(pfns, 2);
		char *area = tri_vmap(pfns, 2);

		tri_vm_unmap_ram(goes, 2);
		tri_vunmap(area);
		assert_int_equal(stale(goes + TRI_PAGE_SIZE), i < 2);
		assert_int_equal(stale(area), i < 2);
		tri_vm_unmap_aliases();
		assert_false(stale(goes) || stale(goes + TRI_PAGE_SIZE) || stale(area));
		assert_sound(core);
		/* Clean, but not handed out again: pages of a block are used once. */
		assert_true(tri_vm_map_ram(pfns, 1) > (void *)goes);
		tri_vm_unmap_ram(goes + 2 * TRI_PAGE_SIZE, 1);
		tri_vm_unmap_ram(stays, 1);
		stop(core);
	}
}

/* A mapping that fails half-way has used its room up. */
static void failed_mapping_is_dirty(void **state)
{
	struct tri_core *core = start("lazy", 1, 64 * MIB);
	char *at;

	(void)state;
	model.fail_store = 1;
	assert_null(tri_vm_map_ram(pfns, 4));
	assert_sound(core);
	at = tri_vm_map_ram(pfns, 1);
	assert_int_equal(at, MODEL_WINDOW + 4 * TRI_PAGE_SIZE);
	tri_vm_unmap_ram(at, 1);
	stop(core);
}

/* tri_check() sees what is wrong with blocks. */
static void damage_is_found(void **state)
{
	struct tri_core *core = start("lazy", 1, 64 * MIB);
	char *at = tri_vm_map_ram(pfns, 2);
	struct ram_block *block = core->cpu[0].ram.first;
	struct ram_block intact = *block;

	(void)state;
	assert_sound(core);
	model.quiet = true;
	block->mapped++;
	assert_true(tri_check(core) > 0);
	*block = intact;
	block->free = 0;
	assert_true(tri_check(core) > 0);
	*block = intact;
	block->start += TRI_PAGE_SIZE;
	assert_true(tri_check(core) > 0);
	*block = intact;
	block->dirty_end = 3;
	assert_true(tri_check(core) > 0);
	*block = intact;
	core->cpu[0].ram.last = NULL;
	assert_true(tri_check(core) > 0);
	core->cpu[0].ram.last = block;
	core->ram.blocks++;
	assert_true(tri_check(core) > 0);
	core->ram.blocks--;
	*pagetable_entries(core, (uintptr_t)at) = pagetable_leaf(1024 + 4095);
	assert_true(tri_check(core) > 0);
	*pagetable_entries(core, (uintptr_t)at) = pagetable_leaf(pfns[0]);
	model.quiet = false;
	assert_sound(core);
	tri_vm_unmap_ram(at, 2);
	stop(core);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shows_the_frames),
		cmocka_unit_test(wrong_ways_back_panic),
		cmocka_unit_test(a_block_is_flushed_when_used_up),
		cmocka_unit_test(large_ones_have_areas),
		cmocka_unit_test(block_sizes),
		cmocka_unit_test(blocks_belong_to_cpus),
		cmocka_unit_test(idle_blocks_are_given_up_in_need),
		cmocka_unit_test(aliases_are_flushed),
		cmocka_unit_test(failed_mapping_is_dirty),
		cmocka_unit_test(damage_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
