/* SPDX-License-Identifier: GPL-2.0-only */
/* test_check.c - the detector is tested: damage one thing, and tri_check() must say so. */
#include <string.h>

#include "model_platform.h"

/* A core with something of everything: blocks, lists, live, waiting and free ranges. */
static struct {
	struct tri_core *core;
	unsigned long single, block;
	char *live, *second;
} scene;

static int scene_start(void **state)
{
	struct tri_config config;
	void *area[6];

	(void)state;
	model_config(&config, 2, 4000, 64UL << 20);
	scene.core = model_start(&config);
	scene.single = tri_alloc_pages(TRI_GFP_KERNEL, 0);
	scene.block = tri_alloc_pages(TRI_GFP_KERNEL, 4);
	for (int i = 0; i < 6; i++)
		area[i] = tri_vmalloc((3 + i) * TRI_PAGE_SIZE);
	tri_vfree(area[0]);
	tri_vfree(area[3]);
	tri_vmalloc_purge();
	tri_vfree(area[4]);
	scene.live = area[1];
	scene.second = area[2];
	assert_sound(scene.core);
	model.quiet = true;
	return 0;
}

static int scene_end(void **state)
{
	(void)state;
	model_abandon(scene.core);
	return 0;
}

static struct frame *frame_of(unsigned long pfn)
{
	return frame_find(&scene.core->frames, pfn);
}

static struct area *live_area(void)
{
	return area_of(rbt_at_or_below(&scene.core->areas.busy.tree, (uintptr_t)scene.live));
}

static uint64_t *entry_at(const char *addr)
{
	return pagetable_entries(scene.core, (uintptr_t)addr);
}

static struct buddy *free_lists(void)
{
	return &scene.core->zones.zone[ZONE_NORMAL].buddy;
}

static struct pcp_list *pcp_list(unsigned int cpu)
{
	return &scene.core->cpu[cpu].pcp.list[0];
}

static void used_frame_lost(void)
{
	frame_set_kind(frame_of(scene.single), FRAME_CACHED, 0);
}

static void free_frame_claimed_used(void)
{
	struct frame_list *list = &free_lists()->free[MIGRATE_MOVABLE][TRI_MAX_ORDER];

	frame_set_kind(&scene.core->frames.frame[list->head], FRAME_USED, TRI_MAX_ORDER);
}

static void block_has_wrong_order(void)
{
	frame_set_kind(frame_of(scene.block), FRAME_USED, 3);
}

static void inside_of_a_block_has_a_state(void)
{
	frame_set_kind(frame_of(scene.block + 3), FRAME_USED, 0);
}

static void frame_in_two_lists(void)
{
	*pcp_list(1) = *pcp_list(0);
}

static void list_holds_an_unlent_frame(void)
{
	pcp_list(0)->pfn[0] = 0x7fffffff;
}

static void list_count_wrong(void)
{
	pcp_list(0)->count--;
}

static void list_over_its_room(void)
{
	pcp_list(0)->count = pcp_list(0)->room + 1;
}

static void frame_on_the_wrong_list(void)
{
	struct frame *frame = frame_of(pcp_list(0)->pfn[0]);

	frame_set_kind_full(frame, frame_kind_full(frame) | FRAME_PLACE(TRI_GFP_MOVABLE));
}

static struct frame_list *free_list(void)
{
	return &free_lists()->free[MIGRATE_UNMOVABLE][__builtin_ctz(free_lists()->orders[0])];
}

static void free_list_link_out_of_bounds(void)
{
	free_list()->head = 0x7fffffff;
}

static void free_list_count_wrong(void)
{
	free_list()->count--;
}

static void free_list_prev_wrong(void)
{
	struct frame_list *list = &free_lists()->free[MIGRATE_MOVABLE][TRI_MAX_ORDER];
	struct frame *frame = scene.core->frames.frame;

	frame[frame[list->head].next].prev++;
}

static void free_list_bit_missing(void)
{
	free_lists()->orders[0] = 0;
}

