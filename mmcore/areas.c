/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * areas.c - the window's addresses: a tree of free ranges, each node knowing the largest
 * range below it, and a tree of areas. Free ranges and areas together tile the window.
 *
 * The design of Linux 5.2 (68ad4a330433, "mm/vmalloc.c: keep track of free blocks for vmap
 * allocation"); before, finding room walked the areas in use one after the other.
 *
 * Lock order: pinned -> areas.lock, a leaf. Objects come from and go to the pool outside it.
 */
#include "core.h"

int areas_init(struct tri_core *core)
{
	unsigned long bytes = core->window_end - core->window_start;
	struct areas *areas = &core->areas;
	struct area *window;

	plat_spin_init(&areas->lock);
	pool_init(&core->area_pool, AREA_SIZE);
	window = pool_alloc(core, &core->area_pool);
	if (!window)
		return -ENOMEM;
	window->node.key = core->window_start;
	window->node.weight = bytes;
	window->pages = (uint32_t)(bytes >> TRI_PAGE_SHIFT);
	window->state = AREA_FREE;
	rbt_insert(&areas->free, &window->node);
	return 0;
}

/* Cut a live area from the low end of @range: @spare, or if all of it is needed, itself. */
static struct area *carve(struct areas *areas, struct area *range, struct area *spare,
			  unsigned long pages)
{
	struct area *area = range->pages == pages ? range : spare;

	if (area == range) {
		rbt_erase(&areas->free, &range->node);
	} else {
		area->node.key = range->node.key;
		area->pages = (uint32_t)pages;
		range->node.key += area_bytes(area);
		range->pages -= area->pages;
		rbt_set_weight(&range->node, area_bytes(range));
	}
	area->node.weight = 0;
	area->state = AREA_LIVE;
	rbt_insert(&areas->used, &area->node);
	areas->live++;
	return area;
}

struct area *areas_alloc(struct tri_core *core, unsigned long pages)
{
	struct areas *areas = &core->areas;
	struct area *spare = pool_alloc(core, &core->area_pool), *area = NULL, *range;
	unsigned long saved, steps = 0;

	if (!spare)
		return NULL;
	saved = tri_lock(&areas->lock);
	range = area_of(rbt_first_fit(&areas->free, pages << TRI_PAGE_SHIFT, &steps));
	if (range) {
		area = carve(areas, range, spare, pages);
		tri_count(core, TRI_EVENT_area_alloc, 1);
		tri_count(core, TRI_EVENT_area_steps, steps);
	}
	tri_unlock(&areas->lock, saved);
	if (area != spare)
		pool_free(&core->area_pool, spare);
	return area;
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

/* Put @area among the free ranges, in one piece with those it touches; what is left over. */
static void merge(struct areas *areas, struct area *area, struct area *spare[2])
{
	struct area *below = area_of(rbt_at_or_below(&areas->free, area_start(area)));
	struct rbt_node *next =
		below ? rbt_neighbour(&below->node, RBT_RIGHT) : rbt_first(&areas->free);
	struct area *above = area_of(next);

	if (above && area_end(area) == area_start(above)) {
		rbt_erase(&areas->free, &above->node);
		area->pages += above->pages;
		spare[0] = above;
	}
	if (below && area_end(below) == area_start(area)) {
		below->pages += area->pages;
		rbt_set_weight(&below->node, area_bytes(below));
		spare[1] = area;
	} else {
		area->node.weight = area_bytes(area);
		rbt_insert(&areas->free, &area->node);
	}
}

void areas_free(struct tri_core *core, struct area *area)
{
	struct areas *areas = &core->areas;
	struct area *spare[2] = {NULL, NULL};
	unsigned long saved = tri_lock(&areas->lock);

	rbt_erase(&areas->used, &area->node);
	if (area->state == AREA_LIVE)
		areas->live--;
	area->state = AREA_FREE;
	merge(areas, area, spare);
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
