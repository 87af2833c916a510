/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * areas.c - the window's addresses: one tree of all ranges, free or not, in which each node
 * knows the largest free range below it.
 *
 * Finding room by that size is Linux 5.2's idea (68ad4a330433, "mm/vmalloc.c: keep track of
 * free blocks for vmap allocation"), which has free ranges and areas in a tree each. In one
 * tree a range changes hands by changing its weight: a free finds what it merges with next
 * to itself instead of searching, and a fit that is exact moves no node at all.
 *
 * Lock order: pinned -> areas.lock, a leaf. Objects come from and go to the pool outside it.
 */
#include "core.h"

/* What is not free has no weight: no search for room stops there. */
static void set_state(struct area *area, enum area_state state)
{
	area->state = state;
	rbt_set_weight(&area->node, state == AREA_FREE ? area_bytes(area) : 0);
}

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
	rbt_insert(&areas->tree, &window->node);
	return 0;
}

/* Make @area of the low end of @range, which is larger. */
static void carve(struct areas *areas, struct area *range, struct area *area, unsigned long pages)
{
	area->node.key = range->node.key;
	area->node.weight = 0;
	area->pages = (uint32_t)pages;
	area->state = AREA_LIVE;
	range->node.key += area_bytes(area);
	range->pages -= area->pages;
	rbt_set_weight(&range->node, area_bytes(range));
	rbt_insert(&areas->tree, &area->node);
}

struct area *areas_alloc(struct tri_core *core, unsigned long pages)
{
	struct areas *areas = &core->areas;
	struct area *spare = pool_alloc(core, &core->area_pool), *area;
	unsigned long saved, steps = 0;

	if (!spare)
		return NULL;
	saved = tri_lock(&areas->lock);
	area = area_of(rbt_first_fit(&areas->tree, pages << TRI_PAGE_SHIFT, &steps));
	if (area) {
		if (area->pages == pages) {
			set_state(area, AREA_LIVE);
		} else {
			carve(areas, area, spare, pages);
			area = spare;
			spare = NULL;
		}
		areas->live++;
		tri_count(core, TRI_EVENT_area_alloc, 1);
		tri_count(core, TRI_EVENT_area_steps, steps);
	}
	tri_unlock(&areas->lock, saved);
	if (spare)
		pool_free(&core->area_pool, spare);
	return area;
}

struct area *areas_retire(struct tri_core *core, uintptr_t start)
{
	struct areas *areas = &core->areas;
	unsigned long saved = tri_lock(&areas->lock);
	struct area *area = area_of(rbt_at_or_below(&areas->tree, start));

	if (area && area_start(area) == start && area->state == AREA_LIVE) {
		area->state = AREA_WAITING;
		areas->live--;
	} else {
		area = NULL;
	}
	tri_unlock(&areas->lock, saved);
	return area;
}

/* @from, right of @to, becomes part of it. */
static void absorb(struct areas *areas, struct area *to, struct area *from)
{
	to->pages += from->pages;
	rbt_erase(&areas->tree, &from->node);
}

void areas_free(struct tri_core *core, struct area *area)
{
	struct areas *areas = &core->areas;
	unsigned long saved = tri_lock(&areas->lock);
	struct area *left = area_of(rbt_neighbour(&area->node, RBT_LEFT));
	struct area *right = area_of(rbt_neighbour(&area->node, RBT_RIGHT));
	struct area *spare[2] = {NULL, NULL};

	if (area->state == AREA_LIVE)
		areas->live--;
	if (right && right->state == AREA_FREE) {
		absorb(areas, area, right);
		spare[0] = right;
	}
	if (left && left->state == AREA_FREE) {
		absorb(areas, left, area);
		spare[1] = area;
		area = left;
	}
	set_state(area, AREA_FREE);
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
	area = area_of(rbt_at_or_below(&areas->tree, addr));
	if (area->state == AREA_FREE) {
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