static void pageblock_of_another_type(void)
{
	scene.core->zones.pageblock[free_list()->head / PAGEBLOCK_FRAMES] = MIGRATE_RECLAIMABLE;
}

static void free_count_wrong(void)
{
	free_lists()->frames_free++;
}

/* A free block of order 10 cut in two halves, both put on their list. */
static void buddies_not_merged(void)
{
	struct buddy *buddy = free_lists();
	struct frame_list *list = buddy->free[MIGRATE_MOVABLE];
	struct frame *frame = frame_list_pop_head(&scene.core->frames, &list[10]);

	buddy->orders[MIGRATE_MOVABLE] |= 1U << 9;
	for (int half = 0; half < 2; half++) {
		frame_set_kind(frame + half * 512, FRAME_FREE, 9);
		frame_list_push_head(&scene.core->frames, &list[9], frame + half * 512);
	}
}

static void absent_frame_has_a_state(void)
{
	frame_set_kind(&scene.core->frames.frame[7], FRAME_USED, 0);
}

static void live_page_unmapped(void)
{
	*entry_at(scene.live) = 0;
}

static void live_page_without_global_bit(void)
{
	*entry_at(scene.live) &= ~(1UL << 8);
}

static void guard_mapped(void)
{
	*entry_at((char *)area_end(live_area()) - TRI_PAGE_SIZE) = pagetable_leaf(scene.single);
}

static void two_pages_share_a_frame(void)
{
	*entry_at(scene.live) = *entry_at(scene.second);
}

static void page_of_an_unlent_frame(void)
{
	*entry_at(scene.live) = pagetable_leaf(77);
}

static void mapped_frame_was_freed(void)
{
	struct frame *frame = frame_of(pagetable_pfn(*entry_at(scene.live)));

	pcp_free(scene.core, frame);
}

static void waiting_page_mapped(void)
{
	struct area *area = scene.core->flush.list[0].queue;

	*entry_at((char *)area_start(area)) = pagetable_leaf(scene.single);
}

static void free_range_mapped(void)
{
	*entry_at((char *)MODEL_WINDOW) = pagetable_leaf(scene.single);
}

static void table_count_wrong(void)
{
	scene.core->pagetable.tables++;
}

static void table_freed(void)
{
	uint64_t *level2 = scene.core->pagetable.level2[0];

	pcp_free(scene.core, frame_of(pagetable_pfn(level2[0])));
}

static void area_overlaps_the_next(void)
{
	live_area()->pages++;
}

static void area_leaves_a_gap(void)
{
	live_area()->pages--;
}

static void live_area_marked_free(void)
{
	live_area()->state = AREA_FREE;
}

static void live_area_has_a_weight(void)
{
	rbt_set_weight(&live_area()->node, area_bytes(live_area()));
}

static void free_range_has_no_weight(void)
{
	rbt_set_weight(rbt_first(&scene.core->areas.free), 0);
}

static void free_neighbours_not_merged(void)
{
	struct area *range = area_of(rbt_first(&scene.core->areas.free));
	struct area *half = pool_alloc(scene.core, &scene.core->area_pool);

	*half = *range;
	half->pages--;
	half->node.key += TRI_PAGE_SIZE;
	half->node.weight -= TRI_PAGE_SIZE;
	range->pages = 1;
	rbt_set_weight(&range->node, TRI_PAGE_SIZE);
	rbt_insert(&scene.core->areas.free, &half->node);
}

static void tree_weight_wrong(void)
{
	scene.core->areas.free.root->heaviest += TRI_PAGE_SIZE;
}

static void tree_colour_wrong(void)
{
	scene.core->areas.busy.tree.root->parent_red |= 1;
}

static void live_count_wrong(void)
{
	scene.core->areas.busy.live++;
}

static void waiting_area_not_queued(void)
{
	scene.core->flush.list[0].queue = NULL;
}

static void waiting_pages_wrong(void)
{
	scene.core->flush.pages--;
}

static void queued_area_is_live(void)
{
	scene.core->flush.list[0].queue->state = AREA_LIVE;
}

static void queue_has_a_loop(void)
{
	scene.core->flush.list[0].queue->next = scene.core->flush.list[0].queue;
}

