/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * areas.c - the window's addresses: a tree of free ranges, each node knowing the largest
 * range below it, and a tree of areas. Free ranges and areas together tile the window.
 *
 * The design of Linux 5.2 (68ad4a330433, "mm/vmalloc.c: keep track of free blocks for vmap
 * allocation"): before, finding room walked the areas in use one after the other.
 *
 * Lock order: pinned -> areas.lock, a leaf. Objects come from and go to the pool outside it.
 */
#include "core.h"

int areas_init(struct tri_core *core)
{
	struct areas *areas = &core->areas;
	struct area *window;

	plat_spin_init(&areas->lock);
	pool_init(&core->area_pool, AREA_SIZE);
	window = pool_alloc(core, &core->area_pool);
	if (!window)
		return -ENOMEM;
	window->state = AREA_FREE;
	window->node.key = core->window_start;
	window->node.weight = core->window_end - core->window_start;
	rbt_insert(&areas->free, &window->node);
	return 0;
}

/* Cut @area from the low end of @range; true if nothing of the range is left. */
static bool carve(struct areas *areas, struct area *range, struct area *area, unsigned long bytes)
{
	bool exact = range->node.weight == bytes;

	area->state = AREA_LIVE;
	area->node.key = range->node.key;
	area->node.weight = bytes;
	if (exact) {
		rbt_erase(&areas->free, &range->node);
	} else {
		range->node.key += bytes;
		rbt_set_weight(&range->node, range->node.weight - bytes);
	}
	rbt_insert(&areas->used, &area->node);
	areas->live++;
	return exact;
}

struct area *areas_alloc(struct tri_core *core, unsigned long bytes)
{
	struct areas *areas = &core->areas;
	struct area *area = pool_alloc(core, &core->area_pool), *range;
	unsigned long saved, steps = 0;
	bool exact = false;

	if (!area)
		return NULL;
	saved = tri_lock(&areas->lock);
	range = area_of(rbt_first_fit(&areas->free, bytes, &steps));
	if (range) {
		exact = carve(areas, range, area, bytes);
		tri_count(core, TRI_EVENT_area_alloc, 1);
		tri_count(core, TRI_EVENT_area_steps, steps);
	}
	tri_unlock(&areas->lock, saved);

	if (exact)
		pool_free(&core->area_pool, range);
	if (range)
		return area;
	pool_free(&core->area_pool, area);
	return NULL;
}

struct area *areas_retire(struct tri_core *core, uintptr_t start)
{
	struct areas *areas = &core->areas;
	unsigned long saved = tri_lock(&areas->lock);
	struct area *area = area_of(rbt_at_or_below(&areas->used, start));

	if (area && area_start(area) == start && area->state == AREA_LIVE) {
		area->state = AREA_WAITING;
		areas->live--;
	} else {
		area = NULL;
	}
	tri_unlock(&areas->lock, saved);
	return area;
}

void areas_free(struct tri_core *core, struct area *area)
{
	struct areas *areas = &core->areas;
	struct area *below, *above, *spare[2] = {NULL, NULL};
	unsigned long saved = tri_lock(&areas->lock);

	if (area->state == AREA_LIVE)
		areas->live--;
	area->state = AREA_FREE;
	rbt_erase(&areas->used, &area->node);

	below = area_of(rbt_at_or_below(&areas->free, area_start(area)));
	above = area_of(below ? rbt_next(&below->node) : rbt_first(&areas->free));
	if (above && area_end(area) == area_start(above)) {
		/* The range above grows downwards: its place in the order stays. */
		above->node.key = area_start(area);
		rbt_set_weight(&above->node, above->node.weight + area->node.weight);
		spare[0] = area;
		area = above;
	}
	if (below && area_end(below) == area_start(area)) {
		if (spare[0])
			rbt_erase(&areas->free, &area->node);
		rbt_set_weight(&below->node, below->node.weight + area->node.weight);
		spare[1] = area;
	} else if (!spare[0]) {
		rbt_insert(&areas->free, &area->node);
	}
	tri_unlock(&areas->lock, saved);

	for (int i = 0; i < 2; i++) {
		if (spare[i])
			pool_free(&core->area_pool, spare[i]);
	}
}

void tri_area_find(struct tri_core *core, uintptr_t addr, struct tri_area_info *info)
{
	struct areas *areas = &core->areas;
	unsigned long saved;
	struct area *area;

	*info = (struct tri_area_info){.where = TRI_OUTSIDE};
	if (addr < core->window_start || addr >= core->window_end)
		return;

	saved = tri_lock(&areas->lock);
	area = area_of(rbt_at_or_below(&areas->used, addr));
	if (!area || addr >= area_end(area)) {
		info->where = TRI_FREE;
	} else {
		info->start = area_start(area);
		info->end = area_end(area);
		if (area->state == AREA_WAITING)
			info->where = TRI_WAITING;
		else if (addr >= area_end(area) - TRI_PAGE_SIZE)
			info->where = TRI_GUARD;
		else
			info->where = TRI_LIVE;
	}
	tri_unlock(&areas->lock, saved);
}
