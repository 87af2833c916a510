/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * areas_augmented.c - areas=augmented: a tree of free ranges and a tree of areas under one
 * lock, which together tile the window. Finding room is O(log n); so is everything else.
 * Linux 5.2 to 6.8.
 *
 * Lock order: pinned -> areas.lock, a leaf. Objects come from and go to the pool outside it.
 */
#include "areas_ranges.h"
#include "core.h"

int areas_augmented_init(struct tri_core *core)
{
	struct area_spares spares;
	struct area *window;

	if (!area_spares_fill(core, &spares, 1))
		return -ENOMEM;
	window = area_spares_take(&spares);
	area_begin(window, core->window_start,
		   (core->window_end - core->window_start) >> TRI_PAGE_SHIFT);
	ranges_give(&core->areas.free, window, &spares);
	return 0;
}

struct area *areas_augmented_alloc(struct tri_core *core, unsigned long pages,
				   unsigned long align_pages)
{
	struct areas *areas = &core->areas;
	unsigned long saved, steps = 0;
	struct area_spares spares;
	struct area *area;

	if (!area_spares_fill(core, &spares, ranges_spares(align_pages)))
		return NULL;
	saved = tri_lock(&areas->lock);
	area = ranges_take(&areas->free, pages, align_pages, &spares, &steps);
	if (area) {
		rbt_insert(&areas->used, &area->node);
		areas->live++;
		tri_count(core, TRI_EVENT_area_alloc, 1);
		tri_count(core, TRI_EVENT_area_steps, steps);
	}
	tri_unlock(&areas->lock, saved);
	area_spares_release(core, &spares);
	return area;
}

struct area *areas_augmented_find(struct tri_core *core, uintptr_t start, bool retire)
{
	struct areas *areas = &core->areas;
	unsigned long saved = tri_lock(&areas->lock);
	struct area *area = area_find_live(&areas->used, start, retire);

	if (area && retire)
		areas->live--;
	tri_unlock(&areas->lock, saved);
	return area;
}

void areas_augmented_free(struct tri_core *core, struct area *area)
{
	struct areas *areas = &core->areas;
	struct area_spares spares = {.count = 0};
	unsigned long saved = tri_lock(&areas->lock);

	if (area->state == AREA_LIVE)
		areas->live--;
	rbt_erase(&areas->used, &area->node);
	ranges_give(&areas->free, area, &spares);
	tri_unlock(&areas->lock, saved);
	area_spares_release(core, &spares);
}

int areas_augmented_grow(struct tri_core *core, struct area *area, unsigned long pages)
{
	struct areas *areas = &core->areas;
	struct area_spares spares = {.count = 0};
	unsigned long saved = tri_lock(&areas->lock);
	bool grown = ranges_take_at(&areas->free, area_end(area), pages - area->pages, &spares);

	if (grown)
		area->pages = (uint32_t)pages;
	tri_unlock(&areas->lock, saved);
	area_spares_release(core, &spares);
	return grown ? 0 : -ENOMEM;
}

struct area *areas_augmented_shrink(struct tri_core *core, struct area *area, unsigned long pages)
{
	struct areas *areas = &core->areas;
	struct area_spares spares;
	struct area *tail;
	unsigned long saved;

	if (!area_spares_fill(core, &spares, 1))
		return NULL;
	tail = area_spares_take(&spares);
	saved = tri_lock(&areas->lock);
	area_cut(area, tail, pages);
	rbt_insert(&areas->used, &tail->node);
	tri_unlock(&areas->lock, saved);
	return tail;
}

bool areas_augmented_look(struct tri_core *core, uintptr_t addr, struct area_view *out)
{
	struct areas *areas = &core->areas;
	unsigned long saved = tri_lock(&areas->lock);
	struct area *area = area_above(&areas->used, addr);

	if (area)
		area_view(area, out);
	tri_unlock(&areas->lock, saved);
	return area;
}