static void pool_object_leaked(void)
{
	pool_alloc(scene.core, &scene.core->area_pool);
}

static void pool_count_wrong(void)
{
	scene.core->area_pool.objects_free++;
}

static void maximum_below_present(void)
{
	for (int cpu = 0; cpu < 2; cpu++)
		scene.core->cpu[cpu].event[TRI_EVENT_waiting_areas_max] = 0;
}

static void fewer_steps_than_areas(void)
{
	scene.core->cpu[0].event[TRI_EVENT_area_steps] = 0;
}

#define DAMAGE(name)        \
	{                   \
#name, name \
	}
static const struct damage {
	const char *name;
	void (*inflict)(void);
} damages[] = {
	DAMAGE(used_frame_lost),
	DAMAGE(free_frame_claimed_used),
	DAMAGE(block_has_wrong_order),
	DAMAGE(inside_of_a_block_has_a_state),
	DAMAGE(frame_in_two_lists),
	DAMAGE(list_holds_an_unlent_frame),
	DAMAGE(list_count_wrong),
	DAMAGE(list_over_its_room),
	DAMAGE(frame_on_the_wrong_list),
	DAMAGE(free_list_link_out_of_bounds),
	DAMAGE(free_list_count_wrong),
	DAMAGE(free_list_prev_wrong),
	DAMAGE(free_list_bit_missing),
	DAMAGE(pageblock_of_another_type),
	DAMAGE(free_count_wrong),
	DAMAGE(buddies_not_merged),
	DAMAGE(absent_frame_has_a_state),
	DAMAGE(live_page_unmapped),
	DAMAGE(live_page_without_global_bit),
	DAMAGE(guard_mapped),
	DAMAGE(two_pages_share_a_frame),
	DAMAGE(page_of_an_unlent_frame),
	DAMAGE(mapped_frame_was_freed),
	DAMAGE(waiting_page_mapped),
	DAMAGE(free_range_mapped),
	DAMAGE(table_count_wrong),
	DAMAGE(table_freed),
	DAMAGE(area_overlaps_the_next),
	DAMAGE(area_leaves_a_gap),
	DAMAGE(live_area_marked_free),
	DAMAGE(live_area_has_a_weight),
	DAMAGE(free_range_has_no_weight),
	DAMAGE(free_neighbours_not_merged),
	DAMAGE(tree_weight_wrong),
	DAMAGE(tree_colour_wrong),
	DAMAGE(live_count_wrong),
	DAMAGE(waiting_area_not_queued),
	DAMAGE(waiting_pages_wrong),
	DAMAGE(queued_area_is_live),
	DAMAGE(queue_has_a_loop),
	DAMAGE(pool_object_leaked),
	DAMAGE(pool_count_wrong),
	DAMAGE(maximum_below_present),
	DAMAGE(fewer_steps_than_areas),
};
#define DAMAGES (sizeof(damages) / sizeof(damages[0]))

static void is_found(void **state)
{
	const struct damage *damage = *state;

	memset(model.last_log, 0, sizeof(model.last_log));
	damage->inflict();
	assert_true(tri_check(scene.core) > 0);
	assert_memory_equal(model.last_log, "tri_check: ", 11);
}

static void leaks_are_counted_at_exit(void **state)
{
	(void)state;
	model_abandon(scene.core);
	scene_start(state);
	/* One, sixteen, and the pages of the three live areas of the scene. */
	assert_int_equal(tri_core_exit(scene.core), 1 + 16 + 4 + 5 + 8);
}

int main(void)
{
	static struct CMUnitTest tests[DAMAGES + 1];

	for (unsigned int i = 0; i < DAMAGES; i++)
		tests[i] = (struct CMUnitTest){
			.name = damages[i].name,
			.test_func = is_found,
			.setup_func = scene_start,
			.teardown_func = scene_end,
			.initial_state = (void *)&damages[i],
		};
	tests[DAMAGES] = (struct CMUnitTest)cmocka_unit_test_setup_teardown(
		leaks_are_counted_at_exit, scene_start, scene_end);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
